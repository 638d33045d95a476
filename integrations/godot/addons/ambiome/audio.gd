extends RefCounted
## The second part of a frame, and the step of a time (protocol/SPEC.md, "Audio", "Changes").

const Limits := preload("limits.gd")

const _FULL_SCALE := 32767.0


## Stereo in f32le as the engine takes it. Its own reader of values does it in one go; a loop would
## take a thousand times as long, and PackedByteArray has a method for it only in later versions.
static func stereo(bytes: PackedByteArray) -> PackedVector2Array:
	var stored := PackedByteArray()
	stored.resize(8)
	stored.encode_u32(0, TYPE_PACKED_VECTOR2_ARRAY)
	stored.encode_u32(4, bytes.size() / 8)
	stored.append_array(bytes)
	return bytes_to_var(stored)


## Any format: one array for each channel.
static func unpack(bytes: PackedByteArray, format: String, channels: int) -> Array[PackedFloat32Array]:
	var made: Array[PackedFloat32Array] = []
	var width := 4 if format == "f32le" else 2
	for channel in channels:
		var samples := PackedFloat32Array()
		for at in range(channel * width, bytes.size(), channels * width):
			var is_float := format == "f32le"
			samples.append(bytes.decode_float(at) if is_float else bytes.decode_s16(at) / _FULL_SCALE)
		made.append(samples)
	return made


## The step of a session time in seconds: rounded up, but for a microsecond.
static func step_at(at_s: float) -> int:
	return maxi(0, ceili((at_s - 0.000001) * Limits.STEPS_PER_S))
