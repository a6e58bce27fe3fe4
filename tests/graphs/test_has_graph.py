"""Objects that know which Values to draw for them."""

import pytest

from autograd import Value, draw
from autograd.graphs.graph import graph_of


class Line:
    def __init__(self, roots=None):
        self.slope, self.offset, self.roots = Value(2.0, label="slope"), Value(1.0, label="offset"), roots

    def __graph__(self):
        return self.slope * Value(3.0, label="x") + self.offset if self.roots is None else self.roots


def test_an_object_gives_the_roots_of_its_graph():
    graph = graph_of(Line())
    assert [node.label for node in graph.nodes if node.kind == "leaf"] == ["slope", "x", "offset"]
    assert graph == graph_of(Line().__graph__())
    assert draw(Line()).source == draw(Line().__graph__()).source
    x = Value(1.0)
    assert len(graph_of(Line([x, x + 1.0])).roots) == 2


@pytest.mark.parametrize("roots", [3.0, [Value(1.0), "x"], Line])
def test_what_it_gives_must_be_values(roots):
    with pytest.raises(TypeError, match="draw: expected a Value or several, got"):
        draw(Line(roots))


def test_a_class_is_not_asked():
    with pytest.raises(TypeError, match="draw: expected a Value or several, got type"):
        draw(Line)
