"""Functions with rules of their own where they are recorded: tapes of any order, and what is compiled."""

import gc
import math
import pickle

import numpy as np
import pytest
from hypothesis import given, settings

import autograd
from autograd import RecordingError, Tape, Value, compile, custom_jvp, custom_vjp, grad, hessian, jvp, primitive, vjp
from autograd.programs import own
from tests.custom.test_functions import both, exponential, own_jvp, own_vjp
from tests.random_graphs import on_values, programs
from tests.sizes import some


@pytest.mark.parametrize("own", [own_vjp, own_jvp])
@settings(max_examples=some(15), deadline=None)
@given(program=programs(max_steps=8))
def test_compiled_as_it_is_eagerly(own, program):
    f = lambda *x: program.run(on_values, [v * Value(1.0).detach() for v in x])  # noqa: E731
    custom = own(f)
    eager, compiled = (lambda *x: f(*x) * x[0]), compile(lambda *x: custom(*x) * x[0])
    at, all_of = program.leaves, tuple(range(len(program.leaves)))
    for one, two in [
        (eager(*map(Value, at)).data, compiled(*at)),
        (grad(eager, all_of)(*at), compiled.grad(*at, argnums=all_of)),
        (jvp(eager, at, at), compiled.jvp(at, at)),
    ]:
        np.testing.assert_allclose(two, one, rtol=1e-9, atol=1e-11)
    curved = compile(lambda x: custom(*x) * x[0])
    flat = lambda x: f(*x) * x[0]  # noqa: E731
    np.testing.assert_allclose(curved.hessian(list(at)), hessian(flat)(list(at)), rtol=1e-9, atol=1e-11)
    xs = list(map(Value, at))
    y = compiled(*xs) ** 2  # a call among Values: replayed backwards, and differentiated again
    slopes = grad(y, xs, create_graph=True)
    np.testing.assert_allclose([d.data for d in slopes], grad(lambda *x: eager(*x) ** 2, all_of)(*at), rtol=1e-9)
    expected = hessian(lambda *x: eager(*x) ** 2, all_of)(*at)[0]
    np.testing.assert_allclose(grad(slopes[0] + 0.0 * xs[0], xs), expected, rtol=1e-8, atol=1e-10)


def test_a_tape_is_differentiated_again_and_again():
    f = exponential()
    tape = Tape.record(lambda x: f(x) * x, 0.5)
    for order in range(1, 7):
        tape = tape.gradient()
        assert tape(0.5)[0] == pytest.approx(math.exp(0.5) * (0.5 + order), rel=1e-13)
        assert tape(1.5)[0] == pytest.approx(math.exp(1.5) * (1.5 + order), rel=1e-13)
    found = Tape.record(lambda x: f(x) * x, 0.5).jvp()(0.5, 1.0)
    assert found == pytest.approx((0.5 * math.exp(0.5), 1.5 * math.exp(0.5)))


def clipping(low, high):
    f = custom_vjp(lambda x: x * 1.0)
    f.defvjp(lambda x: (x * 1.0, None), lambda _, g: (autograd.clip(g, low, high),))
    return f


def test_a_rule_that_is_not_that_of_its_arithmetic():
    f = clipping(-1.0, 1.0)
    g = lambda x: 5.0 * f(x) ** 2  # noqa: E731
    compiled = compile(g)
    for x in (2.0, 0.05):
        assert compiled.grad(x) == grad(g)(x) == min(10.0 * x, 1.0)
        assert compiled.hessian(x)[0, 0] == hessian(g)(x) == (1.0 if x < 0.1 else 0.0)  # 10, clipped again
    x = Value(2.0)
    compiled(x).backward()
    assert x.grad == 1.0
    reversed_ = primitive(lambda x: x * 1.0, partials=[lambda x, z: -1.0], name="reversed")
    assert compile(lambda x: reversed_(x) ** 2).grad(3.0) == -6.0
    assert compile(lambda x: reversed_(x) ** 2).hessian(3.0)[0, 0] == 2.0  # (-1)(-1)2, by the rule both times
    assert hessian(lambda x: reversed_(x) ** 2)(3.0) == 2.0


