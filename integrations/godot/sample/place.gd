extends Node3D
## What is to be seen of the world: the sun by the hour, rain by its rate, the ground by the biome,
## flashes.

const FLASH_S := 0.35
const FULL_RAIN_MM_H := 40.0

var _sky := ProceduralSkyMaterial.new()
var _air := Environment.new()
var _flash := 0.0
var _light := 0.0

@onready var _sun: DirectionalLight3D = $Sun
@onready var _ground: MeshInstance3D = $Ground
@onready var _drops: MultiMeshInstance3D = $Drops


func _ready() -> void:
	_air.background_mode = Environment.BG_SKY
	_air.sky = Sky.new()
	_air.sky.sky_material = _sky
	_air.ambient_light_source = Environment.AMBIENT_SOURCE_COLOR
	_air.fog_enabled = true
	_air.fog_sky_affect = 0.0
	_air.tonemap_mode = Environment.TONE_MAPPER_FILMIC
	$Air.environment = _air


func _process(delta: float) -> void:
	_flash = move_toward(_flash, 0.0, delta / FLASH_S)
	_air.ambient_light_energy = _light + 2.5 * _flash
	var eye := get_viewport().get_camera_3d()
	if eye != null:
		_drops.global_position = eye.global_position


## Shows a world in the protocol's fields.
func put(world: Dictionary) -> void:
	var weather: Dictionary = world.get("weather", {})
	var location: Dictionary = world.get("location", {})
	var time: Dictionary = world.get("time", {})
	var rain := _number(weather, "rain_mm_h", 0.0)
	_drops.put(sqrt(clampf(rain / FULL_RAIN_MM_H, 0.0, 1.0)), _number(weather, "wind_m_s", 0.0))
	_ground.put(_heaviest(location.get("biome")))
	_put_hour(_number(time, "hour", 12.0), clampf(rain / 12.0, 0.0, 1.0))


## Lightning, seen.
func flash() -> void:
	_flash = 1.0


func _put_hour(hour: float, cloud: float) -> void:
	var up := 0.5 - cos(TAU * hour / 24.0)  # a summer's day: from four to eight in the evening
	var day := smoothstep(-0.35, 0.7, up)
	var glow := exp(-pow((up - 0.05) / 0.28, 2.0))
	var grey := Color(0.42, 0.46, 0.5) * (0.15 + 0.85 * day)
	var zenith := Color("0a1226").lerp(Color("3f78b5"), day).lerp(grey, 0.75 * cloud)
	var horizon := Color("1b2740").lerp(Color("b7cfe0"), day).lerp(Color("e58a55"), 0.8 * glow)
	horizon = horizon.lerp(grey.lightened(0.15), 0.4 * cloud)
	_sky.sky_top_color = zenith
	_sky.sky_horizon_color = horizon
	_sky.ground_horizon_color = horizon
	_sky.ground_bottom_color = horizon.darkened(0.4)
	_sky.sky_curve = 0.12
	_air.fog_light_color = horizon
	_air.fog_light_energy = 0.25 + 0.75 * day
	_air.fog_density = 0.004 + 0.012 * cloud
	_air.ambient_light_color = zenith.lerp(horizon, 0.35).lightened(0.15)
	_light = 0.55 - 0.15 * day
	_sun.light_energy = (0.75 * day + 0.15 * glow) * (1.0 - 0.7 * cloud) + 0.12
	_sun.light_color = Color("fff3e0").lerp(Color("ffb079"), 0.8 * glow)
	_sun.rotation = Vector3(
		-clampf(asin(clampf(up, 0.12, 1.0)), 0.12, 1.4), (hour - 12.0) / 24.0 * TAU, 0.0
	)


static func _heaviest(biome: Variant) -> String:
	if not biome is Dictionary:
		return "" if biome == null else str(biome)
	var shares: Dictionary = biome
	var best := ""
	for title: String in shares:
		if best == "" or shares[title] > shares[best]:
			best = title
	return best


static func _number(fields: Dictionary, field: String, derived: float) -> float:
	var value: Variant = fields.get(field)
	return derived if value == null else float(value)
