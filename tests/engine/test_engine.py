"""Value, the graph and the sweep: what a user can do, and what must not go wrong while they do it."""

import gc
import inspect
import math
import operator
import signal
import sys
import threading
import time
from fractions import Fraction

import numpy as np
import pytest

import autograd
from autograd import Tape, Value


def test_operators_both_ways_round():
    x = Value(3.0)
    for found, expected in [
        (x + 2, 5.0), (2 + x, 5.0), (x - 2, 1.0), (2 - x, -1.0), (x * 2, 6.0), (2 * x, 6.0),
        (x / 2, 1.5), (2 / x, 2 / 3), (x**2, 9.0), (2**x, 8.0), (-x, -3.0), (+x, 3.0), (abs(-x), 3.0),
        (math.floor(Value(2.5)), 2.0), (math.ceil(Value(2.5)), 3.0),
    ]:  # fmt: skip
        assert isinstance(found, Value)
        assert found.data == expected


def test_augmented_assignment_makes_a_new_node():
    x = Value(3.0)
    y = x
    y += 1
    assert (x.data, y.data) == (3.0, 4.0)


def test_sum_of_a_list_works():
    xs = [Value(1.0), Value(2.0)]
    s = sum(xs)
    s.backward()
    assert (s.data, xs[0].grad) == (3.0, 1.0)


def test_comparison_is_by_data_and_hash_by_identity():
    a, b = Value(2.0), Value(2.0)
    assert a == b
    assert a == 2
    assert a != 3.0
    assert a < 3
    assert a <= 2
    assert a > Value(1)
    assert a >= Fraction(2)
    assert a < 3
    assert (a == "2") is False
    assert operator.gt(3, a)
    assert a < 10**400
    assert Value(2.0**53) != 2**53 + 1
    assert operator.eq(2.0, a)
    assert a != "2"
    assert a is not None
    assert len({a, b}) == 2
    assert sorted([Value(3.0), Value(1.0)])[0].data == 1.0
    assert max(Value(1.0), Value(2.0)).data == 2.0
    assert bool(Value(0.5))
    assert not Value(0.0)
    assert bool(Value(math.nan))
    assert Value(math.nan) != Value(math.nan)
    with pytest.raises(TypeError, match="not supported between"):
        _ = a < "2"


def test_printing():
    x = Value(2.0)
    assert repr(x) == "Value(data=2.0, grad=0.0)"
    assert f"{x:.3f}" == "2.000"
    assert f"{x}" == repr(x) == str(x)


@pytest.mark.parametrize("cut", [float, int, complex, round, math.exp, math.trunc, lambda v: pow(v, 2, 5)])
def test_what_would_cut_the_graph_is_refused(cut):
    with pytest.raises(TypeError, match=r"would cut the graph: use v\.data|leave the third argument out"):
        cut(Value(1.0))


def test_numbers_of_any_type_become_floats_once():
    from decimal import Decimal

    for number in (
        2,
        True,
        2.0,
        np.float64(2),
        np.float32(2),
        np.int64(2),
        Fraction(2),
        Decimal(2),
        np.array(2.0),
        np.array([2.0]),
    ):
        assert type(Value(number).data) is float
    x = Value(1.0)
    for number in (2, np.float64(2), np.float32(2), np.int64(2), Fraction(2), Decimal(2)):
        assert (x * number).data == (number * x).data == 2.0
    x.data = 3
    x.grad = np.float32(1.5)
    assert (type(x.data), type(x.grad), x.grad) == (float, float, 1.5)
    with pytest.raises(OverflowError, match="an integer of 1329 bits is too large"):
        Value(10**400)


BAD = [
    ("str", "2.0"), ("None", None), ("complex", 1j), ("an array of 3 elements", np.zeros(3)),
    ("a Value", Value(1.0)), ("list", [1.0]), ("dict", {}), ("complex64", np.complex64(1j)),
]  # fmt: skip


