extends Node3D
## A fire, seen: logs, flames that flicker, and their light.

const FLAMES: Array[Array] = [
	[Vector3(0.0, 0.5, 0.0), 0.26, 1.0, Color("ff8a3c")],
	[Vector3(0.16, 0.38, 0.08), 0.18, 0.75, Color("ffb347")],
	[Vector3(-0.14, 0.36, -0.1), 0.17, 0.7, Color("ffd27a")],
]

var _light := OmniLight3D.new()
var _flames: Array[MeshInstance3D] = []
var _time_s := 0.0


func _ready() -> void:
	for turn in 4:
		add_child(_make_log(turn * TAU / 4.0))
	for flame in FLAMES:
		_flames.append(_make_flame(flame))
		add_child(_flames[-1])
	_light.position.y = 1.0
	_light.omni_range = 13.0
	_light.light_color = Color("ff9b50")
	add_child(_light)


func _process(delta: float) -> void:
	_time_s += delta
	_light.light_energy = 3.0 + 0.5 * sin(_time_s * 11.0) + 0.4 * sin(_time_s * 17.3 + 1.0)
	for index in _flames.size():
		_flames[index].scale.y = 1.0 + 0.18 * sin(_time_s * (9.0 + 3.0 * index) + index)


static func _make_log(turn: float) -> MeshInstance3D:
	var wood := StandardMaterial3D.new()
	wood.albedo_color = Color("4a3524")
	var made := MeshInstance3D.new()
	var shape := CylinderMesh.new()
	shape.top_radius = 0.08
	shape.bottom_radius = 0.1
	shape.height = 1.1
	shape.radial_segments = 8
	shape.material = wood
	made.mesh = shape
	made.basis = Basis(Vector3.UP, turn) * Basis(Vector3.RIGHT, -1.1)
	made.position = Basis(Vector3.UP, turn) * Vector3(0.0, 0.2, 0.36)
	return made


static func _make_flame(flame: Array) -> MeshInstance3D:
	var fire := StandardMaterial3D.new()
	fire.shading_mode = BaseMaterial3D.SHADING_MODE_UNSHADED
	fire.albedo_color = flame[3]
	var shape := CylinderMesh.new()
	shape.top_radius = 0.0
	shape.bottom_radius = flame[1]
	shape.height = flame[2]
	shape.radial_segments = 8
	shape.material = fire
	var made := MeshInstance3D.new()
	made.mesh = shape
	made.position = flame[0]
	return made
