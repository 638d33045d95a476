extends VBoxContainer
## A named slider with its value in figures and, where the field may be derived, a button that
## gives it back.

## A person moved it: the new value, or null for "derived".
signal moved(value: Variant)

const Look := preload("look.gd")

## The format of hours.
const CLOCK := "clock"

var _slider := HSlider.new()
var _figure := Label.new()
var _derived: Button
var _format := "%s"


## `row` has label, format (of the figure, or CLOCK), least, most, step, start, and may have
## derived (it can be: whether it is at first).
func _init(row: Dictionary) -> void:
	_format = row.format
	add_theme_constant_override("separation", 1)
	add_child(_top(row))
	_slider.min_value = row.least
	_slider.max_value = row.most
	_slider.step = row.step
	_slider.custom_minimum_size.y = 18
	_slider.value_changed.connect(_on_value)
	add_child(_slider)
	put(null if row.get("derived", false) else row.start)


## Shows a value, or null for "derived", and tells nobody.
func put(value: Variant) -> void:
	if _derived != null:
		_derived.set_pressed_no_signal(value == null)
	if value != null:
		_slider.set_value_no_signal(value)
	_show(value == null)


func _top(row: Dictionary) -> HBoxContainer:
	var top := HBoxContainer.new()
	top.add_theme_constant_override("separation", 8)
	var label := Label.new()
	label.text = row.label
	label.size_flags_horizontal = SIZE_EXPAND_FILL
	top.add_child(label)
	if row.has("derived"):
		_derived = Button.new()
		_derived.text = "derived"
		_derived.theme_type_variation = "Tiny"
		_derived.toggle_mode = true
		_derived.tooltip_text = "Sends null: worked out from the rest of the world"
		_derived.toggled.connect(_on_derived)
		top.add_child(_derived)
	_figure.custom_minimum_size.x = 74
	_figure.horizontal_alignment = HORIZONTAL_ALIGNMENT_RIGHT
	top.add_child(_figure)
	return top


func _show(is_derived: bool) -> void:
	_figure.text = "–" if is_derived else _written(_slider.value)
	_figure.add_theme_color_override("font_color", Look.DIM if is_derived else Look.TEXT)
	_slider.modulate.a = 0.45 if is_derived else 1.0


func _written(value: float) -> String:
	if _format != CLOCK:
		return _format % value
	var minutes := roundi(value * 60.0) % 1440
	return "%02d:%02d" % [floori(minutes / 60.0), minutes % 60]


func _on_value(value: float) -> void:
	put(value)
	moved.emit(value)


func _on_derived(is_derived: bool) -> void:
	_show(is_derived)
	moved.emit(null if is_derived else _slider.value)
