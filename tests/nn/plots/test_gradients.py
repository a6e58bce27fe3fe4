"""How large gradients are over a training: what is on the axes."""

import io
import math

import numpy as np
import pytest

import nn
from nn import MLP, describe, gradient_flow, measure

figure = pytest.importorskip("matplotlib.figure")

pytestmark = pytest.mark.any_build


@pytest.fixture
def ax():
    return figure.Figure().subplots()


def measures(n=4):
    points, labels = nn.make_moons(16, rng=1)
    model = MLP(2, [4] * 3 + [1], "tanh", rng=1)
    sgd = nn.SGD(model.parameters(), lr=0.1)
    found = []
    for _ in range(n):
        found.append(measure(model, (points, labels), nn.hinge))
        sgd.zero_grad()
        nn.hinge([model(p) for p in points], labels).backward()
        sgd.step()
    return found


def test_histories_and_diagnoses_are_drawn_as_their_measures(ax):
    points, labels = nn.make_moons(16, rng=1)
    texts = ["a" if y < 0 else "b" for y in labels]
    model = MLP(2, [4, 1], "tanh", rng=1)
    history = nn.fit(model, (points, texts), loss=nn.hinge, epochs=3, diagnose=True, seed=1, progress=False)
    told = describe(gradient_flow(history, ax))
    assert told.startswith("Mean size of the gradients of 2 layers in 3 epochs.")
    assert told == describe(gradient_flow(history.diagnoses, figure.Figure().subplots()))
    found = nn.diagnose(model, (points, texts), nn.hinge)
    alone = describe(gradient_flow(found, figure.Figure().subplots()))
    assert alone == describe(gradient_flow([found.measured], figure.Figure().subplots()))
    assert nn.verdicts_of(history.diagnoses[-1]) == found.verdicts
    with pytest.raises(ValueError, match=r"no diagnoses in the history: fit\(\.\.\., diagnose=True\) keeps them"):
        gradient_flow(nn.History(loss=[1.0]), ax)


def test_a_row_for_each_layer_and_a_column_for_each_measure(ax):
    found = measures()
    assert gradient_flow(found, ax) is ax
    assert [t.get_text() for t in ax.get_yticklabels()] == [f"layers.{i}" for i in range(4)]
    (mesh,) = ax.collections
    table = mesh.get_array().reshape(4, 4)
    assert table.tolist() == [[one["layers"][i]["gradient"] for one in found] for i in range(4)]
    assert mesh.norm.vmax == table.max()
    assert describe(ax).startswith("Mean size of the gradients of 4 layers in 4 epochs. layers.0: ")
    assert ax.get_ylim() == (3.5, -0.5)  # the first on top
    ax.figure.savefig(io.BytesIO())


def test_layers_that_come_and_go_and_strange_numbers(ax):
    def one(**sizes):
        return {"layers": [{"name": name, "gradient": size} for name, size in sizes.items()]}

    gradient_flow([one(a=1.0, b=0.0), one(a=math.inf, c=1e-30), one(a=math.nan, b=None)], ax, per="step")
    mask = np.ma.getmaskarray(ax.collections[0].get_array()).reshape(3, 3)
    assert mask.tolist() == [[False, True, True], [True, True, True], [True, False, True]]
    assert ax.get_xlabel() == "step"
    ax.figure.savefig(io.BytesIO())


def test_many_layers_are_one_picture(ax):
    gradient_flow([{"layers": [{"name": f"${i}", "gradient": 1.0} for i in range(100)]}] * 2, ax)
    texts = [t.get_text() for t in ax.get_yticklabels()]
    assert len(texts) == 24
    assert "… 77 more …" in texts
    ax.figure.savefig(io.BytesIO())


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ([], ValueError, "there are no measures"),
        ([{"layers": []}], ValueError, "no layers"),
        ([1.0], TypeError, "measure 0 is 1.0"),
        (3, TypeError, "measures: expected a list"),
    ],
)
def test_what_is_refused(given, error, message):
    with pytest.raises(error, match=message):
        gradient_flow(given)
