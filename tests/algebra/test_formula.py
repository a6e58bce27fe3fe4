"""Formulas: what they say is what was computed, and its derivative."""

import math
import random
import shutil
import subprocess

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
import nn
from autograd import RecordingError, Tape, Value, compile, dot, explain, formula, grad, where
from autograd.calculus.primitive import Variadic
from autograd.calculus.table import TABLE
from tests.algebra.latex import assert_mathematics
from tests.random_graphs import on_values, programs
from tests.sizes import some

pytestmark = pytest.mark.any_build

CLOSE = 1e-12


def in_python(found, **numbers):
    """What Python makes of the text, with the functions of the package."""
    return float(eval(str(found), vars(autograd) | {name: x.data for name, x in found.names.items()} | numbers))


def same(x, y):
    """Equal to a few roundings."""
    return x == y or (x != x and y != y) or math.isclose(x, y, rel_tol=CLOSE)


def assert_right(value, x):
    """The formulas of a value and of its derivative, against the engine's numbers."""
    for found, number in ((formula(value), value.data), (formula(value, wrt=x), grad(value, x))):
        assert same(found(), number), str(found)
        assert_mathematics(found.latex)
        if math.isfinite(number):  # else Python raises where the table divides by 0
            assert same(in_python(found), number), str(found)


x, y, w = Value(2.0, label="x"), Value(3.0, label="y"), Value(5.0, label="w")


@pytest.mark.parametrize(
    ("value", "text", "slope"),
    [
        (x * x + x, "x ** 2 + x", "2 * x + 1"),
        ((x * x).sin() / x, "sin(x ** 2) / x", "2 * cos(x ** 2) - sin(x ** 2) / x ** 2"),
        ((w * x - 12) ** 2, "(w * x - 12) ** 2", "2 * w * (w * x - 12)"),
        ((x * x).log(), "log(x ** 2)", "2 / x"),
        (x * x / x, "x ** 2 / x", "2 * x / x - x ** 2 / x ** 2"),
        (x / 3.0 + x / 3.0, "2 * x / 3", "0.6666666666666666"),
        (0.5 * x * x, "0.5 * x ** 2", "x"),
        (-(x - y) - y, "-x", "-1"),
        (x**3 * x**2, "x ** 5", "5 * x ** 4"),
        (x**0.5 * x**0.5, "x ** 0.5 * x ** 0.5", None),
        (x.relu() * y, "relu(x) * y", "y * step(x)"),
        (where(autograd.less(x, y), x * x, y), "where(less(x, y), x ** 2, y)", "2 * where(less(x, y), x, 0)"),
        (autograd.logsumexp([x, y, 1.0]), "logsumexp([x, y, 1])", "share(x, logsumexp([x, y, 1]))"),
        (dot([x, y, x], [w, x, 2.0]), "w * x + x * y + 2 * x", "w + y + 2"),
        (x.exp() / (1 + x.exp()), "exp(x) / (exp(x) + 1)", "exp(x) / (exp(x) + 1) - exp(x) ** 2 / (exp(x) + 1) ** 2"),
        (x, "x", "1"),
        (x - x.detach(), "x - 2", "1"),
        (x * math.inf, 'x * float("inf")', 'float("inf")'),
    ],
)
def test_what_is_written(value, text, slope):
    value_of, slope_of = formula(value, labels="given"), formula(value, wrt=x, labels="given")
    assert {str(value_of)} <= {text, text.replace("w * x", "x * w")}
    if slope is not None:
        assert str(slope_of).replace("x * w", "w * x") == slope
    assert_right(value, x)


def domain_of(row, rng):
    """Operands within the domain of a row."""
    if isinstance(row, Variadic):
        return [rng.uniform(-2.0, 2.0) for _ in range(4)]
    at = [rng.uniform(max(low, -3.0) + 0.05, min(high, 3.0) - 0.05) for low, high in row.domain]
    return [float(int(at[0])), *at[1:]] if row.ordered else at


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_of_every_row_by_every_operand(row):
    rng = random.Random(row.code)
    for trial in range(6):
        numbers = domain_of(row, rng)
        xs = [Value(number, label=f"x{k}") for k, number in enumerate(numbers)]
        made = row(*(xs if trial else [*xs[:-1], xs[0]])) if row.name != "pow" or trial else row(xs[0], xs[0])
        value = made * made + made.sin() * xs[0]
        for operand in xs:
            if operand in autograd.topological_order(value) and any(
                operand is v for v in autograd.topological_order(value)
            ):
                assert_right(value, operand)


@settings(max_examples=some(150), deadline=None)
@given(programs(), st.integers(0, 10**6))
def test_random_graphs(program, seed):
    leaves = [Value(number) for number in program.leaves]
    root = program.run(on_values, leaves)
    for leaf in leaves:
        if not root.is_constant and any(leaf is v for v in autograd.topological_order(root)):
            assert_right(root, leaf)


def test_by_a_value_within():
    e = x * y
    e.label = "e"
    found = formula(e * e + x, wrt=e)
    assert (str(found), found(e=7.0), found()) == ("2 * e", 14.0, 12.0)
    assert found.names == {"e": e}
    assert str(formula(e + x, wrt=x)) == "y + 1"


def test_names():
    words = [
        Value(1.0, label=label) for label in ("a", "a", "sin", "lambda", "w[0]", "two words", "x\ny", "?", "", "é")
    ]
    found = formula(autograd.sum(words), labels="given")
    assert list(found.names) == ["a", "a_2", "sin_", "lambda_", "w_0", "two_words", "x_y", "x1", "x2", "é"]
    assert str(found) == " + ".join(found.names)
    assert found() == in_python(found) == 10.0
    assert_mathematics(found.latex)
    weights = [Value(2.0), Value(4.0)]
    assert str(formula(weights[0] * weights[1])) == "weights_0 * weights_1"
    assert str(formula(weights[0] * weights[1], labels={weights[0]: "price", weights[1]: "rate"})) == "price * rate"
    model = nn.Linear(1, 1, rng=1)
    assert set(formula(model([2.0])[0]).names) == {"model_neurons_0_b", "model_neurons_0_w_0"}


