"""Writes the .meta file of every file and folder that Unity imports: the same bytes each time, on every machine.

    python integrations/unity/Tools~/metas.py            writes what is missing or wrong, removes what has no file
    python integrations/unity/Tools~/metas.py --check    says what that would be, and exits 1 if there is anything

A GUID is the first 128 bits of SHA-256 over the package and the path in it, so that it never changes while the file
keeps its place, and a scene that refers to a script finds it after every update.
"""

import argparse
import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

PACKAGE: Final = Path(__file__).resolve().parent.parent
NAME: Final = "com.ambiome.client"

_TAIL: Final = "  externalObjects: {}\n  userData: \n  assetBundleName: \n  assetBundleVariant: \n"
_SCRIPT: Final = (
    "MonoImporter:\n  externalObjects: {}\n  serializedVersion: 2\n  defaultReferences: []\n  executionOrder: 0\n"
    "  icon: {instanceID: 0}\n  userData: \n  assetBundleName: \n  assetBundleVariant: \n"
)
_IMPORTERS: Final = {
    ".cs": _SCRIPT,
    ".asmdef": "AssemblyDefinitionImporter:\n" + _TAIL,
    ".md": "TextScriptImporter:\n" + _TAIL,
    ".json": "TextScriptImporter:\n" + _TAIL,
}
"""What Unity writes below the GUID, by the ending of the file's name."""
_PACKAGE_JSON: Final = "PackageManifestImporter:\n" + _TAIL
_FOLDER: Final = "folderAsset: yes\nDefaultImporter:\n" + _TAIL
_OTHER: Final = "DefaultImporter:\n" + _TAIL


def imported(package: Path = PACKAGE) -> Iterator[Path]:
    """Every file and folder that Unity imports: none that starts with a dot or lies in, or is, a folder ending in ~."""
    for path in sorted(package.rglob("*")):
        parts = path.relative_to(package).parts
        is_seen = not any(part.endswith("~") or part.startswith(".") for part in parts)
        if is_seen and path.suffix != ".meta" and "__pycache__" not in parts:
            yield path


def guid(path: Path, package: Path = PACKAGE) -> str:
    """The GUID of a file or folder of the package, 32 hexadecimal digits."""
    place = f"{NAME}/{path.relative_to(package).as_posix()}"
    return hashlib.sha256(place.encode()).hexdigest()[:32]


def meta(path: Path, package: Path = PACKAGE) -> str:
    """The text of the .meta file beside `path`."""
    if path.is_dir():
        importer = _FOLDER
    elif path == package / "package.json":
        importer = _PACKAGE_JSON
    else:
        importer = _IMPORTERS.get(path.suffix, _OTHER)
    return f"fileFormatVersion: 2\nguid: {guid(path, package)}\n{importer}"


def wrong(package: Path = PACKAGE) -> dict[Path, str | None]:
    """The .meta files that are not as they should be: what they should hold, None for one that should not be there."""
    due = {path.with_name(path.name + ".meta"): meta(path, package) for path in imported(package)}
    there = {path for path in package.rglob("*.meta") if not any(part.endswith("~") for part in path.parts)}
    texts: dict[Path, str | None] = dict.fromkeys(there - due.keys())
    texts.update({path: text for path, text in due.items() if path not in there or path.read_text() != text})
    return texts


def main() -> int:
    """Writes or checks."""
    parser = argparse.ArgumentParser(description="the .meta files of the Unity package")
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 if anything is wrong")
    is_check = parser.parse_args().check
    texts = wrong()
    for path, text in sorted(texts.items()):
        print(f"{'remove' if text is None else 'write'} {path.relative_to(PACKAGE)}")
        if is_check:
            continue
        if text is None:
            path.unlink()
        else:
            path.write_text(text, newline="\n")
    return int(is_check and bool(texts))


if __name__ == "__main__":
    sys.exit(main())
