"""The plane as models of several classes see it, and the points."""

import io
import math

import numpy as np
import pytest

import nn
from nn import MLP, decision_boundary, describe, labelled_points
from nn.prediction.labels import Labels
from nn.prediction.plane import compiled_scores, scores_at

figure = pytest.importorskip("matplotlib.figure")

pytestmark = pytest.mark.any_build

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


# --- whatever labels there are ---------------------------------------------------------------------------------------

SIDES = [(0.0, 0.0), (0.2, 1.0), (1.0, 0.0), (0.9, 1.0)]
"""Two points on each side of x = 0.5."""


def points_of(ax):
    """How many points each class has in a picture, by its name."""
    names = [t.get_text() for t in ax.get_legend().get_texts()]
    drawn = [c for c in ax.collections if type(c).__name__ == "PathCollection"]
    return {name: len(c.get_offsets()) for name, c in zip(names, drawn, strict=True)}


def line_of(ax):
    """Where the one line crosses the plane: its x coordinates."""
    (line,) = [c for c in ax.collections if type(c).__name__ == "QuadContourSet" and not c.filled]
    return line.get_paths()[0].vertices[:, 0]


@pytest.mark.parametrize(
    ("labels", "names"),
    [
        ([0, 0, 1, 1], ["class 0", "class 1"]),
        ([0.0, 0.0, 1.0, 1.0], ["class 0", "class 1"]),
        ([-1, -1, 1, 1], ["label -1", "label +1"]),
        ([-1.0, -1.0, 1.0, 1.0], ["label -1", "label +1"]),
        (["no", "no", "yes", "yes"], ["no", "yes"]),
        ([False, False, True, True], ["False", "True"]),
        (np.array([0, 0, 1, 1]), ["class 0", "class 1"]),
        (np.array(["$a", "$a", "_b", "_b"]), ["$a", "_b"]),
        ([[0], [0], [1], [1]], ["class 0", "class 1"]),
    ],
    ids=lambda x: str(x)[:24],
)
def test_two_labels_of_any_kind_are_drawn_for_margins_and_for_two_scores(labels, names):
    for model in (lambda p: 4.0 * (p[0] - 0.5), lambda p: [0.5 - p[0], p[0] - 0.5]):
        ax = decision_boundary(model, SIDES, labels, figure.Figure().subplots(), resolution=9)
        assert points_of(ax) == dict.fromkeys(names, 2)
        assert "4 of them lie on the side of their label" in describe(ax)
        ax.figure.savefig(io.BytesIO())
    assert points_of(labelled_points(SIDES, labels, figure.Figure().subplots())) == dict.fromkeys(names, 2)


def test_the_line_of_a_probability_is_at_a_half_and_of_a_logit_at_0(ax):
    def logit(p):
        return 9.0 * (p[0] - 0.5)

    decision_boundary(lambda p: 1.0 / (1.0 + math.exp(-logit(p))), SIDES, [0, 0, 1, 1], ax, resolution=21)
    assert line_of(ax) == pytest.approx(0.5, abs=1e-9)
    assert "a line where its score is 0.5" in describe(ax)
    ax.clear()
    decision_boundary(logit, SIDES, [0, 0, 1, 1], ax, resolution=21)
    assert line_of(ax) == pytest.approx(0.5, abs=1e-9)
    assert "a line where its score is 0," in describe(ax)


class Scored(nn.Module):
    """A model of some scores that was trained, as it is told, on some labels."""

    def __init__(self, f, labels):
        self.f, self.labels, self.modes = f, labels, []

    def __call__(self, p):
        self.modes.append(self.training)
        return self.f(p)


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize(
    ("labels", "f", "cut"),
    [
        (Labels("classes", [0, 1], "number"), lambda p: 2.0 * p[0] - 0.75, 0.625),
        (Labels("classes", [0, 1], "logit"), lambda p: 0.5 * p[0] - 0.125, 0.25),
        (Labels("classes", ["a", "b"], "sign"), lambda p: 0.5 * p[0] - 0.125, 0.25),
        (Labels("classes", [False, True], "probability"), lambda p: 0.5 * p[0] + 0.25, 0.5),
        (Labels("classes", [3, 7], "number"), lambda p: [10.0 * p[0]], 0.5),
        (Labels("classes", ["a", "b"], "index"), lambda p: np.array([0.75 - p[0], p[0]], dtype=object), 0.375),
    ],
    ids=lambda x: "" if callable(x) else str(x),
)
def test_the_line_is_where_the_decision_of_a_trained_model_changes(ax, labels, f, cut, compiled):
    if not compiled:
        f = lambda p, f=f: f([float(x) for x in p])  # noqa: E731
    model = Scored(f, labels)
    given = [labels.classes[p[0] > cut] for p in SIDES]
    decision_boundary(model, SIDES, given, ax, resolution=21)
    lines = [c for c in ax.collections if type(c).__name__ == "QuadContourSet" and not c.filled]
    assert lines
    for line in lines:
        assert line.get_paths()[0].vertices[:, 0] == pytest.approx(cut, abs=1e-9)
    assert f"{len(SIDES)} of them lie on the side" in describe(ax)
    assert nn.predict(model, SIDES) == given
    assert not any(model.modes)
    assert model.training
    assert (len(model.modes) < 30) == compiled


def test_one_score_of_numbered_classes_has_a_line_between_neighbours(ax):
    model = Scored(lambda p: 2.0 * p[0], Labels("classes", [0, 1, 2], "number"))
    decision_boundary(model, SIDES, [0, 0, 2, 2], ax, resolution=41)
    lines = [c for c in ax.collections if type(c).__name__ == "QuadContourSet" and not c.filled]
    found = {round(float(x), 6) for line in lines for path in line.get_paths() for x in path.vertices[:, 0]}
    assert found == {0.25, 0.75}
    assert [t.get_text() for t in ax.texts] == ["0", "1", "2"]
    assert [t.get_position()[0] > cut for t, cut in zip(ax.texts, (0.25, 0.25, 0.75), strict=True)] == [
        False,
        True,
        True,
    ]


