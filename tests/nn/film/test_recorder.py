"""A recorder: which steps it records, what it is told, what it refuses, and what of it is left whatever happens."""

import copy
import pickle
import random
import time

import numpy as np
import pytest

import autograd
import nn
from autograd import Value
from nn.film import recorder as module
from tests.nn.film.runs import MOONS, fitted, looped, network

pytestmark = pytest.mark.any_build

LOSSES = {
    "value": lambda value: value,
    "number": lambda value: value.data,
    "function": lambda value: nn.hinge,
    "name": lambda value: "hinge",
    "array": lambda value: np.array(value.data),
}


def test_every_so_many_steps_and_the_loss_of_each():
    history = []
    recorder, _ = fitted(epochs=12, every=5, others=[lambda record: history.append(record.loss)])
    assert recorder.steps == [0, 5, 10]
    assert len(recorder) == 3
    assert [step for step, _ in recorder.losses] == list(range(12))
    assert [loss for _, loss in recorder.losses] == history
    assert [frame.loss for frame in recorder.frames] == history[::5]
    assert [frame.epoch for frame in recorder.frames] == [0, 5, 10]
    assert fitted(epochs=2, every=3, batch_size=8)[0].steps == [0, 3, 6, 9]
    assert repr(recorder) == "<Recorder: 3 steps recorded, 0, 5 and 10>"


def dropping():
    return nn.Sequential(nn.Linear(2, 6, rng=1), nn.Dropout(0.3), nn.Linear(6, 2, rng=2))


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize("make", [network, dropping])
def test_a_run_is_the_same_with_it(compiled, make):
    alone, model = make(), make()
    data = MOONS[0], [max(y, 0) for y in MOONS[1]]
    options = {"loss": "mse" if make is network else "cross_entropy", "batch_size": 16, "compiled": compiled}
    nn.fit(alone, data, optimizer=nn.Adam(alone.parameters()), epochs=9, seed=1, progress=False, **options)
    recorder, _ = fitted(
        model, 9, every=2, data=data, optimizer=nn.Adam(model.parameters()), others=[recorded], **options
    )  # fmt: skip
    state = random.getstate()
    recorder.diagnose()
    assert recorder.measures
    assert random.getstate() == state
    assert model.state_dict() == alone.state_dict()


def recorded(record):
    """Another callback that looks at everything amid the run."""
    watcher = nn.Recorder(every=1)
    watcher(record)
    watcher.diagnose()


def test_a_compiled_run_stays_compiled_and_tells_of_wanted_steps_alone():
    told = []

    class Told(nn.Recorder):
        def __call__(self, record=None, **given):
            told.append(record.step)
            super().__call__(record, **given)

    model = network()
    history = nn.fit(model, MOONS, loss="hinge", epochs=12, callbacks=[Told(every=5)], progress=False)
    assert history.way == "rows"
    assert told == [0, 5, 10]


@pytest.mark.parametrize("how", LOSSES)
def test_a_loop_of_ones_own(how):
    recorder, model = looped(steps=12, every=5, given=LOSSES[how])
    assert recorder.steps == [0, 5, 10]
    assert recorder.frame().weights.tolist() != [p.data for p in model.parameters()]  # a step later there were more
    assert len(recorder.losses) == (0 if how in ("function", "name") else 12)
    found = recorder.measures[-1]
    assert [layer["name"] for layer in found["layers"]] == ["layers.0", "layers.1"]
    text = recorder.diagnose()
    assert text.startswith("step 10, loss 0." if recorder.losses else "step 10\n")
    assert nn.Recorder().losses == []


def test_a_number_alone_is_measured_by_the_squares_of_the_outputs_unless_the_loss_is_known():
    recorder, model = looped(steps=1, given=lambda value: value.data)
    assert recorder.measures[0] == nn.measure(model, MOONS[0], None, recorder.frame().take.optimizer)
    assert "of the sum of the outputs' squares, as the loss was not told" in recorder.diagnose()
    recorder, model = looped(steps=1, given=lambda value: value.data, recorder=nn.Recorder(loss="hinge"))
    assert recorder.measures[0] == nn.measure(model, MOONS, "hinge", recorder.frame().take.optimizer)
    assert "squares" not in recorder.diagnose()


