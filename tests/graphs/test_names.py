"""What Values are called: labels, places in modules, variables of whoever asks."""

import gc
import sys
import time
from unittest.mock import MagicMock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
import nn
from autograd import Value
from autograd.graphs.graph import graph_of
from autograd.graphs.names import names_of, scope_of


def named(root, scope=(), labels="auto"):
    """The names of nodes, by node."""
    graph = graph_of(root)
    return {graph.values[i]: name for i, name in names_of(graph, labels, scope).given.items()}


class Pair:
    """A module of one's own: anything with named parameters."""

    def __init__(self, first, second):
        self.first, self.second = first, second

    def named_parameters(self):
        yield "first", self.first
        yield "second", self.second


def test_a_label_goes_before_a_path_and_that_before_a_variable():
    a, b, c = Value(1.0, label="α"), Value(2.0), Value(3.0)
    scope = [{"pair": Pair(a, b), "a": a, "b": b, "c": c}]
    root = a + b + c
    assert named(root, scope) == {a: "α", b: "pair.second", c: "c"}
    assert named(root, scope, "given") == {a: "α"}
    assert named(root, scope, None) == {}
    assert named(root, scope, {a: "A", c: "C", Value(9.0): "elsewhere"}) == {a: "A", b: "pair.second", c: "C"}
    assert named(root, scope, {a: "", b: ""}) == {c: "c"}


def test_variables_of_the_caller():
    w, x = Value(2.0), Value(5.0)
    z = w * x
    assert named(z, scope_of(sys._getframe())) == {w: "w", x: "x", z: "z"}
    assert (w.label, x.label, z.label) == ("", "", "")


def test_elements_are_called_what_one_types():
    v = [Value(float(i)) for i in range(10)]
    scope = [{
        "w": v[:2], "xs": [0.5, [1.5, v[2]], ([v[3]],)], "params": {"w": v[4], 3: v[5], "it's": v[6], (1, 2): v[9]},
        "grid": np.array([[v[7], None], [None, v[8]]]),
    }]  # fmt: skip
    names = named(v, scope)
    assert [names[x] for x in v[:9]] == [
        "w[0]", "w[1]", "xs[1][1]", "xs[2][0][0]", 'params["w"]', "params[3]", 'params["it\'s"]', "grid[0][0]",
        "grid[1][1]",
    ]  # fmt: skip
    assert v[9] not in names


def test_four_levels_down_and_in_circles_nothing_is_looked_for():
    x, y = Value(1.0), Value(2.0)
    ring = [y]
    ring.append(ring)
    assert named([x, y], [{"deep": [[[[x]]]], "ring": ring}]) == {y: "ring[0]"}


def test_of_several_names_the_shortest_and_then_the_first():
    x, y = Value(1.0), Value(2.0)
    assert named([x, y], [{"long": x, "ab": x, "cd": x, "ys": [y], "only": y}]) == {x: "ab", y: "only"}


def test_what_is_not_said_aloud_and_what_is_shadowed():
    x, y, z = Value(1.0), Value(2.0), Value(3.0)
    inner = {"_": x, "_5": x, "_x": x, "In": [x], "Out": {5: x}, "y": 3.0, 7: x}
    assert named([x, y, z], [inner, {"y": y, "z": z}]) == {z: "z"}


def test_what_is_not_in_the_graph_has_no_name():
    x = Value(1.0)
    assert named(x, [{"x": x, "y": Value(1.0), "z": x * 2}]) == {x: "x"}


def test_two_nodes_may_have_the_same_name():
    x, y = Value(1.0, label="x"), Value(2.0, label="x")
    assert named(x + y) == {x: "x", y: "x"}


def test_parameters_of_a_network():
    model = nn.MLP(2, [2, 1], rng=1)
    graph = graph_of(model([1.0, 2.0]))
    names = names_of(graph, scope=[{"model": model}])
    assert {name: graph.values[i] for i, name in names.given.items()} == {
        f"model.{path}": value for path, value in model.named_parameters()
    }
    assert [(part.path, part.parent) for part in names.parts] == [
        ("model", -1), ("model.layers.0", 0), ("model.layers.0.neurons.0", 1), ("model.layers.0.neurons.1", 1),
        ("model.layers.1", 0), ("model.layers.1.neurons.0", 4),
    ]  # fmt: skip
    assert [part.kind for part in names.parts[:3]] == ["MLP", "Layer", "Neuron"]
    for i, owner in names.owners.items():
        assert names.given[i].rpartition(".")[0].removesuffix(".w") == names.parts[owner].path


def test_modules_in_two_variables_or_within_another_count_once():
    model = nn.MLP(2, [2, 1], rng=1)
    root = model([1.0, 2.0])
    alone = names_of(graph_of(root), scope=[{"net": model}])
    first = model.layers[0]
    scope = [{"the_model": model, "first": first, "net": model, "models": [model], "f": first.neurons[0]}]
    assert names_of(graph_of(root), scope=scope) == alone


def test_modules_in_lists_and_dicts():
    a, b = nn.Neuron(1, rng=1), nn.Neuron(1, rng=2)
    names = named(a([1.0]) + b([1.0]), [{"parts": {"a": a, "b": [b]}}])
    assert set(names.values()) == {'parts["a"].w.0', 'parts["a"].b', 'parts["b"][0].w.0', 'parts["b"][0].b'}


def test_only_modules_that_own_parameters_of_the_graph_are_parts():
    used, unused = nn.Neuron(1, rng=1), nn.Neuron(1, rng=1)
    names = names_of(graph_of(used([1.0])), scope=[{"unused": unused, "used": used}])
    assert [part.path for part in names.parts] == ["used"]


def failing():
    raise RuntimeError("no parameters today")


