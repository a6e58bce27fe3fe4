"""GPT: its logits and gradients beside PyTorch's and beside loops over floats; what it refuses."""

import json
import math
import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
import nn
from autograd import Value
from nn import Adam, Vocabulary, cross_entropy
from nn.chance import Feed, fed_by
from nn.models import GPT
from nn.models.gpt import Block
from tests.sizes import some

SIZES = [(27, 16, 4, 1, 16), (5, 4, 2, 3, 6), (3, 6, 1, 2, 4), (2, 3, 3, 1, 1)]


def torch_logits(model, tokens, torch):
    """PyTorch's logits by a model's numbers, and the tensors of these, in the order of its parameters."""
    leaves = []

    def matrix(rows):
        found = torch.tensor([[w.data for w in row] for row in rows], dtype=torch.float64, requires_grad=True)
        leaves.append(found)
        return found

    def weights(layer):
        return matrix([neuron.w for neuron in layer.neurons])

    size = model.tokens.size

    def norm(x):
        return torch.nn.functional.rms_norm(x, (size,), eps=1e-5)

    n = len(tokens)
    x = torch.nn.functional.embedding(torch.tensor(tokens), matrix(model.tokens.table)) + matrix(model.places.table)[:n]
    head = weights(model.head)
    x = norm(x)
    for block in model.blocks:
        attention = block.attention
        q, k, v = (
            (norm(x) @ weights(linear).T).view(n, attention.heads, -1).transpose(0, 1)
            for linear in (attention.query, attention.key, attention.value)
        )
        seen = torch.nn.functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + seen.transpose(0, 1).reshape(n, -1) @ weights(attention.output).T
        x = x + torch.relu(norm(x) @ weights(block.up).T) @ weights(block.down).T
    return x @ head.T, leaves


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_value_and_gradient_are_those_of_torch(sizes):
    torch = pytest.importorskip("torch")
    model, rng = GPT(*sizes, rng=3), random.Random(5)
    for p in model.parameters():
        p.data *= 6.0  # so that softmaxes are no mere means
    for n in sorted({1, sizes[-1] // 2 + 1, sizes[-1]}):
        tokens, targets = ([rng.randrange(sizes[0]) for _ in range(n)] for _ in range(2))
        expected, leaves = torch_logits(model, tokens, torch)
        logits = model(tokens)
        found = [[x.data for x in row] for row in logits]
        np.testing.assert_allclose(found, expected.detach().numpy(), rtol=1e-12, atol=1e-12)
        wanted = torch.nn.functional.cross_entropy(expected, torch.tensor(targets))
        model.zero_grad()
        loss = cross_entropy(logits, targets)
        loss.backward()
        assert loss.data == pytest.approx(wanted.item(), rel=1e-12)
        wanted.backward()
        flat = np.concatenate([leaf.grad.numpy().ravel() for leaf in leaves])
        np.testing.assert_allclose([p.grad for p in model.parameters()], flat, rtol=1e-11, atol=1e-12)


def test_parameters_come_in_the_order_of_microgpt_and_are_drawn_as_there():
    model, rng = GPT(27, rng=42), random.Random(42)
    assert [p.data for p in model.parameters()] == [rng.gauss(0.0, 0.08) for _ in range(4192)]
    names = [name.split(".neurons")[0] for name, _ in model.named_parameters()]
    assert list(dict.fromkeys(names))[-7:] == [
        "head", *[f"blocks.0.{part}" for part in (
            "attention.query", "attention.key", "attention.value", "attention.output", "up", "down"
        )]
    ]  # fmt: skip
    assert names[0] == "tokens.table.0.0"
    assert names[27 * 16] == "places.table.0.0"


def test_a_source_is_gone_on_with():
    source = np.random.default_rng(1)
    assert GPT(3, 2, 1, rng=source).state_dict() != GPT(3, 2, 1, rng=source).state_dict()


@settings(max_examples=some(25), deadline=None)
@given(st.lists(st.integers(0, 4), min_size=2, max_size=6), st.integers(1, 5), st.integers(0, 4))
def test_a_place_sees_only_those_before_it(tokens, k, other):
    model = GPT(5, 4, 2, 2, 6, rng=1)
    changed = [*tokens]
    changed[k % len(tokens)] = other
    before, after = model(tokens), model(changed)
    for place in range(k % len(tokens)):
        assert [x.data for x in before[place]] == [x.data for x in after[place]]


def test_a_place_sees_all_those_before_it():
    model = GPT(5, 4, 2, 1, 6, rng=1)
    logits = model([0, 1, 2, 3, 4])
    for token in range(5):
        model.zero_grad()
        logits[-1][0].backward()
        assert any(w.grad for w in model.tokens.table[token]), token


def test_batches_are_lists_of_sequences_of_any_length():
    model = GPT(5, 4, 2, rng=1)
    some = [[1, 2, 3], [4]]
    assert numbers(model(some)) == [numbers(model(tokens)) for tokens in some]
    assert numbers(model(np.array([[1, 2], [3, 4]]))) == [numbers(model([1, 2])), numbers(model([3, 4]))]
    assert numbers(model((1, 2))) == numbers(model(np.array([1, 2], dtype=np.int8))) == numbers(model([1, 2]))


def numbers(x):
    """Nested lists of Values as nested lists of numbers."""
    return [numbers(part) for part in x] if isinstance(x, list) else x.data


def test_a_loss_of_several_names_is_the_mean_over_their_letters():
    model = GPT(5, 4, 2, rng=1)
    names = [[4, 0, 1, 4], [4, 2, 4]]
    losses = [cross_entropy([row], [t]).data for s in names for row, t in zip(model(s[:-1]), s[1:], strict=True)]
    found = cross_entropy(model([s[:-1] for s in names]), [s[1:] for s in names])
    assert found.data == pytest.approx(sum(losses) / 5, rel=1e-14)


@pytest.mark.parametrize(
    ("tokens", "kind", "says"),
    [
        ([], ValueError, "no tokens"),
        ([0] * 7, ValueError, "7 tokens, but it was made for a block of 6"),
        ([0, 5], ValueError, r"token 1 is 5, out of range for a vocabulary of 5 \(0 to 4\)"),
        ([-1], ValueError, "token 0 is -1, out of range"),
        ([1.0], TypeError, "token 0 is float 1.0; expected a whole number"),
        ([True], TypeError, "token 0 is bool True"),
        (["a"], TypeError, "token 0 is str 'a'"),
        ("emma", TypeError, r"the text 'emma': nn.Vocabulary\(texts\).encode\(text\)"),
        (None, TypeError, "got NoneType"),
        ([[0, 1], [9]], ValueError, "sample 1: GPT: token 0 is 9"),
    ],
)
def test_what_is_no_sequence_of_tokens_is_refused(tokens, kind, says):
    with pytest.raises(kind, match=says):
        GPT(5, 4, 2, block=6)(tokens)


@pytest.mark.parametrize(
    ("options", "kind", "says"),
    [
        ({"vocabulary": 0}, ValueError, "GPT: vocabulary: expected 1 or more, got 0"),
        ({"vocabulary": "abc"}, TypeError, "GPT: vocabulary: expected a whole number, got str"),
        ({"vocabulary": 2.0}, TypeError, "GPT: vocabulary"),
        ({"embedding": 6}, ValueError, "an embedding of 6 numbers cannot be divided by 4 heads"),
        ({"heads": 0}, ValueError, "GPT: heads: expected 1 or more"),
        ({"layers": 0}, ValueError, "GPT: layers: expected 1 or more"),
        ({"block": -1}, ValueError, "GPT: block: expected 1 or more"),
        ({"rng": "x"}, TypeError, "rng: expected None, an int seed"),
    ],
)
def test_what_is_no_size_is_refused(options, kind, says):
    with pytest.raises(kind, match=says):
        GPT(**{"vocabulary": 5, **options})


def test_a_vocabulary_is_its_length():
    assert GPT(Vocabulary("ab"), 4, 2, rng=1).state_dict() == GPT(3, 4, 2, rng=1).state_dict()
    assert nn.models.GPT is GPT


def test_tokens_may_be_values_whose_number_nobody_reads():
    model = GPT(5, 4, 2, rng=1)
    fast = autograd.compile(lambda x: np.array(model(x.tolist()), dtype=object).ravel().tolist())
    for tokens in ([1, 2], [4, 0]):
        expected = [x for row in numbers(model(tokens)) for x in row]
        assert fast(np.array(tokens, dtype=float)) == pytest.approx(expected, rel=1e-14)
    assert len(fast.tapes) == 1


def test_rows_of_tokens_come_from_a_feed_and_those_of_places_do_not():
    class Noting(Feed):
        def rows(self, table, place):
            asked.append((table, place))
            return [Value(0.0) for _ in table[0]]

    asked = []
    model = GPT(5, 4, 2, rng=1)
    tokens = [Value(float("nan")), Value(7.0)]
    with fed_by(Noting()):
        model(tokens)
    assert [place for _, place in asked] == tokens
    assert all(table is model.tokens.table for table, _ in asked)


def test_compiled_it_gives_the_loss_and_the_gradient_of_the_eager_engine():
    model = GPT(5, 4, 2, 2, 6, rng=1)
    weights = model.parameters()
    fast = autograd.compile(lambda x, y: cross_entropy(model(x.tolist()), y.tolist()), weights=weights)
    theta = autograd.values_to_vector(weights)
    for tokens in ([1, 2, 3, 4, 0, 1, 2], [4, 4], [0, 2, 1, 1]):
        xs, ys = (np.array(part, dtype=float) for part in (tokens[:-1], tokens[1:]))
        value, gradient = fast.value_and_grad(theta, xs, ys)
        model.zero_grad()
        loss = cross_entropy(model(tokens[:-1]), tokens[1:])
        loss.backward()
        assert value == pytest.approx(loss.data, rel=1e-13)
        np.testing.assert_allclose(gradient, [p.grad for p in weights], rtol=1e-10, atol=1e-13)
    assert len(fast.tapes) == 3, "one for each length"


def test_trained_on_few_names_it_makes_these_up():
    names = ["emma", "ava", "mia", "noah"]
    vocabulary = Vocabulary(names)
    model = GPT(vocabulary, 8, 2, block=6, rng=1)
    optimiser = Adam(model.parameters(), lr=0.02, betas=(0.85, 0.99))
    losses = []
    for step in range(160):
        tokens = vocabulary.encode(names[step % 4])
        loss = cross_entropy(model(tokens[:-1]), tokens[1:])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.data)
    assert losses[0] == pytest.approx(math.log(len(vocabulary)), rel=0.1), "at the start all tokens are as likely"
    assert sum(losses[-4:]) / 4 < 0.5
    bos = vocabulary.bos
    made = {vocabulary.decode(model.generate([bos], 6, 0.3, rng=k, stop=bos)) for k in range(12)}
    assert len(made & {*names}) >= 3
    assert made <= {*names} | {name for name in made if len(name) > 1}


def test_a_module_like_all_others():
    model = GPT(5, 4, 2, 2, rng=1)
    assert repr(model) == "GPT(5, embedding=4, heads=2, layers=2, block=16)"
    assert eval(repr(model)).state_dict().keys() == model.state_dict().keys()
    other = GPT(5, 4, 2, 2, rng=2)
    other.load_state_dict(json.loads(json.dumps(model.state_dict())))
    assert numbers(other([1, 2])) == numbers(model([1, 2]))
    assert model.freeze()([1])[0][0].data == other([1])[0][0].data
    assert [type(x) for x in model.modules()].count(Block) == 2


@pytest.mark.parametrize("suffix", [".safetensors", ".json"])
def test_saved_and_loaded_it_is_the_same(tmp_path, suffix):
    path = tmp_path / f"names{suffix}"
    model = GPT(5, 4, 2, rng=1)
    nn.save(model, path)
    assert nn.load(path, GPT(5, 4, 2, rng=2)).state_dict() == model.state_dict()
    with pytest.raises(ValueError, match="shape"):
        nn.load(path, GPT(6, 4, 2, rng=2))


def test_its_loss_can_be_drawn():
    model = GPT(27, rng=1)
    tokens = [26, 4, 12, 12, 0, 26]
    assert "digraph" in autograd.draw(cross_entropy(model(tokens[:-1]), tokens[1:])).source
    assert "GPT" in (model._repr_html_() or "")
