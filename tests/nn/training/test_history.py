"""A history in one line."""

import math

import pytest

from autograd import Value
from nn import History
from nn.training.history import sparkline


def test_it_says_what_came_out_in_one_line():
    history = History(loss=[1.0, 0.1, 0.01], accuracy=[0.5, 0.75, 0.985], nodes=7, seconds=2.345)
    assert repr(history) == "<History: loss 0.01, accuracy 98.5%, 3 epochs, 2.35 s █▅▁>"
    history.interrupted = True
    assert "interrupted" in repr(history)
    assert repr(History()) == "<History: no epoch completed, 0 s>"
    assert repr(History([0.5])) == "<History: loss 0.5, 1 epoch, 0 s ▁>"


def test_it_is_constructed_and_compared_as_ever():
    assert History([1.0], [0.5], 3, 1.5, True) == History(
        loss=[1.0], accuracy=[0.5], nodes=3, seconds=1.5, interrupted=True
    )
    assert History([1.0]) != History([2.0])


@pytest.mark.parametrize(
    "history",
    [
        History([math.nan] * 3),
        History([math.inf, -math.inf, 1.0]),
        History([1e308, -1e308, 5e-324], [math.nan]),
        History([1.0 / (k + 1) for k in range(100_000)], [0.98765], 1, 1.23456789e9, True),
        History([-1.23456789e-300] * 10**5, [1e300], 1, -1.23456789e-300, True),
        History([None, "text", Value(2.0)], ["x"], 0, None),
        History([0.0, 0.0]),
    ],
)
def test_it_is_short_and_never_raises(history):
    text = repr(history)
    assert len(text) <= 100
    assert text.isprintable()
    assert text.startswith("<History: loss ")


def test_bars_are_monotone_in_the_numbers():
    bars = "▁▂▃▄▅▆▇█"
    assert sparkline([float(2**k) for k in range(8)]) == bars
    assert sparkline([float(k) for k in range(8)]) == bars  # with a 0, as they are
    assert sparkline([3.0, 3.0]) == "▁▁"
    assert sparkline([1.0, math.nan, math.inf, 2.0]) == "▁xx█"
    assert sparkline([]) == ""
    assert len(sparkline([0.1] * 1000)) == 24
    assert sparkline([0.1] * 999 + [math.nan]) == "▁" * 23 + "x"  # the one nan among a thousand is seen
