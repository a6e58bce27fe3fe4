"""Run in a copy of the project to which `test_new_rows` has added rows: does all that knows the table know them?

The eager engine is the judge of tapes and compiled functions. Nothing is printed but a last word; the first check that
fails ends the process.
"""

import ctypes
import math
import shutil
import subprocess
from pathlib import Path

import numpy as np

import autograd
from autograd import Tape, Value
from autograd.calculus.table import TABLE

ROWS = {row.name: row for row in TABLE}
POINTS = {
    "softsign": [(0.5,), (-2.0,), (30.0,)],
    "bounded": [(0.5, 0.0, 1.0), (-1.0, 0.0, 1.0), (2.0, 0.0, 1.0), (3.0, 4.0, 5.0)],
    "length": [(3.0, 4.0), (1.0, 2.0, 2.0), (-5.0,), (1.0, -1.0, 1.5, -1.0, 0.5)],
    "sum_of_logs": [(3.0, 4.0), (1.0, 2.0, 2.0), (5.0,), (1.0, 1.5, 1.0, 1.0, 0.5)],
}
EXPECTED = {
    "softsign": lambda x: x / (1.0 + abs(x)),
    "bounded": lambda x, a, b: min(max(x, a), b),
    "length": lambda *xs: math.sqrt(sum(x * x for x in xs)),
    "sum_of_logs": lambda *xs: sum(math.log(x) for x in xs),
}


def call(name, *xs):
    """The public function of a row."""
    return getattr(autograd, name)(*xs) if ROWS[name].partials else getattr(autograd, name)(list(xs))


def gradient(f, xs):
    """The partials of a function at a point, by the eager engine."""
    values = [Value(x) for x in xs]
    f(*values).backward()
    return [v.grad for v in values]


def slope(f, xs, i):
    """∂f/∂xᵢ by central differences."""
    up, down = [[*xs[:i], xs[i] + h, *xs[i + 1 :]] for h in (1e-6, -1e-6)]
    return (f(*up) - f(*down)) / 2e-6


def check_eagerly(name, xs):
    """Floats, Values, first and second derivatives, the method."""
    values = [Value(x) for x in xs]
    z = call(name, *values)
    assert math.isclose(z.data, EXPECTED[name](*xs), rel_tol=1e-14)
    assert z.data == call(name, *xs)
    assert z.primitive is ROWS[name]
    first = autograd.grad(z, values, create_graph=True)
    again = autograd.grad(call(name, *values), values)
    for i in range(len(xs)):
        assert first[i].data == again[i] == gradient(lambda *ys: call(name, *ys), xs)[i]
        assert math.isclose(again[i], slope(EXPECTED[name], xs, i), rel_tol=1e-6, abs_tol=1e-8)
        second = 0.0 if first[i].is_constant else autograd.grad(first[i], values[i])
        bent = slope(lambda *ys, i=i: gradient(lambda *ys: call(name, *ys), ys)[i], xs, i)
        assert math.isclose(second, bent, rel_tol=1e-6, abs_tol=1e-8)
    if ROWS[name].partials:
        assert getattr(values[0], name)(*xs[1:]).data == z.data
        columns = np.array([xs, xs])
        assert call(name, *columns.T).tolist() == [z.data] * 2
        assert call(name, np.array([values[0], 1.0], dtype=object), *xs[1:])[0].data == z.data


def check_on_a_tape(name, xs, folder):
    """A tape as text, Python, C, LaTeX, in a file, simplified, with its gradient."""
    tape = Tape.record(lambda *ys: call(name, *ys) * 2.0, *xs)
    z = tape(*xs)
    assert z == call(name, *xs) * 2.0
    assert f"{name}(x0" in str(tape)
    assert name.replace("_", r"\_") in tape.to_latex()
    names = {}
    exec(tape.to_python("f"), names)
    assert names["f"](*xs) == z
    tape.save(folder / "tape.json")
    assert Tape.load(folder / "tape.json")(*xs) == z
    assert tape.simplify()(*xs) == z
    found = tape.with_gradient()(*xs)
    expected = gradient(lambda *ys: call(name, *ys) * 2.0, xs)
    assert np.allclose(found, [z, *expected], rtol=1e-15)
    source = tape.to_c("f")
    assert f"{name}_value(" in source
    if compiler := shutil.which("gcc") or shutil.which("cc"):
        (folder / "f.c").write_text(source)
        library = folder / f"{name}{len(xs)}.so"
        flags = ["-shared", "-fPIC", "-ffp-contract=off"]
        subprocess.run([compiler, *flags, folder / "f.c", "-o", library, "-lm"], check=True)
        numbers, y, dy = (ctypes.c_double * len(xs))(*xs), ctypes.c_double(), (ctypes.c_double * len(xs))()
        ctypes.CDLL(str(library)).f(numbers, ctypes.byref(y), dy)
        assert np.allclose([y.value, *dy], [z, *expected], rtol=1e-14)


def check_replays(name, count, n):
    """Batches, with an operand that they share and without; alone; groups of numbers; what decides a branch."""
    rng = np.random.default_rng(count * n)
    columns = list(rng.uniform(0.5, 3.0, (count, n)))

    def f(*xs):
        return call(name, *xs) * xs[0] + call(name, *xs)

    def forked(*xs):
        return call(name, *xs) if call(name, *xs) > middle else -xs[0]  # one row is in the middle, to the bit

    middle = sorted([call(name, *map(float, row)) for row in np.transpose(columns)])[n // 2]
    for shared in (None, 0, count - 1):
        given = [float(x[0]) if i == shared else x for i, x in enumerate(columns)]
        axes = tuple([None if i == shared else 0 for i in range(count)])
        if set(axes) == {None}:
            continue
        rows = [[float(x) if np.isscalar(x) else float(x[j]) for x in given] for j in range(n)]
        for function in (f, forked):
            compiled = autograd.compile(function, in_axes=axes)
            values, grads = compiled.value_and_grad(*given, argnums=tuple(range(count)))
            for j, row in enumerate(rows):
                z = function(*map(Value, row))
                assert math.isclose(values[j], z.data, rel_tol=1e-13)
                expected = gradient(function, row)
                assert np.allclose([g[j] for g in grads], expected, rtol=1e-12)
    alone = autograd.compile(lambda rows: [f(*row) for row in rows])(np.transpose(columns))
    assert np.allclose(alone, [f(*map(float, row)) for row in np.transpose(columns)], rtol=1e-13)
    total = autograd.compile(f, in_axes=0, reduce="sum")(*columns)
    assert math.isclose(total, math.fsum(f(*map(float, row)) for row in np.transpose(columns)), rel_tol=1e-12)


def main():
    """Every check."""
    folder = Path("checked")
    folder.mkdir(exist_ok=True)
    for name, points in POINTS.items():
        for xs in points:
            check_eagerly(name, xs)
            check_on_a_tape(name, xs, folder)
        for count in {len(xs) for xs in points}:
            for n in (1, 71):
                check_replays(name, count, n)
    print("compiled" if autograd.native else "interpreted")


if __name__ == "__main__":
    main()
