"""Models of ONNX: the checker takes them, and onnxruntime gives of each row what the row gives."""

import math
import random

import numpy as np
import pytest

import autograd
import nn
from autograd import Tape, Value
from autograd.calculus.primitive import Variadic
from autograd.calculus.table import TABLE
from autograd.exits import operators
from autograd.programs.program import Program
from autograd.programs.steps import packed

onnx = pytest.importorskip("onnx", reason="ONNX is what models are of: pip install onnx")
runtime = pytest.importorskip("onnxruntime", reason="it runs models of ONNX: pip install onnxruntime")

pytestmark = pytest.mark.any_build

EDGES = [
    0.0, -0.0, 1.0, -1.0, math.inf, -math.inf, math.nan, 1e-300, 1e300, -1e300, 0.5, 1e-10, -1e-10, 30.0, -30.0, 700.0,
    -700.0, 2.5, -2.5, 1e-20,
]  # fmt: skip
REFUSED = {
    "lgamma", "gamma", "digamma", "polygamma", "polygamma_rise", "betaln", "beta", "ndtri", "erfinv",
    "erfcx_derivative", "sinc_derivative", "j0", "j1", "jv", "i0", "i1", "iv", "i0e", "i1e", "i0e_derivative",
    "i1e_derivative",
}  # fmt: skip
"""Rows that are not composed."""
RELATIVE = {"sin": 3e-14, "cos": 3e-14, "tan": 3e-14}
"""How far off a row may be where it is not 1e-14: onnxruntime's angles are a last digit of pi/2 off, beside zeros."""


def run(model, **columns):
    """What onnxruntime gives, once the checker has looked."""
    onnx.checker.check_model(model, full_check=True)
    session = runtime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, {name: np.asarray(x, dtype=float) for name, x in columns.items()})


def of_row(row):
    """The tape of one row."""
    n = 4 if isinstance(row, Variadic) else len(row.domain)
    return Tape.of(Program(tuple(f"x{k}" for k in range(n)), packed([(row, tuple(range(n)))]), (n,), single=True))


def points(row):
    """Where a row is looked at: in its domain, over many magnitudes, and at edges."""
    rng, domain = random.Random(row.name), [(-2.0, 2.0)] * 4 if isinstance(row, Variadic) else row.domain
    inside = [[low + (high - low) * rng.uniform(0.01, 0.99) for low, high in domain] for _ in range(200)]
    wide = [[rng.choice([-1, 1]) * 10 ** rng.uniform(-12.0, 3.0) for _ in domain] for _ in range(200)]
    return inside + wide + [[rng.choice(EDGES) for _ in domain] for _ in range(200)]


@pytest.mark.parametrize("row", [row for row in TABLE if row.name not in REFUSED], ids=lambda row: row.name)
def test_rows(row):
    tape, at = of_row(row), points(row)
    (found,) = run(tape.to_onnx(), **{f"x{k}": column for k, column in enumerate(zip(*at, strict=True))})
    expected = [row.evaluate(xs) for xs in at]
    np.testing.assert_allclose(found, expected, rtol=RELATIVE.get(row.name, 1e-14), atol=1e-300)


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_what_is_not_composed_is_refused_by_name(name):
    row = next(row for row in TABLE if row.name == name)
    with pytest.raises(NotImplementedError, match=f"to_onnx: ONNX has no operator for '{name}'.*make what it gives an"):
        of_row(row).to_onnx()


def test_a_refused_row_of_numbers_is_a_number():
    x = Value(0.5, label="x")
    model = Tape(x * autograd.gamma(Value(5.0)).detach(), x).to_onnx()
    assert run(model, x=[1.0, 2.0])[0].tolist() == [24.0, 48.0]
    steps = packed([(None, 5.0), (next(row for row in TABLE if row.name == "gamma"), (1,))])
    model = Tape.of(Program(("x",), steps, (2,), single=True)).to_onnx()
    assert run(model, x=[1.0, 2.0])[0].tolist() == [24.0, 24.0]


