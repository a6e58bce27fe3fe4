"""Writes what follows from the table: the compiled kernel, the named methods of Value, the public functions.

Run `python autograd/calculus/_generate.py` after touching `table.py`; importing autograd fails
while the files are stale. `--check` writes nothing and exits with 1 if they are.
"""

from __future__ import annotations

import sys
import textwrap
import types
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
if __name__ == "__main__":  # the package itself may be what is stale: take its parts without running its __init__
    sys.path.insert(0, str(HERE.parent))
    sys.modules["autograd"] = types.ModuleType("autograd")
    sys.modules["autograd"].__path__ = [str(HERE)]

# ruff: noqa: E402  (the lines above make these imports possible)
from autograd.border.files import write_file
from autograd.calculus import ieee
from autograd.calculus.codes import NUMBERS, STEPPING, codes_of_rows
from autograd.calculus.notation import VARIADIC_IN_C, c_name, c_parameters, formula, row_in_c, statements, to_c
from autograd.calculus.primitive import Primitive, Variadic
from autograd.calculus.symbols import Symbol, operand_names, trace
from autograd.calculus.table import TABLE, fingerprint

NOTICE = "Generated from calculus/table.py by `python autograd/calculus/_generate.py`; do not edit."


POW_IN_C = """\
static inline double pow_value(double x, double y) {
    if (y == 2.0) return x * x;
    if (y == 0.5) return x == -INFINITY ? INFINITY : sqrt(x + 0.0);
    return pow(x, y);
}
"""
"""What is written by hand: its Python catches exceptions, which no symbol raises."""


def arity(row: Primitive) -> int:
    """How many operands the row takes; 0 for a variadic row."""
    return len(row.partials)


# --- codes, in Python and in C ---------------------------------------------------------------------------------------


def all_codes() -> dict[str, int]:
    """Every number that Python and C share, by name."""
    return {**NUMBERS, **codes_of_rows()}


def codes_header() -> str:
    """`_codes.h`: the codes as C knows them."""
    enums = [f"    {name} = {code}," for name, code in all_codes().items()]
    guard = "CHAINRULE_CODES_H"
    return "\n".join([f"/* {NOTICE} */", f"#ifndef {guard}", f"#define {guard}", "enum {", *enums, "};", "#endif", ""])


def codes_declared() -> str:
    """`_codes.pxd`: the same, for modules that Cython compiles."""
    names = textwrap.fill(", ".join(all_codes()), 110, initial_indent=" " * 8, subsequent_indent=" " * 8)
    source = 'cdef extern from "autograd/calculus/_codes.h" nogil:\n    enum:'
    return f"# {NOTICE}\n{source}\n" + names.replace(",\n", ", \\\n") + "\n"


def codes_source() -> str:
    """`_codes.py`: the same, for Python."""
    out = [f'"""Codes of rows, and of what is no row: see `codes.py`.\n\n{NOTICE}\n"""\n']
    out += [f"{name} = {code}" for name, code in all_codes().items()]
    stepping = [code for name, code in codes_of_rows().items() if name.lower() in STEPPING]
    out += [f"STEPPING = ({', '.join(map(str, stepping))})  # rows that may step through their operands"]
    return "\n".join(out) + "\n"


# --- the kernel in C -------------------------------------------------------------------------------------------------


def case(label: str, lines: list[str]) -> str:
    if len(lines) == 1:
        return f"    {label} {lines[0].strip()}"
    return "\n".join([f"    {label} {{", *("    " + line for line in lines), "    }"])


