"""A number of each of a tile's streams side by side, as one vector that compiled code computes with.

Arrays that hold them are float32 with `LANES` last; `load` and `store` count in vectors. Whatever is computed of a lane
is so in the same way in every lane, so no stream can know its place or its company: law 3 without a care. Arithmetic is
IEEE's, in the order in which it is written; only `multiplied` may round once where the processor can.
"""

import operator
from typing import Any, Final

import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic, lower_builtin, models, register_model, type_callable

from ambiome_middleware.jit import jit_inner
from ambiome_middleware.neural.generate import TILE

LANES: Final = TILE
Lanes = Any
"""What compiled code holds a vector in."""
F = np.float32
_FLOAT: Final = ir.FloatType()
_INT: Final = ir.IntType(32)
VECTOR: Final = ir.VectorType(_FLOAT, LANES)
_INTS: Final = ir.VectorType(_INT, LANES)


class _LanesType(types.Type):
    def __init__(self) -> None:
        super().__init__(name="Lanes")


class _LanesModel(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, VECTOR)


_LANES: Final = _LanesType()
register_model(_LanesType)(_LanesModel)


def splat(builder: Any, value: Any) -> Any:
    """LLVM: one float in every lane."""
    one = builder.insert_element(ir.Constant(VECTOR, ir.Undefined), value, ir.Constant(_INT, 0))
    return builder.shuffle_vector(one, ir.Constant(VECTOR, ir.Undefined), ir.Constant(_INTS, [0] * LANES))


def multiply_add(builder: Any, a: Any, b: Any, c: Any) -> Any:
    """LLVM: a · b + c."""
    return _called(builder, "fmuladd", a, b, c)


def _called(builder: Any, name: str, *arguments: Any) -> Any:
    kind = ir.FunctionType(VECTOR, [VECTOR] * len(arguments))
    function = cgutils.get_or_insert_function(builder.module, kind, f"llvm.{name}.v{LANES}f32")
    return builder.call(function, arguments)


def data(context: Any, builder: Any, kind: Any, array: Any) -> Any:
    """LLVM: where an array's numbers lie."""
    return context.make_array(kind)(context, builder, array).data


def vectors(context: Any, builder: Any, kind: Any, array: Any) -> Any:
    """LLVM: where an array's vectors lie."""
    return builder.bitcast(data(context, builder, kind, array), VECTOR.as_pointer())


def _in_lanes(context: Any, builder: Any, kind: Any, value: Any) -> Any:
    return value if kind is _LANES else splat(builder, context.cast(builder, value, kind, types.float32))


