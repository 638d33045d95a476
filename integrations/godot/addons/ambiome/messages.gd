extends RefCounted
## The server's messages as one table (protocol/SPEC.md, "Server messages"), and the check of one.

const Limits := preload("limits.gd")

const ERRORS := [
	"malformed", "too_large", "unknown_type", "unknown_field", "missing_field", "wrong_type",
	"out_of_range", "unknown_name", "contradiction", "version", "unknown_session", "already_open",
	"bad_resume", "busy", "credit", "at_limit", "not_owner", "zone_mismatch", "bad_zone_key",
	"internal",
]
const WARNINGS := [
	"late", "repeated", "gust_raised", "feature_unknown", "features_full", "events_full", "behind",
	"quality", "skipped", "heading_ignored",
]
const LAYOUTS := ["mono", "stereo", "quad", "5.1", "ambisonics"]
const FORMATS := ["f32le", "s16le"]
const PACES := ["live", "free"]
const RENDERERS := ["procedural", "neural"]

const _COUNT := ["integer", 0, Limits.MAX_COUNT]
const _NAME := ["text", 1, 64]
const _LONG := ["text", 0, 1024]
const _SECONDS := ["number", 0, 1000000000]
const _NUMBERS := ["numbers", -1e12, 1e12]

## Type → field → [kind, ...its limits], "!" before the name of a field that must be there.
const TABLE := {
	"welcome": {
		"!version": _NAME, "!session": _NAME, "!resume": ["binary", 16, 16], "!next_step": _COUNT,
		"!seed": ["integer", 0, 9223372036854775807], "!layout": ["name", LAYOUTS],
		"!format": ["name", FORMATS], "!pace": ["name", PACES], "!channels": ["integer", 1, 64],
		"!sample_rate_hz": ["integer", 1, 1000000], "!step_samples": ["integer", 1, 1000000],
		"!max_outstanding_steps": ["integer", 1, Limits.MAX_COUNT], "!sound_version": _COUNT,
		"resumed": ["truth"], "last_seq": _COUNT, "renderer": ["name", RENDERERS],
		"weights": ["text", 0, 16], "zone_key": ["binary", 16, 16],
	},
	"frame": {
		"!step": _COUNT, "!applied_seq": _COUNT, "!layout": ["name", LAYOUTS],
		"!format": ["name", FORMATS], "cut": ["integer", 0, 32767],
		"quality": ["integer", 0, 3],
	},
	"scene": {
		"!step": _COUNT, "seq": _COUNT, "applied_seq": _COUNT, "values": _NUMBERS,
		"targets": _NUMBERS, "reasons": ["maps", "reason"],
	},
	"warning": {
		"!code": ["name", WARNINGS], "!detail": _LONG, "seq": _COUNT, "at": _SECONDS,
		"applied_at": _SECONDS, "from_step": _COUNT, "next_step": _COUNT,
	},
	"error": {
		"!code": ["name", ERRORS], "!detail": _LONG, "field": _LONG, "value": _LONG,
		"allowed": _LONG, "seq": _COUNT, "retry_s": _SECONDS,
	},
	"bye": {"reason": ["name", ["bye", "shutdown", "detached", "zone_ended"]]},
}
## Maps within messages, by the names that the table gives them.
const MAPS := {
	"reason": {
		"!parameter": _NAME, "!value": ["number", -1e12, 1e12], "!target": ["number", -1e12, 1e12],
		"!rule": ["text", 0, 64], "!because": _LONG,
	},
}


## What is wrong with a map as a message of the server: {} or {"code", "field", "detail"}.
static func check(message: Dictionary) -> Dictionary:
	if not message.has("type"):
		return _fault("missing_field", "type")
	if not message.type is String:
		return _fault("wrong_type", "type")
	if not TABLE.has(message.type):
		return _fault("unknown_type", "type")
	return _check_map(message, TABLE[message.type], "")


static func _fault(code: String, field: String) -> Dictionary:
	return {"code": code, "field": field, "detail": "%s of the server's message: %s" % [field, code]}


static func _check_map(map: Dictionary, fields: Dictionary, path: String) -> Dictionary:
	for name: String in map:
		if not fields.has(name) and not fields.has("!" + name) and (name != "type" or path != ""):
			return _fault("unknown_field", path + name)
	for stated: String in fields:
		var name := stated.trim_prefix("!")
		if map.has(name):
			var fault := _check_value(map[name], fields[stated], path + name)
			if not fault.is_empty():
				return fault
		elif stated != name:
			return _fault("missing_field", path + name)
	return {}


static func _check_value(value: Variant, kind: Array, path: String) -> Dictionary:
	match kind[0]:
		"integer":
			return _check_range(value, kind, path) if value is int else _fault("wrong_type", path)
		"number":
			var is_number := value is int or value is float
			return _check_range(value, kind, path) if is_number else _fault("wrong_type", path)
		"text", "binary":
			if not (value is String if kind[0] == "text" else value is PackedByteArray):
				return _fault("wrong_type", path)
			var size: int = value.length() if value is String else value.size()
			return {} if size >= kind[1] and size <= kind[2] else _fault("out_of_range", path)
		"name":
			if not value is String:
				return _fault("wrong_type", path)
			return {} if value in kind[1] else _fault("unknown_name", path)
		"truth":
			return {} if value is bool else _fault("wrong_type", path)
		"numbers":
			return _check_numbers(value, kind, path)
	return _check_maps(value, kind, path)


static func _check_range(value: Variant, kind: Array, path: String) -> Dictionary:
	# Written so that NaN is out of range.
	return {} if value >= kind[1] and value <= kind[2] else _fault("out_of_range", path)


static func _check_numbers(value: Variant, kind: Array, path: String) -> Dictionary:
	if not value is Dictionary:
		return _fault("wrong_type", path)
	for name: String in value:
		var fault := _check_value(value[name], ["number", kind[1], kind[2]], path + "." + name)
		if not fault.is_empty():
			return fault
	return {}


static func _check_maps(value: Variant, kind: Array, path: String) -> Dictionary:
	if not value is Array:
		return _fault("wrong_type", path)
	for i: int in value.size():
		if not value[i] is Dictionary:
			return _fault("wrong_type", "%s[%d]" % [path, i])
		var fault := _check_map(value[i], MAPS[kind[1]], "%s[%d]." % [path, i])
		if not fault.is_empty():
			return fault
	return {}
