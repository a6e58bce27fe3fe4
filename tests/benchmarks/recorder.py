"""What recording costs: every fifth of 100 steps on moons, beside the same training without, in turns.

python -m tests.benchmarks.recorder [--rounds N]
"""

import argparse
import time

import nn

POINTS, LABELS = nn.make_moons(100, noise=0.1, rng=1)


def loop(recorder=None):
    """A loop of one's own, on the eager engine."""
    model = nn.MLP(2, [16, 16, 1], rng=1)
    sgd = nn.SGD(model.parameters(), lr=0.5)
    for _ in range(100):
        loss = nn.hinge([model(p) for p in POINTS], LABELS)
        sgd.zero_grad()
        loss.backward()
        sgd.step()
        if recorder is not None:
            recorder(model=model, batch=(POINTS, LABELS), loss=loss, optimizer=sgd)


def fit(recorder=None):
    """The same by `fit`, compiled."""
    model = nn.MLP(2, [16, 16, 1], rng=1)
    nn.fit(
        model, (POINTS, LABELS), loss="hinge", optimizer=nn.SGD(model.parameters(), lr=0.5), epochs=100, seed=1,
        callbacks=recorder, progress=False,
    )  # fmt: skip


WAYS = {
    "loop": (loop, lambda: loop(nn.Recorder(every=5))),
    "loop, loss as a function": (loop, lambda: loop(nn.Recorder(every=5, loss=nn.hinge))),
    "fit": (fit, lambda: fit(nn.Recorder(every=5))),
}
"""Trainings without a recorder, and with one."""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20)
    rounds = parser.parse_args().rounds
    for name, runs in WAYS.items():
        least = [float("inf")] * 2
        for _ in range(rounds):
            for k, run in enumerate(runs):
                began = time.perf_counter()
                run()
                least[k] = min(least[k], time.perf_counter() - began)
        alone, recorded = least
        print(f"{name}: {1e3 * alone:.1f} ms, recorded {1e3 * recorded:.1f} ms, {recorded / alone - 1:+.1%}")


if __name__ == "__main__":
    main()
