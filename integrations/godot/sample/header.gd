extends PanelContainer
## The line at the top: how the connection stands, what the server had to say, and what concerns
## all.

## A person stops the sound, or lets it go on.
signal pause(is_paused: bool)
## A person lets the camera walk by itself, or not.
signal stroll(is_on: bool)

const Look := preload("look.gd")

var _state := Label.new()
var _message := Label.new()
var _walk := _toggle("Stroll", "The camera walks by itself", stroll)


func _init() -> void:
	var line := HBoxContainer.new()
	line.add_theme_constant_override("separation", 14)
	add_child(line)
	var title := Label.new()
	title.text = "Ambiome"
	title.add_theme_font_size_override("font_size", 18)
	_message.theme_type_variation = "Dim"
	_message.size_flags_horizontal = SIZE_EXPAND_FILL
	_message.text_overrun_behavior = TextServer.OVERRUN_TRIM_ELLIPSIS
	_message.text = "W A S D and Q E walk and turn"
	for part: Control in [
		title, _state, _message, _walk, _toggle("Pause", "Not a sample is lost", pause)
	]:
		line.add_child(part)


## Shows the state of the connection.
func put_state(title: String, is_open: bool, server: String) -> void:
	_state.text = "●  %s  %s" % [title, server]
	_state.add_theme_color_override("font_color", Look.ACCENT if is_open else Look.WARM)


## Shows whether the camera walks by itself.
func put_stroll(is_on: bool) -> void:
	_walk.set_pressed_no_signal(is_on)


## Shows what the server, or the player, has to say.
func say(text: String) -> void:
	_message.text = text
	_message.tooltip_text = text


static func _toggle(text: String, hint: String, told: Signal) -> Button:
	var made := Button.new()
	made.text = text
	made.tooltip_text = hint
	made.toggle_mode = true
	made.toggled.connect(told.emit)
	return made
