"""What `test_mpi` starts by mpiexec: a run on moons or digits, of which the first rank prints what it gave, as JSON.

`python -m tests.nn.training.by_mpi DATA [--alone] [--checkpoint FILE] [--signal RANK STEP NUMBER]`
"""

import argparse
import json
import os
import random

import nn


class Signal:
    """A callback on every rank: one of them is sent a signal after some step."""

    every_rank = True

    def __init__(self, mine, rank, step, number):
        self.step, self.number = step if mine == rank else -1, number

    def __call__(self, record):
        if record.step == self.step:
            os.kill(os.getpid(), self.number)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("data", choices=["moons", "digits"])
    parser.add_argument("--alone", action="store_true")
    parser.add_argument("--checkpoint")
    parser.add_argument("--signal", type=int, nargs=3)
    options = parser.parse_args()
    comm = None
    if not options.alone:
        from mpi4py import MPI

        comm = MPI.COMM_WORLD
    rank = 0 if comm is None else comm.rank
    random.seed(rank)  # what is drawn without a seed is what the first rank draws
    if options.data == "moons":
        data = nn.make_moons(100, noise=0.1, rng=1)
        layers, batch = [nn.Linear(2, 16, rng=1), "tanh", nn.Dropout(0.2), nn.Linear(16, 1, rng=2)], 16
    else:
        xs, ys, *_ = nn.load_digits()
        data = xs[:300], ys[:300]
        layers, batch = [nn.Linear(64, 16, rng=1), "relu", nn.Linear(16, 10, rng=2)], 90
    model = nn.Sequential(*layers)
    history = nn.fit(
        model, data, epochs=5, batch_size=batch, validation=0.25, comm=comm, progress=False, threads=1,
        checkpoint=options.checkpoint, resume=options.checkpoint is not None,
        callbacks=None if options.signal is None else Signal(rank, *options.signal),
    )  # fmt: skip
    told = {
        "losses": history.loss, "validation": history.validation_losses, "accuracy": history.accuracy,
        "steps": history.steps, "interrupted": history.interrupted, "weights": [p.data for p in model.parameters()],
    }  # fmt: skip
    same = [told] if comm is None else comm.allgather(told)
    if rank == 0:
        print(json.dumps({**told, "alike": all(each == told for each in same)}))


if __name__ == "__main__":
    main()
