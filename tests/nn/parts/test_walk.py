"""The way through a module: one order and one set of parameters for whoever asks."""

import numpy as np

from autograd import Value, compile
from nn import MLP, Module
from nn.modules.arguments import put_together, take_apart
from nn.parts.walk import Walk
from tests.nn.modules.zoo import Part, Zoo, data_of


class Keeper(Module):
    """A module that keeps a method of a thing apart, and one of its part before the part itself."""

    def __init__(self, apart):
        part = Part(2.0)
        self.act, self.first = apart.__call__, part.__call__
        self.part = part
        self.offset = Value(5.0)


def test_names_parameters_and_parts_agree():
    for module in (Zoo(), MLP(2, [3, 2], rng=1), Keeper(Part(7.0))):
        names, parameters = zip(*module.named_parameters(), strict=True)
        assert list(map(id, parameters)) == list(map(id, module.parameters()))
        assert list(map(id, take_apart(module)[0]))[: len(parameters)] == list(map(id, parameters))
        assert len(set(names)) == len(names)


def test_what_a_method_is_bound_to_is_no_parameter_but_is_differentiated():
    apart = Part(7.0)
    module = Keeper(apart)
    assert [name for name, _ in module.named_parameters()] == ["part.scale", "offset"]
    parameters, anatomy = take_apart(module)
    assert parameters == (module.part.scale, module.offset, apart.scale)
    twin = put_together(anatomy, [10.0, 20.0, 30.0])
    assert data_of(twin) == [10.0, 20.0]
    assert [twin.act(1.0).data, twin.first(1.0).data] == [30.0, 10.0]
    assert apart.scale.data == 7.0
    slopes = compile(lambda module, x: module.act(x) * module.first(x)).grad(module, 3.0)
    assert data_of(slopes) == [63.0, 0.0]
    assert slopes.act(1.0).data == 18.0


def test_methods_of_parts_that_keep_methods():
    inner, outer = Part(2.0), Part(3.0)
    outer.act, outer.me = inner.__call__, outer.__call__
    module = Module()
    module.act = outer.__call__
    assert module.parameters() == []
    parameters, anatomy = take_apart(module)
    assert parameters == (outer.scale, inner.scale)
    twin = put_together(anatomy, [5.0, 6.0])
    found = twin.act.__self__
    assert (twin.act(1.0).data, found.act(1.0).data, found.me.__self__) == (5.0, 6.0, found)


def test_places_in_an_array_are_joined_by_dots():
    module = Module()
    module.table = np.array([[Value(1.0), 0.5], [Value(2.0), Value(3.0)]])
    module.one = np.array(None)
    module.one[()] = Value(4.0)
    assert [name for name, _ in module.named_parameters()] == ["table.0.0", "table.1.0", "table.1.1", "one.0"]


def test_what_holds_nothing_is_noted_as_asked():
    walk = Walk([1, "text", {"key": None}], told=type)
    assert [part for part in walk.parts if isinstance(part, type)] == [int, str, type(None)]
    assert walk.containers == [[1, "text", {"key": None}], {"key": None}]
    assert walk.names() == []
