"""After a recording, over or failed: the engine is as before, and a Value kept from it is refused by name."""

import copy
import pickle

import numpy as np
import pytest

import autograd
from autograd import RecordingError, Tape, Value, no_grad


def test_after_an_error_the_engine_is_as_before():
    w = Value(2.0)
    fast = autograd.compile(lambda x: w * x if x > 0 else [].pop(), in_axes=0)
    with pytest.raises(IndexError) as error:
        fast(np.array([1.0, 2.0, -3.0]))
    assert any("row 2" in note and "<lambda>" in note for note in error.value.__notes__)
    assert w.data == 2.0
    assert float(f"{w:.1f}") == 2.0
    assert copy.copy(w).data == pickle.loads(pickle.dumps(w)).data == 2.0
    y = w * w
    y.backward()
    assert (y.data, w.grad, y.partials) == (4.0, 4.0, (2.0, 2.0))
    assert "data=4.0" in repr(y)
    assert fast(np.array([1.0, 2.0])).tolist() == [2.0, 4.0]
    with pytest.raises(RecordingError):
        autograd.compile(lambda x: x.data)(1.0)
    assert w.data == 2.0
    for error_type in (KeyboardInterrupt, SystemExit, GeneratorExit, RecursionError):

        def raising(x, error_type=error_type):
            raise error_type

        with pytest.raises(error_type):
            autograd.compile(raising)(1.0)
        assert w.data == 2.0


def kept_from_a_recording(how="compile"):
    kept = []

    def keeping(x):
        kept.extend([x, x * x, x.detach(), autograd.dot([x, x], [x, 2.0]), Value(1.0), autograd.grad(x * x, x)])
        kept.append(autograd.grad(x * x * x, x, create_graph=True))
        kept.append(autograd.compile(lambda z: z * z)(x))
        with no_grad():
            kept.append(x * 2.0)
        return x * 2.0 if how != "failed" else [].pop()

    if how == "failed":
        with pytest.raises(IndexError):
            autograd.compile(keeping)(3.0)
    elif how == "tape":
        Tape.record(keeping, 3.0)
    else:
        autograd.compile(keeping)(3.0)
    return kept


USES = {
    "data": lambda v: v.data, "set data": lambda v: setattr(v, "data", 1.0), "grad": lambda v: v.grad,
    "zero_grad": lambda v: v.zero_grad(), "item": lambda v: v.item(), "partials": lambda v: v.partials,
    "operands": lambda v: v.operands, "neg": lambda v: -v, "exp": lambda v: v.exp(), "detach": lambda v: v.detach(),
    "left": lambda v: v + Value(1.0), "right": lambda v: Value(1.0) * v, "number": lambda v: v - 1.0,
    "reflected": lambda v: 2.0 / v, "sum": lambda v: autograd.sum([1.0, v]), "dot": lambda v: autograd.dot([1.0], [v]),
    "where": lambda v: autograd.where(Value(1.0), 2.0, v), "no_grad": no_grad()(lambda v: v * 2.0),
    "no_grad dot": no_grad()(lambda v: autograd.dot([v], [v])), "compare": lambda v: v < 1.0,
    "compared with": lambda v: Value(1.0) == v, "bool": bool, "format": lambda v: f"{v:.3f}",
    "backward": lambda v: v.backward(), "several": lambda v: autograd.backward([Value(1.0), v]),
    "grad of": lambda v: autograd.grad(v, Value(1.0)), "grad by": lambda v: autograd.grad(Value(1.0), v),
    "a tape": lambda v: Tape(v), "order": autograd.topological_order, "child": lambda v: Value(1.0, (v,), "mine"),
    "vector": lambda v: autograd.values_to_vector([v]), "deepcopy": copy.deepcopy, "pickle": pickle.dumps,
    "copy": lambda v: copy.copy(v).data, "argument": lambda v: autograd.compile(lambda x: x * x)(v),
    "in a list": lambda v: autograd.compile(lambda x: x[0] * x[0])([v]), "draw": lambda v: str(autograd.draw(v)),
    "in an array": lambda v: autograd.compile(lambda x: x.sum())(np.array([v, v])),
    "captured": lambda v: autograd.compile(lambda x: x * v)(1.0),
    "captured sum": lambda v: autograd.compile(lambda x: autograd.dot([x, v], [v, x]))(1.0),
    "caught": lambda v: autograd.compile(lambda x: caught(x, v))(1.0),
    "given back": lambda v: autograd.compile(lambda x: [x, v])(1.0),
    "Tape.record": lambda v: Tape.record(lambda x: v, 1.0),
}  # fmt: skip


def caught(x, v):
    try:
        return x * v
    except TypeError:
        return x


@pytest.mark.parametrize("use", USES.values(), ids=USES.keys())
def test_a_value_kept_from_a_recording_is_refused_by_name(use):
    for how in ("compile", "tape", "failed"):
        for v in kept_from_a_recording(how):
            with pytest.raises(RecordingError, match=r"made while a function was recorded is used after that is over"):
                use(v)
            assert "over" in repr(v)
            assert "over" in str([v])
            assert hash(v) == hash(v)


def test_the_refusal_names_the_line_and_what_to_do():
    v = kept_from_a_recording()[1]
    with pytest.raises(RecordingError, match=r"test_after\.py:\d+.*make the Value before.*result.*argument"):
        v * 2.0


@pytest.mark.parametrize("place", ["dict", "object", "lazy leaf"])
def test_a_memo_filled_on_one_path_is_no_captured_value_on_the_next(place):
    """It was: the derivative by the argument was 0 in silence."""
    memo, holder = {}, type("Holder", (), {})()

    def f(x):
        if place == "dict":
            square = memo.setdefault("square", x * x)
        elif place == "object":
            square = holder.__dict__.setdefault("square", x * x)
        else:
            square = memo.setdefault("leaf", Value(2.0)) * x
        return square if x > 0 else -square

    fast = autograd.compile(f, in_axes=0)
    assert fast(np.array([3.0])).tolist() == [9.0 if place != "lazy leaf" else 6.0]
    with pytest.raises(RecordingError, match="is over"):
        fast.grad(np.array([3.0, -2.0]))
    assert fast.grad(np.array([3.0])).tolist() == [6.0 if place != "lazy leaf" else 2.0]