@pytest.mark.parametrize(("named", "bad"), BAD, ids=[name for name, _ in BAD])
def test_what_is_not_a_number_is_named(named, bad):
    for make in (Value, lambda x: setattr(Value(1.0), "data", x), lambda x: Value(1.0).backward(x)):
        with pytest.raises(TypeError, match=named):
            make(bad)


@pytest.mark.parametrize("bad", ["2.0", None, 1j])
def test_what_is_not_an_operand_is_named(bad):
    x = Value(1.0)
    for operate in (
        lambda: x + bad,
        lambda: bad * x,
        lambda: x**bad,
        lambda: x.maximum(bad),
        lambda: autograd.exp(bad),
    ):
        with pytest.raises(TypeError, match=r"expected a real number.*got (str|None|complex)"):
            operate()
    with pytest.raises(TypeError, match="unsupported operand"):
        operator.add(x, [1.0])


def test_backward_says_what_is_wrong():
    x = Value(2.0)
    with pytest.raises(TypeError, match="backward: expected a Value, got float"):
        autograd.backward([x, 2.0])
    with pytest.raises(ValueError, match="expected 2 seeds, one per root, got 1"):
        autograd.backward([x, x], [1.0])
    with autograd.no_grad():
        y = x * 2
    with pytest.raises(ValueError, match="no graph"):
        y.backward()
    with pytest.raises(ValueError, match="constant"):
        autograd.grad(x * 2, y)
    with pytest.raises(TypeError, match="grad: expected a Value, got str"):
        autograd.grad(x * 2, ["x"])
    assert x.grad == 0.0


def test_grad_leaves_every_grad_alone():
    x, y, other = Value(2.0), Value(3.0), Value(1.0)
    z = x * y
    x.grad = 7.0
    assert autograd.grad(z, [x, y, z, other]) == [3.0, 2.0, 1.0, 0.0]
    assert autograd.grad([z, z], x, [1.0, 2.0]) == 9.0
    assert (x.grad, y.grad, z.grad) == (7.0, 0.0, 0.0)


def test_create_graph_notices_changed_data():
    x = Value(2.0)
    y = x * x
    x.data = 3.0
    assert autograd.grad(y, x) == 4.0
    with pytest.raises(ValueError, match="data was changed"):
        autograd.grad(y, x, create_graph=True)


def test_no_grad_records_nothing():
    x = Value(2.0)
    with autograd.no_grad():
        y = (x * 3).exp() + autograd.dot([x], [x])
        leaf = Value(1.0)
        with autograd.no_grad():
            pass
        assert (x + x).operands == ()
    assert y.operands == ()
    assert y.is_constant
    assert not leaf.is_constant
    assert (x * 3).operands

    @autograd.no_grad()
    def quiet(v):
        """Documented."""
        return v * v

    assert quiet(x).operands == ()
    assert quiet.__doc__ == "Documented."
    with pytest.raises(TypeError, match="it yields"):

        @autograd.no_grad()
        def generator():
            yield 1


def test_no_grad_is_per_thread():
    x, inside, results = Value(2.0), threading.Event(), []
    done = threading.Event()

    def other():
        inside.wait()
        results.append(len((x * 2).operands))
        done.set()

    thread = threading.Thread(target=other)
    thread.start()
    with autograd.no_grad():
        inside.set()
        done.wait()
        results.append(len((x * 2).operands))
    thread.join()
    assert results == [2, 0]


def test_no_grad_survives_an_exception():
    with pytest.raises(RuntimeError), autograd.no_grad():
        raise RuntimeError
    assert (Value(1.0) * 2).operands


def test_labels_and_other_attributes():
    x = Value(2.0, label="x")
    x.m = 0.5
    x.anything = [1]
    assert (x.label, x.m, (x * x).label) == ("x", 0.5, "")
    y = x * 2
    y.label = "y"
    assert y.label == "y"
    with pytest.raises(AttributeError, match="nothing"):
        _ = x.nothing


