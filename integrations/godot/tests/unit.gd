extends SceneTree
## What can be tested without a server: fades for every engine's way of taking samples, what waits
## and what is told again, directions, the inspector's properties.
##
##     godot --headless --path . --script res://tests/unit.gd
##
## Prints "FAIL ..." for what is wrong, "passed NAME" for each test that came to its end, and
## "fields {...}": the player's table of properties.

const Credit := preload("res://addons/ambiome/credit.gd")
const Ears := preload("res://addons/ambiome/ears.gd")
const Filler := preload("res://addons/ambiome/filler.gd")
const Layers := preload("res://addons/ambiome/layers.gd")
const Limits := preload("res://addons/ambiome/limits.gd")
const Memory := preload("res://addons/ambiome/memory.gd")
const Told := preload("res://addons/ambiome/told.gd")

const HUM_HZ := 100.0
const LOUD := 0.9
## A hum's own steepest step, and the steepest of a fade on top of it.
const STEEPEST := LOUD * (TAU * HUM_HZ / 48000.0 + PI / 2 / Filler.TAIL_SAMPLES) * 1.05


func _process(_delta: float) -> bool:
	for test: Callable in [
		_fades, _keeps_its_nerve, _misses, _breaks_off, _credits, _coalesces, _keeps_few, _tells_again,
		_turns_the_clock, _faces, _hears, _differs, _inspects,
	]:
		test.call()
		print("passed ", test.get_method())
	return true


func _expect(is_right: bool, what: String) -> void:
	if not is_right:
		print("FAIL ", what)


func _hum(step: int) -> PackedVector2Array:
	var made := PackedVector2Array()
	for i in Limits.STEP_SAMPLES:
		var value := LOUD * sin(TAU * HUM_HZ * (step * Limits.STEP_SAMPLES + i) / 48000.0)
		made.append(Vector2(value, value))
	return made


## An engine that takes `bite` samples at a time, a server that is away from 0.6 s to 1.1 s, a
## thread that looks every 4 ms.
func _fades() -> void:
	for bite: int in [128, 480, 512, 1024, 2048, 4096, 4480]:
		var filler := Filler.new()
		var buffer := PackedVector2Array()
		var played := PackedVector2Array()
		var step := 0
		var taken := 0
		for tick in 500:
			var now := tick * 0.004
			while (taken + 1) * bite <= now * Limits.SAMPLE_RATE_HZ:
				taken += 1
				var part := buffer.slice(0, bite)
				buffer = buffer.slice(part.size())
				part.resize(bite)
				played.append_array(part)
			var is_away := now > 0.6 and now < 1.1
			var room := Credit.BUFFER_SAMPLES - buffer.size() - filler.waiting()
			while room >= Limits.STEP_SAMPLES and not is_away:
				filler.add(_hum(step))
				step += 1
				room -= Limits.STEP_SAMPLES
			buffer.append_array(filler.take(buffer.size(), now, false))
		var steepest := 0.0
		var silent := 0
		for i in range(1, played.size()):
			steepest = maxf(steepest, absf(played[i].x - played[i - 1].x))
			silent += 1 if played[i] == Vector2.ZERO and played[i - 1] == Vector2.ZERO else 0
		_expect(steepest < STEEPEST, "bites of %d: a click of %f" % [bite, steepest])
		_expect(filler.underruns == 1, "bites of %d: %d underruns" % [bite, filler.underruns])
		var is_short := silent > 9600 and silent < 48000
		_expect(is_short, "bites of %d: %d samples of silence" % [bite, silent])


## The engine takes a bite in parts, and the thread looks in between: that is no reason to fade out.
func _keeps_its_nerve() -> void:
	var filler := Filler.new()
	var level := 0
	for bite in 20:
		for part in 8:
			var now := bite * 4096.0 / Limits.SAMPLE_RATE_HZ + part * 0.0005
			level = maxi(0, level - (512 if bite > 0 else 0))
			level += filler.take(level, now, false).size()
		while Credit.BUFFER_SAMPLES - level - filler.waiting() >= Limits.STEP_SAMPLES:
			filler.add(_hum(0))
		level += filler.take(level, (bite + 0.5) * 4096.0 / Limits.SAMPLE_RATE_HZ, false).size()
	_expect(filler.underruns == 0, "%d underruns" % filler.underruns)


func _level_of(step: PackedVector2Array) -> float:
	var level := 0.0
	for sample in step:
		level = maxf(level, absf(sample.x))
	return level


## A bite that came too soon for a fade: what follows is faded in.
func _misses() -> void:
	var filler := Filler.new()
	filler.miss()
	_expect(filler.underruns == 0, "nothing can be missed in silence")
	for step in 3:
		filler.add(_hum(step))
	filler.take(0, 0.0, false)
	filler.miss()
	filler.add(_hum(3))
	var out := filler.take(0, 0.01, false)
	_expect(filler.underruns == 1, "%d underruns" % filler.underruns)
	_expect(_level_of(out.slice(0, 24)) < 0.002, "not faded in: %f" % _level_of(out.slice(0, 24)))
	_expect(_level_of(out.slice(960)) > 0.8, "and for no longer than that")


