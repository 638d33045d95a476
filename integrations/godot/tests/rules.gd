extends SceneTree
## The rules at the head of connection.gd, one by one, without a socket: messages and times in, what
## is done out.
##
##     godot --headless --path . --script res://tests/rules.gd
##
## Prints "FAIL ..." for what is wrong and "passed NAME" for each test that came to its end.

const Connection := preload("res://addons/ambiome/connection.gd")
const Credit := preload("res://addons/ambiome/credit.gd")
const Limits := preload("res://addons/ambiome/limits.gd")
const Msgpack := preload("res://addons/ambiome/msgpack.gd")
const WELCOME := {
	"type": "welcome", "version": "1.0", "session": "s", "next_step": 0, "seed": 0, "layout": "stereo",
	"format": "f32le", "pace": "live", "channels": 2, "sample_rate_hz": 48000, "step_samples": 1920,
	"max_outstanding_steps": 25, "sound_version": 3,
}
const S := Connection.State
## A zone's key.
const KEY := "000102030405060708090a0b0c0d0e0f"
## What is granted to an empty buffer, in steps.
const GRANTED := Credit.BUFFER_SAMPLES / Limits.STEP_SAMPLES

var _test := ""


func _process(_delta: float) -> bool:
	for test: Callable in [
		_opens, _keeps_frames, _loses_a_frame, _resumes, _leaves_out_what_it_had, _is_forgotten,
		_is_put_off, _gets_no_answer, _hears_nothing, _is_sent_away, _is_misled, _is_warned,
		_says_bye, _says_too_much, _keeps_alive, _fails, _joins_a_zone, _owns_a_zone, _skips,
		_outlives_no_zone,
	]:
		_test = test.get_method()
		test.call()
		print("passed ", _test)
	return true


func _expect(is_right: bool, what: Variant) -> void:
	if not is_right:
		print("FAIL %s: %s" % [_test, what])


func _receive(connection: Connection, message: Dictionary, now: float, audio := -1) -> void:
	var parts := [Msgpack.encode(message)]
	if audio >= 0:
		var bytes := PackedByteArray()
		bytes.resize(audio)
		parts.append(bytes)
	connection.receive(parts, now)


func _welcome(more := {}) -> Dictionary:
	var made := WELCOME.duplicate()
	made["resume"] = "0123456789abcdef".to_ascii_buffer()
	made.merge(more, true)
	return made


func _frame(connection: Connection, step: int, now: float, applied_seq := 0) -> void:
	var frame := {"type": "frame", "step": step, "applied_seq": applied_seq}
	frame.merge({"layout": "stereo", "format": "f32le"})
	_receive(connection, frame, now, Limits.STEP_SAMPLES * 8)


func _error(connection: Connection, code: String, now: float, more := {}) -> void:
	var error := {"type": "error", "code": code, "detail": "so it is"}
	error.merge(more)
	_receive(connection, error, now)


## What went out, decoded.
func _sent(connection: Connection) -> Array:
	var out := connection.outbox.map(
		func(bytes: PackedByteArray) -> Dictionary:
			return Msgpack.new().decode(bytes, Limits.OF_CLIENT)
	)
	connection.outbox.clear()
	return out


## Open since 0 s, told of rain, granted 3 steps.
func _opened() -> Connection:
	var connection := Connection.new(7, 4)
	connection.open(0.0)
	_receive(connection, _welcome(), 0.0)
	connection.tell({"type": "world", "world": {"weather": {"rain_mm_h": 4}}})
	connection.tick(0.0, 0)
	connection.notices.clear()
	return connection


