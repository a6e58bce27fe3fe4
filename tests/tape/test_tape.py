"""Tapes: the same numbers as the graph they come from, in every form they can be brought into."""

import ctypes
import itertools
import math
import operator
import shutil
import subprocess

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import autograd
from autograd import Value
from autograd.tape.tape import Tape
from tests.random_graphs import on_values, programs
from tests.sizes import some

relaxed = settings(max_examples=some(60), deadline=None, suppress_health_check=list(HealthCheck))


def recorded(program):
    leaves = [Value(x) for x in program.leaves]
    root = program.run(on_values, leaves)
    return leaves, root, Tape(root, leaves)


@relaxed
@given(programs())
def test_a_tape_gives_its_graphs_numbers(program):
    leaves, root, tape = recorded(program)
    xs = program.leaves
    assert tape(*xs) == root.data
    assert tape.simplify()(*xs) == root.data
    gradient = autograd.grad(root, leaves, allow_unused=True)
    assert tape.gradient()(*xs) == pytest.approx(gradient, rel=1e-12, abs=1e-12)
    assert tape(*[Value(x) for x in xs]).data == root.data


@relaxed
@given(programs(max_steps=12))
def test_twice_a_gradient_is_a_hessian(program):
    leaves, root, tape = recorded(program)
    xs, n = program.leaves, len(leaves)
    hessian = np.reshape(tape.gradient().gradient()(*xs), (n, n))
    first = autograd.grad(root, leaves, create_graph=True, allow_unused=True)
    expected = [autograd.grad(d, leaves, allow_unused=True) if not d.is_constant else [0.0] * n for d in first]
    assert hessian == pytest.approx(np.array(expected), rel=1e-9, abs=1e-9)


@relaxed
@given(programs())
def test_forward_equals_reverse(program):
    _, root, tape = recorded(program)
    xs, n = program.leaves, len(program.leaves)
    jvp, gradient = tape.jvp(), tape.gradient()(*xs)
    for i in range(n):
        direction = [float(i == j) for j in range(n)]
        value, slope = jvp(*xs, *direction)
        assert value == root.data
        assert slope == pytest.approx(gradient[i], rel=1e-10, abs=1e-10)


@relaxed
@given(programs())
def test_python_source_gives_the_same_bits(program):
    _, root, tape = recorded(program)
    names = {}
    exec(tape.to_python("g"), names)
    assert names["g"](*program.leaves) == root.data
    exec(tape.simplify().to_python("h"), names)
    assert names["h"](*program.leaves) == root.data


@pytest.mark.skipif(not shutil.which("cc"), reason="needs a C compiler")
@settings(max_examples=some(8), deadline=None, suppress_health_check=list(HealthCheck))
@given(programs())
def test_c_source_compiles_alone_and_agrees(tmp_path_factory, program):
    leaves, root, tape = recorded(program)
    folder = tmp_path_factory.mktemp("c")
    (folder / "f.c").write_text(tape.simplify().to_c("f"))
    flags = ["-std=c99", "-O2", "-Wall", "-Wextra", "-Werror", "-Wno-unused", "-pedantic", "-ffp-contract=off"]
    subprocess.run(["cc", *flags, "-shared", "-fPIC", "-o", folder / "f.so", folder / "f.c", "-lm"], check=True)
    n = len(leaves)
    doubles = ctypes.c_double * n
    x, y, dy = doubles(*program.leaves), ctypes.c_double(), doubles()
    ctypes.CDLL(str(folder / "f.so")).f(x, ctypes.byref(y), dy)
    assert y.value == root.data
    assert list(dy) == pytest.approx(autograd.grad(root, leaves, allow_unused=True), rel=1e-12, abs=1e-12)


@relaxed
@given(programs())
def test_saved_and_loaded(tmp_path_factory, program):
    _, root, tape = recorded(program)
    path = tmp_path_factory.mktemp("tape") / "tape.json"
    tape.save(path)
    loaded = Tape.load(path)
    assert str(loaded) == str(tape)
    assert loaded(*program.leaves) == root.data


