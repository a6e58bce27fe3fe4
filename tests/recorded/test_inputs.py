"""The order of a path's inputs: arguments, captured Values, tangents; batches apart."""

import numpy as np

import autograd
from autograd import Value, compile
from autograd.compiled.call import Call
from autograd.recorded.inputs import Captured

FEW = np.array([2, 0])


def call_with_tangents():
    a, b = Value(5.0), Value(7.0)
    f = compile(lambda x, w, y: (x * a + w * y) * b, in_axes=(0, None, 0))
    x, y = np.array([1.0, 2.0, 3.0]), np.array([4.0, 5.0, 6.0])
    call = Call(f._traced, (x, 0.5, y), {}, (10.0 * x, 20.0, None))
    (path,) = f._traced.all_paths()
    return call, path, (a, b)


def test_the_order_of_inputs():
    call, path, _ = call_with_tangents()
    wanted = call.question("jvp").wanted
    varying, shared, batches, n = call.rows.inputs.of_program(path, wanted, None)
    assert varying == path.varying_of(wanted) == (True, False, True, False, False, True, False)
    assert shared.tolist() == [0.5, 5.0, 7.0, 20.0]
    assert [x[:, 0].tolist() for x in batches] == [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [10.0, 20.0, 30.0]]
    assert n == 3
    assert len(path.replay(wanted).program.labels) == len(varying)


def test_guards_are_given_no_tangents():
    call, path, _ = call_with_tangents()
    varying, shared, batches, n = call.rows.inputs.of_guards(path, FEW)
    assert varying == (True, False, True, False, False)
    assert shared.tolist() == [0.5, 5.0, 7.0]
    assert [x[:, 0].tolist() for x in batches] == [[3.0, 1.0], [6.0, 4.0]]
    assert n == 2


def test_a_span_of_rows_has_their_tangents_too():
    call, path, _ = call_with_tangents()
    wanted = call.question("jvp").wanted
    _, shared, batches, n = call.rows.inputs.span(1, 100).of_program(path, wanted, None)
    assert shared.tolist() == [0.5, 5.0, 7.0, 20.0]
    assert [x[:, 0].tolist() for x in batches] == [[2.0, 3.0], [5.0, 6.0], [20.0, 30.0]]
    assert n == 2


def test_captured_values_are_read_once_for_a_call():
    call, path, (a, _) = call_with_tangents()
    call.rows.inputs.of_guards(path, None)
    a.data = 50.0
    assert call.rows.inputs.of_guards(path, None)[1].tolist() == [0.5, 5.0, 7.0]
    c = Value(9.0)
    known = Captured()
    assert known.numbers([a]).tolist() == [50.0]
    a.data = c.data = 0.0
    assert known.numbers([c, a]).tolist() == [0.0, 50.0]


def test_all_ways_of_running_rows_agree_on_that_order():
    rng, b = np.random.default_rng(0), Value(0.7)
    f = lambda x, w, y: x * b + w if x < y else (x - w) * y * b  # noqa: E731
    x, y, dx, dy = rng.normal(size=(4, 200))
    fast = compile(f, in_axes=(0, None, 0))
    whole = [fast.jvp((x, 0.3, y), (dx, 2.0, dy)) for _ in range(3)]  # sorted, along a fork, repeated
    alone = [compile(f).jvp(row[:3], row[3:]) for row in zip(x, [0.3] * 200, y, dx, [2.0] * 200, dy, strict=True)]
    for found in whole:
        np.testing.assert_allclose(np.transpose(found), alone, rtol=1e-13)
    assert len(fast.tapes) == 2
    if autograd.native:
        assert fast._traced.repetitions.kept["jvp", ()][0].fork is not None
