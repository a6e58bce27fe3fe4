"""Branches that may not be merged stay guards, and are right; what a row raises is raised."""

import contextlib
import math
import random

import numpy as np
import pytest

import autograd
from autograd import RecordingError
from autograd.recorded import recordings
from tests.branches.every_row import assert_eager, rows

seen = []


def appends(x, y):
    if x < y:
        seen.append(1)
        x = y
    return x * y


def prints(x, y):
    if x < y:
        print(end="")
        x = y
    return x * y


def sets_item(x, y):
    xs = [x, y]
    if x < y:
        xs[0] = y
    return xs[0] * y


def sets_attribute(x, y):
    sets_attribute.last = 0
    if x < y:
        sets_attribute.last = 1
    return x * y + sets_attribute.last


def draws(x, y):
    if x < y:
        x = y + 0.0 * random.random()
    return x * y


def calls_what_appends(x, y):
    if x < y:
        x = noted(y)
    return x * y


def noted(x):
    seen.append(1)
    return x


def index(x, y):
    k = 0
    if x < y:
        k = 1
    return [x, y][k] * y


def counts(x, y):
    n = 1
    if x < y:
        n = 3
    for _ in range(n):
        x = x * y
    return x


def raises(x, y):
    if x < y:
        raise ValueError("no")
    return x * y


def divides_by_zero(x, y):
    n = 0
    if x < y:
        n = 2
    return x / n if n else y * 1.0 / (n + 1)


def out_of_range(x, y):
    xs = [x]
    return xs[1] if x != x else xs[0] * y


def in_place(x, y):
    xs = [x]
    if x < y:
        xs += [y]
    return sum(xs) * y


def shares(x, y):
    xs, ys = [x], [y]
    zs = xs
    if x < y:
        zs = ys
    zs[0] = zs[0] * 2.0
    return xs[0] - ys[0]


def takes_from_an_iterator(x, y):
    it = iter([1.0, 2.0, 3.0])
    if x < y:
        x = x + next(it)
    for k in it:
        x = x * k
    return x


def keys(x, y):
    k = 1
    if x < y:
        k = 2
    return {1: x, 2: y}[k] * y + {1: 1.0}.get(k, 5.0)


def text(x, y):
    k = 1
    if x < y:
        k = 2
    return y * len(f"{k * 5}") + x


def types(x, y):
    k = 1
    if x < y:
        k = y
    return x * 2.0 if isinstance(k, int) else y


def unbound(x, y):
    if x < y:
        z = y
    if x < y:
        return z * 2.0
    return x


def catches(x, y):
    n = 0
    if x < y:
        n = 1
    try:
        return x / n
    except ZeroDivisionError:
        return y + 1.0


def suppressed(x, y):
    n = 0
    if x < y:
        n = 1
    with contextlib.suppress(ZeroDivisionError):
        x = tenth(x, y) if x < 5.0 else y
    return x * y + n


def tenth(x, y):
    return 1 / 0 if x < y else x / 10.0


def swaps(x, y):
    xs, ys = [x, y], [y, x]
    zs = ys if x < y else xs
    zs[0], zs[1] = zs[1], zs[0]
    return xs[0] - 2.0 * ys[1]


def derivative(x, y):
    z = x if x < y else y
    return autograd.grad(x * z * z, z, create_graph=True) + y


def table(x, y):
    return {True: x, False: y}[x < y] * [x, y][y < 0.5] + ((x > 0.0) % 2) * y + (-(x < y)) * x


def walks(x, y):
    return x if y < 0.1 else walks(x * 0.9, y - 0.3) + 1.0


def steps(x, y):
    for k in range(3):
        if x < k:
            yield x
        yield y * k


def generator(x, y):
    return sum(steps(x, y)) * x


def matches(x, y):
    match x < y, [y < 0.5]:
        case True, [True]:
            return x
        case False, [True]:
            return y
        case _:
            return x * y


def matches_classes(x, y):
    n = 1.0
    if x < y:
        n = 2.0
    match n:
        case float():
            return x * n
        case _:
            return y


def which_of_two(x, y):
    z = x if x < y else y
    return x * 2.0 if z is x else y * 3.0


def which_is_greatest(x, y):
    z = max(x, y)
    return x * 2.0 if z is x else y * 3.0


def greater(x, y):
    return max(x, y)


def which_is_greater(x, y):
    z = greater(x, y)
    if x < 1.0:
        y = y * 2.0
    return x * 2.0 if z is not x else y * 3.0


GUARDED = [
    matches, matches_classes, which_of_two, which_is_greatest, which_is_greater,
    appends, prints, sets_item, sets_attribute, draws, calls_what_appends, index, counts, divides_by_zero, out_of_range,
    in_place, shares, suppressed, swaps, table,
    derivative, takes_from_an_iterator, keys, text, types, unbound, catches,
    walks, generator,
]  # fmt: skip


@pytest.mark.parametrize("f", GUARDED, ids=lambda f: f.__name__)
@pytest.mark.parametrize("branches", ["selects", "auto"])
@pytest.mark.filterwarnings("ignore:.*draws random numbers:RuntimeWarning")
def test_what_may_not_be_merged_is_right(f, branches, monkeypatch):
    monkeypatch.setattr(recordings, "MOST_SPLITS", 0)
    some = [row for row in rows() if all(map(math.isfinite, row)) and abs(row[0]) < 1.5]
    assert_eager(f, autograd.compile(f, in_axes=0, branches=branches), some)


def test_what_is_found_by_identity_is_found():
    def place(x, y):
        return [x * 2.0, y * 3.0][[x, y].index(max(x, y))]  # a nan is in a list, though it is equal to nothing

    for branches in ("auto", "selects"):
        assert_eager(place, autograd.compile(place, in_axes=0, branches=branches), rows())


def test_side_effects_happen_once_a_recording():
    seen.clear()
    fast = autograd.compile(appends, in_axes=0, branches="selects")
    fast(np.array([1.0, 2.0, 0.0]), np.array([0.0, 0.0, 1.0]))
    assert (len(seen), len(fast.tapes)) == (1, 2)
    assert "seen.append(1)" in str(fast.report())


def test_what_a_row_raises_is_raised():
    fast = autograd.compile(raises, in_axes=0, branches="selects")
    assert fast(np.array([2.0]), np.array([1.0])) == 2.0
    with pytest.raises(ValueError, match="no") as found:
        fast(np.array([2.0, 1.0]), np.array([1.0, 2.0]))
    assert "row 1 of the batch" in found.value.__notes__[0]


def test_a_loop_that_never_ends_for_one_row_is_an_error_that_names_it(monkeypatch):
    from autograd.branches import loops
    from autograd.tape import recording

    monkeypatch.setattr(loops, "MOST_ROUNDS", 50)
    monkeypatch.setattr(recording, "MOST_COMPARISONS", 1000)

    def endless(x):
        while x > 1.0:
            x = x * 0.5 if x < 100.0 else x * 2.0
        return x

    fast = autograd.compile(endless, in_axes=0, branches="selects")
    assert_eager(endless, fast, [(3.0,), (0.5,)])
    with pytest.raises(RecordingError, match="comparisons it is still running") as found:
        fast(np.array([3.0, 200.0]))
    assert "row 1 of the batch" in found.value.__notes__[0]
