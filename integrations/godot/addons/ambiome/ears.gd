extends RefCounted
## Where the listener is and looks, and where the features lie from there, as far as it changed.
##
## North is -Z, east is +X. A heading or a direction is told when it turned by more than 2 degrees,
## a distance when it changed by more than 3 %, at most 10 times a second.

const GROUP := "ambiome_features"
const MAX_FEATURES := 16
const NEAREST_M := 0.5
const FARTHEST_M := 5000.0

const _TURN_DEG := 2.0
const _SHARE := 0.03
const _EVERY_S := 0.1

var _told := {}
var _heading: Variant = null
var _since_s := _EVERY_S


## Degrees clockwise from north, 0 to 360, of a direction in the engine's world.
static func azimuth_deg(direction: Vector3) -> float:
	return fposmod(rad_to_deg(atan2(direction.x, -direction.z)), 360.0)


## Nothing counts as told any more.
func forget() -> void:
	_told = {}
	_heading = null
	_since_s = _EVERY_S


## Whether it is time to [method listen], `delta` seconds after this was asked last.
func is_due(delta: float) -> bool:
	_since_s += delta
	if _since_s < _EVERY_S:
		return false
	_since_s = 0.0
	return true


## The worlds to tell, most often none. `listener` may be null: then nothing is known.
func listen(listener: Node3D, features: Array[Node]) -> Array[Dictionary]:
	var worlds: Array[Dictionary] = []
	if listener == null:
		return worlds
	var ahead := -listener.global_basis.z
	# Straight up or down there is no heading: it stays what it was.
	if Vector2(ahead.x, ahead.z).length() > 0.01:
		var heading := azimuth_deg(ahead)
		if _heading == null or _turned(_heading, heading):
			_heading = heading
			worlds.append({"listener": {"heading_deg": heading}})
	worlds.append_array(_changes(_around(listener.global_position, features)))
	return worlds


## The nearest features, by id.
static func _around(place: Vector3, nodes: Array[Node]) -> Dictionary:
	var found: Array[Dictionary] = []
	for node in nodes:
		var at := node as Node3D
		if at == null or not at.is_visible_in_tree():
			continue
		var offset := at.global_position - place
		if offset.length() <= FARTHEST_M:
			found.append({
				"id": "node-%d" % at.get_instance_id(),
				"kind": at.get("kind"),
				"distance_m": clampf(offset.length(), NEAREST_M, FARTHEST_M),
				"azimuth_deg": azimuth_deg(offset),
				"size": at.get("size"),
			})
	found.sort_custom(func(a: Dictionary, b: Dictionary) -> bool: return a.distance_m < b.distance_m)
	var around := {}
	for feature in found.slice(0, MAX_FEATURES):
		around[feature.id] = feature
	return around


func _changes(around: Dictionary) -> Array[Dictionary]:
	var worlds: Array[Dictionary] = []
	for id: String in _told.keys():
		if not around.has(id):
			_told.erase(id)
			worlds.append({"location": {"feature_remove": id}})
	for id: String in around:
		if not _told.has(id) or _is_other(_told[id], around[id]):
			_told[id] = around[id]
			worlds.append({"location": {"feature_set": around[id]}})
	return worlds


static func _is_other(before: Dictionary, after: Dictionary) -> bool:
	return (
		before.kind != after.kind
		or before.size != after.size
		or absf(after.distance_m - before.distance_m) > _SHARE * before.distance_m
		or _turned(before.azimuth_deg, after.azimuth_deg) and after.distance_m > NEAREST_M
	)


static func _turned(before_deg: float, after_deg: float) -> bool:
	return absf(fposmod(after_deg - before_deg + 180.0, 360.0) - 180.0) > _TURN_DEG
