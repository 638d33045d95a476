@tool
@icon("icon.svg")
class_name AmbiomePlayer
extends "world.gd"
## Plays the sound of being there, as an Ambiome server makes it: set [code]rain_mm_h = 4[/code] and
## hear it.
##
## Put it into a scene, start a server ([code]ambiome serve[/code]) and play. The world is told by
## properties under the protocol's names: not ticked (in code: null) means derived. They may be set
## at any time; what was set since the last picture goes out in one message.
## [br][br]
## The network, the decoding and the filling of the audio buffer are a thread's. When the sound
## runs dry, the server goes away or you pause, it fades; it goes on by itself. No error stops a
## game: [signal error] says what was wrong.
## [br][br]
## The sound follows the current Camera3D, or [member listener]: north is -Z, east is +X. Every node
## in the group [code]ambiome_features[/code] (AmbiomeFeature) is heard where it stands.

## A session is there: a new one, or the old one again.
signal connected
## The session's server is gone. It is tried again every second.
signal disconnected
## The scene's parameters ([param values]) and what they move to ([param targets]), by name, some
## [member telemetry_hz] times a second.
signal scene_changed(values: Dictionary, targets: Dictionary)
## Something was refused or is not as it seems: the protocol's error or warning [param code], the
## path of the field (may be ""), and a sentence for people. Besides: "unreachable" while there is
## no server.
## Where nobody is connected to it, the sentence is printed as a warning.
signal error(code: String, field: String, detail: String)
## The sound ran dry; [param count] is how often so far.
signal underrun(count: int)

const Connection := preload("connection.gd")
const Ears := preload("ears.gd")
const Layers := preload("layers.gd")
const Limits := preload("limits.gd")
const Link := preload("link.gd")

## The engine's buffer, s; it rounds up to a power of two of samples. 0.12 to 0.16 s of it are used.
const BUFFER_S := 0.25

const _NOTHING := {
	"state": Connection.State.OFFLINE, "buffered": 0, "underruns": 0, "zone_key": "",
}
const _STATES := {
	Connection.State.OFFLINE: "connecting",
	Connection.State.GREETING: "connecting",
	Connection.State.OPEN: "playing",
	Connection.State.FAILED: "failed",
	Connection.State.CLOSED: "stopped",
}

@export_group("Session")
## Address of the Ambiome server. Counts from the next [method play] on.
@export var server := "tcp://127.0.0.1:5571"
## Decides everything that is left to chance: the same seed and the same world sound the same. From
## 0. Counts from the next [method play] on.
@export var seed := 0
## Whether to play as soon as the node is in the scene.
@export var autoplay := true
## How many times a second [signal scene_changed] comes, 0 to 25; 0 for never. Counts from the next
## [method play] on.
@export_range(0, 25, 1, "suffix:Hz") var telemetry_hz := 4.0
## What renders: "procedural", or "neural", the learned renderer, where the server offers it. Counts
## from the next [method play] on.
@export_enum("procedural", "neural") var renderer := "procedural"
## A place that many listeners share, by name: who comes first opens it, and what he tells is heard
## by all; empty for a place of one's own. Counts from the next [method play] on.
@export var zone := ""
## What makes an owner of the zone, 32 hexadecimal digits, as [member owner_key] of another owner
## says it; may be empty. Counts from the next [method play] on.
@export var zone_key := ""
@export_group("Sound")
## The one who hears. Empty: the current Camera3D of the viewport (or its AudioListener3D, where the
## engine can name it).
@export var listener: Node3D
## The audio bus to play on.
@export var bus: StringName = &"Master":
	set(value):
		bus = value
		if _stream_player != null:
			_stream_player.bus = value
## Gain, dB, done by the engine and at once.
@export_range(-80, 24, 0.1, "suffix:dB") var volume_db := 0.0:
	set(value):
		volume_db = value
		if _stream_player != null:
			_stream_player.volume_db = value
@export_group("")

## Sound that has arrived and was not played, s. Read only.
var buffer_s: float:
	get:
		return float(_heard.buffered) / Limits.SAMPLE_RATE_HZ
## How often the sound ran dry since [method play]. Read only.
var underruns: int:
	get:
		return _heard.underruns
## What makes others owners of the zone too, in hexadecimal; "" for who is none. Read only.
var owner_key: String:
	get:
		return _heard.zone_key
