"""`autograd.compile` beside the engines that are installed: value and gradient, over and over (`cases.py`).

    python -m tests.benchmarks.compiled [--rounds N] [--only black_scholes,moons] [--with ddx_jit] [--plot FILE]

Each engine lives in a process of its own, with one thread if its row does not say otherwise; the processes take turns,
so that a slow moment of the machine meets them all. First all must agree on values and gradients. Times are minima,
medians are shown beside, ratios are of minima. Set-up is what the first call takes more than a later one:
recording, differentiating, compiling, but not imports.
"""

import argparse
import importlib
import importlib.metadata
import json
import math
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import traceback

from tests.benchmarks.cases import CASES
from tests.benchmarks.peers import SETTINGS
from tests.benchmarks.results import RESULTS, put

TURN = 0.05
"""Seconds that a turn takes, or one call if that is longer."""

SLOW = 0.2
"""An engine whose call takes more seconds gets two turns and then every fifth."""

WARM_UPS = 3
"""Calls between set-up and the first turn: an engine's memory has its full size only then."""


# --- a worker ---


def serve(case_name, engine_name):
    """Answers line by line: to a variant's index, first its set-up and a summary of results, then a turn's times."""
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what an engine prints is no reply
    case = CASES[case_name]
    engine = case.engines[engine_name]
    if engine.threads == 1:
        stay_on_one_processor()
    versions = warm_up(engine.modules)
    calls = {}
    for line in sys.stdin:
        variant = json.loads(line)
        if variant in calls:
            reply = take_turn(calls[variant])
        else:
            calls[variant], reply = set_up(engine, case.data(case.variants[variant]))
            reply["versions"] = versions
        print(json.dumps(reply), file=replies, flush=True)


def set_up(engine, data):
    """An engine's call, and how long it took to the first result, with a summary of that."""
    start = time.perf_counter()
    call = engine.prepare(data)
    found = call()
    setup = time.perf_counter() - start
    for _ in range(WARM_UPS):
        call()
    start = time.perf_counter()
    call()
    return call, {"setup": max(0.0, setup - (time.perf_counter() - start)), "summary": summary(*found)}


def warm_up(modules):
    """Import what an engine needs and wake it up; the versions of what was imported."""
    for name in modules:
        importlib.import_module(name)
    if "torch" in modules:
        torch = sys.modules["torch"]
        torch.set_num_threads(1)
        torch.ones(1, requires_grad=True).sum().backward()
    if "jax" in modules:
        sys.modules["jax"].numpy.zeros(1).block_until_ready()
    distributions = [{"ddx": "ddx-ad"}.get(name, name) for name in modules if "." not in name and name != "autograd"]
    return {name: importlib.metadata.version(name) for name in distributions}


def stay_on_one_processor():
    """Keep this process, with all the threads that it will start, on one processor, where the system has such calls.

    Settings for one thread are not enough: XLA, for one, starts a pool as large as the number of processors.
    """
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def take_turn(call):
    """The times of as many calls as a turn has room for, and how many processors they kept busy."""
    times = []
    worked, began = time.process_time(), time.perf_counter()
    while not times or time.perf_counter() - began < TURN:
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return {"times": times, "busy": (time.process_time() - worked) / (time.perf_counter() - began)}


def summary(value, gradient):
    """Numbers that two engines share if their results are equal, in whatever order they keep a gradient."""
    import numpy as np

    values, derivatives = flat(value), flat(gradient)
    return [
        values[0], values.sum(), derivatives[0], derivatives[-1], derivatives.sum(), np.sqrt(derivatives @ derivatives),
    ]  # fmt: skip


def flat(tree):
    """All numbers of a structure, as one array."""
    import numpy as np

    if isinstance(tree, (list, tuple)):
        return np.concatenate([flat(x) for x in tree])
    return np.asarray(tree, dtype=float).ravel()


# --- the conductor ---


