"""Functions with rules of their own, however one looks at them: drawn, on pages, in formulas, step by step."""

import math
import re

import pytest

import autograd
from autograd import (
    Tape,
    Value,
    checkpoint,
    compile,
    custom_jvp,
    custom_vjp,
    draw,
    explain,
    fixed_point,
    formula,
    primitive,
    root,
    steps,
)

pytestmark = pytest.mark.any_build


def of_one():
    twice = custom_vjp(lambda x: 2.0 * x)
    twice.defvjp(lambda x: (2.0 * x, x), lambda x, g: (2.0 * g * autograd.cos(x),))
    return lambda x, y: twice(x) * y


def of_two():
    product = custom_jvp(lambda x, y: x * y)
    product.defjvps(lambda d, z, x, y: d * y, lambda d, z, x, y: 3.0 * x * d)
    return product


def of_itself():
    power = custom_jvp(lambda x: autograd.exp(x))

    @power.defjvp
    def rule(primals, tangents):
        return power(*primals), power(*primals) * tangents[0]

    return lambda x, y: power(x) * power(y)


def clipped():
    same = custom_vjp(lambda x: x)
    same.defvjp(lambda x: (x, None), lambda _, g: (autograd.clip(g, -1.0, 1.0),))
    return lambda x, y: 5.0 * same(x) * y


def opaque():
    odd = custom_vjp(lambda x: 2.0 * x)
    odd.defvjp(lambda x: (2.0 * x, x), lambda x, g: (g * math.cos(x.data),))
    return lambda x, y: odd(x) * y


def of_nothing():
    left = custom_vjp(lambda x, y: x * y)
    left.defvjp(lambda x, y: (x * y, y), lambda y, g: (g * y, None))
    return left


def several_back():
    both = custom_vjp(lambda x, y: (x * y, x + y))
    both.defvjp(lambda x, y: ((x * y, x + y), (x, y)), lambda r, g: (g[0] * r[1] + g[1], g[0] * r[0] + g[1]))
    return lambda x, y: both(x, y)[0] * both(x, y)[1]


def several_forward():
    both = custom_jvp(lambda x: {"a": autograd.sin(x), "b": [autograd.cos(x)]})
    both.defjvp(lambda p, t: (both(*p), {"a": autograd.cos(p[0]) * t[0], "b": [-autograd.sin(p[0]) * t[0]]}))
    return lambda x, y: both(x)["a"] * both(y)["b"][0]


def of_partials():
    sine = primitive(lambda x: autograd.sin(x), partials=[lambda x, z: autograd.cos(x)], name="sine")
    return lambda x, y: sine(x) * y


def of_opaque_partials():
    size = primitive(lambda x: abs(x), partials=[lambda x, z: 1.0 if x > 0.0 else -1.0], name="size")
    return lambda x, y: size(x) * y


KINDS = {
    "custom_vjp": of_one,
    "custom_jvp of two": of_two,
    "custom_jvp that calls itself": of_itself,
    "custom_vjp that is not linear": clipped,
    "custom_vjp by numbers": opaque,
    "custom_vjp with None": of_nothing,
    "custom_vjp, several results": several_back,
    "custom_jvp, several results": several_forward,
    "primitive": of_partials,
    "primitive that decides": of_opaque_partials,
    "root": lambda: lambda x, y: root(lambda z, a: z * z - a, 1.0, x) * y,
    "fixed_point": lambda: lambda x, y: fixed_point(lambda z, a: autograd.cos(a * z), 0.7, x) * y,
    "checkpoint": lambda: checkpoint(lambda x, y: x.sin() * y),
}
WITHIN = {"custom_vjp by numbers", "primitive that decides"}  # what no program can have


def saved(drawing, tmp_path):
    """Each kind of file of a drawing that needs nothing but Python."""
    for ending in ("gv", "tex", "mmd", "json", "txt", "html"):
        path = tmp_path / f"picture.{ending}"
        drawing.save(path)
        assert path.stat().st_size > 60


@pytest.mark.parametrize("kind", KINDS)
def test_however_one_looks_at_it(kind, tmp_path):
    f = KINDS[kind]()
    x, y = Value(0.6, label="x"), Value(0.8, label="y")
    z = f(x, y)
    z.backward()
    drawing = draw(z, partials=True)
    assert drawing.source.count("->") >= 2
    saved(drawing, tmp_path)
    saved(draw(z), tmp_path)
    assert steps(z)[0].node is z
    assert "∂" in str(explain(z, x))
    assert str(formula(z))
    saved(draw(f, args=(0.6, 0.8)), tmp_path)
    if kind not in WITHIN:
        compiled = compile(f)
        assert compiled(0.6, 0.8) == pytest.approx(z.data, rel=1e-12)
        saved(draw(compiled, partials=True), tmp_path)
        a, b = Value(0.6, label="a"), Value(0.8, label="b")
        saved(draw(Tape([a, b], f(a, b)), partials=True), tmp_path)
        w = compiled(a, b)
        w.backward()
        saved(draw(w, partials=True), tmp_path)
        assert (a.grad, b.grad) == pytest.approx((x.grad, y.grad), rel=1e-12)


def partials_of_picture(z):
    return re.findall(r"∂/∂operand \d+: (.*?) = ", draw(z, partials=True).source)


def test_partials_are_the_rule_where_it_is_arithmetic():
    x, y = Value(0.6, label="x"), Value(0.8, label="y")
    assert "2 * cos(x)" in partials_of_picture(of_one()(x, y))
    assert partials_of_picture(of_two()(x, y)) == ["y", "3 * x"]
    assert "custom_jvp(x)" in partials_of_picture(of_itself()(x, 1.0))
    assert partials_of_picture(of_nothing()(x, y))[0] == "y"
    assert not any("cos" in text for text in partials_of_picture(opaque()(x, y)))


@pytest.mark.parametrize("kind", [of_one, of_two, of_itself, clipped, of_nothing, of_partials])
def test_the_formula_of_a_derivative_has_the_numbers_of_the_sweep(kind):
    f = kind()
    x, y = Value(0.6, label="x"), Value(0.8, label="y")
    z = f(x, y)
    z.backward()
    for wrt in (x, y):
        assert formula(z, wrt)() == pytest.approx(wrt.grad, rel=1e-14)
    moved = Value(0.3, label="x")
    again = f(moved, Value(0.1))
    again.backward()
    found = formula(z, x)
    numbers = {name: number for name, number in (("x", 0.3), ("y", 0.1)) if name in found.names}
    assert found(**numbers) == pytest.approx(moved.grad, rel=1e-14)


def test_a_rule_that_is_not_linear_is_given_the_adjoint():
    x, y = Value(0.6, label="x"), Value(0.8, label="y")
    z = clipped()(x, y)
    assert formula(z, x)() == 1.0  # 5 y = 4, clipped
    assert formula(z, x)(y=0.1) == 0.5


def test_a_rule_by_numbers_has_no_formula():
    x, y = Value(0.6, label="x"), Value(0.8, label="y")
    for f in (opaque(), of_opaque_partials()):
        with pytest.raises(ValueError, match="is one of its own and gives no formula"):
            formula(f(x, y), x)
