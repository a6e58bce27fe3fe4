"""What transforms cost: beside a gradient, beside the engine's own calls, and a root beside NumPy's Newton.

    python -m tests.benchmarks.derivatives [--rounds N] [--write]

Everything of a row of the table takes turns in one process, with one thread; times are the least of some rounds.
"""

import argparse
import time
from itertools import pairwise

import numpy as np

import autograd
from autograd import Value
from tests.benchmarks.compiled import stay_on_one_processor
from tests.benchmarks.results import RESULTS, put


def rosenbrock(x):
    return autograd.sum(100.0 * (b - a * a) ** 2 + (1.0 - a) ** 2 for a, b in pairwise(x))


def kepler(x, m, e):
    return x - e * autograd.sin(x) - m


def mixed(x):
    """Of each pair of neighbours a few operations that bend."""
    return autograd.sum([a.sin() * b.exp() / (1.0 + a * a) for a, b in pairwise(x)])


def chained(x):
    """Each variable after the other, one deep chain."""
    y = x[0]
    for a in x:
        y = (y * a + 0.5).tanh()
    return y


def newtons(m, e):
    """The root of Kepler's equation for all rows at once, as NumPy's users write it, and its slope by m."""
    x = m.copy()
    while True:
        sine, cosine = np.sin(x), np.cos(x)
        step = (x - e * sine - m) / (1.0 - e * cosine)
        x -= step
        if np.abs(step).max() < 1e-13:
            return x, 1.0 / (1.0 - e * np.cos(x))


def least(calls, rounds):
    """The least seconds of each of some calls, which take turns; of short ones as many as take a millisecond."""
    found = [float("inf")] * len(calls)
    begin = time.perf_counter()
    calls[-1]()
    times = 1 + int(1e-3 / (time.perf_counter() - begin))
    for _ in range(rounds):
        for k, call in enumerate(calls):
            begin = time.perf_counter()
            for _ in range(times):
                call()
            found[k] = min(found[k], (time.perf_counter() - begin) / times)
    return found


def engines_gradient(f, numbers):
    """A gradient by the engine's own calls."""
    leaves = [Value(x) for x in numbers]
    f(leaves).backward()
    return [x.grad for x in leaves]


def engines_hessian(f, numbers):
    """A Hessian by the engine's own calls."""
    leaves = [Value(x) for x in numbers]
    slopes = autograd.grad(f(leaves), leaves, create_graph=True)
    return [autograd.grad(slope, leaves, allow_unused=True) for slope in slopes]


def small(n, operations):
    """A function of a list of `n` numbers, of so many operations or as many as reach all of them."""

    def f(x):
        y = x[0]
        for k in range(max(operations, n - 1)):
            y = y + x[(k + 1) % n] if k % 3 == 2 else y * x[(k + 1) % n]
        return y

    return f


def by_hand(f, numbers):
    """What a user writes for each transform with the engine's own calls, and the transform, of a function of a list."""

    def leaves():
        return [Value(x) for x in numbers]

    def value_and_gradient():
        x = leaves()
        y = f(x)
        y.backward()
        return y.data, [a.grad for a in x]

    def weighed():
        x = leaves()
        y = f(x)
        autograd.backward(y, 2.0)
        return y.data, ([a.grad for a in x],)

    def along():
        value, slopes = value_and_gradient()
        return value, sum([slope * t for slope, t in zip(slopes, numbers, strict=True)])

    def jacobians_rows():
        x = leaves()
        return [autograd.grad(y, x, allow_unused=True) for y in (f(x), x[0] * x[-1])]

    def curved():
        x = leaves()
        slopes = autograd.grad(f(x), x, create_graph=True)
        return autograd.grad(slopes, x, numbers, allow_unused=True)

    def pulled():
        value, pull = autograd.vjp(f, numbers)
        return value, pull(2.0)

    slopes, both, second = autograd.grad(f), autograd.value_and_grad(f), autograd.hessian(f)
    rows = autograd.jacobian(lambda x: [f(x), x[0] * x[-1]])
    yield "grad", lambda: slopes(numbers), lambda: engines_gradient(f, numbers)
    yield "value_and_grad", lambda: both(numbers), value_and_gradient
    yield "vjp", pulled, weighed
    yield "jvp", lambda: autograd.jvp(f, (numbers,), (numbers,)), along
    yield "jacobian", lambda: rows(numbers), jacobians_rows
    yield "hvp", lambda: autograd.hvp(f, (numbers,), (numbers,)), curved
    yield "hessian", lambda: second(numbers), lambda: engines_hessian(f, numbers)