def test_operands_partials_and_primitive():
    x, y = Value(2.0), Value(3.0)
    z = x * y
    assert z.operands == (x, y)
    assert z.operands[0] is x
    assert z.partials == (3.0, 2.0)
    assert z.primitive.name == "mul"
    assert (x.operands, x.partials, x.primitive) == ((), (), None)
    assert (x * x).operands == (x, x)


def test_topological_order_is_deterministic_and_complete():
    x, y = Value(2.0), Value(3.0)
    z = autograd.where(True, x * y, y.exp()) + x
    order = autograd.topological_order([z, y])
    assert len(order) == len(set(order)) == 6
    place = {node: i for i, node in enumerate(order)}
    assert all(place[operand] < place[node] for node in order for operand in node.operands)
    assert [id(n) for n in order] == [id(n) for n in autograd.topological_order([z, y])]
    with pytest.raises(TypeError, match="topological_order: expected a Value"):
        autograd.topological_order([1.0])


# --- when things go wrong in mid-sweep ---


def exploding(x, error):
    """A node whose rule raises."""
    out = Value(x.data, (x,), "boom")

    def rule():
        x.grad += out.grad
        raise error

    out._backward = rule
    return out


@pytest.mark.parametrize("error", [ValueError("boom"), KeyboardInterrupt()])
def test_an_exception_in_the_sweep_changes_no_grad(error):
    a, b = Value(2.0), Value(3.0)
    c = a * b
    root = exploding(c, error) + a * 5.0
    (a * b).backward()
    before = (a.grad, b.grad, c.grad, root.grad)
    with pytest.raises(type(error)):
        root.backward()
    assert (a.grad, b.grad, c.grad, root.grad) == before
    c.backward()  # and the engine still works
    assert (a.grad, b.grad) == (before[0] + 3.0, before[1] + 2.0)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs POSIX timers")
def test_a_signal_in_the_sweep_changes_no_grad_or_all():
    x = Value(1.0)
    y = x
    for _ in range(200_000):
        y = y * 1.0 + x
    expected = autograd.grad(y, x)

    class Bell(Exception):
        pass

    def ring(*_):
        raise Bell

    previous = signal.signal(signal.SIGALRM, ring)
    rung = 0
    try:
        for k in range(30):
            before = x.grad
            try:
                signal.setitimer(signal.ITIMER_REAL, 0.0005 * (k + 1))
                y.backward()
                signal.setitimer(signal.ITIMER_REAL, 0)
            except Bell:
                rung += 1
            signal.setitimer(signal.ITIMER_REAL, 0)
            assert x.grad in (before, before + expected)
            time.sleep(0)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
    assert rung > 0


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="needs POSIX timers")
def test_a_signal_handler_may_sweep_the_same_graph():
    x = Value(1.5)
    y = x
    for _ in range(100_000):
        y = y * 1.0 + x
    expected = autograd.grad(y, x)
    inner = []
    previous = signal.signal(signal.SIGALRM, lambda *_: inner.append(autograd.grad(y, x)))
    try:
        for k in range(10):
            signal.setitimer(signal.ITIMER_REAL, 0.001 * (k + 1))
            assert autograd.grad(y, x) == expected
            signal.setitimer(signal.ITIMER_REAL, 0)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
    assert inner
    assert set(inner) == {expected}


@pytest.mark.parametrize("other_sweep", [
    lambda x, w: autograd.topological_order([w, x]), lambda x, w: autograd.grad(w * w * x, w),
])  # fmt: skip
def test_a_rule_may_sweep_a_graph_of_the_same_leaves_in_another_order(other_sweep):
    x, w = Value(3.0), Value(2.0)
    product = x * w
    out = Value(5.0 * product.data, (product,), "times 5")

    def rule():
        other_sweep(x, w)
        product.grad += 5.0 * out.grad

    out._backward = rule
    (out + x * x).backward()
    assert (x.grad, w.grad) == (16.0, 15.0)
    assert vars(x) == vars(w) == {}


