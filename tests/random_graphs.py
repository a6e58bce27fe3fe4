"""Random graphs with sharing, as programs: a list of (function, operand positions) over a few leaves.

The same program runs on Values, on torch scalars and on floats, so that oracles need no translation.
"""

import math
import random
from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

import autograd

UNARY = ["neg", "exp", "log1p", "sqrt", "sin", "cos", "tanh", "sigmoid", "relu", "softplus", "atan", "erf", "expm1"]
BINARY = ["add", "sub", "mul", "div", "maximum", "minimum", "hypot"]
EDGES = [
    0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 3.0, 1e-310, 1e-17, 1e200, -1e200, 40.0, -40.0, 800.0,
    math.inf, -math.inf, math.nan,
]  # fmt: skip
"""Numbers at which something may change: signs, ranges, the smallest and the largest."""


@dataclass(frozen=True)
class Program:
    """Straight-line code: every step applies a function to earlier results."""

    leaves: tuple[float, ...]
    steps: tuple[tuple[str, tuple[int, ...]], ...]

    def run(self, functions, leaves):
        """All results in order; the last three are summed into the root."""
        slots = list(leaves)
        for name, operands in self.steps:
            slots.append(functions(name, [slots[i] for i in operands]))
        root = slots[-1]
        for extra in slots[-3:-1]:
            root = functions("add", [root, extra])
        return root


@st.composite
def programs(draw, max_steps=40):
    leaves = draw(st.lists(st.floats(-2.0, 2.0).map(lambda x: round(x, 3)), min_size=2, max_size=4))
    steps = []
    for k in range(draw(st.integers(3, max_steps))):
        known = len(leaves) + k
        near = st.integers(max(0, known - 6), known - 1) | st.integers(0, known - 1)
        if draw(st.booleans()):
            steps.append((draw(st.sampled_from(UNARY)), (draw(near),)))
        else:
            steps.append((draw(st.sampled_from(BINARY)), (draw(near), draw(near))))
    return Program(tuple(leaves), tuple(steps))


def tamed(name, operands, apply):
    """The function on operands squeezed into its domain, in terms of `apply`, so that results stay finite."""
    if name in ("add", "sub"):  # results grow by 1 a step at most: oracles may differ in the last digit of large ones
        operands = [apply("tanh", operands[:1]), operands[1]]
    elif name in ("exp", "expm1"):
        operands = [apply("tanh", operands)]
    elif name in ("log1p", "sqrt"):
        operands = [apply("softplus", operands)]
    elif name == "div":
        operands = [operands[0], apply("add", [apply("softplus", operands[1:]), 0.5])]
    elif name == "hypot":  # away from the origin, where conventions differ
        operands = [apply("add", [apply("softplus", operands[:1]), 0.5]), operands[1]]
    elif name == "mul":
        operands = [apply("tanh", operands[:1]), operands[1]]
    return apply(name, operands)


def swept_graph(program, seed, sweeps):
    """The root of a program on Values after so many sweeps, some leaves with a gradient before; None of a constant."""
    rng = random.Random(seed)
    leaves = [autograd.Value(x) for x in program.leaves]
    root = program.run(on_values, leaves)
    if root.is_constant:
        return None
    for leaf in leaves[::2]:
        leaf.grad = rng.gauss(0.0, 1.0)
    for _ in range(sweeps):
        root.backward()
    return root


OPERATORS = {"add": "__add__", "sub": "__sub__", "mul": "__mul__", "div": "__truediv__", "neg": "__neg__"}


def on_values(name, operands):
    """The function on Values."""

    def apply(name, xs):
        return getattr(xs[0], OPERATORS[name])(*xs[1:]) if name in OPERATORS else getattr(autograd, name)(*xs)

    return tamed(name, operands, apply)


def value_and_slopes(function, numbers):
    """What the eager engine gives: the value of a function of numbers, and its slope by each."""
    leaves = [autograd.Value(x) for x in numbers]
    y = function(*leaves)
    if not isinstance(y, autograd.Value):
        return [float(y)] + [0.0] * len(leaves)
    return [y.data, *(autograd.grad(y, leaves, allow_unused=True) if not y.is_constant else [0.0] * len(leaves))]


def eager_hessian(f, row):
    """What the eager engine gives: the matrix of second derivatives of a function of numbers."""
    leaves = [autograd.Value(x) for x in row]
    first = autograd.grad(f(*leaves), leaves, create_graph=True, allow_unused=True)
    return np.array(
        [autograd.grad(d, leaves, allow_unused=True) if not d.is_constant else [0.0] * len(row) for d in first]
    )
