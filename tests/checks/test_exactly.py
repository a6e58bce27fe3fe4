"""gradcheck by mpmath and by complex steps: what differences cannot see is found, and nothing else."""

import importlib
import math
import random

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings

import autograd
import nn
from autograd import GradcheckError, Value, custom_jvp, custom_vjp, gradcheck, primitive, where
from autograd.calculus.primitive import Variadic
from autograd.calculus.table import TABLE
from autograd.foreign import digits
from tests.random_graphs import on_values, programs
from tests.sizes import some

EXACTLY = ["complex step", "mpmath"]
BY = ["differences", *EXACTLY]


@pytest.fixture(params=EXACTLY)
def by(request):
    return request.param


def ruled(slopes):
    """x * y * y with slopes as given."""

    @custom_vjp
    def mine(x, y):
        return x * y * y

    mine.defvjp(lambda x, y: (mine(x, y), (x, y)), lambda kept, g: tuple(g * slope(*kept) for slope in slopes))
    return mine


RIGHT = (lambda x, y: y * y, lambda x, y: 2.0 * x * y)


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_no_false_alarm_on_rows(row, by):
    if row.name == "detach":
        pytest.skip("it cuts the gradient off, which is what it is for")
    rng = random.Random(row.name + by)
    at = [rng.uniform(-2.0, 2.0) for _ in range(4)]
    if not isinstance(row, Variadic):
        at = row.inside([rng.random() for _ in row.domain])
    report = gradcheck(lambda *xs: row(*xs), *at, argnums=tuple(range(row.ordered, len(at))), by=by)
    assert {entry.verdict for entry in report} == {"right"}


@settings(max_examples=some(10), deadline=None, derandomize=True)
@given(programs(max_steps=8))
def test_no_false_alarm_on_random_graphs(program):
    for by in EXACTLY:
        report = gradcheck(lambda *x: program.run(on_values, list(x)), *program.leaves, by=by)
        assert {entry.verdict for entry in report} <= {"right", "kink", "jump", "unsure"}


@pytest.mark.parametrize("by", BY)
@pytest.mark.parametrize(
    "slopes",
    [
        (lambda x, y: -y * y, RIGHT[1]),
        (RIGHT[0], lambda x, y: 2.002 * x * y),
        (RIGHT[0], lambda x, y: x * y),
        (RIGHT[1], RIGHT[0]),
        (lambda x, y: math.nan * y, RIGHT[1]),
    ],
    ids=["sign", "a factor of 1.001", "a term is missing", "operands swapped", "nan"],
)
def test_what_is_planted_is_found_and_named(slopes, by):
    wrong = ruled(slopes)
    with pytest.raises(
        GradcheckError, match=r"the rule of mine .*test_exactly\.py:\d+.* is wrong, applied at"
    ) as caught:
        gradcheck(lambda x, y: wrong(x.sin() + y, y) * 3.0, 0.7, 1.3, by=by)
    assert {entry.mode for entry in caught.value.report.wrong} == {"reverse", "forward"}
    right = ruled(RIGHT)
    assert gradcheck(lambda x, y: right(x.sin() + y, y) * 3.0, 0.7, 1.3, by=by)


def test_a_factor_that_differences_cannot_see(by):
    slightly = ruled((RIGHT[0], lambda x, y: (2.0 + 2e-9) * x * y))

    def f(x, y):
        return autograd.exp(slightly(x.sin() + y, y) * 0.1)

    assert gradcheck(f, 0.7, 1.3, order=1)
    with pytest.raises(GradcheckError, match=r"the rule of mine .* is wrong, .*∂/∂operand 1 .*, mpmath "):
        gradcheck(f, 0.7, 1.3, order=1, by=by)
    assert gradcheck(f, 0.7, 1.3, order=1, by=by, rtol=1e-8)


@pytest.mark.parametrize("by", BY)
def test_an_error_in_the_second_derivative_alone(by):
    def cube(x):
        return Value(x.data**3, (x,), "cube", local_grads=(3.0 * x.data**2,)) if isinstance(x, Value) else x**3

    assert gradcheck(cube, 0.7, order=1, by=by)
    with pytest.raises(GradcheckError, match="look at rules of your own: cube at") as caught:
        gradcheck(cube, 0.7, by=by)
    assert {entry.order for entry in caught.value.report.wrong} == {2}

    @custom_vjp
    def square(x):
        return x * x

    square.defvjp(lambda x: (x * x, x), lambda x, g: (g * (x + x.detach()),))
    with pytest.raises(GradcheckError, match=r"the rule of square .* is wrong") as caught:
        gradcheck(lambda x: square(x.exp()), 0.7, by=by)
    assert {entry.order for entry in caught.value.report.wrong} == {2}


def test_a_wrong_row_is_named(by, monkeypatch):
    """A row that has another row's value by mpmath: it is the derivative that is judged."""
    rows = digits.rows_of
    monkeypatch.setattr(digits, "rows_of", lambda mp: {**rows(mp), "tanh": lambda x: mp.tanh(x) * (1 + mp.mpf(1e-9))})
    with pytest.raises(GradcheckError, match=r"the row tanh is wrong, applied at .*test_exactly\.py:\d+: ∂/∂operand 0"):
        gradcheck(lambda x: autograd.exp(x.tanh()) * 2.0 + x.sin(), 0.5, by=by)


