"""Taylor coefficients: closed forms, nested gradients, at kinks and poles, in structures, as Values, refused."""

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import autograd
from autograd import Value, checkpoint, compile, detach, dot, grad, hessian, jvp, logsumexp, no_grad, taylor, where
from autograd.expansions.power_series import Expansion
from autograd.expansions.taylor import Walk
from tests.random_graphs import on_values, programs
from tests.sizes import some


def close(a, b, rel=1e-12, scale=0.0):
    np.testing.assert_allclose(np.array(a, dtype=float), np.array(b, dtype=float), rtol=rel, atol=scale * rel)


def nested(f, x, order):
    """The same by gradients of gradients."""
    found = [f(Value(x))]
    found[0] = found[0].data if isinstance(found[0], Value) else found[0]
    for k in range(1, order + 1):
        f = grad(f)
        found.append(f(x) / math.factorial(k))
    return found


# --- closed forms ---


def test_the_series_of_a_textbook():
    close(taylor(lambda x: x.exp(), 0.0, 20), [1 / math.factorial(k) for k in range(21)], 1e-15)
    assert taylor(lambda x: 1.0 / (1.0 - x), 0.0, 30) == [1.0] * 31
    assert taylor(lambda x: x.log1p(), 0.0, 3) == [0.0, 1.0, -0.5, pytest.approx(1 / 3, rel=1e-15)]
    # tan at 0: 1, 1/3, 2/15, 17/315, 62/2835; all even ones 0
    close(taylor(lambda x: x.tan(), 0.0, 9), [0, 1, 0, 1 / 3, 0, 2 / 15, 0, 17 / 315, 0, 62 / 2835])
    close(taylor(lambda x: (1.0 + x) ** 0.5, 0.0, 4), [1, 0.5, -1 / 8, 1 / 16, -5 / 128])
    # Bernoulli's numbers, B_k / k!, of x / (e^x - 1); they fall as (2 pi)^-k
    b = taylor(lambda x: 1.0 / autograd.sum([x**k / math.factorial(k + 1) for k in range(25)]), 0.0, 12)
    bernoulli = [1, -1 / 2, 1 / 6, 0, -1 / 30, 0, 1 / 42, 0, -1 / 30, 0, 5 / 66, 0, -691 / 2730]
    scales = [math.tau**k / math.factorial(k) for k in range(13)]
    close([x * math.tau**k for k, x in enumerate(b)], np.multiply(bernoulli, scales), 1e-12, 1.0)


def test_polynomials_are_exact_and_end_at_their_degree():
    assert taylor(lambda x: x**3, 0.0, 5) == [0.0, 0.0, 0.0, 1.0, 0.0, 0.0]
    assert taylor(lambda x: x**3, 1e-3, 12)[3:] == [1.0, *[0.0] * 9]
    assert taylor(lambda x: x**7, 2.0, 9) == [math.comb(7, k) * 2.0 ** (7 - k) if k < 8 else 0.0 for k in range(10)]
    assert taylor(lambda x: (x * x + 1.0) * (x - 2.0), 1.0, 5) == [-2.0, 0.0, 1.0, 1.0, 0.0, 0.0]
    assert taylor(lambda x: x**100, 1.0, 3) == [1.0, 100.0, 4950.0, 161700.0]
    assert taylor(lambda x: x**1, 5.0, 2) == [5.0, 1.0, 0.0]
    assert taylor(lambda x: x**0, 5.0, 2) == [1.0, 0.0, 0.0]
    assert taylor(lambda x: 7.0, 5.0, 2) == [7.0, 0.0, 0.0]


@pytest.mark.parametrize("p", [2.5, -1.0, -2.0, 0.5, 1 / 3, 12.25, 2.0000001, -0.3])
@pytest.mark.parametrize("x", [1e-3, 0.7, 3.0, 1e-200, 1e80])
def test_powers_are_binomial_series(p, x):
    binomial, expected = 1.0, []
    for k in range(13):
        expected.append(binomial * x ** (p - k) if abs(math.log10(x) * (p - k)) < 300 else None)
        binomial *= (p - k) / (k + 1)
    found = taylor(lambda x: x**p, x, 12)
    for a, b in zip(found, expected, strict=True):
        if b is None or abs(b) < 1e-280:
            break  # and whatever comes after it is beyond doubles too
        assert a == pytest.approx(b, rel=1e-9 if p == 2.0000001 else 2e-13)


