extends Node3D
## The sample: panels that tell an [AmbiomePlayer] what the world is, and a place to walk in.
##
## Everything that a game needs of Ambiome is in this file; the rest is its looks.

const Panels := preload("panels.gd")

## Where Teleport goes, in turn.
const PLACES: Array[Dictionary] = [
	{"biome": "coast", "shelter": "open"},
	{"biome": "cave", "shelter": "cave"},
	{"biome": "city", "shelter": "street"},
	{"biome": "temperate_forest", "shelter": "open"},
]

## Seconds of the game's day in one second: a day in four minutes.
const CYCLE_RATE := 360.0

const LIGHTNING_M := 900.0

var _panels := Panels.new()
var _world := {}
var _is_cycling := false
var _teleports := 0

@onready var _player: AmbiomePlayer = $AmbiomePlayer
@onready var _place: Node3D = $Place
@onready var _walker: Camera3D = $Walker


func _ready() -> void:
	$Screen.add_child(_panels)
	_panels.controls.changed.connect(_on_changed)
	_panels.controls.lightning.connect(_on_lightning)
	_panels.controls.teleport.connect(_on_teleport)
	_panels.controls.cycle.connect(_on_cycle)
	_panels.controls.preset.connect(_on_preset)
	_panels.mixer.changed.connect(_player.set_mix)
	_panels.header.pause.connect(_on_pause)
	_panels.header.stroll.connect(_walker.stroll)
	_player.scene_changed.connect(_on_scene_changed)
	_player.error.connect(_on_error)
	_panels.controls.offer_presets(AmbiomePresets.names())
	_show(_player.world())


func _process(delta: float) -> void:
	if _is_cycling and _player.state == "playing":
		_show({"time": {"hour": fposmod(_world.time.hour + delta * CYCLE_RATE / 3600.0, 24.0)}})
	_panels.meters.put_player(_player.buffer_s, _player.underruns)
	_panels.header.put_stroll(_walker.is_strolling)
	_panels.header.put_state(_player.state, _player.state == "playing", _player.server)


func _on_changed(part: String, fields: Dictionary) -> void:
	match part:
		"weather":
			_player.set_weather(fields)
		"location":
			_player.set_location(fields)
		"time":
			_player.set_time(fields)
	_show({part: fields})


func _on_lightning() -> void:
	var ahead := -_walker.global_basis.z
	var azimuth := fposmod(rad_to_deg(atan2(ahead.x, -ahead.z)), 360.0)
	_player.lightning(LIGHTNING_M, azimuth, 0.8)
	_place.flash()


func _on_teleport() -> void:
	var there := PLACES[_teleports % PLACES.size()]
	_teleports += 1
	_walker.jump(_teleports)
	_player.cut({"location": there})
	_show({"location": there})


func _on_cycle(is_on: bool) -> void:
	_is_cycling = is_on
	_player.set_time({"hour": _world.time.hour, "rate": CYCLE_RATE if is_on else 0.0})


func _on_preset(title: String) -> void:
	var chosen := AmbiomePresets.load_preset(title) if title else {}
	_player.set_presets([{"preset": chosen, "priority": 0, "weight": 1.0}] if title else [])
	_panels.header.say(chosen.get("meaning", ""))
	var hour: float = _world.time.hour
	_world = {}
	_show(_player.world())
	if _is_cycling:
		_show({"time": {"hour": hour}})
	_show(chosen.get("world", {}))
	if _is_cycling:
		_on_cycle(true)


func _on_pause(is_paused: bool) -> void:
	if is_paused:
		_player.pause()
	else:
		_player.resume()


func _on_scene_changed(values: Dictionary, targets: Dictionary) -> void:
	_panels.meters.put_scene(values, targets)
	_panels.mixer.put(values, _kinds())


func _on_error(code: String, field: String, detail: String) -> void:
	_panels.header.say("%s %s: %s" % [code, field, detail])


## Shows these fields of the world, and those shown before.
func _show(fields: Dictionary) -> void:
	for part: String in fields:
		_world[part] = _world.get(part, {}).merged(fields[part], true)
	_panels.controls.put(_world)
	_place.put(_world)


func _kinds() -> PackedStringArray:
	var kinds := PackedStringArray()
	for feature: AmbiomeFeature in get_tree().get_nodes_in_group(AmbiomeFeature.GROUP):
		if feature.is_visible_in_tree():
			kinds.append(feature.kind)
	return kinds
