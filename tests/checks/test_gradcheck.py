"""gradcheck finds what is wrong, says where, and does not cry where nothing is."""

import math
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

import autograd
import nn
from autograd import GradcheckError, Value, gradcheck, where
from autograd.calculus.primitive import Variadic
from autograd.calculus.table import TABLE
from tests.random_graphs import on_values, programs
from tests.sizes import some

ROWS = [row for row in (TABLE.values() if isinstance(TABLE, dict) else TABLE) if not isinstance(row, Variadic)]


def ruled(name, value, slopes):
    """A function with a rule of its own, whose slopes are as given."""

    def apply(*xs):
        xs = [x if isinstance(x, Value) else Value(x) for x in xs]
        numbers = [x.data for x in xs]
        return Value(value(*numbers), tuple(xs), name, local_grads=tuple(slope(*numbers) for slope in slopes))

    return apply


def product(x, y):
    return x * y * y


RIGHT = (lambda x, y: y * y, lambda x, y: 2.0 * x * y)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_no_false_alarm_on_rows(row):
    if row.name == "detach":
        pytest.skip("it cuts the gradient off, which is what it is for")
    rng = random.Random(row.name)
    for _ in range(some(5)):
        at = row.inside([rng.random() for _ in row.domain])
        assert gradcheck(row, *at, argnums=tuple(range(row.ordered, len(at))))


@settings(max_examples=some(60), deadline=None, derandomize=True)
@given(programs(max_steps=12))
def test_no_false_alarm_on_random_graphs(program):
    report = gradcheck(lambda *x: program.run(on_values, list(x)), *program.leaves)
    assert report
    assert {entry.verdict for entry in report} <= {"right", "kink", "jump", "unsure"}


@pytest.mark.parametrize(
    "slopes",
    [
        (lambda x, y: -y * y, RIGHT[1]),
        (RIGHT[0], lambda x, y: 2.002 * x * y),
        (RIGHT[0], lambda x, y: x * y),
        (RIGHT[1], RIGHT[0]),
        (lambda x, y: math.nan, RIGHT[1]),
    ],
    ids=["sign", "a factor of 1.001", "a term is missing", "operands swapped", "nan"],
)
def test_what_is_planted_is_found_and_named(slopes):
    wrong = ruled("mine", product, slopes)

    def f(x, y):
        z = x.sin() + y
        return wrong(z, y) * 3.0

    with pytest.raises(GradcheckError, match=r"look at rules of your own: mine at .*test_gradcheck\.py:\d+") as caught:
        gradcheck(f, 0.7, 1.3)
    report = caught.value.report
    assert not report
    assert {entry.mode for entry in report.wrong} == {"reverse", "forward"}
    line = int(report.blame.rpartition(":")[2])
    assert "local_grads" in Path(__file__).read_text().splitlines()[line - 1]
    right = ruled("mine", product, RIGHT)
    assert gradcheck(lambda x, y: right(x.sin() + y, y), 0.7, 1.3, order=1)


def test_a_wrong_row_is_named_with_its_line(monkeypatch):
    """A row whose value is not what its partial is of."""
    from autograd.calculus import table

    def f(x):
        return autograd.exp(x) * 2.0 + x.sin()

    monkeypatch.setattr(table.sin, "value", math.cos)
    monkeypatch.setattr(type(table.sin), "evaluate", lambda self, xs: float(self.value(*xs)))
    from autograd.checks import blame

    places = blame.Places()
    autograd.engine.listening.hear(places)
    y = f(Value(0.5))
    autograd.engine.listening.stop_hearing(places)
    found = blame.blamed([y], places, 1, 1e-6)
    assert found.startswith("the row sin is wrong, applied at ")
    assert "test_gradcheck.py:" in found


def test_an_error_in_the_second_derivative_alone():
    """The slope is a number in the graph of the gradient: its own derivative is lost."""
    forgetful = ruled("cube", lambda x: x**3, (lambda x: 3.0 * x * x,))
    assert gradcheck(forgetful, 0.7, order=1)
    with pytest.raises(GradcheckError) as caught:
        gradcheck(forgetful, 0.7)
    assert {entry.order for entry in caught.value.report.wrong} == {2}


def test_kinks_and_jumps_are_told_from_errors():
    assert gradcheck(abs, 0.0, order=1), "the middle, as differences have it"
    assert {e.verdict for e in gradcheck(autograd.relu, 0.0, order=1)} == {"kink"}
    assert gradcheck(autograd.maximum, 1.0, 1.0, order=1)
    assert {e.verdict for e in gradcheck(autograd.floor, 2.0, order=1)} == {"jump"}
    assert gradcheck(lambda x: where(x > 0.0, x * x, 0.0), 0.0)
    assert gradcheck(lambda x: x * x if x > 1.0 else x + 3.0, 1.0)


