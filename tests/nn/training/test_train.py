"""The training loop: the same as by hand, what it records, and what Ctrl-C leaves."""

import random
import warnings

import pytest

from autograd import topological_order
from nn import (
    MLP,
    SGD,
    cross_entropy,
    evaluate,
    hinge,
    kaiming_uniform,
    load_digits,
    make_moons,
    minibatches,
    predict,
    train,
)


def small(seed=1):
    points, labels = make_moons(30, rng=seed)
    model = MLP(2, [6, 1], rng=seed)
    return model, points, labels, SGD(model.parameters(), lr=0.3, momentum=0.5)


def test_full_batches_are_the_loop_by_hand():
    model, points, labels, sgd = small()
    history = train(model, points, labels, hinge, sgd, epochs=5, schedule=lambda k: 0.3 / (k + 1))

    twin, _, _, by_hand = small()
    losses = []
    for k in range(5):
        by_hand.lr = 0.3 / (k + 1)
        loss = hinge([twin(p) for p in points], labels)
        nodes = len(topological_order(loss))
        by_hand.zero_grad()
        loss.backward()
        by_hand.step()
        losses.append(loss.data)
    assert history.loss == losses
    assert model.state_dict() == twin.state_dict()
    assert (history.nodes, history.epochs, history.interrupted) == (nodes, 5, False)
    assert history.seconds > 0.0


def test_mini_batches_are_the_loop_by_hand():
    model, points, labels, sgd = small()
    train(model, points, labels, hinge, sgd, epochs=2, batch_size=8, rng=4)
    twin, _, _, by_hand = small()
    rng = random.Random(4)
    for _ in range(2):
        for xs, ys in minibatches(points, labels, 8, rng):
            by_hand.zero_grad()
            hinge([twin(x) for x in xs], ys).backward()
            by_hand.step()
    assert model.state_dict() == twin.state_dict()


def test_accuracy_is_counted_before_each_step():
    model, points, labels, sgd = small()
    before = evaluate(model, points, labels, hinge)
    history = train(model, points, labels, hinge, sgd, epochs=1)
    assert (history.loss[0], history.accuracy[0]) == before


@pytest.mark.any_build
def test_moons_are_learnt():
    points, labels = make_moons(100, rng=1)
    model = MLP(2, [16, 16, 1], rng=1)
    history = train(
        model, points, labels, hinge, SGD(model.parameters(), 1.0), epochs=60, schedule=lambda k: 1 - 0.9 * k / 60
    )
    assert history.accuracy[-1] >= 0.97
    assert history.loss[-1] < 0.1
    fresh_points, fresh_labels = make_moons(100, rng=2)
    assert evaluate(model, fresh_points, fresh_labels, hinge)[1] >= 0.95


def test_several_classes_are_learnt():
    rng = random.Random(1)
    centres = [(0.0, 2.0), (2.0, -1.0), (-2.0, -1.0)]
    ys = [i % 3 for i in range(60)]
    xs = [[rng.gauss(c, 0.4) for c in centres[y]] for y in ys]
    model = MLP(2, [6, 3], "tanh", rng=2)
    history = train(model, xs, ys, cross_entropy, SGD(model.parameters(), 0.2, 0.9), epochs=10, batch_size=10, rng=3)
    assert history.accuracy[-1] >= 0.98
    assert predict(model, centres) == [0, 1, 2]


@pytest.mark.any_build
def test_digits_reach_ninety_percent_in_two_epochs():
    pytest.importorskip("sklearn")
    digits = load_digits()
    model = MLP(64, [24, 10], rng=1)
    kaiming_uniform(model, rng=1)
    sgd = SGD(model.parameters(), 0.1, 0.9)
    train(model, digits.train_x, digits.train_y, cross_entropy, sgd, epochs=2, batch_size=16, rng=2)
    assert evaluate(model, digits.test_x, digits.test_y, cross_entropy)[1] >= 0.9


@pytest.mark.parametrize("after", [1, 3])
def test_an_interrupt_from_the_callback_returns_what_was_trained(after):
    def interrupt(history):
        if history.epochs == after:
            raise KeyboardInterrupt

    model, points, labels, sgd = small()
    history = train(model, points, labels, hinge, sgd, epochs=50, callback=interrupt)
    assert history.interrupted
    assert history.epochs == len(history.accuracy) == after
    assert history.seconds > 0.0
    twin, *_, other = small()
    train(twin, points, labels, hinge, other, epochs=after)
    assert model.state_dict() == twin.state_dict()