def kernel_header() -> str:
    """`_kernel.h`: a function per row that `math.h` lacks, then one switch per question the engine asks."""
    out = [f"/* {NOTICE} */", "#ifndef CHAINRULE_KERNEL_H", "#define CHAINRULE_KERNEL_H", "#include <math.h>", ""]
    out[-1:] = ['#include "autograd/calculus/_codes.h"', ""]
    for kind, names in (("UNARY", ["x"]), ("BINARY", ["x", "y"])):
        rows = [row for row in TABLE if arity(row) == len(names)]
        out += listed_rows(f"{kind}_ROWS", rows, names)
        out += listed_rows(f"STEPPING_{kind}_ROWS", [row for row in rows if row.name in STEPPING], names)
    for row in TABLE:
        if arity(row) and row.value in vars(ieee).values() and row.value not in ieee.MATH_H and not row.symbol:
            out += [*row_in_c(row), ""]
    out.append("\n".join([POW_IN_C, *VARIADIC_IN_C.values()]))
    for n, names in ((1, ["x"]), (2, ["x", "y"])):
        rows = [row for row in TABLE if arity(row) == n]
        symbols = [Symbol(name) for name in names]
        out += [f"static inline double value{n}(int code, {c_parameters(names)}) {{", "    switch (code) {"]
        for row in rows:
            out.append(case(f"case {row.code}: /* {row.name} */", [f"return {value_call(row, symbols)};"]))
        out += ["    }", "    return NAN;", "}", ""]
        index = "int i, " if n > 1 else ""
        out += [f"static inline double partial{n}(int code, {index}{c_parameters([*names, 'z'])}) {{"]
        out += [f"    switch (code{' * 2 + i' if n > 1 else ''}) {{"]
        for row in rows:
            for i, partial in enumerate(row.partials):
                label = f"case {row.code * n + i}: /* {row.name}{', ' + names[i] if n > 1 else ''} */"
                out.append(case(label, list(statements(trace(partial, *symbols, Symbol("z")), "    "))))
        out += ["    }", "    return NAN;", "}", ""]
    out += folds()
    out += ["static inline int selects(int code) {", "    switch (code) {"]
    out += ["    " + " ".join(f"case {row.code}:" for row in TABLE if row.selects) + " return 1;"]
    out += ["    }", "    return 0;", "}", "", "#endif"]
    return "\n".join(out) + "\n"


def listed_rows(macro: str, rows: list[Primitive], names: list[str]) -> list[str]:
    """A macro that applies another one to the code and the value of each row."""
    symbols = list(map(Symbol, names))
    listed = [f"    ROW({row.name.upper()}, {value_call(row, symbols)})" for row in rows]
    return [f"#define {macro}(ROW) \\", " \\\n".join(listed), ""]


def folds() -> list[str]:
    """The switches over rows of three and more operands, which live in an array."""
    rows = [row for row in TABLE if arity(row) not in (1, 2)]
    out = ["static inline double fold_value(int code, const double *xs, long n) {", "    switch (code) {"]
    for row in rows:
        spread = ", ".join(f"xs[{i}]" for i in range(arity(row)))
        out.append(f"    case {row.code}: return {c_name(row)}({spread or 'xs, n'});")
    out += ["    }", "    return NAN;", "}", ""]
    out += ["static inline void fold_partials(int code, const double *xs, long n, double z, double *partials) {"]
    out += ["    switch (code) {"]
    for row in rows:
        if isinstance(row, Variadic):
            tree = trace(row.partial, Symbol("xs[i]"), Symbol("xs[i ^ 1]"), Symbol("z"))
            assert isinstance(tree, Symbol)
            loop = f"for (long i = 0; i < n; i++) partials[i] = {to_c(tree, {})};"
            out.append(f"    case {row.code}: /* {row.name} */ {loop} break;")
        else:
            xs = [Symbol(f"xs[{k}]") for k in range(arity(row))]
            out.append(f"    case {row.code}: /* {row.name} */")
            for i, partial in enumerate(row.partials):
                tree = trace(partial, *xs, Symbol("z"))
                assert isinstance(tree, Symbol)
                out.append(f"        partials[{i}] = {to_c(tree, {})};")
            out.append("        break;")
    return [*out, "    }", "    (void)z;", "}", ""]


def value_call(row: Primitive, symbols: list[Symbol]) -> str:
    return to_c(Symbol(row, *symbols), {})


# --- methods and functions in Python ---------------------------------------------------------------------------------


def derivative_rules(row: Primitive) -> Iterator[str]:
    """`∂z/∂x = ...`, one per operand."""
    names = operand_names(row)
    letter = "d" if len(names) == 1 else "∂"
    for name, partial in zip(names, row.partials, strict=True):
        tree = trace(partial, *map(Symbol, names), Symbol("z"))
        assert isinstance(tree, Symbol)  # partials choose with `where`, not `if`, so that any number type can take them
        yield f"{letter}z/{letter}{name} = {formula(tree)}"


def named_rows() -> list[Primitive]:
    """Rows that have a name of their own rather than an operator."""
    return [row for row in TABLE if not row.symbol]


