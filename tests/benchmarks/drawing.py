"""What a picture costs, of graphs up to a million nodes: seconds, boxes, size, what a notebook keeps, memory.

    python -m tests.benchmarks.drawing [--write] [--case NAME]

Each case runs in a process of its own, so that its memory is seen: the most that it held above what it held with the
graph there, and what an engine takes for the same picture. Time is that of `draw(loss)` as the last line of a cell:
folding, laying out, rendering. CHAINRULE_DOT names another engine than the first that is found.
"""

import argparse
import builtins
import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import autograd
import nn
from autograd import Value, draw
from autograd.rendering.rendering import engines
from tests.benchmarks.results import RESULTS, put
from tests.folding.networks import moons, recurrence

PIXELS = 96 / 72
CELL = 1000


def moons_by_operator():
    return moons(True)


def moons_by_nn():
    return moons(False)


def prediction():
    model = nn.MLP(2, [16, 16, 1], rng=1)
    return model, model([1.0, 2.0])


def recurrence_of_ten():
    a, b, h = Value(0.9), Value(0.1), Value(0.5)
    for t in range(10):
        h = (a * h + b * (0.1 * t)).tanh()
    return None, h


def recurrence_of_fifty():
    scope, loss = recurrence(50)
    return scope["cell"], loss


def any_order(n):
    rng = random.Random(1)
    values = [Value(rng.random()) for _ in range(20)]
    for _ in range(n):
        p, q = rng.choice(values[-200:]), rng.choice(values[-200:])
        values.append(
            rng.choice([lambda p, q: p + q, lambda p, q: p * q, lambda p, q: p - q, lambda p, q: p.tanh()])(p, q)
        )
    return None, builtins.sum(values[-200:])


def chain(n):
    x, a = Value(1.0), Value(0.5)
    for _ in range(n // 2):
        x = x * a + 1.0
    return None, x


def wide(n):
    a = Value(0.5)
    return None, builtins.sum((Value(float(k)) * a for k in range(n // 3)), Value(0.0))


CASES = {
    "a prediction of 2-16-16-1": prediction,
    "ten steps of a recurrence": recurrence_of_ten,
    "fifty steps of a recurrent cell": recurrence_of_fifty,
    "loss of 100 moons, by `nn`": moons_by_nn,
    "loss of 100 moons, operator by operator": moons_by_operator,
    "200,000 operations in any order": lambda: any_order(200_000),
    "a chain of 1,000,000": lambda: chain(1_000_000),
    "a sum of 333,333 products": lambda: wide(1_000_000),
    "1,000,000 operations in any order": lambda: any_order(1_400_000),
}


def resident():
    """Megabytes that this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 2**20


def measured(name):
    """The figures of one case."""
    model, loss = CASES[name]()
    loss.backward()
    draw(Value(1.0) * 2)._repr_mimebundle_()  # what is imported is not counted
    before = resident()
    began = time.perf_counter()
    drawing = draw(loss)
    folded = time.perf_counter() - began
    bundle = drawing._repr_mimebundle_()
    seconds = time.perf_counter() - began
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - before
    svg = bundle.get("image/svg+xml", "")
    width, height = map(float, re.search(r'width="([\d.]+)pt" height="([\d.]+)pt"', svg).groups()) if svg else (0, 0)
    sizes = [float(x) for x in re.findall(r'font-size="([\d.]+)"', svg)]
    shrunk = min(1.0, CELL / (width * PIXELS)) if svg else 0.0
    return {
        "nodes": drawing.graph.count,
        "boxes": len(drawing.shown.boxes),
        "folded": folded,
        "seconds": seconds,
        "width": width * PIXELS,
        "height": height * PIXELS,
        "text": min(sizes, default=0.0) * PIXELS * shrunk,
        "kB": builtins.sum(len(data) for data in bundle.values()) / 1000,
        "MB": max(0.0, most),
        "source": drawing.source,
        "model": model is not None,
    }


def memory_of_engine(source):
    """Megabytes that an engine takes for a picture: asked from a small process, whose own it has until it is one."""
    path = next(engine.path for engine in engines() if engine.path)
    with tempfile.TemporaryFile() as given:
        given.write(source.encode())
        given.seek(0)
        child = subprocess.Popen([path, "-Tpng"], stdin=given, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return os.wait4(child.pid, 0)[2].ru_maxrss / 1024


def in_a_process(name):
    done = subprocess.run(
        [sys.executable, "-m", __spec__.name, "--case", name], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--case", help="print the figures of one case as JSON")
    parser.add_argument("--write", action="store_true", help="put the table into RESULTS.md")
    options = parser.parse_args()
    if options.case:
        print(json.dumps(measured(options.case)))
        return
    found = os.environ.get("CHAINRULE_DOT") or next(engine.name for engine in engines() if engine.path)
    rows = [
        "| graph | nodes | boxes | s (folding alone) | pixels | least text in a cell of 1,000, px | cell, kB | MB |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name in CASES:
        x = in_a_process(name)
        memory = x["MB"] + memory_of_engine(x["source"])
        rows.append(
            f"| {name} | {x['nodes']:,} | {x['boxes']} | {x['seconds']:.2f} ({x['folded']:.2f}) | "
            f"{x['width']:,.0f} x {x['height']:,.0f} | {x['text']:.1f} | {x['kB']:.0f} | {memory:.0f} |"
        )
        print(rows[-1], flush=True)
    built = "compiled" if autograd.native else "interpreted"
    table = "\n".join([*rows, "", f"Engine of the layout: {Path(found).name}; {built}."])
    if options.write:
        put(RESULTS, "drawing", table)


if __name__ == "__main__":
    main()
