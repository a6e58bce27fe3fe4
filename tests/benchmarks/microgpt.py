"""microgpt's workload: a GPT of 4,192 scalars learns first names, letter by letter, a name a step.

    python -m tests.benchmarks.microgpt [--steps N] [--rounds N] [--only plain,fit] [--names N] [--write]

Each engine lives in a process of its own, with one thread; the processes take turns, so that a slow moment of the
machine meets them all. All start from the same weights with the same names and must find the same losses. A step is
forward, backward and Adam's update. Steps are of names of all lengths, so times are means over the first steps, each
step by the least of some rounds; ratios are over the same steps. Set-up is what is done once before: recording all
lengths. At the end the model is trained for 1,000 steps, and makes up names.
"""

import argparse
import importlib
import json
import math
import os
import random
import subprocess
import sys
import time

from tests.benchmarks.compiled import stay_on_one_processor
from tests.benchmarks.language import BLOCK, ENGINES, STEPS, model_by_fit, names_and_source
from tests.benchmarks.results import RESULTS, put

TURN = 10
"""Steps that an engine takes in a turn."""

IMPORTS = {"plain": "math", "eager": "autograd", "torch": "torch"}
"""What an engine needs, and no more: the collector goes through all that is there."""

SAME = 1e-6
"""Losses may differ by so much of themselves."""


def serve(name):
    """A worker: first its set-up, then to the ends of each turn its steps; from 0 on it starts anew."""
    importlib.import_module(IMPORTS.get(name, "nn.models"))  # imports are no set-up
    stay_on_one_processor()
    begun = time.perf_counter()
    start = ENGINES[name][0]()
    print(json.dumps(time.perf_counter() - begun), flush=True)
    step = None
    for line in sys.stdin:
        first, last = json.loads(line)
        if first == 0:
            step = start()
        print(json.dumps([[step(k) for k in range(first, last)], getattr(start, "setup", None)]), flush=True)


class Worker:
    """An engine's process.

    Attributes:
        setup: Seconds; None if it does not start.
        passes, times: Of each step the least, of forward and backward, and of all.
        losses: Of each step.
    """

    def __init__(self, name):
        self.name, self.passes, self.times, self.losses = name, {}, {}, {}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.microgpt", "--serve", name],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, "OMP_NUM_THREADS": "1"},
        )  # fmt: skip
        line = self.process.stdout.readline()
        self.setup = json.loads(line) if line else None

    def take(self, first, last):
        """Take the steps from one to before another."""
        self.process.stdin.write(f"{json.dumps([first, last])}\n")
        self.process.stdin.flush()
        found, setup = json.loads(self.process.stdout.readline())
        self.setup = self.setup if setup is None else setup
        for k, (loss, passes, whole) in enumerate(found, first):
            self.times[k] = min(whole, self.times.get(k, math.inf))
            if passes is not None:
                self.passes[k] = min(passes, self.passes.get(k, math.inf))
            self.losses[k] = loss

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def mean(times, steps):
    """Seconds, over the first steps; nan if they were not taken."""
    return sum(times.get(k, math.nan) for k in range(steps)) / steps


def measure(only, steps, rounds):
    """Workers that have taken the first steps so many times, in turns."""
    workers = [Worker(name) for name in ENGINES if name in only]
    for worker in [worker for worker in workers if worker.setup is None]:
        print(f"skipped: {worker.name} does not start here", file=sys.stderr)
        workers.remove(worker)
    for _ in range(rounds):
        for first in range(0, steps, TURN):
            for worker in workers:
                worker.take(first, min(first + TURN, steps))
    for worker in workers:
        require_agreement(worker, workers[0])
        worker.end()
    return workers


def require_agreement(worker, other):
    """The losses of the first 100 steps are equal but for rounding.

    Raises:
        ValueError: they are not.
    """
    for k in range(min(100, len(worker.losses), len(other.losses))):
        if not math.isclose(worker.losses[k], other.losses[k], rel_tol=SAME):
            raise ValueError(f"step {k}: {worker.name} {worker.losses[k]}, {other.name} {other.losses[k]}")


def table(workers, steps):
    """The table, in Markdown."""
    found = {worker.name: (mean(worker.passes, steps), mean(worker.times, steps)) for worker in workers}
    rows = [
        "| engine | forward and backward, ms | with update, ms | set-up, s | faster than microgpt's by |",
        "|---|---|---|---|---|",
    ]
    for worker in sorted(workers, key=lambda worker: found[worker.name][1]):
        passes, whole = found[worker.name]
        setup = f"{worker.setup:.2f}" if worker.setup > 0.1 else ""
        cells = ["" if math.isnan(seconds) else f"{seconds * 1e3:.3g}" for seconds in (passes, whole)]
        ratios = ""
        if "plain" in found and worker.name != "plain":
            ratios = ", ".join(
                f"{theirs / ours:,.1f}x" for theirs, ours in zip(found["plain"], (passes, whole), strict=True)
                if not math.isnan(ours)
            )  # fmt: skip
        rows.append(f"| {ENGINES[worker.name][1]} | {' | '.join(cells)} | {setup} | {ratios} |")
    return "\n".join(rows)


def made_up(count):
    """Names that the model makes up after 1,000 steps, at microgpt's temperature, and how good its last losses are."""
    start = model_by_fit()
    step = start()
    names, _ = names_and_source()
    letters, mark = sorted(set("".join(names))), start.model.vocabulary - 1
    source = random.Random(1)
    found = [start.model.generate([mark], BLOCK, 0.5, source, stop=mark)[1:] for _ in range(count)]
    last = sum(step(k)[0] for k in range(STEPS - 100, STEPS)) / 100
    return ["".join(letters[token] for token in name) for name in found], last


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--steps", type=int, default=100, help="how many of the 1,000 steps are timed")
    parser.add_argument("--rounds", type=int, default=3, help="how often they are taken")
    parser.add_argument("--only", default=",".join(ENGINES), help="engines, by their names in this file")
    parser.add_argument("--names", type=int, default=20, help="how many names are made up at the end")
    parser.add_argument("--write", action="store_true", help="write the table into RESULTS.md")
    parser.add_argument("--serve", metavar="ENGINE", choices=ENGINES, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve:
        serve(asked.serve)
        return
    text = table(measure(asked.only.split(","), asked.steps, asked.rounds), asked.steps)
    print(text)
    if asked.names:
        names, loss = made_up(asked.names)
        text += f"\n\nNames made up after 1,000 steps (loss {loss:.2f}): {', '.join(names)}."
        print(text.rpartition("\n")[2])
    if asked.write:
        put(RESULTS, "microgpt", text)


if __name__ == "__main__":
    main()
