"""Sequential, Dropout and Embedding: torch's numbers, chance, and what they refuse."""

import copy
import pickle
import random
import statistics

import numpy as np
import pytest

import autograd
from autograd import Value
from nn import MLP, Dropout, Embedding, LayerNorm, Linear, Module, Sequential
from nn.chance import Feed, fed_by
from nn.layers.activations import ACTIVATIONS, softmax

# --- Sequential ---


def numbers(x):
    return [numbers(part) for part in x] if isinstance(x, list) else x.data if isinstance(x, Value) else x


def test_steps_of_every_kind():
    linear = Linear(2, 3, rng=1)
    expected = [y.data for y in softmax([autograd.tanh(y) for y in linear([1.0, 2.0])])]
    for tanh in ("tanh", "Tanh", autograd.tanh, ACTIVATIONS["tanh"]):
        for last in ("softmax", softmax):
            model = Sequential(linear, tanh, last)
            assert numbers(model([1.0, 2.0])) == expected
            assert numbers(model([[1.0, 2.0]] * 2)) == [expected] * 2
            assert repr(model) == "Sequential of [Linear(2, 3), tanh, softmax]"
    model = Sequential([linear, None, lambda ys: ys[0]])
    assert model([1.0, 2.0]).data == linear([1.0, 2.0])[0].data
    assert numbers(model(np.array([[1.0, 2.0], [3.0, 4.0]]))) == [linear(x)[0].data for x in ([1.0, 2.0], [3.0, 4.0])]
    assert repr(model) == "Sequential of [Linear(2, 3), linear, <lambda>]"


def test_it_is_torchs():
    torch = pytest.importorskip("torch")
    model = Sequential(Linear(2, 4, rng=1), LayerNorm(4), "gelu", Linear(4, 2, rng=2), "log_softmax")
    peer = torch.nn.Sequential(
        torch.nn.Linear(2, 4), torch.nn.LayerNorm(4), torch.nn.GELU(), torch.nn.Linear(4, 2), torch.nn.LogSoftmax(-1)
    ).double()
    with torch.no_grad():
        for k in (0, 3):
            peer[k].weight.copy_(torch.tensor([[w.data for w in n.w] for n in model[k].neurons], dtype=torch.float64))
            peer[k].bias.copy_(torch.tensor([n.b.data for n in model[k].neurons], dtype=torch.float64))
    model([0.5, -1.0])[0].backward()
    found = peer(torch.tensor([[0.5, -1.0]], dtype=torch.float64))[0]
    found[0].backward()
    assert numbers(model([0.5, -1.0])) == pytest.approx(found.tolist(), rel=1e-12)
    assert [[w.grad for w in n.w] for n in model[0].neurons] == [
        pytest.approx(row, rel=1e-11, abs=1e-13) for row in peer[0].weight.grad.tolist()
    ]


def test_it_is_a_list_of_steps():
    model = Sequential(Linear(2, 3), "relu")
    assert model.append(Linear(3, 1)) is model
    assert (len(model), model[1], model[-1].nin, [type(x).__name__ for x in model]) == (
        3, "relu", 3, ["Linear", "str", "Linear"],
    )  # fmt: skip
    part = model[1:]
    assert isinstance(part, Sequential)
    assert part[1] is model[2]
    model[1] = "TANH"
    assert model[1] == "tanh"
    assert model.named_parameters()[0][0] == "steps.0.neurons.0.w.0"
    assert len(model.parameters()) == 13
    twin = pickle.loads(pickle.dumps(model))
    assert numbers(twin([1.0, 2.0])) == numbers(model([1.0, 2.0])) == numbers(copy.deepcopy(model)([1.0, 2.0]))


def test_without_steps_it_gives_what_it_is_given():
    assert Sequential()([1.0, [2.0]]) == [1.0, [2.0]]


