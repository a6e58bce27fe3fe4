"""Labels: metrics and predictions follow whatever labels were given."""

import numpy as np
import pytest

import nn
from nn.prediction.labels import Labels, family_of

pytestmark = pytest.mark.any_build

POINTS, SIGNS = nn.make_moons(60, rng=3)
BOTH = pytest.mark.parametrize("compiled", [False, True])

TWO = {
    "signs": [-1, 1],
    "signs as floats": [-1.0, 1.0],
    "bits": [0, 1],
    "bits as floats": [0.0, 1.0],
    "bools": [False, True],
    "text": ["no", "yes"],
    "whole numbers": [3, 7],
    "one and two": [1, 2],
}
LOSSES = {
    "hinge": nn.hinge,
    "logits": nn.binary_cross_entropy_with_logits,
    "mse": nn.mse,
    "cross entropy": nn.cross_entropy,
    "none": None,
    "probabilities": nn.binary_cross_entropy,
}


def same_kind(a, b):
    return type(a) is type(b) and a == b


@BOTH
@pytest.mark.parametrize("kind", TWO)
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("as_array", [False, True])
def test_two_classes_whatever_they_are_called(compiled, kind, loss, as_array):
    low, high = TWO[kind]
    ys = [high if y > 0 else low for y in SIGNS]
    if loss == "cross entropy" and kind in ("one and two", "whole numbers"):
        pytest.skip("cross_entropy takes the index of a class")
    model = nn.MLP(2, [8, 2 if loss == "cross entropy" else 1], "tanh", rng=1)
    if loss == "probabilities":
        model = nn.Sequential(model, lambda u: [u], "sigmoid", lambda u: u[0])
    history = nn.fit(
        model, (np.array(POINTS), np.array(ys)) if as_array else (POINTS, ys), loss=LOSSES[loss], epochs=60,
        optimizer=nn.Adam(model.parameters(), lr=0.05), compiled=compiled, progress=False, seed=1,
    )  # fmt: skip
    predicted = nn.predict(model, POINTS)
    right = sum(map(same_kind, predicted, ys)) / len(ys)
    assert right >= 0.8, "they are labels of the same kind"
    assert len(history.accuracy) == 60
    assert abs(history.accuracy[-1] - right) < 0.1
    assert nn.evaluate(model, POINTS, ys, LOSSES[loss] or nn.mse)[1] == right
    assert model.labels.classes == [low, high]


def test_labels_0_and_1_with_a_sigmoid_and_mse_count_rightly():
    class Always(nn.Module):
        def __init__(self):
            self.bias = nn.Neuron(1, "sigmoid", rng=1)

        def __call__(self, x):
            return self.bias([10.0 * x])

    model = Always()
    model.bias.w[0].data, model.bias.b.data = 1.0, 0.0
    xs, ys = [-1.0, 1.0, -2.0, 2.0], [0, 1, 0, 1]
    history = nn.fit(model, (xs, ys), loss=nn.mse, epochs=1, progress=False)
    assert history.accuracy == [1.0]
    assert nn.predict(model, xs) == ys
    assert nn.train(model, xs, ys, nn.mse, nn.SGD(model.parameters(), lr=0.0), epochs=1).accuracy == [1.0]


@BOTH
@pytest.mark.parametrize(
    "names", [[0, 1, 2], ["a", "b", "c"], [5, 10, 15], [-1, 0, 1]], ids=["index", "text", "numbers", "signs"]
)
def test_three_classes(compiled, names):
    ys = [names[0] if x < 0 else names[1] if x < 1 else names[2] for x, _ in POINTS]
    if names in ([5, 10, 15], [-1, 0, 1]):
        found = Labels.of(ys)
        assert (found.kind, found.classes) == ("classes", names)
        model = nn.MLP(2, [8, 1], "tanh", rng=1)
        history = nn.fit(
            model, (POINTS, ys), loss=nn.mse, epochs=150, optimizer=nn.Adam(model.parameters(), lr=0.1),
            compiled=compiled, progress=False,
        )  # fmt: skip
    else:
        model = nn.MLP(2, [8, 3], "tanh", rng=1)
        history = nn.fit(
            model, (POINTS, ys), epochs=80, compiled=compiled, progress=False,
            optimizer=nn.Adam(model.parameters(), lr=0.05),
        )  # fmt: skip
        rows = nn.predict_proba(model, POINTS)
        np.testing.assert_allclose(np.sum(rows, axis=1), 1.0, rtol=1e-14)
        assert [names[k] for k in np.argmax(rows, axis=1)] == nn.predict(model, POINTS)
        assert nn.metrics.accuracy(ys, nn.predict(model, POINTS)) > 0.9
    assert history.accuracy[-1] > 0.85
    assert set(nn.predict(model, POINTS)) <= set(names)