def test_four_threads_lose_no_update():
    leaves = [Value(float(k + 1)) for k in range(50)]
    shared = autograd.sum([x * x for x in leaves])
    previous = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)

    def work():
        for _ in range(50):
            (shared * 1.0).backward()
            autograd.dot(leaves, leaves).backward()

    try:
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(previous)
    assert [x.grad for x in leaves] == [4 * 50 * 2 * 2.0 * x.data for x in leaves]


def test_a_rule_with_a_constant_operand():
    x, c = Value(3.0), Value(5.0).detach()
    for out in (x * 2.0, Value(15.0, (x, c), "*")):

        def rule(out=out):
            x.grad += 2.0 * out.grad
            out.operands[1].grad += 1.0

        out._backward = rule
        x.zero_grad()
        (out * 10.0).backward()
        assert (x.grad, out.operands[1].grad) == (20.0, 0.0)


def test_a_rule_that_changes_the_graph_while_it_is_swept():
    far = Value(1.0)
    for _ in range(1000):
        far = far * 1.0
    far.backward()
    x, w = Value(2.0), Value(0.0)
    w = autograd.where(1.0, x, far)
    out = Value(2.0, (w,), "meddling")

    def rule():
        def another():
            far.grad += 7.0

        w._backward = another
        w.__class__.__init__(w, 5.0, (far,), (1.0,))

    out._backward = rule
    out.backward()
    assert x.grad == 0.0


@pytest.mark.parametrize("misuse", [
    lambda: Value.exp(3.0), lambda: list(map(Value.relu, [1.0])), lambda: Value.__copy__(3), lambda: Value.item("a"),
    lambda: Value.zero_grad(object()), lambda: Value.backward(2),
])  # fmt: skip
def test_a_method_called_on_something_else(misuse):
    with pytest.raises((TypeError, AttributeError)):
        misuse()


def test_a_constructor_that_fails_leaves_the_node_as_it_was():
    x = Value(3.0)
    z = x * x
    with pytest.raises(TypeError):
        z.__init__("bad")
    z.backward()
    assert (z.data, x.grad) == (9.0, 6.0)
    del z
    Value.__new__(Value)  # never initialised, and freed all the same


def test_a_row_called_with_too_few_operands():
    from autograd.calculus import table

    x = Value(1.0)
    for call in (lambda: table.where(x, 1.0), lambda: table.exp(x, 2.0), lambda: table.dot(x)):
        with pytest.raises(TypeError, match="takes"):
            call()


def test_a_rule_made_under_no_grad_is_a_constant():
    x = Value(2.0)
    with autograd.no_grad():
        y = Value(4.0, (x,), "square")
        y._backward = lambda: None
    assert y.is_constant
    assert y.operands == ()


def test_stepping_by_hand_sends_nothing_where_nothing_was_taken():
    s = Value(-1.0)
    r = s.relu()
    r.grad = math.inf
    r._backward()
    assert s.grad == 0.0


def test_backward_of_what_is_no_value_is_named():
    for wrong in (None, 3.0, 1j):
        with pytest.raises(TypeError, match="expected a Value or several, got"):
            autograd.backward(wrong)
    with pytest.raises(TypeError, match="parentheses"):
        autograd.no_grad(lambda: 1)
    with pytest.raises(ValueError, match="has no graph"):
        autograd.grad(Value(1.0).detach(), Value(1.0), create_graph=True)
    with pytest.raises(OverflowError, match="operand of \\+: an integer of 1329 bits"):
        _ = Value(1.0) + 10**400
    with pytest.raises(OverflowError, match="this Fraction is too large"):
        Value(Fraction(10**400))


# --- memory ---


def resident():
    """Bytes of this process in memory."""
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096


linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")


@linux
@pytest.mark.skipif(not autograd.native, reason="the compiled engine's promise")
def test_a_binary_node_takes_at_most_112_bytes(no_collector):
    x = y = Value(1.0)
    before = resident()
    nodes = [y := y + x for _ in range(10**6)]
    used = resident() - before - sys.getsizeof(nodes)
    assert used / 10**6 <= 112
    del nodes, y


