extends RefCounted
## The client's side of a session, without socket, thread or clock: events and the time go in,
## messages come out. The rules, as state, what happens, what is done → the state after it:
##
##     offline   a socket is ready           hello, with the token if there is one        → greeting
##     offline   no socket to be had         says so once; tries again in RETRY_S         → offline
##     greeting  welcome                     tells what was not heard yet, grants credit  → open
##     greeting  welcome of another major    says both versions                           → failed
##     greeting  error version               says both versions                           → failed
##     greeting  error bad_resume,           forgets the token; new socket                → offline
##               unknown_session
##     greeting  error busy, internal        says so once; tries again in RETRY_S         → offline
##     greeting  any other error             says what the server says                    → failed
##     greeting  ANSWER_S without an answer  tries again                                  → offline
##     open      frame                       keeps it if it is the next one               → open
##     open      frame after a gap           new socket                                   → offline
##     open      error unknown_session,      new socket; at once if the session lasted    → offline
##               internal; bye
##     open      any other error, warning    tells the game                               → open
##     open      warning skipped             (in a zone) goes on at the step it names     → open
##     open      bye zone_ended              says so: another hello would open a zone     → failed
##     open      SILENCE_S without a word    new socket                                   → offline
##               though frames are owed
##     any       the socket breaks           new socket, in RETRY_S                       → offline
##     any       a message breaks the rules  tells the game; new socket, in RETRY_S       → offline
##     any       close                       bye                                          → closed
##
## "New socket" is [member generation] going up by one: nothing that was meant for a dead server
## reaches its heir, and each hello is the first message of its connection. A server that lost the
## session gets a new one and hears the world as it stands.
##
## In a zone only owners tell the world: what a game tells that is none is kept, and told should
## this client have to open the zone again. A heading would turn all who listen; it is left out.

enum State { OFFLINE, GREETING, OPEN, FAILED, CLOSED }

const Audio := preload("audio.gd")
const Credit := preload("credit.gd")
const Limits := preload("limits.gd")
const Maps := preload("maps.gd")
const Messages := preload("messages.gd")
const Msgpack := preload("msgpack.gd")
const Told := preload("told.gd")

## There is a new attempt this long after the last one.
const RETRY_S := 1.0
## A hello is answered within this time: a server may be busy, and another hello opens one more
## session there. One that resumes opens none.
const ANSWER_S := 10.0
const ANSWER_RESUMING_S := 2.0
## A server that owes frames says something within this time.
const SILENCE_S := 10.0

## Where it stands.
var state := State.OFFLINE
## Goes up when the socket is to be closed and another opened.
var generation := 0
## Not before this time.
var connects_at := -INF
## What is to go out, in order, encoded.
var outbox: Array[PackedByteArray] = []
## What the game is to hear of: arrays of a name and its arguments.
var notices: Array[Array] = []
## The sound that came, each a step of stereo.
var frames: Array[PackedVector2Array] = []
## Whether the frames from now on do not follow on those before.
var is_seam := false
## How often the sound ran dry; the shell counts.
var underruns := 0
## Its books.
var credit := Credit.new()
## What makes others owners of the zone too; empty for who is none, and outside of zones.
var zone_key := PackedByteArray()

var _hello: Dictionary
var _msgpack := Msgpack.new()
var _told := Told.new()
var _resume: Variant = null
var _had_session := false
var _next_step := 0
var _heard_at := 0.0
var _hello_at := 0.0
var _opened_at := 0.0
var _underruns_before := 0
var _told_of := ""

var _rules := {
	[State.GREETING, "welcome"]: _welcome,
	[State.GREETING, "error"]: _refuse_hello,
	[State.OPEN, "frame"]: _frame,
	[State.OPEN, "scene"]: _scene,
	[State.OPEN, "warning"]: _warn,
	[State.OPEN, "error"]: _refuse,
	[State.OPEN, "bye"]: _bye,
}


