"""Clipping against torch; where squares overflow; what it refuses."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import Value
from nn import clip_grad_norm, clip_grad_value
from nn.optimisers.clipping import clipped_by_norm, clipped_by_value

GRADS = [3.0, -4.0, 12.0, 0.0, 1e-3]


def with_grads(grads):
    ps = [Value(0.0) for _ in grads]
    for p, g in zip(ps, grads, strict=True):
        p.grad = g
    return ps


@pytest.mark.parametrize("norm_type", [1.0, 2.0, 3.0, 0.5, math.inf])
@pytest.mark.parametrize("max_norm", [0.0, 1.0, 12.5, 100.0])
def test_the_norm_as_torch(max_norm, norm_type):
    torch = pytest.importorskip("torch")
    ps = with_grads(GRADS)
    qs = [torch.zeros((), dtype=torch.float64, requires_grad=True) for _ in GRADS]
    for q, g in zip(qs, GRADS, strict=True):
        q.grad = torch.tensor(g, dtype=torch.float64)
    norm = clip_grad_norm(iter(ps), max_norm, norm_type)
    assert norm == pytest.approx(torch.nn.utils.clip_grad_norm_(qs, max_norm, norm_type).item(), rel=1e-12)
    assert [p.grad for p in ps] == pytest.approx([q.grad.item() for q in qs], rel=1e-12)


@given(st.lists(st.floats(-1e300, 1e300), min_size=1, max_size=8), st.floats(1e-3, 1e3))
def test_it_is_no_longer_than_asked_and_points_as_before(grads, most):
    g = np.array(grads)
    clipped, norm = clipped_by_norm(g, most)
    assert norm == pytest.approx(math.hypot(*grads), rel=1e-9)
    assert math.hypot(*clipped.tolist()) <= most * (1 + 1e-9)
    if norm <= most * 0.99:
        assert clipped.tolist() == grads
    else:
        assert (np.sign(clipped) * np.sign(g) >= 0.0).all()


def test_norms_whose_squares_overflow_or_vanish_are_found():
    clipped, norm = clipped_by_norm(np.array([3e200, 4e200]), 1.0)
    assert (norm, clipped.tolist()) == (pytest.approx(5e200), pytest.approx([0.6, 0.8]))
    assert clipped_by_norm(np.array([3e-200, 4e-200]), 1.0)[1] == pytest.approx(5e-200)
    assert clipped_by_norm(np.zeros(3), 1.0)[1] == 0.0


def test_values_as_torch():
    torch = pytest.importorskip("torch")
    grads = [*GRADS, math.inf, -math.inf, math.nan]
    ps = with_grads(grads)
    q = torch.zeros(len(grads), dtype=torch.float64, requires_grad=True)
    q.grad = torch.tensor(grads, dtype=torch.float64)
    clip_grad_value(ps, 3.5)
    torch.nn.utils.clip_grad_value_([q], 3.5)
    assert [p.grad for p in ps] == pytest.approx(q.grad.tolist(), nan_ok=True)
    assert clipped_by_value(np.array(GRADS), 3.5).tolist() == [3.0, -3.5, 3.5, 0.0, 1e-3]


def test_a_norm_that_is_infinite_is_told_or_refused():
    ps = with_grads([1.0, math.inf])
    with pytest.raises(ValueError, match="the norm of the gradients is inf"):
        clip_grad_norm(ps, 1.0, error_if_nonfinite=True)
    assert [p.grad for p in ps] == [1.0, math.inf]
    assert clip_grad_norm(ps, 1.0) == math.inf
    assert ps[0].grad == 0.0


@pytest.mark.parametrize("clip", [clip_grad_norm, clip_grad_value])
def test_what_is_refused(clip):
    for bound, error, message in (
        (-1.0, ValueError, "is -1.0; it is 0 or more"),
        (math.nan, ValueError, "expected a finite number, got nan"),
        ("1", TypeError, "expected a real number, got str '1'"),
    ):
        with pytest.raises(error, match=message):
            clip([Value(1.0)], bound)
    with pytest.raises(TypeError, match="expected a Value"):
        clip([1.0], 1.0)
    with pytest.raises(ValueError, match=r"norm_type is 0\.0; it is above 0"):
        clip_grad_norm([Value(1.0)], 1.0, 0.0)
