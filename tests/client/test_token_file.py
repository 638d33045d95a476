"""Token files: what goes in comes out, other tables find their columns, and nothing else is taken for one."""

import io
from pathlib import Path

import msgspec
import numpy as np
import pytest
from ambiome_middleware import token_file, tokens
from ambiome_middleware.remap import ColumnError
from ambiome_middleware.token_file import MAGIC, Head, TokenFile, TokenFileError

Table = tuple[tuple[str, int, str], ...]


def recording(steps: int = 7) -> TokenFile:
    chance = np.random.default_rng(1)
    levels = np.array([levels for _, levels, _ in tokens.table()])
    rows = chance.integers(0, levels, (steps, tokens.ROW_WIDTH)).astype(np.int16)
    return TokenFile(seed=2**63 - 1, layout="mono", rows=rows, sound_version=3, first_step=90_000)


def packed(rows: np.ndarray, table: Table, **changes: object) -> bytes:
    """A token file of these rows with a table of its own."""
    fields = {"sound_version": 1, "seed": 1, "layout": "stereo", "first_step": 0, "steps": len(rows)} | changes
    head = msgspec.msgpack.encode(Head(**fields, table=table))
    return MAGIC + len(head).to_bytes(4, "little") + head + rows.astype("<i2").tobytes()


def test_round_trip(tmp_path: Path) -> None:
    path, written = tmp_path / "a.tokens", recording()
    token_file.write(path, written)
    read = token_file.read(path)
    np.testing.assert_array_equal(read.rows, written.rows)
    assert read.rows.dtype == np.int16
    assert (read.seed, read.layout, read.sound_version, read.first_step) == (2**63 - 1, "mono", 3, 90_000)
    assert read.seconds == 0.28


def test_an_empty_recording_is_one_too(tmp_path: Path) -> None:
    token_file.write(tmp_path / "a", recording(0))
    assert token_file.read(tmp_path / "a").rows.shape == (0, tokens.ROW_WIDTH)


def test_it_is_known_by_its_first_bytes(tmp_path: Path) -> None:
    token_file.write(tmp_path / "misnamed.jsonl", recording())
    (tmp_path / "score.tokens").write_text('{"at": 0, "world": {}}\n')
    (tmp_path / "empty").touch()
    found = {path.name: token_file.is_token_file(path) for path in tmp_path.iterdir()}
    assert found == {"misnamed.jsonl": True, "score.tokens": False, "empty": False}
    assert (tmp_path / "misnamed.jsonl").read_bytes().startswith(b"AMBITOK\n")


def test_a_file_cut_off_anywhere_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.tokens"
    token_file.write(path, recording(2))
    data = path.read_bytes()
    for size in [*range(64), *range(64, len(data), 37), len(data) - 1]:
        path.write_bytes(data[:size])
        with pytest.raises(TokenFileError, match=r"a\.tokens: (not a token file|its \w+ is cut off|it holds)"):
            token_file.read(path)
    path.write_bytes(data + b"x")
    with pytest.raises(TokenFileError, match="it holds"):
        token_file.read(path)


@pytest.mark.parametrize(
    "data",
    [
        b"RIFF\0\0\0\0WAVEfmt ",
        b'{"at": 0, "world": {}}',
        MAGIC + b"\xff\xff\xff\xff" + bytes(40),
        MAGIC + b"\0\0\0\0" + bytes(40),
        MAGIC + b"\x08\0\0\0" + b"\xc1" * 40,
        MAGIC + b"\x01\0\0\0\x80",
    ],
)
def test_anything_else_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "b").write_bytes(data)
    with pytest.raises(TokenFileError, match="b: "):
        token_file.read(tmp_path / "b")


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"format_version": 2}, "format version is 2"),
        ({"layout": "octophonic"}, "layout 'octophonic'.*mono, stereo"),
        ({"seed": -1}, "seed is -1"),
        ({"first_step": -5}, "first_step is -5"),
        ({"steps": 9}, "it holds 2 steps of 9"),
    ],
)
def test_a_head_that_cannot_be_is_refused(changes: dict[str, object], text: str) -> None:
    rows = np.tile(tokens.silent_row(), (2, 1))
    with pytest.raises(TokenFileError, match=text):
        token_file.parse(io.BytesIO(packed(rows, tokens.table(), **changes)))


def test_an_unknown_column_is_refused_by_name(tmp_path: Path) -> None:
    rows = np.tile(np.append(tokens.silent_row(), 5), (2, 1))
    (tmp_path / "c").write_bytes(packed(rows, (*tokens.table(), ("aurora_level", 256, "square"))))
    with pytest.raises(TokenFileError, match="c: column 'aurora_level' is not in this version"):
        token_file.read(tmp_path / "c")


@pytest.mark.parametrize("entry", [("wind_m_s", 511, "square"), ("wind_m_s", 512, "linear")])
def test_a_column_of_another_form_is_refused_by_name(entry: tuple[str, int, str]) -> None:
    table = tuple(entry if name == entry[0] else (name, levels, curve) for name, levels, curve in tokens.table())
    rows = np.tile(tokens.silent_row(), (2, 1))
    with pytest.raises(ColumnError, match="column 'wind_m_s' has 51"):
        token_file.parse(io.BytesIO(packed(rows, table)))


def test_a_list_of_kinds_may_have_grown_but_not_shrunk() -> None:
    def older(grown: int) -> tuple[tuple[str, int, str], ...]:
        return tuple((n, k + grown if n.endswith(".kind") else k, curve) for n, k, curve in tokens.table())

    rows = np.tile(tokens.silent_row(), (2, 1))
    rows[1, tokens.EVENTS_AT] = 3
    read = token_file.parse(io.BytesIO(packed(rows, older(-2)))).rows
    np.testing.assert_array_equal(read, rows)
    with pytest.raises(ColumnError, match=r"column 'feature0\.kind' has 14 levels"):
        token_file.parse(io.BytesIO(packed(rows, older(1))))


def test_columns_are_found_by_name_and_new_ones_take_their_default() -> None:
    known = [entry for entry in tokens.table() if entry[0] not in ("owl_pitch_hz", "gain_rain_db")]
    table = tuple(reversed(known))
    rows = np.zeros((3, len(table)), np.int16)
    wind = [name for name, _, _ in table].index("wind_m_s")
    rows[:, wind] = (5, 6, 7)
    read = token_file.parse(io.BytesIO(packed(rows, table))).rows
    assert read[:, tokens.COLUMN["wind_m_s"]].tolist() == [5, 6, 7]
    for name in ("owl_pitch_hz", "gain_rain_db"):
        default = tokens.SCENE[tokens.COLUMN[name]].quantise(tokens.SCENE[tokens.COLUMN[name]].default)
        assert default != 0
        assert read[:, tokens.COLUMN[name]].tolist() == [default] * 3


@pytest.mark.parametrize("token", [-1, 512, 32_767])
def test_a_token_that_its_column_has_not_is_refused(token: int) -> None:
    rows = np.tile(tokens.silent_row(), (3, 1))
    rows[1, tokens.COLUMN["wind_m_s"]] = token
    with pytest.raises(TokenFileError, match=f"row 1, column 'wind_m_s': token {token} is not 0 … 511"):
        token_file.parse(io.BytesIO(packed(rows, tokens.table())))
