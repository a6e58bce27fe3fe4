"""What is refused, of arguments, results and options: by name, and with what to do."""

import numpy as np
import pytest

import autograd
from autograd import compile
from autograd.replay.replay import Replay


@pytest.mark.parametrize(
    ("bad", "said"),
    [
("1", "str"), (b"1", "bytes"), (1j, "complex"), (np.array([1j, 2.0]), "complex"), (object(), "object"),
        (np.array(["a", "b"]), "real numbers"), (np.array([None, 1.0]), "None"), (np.array([1.0, "b"], dtype=object), "str"),
        (np.array(["2020-01-01"], dtype="M8[D]"), "real numbers"), (np.array([2**53 + 1, 0]), "lose digits"),
        (np.array([2**63], dtype=np.uint64), "lose digits"), (np.ones(2, np.longdouble), "lose digits"),
        (np.zeros(2, [("a", float)]), "real numbers"), ({1, 2}, "set"), (lambda x: x, "function"), (10**400, "too large"),
        (np.array([10**400, 1], dtype=object), "too large"), (np.array([[1.0], [2.0, 3.0]], dtype=object), "list"), (range(3), "range"),
    ],
    ids=lambda x: repr(x)[:25] if not callable(x) and type(x) is not object else "f",
)  # fmt: skip
@pytest.mark.parametrize("batched", [False, True])
def test_what_is_no_number_is_refused_by_name(bad, said, batched):
    if getattr(bad, "dtype", None) == np.longdouble and np.dtype(np.longdouble).itemsize == 8:
        pytest.skip("long doubles are doubles here")
    is_array = isinstance(bad, np.ndarray)
    if batched and not is_array:
        pytest.skip("a batch is an array")
    fast = compile(lambda w, x: np.sum(x) * w, in_axes=(None, 0 if batched else None))
    good = np.ones(np.shape(bad))
    for argument in (bad, [bad], {"key": bad}):
        with pytest.raises((TypeError, OverflowError, ValueError), match=said):
            compile(lambda x: x[0] if isinstance(x, list) else x["key"] if isinstance(x, dict) else x * 1.0)(argument)
    with pytest.raises((TypeError, OverflowError), match=said):
        fast(2.0, bad)
    with pytest.raises((TypeError, OverflowError), match=said):
        fast.grad(2.0, bad)
    assert np.ravel(fast(2.0, good)).tolist() == ([2.0] * good.size if batched else [2.0 * good.size])
    if is_array:
        with pytest.raises((TypeError, OverflowError), match=said):  # also when the tape is known
            fast(2.0, bad)
        with pytest.raises((TypeError, OverflowError), match=said):
            fast.jvp((2.0, good), (1.0, bad))


@pytest.mark.parametrize(
    ("f", "said"),
    [
        (lambda x: None, "None"), (lambda x: "a", "str"), (lambda x: 3.0, "depends on no Value"), (lambda x: [1, 2], "depends on no Value"),
        (lambda x: [], "no Value at all"), (lambda x: {}, "no Value at all"), (lambda x: (x, None), "None"), (lambda x: [x, "b"], "str"),
        (lambda x: x + 1j, "complex"), (lambda x: object(), "object"), (lambda x: (x for _ in range(2)), "generator"),
        (lambda x: np.array(["a", x], dtype=object), "str"), (lambda x: {x, 2.0}, "set"), (lambda x: np.array([]), "no Value at all"),
        (lambda x: np.ones(3), "depends on no Value"), (lambda x: lambda: x, "function"), (lambda x: x.exp, "method"),
        (lambda x: 1j, "complex"), (lambda x: compile, "function"),
    ],
)  # fmt: skip
def test_a_function_that_gives_no_value_is_told_so(f, said):
    for axis, x in ((None, 1.0), (0, np.ones(2))):
        fast = compile(f, in_axes=axis)
        with pytest.raises(TypeError, match=said):
            fast(x)
        assert fast.tapes == []


@pytest.mark.parametrize("axis", [0, None])
def test_a_masked_array_is_refused_where_something_is_masked(axis):
    fast = compile(lambda x: x[0] * x[1] if axis is None else x * x, in_axes=axis)
    x = np.ma.masked_array([1.0, 2.0], mask=[False, True])
    with pytest.raises(TypeError, match="x: a masked array would lose its mask"):
        fast(x)
    with pytest.raises(TypeError, match="input 0: a masked array"):
        Replay(autograd.Tape.record(lambda x: x * x, 1.0).program)(x)
    assert np.array_equal(fast(np.ma.masked_array([1.0, 2.0])), [1.0, 4.0] if axis == 0 else 2.0)


