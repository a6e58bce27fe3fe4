"""microgpt's workload on each engine: a GPT of 4,192 scalars learns first names, letter by letter, a name a step."""

import importlib
import math
import random
import sys
import time
from itertools import pairwise
from pathlib import Path

from tests.local_gradients import LocalGradients

SIZE, HEADS, BLOCK = 16, 4, 16
RATE, BETAS, STEPS = 0.01, (0.85, 0.99), 1000
NAMES = Path(__file__).parents[2] / "nn/data/names.txt"


def names_and_source():
    """All names in microgpt's order, and the source of chance as it leaves it: weights come next."""
    source = random.Random(42)
    names = sorted(NAMES.read_text(encoding="ascii").split())
    source.shuffle(names)
    return names, source


def encoded(names):
    """A name a step, in numbers, with the mark around it; and how many numbers there are."""
    letters = sorted(set("".join(names)))
    mark = len(letters)
    return [[mark, *map(letters.index, name), mark] for name in names[:STEPS]], mark + 1


def timed(learn, update):
    """A step of forward and backward, which gives the loss, and of an update; each is called with the step's number."""

    def step(k):
        begun = time.perf_counter()
        loss = learn(k)
        between = time.perf_counter()
        update(k)
        return loss, between - begun, time.perf_counter() - begun

    return step


def rate_at(step):
    """The learning rate, which falls to 0 in a line."""
    return RATE * (1.0 - step / STEPS)


# --- the script: what microgpt does, with whatever Value it imports ---


def script(Value):
    """Steps as microgpt takes them: everything is a scalar, written out with operators."""
    names, source = names_and_source()
    texts, count = encoded(names)

    def matrix(rows, columns):
        return [[Value(source.gauss(0.0, 0.08)) for _ in range(columns)] for _ in range(rows)]

    w = {"token": matrix(count, SIZE), "place": matrix(BLOCK, SIZE), "head": matrix(count, SIZE)}
    for name in ("query", "key", "value", "output"):
        w[name] = matrix(SIZE, SIZE)
    w["up"], w["down"] = matrix(4 * SIZE, SIZE), matrix(SIZE, 4 * SIZE)
    parameters = [p for rows in w.values() for row in rows for p in row]
    d = SIZE // HEADS

    def linear(x, rows):
        return [sum(wi * xi for wi, xi in zip(row, x, strict=True)) for row in rows]

    def softmax(logits):
        top = max(x.data for x in logits)
        exps = [(x - top).exp() for x in logits]
        total = sum(exps)
        return [e / total for e in exps]

    def norm(x):
        scale = (sum(xi * xi for xi in x) / len(x) + 1e-5) ** -0.5
        return [xi * scale for xi in x]

    def gpt(token, place, keys, values):
        x = norm([t + p for t, p in zip(w["token"][token], w["place"][place], strict=True)])
        before, x = x, norm(x)
        query = linear(x, w["query"])
        keys.append(linear(x, w["key"]))
        values.append(linear(x, w["value"]))
        seen = []
        for h in range(0, SIZE, d):
            scores = [sum(query[h + j] * key[h + j] for j in range(d)) / d**0.5 for key in keys]
            shares = softmax(scores)
            seen += [sum(s * v[h + j] for s, v in zip(shares, values, strict=True)) for j in range(d)]
        x = [a + b for a, b in zip(linear(seen, w["output"]), before, strict=True)]
        hidden = [h.relu() for h in linear(norm(x), w["up"])]
        x = [a + b for a, b in zip(linear(hidden, w["down"]), x, strict=True)]
        return linear(x, w["head"])

    means, squares = [0.0] * len(parameters), [0.0] * len(parameters)

    def learn(k):
        tokens = texts[k]
        keys, values, losses = [], [], []
        for place in range(len(tokens) - 1):
            probabilities = softmax(gpt(tokens[place], place, keys, values))
            losses.append(-probabilities[tokens[place + 1]].log())
        loss = (1 / len(losses)) * sum(losses)
        loss.backward()
        return loss.data

    def update(k):
        rate, (b1, b2) = rate_at(k), BETAS
        for i, p in enumerate(parameters):
            means[i] = b1 * means[i] + (1 - b1) * p.grad
            squares[i] = b2 * squares[i] + (1 - b2) * p.grad**2
            mean, square = means[i] / (1 - b1 ** (k + 1)), squares[i] / (1 - b2 ** (k + 1))
            p.data -= rate * mean / (square**0.5 + 1e-8)
            p.grad = 0

    return timed(learn, update)


def plain():
    sys.setrecursionlimit(100_000)
    return lambda: script(LocalGradients)


def eager():
    from autograd import Value

    return lambda: script(Value)


# --- nn.models.GPT ---


def model_and_texts():
    """The model with the weights that the script draws, its optimiser, and the names in numbers."""
    from nn import Adam
    from nn.models import GPT

    names, source = names_and_source()
    texts, count = encoded(names)
    model = GPT(count, SIZE, HEADS, 1, BLOCK, rng=source)
    return model, Adam(model.parameters(), lr=RATE, betas=BETAS), texts


def model_eager():
    from nn import cross_entropy

    def start():
        model, optimiser, texts = model_and_texts()

        def learn(k):
            tokens = texts[k]
            loss = cross_entropy(model(tokens[:-1]), tokens[1:])
            optimiser.zero_grad()
            loss.backward()
            return loss.data

        def update(k):
            optimiser.lr = rate_at(k)
            optimiser.step()

        return timed(learn, update)

    return start


