"""Pictures: what is on the axes, not their pixels."""

import io
import math

import numpy as np
import pytest

from nn import MLP, History, confusion_matrix, decision_boundary, describe, loss_curves, make_moons

figure = pytest.importorskip("matplotlib.figure")

pytestmark = pytest.mark.any_build


@pytest.fixture
def ax():
    return figure.Figure().subplots()


def test_the_boundary_shows_both_classes_by_colour_and_shape(ax):
    points, labels = make_moons(20, rng=1)
    model = MLP(2, [4, 1], rng=1)
    assert decision_boundary(model, points, labels, ax, resolution=12) is ax
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["label -1", "label +1"]
    scatters = [c for c in ax.collections if len(c.get_offsets()) == 10]
    assert len(scatters) == 2
    assert len({c.get_paths()[0].vertices.tobytes() for c in scatters}) == 2
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("x", "y")
    low, high = ax.get_xlim()
    assert low < min(x for x, _ in points) < max(x for x, _ in points) < high
    assert all(p.grad == 0.0 for p in model.parameters())


def test_the_line_is_where_the_score_is_zero(ax):
    decision_boundary(lambda p: p[0] - 0.25, [(0.0, 0.0), (1.0, 1.0)], [-1, 1], ax, resolution=20)
    line = [c for c in ax.collections if type(c).__name__ == "QuadContourSet"][1]
    vertices = line.get_paths()[0].vertices
    assert vertices[:, 0] == pytest.approx([0.25] * len(vertices))


@pytest.mark.parametrize("model", [lambda p: 1.0, lambda p: 0.0, lambda p: 1e300 * p[0]])
def test_models_without_a_boundary_and_huge_scores_are_drawn(ax, model):
    decision_boundary(model, [(0.5, 0.5)], [1], ax, resolution=5)


def test_curves_have_a_name_and_a_stroke_each(ax):
    assert loss_curves({"a": History(loss=[1.0, 0.5]), "b": History(loss=[0.3])}, ax) is ax
    assert [line.get_label() for line in ax.lines] == ["a", "b"]
    assert list(ax.lines[0].get_xdata()) == [1, 2]
    assert list(ax.lines[0].get_ydata()) == [1.0, 0.5]
    assert len({line.get_linestyle() for line in ax.lines}) == 2
    assert ax.get_yscale() == "log"


def test_confusions_are_counted_by_true_row_and_predicted_column(ax):
    assert confusion_matrix([3, 3, 3, 7], [3, 3, 7, 7], ax) is ax
    assert [text.get_text() for text in ax.texts] == ["2", "1", "", "1"]
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["3", "7"]
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("predicted", "true")


def test_axes_are_made_where_none_are_given(monkeypatch):
    pyplot = pytest.importorskip("matplotlib.pyplot")
    monkeypatch.setattr(pyplot, "show", lambda *a, **k: pytest.fail("show was called"))
    for draw in (
        lambda: loss_curves({"a": History(loss=[1.0])}),
        lambda: confusion_matrix([0], [0]),
        lambda: decision_boundary(lambda p: p[0], [(0.0, 1.0)], [1], resolution=3),
    ):
        made = draw()
        assert made.figure.number in pyplot.get_fignums()
        pyplot.close(made.figure)


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda: loss_curves({}), "no histories"),
        (lambda: loss_curves({"a": History()}), "history of 'a' has no epoch"),
        (lambda: confusion_matrix([], []), "no true classes"),
        (lambda: confusion_matrix([1], [1, 2]), "1 true classes but 2 predicted classes"),
        (lambda: decision_boundary(None, [], []), "no points"),
        (lambda: decision_boundary(None, [(0, 0)], [1, 1]), "1 points but 2 labels"),
        (lambda: decision_boundary(None, [(0, 0)], [1], resolution=1), "resolution: expected 2 or more, got 1"),
    ],
)
def test_what_is_refused(draw, message):
    with pytest.raises(ValueError, match=message):
        draw()


def test_matplotlib_is_only_needed_to_draw(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "matplotlib.pyplot", None)
    with pytest.raises(ImportError, match=r"pip install chainrule\[demo\]"):
        loss_curves({"a": History(loss=[1.0])})


def test_a_history_alone_is_drawn_without_a_name(ax):
    assert loss_curves(History(loss=[1.0, 0.5]), ax) is ax
    assert [list(line.get_ydata()) for line in ax.lines] == [[1.0, 0.5]]
    assert ax.get_legend() is None


@pytest.mark.parametrize("histories", [[History(loss=[1.0])], {"a": [1.0, 0.5]}, None])
def test_what_is_no_history_is_refused(histories):
    with pytest.raises(TypeError, match="expected a History"):
        loss_curves(histories)


def test_accuracies_have_an_axis_of_their_own(ax):
    histories = {"a": History([1.0, 0.5], [0.5, 0.75]), "b": History([2.0, 0.2], [0.25, 1.0])}
    loss_curves(histories, ax, accuracy=True)
    right = ax.figure.axes[1]
    assert [list(line.get_ydata()) for line in ax.lines] == [[1.0, 0.5], [2.0, 0.2]]
    assert [list(line.get_ydata()) for line in right.lines] == [[0.5, 0.75], [0.25, 1.0]]
    assert right.get_ylabel() == "accuracy"
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["a, loss", "a, accuracy", "b, loss", "b, accuracy"]
    with pytest.raises(ValueError, match="the history of 'c' has no accuracies"):
        loss_curves({"c": History([1.0])}, accuracy=True)


