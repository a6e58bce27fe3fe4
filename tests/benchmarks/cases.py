"""The tables of the compiled benchmark: what is computed, and by which engines."""

import functools
import os
from collections.abc import Callable
from typing import Any, NamedTuple

from tests.benchmarks import formulas, networks, peers


class Engine(NamedTuple):
    """A row of a table.

    Attributes:
        title: What the table says.
        prepare: From the data, a call that gives value and gradient.
        modules: What is imported before the clock starts.
        threads: How many it may use.
        why_not: The reason why it runs only when asked for by name.
    """

    title: str
    prepare: Callable[[Any], Callable[[], Any]]
    modules: tuple[str, ...] = ()
    threads: int = 1
    why_not: str = ""


class Case(NamedTuple):
    """A table.

    Attributes:
        title: What is computed.
        unit: What a call's time is told in.
        per_second: How many of the unit are in a second.
        data: Of a variant, what every engine is given.
        engines: The rows, ours first.
        variants: Sizes, each measured; or one.
    """

    title: str
    unit: str
    per_second: float
    data: Callable[[Any], Any]
    engines: dict[str, Engine]
    variants: tuple[Any, ...] = (None,)


OURS, NUMPY, TORCH, JAX = ("autograd", "numpy"), ("numpy",), ("torch",), ("jax", "jax.scipy.special")
LONG = "its compiler takes about a minute"
SECRET = "its licence allows no results in public without consent, so leave its row out of anything you publish"


def batch_engines(f, by_numpy, by_torch, by_jax):
    """Rows of a scalar function over a batch of points."""
    return {
        "chainrule": Engine("chainrule", formulas.chainrule_batch(f), OURS),
        "chainrule_2": Engine("chainrule, 2 threads", formulas.chainrule_batch(f, threads=2), OURS, threads=2),
        "numpy": Engine("NumPy, derivatives by hand", by_numpy, NUMPY),
        "torch": Engine("PyTorch", by_torch, TORCH),
        "jax": Engine("JAX, `jit` of `vmap`", by_jax, JAX),
        "casadi": Engine("CasADi, `map`", functools.partial(peers.casadi_call, f), ("casadi",)),
        "aadc": Engine("AADC", functools.partial(peers.aadc_call, f), ("aadc",), why_not=SECRET),
    }


def point_engines(f, by_numpy, by_torch, by_jax):
    """Rows of a scalar function of one point."""
    return {
        "chainrule": Engine("chainrule", formulas.chainrule_one(f), OURS),
        "numpy": Engine("NumPy, derivatives by hand", by_numpy, NUMPY),
        "torch": Engine("PyTorch", by_torch, TORCH),
        "jax": Engine("JAX, `jit`", by_jax, JAX),
        "casadi": Engine("CasADi", functools.partial(peers.casadi_call, f), ("casadi",)),
        "aadc": Engine("AADC", functools.partial(peers.aadc_call, f), ("aadc",), why_not=SECRET),
    }


def trajectory_engines(make):
    """Rows of the trajectory; `make` is one of the two above."""
    f = formulas.trajectory
    rows = make(f, formulas.numpy_trajectory, formulas.torch_trajectory, formulas.jax_trajectory)
    library = "Python's floats" if make is point_engines else "NumPy"
    rows["numpy"] = rows["numpy"]._replace(title=f"{library}, adjoint by hand")
    return rows


def network_engines():
    """Rows of a network on a batch of samples."""
    return {
        "chainrule": Engine("chainrule", networks.chainrule_network, OURS),
        "numpy": Engine("NumPy, backpropagation by hand", networks.numpy_network, NUMPY),
        "torch": Engine("PyTorch", networks.torch_network, TORCH),
        "jax": Engine("JAX, `jit`", networks.jax_network, JAX),
    }


def of_flat_weights(call, **options):
    """A peer's call for the moons' whole batch as one scalar function."""
    return lambda data: call(networks.whole_batch, networks.flat_weights(data), **options)


def pricing_engines():
    f = formulas.price
    rows = batch_engines(f, formulas.numpy_prices, formulas.torch_prices, formulas.jax_prices)
    scipy = ("numpy", "scipy", "scipy.special")
    rows["numpy"] = rows["numpy"]._replace(title="NumPy and SciPy, derivatives by hand", modules=scipy)
    rows["casadi_gcc"] = Engine(
        "CasADi, `map`, compiled by gcc", functools.partial(peers.casadi_call, f, options=peers.BY_GCC), ("casadi",)
    )
    rows["ddx"] = Engine("ddx, compiled by LLVM", functools.partial(peers.ddx_call, f, jit=True), ("ddx",))
    rows["chainrule_c"] = Engine('chainrule, `backend="c"`', formulas.chainrule_batch(f, backend="c"), OURS)
    rows["c_hand"] = Engine("C with libmvec, derivatives by hand, gcc -O3", peers.c_prices, NUMPY)
    rows["c"] = Engine("`Tape.to_c` in a C loop, gcc -O3", functools.partial(peers.c_call, f), OURS)
    rows["c_simd"] = Engine(
        "`Tape.to_c` in a C loop, gcc -O3 with libmvec", functools.partial(peers.c_call, f, vectorised=True), OURS
    )
    return rows