def test_of_large_batches_some_samples_are_kept():
    recorder, _ = fitted(data=nn.make_moons(200, rng=1), epochs=1)
    kept = recorder.frame().kept
    assert (len(kept.samples), len(kept.labels), kept.total) == (64, 64, 200)
    assert abs(sum(kept.labels)) <= 4, "evenly out of both classes"
    array = np.arange(12.0).reshape(6, 2)
    recorder = nn.Recorder(samples=3)
    recorder(model=network(), batch=(array, np.arange(6)), loss=0.5, optimizer=None)
    array[:] = 0.0
    assert recorder.frame().kept.samples == [[0.0, 1.0], [4.0, 5.0], [10.0, 11.0]]


def test_one_batch_is_kept_once():
    recorder, _ = fitted(epochs=11)
    assert len({id(frame.kept) for frame in recorder.frames}) == 1
    recorder, _ = fitted(epochs=11, batch_size=8)
    assert len({id(frame.kept) for frame in recorder.frames}) == len(recorder)


def test_what_a_frame_keeps():
    model = network()
    adam = nn.Adam(model.parameters(), lr=0.05)
    recorder, _ = fitted(model, 6, optimizer=adam)
    frame = recorder.frame()
    assert frame.weights.tolist() == [p.data for p in model.parameters()]
    assert frame.grads.tolist() == [p.grad for p in model.parameters()]
    assert frame.names == [name for name, _ in model.named_parameters()]
    assert frame.lr == 0.05
    assert [x.tolist() for x in frame.state["state"][0].values() if hasattr(x, "tolist")] == [
        x for x in adam.state_dict()["state"][0].values() if isinstance(x, list)
    ]


def test_rewinding():
    seen = []
    recorder, model = fitted(
        epochs=11, others=[lambda record: seen.append([p.data for p in record.model.parameters()])]
    )
    recorder.rewind(5)
    assert [p.data for p in model.parameters()] == seen[5]
    recorder.rewind()
    assert [p.data for p in model.parameters()] == seen[10]
    model.layers.append(nn.Layer(1, 1))
    with pytest.raises(ValueError, match=r"rewind: step 10: the model has another shape now"):
        recorder.rewind()


def test_buffers_are_kept_too():
    model = nn.Sequential(nn.Linear(2, 3, rng=1), nn.BatchNorm(3), nn.Linear(3, 1, rng=2))
    recorder, _ = fitted(model, 6, data=([list(x) for x in MOONS[0]], MOONS[1]), loss=lambda scores, ys: nn.hinge(
        [score[0] for score in scores], ys))  # fmt: skip
    assert recorder.frame(0).buffers.tolist() != recorder.frame(5).buffers.tolist()
    now = [b.data for b in model.buffers()]
    assert len(recorder.measures) == 2
    assert [b.data for b in model.buffers()] == now
    recorder.rewind(0)
    assert [b.data for b in model.buffers()] == recorder.frame(0).buffers.tolist()


# --- whatever happens ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError, nn.StopTraining])
def test_what_was_recorded_before_an_end_is_there(tmp_path, error):
    def fail(record):
        if record.step == 7:
            raise error("enough")

    recorder, model = nn.Recorder(every=3), network()
    try:
        nn.fit(model, MOONS, loss="hinge", epochs=20, callbacks=[recorder, fail], progress=False)
    except RuntimeError:
        assert error is RuntimeError
    assert recorder.steps == [0, 3, 6]
    assert len(recorder.losses) == 8
    recorder.save(tmp_path / "run.html")
    assert "healthy" in recorder.diagnose() or ": " in recorder.diagnose()


