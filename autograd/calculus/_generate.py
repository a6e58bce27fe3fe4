"""Writes what follows from the table: the compiled kernel, the named methods of Value, the public functions.

Run `python autograd/calculus/_generate.py` after touching `table.py`; importing autograd fails
while the files are stale. `--check` writes nothing and exits with 1 if they are.
"""

from __future__ import annotations

import re
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
from autograd.calculus.in_c import (
    fold_macro,
    functions_in_c,
    is_vectorised,
    partials_in_c,
    predicate,
    rows_macro,
    value_in_c,
)
from autograd.calculus.moving import bends
from autograd.calculus.moving_in_c import moving_in_c
from autograd.calculus.notation import c_name, checked_order, formula, statements
from autograd.calculus.primitive import MOST_OPERANDS, Primitive, Variadic
from autograd.calculus.symbols import Symbol, operand_names, trace
from autograd.calculus.table import TABLE, fingerprint

NOTICE = "Generated from calculus/table.py by `python autograd/calculus/_generate.py`; do not edit."


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
    for name, rows in (("STEPPING", [row for row in TABLE if row.name in STEPPING]), ("VECTORISED", vectorised())):
        listed = textwrap.fill(
            f"{', '.join(str(row.code) for row in rows)}", 110, initial_indent="    ", subsequent_indent="    "
        )
        out += [f"{name} = frozenset((\n{listed},\n))  # fmt: skip"]
    return "\n".join(out) + "\n"


# --- the kernel in C -------------------------------------------------------------------------------------------------


def case(label: str, lines: list[str]) -> str:
    """A case of a switch."""
    if len(lines) == 1:
        return f"    {label} {lines[0].strip()}"
    return "\n".join([f"    {label} {{", *("    " + line for line in lines), "    }"])


AT_ONCE = """\
/* Each node asks for two: a call would take longer than most of what it finds. */
#if defined(__GNUC__)
#define AT_ONCE static inline __attribute__((always_inline))
#else
#define AT_ONCE static inline
#endif
"""


def rows_of(count: int) -> list[Primitive]:
    """The rows of so many operands; 0 for any number.

    Raises:
        ValueError: there is a row of more than any may have.
    """
    for row in TABLE:
        if arity(row) > MOST_OPERANDS:
            raise ValueError(f"{row.name} takes {arity(row)} operands: a row takes 1, 2, 3 or any number of them")
    return [row for row in TABLE if arity(row) == count]


def kernel_header() -> str:
    """`_kernel.h`: a function per row that `math.h` lacks, then one switch per question the engine asks."""
    out = [f"/* {NOTICE} */", "#ifndef CHAINRULE_KERNEL_H", "#define CHAINRULE_KERNEL_H", "#include <math.h>"]
    out += ['#include "autograd/calculus/_codes.h"', "", AT_ONCE]
    for kind, names in (("UNARY", "x"), ("BINARY", "xy"), ("TERNARY", "abc")):
        rows = rows_of(len(names))
        out += rows_macro(f"{kind}_ROWS", rows, names)
        if stepping := [row for row in rows if row.name in STEPPING]:
            out += rows_macro(f"STEPPING_{kind}_ROWS", stepping, names)
    out += fold_macro([row for row in TABLE if isinstance(row, Variadic) and not row.added])
    # As a call in a loop over lanes, which a compiler may choose, `direction` takes twenty times as long.
    out += [x.replace("static inline double direction_", "AT_ONCE double direction_") for x in functions_in_c(TABLE)]
    for n, names in ((1, "x"), (2, "xy"), (3, "abc")):
        parameters = ", ".join(f"double {name}" for name in names)
        out += [f"static inline double value{n}(int code, {parameters}) {{", "    switch (code) {"]
        out += [case(f"case {row.code}: /* {row.name} */", [f"return {value_in_c(row, names)};"]) for row in rows_of(n)]
        out += ["    default: return NAN;", "    }", "}", ""]
    for n, names in ((1, "x"), (2, "xy")):
        index = "int i, " if n > 1 else ""
        parameters = ", ".join(f"double {name}" for name in names + "z")
        out += [f"AT_ONCE double partial{n}(int code, {index}{parameters}) {{"]
        out += [f"    switch (code{' * 2 + i' if n > 1 else ''}) {{"]
        for row in rows_of(n):
            for i, partial in enumerate(row.partials):
                label = f"case {row.code * n + i}: /* {row.name}{', ' + names[i] if n > 1 else ''} */"
                tree = trace(partial, *map(Symbol, names), Symbol("z"))
                out.append(case(label, list(statements(tree, "    "))))
        out += ["    default: return NAN;", "    }", "}", ""]
    out += folds()
    out += predicate("selects", [row for row in TABLE if row.selects])
    out += predicate("commutes", [row for row in TABLE if row.commutes])
    out += predicate("is_vectorised", vectorised())
    out += predicate("wants_lanes", [row for row in rows_in_arrays() if not isinstance(row, Variadic) or not row.added])
    return "\n".join([*out, "#endif"]) + "\n"


