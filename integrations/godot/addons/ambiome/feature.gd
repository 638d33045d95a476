@icon("feature.svg")
class_name AmbiomeFeature
extends Node3D
## Something in the world that sounds, at a place: a brook, a fire, a road.
##
## Put it where the thing stands. Every [AmbiomePlayer] of the tree finds it by its group, works
## out how far away and in which direction it lies from the listener, and tells the server when
## that has changed by more than 3 % or 2 degrees. A world has at most 16 features; the player
## tells the nearest. A hidden feature is silent.

## The group in which players look for features.
const GROUP := &"ambiome_features"

## What it is.
@export_enum(
	"stream",
	"river",
	"waterfall",
	"surf",
	"lake",
	"fire",
	"traffic",
	"crowd",
	"machinery",
	"foliage",
	"roof",
	"drips"
)
var kind := "stream"

## How large it is among its kind: 0 the smallest, 1 the largest.
@export_range(0.0, 1.0, 0.01) var size := 0.5


func _enter_tree() -> void:
	add_to_group(GROUP)


func _exit_tree() -> void:
	remove_from_group(GROUP)
