"""Expressions of SymPy: each row is that row to 12 digits, and what SymPy derives of a tape is the tape's gradient."""

import itertools
import math
import random

import pytest

import autograd
from autograd import Tape, Value
from autograd.calculus.primitive import Variadic
from autograd.calculus.table import TABLE
from autograd.programs.program import Program
from autograd.programs.steps import packed

sympy = pytest.importorskip("sympy", reason="SymPy is what expressions are of: pip install sympy")

pytestmark = pytest.mark.any_build
ORDERED = {row.name for row in TABLE if row.domain and row.domain[0] == (0.0, 3.0)}
"""Rows whose first operand is an order."""


def tape_of(row, at):
    """The tape of one row, an order being a number; and where it is evaluated."""
    if row.name in ORDERED:
        count = len(at) - 1
        steps = packed([(None, at[0]), (row, (count, *range(count)))])
        return Tape.of(Program(("",) * count, steps, (count + 1,), single=True)), at[1:]
    n = len(at)
    return Tape.of(Program(("",) * n, packed([(row, tuple(range(n)))]), (n,), single=True)), at


def points(row):
    """Where a row is evaluated."""
    rng, domain = random.Random(row.name), [(-2.0, 2.0)] * 4 if isinstance(row, Variadic) else row.domain
    for k in range(3):
        at = [low + (high - low) * rng.uniform(0.1, 0.9) for low, high in domain]
        yield [float(k), *at[1:]] if row.name in ORDERED else at


def number(expression, symbols, at):
    """An expression at some numbers, in 30 digits."""
    exact = {symbol: sympy.Float(x, precision=200) for symbol, x in zip(symbols, at, strict=True)}
    return float(expression.subs(exact).evalf(30))


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.name)
def test_rows(row):
    for at in points(row):
        tape, at = tape_of(row, at)
        symbols = sympy.symbols(tape.names()[: len(at)], real=True)
        assert number(tape.to_sympy(), symbols, at) == pytest.approx(tape(*at), rel=1e-12, abs=1e-12), at


@pytest.mark.parametrize("order", [0.0, 1.0, 2.0, 3.0])
@pytest.mark.parametrize("name", ["i0e_derivative", "i1e_derivative", "sinc_derivative", "erfcx_derivative"])
def test_orders_on_both_sides_of_0(name, order):
    row = next(row for row in TABLE if row.name == name)
    for x in (-1.3, 1.3):
        tape, at = tape_of(row, [order, x])
        (symbol,) = sympy.symbols(tape.names()[:1], real=True)
        assert number(tape.to_sympy(), [symbol], at) == pytest.approx(tape(x), rel=1e-12)


@pytest.mark.parametrize(
    "name", ["rint", "trunc", "floor", "ceil", "fmod", "remainder", "floor_divide", "copysign", "sign", "step", "relu"]
)
def test_halves_and_whole_numbers_of_both_signs(name):
    row = next(row for row in TABLE if row.name == name)
    others = [()] if len(row.partials) == 1 else [(2.0,), (-2.0,), (0.75,)]
    for x, other in itertools.product([-2.5, -1.5, -0.5, 0.0, 0.5, 1.0, 1.5, 2.5, 3.5], others):
        tape, at = tape_of(row, [x, *other])
        symbols = sympy.symbols(tape.names()[: len(at)], real=True)
        assert number(tape.to_sympy(), symbols, at) == tape(*at), at


def test_an_order_that_is_no_number_is_refused():
    n, x = Value(2.0, label="n"), Value(0.5, label="x")
    with pytest.raises(ValueError, match="sinc_derivative of order n: SymPy takes derivatives of an order that is a"):
        Tape(autograd.sinc_derivative(n, x), [n, x]).to_sympy()


def f(x, y):
    z = autograd.where(x < y, x.sin() * y, (x * y).exp()) + autograd.maximum(x, y * y) / 3.0
    return z * z + autograd.softplus(z - 0.1)


@pytest.mark.parametrize("at", [(0.3, 0.9), (0.9, 0.3)])
@pytest.mark.parametrize("shared", [False, True])
def test_what_sympy_derives_is_the_gradient_of_the_tape(at, shared):
    x, y = Value(0.3, label="x"), Value(0.9, label="y")
    tape = Tape(f(x, y) if not shared else [f(x, y)], [x, y])
    symbols = sympy.symbols("x y", real=True)
    found = tape.to_sympy(shared=shared)
    if shared:
        definitions, (found,) = found
        assert len(definitions) <= len(tape)
        assert all(len(str(expression)) < 80 for _, expression in definitions)
        for symbol, expression in reversed(definitions):
            found = found.subs(symbol, expression)
        tape = Tape(f(x, y), [x, y])
    assert number(found, symbols, at) == pytest.approx(tape(*at), rel=1e-13)
    slopes = [number(sympy.diff(found, symbol), symbols, at) for symbol in symbols]
    assert slopes == pytest.approx(tape.gradient()(*at), rel=1e-12)


def test_symbols_are_named_as_inputs_or_given():
    x, y = Value(2.0, label="x"), Value(3.0)
    tape = Tape([x * 0.5 + 0.1, y], [x, y])
    assert str(tape.to_sympy()) == "(x/2 + 0.1, x1)"
    a, b = sympy.symbols("a b")
    assert tape.to_sympy([a, b]) == (a / 2 + sympy.Float(0.1), b)
    assert Tape(x * x, x).to_sympy(a) == a**2
    with pytest.raises(ValueError, match="this tape has 2 inputs, got 3 symbols"):
        tape.to_sympy([a, b, a])


def test_off_its_path_an_expression_is_undefined():
    tape = Tape.record(lambda x, y: x * x if x > 0 and not y < x else -x, 3.0, 4.0)
    x, y = sympy.symbols("x0 x1", real=True)
    found = tape.to_sympy()
    assert found.subs({x: 3, y: 4}) == 9
    assert found.subs({x: -3, y: 4}) is sympy.nan
    assert found.subs({x: 3, y: 2}) is sympy.nan


@pytest.mark.parametrize("x", [0.0, -0.0, 1.5, -3.0, 0.1, 1e300, 5e-324, math.inf, -math.inf])
def test_numbers_are_kept(x):
    assert float(Tape([Value(x).detach()], []).to_sympy()[0]) == x


def test_a_long_chain_is_written_where_what_is_shared_has_names():
    x = z = Value(0.5, label="x")
    for _ in range(1000):
        z = (z * z).sin() + x
    definitions, found = Tape(z, x).to_sympy(shared=True)
    assert len(definitions) == 3000
    assert found == definitions[-1][0]


def test_without_sympy_a_sentence_says_what_to_do(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "sympy", None)
    with pytest.raises(ImportError, match=r"to_sympy: SymPy is not installed here .*pip install sympy"):
        Tape(Value(1.0) * 2.0).to_sympy()


def test_what_is_too_deep_says_so():
    def deep(x):
        for _ in range(400):
            x = (x * 1.5).sin()
        return x

    tape = Tape.record(deep, 0.3)
    with pytest.raises(ValueError, match="too deep for SymPy: ask for shared=True"):
        tape.to_sympy()
    assert len(tape.to_sympy(shared=True)[0]) == 800
