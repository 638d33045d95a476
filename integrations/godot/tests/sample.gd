extends SceneTree
## Opens the sample at a server, moves everything that a person can move, and prints what came of
## it: godot --headless --path integrations/godot --script res://tests/sample.gd --
## tcp://127.0.0.1:5571

const Controls := preload("res://sample/controls.gd")

const SAMPLE := "res://sample/sample.tscn"
const PATIENCE_S := 60.0
const FRAMES := 3

var _errors := []
var _values := {}


func _initialize() -> void:
	_drive.call_deferred(OS.get_cmdline_user_args()[0])


func _drive(server: String) -> void:
	var sample: Node = load(SAMPLE).instantiate()
	var player: AmbiomePlayer = sample.get_node("AmbiomePlayer")
	player.server = server
	player.error.connect(_on_error)
	player.scene_changed.connect(_on_scene_changed)
	root.add_child(sample)
	var has_sounded := await _until(func() -> bool: return not _values.is_empty())
	var lists := sample.find_children("*", "OptionButton", true, false)
	for list: OptionButton in lists:
		for index in range(list.item_count - 1, -1, -1):
			list.select(index)
			list.item_selected.emit(index)
			await _frames()
	for button: Button in sample.find_children("*", "Button", true, false):
		if not button is OptionButton:
			await _press(button)
	var sliders := sample.find_children("*", "HSlider", true, false)
	for slider: HSlider in sliders:
		slider.value = (slider.min_value + slider.max_value) / 2.0
		await _frames()
	var rain: float = player.rain_mm_h
	var has_followed := await _until(
		func() -> bool: return _values.get("rain_mm_h", 0.0) > rain / 2.0
	)
	var told := {
		"has_sounded": has_sounded,
		"has_followed": has_followed,
		"state": player.state,
		"presets": lists[0].item_count - 1,
		"voices": sliders.size() - Controls.ROWS.size() - 1,
		"errors": _errors,
	}
	print("SAMPLE ", JSON.stringify(told))
	root.remove_child(sample)
	sample.free()
	quit()


## Presses a button; one that stays pressed, twice.
func _press(button: Button) -> void:
	if not button.toggle_mode:
		button.pressed.emit()
		await _frames()
		return
	for turn in 2:
		button.button_pressed = not button.button_pressed
		await _frames()


func _frames() -> void:
	for frame in FRAMES:
		await process_frame


## Lets frames pass until `is_so` says true, or the patience is over; whether it did.
func _until(is_so: Callable) -> bool:
	var end_ms := Time.get_ticks_msec() + int(PATIENCE_S * 1000.0)
	while Time.get_ticks_msec() < end_ms:
		if is_so.call():
			return true
		await process_frame
	return false


func _on_error(code: String, field: String, detail: String) -> void:
	_errors.append([code, field, detail])


func _on_scene_changed(values: Dictionary, _targets: Dictionary) -> void:
	_values = values
