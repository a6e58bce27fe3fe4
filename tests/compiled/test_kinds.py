"""A kind of derivative is a row: all that answers calls reads the table."""

import numpy as np
import pytest

import autograd
from autograd import Tape, Value, compile
from autograd.compiled.dispatch import answer
from autograd.programs.differentiation import differentiated
from autograd.recorded.answers import Form
from autograd.recorded.kinds import KINDS, Derivation, Kind
from autograd.recorded.questions import question

SLOPES = Kind(
    "slopes",
    lambda program, wanted, careful: differentiated(program, wanted.inputs, False, careful),
    lambda shared, results: shared,
    Form.slopes,
    single="slopes",
)
"""The gradient without the value, which is no method of Compiled."""


@pytest.fixture(autouse=True)
def one_more(monkeypatch):
    monkeypatch.setitem(KINDS, "slopes", SLOPES)


def bent(x, w):
    return x * x * w if x > 1.0 else autograd.sin(x * w)


@pytest.mark.parametrize("reduce", [None, "sum", "mean"])
@pytest.mark.parametrize("n", [1, 7, 3000])
def test_a_kind_is_added_by_a_row(reduce, n):
    x = np.linspace(0.0, 2.0, n)
    f = compile(bent, in_axes=(0, None), reduce=reduce)
    for argnums in (0, 1, (0, 1)):
        expected = f.grad(x, 3.0, argnums=argnums)
        for _ in range(3):  # the third is a repetition
            found = answer(f._traced, "slopes", (x, 3.0), {}, argnums)
            pairs = zip(found, expected, strict=True) if isinstance(argnums, tuple) else [(found, expected)]
            for one, other in pairs:
                np.testing.assert_allclose(one, other, rtol=1e-13)
    if autograd.native and n < 3000:
        assert ("slopes", 0) in f._traced.repetitions.kept


def test_a_kind_without_an_eager_form_has_rows_alone_recorded_one_by_one():
    f = compile(bent, in_axes=(0, None), max_paths=1, branches="guards")
    x = np.array([2.0, 0.5, 3.0])
    with pytest.warns(RuntimeWarning, match="paths"):
        found = answer(f._traced, "slopes", (x, 3.0), {}, 0)
    np.testing.assert_allclose(found, [12.0, 3.0 * np.cos(1.5), 18.0], rtol=1e-15)


def test_a_row_says_which_method_wants_one_number():
    with pytest.raises(TypeError, match=r"<lambda>\.slopes: wants a function of one number"):
        answer(compile(lambda x: [x, x * x], in_axes=None)._traced, "slopes", (1.0,), {}, 0)


@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if kind.eagerly is not None], ids=lambda k: k.name)
def test_the_eager_form_of_a_kind_gives_the_outputs_of_its_tape(kind):
    f = compile((lambda x, y: x * y) if kind.single else lambda x, y: [x * y, x / y])
    f(3.0, 4.0)
    (path,) = f._traced.all_paths()
    wanted = Derivation(kind, (0, 1), 0, ())
    inputs = [Value(3.0), Value(4.0)]
    outputs = [inputs[0] * inputs[1], *([] if kind.single else [inputs[0] / inputs[1]])]
    assert kind.eagerly(outputs, inputs) == pytest.approx(
        list(Tape.of(path.derived(wanted, True))(3.0, 4.0)), rel=1e-15
    )


def test_as_many_outputs_may_be_summed_as_the_tape_of_a_kind_has():
    for name in ("value", "gradient", "jacobian", "hessian", "jvp", "hvp"):
        f = compile(lambda x, w: x * x * w)
        f(3.0, 2.0)
        ((layout, paths),) = f._traced.paths.items()
        (path,) = paths.all
        moving = (0,) if name in ("jvp", "hvp") else ()
        asked = question(name, (0, 1), moving, layout, path.results, True)
        assert asked.wanted.count == len(path.derived(asked.wanted, True).outputs), name