def test_it_prints_with_labels():
    x, y = Value(2.0, label="x"), Value(3.0, label="y")
    tape = Tape([x * y + 1.0, x.exp() / y], [x, y])
    assert str(tape) == ("inputs x, y\ns2 = x * y\ns3 = 1\ns4 = s2 + s3\ns5 = exp(x)\ns6 = s5 / y\noutputs s4, s6")
    assert repr(tape) == "<Tape: 2 inputs, 5 steps, 2 outputs>"
    assert tape(2.0, 3.0) == (7.0, math.exp(2.0) / 3.0)
    twins = Tape(Value(1.0, label="a") * Value(2.0, label="a"))
    assert str(twins).splitlines()[0] == "inputs x0, x1"


def test_inputs_default_to_all_leaves_and_other_leaves_are_frozen():
    x, w = Value(2.0, label="x"), Value(3.0, label="w")
    z = x * w
    assert Tape(z).labels == ("x", "w")
    w.data = 10.0
    frozen = Tape(z, x)
    w.data = -1.0
    assert frozen(1.0) == 10.0
    middle = x * 2.0
    assert Tape(middle * middle, middle)(3.0) == 9.0


def test_statistics():
    x = Value(2.0)
    s = Tape(((x * x) + x * 3.0).exp(), x).statistics()
    assert s.operations == {"add": 1, "exp": 1, "mul": 2}
    assert (s.inputs, s.outputs, s.constants, s.depth, s.slots, s.bytes) == (1, 1, 1, 3, 6, 48)


def test_simplify_keeps_what_ieee_asks_for():
    x = Value(2.0, label="x")

    def steps(y):
        return str(Tape(y, x).simplify()).splitlines()[1:-1]

    assert steps((x * 1.0) / 1.0 - 0.0) == []
    assert steps(x**1.0) == []
    assert steps(x + 0.0) == ["s1 = 0", "s2 = x + s1"]  # -0.0 + 0.0 is 0.0
    assert steps(x * 0.0) == ["s1 = 0", "s2 = x * s1"]  # nan and inf
    assert steps(x - x) == ["s1 = x - x"]
    assert steps(x / x) == ["s1 = x / x"]
    assert steps((x * x) * (x * x)) == ["s1 = x * x", "s2 = s1 * s1"]
    assert steps(x * 2.0 + 2.0 * x) == ["s1 = 2", "s2 = x * s1", "s3 = s2 + s2"]
    _ = x.exp()  # unused: not in the graph at all
    assert steps(x + (Value(1.0).detach() + 1.0)) == ["s1 = 2", "s2 = x + s1"]


def test_multiply_add_chains_become_one_dot_with_the_same_bits():
    ws, xs, b = [Value(0.1 * k + 0.05) for k in range(8)], [Value(1.0 / (k + 3)) for k in range(8)], Value(0.3)
    y = b
    for w, x in zip(ws, xs, strict=True):
        y = y + w * x
    tape = Tape(y.tanh(), [*ws, *xs, b])
    simple = tape.simplify()
    assert simple.statistics().operations == {"dot": 1, "tanh": 1}
    numbers = [v.data for v in [*ws, *xs, b]]
    assert simple(*numbers) == tape(*numbers) == y.tanh().data
    assert simple.gradient()(*numbers) == pytest.approx(tape.gradient()(*numbers), rel=1e-14)
    shared = ws[0] * xs[0]
    assert "dot" not in Tape([shared + ws[1] * xs[1], shared]).simplify().statistics().operations


def test_a_branch_not_taken_receives_nothing_on_a_tape_too():
    x, y = Value(1.0, label="x"), Value(2.0, label="y")
    z = autograd.where(autograd.less(0.0, x), x.log() * y, x * 2.0 + y)
    gradient = Tape(z, [x, y]).gradient()
    assert gradient(0.0, 3.0) == (2.0, 1.0)
    assert gradient(-1.0, 3.0) == (2.0, 1.0)
    assert gradient(2.0, 3.0) == (1.5, math.log(2.0))
    assert Tape(z, [x, y]).jvp()(0.0, 3.0, 1.0, 0.0)[1] == 2.0
    twice = Tape(autograd.maximum(x, y) + (x / y).relu(), [x, y]).gradient()
    assert twice(1.0, 1.0) == (1.5, -0.5)
    assert twice(-1.0, 0.5) == (0.0, 1.0)


