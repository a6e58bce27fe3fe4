"""Subclasses of Value: leaves with attributes and methods of their own."""

import copy
import pickle

from autograd import Value, compile, grad


class Weight(Value):
    """A leaf that knows its unit."""

    def __init__(self, number, unit=""):
        super().__init__(number, label="w")
        self.unit = unit

    @property
    def doubled(self):
        return 2.0 * self

    def penalty(self, rate):
        return rate * self * self


def test_it_is_a_leaf_like_any_other():
    w, x = Weight(3.0, "kg"), Value(2.0)
    y = w.penalty(0.5) * x + w.doubled
    assert (type(w), type(y), w.unit, w.label, w.is_leaf) == (Weight, Value, "kg", "w", True)
    y.backward()
    assert (w.grad, x.grad) == (8.0, 4.5)
    assert grad(y, w, create_graph=True).data == 8.0
    f = compile(lambda x: w.penalty(0.5) * x)
    assert f(2.0) == 9.0
    assert f.backward(2.0) == 9.0
    assert w.grad == 14.0
    w.requires_grad = False
    assert w.doubled.data == 6.0


def test_copies_are_plain_values_with_what_hung_on_them():
    w = Weight(3.0, "kg")
    for twin in (copy.copy(w), copy.deepcopy(w), pickle.loads(pickle.dumps(w))):
        assert (type(twin), twin.data, twin.unit) == (Value, 3.0, "kg")
