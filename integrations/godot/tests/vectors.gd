extends SceneTree
## The protocol's golden vectors, both ways, and a fuzz of every reader.
##
##     godot --headless --path . --script res://tests/vectors.gd -- FOLDER
##
## Prints "FAIL ..." for what is wrong, "wrote NAME HEX" for what the writer made of each message of
## a client, and "counted NAME N" at the end.

const Audio := preload("res://addons/ambiome/audio.gd")
const Connection := preload("res://addons/ambiome/connection.gd")
const Limits := preload("res://addons/ambiome/limits.gd")
const Messages := preload("res://addons/ambiome/messages.gd")
const Msgpack := preload("res://addons/ambiome/msgpack.gd")
const Zmtp := preload("res://addons/ambiome/zmtp.gd")

const FLIPS := 60
const WELCOME := {
	"type": "welcome", "version": "1.0", "session": "s", "next_step": 0, "seed": 0, "layout": "stereo",
	"format": "f32le", "pace": "live", "channels": 2, "sample_rate_hz": 48000, "step_samples": 1920,
	"max_outstanding_steps": 25, "sound_version": 3,
}

var _folder: String
var _counts := {}
var _random := RandomNumberGenerator.new()


func _initialize() -> void:
	_folder = OS.get_cmdline_user_args()[0]
	_random.seed = 20260
	_check_messages()
	_check_bad()
	_check_audio()
	_check_steps()
	_fuzz()
	_check_transport()
	for name: String in _counts:
		print("counted %s %d" % [name, _counts[name]])
	quit(0)


func _expect(is_right: bool, what: String) -> void:
	if not is_right:
		print("FAIL ", what)


func _count(name: String, by := 1) -> void:
	_counts[name] = _counts.get(name, 0) + by


## Integers that a float can not hold come as text: JSON has only floats here.
func _load(file: String) -> Array:
	var text := FileAccess.get_file_as_string(_folder.path_join(file))
	var large := RegEx.create_from_string(": (\\d{16,})([,}])")
	return JSON.parse_string(large.sub(text, ": \"int:$1\"$2", true))


func _message(raw: Variant) -> Variant:
	if raw is Dictionary:
		var made := {}
		for key: String in raw:
			var is_secret: bool = key in ["resume", "zone_key"]
			made[key] = Marshalls.base64_to_raw(raw[key]) if is_secret else _message(raw[key])
		return made
	if raw is Array:
		return raw.map(_message)
	return raw.trim_prefix("int:").to_int() if raw is String and raw.begins_with("int:") else raw


## Whether two values mean the same: 3 is 3.0.
func _is_same(one: Variant, other: Variant) -> bool:
	if one is Dictionary and other is Dictionary:
		if one.size() != other.size():
			return false
		for key: Variant in one:
			if not other.has(key) or not _is_same(one[key], other[key]):
				return false
		return true
	if one is Array and other is Array:
		if one.size() != other.size():
			return false
		for i: int in one.size():
			if not _is_same(one[i], other[i]):
				return false
		return true
	var are_numbers: bool = (one is int or one is float) and (other is int or other is float)
	return one == other if are_numbers or typeof(one) == typeof(other) else false


func _check_messages() -> void:
	var reader := Msgpack.new()
	for vector: Dictionary in _load("messages.json"):
		var wanted: Dictionary = _message(vector.message)
		var is_ours: bool = vector.direction == "to_client"
		var limits := Limits.OF_SERVER if is_ours else Limits.OF_CLIENT
		var read := reader.decode(vector.hex.hex_decode(), limits)
		_expect(reader.fault.is_empty(), "%s: refused: %s" % [vector.name, reader.fault])
		_expect(_is_same(read, wanted), "%s: read as %s" % [vector.name, read])
		if is_ours:
			_expect(Messages.check(read).is_empty(), "%s: %s" % [vector.name, Messages.check(read)])
		var wrote := Msgpack.encode(wanted)
		var again := reader.decode(wrote)
		_expect(_is_same(again, wanted), "%s: wrote %s" % [vector.name, wrote.hex_encode()])
		print("wrote %s %s" % [vector.name, wrote.hex_encode()])
		_count("messages")


func _check_bad() -> void:
	var reader := Msgpack.new()
	for vector: Dictionary in _load("bad.json"):
		var is_ours: bool = vector.direction == "to_client"
		var limits := Limits.OF_SERVER if is_ours else Limits.OF_CLIENT
		var read := reader.decode(vector.hex.hex_decode(), limits)
		var fault := Messages.check(read) if reader.fault.is_empty() else reader.fault
		_expect(not fault.is_empty(), "%s: taken" % vector.name)
		if is_ours or vector.code in ["malformed", "too_large"]:
			var is_named: bool = fault.get("code") == vector.code and fault.get("field") == vector.field
			_expect(is_named, "%s: %s" % [vector.name, fault])
		_count("bad")


