class_name AmbiomePresets
extends RefCounted
## Named presets, and blending a stack of them to one world and one mix.
##
## A preset is a Dictionary as its JSON file has it: [code]{"name", "meaning", "world",
## "mix"}[/code], in the protocol's own fields. Those of the addon lie in
## [code]res://addons/ambiome/presets[/code]; yours may lie anywhere.
##
## A stack is an Array of active presets in the order of their activation. An entry is a name
## ([code]"storm_at_sea"[/code]), the path of a JSON file, a preset's Dictionary, or
## [code]{"preset": any of these, "priority": 0, "weight": 1.0}[/code]: the higher priority lies
## above, and the weight, 0 to 1, says how far it covers what is below.
## [codeblock]
## var speech := {"preset": "dialogue", "priority": 10, "weight": 0.5}
## $AmbiomePlayer.set_presets(["storm_at_sea", speech])
## [/codeblock]
##
## What a field holds decides how it blends with what is below it:[br]
## - angles, the hour and the day of the year move along the shorter arc by the weight;[br]
## - other numbers move by the weight; with nothing below they are their own value (a gain moves
## from 0 dB);[br]
## - biomes become shares, below · (1 - weight) + own · weight, the four largest, summing to 1;[br]
## - names, lists, true and false, and null change over at a weight of 0.5.

const FOLDER := "res://addons/ambiome/presets"
## From this weight on, what cannot be between two values is the upper one.
const SWITCH_AT := 0.5
const MAX_BIOMES := 4
## Fields whose values go round: the first value, and how many there are until it comes again.
const CIRCLES := {
	"wind_from_deg": [0.0, 360.0],
	"heading_deg": [0.0, 360.0],
	"hour": [0.0, 24.0],
	"day_of_year": [1.0, 366.0],
}
const INTEGERS := ["day_of_year"]
const GAINS := ["master_db", "gain_db"]


## The names of the addon's presets, in alphabetical order.
static func names() -> PackedStringArray:
	var found := PackedStringArray()
	for file in DirAccess.get_files_at(FOLDER):
		if file.ends_with(".json"):
			found.append(file.get_basename())
	found.sort()
	return found


## A preset by its name ([code]"storm_at_sea"[/code], or [code]"storm at sea"[/code]), or from a
## JSON file by its path. Empty, with a warning, if there is none.
static func load_preset(name_or_path: String) -> Dictionary:
	var path := name_or_path
	if not path.ends_with(".json"):
		var name := path.strip_edges().to_lower().replace(" ", "_").replace("-", "_")
		path = FOLDER.path_join(name + ".json")
	if not FileAccess.file_exists(path):
		push_warning("Ambiome: there is no preset '%s'" % name_or_path)
		return {}
	var json := JSON.new()
	if json.parse(FileAccess.get_file_as_string(path)) != OK or not (json.data is Dictionary):
		push_warning(
			(
				"Ambiome: '%s' is no preset: line %d: %s"
				% [path, json.get_error_line(), json.get_error_message()]
			)
		)
		return {}
	return json.data


## What a stack of presets says together: [code]{"world": {group: {field: value}}, "mix":
## {...}}[/code], as the protocol's messages have them, without empty groups. What is no preset is
## passed over. The presets are not changed.
static func blend(stack: Array) -> Dictionary:
	var world := {}
	var mix := {}
	var voices := {}
	for layer: Dictionary in _layers(stack):
		var weight: float = layer.weight
		var groups := _part(layer.preset, "world")
		for group: String in groups:
			_lay(_opened(world, group), _part(groups, group), weight)
		var above := _part(layer.preset, "mix").duplicate()
		var gains := _part(above, "voices")
		for voice: String in gains:
			_lay(_opened(voices, voice), _part(gains, voice), weight)
		above.erase("voices")
		_lay(mix, above, weight)
	voices = _filled(voices)
	if not voices.is_empty():
		mix["voices"] = voices
	return {"world": _filled(world), "mix": mix}


