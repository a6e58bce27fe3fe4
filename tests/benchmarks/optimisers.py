"""Microseconds of an `update`, and of PyTorch's `step`, in float64: `python -m tests.benchmarks.optimisers`."""

from timeit import repeat

import numpy as np

import nn
from autograd import Value

KINDS = ("SGD", "RMSprop", "Adagrad", "Adadelta", "Adam", "AdamW", "NAdam", "RAdam")
SIZES = (337, 2_410, 25_450)


def microseconds(f, calls=200):
    """The least of five means, each over so many calls."""
    return min(repeat(f, number=calls, repeat=5)) / calls * 1e6


def ours(kind, n):
    """A call that updates n numbers."""
    optimiser = getattr(nn, kind)([Value(0.0) for _ in range(n)], lr=1e-3)
    rng = np.random.default_rng(1)
    x, g = rng.normal(size=n), rng.normal(size=n)
    return lambda: optimiser.update(x, g)


def theirs(kind, n):
    """A call that steps n numbers, all in one tensor."""
    import torch

    torch.set_num_threads(1)
    p = torch.zeros(n, dtype=torch.float64, requires_grad=True)
    p.grad = torch.randn(n, dtype=torch.float64)
    return getattr(torch.optim, kind)([p], lr=1e-3).step


def main():
    """Print the table."""
    print(f"{'µs per step':<12}" + "".join([f"{n:>16,}" for n in SIZES]) + "   (ours / PyTorch)")
    for kind in KINDS:
        pairs = [(microseconds(ours(kind, n)), microseconds(theirs(kind, n))) for n in SIZES]
        print(f"{kind:<12}" + "".join([f"{f'{a:.0f} / {b:.0f}':>16}" for a, b in pairs]))


if __name__ == "__main__":
    main()