class Worker:
    """An engine's process.

    Attributes:
        setups, summaries, times: One per variant.
        busy: The most processors that a turn kept busy.
        versions: What it runs on.
    """

    def __init__(self, case_name, engine_name):
        self.engine = CASES[case_name].engines[engine_name]
        self.errors = tempfile.TemporaryFile("w+")  # noqa: SIM115  (closed with the process)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.benchmarks.compiled", "--serve", case_name, engine_name],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors, text=True,
            env={**os.environ, **SETTINGS},
        )  # fmt: skip
        self.setups, self.summaries, self.times = {}, {}, {}
        self.busy, self.versions = 0.0, {}

    def set_up(self, variant):
        """Whether the engine is there and has a first result."""
        reply = self.ask(variant)
        if reply is not None:
            self.setups[variant], self.summaries[variant] = reply["setup"], reply["summary"]
            self.versions, self.times[variant] = reply["versions"], []
        return reply is not None

    def take_turn(self, variant):
        reply = self.ask(variant)
        if reply is None:
            raise RuntimeError(f"{self.engine.title} stopped: {self.last_error()}")
        self.times[variant] += reply["times"]
        self.busy = max(self.busy, reply["busy"])

    def ask(self, variant):
        """The reply, or None if the process has ended."""
        try:
            print(variant, file=self.process.stdin, flush=True)
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = ""
        return json.loads(line) if line else None

    def last_error(self):
        self.process.wait()
        self.errors.seek(0)
        lines = self.errors.read().strip().splitlines()
        return lines[-1] if lines else f"status {self.process.returncode}, no message"

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
        self.errors.close()


def measure(name, rounds, wanted):
    """`{engine: Worker}` of a case, for those that are installed, agreed, and took their turns."""
    case = CASES[name]
    workers = {}
    try:
        for engine_name, engine in case.engines.items():
            if engine.why_not and engine_name not in wanted:
                print(f"{name}: skipped {engine_name} (--with {engine_name}: {engine.why_not})", file=sys.stderr)
                continue
            worker = Worker(name, engine_name)
            workers[engine_name] = worker
            if not all(worker.set_up(variant) for variant in range(len(case.variants))):
                print(f"{name}: skipped {engine_name} ({worker.last_error()})", file=sys.stderr)
                workers.pop(engine_name).close()
        require_agreement(name, workers)
        for turn in range(rounds):
            for worker in workers.values():
                for variant, times in worker.times.items():
                    if turn < 2 or turn % 5 == 0 or min(times) < SLOW:
                        worker.take_turn(variant)
        for engine_name, worker in workers.items():
            if worker.busy > worker.engine.threads + 0.2:
                print(f"{name}: {engine_name} kept {worker.busy:.1f} processors busy", file=sys.stderr)
    finally:
        for worker in workers.values():
            worker.close()
    return workers


def require_agreement(name, workers):
    """All workers' summaries are equal but for rounding.

    Raises:
        ValueError: two are not.
    """
    if not workers:
        return
    first, *others = workers.items()
    for engine_name, worker in others:
        for variant, found in worker.summaries.items():
            expected = first[1].summaries[variant]
            if not all(math.isclose(a, b, rel_tol=1e-8, abs_tol=1e-8) for a, b in zip(expected, found, strict=True)):
                raise ValueError(f"{name}: {first[0]} found {expected}, {engine_name} found {found}")


# --- tables ---


def table(case, workers):
    """A case's table, in Markdown, the fastest first."""
    if len(case.variants) > 1:
        return scaling_table(case, workers)
    best = {name: min(worker.times[0]) for name, worker in workers.items()}
    rows = [
        f"**{case.title}**", "",
        f"| engine | {case.unit} (median) | set-up, ms | × chainrule's time |", "|---|---|---|---|",
    ]  # fmt: skip
    for name in sorted(best, key=best.get):
        worker = workers[name]
        median = statistics.median(worker.times[0])
        times = f"{digits(best[name] * case.per_second)} ({digits(median * case.per_second)})"
        ours = name.startswith("chainrule") or "chainrule" not in best
        ratio = "" if ours else f"{digits(best[name] / best['chainrule'])}x"
        rows.append(f"| {worker.engine.title} | {times} | {digits(worker.setups[0] * 1e3)} | {ratio} |")
    return "\n".join([*rows, ""])