def bouncing_engines():
    """Rows of a function with a loop and a branch; the other engines have neither, or compute both sides of it."""
    rows = batch_engines(formulas.ball, formulas.numpy_heights, None, None)
    return {name: rows[name] for name in ("chainrule", "chainrule_2", "numpy")}


def option_engines():
    f = formulas.price
    rows = point_engines(f, formulas.numpy_prices, formulas.torch_prices, formulas.jax_prices)
    rows["chainrule"] = rows["chainrule"]._replace(prepare=formulas.chainrule_numbers(f))
    rows["chainrule_c"] = Engine('chainrule, `backend="c"`', formulas.chainrule_numbers(f, backend="c"), OURS)
    rows["chainrule_eager"] = Engine("chainrule, not compiled", formulas.chainrule_eager(f), OURS)
    rows["numpy"] = rows["numpy"]._replace(title="Python's floats, derivatives by hand")
    rows["ddx"] = Engine("ddx", functools.partial(peers.ddx_call, f), ("ddx",))
    return rows


def moons_engines():
    return {
        **network_engines(),
        "chainrule_whole": Engine(
            "chainrule, 100 points as one tape", networks.chainrule_whole_batch, OURS
        ),
        "casadi": Engine("CasADi, 100 points as one function", of_flat_weights(peers.casadi_call), ("casadi",)),
        "ddx": Engine("ddx, 100 points as one function", of_flat_weights(peers.ddx_call), ("ddx",)),
        "ddx_jit": Engine(
            "ddx, the same, compiled by LLVM", of_flat_weights(peers.ddx_call, jit=True), ("ddx",), why_not=LONG
        ),
        "aadc": Engine(
            "AADC, 100 points as one function", of_flat_weights(peers.aadc_call), ("aadc",), why_not=SECRET
        ),
    }  # fmt: skip


POINTS = int(os.environ.get("CHAINRULE_BENCHMARK_POINTS", 10**6))
"""Options in a batch; fewer make a quick trial."""

CASES = {
    "black_scholes": Case(
        f"Black-Scholes price and five derivatives, {POINTS:,} options", "ns per option", 1e9 / POINTS,
        lambda _: formulas.options(POINTS), pricing_engines(),
    ),
    "one_option": Case("The same of one option", "µs", 1e6, lambda _: formulas.options(), option_engines()),
    "bounces": Case(
        f"A ball that bounces: a `while` with an `if`, and two derivatives, {POINTS:,} throws", "ns per throw",
        1e9 / POINTS, lambda _: formulas.throws(POINTS), bouncing_engines(),
    ),
    "moons": Case(
        "2-16-16-1 network on 100 points, max-margin loss and L2", "µs", 1e6,
        lambda _: networks.moons_data(), moons_engines(),
    ),
    "mlp64": Case(
        "64-32-10 network on 64 samples, cross-entropy", "µs", 1e6,
        lambda _: networks.classes_data((64, 32, 10)), network_engines(),
    ),
    "mlp784": Case(
        "784-32-10 network on 64 samples, cross-entropy", "µs", 1e6,
        lambda _: networks.classes_data((784, 32, 10)), network_engines(),
    ),
    "rosenbrock": Case(
        "Rosenbrock's function of 1,000 variables", "µs", 1e6, lambda _: formulas.valley(),
        point_engines(formulas.banana, formulas.numpy_valley, formulas.torch_valley, formulas.jax_valley),
    ),
    "ode": Case(
        f"Lotka-Volterra, {formulas.STEPS} Runge-Kutta steps, gradient in 4 parameters", "ms", 1e3,
        lambda _: formulas.animals(), trajectory_engines(point_engines),
    ),
    "ode_batch": Case(
        "The same for 1,000 sets of parameters", "ms", 1e3,
        lambda _: formulas.animals(1000), trajectory_engines(batch_engines),
    ),
    "scaling": Case(
        "n-n-1 networks on 64 samples, squared error: time per gradient", "µs", 1e6,
        lambda n: networks.regression_data((n, n, 1)),
        {name: row for name, row in network_engines().items() if name != "numpy"},
        variants=(2, 5, 9, 17, 31, 56, 99, 177, 315),
    ),
}  # fmt: skip
