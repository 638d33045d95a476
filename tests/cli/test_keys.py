"""`ambiome keys`: a pair of files, and what to do with the public one."""

import stat
from collections.abc import Callable
from pathlib import Path

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
    done = ambiome("keys", "../studio", "--out", tmp_path)
    assert done.code == 2
    assert "no name for a pair of keys" in done.err
    done = ambiome("serve", "--bind", "tcp://0.0.0.0:5599")
    assert done.code == 4
    assert "--insecure" in done.err
    assert len(done.err.splitlines()) == 1
