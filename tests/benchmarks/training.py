"""Training: what a step costs, with data drawn, update and all, beside the same loop in PyTorch; compiled beside eager.

    python -m tests.benchmarks.training [--write] [--rounds N] [--only digits,wide,moons,kinds]

One thread each, turns taken in one process; the least time of an epoch (or, where epochs are long, of so many steps)
counts, and the median stands beside it. PyTorch's loop is the usual one: a permutation, batches, `zero_grad`,
`backward`, `step`. Its Adam is the default, which goes over all tensors at once.
"""

import argparse
import random
import statistics
import time
import warnings
from itertools import pairwise

import numpy as np

import nn
from autograd import dot, values_to_vector
from nn.recording.samples import Samples
from nn.recording.stepper import Stepper
from tests.benchmarks.compiled import stay_on_one_processor
from tests.benchmarks.results import RESULTS, put

RATE = 0.005


# --- epochs beside PyTorch -------------------------------------------------------------------------------------------


class Ours:
    """Batches of a run, one after the other, in a loop around what `fit` does in a step."""

    def __init__(self, xs, ys, sizes, batch):
        self.model = nn.MLP(sizes[0], sizes[1:], rng=1)
        nn.kaiming_uniform(self.model, rng=1)
        self.data, self.batch = (xs, ys), batch

    def epoch(self):
        adam = nn.Adam(self.model.parameters(), lr=RATE)
        history = nn.fit(
            self.model, self.data, loss=nn.cross_entropy, optimizer=adam, epochs=2, batch_size=self.batch, threads=1,
            seed=1, progress=False,
        )  # fmt: skip
        return history.times[-1]  # the first has the recording in it


class Torch:
    """The same in PyTorch."""

    def __init__(self, xs, ys, sizes, batch, dtype):
        import torch

        self.torch, self.batch = torch, batch
        torch.set_num_threads(1)
        self.xs, self.ys = torch.tensor(xs, dtype=dtype), torch.tensor(ys)
        layers = []
        for fan_in, fan_out in pairwise(sizes):
            layers += [torch.nn.Linear(fan_in, fan_out), torch.nn.ReLU()]
        self.model = torch.nn.Sequential(*layers[:-1]).to(dtype)
        self.adam = torch.optim.Adam(self.model.parameters(), lr=RATE)

    def epoch(self):
        began, total = time.perf_counter(), 0.0
        order = self.torch.randperm(len(self.xs))
        for i in range(0, len(self.xs), self.batch):
            some = order[i : i + self.batch]
            loss = self.torch.nn.functional.cross_entropy(self.model(self.xs[some]), self.ys[some])
            self.adam.zero_grad()
            loss.backward()
            self.adam.step()
            total += loss.item()
        return time.perf_counter() - began


def epochs_table(title, xs, ys, sizes, batch, rounds):
    """Seconds of an epoch, in turns."""
    import torch

    engines = {
        "chainrule": Ours(xs, ys, sizes, batch),
        "PyTorch, float64": Torch(xs, ys, sizes, batch, torch.float64),
        "PyTorch, float32": Torch(xs, ys, sizes, batch, torch.float32),
    }
    times = {name: [] for name in engines}
    for _ in range(rounds):
        for name, engine in engines.items():
            times[name].append(engine.epoch())
    ours = min(times["chainrule"])
    rows = [f"**{title}**", "", "| engine | ms an epoch (median) | ours is faster by |", "|---|---|---|"]
    for name, found in times.items():
        ratio = "" if name == "chainrule" else f"{min(found) / ours:.2f}x"
        rows.append(f"| {name} | {1e3 * min(found):.1f} ({1e3 * statistics.median(found):.1f}) | {ratio} |")
    return "\n".join(rows)


def digits(rounds):
    """The digits of scikit-learn, in batches of 32."""
    data = nn.load_digits()
    return epochs_table(
        "64-32-10 on 1,438 digits, batches of 32, Adam", data.train_x, data.train_y, [64, 32, 10], 32, 3 * rounds
    )


