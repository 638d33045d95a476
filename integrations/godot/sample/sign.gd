extends Label3D
## Names the feature above it, and how far the listener is from it.

@onready var _feature: AmbiomeFeature = get_parent()


func _process(_delta: float) -> void:
	var eye := get_viewport().get_camera_3d()
	if eye != null:
		var away := eye.global_position.distance_to(_feature.global_position)
		text = "%s\n%.1f m" % [_feature.kind, away]