def test_over_batches_and_by_weights():
    f = exponential()
    w = Value(0.7)
    model = lambda x: f(x * w) + both((x, w), np.array([w, 1.0], dtype=object))["product"]  # noqa: E731
    plain = lambda x, w: autograd.exp(x * w) + x * w  # noqa: E731
    xs = np.linspace(-1.0, 1.0, 130)
    compiled = compile(model, in_axes=0)
    np.testing.assert_allclose(compiled(xs), [plain(x, 0.7) for x in xs], rtol=1e-12)
    np.testing.assert_allclose(compiled.grad(xs), [grad(plain)(x, 0.7) for x in xs], rtol=1e-12)
    total = compile(model, in_axes=0, reduce="sum")(Value(1.0) * xs)
    total.backward()
    assert w.grad == pytest.approx(sum(grad(plain, 1)(x, 0.7) for x in xs))
    w.data = 0.2
    np.testing.assert_allclose(compiled(xs), [plain(x, 0.2) for x in xs], rtol=1e-12)


def test_several_results_share_one_sweep():
    calls = []
    f = custom_vjp(lambda x, y: (x * y, x + y))

    def backward(residuals, g):
        calls.append(1)
        x, y = residuals
        return g[0] * y + g[1], g[0] * x + g[1]

    f.defvjp(lambda x, y: ((x * y, x + y), (x, y)), backward)
    compiled = compile(lambda x, y: f(x, y)[0] * f(x, y)[1] + f(y, x)[1])
    plain = grad(lambda x, y: x * y * (x + y) + x + y, (0, 1))
    assert compiled.grad(2.0, 3.0, argnums=(0, 1)) == plain(2.0, 3.0)
    before = len(calls)
    assert compiled.grad(4.0, 3.0, argnums=(0, 1)) == plain(4.0, 3.0)
    assert len(calls) == before  # what was recorded is replayed
    one = compile(lambda x, y: f(x, y)[1] ** 2)  # of two results one is dead code
    assert one.grad(2.0, 3.0, argnums=(0, 1)) == (10.0, 10.0)
    assert one.hessian(2.0, 3.0).tolist() == [[2.0]]


def test_a_rule_that_branches_on_its_arguments():
    f = custom_vjp(lambda x: x * x if x > 0.0 else -x)

    def backward(x, g):
        return (2.0 * g * x if x > 0.0 else -g if x > -5.0 else 7.0 * g,)

    f.defvjp(lambda x: (x * x if x > 0.0 else -x, x), backward)
    compiled = compile(lambda x: f(x) * 3.0)
    for x in (2.0, -3.0, 5.0, -1.0, -6.0, -7.0):
        assert compiled(x) == grad_free(x) * 3.0
        assert compiled.grad(x) == 3.0 * (2.0 * x if x > 0.0 else -1.0 if x > -5.0 else 7.0)
        assert compiled.hessian(x)[0, 0] == (6.0 if x > 0.0 else 0.0)
    batch = np.array([2.0, -3.0, -6.0, 4.0])
    assert compile(lambda x: f(x), in_axes=0).grad(batch).tolist() == [4.0, -1.0, 7.0, 8.0]


def grad_free(x):
    """The value of that function."""
    return x * x if x > 0.0 else -x


def test_what_a_replay_cannot_follow_is_refused():
    by_adjoint = custom_vjp(lambda x: x * 1.0)
    by_adjoint.defvjp(lambda x: (x * 1.0, None), lambda _, g: (g if g > 1.0 else 2.0 * g,))
    assert compile(by_adjoint)(2.0) == 2.0
    with pytest.raises(RecordingError, match=r"decides by the adjoint.*where.*test_recorded.py"):
        compile(by_adjoint).grad(2.0)
    w = Value(2.0)
    captured = custom_vjp(lambda x: x * 1.0)
    captured.defvjp(lambda x: (x * 1.0, None), lambda _, g: (g * w,))
    with pytest.raises(RecordingError, match=r"uses a Value that is no argument"):
        compile(captured).grad(2.0)
    floats = primitive(math.sin, partials=[lambda x, z: autograd.cos(x)])
    assert grad(floats)(0.5) == math.cos(0.5)
    with pytest.raises(RecordingError, match="stay on Values"):
        compile(lambda x: floats(x))(0.5)
    inner = primitive(lambda x: x * x, partials=[lambda x, z: 2.0 * max(x, 0.5)], name="inner")
    outer = primitive(lambda x: x * x * x, partials=[lambda x, z: 3.0 * inner(x)], name="outer")
    assert compile(outer).grad(2.0) == 12.0
    with pytest.raises(RecordingError, match="inner: used within another rule, it decides by a comparison"):
        compile(outer).hessian(2.0)


