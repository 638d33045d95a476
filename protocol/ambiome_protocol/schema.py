"""SPEC.md's generated parts and the JSON Schema, kept equal to the code.

    python -m ambiome_protocol.schema            prints what is out of date; exit code 1 if anything is
    python -m ambiome_protocol.schema --write    rewrites protocol/SPEC.md (between its marks) and protocol/schema.json

The schema describes messages in their JSON form: what a map of msgpack is in JSON, with binary data in base64.
"""

import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, get_args

import msgspec

from ambiome_protocol import generated
from ambiome_protocol.limits import RESUME_BYTES
from ambiome_protocol.lists import VOICES
from ambiome_protocol.messages import ClientMessage, ServerMessage
from ambiome_protocol.score import Quality
from ambiome_protocol.tables import SECTIONS
from ambiome_protocol.version import VERSION

ROOT: Final = Path(__file__).parents[1]
"""Where SPEC.md and schema.json lie in the sources; an installed package has neither."""

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_BASE64_CHARS: Final = -(-RESUME_BYTES // 3) * 4
_MARK: Final = re.compile(r"(<!-- generated: ([a-z ]+) -->\n).*?(<!-- end -->)", re.DOTALL)


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of all messages: `ClientMessage`, `ServerMessage` and `ScoreLine` under `$defs`.

    It says what single fields may hold, and of what spans fields: `animal`, `resume` with `next_step`, what a zone
    asks for. SPEC.md lists the few rules that no schema says.
    """
    kinds = (*get_args(ClientMessage), *get_args(ServerMessage))
    _, defs = msgspec.json.schema_components(kinds, ref_template="#/$defs/{name}")
    for name in ("Hello", "Welcome"):
        for secret in ("resume", "zone_key"):
            defs[name]["properties"][secret] |= {"minLength": _BASE64_CHARS, "maxLength": _BASE64_CHARS}
    defs["Event"] |= {
        "if": {"properties": {"kind": {"const": "animal"}}},
        "then": {"required": ["animal"]},
        "else": {"properties": {"animal": False}},
    }
    defs["Hello"] |= {
        "dependentRequired": {"resume": ["next_step"], "next_step": ["resume"], "zone_key": ["zone"]},
        "dependentSchemas": {"zone": {"properties": {"pace": {"const": "live"}}}},
    }
    defs["Mix"]["properties"]["voices"]["propertyNames"] = {"enum": list(VOICES)}
    for kind in ("World", "Event", "Mix"):
        defs[f"{kind}Line"] = _score_line(defs[f"{kind}Message"], kind.lower())
    _, quality = msgspec.json.schema_components((Quality,), ref_template="#/$defs/{name}")
    defs["QualityLine"] = _score_line(quality["Quality"], "quality")
    unions = {
        "ClientMessage": [kind.__name__ for kind in get_args(ClientMessage)],
        "ServerMessage": [kind.__name__ for kind in get_args(ServerMessage)],
        "ScoreLine": ["WorldLine", "EventLine", "MixLine", "QualityLine"],
    }
    defs |= {name: {"anyOf": [{"$ref": f"#/$defs/{of}"} for of in ofs]} for name, ofs in unions.items()}
    return {
        "$schema": _DIALECT,
        "title": f"Ambiome protocol {VERSION}",
        "anyOf": [{"$ref": "#/$defs/ClientMessage"}, {"$ref": "#/$defs/ServerMessage"}],
        "$defs": dict(sorted(defs.items())),
    }


def schema_text() -> str:
    """The text of schema.json."""
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


def spec_text(text: str) -> str:
    """SPEC.md with its generated parts made anew. ValueError if it lacks one, or has a mark of no such part."""
    names = [match[2] for match in _MARK.finditer(text)]
    if sorted(names) != sorted(SECTIONS):
        raise ValueError(f"SPEC.md has the generated parts {names}; it should have {list(SECTIONS)}, each once")
    return _MARK.sub(lambda match: f"{match[1]}\n{SECTIONS[match[2]]()}\n{match[3]}", text)


def out_of_date(root: Path = ROOT) -> dict[Path, str]:
    """The files that do not say what the code does, with what they should say."""
    spec, schema = root / "SPEC.md", root / "schema.json"
    wanted = {spec: spec_text(spec.read_text("utf-8")), schema: schema_text()}
    return generated.out_of_date(wanted)


def _score_line(message: dict[str, Any], kind: str) -> dict[str, Any]:
    properties = {name: field for name, field in message["properties"].items() if name not in ("type", "seq")}
    return {**message, "title": f"{kind} line", "properties": properties, "required": ["at", kind]}


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; returns its exit code."""
    return generated.command("python -m ambiome_protocol.schema", __doc__, out_of_date(), arguments)


if __name__ == "__main__":
    sys.exit(main())
