extends RefCounted
## Msgpack, as much of it as the protocol uses: a writer, and a reader that checks every size first.
##
## The writer takes whatever a game hands over. A float that is a whole number is written as an
## integer, which the protocol takes wherever it takes a float: JSON has only floats. What msgpack
## has no form for (a Vector3, an object) is written as its text, and the server answers with the
## name of the field.
##
## The reader never takes memory on a peer's word, and any bytes give a map or a fault.

const Limits := preload("limits.gd")

## Deeper values are written as nil: a game's dictionary may hold itself.
const _DEEPEST_WRITTEN := 16
const _WHOLE := 9007199254740992.0

## Sizes in bytes of the lengths that follow these bytes, and what they are the length of.
const _LENGTHS := {
	0xc4: [1, "binary"], 0xc5: [2, "binary"], 0xc6: [4, "binary"],
	0xd9: [1, "string"], 0xda: [2, "string"], 0xdb: [4, "string"],
	0xdc: [2, "array"], 0xdd: [4, "array"],
	0xde: [2, "map"], 0xdf: [4, "map"],
}
## Sizes in bytes of the numbers that follow these bytes.
const _NUMBERS := {
	0xca: 4, 0xcb: 8, 0xcc: 1, 0xcd: 2, 0xce: 4, 0xcf: 8, 0xd0: 1, 0xd1: 2, 0xd2: 4, 0xd3: 8
}
const _CONSTANTS := {0xc0: null, 0xc2: false, 0xc3: true}

## What was wrong with the bytes read last: {} or {"code", "field", "detail"}.
var fault := {}

var _in := StreamPeerBuffer.new()
var _limits: Dictionary


## The bytes of a value.
static func encode(value: Variant) -> PackedByteArray:
	var out := StreamPeerBuffer.new()
	out.big_endian = true
	_write(out, value, 0)
	return out.data_array


## The map in these bytes; {} and [member fault] if they are not one map within the limits.
func decode(bytes: PackedByteArray, limits: Dictionary = Limits.OF_SERVER) -> Dictionary:
	fault = {}
	_limits = limits
	if bytes.size() > limits.bytes:
		_refuse("too_large", "a message of %d bytes" % bytes.size())
		return {}
	_in.big_endian = true
	_in.data_array = bytes
	var value: Variant = _read(1)
	if fault.is_empty() and _in.get_available_bytes() > 0:
		_refuse("malformed", "there are bytes after the map")
	if fault.is_empty() and not value is Dictionary:
		_refuse("malformed", "it is no map")
	return value if fault.is_empty() else {}


static func _write(out: StreamPeerBuffer, value: Variant, depth: int) -> void:
	match typeof(value):
		TYPE_NIL:
			out.put_u8(0xc0)
		TYPE_BOOL:
			out.put_u8(0xc3 if value else 0xc2)
		TYPE_INT:
			_write_integer(out, value)
		TYPE_FLOAT:
			_write_float(out, value)
		TYPE_PACKED_BYTE_ARRAY:
			_write_length(out, value.size(), [0, 0, 0xc4, 0xc5, 0xc6])
			out.put_data(value)
		TYPE_DICTIONARY:
			_write_map(out, value, depth)
		TYPE_ARRAY, TYPE_PACKED_STRING_ARRAY, TYPE_PACKED_FLOAT32_ARRAY, TYPE_PACKED_FLOAT64_ARRAY, \
		TYPE_PACKED_INT32_ARRAY, TYPE_PACKED_INT64_ARRAY:
			_write_array(out, value, depth)
		_:
			_write_string(out, str(value))


static func _write_integer(out: StreamPeerBuffer, value: int) -> void:
	if value >= -32 and value < 128:
		out.put_8(value)
	elif value >= 0 and value <= 0xff:
		out.put_u8(0xcc)
		out.put_u8(value)
	elif value >= 0 and value <= 0xffff:
		out.put_u8(0xcd)
		out.put_u16(value)
	elif value >= 0 and value <= 0xffffffff:
		out.put_u8(0xce)
		out.put_u32(value)
	else:
		out.put_u8(0xd3)
		out.put_64(value)


static func _write_float(out: StreamPeerBuffer, value: float) -> void:
	if value == floorf(value) and absf(value) < _WHOLE:
		_write_integer(out, int(value))
	else:
		out.put_u8(0xcb)
		out.put_double(value)


static func _write_string(out: StreamPeerBuffer, value: String) -> void:
	var bytes := value.to_utf8_buffer()
	_write_length(out, bytes.size(), [0xa0, 32, 0xd9, 0xda, 0xdb])
	out.put_data(bytes)


static func _write_array(out: StreamPeerBuffer, value: Variant, depth: int) -> void:
	if depth >= _DEEPEST_WRITTEN:
		out.put_u8(0xc0)
		return
	_write_length(out, value.size(), [0x90, 16, 0xdc, 0xdc, 0xdd])
	for item: Variant in value:
		_write(out, item, depth + 1)


static func _write_map(out: StreamPeerBuffer, value: Dictionary, depth: int) -> void:
	if depth >= _DEEPEST_WRITTEN:
		out.put_u8(0xc0)
		return
	_write_length(out, value.size(), [0x80, 16, 0xde, 0xde, 0xdf])
	for key: Variant in value:
		_write_string(out, str(key))
		_write(out, value[key], depth + 1)


