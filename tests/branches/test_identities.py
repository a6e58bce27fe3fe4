"""Python looks for a number by identity before it compares: what was chosen is found where it is eagerly, a nan too."""

import math
import operator
from collections import Counter

import pytest

import autograd
from autograd import Tape, Value
from autograd.recorded import recordings
from tests.branches.every_row import assert_eager, rows


def by_branch(x, y):
    m = y
    if x < y:
        m = x
    return m


def by_max(x, y):
    return max(x, y)


def by_loop(x, y):
    m, n = x, 0
    while n < 3 and m < y:
        m, n = m * 2.0 if n else y, n + 1
    return m


def by_expression(x, y):
    return x if x < y else y


def by_sorting(x, y):
    return sorted([x, y])[1]


def sometimes_plain(x, y):
    m = 0.0
    if x < y:
        m = x
    return m


def greatest_of_one_and_a_plain_number(x, y):
    return max(x, math.nan) if x < y else max(math.nan, y)


def plain_by_branch(x, y):
    m = math.nan
    if x < y:
        m = 1.0
    return m


def contained(m, x, y):
    return x * 2.0 if m in (x, 1.0) else y


def not_contained(m, x, y):
    return x * 2.0 if y not in [1.0, m] else y


def indexed(m, x, y):
    xs = [x, y, 0.5, m]
    return (xs.index(m) + 1) * x * y


def counted(m, x, y):
    return ([x, y, 1.0].count(m) + 1) * x


def removed(m, x, y):
    xs = [x, y, m]
    xs.remove(m)
    return xs[0] * 2.0 + xs[1]


def in_tuples(m, x, y):
    return x if (m, 1) == (x, 1) else y * 3.0


def in_lists(m, x, y):
    return x if [0.5, [m]] != [0.5, [y]] else y * 3.0


def in_values_of_dicts(m, x, y):
    return x if {"a": m} == {"a": x} else y * 3.0


def keys(m, x, y):
    return {x: 2.0, y: 3.0}.get(m, 5.0) * x * y


def of_a_set(m, x, y):
    return len({x, y, m}) * x * y


def found_in_a_set(m, x, y):
    return x * 2.0 if m in {x, 1.0} else y


def kept_in_vain(m, x, y):
    try:
        k = {x: 2.0, y: 3.0}.get(m, 5.0)
    except TypeError:
        k = 7.0
    return k * x * y


def tallied(m, x, y):
    return Counter([x, y, m]).most_common(1)[0][1] * x * y


def tied_in_order(m, x, y):
    return sorted([(m, 2.0), (x, 1.0), (y, 3.0)])[0][1] * x


def tied_at_the_end(m, x, y):
    return max((m, 2.0), (x, 1.0), (y, 3.0))[1] * x + min([(x, 1.0), (m, 0.5)])[1] * y


def the_same(m, x, y):
    return x * 2.0 if m is x else y


def not_the_same(m, x, y):
    return x * 2.0 if operator.is_not(m, y) else y


def by_id(m, x, y):
    return x * 2.0 if id(m) == id(x) else y


def by_operator(m, x, y):
    return x * 2.0 if operator.contains([1.0, x], m) else y


TESTS = [contained, not_contained, indexed, counted, removed, in_tuples, in_lists, in_values_of_dicts, keys, of_a_set,
         found_in_a_set, kept_in_vain, tallied, tied_in_order, tied_at_the_end, the_same, not_the_same, by_id,
         by_operator]  # fmt: skip
CHOICES = [by_branch, by_max, by_loop, by_expression, by_sorting, sometimes_plain, greatest_of_one_and_a_plain_number]


@pytest.mark.parametrize("mode", ["guards", "auto", "selects"])
@pytest.mark.parametrize("test", TESTS, ids=lambda f: f.__name__)
@pytest.mark.filterwarnings("ignore:.*:RuntimeWarning")
def test_a_number_that_was_chosen_is_found_where_it_is_eagerly(test, mode, monkeypatch):
    monkeypatch.setattr(recordings, "MOST_SPLITS", 1)
    for choice in CHOICES:
        f = of(choice, test)
        for some in (rows(), rows()[::-1]):  # which row comes first decides what is recorded
            fast = autograd.compile(f, in_axes=0, threads=1, branches=mode, max_paths=1000)
            assert_eager(f, fast, some)


def of(choice, test):
    def f(x, y):
        return test(choice(x, y), x, y)

    return f


@pytest.mark.parametrize("mode", ["guards", "auto", "selects"])
def test_a_plain_number_that_was_chosen_is_found_too(mode, monkeypatch):
    monkeypatch.setattr(recordings, "MOST_SPLITS", 1)

    def f(x, y):
        m = plain_by_branch(x, y)
        return x * 2.0 if m in (math.nan, 0.5) else y * 3.0

    def known(x, y):
        m = plain_by_branch(x, y)
        return x * 2.0 if m is math.nan else y * 3.0

    def some_known(x, y):
        zero = 0.0
        m = max(x, zero)
        return x * 2.0 if m is zero else y * 3.0

    for each in (f, known, some_known):
        for some in (rows(), rows()[::-1]):
            assert_eager(each, autograd.compile(each, in_axes=0, threads=1, branches=mode), some)


def test_only_rows_with_a_nan_are_on_paths_of_their_own():
    f = of(by_branch, contained)
    fast = autograd.compile(f, in_axes=0, branches="selects")
    finite = [(x, y) for x, y in rows() if x == x and y == y]
    assert_eager(f, fast, finite)
    merged = len(fast.tapes)
    assert_eager(f, fast, rows())
    assert merged == 3  # by its two comparisons
    assert len(fast.tapes) > merged
    assert fast.report().lines[0].kind == "select and guard"  # a guard in the rows that are run as they are


def test_a_tape_of_what_asks_for_a_place_in_a_dict_has_guards():
    tape = Tape.record(lambda x, y: {x: 2.0, y: 3.0}[max(x, y)] * x, 1.0, 2.0)
    assert tape(1.0, 2.0) == 3.0
    assert "guard" in str(tape)
    with pytest.raises(ValueError, match="record it again"):
        tape(2.0, 1.0)


def test_the_hash_of_a_value_is_that_of_its_identity():
    x, y = Value(1.0), Value(1.0)
    assert {x: 1, y: 2}[x] == 1
    assert len({x, y, +x}) == 2
