"""SuperCollider's synth definitions as bytes, version 2 of the format, without sclang.

The format is that of SuperCollider's help file "Synth Definition File Format": big-endian, strings with their length in
one byte before them. A unit generator's inputs are constants or outputs of generators before it.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

SCALAR, CONTROL, AUDIO = range(3)
_ADD, _MULTIPLY, _DIVIDE = 0, 2, 4
LINEAR, EXPONENTIAL, SINE = 1, 2, 3
FREE_ITSELF: Final = 2


@dataclass(frozen=True, slots=True)
class Out:
    """One output of a unit generator of a definition: its number, which of its outputs, and the rate."""

    unit: int
    output: int
    rate: int


Input = Out | float


@dataclass(slots=True)
class SynthDef:
    """A definition under construction. `arguments`: set when a synth starts, fixed while it sounds."""

    name: str
    arguments: tuple[str, ...] = ()
    _constants: list[float] = field(default_factory=list)
    _units: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        if self.arguments:
            self._unit("Control", SCALAR, (), [SCALAR] * len(self.arguments))

    def argument(self, name: str) -> Out:
        """One of its arguments."""
        return Out(0, self.arguments.index(name), SCALAR)

    def audio(self, name: str, *inputs: Input) -> Out:
        """A generator at the rate of samples with one output."""
        return self._unit(name, AUDIO, inputs, [AUDIO])

    def control(self, name: str, *inputs: Input) -> Out:
        """A generator at the rate of blocks with one output."""
        return self._unit(name, CONTROL, inputs, [CONTROL])

    def times(self, a: Input, b: Input) -> Out:
        """Their product, at the rate of the faster."""
        return self._binary(_MULTIPLY, a, b)

    def plus(self, a: Input, b: Input) -> Out:
        """Their sum."""
        return self._binary(_ADD, a, b)

    def over(self, a: Input, b: Input) -> Out:
        """Their quotient."""
        return self._binary(_DIVIDE, a, b)

    def times_plus(self, a: Out, factor: Input, summand: Input) -> Out:
        """a · factor + summand, neither of them faster than a."""
        return self._unit("MulAdd", a.rate, (a, factor, summand), [a.rate])

    def envelope(self, segments: Sequence[tuple[float, Input, int]]) -> Out:
        """From 0 over segments of (level, seconds, shape); the synth frees itself after the last."""
        flat: list[Input] = []
        for level, seconds, shape in segments:
            flat += [level, seconds, float(shape), 0.0]
        return self.audio("EnvGen", 1.0, 1.0, 0.0, 1.0, FREE_ITSELF, 0.0, len(segments), -99.0, -99.0, *flat)

    def out(self, bus: Input, *channels: Out) -> None:
        """Add to the buses from `bus` on."""
        self._unit("Out", AUDIO, (bus, *channels), [])

    def encoded(self) -> bytes:
        """This definition within a file (see `file`)."""
        names = b"".join(_text(name) + struct.pack(">i", index) for index, name in enumerate(self.arguments))
        count = len(self.arguments)
        return b"".join(
            (
                _text(self.name),
                struct.pack(f">i{len(self._constants)}f", len(self._constants), *self._constants),
                struct.pack(f">i{count}f", count, *[0.0] * count), struct.pack(">i", count), names,
                struct.pack(">i", len(self._units)), *self._units, struct.pack(">h", 0),
            )
        )  # fmt: skip

    def _binary(self, operator: int, a: Input, b: Input) -> Out:
        rate = max(x.rate if isinstance(x, Out) else SCALAR for x in (a, b))
        return self._unit("BinaryOpUGen", rate, (a, b), [rate], operator)

    def _unit(self, name: str, rate: int, inputs: Sequence[Input], outputs: list[int], special: int = 0) -> Out:
        sources = b"".join(struct.pack(">ii", *self._source(x)) for x in inputs)
        head = _text(name) + struct.pack(">biih", rate, len(inputs), len(outputs), special)
        self._units.append(head + sources + bytes(outputs))
        return Out(len(self._units) - 1, 0, rate)

    def _source(self, x: Input) -> tuple[int, int]:
        if isinstance(x, Out):
            return x.unit, x.output
        if float(x) not in self._constants:
            self._constants.append(float(x))
        return -1, self._constants.index(float(x))


def file(definitions: Sequence[SynthDef]) -> bytes:
    """A file of definitions."""
    return b"SCgf" + struct.pack(">ih", 2, len(definitions)) + b"".join(each.encoded() for each in definitions)


def _text(text: str) -> bytes:
    raw = text.encode("ascii")
    return bytes([len(raw)]) + raw
