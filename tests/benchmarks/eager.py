"""One eager training step (graph, loss, backward) on every engine that is installed, and what a node costs.

    python -m tests.benchmarks.eager [--rounds N] [--markdown]

Each engine lives in a process of its own; the processes take turns, so that a slow moment of the machine meets them
all. First all must agree on the loss and a gradient. Times are minima; ratios are of minima, medians are shown beside.
"""

import argparse
import importlib
import json
import statistics
import subprocess
import sys
import time

from tests.benchmarks.results import RESULTS, put
from tests.benchmarks.workloads import max_margin_loss, moons, parameters, weights
from tests.local_gradients import LocalGradients


def object_engine(make, wrap_inputs=False):
    """Steps of an engine whose Values have relu, backward, data and grad."""
    points, labels = moons()
    layers = weights(make)
    leaves = parameters(layers)
    if wrap_inputs:
        points = [tuple(make(x) for x in point) for point in points]

    def step():
        for p in leaves:
            p.grad = 0
        t0 = time.perf_counter()
        loss = max_margin_loss(layers, points, labels, lambda v: v.relu())
        t1 = time.perf_counter()
        loss.backward()
        return t1 - t0, time.perf_counter() - t1, loss.data, leaves[0].grad

    return step


def chainrule():
    from autograd import Value

    return object_engine(Value)


def chainrule_interpreted():
    return chainrule()


def micrograd():
    sys.setrecursionlimit(100_000)
    return object_engine(importlib.import_module("micrograd.engine").Value, wrap_inputs=True)


def microgpt():
    sys.setrecursionlimit(100_000)
    return object_engine(LocalGradients)


def torch():
    torch = importlib.import_module("torch")
    torch.set_num_threads(1)
    points, labels = moons()
    layers = weights(lambda x: torch.tensor(x, dtype=torch.float64, requires_grad=True))
    leaves = parameters(layers)

    def step():
        for p in leaves:
            p.grad = None
        t0 = time.perf_counter()
        loss = max_margin_loss(layers, points, labels, torch.relu)
        t1 = time.perf_counter()
        loss.backward()
        return t1 - t0, time.perf_counter() - t1, loss.item(), leaves[0].grad.item()

    return step


def xad():
    adjoint, functions = importlib.import_module("xad.adj_1st"), importlib.import_module("xad.math")
    tape = adjoint.Tape()
    tape.activate()
    points, labels = moons()

    def step():
        tape.clearAll()
        layers = weights(adjoint.Real)
        leaves = parameters(layers)
        for p in leaves:
            tape.registerInput(p)
        tape.newRecording()
        t0 = time.perf_counter()
        loss = max_margin_loss(layers, points, labels, lambda v: functions.max(v, 0.0))
        t1 = time.perf_counter()
        tape.registerOutput(loss)
        loss.derivative = 1.0
        tape.computeAdjoints()
        return t1 - t0, time.perf_counter() - t1, loss.getValue(), leaves[0].derivative

    return step


def floats():
    """The control: the same loops over plain floats, with no autograd in them."""
    points, labels = moons()
    layers = weights(float)

    def step():
        t0 = time.perf_counter()
        loss = max_margin_loss(layers, points, labels, lambda v: v if v > 0.0 else 0.0)
        return time.perf_counter() - t0, 0.0, loss, None

    return step


def network_engine(make_mlp):
    """Steps through an MLP class, as a user writes them."""
    points, labels = moons()
    layers = weights(float)
    model = make_mlp()
    leaves = model.parameters()
    for p, x in zip(leaves, parameters(layers), strict=True):
        p.data = x

    def step():
        for p in leaves:
            p.grad = 0
        t0 = time.perf_counter()
        losses = [(1.0 + -y * model(x)).relu() for x, y in zip(points, labels, strict=True)]
        loss = sum(losses) * (1.0 / len(losses)) + 1e-4 * sum(p * p for p in leaves)
        t1 = time.perf_counter()
        loss.backward()
        return t1 - t0, time.perf_counter() - t1, loss.data, leaves[0].grad

    return step


def chainrule_mlp():
    from nn import MLP

    return network_engine(lambda: MLP(2, [16, 16, 1]))


def micrograd_mlp():
    sys.setrecursionlimit(100_000)
    engine, layers = importlib.import_module("micrograd.engine"), importlib.import_module("micrograd.nn")
    model = layers.MLP(2, [16, 16, 1])
    wrapped = object.__new__(type("Wrapped", (), {"__call__": lambda self, x: model([engine.Value(c) for c in x])}))
    wrapped.parameters = model.parameters
    return network_engine(lambda: wrapped)