def test_what_a_function_raises_comes_with_its_name_and_row():
    def picky(x):
        assert x < 2.0, "too large"
        return x * x if x > 0 else undefined  # noqa: F821

    fast = compile(picky, in_axes=0)
    for xs, error, row in (
        ([1.0, 3.0], AssertionError, 1),
        ([0.5, 1.0, -1.0], NameError, 2),
        ([3.0], AssertionError, 0),
    ):
        with pytest.raises(error) as caught:
            fast(np.array(xs))
        note = "\n".join(caught.value.__notes__)
        assert "picky" in note
        assert f"row {row}" in note
        assert "static_argnames" in note
    assert fast(np.array([1.0, 1.5])).tolist() == [1.0, 2.25]
    with pytest.raises(AssertionError) as caught:
        compile(picky)(5.0)
    assert "picky" in caught.value.__notes__[0]
    assert "row" not in caught.value.__notes__[0]


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"reduce": "max"}, ValueError, "reduce"), ({"reduce": 1}, ValueError, "reduce"), ({"reduce": ["sum"]}, ValueError, "reduce"),
        ({"threads": 0}, ValueError, "threads"), ({"threads": -1}, ValueError, "threads"), ({"threads": 1.5}, ValueError, "threads"),
        ({"threads": True}, ValueError, "threads"), ({"threads": "2"}, ValueError, "threads"),
        ({"static_argnames": "z"}, TypeError, "'z'.*x, y"), ({"static_argnames": ("x", "z")}, TypeError, "'z'"),
        ({"static_argnames": 3}, TypeError, "static_argnames"), ({"static_argnames": [0]}, TypeError, "static_argnames"),
        ({"unknown": 1}, TypeError, "unknown"),
    ],
)  # fmt: skip
def test_bad_options_are_named(options, error, said):
    with pytest.raises(error, match=said):
        compile(lambda x, y: x, **options)
    with pytest.raises(error, match=said):

        @compile(**options)
        def f(x, y):
            return x


@pytest.mark.parametrize("bad", [3, "f", [len]])
def test_what_cannot_be_called_cannot_be_compiled(bad):
    with pytest.raises(TypeError, match="expected a function"):
        compile(bad)


@pytest.mark.parametrize(
    ("primals", "tangents", "said"),
    [
        ((1.0, 2.0), (1.0,), "2 primals, but 1 tangents"), ((1.0, [2.0]), (1.0, 2.0), "structure"), ((1.0, 2.0), (1.0, [2.0]), "structure"),
        ((1.0, np.ones(2)), (1.0, np.ones(3)), "shape"), ((1.0, np.ones(2)), (1.0, 1.0), "shape"), ((1.0, 2.0), (1.0, np.ones(2)), "shape"),
        ((1.0, 2.0), (1.0, "a"), "str"), ((1.0, {"a": 2.0}), (1.0, {"b": 2.0}), "structure"),
    ],
)  # fmt: skip
def test_bad_tangents_are_named(primals, tangents, said):
    fast = compile(lambda x, y: x * np.sum(y[0] if isinstance(y, list) else y["a"] if isinstance(y, dict) else y))
    with pytest.raises((ValueError, TypeError), match=said):
        fast.jvp(primals, tangents)
    with pytest.raises((ValueError, TypeError), match=said):
        fast.hvp(primals, tangents)


def test_tangents_for_another_number_of_rows_are_named():
    fast = compile(lambda x: x * x, in_axes=0)
    with pytest.raises(ValueError, match="tangents for 2 rows, primals for 3"):
        fast.jvp((np.ones(3),), (np.ones(2),))
    with pytest.raises(ValueError, match="tangents: batches of different lengths"):
        compile(lambda x, y: x * y, in_axes=0).jvp((np.ones(3), np.ones(3)), (np.ones(2), np.ones(3)))
    with pytest.raises(TypeError, match="tangents: x is a str"):
        compile(lambda x: x * x).jvp((1.0,), ("right",))
