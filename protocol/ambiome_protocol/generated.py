"""Files that are made from the code and kept in the sources: whether they say what it does, and writing them anew."""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path


def out_of_date(wanted: Mapping[Path, str]) -> dict[Path, str]:
    """Those of the wanted files that are not there, or say something else, with what they should say."""
    return {path: text for path, text in wanted.items() if not path.exists() or path.read_text("utf-8") != text}


def command(prog: str, meaning: str, stale: Mapping[Path, str], arguments: Sequence[str] | None = None) -> int:
    """`prog [--write]`: names the stale files, or rewrites them. Exit code 1 if any is left stale."""
    parser = argparse.ArgumentParser(prog=prog, description=meaning.partition("\n")[0])
    parser.add_argument("--write", action="store_true", help="rewrite what is out of date")
    is_writing = parser.parse_args(arguments).write
    for path, text in stale.items():
        print(f"{path.name} {'rewritten' if is_writing else 'is out of date'}")
        if is_writing:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8")
    return 1 if stale and not is_writing else 0
