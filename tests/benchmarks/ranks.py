"""What training on several ranks costs: a step, and how much of it is `Allreduce`; and whether losses are the same.

mpiexec -n 2 python -m tests.benchmarks.ranks [--epochs N]

`Allreduce` is timed in training, with the waiting for a rank that is late, and by itself, all ranks being there: on a
machine that has other work the first is what the other work takes.
"""

import argparse
import math
import statistics
import time

import numpy as np
from mpi4py import MPI

import nn


class Timed:
    """A `comm` that notes how long each `Allreduce` took."""

    def __init__(self, comm):
        self.comm, self.rank, self.size, self.seconds, self.largest = comm, comm.rank, comm.size, [], 0

    def Allreduce(self, send, recv):
        began = time.perf_counter()
        self.comm.Allreduce(send, recv)
        self.seconds.append(time.perf_counter() - began)
        self.largest = max(self.largest, len(send))


def model(layers):
    return nn.MLP(layers[0], layers[1:], rng=1)


def trained(comm, data, layers, batch_size=None, **options):
    """Its history, and the seconds of a step in each epoch but the first, which records."""
    history = nn.fit(model(layers), data, comm=comm, seed=1, progress=False, batch_size=batch_size, **options)
    count = math.ceil(len(data[0]) / batch_size) if batch_size else 1
    return history, [seconds / count for seconds in history.times[1:]]


def alone(numbers, rounds=200):
    """The seconds of an Allreduce of so many numbers, by itself: the least, and the median."""
    comm, found = MPI.COMM_WORLD, []
    send, recv = np.ones(numbers), np.empty(numbers)
    for _ in range(rounds):
        comm.Barrier()
        began = time.perf_counter()
        comm.Allreduce(send, recv)
        found.append(time.perf_counter() - began)
    return min(found), statistics.median(found)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epochs", type=int, default=10)
    asked = parser.parse_args()
    world = MPI.COMM_WORLD
    if world.size < 2:
        parser.error("there is one rank, which asks nobody: start it by mpiexec -n 2")
    digits = nn.load_digits()
    digits = digits.train_x, digits.train_y
    tasks = {
        "moons": (nn.make_moons(100, noise=0.1, rng=1), [2, 16, 16, 1], {"epochs": 50}),
        "digits": (digits, [64, 32, 10], {"epochs": 5, "batch_size": 32}),
    }
    for size in (128, 512, len(digits[0])):
        options = {"epochs": asked.epochs * max(size // 128, 1), "batch_size": size}
        tasks[f"digits, 25,194 parameters, {size:,} samples a step"] = digits, [64, 256, 32, 10], options
    for name, (data, layers, options) in tasks.items():
        comm = Timed(world)
        history, steps = trained(comm, data, layers, **options)
        mine, own = trained(None, data, layers, threads=1, **options) if world.rank == 0 else (None, None)
        world.Barrier()
        least, median = alone(comm.largest)
        if world.rank:
            continue
        apart = max(abs(a - b) for a, b in zip(history.loss, mine.loss, strict=True))
        step, waiting = statistics.median(steps), statistics.median(comm.seconds)
        print(
            f"{name}: losses {apart:.1e} from one rank's; a step of {world.size} ranks {1e3 * step:.2f} ms (least "
            f"{1e3 * min(steps):.2f}), of one {1e3 * statistics.median(own):.2f} ms (least {1e3 * min(own):.2f})\n"
            f"  Allreduce of {comm.largest:,} numbers: {1e3 * median:.3f} ms, {median / step:.2%} of a step (least "
            f"{1e3 * least:.3f}, {least / min(steps):.2%}); with waiting {1e3 * waiting:.3f} ms"
        )


if __name__ == "__main__":
    main()
