"""Bad input: one clear sentence, or it simply works."""

import itertools
import math
import warnings
from functools import partial

import numpy as np
import pytest

import nn
from autograd import Value

pytestmark = pytest.mark.any_build

POINTS, SIGNS = nn.make_moons(12, rng=3)
BITS = [(y + 1) // 2 for y in SIGNS]


def fit(model, data, **options):
    return nn.fit(model, data, **{"progress": False, "seed": 2, "epochs": 2, **options})


def mlp(outputs=1, seed=1):
    return nn.MLP(2, [3, outputs], "tanh", rng=seed)


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        (([], []), ValueError, "no samples"),
        ((np.zeros((0, 2)), []), ValueError, "no samples"),
        ((POINTS, BITS[:5]), ValueError, "12 samples but 5 labels"),
        ((POINTS,), TypeError, "a tuple of 1"),
        ((POINTS, BITS, BITS), TypeError, "a tuple of 3"),
        ([], ValueError, "no batches"),
        ([POINTS[0]], TypeError, "batch 0"),
        ([([], [])], ValueError, "no samples"),
        ([(POINTS, BITS[:3])], ValueError, "batch 0: 12 samples but 3 labels"),
        ({"x": POINTS}, TypeError, r"expected \(xs, ys\)"),
        ("moons", TypeError, "'moons'"),
        (np.array(POINTS), TypeError, "where are the labels"),
        (3, TypeError, "got int 3"),
        (None, TypeError, "NoneType"),
        (iter([(POINTS, BITS)]), ValueError, "gone through once"),
        ((POINTS, [*BITS[:-1], "a"]), TypeError, "some are text"),
        (({"x": [1.0], "y": [2.0]}, [1]), TypeError, "dict"),
    ],
    ids=lambda x: "" if not isinstance(x, str) else x[:20],
)
@pytest.mark.parametrize("compiled", [False, True])
def test_data(data, error, words, compiled):
    with pytest.raises(error, match=words):
        fit(mlp(), data, loss=nn.mse, compiled=compiled)


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"epochs": 0}, ValueError, "fit: epochs"),
        ({"epochs": 2.0}, TypeError, "fit: epochs"),
        ({"batch_size": 0}, ValueError, "fit: batch_size"),
        ({"batch_size": "8"}, TypeError, "fit: batch_size"),
        ({"accumulate": 0}, ValueError, "fit: accumulate"),
        ({"validation": 0.0}, ValueError, "share"),
        ({"validation": 1.0}, ValueError, "share"),
        ({"validation": [POINTS, BITS]}, TypeError, "fit: validation"),
        ({"validation": (POINTS, BITS[:2])}, ValueError, "validation: 12 samples but 2 labels"),
        ({"validation": ([], [])}, ValueError, "no samples"),
        ({"validation": (POINTS, ["a"] * 12)}, TypeError, "some are text"),
        ({"clip_norm": 0.0}, ValueError, "clip_norm"),
        ({"clip_value": -1.0}, ValueError, "clip_value"),
        ({"loss": "msee"}, ValueError, "mse"),
        ({"loss": 3}, TypeError, "fit: loss is 3"),
        ({"seed": "x"}, TypeError, "rng"),
        ({"loss": lambda s, y: 1.0}, TypeError, "gave a float; expected a Value"),
    ],
    ids=lambda x: next(iter(x)) if isinstance(x, dict) else "",
)
def test_settings(options, error, words):
    for compiled in (False, True):
        model = mlp()
        before = model.state_dict()
        with pytest.raises(error, match=words):
            fit(model, (POINTS, BITS), compiled=compiled, **options)
        assert model.state_dict() == before


def test_rates():
    with pytest.raises(ValueError, match="lr"):
        nn.Adam(mlp().parameters(), lr=-0.1)
    model = mlp()
    before = model.state_dict()
    for compiled in (False, True):
        fit(model, (POINTS, BITS), optimizer=nn.Adam(model.parameters(), lr=0.0), compiled=compiled)
        assert model.state_dict() == before, "0 is a rate"


def test_models():
    class Forward:
        def forward(self, x):
            return x

    with pytest.raises(TypeError, match="or call its forward __call__"):
        fit(Forward(), (POINTS, BITS))
    with pytest.raises(TypeError, match="a function of a sample"):
        fit(3, (POINTS, BITS))

    class ForwardModule(nn.Module):
        def __init__(self):
            self.w = Value(1.0)

        def forward(self, x):
            return self.w * x[0]

    assert fit(ForwardModule(), (POINTS, BITS), loss=nn.mse).epochs == 2
    with pytest.raises((TypeError, ValueError), match="2"):
        fit(nn.MLP(3, [1]), (POINTS, BITS), loss=nn.mse)


