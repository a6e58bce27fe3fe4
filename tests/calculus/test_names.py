"""Names in what is written: whatever labels are, each printer gives the program that the tape is."""

import ctypes
import re
import shutil
import subprocess
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import autograd
from autograd import Tape, Value
from autograd.calculus.names import function_name, is_word, slot_names
from tests.sizes import some

relaxed = settings(max_examples=some(200), deadline=None, suppress_health_check=list(HealthCheck))

WORDS = [
    "s2", "ſ2", "s3", "s2_", "x0", "x1", "x2", "𝐱1", "x1_", "µ", "μ", "inf", "nan", "and", "not", "for", "None",
    "lambda", "match", "__debug__", "autograd", "math", "ValueError", "print", "", " ", "a b", "a\nb", "x = 1\ns9",
    "\\", "{", "}}", "%s", "{0}", "$", "_", "__", "w_12", "ﬁ", "x²", "٣", "é", "e\u0301", "\ud800", "\u2028",
    "\x1b[31m", '"', "#", "s10", "a·b", "ａ", "कि",
]  # fmt: skip
labels = st.lists(st.sampled_from(WORDS) | st.text(max_size=6), min_size=3, max_size=3)


def labelled(names):
    leaves = [Value(x, label=label) for x, label in zip((2.0, 3.0, 0.5), names, strict=True)]
    a, b, c = leaves
    return leaves, (a * b + 1.0) * autograd.where(autograd.less(a, b), a.exp(), c) / c - 2.0**b


def run_text(text, numbers):
    """What the lines of a printed tape say, taken by the word."""
    head, *steps, end = text.split("\n")
    scope = dict(zip(head.removeprefix("inputs ").split(", "), numbers, strict=True))
    functions = {"exp": autograd.exp, "less": autograd.less, "where": autograd.where}
    for line in steps:
        name, _, right = line.partition(" = ")
        assert name not in scope
        spelled = re.sub(r"(\w+)\(", r"functions['\1'](", right)
        spelled = re.sub(r"(?<![^\s(])[^\s(),*/+\d'-][^\s(),*/+'-]*(?=[\s,)]|$)", lambda m: f"scope[{m[0]!r}]", spelled)
        scope[name] = eval(spelled, {"functions": functions, "scope": scope})
    return scope[end.removeprefix("output ")]


UNLABELLED = Tape(*labelled(["", "", ""])[::-1])


@relaxed
@given(labels)
def test_no_label_changes_a_program(names):
    leaves, root = labelled(names)
    tape = Tape(root, leaves)
    assert run_text(str(tape), [x.data for x in leaves]) == root.data
    scope = {}
    exec(tape.to_python(), scope)
    assert scope["f"](2.0, 3.0, 0.5) == root.data
    assert tape.to_c() == UNLABELLED.to_c()
    formula = tape.to_latex()
    bare = re.sub(r"\\[\\_{}]", "", formula)
    assert all(bare[:k].count("{") >= bare[:k].count("}") for k in range(len(bare) + 1))
    assert bare.count("{") == bare.count("}")
    assert not set(bare) & set("$%#&~\n\x1b")
    assert not re.search(r"(?<!\\)_(?!\{)", formula)


@pytest.mark.parametrize(
    "label", ["ſ2", "s2", "s2_", "𝐱1", "x1", "µ", "μ", "ValueError", "autograd", "__debug__", "lambda"]
)
def test_a_label_that_is_read_as_another_name(label):
    """U+017F "2" is `s2` to Python, whose step it was: 12 came out for 8."""
    x, y = Value(1.0, label=label), Value(2.0)
    scope = {}
    exec(Tape((x + 1.0) * (x + 3.0), [x, y]).to_python(), scope)
    assert scope["f"](1.0, 2.0) == 8.0


def test_labels_stay_and_other_slots_are_named_around_them():
    x, y = Value(2.0, label="x1"), Value(3.0, label="x2")
    tape = Tape(x * y, [x, y])
    assert str(tape) == "inputs x1, x2\ns2 = x1 * x2\noutput s2"
    assert tape.to_latex() == r"x_{1} \, x_{2}"
    assert "def f(x1, x2):\n    s2 = x1 * x2\n" in tape.to_python()
    assert slot_names(["x1", "", "s3"], 2, "text") == ["x1", "x1_", "s3", "s3_", "s4"]
    assert slot_names(["lambda", "and", "nan"], 0, "text") == ["lambda", "x1", "x2"]
    assert slot_names(["lambda", "and", "nan"], 0, "python") == ["x0", "x1", "nan"]
    assert slot_names(["lambda", "and", "nan"], 0, "latex") == ["lambda", "and", "x2"]
    assert slot_names(["µ", "μ", "é"], 0, "text") == ["x0", "x1", "é"]


def test_a_guard_speaks_of_the_names_around_it():
    recorded = Tape.record(lambda x, y: x if x < y else y, 1.0, 2.0)
    tape = Tape.of(replace(recorded.program, labels=("s2", "ValueError")))
    scope = {}
    exec(tape.to_python("f"), scope)
    assert scope["f"](1.0, 2.0) == 1.0
    with pytest.raises(ValueError, match=re.escape("recorded where less(s2, x1) was true")):
        scope["f"](2.0, 1.0)
    with pytest.raises(ValueError, match=re.escape("recorded where less(s2, ValueError) was true")):
        tape(2.0, 1.0)


