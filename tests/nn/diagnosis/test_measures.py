"""Measures: the numbers against those computed another way, and that nothing is changed by taking them."""

import copy
import functools
import json
import math
import random

import numpy as np
import pytest

import nn
from autograd import Value
from nn import MLP, SGD, Adam, BatchNorm, Dropout, Layer, Linear, Module, Sequential, measure


def batch(n=24, seed=1):
    return nn.make_moons(n, rng=seed)


def test_gradients_are_those_of_single_samples_by_differences():
    model = MLP(2, [3, 4, 1], "tanh", rng=1)
    points, labels = batch(6)
    found = measure(model, (points, labels), nn.mse)["layers"]
    h = 1e-5
    for k in range(2):
        sizes, squares = [], []
        for i in range(len(points)):
            signal = points[i]
            for layer in model.layers[: k + 1]:
                signal = layer(list(signal))
            numbers = [v.data for v in signal]
            row = []
            for j in range(len(numbers)):
                losses = []
                for sign in (1, -1):
                    shifted = [x + sign * h * (u == j) for u, x in enumerate(numbers)]
                    for layer in model.layers[k + 1 :]:
                        shifted = layer(shifted)
                    losses.append((shifted.data - labels[i]) ** 2 / len(points))
                row.append((losses[0] - losses[1]) / (2 * h))
            sizes += [abs(g) for g in row]
            squares.append(sum(g * g for g in row))
        assert found[k]["gradient"] == pytest.approx(np.mean(sizes), rel=1e-6)
        assert found[k]["gradient_norm"] == pytest.approx(math.sqrt(np.mean(squares)), rel=1e-6)
        assert found[k]["gradient_low"] == pytest.approx(np.quantile(sizes, 0.1), rel=1e-5)


def test_samples_that_cancel_in_the_parameters_do_not_cancel_here():
    layer = Layer(1, 2, "linear", rng=1)
    model = Sequential(layer, Linear(2, 1, rng=2))
    found = measure(
        model, ([[1.0], [1.0]], [-1.0, 1.0]), lambda scores, ys: scores[0][0] * ys[0] + scores[1][0] * ys[1]
    )
    assert found["layers"][0]["gradient"] == pytest.approx(np.mean([abs(w.data) for w in model[1].neurons[0].w]))


def test_signals_are_those_that_the_layers_gave():
    model = MLP(2, [5, 3], "relu", rng=1)
    points, _ = batch()
    table = np.array([[v.data for v in model.layers[0](p)] for p in points])
    found = measure(model, points)["layers"][0]
    assert found["mean"] == pytest.approx(table.mean())
    assert found["std"] == pytest.approx(table.std())
    assert found["rms"] == pytest.approx(math.sqrt((table**2).mean()))
    assert found["high"] == pytest.approx(np.quantile(table, 0.9))
    assert found["varies"] == pytest.approx(table.std(axis=0).mean())
    assert found["dead"] == (table == 0.0).all(axis=0).mean()
    assert (found["units"], found["rows"], found["activation"]) == (5, len(points), "relu")


@pytest.mark.parametrize(("activation", "bound"), [("tanh", 0.97), ("sigmoid", 0.985), ("hardtanh", 0.97)])
def test_saturated_is_what_is_next_to_a_bound(activation, bound):
    model = MLP(2, [6, 1], activation, rng=1)
    for p in model.layers[0].parameters():
        p.data *= 4.0
    points, _ = batch()
    numbers = [v.data for p in points for v in model.layers[0](p)]
    low = -bound if activation != "sigmoid" else 1.0 - bound
    share = sum(x > bound or x < low for x in numbers) / len(numbers)
    assert 0.1 < share < 0.9
    assert measure(model, points)["layers"][0]["saturated"] == pytest.approx(share)


def test_the_step_is_the_optimisers():
    model = MLP(2, [4, 1], rng=1)
    points, labels = batch()
    found = measure(model, (points, labels), nn.mse, SGD(model.parameters(), lr=0.1))
    twin = copy.deepcopy(model)
    nn.mse([twin(p) for p in points], labels).backward()
    before = [p.data for p in twin.parameters()]
    grads = [p.grad for p in twin.parameters()]
    SGD(twin.parameters(), lr=0.1).step()
    steps = [p.data - x for p, x in zip(twin.parameters(), before, strict=True)]
    step = found["step"]
    assert step["lr"] == 0.1
    assert step["slope"] == pytest.approx(np.dot(grads, steps))
    assert step["ratio"] == pytest.approx(np.linalg.norm(steps) / np.linalg.norm(before))
    assert dict(step["losses"])[1.0] == pytest.approx(nn.mse([twin(p) for p in points], labels).data)
    n = len(twin.layers[0].parameters())
    ratio = np.linalg.norm(steps[:n]) / np.linalg.norm(before[:n])
    assert found["layers"][0]["ratio"] == pytest.approx(ratio)


