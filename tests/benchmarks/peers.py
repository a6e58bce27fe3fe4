"""Other engines, ready to time: each takes a function over scalars and gives a call for its value and gradient.

    call = casadi_call(f, x)    f(xs, m) is a scalar of the list xs; m has the engine's exp, log, sqrt, erf, relu
    value, gradient = call()    at x: one point of shape (n,), or a batch of shape (n, points)

Every engine gets its fastest documented way of calling, with buffers that are made once.
"""

import ctypes
import re
import subprocess
import tempfile
from pathlib import Path
from types import SimpleNamespace

import numpy as np

SETTINGS = {
    "JAX_ENABLE_X64": "1",
    "JAX_PLATFORMS": "cpu",
    "MKL_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
}
"""The environment of a worker: doubles, one thread, and else what a user has."""


def casadi_call(f, x, options=None):
    """CasADi's virtual machine, or with `options` its C code behind a compiler."""
    import casadi

    m = SimpleNamespace(
        exp=casadi.exp, log=casadi.log, sqrt=casadi.sqrt, erf=casadi.erf, relu=lambda v: casadi.fmax(v, 0.0)
    )
    xs = casadi.SX.sym("x", len(x))
    y = f([xs[i] for i in range(len(x))], m)
    function = casadi.Function("f", [xs], [y, casadi.gradient(y, xs)], options or {})
    if x.ndim == 2:
        function = function.map(x.shape[1])
    points = np.ascontiguousarray(x.T)  # a point's numbers are neighbours, as in all its matrices
    values, gradients = np.empty(x.shape[1:] or 1), np.empty_like(points)
    buffer, trigger = function.buffer()
    buffer.set_arg(0, memoryview(points))
    buffer.set_res(0, memoryview(values))
    buffer.set_res(1, memoryview(gradients))

    def call():
        trigger()
        return values, gradients.T

    call.keep = buffer, points
    return call


BY_GCC = {"jit": True, "compiler": "shell", "jit_options": {"compiler": "gcc", "flags": ["-O3", "-march=native"]}}
"""CasADi's options for compiled functions."""


def ddx_call(f, x, jit=False):
    """ddx: interpreted, or compiled through LLVM with its vector functions."""
    import ddx

    m = SimpleNamespace(exp=ddx.exp, log=ddx.log, sqrt=ddx.sqrt, erf=ddx.erf, relu=lambda v: ddx.max(v, 0.0))
    equation = ddx.equation(lambda: f([ddx.var(f"x{i}") for i in range(len(x))], m))
    if jit:
        equation.compile(points=x[0].size, veclib=ddx.VecLib.AUTO)
    bound = equation.buffer(np.array(x))

    def call():
        bound()
        return bound.value, bound.jacobian

    return call


def aadc_call(f, x):
    """AADC: its vector kernels over a batch, its scalar kernel for one point."""
    import aadc

    m = SimpleNamespace(
        exp=aadc.math.exp, log=aadc.math.log, sqrt=aadc.math.sqrt, erf=aadc.math.erf,
        relu=lambda v: aadc.math.max(v, 0.0),
    )  # fmt: skip
    kernel = aadc.Functions()
    kernel.start_recording()
    xs = [aadc.idouble(float(np.ravel(row)[0])) for row in x]
    inputs = [v.mark_as_input() for v in xs]
    output = f(xs, m).mark_as_output()
    kernel.stop_recording()
    if x.ndim == 2:
        kernel.compile("avx2")
        workers = aadc.ThreadPool(1)
        batch = dict(zip(inputs, x, strict=True))

        def call():
            values, derivatives = aadc.evaluate(kernel, {output: inputs}, batch, workers)[:2]
            return values[output], [derivatives[output][i] for i in inputs]

        return call

    kernel.compile("scalar")
    workspace = kernel.create_workspace(kind="scalar")
    numbers = x.tolist()

    def call_one():
        for place, number in zip(inputs, numbers, strict=True):
            workspace.set_val(place, number)
        workspace.forward()
        workspace.set_diff(output, 1.0)
        workspace.reverse()
        return workspace.val(output), [workspace.diff(place) for place in inputs]

    return call_one


VECTOR_MATH = "".join(f'__attribute__((simd("notinbranch"))) double {f}(double);\n' for f in ("exp", "log", "erf"))
"""Tells gcc that libmvec has vector functions, without the licence to reorder that -ffast-math brings."""


