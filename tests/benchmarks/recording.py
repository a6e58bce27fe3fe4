"""What a first call costs: recording, differentiating and lowering programs of 10,000 to 1,000,000 operations.

    python -m tests.benchmarks.recording [--largest N] [--rounds N]

Each figure is the time from a fresh `autograd.compile` to the first gradient, divided by the operations that the
function does on Values; and the same of a later call. The least of some rounds is taken. Both must give the gradient
that the eager engine finds.
"""

import argparse
import math
import platform
import random
import time

import numpy as np
import optree

import autograd
from autograd import Tape, Value
from tests.benchmarks.results import RESULTS, put
from tests.benchmarks.workloads import SIZES, black_scholes, max_margin_loss, moons, weights

SMALLEST = 10_000


def chain(n):
    """A product and a sum, over and over."""

    def f(x):
        for _ in range(n // 2):
            x = x * 0.999 + 0.1
        return x

    return f, lambda make: (make(1.0),)


def bent(n):
    """A tanh of a tanh: the slope of each is six operations."""

    def f(x):
        for _ in range(n):
            x = autograd.tanh(x)
        return x

    return f, lambda make: (make(1.0),)


def mixed(n):
    """Products, sums and now and then a tanh of what was found before, in any order."""

    rng = random.Random(1)
    steps = [(rng.randrange(100), rng.randrange(100), rng.random(), rng.randrange(10, 100)) for _ in range(n // 3)]

    def f(*xs):
        found = list(xs)
        for i, j, kind, k in steps:  # the first ten stay
            a, b = found[i], found[j]
            found[k] = autograd.tanh(a * b) if kind < 0.1 else a * 0.6 + b * 0.4
        return autograd.sum(found)

    return f, lambda make: [make(random.Random(i).gauss(0.0, 1.0)) for i in range(100)]


def options(n):
    """What many options cost together."""
    rng = random.Random(2)
    terms = [(rng.uniform(50.0, 150.0), rng.uniform(0.1, 3.0)) for _ in range(n // 24)]

    def f(spot, rate, volatility):
        return autograd.sum([black_scholes(spot, k, rate, volatility, t, autograd) for k, t in terms])

    return f, lambda make: (make(100.0), make(0.05), make(0.2))


def network(n):
    """The loss of a network over many points, operator by operator."""
    points, labels = moons(n // 688)

    def f(layers):
        return max_margin_loss(layers, points, labels, autograd.relu)

    return f, lambda make: (weights(make),)


PROGRAMS = {
    "product and sum, over and over": (chain, None),
    "the same over a batch of 64": (chain, 0),
    "products, sums and tanh in any order": (mixed, None),
    "tanh, over and over": (bent, None),
    "Black-Scholes prices, added up": (options, None),
    f"{'-'.join(map(str, SIZES))} network over a batch, operator by operator": (network, None),
}


def measure(make, n, batched, rounds):
    """Microseconds per operation of a first call, and nanoseconds of a later one."""
    f, arguments = make(n)
    values = arguments(Value)
    result = f(*values)
    operations = sum(Tape(result).statistics().operations.values())
    result.backward()
    expected = optree.tree_leaves(optree.tree_map(lambda v: v.grad, list(values)))
    del result, values
    args = arguments(float if batched is None else lambda x: np.full(64, x))
    everything = tuple(range(len(args)))
    first = later = math.inf
    for _ in range(rounds):
        begun = time.perf_counter()
        fast = autograd.compile(f, in_axes=batched)
        found = fast.grad(*args, argnums=everything)
        first = min(first, time.perf_counter() - begun)
        for _ in range(5):
            begun = time.perf_counter()
            again = fast.grad(*args, argnums=everything)
            later = min(later, time.perf_counter() - begun)
        for tree in (found, again):
            require_agreement(expected, [np.mean(x) for x in optree.tree_leaves(tree)])
        del fast, found, again
    return first / operations * 1e6, later / operations * 1e9


def require_agreement(expected, found):
    """The two gradients are equal but for rounding.

    Raises:
        ValueError: they are not.
    """
    size = max(map(abs, expected))
    if not all(abs(a - b) <= 1e-9 * size for a, b in zip(expected, found, strict=True)):
        raise ValueError(f"compiled: {found[:3]}..., eager: {expected[:3]}...")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--largest", type=int, default=1_000_000, help="operations of the largest programs")
    parser.add_argument("--rounds", type=int, default=2, help="of how many first calls to take the least")
    parser.add_argument("--write", action="store_true", help="write the table into RESULTS.md")
    asked = parser.parse_args()
    sizes = [SMALLEST * 10**k for k in range(7) if SMALLEST * 10**k <= asked.largest]
    printed = ["| program | " + " | ".join(f"{n:,} operations" for n in sizes) + " |", "|---" * (len(sizes) + 1) + "|"]
    print(*printed, sep="\n")
    for title, (make, batched) in PROGRAMS.items():
        cells = []
        for n in sizes:
            first, later = measure(make, n, batched, asked.rounds)
            cells.append(f"{first:.1f} µs ({later:.1f} ns)")
        printed.append(f"| {title} | " + " | ".join(cells) + " |")
        print(printed[-1], flush=True)
    kind = "compiled" if autograd.native else "interpreted"
    print(f"\nPython {platform.python_version()}, engine {kind}: per operation, a first call (a later one).")
    if asked.write:
        put(RESULTS, "first calls", "\n".join(printed))


if __name__ == "__main__":
    main()
