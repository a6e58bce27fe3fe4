"""Compiled training: the losses of eager training, for any model that can be recorded and any loss."""

import math
import random
import warnings

import numpy as np
import pytest

import autograd
from autograd import RecordingError, Value, topological_order
from nn import MLP, SGD, Module, cross_entropy, decide, hinge, kaiming_uniform, l2, load_digits, make_moons, mse, train
from nn.training.passes import MAX_PATHS, CompiledPasses, Passes

FEW = 20 if not autograd.native else 100


def both(build, **options):
    """What `train` gives eagerly and compiled, each on a model of its own, and the numbers of their parameters."""
    found = []
    for compiled in (False, True):
        model, xs, ys, loss, optimiser = build()
        history = train(model, xs, ys, loss, optimiser, compiled=compiled, **options)
        found.append((history, [p.data for p in optimiser.parameters], [p.grad for p in optimiser.parameters]))
    return found


def assert_same(build, **options):
    (eager, numbers, grads), (compiled, our_numbers, our_grads) = both(build, **options)
    assert max(abs(a - b) for a, b in zip(eager.loss, compiled.loss, strict=True)) < 1e-10
    assert compiled.accuracy == eager.accuracy
    assert compiled.nodes == eager.nodes
    assert our_numbers == pytest.approx(numbers, rel=1e-9, abs=1e-10)
    assert our_grads == pytest.approx(grads, rel=1e-7, abs=1e-10)
    return compiled


def moons(loss=hinge, outputs=1, activation="relu", **options):
    points, labels = make_moons(50, rng=1)
    model = MLP(2, [6, outputs], activation, rng=1)
    ys = [max(label, 0) for label in labels] if outputs > 1 else labels
    return model, points, ys, loss, SGD(model.parameters(), **{"lr": 0.5} | options)


# --- the same as eager ---


def test_a_hundred_steps_on_the_moons():
    def build():
        points, labels = make_moons(100, noise=0.1, rng=1)
        model = MLP(2, [16, 16, 1], rng=2)
        parameters = model.parameters()
        penalised = lambda scores, labels: hinge(scores, labels) + l2(parameters, 1e-4)  # noqa: E731
        return model, points, labels, penalised, SGD(parameters, lr=1.0)

    history = assert_same(build, epochs=FEW, schedule=lambda k: 1.0 - 0.9 * k / FEW)
    assert history.loss[-1] < (0.1 if FEW == 100 else 0.3)


def test_a_hundred_mini_batches_of_digits():
    pytest.importorskip("sklearn")
    digits = load_digits()
    n = 1438 if autograd.native else 150  # not a multiple of 16: the last batch is smaller

    def build():
        model = MLP(64, [32 if autograd.native else 8, 10], rng=1)
        kaiming_uniform(model, rng=1)
        sgd = SGD(model.parameters(), lr=0.1, momentum=0.9)
        return model, digits.train_x[:n], digits.train_y[:n], cross_entropy, sgd

    history = assert_same(build, epochs=2, batch_size=16, rng=5)
    assert history.accuracy[-1] > (0.5 if autograd.native else 0.2)


def test_batches_are_drawn_in_the_order_of_eager_training():
    random.seed(3)
    eager = both(moons, epochs=2, batch_size=7)[0][0]
    random.seed(3)
    model, xs, ys, loss, sgd = moons()
    compiled = train(model, xs, ys, loss, sgd, epochs=2, batch_size=7, compiled=True)
    assert compiled.loss == pytest.approx(eager.loss, rel=1e-12)


@pytest.mark.parametrize("loss", [hinge, mse])
def test_losses_of_one_output(loss):
    assert_same(lambda: moons(loss, activation="tanh", lr=0.1), epochs=5, batch_size=20, rng=1)


def test_the_first_step_is_the_eager_one_to_the_bit():
    (eager, numbers, _), (compiled, ours, _) = both(moons, epochs=1)
    assert (compiled.loss, ours) == (eager.loss, numbers)