@linux
def test_training_steps_leave_nothing_behind(no_collector):
    weights = [Value(0.1 * k) for k in range(20)]

    def step():
        hidden = [autograd.dot(weights, [w * 2.0 for w in weights], weights[0]).tanh() for _ in range(5)]
        loss = sum(h * h for h in hidden) + autograd.logsumexp(hidden)
        loss.backward()
        for w in weights:
            w.data -= 0.01 * w.grad
            w.grad = 0.0

    for _ in range(50):
        step()
    before, objects = resident(), len(gc.get_objects())
    for _ in range(1000):
        step()
    assert resident() - before < 2**20
    assert len(gc.get_objects()) - objects < 100


@linux
def test_closures_of_the_users_own_leave_nothing_behind(no_collector):
    x = Value(0.5)

    def custom(v):
        out = Value(math.tanh(v.data), (v,), "tanh")

        def _backward():
            v.grad += (1 - out.data**2) * out.grad

        out._backward = _backward
        return out

    def defaulted(v):
        out = Value(2.0 * v.data, (v,), "twice")

        def _backward(out=out, *, again=out):
            v.grad += out.grad + again.grad

        out._backward = _backward
        return out

    def step():
        y = x
        for _ in range(20):
            y = defaulted(custom(y)) * 0.75
        y.backward()

    for _ in range(20):
        step()
    before = resident()
    for _ in range(1000):
        step()
    assert resident() - before < 2**20


# --- derivatives that have become constant ----------------------------------------------------------------------------

POLYNOMIALS = [
    (lambda x: -x, [-1.0, 0.0, 0.0, 0.0]),
    (lambda x: 3.0 * x, [3.0, 0.0, 0.0, 0.0]),
    (lambda x: x + 1.0, [1.0, 0.0, 0.0, 0.0]),
    (lambda x: x, [1.0, 0.0, 0.0, 0.0]),
    (lambda x: x * x, [4.0, 2.0, 0.0, 0.0]),
    (lambda x: x**2, [4.0, 2.0, 0.0, 0.0]),
    (lambda x: x * x * x, [12.0, 12.0, 6.0, 0.0]),
    (lambda x: autograd.dot([x, x], [x, 3.0]), [7.0, 2.0, 0.0, 0.0]),
    (lambda x: autograd.sum([x, x, x]), [3.0, 0.0, 0.0, 0.0]),
    (lambda x: autograd.where(1.0, x, x * x), [1.0, 0.0, 0.0, 0.0]),
    (lambda x: autograd.relu(x), [1.0, 0.0, 0.0, 0.0]),
    (lambda x: autograd.floor(x) + abs(x), [1.0, 0.0, 0.0, 0.0]),
    (lambda x: x.detach() + 2.0 * x, [2.0, 0.0, 0.0, 0.0]),
]


def derivatives(f, x, orders):
    found, y = [], f(x)
    for _ in range(orders):
        y = autograd.grad(y, x, create_graph=True)
        found.append(y)
    return found


@pytest.mark.parametrize(("f", "expected"), POLYNOMIALS)
def test_a_derivative_that_has_become_constant_has_derivative_0(f, expected):
    x = Value(2.0)
    found = derivatives(f, x, 4)
    assert [d.data for d in found] == expected
    assert [autograd.grad(d, x) for d in found[:3]] == expected[1:]
    assert not any(d.is_constant for d in found)
    found[2].backward()
    assert x.grad == expected[3]
    for order in range(1, 5):  # and so while a function is recorded
        inside = autograd.compile(lambda v, order=order: derivatives(f, v, order)[-1], in_axes=0)
        assert inside(np.array([2.0])).tolist() == [expected[order - 1]]
    assert autograd.compile(f).hessian(2.0).tolist() == [[expected[1]]]


