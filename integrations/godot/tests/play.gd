extends SceneTree
## Plays what a plan says and writes down what the engine's mixer really played.
##
##     godot --headless --path . --script res://tests/play.gd -- PLAN.json
##
## Beside `out` it writes the times: pairs of how many samples were captured and when (s), float64.
##
## The plan: {"properties": {...}, "out": path, "seconds": after the first frame that sounds,
## "actions": [[seconds, method, arguments...], ...]}. Each line "> {...}" that is printed is a JSON
## map: {"what", "sample": how many were captured so far, ...}. "stop_after": [what, count, seconds]
## ends it that long after the last of so many lines.

const CAPTURE_S := 6.0

var _plan: Dictionary
var _player: Node
var _capture := AudioEffectCapture.new()
var _out: FileAccess
var _captured := 0
var _since_s := -1.0
var _spent_us := PackedFloat64Array()
var _drained := PackedFloat64Array()
var _skips := -1


func _initialize() -> void:
	var path: String = OS.get_cmdline_user_args()[0]
	_plan = JSON.parse_string(FileAccess.get_file_as_string(path))
	_out = FileAccess.open(_plan.out, FileAccess.WRITE)
	_capture.buffer_length = CAPTURE_S
	AudioServer.add_bus_effect(0, _capture)
	_player = load("res://addons/ambiome/player.gd").new()
	for property: String in _plan.get("properties", {}):
		_player.set(property, _plan.properties[property])
	_player.connected.connect(func() -> void: _say("connected"))
	_player.disconnected.connect(func() -> void: _say("disconnected"))
	_player.underrun.connect(func(count: int) -> void: _say("underrun", {"count": count}))
	_player.error.connect(
		func(code: String, field: String, detail: String) -> void:
			_say("error", {"code": code, "field": field, "detail": detail})
	)
	_player.scene_changed.connect(
		func(values: Dictionary, targets: Dictionary) -> void:
			if _plan.get("scenes", false):
				_say("scene", {"values": values, "targets": targets})
	)
	for node: Dictionary in _plan.get("nodes", []):
		_add(node)
	root.add_child(_player)
	_player.set_process(false)
	_say("started", {"mix_rate": AudioServer.get_mix_rate()})


func _process(delta: float) -> bool:
	var before := Time.get_ticks_usec()
	_player._process(delta)
	var spent := Time.get_ticks_usec() - before
	if _since_s >= 0.0:
		_spent_us.append(spent)
	_drain()
	if _since_s < 0.0:
		if _player.state == _plan.get("until", "playing"):
			_since_s = 0.0
			_say("playing")
		return false
	_since_s += delta
	while not _plan.actions.is_empty() and _plan.actions[0][0] <= _since_s:
		_do(_plan.actions.pop_front().slice(1))
	if _since_s < _plan.seconds:
		return false
	_say("ended", {
		"underruns": _player.underruns,
		"skips": _playback_skips() - maxi(_skips, 0),
		"pictures": _spent_us.size(),
		"spent_us": _shares(_spent_us, [0.5, 0.95, 0.99, 1.0]),
		"state": _player.state,
	})
	_out.close()
	var times := FileAccess.open(_plan.out + ".times", FileAccess.WRITE)
	times.store_buffer(_drained.to_byte_array())
	times.close()
	_player.free()
	quit(0)
	return false


func _do(action: Array) -> void:
	var method: String = action[0]
	var arguments: Array = action.slice(1)
	_say("action", {"method": method})
	match method:
		"set":
			_player.set(arguments[0], arguments[1])
		"block":
			OS.delay_msec(int(arguments[0]))
		"mark":
			_skips = _playback_skips()
		"tree_pause":
			paused = arguments[0]
		"turn":
			root.get_node("Camera").rotation_degrees.y = arguments[0]
		_:
			_player.callv(method, arguments)


func _add(node: Dictionary) -> void:
	var made: Node3D = Camera3D.new() if node.kind == "camera" else Node3D.new()
	if node.kind == "camera":
		made.name = "Camera"
	else:
		var script := GDScript.new()
		var source := "extends Node3D\nvar kind := \"%s\"\nvar size := %f\n"
		script.source_code = source % [node.kind, node.size]
		script.reload()
		made.set_script(script)
		made.add_to_group("ambiome_features")
	root.add_child(made)
	made.position = Vector3(node.at[0], node.at[1], node.at[2])


func _playback_skips() -> int:
	return _player._stream_player.get_stream_playback().get_skips() if _player._stream_player else 0


func _drain() -> void:
	var size := _capture.get_frames_available()
	if size > 0:
		_out.store_buffer(_capture.get_buffer(size).to_byte_array())
		_captured += size
		_drained.append_array(PackedFloat64Array([_captured, Time.get_ticks_usec() / 1e6]))


## The values below which these shares lie.
static func _shares(values: PackedFloat64Array, shares: Array) -> Array:
	var sorted := values.duplicate()
	sorted.sort()
	return shares.map(
		func(share: float) -> float: return sorted[roundi(share * (sorted.size() - 1))]
	)


func _say(what: String, more := {}) -> void:
	var stop: Array = _plan.get("stop_after", ["", 0, 0.0])
	if what == stop[0]:
		stop[1] -= 1
		if stop[1] == 0:
			_plan.seconds = maxf(_since_s, 0.0) + stop[2]
	var line := {"what": what, "sample": _captured, "at_s": Time.get_ticks_usec() / 1e6}
	print("> ", JSON.stringify(line.merged(more)))
