extends RefCounted
## ZMTP 3.0, the side of a DEALER with the mechanism NULL, without a socket: bytes in, bytes out.
##
##     greeting   64 bytes of a greeting   sends READY                              → shaking
##     shaking    command READY            (messages may be sent from here on)      → ready
##     ready      command PING             sends PONG with the same context         → ready
##     ready      other commands           nothing                                  → ready
##     ready      a message's parts        `messages` gets them, as one array       → ready
##     any        anything else            `failure` says what                      → failed

const Limits := preload("limits.gd")

const _MORE := 1
const _LONG := 2
const _COMMAND := 4
const _GREETING_BYTES := 64
## A frame's header and the audio.
const _MAX_PARTS := 2
const _MAX_COMMAND_BYTES := 4096

## What to send, in order.
var outgoing := PackedByteArray()
## What came: one array of parts for each message.
var messages: Array[Array] = []
## Whether messages may be sent.
var is_ready := false
## Why there is no sense in going on; "" while there is.
var failure := ""

var _is_greeted := false
var _incoming := PackedByteArray()
var _parts: Array[PackedByteArray] = []


func _init() -> void:
	outgoing.resize(_GREETING_BYTES)
	outgoing[0] = 0xff
	outgoing[9] = 0x7f
	outgoing[10] = 3
	var mechanism := "NULL".to_ascii_buffer()
	for i in mechanism.size():
		outgoing[12 + i] = mechanism[i]


## Puts a message of one part into [member outgoing].
func send(part: PackedByteArray) -> void:
	_send_frame(0, part)


## Takes bytes that came.
func receive(bytes: PackedByteArray) -> void:
	_incoming.append_array(bytes)
	var read := 0
	while failure.is_empty():
		var taken := _take_frame(read) if _is_greeted else _take_greeting(read)
		if taken == 0:
			break
		read += taken
	_incoming = _incoming.slice(read)


func _take_greeting(from: int) -> int:
	if _incoming.size() - from < _GREETING_BYTES:
		if _incoming.size() > from and _incoming[from] != 0xff:
			failure = "no ZeroMQ server answers there"
		return 0
	if _incoming[from] != 0xff or _incoming[from + 9] != 0x7f or _incoming[from + 10] < 3:
		failure = "what answers there speaks no ZMTP 3"
		return 0
	if _incoming.slice(from + 12, from + 17) != "NULL".to_ascii_buffer() + PackedByteArray([0]):
		failure = "the server asks for another mechanism than NULL"
		return 0
	_is_greeted = true
	var ready := "\u0005READY\u000bSocket-Type".to_ascii_buffer()
	ready.append_array(PackedByteArray([0, 0, 0, 6]))
	ready.append_array("DEALER".to_ascii_buffer())
	_send_frame(_COMMAND, ready)
	return _GREETING_BYTES


## How many bytes the frame at `from` took; 0 if it is not here yet.
func _take_frame(from: int) -> int:
	var here := _incoming.size() - from
	if here < 2:
		return 0
	var flags := _incoming[from]
	var head := 9 if flags & _LONG else 2
	if here < head:
		return 0
	var size := _incoming[from + 1]
	if flags & _LONG:
		size = 0
		for i in 8:
			size = size << 8 | _incoming[from + 1 + i]
	var most := _MAX_COMMAND_BYTES if flags & _COMMAND else Limits.MAX_SERVER_MESSAGE_BYTES
	if size < 0 or size > most or flags & ~7:
		failure = "the server broke the transport's rules: a frame of %d bytes" % size
		return 0
	if here < head + size:
		return 0
	var body := _incoming.slice(from + head, from + head + size)
	if flags & _COMMAND:
		_take_command(body)
	else:
		_take_part(body, flags & _MORE != 0)
	return head + size


func _take_command(body: PackedByteArray) -> void:
	if _starts(body, "\u0005READY"):
		is_ready = true
	elif _starts(body, "\u0005ERROR"):
		failure = "the server refused the connection"
	elif _starts(body, "\u0004PING"):
		var pong := "\u0004PONG".to_ascii_buffer()
		pong.append_array(body.slice(7))
		_send_frame(_COMMAND, pong)


static func _starts(body: PackedByteArray, with: String) -> bool:
	return body.slice(0, with.length()) == with.to_ascii_buffer()


func _take_part(part: PackedByteArray, has_more: bool) -> void:
	if not is_ready:
		failure = "the server broke the transport's rules: a message before READY"
		return
	if _parts.size() == _MAX_PARTS:
		failure = "the server broke the protocol: a message of more than %d parts" % _MAX_PARTS
		return
	_parts.append(part)
	if not has_more:
		messages.append(_parts)
		_parts = []


func _send_frame(flags: int, body: PackedByteArray) -> void:
	if body.size() < 256:
		outgoing.append_array(PackedByteArray([flags, body.size()]))
	else:
		outgoing.append(flags | _LONG)
		for i in 8:
			outgoing.append(body.size() >> (8 * (7 - i)) & 0xff)
	outgoing.append_array(body)