## Sound that does not follow on what was: out, and in again, at once.
func _breaks_off() -> void:
	var filler := Filler.new()
	for step in 3:
		filler.add(_hum(step))
	var out := filler.take(0, 0.0, false)
	filler.break_off()
	for step in 3:
		filler.add(_hum(step + 50))
	out.append_array(filler.take(out.size(), 0.01, false))
	var steepest := 0.0
	for i in range(1, out.size()):
		steepest = maxf(steepest, absf(out[i].x - out[i - 1].x))
	_expect(out.size() == 6 * Limits.STEP_SAMPLES - Filler.TAIL_SAMPLES, "%d samples" % out.size())
	_expect(steepest < STEEPEST, "a click of %f" % steepest)
	_expect(filler.underruns == 0, "no underrun")


func _credits() -> void:
	var credit := Credit.new()
	credit.open(100)
	_expect(credit.due(0.0, 0).until_step == 104, "four steps are granted to an empty buffer")
	_expect(credit.due(0.5, 0).is_empty(), "nothing new to grant")
	_expect(credit.due(1.0, 0).get("until_step") == 104, "sent again after a second")
	credit.arrived = 104
	_expect(credit.due(1.05, 3 * 1920 + 1).is_empty(), "no room for a whole step")
	var due := credit.due(1.1, 3 * 1920)
	_expect(due.until_step == 105, "one step's room, one step")
	_expect(due.played_step == 101, "played is what was consumed: %s" % due.played_step)
	credit.is_paused = true
	_expect(credit.due(1.2, 0).is_empty(), "paused: nothing more")
	_expect(credit.due(2.3, 0).get("until_step") == 105, "paused: the last one again")


func _world(weather: Dictionary) -> Dictionary:
	return {"type": "world", "world": {"weather": weather}}


func _coalesces() -> void:
	var told := Told.new()
	for i in 5000:
		told.add(_world({"rain_mm_h": i}))
	told.add(_world({"fog": 1.0}))
	told.add({"type": "mix", "mix": {"voices": {"wind": {"mute": true}}}})
	told.add({"type": "mix", "mix": {"voices": {"wind": {"gain_db": -6}}}})
	told.add({"type": "world", "world": {"location": {"biome": {"lake": 1}}}})
	told.add({"type": "world", "world": {"location": {"biome": {"coast": 1}}}})
	var out := told.ready()
	_expect(out.size() == 3, "%d messages" % out.size())
	_expect(out[0].world.weather == {"rain_mm_h": 4999, "fog": 1.0}, "%s" % out[0])
	_expect(out[1].mix.voices.wind == {"mute": true, "gain_db": -6}, "%s" % out[1])
	_expect(out[2].world.location.biome == {"coast": 1}, "%s" % out[2])
	_expect(out.map(func(change: Dictionary) -> int: return change.seq) == [1, 2, 3], "numbers")


func _keeps_few() -> void:
	var told := Told.new()
	for i in 200:
		told.add({"type": "event", "event": {"kind": "gust", "strength": i}})
	_expect(told.ready().size() == Told.MAX_WAITING_EVENTS, "old events are over")
	for i in 1000:
		told.add({"type": "world", "world": {"location": {"feature_remove": "%d" % i}}})
	var sent := told.ready().size()
	_expect(sent == Told.MAX_UNACKNOWLEDGED - Told.MAX_WAITING_EVENTS, "%d sent unheard" % sent)
	told.acknowledge(told.seq, 9)
	_expect(told.ready().size() == Told.MAX_UNACKNOWLEDGED, "more once they are heard")


func _tells_again() -> void:
	var told := Told.new()
	told.add(_world({"rain_mm_h": 1}))
	told.ready()
	told.acknowledge(1, 10)
	told.add(_world({"rain_mm_h": 900}))
	told.ready()
	told.refuse(2)
	told.add(_world({"fog": 0.2}))
	told.ready()
	told.add({"type": "event", "event": {"kind": "gust"}})
	told.ready()
	_expect(told.resume(3).size() == 1, "what the server has heard is not told again")
	told.start_over(20, 0)
	var out := told.ready()
	_expect(out.size() == 1 or out.size() == 2, "%s" % [out])
	_expect(out[0].cut and out[0].world.weather.rain_mm_h == 1, "the world as it stood: %s" % out[0])
	_expect(out[-1].world.weather.get("fog") == 0.2, "and what was not heard: %s" % out[-1])