def scaling_table(case, workers):
    """A row per size, a column per engine."""
    titles = [worker.engine.title for worker in workers.values()]
    others = [name for name in workers if name != "chainrule"] if "chainrule" in workers else []
    ratios = [f"{workers[name].engine.title}, × chainrule's time" for name in others]
    header = ["parameters", *(f"{title}, {case.unit}" for title in titles), *ratios]
    rows = [f"**{case.title}**", "", "| " + " | ".join(header) + " |", "|---" * len(header) + "|"]
    for variant, n in enumerate(case.variants):
        best = {name: min(worker.times[variant]) for name, worker in workers.items()}
        cells = [f"{parameters(n):,}", *(digits(t * case.per_second) for t in best.values())]
        cells += [f"{digits(best[name] / best['chainrule'])}x" for name in others]
        rows.append("| " + " | ".join(cells) + " |")
    return "\n".join([*rows, ""])


def parameters(n):
    """The parameters of an n-n-1 network."""
    return n * n + n + n + 1


def digits(x):
    """Three digits, or all before the point."""
    return f"{x:,.0f}" if x >= 99.95 else f"{x:#.3g}"


def plot(workers, path):
    """A picture of the scaling: time per gradient over the number of parameters, both axes logarithmic."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    from autograd import write_file

    case = CASES["scaling"]
    sizes = [parameters(n) for n in case.variants]
    styles = {"chainrule": ("#c0392b", "o", 2.2), "torch": ("#7f8c8d", "s", 1.4), "jax": ("#2c7fb8", "^", 1.4)}
    figure, axes = pyplot.subplots(figsize=(7.0, 4.4), layout="constrained")
    for name, worker in workers.items():
        colour, marker, width = styles[name]
        axes.plot(
            sizes, [min(worker.times[i]) * case.per_second for i in range(len(sizes))],
            color=colour, marker=marker, markersize=5, linewidth=width, label=worker.engine.title.replace("`", ""),
        )  # fmt: skip
    axes.set(xscale="log", yscale="log", xlabel="parameters", ylabel="time per loss and gradient, µs")
    axes.set_title("n-n-1 networks on 64 samples, doubles, one thread, minima", fontsize=10)
    axes.grid(which="major", alpha=0.3)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False)
    write_file(path, lambda unfinished: figure.savefig(unfinished, dpi=150, format="png"))


def conditions(versions):
    """A line on what the tables were made with."""
    found = ", ".join(f"{name} {version}" for name, version in sorted(versions.items()))
    return f"Python {platform.python_version()}, {found}; double precision."


def names(text):
    """A comma-separated list."""
    return [name for name in text.split(",") if name]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=10, help="turns that every engine takes")
    parser.add_argument("--only", type=names, default=list(CASES), metavar="CASES", help=", ".join(CASES))
    parser.add_argument("--with", type=names, default=[], dest="wanted", metavar="ENGINES",
                        help="engines that are otherwise left out: ddx_jit, aadc")  # fmt: skip
    parser.add_argument("--write", action="store_true", help="write the tables into RESULTS.md")
    parser.add_argument("--plot", metavar="FILE", help="where to draw the scaling")
    parser.add_argument("--serve", nargs=2, metavar=("CASE", "ENGINE"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        try:
            serve(*arguments.serve)
        except Exception as error:  # its first line is the last that the conductor reads
            traceback.print_exc()
            sys.exit(f"{type(error).__name__}: {error}".splitlines()[0])
        return
    if unknown := [name for name in arguments.only if name not in CASES]:
        parser.error(f"no such case: {', '.join(unknown)}; there are {', '.join(CASES)}")
    versions, printed = {}, []
    for name in arguments.only:
        workers = measure(name, arguments.rounds, arguments.wanted)
        if not workers:
            continue
        printed.append(table(CASES[name], workers))
        print(printed[-1], flush=True)
        for worker in workers.values():
            versions.update(worker.versions)
        if name == "scaling" and arguments.plot:
            plot(workers, arguments.plot)
    printed.append(conditions(versions))
    print(printed[-1])
    if arguments.write:
        put(RESULTS, "compiled", "\n".join(printed))


if __name__ == "__main__":
    main()