func _check_audio() -> void:
	for vector: Dictionary in _load("audio.json"):
		var bytes: PackedByteArray = vector.hex.hex_decode()
		var read := Audio.unpack(bytes, vector.format, int(vector.channels))
		_expect(read.size() == vector.samples.size(), "%s: %d channels" % [vector.name, read.size()])
		for channel in read.size():
			var samples: PackedFloat32Array = read[channel]
			var wanted := PackedFloat32Array(vector.samples[channel])
			_expect(samples == wanted, "%s: %s" % [vector.name, samples])
		if vector.format == "f32le" and vector.channels == 2:
			var stereo := Audio.stereo(bytes)
			for i in stereo.size():
				var wanted := Vector2(vector.samples[0][i], vector.samples[1][i])
				_expect(stereo[i] == wanted, "%s: stereo %s" % [vector.name, stereo[i]])
				_count("stereo")
		_count("audio")


func _check_steps() -> void:
	for vector: Dictionary in _load("steps.json"):
		var step := Audio.step_at(vector.at)
		_expect(step == int(vector.step), "%s: step %d" % [vector.name, step])
		_count("steps")


func _fuzz() -> void:
	for file: String in ["messages.json", "bad.json"]:
		for vector: Dictionary in _load(file):
			var bytes: PackedByteArray = vector.hex.hex_decode()
			for size in mini(bytes.size(), 400):
				_take(bytes.slice(0, size))
			for i in FLIPS if not bytes.is_empty() else 0:
				var flipped := bytes.duplicate()
				for k in _random.randi_range(1, 3):
					flipped[_random.randi() % flipped.size()] ^= 1 << _random.randi() % 8
				_take(flipped)


## Any bytes give a map or a fault, and a connection that is open outlives them.
func _take(bytes: PackedByteArray) -> void:
	var reader := Msgpack.new()
	var read := reader.decode(bytes)
	var is_one := reader.fault.is_empty() or read.is_empty()
	_expect(is_one, "both a map and a fault: " + bytes.hex_encode())
	if reader.fault.is_empty():
		Messages.check(read)
	for is_open: bool in [false, true]:
		var connection := _connection(is_open)
		connection.receive([bytes, PackedByteArray()], 1.0)
		connection.tick(1.0, 0)
		_expect(connection.outbox.size() < 20, "talks too much: " + bytes.hex_encode())
	_count("fuzzed")


func _connection(is_open: bool) -> Connection:
	var connection := Connection.new(0, 4)
	connection.tell({"type": "world", "world": {"weather": {"rain_mm_h": 4}}})
	connection.open(0.5)
	if is_open:
		var welcome := WELCOME.duplicate()
		welcome["resume"] = "0123456789abcdef".to_ascii_buffer()
		connection.receive([Msgpack.encode(welcome)], 0.6)
		_expect(connection.state == Connection.State.OPEN, "the welcome was not taken")
	return connection


## What a server sends, in pieces of every size, and with bits flipped.
func _check_transport() -> void:
	var stream := Zmtp.new().outgoing
	var ready := "\u0005READY\u000bSocket-Type".to_ascii_buffer() + PackedByteArray([0, 0, 0, 6])
	ready.append_array("ROUTER".to_ascii_buffer())
	stream.append_array(PackedByteArray([4, ready.size()]) + ready)
	stream.append_array(PackedByteArray([4, 9]) + "\u0004PING".to_ascii_buffer())
	stream.append_array(PackedByteArray([0, 1, 7, 8]))
	stream.append_array(PackedByteArray([1, 3, 1, 2, 3, 2, 0, 0, 0, 0, 0, 0, 1, 44]))
	var long := PackedByteArray()
	long.resize(300)
	long.fill(5)
	stream.append_array(long)
	for piece in range(1, 100):
		var zmtp := _fed(stream, piece)
		var is_right := zmtp.failure.is_empty() and zmtp.is_ready and zmtp.messages.size() == 1
		_expect(is_right, "transport, pieces of %d: %s" % [piece, zmtp.failure])
		if is_right:
			_expect(zmtp.messages[0] == [PackedByteArray([1, 2, 3]), long], "pieces of %d" % piece)
		var pong := PackedByteArray([4, 7]) + "\u0004PONG".to_ascii_buffer() + PackedByteArray([7, 8])
		_expect(zmtp.outgoing.slice(-9) == pong, "no pong: %s" % zmtp.outgoing.slice(-9).hex_encode())
	for i in 3000:
		var flipped := stream.duplicate()
		flipped[_random.randi() % flipped.size()] ^= 1 << _random.randi() % 8
		_fed(flipped, _random.randi_range(1, 80))
		_count("flipped")


func _fed(stream: PackedByteArray, piece: int) -> Zmtp:
	var zmtp := Zmtp.new()
	for from in range(0, stream.size(), piece):
		zmtp.receive(stream.slice(from, from + piece))
	return zmtp