func _opens() -> void:
	var connection := Connection.new(7, 4)
	_expect(connection.wants_socket(0.0), "a socket at once")
	connection.open(0.0)
	var hello := {"type": "hello", "version": "1.0", "seed": 7, "telemetry_hz": 4}
	_expect(_sent(connection) == [hello], "hello first")
	connection.tell({"type": "mix", "mix": {"master_db": -6}})
	connection.tick(0.1, 0)
	_expect(_sent(connection).is_empty(), "nothing before the welcome")
	_receive(connection, _welcome(), 0.2)
	connection.tick(0.2, 0)
	var sent := _sent(connection)
	_expect(sent.map(func(made: Dictionary) -> String: return made.type) == ["mix", "credit"], sent)
	_expect(sent[1].until_step == GRANTED, sent)
	_expect(connection.notices == [["connected", false]], connection.notices)


func _keeps_frames() -> void:
	var connection := _opened()
	_frame(connection, 0, 0.1)
	_frame(connection, 1, 0.1)
	_frame(connection, 1, 0.1)
	_expect(connection.frames.size() == 2 and connection.state == S.OPEN, connection.frames.size())
	_expect(connection.frames[0].size() == Limits.STEP_SAMPLES, "a step of stereo")


func _loses_a_frame() -> void:
	var connection := _opened()
	_frame(connection, 0, 0.1)
	_frame(connection, 2, 5.0)
	_expect(connection.state == S.OFFLINE and connection.generation == 1, connection.state)
	_expect(connection.wants_socket(5.0), "at once")
	_expect(connection.notices == [["disconnected"]], connection.notices)


func _resumes() -> void:
	var connection := _opened()
	_frame(connection, 0, 0.1)
	_sent(connection)
	connection.lose_socket("it broke", 5.0)
	_expect(not connection.wants_socket(5.9) and connection.wants_socket(6.0), "in a second")
	connection.open(6.0)
	var hello: Dictionary = _sent(connection)[0]
	_expect(hello.resume == _welcome().resume and hello.next_step == 1, hello)
	_receive(connection, _welcome({"resumed": true, "next_step": 1, "last_seq": 0}), 6.1)
	connection.tick(6.1, 0)
	var sent := _sent(connection)
	_expect(sent[0].type == "world" and sent[0].seq == 1, "what it may not have heard: %s" % [sent])
	_expect(sent[-1].until_step == 1 + GRANTED, sent)
	_expect(not connection.is_seam, "it follows on")


func _leaves_out_what_it_had() -> void:
	var connection := _opened()
	_frame(connection, 0, 0.1)
	_frame(connection, 1, 0.1)
	connection.lose_socket("it broke", 5.0)
	connection.open(6.0)
	_receive(connection, _welcome({"resumed": true, "next_step": 1, "last_seq": 1}), 6.1)
	_sent(connection)
	_frame(connection, 1, 6.2)
	_expect(connection.frames.size() == 2, "a step twice")
	_frame(connection, 2, 6.2)
	_expect(connection.frames.size() == 3, "and the next one")


func _is_forgotten() -> void:
	var connection := _opened()
	_frame(connection, 0, 0.1, 1)
	_error(connection, "unknown_session", 5.0)
	_expect(connection.wants_socket(5.0), "at once")
	connection.open(5.0)
	_error(connection, "bad_resume", 5.1, {"field": "resume"})
	_expect(connection.generation == 2 and connection.wants_socket(5.1), "a new socket")
	connection.open(5.1)
	_expect(not _sent(connection)[0].has("resume"), "hello without the token")
	_receive(connection, _welcome(), 5.2)
	connection.tick(5.2, 0)
	var sent := _sent(connection)
	_expect(sent[0].cut and sent[0].world.weather.rain_mm_h == 4, sent)
	_expect(connection.is_seam, "it does not follow on")


func _is_put_off() -> void:
	var connection := Connection.new(0, 0)
	for i in 3:
		connection.open(i)
		_error(connection, "busy", i)
		_expect(connection.state == S.OFFLINE and not connection.wants_socket(i + 0.5), i)
		_expect(connection.wants_socket(i + 1.0), "tries again in a second")
	_expect(connection.notices == [["error", "busy", "", "so it is"]], "said once")


