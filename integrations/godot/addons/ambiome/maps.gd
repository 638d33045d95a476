extends RefCounted
## Two verbs for maps, which Godot has from 4.3 on only.


## `above` laid over `below`, one level deep; both stay as they are.
static func laid(below: Dictionary, above: Dictionary) -> Dictionary:
	var made := below.duplicate()
	made.merge(above, true)
	return made


## The map under a key, made there if it is not.
static func opened(map: Dictionary, key: String) -> Dictionary:
	if not map.has(key):
		map[key] = {}
	return map[key]