def test_a_page_that_cannot_be_written_is_one_error(tmp_path):
    recorder, _ = fitted(epochs=1)
    with pytest.raises(FileNotFoundError) as caught:
        recorder.save(tmp_path / "nowhere" / "run.html")
    assert caught.value.__context__ is None
    with pytest.raises(ValueError, match=r"give a path that ends in \.html, not 'run\.png'"):
        recorder.save(tmp_path / "run.png")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "ask",
    ["diagnose", "gradient_flow", "update_ratio", "shares", "histograms", "network", "boundary", "rewind", "frame"],
)
def test_nothing_recorded_says_so(ask):
    with pytest.raises(ValueError, match=r"nothing was recorded so far: train with fit\(callbacks="):
        getattr(nn.Recorder(), ask)()
    with pytest.raises(ValueError, match=r"Recorder\.save: nothing was recorded"):
        nn.Recorder().save("run.html")
    assert nn.Recorder().gradients.shape == (0, 0)
    assert repr(nn.Recorder()) == "<Recorder: 0 steps recorded>"


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"every": 0}, ValueError, "Recorder: every: expected 1 or more, got 0"),
        ({"every": -3}, ValueError, "expected 1 or more"),
        ({"every": 2.5}, TypeError, "every: expected a whole number, got float 2.5"),
        ({"every": True}, TypeError, "every: expected a whole number"),
        ({"every": "5"}, TypeError, "every: expected a whole number, got str '5'"),
        ({"samples": 0}, ValueError, "samples: expected 1 or more"),
        ({"loss": 3}, TypeError, "loss is 3; it is a function of scores and labels, or its name"),
        ({"loss": "hinges"}, ValueError, "hinge"),
    ],
)
def test_settings_that_are_refused(given, error, message):
    with pytest.raises(error, match=message):
        nn.Recorder(**given)


def test_calls_that_are_refused():
    model, recorder = network(), nn.Recorder(every=1)
    every = {"model": model, "batch": MOONS, "loss": 0.5, "optimizer": None}
    for lacking, said in (
        (["loss"], "loss= is missing"), (["batch", "optimizer"], "batch=, optimizer= are missing"),
        (list(every), "model=, batch=, loss=, optimizer= are missing"),
    ):  # fmt: skip
        with pytest.raises(TypeError, match=said):
            recorder(**{name: x for name, x in every.items() if name not in lacking})
    for name, x, said in (
        ("model", 3, "model is 3; expected a module"), ("model", nn.MLP, "model is .*expected a module"),
        ("loss", None, "loss is None; expected a Value, a number"), ("loss", [1.0], r"loss is \[1.0\]"),
        ("loss", np.array([1.0, 2.0]), "loss is array"), ("batch", 3, "Recorder: batch: expected a list"),
    ):  # fmt: skip
        with pytest.raises(TypeError, match=said):
            recorder(**{**every, name: x})
    for batch, said in (
        (([], []), "no samples"),
        (([[1.0, 2.0]], [1, 2]), "1 samples but 2 labels"),
        ([], "no samples"),
    ):
        with pytest.raises(ValueError, match=said):
            recorder(**{**every, "batch": batch})
    with pytest.raises(TypeError, match=r"got <History: .*without model, batch, optimizer"):
        recorder(nn.History(loss=[0.5]))
    assert recorder.frames == []
    recorder.forget()
    recorder(**every)
    with pytest.raises(ValueError, match=r"step 7 was not recorded; 0 was, and -1 is the last of them"):
        recorder.frame(7)
    with pytest.raises(TypeError, match="whole number"):
        recorder.diagnose(0.5)
    with pytest.raises(ValueError, match="expected -1 or more, got -2"):
        recorder.diagnose(-2)


def test_a_model_without_layers(tmp_path):
    w, b = Value(0.5, label="w"), Value(0.0, label="<b>")
    recorder, sgd = nn.Recorder(every=2), nn.SGD([w, b], lr=0.1)
    nn.fit(
        lambda x: w * x + b, ([1.0, 2.0, 3.0], [3.0, 5.0, 7.5]), loss="mse", optimizer=sgd, epochs=5,
        callbacks=[recorder], progress=False,
    )  # fmt: skip
    assert recorder.frame().names == ["w", "<b>"]
    assert recorder.gradients.shape == (1, 3)
    assert list(recorder.frame().ratios()) == ["parameters"]
    assert recorder.diagnose()
    recorder.save(tmp_path / "run.html")
    assert "is a function, and not a module" in (tmp_path / "run.html").read_text()
    recorder.rewind(0)
    assert [w.data, b.data] == recorder.frame(0).weights.tolist()