def test_without_a_loss_it_is_the_sum_of_squares():
    model = MLP(2, [4, 2], rng=1)
    points, _ = batch(5)
    found = measure(model, points)
    assert found["loss"] == pytest.approx(sum(v.data**2 for p in points for v in model(p)))
    assert found["chance"] is None


def test_dead_rectifiers_are_out_of_reach_by_what_the_others_give():
    model = MLP(1, [4, 1], rng=1)
    for neuron, (w, b) in zip(
        model.layers[0].neurons, [(1.0, 0.0), (0.0, -1.9), (0.0, -2.1), (0.0, -0.1)], strict=True
    ):
        neuron.w[0].data, neuron.b.data = w, b
    found = measure(model, [[2.0], [2.0]])["layers"][0]  # of one that is alive, which gives 2
    assert (found["dead"], found["out_of_reach"]) == (0.75, 0.25)
    model = MLP(1, [4, 1], "tanh", rng=1)
    assert measure(model, [[2.0]])["layers"][0]["out_of_reach"] is None


def test_labels_are_those_that_fit_takes():
    points, labels = batch(8)
    texts = ["a" if y < 0 else "b" for y in labels]
    model = MLP(2, [4, 1], "tanh", rng=1)

    def loss_of(ys, loss, model=model, **options):
        return measure(model, (points, ys), loss, **options)["loss"]

    wanted = {loss: loss_of(labels, loss) for loss in (nn.hinge, nn.squared_hinge)}
    assert loss_of(texts, nn.hinge) == loss_of([y > 0 for y in labels], "hinge") == wanted[nn.hinge]
    nn.fit(model, (points, texts), loss=nn.hinge, epochs=1, optimizer=SGD(model.parameters(), lr=0.0), progress=False)
    for loss in wanted:  # the labels are kept; which numbers they are is a matter of the loss at hand
        assert loss_of(texts, loss) == loss_of(np.array(texts), loss) == loss_of(labels, loss) == wanted[loss]
        assert loss_of(labels, loss, coded=True) == wanted[loss]
    assert loss_of(["b"] * 8, nn.hinge) == loss_of([1] * 8, nn.hinge)  # one class alone is still that one
    with pytest.raises(ValueError, match="label 0 is 'c'; the model was trained on 'a', 'b'"):
        loss_of(["c"] * 8, nn.hinge)


def test_labels_of_several_classes():
    points, _ = batch(6)
    model = MLP(2, [4, 3], rng=1)
    places = [0, 2, 1, 0, 1, 2]
    wanted = measure(model, (points, places), nn.cross_entropy)["loss"]
    for names in ("xyz", [1, 2, 3], [10, 20, 30]):
        assert measure(model, (points, [names[k] for k in places]), nn.cross_entropy)["loss"] == wanted
    leaving = functools.partial(nn.cross_entropy, ignore_index=-1)
    some = measure(model, (points, [*places[:5], -1]), leaving)["loss"]
    assert some == pytest.approx(measure(model, (points[:5], places[:5]), nn.cross_entropy)["loss"])
    model.labels = nn.Labels("classes", ["x", "y", "z"])
    assert measure(model, (points, [*["xyz"[k] for k in places[:5]], -1]), leaving)["loss"] == some


def test_numbers_lists_and_values_are_labels_as_they_are():
    model = MLP(2, [4, 1], rng=1)
    points, _ = batch(4)
    for ys in ([0.5, 0.25, 1.0, 2.0], [Value(0.5), Value(0.25), Value(1.0), Value(2.0)]):
        assert measure(model, (points, ys), nn.mse)["loss"] == nn.mse([model(p) for p in points], ys).data
    wide = nn.Sequential(Linear(2, 2, rng=1))
    rows = [[0.5, 1.0]] * 4
    assert measure(wide, (points, rows), nn.mse)["loss"] == nn.mse([wide(p) for p in points], rows).data


def test_a_batch_may_be_a_list_of_two_where_it_can_be_nothing_else():
    model = MLP(2, [4, 1], rng=1)
    points, labels = batch(2)
    wanted = measure(model, (points, labels), nn.mse)
    assert measure(model, [points, labels], nn.mse) == measure(model, [np.array(points), labels], nn.mse) == wanted
    assert measure(model, [points, labels]) == measure(model, points) == measure(model, nn.as_table(points))


def test_measures_are_plain_data():
    model = MLP(2, [4, 1], rng=1)
    found = measure(model, batch(), nn.hinge, Adam(model.parameters()))
    assert json.loads(json.dumps(found)) == found


