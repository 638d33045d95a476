"""As much of JSON Schema 2020-12 as the protocol's schema uses. An unknown keyword is an error, not a pass."""

import math
import re
from typing import Any

Schema = dict[str, Any] | bool

_NOTES = {"title", "description", "default", "$defs", "$schema", "contentEncoding"}
_TYPES = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value),
}


def is_valid(value: Any, schema: Schema, root: dict[str, Any]) -> bool:
    """Whether `value` is right by `schema`; references are looked up in `root`."""
    if isinstance(schema, bool):
        return schema
    return all(_holds(keyword, wanted, value, schema, root) for keyword, wanted in schema.items())


def _holds(keyword: str, wanted: Any, value: Any, schema: dict[str, Any], root: dict[str, Any]) -> bool:
    is_map, is_list, is_text = isinstance(value, dict), isinstance(value, list), isinstance(value, str)
    is_number = _TYPES["number"](value)
    match keyword:
        case "$ref":
            return is_valid(value, root["$defs"][wanted.removeprefix("#/$defs/")], root)
        case "anyOf":
            return any(is_valid(value, option, root) for option in wanted)
        case "if":
            return is_valid(value, schema["then" if is_valid(value, wanted, root) else "else"], root)
        case "type":
            return _TYPES[wanted](value)
        case "enum":
            return value in wanted and isinstance(value, str)
        case "const":
            return value == wanted
        case "minimum":
            return not is_number or value >= wanted
        case "maximum":
            return not is_number or value <= wanted
        case "minLength":
            return not is_text or len(value) >= wanted
        case "maxLength":
            return not is_text or len(value) <= wanted
        case "pattern":
            return not is_text or re.search(wanted, value) is not None
        case "minItems":
            return not is_list or len(value) >= wanted
        case "maxItems":
            return not is_list or len(value) <= wanted
        case "items":
            return not is_list or all(is_valid(item, wanted, root) for item in value)
        case "minProperties":
            return not is_map or len(value) >= wanted
        case "maxProperties":
            return not is_map or len(value) <= wanted
        case "required":
            return not is_map or all(name in value for name in wanted)
        case "dependentRequired":
            return not is_map or all(set(needed) <= set(value) for name, needed in wanted.items() if name in value)
        case "dependentSchemas":
            return not is_map or all(is_valid(value, of, root) for name, of in wanted.items() if name in value)
        case "properties":
            return not is_map or all(is_valid(value[name], of, root) for name, of in wanted.items() if name in value)
        case "propertyNames":
            return not is_map or all(is_valid(name, wanted, root) for name in value)
        case "additionalProperties":
            others = (
                {name: item for name, item in value.items() if name not in schema.get("properties", {})}
                if is_map
                else {}
            )
            return all(is_valid(item, wanted, root) for item in others.values())
        case "then" | "else":
            return True
    if keyword in _NOTES:
        return True
    raise NotImplementedError(keyword)
