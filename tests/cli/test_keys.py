"""`ambiome keys`: a pair of files, and what to do with the public one."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from ambiome_cli.exits import Problem
from ambiome_cli.keys import write_pair
from ambiome_middleware.gate import Gate, guests_of

from .conftest import Done

Ambiome = Callable[..., Done]


def test_what_it_makes_is_what_a_server_takes(ambiome: Ambiome, tmp_path: Path) -> None:
    done = ambiome("keys", "studio", "--out", tmp_path)
    assert (done.code, done.err) == (0, "")
    secret = tmp_path / "studio.key_secret"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    table = done.out.partition("knows this guest by   ")[2]
    (tmp_path / "guests.toml").write_text(table, encoding="utf-8")
    [(key, guest)] = guests_of(tmp_path / "guests.toml").items()
    assert guest.name == "studio"
    assert Gate.of(secret).public == key
    assert f"server_key={key.decode()!r}" in done.out


def test_mistakes_are_one_line(ambiome: Ambiome, tmp_path: Path) -> None:
    ambiome("keys", "studio", "--out", tmp_path)
    done = ambiome("keys", "studio", "--out", tmp_path)
    assert done.code == 4
    assert "is there already" in done.err
    done = ambiome("serve", "--bind", "tcp://0.0.0.0:5599")
    assert done.code == 4
    assert "--insecure" in done.err
    assert len(done.err.splitlines()) == 1


@pytest.mark.parametrize("name", ["../studio", "my laptop", "a\nb", "", ".hidden", "ä", "a\n", "x" * 65, "a.b"])
def test_a_name_is_one_of_a_file_and_of_a_table(ambiome: Ambiome, tmp_path: Path, name: str) -> None:
    done = ambiome("keys", "--out", tmp_path, "--", name)
    assert done.code == 2
    assert "no name for a pair of keys" in done.err
    assert len(done.err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_no_key_is_written_over_and_none_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a.key").touch()
    with pytest.raises(Problem, match="is there already"):
        write_pair(tmp_path, "a")
    assert not (tmp_path / "a.key_secret").exists()
    secret = write_pair(tmp_path, "b").secret.read_bytes()
    with pytest.raises(Problem, match=r"b\.key_secret is there already"):
        write_pair(tmp_path, "b")
    assert (tmp_path / "b.key_secret").read_bytes() == secret


def test_the_secret_one_was_never_for_others_to_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    modes: list[int] = []

    def opened(path: int, *rest: object, **options: object) -> object:
        modes.append(stat.S_IMODE(os.fstat(path).st_mode))
        return fdopen(path, *rest, **options)  # type: ignore[call-overload]

    fdopen = os.fdopen
    monkeypatch.setattr("os.fdopen", opened)
    before = os.umask(0)
    try:
        write_pair(tmp_path, "a")
    finally:
        os.umask(before)
    assert modes == [0o600, 0o644]