OF_C = """
    round rint signbit NAN INFINITY abs main _Upper __x _x j0 y1 gamma lgamma_r sinf sinl acosf32x f32addf64 daddl
    fmaximum_numl
    M_PI HUGE_VAL FP_NAN isnan isfinite fpclassify nullptr constexpr _Bool alignas typeof class template try new bitand
    malloc free exit printf memcpy strlen strtod qsort rand time isalpha cexp creal linux unix I errno double float
    inline restrict int exp pow sin less_value where_value autograd math
"""


@pytest.mark.parametrize("name", OF_C.split())
def test_a_name_with_a_meaning_in_c_is_refused(name):
    with pytest.raises(ValueError, match=f"'{name}' cannot be the name of a function: it has a meaning already"):
        UNLABELLED.to_c(name)


@pytest.mark.parametrize("name", ["ValueError", "__debug__", "autograd", "math", "None", "lambda", "tanh", "double"])
def test_a_name_with_a_meaning_in_python_is_refused(name):
    with pytest.raises(ValueError, match=f"'{name}' cannot be the name of a function: it has a meaning already"):
        UNLABELLED.to_python(name)


@pytest.mark.parametrize("name", ["", "a b", "é", "ſ2", "2x", "f(x)", "f\n", 3, None])
def test_what_is_no_name_is_refused(name):
    for write in (UNLABELLED.to_c, UNLABELLED.to_python):
        with pytest.raises(ValueError, match="cannot be the name of a function: use letters"):
            write(name)


ORDINARY = [
    "f", "g", "x", "y", "dy", "s3", "price", "total", "issue", "model", "loss", "payoff", "sum", "mean", "step",
    "stress", "memory", "halfl", "sub2", "k_t", "f_l", "string",
]  # fmt: skip


@pytest.mark.skipif(not shutil.which("cc"), reason="needs a C compiler")
def test_every_name_that_passes_compiles(tmp_path):
    """Those of the functions above, and whatever the headers of C's library have in them."""
    headers = "math.h complex.h stdlib.h stdio.h string.h ctype.h wctype.h time.h fenv.h tgmath.h"
    included = "".join(f"#include <{header}>\n" for header in headers.split())
    found = set(ORDINARY)
    for flag in ("-P", "-dM"):
        text = subprocess.run(
            ["cc", "-E", flag, "-"], input=included, capture_output=True, text=True, check=True
        ).stdout
        found |= set(re.findall(r"\b[A-Za-z]\w*", text))
    names = []
    for name in sorted(found):
        try:
            names.append(function_name(name, "c"))
        except ValueError:
            assert name not in ORDINARY
    assert len(found) > 500
    declared = "".join(f"int {name}(const double *x, double *y, double *dy);\n" for name in names)
    (tmp_path / "f.c").write_text(f"#include <math.h>\n{declared}")
    for standard in ("c99", "gnu17"):
        flags = [f"-std={standard}", "-Wall", "-Wextra", "-Werror", "-fsyntax-only"]
        subprocess.run(["cc", *flags, "f.c"], cwd=tmp_path, check=True)


@pytest.mark.skipif(not shutil.which("cc"), reason="needs a C compiler")
def test_c_of_any_name_gives_the_same_number(tmp_path):
    x, y = Value(2.0, label="ſ2"), Value(3.0, label="}")
    tape = Tape(x * y + 1.0, [x, y])
    source = [tape.to_c(name).removeprefix("#include <math.h>\n") for name in ORDINARY]
    (tmp_path / "f.c").write_text("\n".join(["#include <math.h>", *source]))
    subprocess.run(["cc", "-shared", "-fPIC", "-Wall", "-Werror", "f.c", "-o", "f.so"], cwd=tmp_path, check=True)
    library, doubles = ctypes.CDLL(str(tmp_path / "f.so")), ctypes.c_double * 2
    for name in ORDINARY:
        value, slopes = ctypes.c_double(), doubles()
        assert library[name](doubles(2.0, 3.0), ctypes.byref(value), slopes) == 0
        assert (value.value, *slopes) == (7.0, 3.0, 2.0)


def test_a_number_or_a_formula_is_no_word():
    assert not any(map(is_word, ["a*b", "-a", "1e5", "f(x)", "a = b", "", "inf"]))


def test_negative_and_small_numbers_in_formulas_are_bracketed():
    x = Value(2.0, label="x")
    assert Tape((-2.0) ** x, x).to_latex() == r"\left(-2\right)^{x}"
    assert Tape(x - (-3.0), x).to_latex() == r"x - \left(-3\right)"
    assert Tape(1e-9**x, x).to_latex() == r"\left(1 \cdot 10^{-9}\right)^{x}"


def test_a_sum_of_many_terms_is_printed_without_recursion():
    xs = [Value(float(k)) for k in range(5_000)]
    tape = Tape(autograd.sum(xs), xs)
    assert " + x4998 + x4999\n" in str(tape)
    with pytest.raises(ValueError, match="to_latex: more than 400 operations"):
        tape.to_latex()