def test_a_loss_need_not_be_a_mean_over_samples():
    def worst(scores, labels):
        """The worst two margins, their product, and a term that knows its batch."""
        first, second = sorted([1.0 - y * s for s, y in zip(scores, labels, strict=True)], reverse=True)[:2]
        return first * second + autograd.sum(scores) ** 2 / len(scores) ** 2

    assert_same(lambda: moons(worst, activation="tanh", lr=0.01), epochs=6, batch_size=8, rng=2)


def test_a_loss_may_branch_on_labels_and_use_them_as_it_likes():
    def weighed(scores, labels):
        names = {0: "none", 1: "one"}
        terms = []
        for i, (row, label) in enumerate(zip(scores, labels, strict=True)):
            assert type(label) is int
            wrong = row[1 - label] - row[label]
            terms.append(wrong.exp() if names[label] == "one" else 0.5 * wrong.relu() + i * 0.01 * wrong)
        return autograd.sum(terms)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert_same(lambda: moons(weighed, outputs=2, lr=0.01), epochs=4, batch_size=12, rng=2)


def test_a_loss_that_draws_random_numbers_draws_the_same():
    def build():
        rng = random.Random(7)
        return moons(lambda scores, labels: hinge([s + rng.gauss(0.0, 0.1) for s in scores], labels))

    assert_same(build, epochs=4)


def test_a_loss_may_use_the_model_once_more():
    def build():
        model, xs, ys, _, sgd = moons()
        return model, xs, ys, lambda scores, labels: hinge(scores, labels) + 0.1 * model([9.0, 9.0]) ** 2, sgd

    assert_same(build, epochs=4)


def test_a_model_that_branches_is_followed():
    class Folded(Module):
        def __init__(self):
            self.a, self.b = Value(0.5), Value(-0.3)

        def __call__(self, x):
            return self.a * x[0] if x[0] > x[1] else self.b * x[1] + self.a

    def build():
        model = Folded()
        return model, *make_moons(30, rng=1), hinge, SGD(model.parameters(), 0.1)

    assert_same(build, epochs=5, batch_size=7, rng=1)


def test_a_model_of_more_paths_than_are_kept_is_trained_eagerly():
    def build():
        w = [Value(0.1 * k) for k in range(8)]

        def model(x):
            return autograd.sum([p * x[0] if p * x[0] + x[1] > 0.1 * k else p * x[1] for k, p in enumerate(w)])

        rng = random.Random(1)
        xs = [[rng.gauss(0, 1), rng.gauss(0, 1)] for _ in range(80)]
        return model, xs, [1 if x > y else -1 for x, y in xs], hinge, SGD(w, 0.3)

    calls = []
    eager = Passes.forward
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        patch.setattr("nn.training.passes.MAX_PATHS", 4)
        patch.setattr("nn.training.passes.Passes.forward", lambda *args: calls.append(1) or eager(*args))
        assert_same(build, epochs=4)
        assert len(calls) == 4 + 4
        assert_same(build, epochs=1, batch_size=1, rng=1)  # the paths are too many only after some steps
    assert MAX_PATHS == 64


@pytest.mark.parametrize(
    "shape",
    [lambda x: x, tuple, np.array, lambda x: ([x[0]], [x[1]]), lambda x: np.array(x)[:, None], lambda x: Point(*x)],
    ids=["list", "tuple", "array", "nested", "matrix", "namedtuple"],
)
def test_a_sample_keeps_its_form(shape):
    first = shape([1.0, 2.0])
    seen = set()

    def build():
        w = [Value(0.3), Value(-0.2)]

        def model(x):
            seen.add((type(x), type(x[1]) in (list, np.ndarray)))
            a, b = x.ravel() if isinstance(x, np.ndarray) else [part[0] if type(part) is list else part for part in x]
            return w[0] * a + w[1] * b

        points, labels = make_moons(10, rng=1)
        return model, [shape(list(p)) for p in points], labels, hinge, SGD(w, 0.1)

    assert_same(build, epochs=3)
    assert seen == {(type(first), type(first[1]) in (list, np.ndarray))}


