"""Losses: by hand, against torch, and what they refuse."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Value, compile, topological_order
from nn import MLP, cross_entropy, hinge, l2, mse
from tests.sizes import some

finite = st.floats(-50, 50)


def values(numbers):
    return [Value(x) for x in numbers]


def grads(vs):
    return [v.grad for v in vs]


# --- by hand ---


def test_mse_by_hand():
    p = values([1.0, 5.0])
    loss = mse(p, [2.0, 2.0])
    loss.backward()
    assert loss.data == 5.0
    assert grads(p) == [-1.0, 3.0]


def test_hinge_by_hand():
    s = values([0.5, 3.0, 0.5, 1.0])
    loss = hinge(s, [1, 1, -1, 1])  # margins 0.5, 0, 1.5 and 0, the last on the kink
    loss.backward()
    assert loss.data == 0.5
    assert grads(s) == [-0.25, 0.0, 0.25, 0.0]


def test_cross_entropy_by_hand():
    z = values([0.0, math.log(3.0)])
    loss = cross_entropy(z, 0)
    loss.backward()
    assert loss.data == pytest.approx(math.log(4.0), rel=1e-15)
    assert grads(z) == pytest.approx([-0.75, 0.75], rel=1e-14)


def test_l2_by_hand():
    p = values([3.0, -4.0])
    loss = l2(p, 0.5)
    loss.backward()
    assert loss.data == 12.5
    assert grads(p) == [3.0, -4.0]


# --- torch ---


@settings(max_examples=some(40), deadline=None)
@given(st.data())
def test_values_and_gradients_are_those_of_torch(data):
    torch = pytest.importorskip("torch")
    n = data.draw(st.integers(1, 5))
    x = data.draw(st.lists(finite, min_size=n, max_size=n))
    y = data.draw(st.lists(finite, min_size=n, max_size=n))
    labels = data.draw(st.lists(st.sampled_from([-1, 1]), min_size=n, max_size=n))
    ours = values(x)
    theirs = torch.tensor(x, dtype=torch.float64, requires_grad=True)
    pairs = [
        (mse(ours, y), torch.nn.functional.mse_loss(theirs, torch.tensor(y, dtype=torch.float64))),
        (hinge(ours, labels), torch.relu(1 - torch.tensor(labels, dtype=torch.float64) * theirs).mean()),
        (cross_entropy(ours, n - 1), torch.nn.functional.cross_entropy(theirs, torch.tensor(n - 1))),
        (l2(ours, 0.1), 0.1 * (theirs**2).sum()),
    ]
    for a, b in pairs:
        for v in ours:
            v.zero_grad()
        theirs.grad = None
        a.backward()
        b.backward()
        assert a.data == pytest.approx(b.item(), rel=1e-12, abs=1e-13)
        assert grads(ours) == pytest.approx(theirs.grad.tolist(), rel=1e-12, abs=1e-13)


def test_cross_entropy_of_a_batch_is_that_of_torch():
    torch = pytest.importorskip("torch")
    rows = [[0.5, -1.0, 2.0], [1000.0, 0.0, -1000.0], [3.0, 3.0, 3.0], [0.0, -745.0, 0.1]]
    targets = [2, 1, 0, 1]
    ours = [values(row) for row in rows]
    theirs = torch.tensor(rows, dtype=torch.float64, requires_grad=True)
    a, b = cross_entropy(ours, targets), torch.nn.functional.cross_entropy(theirs, torch.tensor(targets))
    a.backward()
    b.backward()
    assert a.data == pytest.approx(b.item(), rel=1e-14)
    assert [grads(row) for row in ours] == [pytest.approx(row, rel=1e-12, abs=1e-16) for row in theirs.grad.tolist()]


# --- shapes and types ---


def test_plain_numbers_give_floats():
    assert mse([1.0], [3.0]) == 4.0
    assert hinge([0.0], [1]) == 1.0
    assert cross_entropy([0.0, 0.0], 1) == pytest.approx(math.log(2.0))


def test_arrays_tuples_and_iterators_are_taken():
    assert mse(np.array([1.0, 2.0]), np.array([1, 4])) == 2.0
    assert hinge((0.0, 0.0), np.array([1, -1])) == 1.0
    assert hinge([0.0], [np.int64(-1)]) == hinge([0.0], [-1.0]) == 1.0
    expected = cross_entropy([[1.0, 2.0], [0.0, 1.0]], [0, 1])
    assert cross_entropy(np.array([[1.0, 2.0], [0.0, 1.0]]), np.array([0, 1])) == expected
    assert cross_entropy([1.0, 2.0], np.int64(0)) == cross_entropy((1.0, 2.0), 0)
    assert l2(iter(values([1.0])), 1).data == 1.0


def test_targets_may_be_values():
    a, b = Value(3.0), Value(1.0)
    mse([a], [b]).backward()
    assert (a.grad, b.grad) == (4.0, -4.0)


def test_losses_are_few_nodes():
    assert len([n for n in topological_order(l2(values(range(99)), 0.1)) if n.operands]) == 2
    assert len([n for n in topological_order(cross_entropy([values(range(10))] * 5, [1] * 5)) if n.operands]) == 12


def test_l2_of_no_strength_is_zero():
    assert l2([Value(3.0)], 0.0).data == 0.0


# --- labels that are Values ---


@settings(max_examples=some(20), deadline=None)
@given(st.lists(st.tuples(finite, st.sampled_from([-1, 1])), min_size=1, max_size=5))
def test_hinge_of_labels_that_are_values(pairs):
    numbers, labels = zip(*pairs, strict=True)
    ours, theirs = values(numbers), values(numbers)
    a, b = hinge(ours, values(labels)), hinge(theirs, labels)
    a.backward()
    b.backward()
    assert (a.data, grads(ours)) == (b.data, grads(theirs))


def test_cross_entropy_of_targets_that_are_values():
    rows = [[0.5, -1.0, 2.0], [1000.0, 0.0, -1000.0], [3.0, 3.0, 3.0], [0.0, -745.0, -math.inf]]
    for targets in ([2, 1, 0, 1], [0, 0, 2, 0], [1, 2, 1, 1]):
        ours, theirs = [values(row) for row in rows], [values(row) for row in rows]
        marks = values(targets)
        a, b = cross_entropy(ours, marks), cross_entropy(theirs, targets)
        a.backward()
        b.backward()
        assert (a.data, grads(marks)) == (b.data, [0.0] * 4)
        assert [grads(row) for row in ours] == [grads(row) for row in theirs]
    assert cross_entropy(values([1.0, 2.0]), Value(1)).data == cross_entropy([1.0, 2.0], 1)
    assert cross_entropy([1.0, 2.0], Value(1)).data == cross_entropy([1.0, 2.0], 1)
    for no_class in (-1.0, 2.0, 0.5, math.nan):
        assert math.isnan(cross_entropy([1.0, 2.0], Value(no_class)).data)


def test_one_tape_serves_every_label():
    scores, sides = np.array([0.5, 0.25, -2.0, 3.0]), np.array([1.0, -1.0, 1.0, -1.0])
    for loss in (hinge, mse):
        f = compile(lambda s, y, loss=loss: loss([s], [y]), in_axes=0)
        eager = [loss([s], [y]) for s, y in zip(scores.tolist(), sides.tolist(), strict=True)]
        assert f(scores, sides).tolist() == eager
        assert len(f.tapes) == 1
        assert not f.tapes[0].guards
    logits, targets = np.array([[1.0, 2.0, 3.0], [0.0, -1.0, 1.0], [5.0, 5.0, 0.0]]), np.array([0, 2, 1])
    f = compile(lambda row, y: cross_entropy(list(row), y), in_axes=0)
    found, slopes = f.value_and_grad(logits, targets)
    assert len(f.tapes) == 1
    for row, target, value, slope in zip(logits.tolist(), targets.tolist(), found, slopes, strict=True):
        ours = values(row)
        expected = cross_entropy(ours, target)
        expected.backward()
        assert value == pytest.approx(expected.data, rel=1e-14)
        assert slope.tolist() == pytest.approx(grads(ours), rel=1e-13)


# --- refused ---


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: mse([], []), ValueError, "mse: no predictions: the mean over an empty batch is undefined"),
        (lambda: mse([1.0], [1.0, 2.0]), ValueError, "mse: 1 predictions but 2 targets"),
        (
            lambda: mse([[1.0, 2.0]], [1.0]),
            ValueError,
            "mse: sample 0 has 2 predictions but 1 target: give one of each",
        ),
        (lambda: mse(1.0, [1.0]), TypeError, "mse: predictions: expected a list, got float"),
        (lambda: hinge([], []), ValueError, "hinge: no scores"),
        (lambda: hinge([1.0, 2.0], [1]), ValueError, "hinge: 2 scores but 1 labels"),
        (lambda: hinge([1.0, 2.0], [1, 0]), ValueError, "hinge: label 1 is 0; labels are -1 or 1"),
        (lambda: hinge([1.0], [2]), ValueError, "hinge: label 0 is 2"),
        (lambda: hinge([1.0], ["1"]), ValueError, "hinge: label 0 is '1'"),
        (lambda: hinge([1.0], [math.nan]), ValueError, "hinge: label 0 is nan"),
        (lambda: hinge([[1.0, 2.0]], [1]), ValueError, "hinge: sample 0 has 2 scores but 1 label: give one of each"),
        (lambda: hinge(Value(1.0), 1), TypeError, "hinge: scores: expected a list, got Value"),
        (lambda: cross_entropy([1.0, 2.0], 2), ValueError, r"target is 2, out of range for 2 classes \(0 to 1\)"),
        (lambda: cross_entropy([1.0, 2.0], -1), ValueError, "target is -1, out of range"),
        (lambda: cross_entropy([], 0), ValueError, "no logits"),
        (lambda: cross_entropy([], []), ValueError, "no lists of logits"),
        (lambda: cross_entropy([[1.0], [2.0]], [0]), ValueError, "2 lists of logits but 1 targets"),
        (lambda: cross_entropy([[1.0, 2.0], [1.0, 2.0]], [0, 5]), ValueError, "target 1 is 5, out of range"),
        (lambda: cross_entropy([[1.0, 2.0]], [0.0]), TypeError, r"target 0 is 0\.0; expected the index of a class"),
        (lambda: cross_entropy([[1.0, 2.0]], [True]), TypeError, "target 0 is True"),
        (lambda: cross_entropy([1.0, 2.0], 1.0), TypeError, "target: expected a list, got float"),
        (lambda: cross_entropy([1.0, 2.0], [0, 1]), TypeError, "sample 0 has one number; 2 targets need a list"),
        (
            lambda: cross_entropy(values([1.0, 2.0]), [0, 1]),
            TypeError,
            "sample 0 has one number; 2 targets need a list",
        ),
        (lambda: l2([], 0.1), ValueError, "l2: no parameters"),
        (lambda: l2([Value(1.0)], -0.1), ValueError, r"l2: strength is -0\.1"),
        (lambda: l2([Value(1.0)], math.nan), ValueError, "l2: strength: expected a finite number, got nan"),
        (lambda: l2([Value(1.0)], "0.1"), TypeError, "l2: strength: expected a real number, got str"),
        (lambda: l2(MLP(1, [1]), 0.1), TypeError, r"got a MLP: pass its \.parameters\(\)"),
        (lambda: l2(["a"], 0.1), TypeError, "expected a real number"),
    ],
)
def test_what_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()