## "stopped", "connecting", "playing", "paused" or "failed" (the server refuses; [signal error] said
## why). Read only.
var state: String:
	get:
		if _link == null:
			return "stopped"
		var name: String = _STATES[_heard.state]
		return "paused" if _is_paused and name == "playing" else name

var _link: Link
var _stream_player: AudioStreamPlayer
var _ears := Ears.new()
var _layers := Layers.new()
var _heard := _NOTHING.duplicate()
var _commands := []
var _is_paused := false
var _plays_again := false
var _voices := {}


func _ready() -> void:
	if not Engine.is_editor_hint() and autoplay:
		play()


func _enter_tree() -> void:
	if _plays_again:
		play.call_deferred()


func _exit_tree() -> void:
	_plays_again = _link != null
	stop()


func _process(delta: float) -> void:
	if _link == null:
		return
	if not _changed.is_empty():
		_tell_changed()
	if _ears.is_due(delta) and state == "playing":
		for place in _ears.listen(_find_listener(), get_tree().get_nodes_in_group(Ears.GROUP)):
			_tell_world(place)
	var before := underruns
	_heard = _link.exchange(_commands)
	_commands = []
	for notice: Array in _heard.notices:
		_pass_on(notice)
	if _link != null and underruns > before:
		underrun.emit(underruns)


## Starts, with a new session. Does nothing if it plays.
func play() -> void:
	if _link != null or not is_inside_tree() or Engine.is_editor_hint():
		return
	_plays_again = false
	if OS.has_feature("web"):
		_pass_on(["error", "unreachable", "server", "web exports have no TCP: Ambiome can not play"])
		return
	_stream_player = AudioStreamPlayer.new()
	var generator := AudioStreamGenerator.new()
	generator.mix_rate = Limits.SAMPLE_RATE_HZ
	generator.buffer_length = BUFFER_S
	_stream_player.stream = generator
	_stream_player.bus = bus
	_stream_player.volume_db = volume_db
	add_child(_stream_player, false, Node.INTERNAL_MODE_BACK)
	_stream_player.play()
	_ears.forget()
	_heard = _NOTHING.duplicate()
	_link = Link.new()
	var playback := _stream_player.get_stream_playback()
	_link.start(server, seed, telemetry_hz, renderer, zone, zone_key, playback)
	_commands = [_is_paused] if _is_paused else []
	_changed = {}
	_tell_everything()


## Ends the session. [method play] starts another one, in the same world.
func stop() -> void:
	if _link == null:
		return
	_link.stop()
	_link = null
	_heard["buffered"] = 0
	_stream_player.queue_free()
	_stream_player = null


## The sound fades, and the world's time stands still. Changes wait.
func pause() -> void:
	_is_paused = true
	_commands.append(true)


## Goes on where the sound was, to the sample.
func resume() -> void:
	_is_paused = false
	_commands.append(false)


## Changes the weather: [code]set_weather({"rain_mm_h": 4})[/code]. [param transition_s]: how long
## the change takes, 0 to 600 s; below 0: as in nature. null makes a field derived.
func set_weather(weather: Dictionary, transition_s := -1.0) -> void:
	_set_group("weather", weather, transition_s)


## Changes the place: biome, shelter, openness, altitude_m, and features that are no nodes
## (features, feature_set, feature_remove).
func set_location(location: Dictionary, transition_s := -1.0) -> void:
	_set_group("location", location, transition_s)


## Changes the time: hour, day_of_year, latitude_deg, rate.
func set_time(time: Dictionary, transition_s := -1.0) -> void:
	_set_group("time", time, transition_s)


## Changes the mix: master_db, dynamics, and voices by name,
## [code]set_mix({"voices": {"wind": {"gain_db": -6, "mute": false, "solo": false}}})[/code].
func set_mix(mix: Dictionary, transition_s := -1.0) -> void:
	_keep(mix)
	var voices: Variant = mix.get("voices")
	for voice: Variant in voices if voices is Dictionary else {}:
		if voices[voice] is Dictionary:
			_voices[voice] = Maps.laid(_voices.get(voice, {}), voices[voice])
	_tell_mix(_covered(mix), transition_s)


## A stroke of lightning, [param distance_m] away (0.5 to 30000), in the direction
## [param azimuth_deg] (clockwise from north), [param strength] 0 to 1. It is heard when its sound
## arrives: 3 s later for a kilometre.
func lightning(distance_m := 1000.0, azimuth_deg := 0.0, strength := 0.5) -> void:
	var what := {"kind": "lightning", "distance_m": distance_m, "azimuth_deg": azimuth_deg}
	what["strength"] = strength
	event(what)