ENGINES = {
    "chainrule": (chainrule, "chainrule, operator by operator"),
    "chainrule_mlp": (chainrule_mlp, "chainrule, `nn.MLP`"),
    "chainrule_interpreted": (chainrule_interpreted, "chainrule interpreted, operator by operator"),
    "micrograd": (micrograd, "micrograd 0.1.0, operator by operator"),
    "micrograd_mlp": (micrograd_mlp, "micrograd 0.1.0, its `MLP`"),
    "microgpt": (microgpt, "microgpt's representation"),
    "xad": (xad, "XAD, Python binding"),
    "torch": (torch, "PyTorch, scalar tensors"),
    "floats": (floats, "the same loops over floats (control)"),
}


def node_count():
    """Operations of the operator-by-operator step: what a node's time is counted in."""
    from autograd import Value, topological_order

    points, labels = moons()
    loss = max_margin_loss(weights(Value), points, labels, lambda v: v.relu())
    return len(topological_order(loss))


def bytes_per_node(n=10**6):
    """Resident memory of a binary node."""
    import gc

    from autograd import Value

    gc.disable()

    def resident():
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * 4096

    x = y = Value(1.0)
    before = resident()
    nodes = [y := y + x for _ in range(n)]
    return (resident() - before - sys.getsizeof(nodes)) / n


def serve(name):
    """A worker: one step per line read, its times and results per line written."""
    step = ENGINES[name][0]()
    step()
    for _ in sys.stdin:
        print(json.dumps(step()), flush=True)


def start(name):
    """The engine's process, or None if it is not installed here."""
    import os

    environment = {**os.environ, "CHAINRULE_INTERPRETED": "1" if name == "chainrule_interpreted" else "0"}
    worker = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.eager", "--serve", name],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
    )  # fmt: skip
    return worker if ask(worker) is not None else None


def ask(worker):
    """One step."""
    try:
        worker.stdin.write("\n")
        worker.stdin.flush()
        line = worker.stdout.readline()
    except BrokenPipeError:
        line = ""
    return json.loads(line) if line else None


def measure(rounds):
    """`{engine: [(forward, backward), ...]}` of all that are installed, taking turns."""
    workers = {}
    for name in ENGINES:
        worker = start(name)
        if worker is None:
            print(f"skipped: {name} ({worker_error(name)})", file=sys.stderr)
        else:
            workers[name] = worker
    times = {name: [] for name in workers}
    for _ in range(rounds):
        for name, worker in workers.items():
            for _ in range(1 if name in ("micrograd", "micrograd_mlp", "torch", "chainrule_interpreted") else 5):
                forward, backward, loss, gradient = ask(worker)
                times[name].append((forward, backward))
                assert abs(loss - 1.811159751351) < 1e-10, (name, loss)
                assert gradient is None or abs(gradient - -0.117735337843) < 1e-10, (name, gradient)
    for worker in workers.values():
        worker.stdin.close()
        worker.wait()
    return times


def worker_error(name):
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.eager", "--serve", name],
        input="\n", capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "no answer"


def table(times):
    """The table, in Markdown."""
    nodes = node_count()
    best = {name: min(f + b for f, b in pairs) for name, pairs in times.items()}
    rows = [
        "| engine | step, ms (median) | ns per operation, forward + backward | chainrule is faster by |",
        "|---|---|---|---|",
    ]
    for name in sorted(best, key=best.get):
        pairs = times[name]
        median = statistics.median(f + b for f, b in pairs)
        forward, backward = (min(pair[i] for pair in pairs) / nodes * 1e9 for i in (0, 1))
        per_node = "" if name.endswith("_mlp") else f"{forward:.0f} + {backward:.0f}"
        ours = best.get("chainrule_mlp" if name.endswith("_mlp") else "chainrule", float("nan"))
        ratio = "" if name.startswith("chainrule") or name == "floats" else f"{best[name] / ours:.1f}x"
        rows.append(f"| {ENGINES[name][1]} | {best[name] * 1e3:.2f} ({median * 1e3:.2f}) | {per_node} | {ratio} |")
    rows += ["", f"One step is {nodes:,} nodes; a binary node takes {bytes_per_node():.0f} bytes."]
    return "\n".join(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=10, help="turns that every engine takes")
    parser.add_argument("--write", action="store_true", help="write the table into RESULTS.md")
    parser.add_argument("--serve", metavar="ENGINE", choices=ENGINES, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        serve(arguments.serve)
    else:
        text = table(measure(arguments.rounds))
        print(text)
        if arguments.write:
            put(RESULTS, "eager", text)


if __name__ == "__main__":
    main()