def test_an_interrupt_amid_an_epoch_keeps_the_epochs_before_it():
    model, points, labels, sgd = small()
    calls = 0

    def interrupted_model(x):
        nonlocal calls
        calls += 1
        if calls == 2 * len(points) + 5:
            raise KeyboardInterrupt
        return model(x)

    history = train(interrupted_model, points, labels, hinge, sgd, epochs=50)
    assert history.interrupted
    assert history.epochs == 2


def test_an_interrupt_before_the_first_epoch_ends():
    model, points, labels, sgd = small()
    before = model.state_dict()

    def loss(scores, ys):
        raise KeyboardInterrupt

    history = train(model, points, labels, loss, sgd, epochs=5)
    assert (history.interrupted, history.loss, history.nodes) == (True, [], 0)
    assert model.state_dict() == before


def test_other_errors_pass_through():
    def fail(history):
        raise RuntimeError("mine")

    model, points, labels, optimiser = small()
    with pytest.raises(RuntimeError, match="mine"):
        train(model, points, labels, hinge, optimiser, epochs=2, callback=fail)


def test_a_progress_bar_is_closed_and_shows_the_loss(capsys, monkeypatch):
    tqdm = pytest.importorskip("tqdm")
    shown = []

    class Bar(tqdm.tqdm):
        def __init__(self, *args, disable=None, **kwargs):
            assert disable is None  # no bar where there is no terminal
            super().__init__(*args, disable=False, **kwargs)
            shown.append(self)

    monkeypatch.setattr(tqdm, "tqdm", Bar)
    model, points, labels, sgd = small()
    train(model, points, labels, hinge, sgd, epochs=3, progress="moons")
    assert (shown[0].n, shown[0].total) == (3, 3)
    text = capsys.readouterr().err
    assert "moons" in text
    assert "loss 0." in text
    with pytest.raises(ZeroDivisionError):
        train(model, points, labels, hinge, sgd, epochs=3, progress="moons", callback=lambda _: 1 / 0)
    assert all(bar.disable for bar in shown)  # what tqdm calls a closed bar


def test_no_bar_is_shown_off_a_terminal_and_tqdm_is_only_needed_for_one(capsys, monkeypatch):
    model, points, labels, sgd = small()
    train(model, points, labels, hinge, sgd, epochs=1, progress="moons")
    assert capsys.readouterr().err == ""
    monkeypatch.setitem(__import__("sys").modules, "tqdm", None)
    train(model, points, labels, hinge, sgd, epochs=1)
    with pytest.raises(ImportError, match=r"tqdm cannot be imported .*: pip install chainrule\[demo\]"):
        train(model, points, labels, hinge, sgd, epochs=1, progress="moons")


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"epochs": 0}, ValueError, "epochs: expected 1 or more, got 0"),
        ({"epochs": 1.0}, TypeError, "epochs: expected a whole number"),
        ({"batch_size": 0}, ValueError, "batch_size: expected 1 or more, got 0"),
        ({"ys": [1]}, ValueError, "30 samples but 1 labels"),
        ({"xs": [], "ys": []}, ValueError, "no samples"),
        ({"loss": lambda scores, ys: 1.0}, TypeError, r"loss\(scores, labels\) gave a float; expected a Value"),
        ({"rng": "x"}, TypeError, "rng: expected None"),
        ({"schedule": lambda k: -1.0}, ValueError, "learning rate is positive"),
    ],
)
def test_what_is_refused(change, error, message):
    model, points, labels, sgd = small()
    arguments = {"xs": points, "ys": labels, "loss": hinge, "optimiser": sgd, "epochs": 1} | change
    before = model.state_dict()
    with pytest.raises(error, match=message):
        train(model, **arguments)
    assert model.state_dict() == before
    with pytest.raises(ValueError, match="30 samples but 1 labels"):
        evaluate(model, points, [1], hinge)


@pytest.mark.parametrize("compiled", [False, True])
def test_a_loss_that_is_no_function_is_named(compiled):
    model = MLP(2, [1], rng=1)
    with pytest.raises(TypeError, match="train: loss is 'hinge'; it is a function"):
        train(model, [[1.0, 2.0]], [1], "hinge", SGD(model.parameters(), lr=0.1), epochs=1, compiled=compiled)


@pytest.mark.parametrize("compiled", [False, True])
def test_an_optimiser_of_another_model_is_warned_of(compiled):
    model, other = MLP(2, [1], rng=1), MLP(2, [1], rng=1)
    samples, labels = [[1.0, 2.0], [0.5, 1.0]], [1, -1]
    with pytest.warns(UserWarning, match="none of the optimiser's parameters") as caught:
        train(model, samples, labels, hinge, SGD(other.parameters(), lr=0.1), epochs=2, compiled=compiled)
    assert [w.filename for w in caught] == [__file__]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        train(model, samples, labels, hinge, SGD(model.parameters()[:1], lr=0.1), epochs=2, compiled=compiled)