def test_an_integer_power_of_what_is_small_is_right():
    assert taylor(lambda x: x**2, 1e-200, 3) == [0.0, 2e-200, 1.0, 0.0]
    assert taylor(lambda x: x**-1, 0.5, 3) == [2.0, -4.0, 8.0, -16.0]
    close(taylor(lambda x: 2.0**x, 1.0, 4), [2 * math.log(2) ** k / math.factorial(k) for k in range(5)])
    close(taylor(lambda x: x**x, 1.5, 4), nested(lambda x: x**x, 1.5, 4))
    e = taylor(lambda x: x ** (x - x + 3.0), 2.0, 3)  # an exponent that is computed
    close(e, [8.0, 12.0, 6.0, 1.0])


# --- against nested gradients ---


def test_rows_of_many_operands_and_shared_parts():
    def f(x):
        y = [x * k for k in (0.5, 1.5, -1.0)]
        s = logsumexp([*y, 0.25]) + dot(y, [y[1], 2.0, y[0]]) + autograd.norm([*y, 1.0])
        return s * autograd.hypot(x, 2.0) + autograd.atan2(x, y[1] + 1.0) + autograd.hypot(3.0, x)

    close(taylor(f, 0.8, 4), nested(f, 0.8, 4), 1e-11)


@settings(max_examples=some(60), deadline=None)
@given(programs(max_steps=15), st.sampled_from([2, 3, 4]))
def test_as_nested_gradients_on_random_graphs(program, order):
    x, *others = program.leaves

    def f(x):
        return program.run(on_values, [x, *map(Value, others)])

    found, expected = taylor(f, x, order), nested(f, x, order)
    assume(all(map(math.isfinite, expected)))
    close(found, expected, 1e-8, max(1.0, *map(abs, expected)))


@settings(max_examples=some(40), deadline=None)
@given(programs(max_steps=15), st.integers(0, 2**30))
def test_along_a_direction_as_jvp_and_hessian(program, seed):
    x = list(program.leaves)
    v = np.random.default_rng(seed).normal(size=len(x)).tolist()
    f = lambda x: program.run(on_values, list(x))  # noqa: E731
    found = taylor(f, x, 2, direction=v)
    h = hessian(f)(x)
    value, slope = jvp(f, (x,), (v,))
    close(found, [value, slope, 0.5 * np.array(v) @ h @ v], 1e-9, max(1.0, np.abs(h).max() * 10.0))


@settings(max_examples=some(30), deadline=None)
@given(programs(max_steps=12))
def test_over_numbers_and_over_values_are_the_same(program):
    x, *others = program.leaves
    f = lambda x: program.run(on_values, [x, *map(Value, others)])  # noqa: E731
    over_values = taylor(f, Value(x), 6)
    assert all(isinstance(c, Value) for c in over_values)
    numbers = [c.data for c in over_values]
    assume(all(map(math.isfinite, numbers)))
    close(taylor(f, x, 6), numbers, 1e-9, max(1.0, *map(abs, numbers)))


def test_two_orders_add_up():
    """The series of f at x, at a small t, is f(x + t); and the coefficients of a shifted point follow."""
    f = lambda x: (x * x).sin() / (1.0 + x.exp()) + x.lgamma()  # noqa: E731
    t = 0.05
    c = taylor(f, 1.3, 16)
    assert sum(ck * t**k for k, ck in enumerate(c)) == pytest.approx(f(Value(1.3 + t)).data, rel=1e-14)
    shifted = [sum(c[k] * math.comb(k, j) * t ** (k - j) for k in range(j, 17)) for j in range(4)]
    close(taylor(f, 1.3 + t, 3), shifted, 1e-11)


# --- kinks, jumps and poles ---


