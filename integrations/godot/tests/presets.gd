extends SceneTree
## Does what a list of tasks asks of the presets, and writes the answers: godot --headless --script
## … -- TASKS ANSWERS
##
## TASKS is a JSON file, [{"call": name of a function of AmbiomePresets, "with": [arguments]}];
## ANSWERS is written as a JSON array of what they returned.

const Presets := preload("res://addons/ambiome/presets.gd")


func _init() -> void:
	var paths := OS.get_cmdline_user_args()
	var tasks: Array = JSON.parse_string(FileAccess.get_file_as_string(paths[0]))
	var answers := []
	for task: Dictionary in tasks:
		answers.append(Callable(Presets, task["call"]).callv(task["with"]))
	var file := FileAccess.open(paths[1], FileAccess.WRITE)
	file.store_string(JSON.stringify(answers, "", false, true))
	file.close()
	quit(0)
