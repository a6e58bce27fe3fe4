"""A model that changes while it is recorded: earlier frames are as they were."""

import pickle

import numpy as np
import pytest

import nn
from autograd import Value
from tests.nn.film.runs import MOONS, fitted, looped, network

pytestmark = pytest.mark.any_build


def test_a_model_that_changes_its_shape_in_the_middle(tmp_path):
    model, recorder = network([3, 1]), nn.Recorder(every=2)
    looped(model, 4, recorder=recorder)
    early = nn.measure(model, MOONS, nn.hinge)  # of step 3
    recorder(model=model, batch=MOONS, loss=nn.hinge, optimizer=None)  # step 4, the same weights
    model.layers.insert(1, nn.Layer(3, 3, "relu", rng=2))
    looped(model, 4, recorder=recorder)
    assert recorder.steps == [0, 2, 4, 6, 8]
    assert len({id(frame.take) for frame in recorder.frames}) == 3  # the optimiser is another, too
    assert recorder.frame(4).measure()["layers"] == early["layers"]
    assert recorder.gradients.shape == (3, 5)
    assert np.isnan(recorder.gradients[2, :3]).all()
    recorder.save(tmp_path / "run.html")
    assert [len(frame.weights) for frame in recorder.frames] == [13, 13, 13, 25, 25]


@pytest.mark.parametrize("change", [
    lambda model: model.layers.insert(1, nn.Layer(3, 3, "relu", rng=2)),
    lambda model: model.layers.pop(),
    lambda model: model.layers[0].neurons[0].w.__setitem__(0, Value(2.0)),
    lambda model: setattr(model.layers[0].neurons[0], "b", Value(2.0)),
    lambda model: setattr(model.layers[0], "neurons", list(reversed(model.layers[0].neurons))),
    lambda model: model.eval(),
    lambda model: setattr(model, "more", np.zeros(2)),
])  # fmt: skip
def test_whatever_is_changed_earlier_frames_are_as_they_were(change):
    model, recorder = network([3, 1]), nn.Recorder(every=1)
    given = {"model": model, "batch": MOONS, "optimizer": None}
    xs, ys = [list(x) for x in MOONS[0]], MOONS[1]

    def loss(scores, labels):
        return nn.mse([score[0] if isinstance(score, list) else score for score in scores], labels)

    wanted = []
    for k in range(3):
        wanted.append(nn.measure(model, (xs, ys), loss))
        recorder(**given, loss=loss)
        if k == 0:
            change(model)
    assert len({id(frame.take) for frame in recorder.frames}) == 2
    assert recorder.measures == wanted


def test_a_function_that_uses_a_module_that_changes_its_shape():
    module_, recorder = network([3, 1]), nn.Recorder(every=1)

    def model(x):
        return module_(x) * 2.0

    recorder(model=model, batch=MOONS, loss=nn.hinge, optimizer=None)
    module_.layers.append(nn.Layer(1, 1, rng=1))
    with pytest.raises(ValueError, match=r"step 0 cannot be measured: the model has been changed since, and no copy"):
        recorder.frame().measure()
    assert "not measured: step 0 cannot be measured" in recorder.diagnose()
    with pytest.raises(ValueError, match="cannot be measured"):
        recorder.gradient_flow()


def test_the_pickle_of_a_model_that_changed_since_has_it_as_it_was():
    recorder, model = fitted(epochs=6)
    model.layers.append(nn.Layer(1, 1, rng=1))
    twin = pickle.loads(pickle.dumps(recorder))
    assert twin.measures == recorder.measures