## `forms`: the byte that holds a length itself and how many lengths do so, then the bytes before a
## length of one, two and four bytes.
static func _write_length(out: StreamPeerBuffer, length: int, forms: Array) -> void:
	if length < forms[1]:
		out.put_u8(forms[0] | length)
	elif length <= 0xff and forms[2] != forms[3]:
		out.put_u8(forms[2])
		out.put_u8(length)
	elif length <= 0xffff:
		out.put_u8(forms[3])
		out.put_u16(length)
	else:
		out.put_u8(forms[4])
		out.put_u32(length)


func _refuse(code: String, detail: String, field := "") -> void:
	if fault.is_empty():
		fault = {"code": code, "field": field, "detail": "message: %s" % detail}


func _has(size: int) -> bool:
	if _in.get_available_bytes() < size:
		_refuse("malformed", "it ends too soon")
	return fault.is_empty()


func _read(depth: int) -> Variant:
	if not _has(1):
		return null
	var form := _in.get_u8()
	if form < 0x80:
		return form
	if form >= 0xe0:
		return form - 0x100
	if form < 0x90:
		return _read_map(form & 0x0f, depth)
	if form < 0xa0:
		return _read_array(form & 0x0f, depth)
	if form < 0xc0:
		return _read_string(form & 0x1f)
	if _CONSTANTS.has(form):
		return _CONSTANTS[form]
	if _NUMBERS.has(form):
		return _read_number(form) if _has(_NUMBERS[form]) else null
	if _LENGTHS.has(form):
		return _read_sized(form, depth)
	var is_extension := form >= 0xc7 and form <= 0xc9 or form >= 0xd4 and form <= 0xd8
	_refuse("malformed", "an extension type" if is_extension else "a byte that msgpack does not use")
	return null


func _read_number(form: int) -> Variant:
	match form:
		0xca:
			return _in.get_float()
		0xcb:
			return _in.get_double()
		0xcc:
			return _in.get_u8()
		0xcd:
			return _in.get_u16()
		0xce:
			return _in.get_u32()
		0xd0:
			return _in.get_8()
		0xd1:
			return _in.get_16()
		0xd2:
			return _in.get_32()
	var whole := _in.get_64()
	# An unsigned number beyond 64 bits with a sign: as a float, it is out of every range anyhow.
	return whole + 18446744073709551616.0 if form == 0xcf and whole < 0 else whole


func _read_sized(form: int, depth: int) -> Variant:
	var size: int = _LENGTHS[form][0]
	if not _has(size):
		return null
	var length := _in.get_u8() if size == 1 else _in.get_u16() if size == 2 else _in.get_u32()
	match _LENGTHS[form][1]:
		"binary":
			return _read_binary(length)
		"string":
			return _read_string(length)
		"array":
			return _read_array(length, depth)
	return _read_map(length, depth)


func _fits(what: String, length: int, most: int) -> bool:
	if length > most:
		_refuse("too_large", "%s of %d; allowed: at most %d" % [what, length, most])
	return fault.is_empty()


func _read_binary(length: int) -> Variant:
	if not _fits("binary data", length, Limits.MAX_BINARY_BYTES) or not _has(length):
		return null
	return _in.get_data(length)[1] if length > 0 else PackedByteArray()


func _read_string(length: int) -> Variant:
	if not _fits("a string", length, _limits.string) or not _has(length):
		return null
	if length == 0:
		return ""
	var bytes: PackedByteArray = _in.get_data(length)[1]
	if not _is_utf8(bytes):
		_refuse("malformed", "a string that is not UTF-8")
		return null
	for i in bytes.count(0):  # The engine's strings hold none, and it would complain.
		bytes[bytes.find(0)] = 0x3f
	return bytes.get_string_from_utf8()


func _read_array(length: int, depth: int) -> Variant:
	if not _fits("an array", length, _limits.array) or not _fits("nesting", depth, Limits.MAX_DEPTH):
		return null
	var made := []
	for i in length:
		var item: Variant = _read(depth + 1)
		if not fault.is_empty():
			return null
		made.append(item)
	return made


func _read_map(length: int, depth: int) -> Variant:
	if not _fits("a map", length, _limits.map) or not _fits("nesting", depth, Limits.MAX_DEPTH):
		return null
	var made := {}
	for i in length:
		var key: Variant = _read(depth + 1)
		if fault.is_empty() and not key is String:
			_refuse("malformed", "a key that is no string")
		elif fault.is_empty() and made.has(key):
			_refuse("malformed", "the key '%s' twice" % key, key)
		if not fault.is_empty():
			return null
		made[key] = _read(depth + 1)
		if not fault.is_empty():
			return null
	return made


## The engine complains about bad UTF-8 and goes on; a message with it is to be refused.
static func _is_utf8(bytes: PackedByteArray) -> bool:
	var i := 0
	while i < bytes.size():
		var first := bytes[i]
		var more := 0 if first < 0x80 else 1 if first < 0xe0 else 2 if first < 0xf0 else 3
		if first >= 0x80 and first < 0xc2 or first > 0xf4 or i + more >= bytes.size():
			return false
		for k in range(1, more + 1):
			if bytes[i + k] & 0xc0 != 0x80:
				return false
		if more > 1:
			# No longer form than needed, no half of a surrogate pair, nothing beyond U+10FFFF.
			var second := bytes[i + 1]
			if first == 0xe0 and second < 0xa0 or first == 0xed and second > 0x9f:
				return false
			if first == 0xf0 and second < 0x90 or first == 0xf4 and second > 0x8f:
				return false
		i += more + 1
	return true
