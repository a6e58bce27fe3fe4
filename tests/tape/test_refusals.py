"""What would freeze a number into a recording is refused; nothing is frozen in silence."""

import contextlib
import copy
import math
import pickle
import statistics
import threading
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

import autograd
from autograd import RecordingError, Tape, Value, no_grad
from tests.random_graphs import value_and_slopes

HERE = __file__


def assign(v, name, x):
    setattr(v, name, x)
    return v


READING = {
    "data": lambda v: v * v.data,
    "grad": lambda v: v + v.grad,
    "item": lambda v: v.item() * v,
    "data of a result": lambda v: v * (v * v).data,
    "data of a constant": lambda v: v * v.detach().data,
    "data under no_grad": lambda v: v * no_grad()(lambda: v * 2.0)().data,
    "set data": lambda v: assign(v, "data", 1.0),
    "set grad": lambda v: assign(v, "grad", 1.0),
    "zero_grad": lambda v: v.zero_grad() or v,
    "float": lambda v: v * float(v),
    "int": lambda v: v * int(v),
    "complex": lambda v: v * complex(v).real,
    "complex of two": lambda v: v * complex(v, 0.0).real,
    "math.exp": lambda v: v * math.exp(v),
    "math.sqrt": lambda v: v * math.sqrt(abs(v)),
    "math.copysign": lambda v: v * math.copysign(1.0, v),
    "math.isnan": lambda v: v if math.isnan(v) else v * 2.0,
    "math.isclose": lambda v: v if math.isclose(v, 0.7) else v * 2.0,
    "math.fsum": lambda v: v * math.fsum([v, v]),
    "math.hypot": lambda v: v * math.hypot(v, v),
    "format": lambda v: v * float(format(v, ".3f")),
    "f-string": lambda v: v * float(f"{v:.3f}"),
    "%": lambda v: v * float("%.3f" % v),  # noqa: UP031
    "np.float64": lambda v: v * np.float64(v),
    "np.float32": lambda v: v * np.float32(v),
    "np.array of floats": lambda v: v * np.array([v], dtype=float)[0],
    "astype": lambda v: v * np.array([v], dtype=object).astype(float)[0],
    "array.array": lambda v: v * __import__("array").array("d", [v])[0],
    "into an array": lambda v: np.zeros(2).__setitem__(0, v) or v,
    "np.fromiter": lambda v: v * np.fromiter([v], dtype=float)[0],
    "partials": lambda v: v * (v * v).partials[0],
    "_local_grads": lambda v: v * (v * v)._local_grads[0],
    "backward": lambda v: (v * v).backward() or v,
    "autograd.backward": lambda v: autograd.backward(v * v) or v,
    "autograd.backward of several": lambda v: autograd.backward([v * v, v]) or v,
    "_backward": lambda v: (v * v)._backward() or v,
    "copy": lambda v: copy.copy(v) * v,
    "deepcopy": lambda v: copy.deepcopy(v) * v,
    "deepcopy of a list": lambda v: copy.deepcopy([v * v])[0] * v,
    "pickle": lambda v: pickle.loads(pickle.dumps(v)) * v,
    "pickle of a graph": lambda v: pickle.loads(pickle.dumps({"y": v * v}))["y"] * v,
    "draw": lambda v: v * str(autograd.draw(v * v)).count("0.7"),
    "a tape": lambda v: Tape(v * 3.0, v)(v),
    "recording a tape": lambda v: Tape.record(lambda z: z * v, 3.0)(v),
    "value_and_grad": lambda v: v * autograd.compile(lambda z: z * z).value_and_grad(3.0)[0],
}  # fmt: skip


@pytest.mark.parametrize("f", READING.values(), ids=READING.keys())
@pytest.mark.parametrize("axis", [None, 0])
def test_reading_a_number_out_of_a_value_is_refused(f, axis):
    fast = autograd.compile(f, in_axes=axis)
    with pytest.raises(RecordingError):
        fast(0.7 if axis is None else np.array([0.7, 1.3]))
    assert fast.tapes == []


