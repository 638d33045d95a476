@tool
extends Node
## What the world is like, as properties under the protocol's own names (protocol/SPEC.md, "Maps
## within messages").
##
## A property that is not ticked in the inspector, [code]null[/code] in code, is derived: Ambiome
## works it out from the rest. Errors name fields by these names.

const Maps := preload("maps.gd")

## Field → [group in the protocol, type, range or suggestions for the inspector].
const FIELDS := {
	"rain_mm_h": ["weather", TYPE_FLOAT, "0,200,0.1,suffix:mm/h"],
	"snow_mm_h": ["weather", TYPE_FLOAT, "0,50,0.1,suffix:mm/h"],
	"hail_mm_h": ["weather", TYPE_FLOAT, "0,100,0.1,suffix:mm/h"],
	"wind_m_s": ["weather", TYPE_FLOAT, "0,60,0.1,suffix:m/s"],
	"gust_m_s": ["weather", TYPE_FLOAT, "0,90,0.1,suffix:m/s"],
	"wind_from_deg": ["weather", TYPE_FLOAT, "0,360,1,suffix:°"],
	"cloud": ["weather", TYPE_FLOAT, "0,1,0.01"],
	"fog": ["weather", TYPE_FLOAT, "0,1,0.01"],
	"temperature_c": ["weather", TYPE_FLOAT, "-60,60,0.1,suffix:°C"],
	"humidity": ["weather", TYPE_FLOAT, "0,1,0.01"],
	"wetness": ["weather", TYPE_FLOAT, "0,1,0.01"],
	"thunder_per_min": ["weather", TYPE_FLOAT, "0,60,0.1,suffix:1/min"],
	"thunder_km": ["weather", TYPE_FLOAT, "0.05,30,0.05,suffix:km"],
	"biome": ["location", TYPE_STRING, "temperate_forest,conifer_forest,rainforest,grassland,"
		+ "farmland,savanna,desert,tundra,wetland,mangrove,mountain,coast,river,lake,suburb,city,"
		+ "industrial,cave,underwater,interior,cafe,none"],
	"shelter": ["location", TYPE_STRING, "open,canopy,street,courtyard,tent,vehicle,room,hall,cave"],
	"openness": ["location", TYPE_FLOAT, "0,1,0.01"],
	"altitude_m": ["location", TYPE_FLOAT, "-500,9000,1,suffix:m"],
	"hour": ["time", TYPE_FLOAT, "0,24,0.01,suffix:h"],
	"day_of_year": ["time", TYPE_INT, "1,366,1"],
	"latitude_deg": ["time", TYPE_FLOAT, "-90,90,0.1,suffix:°"],
	"rate": ["time", TYPE_FLOAT, "0,86400,1,suffix:s/s"],
	"master_db": ["mix", TYPE_FLOAT, "-60,12,0.1,suffix:dB"],
	"dynamics": ["mix", TYPE_FLOAT, "0,1,0.01"],
}
## What the mix starts with; it has no "derived".
const MIX_DEFAULTS := {"master_db": 0.0, "dynamics": 0.5}

@export_group("Weather")
## Rain, mm/h, 0 to 200: 0.5 drizzle, 4 rain, 15 heavy, 50 a cloudburst.
var rain_mm_h: Variant = null:
	set(value):
		rain_mm_h = value
		_note("rain_mm_h")

## Snow, mm/h as water, 0 to 50.
var snow_mm_h: Variant = null:
	set(value):
		snow_mm_h = value
		_note("snow_mm_h")

## Hail, mm/h as water, 0 to 100.
var hail_mm_h: Variant = null:
	set(value):
		hail_mm_h = value
		_note("hail_mm_h")

## Mean wind 10 m above the ground, m/s, 0 to 60: 3 moves leaves, 10 branches, 20 trees.
var wind_m_s: Variant = null:
	set(value):
		wind_m_s = value
		_note("wind_m_s")

## Wind in gusts, m/s, 0 to 90. Below [member wind_m_s] it counts as the wind.
var gust_m_s: Variant = null:
	set(value):
		gust_m_s = value
		_note("gust_m_s")

## Where the wind comes from, degrees clockwise from north (-Z), 0 to 360.
var wind_from_deg: Variant = null:
	set(value):
		wind_from_deg = value
		_note("wind_from_deg")

## Share of the sky in cloud, 0 to 1.
var cloud: Variant = null:
	set(value):
		cloud = value
		_note("cloud")