def wide(rounds):
    """As many made-up samples as MNIST has."""
    rng = np.random.default_rng(0)
    xs, ys = rng.normal(size=(60_000, 784)), rng.integers(10, size=60_000)
    return "\n\n".join(
        epochs_table(
            f"784-32-10 on 60,000 made-up samples, batches of {batch:,}, Adam",
            xs,
            ys,
            [784, 32, 10],
            batch,
            max(2, rounds // 2),
        )
        for batch in (64, 1024)
    )


def accuracies():
    """The held-out accuracy on the digits over four seeds."""
    data, found = nn.load_digits(), []
    for seed in range(4):
        model = nn.MLP(64, [32, 10], rng=seed)
        nn.kaiming_uniform(model, rng=seed)
        nn.fit(
            model, data.train, loss=nn.cross_entropy, optimizer=nn.Adam(model.parameters(), lr=RATE), epochs=30,
            batch_size=32, seed=seed, progress=False,
        )  # fmt: skip
        found.append(nn.accuracy(data.test_y, nn.predict(model, data.test_x)))
    return "Held-out accuracy on the digits after 30 epochs, four seeds: " + ", ".join(f"{x:.1%}" for x in found) + "."


def moons(rounds):
    """micrograd's demo."""
    times, best = [], 0.0
    for _ in range(3 * rounds):
        model = nn.MLP(2, [16, 16, 1], rng=1337)
        points, labels = nn.make_moons(100, rng=1337)
        parameters = model.parameters()

        def loss(scores, wanted, parameters=parameters):
            return nn.hinge(scores, wanted) + nn.l2(parameters, 1e-4)

        began = time.perf_counter()
        history = nn.fit(
            model, (points, labels), loss=loss, optimizer=nn.SGD(parameters, lr=1.0), epochs=100, threads=1,
            schedule=lambda k: 1.0 - 0.9 * k / 100, progress=False,
        )  # fmt: skip
        times.append(time.perf_counter() - began)
        best = history.accuracy[-1]
    return (
        f"The moons of micrograd's demo, 100 steps on all 100 points, hinge and L2: {min(times):.3f} s with the "
        f"recording, accuracy {best:.0%}."
    )


# --- compiled beside eager -------------------------------------------------------------------------------------------


class HiddenPenalty(nn.Module):
    """A hidden layer that is kept for the loss."""

    def __init__(self):
        self.hidden = nn.Layer(16, 32, "tanh", rng=1)
        self.out = nn.Layer(32, 1, "linear", rng=2)

    def __call__(self, x):
        self.kept = self.hidden(x)
        return self.out(self.kept)


class Tagger(nn.Module):
    """An embedding and an LSTM over letters; the last state decides."""

    def __init__(self):
        self.embedding = nn.Embedding(27, 8, rng=1)
        self.cells = nn.LSTM(8, 12, rng=2)
        self.out = nn.Linear(12, 2, rng=3)

    def __call__(self, tokens):
        outputs, _ = self.cells(self.embedding(tokens))
        return self.out(outputs[-1])


def kinds():
    """Cases: a model, a loss, samples, labels, how many in a batch."""
    rng = np.random.default_rng(0)
    xs = rng.normal(size=(256, 16))
    ys = (xs[:, 0] > 0).astype(int)
    words = random.Random(1).sample(nn.load_names(2000), 256)
    tokens = [[ord(c) - 97 for c in word] for word in words]
    ends = [int(word[-1] in "aeiou") for word in words]
    names = nn.Vocabulary(nn.load_names(2000))
    codes = [names.encode(word) for word in words]
    hidden = HiddenPenalty()
    yield (
        "a plain network, 16-32-2", nn.MLP(16, [32, 2], rng=1), nn.cross_entropy, xs, ys, 32,
    )  # fmt: skip
    yield (
        "dropout", nn.Sequential(nn.Layer(16, 32, rng=1), nn.Dropout(0.5), nn.Linear(32, 2, rng=2)), nn.cross_entropy,
        xs, ys, 32,
    )  # fmt: skip
    yield (
        "batch norm", nn.Sequential(nn.Linear(16, 32, rng=1), nn.BatchNorm(32), "relu", nn.Linear(32, 2, rng=2)),
        nn.cross_entropy, xs, ys, 32,
    )  # fmt: skip
    yield (
        "a penalty on a hidden layer", hidden,
        lambda scores, labels: nn.mse(scores, labels) + 0.01 * dot(hidden.kept, hidden.kept), xs, ys, 32,
    )  # fmt: skip
    yield "embedding and LSTM, names of all lengths", Tagger(), nn.cross_entropy, tokens, ends, 16
    yield (
        "a GPT, names of all lengths", nn.models.GPT(len(names), rng=1), nn.cross_entropy,
        [code[:-1] for code in codes], [code[1:] for code in codes], 1,
    )  # fmt: skip


def kinds_table(rounds):
    """Milliseconds a step, eager and compiled, over the same batches."""
    rows = [
        "**Steps of other models, forward and backward**", "",
        "| model | way | eager, ms a step | compiled, ms a step | faster by | recording, s |",
        "|---|---|---|---|---|---|",
    ]  # fmt: skip
    for name, model, loss, xs, ys, size in kinds():
        parameters = model.parameters()
        theta = values_to_vector(parameters)
        samples, labels = Samples(xs, "samples"), Samples(ys, "labels")
        batches = [list(range(i, i + size)) for i in range(0, min(len(samples), 16 * size), size)]
        found, recording, way = {}, 0.0, ""
        for compiled in (True, False):
            stepper = Stepper(model, loss, samples, labels, parameters, random.Random(1), compiled, threads=1)
            began = time.perf_counter()
            for batch in batches:
                stepper(theta, batch)
            first = time.perf_counter() - began
            least = []
            for _ in range(rounds if compiled else max(2, rounds // 2)):
                began = time.perf_counter()
                for batch in batches:
                    stepper(theta, batch)
                least.append((time.perf_counter() - began) / len(batches))
            found[compiled] = min(least)
            if compiled:
                recording, way = first - min(least) * len(batches), stepper.way
        rows.append(
            f"| {name} | {way} | {1e3 * found[False]:.2f} | {1e3 * found[True]:.3f} | "
            f"{found[False] / found[True]:.0f}x | {recording:.2f} |"
        )
    return "\n".join(rows)


def by_hand(rounds):
    """What `fit` costs beyond four lines of one's own, eagerly, on the digits."""
    data = nn.load_digits()
    xs, ys = data.train_x[:320], data.train_y[:320]

    def made():
        model = nn.MLP(64, [32, 10], rng=1)
        nn.kaiming_uniform(model, rng=1)
        return model, nn.Adam(model.parameters(), lr=RATE)

    times = {"loop": [], "fit": []}
    for _ in range(rounds):
        model, adam = made()
        began = time.perf_counter()
        for batch_x, batch_y in nn.minibatches(xs, ys, 32, rng=1):
            loss = nn.cross_entropy([model(x) for x in batch_x], batch_y)
            adam.zero_grad()
            loss.backward()
            adam.step()
        times["loop"].append(time.perf_counter() - began)
        model, adam = made()
        history = nn.fit(
            model, (xs, ys), loss=nn.cross_entropy, optimizer=adam, epochs=1, batch_size=32, seed=1, compiled=False,
            metrics=[], progress=False,
        )  # fmt: skip
        times["fit"].append(history.times[0])
    loop, fit = min(times["loop"]), min(times["fit"])
    return (
        f"Eagerly, an epoch of 320 digits is {1e3 * loop:.1f} ms by four lines of one's own and {1e3 * fit:.1f} ms by "
        f"`fit`: {fit / loop - 1.0:+.1%}."
    )


CASES = {
    "digits": lambda rounds: f"{digits(rounds)}\n\n{accuracies()}\n\n{by_hand(2 * rounds)}",
    "wide": wide,
    "moons": moons,
    "kinds": kinds_table,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default=",".join(CASES), help="cases, by their names in this file")
    parser.add_argument("--write", action="store_true", help="write the tables into RESULTS.md")
    asked = parser.parse_args()
    warnings.simplefilter("error")
    stay_on_one_processor()
    parts = []
    for name in asked.only.split(","):
        parts.append(CASES[name](asked.rounds))
        print(parts[-1], "\n", flush=True)
    if asked.write:
        put(RESULTS, "training", "\n\n".join(parts))


if __name__ == "__main__":
    main()