def test_what_selects_goes_on_as_what_it_takes():
    f = lambda x: where(autograd.less(x, 1.0), x**2, x.exp())  # noqa: E731
    assert taylor(f, 0.5, 3) == [0.25, 1.0, 1.0, 0.0]
    close(taylor(f, 2.0, 3), [math.exp(2.0) / math.factorial(k) for k in range(4)])
    assert taylor(lambda x: autograd.maximum(x, x * x), 1.0, 3) == [1.0, 1.5, 0.5, 0.0]  # a tie: half of each
    assert taylor(abs, 0.0, 3) == [0.0, 0.0, 0.0, 0.0]
    assert taylor(abs, -2.0, 3) == [2.0, -1.0, 0.0, 0.0]
    assert taylor(lambda x: (x * x).relu(), 0.0, 3) == [0.0, 0.0, 0.0, 0.0]
    assert taylor(lambda x: autograd.floor(x) * x, 2.5, 2) == [5.0, 2.0, 0.0]
    assert taylor(lambda x: detach(x) * x, 3.0, 2) == [9.0, 3.0, 0.0]
    assert taylor(lambda x: x % 2.0, 5.5, 2) == [1.5, 1.0, 0.0]
    assert taylor(lambda x: autograd.less(x, 1.0), 0.5, 2) == [1.0, 0.0, 0.0]
    assert taylor(lambda x: autograd.hypot(x, 0.0 * x), 0.0, 3) == [0.0] * 4


def test_what_is_not_taken_may_be_infinite():
    f = lambda x: where(autograd.less(x, 1.0), x, 1.0 / (x - 0.5))  # noqa: E731
    assert taylor(f, 0.5, 3) == [0.5, 1.0, 0.0, 0.0]
    assert taylor(lambda x: autograd.xlogy(x, 0.0 * x), 0.0, 1)[0] == 0.0


@pytest.mark.parametrize(
    ("f", "x"),
    [
        (lambda x: x.sqrt(), 0.0),
        (lambda x: x**1.5, 0.0),
        (lambda x: 1.0 / x, 0.0),
        (lambda x: x.log(), 0.0),
        (lambda x: x.cbrt(), 0.0),
        (lambda x: x.log(), -1.0),
        (lambda x: x.exp(), 1000.0),
        (lambda x: x.sin(), math.inf),
        (lambda x: x.sin(), math.nan),
    ],
)
def test_poles_and_edges_raise_nothing_and_are_not_finite_where_the_table_is_not(f, x):
    found, expected = taylor(f, x, 2), nested(f, x, 2)
    for a, b in zip(found, expected, strict=True):
        assert math.isfinite(a) == math.isfinite(b)
        assert not math.isfinite(b) or a == pytest.approx(b, rel=1e-14)
        assert math.isnan(a) or math.isnan(b) or not math.isinf(b) or (a == b)


# --- structures, Values, nesting, recordings ---


def test_results_of_any_structure():
    found = taylor(lambda x: {"a": [x.exp(), 3.0], "b": np.array([x, x * x])}, 0.0, 2)
    assert [c["a"] for c in found] == [[1.0, 3.0], [1.0, 0.0], [0.5, 0.0]]
    assert [c["b"].tolist() for c in found] == [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]
    assert found[1]["b"].dtype == float


def test_arguments_of_any_structure_along_a_direction():
    f = lambda p: p["w"][0] * p["w"][1] * p["b"]  # noqa: E731
    at, to = {"w": np.array([2.0, 3.0]), "b": 5.0}, {"w": np.array([1.0, 0.0]), "b": 2.0}
    assert taylor(f, at, 3, direction=to) == [30.0, 27.0, 6.0, 0.0]
    assert taylor(lambda x: x * x, 3.0, 2, direction=2.0) == [9.0, 12.0, 4.0]
    assert taylor(lambda x: x[0] * x[0], [3.0], 2) == [9.0, 6.0, 1.0]
    assert taylor(lambda x: x * x, 3.0, 2, direction=0.0) == [9.0, 0.0, 0.0]


def test_an_integer_is_refused_and_order_0_is_the_function():
    with pytest.raises(TypeError, match=r"taylor of <lambda>: argument 0: 3 is an integer, .* write 3\.0"):
        taylor(lambda x: x * x, 3, 1)
    assert all(type(c) is float for c in taylor(lambda x: x * x, 3.0, 3))
    assert taylor(lambda x: [x * x], 3.0, 0) == [[9.0]]
    assert taylor(lambda x: x * x, Value(3.0), 0)[0].data == 9.0


