"""Programs that are linear in some inputs, with what they are multiplied by collected."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd.calculus import table
from autograd.programs.evaluation import evaluate
from autograd.programs.program import Program
from autograd.programs.pruning import dependents
from autograd.programs.steps import packed
from autograd.sparsity.linear import adds_up, collected
from tests.sizes import some

UNIFORM = 3
NUMBERS = st.floats(-2.0, 2.0).map(lambda x: round(x, 2))


@st.composite
def programs(draw, bent=False):
    """Of three inputs, and then up to four in which it is linear; or not, where it is bent."""
    inputs = UNIFORM + draw(st.integers(1, 4))
    varies = [k >= UNIFORM for k in range(inputs)]
    steps = []

    def push(row, operands, it_varies):
        steps.append((row, operands))
        varies.append(it_varies)

    for _ in range(draw(st.integers(0, 30))):
        slots = st.integers(0, len(varies) - 1)
        along = st.sampled_from([k for k, v in enumerate(varies) if v])
        fixed = st.sampled_from([k for k, v in enumerate(varies) if not v])
        kind = draw(
            st.sampled_from(["number", "sin", "add", "sub", "neg", "mul", "div", "dot", "sum", *["bent"] * bent])
        )
        if kind == "number":
            push(None, draw(NUMBERS), False)
        elif kind == "sin":
            push(table.sin, (draw(fixed),), False)
        elif kind in ("add", "sub"):
            push(getattr(table, kind), (draw(along), draw(along)), True)
        elif kind == "neg":
            push(table.neg, (draw(along),), True)
        elif kind == "mul":
            pair = [draw(along), draw(fixed)]
            push(table.mul, tuple(pair[:: draw(st.sampled_from([1, -1]))]), True)
        elif kind == "div":
            push(None, draw(st.sampled_from([-2.0, 0.5, 3.0])), False)
            push(table.div, (draw(along), len(varies) - 1), True)
        elif kind == "sum":
            push(table.sum, tuple(draw(st.lists(along, min_size=1, max_size=12))), True)
        elif kind == "dot":
            pairs = draw(st.lists(st.tuples(along, fixed, st.booleans()), min_size=1, max_size=6))
            push(table.dot, tuple(k for a, b, turned in pairs for k in ((b, a) if turned else (a, b))), True)
        else:
            row = draw(
                st.sampled_from([table.sin, table.mul, table.add, table.where, table.sum, table.dot, table.relu])
            )
            count = 4 if row in (table.sum, table.dot) else len(row.partials)
            operands = tuple(draw(st.lists(slots, min_size=count, max_size=count)))
            push(row, operands, any(varies[k] for k in operands))
    outputs = draw(st.lists(st.integers(0, len(varies) - 1), min_size=1, max_size=6))
    return Program(("",) * inputs, packed(steps), tuple(outputs))


def results(program, numbers):
    slots = evaluate(program, numbers)
    return [slots[k] for k in program.outputs]


@given(st.booleans().flatmap(programs), st.data())
@settings(max_examples=some(60))
def test_it_gives_the_same(program, data):
    inputs = len(program.labels)
    written = collected(program, UNIFORM)
    for _ in range(2):
        numbers = data.draw(st.lists(NUMBERS, min_size=inputs, max_size=inputs))
        expected = np.array(results(program, numbers))
        scale = np.abs(evaluate(program, numbers)).max(initial=1.0)
        np.testing.assert_allclose(results(written, numbers), expected, rtol=1e-12, atol=1e-13 * scale)


@given(programs())
@settings(max_examples=some(50))
def test_of_a_linear_program_sums_of_products_are_left(program):
    written = collected(program, UNIFORM)
    assert adds_up(written, UNIFORM)
    varies = dependents(written, range(UNIFORM, len(program.labels)))
    assert {row for k, (row, _) in enumerate(written.steps, len(program.labels)) if varies[k]} <= {table.mul, table.dot}


def test_adds_up():
    x = Program(("", ""), packed([(table.sin, (0,)), (table.mul, (1, 2)), (table.add, (3, 3))]), (4,))
    assert adds_up(x, 1)
    assert not adds_up(x, 0)
    assert not adds_up(Program(("", ""), packed([(table.sub, (0, 1))]), (2,)), 1)


def test_terms_are_collected():
    """As x3*a + x3*b*c + (x4 + x3)*a with uniform a, b, c."""
    a, b, c, x, y = range(5)
    steps = [(table.mul, (a, x)), (table.mul, (x, b)), (table.mul, (6, c)), (table.add, (x, y)), (table.mul, (8, a)),
             (table.sum, (5, 7, 9))]  # fmt: skip
    written = collected(Program(("a", "b", "c", "x", "y"), packed(steps), (10,)), 3)
    *_, (row, operands) = written.steps
    assert (row, operands[1::2]) == (table.dot, (x, y))
    assert results(written, [2.0, 3.0, 5.0, 1.0, 0.0]) == [2.0 + 15.0 + 2.0]


def test_a_sum_is_one_slot_for_all_who_read_it():
    n, few = 200, 5
    steps = [(table.dot, tuple(k for i in range(few) for k in (i, n + i)))]
    steps += [(table.mul, (k, 2 * n)) for k in range(n)]
    program = Program(("",) * (2 * n), packed(steps), tuple(range(2 * n + 1, 3 * n + 1)))
    rows = [row for row, _ in collected(program, n).steps]
    assert (rows.count(table.dot), rows.count(table.mul), len(rows)) == (1, n, n + 1)


def test_a_long_sum_is_multiplied_as_a_whole():
    n, steps, last = 300, [], 600
    for k in range(n):  # each is read once, by the next, which multiplies it by a number of its own
        steps += [(table.mul, (k, last)), (table.add, (601 + 2 * k, n + k))]
        last = 602 + 2 * k
    program = Program(("",) * 601, packed(steps), (last,))
    written = collected(program, n)
    assert len(written.steps) < 20 * n
    numbers = [0.5] * n + [1.0] * n + [0.0]
    assert results(written, numbers) == pytest.approx(results(program, numbers), rel=1e-12)


@pytest.mark.parametrize("length", [100, 3000])
def test_long_chains_stay_linear(length):
    """Sums that are read once, by the next one, which multiplies them: as by Horner's rule."""
    steps, last = [], 1
    for k in range(length):
        steps += [(table.mul, (0, last)), (table.add, (2 + 2 * k, 1))]
        last = 3 + 2 * k
    written = collected(Program(("a", "x"), packed(steps), (last,)), 1)
    assert len(written.steps) < 20 * length
    assert results(written, [0.5, 1.0])[0] == pytest.approx(2.0, rel=1e-12)
    sums = [(table.add, (1 if not k else 1 + k, 1)) for k in range(length)]
    assert results(collected(Program(("a", "x"), packed(sums), (1 + length,)), 1), [0.5, 1.0]) == [length + 1.0]


def test_what_is_not_finite_is_so_once_more():
    a, x, y = range(3)
    steps = [(table.mul, (a, x)), (table.mul, (a, y)), (table.sub, (3, 4))]
    written = collected(Program(("a", "x", "y"), packed(steps), (5,)), 1)
    assert results(written, [math.inf, 1.0, 0.0])[0] != results(written, [math.inf, 1.0, 0.0])[0]
    assert results(written, [1.0, math.inf, 0.0]) == [math.inf]