## Something that happens once: {"kind", "distance_m", "azimuth_deg", "strength", "animal"}, the
## kind one of lightning, gust, branch, splash and animal.
func event(what: Dictionary) -> void:
	_tell({"type": "event", "event": what}, -1.0)


## Another picture: the scene snaps to the world as it is, with these changes ({"weather": {...},
## "location": {...}, "time": {...}}), and what sounded before fades in 20 ms.
func cut(world: Dictionary = {}) -> void:
	_tell_changed()
	var told := world.duplicate()
	for group: String in world:
		if world[group] is Dictionary:
			_keep(world[group])
			told[group] = _covered(world[group])
	_tell_world(told, -1.0, true)


## Puts presets over the properties, as [code]AmbiomePresets.blend[/code] takes them: names, or
## [code]{"preset": "storm_at_sea", "priority": 0, "weight": 1.0}[/code]. They cover what they name,
## by their weight; without them, [code][][/code], it is as the properties say again.
func set_presets(stack: Array, transition_s := -1.0) -> void:
	_tell_changed()
	var before := _layers.over(_own())
	_layers.stack = stack.duplicate(true)
	var after := _layers.over(_own())
	_tell_world(Layers.world_change(before.world, after.world), transition_s)
	_tell_mix(Layers.mix_change(before.mix, after.mix), transition_s)


## What the properties and [method set_mix] say.
func _own() -> Dictionary:
	var mix := {}
	for field: String in Layers.MIX_DEFAULTS:
		if get(field) != null:
			mix[field] = get(field)
	if not _voices.is_empty():
		mix["voices"] = _voices
	return {"world": world(), "mix": mix}


## These fields as they sound: what a preset covers counts as the preset says.
func _covered(fields: Dictionary) -> Dictionary:
	if _layers.stack.is_empty():
		return fields
	var all := _layers.over(_own())
	var made := fields.duplicate()
	for field: Variant in fields:
		if FIELDS.has(field):
			var group: String = FIELDS[field][0]
			var values: Dictionary = all.mix if group == "mix" else all.world.get(group, {})
			made[field] = values.get(field, fields[field])
	return made


func _set_group(group: String, fields: Dictionary, transition_s: float) -> void:
	_keep(fields)
	_tell_world({group: _covered(fields)}, transition_s)


func _tell_everything() -> void:
	var all := _layers.over(_own())
	_tell_world(all.world, -1.0, true)
	_tell_mix(all.mix, 0.0)


func _tell_changed() -> void:
	var told := {}
	var mix := {}
	for field: String in _changed:
		var group: String = FIELDS[field][0]
		var value: Variant = _covered({field: get(field)})[field]
		if group != "mix":
			Maps.opened(told, group)[field] = value
		else:
			mix[field] = Layers.MIX_DEFAULTS[field] if value == null else value
	_changed = {}
	_tell_world(told)
	_tell_mix(mix, -1.0)


func _tell_mix(mix: Dictionary, transition_s: float) -> void:
	if not mix.is_empty():
		_tell({"type": "mix", "mix": mix}, transition_s)


func _tell_world(world: Dictionary, transition_s := -1.0, is_cut := false) -> void:
	if world.is_empty() and not is_cut:
		return
	var location: Variant = world.get("location")
	if location is Dictionary and location.has("features"):
		_ears.forget()
	var change := {"type": "world", "world": world}
	if is_cut:
		change["cut"] = true
	_tell(change, transition_s)


func _tell(change: Dictionary, transition_s: float) -> void:
	if _link == null:
		return
	if transition_s >= 0.0:
		change["transition_s"] = transition_s
	_commands.append(change.duplicate(true))


func _find_listener() -> Node3D:
	if is_instance_valid(listener):
		return listener if listener.is_inside_tree() else null
	var viewport := get_viewport()
	if viewport.has_method("get_audio_listener_3d"):
		var ears: Node3D = viewport.call("get_audio_listener_3d")
		if ears != null:
			return ears
	return viewport.get_camera_3d()


func _pass_on(notice: Array) -> void:
	match notice[0]:
		"connected":
			connected.emit()
		"disconnected":
			disconnected.emit()
		"scene":
			scene_changed.emit(notice[1], notice[2])
		"error":
			if error.get_connections().is_empty():
				push_warning("Ambiome: %s" % notice[3])
			error.emit(notice[1], notice[2], notice[3])