def test_kinks_and_jumps_are_told_from_errors(by):
    def verdicts(f, *at, order=1):
        return {entry.verdict for entry in gradcheck(f, *at, order=order, by=by)}

    assert verdicts(abs, 0.0) == {"right"}, "the middle, as differences have it"
    assert verdicts(autograd.relu, 0.0) <= {"kink", "right"}
    assert verdicts(autograd.maximum, 1.0, 1.0) <= {"kink", "right"}
    assert verdicts(autograd.floor, 2.0) <= {"jump", "right"}
    assert gradcheck(lambda x: where(x > 0.0, x * x, 0.0), 0.0, by=by)
    assert gradcheck(lambda x: x * x if x > 1.0 else x + 3.0, 1.0, by=by)
    assert gradcheck(lambda x: x.sin() if x != 0.0 else x * 1.0, 0.0, by=by), "a point by itself"
    assert "kink" in verdicts(lambda x: autograd.maximum(x * 0.1 * 10.0, 2.0 * x - 0.7), 0.7), (
        "where doubles round to a tie"
    )


def test_kinks_hide_no_error(by):
    """Beside one, which differences step over."""
    assert gradcheck(lambda x: abs(x - 1.0) * x, 1.0 + 1e-9, by=by)
    wrong = ruled((lambda x, y: 1.0001 * y * y, RIGHT[1]))
    with pytest.raises(GradcheckError):
        gradcheck(lambda x, y: wrong(abs(x - 1.0), y), 1.0 + 1e-7, 1.3, by=by)


def test_rounding_is_no_error(by):
    assert gradcheck(lambda x: x.sin() ** 2 + x.cos() ** 2, 0.7, by=by), "slopes that cancel"
    assert gradcheck(lambda x: (1e4 * x).sin(), 0.3, by=by)
    assert gradcheck(lambda x: ((1e8 + x) - 1e8) ** 2, 0.3, by=by), "most digits are lost"
    assert gradcheck(lambda x: autograd.log(1.0 + autograd.exp(x)), -200.0, by=by), "1 + 1e-87"
    assert gradcheck(lambda x: autograd.sigmoid(x) + x.tanh(), 90.0, by=by)
    assert gradcheck(autograd.log, 1e-9, by=by)
    assert gradcheck(lambda x: x * x, 1e150, by=by)
    assert gradcheck(lambda x: 1e-200 * x.sin(), 0.3, by=by)


def test_plain_python_structures_and_modules(by):
    def f(p, x, name):
        total = sum(p["w"] @ x) % 0.75 + 7.5 // x[0] + +x[1] - round(x[0], 1) + divmod(x[1], 0.7)[1]
        return [total, autograd.clip(x[0], -1.0, 0.2) * 2.0**total, 3.0, np.array([x[0] * np.array([1.0, x[1]])])]

    assert gradcheck(f, {"w": np.eye(2) + 0.1}, np.array([0.6, 1.7]), "a name", by=by)
    assert gradcheck(lambda x: [*autograd.softmax(x), autograd.std(x), autograd.logsumexp(x)], [0.5, 2.0, 1.0], by=by)
    model = nn.MLP(2, [3, 1], activation="tanh", rng=1)
    assert gradcheck(lambda m, x: m(x) ** 2, model, [0.5, -1.0], by=by, order=1)
    with pytest.raises(
        TypeError, match=r"MLP cannot be run on numbers of mpmath .* give modules that it uses as arguments"
    ):
        gradcheck(model, [0.5, -1.0], by=by)
    w = Value(3.0)
    assert gradcheck(lambda x: [x * w, w / x, x.sin() + w, w**x, autograd.hypot(x, w), w], 0.5, by=by)
    report = gradcheck(lambda x: autograd.sum([a * a.sin() for a in x]), list(np.linspace(-1.0, 1.0, 14)), by=by)
    assert {entry.by for entry in report if entry.order == 1} == {f"direction {k}" for k in range(4)}


def test_functions_of_ones_own(by):
    twice = primitive(lambda x: x.sin() * 2.0 if hasattr(x, "sin") else math.sin(x) * 2.0)
    twice.defpartials(lambda x, z: autograd.cos(x) * 2.0)
    assert gradcheck(lambda x: twice(x) * x, 0.5, by=by)

    @custom_jvp
    def f(x, y):
        return x * y

    f.defjvp(lambda primals, tangents: (f(*primals), tangents[0] * primals[1] + primals[0] * tangents[1]))
    assert gradcheck(lambda x: f(x, x.exp()), 0.5, by=by)


def test_the_precision_of_others_stays():
    before = mpmath.mp.dps
    with pytest.raises(GradcheckError):
        gradcheck(autograd.detach, 1.0, by="mpmath")
    assert mpmath.mp.dps == before


def test_what_is_refused(by, monkeypatch):
    with pytest.raises(ValueError, match="by 'magic': one of 'differences', 'complex step', 'mpmath'"):
        gradcheck(lambda x: x, 1.0, by="magic")
    with pytest.raises(ValueError, match=r"by \['mpmath'\]: one of"):
        gradcheck(lambda x: x, 1.0, by=["mpmath"])
    floats = primitive(lambda x: math.sin(x), name="floats")
    floats.defpartials(lambda x, z: autograd.cos(x))
    with pytest.raises(
        NotImplementedError,
        match=r"floats, a function of your own, cannot be run on numbers of mpmath .*in place of those of math",
    ):
        gradcheck(floats, 1.0, by=by)
    with pytest.raises(TypeError, match=r"<lambda> cannot be run on numbers of mpmath .*has no 'data' here.*operators"):
        gradcheck(lambda x: x * x.data, 1.0, by=by)

    def missing(wanted):
        raise ImportError(f"No module named {wanted!r}")

    monkeypatch.setattr(digits, "import_module", missing)
    with pytest.raises(ImportError, match=r"mpmath is not installed here .*: pip install mpmath, or check with by="):
        gradcheck(lambda x: x, 1.0, by=by)
    assert gradcheck(lambda x: x * x, 1.0)


def test_mpmath_is_not_imported_before_it_is_asked_for():
    assert importlib.util.find_spec("mpmath")
    assert "mpmath" not in vars(digits)
