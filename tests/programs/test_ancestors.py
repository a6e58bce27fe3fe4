"""The ancestors of a slot, and entries of a Jacobian that are written from them alone."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from autograd.calculus import table
from autograd.programs.ancestors import Ancestors
from autograd.programs.differentiation import differentiated, entries
from autograd.programs.evaluation import evaluate
from autograd.programs.program import Program
from autograd.programs.pruning import dependents
from autograd.programs.steps import packed

ROWS = [table.sin, table.relu, table.mul, table.add, table.maximum, table.where, table.dot, table.logsumexp]


@st.composite
def programs(draw):
    inputs = draw(st.integers(1, 5))
    steps = []
    for k in range(draw(st.integers(0, 30))):
        slots = st.integers(0, inputs + k - 1)
        row = draw(st.sampled_from([None, *ROWS]))
        if row is None:
            steps.append((None, draw(st.floats(-1.0, 1.0))))
            continue
        count = 4 if row is table.dot else 3 if row is table.logsumexp else len(row.partials)
        steps.append((row, tuple(draw(st.lists(slots, min_size=count, max_size=count)))))
    outputs = draw(st.lists(st.integers(0, inputs + len(steps) - 1), min_size=1, max_size=5))
    return Program(("",) * inputs, packed(steps), tuple(outputs))


@given(programs(), st.data())
def test_they_are_what_a_slot_was_computed_from(program, data):
    first = len(program.labels)
    wanted = data.draw(st.lists(st.integers(0, first - 1), unique=True))
    depends = dependents(program, wanted)
    ancestors = Ancestors(program.steps, first, depends)
    for k in range(first + len(program.steps)):
        expected, work = set(), [k]
        while work:
            o = work.pop()
            if depends[o] and o not in expected:
                expected.add(o)
                row, operands = program.steps[o - first] if o >= first else (None, ())
                work += operands if row is not None else ()
        assert ancestors.descending(k) == sorted(expected, reverse=True)
        assert ancestors.collect(k) == len(expected)
        assert ancestors.count([k, k], 10**6) == 2 * len(expected)
    assert ancestors.count([first + len(program.steps) - 1] * 9, 3) <= 3 + first + len(program.steps)


def test_of_a_long_program_only_they_are_walked_over():
    n = 500
    steps = [(table.sin, (k,)) for k in range(n)] + [(table.mul, (n + k, (k + 1) % n)) for k in range(n)]
    ancestors = Ancestors(packed(steps), n, bytearray(b"\1" * (3 * n)))
    assert ancestors.descending(2 * n + 3) == [2 * n + 3, n + 3, 4, 3]


@given(programs(), st.booleans(), st.data())
def test_entries_are_those_of_the_whole_jacobian_to_the_bit(program, careful, data):
    first = len(program.labels)
    wanted = data.draw(st.lists(st.integers(0, first - 1), unique=True, min_size=1))
    numbers = data.draw(st.lists(st.floats(-2.0, 2.0), min_size=first, max_size=first))
    rows = data.draw(st.lists(st.integers(0, len(program.outputs) - 1)))
    whole = differentiated(program, wanted, False, careful)
    slots = evaluate(whole, numbers)
    expected = np.array([slots[k] for k in whole.outputs]).reshape(len(program.outputs), len(wanted))
    columns = [data.draw(st.lists(st.integers(0, len(wanted) - 1), unique=True)) for _ in program.outputs]
    begins = np.cumsum([0, *map(len, columns)])
    some = entries(program, wanted, begins, [j for row in columns for j in row], rows, careful)
    slots = evaluate(some, numbers)
    found = [slots[k] for k in some.outputs]
    np.testing.assert_array_equal(found, [expected[i, j] for i in rows for j in columns[i]])
