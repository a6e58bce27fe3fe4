"""The plane as models of several classes see it, and the points."""

import io
import math

import numpy as np
import pytest

from nn import MLP, decision_boundary, labelled_points

figure = pytest.importorskip("matplotlib.figure")

BLOBS = [(0.0, 0.0), (0.1, 0.1), (3.0, 0.0), (3.1, 0.2), (1.5, 3.0)]
CLASSES = [0, 0, 1, 1, 2]


def nearest(p):
    return [-math.dist(p, c) for c in ((0, 0), (3, 0), (1.5, 3))]


@pytest.fixture
def ax():
    return figure.Figure().subplots()


def test_each_class_has_a_region_a_marker_a_colour_and_a_number(ax):
    assert decision_boundary(nearest, BLOBS, CLASSES, ax, resolution=30) is ax
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["class 0", "class 1", "class 2"]
    scatters = [c for c in ax.collections if type(c).__name__ == "PathCollection"]
    assert [len(c.get_offsets()) for c in scatters] == [2, 2, 1]
    assert len({c.get_paths()[0].vertices.tobytes() for c in scatters}) == 3
    assert len({c.get_facecolor().tobytes() for c in scatters}) == 3
    numbers = {t.get_text(): t.get_position() for t in ax.texts}
    assert {text: int(np.argmax(nearest(place))) for text, place in numbers.items()} == {"0": 0, "1": 1, "2": 2}


def test_the_line_is_where_two_scores_are_equal(ax):
    decision_boundary(lambda p: [0.5 - p[0], p[0] - 0.5], [(0.0, 0.0), (1.0, 1.0)], [0, 1], ax, resolution=20)
    lines = [c for c in ax.collections if type(c).__name__ == "QuadContourSet" and not c.filled]
    assert len(lines) == 2
    for line in lines:
        assert line.get_paths()[0].vertices[:, 0] == pytest.approx(0.5)


def test_a_network_of_three_outputs_is_drawn(ax):
    model = MLP(2, [4, 3], "tanh", rng=1)
    decision_boundary(model, BLOBS, CLASSES, ax, resolution=8)
    assert all(p.grad == 0.0 for p in model.parameters())
    ax.figure.savefig(io.BytesIO())


@pytest.mark.parametrize(
    "model",
    [
        lambda p: [1.0, 1.0],
        lambda p: [math.nan, 0.0],
        lambda p: [math.inf, math.inf],
        lambda p: [1e300 * p[0], -1e300],
        lambda p: [0.0],
        lambda p: np.array([p[0], 1.0]),
    ],
    ids=["ties", "nan", "inf", "huge", "one", "array"],
)
def test_strange_scores_are_drawn(ax, model):
    decision_boundary(model, [(0.0, 1.0), (1.0, 0.0)], [0, 0], ax, resolution=6)
    ax.figure.savefig(io.BytesIO())


@pytest.mark.parametrize(
    "model",
    [
        lambda p: math.nan,
        lambda p: math.inf,
        lambda p: math.nan if p[0] > 0.5 else p[1] - 0.5,
        lambda p: math.copysign(math.inf, p[0] - 0.5),
    ],
    ids=["nan", "inf", "half", "both"],
)
def test_a_strange_score_is_drawn(ax, model):
    decision_boundary(model, [(0.0, 1.0), (1.0, 0.0)], [-1, 1], ax, resolution=6)
    ax.figure.savefig(io.BytesIO())


@pytest.mark.parametrize(
    ("model", "labels", "message"),
    [
        (nearest, [0, 3], "from 0 to 2; got 3"),
        (nearest, [-1, 1], "from 0 to 2; got -1"),
        (nearest, ["a", "b"], "2 classes, 'a' and 'b', but the model gives 3 scores"),
        (lambda p: p[0], [-1, 0.5], "label 1 is 0.5, which is no class"),
        (lambda p: p[0], [-1, "a"], "got 'a'"),
    ],
)
def test_labels_that_the_model_cannot_decide_for_are_refused(model, labels, message):
    with pytest.raises(ValueError, match=message):
        decision_boundary(model, BLOBS[:2], labels, resolution=3)


def test_sides_are_named_in_the_plane(ax):
    decision_boundary(lambda p: p[0] - 0.5, [(0.0, 0.0), (1.0, 1.0)], [-1, 1], ax, resolution=20)
    assert {t.get_text(): t.get_position()[0] > 0.5 for t in ax.texts} == {"-1": False, "+1": True}


def test_points_alone_look_as_they_do_on_the_plane(ax):
    plane = figure.Figure().subplots()
    decision_boundary(nearest, BLOBS, CLASSES, plane, resolution=4)
    assert labelled_points(BLOBS, CLASSES, ax) is ax
    looks = [
        [(c.get_facecolor().tolist(), c.get_paths()[0].vertices.tolist(), c.get_offsets().tolist()) for c in found]
        for found in (ax.collections, [c for c in plane.collections if type(c).__name__ == "PathCollection"])
    ]
    assert looks[0] == looks[1]
    with pytest.raises(ValueError, match="no points"):
        labelled_points([], [])
    with pytest.raises(ValueError, match=r"label 0 is -2\.5, which is no class"):
        labelled_points([(0.0, 0.0)], [-2.5])
