"""What a model makes up: each token by the logits of those before it, with a cache or without."""

import random
from collections import Counter

import numpy as np
import pytest

from autograd import topological_order
from nn.models import GPT
from nn.models.generation import as_temperature, drawn


@pytest.fixture
def model():
    model = GPT(5, 4, 2, 2, 6, rng=1)
    for p in model.parameters():
        p.data *= 10.0
    return model


def without_cache(model, start, length, temperature, source):
    """The same by a call on all tokens for each."""
    found = [*start]
    for _ in range(length):
        found.append(drawn([x.data for x in model(found[-model.block :])[-1]], temperature, source))
    return found


@pytest.mark.parametrize("start", [[4], [0, 1, 2], [3, 2, 1, 0, 1, 2], [0, 1, 2, 3, 4, 0, 1, 2]], ids=len)
@pytest.mark.parametrize("temperature", [0.0, 0.5, 1.0, 3.0])
def test_a_cache_changes_nothing_in_the_block_and_beyond(model, start, temperature):
    found = model.generate(start, 12, temperature, rng=3)
    assert found == without_cache(model, start, 12, temperature, random.Random(3))
    assert found[: len(start)] == start
    assert len(found) == len(start) + 12


def test_within_the_block_a_token_is_looked_at_once(model):
    seen = []
    model.blocks[0].register_forward_pre_hook(lambda module, args: seen.append(len(args[0])))
    model.generate([1, 2], 5)
    assert seen == [2, 1, 1, 1, 1]
    seen.clear()
    model.generate([1, 2], 7)
    assert seen == [2, 1, 1, 1, 1, 6, 6]


def test_it_makes_no_graph_and_leaves_no_gradient(model):
    before = model.state_dict()
    found = model.generate([1], 8)
    assert all(type(token) is int for token in found)
    assert model.state_dict() == before
    assert all(p.grad == 0.0 and not p.is_constant for p in model.parameters())
    assert len(topological_order(model([1])[0][0])) > 100, "and afterwards there are graphs again"


def test_at_temperature_0_nothing_is_drawn(model):
    source = random.Random(1)
    state = source.getstate()
    first = model.generate([2], 9, 0, rng=source)
    assert source.getstate() == state
    assert first == model.generate([2], 9, temperature=0.0)
    logits = [x.data for x in model([2])[0]]
    assert first[1] == logits.index(max(logits))


def test_sources_of_chance(model):
    assert model.generate([1], 20, rng=5) == model.generate([1], 20, rng=random.Random(5))
    assert len(model.generate([1], 5, rng=np.random.default_rng(5))) == 6
    random.seed(9)
    found = model.generate([1], 20)
    random.seed(9)
    assert model.generate([1], 20) == found
    assert len({tuple(model.generate([1], 20, rng=k)) for k in range(5)}) > 1


def test_a_stop_ends_it_and_is_left_out(model):
    whole = model.generate([1], 20, rng=2)
    stop = whole[7]
    cut = model.generate([1], 20, rng=2, stop=stop)
    assert cut == whole[: whole.index(stop, 1)]
    assert model.generate([stop, stop], 1, temperature=0, stop=model.generate([stop, stop], 1, temperature=0)[-1]) == [
        stop, stop,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "kind", "says"),
    [
        (([], 3), ValueError, "start is empty"),
        (([5], 3), ValueError, "token 0 of start is 5, out of range"),
        (([0.5], 3), TypeError, "token 0 of start is float 0.5"),
        ((7, 3), ValueError, "token 0 of start is 7"),
        (("a", 3), TypeError, "got str 'a'"),
        (([0], -1), ValueError, "generate: length: expected 0 or more, got -1"),
        (([0], 2.0), TypeError, "generate: length"),
        (([0], 3, -0.5), ValueError, "generate: temperature is -0.5"),
        (([0], 3, float("nan")), ValueError, "generate: temperature"),
        (([0], 3, float("inf")), ValueError, "generate: temperature"),
        (([0], 3, "hot"), TypeError, "generate: temperature"),
        (([0], 3, 1.0, None, 9), ValueError, "stop is 9, out of range"),
        (([0], 3, 1.0, "seed"), TypeError, "rng: expected None"),
    ],
)
def test_what_makes_no_sense_is_refused(model, arguments, kind, says):
    with pytest.raises(kind, match=says):
        model.generate(*arguments)


def test_of_no_tokens_the_start_remains(model):
    assert model.generate((3, 4), 0) == [3, 4]
    assert model.generate(np.array([3, 4]), 0) == [3, 4]
    assert model.generate(np.int64(3), 0) == [3]


def test_a_model_that_diverged_says_so(model):
    model.head.neurons[0].w[0].data = float("nan")
    with pytest.raises(ValueError, match=r"the logits are .*nan.*: a parameter is nan, or too large"):
        model.generate([1], 3)


def test_tokens_are_drawn_as_often_as_they_are_likely():
    logits, n = [1.0, 0.0, -1.0, 2.0], 20_000
    for temperature in (0.5, 1.0, 4.0):
        source = random.Random(1)
        counts = Counter(drawn(logits, temperature, source) for _ in range(n))
        weights = np.exp(np.array(logits) / temperature)
        shares = weights / weights.sum()
        for token, share in enumerate(shares):
            assert abs(counts[token] / n - share) < 4.0 * (share * (1.0 - share) / n) ** 0.5, (temperature, token)


def test_tiny_temperatures_overflow_nothing():
    assert drawn([1e300, -1e300, 0.0], 1e-300, random.Random(1)) == 0
    assert as_temperature(0, "generate") == 0.0