def test_losses_that_are_not_finite_are_told_of(ax):
    loss_curves({"a": History([1.0, math.nan, math.inf]), "b": History([0.0, -1.0])}, ax)
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["a (nan at epoch 2)", "b"]
    ax.figure.savefig(io.BytesIO())
    alone = figure.Figure().subplots()
    assert loss_curves(History([math.nan]), alone).get_yscale() == "linear"  # nothing has a logarithm
    alone.figure.savefig(io.BytesIO())


def test_hostile_names_stand_in_the_legend_as_they_are(ax):
    names = ["$x", "_hidden", "</script>\n\x00", "\ud800", "n" * 10_000]
    loss_curves({name: History([1.0]) for name in names}, ax)
    texts = [t.get_text() for t in ax.get_legend().get_texts()]
    assert texts[:4] == ["$x", " _hidden", "</script>\\n\\x00", "\\ud800"]
    assert len(texts[4]) == 40
    ax.figure.savefig(io.BytesIO())


def test_many_curves_have_a_look_each(ax):
    loss_curves({str(i): History([1.0, 0.5]) for i in range(8)}, ax)
    assert len({str(line._dash_pattern) for line in ax.lines}) == 8
    assert len({line.get_color() for line in ax.lines}) == 8


def test_numbers_of_a_confusion_matrix_can_be_read(ax):
    true = [i for i in range(9) for _ in range(60)]
    predicted = [j for i in range(9) for j in [0] * 7 * i + [1] * (60 - 7 * i)]
    confusion_matrix(true, predicted, ax)
    image = ax.images[0]
    for text in ax.texts:
        x, y = map(round, text.get_position())
        paper = image.to_rgba(image.get_array()[y, x])[:3]
        assert contrast(paper, (1.0,) * 3 if text.get_color() == "white" else (0.0,) * 3) >= 4.5


def contrast(one, other):
    """WCAG's contrast of two colours, by its own formula."""
    lights = []
    for color in (one, other):
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in color]
        lights.append(0.05 + sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True)))
    return max(lights) / min(lights)


@pytest.mark.parametrize(
    ("true", "predicted", "names"),
    [
        (["no", "yes", "no"], ["no", "no", "no"], ["no", "yes"]),
        ([False, True], [True, True], ["False", "True"]),
        ([-1, 1], [-1.0, -1.0], ["-1", "1"]),
        (np.array([2, 0, 1]), np.array([[2], [2], [1]]), ["0", "1", "2"]),
        (["$a$", "_b", ""], ["$a$", "$a$", ""], ["''", "$a$", "_b"]),
    ],
)
def test_confusions_of_labels_of_any_kind(ax, true, predicted, names):
    confusion_matrix(true, predicted, ax)
    for labels in (ax.get_xticklabels(), ax.get_yticklabels()):
        assert [t.get_text() for t in labels] == names
        assert not any(t.get_parse_math() for t in labels)
    assert sum(int(t.get_text() or 0) for t in ax.texts) == len(true)
    ax.figure.savefig(io.BytesIO())


@pytest.mark.parametrize(
    ("true", "error", "message"),
    [
        (["a", 1], ValueError, "expected text or numbers alone; the first label is 'a', got 1"),
        ([0.5, 1], ValueError, "label 0 is 0.5, which is no class"),
        ([math.nan, 1], ValueError, "label 0 is nan, which is no class"),
        ([[0, 1], [1, 0]], TypeError, r"label 0 is \[0, 1\]: expected text, a bool or a whole number"),
    ],
)
def test_what_is_no_class_is_refused_by_a_confusion_matrix(true, error, message):
    with pytest.raises(error, match=f"confusion_matrix: true and predicted classes: {message}"):
        confusion_matrix(true, true)


def test_long_names_of_classes_stand_upright_and_numbers_of_many_fit_their_squares():
    for n, width in ((12, 5.0), (26, 6.4)):
        ax = figure.Figure(figsize=(width, width), layout="constrained").subplots()
        names = [f"class number {k}" for k in range(n)]
        confusion_matrix(names * 9, names * 9, ax)
        ax.figure.savefig(io.BytesIO())
        boxes = [t.get_window_extent() for t in [*ax.get_xticklabels(), *ax.texts] if t.get_text()]
        assert not any(one.overlaps(other) for i, one in enumerate(boxes) for other in boxes[:i])


def test_what_was_validated_is_dotted_and_has_an_accuracy_too(ax):
    history = History(
        loss=[1.0, 0.5],
        accuracy=[0.5, 0.75],
        validation_losses=[2.0, 1.0],
        metrics={"validation accuracy": [0.25, 0.5]},
    )
    assert history.plot(ax) is ax
    right = ax.figure.axes[1]
    assert [list(line.get_ydata()) for line in ax.lines] == [[1.0, 0.5], [2.0, 1.0]]
    assert [list(line.get_ydata()) for line in right.lines] == [[0.5, 0.75], [0.25, 0.5]]
    names = ["training loss", "validation loss", "accuracy", "validation accuracy"]
    assert [t.get_text() for t in ax.get_legend().get_texts()] == names
    assert len({line.get_color() for line in (*ax.lines, *right.lines)}) == 4
    assert ax.lines[0].get_linestyle() == "-"
    assert ax.lines[1].get_linestyle() == right.lines[1].get_linestyle() == "--"  # what matplotlib calls any dashes
    assert (ax.get_ylabel(), right.get_ylabel()) == ("loss", "accuracy")
    assert "Validation loss: from 2 to 1." in describe(ax)
    several = loss_curves({"a": history, "b": History([3.0])}, figure.Figure().subplots())
    assert [t.get_text() for t in several.get_legend().get_texts()] == ["a", "a, validation", "b"]
    assert several.lines[0].get_color() == several.lines[1].get_color() != several.lines[2].get_color()