@pytest.mark.parametrize("f", [
    READING[k] for k in ("data", "grad", "item", "float", "int", "math.exp", "format", "%", "partials",
                         "backward", "autograd.backward")
])  # fmt: skip
def test_the_error_names_the_file_the_line_and_a_remedy(f):
    line = f.__code__.co_firstlineno
    with pytest.raises(RecordingError) as error:
        autograd.compile(f)(0.7)
    said = str(error.value)
    assert f"{HERE}:{line}" in said
    assert "autograd.detach" in said
    assert "autograd.where" in said
    assert "static" in said
    assert any("<lambda>" in note for note in error.value.__notes__)
    assert isinstance(error.value, TypeError)


def test_a_file_beside_the_package_is_a_users_file():
    path = str(autograd.__path__[0]) + "_of_mine/model.py"
    names = {}
    exec(compile("def f(x):\n    y = x * x\n    return y.data * x\n", path, "exec"), names)
    with pytest.raises(RecordingError, match=r"_of_mine/model\.py:3"):
        autograd.compile(names["f"])(1.0)


def test_numbers_of_captured_values_are_refused_too():
    w = Value(3.0)
    for f in (lambda x: x * w.data, lambda x: x * float(w), lambda x: x + w.grad, lambda x: copy.copy(w) * x):
        with pytest.raises(RecordingError):
            autograd.compile(f)(1.0)
    with pytest.raises(RecordingError):
        autograd.compile(lambda x: (w * x).backward() or x)(1.0)
    with pytest.raises(RecordingError):
        autograd.compile(lambda x: autograd.backward(w * x) or x)(1.0)
    assert w.grad == 0.0


