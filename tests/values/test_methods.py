"""Methods: those that the class shows, and a user's own."""

import inspect

import pytest

import autograd
from autograd import Value


@pytest.mark.parametrize("misuse", [
    lambda: Value.exp(3.0), lambda: list(map(Value.relu, [1.0])), lambda: Value.__copy__(3), lambda: Value.item("a"),
    lambda: Value.zero_grad(object()), lambda: Value.backward(2),
])  # fmt: skip
def test_a_method_called_on_something_else(misuse):
    with pytest.raises((TypeError, AttributeError)):
        misuse()


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
    autograd.grad: (
        "(outputs, inputs=None, seeds=None, *, argnums=None, has_aux=False, create_graph=False, allow_unused=False)"
    ),
    autograd.values_to_vector: "(values, of='data')",
    autograd.compile: (
        "(function=None, *, in_axes=None, reduce=None, static_argnames=(), threads=None, max_paths=64, weights=(), "
        "branches='auto', backend='lanes')"
    ),
}  # fmt: skip


@pytest.mark.parametrize("thing", SIGNATURES, ids=lambda x: x.__qualname__)
def test_signatures_are_shown_on_both_engines(thing):
    shown = inspect.signature(thing)
    parameters = [p.replace(annotation=p.empty) for p in shown.parameters.values()]
    bare = str(shown.replace(parameters=parameters, return_annotation=shown.empty))
    assert bare.replace("(self, /", "(self") == SIGNATURES[thing]  # C's methods do not take self by keyword
    first = thing.__doc__.split("\n")[0]
    assert first.endswith((".", ":"))  # a sentence, no signature