def model_by_hand():
    """`autograd.compile` of the loss, in which rows of the embedding are arguments; a tape for each length."""
    import numpy as np

    import autograd
    from nn import cross_entropy
    from nn.chance import Feed, fed_by

    class Given(Feed):
        def __init__(self, given):
            super().__init__()
            self.given = iter(given)

        def rows(self, table, place):
            return next(self.given)

    model, _, _ = model_and_texts()
    weights = model.parameters()
    count = model.vocabulary * SIZE

    def loss(rows, targets):
        with fed_by(Given(rows.tolist())):
            return cross_entropy(model(targets.tolist()), targets.tolist())

    fast = autograd.compile(loss, weights=weights, threads=1)

    def gradient(theta, tokens):
        rows = theta[:count].reshape(-1, SIZE)[tokens[:-1]]
        found, (slopes, by_rows) = fast.value_and_grad(theta, rows, tokens[1:].astype(float), argnums=(0, 1))
        np.add.at(slopes[:count].reshape(-1, SIZE), tokens[:-1], by_rows)
        return found, slopes

    theta = autograd.values_to_vector(weights)
    for n in range(1, BLOCK + 1):
        gradient(theta, np.zeros(n + 1, dtype=int))

    def start():
        fresh, optimiser, texts = model_and_texts()
        theta, arrays = autograd.values_to_vector(fresh.parameters()), [np.array(tokens) for tokens in texts]
        slopes = None

        def learn(k):
            nonlocal slopes
            found, slopes = gradient(theta, arrays[k])
            return float(found)

        def update(k):
            nonlocal theta
            optimiser.lr = rate_at(k)
            theta = optimiser.update(theta, slopes)

        return timed(learn, update)

    return start


class InOrder(random.Random):
    """A source that shuffles nothing, so that names come in the order of the script."""

    def shuffle(self, x):
        pass


def model_by_fit():
    """`nn.fit`: all steps at once; what a step takes is from one call of the schedule to the next.

    A second run, with a callback, tells the losses: for who looks on, each step writes all Values.

    The first step of each length records it: these are set-up, and such a step counts as the next of its length.
    """
    from nn import cross_entropy, fit

    def start():
        begins, losses = [], []

        def clock(step):
            begins.append(time.perf_counter())
            return rate_at(step)

        for callback in (None, lambda record: losses.append(record.loss)):
            model, optimiser, texts = model_and_texts()
            fit(
                model, ([tokens[:-1] for tokens in texts], [tokens[1:] for tokens in texts]), loss=cross_entropy,
                optimizer=optimiser, epochs=1, batch_size=1, seed=InOrder(), schedule=clock, per="step", threads=1,
                progress=False, callbacks=callback, metrics=[],
            )  # fmt: skip
            begins = [*begins[:STEPS], time.perf_counter()] if callback is None else begins
        steps = [(loss, end - begin) for loss, (begin, end) in zip(losses, pairwise(begins), strict=False)]
        first, times = {}, {}
        for k in reversed(range(STEPS)):
            n = len(texts[k])
            first[n], times[k] = k, steps[k][1]
        for n, k in first.items():
            times[k] = next((steps[j][1] for j in range(k + 1, STEPS) if len(texts[j]) == n), 0.0)
        start.setup = min(start.setup, sum(steps[k][1] - times[k] for k in first.values()))
        start.model = model
        return lambda k: (steps[k][0], None, times[k])

    start.setup = math.inf
    return start


# --- PyTorch ---


def torch():
    """The usual modules and functions over arrays, in doubles."""
    torch = importlib.import_module("torch")
    torch.set_num_threads(1)
    F = torch.nn.functional

    def start():
        model, _, texts = model_and_texts()

        def tensor(rows):
            return torch.tensor([[p.data for p in row] for row in rows], dtype=torch.float64, requires_grad=True)

        block = model.blocks[0]
        layers = (
            model.head, block.attention.query, block.attention.key, block.attention.value, block.attention.output,
            block.up, block.down,
        )  # fmt: skip
        tokens_, places = tensor(model.tokens.table), tensor(model.places.table)
        head, *qkv, output, up, down = (tensor([neuron.w for neuron in layer.neurons]) for layer in layers)
        leaves = [tokens_, places, head, *qkv, output, up, down]
        optimiser = torch.optim.Adam(leaves, lr=RATE, betas=BETAS)
        tensors = [torch.tensor(tokens) for tokens in texts]

        def norm(x):
            return F.rms_norm(x, (SIZE,), eps=1e-5)

        def logits(tokens):
            n = len(tokens)
            x = norm(F.embedding(tokens, tokens_) + places[:n])
            y = norm(x)
            q, k, v = (F.linear(y, weight).view(n, HEADS, -1).transpose(0, 1) for weight in qkv)
            seen = F.scaled_dot_product_attention(q, k, v, is_causal=True)
            x = x + F.linear(seen.transpose(0, 1).reshape(n, SIZE), output)
            x = x + F.linear(torch.relu(F.linear(norm(x), up)), down)
            return F.linear(x, head)

        def learn(k):
            tokens = tensors[k]
            loss = F.cross_entropy(logits(tokens[:-1]), tokens[1:])
            optimiser.zero_grad()
            loss.backward()
            return loss.item()

        def update(k):
            optimiser.param_groups[0]["lr"] = rate_at(k)
            optimiser.step()

        return timed(learn, update)

    return start


ENGINES = {
    "plain": (plain, "microgpt's script, its own representation"),
    "eager": (eager, "the same script, with chainrule's `Value`"),
    "model": (model_eager, "`nn.models.GPT`"),
    "fit": (model_by_fit, "`nn.models.GPT`, by `nn.fit`"),
    "hand": (model_by_hand, "`nn.models.GPT`, compiled, a loop of one's own"),
    "torch": (torch, "PyTorch"),
}