def _operator(function: Any, instruction: str) -> None:
    """Lets compiled code use an operator between lanes, and between lanes and numbers."""

    def typed(context: Any) -> Any:
        def typer(a: Any, b: Any) -> Any:
            is_one = all(each is _LANES or isinstance(each, types.Float) for each in (a, b))
            return _LANES if is_one and _LANES in (a, b) else None

        return typer

    def lowered(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        found = (_in_lanes(context, builder, *each) for each in zip(signature.args, arguments, strict=True))
        return getattr(builder, instruction)(*found)

    type_callable(function)(typed)
    for kinds in ((_LANES, _LANES), (_LANES, types.Float), (types.Float, _LANES)):
        lower_builtin(function, *kinds)(lowered)


for _function, _instruction in (
    (operator.add, "fadd"), (operator.iadd, "fadd"), (operator.sub, "fsub"), (operator.mul, "fmul"),
    (operator.truediv, "fdiv"),
):  # fmt: skip
    _operator(_function, _instruction)


def _load(typing: Any, array: Any, at: Any) -> Any:
    def made(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        start = vectors(context, builder, array, arguments[0])
        return builder.load(builder.gep(start, [arguments[1]]), align=4)

    return _LANES(array, types.intp), made


def _store(typing: Any, array: Any, at: Any, value: Any) -> Any:
    def made(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        start = vectors(context, builder, array, arguments[0])
        builder.store(arguments[2], builder.gep(start, [arguments[1]]), align=4)
        return context.get_dummy_value()

    return types.void(array, types.intp, _LANES), made


def _every(typing: Any, value: Any) -> Any:
    return _LANES(types.float32), lambda context, builder, signature, arguments: splat(builder, arguments[0])


def _multiplied(typing: Any, a: Any, b: Any, c: Any) -> Any:
    def made(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return multiply_add(builder, *arguments)

    return _LANES(_LANES, _LANES, _LANES), made


def _root(typing: Any, x: Any) -> Any:
    def made(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return _called(builder, "sqrt", *arguments)

    return _LANES(_LANES), made


def _chosen(condition: str) -> Any:
    """Where `a` compares so with `b`, `c`, else `d`."""

    def typed(typing: Any, a: Any, b: Any, c: Any, d: Any) -> Any:
        def made(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            a, b, c, d = arguments
            return builder.select(builder.fcmp_ordered(condition, a, b), c, d)

        return _LANES(_LANES, _LANES, _LANES, _LANES), made

    return typed


def _power_of_two(typing: Any, n: Any) -> Any:
    def made(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        bits = builder.add(builder.fptosi(arguments[0], _INTS), ir.Constant(_INTS, [127] * LANES))
        return builder.bitcast(builder.shl(bits, ir.Constant(_INTS, [23] * LANES)), VECTOR)

    return _LANES(_LANES), made


load: Final[Any] = intrinsic(_load)
"""(array, n): the n-th vector of a contiguous array."""
store: Final[Any] = intrinsic(_store)
"""(array, n, lanes): makes it the n-th vector of a contiguous array."""
every: Final[Any] = intrinsic(_every)
"""One number in every lane."""
multiplied: Final[Any] = intrinsic(_multiplied)
"""(a, b, c): a · b + c."""
root: Final[Any] = intrinsic(_root)
"""The square root."""
if_above: Final[Any] = intrinsic(_chosen(">"))
"""(a, b, c, d): c where a > b, else d."""
_power: Final[Any] = intrinsic(_power_of_two)
"""2 to the power of whole numbers −126 … 127."""


@jit_inner
def larger(a: Lanes, b: Lanes) -> Lanes:
    """The larger of two, lane by lane."""
    return if_above(a, b, a, b)


@jit_inner
def smaller(a: Lanes, b: Lanes) -> Lanes:
    """The smaller of two, lane by lane."""
    return if_above(a, b, b, a)


_LOG2_E, _MOST, _LEAST = F(1.4426950408889634), F(88.0), F(-87.0)
_LN2_HIGH, _LN2_LOW = F(0.693359375), F(np.log(2.0) - 0.693359375)
_WHOLE: Final = F(1.5 * 2.0**23)
"""Added and taken away again, it leaves the nearest whole number."""


@jit_inner
def exp(x: Lanes) -> Lanes:
    """e to the power of x, to 2 units of the last place; of what is outside −87 … 88, that of the nearer end.

    By halves and doubles of what is left, |r| ≤ ln 2 / 2, of which the series to the 7th power is exact in float32.
    """
    x = larger(smaller(x, every(_MOST)), every(_LEAST))
    n = (x * _LOG2_E + _WHOLE) - _WHOLE
    r = x - n * _LN2_HIGH - n * _LN2_LOW
    found = every(F(1.0 / 5_040.0))
    found = multiplied(found, r, every(F(1.0 / 720.0)))
    found = multiplied(found, r, every(F(1.0 / 120.0)))
    found = multiplied(found, r, every(F(1.0 / 24.0)))
    found = multiplied(found, r, every(F(1.0 / 6.0)))
    found = multiplied(found, r, every(F(0.5)))
    found = multiplied(found, r, every(F(1.0)))
    found = multiplied(found, r, every(F(1.0)))
    return found * _power(n)


@jit_inner
def sigmoid(x: Lanes) -> Lanes:
    """1 / (1 + e^−x)."""
    return F(1.0) / (F(1.0) + exp(F(0.0) - x))


@jit_inner
def tanh(x: Lanes) -> Lanes:
    """By the sigmoid: to 2e-7."""
    return F(2.0) * sigmoid(F(2.0) * x) - F(1.0)


@jit_inner
def elu(x: Lanes) -> Lanes:
    """x where it is above 0, else e^x − 1."""
    zero = every(F(0.0))
    return if_above(x, zero, x, exp(x) - F(1.0))


@jit_inner
def gelu(x: Lanes) -> Lanes:
    """x times the normal distribution's share below x. Source: Abramowitz & Stegun (1964), 7.1.26, to 1.5e-7."""
    zero, z = every(F(0.0)), x * F(0.5**0.5)
    size = larger(z, zero - z)
    t = F(1.0) / (F(1.0) + F(0.3275911) * size)
    found = every(F(1.061405429))
    found = multiplied(found, t, every(F(-1.453152027)))
    found = multiplied(found, t, every(F(1.421413741)))
    found = multiplied(found, t, every(F(-0.284496736)))
    found = multiplied(found, t, every(F(0.254829592)))
    rest = found * t * exp(zero - size * size)
    return x * F(0.5) * if_above(z, zero, F(2.0) - rest, rest)
