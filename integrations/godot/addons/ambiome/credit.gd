extends RefCounted
## Credit: up to which step the server may send. It follows what the audio side consumed.

const Limits := preload("limits.gd")

## A credit is sent at least this often, also while paused; the protocol asks for one every 2 s.
const KEEPALIVE_S := 1.0
## What may wait or be on its way, in samples, 160 ms: after a step was granted and has come, more
## than 120 ms are there. What is in the buffer is rendered and can not change any more.
const BUFFER_SAMPLES := 4 * Limits.STEP_SAMPLES

## The step that the server sends next.
var arrived := 0
## The highest credit sent.
var sent := 0
## Whether nothing more is granted.
var is_paused := false

var _sent_at := -INF


## Starts over with a session, new or resumed, that sends `next_step` next.
func open(next_step: int) -> void:
	arrived = next_step
	sent = next_step
	_sent_at = -INF


## Whether the server has credit that it has not used up.
func is_owed() -> bool:
	return sent > arrived


## The credit to send now, or {}: when there is more to grant, and every KEEPALIVE_S in any case.
## `buffered` is in samples: what has arrived and was not consumed.
func due(now: float, buffered: int) -> Dictionary:
	var until := sent
	if not is_paused:
		var room := BUFFER_SAMPLES - buffered
		until = maxi(sent, arrived + maxi(0, floori(float(room) / Limits.STEP_SAMPLES)))
	if until == sent and now < _sent_at + KEEPALIVE_S:
		return {}
	sent = until
	_sent_at = now
	var waiting := ceili(float(buffered) / Limits.STEP_SAMPLES)
	return {"type": "credit", "until_step": until, "played_step": maxi(0, arrived - waiting)}