def test_numpy_arrays_and_variadic_rows():
    xs = [Value(1.0), Value(2.0), Value(3.0)]
    y = autograd.dot(xs, [2.0, 3.0, 4.0], start=1.0) + autograd.logsumexp(xs) + autograd.sum(xs).tanh()
    tape = Tape(y, xs)
    batch = np.linspace(-1.0, 1.0, 15).reshape(3, 5)
    found = tape(*batch)
    assert found.shape == (5,)
    for j in range(5):
        assert found[j] == pytest.approx(tape(*batch[:, j].tolist()), rel=1e-15)
    assert tape(1, 2, np.float32(3)) == tape(1.0, 2.0, 3.0)
    assert tape.gradient()(1.0, 2.0, 3.0) == pytest.approx(autograd.grad(y, xs), rel=1e-15)


def test_latex():
    x, w1 = Value(1.0, label="x"), Value(2.0, label="w1")
    formula = Tape((w1 * x + 1.0) ** 2 / (x - (w1 - 3.0)) * -x.exp(), [x, w1]).to_latex()
    assert formula == (r"\frac{\left(w_{1} \, x + 1\right)^{2}}{x - \left(w_{1} - 3\right)} \, \left(-e^{x}\right)")
    y = x
    for _ in range(10):
        y = y * y
    with pytest.raises(ValueError, match="to_latex: more than 400 operations"):
        Tape(y, x).to_latex()


def test_what_cannot_be_a_tape_is_said():
    x = Value(2.0)
    with pytest.raises(TypeError, match=r"Tape\(outputs\): expected a Value, got float"):
        Tape([2.0])
    with pytest.raises(ValueError, match="is a constant"):
        Tape(x * 2.0, x.detach())
    with pytest.raises(ValueError, match="given twice"):
        Tape(x * 2.0, [x, x])
    with pytest.raises(ValueError, match="has a rule of its own \\('mine'\\)"):
        Tape(Value(1.0, (x,), "mine"), x)
    with pytest.raises(TypeError, match="this tape has 1 inputs, got 2"):
        Tape(x * 2.0, x)(1.0, 2.0)
    with pytest.raises(TypeError, match="got str"):
        Tape(x * 2.0, x)("1")
    for taken in ("int", "while", "exp", "less_value", "autograd"):
        for write in (Tape(x * 2.0, x).to_c, Tape(x * 2.0, x).to_python):
            with pytest.raises(ValueError, match=f"'{taken}' cannot be the name of a function: it has a meaning"):
                write(taken)
    with pytest.raises(ValueError, match="'a b' cannot be the name"):
        Tape(x * 2.0, x).to_c("a b")


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda text: text[:-20], "is not a tape, or is damaged"),
        (lambda text: "[]", "is not a tape"),
        (lambda text: text.replace('"version": 1', '"version": 2'), "of version 2; this chainrule reads tapes"),
        (lambda text: text.replace('"tanh"', '"tanq"'), "damaged tape: step 1 applies 'tanq'"),
        (lambda text: text.replace('["tanh", 0]', '["tanh", 7]'), "damaged tape: step 1 applies tanh"),
        (lambda text: text.replace('["tanh", 0]', '["tanh", 0, 0]'), "damaged tape: step 1 applies tanh"),
        (lambda text: text.replace('"outputs": [', '"outputs": [99, '), "damaged tape: outputs"),
        (lambda text: text.replace('"labels"', '"tables"'), "damaged tape"),
        (lambda text: text.replace('"labels": [""]', '"labels": [1]'), "damaged tape: labels"),
        (lambda text: text.replace('"single": true', '"single": []'), r"damaged tape: single is \[\]"),
        (lambda text: text.replace('"version": 1', '"version": true'), "of version True"),
        (lambda text: text.replace('"guards": []', '"guards": [[1, 2]]'), "damaged tape: guards"),
        (lambda text: "[" * 100_000, "is not a tape, or is damaged"),
    ],
)  # fmt: skip
def test_a_damaged_or_newer_file_is_refused_by_name(tmp_path, damage, said):
    path = tmp_path / "tape.json"
    Tape(Value(1.0).tanh() * 2.0).save(path)
    path.write_text(damage(path.read_text()))
    with pytest.raises(ValueError, match=said) as error:
        Tape.load(path)
    assert str(path) in str(error.value)


