"""Black-Scholes at ten million points by seeds, value and derivatives averaged: each engine, with one worker and two.

    python -m tests.benchmarks.sweeps [--points N] [--rounds N] [--only threads,processes,dask] [--kill]

Times are the least of some rounds, after one that starts the workers. All engines must give the same bits, or the
script stops. What an engine adds is told for two workers, of half the time of one thread: a part of it is the same for
ten million points and a hundred. `--kill` kills a worker of Dask in mid-run, which must not change them either. On a
machine that is busy the time on processors tells more (of all processes, where `/proc` has it). MPI's workers are
started by mpiexec:

    mpiexec -n 1 python -m tests.benchmarks.sweeps --only threads,mpi
"""

import argparse
import multiprocessing
import os
import signal
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Timer

import autograd
from autograd import Draws
from tests.sweeps.functions import option, options

CHUNKS = 16


@contextmanager
def dask(count):
    """Processes of Dask's, on this machine."""
    from distributed import Client, LocalCluster

    with (
        LocalCluster(n_workers=count, threads_per_worker=1, dashboard_address=":0", silence_logs=50) as cluster,
        Client(cluster) as client,
    ):
        executor = client.get_executor()
        executor.processes = lambda: list(client.run(os.getpid).values())
        yield executor


@contextmanager
def loky(count):
    """Loky's processes."""
    from loky import ProcessPoolExecutor

    executor = ProcessPoolExecutor(count)
    yield executor
    executor.shutdown(kill_workers=True)


@contextmanager
def mpi(count):
    """Processes that MPI starts."""
    from mpi4py.futures import MPIPoolExecutor

    with MPIPoolExecutor(count) as executor:
        yield executor


def processes(count):
    """Python's own."""
    return ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("spawn"))


ENGINES = {"threads": ThreadPoolExecutor, "processes": processes, "loky": loky, "dask": dask, "mpi": mpi}


def on_processors():
    """How long this process and all that it started have been on processors, in seconds."""
    parents, spent = {}, {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            pid, _, rest = entry.read_text().partition(" ")
            parts = rest.rpartition(")")[2].split()
            parents[int(pid)], spent[int(pid)] = (
                int(parts[1]),
                (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK"),
            )
    ours = {os.getpid()}
    while more := {pid for pid, parent in parents.items() if parent in ours} - ours:
        ours |= more
    return sum(spent.get(pid, 0.0) for pid in ours)


def timed(fast, chunks, executor):
    """How long a sweep takes, how long on processors, and what it gives."""
    spent, begun = on_processors(), time.perf_counter()
    found = fast.map(chunks, executor=executor, argnums=(0, 1, 2, 3, 4), reduce="mean")
    return time.perf_counter() - begun, on_processors() - spent, found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--points", type=int, default=10**7)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default="threads,processes,loky,dask")
    parser.add_argument("--kill", action="store_true")
    wanted = parser.parse_args()
    fast = autograd.compile(option, in_axes=(0, 0, None, 0, 0))
    chunks = [Draws(options, wanted.points // CHUNKS, seed=(2024, k)) for k in range(CHUNKS)]
    with ThreadPoolExecutor(1) as executor:
        expected = min(timed(fast, chunks, executor) for _ in range(2))[2]
    print(f"{wanted.points:,} points, value and five derivatives: {expected}", flush=True)
    alone = None
    for name in wanted.only.split(","):
        best = {}
        for count in (1, 2):
            with ENGINES[name](count) as executor:
                runs = [timed(fast, chunks, executor) for _ in range(wanted.rounds + 1)][1:]
                if any(found != expected for _, _, found in runs):
                    raise SystemExit(f"{name} gives {runs}")
                best[count] = tuple(map(min, zip(*[run[:2] for run in runs], strict=True)))
                if wanted.kill and name == "dask" and count == 2:
                    victim = executor.processes()[0]
                    Timer(best[2][0] / 3, os.kill, (victim, signal.SIGKILL)).start()
                    seconds, _, found = timed(fast, chunks, executor)
                    print(f"dask, a worker killed in mid-run: {seconds:.2f} s, the same bits: {found == expected}")
        alone = alone or best[1]
        print(
            f"{name:10} one {best[1][0]:6.3f} s, two {best[2][0]:6.3f} s: {best[1][0] / best[2][0]:.2f} times, "
            f"{2.0 * best[2][0] / alone[0] - 1.0:+.1%} of half of one thread's; on "
            f"processors {best[1][1]:.2f} s ({best[1][1] / alone[1] - 1.0:+.1%} of one thread), {best[2][1]:.2f} s",
            flush=True,
        )  # fmt: skip


if __name__ == "__main__":
    main()
