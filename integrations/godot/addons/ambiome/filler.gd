extends RefCounted
## Decides what goes into the engine's audio buffer, and fades: no engine in here.
##
## All but the last 10 ms of what is there is handed on at once. They are kept in hand so that there
## is something to fade out when nothing follows; what comes after silence is faded in.
##
##     silent    START_SAMPLES are there     fades in what is handed on       → sounding
##     sounding  more came                   hands on all but the tail        → sounding
##     sounding  the buffer is about to run  hands on the tail, faded out     → silent
##               dry and nothing came
##     sounding  what comes does not follow  hands on the tail, faded out     → silent

const Limits := preload("limits.gd")

const TAIL_SAMPLES := 480
const FADE_IN_SAMPLES := 960
const START_SAMPLES := 3 * Limits.STEP_SAMPLES
## The buffer is never this short, whatever the engine takes at a time.
const LEAST_SAMPLES := 1440
## The thread looks again within this time for sure, as a rule much sooner.
const MARGIN_S := 0.015
## How long the largest bite that the engine takes is remembered.
const BITE_MEMORY_S := 0.5
## The engine takes a bite in parts. What it takes within this time of the first is the same bite.
const BITE_S := 0.006

## How often the sound ran dry though it was to go on.
var underruns := 0
## Whether what is handed on follows on what was.
var is_sounding := false
## The largest bite that the engine took lately, in samples.
var bite := 0

var _held := PackedVector2Array()
var _out := PackedVector2Array()
var _faded_in := FADE_IN_SAMPLES
var _level := 0
var _bitten_at := -INF
var _taken := 0
var _bites := [0, 0]
var _bites_since := 0.0


## What has arrived and was not handed on, in samples.
func waiting() -> int:
	return _held.size() + _out.size()


## Takes the sound that follows.
func add(samples: PackedVector2Array) -> void:
	_held.append_array(samples)


## What is added from now on does not follow on what was added before.
func break_off() -> void:
	if is_sounding:
		_hand_on(_held.size() - TAIL_SAMPLES)
		_fade_out()
	_held.clear()


## The engine wanted more than was in its buffer. While it sounds, that is an underrun that came too
## soon for a fade; what follows is faded in.
func miss() -> void:
	if is_sounding:
		underruns += 1
		_faded_in = 0


## What to put into the engine's buffer, in which `level` samples are. It all has to go in.
func take(level: int, now: float, is_paused: bool) -> PackedVector2Array:
	_observe(level, now)
	if not is_sounding and not is_paused and level + waiting() >= START_SAMPLES:
		is_sounding = true
		_faded_in = 0
	if is_sounding:
		_hand_on(_held.size() - TAIL_SAMPLES)
		if _is_running_dry(level + _out.size(), now):
			_fade_out()
			underruns += 0 if is_paused else 1
	var out := _out
	_out = PackedVector2Array()
	_level = level + out.size()
	return out


func _observe(level: int, now: float) -> void:
	var taken := _level - level
	if taken > 0:
		if now > _bitten_at + BITE_S:
			_bitten_at = now
			_taken = 0
		_taken += taken
		_bites[1] = maxi(_bites[1], _taken)
	if now >= _bites_since + BITE_MEMORY_S:
		_bites = [_bites[1], 0]
		_bites_since = now
	bite = maxi(_bites[0], _bites[1])


## Whether the engine's next bite takes more than there is, and comes before this is asked again.
func _is_running_dry(level: int, now: float) -> bool:
	if level >= maxi(bite + Limits.STEP_SAMPLES / 8, LEAST_SAMPLES):
		return false
	var next_bite_at := _bitten_at + float(bite) / Limits.SAMPLE_RATE_HZ
	return now >= next_bite_at - MARGIN_S


func _hand_on(size: int) -> void:
	if size <= 0:
		return
	var part := _held.slice(0, size)
	_held = _held.slice(size)
	_out.append_array(_with_fade_in(part))


func _with_fade_in(part: PackedVector2Array) -> PackedVector2Array:
	var size := mini(part.size(), FADE_IN_SAMPLES - _faded_in)
	for i in size:
		part[i] *= 0.5 - 0.5 * cos(PI * (_faded_in + i + 0.5) / FADE_IN_SAMPLES)
	_faded_in += maxi(size, 0)
	return part


func _fade_out() -> void:
	var tail := _with_fade_in(_held)
	for i in tail.size():
		tail[i] *= 0.5 + 0.5 * cos(PI * (i + 0.5) / tail.size())
	_out.append_array(tail)
	_held = PackedVector2Array()
	is_sounding = false