## Fog, 0 clear to 1 dense.
var fog: Variant = null:
	set(value):
		fog = value
		_note("fog")

## Temperature of the air, °C, -60 to 60. Crickets sing by it.
var temperature_c: Variant = null:
	set(value):
		temperature_c = value
		_note("temperature_c")

## Relative humidity, 0 to 1.
var humidity: Variant = null:
	set(value):
		humidity = value
		_note("humidity")

## Water on ground and leaves, 0 to 1. Derived: it wets with rain and dries slowly.
var wetness: Variant = null:
	set(value):
		wetness = value
		_note("wetness")

## Lightning strokes a minute, 0 to 60.
var thunder_per_min: Variant = null:
	set(value):
		thunder_per_min = value
		_note("thunder_per_min")

## Distance of the storm, km, 0.05 to 30.
var thunder_km: Variant = null:
	set(value):
		thunder_km = value
		_note("thunder_km")
@export_group("Location")
## The place: a name from the list (a server may have more), or in code up to four names with
## weights, [code]{"temperate_forest": 0.7, "lake": 0.3}[/code], which are blended in power.
var biome: Variant = null:
	set(value):
		biome = value
		_note("biome")

## What is around and above the listener: open, canopy, street, courtyard, tent, vehicle, room,
## hall or cave.
var shelter: Variant = null:
	set(value):
		shelter = value
		_note("shelter")

## How much of the outside gets in, 0 to 1. Derived from [member shelter].
var openness: Variant = null:
	set(value):
		openness = value
		_note("openness")

## Height above the sea, m, -500 to 9000.
var altitude_m: Variant = null:
	set(value):
		altitude_m = value
		_note("altitude_m")
@export_group("Time")
## Local solar time, hours, 0 to 24.
var hour: Variant = null:
	set(value):
		hour = value
		_note("hour")

## Day of the year, 1 to 366; 1 is the first of January.
var day_of_year: Variant = null:
	set(value):
		day_of_year = value
		_note("day_of_year")

## Latitude, degrees, -90 to 90; north is positive.
var latitude_deg: Variant = null:
	set(value):
		latitude_deg = value
		_note("latitude_deg")

## Game seconds per second of sound, 0 to 86400. At 0 (derived) [member hour] stands still; at 60
## a day passes in 24 minutes.
var rate: Variant = null:
	set(value):
		rate = value
		_note("rate")
@export_group("Mix")
## Gain of everything, dB, -60 to 12, done by the server. Not ticked: 0.
var master_db: Variant = null:
	set(value):
		master_db = value
		_note("master_db")

## How much of nature's loudness range is kept: 0 levelled, 0.5 halved in dB, 1 as in nature. Not
## ticked: 0.5.
var dynamics: Variant = null:
	set(value):
		dynamics = value
		_note("dynamics")
@export_group("")

# Fields that were set and not told yet, and whether setting one is not to be told.
var _changed := {}
var _is_quiet := false


func _validate_property(property: Dictionary) -> void:
	if not FIELDS.has(property.name):
		return
	var field: Array = FIELDS[property.name]
	var value: Variant = get(property.name)
	property.type = typeof(value) if value is Dictionary else field[1]
	property.hint_string = field[2]
	property.hint = PROPERTY_HINT_RANGE
	if field[1] == TYPE_STRING:
		property.hint = PROPERTY_HINT_ENUM_SUGGESTION
	property.usage = PROPERTY_USAGE_DEFAULT | PROPERTY_USAGE_SCRIPT_VARIABLE
	property.usage |= PROPERTY_USAGE_CHECKABLE
	if value != null:
		property.usage |= PROPERTY_USAGE_CHECKED


## The world as the properties say it, {"weather": {...}, "location": ..., "time": ...}, without what
## is derived.
func world() -> Dictionary:
	return _grouped(FIELDS.keys().filter(func(name: String) -> bool: return get(name) != null))


## The groups with the values of some fields, mix left out.
func _grouped(names: Array) -> Dictionary:
	var made := {}
	for name: String in names:
		var group: String = FIELDS[name][0]
		if group != "mix":
			Maps.opened(made, group)[name] = get(name)
	return made


## Sets properties without telling of it: somebody else does.
func _keep(fields: Dictionary) -> void:
	_is_quiet = true
	for name: Variant in fields:
		if FIELDS.has(name):
			set(name, fields[name])
	_is_quiet = false


func _note(field: String) -> void:
	if not _is_quiet:
		_changed[field] = true
