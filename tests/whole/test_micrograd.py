"""Programs written for micrograd and microgpt, run with nothing but their import changed."""

import math
import random

import numpy as np
import pytest

import nn
from autograd import Value
from tests.local_gradients import LocalGradients

micrograd_engine = pytest.importorskip("micrograd.engine", reason="the peer itself: pip install micrograd==0.1.0")
micrograd_nn = pytest.importorskip("micrograd.nn")
ENGINES = [micrograd_engine.Value, Value]


def every_operation(Value):
    """Arithmetic of all kinds that micrograd knows, on two leaves."""
    p, q = Value(-3.0), Value(1.5)
    r = p * q + q**3 - p / q
    r += 2 + r * 0.5
    s = (r - 7).relu() + (p + 10).relu() * q**-1
    s = s - 3 / q + (-p) * 2 - 1
    t = (s**2 + 1.0) ** 0.5
    t += 10.0 / t
    return p, q, t


def test_arithmetic():
    results = []
    for engine in ENGINES:
        p, q, t = every_operation(engine)
        t.backward()
        results.append((t.data, p.grad, q.grad))
    assert results[0] == pytest.approx(results[1], rel=1e-13)


def test_the_numbers_that_its_readme_prints():
    """The expression is micrograd's well-known example; the three numbers are what its README says."""
    a, b = Value(-4.0), Value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    g = (c - d) ** 2
    g = g / 2.0 + 10.0 / g
    g.backward()
    assert (f"{g.data:.4f}", f"{a.grad:.4f}", f"{b.grad:.4f}") == ("24.7041", "138.8338", "645.5773")


def test_a_first_lesson():
    """x = -4: sums, products and a relu, against micrograd."""
    results = []
    for engine in ENGINES:
        x = engine(-4.0)
        z = 2 * x + 2 + x
        q = z.relu() + z * x
        h = (z * z).relu()
        y = h + q + q * x
        y.backward()
        results.append((y.data, x.grad))
    assert results[0] == results[1] == (-20.0, 46.0)


def test_constructor_names_and_bookkeeping():
    a = Value(2.0, label="a")
    b = Value(-3.0, _children=(), _op="", label="b")
    e = a * b
    e.label = "e"
    assert (e._op, e._prev, a._prev, a.label) == ("*", (a, b), (), "a")
    made = Value(4.0, (a, b), "custom")
    assert (made._op, made._prev, made.grad) == ("custom", (a, b), 0.0)
    e.grad = 1.0
    e._backward()  # the chain rule by hand, one node at a time
    assert (a.grad, b.grad) == (-3.0, 2.0)
    a._backward()
    with pytest.raises(TypeError, match="children"):
        Value(1.0, (2.0,))


def with_a_rule_of_its_own(engine, x):
    """tanh, as one writes a new operation in micrograd."""
    t = math.tanh(x.data)
    out = engine(t, (x,), "tanh")

    def _backward():
        x.grad += (1 - t**2) * out.grad

    out._backward = _backward
    return out


def test_a_rule_of_ones_own():
    results = []
    for engine in ENGINES:
        x, w = engine(0.7), engine(-1.2)
        y = with_a_rule_of_its_own(engine, x * w) * x
        y = y + with_a_rule_of_its_own(engine, y)
        y.backward()
        results.append((y.data, x.grad, w.grad))
    assert results[0] == pytest.approx(results[1], rel=1e-15)


def moons(n=60):
    rng = random.Random(3)
    xs, ys = [], []
    for i in range(n):
        t, s = math.pi * rng.random(), 1 if i % 2 else -1
        xs.append([0.5 * (1 - s) + s * math.cos(t), 0.25 * (1 - s) * 1.0 + s * math.sin(t) - 0.25 + rng.gauss(0, 0.1)])
        ys.append(s)
    return np.array(xs), np.array(ys)


def train_as_its_demo_does(Value, MLP, steps=5):
    """The demo's way of writing a training loop: NumPy rows, `map(Value, row)`, np.int64 labels, p.data -= ..."""
    random.seed(1337)
    model = MLP(2, [16, 16, 1])
    X, y = moons()
    seen = []
    for k in range(steps):
        inputs = [list(map(Value, row)) for row in X]
        scores = list(map(model, inputs))
        losses = [(1 + -yi * scorei).relu() for yi, scorei in zip(y, scores, strict=True)]
        data_loss = sum(losses) * (1.0 / len(losses))
        reg_loss = 1e-4 * sum(p * p for p in model.parameters())
        total = data_loss + reg_loss
        accuracy = [(yi > 0) == (scorei.data > 0) for yi, scorei in zip(y, scores, strict=True)]
        model.zero_grad()
        total.backward()
        for p in model.parameters():
            p.data -= (1.0 - 0.9 * k / 100) * p.grad
        seen.append((total.data, sum(accuracy) / len(accuracy)))
    return model, seen


