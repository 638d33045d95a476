"""Products of matrices with the lanes of streams: the sums stay in registers while a row of inputs goes by.

What is multiplied comes packed (see `packing`): so many outputs at a time, side by side for each input. Every sum
begins with the bias and goes through the inputs in order, whatever is computed beside it.
"""

from typing import Any, Final

from llvmlite import ir
from numba.core import types
from numba.extending import intrinsic

from ambiome_middleware.jit import jit_inner
from ambiome_middleware.neural.codec import FRAMES_PER_STEP
from ambiome_middleware.neural.cpu.lanes import VECTOR, data, multiply_add, splat, vectors
from ambiome_middleware.sound.arrays import F32

ALONE: Final = 8
"""Outputs at a time where one vector of each input is at hand."""
TOGETHER: Final = 4
"""Outputs at a time where those of three frames, or three moments, are: 12 sums, of 16 registers that AVX2 has."""


def _sums(rows: int, columns: int) -> Any:
    """So many rows of inputs, `step` vectors apart, times so many outputs, which go to rows `apart` vectors apart."""

    def typed(
        typing: Any, x: Any, at: Any, step: Any, weight: Any, group: Any, bias: Any, out: Any, to: Any, apart: Any
    ) -> Any:
        number = types.intp

        def made(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            index = context.get_value_type(number)

            def fixed(value: int) -> Any:
                return ir.Constant(index, value)

            _, at, step, _, group, _, _, to, apart = arguments
            shape = context.make_array(weight)(context, builder, arguments[3]).shape
            inputs = builder.extract_value(shape, 1)
            source, target = vectors(context, builder, x, arguments[0]), vectors(context, builder, out, arguments[6])
            start = builder.mul(builder.mul(group, inputs), fixed(columns))
            factors = builder.gep(data(context, builder, weight, arguments[3]), [start])
            begin = builder.gep(data(context, builder, bias, arguments[5]), [builder.mul(group, fixed(columns))])
            sources = [builder.gep(source, [builder.add(at, builder.mul(step, fixed(r)))]) for r in range(rows)]
            first = [splat(builder, builder.load(builder.gep(begin, [fixed(c)]))) for c in range(columns)]
            before, loop = builder.block, builder.append_basic_block("inputs")
            after = builder.append_basic_block("done")
            builder.branch(loop)
            builder.position_at_end(loop)
            k = builder.phi(index)
            sums = [[builder.phi(VECTOR) for _ in range(columns)] for _ in range(rows)]
            values = [builder.load(builder.gep(each, [k]), align=4) for each in sources]
            line = builder.gep(factors, [builder.mul(k, fixed(columns))])
            found: list[list[Any]] = [[] for _ in range(rows)]
            for c in range(columns):
                factor = splat(builder, builder.load(builder.gep(line, [fixed(c)])))
                for r in range(rows):
                    found[r].append(multiply_add(builder, factor, values[r], sums[r][c]))
            following = builder.add(k, fixed(1))
            k.add_incoming(fixed(0), before)
            k.add_incoming(following, loop)
            for r in range(rows):
                for c in range(columns):
                    sums[r][c].add_incoming(first[c], before)
                    sums[r][c].add_incoming(found[r][c], loop)
            builder.cbranch(builder.icmp_signed("<", following, inputs), loop, after)
            builder.position_at_end(after)
            for r in range(rows):
                row = builder.add(to, builder.mul(apart, fixed(r)))
                for c in range(columns):
                    builder.store(found[r][c], builder.gep(target, [builder.add(row, fixed(c))]), align=4)
            return context.get_dummy_value()

        return types.void(x, number, number, weight, number, bias, out, number, number), made

    return intrinsic(typed)


_alone: Final[Any] = _sums(1, ALONE)
_together: Final[Any] = _sums(FRAMES_PER_STEP, TOGETHER)


@jit_inner
def product(x: F32, weight: F32, bias: F32, out: F32) -> None:
    """x [inputs, LANES] → out [≥ groups · ALONE, LANES], with a weight packed for `ALONE`."""
    for group in range(len(weight)):
        _alone(x, 0, 0, weight, group, bias, out, group * ALONE, 0)


@jit_inner
def products(x: F32, step: int, count: int, weight: F32, bias: F32, out: F32) -> None:
    """Inputs from vector n · step of x on, for n < `count`, a multiple of 3 → vector n · groups · `TOGETHER` of out on;
    the weight is packed for `TOGETHER`.
    """
    groups = len(weight)
    made = groups * TOGETHER
    for n in range(0, count, FRAMES_PER_STEP):
        for group in range(groups):
            _together(x, n * step, step, weight, group, bias, out, n * made + group * TOGETHER, made)