def square(x):
    return x * x


def engines_slope(number):
    """The slope of a function of one number by the engine's own calls."""
    x = Value(number)
    square(x).backward()
    return x.grad


def cases():
    """A name, and two calls: what is measured, and what it is measured by."""
    rng = np.random.default_rng(0)
    x, v = rng.normal(size=(2, 200))
    numbers, few = x.tolist(), x[:30].tolist()
    fast = autograd.compile(rosenbrock)
    gradient = fast.grad
    yield "hvp of 200 variables, compiled: by a gradient", lambda: fast.hvp((x,), (v,)), lambda: gradient(x)
    for name, f in (("Rosenbrock's", rosenbrock), ("mixed", mixed), ("chained", chained)):
        for n in (5, 200, 15_000):
            point, along = rng.normal(size=(2, n)).tolist()
            yield (
                f"hvp of {n} variables, plain, {name}: by a gradient",
                lambda f=f, point=point, along=along: autograd.hvp(f, (point,), (along,)),
                lambda f=f, point=point: autograd.grad(f)(point),
            )
    for name, f in (("Rosenbrock's", rosenbrock), ("a sum", autograd.sum)):
        for n in (2, 200):
            slopes = autograd.grad(f)
            yield (
                f"`grad(f)` of {n} variables, {name}: by `backward` on Values",
                lambda slopes=slopes, n=n: slopes(numbers[:n]),
                lambda f=f, n=n: engines_gradient(f, numbers[:n]),
            )
    slope = autograd.grad(square)
    yield "`grad(f)` of one number, x * x: by `backward` on a Value", lambda: slope(2.0), lambda: engines_slope(2.0)
    for n, operations in ((1, 1), (2, 1), (2, 5), (5, 50), (15, 50)):
        for name, ours, other in by_hand(small(n, operations), [1.0 + 0.001 * k for k in range(n)]):
            yield f"{name} of {n} variables, {operations} operations: by hand with the engine's calls", ours, other
    second = autograd.hessian(rosenbrock)
    yield (
        "`hessian(f)` of 30 variables: by `grad` of `grad`",
        lambda: second(few),
        lambda: engines_hessian(rosenbrock, few),
    )
    m = rng.uniform(0.01, 6.2, 1_000_000)
    root = autograd.compile(lambda m, e: autograd.root(kepler, m, m, e), in_axes=(0, None), threads=1)
    yield "Kepler's root for a million rows: by Newton in NumPy", lambda: root(m, 0.3), lambda: newtons(m, 0.3)
    yield (
        "the root and its slope: by Newton and the slope in NumPy",
        lambda: root.value_and_grad(m, 0.3),
        lambda: newtons(m, 0.3),
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20, help="turns that both of a row take")
    parser.add_argument("--write", action="store_true", help="write the table into RESULTS.md")
    chosen = parser.parse_args()
    stay_on_one_processor()
    lines = ["| what | ms | by which it is measured, ms | ratio |", "|---|---|---|---|"]
    for name, ours, other in cases():
        ours(), other()
        a, b = least([ours, other], chosen.rounds)
        lines.append(f"| {name} | {a * 1e3:.3g} | {b * 1e3:.3g} | {a / b:.2f} |")
        print(lines[-1], flush=True)
    if chosen.write:
        put(RESULTS, "derivatives", "\n".join(lines))


if __name__ == "__main__":
    main()