@BOTH
@pytest.mark.parametrize("ys", ["floats", "many whole numbers", "lists"])
def test_a_regression_has_no_accuracy(compiled, ys):
    targets = {
        "floats": [x * y for x, y in POINTS],
        "many whole numbers": list(range(60)),
        "lists": [[x, y] for x, y in POINTS],
    }[ys]
    model = nn.MLP(2, [4, 2 if ys == "lists" else 1], "tanh", rng=1)
    history = nn.fit(model, (POINTS, targets), epochs=2, compiled=compiled, progress=False)
    assert (history.accuracy, history.metrics) == ([], {})
    assert "accuracy" not in repr(history)
    predicted = nn.predict(model, POINTS)
    assert np.shape(predicted) == np.shape(targets)
    assert predicted == nn.predict_scores(model, POINTS)
    if ys != "lists":
        asked = nn.fit(model, (POINTS, targets), epochs=1, progress=False, metrics=["r2", "mae"])
        assert list(asked.metrics) == ["r2", "mae"]


def test_metrics_that_are_asked_for():
    ys = ["up" if y > 0 else "down" for y in SIGNS]
    model = nn.MLP(2, [4, 1], "tanh", rng=1)
    names = ["precision", "recall", "f1", "auc"]
    history = nn.fit(model, (POINTS, ys), epochs=40, progress=False, metrics=names, validation=0.3)
    assert list(history.metrics) == [*names, *[f"validation {name}" for name in names]]
    assert history.accuracy == []

    def share_up(truth, predicted):
        return predicted.count("up") / len(predicted)

    told = nn.fit(model, (POINTS, ys), epochs=1, progress=False, metrics={"ups": share_up, "acc": "accuracy"})
    assert list(told.metrics) == ["ups", "acc"]
    assert told.metrics["acc"][-1] > 0.5
    assert nn.fit(model, (POINTS, ys), epochs=1, progress=False, metrics=[]).metrics == {}
    for bad, words in (
        ("acuracy", "accuracy"), ("r2", "r2 is for numbers, and the labels are classes"), (3, "name or a function")
    ):  # fmt: skip
        with pytest.raises((TypeError, ValueError), match=words):
            nn.fit(model, (POINTS, ys), epochs=1, progress=False, metrics=[bad])
    with pytest.raises(ValueError, match="the numbers of a regression"):
        nn.fit(model, (POINTS, [x * y for x, y in POINTS]), epochs=1, progress=False, metrics="accuracy")


@pytest.mark.parametrize("scale", [1.0, 1e-3])
def test_a_loss_of_ones_own_is_read_the_same_for_one_sample_and_for_many(scale):
    """Scores between 0 and 1 may be logits as well: that they are turns out in training."""

    def logistic(scores, labels):
        return nn.binary_cross_entropy_with_logits(scores, labels)

    xs = [k * scale for k in (-3.0, -2.0, -1.0, 1.0, 2.0, 3.0)]
    ys = ["no"] * 3 + ["yes"] * 3
    model = nn.Neuron(1, "linear", rng=1)
    model.w[0].data, model.b.data = 0.1 / scale, 0.0
    optimizer = nn.SGD(model.parameters(), lr=0.0)
    history = nn.fit(lambda_of(model), ([[x] for x in xs], ys), loss=logistic, optimizer=optimizer, progress=False)
    assert history.accuracy[-1] == 1.0
    model.labels = kept[-1].labels
    assert [nn.predict(model, [[x]])[0] for x in xs] == nn.predict(model, [[x] for x in xs]) == ys


kept = []


def lambda_of(model):
    class One(nn.Module):
        def __init__(self):
            self.body = model

        def __call__(self, x):
            return self.body(x)

    kept.append(One())
    return kept[-1]


def test_a_loss_of_ones_own_on_probabilities():
    def brier(scores, labels):
        return nn.mse(scores, labels)

    model = nn.MLP(1, [1], "sigmoid", rng=1)
    model = nn.Sequential(nn.Linear(1, 1, rng=1), "sigmoid", lambda u: u[0])
    xs, ys = [[-2.0], [-1.0], [1.0], [2.0]], [False, False, True, True]
    nn.fit(model, (xs, ys), loss=brier, epochs=200, optimizer=nn.Adam(model.parameters(), lr=0.1), progress=False)
    assert model.labels.family == "share"
    assert nn.predict(model, xs) == ys
    assert [nn.predict(model, [x])[0] for x in xs] == ys
    rows = nn.predict_proba(model, xs)
    assert rows[0][1] < 0.5 < rows[3][1]