def docstring(row: Primitive, indent: str, example: str) -> str:
    """What the method and the function of a row say of themselves."""
    names = operand_names(row)
    call = f"{row.name}({', '.join(names)})"
    in_c = f"The {call} of C's math.h" if row.value in ieee.MATH_H else f"The function {call}"
    title = f"{row.about[0].upper()}{row.about[1:]}." if row.about else f"{in_c}."
    lines = [f'"""{title}', "", *(f"Rule: {rule}." for rule in derivative_rules(row)), "", f">>> {example}"]
    lines += [repr(round(row.value(*SAMPLES[arity(row)]), 12)), '"""']
    return "\n".join(indent + line if line else "" for line in lines)


SAMPLES: dict[int, tuple[float, ...]] = {1: (1.0,), 2: (1.0, 2.0), 3: (1.0, 2.0, 3.0)}

METHODS_HEAD = """\
'''The named rows of the table as methods.

{notice}
'''

from __future__ import annotations

from typing import Any

import cython

__all__ = ["TABLE_WAS", "Elementary"]

TABLE_WAS = {fingerprint}  # of the table that this was generated from


@cython.binding(False)
@cython.no_gc
@cython.cclass
class Elementary:
    '''Methods common to whatever a row can be applied to; `_unary` and `_binary` record it.'''

    if not cython.compiled:
        __slots__ = ()

    def _unary(self, code: int) -> Any:
        raise NotImplementedError

    def _binary(self, code: int, other: object) -> Any:
        raise NotImplementedError
"""


def methods_source() -> str:
    """`_elementary.py`: the named functions as methods, in a class that Value builds on."""
    out = [METHODS_HEAD.replace("'''", '"""').format(notice=NOTICE, fingerprint=fingerprint())]
    for row in named_rows():
        if arity(row) in (1, 2):
            sample = ", ".join(map(str, SAMPLES[arity(row)][1:]))
            doc = docstring(row, " " * 8, f"round(Value({SAMPLES[arity(row)][0]}).{row.name}({sample}).data, 12)")
            doc = doc.replace("        >>>", "        >>> from autograd import Value\n        >>>")
            other, passed = (", other: object", ", other") if arity(row) == 2 else ("", "")
            call = f"self._{'binary' if other else 'unary'}({row.code}{passed})"
            out.append(f"    def {row.name}(self{other}) -> Any:\n{doc}\n        return {call}\n")
            out += [f"    {alias} = {row.name}\n" for alias in row.alias]
    return "\n".join(out)


FUNCTIONS_HEAD = """\
'''The named rows of the table as functions.

{notice}

Each takes floats, Values, NumPy scalars, or arrays of these (element by element, with broadcasting), and gives back a
float, a Value or an array. All are dimensionless. What is not a real number raises TypeError.
'''

from typing import Any

from autograd.calculus import table
from autograd.values.folds import apply, apply1, apply2

__all__ = [
{names}
]
"""


def functions_source() -> str:
    """`functions.py`: the named functions of anything: numbers, Values, arrays of either."""
    rows = [row for row in named_rows() if not isinstance(row, Variadic)]
    listed = "\n".join(f'    "{name}",' for name in sorted(row.name for row in rows))
    out = [FUNCTIONS_HEAD.replace("'''", '"""').format(notice=NOTICE, names=listed)]
    for row in rows:
        names = operand_names(row)
        parameters = ", ".join(f"{name}: Any" for name in names)
        doc = docstring(row, " " * 4, f"round({row.name}({', '.join(map(str, SAMPLES[arity(row)]))}), 12)")
        call = f"({', '.join(names)})" if arity(row) > 2 else ", ".join(names)
        function = f"apply{arity(row) if arity(row) < 3 else ''}(table.{row.name}.code, {call})"
        out.append(f"\ndef {row.name}({parameters}) -> Any:\n{doc}\n    return {function}\n")
    return "\n".join(out)


FILES = {
    "calculus/_codes.h": codes_header,
    "calculus/_codes.pxd": codes_declared,
    "calculus/_codes.py": codes_source,
    "calculus/_kernel.h": kernel_header,
    "values/_methods.py": methods_source,
    "values/_functions.py": functions_source,
}


def main(arguments: list[str]) -> int:
    """Write the files, or with `--check` say which are stale."""
    stale = [name for name, text in FILES.items() if not (HERE / name).exists() or (HERE / name).read_text() != text()]
    for name in stale:
        if "--check" in arguments:
            print(f"autograd/{name} is stale: run python autograd/calculus/_generate.py")
        else:
            write_file(HERE / name, FILES[name]())
            print(f"wrote autograd/{name}")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