def test_a_sigmoid_trained_by_mse_on_0_and_1_is_drawn_as_it_is_asked(ax):
    xs, ys = nn.make_moons(40, rng=1)
    ys = [(y + 1) // 2 for y in ys]
    model = nn.Sequential(MLP(2, [8, 1], "tanh", rng=1), "sigmoid")
    nn.fit(model, (xs, ys), loss=nn.mse, optimizer=nn.Adam(model.parameters(), lr=0.05), epochs=30, progress=False)
    right = sum(a == b for a, b in zip(nn.predict(model, xs), ys, strict=True))
    decision_boundary(model, xs, ys, ax, resolution=10)
    assert points_of(ax) == {"class 0": 20, "class 1": 20}
    assert f"{right} of them lie on the side of their label" in describe(ax)
    assert right > 30


def test_text_classes_of_three_scores(ax):
    names = ["ape", "ape", "cat", "cat", "dog"]
    decision_boundary(nearest, BLOBS, names, ax, resolution=20)
    assert points_of(ax) == {"ape": 2, "cat": 2, "dog": 1}
    assert {t.get_text() for t in ax.texts} == {"ape", "cat", "dog"}


@pytest.mark.parametrize(
    ("model", "points", "labels", "error", "message"),
    [
        (lambda p: p[0], BLOBS, CLASSES, ValueError, "3 classes, 0, 1 and 2, but the model gives one score"),
        (nearest, BLOBS[:2], [None, 1], TypeError, "label 0 is None: expected text, a bool or a whole number"),
        (nearest, BLOBS[:2], [0, math.nan], ValueError, "label 1 is nan, which is no class"),
        (nearest, BLOBS[:2], [[1, 0], [0, 1]], TypeError, r"label 0 is \[1, 0\]"),
        (nearest, [(1.0, 2.0, 3.0)], [0], ValueError, r"point 0 is \(1.0, 2.0, 3.0\): expected a pair"),
        (nearest, [(1.0, 2.0), 3.0], [0, 1], ValueError, "point 1 is 3.0: expected a pair"),
        (nearest, [(1.0, math.nan)], [0], ValueError, "expected a pair of finite numbers"),
        (nearest, ["ab"], [0], ValueError, "point 0 is 'ab'"),
        (None, BLOBS[:2], [0, 1], TypeError, "expected a model, which maps a point to its score, got None"),
        (lambda p: None, BLOBS[:2], [0, 1], TypeError, "the model gives None: expected a score"),
        (lambda p: "high", BLOBS[:2], [0, 1], TypeError, "the model gives 'high'"),
        (lambda p: [], BLOBS[:2], [0, 1], TypeError, r"the model gives \[\]"),
        (lambda p: {"a": 1.0}, BLOBS[:2], [0, 1], TypeError, "the model gives a dict of 1|the model gives {'a': 1.0}"),
        (lambda p: [1.0] * (1 + (p[0] > 1)), BLOBS, [0] * 5, ValueError, "now one score, now several"),
        (Scored(lambda p: p[0], Labels("classes", ["a", "b"], "logit")), BLOBS[:2], ["a", "c"], ValueError,
         "labels: label 1 is 'c'; the model was trained on 'a', 'b'"),
        (Scored(lambda p: p[0], Labels("numbers")), BLOBS[:2], [0, 1], ValueError, "trained on quantities"),
        (Scored(nearest, Labels("classes", ["a", "b"], "index")), BLOBS[:2], ["a", "b"], ValueError,
         "the model gives 3 scores, but was trained on 2 classes, 'a' and 'b'"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_said_in_one_sentence(model, points, labels, error, message):
    with pytest.raises(error, match=f"decision_boundary: .*({message})") as caught:
        decision_boundary(model, points, labels, figure.Figure().subplots(), resolution=3)
    assert "\n" not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_no_class_is_dropped_however_many_there_are(ax):
    labels = [f"class number {k}" for k in range(40)]
    labelled_points([(float(k), 0.0) for k in range(40)], labels, ax)
    drawn = [c for c in ax.collections if type(c).__name__ == "PathCollection"]
    assert sum(len(c.get_offsets()) for c in drawn) == 40
    assert len(ax.get_legend().get_texts()) == 20
    assert ax.get_legend().get_title().get_text() == "and 20 more"


def test_modules_are_evaluated_at_compiled_speed_to_the_same_numbers():
    model = nn.Sequential(nn.Linear(2, 8, rng=1), nn.Dropout(0.5, rng=1), "relu", nn.Linear(8, 3, rng=2))
    points = [[0.1 * x, 0.2 * y] for x in range(-5, 5) for y in range(-5, 5)]
    with nn.prediction.predict.evaluating(model):
        assert compiled_scores(model, points) is not None
    found = scores_at(model, points, "")
    assert found == pytest.approx(np.array(nn.predict_scores(model, points)), rel=1e-12)
    assert model.training


def test_names_in_the_plane_can_be_read_in_a_dark_style():
    pyplot = pytest.importorskip("matplotlib.pyplot")
    with pyplot.style.context("dark_background"):
        ax = decision_boundary(nearest, BLOBS, CLASSES, figure.Figure().subplots(), resolution=20)
        assert {t.get_color() for t in ax.texts} == {"#000000"}
        points = labelled_points(BLOBS, CLASSES, figure.Figure().subplots())
        assert points.collections[0].get_edgecolor()[0].tolist() == [1.0, 1.0, 1.0, 1.0]
