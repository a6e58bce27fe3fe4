"""Flags that one line sets and another asks for: a line is merged if a comparison there becomes part of a select."""

import numpy as np
import pytest

import autograd
from autograd.recorded import recordings
from tests.branches.every_row import assert_eager
from tests.sizes import some

rng = np.random.default_rng(3)


def thermostat(start, outside, gain):
    on, t = False, start
    for _ in range(15):
        if on and t > 1.0:
            on = False
        elif not on and t < 0.5:
            on = True
        t = t + 0.1 * (outside - t) + (0.3 * gain if on else 0)
    return t


def not_on(start, outside, gain):
    on, t = False, start
    for _ in range(15):
        if on and t > 1.0: on = False  # fmt: skip  # noqa: E701
        if not on and t < 0.5: on = True  # fmt: skip  # noqa: E701
        if on:
            t = t + 0.3 * gain
        t = t + 0.1 * (outside - t)
    return t


def asked_first(start, outside, gain):
    on, t = False, start
    for _ in range(15):
        hot = t > 1.0
        if on and hot:
            on = False
        if not on:
            on = t < 0.5
        t = t + 0.1 * (outside - t) + (0.3 * gain if on else 0.0)
    return t


def two_flags(start, outside, gain):
    heats = cools = False
    t = start
    for _ in range(12):
        heats = (heats or t < 0.0) and not t > 0.6
        if (cools and t < 0.8) or heats: cools = False  # fmt: skip  # noqa: E701
        elif not (cools or heats) and t > 1.2: cools = True  # fmt: skip  # noqa: E701
        t = t + 0.1 * (outside - t) + (gain if heats else 0.0) - (gain if cools else 0.0)
    return t


def counter(start, outside, gain):
    n, t = 0, start
    for _ in range(12):
        if t > 1.0 and n < 3: n = n + 1  # fmt: skip  # noqa: E701
        elif n == 3 and t < 0.5: n = 0  # fmt: skip  # noqa: E701
        t = t + 0.1 * (outside - t) + (gain if n < 3 else -gain * n)
    return t


def latched(start, outside, gain):
    latch, t = False, start
    for _ in range(12):
        latch = latch or t > 1.0
        t = t + 0.1 * outside if not latch else t - 0.2 * gain if t > 0.3 else t
        if latch and t < 0.3: latch = False  # fmt: skip  # noqa: E701
    return t


@pytest.mark.parametrize("f", [thermostat, not_on, asked_first, two_flags, counter, latched], ids=lambda f: f.__name__)
def test_flags_come_to_few_paths(f):
    fast = autograd.compile(f, in_axes=0)
    assert_eager(f, fast, rng.uniform(-2.0, 2.0, size=(some(300), 3)))
    assert_eager(f, fast, rng.uniform(-2.0, 2.0, size=(some(300), 3)))
    assert len(fast.tapes) <= 2, fast.report()
    assert not any(line.reason for line in fast.report().lines)


def test_a_comparison_that_is_wrong_once_merged_goes_back_to_guards_with_its_reason(monkeypatch):
    monkeypatch.setattr(recordings, "disagreement", lambda *_: "it gave other numbers")
    fast = autograd.compile(thermostat, in_axes=0, max_paths=1000)
    assert_eager(thermostat, fast, rng.uniform(-2.0, 2.0, size=(100, 3)))
    assert len(fast.tapes) > 2
    assert {line.reason for line in fast.report().lines if line.splits > 8} == {"it gave other numbers"}