def test_in_what_a_where_does_not_take_nothing_flows():
    f = custom_vjp(autograd.sqrt)
    f.defvjp(lambda x: (autograd.sqrt(x), x), lambda x, g: (g * 0.5 / autograd.sqrt(x),))
    g = lambda x: autograd.where(autograd.less(0.0, x), f(x), 3.0 * x)  # noqa: E731
    assert compile(g).grad(0.0) == grad(g)(0.0) == 3.0
    assert compile(g).grad(4.0) == 0.25
    assert compile(g).jvp((0.0,), (1.0,)) == (0.0, 3.0)


def test_rules_within_rules():
    sine = primitive(lambda x: autograd.sin(x), partials=[lambda x, z: cosine(x)], name="sine")
    cosine = primitive(lambda x: autograd.cos(x), partials=[lambda x, z: -sine(x)], name="cosine")
    f = custom_vjp(lambda x: sine(x) * x)
    f.defvjp(lambda x: (sine(x) * x, x), lambda x, g: (g * (cosine(x) * x + sine(x)),))
    tape = Tape.record(lambda x: f(x) * sine(x), 0.3)
    plain = Tape.record(lambda x: autograd.sin(x) ** 2 * x, 0.3)
    for _ in range(4):
        tape, plain = tape.gradient(), plain.gradient()
        assert tape(0.8) == pytest.approx(plain(0.8), rel=1e-12)
    nested = compile(lambda x: grad(lambda x: f(x) * x)(x))  # differentiated while it is recorded
    assert nested.grad(0.4) == pytest.approx(grad(grad(lambda x: autograd.sin(x) * x * x))(0.4))


def test_a_tape_on_values_and_in_files(tmp_path):
    f = clipping(-1.0, 1.0)
    tape = Tape.record(lambda x, y: 5.0 * f(x) * y + both((x, y), np.array([x, y], dtype=object))["sum"], 2.0, 3.0)
    x, y = Value(2.0), Value(3.0)
    z = tape(x, y)
    z.backward()
    assert (z.data, x.grad, y.grad) == (43.0, 5.0, 16.0)
    assert tape(2.0, 3.0) == 43.0
    assert tape(np.array([2.0, 1.0]), 3.0).tolist() == [43.0, 25.0]
    assert tape.gradient()(2.0, 3.0) == (5.0, 16.0)
    for kept in (pickle.loads(pickle.dumps(tape)), saved(tape, tmp_path / "tape.json"), tape.simplify()):
        assert kept(2.0, 3.0) == 43.0
    assert "sqrt" not in str(tape)
    assert "lambda" not in str(tape)
    assert "1000" not in tape.to_c()
    scope = {}
    exec(f"import autograd\n{tape.to_python()}", scope)
    assert scope["f"](Value(2.0), Value(3.0)).data == 43.0
    guarded = Tape.record(lambda x: x * 2.0 if f(x) > 1.0 else x, 2.0)
    with pytest.raises(ValueError, match="was recorded where"):
        guarded(0.5)


def saved(tape, path):
    """The tape out of a file."""
    tape.save(path)
    return Tape.load(path)


def test_a_graph_that_was_made_eagerly_is_no_tape():
    y = exponential()(x := Value(1.0))
    with pytest.raises(ValueError, match=r"Tape\.record can make one"):
        Tape(y, x)