class Moody(Module):
    """All that could change: buffers, dropout, a counter, a list, an array, a hidden state, sources of all kinds."""

    def __init__(self):
        self.first, self.norm, self.dropout = Linear(2, 4, rng=1), BatchNorm(4), Dropout(0.5)
        self.own, self.last = Dropout(0.3, rng=7), Linear(4, 1, rng=2)
        self.generator, self.calls, self.seen = np.random.default_rng(3), 0, []
        self.sums, self.state = np.zeros(2), Value(2.0) * Value(3.0)

    def forward(self, xs):
        self.calls += 1
        self.seen.append(len(xs))
        self.sums += 1.0
        noise = self.generator.random() + random.random() + np.random.random()
        rows = self.norm(self.first(xs))
        rows = [self.own(self.dropout(row)) for row in rows]
        self.state = self.state + noise
        return [self.last(row)[0] + 0.001 * self.state for row in rows]


Moody.whole_batch = True


class Steps:
    """An optimiser of one's own, which moves the Values."""

    def __init__(self, parameters):
        self.parameters, self.count = parameters, 0

    def step(self):
        self.count += 1
        for p in self.parameters:
            p.data -= 0.1 * p.grad


def whole_state(model, optimizer):
    values = [*model.parameters(), *model.buffers()]
    return (
        [(p.data, p.grad, p.is_constant) for p in values],
        [random.getstate(), np.random.get_state()[1].tolist(), model.generator.bit_generator.state],
        [model.own.rng.getstate(), model.calls, list(model.seen), model.sums.tolist(), id(model.state)],
        [model.state.data, model.state.grad, list(vars(model)), [sorted(vars(m)) for m in model.modules()]],
        [type(m).__dict__.get("__call__") for m in model.modules()],
        copy.deepcopy(optimizer.state_dict()) if hasattr(optimizer, "state_dict") else vars(optimizer).copy(),
    )


@pytest.mark.parametrize("make", [lambda ps: Adam(ps, lr=0.1), lambda ps: SGD(ps, lr=0.1, momentum=0.9), Steps, None])
def test_it_changes_nothing(make):
    model = Moody()
    model.last.neurons[0].w[0].requires_grad = False
    points, labels = batch(8)
    optimizer = make(model.parameters()) if make else SGD(model.parameters())
    for i, p in enumerate(model.parameters()):
        if not p.is_constant:
            p.grad = float(i)
    if hasattr(optimizer, "update"):
        optimizer.step()
    before = whole_state(model, optimizer)
    found = measure(model, (points, labels), nn.mse, optimizer if make else None)
    assert whole_state(model, optimizer) == before
    assert (found["step"] is None) == (make is None)
    assert [layer["name"] for layer in found["layers"]] == ["first", "norm", "last"]
    assert measure(model, (points, labels), nn.mse) == measure(model, (points, labels), nn.mse)


def test_it_changes_nothing_where_it_fails():
    model = Moody()
    before = whole_state(model, SGD(model.parameters()))

    def loss(scores, labels):
        scores[0].backward()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        measure(model, batch(8), loss)
    assert whole_state(model, SGD(model.parameters())) == before


def test_values_outside_of_the_model_keep_their_gradients():
    w, x = Value(2.0), Value(3.0)
    w.grad, x.grad = 5.0, 7.0
    found = measure(lambda sample: w * sample, [x, Value(1.0)])
    assert (w.grad, x.grad) == (5.0, 7.0)
    assert [layer["name"] for layer in found["layers"]] == ["outputs"]


def test_an_optimiser_that_asks_for_a_closure_has_no_step():
    model = MLP(2, [3, 1], rng=1)
    assert measure(model, batch(), nn.mse, nn.LBFGS(model.parameters()))["step"] is None


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda m: measure(3, [[1.0, 2.0]]), TypeError, "expected a model"),
        (lambda m: measure(m, [[1.0, 2.0]], nn.mse), TypeError, r"needs labels: give batch=\(samples, labels\)"),
        (lambda m: measure(m, []), ValueError, "no samples"),
        (lambda m: measure(m, ([[1.0, 2.0]], [1, 2])), ValueError, "1 samples but 2 labels"),
        (lambda m: measure(m, batch(), "mze"), ValueError, "did you mean 'mse'"),
        (lambda m: measure(m, batch(), nn.mse, 0.1), TypeError, "optimizer is 0.1; expected an optimiser"),
        (lambda m: measure(m, batch(), nn.mse, "adam"), TypeError, r"is 'adam'; .* such as nn.SGD\(model.parameters"),
        (lambda m: measure(m, batch(), lambda s, y: 1.0), TypeError, "the loss is a float, no Value"),
    ],
)
def test_what_is_refused(call, error, message):
    with pytest.raises(error, match=message):
        call(MLP(2, [3, 1], rng=1))