func _gets_no_answer() -> void:
	var connection := Connection.new(0, 0)
	connection.open(0.0)
	connection.tick(9.9, 0)
	_expect(connection.state == S.GREETING, "waits")
	connection.tick(10.0, 0)
	_expect(connection.state == S.OFFLINE, "not for ever")
	connection = _opened()
	connection.lose_socket("it broke", 1.0)
	connection.open(2.0)
	connection.tick(4.0, 0)
	_expect(connection.state == S.OFFLINE, "less when it resumes")


func _hears_nothing() -> void:
	var connection := _opened()
	connection.tick(9.9, 0)
	_expect(connection.state == S.OPEN, "may be slow")
	connection.tick(10.1, 0)
	_expect(connection.state == S.OFFLINE, "frames are owed")
	connection = _opened()
	for step in GRANTED:
		_frame(connection, step, 0.1)
	connection.pause(true)
	for second in 60:
		connection.tick(second, 5760)
	_expect(connection.state == S.OPEN, "nothing is owed")


func _is_sent_away() -> void:
	var connection := _opened()
	_receive(connection, {"type": "bye", "reason": "detached"}, 0.5)
	_expect(not connection.wants_socket(0.6) and connection.wants_socket(1.5), "not at once again")
	connection = _opened()
	_receive(connection, {"type": "bye", "reason": "shutdown"}, 30.0)
	_expect(connection.wants_socket(30.0), "at once after a while")


func _is_misled() -> void:
	for audio: int in [-1, 0, 15359]:
		var connection := _opened()
		var frame := {"type": "frame", "step": 0, "applied_seq": 0}
		frame.merge({"layout": "stereo", "format": "f32le"})
		_receive(connection, frame, 5.0, audio)
		_expect(connection.state == S.OFFLINE and connection.frames.is_empty(), "audio %d" % audio)
		_expect(connection.notices[0].slice(0, 2) == ["error", "malformed"], connection.notices)
	var connection := _opened()
	_receive(connection, {"type": "frame", "step": 1.5}, 5.0)
	_expect(connection.notices[0][1] == "wrong_type", connection.notices)
	_expect(not connection.wants_socket(5.5) and connection.wants_socket(6.0), "in a second")


func _is_warned() -> void:
	var connection := _opened()
	var warning := {"type": "warning", "code": "gust_raised", "detail": "raised", "seq": 1}
	_receive(connection, warning, 1.0)
	_error(connection, "out_of_range", 1.0, {"field": "world.weather.rain_mm_h", "seq": 1})
	var wanted := [
		["error", "gust_raised", "", "raised"],
		["error", "out_of_range", "world.weather.rain_mm_h", "so it is"],
	]
	_expect(connection.notices == wanted and connection.state == S.OPEN, connection.notices)


func _says_bye() -> void:
	var connection := _opened()
	_sent(connection)
	connection.close()
	_expect(_sent(connection) == [{"type": "bye"}] and connection.state == S.CLOSED, "bye")
	_expect(not connection.wants_socket(99.0), "and nothing more")
	connection = Connection.new(7, 4)
	connection.open(0.0)
	connection.close()
	var said := _sent(connection).map(func(message: Dictionary) -> String: return message.type)
	_expect(said == ["hello", "bye"], "also to a server that has not answered")


func _says_too_much() -> void:
	var connection := _opened()
	_sent(connection)
	connection.tell({"type": "mix", "mix": {"voices": "x".repeat(17000)}})
	connection.tick(0.1, 0)
	_expect(connection.notices[0].slice(0, 2) == ["error", "too_large"], connection.notices)
	_expect(_sent(connection).is_empty() and connection.state == S.OPEN, "it is not sent")


func _keeps_alive() -> void:
	var connection := _opened()
	connection.pause(true)
	for step in 3:
		_frame(connection, step, 0.1)
	_sent(connection)
	var count := 0
	for tick in 100:
		connection.tick(tick * 0.1, 0)
		count += _sent(connection).size()
	_expect(count >= 9 and count <= 11, "%d in ten seconds of pause" % count)