@pytest.mark.parametrize(
    "given",
    [failing, lambda: None, lambda: [1, 2], lambda: [("a", Value(1.0), 3)], lambda: (failing() for _ in range(3))],
)
def test_a_module_that_cannot_say_its_parameters_is_left_out(given):
    x = Value(1.0)
    broken = type("Broken", (), {"named_parameters": lambda self: given()})()
    assert named(x, [{"broken": broken, "x": x}]) == {x: "x"}


class Own(type):
    """A metaclass as users have them: its classes compare by something of their own, and so have no hash."""

    def __eq__(cls, other):
        raise RuntimeError("compared")

    def __getattribute__(cls, name):
        raise RuntimeError(f"asked for {name}")


def test_a_class_of_a_metaclass_of_ones_own_is_not_asked():
    x = Value(1.0)
    thing = Own("Thing", (), {})()
    module = Own("Net", (), {"named_parameters": lambda self: [("w", x)]})()
    assert named(x, [{"thing": thing, "x": x}]) == {x: "x"}
    assert names_of(graph_of(x), scope=[{"net": module}]).parts == (("net", "Net", -1),)


def test_a_path_of_any_length_is_a_name():
    x = Value(1.0)
    path = "a." * 5000 + "w"
    deep = type("Deep", (), {"named_parameters": lambda self: [(path, x)]})()
    assert named(x, [{"deep": deep}]) == {x: f"deep.{path}"}


def test_a_path_that_leads_nowhere_is_a_name_all_the_same():
    x = Value(1.0)
    odd = type("Odd", (), {"__slots__": (), "named_parameters": lambda self: [("a.7.b", x), (3, x)]})()
    names = names_of(graph_of(x), scope=[{"odd": odd}])
    assert (names.given, names.owners, [p.path for p in names.parts]) == ({0: "odd.a.7.b"}, {0: 0}, ["odd"])


class Shy:
    """Whatever is asked of it is an error, its class included."""

    def __getattribute__(self, name):
        raise AssertionError(f"asked for {name}")

    def __eq__(self, other):
        raise AssertionError("compared")

    __hash__ = None


class ShyList(list):
    def __iter__(self):
        raise AssertionError("asked")

    __len__ = __getitem__ = __iter__


def test_nothing_of_a_users_is_called():
    x = Value(1.0)
    scope = {"shy": Shy(), "shies": [Shy()], "list": ShyList([x]), "mock": MagicMock(), "kind": nn.MLP, "nn": nn}
    assert named(x, [scope]) == {x: "list[0]"}
    assert scope["mock"].mock_calls == []


def test_no_reference_is_kept():
    def asked():
        x = Value(1.0)
        before = sys.getrefcount(x)
        names_of(graph_of(x), scope=scope_of(sys._getframe()))
        gc.collect()
        return sys.getrefcount(x) - before

    assert asked() == 0


def test_a_scope_at_the_top_of_a_module_is_one_namespace():
    found = {}
    exec("import sys\nx = 1\nfound = scope_of(sys._getframe())", {"scope_of": scope_of}, found)
    assert found["x"] == 1
    alone = {"scope_of": scope_of}
    exec("import sys\nfound = scope_of(sys._getframe())", alone)
    assert alone["found"] == [alone]


def test_what_is_looked_at_is_bounded():
    x, y = Value(1.0), Value(2.0)
    huge = {"rows": [[0.5, 1.5]] * 300_000, "flat": [1.0] * 10**6, "array": np.array([0] * 10**6, object)}
    huge["flat"].append(y)
    start = time.process_time()
    assert named([x, y], [huge | {"w": [x]}]) == {x: "w[0]"}
    assert time.process_time() - start < 4


def test_a_network_beyond_what_is_looked_at_has_some_names():
    x = Value(1.0)

    class Endless:
        def named_parameters(self):
            while True:
                yield "x", x

    assert named(x, [{"endless": Endless()}]) == {x: "endless.x"}


@pytest.mark.parametrize(
    ("labels", "error", "message"),
    [
        ("all", ValueError, r"labels 'all' is no choice: choose \"auto\", \"given\", None, or a dict of Values"),
        (5, TypeError, "labels: expected one of these, got int 5: choose"),
        ({"w": Value(1.0)}, TypeError, "labels: expected Values as keys, got str 'w'"),
        ({Value(1.0): 5}, TypeError, r"labels: expected a str as the name of Value\(data=1.0, grad=0.0\), got int 5"),
    ],
)
def test_labels_that_are_none_are_refused(labels, error, message):
    with pytest.raises(error, match=message):
        names_of(graph_of(Value(1.0)), labels)


class Mute:
    def __str__(self):
        raise ValueError("not now")


def test_labels_that_are_no_str():
    x, y = Value(1.0), Value(2.0)
    x.label, y.label = 5, Mute()
    assert named([x, y]) == {x: "5"}


trees = st.recursive(
    st.integers(0, 5) | st.none(),
    lambda t: st.lists(t, max_size=4) | st.dictionaries(st.text(max_size=3), t, max_size=3),
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["w", "xs", "params"]), trees, max_size=3))
def test_every_name_leads_to_its_node(shapes):
    values = [Value(float(i)) for i in range(6)]

    def built(tree):
        if isinstance(tree, dict):
            return {key: built(x) for key, x in tree.items()}
        return [built(x) for x in tree] if isinstance(tree, list) else 0.5 if tree is None else values[tree]

    scope = {name: built(tree) for name, tree in shapes.items()}
    for value, name in named(values, [scope]).items():
        assert eval(name, dict(scope)) is value


def test_under_no_grad_and_for_constants():
    x = Value(2.0)
    with autograd.no_grad():
        y = x * 3
        assert named(y, [{"x": x, "y": y}]) == {y: "y"}
