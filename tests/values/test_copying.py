"""Copies and pickles of graphs: differentiable, with what was shared still shared."""

import copy
import pickle

import pytest

import autograd
from autograd import Value


def small_graph():
    a = Value(1.5, label="a")
    b = Value(-0.5)
    b.note = {"seen": 3}
    h = (a * b).tanh()
    folded = autograd.dot([a, h], [h, 2.0], b)
    custom = Value(3.0, (h, a), (0.5, 0.25), label="mine")
    custom._op = "own"
    return a, b, h, folded, custom, folded * custom + autograd.where(a > 0, h, b)


@pytest.mark.parametrize(
    "copied", [copy.deepcopy, *(lambda x, p=p: pickle.loads(pickle.dumps(x, p)) for p in range(6))]
)
def test_a_copy_is_the_same_graph_apart(copied):
    original = small_graph()
    twins = copied(original)
    assert all(isinstance(t, Value) and t is not o for t, o in zip(twins, original, strict=True))
    before = [x.grad for x in original]
    twins[-1].backward()
    assert [x.grad for x in original] == before
    original[-1].backward()
    assert [x.data for x in twins] == [x.data for x in original]
    assert [x.grad for x in twins] == [x.grad for x in original]
    assert [x._op for x in twins] == [x._op for x in original]
    assert (twins[0].label, twins[1].note, twins[4].label) == ("a", {"seen": 3}, "mine")
    assert twins[3].operands[0] is twins[1]
    assert twins[3].operands[1] is twins[0]


def test_a_shared_inner_node_stays_shared_in_any_container():
    x = Value(2.0)
    y = x * x
    saved = pickle.loads(pickle.dumps({"loss": y + 1.0, "inner": y, "parameters": [x]}))
    saved["loss"].backward()
    assert (saved["inner"].grad, saved["parameters"][0].grad) == (1.0, 4.0)


def test_the_copy_module_knows_shallow_copies_too():
    x = Value(2.0, label="x")
    y = x * 3.0
    twin = copy.copy(y)
    twin.backward()
    assert (x.grad, twin.data, copy.copy(x).label) == (3.0, 6.0, "x")


def test_attributes_may_refer_back_into_the_graph():
    x = Value(2.0)
    y = x * x
    x.owner = y
    for copied in (copy.deepcopy, lambda v: pickle.loads(pickle.dumps(v))):
        twin = copied(y)
        assert twin.operands[0].owner is twin
        assert copied(x).owner.operands[0].owner.data == 4.0
        leaf, top = copied((x, y))
        assert leaf.owner is top
    top = x
    for _ in range(50_000 if autograd.native else 10_000):
        top = top * 1.0
    x.owner = top
    for copied in (copy.deepcopy, lambda v: pickle.loads(pickle.dumps(v))):
        assert copied(x).owner.data == copied(top).data == 2.0
    del x.owner


def test_a_chain_of_attributes_is_copied_without_recursion():
    y, most = Value(0.0), 20_000 if autograd.native else 5_000
    for k in range(1, most):
        z = Value(float(k))
        z.previous = y
        y = z * 1.0
    for copied in (copy.deepcopy, lambda v: pickle.loads(pickle.dumps(v))):
        twin, length = copied(y), 1
        while twin.operands:
            leaf = twin.operands[0]
            twin, length = leaf.previous, length + 1
        assert (twin.data, length) == (0.0, most)


def test_a_closure_is_refused_by_name():
    x = Value(2.0)
    y = Value(4.0, (x,), "square")

    def _backward():
        x.grad += 2 * x.data * y.grad

    y._backward = _backward
    for copied in (copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError, match="cannot be copied: its _backward closure"):
            copied(y)


def test_a_pickle_with_an_unknown_function_is_refused_by_name():
    saved = pickle.dumps(Value(1.0).tanh())
    with pytest.raises(ValueError, match="'tanq' that this version does not have"):
        pickle.loads(saved.replace(b"tanh", b"tanq"))