# The layers that count, [{preset, priority, weight, place}], the lowest first.
static func _layers(stack: Array) -> Array:
	var layers := []
	for entry: Variant in stack:
		var layer: Dictionary = (
			entry if entry is Dictionary and entry.has("preset") else {"preset": entry}
		)
		var preset: Variant = layer.preset
		if preset is String or preset is StringName:
			preset = load_preset(preset)
		var weight: float = layer.weight if _is_number(layer.get("weight")) else 1.0
		if not (preset is Dictionary) or is_nan(weight) or weight <= 0.0:
			continue
		var priority: int = layer.priority if _is_number(layer.get("priority")) else 0
		var kept := {"preset": preset, "weight": minf(weight, 1.0), "priority": priority}
		kept["place"] = layers.size()
		layers.append(kept)
	layers.sort_custom(_is_below)
	return layers


static func _is_below(one: Dictionary, other: Dictionary) -> bool:
	if one.priority != other.priority:
		return one.priority < other.priority
	return one.place < other.place


# Lays the fields of one map over those below it.
static func _lay(below: Dictionary, above: Dictionary, weight: float) -> void:
	for name: String in above:
		var own: Variant = above[name]
		if name == "biome" and own != null:
			var biome: Variant = _biome(below.get(name), own, weight)
			if biome != null:
				below[name] = biome
		elif _is_number(own):
			below[name] = _number(name, below.get(name), own, weight)
		elif weight >= SWITCH_AT:
			below[name] = own


static func _number(name: String, below: Variant, own: float, weight: float) -> Variant:
	var under := own
	if _is_number(below):
		under = below
	elif name in GAINS:
		under = 0.0
	if name in CIRCLES and weight < 1.0:
		var first: float = CIRCLES[name][0]
		var length: float = CIRCLES[name][1]
		var half := length / 2.0
		var moved := under + (half - fposmod(half - (own - under), length)) * weight
		var around := fposmod(_rounded(name, moved) - first, length)
		# A hair below a circle's end may round to the end.
		return _rounded(name, first + (around if around < length else 0.0))
	var at := under + (own - under) * weight if weight < 1.0 else own
	return _rounded(name, clampf(at, minf(under, own), maxf(under, own)))


static func _rounded(name: String, value: float) -> Variant:
	return floori(value + 0.5) if name in INTEGERS else value


# Biomes with shares of 1, or the name of the only one. Of equal shares the first by name is the
# larger.
static func _biome(below: Variant, above: Variant, weight: float) -> Variant:
	var under := _shares(below)
	var own := _shares(above)
	if own.is_empty():
		return below
	var kept := 1.0 if under.is_empty() else weight
	var mixed := {}
	for name: String in under.keys() + own.keys():
		mixed[name] = under.get(name, 0.0) * (1.0 - kept) + own.get(name, 0.0) * kept
	var order := mixed.keys()
	order.sort_custom(
		func(one: String, other: String) -> bool:
			return one < other if mixed[one] == mixed[other] else mixed[one] > mixed[other]
	)
	var largest := {}
	for name: String in order.slice(0, MAX_BIOMES):
		largest[name] = mixed[name]
	var shares := _shares(largest)
	return shares.keys()[0] if shares.size() == 1 else shares


# A biome as the protocol has it, as shares whose sum is 1; empty for what is no biome.
static func _shares(biome: Variant) -> Dictionary:
	if biome is String or biome is StringName:
		return {str(biome): 1.0}
	var shares := {}
	if biome is Dictionary:
		var order: Array = biome.keys()
		order.sort()
		for name: String in order:
			if _is_number(biome[name]) and biome[name] > 0.0:
				shares[name] = float(biome[name])
	var total := 0.0
	for name: String in shares:
		total += shares[name]
	for name: String in shares:
		shares[name] /= total
	return shares


static func _is_number(value: Variant) -> bool:
	return value is float or value is int


static func _part(map: Dictionary, name: String) -> Dictionary:
	var part: Variant = map.get(name)
	return part if part is Dictionary else {}


static func _opened(maps: Dictionary, name: String) -> Dictionary:
	if not maps.has(name):
		maps[name] = {}
	return maps[name]


static func _filled(maps: Dictionary) -> Dictionary:
	var filled := {}
	for name: String in maps:
		if not maps[name].is_empty():
			filled[name] = maps[name]
	return filled
