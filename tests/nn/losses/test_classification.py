"""Losses of classes, against torch: weights, smoothing, ignored targets, sequences, probabilities; what they refuse."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Value, compile
from nn.losses.classification import cross_entropy, hinge, nll, squared_hinge
from tests.nn.losses.oracle import agree, tensor, values
from tests.sizes import some

finite = st.floats(-50, 50)
C = 3
WEIGHT = [0.5, 2.0, 0.0]


def torch_options(options):
    torch = pytest.importorskip("torch")
    return {k: torch.tensor(v, dtype=torch.float64) if k == "weight" else v for k, v in options.items()}


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("as_value", [False, True])
@pytest.mark.parametrize("options", [{}, {"weight": WEIGHT}, {"label_smoothing": 0.1},
                                     {"weight": WEIGHT, "label_smoothing": 0.3}, {"label_smoothing": 1.0}])  # fmt: skip
@settings(max_examples=some(8), deadline=None)
@given(data=st.data())
def test_cross_entropy_and_nll_are_those_of_torch(reduction, as_value, options, data):
    torch = pytest.importorskip("torch")
    n = data.draw(st.integers(1, 4))
    rows = data.draw(st.lists(st.lists(finite, min_size=C, max_size=C), min_size=n, max_size=n))
    targets = [data.draw(st.sampled_from([0, 1])), *data.draw(st.lists(st.sampled_from([0, 1, 2, -7]), min_size=n - 1, max_size=n - 1))]  # noqa: E501  # fmt: skip
    given_targets = [Value(t) for t in targets] if as_value else targets
    pairs = [(cross_entropy, torch.nn.functional.cross_entropy, options)]
    if "label_smoothing" not in options:
        pairs.append((nll, torch.nn.functional.nll_loss, options))
    for ours, theirs, o in pairs:
        here, there = values(rows), tensor(rows, True)
        a = ours(here, given_targets, ignore_index=-7, reduction=reduction, **o)
        b = theirs(there, torch.tensor(targets), ignore_index=-7, reduction=reduction, **torch_options(o))
        assert a.data == pytest.approx(b.item(), rel=1e-12, abs=1e-12)
        a.backward()
        b.backward()
        found, expected = [[v.grad for v in row] for row in here], there.grad.tolist()
        assert found == [pytest.approx(row, rel=1e-12, abs=1e-13) for row in expected]


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("options", [{}, {"weight": WEIGHT}, {"weight": WEIGHT, "label_smoothing": 0.3}])
def test_targets_may_be_probabilities(reduction, options):
    torch = pytest.importorskip("torch").nn.functional
    rows, shares = [[0.5, -1.0, 20.0], [3.0, 3.0, 3.0]], [[0.2, 0.8, 0.0], [0.0, 1.0, 0.0]]
    agree(
        lambda z, y: cross_entropy(z, y, reduction=reduction, **options),
        lambda z, y: torch.cross_entropy(z, y, reduction=reduction, **torch_options(options)),
        rows,
        shares,
        slopes=1,
    )


def test_a_sample_may_be_a_sequence_and_each_position_counts_alike():
    rows = [
        [[0.5, -1.0, 2.0], [1.0, 0.0, -1.0]],
        [[3.0, 3.0, 3.0]],
        [[0.0, 1.0, 2.0], [2.0, 1.0, 0.0], [1.0, 1.0, 0.0]],
    ]
    targets = [[2, 1], [0], [0, 1, 2]]
    flat, wanted = [r for row in rows for r in row], [t for row in targets for t in row]
    for options in ({}, {"weight": [1.0, 2.0, 3.0]}, {"ignore_index": 0, "label_smoothing": 0.1}):
        assert cross_entropy(rows, targets, **options) == cross_entropy(flat, wanted, **options)
        assert cross_entropy(values(rows), targets, **options).data == cross_entropy(flat, wanted, **options)
        assert cross_entropy(values(rows), values(targets), **options).data == pytest.approx(
            cross_entropy(flat, wanted, **options), rel=1e-14
        )
    one = cross_entropy.terms(rows[0], targets[0])
    assert one == (cross_entropy(rows[0], targets[0], reduction="sum"), 2.0)
    found = cross_entropy(rows, targets, reduction="none")
    assert [len(row) for row in found] == [2, 1, 3]
    assert found[1] == [cross_entropy([3.0, 3.0, 3.0], 0)]


def test_arrays_of_values_are_samples():
    rows = np.empty((2, 2), dtype=object)
    rows[:] = [[Value(1.0), Value(2.0)], [Value(0.0), Value(3.0)]]
    expected = cross_entropy([[1.0, 2.0], [0.0, 3.0]], [0, 1])
    assert cross_entropy(rows, np.array([0, 1])).data == pytest.approx(expected, rel=1e-15)
    assert cross_entropy(list(rows), [0, 1]).data == pytest.approx(expected, rel=1e-15)


def test_tails_are_finite():
    assert cross_entropy([[1e300, -1e300]], [1], label_smoothing=0.1) == pytest.approx(1.9e300)
    z = values([1e4, -1e4, 0.0])
    loss = cross_entropy(z, 1)
    loss.backward()
    assert loss.data == 2e4
    assert [v.grad for v in z] == [1.0, -1.0, 0.0]
    assert cross_entropy([[0.0, -math.inf]], [0]) == 0.0
    assert cross_entropy([[0.0, -math.inf]], [0], weight=[1.0, 0.0], label_smoothing=0.2) == 0.0
    assert cross_entropy([[0.0, -math.inf]], [[1.0, 0.0]]) == 0.0


def test_one_tape_serves_every_target_with_all_options():
    logits, targets = np.array([[1.0, 2.0, 3.0], [0.0, -1.0, 1.0], [5.0, 5.0, 0.0], [1.0, 1.0, 1.0]]), [0, 2, 1, -7]
    options = {"weight": [1.0, 2.0, 0.5], "ignore_index": -7, "label_smoothing": 0.1}
    f = compile(lambda row, y: cross_entropy.terms(list(row), y, **options)[0], in_axes=0)
    g = compile(lambda row, y: cross_entropy.terms(list(row), y, **options)[1] + 0.0 * row[0], in_axes=0)
    eager = [cross_entropy.terms(row, t, **options) for row, t in zip(logits.tolist(), targets, strict=True)]
    assert f(logits, np.array(targets)).tolist() == pytest.approx([total for total, _ in eager], rel=1e-14)
    assert g(logits, np.array(targets)).tolist() == [weight for _, weight in eager] == [1.0, 0.5, 2.0, 0.0]
    assert len(f.tapes) == 1


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@settings(max_examples=some(15), deadline=None)
@given(data=st.data())
def test_margins_are_those_of_torch(reduction, data):
    torch = pytest.importorskip("torch")
    n = data.draw(st.integers(1, 4))
    x = data.draw(st.lists(st.lists(finite, min_size=2, max_size=2), min_size=n, max_size=n))
    y = data.draw(st.lists(st.lists(st.sampled_from([-1.0, 1.0]), min_size=2, max_size=2), min_size=n, max_size=n))
    agree(
        lambda s, t: hinge(s, t, reduction=reduction),
        lambda s, t: getattr(torch.relu(1 - s * t), reduction)(),
        x,
        y,
    )
    agree(
        lambda s, t: squared_hinge(s, t, reduction=reduction),
        lambda s, t: getattr(torch.relu(1 - s * t) ** 2, reduction)(),
        x,
        y,
    )


def test_unreduced_margins():
    assert hinge([0.5, [3.0, 0.5]], [1, [-1, 1]], reduction="none") == [0.5, [4.0, 0.5]]
    assert squared_hinge([0.5, [3.0, 0.5]], [1, [-1, 1]], reduction="none") == [0.25, [16.0, 0.25]]


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: squared_hinge([1.0], [0]), ValueError, "squared_hinge: label 0 is 0; labels are -1 or 1"),
        (lambda: hinge([[1.0, 1.0], [1.0, 1.0]], [[1, 1], [1, 2]]), ValueError, "hinge: label 1 of sample 1 is 2"),
        (lambda: hinge(["a"], [1]), TypeError, "hinge: expected one number per sample, got str"),
        (lambda: cross_entropy([[1.0, 2.0]], [-100]), ValueError, "ignore_index=-100 would leave it out"),
        (lambda: cross_entropy([[[1.0, 2.0]] * 2], [[0, 2]]), ValueError, "target 1 of sample 0 is 2, out of range"),
        (lambda: cross_entropy([[[1.0, 2.0]] * 2], [[0]]), ValueError, "sample 0: 2 lists of logits but 1 targets"),
        (lambda: cross_entropy([[[1.0, 2.0]] * 2], [0]), TypeError, "sample 0 has a list of lists of logits but one"),
        (lambda: cross_entropy([[1.0, 2.0]], [[0]]), ValueError, "target 0 is a list of 1 for 2 logits"),
        (lambda: cross_entropy([[1.0, 2.0]], [[0.5, 1.5]]), ValueError, r"target 0 has 1\.5 for class 1"),
        (lambda: cross_entropy([[1.0, 2.0]], ["cat"]), TypeError, "target 0 is 'cat'; expected the index of a class"),
        (lambda: cross_entropy([[1.0, 2.0], 3.0], [0, 0]), TypeError, "sample 1 has one number"),
        (lambda: cross_entropy([[1.0, 2.0], []], [0, 0]), ValueError, "no logits: give one per class"),
        (lambda: cross_entropy([[1.0, 2.0]], [0], weight=[1.0]), ValueError, "1 weights of classes for 2 logits"),
        (lambda: cross_entropy([[1.0, 2.0]], [0], weight=[1.0, -1.0]), ValueError, "weight of class 1 is -1"),
        (lambda: cross_entropy([[1.0, 2.0]], [0], weight=2.0), TypeError, "cross_entropy: weight: expected a list"),
        (lambda: cross_entropy([[1.0, 2.0]], [0], weight=[0.0, 1.0]), ValueError, "no target counts"),
        (lambda: cross_entropy([[1.0, 2.0]], [5], ignore_index=5), ValueError, "no target counts"),
        (lambda: cross_entropy([[1.0, 2.0]], [0], ignore_index=0.5), TypeError, r"ignore_index is 0\.5"),
        (lambda: cross_entropy([[1.0, 2.0]], [0], label_smoothing=1.5), ValueError, r"label_smoothing is 1\.5"),
        (lambda: cross_entropy([[1.0, 2.0]], [0], reduction="max"), ValueError, "cross_entropy: reduction is 'max'"),
        (lambda: nll([[-1.0, -2.0]], [2]), ValueError, "nll: target 0 is 2, out of range for 2 classes"),
        (lambda: nll([[-1.0, -2.0]], [[0.5, 0.5]]), TypeError, "nll: target 0 is .*; expected the index of a class"),
        (lambda: nll([], []), ValueError, "nll: no lists of log-probabilities"),
    ],
)
def test_what_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()
