extends HBoxContainer
## A name out of a list of names.

## A person chose it.
signal chosen(title: String)

var _list := OptionButton.new()


func _init(label: String, titles: PackedStringArray) -> void:
	var text := Label.new()
	text.text = label
	text.custom_minimum_size.x = 70
	add_child(text)
	_list.size_flags_horizontal = SIZE_EXPAND_FILL
	_list.clip_text = true
	_list.item_selected.connect(func(index: int) -> void: chosen.emit(_title(index)))
	add_child(_list)
	offer(titles)


## Offers these names instead.
func offer(titles: PackedStringArray) -> void:
	_list.clear()
	for title in titles:
		_list.add_item(title.replace("_", " "))
		_list.set_item_metadata(_list.item_count - 1, title)


## Shows a name, if it is in the list, and tells nobody.
func put(title: String) -> void:
	for index in _list.item_count:
		if _title(index) == title:
			_list.select(index)


func _title(index: int) -> String:
	return _list.get_item_metadata(index)