class Point(tuple):  # stands for a namedtuple, whose class is called with its parts
    __slots__ = ()

    def __new__(cls, x, y):
        return super().__new__(cls, (x, y))

    @classmethod
    def _make(cls, parts):
        return cls(*parts)


def test_samples_of_one_number_and_scores_in_tuples():
    def build():
        w = Value(0.5)
        xs = [0.1 * k - 1.0 for k in range(20)]
        return lambda x: (w * x, 0.25), xs, [int(x < 0.5) for x in xs], cross_entropy, SGD([w], 0.5)

    assert_same(build, epochs=5, batch_size=6, rng=1)


def test_scores_reach_the_loss_in_the_form_of_the_model():
    kinds = []

    def loss(scores, labels):
        kinds.append((type(scores), type(scores[0]), type(scores[0][0])))
        return cross_entropy(scores, labels)

    w = Value(0.5)
    train(lambda x: (w * x, -w * x), [1.0, 2.0], [0, 1], loss, SGD([w], 0.1), epochs=3, compiled=True)
    assert kinds == [(list, tuple, Value)] * 3


def test_a_loss_may_take_its_lists_apart():
    for several in (False, True):
        w = Value(3.0)
        passes = CompiledPasses(lambda x, w=w, several=several: [w * x, w * w] if several else w * x, [2.0, 5.0])
        for _ in range(3):
            w.grad = 0.0
            scores = passes.forward([0, 1])
            row = scores.pop()
            ((row.pop(0) if several else row) * 10.0).backward()
            scores.clear()
            passes.backward()
            assert w.grad == 50.0


def test_parameters_that_are_computed_from_others_pass_their_gradient_on():
    def build():
        raw = Value(0.2)
        rate = raw.exp()  # made once: its data stays, but the gradient goes on to `raw`
        return lambda x: rate * x[0] - x[1], *make_moons(10, rng=1), hinge, SGD([raw], 0.1)

    assert_same(build, epochs=3)


def test_a_sample_that_the_loss_passes_over_sends_nothing_back():
    def build():
        w = Value(0.5)
        xs, ys = [4.0, 1.0, 0.0], [1, -1, 1]  # the slope of the root is infinite at 0
        return lambda x: w * x + (w * x).sqrt(), xs, ys, lambda s, y: hinge(s[:2], y[:2]), SGD([w], 0.01)

    history = assert_same(build, epochs=3)
    assert all(math.isfinite(x) for x in history.loss)


def test_a_loss_of_one_score_among_several():
    def build():
        model, xs, ys, _, sgd = moons(outputs=3)
        return model, xs, ys, lambda scores, labels: hinge([row[1] for row in scores], [1] * len(scores)), sgd

    assert_same(build, epochs=4)


def test_a_batch_of_all_samples_is_shuffled_too():
    assert_same(moons, epochs=4, batch_size=50, rng=1)


def test_a_loss_that_depends_on_no_score():
    def build():
        model, xs, ys, _, sgd = moons()
        return model, xs, ys, lambda scores, labels: l2(model.parameters(), 0.1), sgd

    assert_same(build, epochs=3)


def test_after_the_first_step_the_model_is_not_called():
    model, xs, ys, loss, sgd = moons()
    calls = []

    def counted(x):
        calls.append(x)
        return model(x)

    train(counted, xs, ys, loss, sgd, epochs=30, compiled=True)
    assert len(calls) == len(xs) + 2


def test_a_label_that_is_none_is_refused_as_ever():
    model, xs, ys, loss, sgd = moons()
    ys[13] = 5
    with pytest.raises(ValueError, match="hinge: label 13 is 5; labels are -1 or 1"):
        train(model, xs, ys, loss, sgd, epochs=1, compiled=True)