func _turns_the_clock() -> void:
	var memory := Memory.new()
	memory.tell({"type": "world", "world": {"time": {"hour": 23.5, "rate": 3600.0}}}, 25)
	memory.tell({"type": "world", "world": {"location": {"feature_set": {"id": "a"}}}}, 30)
	memory.tell({"type": "world", "world": {"location": {"feature_set": {"id": "b"}}}}, 30)
	memory.tell({"type": "world", "world": {"location": {"feature_remove": "a"}}}, 30)
	var told := memory.move(50, 0)
	_expect(is_equal_approx(told[0].world.time.hour, 0.5), "an hour later: %s" % told[0])
	_expect(told[0].world.location.features == [{"id": "b"}], "%s" % told[0])
	told = memory.move(25, 0)
	_expect(is_equal_approx(told[0].world.time.hour, 1.5), "and another: %s" % told[0])


func _faces() -> void:
	var directions := {
		Vector3.FORWARD: 0.0, Vector3.RIGHT: 90.0, Vector3.BACK: 180.0, Vector3.LEFT: 270.0
	}
	for direction: Vector3 in directions:
		var azimuth := Ears.azimuth_deg(direction)
		_expect(is_equal_approx(azimuth, directions[direction]), "%s: %f" % [direction, azimuth])


func _hears() -> void:
	var ears := Ears.new()
	var camera := Camera3D.new()
	root.add_child(camera)
	var nodes: Array[Node] = []
	for i in 20:
		var node := Node3D.new()
		root.add_child(node)
		node.position = Vector3(0, 0, -10 - i)
		nodes.append(node)
	_expect(ears.is_due(0.01) and not ears.is_due(0.06), "too soon")
	_expect(ears.is_due(0.05), "ten times a second")
	_expect(ears.listen(camera, nodes).size() == 17, "the heading and the 16 nearest")
	_expect(ears.listen(camera, nodes).is_empty(), "nothing changed")
	camera.position.z -= 0.1
	camera.rotation_degrees.y = 1.0
	_expect(ears.listen(camera, nodes).is_empty(), "too little changed")
	camera.position.z -= 0.45
	var worlds := ears.listen(camera, nodes)
	_expect(worlds.size() > 0 and worlds.size() < 16, "the near ones: %d" % worlds.size())
	camera.rotation_degrees.y = -30.0
	worlds = ears.listen(camera, nodes)
	_expect(worlds.size() == 1, "only the heading: %s" % [worlds])
	_expect(is_equal_approx(worlds[0].listener.heading_deg, 30.0), "%s" % [worlds])
	worlds = ears.listen(camera, nodes.slice(1))
	_expect(worlds.size() == 2 and worlds[0].location.has("feature_remove"), "%s" % [worlds])
	for node in nodes:
		node.free()
	camera.free()


func _differs() -> void:
	var before := {"weather": {"rain_mm_h": 4, "fog": 0.5}, "time": {"hour": 3}}
	var after := {"weather": {"rain_mm_h": 4, "wind_m_s": 2}, "location": {"biome": "coast"}}
	var told := Layers.world_change(before, after)
	var wanted := {
		"weather": {"fog": null, "wind_m_s": 2}, "time": {"hour": null}, "location": {"biome": "coast"}
	}
	_expect(told == wanted, "%s" % told)
	var mix := {"master_db": -6.0, "voices": {"wind": {"mute": true, "gain_db": -3.0}}}
	told = Layers.mix_change(mix, {"voices": {"wind": {"gain_db": -3.0}}})
	_expect(told == {"master_db": 0.0, "voices": {"wind": {"mute": false}}}, "%s" % told)


func _inspects() -> void:
	var player: Node = load("res://addons/ambiome/player.gd").new()
	player.rain_mm_h = 4
	player.biome = {"lake": 1.0}
	var fields: Dictionary = player.FIELDS
	var seen := {}
	var group := ""
	for property: Dictionary in player.get_property_list():
		if property.usage & PROPERTY_USAGE_GROUP:
			group = property.name
		if fields.has(property.name):
			seen[property.name] = true
			var is_set: bool = property.name in ["rain_mm_h", "biome"]
			_expect(property.usage & PROPERTY_USAGE_CHECKABLE != 0, "%s has no tick" % property.name)
			_expect((property.usage & PROPERTY_USAGE_CHECKED != 0) == is_set, property.name)
			_expect(property.usage & PROPERTY_USAGE_STORAGE != 0, "%s is not kept" % property.name)
			_expect(group.to_lower() == fields[property.name][0], "%s in %s" % [property.name, group])
	_expect(seen.size() == fields.size(), "%d of %d" % [seen.size(), fields.size()])
	print("fields ", JSON.stringify(fields))
	var scene := PackedScene.new()
	scene.pack(player)
	var again := scene.instantiate()
	_expect(again.rain_mm_h == 4 and again.fog == null, "a scene keeps what is ticked")
	_expect(again.biome == {"lake": 1.0}, "and maps")
	again.free()
	player.free()
