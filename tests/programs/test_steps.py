"""Programs packed into arrays: what is written is read again, and a step that is there already is found."""

import copy
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Tape, Value
from autograd.calculus import table
from autograd.calculus.primitive import Variadic
from autograd.calculus.table import TABLE
from autograd.programs.builder import Builder, Mode
from autograd.programs.program import Program
from autograd.programs.slots import Partial, partial_of
from autograd.programs.steps import Ints, Steps, packed, whole_numbers

ROWS = [row for row in TABLE if not isinstance(row, Variadic)]


@st.composite
def programs(draw, inputs=3):
    """Lists of steps, of which each reads slots before it."""
    steps = []
    for k in range(inputs, inputs + draw(st.integers(0, 40))):
        if draw(st.integers(0, 5)) == 0:
            steps.append((None, draw(st.floats(allow_nan=False))))
            continue
        row = draw(st.sampled_from(TABLE))
        arity = draw(st.integers(1, 5)) * (1 + (row is table.dot)) if isinstance(row, Variadic) else len(row.partials)
        steps.append((row, tuple(draw(st.lists(st.integers(0, k - 1), min_size=arity, max_size=arity)))))
    return steps


@given(programs())
def test_what_is_packed_is_read_again(steps):
    found = packed(steps)
    assert len(found) == len(steps)
    assert list(found) == steps
    assert found == steps
    assert found == packed(steps)
    assert [found[k] for k in range(-len(steps), 0)] == steps
    assert found[1:-1] == steps[1:-1]
    assert copy.deepcopy(found) == pickle.loads(pickle.dumps(found)) == steps
    assert found.any_selects() == any(row is not None and row.selects for row, _ in steps)


def test_what_is_beyond_the_end_is_refused():
    steps = packed([(None, 1.0)])
    for k in (1, -2):
        with pytest.raises(IndexError):
            steps[k]
    assert steps != "something else"
    assert repr(steps) == "<1 steps>"


def test_a_tape_can_be_copied():
    x = Value(2.0, label="x")
    tape = Tape(x.sin() * 3.0 + x, x)
    for twin in (copy.deepcopy(tape), pickle.loads(pickle.dumps(tape))):
        assert str(twin) == str(tape)
        assert twin.gradient()(0.5) == tape.gradient()(0.5)


def test_numbers_grow_and_shrink():
    numbers = Ints()
    for i in range(1000):
        numbers.push(i)
    assert numbers.size == 1000
    assert numbers.as_array().tolist() == list(range(1000))


def written(steps, inputs, sharing):
    """What a builder that folds makes of steps."""
    builder, places = Builder(inputs, Mode.SHARING if sharing else Mode.FOLDING), whole_numbers(inputs + len(steps))
    for k in range(inputs):
        places[k] = k
    builder.transcribe(packed(steps), places, inputs)
    return builder.steps, list(places)


@given(programs())
def test_no_two_steps_are_equal_where_they_are_shared(steps):
    """Nor are there two constants of one value; and all are written without."""
    commuting = (table.add, table.mul)
    shared, places = written(steps, 3, True)
    xs = [0.7, -1.3, 2.0]
    numbers, expected = (
        Tape.of(Program(("",) * 3, shared, (0,), True)).run(xs),
        Tape.of(Program(("",) * 3, packed(steps), (0,), True)).run(xs),
    )
    for k, place in enumerate(places):
        assert repr(numbers[place]) == repr(expected[k]), (k, place)
    keys = []
    for row, operands in shared:
        keys.append(
            (None, operands.hex()) if row is None else (row, tuple(sorted(operands)) if row in commuting else operands)
        )
    assert len(set(keys)) == len(keys)
    for k, (row, operands) in enumerate(steps, 3):
        if row is not None:
            same = [j for j, step in enumerate(steps, 3) if step == (row, operands)]
            assert len({places[j] for j in same}) == 1, (k, same)


def test_sums_that_begin_alike_stay_apart():
    sums = [(0, 1), (0, 1, 2), (0, 1, 2, 2), (0, 1, 2), (2, 2, 2), (2, 2)]
    steps = packed([(table.sum, operands) for operands in sums])
    tape = Tape.of(Program(("",) * 3, steps, tuple(range(3, 9)), False))
    assert tape.simplify()(1.0, 2.0, 4.0) == tape(1.0, 2.0, 4.0) == (3.0, 7.0, 11.0, 7.0, 12.0, 8.0)
    for slopes, operands in zip(np.reshape(tape.gradient()(1.0, 2.0, 4.0), (6, 3)), sums, strict=True):
        assert slopes.tolist() == [operands.count(k) for k in range(3)]


def test_both_is_never_minus_zero():
    x = Value(2.0, label="x")
    for zero in (0.0, -0.0):
        tape = Tape(table.both(x, Value(zero)), x)
        assert repr(tape(2.0)) == repr(tape.simplify()(2.0)) == "0.0"


def test_a_pickle_is_the_same_before_and_after_a_call():
    x = Value(2.0, label="x")
    tape = Tape(x.sin() * 3.0, x)
    before = pickle.dumps(tape)
    tape(1.0)
    assert pickle.dumps(tape) == before


@pytest.mark.parametrize("readers", [1, 8, 9, 100, 5000])
def test_a_slot_that_many_steps_read(readers):
    """More than are looked through one after the other: all are found again, in any order."""
    builder = Builder(readers + 1, Mode.SHARING)
    first = [builder.binary(table.mul.code, k, readers) for k in range(readers)]
    assert len(set(first)) == readers
    again = [builder.binary(table.mul.code, readers, k) for k in reversed(range(readers))]
    assert again == first[::-1]
    quotients = [builder.binary(table.div.code, k, readers) for k in range(readers)]
    assert not set(quotients) & set(first)
    assert [builder.binary(table.div.code, k, readers) for k in range(readers)] == quotients
    assert len(builder.steps) == 2 * readers


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_a_partial_as_a_program_is_what_the_row_says(row):
    """The program of a partial, run on numbers, gives the bits that the row's lambda gives."""
    variadic = isinstance(row, Variadic)
    for i in range(1 if variadic else len(row.partials)):
        rule = partial_of(row.code, i)
        assert isinstance(rule, Partial)
        assert partial_of(row.code, i) is rule
        xs = [0.3, 0.7] if variadic else row.inside([0.6] * len(row.domain))
        z = row.evaluate(xs)
        tape = Tape.of(Program(("",) * rule.inputs, rule.steps, (rule.result,), True))
        assert tape(*xs, z) == row.derive(i, xs, z)
    assert isinstance(rule.steps, Steps)