func _init(
	session_seed: int, telemetry_hz: float, renderer := "procedural", zone := "", key_hex := ""
) -> void:
	_hello = {"type": "hello", "version": Limits.VERSION, "seed": session_seed}
	_hello["telemetry_hz"] = telemetry_hz
	if renderer != "procedural":
		_hello["renderer"] = renderer
	if zone != "":
		_hello["zone"] = zone
	if key_hex != "":
		_hello["zone_key"] = key_hex.hex_decode()


# What a game does.


## Sends a change: a map of type world, event or mix, without number.
func tell(change: Dictionary) -> void:
	var size := Msgpack.encode(change).size()
	if size + 16 > Limits.MAX_CLIENT_MESSAGE_BYTES:
		var detail := "a message of %d bytes; at most %d" % [size, Limits.MAX_CLIENT_MESSAGE_BYTES]
		notices.append(["error", "too_large", change.type, detail])
		return
	if _hello.has("zone") and change.type == "world" and change.world.has("listener"):
		change.world.erase("listener")
		if change.world.is_empty():
			return
	_told.add(change)


## Grants nothing more, or goes on.
func pause(is_paused: bool) -> void:
	credit.is_paused = is_paused


## Says bye, also to a server that has not answered yet: it would keep the session for a while.
func close() -> void:
	if state in [State.GREETING, State.OPEN]:
		_send({"type": "bye"})
	state = State.CLOSED


# What the shell does.


## Whether there is to be a socket now.
func wants_socket(now: float) -> bool:
	return state in [State.GREETING, State.OPEN] or state == State.OFFLINE and now >= connects_at


## The socket is there and takes messages.
func open(now: float) -> void:
	_hello_at = now
	_heard_at = now
	state = State.GREETING
	outbox.clear()
	var hello := _hello
	if _resume != null:
		hello = Maps.laid(hello, {"resume": _resume, "next_step": _next_step})
	elif not zone_key.is_empty():
		hello = Maps.laid(hello, {"zone_key": zone_key})
	_send(hello)


## The socket broke, or was not to be had.
func lose_socket(reason: String, now: float) -> void:
	if state in [State.FAILED, State.CLOSED]:
		return
	_say("unreachable", "server", reason)
	_lose(now, now + RETRY_S)


## Does what is due. `buffered` is in samples: what has arrived and was not consumed.
func tick(now: float, buffered: int) -> void:
	if state == State.GREETING:
		if now >= _hello_at + (ANSWER_S if _resume == null else ANSWER_RESUMING_S):
			lose_socket("the server does not answer", now)
	elif state == State.OPEN:
		if not _is_owner():
			_told.keep(credit.arrived)
		elif not credit.is_paused:
			_send_all(_told.ready())
		var due := credit.due(now, buffered)
		if not due.is_empty():
			due["underruns"] = underruns - _underruns_before
			_send(due)
		if not credit.is_owed():
			_heard_at = maxf(_heard_at, now - SILENCE_S / 2)
		elif now >= _heard_at + SILENCE_S:
			lose_socket("the server has fallen silent", now)


## Takes one message of the server, its parts in order.
func receive(parts: Array, now: float) -> void:
	_heard_at = now
	if state not in [State.GREETING, State.OPEN]:
		return
	var message := _msgpack.decode(parts[0])
	var fault := _msgpack.fault if not _msgpack.fault.is_empty() else Messages.check(message)
	if not fault.is_empty():
		_break(fault.code, fault.field, fault.detail, now)
		return
	var rule: Variant = _rules.get([state, message.type])
	if rule != null:
		rule.call(message, parts, now)


# The rules.


func _welcome(welcome: Dictionary, _parts: Array, now: float) -> void:
	if welcome.version.get_slice(".", 0) != Limits.VERSION.get_slice(".", 0):
		_fail("version", "version", "the server speaks %s" % welcome.version)
		return
	if welcome.layout != "stereo" or welcome.format != "f32le":
		_fail("contradiction", "layout", "not the stereo in f32le that was asked for")
		return
	var is_resumed: bool = welcome.get("resumed", false)
	if is_resumed and welcome.next_step > _next_step:
		if not _hello.has("zone"):
			_forget(now)
			return
		is_seam = true
		_next_step = welcome.next_step
	zone_key = welcome.get("zone_key", PackedByteArray())
	state = State.OPEN
	_opened_at = now
	_told_of = ""
	if is_resumed:
		_send_all(_told.resume(welcome.get("last_seq", 0)))
	else:
		if _had_session:
			_told.start_over(_next_step, welcome.next_step)
			is_seam = true
		_next_step = welcome.next_step
		_underruns_before = underruns
	_resume = welcome.resume
	_had_session = true
	credit.open(welcome.next_step)
	notices.append(["connected", is_resumed])


