extends RefCounted
## The world and the mix as the server has heard them, to be told again to one that forgot them.

const Limits := preload("limits.gd")
const Maps := preload("maps.gd")

const GROUPS := ["weather", "location", "time", "listener"]
const _FEATURE_FIELDS := ["features", "feature_set", "feature_remove"]

var _world := {"weather": {}, "location": {}, "time": {}, "listener": {}}
var _features := {}
var _mix := {}
var _voices := {}
var _hour_step := 0


## Keeps a change that took effect at `step`. Events are over when they are heard.
func tell(change: Dictionary, step: int) -> void:
	if change.type == "world":
		for group: String in change.world:
			if change.world[group] is Dictionary:
				_absorb(group, change.world[group], step)
	elif change.type == "mix":
		for field: String in change.mix:
			if field == "voices":
				for voice: String in change.mix.voices:
					_voices[voice] = Maps.laid(_voices.get(voice, {}), change.mix.voices[voice])
			else:
				_mix[field] = change.mix[field]


## What to tell a new session, whose step `first_step` follows on the old one's `step`.
func move(step: int, first_step: int) -> Array[Dictionary]:
	_turn_clock(step)
	_hour_step = first_step
	var told: Array[Dictionary] = []
	var world := {}
	for group: String in _world:
		if not _world[group].is_empty():
			world[group] = _world[group].duplicate(true)
	if not _features.is_empty():
		Maps.opened(world, "location")["features"] = _features.values().duplicate(true)
	if not world.is_empty():
		told.append({"type": "world", "world": world, "cut": true})
	var mix := _mix.duplicate(true)
	if not _voices.is_empty():
		mix["voices"] = _voices.duplicate(true)
	if not mix.is_empty():
		told.append({"type": "mix", "mix": mix, "transition_s": 0})
	return told


func _absorb(group: String, fields: Dictionary, step: int) -> void:
	if not _world.has(group):
		return
	if group == "time":
		_turn_clock(step)
	if fields.has("features"):
		_features = {}
		for feature: Dictionary in fields.features if fields.features is Array else []:
			_features[feature.id] = feature
	if fields.has("feature_set"):
		_features[fields.feature_set.id] = fields.feature_set
	if fields.has("feature_remove"):
		_features.erase(fields.feature_remove)
	for field: String in fields:
		if field not in _FEATURE_FIELDS:
			_world[group][field] = fields[field]


func _turn_clock(step: int) -> void:
	var hour: Variant = _world.time.get("hour")
	var rate: Variant = _world.time.get("rate")
	if hour != null and rate != null:
		var hours: float = float(rate) * (step - _hour_step) / Limits.STEPS_PER_S / 3600.0
		_world.time["hour"] = fposmod(hour + hours, 24.0)
	_hour_step = step
