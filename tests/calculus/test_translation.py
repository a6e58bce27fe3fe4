"""Functions with loops, translated to C: what is written, and what is refused."""

import math
import shutil
import subprocess

import pytest

from autograd.calculus import gammas, normals, translation
from autograd.calculus.ieee import div, exp
from autograd.calculus.in_c import functions_in_c
from autograd.calculus.special import lgamma

NUMBERS = (0.5, -1.0, 0.25)


def mixed(x, n):
    """Everything that is translated."""
    total, k = 0.0, 0.0
    for c in NUMBERS:
        total = total * x + c
    for j in range(3):
        total += j * x
    for j in range(3, 0, -1):
        total = total - j
    while k < n:
        k = k + 1.0
        total, x = x, total / (1.0 + total * total)
        if not (k <= 100.0) or total != total:
            break
    if x < 0.0 and n > 1.0:
        return -total
    if x == 0.0:
        return div(1.0, x)
    return exp(total) if total < 5.0 else math_free(total)


def math_free(x):
    """Called by the other."""
    return x * 2.0


def test_the_same_bits_in_c(tmp_path):
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        pytest.skip("there is no C compiler")
    lines = [*translation.translated(math_free), *translation.translated(mixed)]
    points = [(x, n) for x in (0.0, -0.0, 0.3, -2.5, 7.0, 1e200, math.inf) for n in (0.0, 1.0, 2.0, 7.0)]
    calls = [f'printf("%a\\n", mixed_value({translation.number_in_c(x)}, {n}));' for x, n in points]
    source = ["#include <math.h>", "#include <stdio.h>", *lines, "int main(void) {", *calls, "return 0; }"]
    (tmp_path / "f.c").write_text("\n".join(source))
    subprocess.run([compiler, "-ffp-contract=off", tmp_path / "f.c", "-o", tmp_path / "f", "-lm"], check=True)
    printed = subprocess.run([tmp_path / "f"], capture_output=True, text=True, check=True).stdout.split()
    for (x, n), text in zip(points, printed, strict=True):
        expected, found = mixed(x, n), float.fromhex(text.replace("-nan", "nan"))
        assert found == expected or (math.isnan(found) and math.isnan(expected)), (x, n)


def of_a_list(x):
    return [x]


def with_a_name(x):
    return x * math_free.__name__


def with_a_word(x):
    for c in (1.0, 2.0):
        x = x + c
    return x


def with_true(x):
    return True


@pytest.mark.parametrize("function", [of_a_list, with_a_name, with_a_word, with_true])
def test_what_is_not_translated_is_refused(function):
    with pytest.raises(SyntaxError, match=rf"{function.__name__}, line \d+ of its source: \w+ is not translated to C"):
        translation.translated(function)


def test_a_function_is_written_once_and_after_those_that_it_calls():
    lines = functions_in_c([lgamma, lgamma])
    heads = [line for line in lines if line.startswith("static inline double")]
    assert len(heads) == len(set(heads))
    order = [next(i for i, head in enumerate(heads) if f" {name}_value(" in head) for name in ("correction", "lgamma")]
    assert order == sorted(order)


def test_what_is_translated():
    assert translation.is_translated(gammas.lgamma)
    assert translation.is_translated(normals.sinc)
    assert not translation.is_translated(exp)
    assert not translation.is_translated(mixed)