func _frame(frame: Dictionary, parts: Array, now: float) -> void:
	if frame.step > credit.arrived:
		_lose(now, now)
		return
	if frame.step < credit.arrived:
		return
	var bytes := Limits.STEP_SAMPLES * Limits.CHANNELS * 4
	if parts.size() != 2 or parts[1].size() != bytes or frame.format != "f32le":
		_break("malformed", "", "a frame without its %d bytes of audio" % bytes, now)
		return
	credit.arrived += 1
	if frame.step >= _next_step:
		frames.append(Audio.stereo(parts[1]))
		_next_step = frame.step + 1
	_told.acknowledge(frame.applied_seq, frame.step)


func _scene(scene: Dictionary, _parts: Array, _now: float) -> void:
	notices.append(["scene", scene.get("values", {}), scene.get("targets", {})])


func _warn(warning: Dictionary, _parts: Array, _now: float) -> void:
	if warning.code != "repeated" or warning.get("seq", 0) > _told.resent:
		notices.append(["error", warning.code, "", warning.detail])
	if warning.code == "skipped" and warning.has("next_step"):
		_next_step = maxi(_next_step, warning.next_step)
		credit.open(_next_step)
		is_seam = true


func _refuse_hello(error: Dictionary, _parts: Array, now: float) -> void:
	match error.code:
		"version":
			_fail("version", "version", "the server speaks %s" % error.get("allowed", "?"))
		"bad_resume", "unknown_session":
			_forget(now)
		"busy", "internal":
			_say(error.code, error.get("field", ""), error.detail)
			_lose(now, now + RETRY_S)
		_:
			_fail(error.code, error.get("field", ""), error.detail)


func _refuse(error: Dictionary, _parts: Array, now: float) -> void:
	if error.code in ["unknown_session", "internal"]:
		_lose(now, _again_at(now))
		return
	_told.refuse(error.get("seq", 0))
	notices.append(["error", error.code, error.get("field", ""), error.detail])


func _bye(message: Dictionary, _parts: Array, now: float) -> void:
	if message.get("reason") == "zone_ended":
		_fail("zone_ended", "zone", "the zone '%s' is gone: it has no owner" % _hello.get("zone", ""))
		return
	_lose(now, _again_at(now))


# Helpers.


## Whether the world is this client's to tell.
func _is_owner() -> bool:
	return not (_hello.has("zone") and zone_key.is_empty())


## At once, but not again and again: two that fight for a session would not stop.
func _again_at(now: float) -> float:
	return now if now >= _opened_at + RETRY_S else now + RETRY_S


func _forget(now: float) -> void:
	_resume = null
	_lose(now, _again_at(now))


func _lose(_now: float, connects_again_at: float) -> void:
	if state == State.OPEN:
		notices.append(["disconnected"])
	state = State.OFFLINE
	generation += 1
	connects_at = connects_again_at
	outbox.clear()


func _break(code: String, field: String, detail: String, now: float) -> void:
	_say(code, field, "the server broke the protocol: " + detail)
	_lose(now, now + RETRY_S)


func _fail(code: String, field: String, detail: String) -> void:
	if code == "version":
		detail += "; this addon speaks %s" % Limits.VERSION
	notices.append(["error", code, field, detail])
	state = State.FAILED
	generation += 1
	outbox.clear()


## What goes on being so is said once, until there was a session again.
func _say(code: String, field: String, detail: String) -> void:
	if _told_of != code:
		_told_of = code
		notices.append(["error", code, field, detail])


func _send_all(changes: Array[Dictionary]) -> void:
	for change in changes:
		_send(change)


func _send(message: Dictionary) -> void:
	outbox.append(Msgpack.encode(message))
