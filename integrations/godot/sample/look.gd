extends RefCounted
## How the sample looks: its colours, and the theme made of them.

const TEXT := Color("e8eef2")
const DIM := Color("93a1ad")
const FAINT := Color(1.0, 1.0, 1.0, 0.08)
const PANEL := Color(0.055, 0.075, 0.095, 0.84)
const TRACK := Color(1.0, 1.0, 1.0, 0.11)
const ACCENT := Color("5fd3bc")
const WARM := Color("f4b860")
const BAD := Color("ff7b72")
const DARK := Color("0b1116")

const FONT_SIZE := 14
const SMALL := 12


## The theme of everything in the sample.
static func theme() -> Theme:
	var made := Theme.new()
	made.default_font_size = FONT_SIZE
	_labels(made)
	_buttons(made)
	_sliders(made)
	_lists(made)
	return made


## A filled box with round corners; `inset` is the room between its edge and what it holds, in
## pixels.
static func box(
	fill: Color, radius: int, inset: Vector2, edge := Color.TRANSPARENT
) -> StyleBoxFlat:
	var made := StyleBoxFlat.new()
	made.bg_color = fill
	made.set_corner_radius_all(radius)
	made.content_margin_left = inset.x
	made.content_margin_right = inset.x
	made.content_margin_top = inset.y
	made.content_margin_bottom = inset.y
	if edge.a > 0.0:
		made.border_color = edge
		made.set_border_width_all(1)
	return made


static func _labels(made: Theme) -> void:
	made.set_color("font_color", "Label", TEXT)
	made.set_type_variation("Dim", "Label")
	made.set_color("font_color", "Dim", DIM)
	made.set_font_size("font_size", "Dim", SMALL)
	made.set_type_variation("Heading", "Label")
	made.set_color("font_color", "Heading", DIM)
	made.set_font_size("font_size", "Heading", SMALL)
	made.set_stylebox("panel", "PanelContainer", box(PANEL, 12, Vector2(14, 12), FAINT))
	var line := StyleBoxLine.new()
	line.color = FAINT
	made.set_stylebox("separator", "HSeparator", line)


static func _buttons(made: Theme) -> void:
	var inset := Vector2(10, 5)
	var states := {
		"normal": FAINT,
		"hover": Color(1.0, 1.0, 1.0, 0.15),
		"pressed": ACCENT,
		"hover_pressed": ACCENT.lightened(0.2),
		"disabled": Color(1.0, 1.0, 1.0, 0.04),
	}
	for type: String in ["Button", "OptionButton"]:
		for state: String in states:
			made.set_stylebox(state, type, box(states[state], 7, inset))
		made.set_stylebox("focus", type, box(Color.TRANSPARENT, 7, inset, ACCENT))
		made.set_color("font_color", type, TEXT)
		made.set_color("font_hover_color", type, TEXT)
		made.set_color("font_focus_color", type, TEXT)
		made.set_color("font_pressed_color", type, DARK)
		made.set_color("font_hover_pressed_color", type, DARK)
	made.set_constant("arrow_margin", "OptionButton", 8)
	made.set_type_variation("Tiny", "Button")
	made.set_font_size("font_size", "Tiny", 11)
	for state: String in states:
		made.set_stylebox(state, "Tiny", box(states[state], 5, Vector2(6, 1)))
	made.set_stylebox("focus", "Tiny", box(Color.TRANSPARENT, 5, Vector2(6, 1), ACCENT))


static func _sliders(made: Theme) -> void:
	var bar := Vector2(0, 2)
	made.set_stylebox("slider", "HSlider", box(TRACK, 2, bar))
	made.set_stylebox("grabber_area", "HSlider", box(ACCENT, 2, bar))
	made.set_stylebox("grabber_area_highlight", "HSlider", box(ACCENT.lightened(0.2), 2, bar))
	made.set_icon("grabber", "HSlider", _dot(14, TEXT))
	made.set_icon("grabber_highlight", "HSlider", _dot(14, Color.WHITE))
	made.set_icon("grabber_disabled", "HSlider", _dot(14, DIM))
	made.set_constant("center_grabber", "HSlider", 0)


static func _lists(made: Theme) -> void:
	made.set_stylebox("panel", "PopupMenu", box(Color("18212a"), 8, Vector2(8, 8), FAINT))
	made.set_stylebox("hover", "PopupMenu", box(Color(1.0, 1.0, 1.0, 0.12), 5, Vector2(4, 2)))
	made.set_color("font_color", "PopupMenu", TEXT)
	made.set_stylebox("scroll", "VScrollBar", box(Color.TRANSPARENT, 3, Vector2(3, 0)))
	made.set_stylebox("grabber", "VScrollBar", box(TRACK, 3, Vector2(3, 0)))
	made.set_stylebox("grabber_highlight", "VScrollBar", box(DIM, 3, Vector2(3, 0)))
	made.set_stylebox("grabber_pressed", "VScrollBar", box(ACCENT, 3, Vector2(3, 0)))


static func _dot(diameter: int, colour: Color) -> ImageTexture:
	var image := Image.create(diameter, diameter, false, Image.FORMAT_RGBA8)
	var centre := Vector2.ONE * (diameter - 1) / 2.0
	for y in diameter:
		for x in diameter:
			var inside := diameter / 2.0 - Vector2(x, y).distance_to(centre)
			image.set_pixel(x, y, Color(colour, clampf(inside, 0.0, 1.0)))
	return ImageTexture.create_from_image(image)
