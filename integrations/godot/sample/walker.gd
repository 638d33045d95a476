extends Camera3D
## The listener: a camera that walks round the clearing by itself, or by W A S D, Q E and the right
## mouse button.

const Ground := preload("ground.gd")

const EYES_M := 1.7
const SPEED_M_S := 3.0
const TURN_RAD_S := 1.2
const MOUSE_RAD := 0.004

const ROUND_M := 8.0
const ROUND_S := 120.0
const START_RAD := 0.75

## Where a teleport leads, in turn: x and z.
const SPOTS: Array[Vector2] = [Vector2(-8, 3), Vector2(9, -14), Vector2(-16, -12), Vector2(2, 9)]

## Whether it walks by itself.
var is_strolling := true

var _time_s := 0.0


func _ready() -> void:
	_walk_round(0.0)


func _process(delta: float) -> void:
	var step := Vector3(_axis(KEY_A, KEY_D), 0.0, _axis(KEY_W, KEY_S))
	var turn := _axis(KEY_E, KEY_Q)
	if step != Vector3.ZERO or turn != 0.0:
		is_strolling = false
	if is_strolling:
		_walk_round(delta)
		return
	rotation.y += turn * TURN_RAD_S * delta
	position += (step * SPEED_M_S * delta).rotated(Vector3.UP, rotation.y)
	_stand()


func _unhandled_input(event: InputEvent) -> void:
	if event is InputEventMouseMotion and event.button_mask & MOUSE_BUTTON_MASK_RIGHT:
		is_strolling = false
		rotation.y -= event.relative.x * MOUSE_RAD
		rotation.x = clampf(rotation.x - event.relative.y * MOUSE_RAD, -1.0, 1.0)


## Walks by itself, or stands still.
func stroll(is_on: bool) -> void:
	is_strolling = is_on


## Is at another spot at once.
func jump(number: int) -> void:
	var spot := SPOTS[number % SPOTS.size()]
	position = Vector3(spot.x, 0.0, spot.y)
	is_strolling = false
	_stand()
	look_at(Vector3(0.0, position.y, 0.0))


func _walk_round(delta: float) -> void:
	_time_s += delta
	var angle := TAU * _time_s / ROUND_S + START_RAD
	position = Vector3(cos(angle) * ROUND_M, 0.0, sin(angle) * ROUND_M)
	_stand()
	look_at(Vector3(-1.4, position.y - 0.75, -1.0))


func _stand() -> void:
	position.y = Ground.height_m(position.x, position.z) + EYES_M


static func _axis(less: Key, more: Key) -> float:
	return float(Input.is_physical_key_pressed(more)) - float(Input.is_physical_key_pressed(less))
