"""Many directions from one point: the lanes are directions."""

import math

import numpy as np
import pytest

from autograd.calculus import table
from autograd.programs.program import Program
from autograd.programs.steps import packed
from autograd.replay import replay as module
from autograd.replay.directions import all_bounded
from autograd.replay.replay import Replay

A, X, Y, Z = range(4)


def program():
    """a, and a*x + y, x - z, 7, of a shared a."""
    steps = [(table.mul, (A, X)), (table.add, (4, Y)), (table.sub, (X, Z)), (None, 7.0)]
    return Program(("a", "x", "y", "z"), packed(steps), (A, 5, 6, 7))


VARYING = (False, True, True, True)


@pytest.mark.parametrize("threads", [1, 4])
@pytest.mark.parametrize("count", [1, 3, 63, 64, 65, 200, 1000])
def test_each_direction_moves_the_inputs_of_its_colour(count, threads):
    replay = Replay(program(), threads)
    for colours in ([0, 0, 0], [0, 1, 2], [count - 1, 0, count // 2], [5, 5, 2]):
        colours = np.minimum(colours, count - 1)
        lanes, may_be_nan = replay.run_directions(VARYING, [3.0], colours, count)
        x, y, z = (colours[:, None] == np.arange(count)).astype(float)
        assert lanes.tolist() == [[3.0] * count, (3.0 * x + y).tolist(), (x - z).tolist(), [7.0] * count]
        assert not may_be_nan


def test_threads_do_not_matter(monkeypatch):
    n = 700
    steps = [(table.mul, (k, n + k)) for k in range(n)] + [(table.sum, tuple(range(2 * n, 3 * n)))]
    steps += [(table.mul, (k, 3 * n)) for k in range(n)]
    big = Program(("",) * (2 * n), packed(steps), tuple(range(3 * n + 1, 4 * n + 1)))
    varying, numbers = (False,) * n + (True,) * n, np.linspace(0.5, 1.5, n)
    one, _ = Replay(big, 1).run_directions(varying, numbers, np.arange(n), n)
    many, _ = Replay(big, 4).run_directions(varying, numbers, np.arange(n), n, True)
    assert (one == many).all()
    assert (one == np.outer(numbers, numbers)).all()


def test_no_colours():
    lanes, may_be_nan = Replay(program()).run_directions(VARYING, [3.0], np.zeros(0, dtype=int), 0)
    assert (lanes.shape, may_be_nan) == ((4, 0), False)


@pytest.mark.parametrize("adds_up", [False, True])
def test_a_nan_is_seen_wherever_it_is(adds_up):
    n = 130
    steps = [(table.mul, (k, n + k)) for k in range(n)]
    each = Program(("",) * (2 * n), packed(steps), tuple(range(2 * n, 3 * n)))
    replay, varying = Replay(each), (False,) * n + (True,) * n
    for k in (None, 0, 64, 65, 127, 128, 129):
        for bad in (math.nan, math.inf):
            numbers = np.ones(n)
            if k is not None:
                numbers[k] = bad
            lanes, may_be_nan = replay.run_directions(varying, numbers, np.arange(n), n, adds_up)
            assert may_be_nan == (k is not None) == bool(np.isnan(lanes).any())
    steady = Program(("", ""), packed([(table.log, (0,))]), (2, 1))
    assert Replay(steady).run_directions((False, True), [-1.0], np.zeros(1, dtype=int), 1, adds_up)[1]


@pytest.mark.skipif(not module.native, reason="the machine is compiled")
def test_a_bound_is_kept():
    """Sums that cancel in each lane are bounded by what does not."""
    steps = [(table.mul, (0, 2)), (table.mul, (1, 2)), (table.add, (3, 4))]
    replay = Replay(Program(("a", "b", "x"), packed(steps), (5,)))
    varying, colours = (False, False, True), np.zeros(1, dtype=int)
    machine = replay.machine(varying, False)
    for a, b, expected in ((1.0, -1.0, True), (1e308, -1e308, False), (math.inf, 1.0, False), (math.nan, 0.0, False)):
        numbers = replay.lowered(varying, False).numbers.template.copy()
        numbers[:2] = a, b
        assert all_bounded(machine, np.abs(numbers), 1, 1) is expected
        lanes, may_be_nan = replay.run_directions(varying, [a, b], colours, 1, True)
        assert may_be_nan == math.isnan(lanes[0, 0])


@pytest.mark.skipif(not module.native, reason="the machine is compiled")
def test_zeros_are_left_out_where_that_changes_nothing():
    n = 200
    steps = [(table.dot, tuple(x for k in range(n) for x in (k, n + k)))]
    steps += [(table.dot, (k, 2 * n, n + k, k)) for k in range(n)]
    program = Program(("",) * (2 * n), packed(steps), tuple(range(2 * n + 1, 3 * n + 1)))
    varying = (False,) * n + (True,) * n
    for numbers in (np.linspace(-1.5, 1.5, n), np.full(n, 1e120), np.full(n, 1e200), np.full(n, -1e-200)):
        replay = Replay(program)
        (all_of_it, _), (left_out, some_nan) = [
            replay.run_directions(varying, numbers, np.arange(n), n, adds_up) for adds_up in (False, True)
        ]
        assert (left_out == all_of_it).all()
        assert not some_nan
        with np.errstate(over="ignore"):
            assert (left_out == np.outer(numbers, numbers) + np.diag(numbers)).all()
    replay = Replay(program)  # what is harmless once need not be the next time
    for largest, expected in ((1.0, False), (1e180, False), (math.inf, True), (2.0, False)):
        numbers = np.ones(n)
        numbers[7] = largest
        assert replay.run_directions(varying, numbers, np.arange(n), n, True)[1] is expected


@pytest.mark.skipif(not module.native, reason="the machine is compiled")
def test_any_nan():
    from autograd.replay.machine import any_nan, any_nan_in

    nans = [math.nan, -math.nan, *np.array([0x7FF0000000000001, 0xFFF0000000000001], dtype=np.uint64).view(float)]
    for n in (1, 2, 3, 8, 9, 70):
        numbers = np.array(([0.0, -0.0, math.inf, -math.inf, 1e308, -1e308, 5e-324, -5e-324, 1.0] * 8)[:n])
        assert not any_nan(numbers)
        for i in range(n):
            for bad in nans:
                some = numbers.copy()
                some[i] = bad
                assert any_nan(some)
                for start in range(0, n, 3):
                    assert any_nan_in(np.array([numbers, some]), start, n) == (i >= start)
                    assert any_nan_in(np.array([some, numbers]), 0, start) == (i < start)
    assert not any_nan(np.empty(0))
