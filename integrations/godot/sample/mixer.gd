extends PanelContainer
## The mix: everything's gain, and every voice's gain, mute and solo. A voice that sounds now is
## lit.

## A person changed the mix, in the protocol's fields.
signal changed(mix: Dictionary)

const Look := preload("look.gd")

const LEAST_DB := -40.0
const MOST_DB := 12.0

## A voice sounds when a parameter of the scene, its name with one of these ends, is above AUDIBLE.
const ENDS: PackedStringArray = [
	"_mm_h", "_level", "_activity", "_height_m", "_per_min", "_per_s", "_people", "1_level"
]
## And where that would be another thing: the parameter.
const OTHERS := {"wind": "wind_m_s"}
const AUDIBLE := 0.02

var _voices := VBoxContainer.new()
var _names := {}
var _wait := Label.new()


func _init() -> void:
	custom_minimum_size.x = 312
	var column := VBoxContainer.new()
	column.add_theme_constant_override("separation", 6)
	add_child(column)
	var heading := Label.new()
	heading.text = "MIX"
	heading.theme_type_variation = "Heading"
	column.add_child(heading)
	column.add_child(_line("master", func(db: float) -> void: changed.emit({"master_db": db})))
	column.add_child(HSeparator.new())
	_wait.text = "The server names its voices\nonce it answers."
	_wait.theme_type_variation = "Dim"
	column.add_child(_wait)
	var scroll := ScrollContainer.new()
	scroll.size_flags_vertical = SIZE_EXPAND_FILL
	scroll.horizontal_scroll_mode = ScrollContainer.SCROLL_MODE_DISABLED
	column.add_child(scroll)
	_voices.size_flags_horizontal = SIZE_EXPAND_FILL
	_voices.add_theme_constant_override("separation", 3)
	scroll.add_child(_voices)


## Takes the scene's parameters: finds the voices in them, the first time, and lights those that
## sound. `heard` are voices that sound by what stands near the listener.
func put(values: Dictionary, heard: PackedStringArray) -> void:
	if _names.is_empty():
		_find(values)
	for voice: String in _names:
		var is_heard: bool = voice in heard
		is_heard = is_heard or values.get(OTHERS.get(voice, ""), 0.0) > AUDIBLE
		for end in ENDS:
			is_heard = is_heard or values.get(voice + end, 0.0) > AUDIBLE
		var colour := Look.ACCENT if is_heard else Look.DIM
		_names[voice].add_theme_color_override("font_color", colour)


func _find(values: Dictionary) -> void:
	for parameter: String in values:
		if parameter.begins_with("gain_") and parameter.ends_with("_db"):
			var voice := parameter.trim_prefix("gain_").trim_suffix("_db")
			var line := _line(voice, _tell.bind(voice, "gain_db"))
			line.add_child(_switch("M", "mute", voice))
			line.add_child(_switch("S", "solo", voice))
			_names[voice] = line.get_child(0)
			_voices.add_child(line)
	_wait.visible = _names.is_empty()


func _line(title: String, on_gain: Callable) -> HBoxContainer:
	var line := HBoxContainer.new()
	line.add_theme_constant_override("separation", 6)
	var label := Label.new()
	label.text = title
	label.custom_minimum_size.x = 78
	label.add_theme_font_size_override("font_size", 13)
	var slider := HSlider.new()
	slider.min_value = LEAST_DB
	slider.max_value = MOST_DB
	slider.step = 1.0
	slider.value = 0.0
	slider.size_flags_horizontal = SIZE_EXPAND_FILL
	slider.size_flags_vertical = SIZE_SHRINK_CENTER
	var figure := Label.new()
	figure.theme_type_variation = "Dim"
	figure.text = "0 dB"
	figure.custom_minimum_size.x = 46
	figure.horizontal_alignment = HORIZONTAL_ALIGNMENT_RIGHT
	slider.value_changed.connect(func(db: float) -> void: figure.text = "%d dB" % db)
	slider.value_changed.connect(on_gain)
	for part: Control in [label, slider, figure]:
		line.add_child(part)
	return line


func _switch(text: String, field: String, voice: String) -> Button:
	var made := Button.new()
	made.text = text
	made.tooltip_text = "%s: %s" % [voice, field]
	made.theme_type_variation = "Tiny"
	made.toggle_mode = true
	made.custom_minimum_size = Vector2(22, 20)
	made.size_flags_vertical = SIZE_SHRINK_CENTER
	made.toggled.connect(_tell.bind(voice, field))
	return made


func _tell(value: Variant, voice: String, field: String) -> void:
	changed.emit({"voices": {voice: {field: value}}})
