"""A Primitive that is no row of the table: floats are its only operands, and the table does not know of it."""

import copy
import pickle

import numpy as np
import pytest

import autograd
from autograd import Tape, Value
from autograd.calculus.primitive import Primitive, Variadic
from autograd.calculus.table import TABLE, exp, fingerprint, sum

cube = Primitive("cube", lambda x: x * x * x, lambda x, z: 3.0 * (x * x))
product = Variadic("product", lambda xs: xs[0] * xs[1], lambda x, y, z: y)
REFUSED = "is no row of the table, so that no graph and no tape can hold it"


def test_the_table_does_not_know_it():
    before, rows = fingerprint(), len(TABLE)
    Primitive("another", lambda x: x, lambda x, z: 1.0)
    assert (fingerprint(), len(TABLE)) == (before, rows)
    assert isinstance(TABLE, tuple)


def test_floats_are_its_operands():
    assert cube(2.0) == 8.0
    assert product(2.0, 3.0) == 6.0
    assert cube(2) == 8
    assert repr(cube) == "<primitive cube>"


@pytest.mark.parametrize(("row", "operands"), [(cube, (2.0,)), (product, (2.0, 3.0))], ids=["cube", "product"])
def test_what_would_hold_it_refuses_it(row, operands):
    def run(*xs):
        return row(*xs)

    values = [Value(x) for x in operands]
    for attempt in (
        lambda: row(*values),
        lambda: row(values[0], *operands[1:]),
        lambda: Tape.record(run, *operands),
        lambda: autograd.compile(run)(*operands),
        lambda: autograd.compile(run, in_axes=0).value_and_grad(*[np.full(3, x) for x in operands]),
        lambda: pickle.dumps(row),
        lambda: copy.copy(row),
    ):
        with pytest.raises(TypeError, match=REFUSED):
            attempt()
    with autograd.no_grad(), pytest.raises(TypeError, match=REFUSED):
        row(*values)


def test_an_array_is_refused_by_any_row():
    for row in (cube, exp):
        with pytest.raises(TypeError, match=f"{row.name}: expected numbers or Values, got an array"):
            row(np.array([1.0, 2.0]))
        assert row(np.float64(2.0)) == row(2.0)


def test_a_tape_refuses_its_steps():
    with pytest.raises(ValueError, match="no steps of a tape"):
        from_steps([(cube, (0,))])
    steps = Tape(Value(2.0) * 3.0).steps
    with pytest.raises(TypeError, match=REFUSED):
        steps.append((cube, (0,)))
    assert len(steps) == len(list(steps))


def from_steps(steps):
    from autograd.programs.steps import packed

    return packed(steps)


@pytest.mark.parametrize("row", [exp, sum])
def test_a_row_is_itself_after_a_copy_and_a_pickle(row):
    assert pickle.loads(pickle.dumps(row)) is row
    assert copy.copy(row) is row
    assert copy.deepcopy([row])[0] is row
