"""Leaves that are frozen, and names that nobody has."""

import copy
import pickle

import pytest

from autograd import Value, no_grad


def test_a_frozen_leaf_gets_no_gradient_and_passes_none():
    w, x = Value(2.0), Value(3.0)
    w.requires_grad = False
    (w * x).backward()
    assert (w.grad, x.grad) == (0.0, 2.0)
    w.requires_grad = True
    (w * x).backward()
    assert (w.grad, x.grad) == (3.0, 4.0)


def test_a_leaf_frozen_after_the_forward_pass():
    w, x = Value(2.0), Value(3.0)
    product = w * x
    w.requires_grad = False
    product.backward()
    assert (w.grad, x.grad) == (0.0, 2.0)


def test_what_is_frozen():
    assert Value(1.0).requires_grad
    assert not Value(1.0).is_frozen
    assert Value(1.0).requires_grad_(False).is_frozen
    assert not Value(1.0).detach().is_frozen
    assert not Value(1.0).detach().requires_grad
    assert Value(1.0).detach().requires_grad_().requires_grad


def test_only_leaves_can_be_frozen_and_only_by_bools():
    w = Value(2.0)
    with pytest.raises(ValueError, match="only a leaf can be frozen"):
        (w * w).requires_grad = False
    with pytest.raises(TypeError, match="requires_grad is True or False"):
        w.requires_grad = 0


def test_copies_stay_frozen():
    w = Value(2.0).requires_grad_(False)
    for twin in (copy.copy(w), copy.deepcopy(w), pickle.loads(pickle.dumps(w))):
        assert twin.is_frozen


@pytest.mark.parametrize("name", ["require_grad", "required_grad", "requires_gard", "requires_gra", "requires_gradd", "trainable", "grads", "grad_fn"])
def test_a_misspelt_name_is_refused_not_ignored(name):
    w = Value(1.0)
    with pytest.raises(AttributeError, match=f"a Value has no {name}"):
        setattr(w, name, False)
    assert not hasattr(w, name)
    assert name not in dir(w)
    w.m = 0.5  # an attribute of one's own
    assert w.m == 0.5


def test_a_root_below_which_nothing_can_learn():
    w, x = Value(2.0), Value(3.0)
    (w * x).backward()
    with no_grad():
        w -= 0.1 * w.grad
    with pytest.raises(ValueError, match="nothing below it can learn"):
        (w * 2.0).backward()
    with pytest.raises(ValueError, match="nothing below it can learn"):
        (Value(1.0).requires_grad_(False) * 2.0).backward()


def test_a_root_whose_leaf_was_not_selected_may_be_swept():
    from autograd import less, where

    w, other = Value(2.0), Value(5.0).detach()
    where(less(w.detach(), 0.0), w, other).backward()
    assert w.grad == 0.0