REFUSED_OR_RIGHT = {
    "isnan": lambda v: v if np.isnan(v) else v * 2.0,
    "isclose": lambda v: v if np.isclose(v, 0.7) else v * 2.0,
    "floor": lambda v: v * math.floor(v),
    "ceil": lambda v: v * math.ceil(v),
    "round": lambda v: v * round(v),
    "round to digits": lambda v: v * round(v, 2),
    "trunc": lambda v: v * math.trunc(v),
    "floordiv": lambda v: v * (v // 1),
    "mod": lambda v: v * (v % 1),
    "divmod": lambda v: v * divmod(v, 1)[0],
    "np.round": lambda v: v * np.round(v),
    "np.floor": lambda v: v * np.floor(v),
    "np.sign": lambda v: v * np.sign(v),
    "np.clip": lambda v: np.clip(v, -1.0, 1.0),
    "np.heaviside": lambda v: v * np.heaviside(v, 0.5),
    "np.nan_to_num": lambda v: np.nan_to_num(v) * v,
    "np.modf": lambda v: np.modf(v)[0] * v,
    "np.interp": lambda v: np.interp(v, [0.0, 1.0], [1.0, 3.0]) * v,
    "np.searchsorted": lambda v: v * float(np.searchsorted([-1.0, 0.0, 1.0], v)),
    "np.digitize": lambda v: v * float(np.digitize(v, [-1.0, 0.0, 1.0])),
    "np.argmax": lambda v: [v, -v * 3.0][np.argmax(np.array([v, -v]))],
    "np.argsort": lambda v: np.array([v, -v, v * v])[np.argsort(np.array([v, -v, v * v]))][0],
    "np.unique": lambda v: np.unique(np.array([v, v * v, v + 1.0]))[0] * v,
    "np.linspace": lambda v: np.linspace(0.0, v, 3).sum() * v,
    "np.arange": lambda v: np.arange(0.0, v, 0.5).sum() * v,
    "np.full": lambda v: np.full(3, v).sum() * v,
    "np.linalg.norm": lambda v: np.linalg.norm(np.array([v, v + 1.0])),
    "np.vectorize": lambda v: np.vectorize(lambda t: t * t if t > 0 else -t)(v) * 1.0,
    "np.allclose": lambda v: v if np.allclose(np.array([v]), 0.7) else v * 2.0,
    "np.cumsum": lambda v: np.cumsum(np.array([v, v * v]))[-1],
    "np.prod": lambda v: np.prod(np.array([v, v * v])),
    "np.median": lambda v: np.median(np.array([v, v * v, 1.0])),
    "np.var": lambda v: np.var(np.array([v, v * v, 1.0])),
    "np.real": lambda v: np.real(v) * v,
    "str parsed": lambda v: v * float(str(v).split("data=")[1].split(",")[0]),
    "repr parsed": lambda v: v * float(repr(v).split("data=")[1].split(",")[0]),
    "hash": lambda v: v * (hash(v) * 0 + 1),
    "range": lambda v: sum(v for _ in range(v)),
    "index": lambda v: v * [1.0, 2.0, 3.0][v],
    "slice": lambda v: v * len([1, 2, 3][:v]),
    "repetition": lambda v: v * len([1] * v),
    "struct": lambda v: v * len(__import__("struct").pack("d", v)),
    "json": lambda v: v * float(__import__("json").dumps(v)),
    "ctypes": lambda v: v * __import__("ctypes").c_double(v).value,
    "Decimal": lambda v: v * float(Decimal(v)),
    "Fraction": lambda v: v * float(Fraction(v)),
    "Value of it": lambda v: Value(v) * v,
    "random": lambda v: v * __import__("random").Random(v).random(),
    "statistics.mean": lambda v: statistics.mean([v, v * v]),
    "statistics.median": lambda v: statistics.median([v, v * v, 1.0]),
    "math.prod": lambda v: math.prod([v, v, 2.0]),
    "is_integer": lambda v: v if v.is_integer() else -v,
    "__getstate__": lambda v: v * repr(v.__getstate__()).count("0.7"),
    "vars": lambda v: v * len(vars(v)) + v,
    "int of text": lambda v: v * int(f"{v}"),
    "len of text": lambda v: v * len(f"{v!r:>40}"),
}  # fmt: skip


@pytest.mark.parametrize("f", REFUSED_OR_RIGHT.values(), ids=REFUSED_OR_RIGHT.keys())
def test_what_looks_at_a_value_is_refused_or_right(f):
    """Where compile answers at all, it answers as the eager engine does, in lanes that differ from the recorded one."""
    rows = [0.7, -1.3, 2.0, 0.3, 1.0]
    fast = autograd.compile(f, in_axes=0)
    try:
        found = fast(np.array(rows))
    except (TypeError, ValueError, AttributeError, IndexError, __import__("struct").error):
        assert fast.tapes == []
        return
    expected = [value_and_slopes(lambda v: np.asarray(f(v)).item(), [x])[0] for x in rows]
    assert found.tolist() == pytest.approx(expected, rel=1e-12)


def test_text_of_a_value_shows_no_number():
    said = []

    def f(x):
        y = x * 3.0
        said.extend([repr(x), str(y), f"{y}", f"{y!r}", "{}".format(y), "%s" % y, str([x, y])])  # noqa: UP031, UP032
        print(y)
        return y

    assert autograd.compile(f)(1.2345) == 3.7035
    assert said
    assert all("Value(" in text and "1.23" not in text and "3.70" not in text for text in said)


def test_printing_while_recording(capsys):
    autograd.compile(lambda x: print("here:", x) or x * x)(0.7)
    assert capsys.readouterr().out.startswith("here: Value(")


def with_fallback(x):
    try:
        k = x.data
    except (AttributeError, TypeError):
        k = x
    return x * k


def by_another_thread(x):
    larger = []

    def compare():
        with contextlib.suppress(TypeError):
            larger.append(x > 2.0)

    worker = threading.Thread(target=compare)
    worker.start()
    worker.join()
    return x * x if larger and larger[0] else x


@pytest.mark.parametrize("f", [with_fallback, by_another_thread])
def test_a_number_that_was_refused_is_not_gone_without(f):
    """Eagerly the function has it, and goes another way."""
    with pytest.raises(RecordingError, match="while a function is recorded"):
        autograd.compile(f).grad(3.0)
    with pytest.raises(RecordingError, match="while a function is recorded"):
        Tape.record(f, 3.0)
    assert autograd.compile(lambda x: x * x).grad(3.0) == 6.0


def test_a_rule_of_ones_own_is_refused_by_name():
    with pytest.raises((ValueError, TypeError), match="mine"):
        autograd.compile(lambda x: Value(3.0, (x,), "mine") * x)(2.0)
    with pytest.raises((ValueError, TypeError), match="rule of its own"):
        autograd.compile(lambda x: Value(3.0, (x,), local_grads=(1.0,)) * x)(2.0)

    def with_closure(x):
        y = x * x
        y._backward = lambda: None
        return y

    with pytest.raises((ValueError, TypeError)):
        autograd.compile(with_closure)(2.0)