@pytest.mark.parametrize("loss", [nn.binary_cross_entropy_with_logits, nn.cross_entropy, nn.binary_cross_entropy])
def test_probabilities_sum_to_1(loss):
    ys = ["a" if y > 0 else "b" for y in SIGNS]
    model = nn.MLP(2, [4, 2 if loss is nn.cross_entropy else 1], "tanh", rng=1)
    if loss is nn.binary_cross_entropy:
        model = nn.Sequential(model, lambda u: [u], "sigmoid", lambda u: u[0])
    nn.fit(model, (POINTS, ys), loss=loss, epochs=5, progress=False)
    rows = nn.predict_proba(model, POINTS)
    assert np.shape(rows) == (60, 2)
    np.testing.assert_allclose(np.sum(rows, axis=1), 1.0, rtol=1e-15)
    decided = [model.labels.classes[p[1] > 0.5] for p in rows]
    assert decided == nn.predict(model, POINTS)


def test_probabilities_of_far_scores():
    labels = Labels("classes", [0, 1], "logit")
    assert labels.probabilities([1e4, -1e4]) == [[0.0, 1.0], [1.0, 0.0]]
    assert Labels("classes", range(2), "index").probabilities([[1e4, -1e4]]) == [[1.0, 0.0]]
    for family in ("sign", "number"):
        with pytest.raises(ValueError, match="no probabilities"):
            Labels("classes", [-1, 1], family).probabilities([0.5])


def test_kinds():
    def kind(labels, family=""):
        found = Labels.of(labels, family)
        return found.kind, found.classes

    assert kind([1, 0, 1]) == ("classes", [0, 1])
    assert kind([1.0, 0.0]) == ("classes", [0.0, 1.0])
    assert kind([1.0, -1.0, 0.0])[0] == "numbers"
    assert kind([0.5, 1.0])[0] == "numbers"
    assert kind(range(20))[0] == "classes"
    assert kind(range(21))[0] == "numbers"
    assert kind(range(30), "index") == ("classes", list(range(30)))
    assert kind([0, 5], "index") == ("classes", list(range(6)))
    assert kind(np.array(["b", "a"])) == ("classes", ["a", "b"])
    assert kind(np.array([True, False])) == ("classes", [False, True])
    assert kind([np.int64(3), np.int64(1)]) == ("classes", [1, 3])
    assert kind([[1, 2], [3]])[0] == "lists"
    assert kind([]) == ("numbers", [])
    assert kind([1]) == ("classes", [0, 1]), "one class only: the other one is not here"
    assert kind([-1]) == ("classes", [-1, 1])
    assert kind([True]) == ("classes", [False, True])
    assert kind(["a"]) == ("classes", ["a"])
    with pytest.raises(TypeError, match="some are text, others are not, such as 1"):
        Labels.of(["a", 1])
    assert family_of(lambda s, y: s) == ""


def test_a_label_that_was_not_there():
    model = nn.MLP(2, [3], rng=1)
    nn.fit(model, (POINTS, ["a" if y > 0 else "b" for y in SIGNS]), loss=nn.cross_entropy, epochs=1, progress=False)
    with pytest.raises(ValueError, match="label 1 is 'c'; the model was trained on 'a', 'b'"):
        nn.evaluate(model, POINTS[:2], ["a", "c"], nn.cross_entropy)
    options = {"loss": nn.cross_entropy, "epochs": 1, "progress": False, "validation": (POINTS[:2], ["a", "b"])}
    batches = iter([(POINTS[:2], ["a", "c"])])
    with pytest.raises(ValueError, match="label 1 is 'c'"):
        nn.fit(model, batches, **options)


def test_labels_as_plain_data():
    for labels in (Labels.of(["a", "b"], "logit"), Labels.of([0.5, 1.5]), Labels.of([True, False]).read_as("share")):
        again = Labels.from_dict(labels.to_dict())
        assert again == labels
        assert hash(again) == hash(labels)
        assert repr(again) == repr(labels)
    with pytest.raises(ValueError, match="does not describe labels"):
        Labels.from_dict({"kind": "classes"})
    assert repr(Labels.of(range(9))) == "<Labels: 9 classes, 0, 1, 2, 3, 4, 5, ...>"


def test_labels_are_kept_where_there_is_room_for_them():
    class Full(nn.Module):
        def __init__(self):
            self.body, self.labels = nn.Neuron(2, rng=1), "mine"

        def __call__(self, x):
            return self.body(x)

    model = Full()
    history = nn.fit(model, (POINTS, SIGNS), loss=nn.hinge, epochs=1, progress=False)
    assert model.labels == "mine"
    assert len(history.accuracy) == 1
    assert set(nn.predict(model, POINTS)) <= {-1, 1}
    other = nn.Neuron(2, rng=1)
    for ys in (["a", "b"] * 30, SIGNS):
        nn.fit(other, (POINTS, ys), epochs=1, progress=False)
        assert other.labels.classes == sorted(set(ys))
