extends MultiMeshInstance3D
## Rain, seen: streaks in a box about the eye that fall and begin again at its top.

const MOST := 1600
const REACH_M := 14.0
const FALL := """
shader_type spatial;
render_mode unshaded, cull_disabled, shadows_disabled;
uniform float slant;
varying float shade;
void vertex() {
	float high = mod(INSTANCE_CUSTOM.x * 16.0 - TIME * (9.0 + 3.0 * INSTANCE_CUSTOM.y), 16.0) - 5.0;
	VERTEX.x += (high + VERTEX.y) * slant;
	VERTEX.y += high;
	shade = 0.10 + 0.16 * INSTANCE_CUSTOM.z;
}
void fragment() {
	ALBEDO = vec3(0.78, 0.86, 0.95);
	ALPHA = shade;
}
"""

var _material := ShaderMaterial.new()


func _ready() -> void:
	_material.shader = Shader.new()
	_material.shader.code = FALL
	var streak := QuadMesh.new()
	streak.size = Vector2(0.009, 0.42)
	multimesh = MultiMesh.new()
	multimesh.transform_format = MultiMesh.TRANSFORM_3D
	multimesh.use_custom_data = true
	multimesh.mesh = streak
	multimesh.instance_count = MOST
	material_override = _material
	cast_shadow = GeometryInstance3D.SHADOW_CASTING_SETTING_OFF
	custom_aabb = AABB(Vector3.ONE * -REACH_M, Vector3.ONE * 2.0 * REACH_M)
	var chance := RandomNumberGenerator.new()
	chance.seed = 7
	for index in MOST:
		var away := sqrt(chance.randf_range(0.004, 1.0)) * REACH_M
		var at := Vector2.from_angle(chance.randf() * TAU) * away
		var turned := Basis(Vector3.UP, at.angle_to(Vector2.DOWN))
		multimesh.set_instance_transform(index, Transform3D(turned, Vector3(at.x, 0.0, at.y)))
		multimesh.set_instance_custom_data(
			index, Color(chance.randf(), chance.randf(), chance.randf())
		)


## Shows this share of the drops, blown by the wind.
func put(share: float, wind_m_s: float) -> void:
	multimesh.visible_instance_count = int(MOST * share)
	_material.set_shader_parameter("slant", clampf(wind_m_s / 20.0, 0.0, 1.0))
