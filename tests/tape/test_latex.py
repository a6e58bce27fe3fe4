"""Tapes in a notebook."""

import pytest

from autograd import Tape, Value


def chain(n):
    x = Value(0.5, label="x")
    y = x
    for _ in range(n):
        y = y.sin()
    return Tape(y, x)


def test_formulas_are_shown():
    x, y = Value(2.0, label="x"), Value(3.0, label="y")
    tape = Tape([x * y + x, x / y], [x, y])
    assert tape._repr_latex_() == f"$\\displaystyle \\begin{{gathered}}\n{tape.to_latex()}\n\\end{{gathered}}$"
    assert tape.to_latex().count("\\\\") == 1


def test_30_steps_are_shown_and_31_are_not():
    assert len(chain(30)) == 30
    assert chain(30)._repr_latex_().count("\\sin") == 30
    assert chain(31)._repr_latex_() is None


def test_conditions_are_shown():
    tape = Tape.record(lambda x: x * x if x > 0 else -x, 3.0)
    *_, formula, condition, _ = tape._repr_latex_().split("\n")
    assert formula == f"{tape.to_latex()} \\\\"
    assert condition.startswith("\\text{where } ")
    assert condition.endswith("\\neq 0")
    assert "less" in condition
    assert Tape.record(lambda x: x * x if x > 0 else -x, -3.0)._repr_latex_().split("\n")[-2].endswith("= 0")


def test_what_has_no_short_formula_is_left_to_the_text():
    x = Value(2.0, label="x")
    y = x
    for _ in range(12):
        y = y * y
    with pytest.raises(ValueError, match="to_latex"):
        Tape(y, x).to_latex()
    assert Tape(y, x)._repr_latex_() is None


@pytest.mark.parametrize("label", ["$\\end{gathered}", "</script>", "\ud800", "a\x00b", "x" * 10_000, "\\input{file}"])
def test_hostile_labels_are_not_written(label):
    x = Value(1.0, label=label)
    text = Tape(x * 2.0, x)._repr_latex_()
    assert text is None or text.replace("\n", "").isprintable()
    assert "script" not in (text or "")
    assert (text or "").count("$") in (0, 2)
    assert (text or "").count("\\end{") <= 1
    assert "\\input" not in (text or "")
