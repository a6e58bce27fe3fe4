"""What a recorder says of gradients: by hand, by the same function as a diagnosis, by either way that it is told."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nn
from tests.nn.film.runs import MOONS, by_hand, fitted, looped, network
from tests.sizes import some

pytestmark = pytest.mark.any_build

DEEP = [8] * 7 + [1]


@pytest.mark.parametrize(
    ("activation", "kaiming", "verdict"), [("sigmoid", False, "vanishing"), ("relu", True, "healthy")]
)
def test_the_flow_of_gradients_is_that_of_the_nodes(activation, kaiming, verdict):
    told = []

    def look(record):
        if record.step % 5 == 0:
            told.append(by_hand(record.model, *MOONS, nn.hinge))

    recorder, _ = fitted(network(DEEP, activation, kaiming), 11, others=[look])
    found = recorder.gradients
    assert found.shape == (8, 3)
    assert np.allclose(found.T, told, rtol=1e-12, atol=0.0)
    ratios = found[0] / found[-1]
    assert np.allclose(ratios, [row[0] / row[-1] for row in told], rtol=1e-12, atol=0.0)
    assert f"\n{verdict}: " in recorder.diagnose()
    assert (ratios < 1 / 40).all() == (verdict == "vanishing")


@pytest.mark.parametrize(
    ("activation", "kaiming", "verdict"), [("sigmoid", False, "vanishing"), ("relu", True, "healthy")]
)
def test_so_it_is_in_a_loop_that_gives_the_loss_with_its_graph(activation, kaiming, verdict):
    model = network(DEEP, activation, kaiming)
    sgd, recorder, told = nn.SGD(model.parameters(), lr=0.1), nn.Recorder(every=2), []
    for step in range(5):
        if step % 2 == 0:
            told.append(by_hand(model, *MOONS, nn.hinge))
        loss = nn.hinge([model(x) for x in MOONS[0]], MOONS[1])
        sgd.zero_grad()
        loss.backward()
        sgd.step()
        recorder(model=model, batch=MOONS, loss=loss, optimizer=sgd)
    assert np.allclose(recorder.gradients.T, told, rtol=1e-12, atol=0.0)
    assert f"\n{verdict}: " in recorder.diagnose()


def test_gradients_of_parameters_would_call_it_healthy():
    """The samples of a batch cancel each other there; that is why the recorder does not go by them."""
    recorder, _ = fitted(network(DEEP, "sigmoid"), 11)
    frame = recorder.frame()
    groups = frame.take.groups()
    by_parameter = [np.abs(frame.grads[places]).mean() for places in groups.values()]
    adjoints = recorder.gradients[:, -1]
    assert by_parameter[0] / by_parameter[-1] > 2 * adjoints[0] / adjoints[-1]


def test_verdicts_are_those_of_diagnose():
    for model in (network(DEEP, "sigmoid"), network([6, 6, 1], "relu"), network([3, 1], "tanh")):
        recorder, _ = fitted(model, 11)
        sgd = recorder.frame().take.optimizer
        found = nn.diagnose(model, MOONS, nn.hinge, sgd)
        assert recorder.frame().verdicts() == found.verdicts
        assert recorder.measures[-1] == found.measured
        for verdict in found.verdicts:
            assert str(verdict) in recorder.diagnose()


def test_of_a_step_long_ago_it_is_what_it_was_then():
    told = []

    def look(record):
        if record.step % 3 == 0:
            told.append(nn.measure(record.model, MOONS, nn.hinge, record.optimizer))

    model = network([5, 1])
    adam = nn.Adam(model.parameters(), lr=0.05)
    recorder, _ = fitted(model, 10, every=3, others=[look], optimizer=adam)
    before = [p.data for p in model.parameters()], [p.grad for p in model.parameters()], adam.state_dict()
    assert recorder.measures == told
    assert ([p.data for p in model.parameters()], [p.grad for p in model.parameters()], adam.state_dict()) == before


@settings(max_examples=some(25), deadline=None)
@given(
    sizes=st.lists(st.integers(1, 4), min_size=1, max_size=3),
    activation=st.sampled_from(["relu", "tanh", "sigmoid", "leaky_relu", "gelu"]),
    batch=st.integers(1, 6),
    nin=st.integers(1, 3),
    swept=st.sampled_from(["backward", "none", "other"]),
    seed=st.integers(0, 99),
)
def test_a_graph_says_what_a_way_forward_says(sizes, activation, batch, nin, swept, seed):
    rng = np.random.default_rng(seed)
    xs, ys = rng.normal(size=(batch, nin)).tolist(), rng.normal(size=batch).tolist()
    model = nn.MLP(nin, [*sizes, 1], activation, rng=seed)
    loss = nn.mse([model(x) for x in xs], ys) + nn.l2(model.parameters(), 0.01)
    if swept == "backward":
        loss.backward()
    elif swept == "other":
        (3.0 * loss).backward()
    grads = [p.grad for p in model.parameters()]
    recorder = nn.Recorder()
    recorder(model=model, batch=(xs, ys), loss=loss, optimizer=None)
    assert [p.grad for p in model.parameters()] == grads
    found = recorder.measures[0]
    wanted = nn.measure(
        model, (xs, ys), lambda scores, labels: nn.mse(scores, labels) + nn.l2(model.parameters(), 0.01)
    )
    for one, other in zip(found["layers"], wanted["layers"], strict=True):
        assert one.keys() == other.keys()
        for key, x in one.items():
            wish = pytest.approx(other[key], rel=1e-9, abs=1e-300) if isinstance(x, float) else other[key]
            assert x == wish, (one["name"], key)
    assert found["inputs"] == pytest.approx(wanted["inputs"])
    assert found["loss"] == pytest.approx(wanted["loss"])


class Own(nn.Module):
    """Two layers with an activation beside them, and operators in place of a layer."""

    def __init__(self):
        self.first, self.w = nn.Linear(2, 3, rng=1), [nn.Neuron(3, rng=2)]

    def forward(self, x):
        hidden = [v.tanh() for v in self.first(x)]
        return self.w[0](hidden) + 1.0


@pytest.mark.parametrize("make", [
    Own,
    lambda: nn.Sequential(nn.Linear(2, 3, rng=1), nn.Dropout(0.0), nn.Linear(3, 1, rng=2)),
    lambda: nn.Sequential(nn.Linear(2, 4, rng=1), nn.LayerNorm(4), nn.Linear(4, 1, rng=2)),
])  # fmt: skip
def test_models_of_other_kinds_in_a_graph(make):
    model = make()
    recorder, _ = looped(model, steps=1, loss=lambda scores, ys: nn.mse(first_of(scores), ys), lr=1e-300)
    wanted = nn.measure(model, MOONS, lambda scores, ys: nn.mse(first_of(scores), ys))
    found = recorder.measures[0]
    assert [layer["name"] for layer in found["layers"]] == [layer["name"] for layer in wanted["layers"]]
    for one, other in zip(found["layers"], wanted["layers"], strict=True):
        assert one["gradient"] == pytest.approx(other["gradient"], rel=1e-9)
        assert one["activation"] == other["activation"]


def first_of(scores):
    return [score[0] if isinstance(score, list) else score for score in scores]


def test_a_graph_that_does_not_tell_layers_apart_is_measured_otherwise():
    model = nn.Sequential(nn.Linear(2, 3, rng=1), nn.BatchNorm(3), nn.Linear(3, 1, rng=2))
    recorder = nn.Recorder()
    loss = nn.mse([score[0] for score in model([list(x) for x in MOONS[0]])], MOONS[1])
    recorder(model=model, batch=([list(x) for x in MOONS[0]], MOONS[1]), loss=loss, optimizer=None)
    found = recorder.measures[0]
    assert found == nn.measure(model, [list(x) for x in MOONS[0]])
    assert recorder.frame().readings is None


def test_a_graph_of_another_size_is_looked_at_anew():
    """Where nodes are is remembered from one graph to the next; batches and penalties come and go."""
    model, recorder, told = network([3, 1]), nn.Recorder(every=1), []
    for n in (8, 8, 5, 8, 8):
        xs, ys = (part[:n] for part in MOONS)
        loss = nn.mse([model(x) for x in xs], ys)
        loss.backward()
        told.append(by_hand(model, xs, ys, nn.mse))
        recorder(model=model, batch=(xs, ys), loss=loss, optimizer=None)
    assert np.allclose(recorder.gradients.T, told, rtol=1e-12)


def test_updates_are_those_of_the_steps():
    seen = []

    def look(record):
        seen.append([p.data for p in record.model.parameters()])

    model = network([3, 1])
    start = [p.data for p in model.parameters()]
    recorder, _ = fitted(model, 9, every=4, others=[look])
    weights = np.array([start, *seen])
    for frame in recorder.frames:
        assert np.array_equal(frame.update, weights[frame.step + 1] - weights[frame.step])
        before = weights[frame.step][:9]
        ratio = np.linalg.norm(frame.update[:9]) / np.linalg.norm(before)
        assert frame.ratios()["layers.0"] == pytest.approx(ratio, rel=1e-12)
    loop, _ = looped(network([3, 1]), 9, every=4)
    assert loop.frames[0].update is None
    assert math.isnan(loop.frames[0].ratios()["layers.0"])
    for one, other in zip(loop.frames[1:], recorder.frames[1:], strict=True):
        assert np.allclose(one.update, other.update, rtol=1e-9, atol=1e-18)


def test_sizes_on_the_map_do_not_depend_on_how_many_samples_there_are():
    """Of a mean over samples; of a sum they are as they are."""
    xs, ys = MOONS
    for loss, twice in ((nn.mse, True), (lambda scores, labels: nn.mse(scores, labels, reduction="sum"), True)):
        found = []
        for data in ((xs, ys), (xs + xs, ys + ys)):
            recorder = nn.Recorder(samples=200)
            recorder(model=network(), batch=data, loss=loss, optimizer=None)
            frame = recorder.frame()
            found.append(frame.measure()["layers"][0]["gradient"] * frame.gradient_scale())
        assert (found[0] == pytest.approx(found[1])) == (twice and loss is nn.mse)