def rows_in_arrays() -> list[Primitive]:
    """The rows of three and of any number of operands."""
    return [row for row in TABLE if arity(row) not in (1, 2)]


def vectorised() -> list[Primitive]:
    """The rows that have vector functions, or are made of such; these may differ from those of math.h in a last bit."""
    return [row for row in TABLE if is_vectorised(row)]


def folds() -> list[str]:
    """The switches over rows of three and of any number of operands, which live in an array."""
    out = ["static inline double fold_value(int code, const double *xs, long n) {", "    switch (code) {"]
    for row in rows_in_arrays():
        spread = ", ".join(f"xs[{i}]" for i in range(arity(row)))
        out.append(f"    case {row.code}: return {c_name(row)}({spread or 'xs, n'});")
    out += ["    default: return NAN;", "    }", "}", ""]
    out += ["static inline void fold_partials(int code, const double *xs, long n, double z, double *partials) {"]
    out += ["    switch (code) {"]
    for row in rows_in_arrays():
        lines = partials_in_c(row)
        out += [f"    case {row.code}: /* {row.name} */", *[f"        {line}" for line in lines], "        break;"]
    out += ["    default: for (long i = 0; i < n; i++) partials[i] = NAN;"]
    return [*out, "    }", "    (void)z;", "}", ""]


def moving_header() -> str:
    """`_moving_kernel.h`: how the partials move, for each row, operand, and which operands do."""
    out = [f"/* {NOTICE} */", "#ifndef CHAINRULE_MOVING_KERNEL_H", "#define CHAINRULE_MOVING_KERNEL_H"]
    out += ['#include "autograd/calculus/_kernel.h"', ""]
    out += predicate("bends", [row for row in TABLE if bends(row.code)])
    return "\n".join([*out, *moving_in_c(TABLE), "#endif"]) + "\n"


# --- methods and functions in Python ---------------------------------------------------------------------------------


def derivative_rules(row: Primitive) -> Iterator[str]:
    """`∂z/∂x = ...`, one per operand."""
    if isinstance(row, Variadic):
        tree = trace(row.partial, Symbol("xsᵢ"), Symbol("ysᵢ"), Symbol("z"))
        assert isinstance(tree, Symbol)
        yield f"∂z/∂xsᵢ = {formula(tree)}"
        return
    names = operand_names(row)
    letter = "d" if len(names) == 1 else "∂"
    for name, partial in zip(names, row.partials, strict=True):
        tree = trace(partial, *map(Symbol, names), Symbol("z"))
        assert isinstance(tree, Symbol)  # partials choose with `where`, not `if`, so that any number type can take them
        yield f"{letter}z/{letter}{name} = {formula(tree)}"


def home(row: Primitive) -> str:
    """The name of the module that a row stands in."""
    return row.home.rpartition(".")[2]


def named_rows() -> list[Primitive]:
    """Rows that have a name of their own rather than an operator."""
    return [row for row in TABLE if not row.symbol]


def docstring(row: Primitive, indent: str, example: str) -> str:
    """What the method and the function of a row say of themselves."""
    call = f"{row.name}({', '.join(parameter_names(row))})"
    in_c = f"The {call} of C's math.h" if row.value in ieee.MATH_H else f"The function {call}"
    title = f"{row.about[0].upper()}{row.about[1:]}." if row.about else f"{in_c}."
    lines = [f'"""{title}', "", *(line for rule in derivative_rules(row) for line in wrapped(f"Rule: {rule}."))]
    if isinstance(row, Variadic):
        along = (
            [] if row.pairs else ["With an axis, along it: a result for each line of an array, or of lists in lists."]
        )
        lines += ["", *along, "Cost: one node, however many operands."]
    lines += ["", f">>> {example}", repr(round(row.evaluate(SAMPLES[arity(row)]), 12)), '"""']
    return "\n".join(indent + line if line else "" for line in lines)


def wrapped(text: str) -> list[str]:
    """Lines of a docstring."""
    return textwrap.wrap(text, 108, break_long_words=False, break_on_hyphens=False)


def parameter_names(row: Primitive) -> list[str]:
    """What its function calls the operands; of any number of them there is a list, of pairs two."""
    if isinstance(row, Variadic):
        return ["xs", "ys"] if row.pairs else ["xs"]
    return operand_names(row)


SAMPLES: dict[int, tuple[float, ...]] = {0: (1.0, 2.0), 1: (1.0,), 2: (1.0, 2.0), 3: (1.0, 2.0, 3.0)}

METHODS_HEAD = """\
'''The named rows of the table as methods.

{notice}
'''

from __future__ import annotations

from typing import Any

import cython

{imported}from autograd.engine.node import Node

if not cython.compiled:
    from autograd.engine.node import operate, unary

__all__ = ["TABLE_WAS", "Elementary"]

TABLE_WAS = {fingerprint}  # of the table that this was generated from


@cython.binding(False)
@cython.no_gc
@cython.cclass
class Elementary(Node):
    '''A node with the named rows as its methods.'''

    if not cython.compiled:
        __slots__ = ()
"""


