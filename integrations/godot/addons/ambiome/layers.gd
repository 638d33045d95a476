extends RefCounted
## The properties' world with presets over it, and what to tell when that changes.

const Maps := preload("maps.gd")

## What the fields of a mix and of a voice are when nothing says otherwise: they have no "derived".
const MIX_DEFAULTS := {"master_db": 0.0, "dynamics": 0.5}
const VOICE_DEFAULTS := {"gain_db": 0.0, "mute": false, "solo": false}

const _PRESETS := "presets.gd"
## Below every preset of a game's.
const _LOWEST := -0x7fffffffffffffff

## As AmbiomePresets takes it.
var stack := []


## {"world", "mix"} as they sound; `own` is the same as the properties say it.
func over(own: Dictionary) -> Dictionary:
	if stack.is_empty():
		return own
	var path: String = get_script().resource_path.get_base_dir().path_join(_PRESETS)
	return load(path).blend([{"preset": own, "priority": _LOWEST, "weight": 1.0}] + stack)


## The world to tell: the fields in which `after` differs, null for those that are gone.
static func world_change(before: Dictionary, after: Dictionary) -> Dictionary:
	var told := {}
	for group: String in Maps.laid(before, after):
		var was: Dictionary = before.get(group, {})
		var fields := _change(was, after.get(group, {}), {})
		if not fields.is_empty():
			told[group] = fields
	return told


## The mix to tell: the fields in which `after` differs, the defaults of those that are gone.
static func mix_change(before: Dictionary, after: Dictionary) -> Dictionary:
	var told := _change(_without_voices(before), _without_voices(after), MIX_DEFAULTS)
	var voices := {}
	var was: Dictionary = before.get("voices", {})
	var now: Dictionary = after.get("voices", {})
	for voice: String in Maps.laid(was, now):
		var fields := _change(was.get(voice, {}), now.get(voice, {}), VOICE_DEFAULTS)
		if not fields.is_empty():
			voices[voice] = fields
	if not voices.is_empty():
		told["voices"] = voices
	return told


static func _change(before: Dictionary, after: Dictionary, defaults: Dictionary) -> Dictionary:
	var told := {}
	for field: String in Maps.laid(before, after):
		var value: Variant = after.get(field, defaults.get(field))
		if not before.has(field) or typeof(before[field]) != typeof(value) or before[field] != value:
			told[field] = value
	return told


static func _without_voices(mix: Dictionary) -> Dictionary:
	var made := mix.duplicate()
	made.erase("voices")
	return made
