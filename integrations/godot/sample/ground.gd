extends MeshInstance3D
## The ground: a clearing among hills, with the bed of a stream through it, and trees.

const HALF_M := 90.0
const CELLS := 72
const TREES := 420
const BED_M := 1.5
const WATER_M := -0.34

## How the ground looks in a biome, where it looks otherwise: its colour and the share of the
## trees.
const LOOKS := {
	"coast": [Color("6f6a50"), 0.1],
	"desert": [Color("93764a"), 0.0],
	"savanna": [Color("7a6c3a"), 0.12],
	"tundra": [Color("7c8478"), 0.0],
	"grassland": [Color("4d6633"), 0.04],
	"farmland": [Color("5d6433"), 0.06],
	"city": [Color("4a4d52"), 0.05],
	"industrial": [Color("46464a"), 0.0],
	"cave": [Color("3a3733"), 0.0],
	"underwater": [Color("2b5560"), 0.0],
}
const USUAL: Array = [Color("3d6238"), 1.0]

static var _noise := _make_noise()

var _material := StandardMaterial3D.new()
var _trees := MultiMeshInstance3D.new()


func _ready() -> void:
	_material.albedo_color = USUAL[0]
	_material.vertex_color_use_as_albedo = true
	_material.roughness = 1.0
	mesh = _make_ground()
	material_override = _material
	_trees.multimesh = _make_trees()
	add_child(_trees)
	add_child(_make_water())


## Looks like this biome.
func put(biome: String) -> void:
	var look: Array = LOOKS.get(biome, USUAL)
	_material.albedo_color = look[0]
	_trees.multimesh.visible_instance_count = int(TREES * look[1])


## The height of the ground at a place, in metres.
static func height_m(x: float, z: float) -> float:
	var aside := x - bend_m(z)
	var hills := (
		smoothstep(13.0, 60.0, Vector2(x, z).length()) * (1.0 - exp(-pow(aside / 16.0, 2.0)))
	)
	var bed := exp(-pow(aside / BED_M, 2.0))
	return (
		_noise.get_noise_2d(x, z) * (0.35 + 14.0 * hills) * (1.0 - bed) + 5.0 * hills - 0.75 * bed
	)


## Where the stream runs: its x at a z.
static func bend_m(z: float) -> float:
	return -4.6 + 1.6 * sin(z * 0.16) + 0.7 * sin(z * 0.41 + 1.0)


func _make_ground() -> ArrayMesh:
	var surface := SurfaceTool.new()
	surface.begin(Mesh.PRIMITIVE_TRIANGLES)
	surface.set_smooth_group(-1)
	for row in CELLS:
		for column in CELLS:
			for corner: Vector2i in [
				Vector2i(0, 0),
				Vector2i(1, 0),
				Vector2i(0, 1),
				Vector2i(1, 0),
				Vector2i(1, 1),
				Vector2i(0, 1)
			]:
				_add_corner(surface, column + corner.x, row + corner.y)
	surface.generate_normals()
	return surface.commit()


static func _add_corner(surface: SurfaceTool, column: int, row: int) -> void:
	var at := Vector2(_spread(column), _spread(row))
	var shade := 0.85 + 0.35 * _noise.get_noise_2d(at.x * 7.0, at.y * 7.0)
	surface.set_color(Color(shade, shade, shade))
	surface.add_vertex(Vector3(at.x, height_m(at.x, at.y), at.y))


## Where a line of the grid lies: close together near the middle.
static func _spread(line: int) -> float:
	var along := 2.0 * line / CELLS - 1.0
	return HALF_M * (0.25 * along + 0.75 * along * absf(along))


static func _make_water() -> MeshInstance3D:
	var surface := SurfaceTool.new()
	surface.begin(Mesh.PRIMITIVE_TRIANGLE_STRIP)
	for line in range(-60, 61):
		surface.set_normal(Vector3.UP)
		for side: float in [-1.3, 1.3]:
			surface.add_vertex(Vector3(bend_m(line) + side, WATER_M, line))
	var water := StandardMaterial3D.new()
	water.albedo_color = Color("2a5f7c")
	water.metallic = 0.15
	water.roughness = 0.12
	water.cull_mode = BaseMaterial3D.CULL_DISABLED
	var made := MeshInstance3D.new()
	made.mesh = surface.commit()
	made.material_override = water
	return made


static func _make_trees() -> MultiMesh:
	var chance := RandomNumberGenerator.new()
	chance.seed = 7
	var made := MultiMesh.new()
	made.transform_format = MultiMesh.TRANSFORM_3D
	made.use_colors = true
	made.mesh = _make_tree()
	made.instance_count = TREES
	var planted := 0
	while planted < TREES:
		var away := sqrt(chance.randf_range(0.02, 1.0)) * 75.0
		var at := Vector2.from_angle(chance.randf() * TAU) * away
		if away < 12.0 or absf(at.x - bend_m(at.y)) < 3.5:
			continue
		var tall := chance.randf_range(0.7, 1.5)
		var stand := Basis(Vector3.UP, chance.randf() * TAU).scaled(
			Vector3(tall, tall * 1.15, tall)
		)
		var foot := Vector3(at.x, height_m(at.x, at.y) - 0.1, at.y)
		made.set_instance_transform(planted, Transform3D(stand, foot))
		made.set_instance_color(planted, Color.from_hsv(chance.randf_range(0.32, 0.42), 0.5, 0.4))
		planted += 1
	return made


static func _make_tree() -> ArrayMesh:
	var surface := SurfaceTool.new()
	for tier: Array in [
		[0.0, 0.22, 0.2, 1.6], [0.9, 1.7, 0.0, 2.6], [2.3, 1.35, 0.0, 2.2], [3.6, 0.95, 0.0, 1.9]
	]:
		var cone := CylinderMesh.new()
		cone.bottom_radius = tier[1]
		cone.top_radius = tier[2]
		cone.height = tier[3]
		cone.radial_segments = 7
		cone.rings = 0
		cone.cap_top = false
		cone.cap_bottom = false
		surface.append_from(
			cone, 0, Transform3D(Basis(), Vector3(0.0, tier[0] + tier[3] / 2.0, 0.0))
		)
	var bark := StandardMaterial3D.new()
	bark.vertex_color_use_as_albedo = true
	bark.vertex_color_is_srgb = true
	bark.roughness = 1.0
	surface.set_material(bark)
	return surface.commit()


static func _make_noise() -> FastNoiseLite:
	var made := FastNoiseLite.new()
	made.seed = 7
	made.frequency = 0.03
	return made
