"""Jacobians and Hessians of many variables: first calls and later ones, beside CasADi and JAX where they are installed.

    python -m tests.benchmarks.sparse [--rounds N] [--large]

A first call is everything from the function to its first matrix: recording, the pattern, the program, lowering. Times
are the least of some rounds in which all take turns, on one processor; memory is what Python and NumPy allocate at most
during a first call, the result among it (`tracemalloc`). Peers give the same matrices, to twelve digits, or the script
stops. CasADi's values come by its buffers, JAX's by a jitted function with a Hessian in which all is dense.
"""

import argparse
import importlib
import os
import time
import tracemalloc

import numpy as np

import autograd
from tests.benchmarks.compiled import stay_on_one_processor
from tests.benchmarks.peers import SETTINGS


def rosenbrock(x, m=None):
    """A chain: each variable meets its two neighbours."""
    return sum(100.0 * (x[i + 1] - x[i] ** 2) ** 2 + (1.0 - x[i]) ** 2 for i in range(len(x) - 1))


def all_meet(x, m=autograd):
    """A logsumexp times a quadratic: each variable meets all."""
    return m.logsumexp(list(x)) * sum(v * v for v in x)


def shifted(x, m=autograd):
    """As many results as variables, each of two of them."""
    return [x[i] * x[(i + 1) % len(x)] ** 2 + m.sin(x[i]) for i in range(len(x))]


CASES = {
    "Hessian of Rosenbrock, dense": (rosenbrock, "hessian", False),
    "Hessian of Rosenbrock, sparse": (rosenbrock, "hessian", True),
    "Hessian of Rosenbrock, values": (rosenbrock, "hessian", "values"),
    "Hessian, all meet": (all_meet, "hessian", False),
    "Jacobian, dense": (shifted, "jacobian", False),
    "Jacobian, sparse": (shifted, "jacobian", True),
}


def ours(f, kind, sparse, x):
    """A call for the matrix."""
    call = getattr(autograd.compile(f, threads=1), kind)
    return lambda: call(x, sparse=sparse)


def casadi(f, kind, sparse, x):
    """CasADi's virtual machine, which has the entries of a sparse matrix, column by column; None for a dense one."""
    import casadi

    if f is all_meet or not sparse:
        return None
    xs = casadi.SX.sym("x", len(x))
    y = f([xs[i] for i in range(len(x))], casadi)
    matrix = casadi.hessian(y, xs)[0] if kind == "hessian" else casadi.jacobian(casadi.vertcat(*y), xs)
    function = casadi.Function("f", [xs], [matrix])
    values = np.empty(matrix.nnz())
    buffer, trigger = function.buffer()
    buffer.set_arg(0, memoryview(x))
    buffer.set_res(0, memoryview(values))

    def call():
        trigger()
        return values

    call.keep = buffer
    return (lambda: function(x).sparse()) if sparse is True else call


def jax(f, kind, sparse, x):
    """JAX, for which all are dense, over arrays; None for a sparse matrix."""
    import jax

    if sparse:
        return None
    np_ = jax.numpy
    vectorised = {
        rosenbrock: lambda x: np_.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2),
        all_meet: lambda x: jax.nn.logsumexp(x) * np_.sum(x * x),
        shifted: lambda x: x * np_.roll(x, -1) ** 2 + np_.sin(x),
    }[f]
    function = jax.jit(jax.hessian(vectorised) if kind == "hessian" else jax.jacobian(vectorised))
    given = np_.asarray(x)
    return lambda: function(given).block_until_ready()


ENGINES = {"chainrule": ours, "CasADi": casadi, "JAX": jax}


def first_call(engine, case, x):
    """A call that is ready to be repeated, and what the first took; None if the engine has none."""
    start = time.perf_counter()
    call = engine(*case, x)
    if call is None:
        return None
    found = call()
    return call, time.perf_counter() - start, found


def as_array(found, n):
    """A matrix of any kind as an array; of values alone, sorted ones."""
    if hasattr(found, "toarray"):
        return found.toarray()
    array = np.array(found)
    return array.reshape(n, n) if array.size == n * n else np.sort(array)


def measured(name, n, rounds, engines):
    """Of each engine the least time of a first call, and of a later one."""
    case, x = CASES[name], np.linspace(0.5, 1.5, n)
    firsts, laters, calls, results = {}, {}, {}, {}
    for _ in range(3):
        for engine in engines:
            made = first_call(ENGINES[engine], case, x)
            if made is not None:
                calls[engine], taken, results[engine] = made
                firsts[engine] = min(firsts.get(engine, np.inf), taken)
    expected = as_array(results["chainrule"], n)
    for engine, found in results.items():
        np.testing.assert_allclose(as_array(found, n), expected, rtol=1e-12, atol=1e-12, err_msg=engine)
    for _ in range(rounds):
        for engine, call in calls.items():
            for _ in range(3):
                start = time.perf_counter()
                call()
                laters[engine] = min(laters.get(engine, np.inf), time.perf_counter() - start)
    return {engine: (firsts[engine], laters[engine]) for engine in calls}


def peak(name, n):
    """Megabytes that a first call of ours allocates at the most."""
    x = np.linspace(0.5, 1.5, n)
    tracemalloc.start()
    first_call(ours, CASES[name], x)
    found = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return found


def installed(names):
    """Those of them that can be imported, and ours."""
    found = ["chainrule"]
    for name, module in names.items():
        try:
            importlib.import_module(module)
        except ImportError:
            print(f"{name} is not installed")
        else:
            found.append(name)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=100, help="rounds of later calls")
    parser.add_argument("--large", action="store_true", help="Rosenbrock of 20,000 variables too")
    options = parser.parse_args()
    os.environ.update(SETTINGS)
    stay_on_one_processor()
    engines = installed({"CasADi": "casadi", "JAX": "jax"})
    for f, kind, sparse in CASES.values():  # what is imported at first is no part of a first call
        ours(f, kind, sparse, np.linspace(0.5, 1.5, 70))()
    print("\n| of 1,000 variables | engine | first call, ms | later, us | MB |\n|---|---|---|---|---|")
    for name in CASES:
        for engine, (first, later) in measured(name, 1000, options.rounds, engines).items():
            memory = f"{peak(name, 1000):.1f}" if engine == "chainrule" else ""
            print(f"| {name} | {engine} | {1e3 * first:.1f} | {1e6 * later:.1f} | {memory} |", flush=True)
    if options.large:
        start = time.perf_counter()
        pattern = first_call(ours, CASES["Hessian of Rosenbrock, sparse"], np.linspace(0.5, 1.5, 20_000))[2]
        print(f"\nRosenbrock of 20,000: {pattern.nnz:,} entries, {time.perf_counter() - start:.2f} s, first call")


if __name__ == "__main__":
    main()
