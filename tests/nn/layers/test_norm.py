"""Norms: torch's numbers and gradients, running numbers, and what they refuse."""

import copy
import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
from autograd import Value
from nn import BatchNorm, Embedding, LayerNorm, Linear, RMSNorm, Sequential, kaiming_uniform
from tests.sizes import some

torch = pytest.importorskip("torch")


def drawn(norm, peer, seed=1):
    """Both with the same weights, which are not those of the start."""
    rng = random.Random(seed)
    for mine, other in ((norm.weight, peer.weight), (norm.bias, getattr(peer, "bias", None))):
        if mine is not None:
            numbers = [rng.gauss(0.5, 1.0) for _ in mine]
            for p, number in zip(mine, numbers, strict=True):
                p.data = number
            with torch.no_grad():
                other.copy_(torch.tensor(numbers, dtype=torch.float64))
    return norm, peer


def check(norm, peer, rows, *, tolerance=1e-12):
    """Outputs and all gradients of Σ k² output, k counting through."""
    xs = [[Value(x) for x in row] for row in rows]
    theirs = torch.tensor(rows, dtype=torch.float64, requires_grad=True)
    outputs = norm(xs)
    flat = [y for row in outputs for y in row]
    weights = [0.1 * k * k - 1.0 for k in range(len(flat))]
    autograd.dot(flat, weights).backward()
    found = peer(theirs)
    (found.flatten() * torch.tensor(weights, dtype=torch.float64)).sum().backward()
    assert [y.data for y in flat] == pytest.approx(found.flatten().tolist(), rel=tolerance, abs=tolerance)
    assert [x.grad for row in xs for x in row] == pytest.approx(
        theirs.grad.flatten().tolist(), rel=tolerance, abs=tolerance
    )
    for mine, other in ((norm.weight, "weight"), (norm.bias, "bias")):
        if mine is not None:
            grads = getattr(peer, other).grad.tolist()
            assert [p.grad for p in mine] == pytest.approx(grads, rel=tolerance, abs=tolerance)


ROWS = [[0.3, -1.2, 2.0], [1.5, 0.1, -0.4], [-2.2, 0.9, 0.7], [3.0, 3.5, -1.0]]


@pytest.mark.parametrize("affine", [True, False])
@pytest.mark.parametrize("eps", [1e-5, 0.1])
def test_layer_norm_is_torchs(affine, eps):
    peer = torch.nn.LayerNorm(3, eps=eps, elementwise_affine=affine, dtype=torch.float64)
    check(*drawn(LayerNorm(3, eps, affine=affine), peer), ROWS)


def test_layer_norm_without_bias_is_torchs():
    check(*drawn(LayerNorm(3, bias=False), torch.nn.LayerNorm(3, bias=False, dtype=torch.float64)), ROWS)


@pytest.mark.parametrize("affine", [True, False])
@pytest.mark.parametrize("eps", [None, 1e-5])
def test_rms_norm_is_torchs(affine, eps):
    peer = torch.nn.RMSNorm(3, eps=eps, elementwise_affine=affine, dtype=torch.float64)
    check(*drawn(RMSNorm(3, eps, affine=affine), peer), ROWS)


@pytest.mark.parametrize("affine", [True, False])
@pytest.mark.parametrize("momentum", [0.1, 0.0, 1.0, 0.3])
def test_batch_norm_is_torchs_in_training_and_after(affine, momentum):
    peer = torch.nn.BatchNorm1d(3, momentum=momentum, affine=affine, dtype=torch.float64)
    norm, peer = drawn(BatchNorm(3, momentum=momentum, affine=affine), peer)
    for rows in (ROWS, ROWS[:2], [[5.0 * x for x in row] for row in ROWS]):
        norm.zero_grad()
        peer.zero_grad()
        check(norm, peer, rows)
        assert [x.data for x in norm.running_mean] == pytest.approx(peer.running_mean.tolist(), rel=1e-13)
        assert [x.data for x in norm.running_var] == pytest.approx(peer.running_var.tolist(), rel=1e-13)
    norm.eval()
    peer.eval()
    norm.zero_grad()
    peer.zero_grad()
    check(norm, peer, ROWS[:1])
    expected = peer(torch.tensor([ROWS[0]], dtype=torch.float64))[0].tolist()
    assert [y.data for y in norm(ROWS[0])] == pytest.approx(expected, rel=1e-12)


@settings(max_examples=some(50), deadline=None)
@given(st.lists(st.floats(-100, 100), min_size=2, max_size=8), st.floats(0.5, 20), st.floats(-50, 50))
def test_layer_norm_does_not_see_scale_and_place(xs, scale, offset):
    if max(xs) - min(xs) < 1e-3:
        return
    norm = LayerNorm(len(xs), eps=0.0)
    moved = [scale * x + offset for x in xs]
    assert [y.data for y in norm(moved)] == pytest.approx([y.data for y in norm(xs)], abs=1e-7)
    assert math.fsum(y.data for y in norm(xs)) == pytest.approx(0.0, abs=1e-9)