@pytest.mark.any_build
def test_its_demo():
    theirs, expected = train_as_its_demo_does(micrograd_engine.Value, micrograd_nn.MLP)
    ours, found = train_as_its_demo_does(Value, nn.MLP)
    assert [a for _, a in found] == [a for _, a in expected]
    assert [loss for loss, _ in found] == pytest.approx([loss for loss, _ in expected], rel=1e-9)
    assert repr(ours) == repr(theirs)
    assert [p.data for p in ours.parameters()] == pytest.approx([p.data for p in theirs.parameters()], rel=1e-8)


# --- microgpt ---


def tiny_language_model(Value, steps=6):
    """A GPT in scalars: embeddings, RMS norm, two heads of causal attention, a squared-relu MLP, Adam by hand."""
    rng = random.Random(42)
    words = ["emma", "olivia", "ava", "mia", "noah"]
    letters = sorted(set("".join(words)))
    end, n_embd, n_head, block = len(letters), 8, 2, 8
    head = n_embd // n_head

    def matrix(rows, columns, std=0.2):
        return [[Value(rng.gauss(0, std)) for _ in range(columns)] for _ in range(rows)]

    state = {"wte": matrix(end + 1, n_embd), "wpe": matrix(block, n_embd), "out": matrix(end + 1, n_embd)}
    for name, shape in {"q": (8, 8), "k": (8, 8), "v": (8, 8), "o": (8, 8), "up": (16, 8), "down": (8, 16)}.items():
        state[name] = matrix(*shape)
    parameters = [p for m in state.values() for row in m for p in row]

    def linear(x, w):
        return [sum(wi * xi for wi, xi in zip(row, x, strict=True)) for row in w]

    def softmax(logits):
        top = max(x.data for x in logits)
        exps = [(x - top).exp() for x in logits]
        total = sum(exps)
        return [e / total for e in exps]

    def norm(x):
        ms = sum(xi * xi for xi in x) / len(x)
        scale = (ms + 1e-5) ** -0.5
        return [xi * scale for xi in x]

    def gpt(token, position, keys, values):
        x = norm([t + p for t, p in zip(state["wte"][token], state["wpe"][position], strict=True)])
        residual, x = x, norm(x)
        q = linear(x, state["q"])
        keys.append(linear(x, state["k"]))
        values.append(linear(x, state["v"]))
        mixed = []
        for h in range(0, n_embd, head):
            scores = [sum(q[h + j] * k[h + j] for j in range(head)) / head**0.5 for k in keys]
            weights = softmax(scores)
            mixed += [sum(w * v[h + j] for w, v in zip(weights, values, strict=True)) for j in range(head)]
        x = [a + b for a, b in zip(linear(mixed, state["o"]), residual, strict=True)]
        hidden = [xi.relu() ** 2 for xi in linear(norm(x), state["up"])]
        x = [a + b for a, b in zip(linear(hidden, state["down"]), x, strict=True)]
        return linear(x, state["out"])

    m, v, losses = [0.0] * len(parameters), [0.0] * len(parameters), []
    for step in range(steps):
        word = words[step % len(words)]
        tokens = [end] + [letters.index(c) for c in word] + [end]
        keys, values, per_token = [], [], []
        for position in range(len(tokens) - 1):
            probabilities = softmax(gpt(tokens[position], position, keys, values))
            per_token.append(-probabilities[tokens[position + 1]].log())
        loss = (1 / len(per_token)) * sum(per_token)
        loss.backward()
        losses.append(loss.data)
        for i, p in enumerate(parameters):
            m[i] = 0.9 * m[i] + 0.1 * p.grad
            v[i] = 0.95 * v[i] + 0.05 * p.grad**2
            p.data -= 0.01 * (m[i] / (1 - 0.9 ** (step + 1))) / ((v[i] / (1 - 0.95 ** (step + 1))) ** 0.5 + 1e-8)
            p.grad = 0
    return losses


def test_a_language_model_in_scalars():
    assert tiny_language_model(Value) == pytest.approx(tiny_language_model(LocalGradients), rel=1e-9)


def test_local_gradients_make_a_node():
    a, b = Value(2.0), Value(3.0)
    y = Value(6.0, (a, b), (3.0, 2.0))
    assert (y._children, y._local_grads, y._op) == ((a, b), (3.0, 2.0), "")
    (y * y).backward()
    assert (a.grad, b.grad, y.grad) == (36.0, 24.0, 12.0)
    assert (a * b)._local_grads == (3.0, 2.0)
    with pytest.raises(ValueError, match="2 children need as many local gradients, got 1"):
        Value(6.0, (a, b), (3.0,))