@pytest.mark.parametrize("compiled", [False, True])
def test_labels_out_of_range(compiled):
    with pytest.raises(ValueError, match="3"):
        fit(mlp(3), (POINTS, [0, 1, 2, 3] * 3), loss=nn.cross_entropy, compiled=compiled)
    with pytest.raises(TypeError, match="target 0 is 'a'"):
        fit(mlp(3), iter([(POINTS, ["a"] * 12)]), loss=nn.cross_entropy, compiled=False, epochs=1)


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("ignored", [-100, -1])
def test_labels_that_are_ignored_are_no_class_and_stay_what_they_are(compiled, ignored):
    loss = partial(nn.cross_entropy, ignore_index=ignored)
    ys = [ignored if i % 3 == 0 else i % 2 for i in range(12)]
    kept = [i for i in range(12) if i % 3]
    model, twin = mlp(3), mlp(3)
    history = fit(model, (POINTS, ys), loss=loss, compiled=compiled)
    told = fit(twin, ([POINTS[i] for i in kept], [ys[i] for i in kept]), loss=nn.cross_entropy, compiled=compiled)
    np.testing.assert_allclose(history.loss, told.loss, rtol=1e-12)
    assert model.labels.classes == [0, 1, 2]


@pytest.mark.parametrize("compiled", [False, True])
@pytest.mark.parametrize("loss", [None, "mse", "hinge", "cross_entropy"])
def test_one_sample_one_class_constant_features(compiled, loss):
    for xs, ys in (([POINTS[0]], [1]), (POINTS, [1] * 12), ([[2.0, 2.0]] * 12, BITS), (POINTS, ["a"] * 12)):
        if loss == "cross_entropy" and ys[0] == "a":
            with (
                pytest.warns(UserWarning, match="all labels are 'a': of one class alone"),
                pytest.raises(ValueError, match="the model gives 2 scores, but there are 1 classes"),
            ):
                fit(mlp(2), (xs, ys), loss=loss, compiled=compiled)
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            warnings.filterwarnings("ignore", ".*of one class alone")
            model = mlp(2 if loss == "cross_entropy" else 1)
            history = fit(model, (xs, ys), loss=loss, compiled=compiled, batch_size=100)
        assert history.epochs == 2
        assert len(history.accuracy) == 2
        assert len(nn.predict(model, xs)) == len(xs)
        assert {type(y) for y in nn.predict(model, xs)} == {type(ys[0])}


@pytest.mark.parametrize("compiled", [False, True])
def test_tables_count_their_rows(compiled):
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    want = fit(mlp(), (POINTS, BITS), batch_size=5, compiled=compiled).loss
    columns = {"x": [x for x, _ in POINTS], "y": [y for _, y in POINTS]}
    for xs, ys in (
        (pandas.DataFrame(columns), pandas.Series(BITS)), (polars.DataFrame(columns), polars.Series(BITS)),
        (np.array(POINTS), np.array(BITS)), (tuple(POINTS), tuple(BITS)), (iter(POINTS), iter(BITS)),
        (pandas.DataFrame(columns, index=range(5, 17)), pandas.Series(BITS, index=range(5, 17))),
    ):  # fmt: skip
        model = mlp()
        history = fit(model, (xs, ys), batch_size=5, compiled=compiled)
        np.testing.assert_allclose(history.loss, want, rtol=1e-14)
        assert len(history.accuracy) == 2
        if not hasattr(xs, "__next__"):
            assert len(nn.predict(model, xs)) == 12
    labels = pandas.Series(["no" if y < 0 else "yes" for y in SIGNS])
    model = mlp()
    fit(model, (pandas.DataFrame(columns), labels), validation=0.25, compiled=compiled)
    assert set(nn.predict(model, pandas.DataFrame(columns))) <= {"no", "yes"}


@pytest.mark.parametrize("compiled", [False, True])
def test_a_model_of_other_parameters_is_warned_of(compiled):
    with pytest.warns(UserWarning, match="none of the optimiser's parameters") as caught:
        fit(mlp(), (POINTS, BITS), optimizer=nn.SGD(mlp(seed=2).parameters()), compiled=compiled)
    assert [w.filename for w in caught] == [__file__]