def test_steps_over_jumps_are_no_evidence():
    """Of which a ladder of steps may have the same ones."""
    for f, x, y in (
        (autograd.fmod, -5.107989458475876, 0.6711125008128672),
        (autograd.floor_divide, 5.292990150089851, 0.5762351051648582),
        (autograd.remainder, 5.25962033165265, 0.5108846557816746),
    ):
        assert gradcheck(f, x, y)


def test_kinks_that_hide_each_other():
    """The slopes of both sides are 0, and each row's share is between its own: half of minimum, none of relu, -1."""
    f = lambda x, y: autograd.relu(x) + autograd.minimum(x, y) - x  # noqa: E731
    assert autograd.grad(f)(0.0, 0.0) == -0.5
    assert "kink" in {e.verdict for e in gradcheck(f, 0.0, 0.0)}


def test_near_the_edge_of_a_domain_and_far_out():
    assert gradcheck(autograd.log, 1e-6)
    assert gradcheck(autograd.sqrt, 1e-8)
    assert gradcheck(lambda x: autograd.exp(x), 600.0)
    assert gradcheck(lambda x: x * x, 1e150)
    assert gradcheck(lambda x: 1e-200 * x.sin(), 0.3)
    assert gradcheck(lambda x: (1e4 * x).sin(), 0.3)


def test_structures_many_numbers_and_what_is_no_number():
    assert gradcheck(lambda p, x, name: p["w"] @ x if name else x[0], {"w": np.eye(3) + 0.1}, np.ones(3), "yes")
    report = gradcheck(lambda x: autograd.sum([a * a.sin() for a in x]), list(np.linspace(-1.0, 1.0, 40)), directions=3)
    assert {entry.by for entry in report if entry.order == 1} == {"direction 0", "direction 1", "direction 2"}
    model = nn.MLP(2, [3, 1], activation="tanh", rng=1)
    assert gradcheck(lambda m, x: m(x) ** 2, model, [0.5, -1.0])
    assert gradcheck(lambda x: [x, x * x, 3.0], 2.0)
    assert gradcheck(lambda x, y: x * y, 2.0, 3.0, argnums=1)


def test_a_report_is_a_table():
    text = str(gradcheck(lambda x: x * x, 3.0))
    assert text.splitlines()[0] == "gradcheck of <lambda>: 4 right"
    assert "expected" in text
    assert "and 3 more" in text


@pytest.mark.parametrize(
    ("act", "error", "message"),
    [
        (lambda: gradcheck(3.0, 1.0), TypeError, "gradcheck: expected a function, got float"),
        (lambda: gradcheck(lambda x: x, 1j), TypeError, "gradcheck: argument 0: 1j is a complex, not a real number"),
        (lambda: gradcheck(lambda: 1.0), TypeError, "there is no number among the arguments"),
        (lambda: gradcheck(lambda x: x, "x"), TypeError, "argument 0: 'x' is a str, not a real number"),
        (lambda: gradcheck(lambda x: x, 1.0, order=3), ValueError, "order 3: 1 for slopes, 2 for second"),
        (lambda: gradcheck(lambda x: x, 1.0, order=True), ValueError, "order True"),
        (lambda: gradcheck(lambda x: x, 1.0, directions=0), ValueError, "directions 0: a whole number from 1"),
        (lambda: gradcheck(lambda x: x, 1.0, rtol=2.0), ValueError, r"rtol 2\.0: a number between 0 and 1"),
        (lambda: gradcheck(autograd.log, -1.0), ValueError, "result of log is nan there: nothing can be compared"),
        (lambda: gradcheck(lambda x: "no", 1.0), TypeError, "a str, 'no'"),
    ],
)
def test_what_is_refused(act, error, message):
    with pytest.raises(error, match=message):
        act()


def test_derivatives_of_0_are_right_and_not_in_doubt():
    for f in (lambda x, y: x * y, lambda x, y: x * y + 1e6 * x, lambda x, y: 3.0 * x + y.sin()):
        assert {entry.verdict for entry in gradcheck(f, 1.0, 2.0)} == {"right"}


def test_what_is_detached_is_named_with_its_line():
    with pytest.raises(GradcheckError, match=r"no derivative goes through what is cut at .*test_gradcheck.py:\d+"):
        gradcheck(lambda x: x * autograd.detach(x), 1.0)


def test_a_compiled_function_runs_on_numbers_of_mpmath():
    inner = autograd.compile(lambda x: autograd.sin(x) * x)
    for f in (inner, lambda x: inner(x) * 2.0, autograd.compile(lambda x: inner(x * x))):
        assert {entry.verdict for entry in gradcheck(f, 0.7, by="mpmath")} == {"right"}
