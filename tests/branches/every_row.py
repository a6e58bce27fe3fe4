"""Whether every row of a compiled function is what the eager engine gives."""

import math

import numpy as np

from tests.compiled.last_digits import differ
from tests.random_graphs import value_and_slopes

EDGES = [0.0, -0.0, 0.5, 1.0, -1.0, 2.0, -2.0, 0.25, math.nan, math.inf, -math.inf]


def rows():
    return [(a, b) for a in EDGES for b in EDGES]


def assert_eager(f, fast, some):
    value, slopes = fast.value_and_grad(*np.array(some).T, argnums=tuple(range(len(some[0]))))
    for i, row in enumerate(some):
        expected = value_and_slopes(f, row)
        found = [float(value[i]), *(float(s[i]) for s in slopes)]
        assert not any(map(differ, found, expected)), (row, found, expected)