@pytest.mark.parametrize("compiled", [False, True])
def test_a_mistake_in_a_model_is_told_as_it_is(compiled):
    class Wrong(nn.Module):
        def __init__(self):
            self.w = Value(1.0)

        def __call__(self, x):
            return self.v * x[0]

    with pytest.raises(AttributeError, match="v"):
        fit(Wrong(), (POINTS, BITS), loss=nn.mse, compiled=compiled)

    class Divides(nn.Module):
        def __init__(self):
            self.w = Value(1.0)

        def __call__(self, x):
            return self.w * (1 // 0)

    with pytest.raises(ZeroDivisionError):
        fit(Divides(), (POINTS, BITS), loss=nn.mse, compiled=compiled)


@pytest.mark.parametrize("compiled", [False, True])
def test_batch_norm_of_one_sample(compiled):
    model = nn.Sequential(nn.Linear(2, 3, rng=1), nn.BatchNorm(3), nn.Linear(3, 1, rng=2))
    with pytest.raises(ValueError, match="2 samples or more"):
        fit(model, (POINTS, BITS), loss=nn.binary_cross_entropy_with_logits, batch_size=1, compiled=compiled)
    assert model.training


@pytest.mark.parametrize("compiled", [False, True])
def test_frozen_whole_there_is_nothing_to_train(compiled):
    with pytest.raises(ValueError, match="all 33 parameters are frozen"):
        fit(nn.MLP(2, [8, 1], rng=1).freeze(), (POINTS, BITS), compiled=compiled)


def test_labels_in_a_column_are_those_in_a_list():
    want = nn.MLP(2, [4, 1], rng=1)
    history = fit(want, (POINTS, BITS))
    boxed = [[y] for y in BITS]
    for ys in (boxed, np.array(boxed), tuple(map(tuple, boxed))):
        model = nn.MLP(2, [4, 1], rng=1)
        assert fit(model, (POINTS, ys), validation=(POINTS, ys)).loss == history.loss
        assert nn.predict(model, POINTS) == nn.predict(want, POINTS)
        assert nn.evaluate(model, POINTS, ys, nn.binary_cross_entropy_with_logits)[1] == nn.accuracy(
            BITS, nn.predict(want, POINTS)
        )


def test_one_score_for_three_names_is_refused():
    with pytest.raises(ValueError, match="3 classes, 'a', 'b', 'c', and the model gives one score, which mse"):
        fit(nn.MLP(2, [4, 1], rng=1), (POINTS, [*"abc"] * 4))


def test_a_label_seen_only_in_validation_is_named():
    with pytest.raises(ValueError, match="label 1 is 'zz'; the model was trained on 'a', 'b'"):
        fit(nn.MLP(2, [4, 1], rng=1), (POINTS, [*"ab"] * 6), validation=(POINTS[:2], ["a", "zz"]))


def test_a_class_and_a_list_of_two():
    with pytest.raises(TypeError, match="model: MLP is a class: give an object of it"):
        fit(nn.MLP, (POINTS, BITS))
    with pytest.raises(TypeError, match="write samples and labels as a tuple"):
        fit(nn.MLP(2, [1]), [POINTS, BITS])


def test_whole_numbers_that_are_no_indices():
    with pytest.raises(ValueError, match="label 1 is 1000000000, which is the index of no class; the model gives 3"):
        fit(nn.MLP(2, [3]), (POINTS, [0, 10**9, 1, 2] * 3), loss=nn.cross_entropy)
    with pytest.raises(ValueError, match="label 0 is -1; this loss takes the index of a class"):
        fit(nn.MLP(2, [4]), (POINTS, [-1, 0, 1, 2] * 3), loss=nn.cross_entropy)


class Without:
    """Batches without an end."""

    def __iter__(self):
        while True:
            yield POINTS, BITS


def test_data_without_an_end_can_be_stopped():
    history = fit(nn.MLP(2, [1], rng=1), Without(), callbacks=lambda record: record.step == 5)
    assert history.steps == 6
    with pytest.raises(ValueError, match="13 samples but 12 labels"):
        fit(nn.MLP(1, [1]), (itertools.count(), BITS))
    with pytest.raises(ValueError, match="there are no batches"):
        fit(nn.MLP(2, [1]), iter([]), loss="mse", epochs=1)


def test_validation_that_is_not_finite_stops_a_run():
    with pytest.warns(UserWarning, match="validation label 2 is or holds a nan"):
        fit(
            nn.MLP(2, [1], rng=1),
            (POINTS, [x * y + 0.5 for x, y in POINTS]),
            validation=(POINTS[:3], [0.0, 1.5, math.nan]),
            loss="mse",
        )


def test_a_schedule_of_another_optimiser():
    other = nn.Adam(nn.MLP(2, [1]).parameters())
    with pytest.raises(ValueError, match="CosineAnnealingLR was made of another optimiser"):
        fit(nn.MLP(2, [1]), (POINTS, BITS), optimizer="adam", schedule=nn.CosineAnnealingLR(other, 4))