def test_values_give_values_that_can_be_differentiated_again():
    f = lambda x: (x * x).sin() * x.exp() + x**2.5  # noqa: E731
    x = Value(0.7)
    c = taylor(f, x, 5)
    for k in range(5):
        x.zero_grad() if hasattr(x, "zero_grad") else setattr(x, "grad", 0.0)
        c[k].backward()
        assert x.grad == pytest.approx((k + 1) * c[k + 1].data, rel=1e-12)
    v = Value(2.0)
    second = taylor(f, 0.7, 2, direction=v)[2]
    second.backward()
    assert v.grad == pytest.approx(2.0 * 2.0 * c[2].data, rel=1e-13)  # of v², at 2


def test_captured_values_take_part():
    w = Value(3.0)
    assert taylor(lambda x: w * x * x, 2.0, 2) == [12.0, 12.0, 3.0]
    c = taylor(lambda x: w * x * x, Value(2.0), 2)
    c[2].backward()
    assert w.grad == 1.0


def test_nested_in_other_transforms_and_within_itself():
    f = lambda x: x.sin() * x  # noqa: E731
    d = grad(lambda x: taylor(f, x, 3)[3])(0.4)
    assert d == pytest.approx(4.0 * taylor(f, 0.4, 4)[4], rel=1e-13)
    inner = taylor(lambda a: taylor(lambda x: x.exp() * a, a, 2)[2], 0.4, 1)
    assert inner[1] == pytest.approx(0.5 * math.exp(0.4) * 1.4, rel=1e-14)
    assert taylor(grad(lambda x: x**4), 1.0, 3) == [4.0, 12.0, 12.0, 4.0]
    assert taylor(lambda x: x * grad(lambda y: x * y)(x), 3.0, 2) == [9.0, 6.0, 1.0]


def test_recorded_in_what_is_compiled():
    f = lambda x: (x * x).sin() * x.tanh() + x**3 + x**2.5 + where(x > 1.0, x, x * x) / autograd.hypot(x, 2.0)  # noqa: E731
    fast = compile(lambda x: taylor(f, x, 6), in_axes=0)
    xs = np.array([0.3, 0.8, 1.7, 2.5, 0.31])
    for k, x in enumerate(xs.tolist()):
        close([c[k] for c in fast(xs)], taylor(f, x, 6), 1e-12)
    one = compile(lambda x, p: taylor(lambda y: y**p, x, 4))  # an exponent that is an argument
    close(one(2.0, 2.5), taylor(lambda y: y**2.5, 2.0, 4))
    close(one(2.0, 3.0), [8.0, 12.0, 6.0, 1.0, 0.0], 1e-12, 10.0)
    assert compile(lambda x: taylor(lambda y: y**3, x, 4))(0.0) == [0.0, 0.0, 0.0, 1.0, 0.0]
    still = compile(lambda x: taylor(lambda y: detach(x) * y, x, 1))  # what is cut off is computed again
    assert [still(2.0), still(3.0)] == [[4.0, 2.0], [9.0, 3.0]]


def test_through_rules_of_ones_own():
    plain = lambda x: x.sin() * x + x.exp()  # noqa: E731
    expected = taylor(lambda x: plain(x) * x, 0.3, 5)
    compiled, kept = compile(plain), checkpoint(plain)
    close(taylor(lambda x: compiled(x) * x, 0.3, 5), expected)
    close(taylor(lambda x: kept(x) * x, 0.3, 5), expected)
    close([c.data for c in taylor(lambda x: kept(x) * x, Value(0.3), 5)], expected)
    close([c.data for c in taylor(lambda x: compiled(x) * x, Value(0.3), 4)], expected[:5])
    plainly = compile(lambda x, k=2.0: x.sin() * k if isinstance(x, Value) else k)
    close(taylor(lambda x: plainly(x) * plainly(2.0), 0.3, 16), np.multiply(taylor(lambda x: x.sin(), 0.3, 16),
          4.0 * math.sin(2.0)))  # in time that does not double with each order  # fmt: skip
    batch = compile(lambda x, y: (x * y).sin(), in_axes=(None, 0))
    ys = np.array([1.0, 2.0])
    found = taylor(lambda x: batch(x, ys), 0.3, 3)
    for k, y in enumerate(ys.tolist()):
        close([c[k] for c in found], taylor(lambda x, y=y: (x * y).sin(), 0.3, 3))
    cut = checkpoint(lambda x: [detach(x) * 2.0, x])
    assert taylor(lambda x: cut(x)[0] * x, 3.0, 2) == [18.0, 6.0, 0.0]
    assert [c.data for c in taylor(lambda x: cut(x)[0] * x, Value(3.0), 2)] == [18.0, 6.0, 0.0]
    several = checkpoint(lambda x: [x.sin(), x * x])
    close(taylor(lambda x: several(x)[0] * several(x)[1], 0.3, 4), taylor(lambda x: x.sin() * x * x, 0.3, 4))
    local = taylor(lambda x: Value(x.data**2, (x,), local_grads=(2.0 * x.data,)) * x, 3.0, 2)
    assert local == [27.0, 27.0, 6.0]  # as grad has it: local gradients are numbers

    def by_closure(x):
        z = Value(x.data, (x,))

        def _backward():
            x.grad += z.grad

        z._backward = _backward
        return z * x

    with pytest.raises(TypeError, match="_backward closure"):
        taylor(by_closure, 3.0, 2)


