"""What plots say they show, and pictures that carry it."""

import base64
import re

import pytest

from nn import (
    MLP,
    History,
    Picture,
    confusion_matrix,
    decision_boundary,
    describe,
    histograms,
    labelled_points,
    loss_curves,
    network,
)

pytest.importorskip("matplotlib")
from matplotlib import image, pyplot
from matplotlib.figure import Figure

pytestmark = pytest.mark.any_build

POINTS = [(0.0, 1.0), (1.0, 0.0), (2.0, 2.0)]

PLOTS = {
    "boundary": lambda ax: decision_boundary(lambda p: p[0] - 0.5, POINTS, [-1, 1, -1], ax, resolution=4),
    "points": lambda ax: labelled_points(POINTS, [-1, 1, -1], ax),
    "curves": lambda ax: loss_curves(History([1.0, 0.25], [0.5, 0.75]), ax, accuracy=True),
    "confusion": lambda ax: confusion_matrix([3, 3, 7], [3, 7, 7], ax),
    "network": lambda ax: network(MLP(2, [3, 1], rng=1), ax),
    "weights": lambda ax: histograms(MLP(2, [3, 1], rng=1), ax),
    "gradients": lambda ax: histograms(MLP(2, [3, 1], rng=1), ax, of="gradients"),
}

FACTS = {
    "boundary": ("3 points", "2 of label -1 (circles)", "1 of label +1 (triangles)", "2 of them lie on the side"),
    "points": ("3 points", "2 of label -1 (circles)"),
    "curves": ("From 1 to 0.25 in 2 epochs", "accuracy 75.0% at the end"),
    "confusion": ("3 samples in 2 classes", "2 are decided rightly", "3 is taken for 7 (1 time)"),
    "network": ("2 inputs", "layers.0, 3 ReLU", "layers.1, 1 Linear", "No sweep has been yet"),
    "weights": ("weights of 2 layers", "layers.0: 9 numbers", "layers.1: 4 numbers"),
    "gradients": ("gradients of 2 layers", "no sweep has been yet"),
}


@pytest.mark.parametrize("name", PLOTS)
def test_each_plot_says_what_it_shows(name):
    text = describe(PLOTS[name](Figure().subplots()))
    assert all(fact in text for fact in FACTS[name]), text
    assert text.endswith(".")
    assert "\n" not in text


def test_what_is_cleared_is_not_told_of_and_what_is_added_is():
    ax = Figure().subplots()
    assert describe(ax) == ""
    confusion_matrix([0], [0], ax)
    ax.clear()
    loss_curves({"a": History([1.0])}, ax)
    loss_curves({"b": History([2.0])}, ax)
    text = describe(ax)
    assert "Confusion" not in text
    assert "a: from 1 to 1 in 1 epoch" in text
    assert "b: from 2 to 2 in 1 epoch" in text


def test_a_figure_says_what_all_its_axes_show():
    figure = Figure()
    left, right = figure.subplots(1, 2)
    confusion_matrix([0], [0], left)
    loss_curves(History([1.0]), right)
    assert describe(figure) == f"{describe(left)} {describe(right)}"
    assert describe(right)


def test_in_a_notebook_it_is_an_image_with_the_text_and_is_shown_once():
    ax = loss_curves({"<b>&\"'": History([1.0, 0.5])})
    assert pyplot.fignum_exists(ax.figure.number)
    picture = Picture(ax)
    assert not pyplot.fignum_exists(picture.figure.number)
    data, metadata = picture._repr_mimebundle_()
    assert base64.b64decode(data["image/png"]).startswith(b"\x89PNG")
    alt = re.fullmatch(
        r'<img alt="([^"]*)" style="max-width:100%" src="data:image/png;base64,[^"]*">', data["text/html"]
    )
    assert "&lt;b&gt;&amp;&quot;&#x27;: from 1 to 0.5" in alt[1]
    assert metadata["image/png"]["alt"] == picture.description == describe(ax)
    assert data["text/plain"] == repr(picture) == f"<Picture: {describe(ax)}>"
    assert sum(map(len, data.values())) < 150_000


def test_a_figure_by_hand_has_words_of_the_users_own():
    figure = Figure()
    figure.subplots().plot([1.0, 2.0])
    assert Picture(figure).description == ""
    picture = Picture(figure, "A line that rises.")
    assert 'alt="A line that rises."' in picture._repr_mimebundle_()[0]["text/html"]


@pytest.mark.parametrize("form", ["png", "svg", "pdf"])
def test_files_carry_the_text(form, tmp_path):
    picture = Picture(PLOTS["confusion"](Figure().subplots()))
    path = tmp_path / f"picture.{form}"
    picture.save(path)
    if form == "png":
        image.imread(path)
    assert b"Confusion matrix of 3 samples in 2 classes" in path.read_bytes()


def test_a_format_that_is_not_known_leaves_nothing(tmp_path):
    picture = Picture(PLOTS["confusion"](Figure().subplots()))
    with pytest.raises(ValueError, match="xyz"):
        picture.save(tmp_path / "picture.xyz")
    assert list(tmp_path.iterdir()) == []


def test_a_figure_that_cannot_be_drawn_is_shown_as_text():
    ax = PLOTS["confusion"](Figure().subplots())
    ax.set_title("$\\nothing{$")  # which matplotlib cannot parse
    picture = Picture(ax)
    assert picture._repr_mimebundle_() == {"text/plain": repr(picture)}