def test_numbers_without_spread_give_the_bias():
    assert [y.data for y in LayerNorm(3)([2.0, 2.0, 2.0])] == [0.0, 0.0, 0.0]
    assert [y.data for y in RMSNorm(2)([0.0, 0.0])] == [0.0, 0.0]


def test_running_numbers_are_saved_and_not_trained():
    norm = BatchNorm(2)
    assert len(norm.parameters()) == 4
    norm(ROWS_OF_TWO)
    twin = BatchNorm(2)
    twin.load_state_dict(norm.state_dict())
    assert [x.data for x in twin.running_var] == [x.data for x in norm.running_var] != [1.0, 1.0]
    copied = copy.deepcopy(norm).eval()
    assert [y.data for y in copied([1.0, 2.0])] == [y.data for y in norm.eval()([1.0, 2.0])]


ROWS_OF_TWO = [[1.0, 2.0], [3.0, 5.0], [0.0, -1.0]]


def test_running_numbers_stay_where_nothing_is_trained():
    norm = BatchNorm(2).eval()
    norm(ROWS_OF_TWO)
    assert [x.data for x in norm.running_mean] == [0.0, 0.0]


@pytest.mark.parametrize("x", [[1.0, 2.0], [[1.0, 2.0]]])
def test_batch_norm_refuses_one_sample_in_training(x):
    with pytest.raises(ValueError, match=r"takes a batch of 2 samples or more, got one sample.*after eval\(\)"):
        BatchNorm(2)(x)


def test_batch_norm_in_a_sequence_has_the_whole_batch():
    model = Sequential(Linear(2, 3, rng=1), BatchNorm(3), "relu", Sequential(Linear(3, 3, rng=2), BatchNorm(3)), sum)
    outputs = model(ROWS_OF_TWO)
    assert len(outputs) == 3
    assert math.fsum(y.data for y in outputs) == pytest.approx(0.0, abs=1e-12)
    assert isinstance(model.eval()([1.0, 2.0]), Value)


def test_samples_of_any_kind_may_come_before_batch_norm():
    table = Embedding(5, 2, rng=1)
    model = Sequential(table, lambda rows: rows[0] + rows[1], Sequential(Linear(4, 3, rng=1), BatchNorm(3)))
    outputs = model([[0, 1], [2, 3], [4, 4]])
    assert [len(row) for row in outputs] == [3, 3, 3]
    assert math.fsum(row[0].data for row in outputs) == pytest.approx(0.0, abs=1e-12)
    assert len(model.eval()([0, 1])) == 3


def test_starts_leave_norms_alone():
    model = Sequential(Linear(2, 3), LayerNorm(3))
    kaiming_uniform(model, rng=1)
    assert [w.data for w in model[1].weight] == [1.0] * 3


@pytest.mark.parametrize(
    ("make", "error", "said"),
    [
        (lambda: LayerNorm(0), ValueError, "LayerNorm: size: expected 1 or more"),
        (lambda: RMSNorm(2, -1.0), ValueError, "RMSNorm: eps: expected 0 or more"),
        (lambda: BatchNorm(2, momentum=1.5), ValueError, "momentum: expected a share from 0 to 1, got 1.5"),
        (lambda: LayerNorm(3)([1.0]), ValueError, "LayerNorm expects 3 inputs, got 1"),
        (lambda: RMSNorm(3)([[1.0, 2.0, 3.0], [1.0]]), ValueError, "sample 1: RMSNorm expects 3 inputs, got 1"),
        (lambda: BatchNorm(2)([[1.0, 2.0], [1.0]]), ValueError, "sample 1: BatchNorm expects 2 inputs, got 1"),
        (lambda: LayerNorm(3)(None), TypeError, "LayerNorm expects a list of 3 inputs, got NoneType"),
    ],
)
def test_what_they_refuse(make, error, said):
    with pytest.raises(error, match=said):
        make()


@pytest.mark.parametrize("norm", [LayerNorm(3), RMSNorm(3), BatchNorm(3).eval()], ids=repr)
def test_recorded_they_give_the_same(norm):
    f = autograd.compile(lambda norm, x: autograd.dot(norm([x[0], x[1], x[2]]), [1.0, 2.0, 4.0]))
    for row in ROWS:
        expected = autograd.dot(norm(row), [1.0, 2.0, 4.0]).data
        assert f(norm, np.array(row)) == pytest.approx(expected, rel=1e-12, abs=1e-13)


def test_reprs():
    assert (repr(LayerNorm(3)), repr(BatchNorm(3, affine=False))) == ("LayerNorm(3)", "BatchNorm(3, affine=False)")