def test_interrupts_return_what_was_trained():
    model, xs, ys, loss, sgd = moons()
    steps = []

    def interrupted(scores, labels):
        steps.append(1)
        if len(steps) == 8:
            raise KeyboardInterrupt
        return loss(scores, labels)

    history = train(model, xs, ys, interrupted, sgd, epochs=20, compiled=True)
    assert (history.interrupted, history.epochs) == (True, 7)
    twin, xs, ys, loss, other = moons()
    train(twin, xs, ys, loss, other, epochs=7, compiled=True)
    assert model.state_dict() == twin.state_dict()


# --- refused ---


def refused(model, xs, error, message, parameters=None):
    w = parameters or [Value(0.5)]
    with pytest.raises(error, match=message):
        train(lambda x: model(w[0], x), xs, [1] * len(xs), hinge, SGD(w, 0.1), epochs=3, compiled=True)
    assert w[0].data == 0.5


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (lambda w, x: w * x[0] * w.data, r"compiled=True needs a model that can be recorded, .*reading \.data"),
        (lambda w, x: w * [1.0, 2.0][int(x[0])], r"compiled=True needs a model that can be recorded, .*int\(Value\)"),
        (lambda w, x: w * {1.0: 2.0}[x[0]], "compiled=True needs a model that can be recorded"),
        (lambda w, x: w * math.sin(x[0]), r"compiled=True needs a model that can be recorded, .*float\(Value\)"),
    ],
)
def test_models_that_cannot_be_recorded(model, message):
    refused(model, [[1.0], [1.0]], RecordingError, message)


def test_a_model_that_draws_random_numbers():
    rng = random.Random(1)
    refused(lambda w, x: w * x * rng.choice([0.5, 1.0, 2.0]), [1.0] * 9, ValueError, "gives the same each time")


def test_what_the_model_itself_refuses_comes_as_it_is():
    def model(w, x):
        if x > 3.0:
            raise ZeroDivisionError("mine")
        return w * x

    w = [Value(0.5)]
    for size, xs in ((None, [1.0, 4.0]), (1, [1.0] * 5 + [4.0])):
        with pytest.raises(ZeroDivisionError, match="mine"):
            train(
                lambda x: model(w[0], x), xs, [1] * len(xs), hinge, SGD(w, 0.1), epochs=1, batch_size=size, rng=1,
                compiled=True,
            )  # fmt: skip


@pytest.mark.parametrize(
    ("xs", "error", "message"),
    [
        ([[1.0], [1.0, 2.0]], ValueError, "lists, tuples or arrays of numbers, all of one shape"),
        (["1.0", "2.0"], TypeError, "needs samples that are numbers, .* got '1.0'"),
        ([None, None], TypeError, "needs samples that are numbers, .* got None"),
        ([[Value(1.0)], [Value(2.0)]], TypeError, "needs samples that are numbers"),
        ([1j, 2j], TypeError, "needs samples that are numbers"),
        ([{"a": 1.0}], TypeError, "needs samples that are numbers"),
    ],
)
def test_samples_that_are_refused(xs, error, message):
    refused(lambda w, x: w, xs, error, message)


def test_a_loss_that_gives_no_value():
    model, xs, ys, _, sgd = moons()
    with pytest.raises(TypeError, match=r"loss\(scores, labels\) gave a float; expected a Value"):
        train(model, xs, ys, lambda scores, labels: 1.0, sgd, epochs=1, compiled=True)


def test_nodes_are_those_of_the_eager_graph():
    model, xs, ys, loss, sgd = moons()
    nodes = len(topological_order(loss([model(x) for x in xs], ys)))
    assert train(model, xs, ys, loss, sgd, epochs=2, compiled=True).nodes == nodes
    assert decide(model(xs[0])) in (-1, 1)
