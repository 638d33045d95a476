extends PanelContainer
## What the player and the scene are doing: the sound in hand, underruns, and some of the scene's
## parameters.

const Look := preload("look.gd")
const Gauge := preload("gauge.gd")

## The sound that the player keeps in hand, and the most that is shown, in seconds.
const HELD := Vector2(0.12, 0.16)
const MOST_S := 0.25

## Parameters of the scene: the parameter, its label, the full bar, the figure.
const ROWS: Array[Array] = [
	["rain_mm_h", "Rain", 20.0, "%.1f mm/h"],
	["wind_m_s", "Wind", 25.0, "%.1f m/s"],
	["birds_activity", "Birds", 1.0, "%.2f"],
	["crickets_level", "Crickets", 1.0, "%.2f"],
	["frogs_activity", "Frogs", 1.0, "%.2f"],
	["drips_per_s", "Drips", 20.0, "%.1f /s"],
	["traffic_per_min", "Traffic", 60.0, "%.0f /min"],
	["rt60_s", "Echo", 4.0, "%.1f s"],
]

var _buffer := Gauge.new()
var _buffer_figure := _figure(60)
var _underruns := _figure(80)
var _gauges := {}


func _init() -> void:
	var column := VBoxContainer.new()
	column.add_theme_constant_override("separation", 8)
	add_child(column)
	column.add_child(_player())
	column.add_child(HSeparator.new())
	var grid := GridContainer.new()
	grid.columns = 2
	grid.add_theme_constant_override("h_separation", 22)
	grid.add_theme_constant_override("v_separation", 4)
	for row in ROWS:
		grid.add_child(_parameter(row))
	column.add_child(grid)


## Shows the player's buffer, in seconds, and its underruns so far.
func put_player(buffer_s: float, underruns: int) -> void:
	_buffer.put(buffer_s, NAN, Look.ACCENT if buffer_s > 0.04 else Look.BAD)
	_buffer_figure.text = "%d ms" % roundi(buffer_s * 1000.0)
	_underruns.text = "%d underrun%s" % [underruns, "" if underruns == 1 else "s"]
	_underruns.add_theme_color_override("font_color", Look.DIM if underruns == 0 else Look.WARM)


## Shows the scene's parameters as they are, and what they move to.
func put_scene(values: Dictionary, targets: Dictionary) -> void:
	for row in ROWS:
		var value: float = values.get(row[0], 0.0)
		_gauges[row[0]][0].put(value, targets.get(row[0], NAN))
		_gauges[row[0]][1].text = row[3] % value


func _player() -> HBoxContainer:
	var line := _line("Buffer", _buffer, _buffer_figure)
	_buffer.most = MOST_S
	_buffer.zone = HELD
	_buffer.tooltip_text = "The player keeps 120 to 160 ms in hand"
	line.add_child(_underruns)
	return line


func _parameter(row: Array) -> HBoxContainer:
	var gauge := Gauge.new()
	gauge.most = row[2]
	gauge.tooltip_text = "%s: the bar is now, the mark is what it moves to" % row[0]
	var figure := _figure(68)
	_gauges[row[0]] = [gauge, figure]
	var line := _line(row[1], gauge, figure)
	line.size_flags_horizontal = SIZE_EXPAND_FILL
	return line


static func _line(title: String, gauge: Gauge, figure: Label) -> HBoxContainer:
	var line := HBoxContainer.new()
	line.add_theme_constant_override("separation", 8)
	var label := Label.new()
	label.text = title
	label.custom_minimum_size.x = 58
	label.add_theme_font_size_override("font_size", 13)
	for part: Control in [label, gauge, figure]:
		line.add_child(part)
	return line


static func _figure(width: float) -> Label:
	var made := Label.new()
	made.theme_type_variation = "Dim"
	made.custom_minimum_size.x = width
	made.horizontal_alignment = HORIZONTAL_ALIGNMENT_RIGHT
	return made
