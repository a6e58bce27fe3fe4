"""Arrays of every kind and layout, and numbers of every type, among the arguments."""

import math
from fractions import Fraction

import numpy as np
import pytest

from autograd import Value, compile
from tests.random_graphs import value_and_slopes


def kinds_of_arrays(tmp_path):
    base = np.arange(260.0).reshape(65, 4) / 7.0 - 10.0
    yield "as it is", base
    yield "Fortran-ordered", np.asfortranarray(base)
    yield "every other row", np.repeat(base, 2, axis=0)[::2]
    yield "negative strides", base[::-1, ::-1][::-1, ::-1][::-1]
    yield "columns reversed", base[:, ::-1]
    yield "transposed", base.T.copy().T
    yield "a view into more", np.pad(base, 3)[3:-3, 3:-3]
    yield "one row, repeated", np.broadcast_to(base[:1], (65, 4))
    read_only = base.copy()
    read_only.flags.writeable = False
    yield "read-only", read_only
    mapped = np.memmap(tmp_path / "data", dtype=float, mode="w+", shape=(65, 4))
    mapped[:] = base
    yield "memmap", np.memmap(tmp_path / "data", dtype=float, mode="r", shape=(65, 4))
    packed = np.zeros(65, dtype=[("i", "i4"), ("x", "f8", 4), ("c", "i1")])
    packed["x"] = base
    yield "a field of packed records", packed["x"]
    mixed_up = np.zeros(65, dtype=[("x", "f8", 4), ("c", "i1")])
    mixed_up["x"] = base
    yield "odd strides", mixed_up["x"]
    yield "other byte order", base.astype(base.dtype.newbyteorder())
    yield "float32", base.astype(np.float32)
    yield "float16", base.astype(np.float16)
    yield "int64", (base * 10).astype(int)
    yield "int64 with strides", np.repeat((base * 10).astype(int), 3, axis=1)[:, ::3]
    yield "uint8", np.arange(260, dtype=np.uint8).reshape(65, 4)
    yield "int8", np.arange(260).astype(np.int8).reshape(65, 4)
    yield "bool", base > 0
    yield "large int64", (base * 0).astype(int) + 2**53
    yield "objects", base.astype(object)
    yield "Values", np.array([Value(x) for x in base.ravel()]).reshape(base.shape)
    yield "matrix", base.view(type("Mine", (np.ndarray,), {}))


@pytest.mark.parametrize("length", [65, 64, 1])
def test_arrays_of_every_kind(tmp_path, length):
    def f(x, w):
        return (x[0] * x[1] - x[2] * w[3]) * x[3] + w[0] * w[1] - w[2] if x[0] > w[0] else x[3] + w[3] * x[1]

    batch, alone = compile(f, in_axes=(0, None)), compile(f)
    plain = compile(f, in_axes=(0, None))
    for name, array in kinds_of_arrays(tmp_path):
        xs = array[:length]
        doubles = np.array([v.data if isinstance(v, Value) else float(v) for v in xs.ravel()]).reshape(xs.shape)
        w, w_doubles = xs[length // 2], doubles[length // 2]
        expected, (gx, gw) = plain.value_and_grad(doubles, w_doubles.copy(), argnums=(0, 1))
        found, (dx, dw) = batch.value_and_grad(xs, w, argnums=(0, 1))
        assert found.tobytes() == expected.tobytes(), name
        assert dx.tobytes() == np.ascontiguousarray(gx).tobytes() or np.array_equal(dx, gx), name
        assert np.array_equal(dw, gw), name
        assert (type(dx), dx.dtype) == (np.ndarray, np.dtype(float)), name
        assert alone(xs[0], w) == pytest.approx(expected[0], rel=1e-13, abs=1e-13), name
        z, *g = value_and_slopes(lambda *v: f(v[:4], v[4:]), [*doubles[-1], *w_doubles])
        assert found[-1] == pytest.approx(z, rel=1e-12, abs=1e-12), name
        assert [*dx[-1], *dw[-1]] == pytest.approx(g, rel=1e-12, abs=1e-12), name


def test_single_columns_with_any_stride():
    fast = compile(lambda x: x * 2.0 + 1.0, in_axes=0)
    base = np.arange(300.0)
    packed = np.zeros(70, dtype=[("x", "f8"), ("c", "i4")])
    packed["x"] = base[:70]
    for xs in (base[::4], base[::-3], base[:64], base[5:69], packed["x"], packed["x"][::-2], base.reshape(100, 3)[:, 1],
               np.broadcast_to(np.float64(3.0), 130), base[:1], base[-1:]):  # fmt: skip
        assert fast(xs).tolist() == [2.0 * x + 1.0 for x in xs.tolist()]
        assert fast.grad(xs).tolist() == [2.0] * len(xs)


def test_arrays_without_axes_and_numpy_numbers():
    fast = compile(lambda x, y: x.exp() * y if y > 0 else x * y)
    for number in (
        np.array(2.0),
        np.float64(2.0),
        np.float32(2.0),
        np.int64(2),
        np.array(2),
        Value(2.0),
        Fraction(2),
        2,
        np.array(2.0, object),
    ):
        value, (dx, dy) = fast.value_and_grad(number, np.array(3.0), argnums=(0, 1))
        assert (value, float(dx), float(dy)) == pytest.approx((3.0 * math.exp(2.0), 3.0 * math.exp(2.0), math.exp(2.0)))
    batch = compile(lambda x, y: x.exp() * y if y > 0 else x * y, in_axes=(0, None))
    assert batch(np.array([1.0, 2.0]), np.array(-3.0)).tolist() == [-3.0, -6.0]


def test_arguments_of_mixed_kinds_in_any_order():
    def f(a, b, c, d, e):
        return a * 1.0 + b[0] * 10.0 + b[1] * 100.0 + c * 1e3 + d.sum() * 1e4 + e["k"] * 1e5

    fast = compile(f)
    numbers = [2.0, 3.0, 4.0, 5.0, 6.0, 7.0]
    for shift in range(6):
        v = [(Value, float, int, np.float64)[(k + shift) % 4](x) for k, x in enumerate(numbers)]
        args = (
            v[0],
            [v[1], v[2]],
            v[3],
            np.array([v[4], 0.0], object if shift % 2 else None if not isinstance(v[4], Value) else object),
            {"k": v[5]},
        )
        value, (a, b, c, d, e) = fast.value_and_grad(*args, argnums=(0, 1, 2, 3, 4))
        assert value == 765432.0
        assert (a, b, c, d.tolist(), e) == (1.0, [10.0, 100.0], 1e3, [1e4, 1e4], {"k": 1e5})