LABELS = [
    "s1",
    "s2",
    "s3",
    "s12",
    "x0",
    "x1",
    "x01",
    "for",
    "None",
    "autograd",
    "math",
    "ValueError",
    "",
    "a b",
    "y",
    "π",
]


@relaxed
@given(st.lists(st.sampled_from(LABELS), min_size=3, max_size=3))
def test_a_name_stands_for_one_slot_whatever_the_labels(labels):
    leaves = [Value(x, label=label) for x, label in zip((2.0, 3.0, 0.5), labels, strict=True)]
    tape = Tape((leaves[0] * leaves[1] + 1.0) * leaves[0].exp() / leaves[2], leaves)
    names = tape.names()
    assert len(set(names)) == len(names)
    scope = {}
    exec(tape.to_python(), scope)
    assert scope["f"](2.0, 3.0, 0.5) == tape(2.0, 3.0, 0.5)
    assert all(
        name == label
        for name, label in zip(names, labels, strict=False)
        if label in "yπ" and labels.count(label) == 1 and label
    )


def test_a_change_of_sign_and_back_is_nothing():
    x = Value(0.7, label="x")
    assert str(Tape(operator.neg(-x) * 3.0, x).simplify()) == "inputs x\ns1 = 3\ns2 = x * s1\noutput s2"
    assert Tape(operator.neg(operator.neg(-x)), x).simplify()(0.7) == -0.7


def test_arrays_beside_numbers_and_values():
    x, y = Value(0.5), Value(3.0)
    array = np.array([0.5, 2.0])
    for z in (x / y, x**y, 1.0 / x + y, autograd.maximum(x, y), autograd.hypot(x, y), autograd.logsumexp([x, y])):
        tape = Tape(z, [x, y])
        found = tape(array, 3.0)
        assert found.dtype == float
        assert found.tolist() == [tape(0.5, 3.0), tape(2.0, 3.0)]
        w = Value(3.0)
        values = tape(array, w)
        assert [v.data for v in values] == found.tolist()
        assert autograd.grad(values[1], w) == tape.gradient()(2.0, 3.0)[1]


@pytest.mark.skipif(shutil.which("gcc") is None, reason="needs gcc")
def test_logsumexp_at_the_edges_in_c(tmp_path):
    x, y, z = Value(0.3), Value(0.4), Value(0.5)
    tape = Tape(autograd.logsumexp([x, y, z]), [x, y, z])
    (tmp_path / "f.c").write_text(tape.to_c())
    options = ["-std=c99", "-Wall", "-Wextra", "-pedantic", "-Werror", "-O1", "-fPIC", "-shared"]
    subprocess.run(["gcc", *options, "f.c", "-o", "f.so", "-lm"], cwd=tmp_path, check=True)
    f, doubles = ctypes.CDLL(str(tmp_path / "f.so")).f, ctypes.c_double * 3
    for xs in itertools.product([0.0, -1.5, 1e308, math.inf, -math.inf, math.nan], repeat=3):
        value, slopes = ctypes.c_double(), doubles()
        f(doubles(*xs), ctypes.byref(value), slopes)
        found = [value.value, *slopes]
        assert np.allclose(found, [tape(*xs), *tape.gradient()(*xs)], rtol=1e-15, atol=0.0, equal_nan=True), xs


def test_a_long_tape_is_linear_and_not_recursive():
    x = Value(0.5)
    y = x
    for _ in range(100_000 if autograd.native else 20_000):
        y = y * 0.999 + x
    tape = Tape(y, x)
    assert tape(0.5) == y.data
    assert tape.simplify()(0.5) == y.data
    assert tape.gradient()(0.5)[0] == pytest.approx(autograd.grad(y, x), rel=1e-9)


def test_a_dot_product_of_an_odd_number_of_slots_is_no_step(tmp_path):
    x, y = Value(2.0), Value(3.0)
    Tape(autograd.dot([x, y], [y, x]), [x, y]).save(tmp_path / "tape.json")
    text = (tmp_path / "tape.json").read_text()
    assert '["dot", 0, 1, 1, 0]' in text
    (tmp_path / "tape.json").write_text(text.replace('["dot", 0, 1, 1, 0]', '["dot", 0, 1, 1]'))
    with pytest.raises(ValueError, match="applies dot to the slots"):
        Tape.load(tmp_path / "tape.json")
