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


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        *[(name, "requires_grad") for name in ("require_grad", "required_grad", "requires_gard", "requires_gra")],
        *[(name, "requires_grad") for name in ("requires_gradd", "Requires_grad", "trainable", "frozen", "freeze")],
        *[(name, "grad") for name in ("grads", "Grad", "gard", "gradd", "gradient", "grad_fn")],
        *[(name, "data") for name in ("Data", "dta", "value", "val")],
        ("names", "label"),
        ("dtype", "Python float"),
    ],
)
def test_a_misspelt_name_is_refused_not_ignored(name, meant):
    w = Value(1.0)
    with pytest.raises(AttributeError, match=f"a Value has no {name}, setting it would do nothing: .*{meant}"):
        setattr(w, name, False)
    with pytest.raises(AttributeError, match=f"a Value has no {name}: .*{meant}"):
        getattr(w, name)
    assert not hasattr(w, name)
    assert name not in dir(w)


@pytest.mark.parametrize("name", ["m", "v", "momentum", "layer", "rad", "op_name", "x", "n", "visited", "index"])
def test_attributes_of_ones_own_stay_free(name):
    w = Value(1.0)
    setattr(w, name, 0.5)
    assert getattr(w, name) == 0.5
    assert getattr(copy.deepcopy(w), name) == 0.5


def test_a_class_of_ones_own_may_have_such_a_name():
    class Named(Value):
        value = property(lambda self: self.data)

    assert Named(2.0).value == 2.0


def test_leaves():
    w = Value(2.0)
    assert w.is_leaf
    assert w.detach().is_leaf
    assert not (w * w).is_leaf
    assert "is_leaf" in dir(w)
    with pytest.raises(AttributeError):
        w.is_leaf = True


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