def methods_source() -> str:
    """`_methods.py`: the named functions as methods, in a class that Value builds on; a condition `c` has none."""
    out = []
    for row in named_rows():
        names = operand_names(row) if not isinstance(row, Variadic) else ["c"]
        if names[0] in WITHOUT_METHODS:
            continue
        others = ["other"] if len(names) == 2 else names[1:]
        sample = ", ".join(map(str, SAMPLES[arity(row)][1:]))
        doc = docstring(row, " " * 8, f"round(Value({SAMPLES[arity(row)][0]}).{row.name}({sample}).data, 12)")
        doc = doc.replace("        >>>", "        >>> from autograd import Value\n        >>>")
        call = {1: f"unary({row.code}, self)", 2: f"operate({row.code}, self, other)"}.get(
            len(names), f"{home(row)}.{row.name}(self, {', '.join(others)})"
        )
        parameters = ", ".join(["self", *[f"{name}: object" for name in others]])
        out.append(f"    def {row.name}({parameters}) -> Any:\n{doc}\n        return {call}\n")
        out += [f"    {alias} = {row.name}\n" for alias in row.alias]
    imported = "from autograd.calculus import table\n" if any("return table." in method for method in out) else ""
    head = METHODS_HEAD.replace("'''", '"""').format(notice=NOTICE, fingerprint=fingerprint(), imported=imported)
    return "\n".join([head, *out])


FUNCTIONS_HEAD = """\
'''The named rows of the table as functions.

{notice}

Each takes floats, Values, NumPy scalars, or arrays of these (element by element, with broadcasting), and gives back a
float, a Value or an array. All are dimensionless. What is not a real number raises TypeError.
'''

from typing import Any

from autograd.border.conversion import as_order
from autograd.calculus import special, table
from autograd.values.folds import {{folds}}

__all__ = [
{names}
]
"""


WITHOUT_METHODS = ("c", "n")
"""First operands that no method is of: a condition, and the order of a derivative."""
WITH_A_START = ("sum", "dot")
"""Rows whose functions take what they start with: these are in `values/folds.py`."""


def functions_source() -> str:
    """`_functions.py`: the named functions of anything: numbers, Values, arrays of either."""
    rows = [row for row in named_rows() if row.name not in WITH_A_START]
    listed = "\n".join(f'    "{name}",' for name in sorted(row.name for row in rows))
    out = [FUNCTIONS_HEAD.replace("'''", '"""').format(notice=NOTICE, names=listed)]
    for row in rows:
        names, sample = parameter_names(row), ", ".join(map(str, SAMPLES[arity(row)]))
        if isinstance(row, Variadic):
            sample = "[1.0], [2.0]" if row.pairs else f"[{sample}]"
            function, call = ("fold_pairs", "xs, ys") if row.pairs else ("fold_list", "xs, axis")
        else:
            function = f"apply{arity(row) if arity(row) < 3 else ''}"
            given = [checked_order(row, names[0], SAMPLES[arity(row)]), *names[1:]] if row.ordered else names
            call = f"({', '.join(given)})" if arity(row) > 2 else ", ".join(given)
        parameters = ", ".join(f"{name}: Any" for name in names) + ", axis: Any = None" * (function == "fold_list")
        doc = docstring(row, " " * 4, f"round({row.name}({sample}), 12)")
        body = f"return {function}({home(row)}.{row.name}.code, {call})"
        out.append(f"\ndef {row.name}({parameters}) -> Any:\n{doc}\n    {body}\n")
    folds = ("apply", "apply1", "apply2", "fold_list", "fold_pairs")
    used = sorted({function for function in folds if any(f" {function}(" in text for text in out)})
    return "\n".join(out).replace("{folds}", ", ".join(used))


# --- the public list -------------------------------------------------------------------------------------------------


def public_list() -> str:
    """`autograd/__init__.py` as it stands, with the names of the functions written out in both places."""
    names = sorted([row.name for row in named_rows() if row.name not in WITH_A_START], key=by_number)
    imported = "".join(f"    {name},\n" for name in names)
    quoted = ", ".join(f'"{name}"' for name in names)
    text = (HERE / "__init__.py").read_text()
    for begin, listed, end in (
        (IMPORTED, imported, ")\n"),
        (LISTED, textwrap.indent(textwrap.fill(f"{quoted},", 116), "    ") + "\n", "]  # fmt: skip\n"),
    ):
        before, _, rest = text.partition(begin)
        text = before + begin + listed + end + rest.partition(end)[2]
    return text


def by_number(name: str) -> list[str | int]:
    """A key to sort by: log2 comes before log10."""
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", name)]


IMPORTED = "from autograd.values._functions import (\n"
LISTED = "    # the rows of the table that have names (written by calculus/_generate.py)\n"


FILES = {
    "calculus/_codes.h": codes_header,
    "calculus/_codes.pxd": codes_declared,
    "calculus/_codes.py": codes_source,
    "calculus/_kernel.h": kernel_header,
    "calculus/_moving_kernel.h": moving_header,
    "values/_methods.py": methods_source,
    "values/_functions.py": functions_source,
    "__init__.py": public_list,
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