@pytest.mark.parametrize(
    "label", ["$\\end{aligned}", "</script>", "a\x00b", "x" * 10_000, "\\input{file}", "%", "_", "^", "a`b", "x\\"]
)
def test_hostile_labels(label):
    value = Value(3.0, label=label) * 2.0
    found = formula(value, labels="given")
    assert found() == in_python(found) == 6.0
    assert_mathematics(found.latex)
    assert len(str(found)) < 100


def test_constants_are_numbers_unless_they_have_names():
    target = Value(5.0).detach()
    frozen = Value(2.0, label="frozen")
    frozen.requires_grad = False
    found = formula((x - target) * frozen + Value(7.0).detach())
    assert str(found) == "(x - target) * frozen + 7"
    assert found.names["target"] is target
    with autograd.no_grad():
        assert str(formula(x * 3.0, labels=None)) == "6"


def test_what_is_long_has_names():
    e = x * x
    for _ in range(5):
        e = (e * e + y).sin() + e
    found = formula(e, wrt=x)
    assert str(found).startswith("(v1 := ")
    assert next(iter(found.definitions)) == "v1"
    assert_right(e, x)
    hidden = (x * y).exp()
    hidden.label = "hidden"
    long = hidden * hidden.sin() + (hidden * x * w).tanh() / (hidden + w.sqrt() + y.sqrt() + hidden.cos())
    assert str(formula(long)).startswith("(hidden := exp(x * y),\n ")


def test_depth_is_no_recursion_and_length_linear():
    e = x
    for _ in range(4_000):
        e = (e * e).sin() + x
    found = formula(e, wrt=x)
    assert len(str(found)) < 800_000
    assert same(found(), grad(e, x))
    assert same(in_python(found), grad(e, x))
    assert found._repr_latex_() is None


def test_what_does_not_give_the_number_at_hand_is_not_simplified():
    big = Value(1e20, label="big")
    assert formula((big + x) - big)() == 0.0
    zero = Value(0.0, label="zero")
    assert str(formula(zero / (zero * zero))) == "zero / (zero * zero)"
    assert math.isnan(formula(zero * math.inf)())
    assert math.isinf(formula(1.0 / zero)())


def test_what_a_where_did_not_take():
    zero = Value(0.0, label="zero")
    value = where(autograd.less(zero, 1.0), zero * 3.0, zero.log())
    assert formula(value, wrt=zero)() == grad(value, zero) == 3.0
    assert formula(zero.relu() * zero.log(), labels="given", wrt=zero)() == pytest.approx(
        grad(zero.relu() * zero.log(), zero), nan_ok=True
    )


def test_numbers_are_those_that_values_hold_now():
    p = Value(2.0, label="p")
    found = formula(p * p)
    p.data = 5.0
    assert found() == 25.0
    assert found(p=3.0) == 9.0
    with pytest.raises(TypeError, match="there is no name 'q' in it; its names: p"):
        found(q=1.0)
    with pytest.raises(TypeError, match="real number"):
        found(p="a")
    assert repr(found) == "Formula('p ** 2')"


def test_rules_of_somebody_s_own():
    own = Value(4.0, (x,), "square", local_grads=[4.0])
    assert str(formula(own + y, labels="given")) == "square + y"
    assert str(formula(own * y, wrt=y, labels="given")) == "square"
    with pytest.raises(ValueError, match="goes through 'square', whose rule is one of its own"):
        formula(own * y, wrt=x)
    fast = compile(lambda x: x * x)
    with pytest.raises(ValueError, match="whose rule is one of its own"):
        formula(fast(x) + 1.0, wrt=x)


def test_refusals():
    with pytest.raises(TypeError, match="formula: expected a Value, got"):
        formula(3.0)
    with pytest.raises(TypeError, match="wrt: expected a Value, got"):
        formula(x * y, wrt="x")
    with pytest.raises(ValueError, match="'w' is not among what '\\*' was computed from"):
        formula(x * y, wrt=w)
    c = Value(1.0).detach()
    with pytest.raises(ValueError, match="is a constant"):
        formula(x * c, wrt=c)
    with pytest.raises(ValueError, match="labels"):
        formula(x, labels="some")
    with pytest.raises(TypeError, match="labels: expected one of these, got ndarray"):
        formula(x, labels=np.array(["w", "x"]))
    with pytest.raises(RecordingError):
        Tape.record(lambda x: formula(x * x)(), 1.0)


@pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
def test_latex_typesets_it(tmp_path):
    rng = random.Random(7)
    found = []
    for row in TABLE:
        xs = [
            Value(number, label=label)
            for number, label in zip(domain_of(row, rng), ("a%b", "w[0]", "#", "\\"), strict=False)
        ]
        made = row(*xs) * xs[0] - 2.0
        if not made.is_constant:
            found += [formula(made).latex, formula(made, wrt=xs[0]).latex, explain(made, xs[0]).latex]
    pages = "\n\n".join(f"$\\displaystyle {latex}$" for latex in found)
    head = r"\documentclass{article}\usepackage{amsmath}\begin{document}"
    (tmp_path / "all.tex").write_text(f"{head}\n{pages}\n\\end{{document}}\n")
    done = subprocess.run(
        ["pdflatex", "-halt-on-error", "-interaction=nonstopmode", "all.tex"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-2000:]
