extends RefCounted
## The changes of a session, in order: what waits to be sent, and what the server is not known to
## have heard.
##
## A change is acknowledged by the first frame whose `applied_seq` is not below its number. What is
## not acknowledged is told again after a reconnection. Only so many may be unacknowledged; what
## comes meanwhile (while there is no server, or while paused) waits, and joins what waits already:
## a game may tell its weather in every picture for hours, and the server hears how it stands.

const Memory := preload("memory.gd")

## More changes than this are not sent before the server has heard the first of them.
const MAX_UNACKNOWLEDGED := 64
const MAX_WAITING := 256
## Events that wait while there is no server: what happened earlier is over.
const MAX_WAITING_EVENTS := 8

## The number that was given last.
var seq := 0
## The number given last before the last reconnection.
var resent := 0

var _waiting: Array[Dictionary] = []
var _unacknowledged: Array[Dictionary] = []
var _memory := Memory.new()


## Takes a change that is to be sent.
func add(change: Dictionary) -> void:
	if not _waiting.is_empty() and _joins(_waiting.back(), change):
		_waiting[-1] = _joined(_waiting.back(), change)
		return
	_waiting.append(change)
	if change.type == "event":
		_drop_beyond(MAX_WAITING_EVENTS, func(other: Dictionary) -> bool: return other.type == "event")
	_drop_beyond(MAX_WAITING, func(_other: Dictionary) -> bool: return true)


## What may be sent now, numbered.
func ready() -> Array[Dictionary]:
	var out: Array[Dictionary] = []
	while not _waiting.is_empty() and _unacknowledged.size() < MAX_UNACKNOWLEDGED:
		seq += 1
		var change: Dictionary = _waiting.pop_front()
		change["seq"] = seq
		_unacknowledged.append(change)
		out.append(change)
	return out


## What may not be told is kept, as if it were in effect at `step`.
func keep(step: int) -> void:
	ready()
	for change in _unacknowledged:
		_memory.tell(change, step)
	_unacknowledged = []


## A frame of `step` came with this `applied_seq`.
func acknowledge(applied_seq: int, step: int) -> void:
	while not _unacknowledged.is_empty() and _unacknowledged[0].seq <= applied_seq:
		_memory.tell(_unacknowledged.pop_front(), step)


## The server refused this change: it is not told again.
func refuse(number: int) -> void:
	_unacknowledged = _unacknowledged.filter(
		func(change: Dictionary) -> bool: return change.seq != number
	)


## The same session is back and has heard everything up to `last_seq`: what it has to hear again.
func resume(last_seq: int) -> Array[Dictionary]:
	resent = seq
	return _unacknowledged.filter(func(change: Dictionary) -> bool: return change.seq > last_seq)


## There is a new session, whose `first_step` follows on the old one's `step`: it hears how things
## stand. Events that the old one may have heard are over.
func start_over(step: int, first_step: int) -> void:
	var told := _memory.move(step, first_step)
	for change in _unacknowledged:
		if change.type != "event":
			told.append(change)
	told.append_array(_waiting)
	_waiting = told
	_unacknowledged = []
	resent = seq


static func _joins(before: Dictionary, change: Dictionary) -> bool:
	if before.type != change.type or change.type == "event":
		return false
	for part: Dictionary in [before, change]:
		var location: Variant = part.get("world", {}).get("location")
		if location is Dictionary:
			for field: String in ["features", "feature_set", "feature_remove"]:
				if location.has(field):
					return false
	return true


## Two changes as one: the later one's fields, and its way of taking effect.
static func _joined(before: Dictionary, change: Dictionary) -> Dictionary:
	var made := {"type": change.type, change.type: _merged(before[change.type], change[change.type])}
	for way: String in ["transition_s", "cut"]:
		if change.has(way):
			made[way] = change[way]
	if before.get("cut", false) and not change.has("transition_s"):
		made["cut"] = true
	return made


## Biomes with weights are one value; maps of fields and of voices are not.
static func _merged(below: Dictionary, above: Dictionary) -> Dictionary:
	var made := below.duplicate()
	for field: Variant in above:
		var is_map: bool = above[field] is Dictionary and made.get(field) is Dictionary
		made[field] = _merged(made[field], above[field]) if is_map and field != "biome" else above[field]
	return made


func _drop_beyond(most: int, counts: Callable) -> void:
	var found := _waiting.filter(counts)
	if found.size() > most:
		_waiting.remove_at(_waiting.find(found[0]))
