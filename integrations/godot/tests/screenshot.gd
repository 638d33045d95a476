extends SceneTree
## Opens the sample, waits until it has played for a while, and saves its picture: godot --path
## integrations/godot --script res://tests/screenshot.gd -- sample.png tcp://127.0.0.1:5571

const SAMPLE := "res://sample/sample.tscn"
const PLAYED_S := 12.0
const PICTURES_HZ := 2
const PATIENCE_S := 120.0


func _initialize() -> void:
	var arguments := OS.get_cmdline_user_args()
	Engine.max_fps = PICTURES_HZ  # software GL leaves the rest to the sound
	_take.call_deferred(arguments[0], arguments[1])


func _take(path: String, server: String) -> void:
	var sample: Node = load(SAMPLE).instantiate()
	var player: AmbiomePlayer = sample.get_node("AmbiomePlayer")
	player.server = server
	var has_sounded := [false]
	player.scene_changed.connect(
		func(_values: Dictionary, _targets: Dictionary) -> void: has_sounded[0] = true
	)
	root.add_child(sample)
	if not await _until(func() -> bool: return has_sounded[0], PATIENCE_S):
		printerr("the sample heard nothing from %s" % server)
		quit(1)
		return
	await _until(func() -> bool: return false, PLAYED_S)
	await RenderingServer.frame_post_draw
	quit(root.get_texture().get_image().save_png(path))


## Lets frames pass until `is_so` says true, or `patience_s` of the wall's clock are over; whether
## it did.
func _until(is_so: Callable, patience_s: float) -> bool:
	var end_ms := Time.get_ticks_msec() + int(patience_s * 1000.0)
	while Time.get_ticks_msec() < end_ms:
		if is_so.call():
			return true
		await process_frame
	return false