@pytest.mark.parametrize(
    ("step", "error", "said"),
    [
        (3, TypeError, "Sequential: step 1 is 3; expected a module, a function or a name"),
        (Linear, TypeError, r"step 1 is .*: write Linear\(\.\.\.\)"),
        ("rellu", ValueError, "did you mean 'relu'"),
    ],
)
def test_what_is_no_step(step, error, said):
    with pytest.raises(error, match=said):
        Sequential("relu", step)


def test_modules_of_ones_own_are_called_on_each_sample():
    class Residual(Module):
        def __init__(self):
            self.inner = Linear(2, 2, rng=1)

        def __call__(self, x):
            return [a + b for a, b in zip(x, self.inner(x), strict=True)]

    model = Sequential(Linear(2, 2, rng=2), Residual(), Sequential("relu", Linear(2, 1, rng=3)))
    assert numbers(model([[1.0, 2.0], [3.0, 4.0]])) == [numbers(model(x)) for x in ([1.0, 2.0], [3.0, 4.0])]


def test_an_mlp_in_a_sequence_may_end_in_one_number():
    model = Sequential(MLP(2, [3, 1], rng=1), "sigmoid")
    assert model([1.0, 2.0]).data == autograd.sigmoid(model[0]([1.0, 2.0])).data
    assert len(model([[1.0, 2.0]] * 3)) == 3


# --- Dropout ---


def test_a_share_is_dropped_and_the_mean_stays():
    found = Dropout(0.3, rng=1)([1.0] * 20_000)
    assert set(found) == {0.0, 1.0 / 0.7}
    assert statistics.fmean(found) == pytest.approx(1.0, abs=0.02)
    assert found.count(0.0) / 20_000 == pytest.approx(0.3, abs=0.015)


def test_gradients_pass_where_numbers_do():
    xs = [Value(float(i)) for i in range(1, 9)]
    ys = Dropout(0.5, rng=1)(xs)
    autograd.sum(ys).backward()
    assert [x.grad for x in xs] == [y.data / x.data for x, y in zip(xs, ys, strict=True)]
    assert {x.grad for x in xs} == {0.0, 2.0}


def test_after_eval_nothing_is_dropped():
    model = Sequential(Linear(2, 8, rng=1), Dropout(0.9, rng=1), Linear(8, 1, rng=2)).eval()
    plain = Sequential(model[0], model[2])
    assert numbers(model([1.0, 2.0])) == numbers(plain([1.0, 2.0]))
    model.train()
    assert numbers(model([1.0, 2.0])) != numbers(plain([1.0, 2.0]))
    xs = [1.0]
    assert Dropout(0.0)(xs) is xs
    assert Dropout(1.0)([3.0]) == [0.0]


def test_every_shape_and_source():
    dropout = Dropout(0.5, rng=np.random.default_rng(1))
    assert [len(row) for row in dropout([[1.0] * 3, [1.0]])] == [3, 1]
    assert dropout(4.0) in (0.0, 8.0)
    assert [len(row) for row in dropout(np.ones((2, 3)))] == [3, 3]
    random.seed(1)
    first = Dropout(0.5)([1.0] * 9)
    random.seed(1)
    assert Dropout(0.5)([1.0] * 9) == first == Dropout(0.5, rng=1)([1.0] * 9)
    assert repr(dropout) == "Dropout(0.5)"
    copy.deepcopy(Dropout(0.5))
    pickle.dumps(Dropout(0.5, rng=1))


def test_masks_may_be_handed_out():
    class Handed(Feed):
        def masks(self, n, p, own):
            return [Value(2.0) for _ in range(n)]

    with fed_by(Handed()):
        assert numbers(Dropout(0.5)([1.0, 3.0])) == [2.0, 6.0]
    with fed_by(Feed(random.Random(1))) as feed:
        assert Dropout(0.5)([1.0] * 4) == Dropout(0.5, rng=1)([1.0] * 4)
    assert [(n, p) for n, p, _ in feed.drawn] == [(4, 0.5), (4, 0.5)]


