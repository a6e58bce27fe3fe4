"""Pictures of a recorder: what is on the axes."""

import io

import numpy as np
import pytest

import nn
from tests.nn.film.runs import MOONS, fitted, looped, network

figure = pytest.importorskip("matplotlib.figure")

pytestmark = pytest.mark.any_build


@pytest.fixture
def ax():
    found = figure.Figure().subplots()
    yield found
    found.figure.savefig(io.BytesIO())


def test_the_map_is_of_layers_by_steps_on_a_scale_that_is_always_the_same(ax):
    recorder, _ = fitted(network([8] * 7 + [1], "sigmoid"), 16)
    assert recorder.gradient_flow(ax) is ax
    mesh = ax.collections[-1]
    assert np.allclose(mesh.get_array().reshape(8, 4), 40 * recorder.gradients)  # a sample's, of a mean over 40
    assert (mesh.norm.vmin, mesh.norm.vmax, mesh.cmap.name) == (1e-7, 1.0, "cividis")
    assert mesh.get_coordinates()[0, :, 0].tolist() == [-2.5, 2.5, 7.5, 12.5, 17.5]
    assert [t.get_text() for t in ax.get_yticklabels()] == [f"layers.{i}" for i in range(8)]
    assert ax.get_title(loc="left").startswith("vanishing: layers.0 receives 1/")
    assert "vanishing: layers.0 receives" in nn.describe(ax)


def test_updates_are_lines_with_one_at_a_thousandth(ax):
    recorder, _ = looped(network([3, 1]), 11)
    assert recorder.update_ratio(ax) is ax
    *lines, usual = ax.lines
    assert [line.get_label() for line in lines] == ["layers.0", "layers.1"]
    assert lines[0].get_xdata().tolist() == [0, 5, 10]
    assert np.isnan(lines[0].get_ydata()[0])
    assert lines[0].get_ydata()[1] == recorder.frames[1].ratios()["layers.0"]
    assert set(usual.get_ydata()) == {1e-3}
    assert ax.get_yscale() == "log"
    assert nn.describe(ax).startswith("How large updates are beside the weights that they move, by step. layers.0: ")


def test_shares_of_the_dead_and_of_the_saturated(ax):
    model = network([4, 4, 1], "relu")
    model.layers[1] = nn.Layer(4, 4, "tanh", rng=2)
    for neuron in model.layers[0].neurons[:3]:
        neuron.b.data = -100.0
    recorder, _ = fitted(model, 6)
    recorder.shares(ax)
    assert [line.get_label() for line in ax.lines] == ["layers.0, dead", "layers.1, saturated"]
    assert list(ax.lines[0].get_ydata()) == [0.75, 0.75]


def test_pictures_of_a_step_are_those_of_nn_at_that_step():
    told = {}

    def look(record):
        if record.step % 5 == 0:
            axes = [figure.Figure().subplots() for _ in range(4)]
            nn.histograms(record.model, axes[0])
            nn.histograms(record.model, axes[1], "gradients")
            nn.network(record.model, axes[2])
            nn.decision_boundary(record.model, *MOONS, axes[3])
            told[record.step] = [nn.describe(ax) for ax in axes]

    recorder, model = fitted(network([4, 1]), 11, others=[look])
    now = model.state_dict()
    for step in (0, 5, 10, -1):
        axes = [figure.Figure().subplots() for _ in range(4)]
        recorder.histograms(step, axes[0])
        recorder.histograms(step, axes[1], "gradients")
        recorder.network(step, axes[2])
        assert recorder.boundary(step, axes[3]) is axes[3]
        assert [nn.describe(ax) for ax in axes] == told[step if step >= 0 else 10]
    assert model.state_dict() == now


def test_a_boundary_that_is_none_says_why():
    recorder, _ = fitted(network(nin=3), 1, data=([[1.0, 2.0, 3.0]] * 4, [0, 1, 0, 1]))
    with pytest.raises(ValueError, match=r"boundary: there is none: .*the first sample is \[1.0, 2.0, 3.0\]"):
        recorder.boundary()
    recorder, _ = fitted(network(), 1, data=(MOONS[0], [0.3 * k for k in range(40)]), loss="mse")
    with pytest.raises(ValueError, match="no class"):
        recorder.boundary()


def test_one_frame_and_hostile_names_are_drawn(ax):
    model = nn.Module()
    setattr(model, "$x^2$ <b>", nn.MLP(2, [3, 1], rng=1))
    type(model).forward = lambda self, x: getattr(self, "$x^2$ <b>")(x)
    try:
        recorder, _ = looped(model, 1)
        for draw in (recorder.gradient_flow, recorder.update_ratio, recorder.shares):
            draw(figure.Figure().subplots()).figure.savefig(io.BytesIO())
        recorder.gradient_flow(ax)
    finally:
        del type(model).forward