def c_call(f, x, vectorised=False):
    """What the C compiler makes of `Tape.to_c`: the straight line inside a loop over the points.

    Args:
        f, x: As everywhere here; x is a batch.
        vectorised: Let the loop be vectorised, with the C library's vector functions.
    """
    import autograd

    xs = [autograd.Value(float(row[0])) for row in x]
    source = autograd.Tape(f(xs, autograd), xs).simplify().to_c("point")
    source = re.sub(r"^(?=\w+ point\()", "static inline __attribute__((always_inline)) ", source, flags=re.MULTILINE)
    n = len(x)
    loop = f"""
void points(long n, const double *restrict x, double *restrict y, double *restrict dy) {{
    {"#pragma GCC ivdep" if vectorised else ""}
    for (long i = 0; i < n; i++) {{
        const double point_x[{n}] = {{{", ".join(f"x[{k} * n + i]" for k in range(n))}}};
        double point_dy[{n}];
        point(point_x, &y[i], point_dy);
        {" ".join(f"dy[{k} * n + i] = point_dy[{k}];" for k in range(n))}
    }}
}}
"""
    if vectorised:
        library = compiled_c(VECTOR_MATH + source + loop, "-lmvec", "-lm")
    else:
        library = compiled_c(source + loop, "-lm")
    double_array = np.ctypeslib.ndpointer(dtype=np.float64, flags="C_CONTIGUOUS")
    library.points.argtypes = [ctypes.c_long, double_array, double_array, double_array]
    library.points.restype = None
    values, gradients = np.empty(x.shape[1]), np.empty_like(x)

    def call():
        library.points(x.shape[1], x, values, gradients)
        return values, gradients

    return call


PRICES_BY_HAND = """
#include <math.h>
void prices(long n, const double *restrict x, double *restrict y, double *restrict dy) {
    const double *s = x, *k = x + n, *r = x + 2 * n, *sigma = x + 3 * n, *t = x + 4 * n;
    #pragma GCC ivdep
    for (long i = 0; i < n; i++) {
        const double S = s[i], K = k[i], R = r[i], V = sigma[i], T = t[i], root = sqrt(T), spread = V * root;
        const double d1 = (log(S / K) + (R + 0.5 * V * V) * T) / spread, d2 = d1 - spread;
        const double N1 = 0.5 + 0.5 * erf(d1 * 0.7071067811865476), N2 = 0.5 + 0.5 * erf(d2 * 0.7071067811865476);
        const double density = 0.3989422804014327 * exp(-0.5 * d1 * d1), discount = exp(-R * T), paid = K * discount;
        y[i] = S * N1 - paid * N2;
        dy[i] = N1;
        dy[n + i] = -discount * N2;
        dy[2 * n + i] = T * paid * N2;
        dy[3 * n + i] = S * density * root;
        dy[4 * n + i] = S * density * V / (2.0 * root) + R * paid * N2;
    }
}
"""


def c_prices(x):
    """Black-Scholes prices and five derivatives as one would write them in C, by all that is known of them.

    Fewer exponentials and divisions than the chain rule comes to: densities of d1 and d2 are multiples of each other.
    """
    flags = ["-fno-trapping-math", *(["-mprefer-vector-width=512"] if has_wide_registers() else [])]
    library = compiled_c(VECTOR_MATH + PRICES_BY_HAND, "-lmvec", "-lm", *flags)
    double_array = np.ctypeslib.ndpointer(dtype=np.float64, flags="C_CONTIGUOUS")
    library.prices.argtypes = [ctypes.c_long, double_array, double_array, double_array]
    library.prices.restype = None
    values, gradients = np.empty(x.shape[1]), np.empty_like(x)

    def call():
        library.prices(x.shape[1], x, values, gradients)
        return values, gradients

    return call


def has_wide_registers():
    """Whether this processor has registers of 512 bits, which gcc leaves alone if it is not told."""
    cpuinfo = Path("/proc/cpuinfo")
    return cpuinfo.exists() and " avx512f " in cpuinfo.read_text()


def compiled_c(source, *libraries):
    """The library that gcc makes of a source."""
    flags = ["-O3", "-march=native", "-fno-math-errno", "-shared", "-fPIC"]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "points.c")
        path.write_text(source)
        library = path.with_suffix(".so")
        subprocess.run(["gcc", *flags, str(path), "-o", str(library), *libraries], check=True)
        return ctypes.CDLL(str(library))
