"""Which outputs of a program depend on which inputs."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from autograd.calculus import table
from autograd.programs.differentiation import differentiated
from autograd.programs.program import Program
from autograd.programs.steps import packed
from autograd.sparsity.nonzeros import InputSets, nonzeros, transposed

ROWS = [table.sin, table.step, table.detach, table.mul, table.sub, table.less, table.maximum, table.where, table.sum]
"""Of one, two, three and any number of operands, some of which pass nothing on."""


def program_of(steps, outputs, inputs):
    return Program(("",) * inputs, packed(steps), tuple(outputs))


def sets_of(begins, columns):
    return [set(columns[begins[i] : begins[i + 1]].tolist()) for i in range(len(begins) - 1)]


@st.composite
def programs(draw):
    inputs = draw(st.integers(1, 12))
    steps = []
    for k in range(draw(st.integers(0, 40))):
        slots = st.integers(0, inputs + k - 1)
        row = draw(st.sampled_from([None, *ROWS]))
        if row is None:
            steps.append((None, draw(st.floats(-1.0, 1.0))))
            continue
        count = draw(st.integers(1, 6)) if row is table.sum else len(row.partials)
        steps.append((row, tuple(draw(st.lists(slots, min_size=count, max_size=count)))))
    outputs = draw(st.lists(st.integers(0, inputs + len(steps) - 1), max_size=6))
    return program_of(steps, outputs, inputs)


def by_sets(program, wanted):
    """What it should be: a set for each slot."""
    found = [{wanted.index(k)} if k in wanted else set() for k in range(len(program.labels))]
    for row, operands in program.steps:
        passing = operands if row is not None else ()
        if row in (table.step, table.detach, table.less):
            passing = ()
        elif row is table.where:
            passing = operands[1:]
        found.append(set().union(*[found[o] for o in passing]))
    return [found[k] for k in program.outputs]


@given(programs(), st.randoms(use_true_random=False), st.sampled_from([1, 2, 32]))
def test_they_are_those_that_pass_derivatives_on(program, chance, few):
    wanted = list(range(len(program.labels)))
    chance.shuffle(wanted)
    wanted = wanted[: chance.randint(0, len(wanted))]
    begins, columns = nonzeros(program, wanted, few)
    assert sets_of(begins, columns) == by_sets(program, wanted)
    for i in range(len(program.outputs)):
        row = columns[begins[i] : begins[i + 1]].tolist()
        assert row == sorted({*row})


def test_a_large_set_is_a_union_and_a_chain_of_sums_is_linear():
    n = 3000
    steps, last = [], 0
    for k in range(1, n):
        steps.append((table.add, (last, k)))
        last = n + k - 1
    steps += [(table.sin, (last,)), (table.mul, (last + 1, 5))]
    begins, columns = nonzeros(program_of(steps, [last, last + 2, 7, n], n), range(n))
    assert np.diff(begins).tolist() == [n, n, 1, 2]
    assert columns[:n].tolist() == columns[n : 2 * n].tolist() == list(range(n))
    sets = InputSets(packed(steps), n, range(n), 32)
    assert sets.items.size < 40 * n


def test_rows_after_very_many_full_ones_are_taken_for_full():
    n = 30
    steps = [(table.sum, tuple(range(n)))] + [(table.mul, (n, k)) for k in range(n)]
    outputs = [*range(n + 1, 2 * n + 1), 3]
    begins, columns = nonzeros(program_of(steps, outputs, n), range(n), 32, 500)
    assert begins[-1] == len(columns) == n * n + n  # the last row has one entry: that is no longer looked at
    assert columns.reshape(-1, n).tolist() == [list(range(n))] * (n + 1)


def test_a_gradient_has_no_entries_for_what_is_linear():
    x, y, z = range(3)  # x * y + 3 z
    steps = [(table.mul, (x, y)), (None, 3.0), (table.mul, (z, 4)), (table.add, (3, 5)), (table.neg, (6,))]
    gradient = differentiated(program_of(steps, [7], 3), (x, y, z), False)
    assert sets_of(*nonzeros(gradient, (x, y, z))) == [{y}, {x}, set()]


@given(st.lists(st.lists(st.integers(0, 6), unique=True).map(sorted), max_size=6))
def test_transposed(rows):
    begins = np.cumsum([0, *map(len, rows)]).astype(np.intc)
    columns = np.array([c for row in rows for c in row], dtype=np.intc)
    turned = sets_of(*transposed(begins, columns, 7))
    assert turned == [{i for i, row in enumerate(rows) if column in row} for column in range(7)]
    back = transposed(*transposed(begins, columns, 7), len(rows))
    assert back[0].tolist() == begins.tolist()
    assert back[1].tolist() == columns.tolist()
