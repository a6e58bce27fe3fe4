"""The right line in planted cases: eager, and compiled in each row of a batch; and nothing found where nothing is."""

import math

import numpy as np
import pytest

from autograd import AnomalyError, Value, compile, detect_anomaly
from tests.checks import planted
from tests.checks.planted import CASES, both_sides_of_a_where

ROW = 2
"""The row of the batch that is bad."""


def assert_found(caught, case, where=""):
    """What was found is what was planted."""
    message = str(caught.value)
    assert caught.value.where == f"{planted.__file__}:{case.line}", message
    assert message.startswith(where)
    if case.backward:
        assert "backward through " in message
        blamed = message.split("backward through ")[1].split(", into ")[0]
    else:
        assert "its operands are finite" in message
        blamed = message.removeprefix(where).split(" gave ")[0]
    assert case.operation in blamed, message


def test_there_are_enough():
    assert len(CASES) >= 40
    assert sum(case.backward for case in CASES) >= 10
    assert len({case.line for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_eager(case):
    def swept(numbers):
        xs = [Value(number) for number in numbers]
        result = case.function(*xs)
        result.backward()
        return [result.data, *(x.grad for x in xs)]

    with detect_anomaly():
        good = swept(case.good)
        with pytest.raises(AnomalyError) as caught:
            swept(case.bad)
    assert_found(caught, case)
    assert all(map(math.isfinite, good))
    if case.function is not both_sides_of_a_where:  # of which the nan is not taken
        assert not all(map(math.isfinite, swept(case.bad)))  # outside nobody minds


@pytest.mark.parametrize("kind", ["single", "batch"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_compiled(case, kind):
    fast = compile(case.function, in_axes=0) if kind == "batch" else compile(case.function)
    good = [np.full(5, x) for x in case.good] if kind == "batch" else list(case.good)
    bad = [np.where(np.arange(5) == ROW, b, g) for g, b in zip(case.good, case.bad, strict=True)]
    bad = bad if kind == "batch" else list(case.bad)

    def asked(args):
        return fast.grad(*args, argnums=(0, 1)) if case.backward else fast(*args)

    before = asked(bad)
    with detect_anomaly():
        np.testing.assert_array_equal(np.isfinite(asked(good)), True)
        with pytest.raises(AnomalyError) as caught:
            asked(bad)
    assert_found(caught, case, f"row {ROW} of {case.name}" if kind == "batch" else case.name)
    np.testing.assert_equal(asked(bad), before)
