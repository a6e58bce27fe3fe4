"""Causal self-attention: torch's MultiheadAttention in value and gradient, the cache, and what it refuses."""

import random

import numpy as np
import pytest

import autograd
from autograd import Value, no_grad
from nn import CausalSelfAttention, KeyValueCache

torch = pytest.importorskip("torch")


def exact(numbers):
    return torch.tensor(numbers, dtype=torch.float64)


def twins(size, heads, bias, seed=1):
    attention = CausalSelfAttention(size, heads, bias, rng=seed)
    rng = random.Random(seed)
    for p in attention.parameters():
        p.data = rng.gauss(0.0, 0.7)
    peer = torch.nn.MultiheadAttention(size, heads, bias=bias, batch_first=True, dtype=torch.float64)
    parts = (attention.query, attention.key, attention.value)
    rows = [[w.data for w in neuron.w] for part in parts for neuron in part.neurons]
    with torch.no_grad():
        peer.in_proj_weight.copy_(exact(rows))
        peer.out_proj.weight.copy_(exact([[w.data for w in n.w] for n in attention.output.neurons]))
        if bias:
            peer.in_proj_bias.copy_(exact([n.b.data for part in parts for n in part.neurons]))
            peer.out_proj.bias.copy_(exact([n.b.data for n in attention.output.neurons]))
    return attention, peer


def called(peer, xs):
    mask = torch.triu(torch.ones(len(xs), len(xs), dtype=torch.bool), diagonal=1)
    return peer(xs, xs, xs, attn_mask=mask, need_weights=False)[0]


def sequence(n, size, seed=3):
    rng = random.Random(seed)
    return [[rng.gauss(0.0, 1.0) for _ in range(size)] for _ in range(n)]


def numbers(outputs):
    return [[y.data for y in place] for place in outputs]


@pytest.mark.parametrize(("size", "heads"), [(4, 1), (4, 2), (6, 3), (4, 4)])
@pytest.mark.parametrize("bias", [True, False])
def test_it_is_torchs_in_value_and_gradient(size, heads, bias):
    attention, peer = twins(size, heads, bias)
    numbers_in = sequence(5, size)
    xs = [[Value(x) for x in place] for place in numbers_in]
    theirs = exact(numbers_in).requires_grad_()
    outputs = attention(xs)
    found = called(peer, theirs)
    assert np.allclose(numbers(outputs), found.detach().numpy(), rtol=1e-12, atol=1e-13)
    flat = [y for place in outputs for y in place]
    weights = [0.1 * k - 1.0 for k in range(len(flat))]
    autograd.dot(flat, weights).backward()
    (found.flatten() * exact(weights)).sum().backward()
    grads = [[x.grad for x in place] for place in xs]
    assert np.allclose(grads, theirs.grad.numpy(), rtol=1e-12, atol=1e-12)
    parts = (attention.query, attention.key, attention.value)
    rows = [[w.grad for w in neuron.w] for part in parts for neuron in part.neurons]
    assert np.allclose(rows, peer.in_proj_weight.grad.numpy(), rtol=1e-12, atol=1e-12)
    rows = [[w.grad for w in neuron.w] for neuron in attention.output.neurons]
    assert np.allclose(rows, peer.out_proj.weight.grad.numpy(), rtol=1e-12, atol=1e-12)
    if bias:
        found = [neuron.b.grad for part in parts for neuron in part.neurons]
        assert np.allclose(found, peer.in_proj_bias.grad.numpy(), rtol=1e-11, atol=1e-12)


def test_no_place_sees_those_after_it():
    attention, _ = twins(4, 2, True)
    xs = [[Value(x) for x in place] for place in sequence(4, 4)]
    autograd.sum(attention(xs)[1]).backward()
    assert all(x.grad == 0.0 for place in xs[2:] for x in place)
    assert all(x.grad != 0.0 for place in xs[:2] for x in place)


@pytest.mark.parametrize("cuts", [[1, 1, 1, 1, 1], [2, 3], [4, 1], [5]])
def test_with_a_cache_a_sequence_may_come_in_parts(cuts):
    attention, _ = twins(4, 2, True)
    xs, cache, found = sequence(5, 4), KeyValueCache(), []
    with no_grad():
        whole = numbers(attention(xs))
        for n in cuts:
            found += numbers(attention(xs[len(found) : len(found) + n], cache))
    assert found == whole
    assert len(cache) == 5


def test_gradients_go_through_the_cache():
    attention, _ = twins(4, 2, True)
    xs = sequence(3, 4)
    autograd.sum(attention(xs)[-1]).backward()
    whole = [p.grad for p in attention.parameters()]
    attention.zero_grad()
    cache = KeyValueCache()
    outputs = [attention([x], cache)[0] for x in xs]
    autograd.sum(outputs[-1]).backward()
    assert [p.grad for p in attention.parameters()] == pytest.approx(whole, rel=1e-12, abs=1e-13)


def test_batches_are_lists_of_sequences():
    attention, _ = twins(4, 2, True)
    batch = [sequence(3, 4), sequence(1, 4, seed=5)]
    assert [numbers(outputs) for outputs in attention(batch)] == [numbers(attention(xs)) for xs in batch]
    assert numbers(attention(np.array(batch[0]))) == numbers(attention(batch[0]))
    assert attention([]) == []


def test_it_starts_as_torchs_does():
    size = 12
    peer = torch.nn.MultiheadAttention(size, 2)
    attention = CausalSelfAttention(size, 2, rng=1)
    for part, tensor in ((attention.key, peer.in_proj_weight), (attention.output, peer.out_proj.weight)):
        mine = max(abs(w.data) for neuron in part.neurons for w in neuron.w)
        assert mine == pytest.approx(tensor.abs().max().item(), rel=0.1)
        assert all(neuron.b.data == 0.0 for neuron in part.neurons)


def test_what_it_refuses():
    attention = CausalSelfAttention(4, 2, rng=1)
    with pytest.raises(ValueError, match="a size of 4 cannot be divided by 3 heads"):
        CausalSelfAttention(4, 3)
    with pytest.raises(TypeError, match=r"expects a sequence.*for one place write \[x\]"):
        attention([1.0, 2.0, 3.0, 4.0])
    with pytest.raises(ValueError, match="sample 1: CausalSelfAttention expects 4 inputs, got 3"):
        attention([[1.0] * 4, [1.0] * 3])
    with pytest.raises(TypeError, match="a cache is of one sequence"):
        attention([[[1.0] * 4]], KeyValueCache())


def test_recorded_it_gives_the_same():
    attention, _ = twins(4, 2, True)
    xs = sequence(3, 4)
    f = autograd.compile(lambda model, xs: autograd.sum(model([list(x) for x in xs])[-1]))
    assert f(attention, np.array(xs)) == pytest.approx(autograd.sum(attention(xs)[-1]).data, rel=1e-12)