def test_under_no_grad_as_grad():
    with no_grad():
        assert grad(lambda x: x * x)(3.0) == 0.0
        assert taylor(lambda x: x * x, 3.0, 1) == [9.0, 0.0]


# --- what it takes ---


def test_memory_is_linear_in_operations_and_order():
    def f(x):
        for _ in range(300):
            x = (x * 0.5).lgamma().tanh() + 1.5
        return x

    call = autograd.derivatives.calls.Call("taylor", f, 0, (1.3,), {})
    walk = Walk(call, [1.0], 12)
    walk.coefficients()
    assert sum(len(c) for c in walk.known.values()) <= 13 * (4 * 300 + 1)
    assert sum(len(found) for found in walk.routines.values()) < 12  # one for each row, not for each node


def test_functions_that_come_back_to_themselves_need_few_series():
    space = Expansion()
    counts = {}
    for row in autograd.calculus.table.TABLE:
        if len(row.partials) == 1 and not row.selects:
            space = Expansion()
            head = 1.5 if row.name == "acosh" else 0.4
            z = space.function(row, (space.given(head),), row.evaluate([head]))
            counts[row.name] = len(space.groups(z, 40))
    towers = {name for name, count in counts.items() if count > 8}
    space = Expansion()
    power = space.function(autograd.calculus.table.pow, (space.given(0.4), 50.0), 0.4**50)
    assert [(k, len(group)) for k, group in space.groups(power, 40)] == [
        (0, 9)
    ]  # products: 2, 3, 4, 6, 7, 12, 13, 25, 50
    bessel = {"i0", "i0e", "i1", "i1e", "j0", "j1"}
    assert towers == {"lgamma", "gamma", "digamma", "erfcx", "sinc"} | bessel


def test_neither_chains_nor_high_orders_need_recursion():
    def f(x):
        for _ in range(20_000):
            x = x * 0.5 + 1.0
        return x

    assert taylor(f, 1.0, 2) == [2.0, 0.0, 0.0]
    assert len(taylor(lambda x: x.erfcx(), 3.0, 1_200)) == 1_201


@pytest.mark.parametrize(
    ("args", "error", "message"),
    [
        ((3.0, 1.0, 2), TypeError, "expected a function"),
        ((lambda x: x, 1.0, -1), ValueError, "order -1"),
        ((lambda x: x, 1.0, 2.0), TypeError, "order: expected a whole number, got float"),
        ((lambda x: x, 1.0, True), TypeError, "order: expected a whole number, got bool"),
        ((lambda x: x, 1j, 2), TypeError, "complex"),
        ((lambda x: x, "a", 2), TypeError, "not a real number"),
        ((lambda x: x, [], 2), TypeError, "no number"),
        ((lambda x: x[0], [1.0, 2.0], 2), ValueError, "2 numbers: give a direction"),
        ((lambda x: None, 1.0, 2), TypeError, "gave None"),
        ((lambda x: "a", 1.0, 2), TypeError, "gave a str"),
    ],
)
def test_refused(args, error, message):
    with pytest.raises(error, match=message):
        taylor(*args)


def test_a_direction_of_another_form_is_refused():
    with pytest.raises(ValueError, match="direction"):
        taylor(lambda x: x[0], [1.0, 2.0], 2, direction=[1.0])
    with pytest.raises(TypeError, match="not a real number"):
        taylor(lambda x: x[0], [1.0, 2.0], 2, direction=["a", 1.0])
