extends PanelContainer
## What the world is: sliders, the place, the hour, presets, and things that happen.

## A person changed fields of one part of the world, as the protocol names them.
signal changed(part: String, fields: Dictionary)
## A person wants lightning.
signal lightning
## A person wants to be elsewhere at once.
signal teleport
## A person wants the day to go round, or to stand still.
signal cycle(is_on: bool)
## A person chose a preset by its name; "" for none.
signal preset(title: String)

const Row := preload("row.gd")
const Choice := preload("choice.gd")

const ROWS: Array[Dictionary] = [
	{
		"part": "weather",
		"field": "rain_mm_h",
		"label": "Rain",
		"format": "%.1f mm/h",
		"least": 0.0,
		"most": 60.0,
		"step": 0.5,
		"start": 4.0,
	},
	{
		"part": "weather",
		"field": "wind_m_s",
		"label": "Wind",
		"format": "%.1f m/s",
		"least": 0.0,
		"most": 25.0,
		"step": 0.5,
		"start": 4.0,
	},
	{
		"part": "weather",
		"field": "temperature_c",
		"label": "Temperature",
		"format": "%.0f °C",
		"least": -20.0,
		"most": 40.0,
		"step": 1.0,
		"start": 18.0,
		"derived": true,
	},
	{
		"part": "weather",
		"field": "thunder_per_min",
		"label": "Thunder",
		"format": "%.1f /min",
		"least": 0.0,
		"most": 12.0,
		"step": 0.5,
		"start": 2.0,
		"derived": true,
	},
	{
		"part": "time",
		"field": "hour",
		"label": "Hour",
		"format": Row.CLOCK,
		"least": 0.0,
		"most": 24.0,
		"step": 0.05,
		"start": 12.0,
	},
	{
		"part": "time",
		"field": "day_of_year",
		"label": "Day of the year",
		"format": "%d",
		"least": 1.0,
		"most": 366.0,
		"step": 1.0,
		"start": 172.0,
		"whole": true,
	},
]

const NO_PRESET := "no preset"

var _rows := {}
var _biome := Choice.new("Biome", _names("biome"))
var _shelter := Choice.new("Shelter", _names("shelter"))
var _preset := Choice.new("Preset", PackedStringArray([NO_PRESET]))
var _cycle := _button("Day cycle", "The hour goes on: a day in four minutes", true)


func _init() -> void:
	custom_minimum_size.x = 296
	var column := VBoxContainer.new()
	column.add_theme_constant_override("separation", 9)
	add_child(column)
	column.add_child(_heading("WORLD"))
	_preset.chosen.connect(func(title: String) -> void: preset.emit(_plain(title)))
	column.add_child(_preset)
	_biome.chosen.connect(func(title: String) -> void: changed.emit("location", {"biome": title}))
	column.add_child(_biome)
	_shelter.chosen.connect(
		func(title: String) -> void: changed.emit("location", {"shelter": title})
	)
	column.add_child(_shelter)
	for row in ROWS:
		column.add_child(_row(row))
	column.add_child(_buttons())


## Offers these presets, by name.
func offer_presets(titles: PackedStringArray) -> void:
	_preset.offer(PackedStringArray([NO_PRESET]) + titles)


## Shows a world in the protocol's fields, and tells nobody. What it does not name is derived.
func put(world: Dictionary) -> void:
	for row in ROWS:
		var part: Dictionary = world.get(row.part, {})
		if part.has(row.field) or row.has("derived"):
			_rows[row.field].put(part.get(row.field))
	var location: Dictionary = world.get("location", {})
	if location.get("biome") is String:
		_biome.put(location.biome)
	if location.get("shelter") is String:
		_shelter.put(location.shelter)


func _row(row: Dictionary) -> Row:
	var made := Row.new(row)
	_rows[row.field] = made
	made.moved.connect(_on_moved.bind(row))
	return made


func _buttons() -> GridContainer:
	var grid := GridContainer.new()
	grid.columns = 3
	grid.add_theme_constant_override("h_separation", 8)
	var strike := _button("Lightning", "A stroke 900 m ahead: its sound arrives 2.6 s later")
	strike.pressed.connect(lightning.emit)
	var jump := _button("Teleport", "Another biome at once: cut")
	jump.pressed.connect(teleport.emit)
	_cycle.toggled.connect(cycle.emit)
	for button: Button in [strike, jump, _cycle]:
		grid.add_child(button)
	return grid


func _on_moved(value: Variant, row: Dictionary) -> void:
	if row.get("whole", false) and value != null:
		value = int(value)
	changed.emit(row.part, {row.field: value})


## What a field may be, as the player's inspector offers it.
static func _names(field: String) -> PackedStringArray:
	return AmbiomePlayer.FIELDS[field][2].split(",")


static func _plain(title: String) -> String:
	return "" if title == NO_PRESET else title


static func _button(text: String, hint: String, is_toggle := false) -> Button:
	var made := Button.new()
	made.text = text
	made.tooltip_text = hint
	made.toggle_mode = is_toggle
	made.size_flags_horizontal = SIZE_EXPAND_FILL
	return made


static func _heading(text: String) -> Label:
	var made := Label.new()
	made.text = text
	made.theme_type_variation = "Heading"
	return made
