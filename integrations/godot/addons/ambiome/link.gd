extends RefCounted
## The thread that does all the work: socket, decoding, state machine, filling the audio buffer.
##
## The main thread calls [method exchange] once in a picture. It swaps two arrays under a lock that
## is never held while anything else happens.

const Connection := preload("connection.gd")
const Filler := preload("filler.gd")
const Limits := preload("limits.gd")
const Zmtp := preload("zmtp.gd")

const _NAP_US := 3000
## A TCP connection, and what ZMTP does before the first message, take no longer than this.
const _CONNECT_S := 3.0

var _thread := Thread.new()
var _lock := Mutex.new()
var _commands := []
var _notices: Array[Array] = []
var _figures := {"state": Connection.State.OFFLINE, "buffered": 0, "underruns": 0, "zone_key": ""}
var _is_ending := false

# What follows is the thread's alone.
var _host: String
var _port: int
var _playback: AudioStreamGeneratorPlayback
var _capacity: int
var _connection: Connection
var _filler := Filler.new()
var _tcp: StreamPeerTCP
var _zmtp: Zmtp
var _generation := 0
var _connecting_since := 0.0
var _skips := 0


## Starts. `address` is like "tcp://127.0.0.1:5571"; `zone` "" for none, `zone_key` in hexadecimal;
## `playback` is a generator's, empty.
func start(
	address: String,
	session_seed: int,
	telemetry_hz: float,
	renderer: String,
	zone: String,
	zone_key: String,
	playback: AudioStreamGeneratorPlayback
) -> void:
	var place := address.strip_edges().trim_prefix("tcp://")
	var colon := place.rfind(":")
	_host = place.left(maxi(colon, 0)).trim_prefix("[").trim_suffix("]")
	_port = place.substr(colon + 1).to_int()
	_playback = playback
	_capacity = playback.get_frames_available()
	_connection = Connection.new(session_seed, telemetry_hz, renderer, zone, zone_key)
	_thread.start(_run)


## Says bye, and waits for the thread to end: some milliseconds.
func stop() -> void:
	_lock.lock()
	_is_ending = true
	_lock.unlock()
	if _thread.is_started():
		_thread.wait_to_finish()


## Hands over what to tell (maps of type world, event or mix, or true and false to pause and to go
## on) and takes what there is to hear: {"notices", "state", "buffered", "underruns", "zone_key"}.
func exchange(commands: Array) -> Dictionary:
	_lock.lock()
	_commands.append_array(commands)
	var heard := _figures.duplicate()
	heard["notices"] = _notices
	_notices = []
	_lock.unlock()
	return heard


func _run() -> void:
	while true:
		_lock.lock()
		var commands := _commands
		_commands = []
		var is_ending := _is_ending
		_lock.unlock()
		for command: Variant in commands:
			if command is bool:
				_connection.pause(command)
			else:
				_connection.tell(command)
		var now := Time.get_ticks_usec() / 1e6
		if is_ending:
			_connection.close()
			_send()
			break
		_work(now)
		_lock.lock()
		_notices.append_array(_connection.notices)
		_figures["state"] = _connection.state
		_figures["buffered"] = _level() + _filler.waiting()
		_figures["underruns"] = _filler.underruns
		_figures["zone_key"] = _connection.zone_key.hex_encode()
		_lock.unlock()
		_connection.notices.clear()
		OS.delay_usec(_NAP_US)
	_close_socket()


func _work(now: float) -> void:
	if _generation != _connection.generation:
		_generation = _connection.generation
		_close_socket()
	if _tcp == null and _connection.wants_socket(now):
		_open_socket(now)
	if _tcp != null:
		_receive(now)
	_fill(now)
	_connection.tick(now, _level() + _filler.waiting())
	_send()


func _level() -> int:
	return _capacity - _playback.get_frames_available()


func _fill(now: float) -> void:
	if _connection.is_seam:
		_filler.break_off()
		_connection.is_seam = false
	for frame in _connection.frames:
		_filler.add(frame)
	_connection.frames.clear()
	var skips := _playback.get_skips()
	if skips > _skips:
		_filler.miss()
	_skips = skips
	var samples := _filler.take(_level(), now, _connection.credit.is_paused)
	if not samples.is_empty():
		_playback.push_buffer(samples)
	_connection.underruns = _filler.underruns


func _open_socket(now: float) -> void:
	_tcp = StreamPeerTCP.new()
	_zmtp = Zmtp.new()
	_connecting_since = now
	var ip := _resolve()
	var is_address := ip != "" and _port > 0 and _port < 65536
	if not is_address or _tcp.connect_to_host(ip, _port) != OK:
		_connection.lose_socket("no such address: '%s'; it is like tcp://127.0.0.1:5571" % _host, now)


## A server binds an IPv4 address unless it is told otherwise, and "localhost" has both.
func _resolve() -> String:
	if _host.is_valid_ip_address():
		return _host
	var ip := IP.resolve_hostname(_host, IP.TYPE_IPV4) if _host != "" else ""
	return ip if ip != "" or _host == "" else IP.resolve_hostname(_host, IP.TYPE_IPV6)


func _close_socket() -> void:
	if _tcp != null:
		_tcp.disconnect_from_host()
	_tcp = null
	_zmtp = null


func _receive(now: float) -> void:
	_tcp.poll()
	var status := _tcp.get_status()
	var is_connecting := status == StreamPeerTCP.STATUS_CONNECTING
	if status == StreamPeerTCP.STATUS_CONNECTED:
		var size := _tcp.get_available_bytes()
		if size > 0:
			_zmtp.receive(_tcp.get_partial_data(size)[1])
	elif not is_connecting:
		_connection.lose_socket("no server at %s:%d" % [_host, _port], now)
		return
	if not _zmtp.failure.is_empty():
		_connection.lose_socket(_zmtp.failure, now)
		return
	if _connection.state == Connection.State.OFFLINE:
		if _zmtp.is_ready:
			_connection.open(now)
		elif now >= _connecting_since + _CONNECT_S:
			_connection.lose_socket("no server answers at %s:%d" % [_host, _port], now)
			return
	for parts in _zmtp.messages:
		if _generation == _connection.generation:
			_connection.receive(parts, now)
	_zmtp.messages.clear()


func _send() -> void:
	if _tcp == null or _generation != _connection.generation:
		return
	if _tcp.get_status() != StreamPeerTCP.STATUS_CONNECTED:
		return
	for message in _connection.outbox:
		_zmtp.send(message)
	_connection.outbox.clear()
	if not _zmtp.outgoing.is_empty():
		var sent: Array = _tcp.put_partial_data(_zmtp.outgoing)
		_zmtp.outgoing = _zmtp.outgoing.slice(sent[1])