@pytest.mark.parametrize(
    ("p", "error"), [(1.5, ValueError), (-0.1, ValueError), ("x", TypeError), (float("nan"), ValueError)]
)
def test_what_is_no_share(p, error):
    with pytest.raises(error, match="Dropout: p"):
        Dropout(p)


# --- Embedding ---


def test_rows_are_torchs_with_gradients():
    torch = pytest.importorskip("torch")
    embedding = Embedding(5, 3, rng=1)
    peer = torch.nn.Embedding(5, 3, dtype=torch.float64)
    with torch.no_grad():
        peer.weight.copy_(torch.tensor([[x.data for x in row] for row in embedding.table], dtype=torch.float64))
    places = [4, 0, 4, 2]
    weights = [float(k) for k in range(12)]
    autograd.dot([x for row in embedding(places) for x in row], weights).backward()
    found = peer(torch.tensor(places))
    (found.flatten() * torch.tensor(weights, dtype=torch.float64)).sum().backward()
    assert numbers(embedding(places)) == found.tolist()
    assert [[x.grad for x in row] for row in embedding.table] == peer.weight.grad.tolist()


def test_a_value_chooses_a_row_with_the_same_gradients():
    for place in range(4):
        one, other = Embedding(4, 2, rng=1), Embedding(4, 2, rng=1)
        autograd.dot(one(place), [2.0, 3.0]).backward()
        autograd.dot(other(Value(float(place))), [2.0, 3.0]).backward()
        assert [p.grad for p in one.parameters()] == [p.grad for p in other.parameters()]
    assert all(x != x for x in numbers(Embedding(4, 2)(Value(0.5))))


def test_recorded_it_takes_every_number():
    embedding = Embedding(4, 2, rng=1)
    f = autograd.compile(lambda model, k: autograd.dot(model(k), [1.0, 10.0]))
    for place in (0, 3, 1):
        assert f(embedding, float(place)) == pytest.approx(autograd.dot(embedding(place), [1.0, 10.0]).data, rel=1e-14)


def test_places_of_every_kind_and_shape():
    embedding = Embedding(4, 2, rng=1)
    assert embedding(np.int64(3)) == embedding(3)
    assert embedding(3) is not embedding.table[3]  # a list that may be changed
    assert numbers(embedding([[1, 2], [3]])) == [numbers(embedding([1, 2])), numbers(embedding([3]))]
    assert numbers(embedding(np.array([1, 2]))) == numbers(embedding((1, 2)))
    assert embedding([]) == []
    assert (embedding.count, embedding.size) == (4, 2)
    assert len(embedding.parameters()) == 8
    assert statistics.pstdev(x.data for row in Embedding(100, 20, rng=1).table for x in row) == pytest.approx(
        1.0, abs=0.05
    )


def test_rows_may_be_handed_out():
    class Handed(Feed):
        def rows(self, table, place):
            return [Value(7.0), Value(float(place))]

    with fed_by(Handed()):
        assert numbers(Embedding(4, 2)([1, 3])) == [[7.0, 1.0], [7.0, 3.0]]


@pytest.mark.parametrize(
    ("place", "error", "said"),
    [
        (4, ValueError, "Embedding of 4 rows has none numbered 4: give 0 to 3"),
        (-1, ValueError, "none numbered -1"),
        ([0, 9], ValueError, "sample 1: Embedding of 4 rows has none numbered 9"),
        (1.0, TypeError, r"expected a whole number, got float 1\.0: write int\(x\)"),
        (1.5, TypeError, r"expected a whole number, got float 1\.5$"),
        ("a", TypeError, "expected a whole number, got str 'a'"),
        (True, TypeError, "expected a whole number, got bool"),
    ],
)
def test_what_is_no_place(place, error, said):
    with pytest.raises(error, match=said):
        Embedding(4, 2)(place)