func _fails() -> void:
	var connection := Connection.new(-1, 0)
	connection.open(0.0)
	_error(connection, "out_of_range", 0.1, {"field": "seed"})
	_expect(connection.state == S.FAILED and not connection.wants_socket(99.0), "no sense in it")
	_expect(connection.notices == [["error", "out_of_range", "seed", "so it is"]], "says why")


## In a zone, at step 195.
func _in_zone(key := "") -> Connection:
	var connection := Connection.new(7, 0, "procedural", "tavern", key)
	connection.open(0.0)
	var more := {"next_step": 195}
	if key != "":
		more["zone_key"] = key.hex_decode()
	_receive(connection, _welcome(more), 0.0)
	return connection


func _types(connection: Connection) -> Array:
	return _sent(connection).map(func(made: Dictionary) -> String: return made.type)


func _joins_a_zone() -> void:
	var connection := _in_zone()
	_expect(_sent(connection)[0].zone == "tavern", "says which")
	connection.tell({"type": "world", "world": {"weather": {"rain_mm_h": 4}}})
	connection.tick(0.1, 0)
	_expect(_types(connection) == ["credit"], "who is no owner tells nothing")
	_frame(connection, 195, 0.2)
	_expect(connection.frames.size() == 1 and connection.state == S.OPEN, "hears the zone's newest")
	_error(connection, "unknown_session", 5.0)
	connection.open(5.1)
	_error(connection, "bad_resume", 5.2)
	connection.open(5.2)
	_expect(not _sent(connection)[0].has("zone_key"), "it has none")
	_receive(connection, _welcome({"zone_key": KEY.hex_decode()}), 5.3)
	connection.tick(5.4, 0)
	var told := _sent(connection)
	_expect(told[0].world == {"weather": {"rain_mm_h": 4}}, "now it is its to tell: %s" % [told])
	_expect(connection.zone_key.hex_encode() == KEY, "and the key its to hand out")


func _owns_a_zone() -> void:
	var connection := _in_zone(KEY)
	_expect(_sent(connection)[0].zone_key == KEY.hex_decode(), "says the key")
	connection.tell({"type": "world", "world": {"listener": {"heading_deg": 90.0}}})
	var foggy := {"weather": {"fog": 0.5}, "listener": {"heading_deg": 9.0}}
	connection.tell({"type": "world", "world": foggy})
	connection.tick(0.1, 0)
	var sent := _sent(connection)
	_expect(sent.size() == 2 and sent[0].world == {"weather": {"fog": 0.5}}, "no heading: %s" % [sent])


func _skips() -> void:
	var connection := _in_zone()
	_frame(connection, 195, 0.1)
	connection.tick(0.1, 0)
	_sent(connection)
	var warning := {"type": "warning", "code": "skipped", "detail": "so it is"}
	warning.merge({"from_step": 196, "next_step": 300})
	_receive(connection, warning, 0.2)
	_expect(connection.is_seam and connection.state == S.OPEN, "what follows does not follow on")
	connection.tick(0.2, 0)
	_expect(_sent(connection)[0].until_step == 300 + GRANTED, "grants from there on")
	_frame(connection, 300, 0.3)
	_expect(connection.frames.size() == 2 and connection.state == S.OPEN, "and goes on")
	connection.lose_socket("cut", 1.0)
	connection.open(2.0)
	_receive(connection, _welcome({"resumed": true, "next_step": 400}), 2.0)
	_frame(connection, 400, 2.1)
	_expect(connection.frames.size() == 3 and connection.state == S.OPEN, "also when it was away")


func _outlives_no_zone() -> void:
	var connection := _in_zone()
	connection.notices.clear()
	_receive(connection, {"type": "bye", "reason": "zone_ended"}, 1.0)
	_expect(connection.state == S.FAILED and not connection.wants_socket(99.0), "no other zone")
	_expect(connection.notices[0].slice(0, 2) == ["error", "zone_ended"], connection.notices)
