extends Control
## A bar: a value, the mark of what it moves to, and a zone in which it is at home.

const Look := preload("look.gd")

## What the full bar means.
var most := 1.0
## Where it is at home, from x to y; none when both are 0.
var zone := Vector2.ZERO
var _value := 0.0
var _target := NAN
var _colour := Look.ACCENT


func _init() -> void:
	custom_minimum_size = Vector2(60, 8)
	size_flags_horizontal = SIZE_EXPAND_FILL
	size_flags_vertical = SIZE_SHRINK_CENTER


## Shows `value` and, unless it is NAN, the mark of `target`.
func put(value: float, target := NAN, colour := Look.ACCENT) -> void:
	_value = value
	_target = target
	_colour = colour
	queue_redraw()


func _draw() -> void:
	_bar(0.0, most, Look.TRACK)
	if _value > 0.0:
		_bar(0.0, _value, _colour)
	if zone.y > zone.x:
		_mark(zone.x, Look.TEXT)
		_mark(zone.y, Look.TEXT)
	if not is_nan(_target):
		_mark(_target, Look.WARM)


func _mark(at: float, colour: Color) -> void:
	var x := clampf(at / most, 0.0, 1.0) * (size.x - 2.0)
	draw_rect(Rect2(x, -2.0, 2.0, size.y + 4.0), colour)


func _bar(from: float, to: float, colour: Color) -> void:
	var left := clampf(from / most, 0.0, 1.0) * size.x
	var right := clampf(to / most, 0.0, 1.0) * size.x
	draw_style_box(Look.box(colour, 3, Vector2.ZERO), Rect2(left, 0.0, right - left, size.y))
