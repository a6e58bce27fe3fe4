"""Objects that know which Values to draw for them."""

import pytest

from autograd import Value
from autograd.graphs.graph import graph_of
from tests.graphs.test_graph import facts


class Line:
    def __init__(self, roots=None):
        self.slope, self.offset, self.roots = Value(2.0, label="slope"), Value(1.0, label="offset"), roots

    def __graph__(self):
        return self.slope * Value(3.0, label="x") + self.offset if self.roots is None else self.roots


def test_an_object_gives_the_roots_of_its_graph():
    graph = graph_of(Line())
    labels = [graph.label(i) for i in range(len(graph)) if graph.kind(i) == "leaf"]
    assert labels == ["slope", "x", "offset"]
    assert facts(graph) == facts(graph_of(Line().__graph__()))
    x = Value(1.0)
    assert len(graph_of(Line([x, x + 1.0])).roots) == 2


@pytest.mark.parametrize("roots", [3.0, [Value(1.0), "x"], Line])
def test_what_it_gives_must_be_values(roots):
    with pytest.raises(TypeError, match="draw: expected a Value or several, got"):
        graph_of(Line(roots), "draw")


def test_a_class_is_not_asked():
    with pytest.raises(TypeError, match="draw: expected a Value or several, got type"):
        graph_of(Line, "draw")