def test_mixed_partials_that_are_constant():
    x, y = Value(2.0), Value(3.0)
    dx, dy = autograd.grad([x * y + y, 2.0 * x], [x, y], create_graph=True)
    assert (dx.data, dy.data) == (5.0, 3.0)
    assert autograd.grad(dx, [x, y]) == [0.0, 1.0]
    assert autograd.grad(dy, [x, y]) == [1.0, 0.0]
    dxy = autograd.grad(dx, y, create_graph=True)
    assert autograd.grad(dxy, [x, y]) == [0.0, 0.0]
    nothing = autograd.grad(x * 2.0, y, create_graph=True)  # y takes no part
    assert autograd.grad(nothing, y, create_graph=True).data == 0.0
    assert autograd.compile(lambda a, b: a * b + b).hessian(2.0, 3.0, argnums=(0, 1)).tolist() == [
        [0.0, 1.0],
        [1.0, 0.0],
    ]
    assert Tape([dx, nothing]).labels == ("",)  # a constant is no input


def test_what_was_detached_or_made_under_no_grad_still_has_no_derivative():
    x = Value(2.0)
    y = 3.0 * x
    with autograd.no_grad():
        quiet = x * x
        slope = autograd.grad(y, x, create_graph=True)
    for constant in (quiet, slope, (x * x).detach(), autograd.grad(-x, x, create_graph=True).detach()):
        with pytest.raises(ValueError, match="detached, or made under no_grad"):
            autograd.grad(constant, x)


# --- methods of a user's own, and what the class shows ----------------------------------------------------------------


def test_a_class_takes_methods_of_a_users_own():
    product = Value.__mul__
    Value.my_op = lambda v, k=2.0: v * k
    Value.three = property(lambda v: 3.0)
    try:
        assert Value(2.0).my_op().data == 4.0
        assert Value(2.0).three == 3.0
        Value.__mul__ = lambda a, b: ("mine", b)
        assert Value(2.0) * 3.0 == ("mine", 3.0)
        assert (Value(2.0) + 3.0).data == 5.0
        Value.__matmul__ = lambda a, b: "product"
        assert Value(2.0) @ Value(1.0) == "product"
    finally:
        Value.__mul__ = product
        del Value.my_op, Value.three
        if "__matmul__" in vars(Value):
            del Value.__matmul__
    assert (Value(2.0) * 3.0).data == (3.0 * Value(2.0)).data == 6.0
    assert not hasattr(Value(2.0), "my_op")
    with pytest.raises(TypeError):
        Value(2.0) @ Value(1.0)


SIGNATURES = {
    Value: "(data, children=None, op='', label='', *, local_grads=None, _children=None, _op='')",
    Value.backward: "(self, seed=1.0)", Value.exp: "(self)", Value.maximum: "(self, other)", Value.item: "(self)",
    Value.zero_grad: "(self)", autograd.no_grad: "(function=None)", autograd.topological_order: "(roots)",
    autograd.dot: "(xs, ys, start=0.0)", autograd.exp: "(x)", autograd.maximum: "(x, y)",
    autograd.grad: "(outputs, inputs=None, seeds=None, *, create_graph=False)",
    autograd.values_to_vector: "(values, of='data')",
    autograd.compile: "(function=None, *, in_axes=None, reduce=None, static_argnames=(), threads=None, max_paths=64)",
}  # fmt: skip


@pytest.mark.parametrize("thing", SIGNATURES, ids=lambda x: x.__qualname__)
def test_signatures_are_shown_on_both_engines(thing):
    shown = inspect.signature(thing)
    parameters = [p.replace(annotation=p.empty) for p in shown.parameters.values()]
    bare = str(shown.replace(parameters=parameters, return_annotation=shown.empty))
    assert bare.replace("(self, /", "(self") == SIGNATURES[thing]  # C's methods do not take self by keyword
    first = thing.__doc__.split("\n")[0]
    assert first.endswith((".", ":"))  # a sentence, no signature