def test_a_network_gives_its_predictions():
    model = nn.MLP(3, [8, 8, 2], ["tanh", "relu", "sigmoid"], rng=1)
    leaves = [Value(0.0, label=name) for name in "abc"]
    tape = Tape(model(leaves), leaves)
    rows = np.random.default_rng(1).normal(size=(20, 3))
    expected = np.array([[y.data for y in model(row.tolist())] for row in rows])
    written = tape.to_onnx()
    assert [x.name for x in written.graph.input] == ["a", "b", "c"]
    assert [y.name for y in written.graph.output] == ["y0", "y1"]
    found = run(written, a=rows[:, 0], b=rows[:, 1], c=rows[:, 2])
    np.testing.assert_allclose(np.transpose(found), expected, rtol=1e-13)
    (found,) = run(tape.to_onnx(stacked=True), x=rows)
    np.testing.assert_allclose(found, expected, rtol=1e-13)
    assert run(tape.to_onnx(stacked=True), x=rows[:0])[0].shape == (0, 2)


def test_outputs_that_are_inputs_numbers_and_truth_values():
    x, y = Value(0.5, label="y"), Value(1.5, label="y0")
    steps = packed([(None, 2.5), (next(row for row in TABLE if row.name == "less"), (0, 1))])
    model = Tape.of(Program((x.label, y.label), steps, (0, 2, 3))).to_onnx()
    assert [output.name for output in model.graph.output] == ["_y0", "_y1", "_y2"]
    assert [z.tolist() for z in run(model, y=[1.0, 3.0], y0=[2.0, 2.0])] == [[1.0, 3.0], [2.5, 2.5], [1.0, 0.0]]


def test_rows_off_the_path_are_nan():
    tape = Tape.record(lambda x, y: x * x if x > 0 and not y < x else -x, 3.0, 4.0)
    (found,) = run(tape.to_onnx(), x0=[3.0, -3.0, 3.0, 1.0], x1=[4.0, 4.0, 2.0, 1.0])
    np.testing.assert_array_equal(found, [9.0, math.nan, math.nan, 1.0])


def test_its_gradient_is_a_tape_and_so_a_model():
    x, y = Value(0.3, label="x"), Value(0.9, label="y")
    tape = Tape(autograd.where(x < y, x.sin() * y, (x * y).exp()) + autograd.softplus(x) ** 1.5, [x, y]).gradient()
    rng = np.random.default_rng(2)
    a, b = rng.uniform(0.1, 1.0, size=(2, 30))
    found = run(tape.to_onnx(), x=a, y=b)
    np.testing.assert_allclose(
        np.transpose(found), [tape(*map(float, at)) for at in zip(a, b, strict=True)], rtol=1e-13
    )


def test_equal_nodes_are_one():
    x = Value(0.5, label="x")
    once, twice = [Tape(z, x).to_onnx() for z in (x.erf() * 2.0, x.erf() * 2.0 + x.erf() * x)]
    assert len(twice.graph.node) == len(once.graph.node) + 2


def test_every_row_is_an_operator_a_formula_traced_or_refused():
    known = {*operators.OPERATORS, *operators.DECIDING, *operators.COMPOSED, *operators.TRACED}
    assert {row.name for row in TABLE} - known == REFUSED


def test_without_inputs_or_onnx_a_sentence_says_so(monkeypatch):
    with pytest.raises(ValueError, match=r"to_onnx: this tape has no inputs, so there is no batch"):
        Tape([Value(1.0).detach()], []).to_onnx()
    monkeypatch.setitem(__import__("sys").modules, "onnx", None)
    with pytest.raises(ImportError, match=r"to_onnx: ONNX is not installed here .*pip install onnx"):
        Tape(Value(1.0) * 2.0).to_onnx()
