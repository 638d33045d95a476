extends Control
## Where the panels stand: a line at the top, the world on the left, the mix on the right, meters
## below, and the place to be seen between them.

const Look := preload("look.gd")
const Header := preload("header.gd")
const Controls := preload("controls.gd")
const Meters := preload("meters.gd")
const Mixer := preload("mixer.gd")

const GAP := 12

var header := Header.new()
var controls := Controls.new()
var meters := Meters.new()
var mixer := Mixer.new()


func _init() -> void:
	theme = Look.theme()
	mouse_filter = MOUSE_FILTER_IGNORE
	set_anchors_preset(PRESET_FULL_RECT)
	var rows := VBoxContainer.new()
	rows.set_anchors_and_offsets_preset(PRESET_FULL_RECT, PRESET_MODE_MINSIZE, GAP)
	add_child(rows)
	rows.add_child(header)
	var columns := HBoxContainer.new()
	columns.size_flags_vertical = SIZE_EXPAND_FILL
	rows.add_child(columns)
	var middle := VBoxContainer.new()
	middle.size_flags_horizontal = SIZE_EXPAND_FILL
	middle.alignment = BoxContainer.ALIGNMENT_END
	middle.add_child(meters)
	controls.size_flags_vertical = SIZE_SHRINK_BEGIN
	for part: Control in [controls, middle, mixer]:
		columns.add_child(part)
	for part: BoxContainer in [rows, columns, middle]:
		part.mouse_filter = MOUSE_FILTER_IGNORE
		part.add_theme_constant_override("separation", GAP)
