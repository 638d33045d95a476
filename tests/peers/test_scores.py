"""What the peers are told: bytes of SuperCollider's files, patches of Pure Data."""

import re
import struct

import numpy as np
import pytest

from benchmarks.peers import csound, puredata, supercollider
from benchmarks.peers.beds import Bed
from benchmarks.peers.osc import bundle, message, synths
from benchmarks.peers.plan import KINDS, SOUND, Plan
from benchmarks.peers.synthdef import AUDIO, CONTROL, SCALAR, SynthDef, file

BED = Bed("rain", ((0.1, 0.2, 0.1, -0.5, 0.25), (1.0, 0.0, 0.0, 0.0, 0.0)), 0.25, 0.5)


def sounds(*rows: tuple[float, int, str, float]) -> Plan:
    """A plan of two listeners from (onset, listener, kind, length)."""
    found = np.zeros(len(rows), SOUND)
    for sound, (onset_s, listener, kind, length_s) in zip(found, rows, strict=True):
        sound["onset_s"], sound["listener"], sound["kind"] = onset_s, listener, KINDS.index(kind)
        sound["length_s"], sound["attack_s"], sound["hz"], sound["end_hz"] = length_s, 0.001, 1_000.0, 900.0
        sound["width_hz"], sound["left"], sound["right"] = 500.0, 0.25, 0.5
    return Plan(2.0, 2, found, (BED,))


def test_a_synth_definition_is_what_the_format_says() -> None:
    definition = SynthDef("beep", ("bus",))
    sine = definition.audio("SinOsc", 440.0, 0.0)
    definition.out(definition.argument("bus"), definition.times(sine, 0.0))
    assert file([definition]) == b"".join(
        (
            b"SCgf", struct.pack(">ih", 2, 1), b"\4beep",
            struct.pack(">i2f", 2, 440.0, 0.0),  # constants, each once
            struct.pack(">if", 1, 0.0), struct.pack(">i", 1), b"\3bus", struct.pack(">i", 0),
            struct.pack(">i", 4),
            b"\7Control", struct.pack(">biih", SCALAR, 0, 1, 0), b"\0",
            b"\6SinOsc", struct.pack(">biih", AUDIO, 2, 1, 0), struct.pack(">iiii", -1, 0, -1, 1), b"\2",
            b"\14BinaryOpUGen", struct.pack(">biih", AUDIO, 2, 1, 2), struct.pack(">iiii", 1, 0, -1, 1), b"\2",
            b"\3Out", struct.pack(">biih", AUDIO, 2, 0, 0), struct.pack(">iiii", 0, 0, 2, 0),
            struct.pack(">h", 0),
        )
    )  # fmt: skip


def test_a_product_is_as_fast_as_its_fastest_factor() -> None:
    definition = SynthDef("rates", ("a",))
    slow, fast = definition.control("LFNoise1", 1.0), definition.audio("WhiteNoise")
    assert definition.times(definition.argument("a"), 2.0).rate == SCALAR
    assert definition.times(slow, definition.argument("a")).rate == CONTROL
    assert definition.times(slow, fast).rate == AUDIO


def test_messages_and_bundles_are_osc() -> None:
    assert message("/c_set", 7, 0.5) == b"/c_set\0\0,if\0\0\0\0\7\x3f\0\0\0"
    assert message("/d_recv", b"abc") == b"/d_recv\0,b\0\0\0\0\0\3abc\0"
    assert bundle(1.5, b"four") == struct.pack(">i", 24) + b"#bundle\0" + struct.pack(">QI", 3 << 31, 4) + b"four"


def test_many_synths_are_the_bundles_of_each() -> None:
    at_s = np.array([0.0, 0.25, 7.125])
    which = np.array([1, 0, 1], np.int32)
    arguments = np.array([[1.0, 2.5], [3.0, -4.0], [0.0, 0.125]])
    each = (
        bundle(float(t), message("/s_new", ("mode", "tone")[w], -1, 1, 0, 0, float(a), 1, float(b)))
        for t, w, (a, b) in zip(at_s, which, arguments, strict=True)
    )
    assert synths(at_s, ("mode", "tone"), which, arguments) == b"".join(each)
    with pytest.raises(ValueError, match="not of one length"):
        synths(at_s, ("mode", "a longer name"), which, arguments)


def test_supercollider_plays_what_begins_before_the_end(tmp_path) -> None:
    plan = sounds((0.1, 0, "mode", 0.1), (0.5, 1, "hiss", 0.1), (1.5, 0, "clap", 0.1))
    supercollider.write(plan, tmp_path, [1.0, 2.0])
    short, long = ((tmp_path / name).read_bytes() for name in ("score-1.osc", "score-2.osc"))
    assert short.count(b"/s_new") == 2 + 2
    assert long.count(b"/s_new") == 2 + 3
    assert short.endswith(bundle(1.0, message("/c_set", 0, 0.0)))


def test_csound_is_told_every_sound_on_its_listeners_channels(tmp_path) -> None:
    csound.write(sounds((0.1, 0, "mode", 0.2), (0.5, 1, "hiss", 0.1)), tmp_path, [])
    score = (tmp_path / "storm.sco").read_text()
    assert "i 10 0.100000 0.200000 1 0.001 1000 900 500 0 0.25 0.5\n" in score
    assert "i 13 0.500000 0.100000 3 " in score
    assert "nchnls = 4\n" in (tmp_path / "storm.orc").read_text()


def test_a_voice_of_pure_data_plays_one_sound_at_a_time() -> None:
    plan = sounds(
        (0.0, 0, "mode", 0.5), (0.1, 0, "mode", 0.1), (0.2, 1, "mode", 0.1), (0.3, 0, "mode", 0.1),
        (0.3, 0, "hiss", 9.0),
    )  # fmt: skip
    assert puredata.voices(plan).tolist() == [0, 1, 0, 1, 0]


@pytest.mark.parametrize("patch", [*KINDS, "listener", "storm"])
def test_cords_join_boxes_that_are_there(patch: str) -> None:
    made = {"listener": lambda: puredata.listener({"mode": 3}, [BED]), "storm": lambda: puredata.storm(2, 96_000)}
    text = made.get(patch, lambda: puredata.voice(patch))()
    boxes = len(re.findall(r"^#X (?:obj|msg) ", text, re.MULTILINE))
    cords = re.findall(r"^#X connect (\d+) (\d+) (\d+) (\d+);$", text, re.MULTILINE)
    assert cords
    assert all(max(int(out), int(into)) < boxes for out, _, into, _ in cords)
    assert all(line.endswith(";") for line in text.splitlines())
    outlets = [int(x) for x in re.findall(r"^#X obj (\d+) \d+ outlet~;$", text, re.MULTILINE)]
    assert outlets == sorted(set(outlets)), "Pd numbers outlets from left to right"
    assert len(outlets) == (0 if patch == "storm" else 2)