def test_calls_of_one_function_have_their_recording_in_common():
    calls = []
    f = custom_vjp(lambda x: x * x)

    def backward(x, g):
        calls.append(1)
        return (2.0 * g * x,)

    f.defvjp(lambda x: (x * x, x), backward)

    def chain(x):
        for _ in range(50):
            x = f(x * 0.9)
        return x

    compiled = compile(chain)
    compiled(1.01)
    rehearsals = len(calls)
    found = compiled.grad(1.01)
    assert len(calls) == rehearsals + 1
    assert found == pytest.approx(grad(lambda x: 1.0 * chain(x))(1.01))


def test_a_jvp_rule_within_what_is_compiled_forward_and_back():
    @custom_jvp
    def log1pexp(x):
        return autograd.log(1.0 + autograd.exp(x))

    @log1pexp.defjvp
    def rule(primals, tangents):
        (x,), (d,) = primals, tangents
        return log1pexp(x), autograd.sigmoid(x) * d

    f = lambda x: log1pexp(x) * x  # noqa: E731
    compiled = compile(f)
    for x in (0.5, 900.0, -900.0):
        assert compiled.grad(x) == pytest.approx(grad(f)(x), nan_ok=True)
        assert compiled.jvp((x,), (2.0,)) == pytest.approx(jvp(f, (x,), (2.0,)), nan_ok=True)
    assert compile(lambda x: log1pexp(x)).grad(900.0) == 1.0
    assert vjp(log1pexp, 0.5)[1](2.0)[0] == pytest.approx(2.0 * autograd.sigmoid(0.5))


def test_calls_that_lie_side_by_side_are_two():
    pair = custom_vjp(lambda x, y: (x, y))
    pair.defvjp(
        lambda x, y: ((x, y), (x, y)), lambda xy, g: (g[0] * xy[1] + 2.0 * g[1], 3.0 * g[0] + 4.0 * g[1] * xy[0])
    )

    def f(x, y):
        return pair(x, y)[0] * pair(y, x)[1]  # of each the other result is dead code

    compiled = compile(f)
    assert compiled.grad(2.0, 5.0, argnums=(0, 1)) == grad(f, (0, 1))(2.0, 5.0)
    assert compiled.jvp((2.0, 5.0), (1.0, 3.0)) == jvp(f, (2.0, 5.0), (1.0, 3.0))
    both_of = compile(lambda x: f(x[0], x[1]))
    np.testing.assert_allclose(both_of.hessian([2.0, 5.0]), hessian(lambda x: f(x[0], x[1]))([2.0, 5.0]))


def test_what_does_not_move_makes_no_nan_of_an_infinite_slope():
    f = custom_vjp(autograd.sqrt)
    f.defvjp(lambda x: (autograd.sqrt(x), x), lambda x, g: (g * 0.5 / autograd.sqrt(x),))
    g = lambda x: f(autograd.relu(x))  # noqa: E731
    for x in (-1.0, 4.0):
        assert compile(g).jvp((x,), (1.0,)) == jvp(g, (x,), (1.0,))
        assert compile(g).grad(x) == grad(g)(x) == (0.25 if x > 0.0 else 0.0)


def test_a_weight_that_is_an_argument_is_read_at_every_call():
    w, f = Value(0.5), exponential()
    compiled = compile(lambda x: x * f(w))
    assert compiled(2.0) == 2.0 * math.exp(0.5)
    w.data = 1.5
    assert compiled(2.0) == pytest.approx(2.0 * math.exp(1.5), rel=1e-15)
    compiled.backward(2.0)
    assert w.grad == pytest.approx(2.0 * math.exp(1.5), rel=1e-15)
    same = custom_vjp(lambda x: x)
    same.defvjp(lambda x: (x, None), lambda _, g: (7.0 * g,))
    compiled = compile(lambda x: same(w) if same(x) > 1.0 else x)  # nothing else uses it
    compiled(2.0)
    w.data, w.grad = 4.0, 0.0
    assert compiled.backward(3.0) == 4.0
    assert w.grad == 7.0
    assert compiled.grad(0.5) == 1.0


def test_the_gradient_in_c_is_by_the_rule():
    minus = primitive(lambda x: x * 1.0, partials=[lambda x, z: -5.0], name="minus")
    tape = Tape.record(lambda x: minus(x), 3.0)
    assert "dy[0] = s1;" in tape.to_c()
    assert "s1 = -5" in tape.to_c()
    assert tape.statistics().operations == {"mul": 1}


