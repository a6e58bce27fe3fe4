"""What is replayed gives what the eager engine gives: in every lane of a batch, and for each row alone."""

import numpy as np
import pytest

import autograd
from tests.random_graphs import value_and_slopes

ROWS = [0.7, -1.3, 2.0, 0.0, 5.5, -0.0, 1.0, 2.5, -3.0, 0.25]


def assert_as_eager(f, *columns, rel=1e-12):
    """In every lane of a batch, and for each row alone, the value and the slopes are those of the eager engine."""
    fast = autograd.compile(f, in_axes=0)
    arrays = [np.array(c) for c in columns]
    everything = tuple(range(len(columns)))
    value, slopes = fast.value_and_grad(*arrays, argnums=everything)
    tapes = len(fast.tapes)
    for i, row in enumerate(zip(*columns, strict=True)):
        expected = value_and_slopes(f, row)
        assert [value[i], *(s[i] for s in slopes)] == pytest.approx(expected, rel=rel, nan_ok=True), (i, row)
    alone = autograd.compile(f)
    for row in zip(*columns, strict=True):
        expected = value_and_slopes(f, row)
        one, several = alone.value_and_grad(*row, argnums=everything)
        assert [one, *several] == pytest.approx(expected, rel=rel, nan_ok=True), row
    fast(*arrays)
    assert len(fast.tapes) == tapes
    return fast