def test_a_loss_that_is_not_finite(tmp_path):
    recorder, model = looped(steps=4, every=1, given=lambda value: value * float("nan"))
    assert all(loss != loss for _, loss in recorder.losses)
    assert "exploding: layers.1 receives a gradient that is not finite" in recorder.diagnose()
    recorder.save(tmp_path / "run.html")
    with pytest.warns(UserWarning, match="stopped"):
        recorder, _ = fitted(
            model, 9, every=1, loss=lambda s, y: nn.hinge(s, y) * (1e308 if model.layers else 1) * 1e308
        )
    assert recorder.steps == []


def test_many_fits_one_after_the_other():
    recorder, model = nn.Recorder(every=5), network()
    for _ in range(2):
        nn.fit(model, MOONS, loss="hinge", epochs=7, callbacks=[recorder], progress=False)
    assert recorder.steps == [0, 5, 10]
    assert [step for step, _ in recorder.losses] == list(range(14))
    nn.fit(network([2, 1]), MOONS, loss="hinge", epochs=7, callbacks=[recorder], progress=False)
    assert recorder.steps == [0, 5, 10, 15, 20]
    assert len(recorder.measures) == 5
    recorder.forget()
    assert (recorder.steps, recorder.losses) == ([], [])
    nn.fit(model, MOONS, loss="hinge", epochs=1, callbacks=[recorder], progress=False)
    assert recorder.steps == [0]


def test_too_much_is_thinned(monkeypatch):
    monkeypatch.setattr(module, "MOST_NUMBERS", 8 * 4 * 17)
    recorder, _ = fitted(epochs=60, every=2)
    assert (recorder.every, recorder.spacing) == (2, 8)
    assert recorder.steps == list(range(0, 60, 8))
    assert len(recorder.losses) == 60


def test_copies_go_on_by_themselves():
    recorder, model = looped(steps=6)
    for twin in (copy.copy(recorder), copy.deepcopy(recorder), pickle.loads(pickle.dumps(recorder))):
        assert twin.steps == recorder.steps == [0, 5]
        assert twin.diagnose() == recorder.diagnose()
        assert np.array_equal(twin.gradients, recorder.gradients)
        looped(model, 5, recorder=twin)
        assert twin.steps == [0, 5, 10]
    assert recorder.steps == [0, 5]


def test_what_cannot_be_pickled_is_measured_before():
    w = network([3, 1])
    recorder = nn.Recorder(every=1, loss=lambda scores, ys: nn.hinge(scores, ys))
    recorder(model=lambda x: w(x), batch=MOONS, loss=0.5, optimizer=None)
    recorder(model=w, batch=MOONS, loss=0.5, optimizer=nn.SGD(w.parameters()))
    twin = pickle.loads(pickle.dumps(recorder))
    assert twin.measures == recorder.measures
    assert twin.frame(1).weights.tolist() == recorder.frame(1).weights.tolist()
    assert twin.frame(0).ratios().keys() == recorder.frame(0).ratios().keys()
    with pytest.raises(ValueError, match="not to be pickled"):
        twin.boundary(0)


# --- what it costs ---------------------------------------------------------------------------------------------------


def seconds(run, *args):
    began = time.process_time()  # what others do on this machine meanwhile does not count
    run(*args)
    return time.process_time() - began


@pytest.mark.skipif(not autograd.native, reason="the interpreted engine is another measure")
@pytest.mark.parametrize("way", ["loop", "fit"])
def test_recording_every_fifth_of_100_steps_costs_less_than_30_percent(way):
    """In turns, the least time of each, until it is so; it is measured with numbers by `tests.benchmarks.recorder`.

    So many turns that on a machine of changing speed both meet the fastest.
    """
    from tests.benchmarks.recorder import WAYS

    alone, recorded = WAYS[way]
    least = [float("inf")] * 2
    for _ in range(60):
        least = [min(best, seconds(run)) for best, run in zip(least, (alone, recorded), strict=True)]
        if least[1] < 1.3 * least[0]:
            return
    raise AssertionError(f"{way}: {least[0]:.4f} s without, {least[1]:.4f} s with it")