def test_what_was_recorded_goes_with_the_programs_that_have_it():
    f = exponential()
    gc.collect()
    before = {*own._rows}
    for _ in range(5):
        compile(lambda x: f(x) * f(2.0 * x)).hessian(0.5)
    tape = Tape.record(f, 0.5).gradient().gradient()
    gc.collect()
    assert len({*own._rows} - before) < 5  # those of the tape
    assert tape.gradient()(0.5)[0] == pytest.approx(math.exp(0.5))
    del tape
    gc.collect()
    assert not {*own._rows} - before


def test_a_rule_is_looked_at_anew_by_each_recording():
    scale = [2.0]
    f = custom_vjp(lambda x: x * 1.0)
    f.defvjp(lambda x: (x * 1.0, None), lambda _, g: (g * scale[0],))
    assert compile(f).grad(1.0) == 2.0
    scale[0] = 3.0
    assert compile(f).grad(1.0) == 3.0


def test_arrays_and_statics_tell_calls_apart():
    f = custom_vjp(lambda x, w: x[0] * w[0] + x[1] * w[1])
    f.defvjp(lambda x, w: (x[0] * w[0] + x[1] * w[1], w), lambda w, g: (g * np.array([w[0], w[1]]), None))
    compiled = compile(lambda x: f(x, np.array([1.0, 2.0])) + f(x, np.array([10.0, 20.0])))
    assert compiled.grad(np.array([1.0, 1.0])).tolist() == [11.0, 22.0]
    power = custom_vjp(lambda x, n: x**n, nondiff_argnums=1)
    power.defvjp(lambda x, n: (x**n, x), lambda n, x, g: (g * n * x ** (n - 1),))
    assert compile(lambda x: power(x, 2) + power(x, 3)).grad(2.0) == 16.0


def test_batches_of_values_in_both_directions():
    f = exponential()
    compiled = compile(lambda x, w: f(x * w), in_axes=(0, None))
    xs, w = [Value(x) for x in (0.1, 0.2, 0.3)], Value(2.0)
    found = compiled(np.array(xs, dtype=object), w)
    slopes = grad(found.sum(), [*xs, w], create_graph=True)
    assert [d.data for d in slopes[:3]] == pytest.approx([2.0 * math.exp(2.0 * x.data) for x in xs])
    assert grad(slopes[3], w) == pytest.approx(sum(x.data**2 * math.exp(2.0 * x.data) for x in xs))


def powers(orders, kept):
    """x to several powers by one function, which is told the exponent behind its back."""
    now = {"n": 1}
    power = custom_vjp(lambda x: x ** now["n"])

    def forward(x):
        n = now["n"]
        return x**n, (x, kept(n))

    def backward(residuals, g):
        x, n = residuals
        n = n() if callable(n) else n
        return (g * n * x ** (n - 1),)

    power.defvjp(forward, backward)

    def f(x):
        total = 0.0
        for n in orders:
            now["n"] = n
            total = total + power(x)
        return total

    return f


@pytest.mark.parametrize("orders", [(1, 2, 3), (1, 2, 1)])
def test_what_a_forward_rule_uses_behind_its_back_is_not_taken_for_another_calls(orders):
    f = powers(orders, lambda n: n)
    slope = sum(n * 2.0 ** (n - 1) for n in orders)
    assert grad(f)(2.0) == slope
    assert compile(f)(2.0) == sum(2.0**n for n in orders)
    for asked in (compile(f).grad, compile(f).hessian, hessian(f)):
        with pytest.raises(ValueError, match="other numbers when it is called again"):
            asked(2.0)


def test_what_a_forward_rule_keeps_is_a_part_of_what_was_called():
    f = powers((1, 2, 1), lambda n: n)  # at 1 all powers are 1: only what is kept tells them apart
    with pytest.raises(ValueError, match="other numbers when it is called again"):
        compile(f).grad(1.0)


def test_a_forward_rule_may_keep_what_is_made_anew():
    assert compile(powers((3, 3), lambda n: lambda: n)).grad(2.0) == 24.0
    assert compile(powers((2, 2), lambda n: math.nan * n)).grad(2.0) != 8.0
