"""What Taylor coefficients cost: of functions of about 1,000 operations, as many times the call on a Value.

python -m tests.benchmarks.taylor [--order N] [--rounds N]
"""

import argparse
import time
import tracemalloc

import autograd
from autograd import Value, taylor

AT = 0.3


def arithmetic(x):
    """Sums, differences, products and quotients."""
    a, b = x, x * 0.5
    for _ in range(143):
        a, b = (a * b + 0.25) / (1.5 - b), (a - b) * 0.5
    return a + b


def mixed(x):
    """Arithmetic with some functions."""
    a, b = x, x
    for _ in range(100):
        a, b = (a * b + 0.3).sin(), (b * 0.5 - a).tanh()
        a = a / (b * b + 1.0)
        b = b + (a * 0.25).exp() * 0.125
    return a * b


def sines(x):
    """Sines alone, each with a cosine beside it."""
    for _ in range(1_000):
        x = x.sin()
    return x


def hyperbolic(x):
    """Hyperbolic tangents alone, whose slopes are further series."""
    for _ in range(1_000):
        x = x.tanh() * 1.0
    return x


def gammas(x):
    """Logarithms of the gamma function: derivatives that never come back."""
    for _ in range(1_000):
        x = x.lgamma() + 1.5
    return x


FUNCTIONS = (arithmetic, mixed, sines, hyperbolic, gammas)


def operations(f):
    """How many operations it is."""
    return sum(bool(node.operands) for node in autograd.topological_order(f(Value(AT))))


def seconds(f):
    """How long a call takes."""
    began = time.perf_counter()
    f()
    return time.perf_counter() - began


def bytes_kept(f, order):
    """The most memory that Python held at a time."""
    tracemalloc.start()
    taylor(f, AT, order)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--order", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=10)
    given = parser.parse_args()
    for f in FUNCTIONS:
        ways = {
            "call": lambda f=f: [f(Value(AT)) for _ in range(20)],
            "taylor": lambda f=f: taylor(f, AT, given.order),
        }
        least = dict.fromkeys(ways, float("inf"))
        for _ in range(given.rounds):
            for name, way in ways.items():
                least[name] = min(least[name], seconds(way))
        call, found = least["call"] / 20, least["taylor"]
        n, kept = operations(f), bytes_kept(f, given.order)
        print(
            f"{f.__name__}: {n:,} operations, {1e6 * call:.0f} µs; order {given.order} in {1e3 * found:.1f} ms, "
            f"{found / call:.0f} times the call; "
            f"{kept / n / (given.order + 1):.0f} bytes for each operation and coefficient"
        )


if __name__ == "__main__":
    main()
