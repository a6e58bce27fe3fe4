"""Writes what follows from the table: the compiled kernel, the named methods of Value, the public functions.

Run `python autograd/_generate.py` after touching `primitives.py`; importing autograd fails while the files are stale.
`--check` writes nothing and exits with 1 if they are.
"""

from __future__ import annotations

import inspect
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
if __name__ == "__main__":  # the package itself may be what is stale: take its parts without running its __init__
    sys.path.insert(0, str(HERE.parent))
    sys.modules["autograd"] = types.ModuleType("autograd")
    sys.modules["autograd"].__path__ = [str(HERE)]

from autograd import ieee
from autograd.primitives import TABLE, Primitive, Variadic, fingerprint
from autograd.symbols import Branch, Symbol, c_name, formula, repeated, to_c, trace

NOTICE = "Generated from primitives.py by `python autograd/_generate.py`; do not edit."


def arity(row: Primitive) -> int:
    """How many operands the row takes; 0 for a variadic row."""
    return len(row.partials)


def operand_names(row: Primitive) -> list[str]:
    """`x`, or `x, y`, or what the row itself calls them."""
    return list(inspect.signature(row.partials[0]).parameters)[:-1]


# --- the kernel in C -------------------------------------------------------------------------------------------------

VARIADIC_VALUES = """\
static inline double sum_value(const double *xs, long n) {
    double z = n ? xs[0] : 0.0;
    for (long i = 1; i < n; i++) z += xs[i];
    return z;
}

static inline double dot_value(const double *xs, long n) {
    double z = n ? xs[0] * xs[1] : 0.0;
    for (long i = 2; i < n; i += 2) z += xs[i] * xs[i + 1];
    return z;
}

static inline double logsumexp_value(const double *xs, long n) {
    double top = -INFINITY, z = 0.0;
    for (long i = 0; i < n; i++)
        if (xs[i] > top || xs[i] != xs[i]) top = xs[i];
    if (!isfinite(top)) return top;
    for (long i = 0; i < n; i++) z += exp(xs[i] - top);
    return top + log(z);
}
"""


def statements(tree: Branch | Symbol, indent: str) -> Iterator[str]:
    """C statements that return what was traced; repeated sub-expressions get a variable."""
    if isinstance(tree, Branch):
        yield f"{indent}if ({to_c(tree.condition, {})}) {{"
        yield from statements(tree.yes, indent + "    ")
        yield f"{indent}}}"
        yield from statements(tree.no, indent)
        return
    names: dict[tuple[Any, ...], str] = {}
    for s in repeated(tree):
        text = to_c(s, names)
        names[s.key()] = f"t{len(names)}"
        yield f"{indent}double {names[s.key()]} = {text};"
    yield f"{indent}return {to_c(tree, names)};"


def case(label: str, lines: list[str]) -> str:
    if len(lines) == 1:
        return f"    {label} {lines[0].strip()}"
    return "\n".join([f"    {label} {{", *("    " + line for line in lines), "    }"])


def c_parameters(names: list[str]) -> str:
    return ", ".join(f"double {name}" for name in names)


def kernel_header() -> str:
    """`_kernel.h`: a function per row that `math.h` lacks, then one switch per question the engine asks."""
    out = [f"/* {NOTICE} */", "#ifndef CHAINRULE_KERNEL_H", "#define CHAINRULE_KERNEL_H", "#include <math.h>", ""]
    codes = [f"{row.name.upper()} = {row.code}" for row in TABLE]
    out += [f"enum {{ {', '.join(['LEAF = 0', 'CONSTANT = 1', 'CUSTOM = 2', *codes])} }};", ""]
    for row in TABLE:
        if arity(row) and row.value in vars(ieee).values() and row.value not in ieee.MATH_H and not row.symbol:
            names = operand_names(row)
            body = statements(trace(row.value, *map(Symbol, names)), "    ")
            out += [f"static inline double {c_name(row)}({c_parameters(names)}) {{", *body, "}", ""]
    out.append(VARIADIC_VALUES)
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


def folds() -> list[str]:
    """The switches over rows of three and more operands, which live in an array."""
    rows = [row for row in TABLE if arity(row) not in (1, 2)]
    out = ["static inline double fold_value(int code, const double *xs, long n) {", "    switch (code) {"]
    for row in rows:
        spread = ", ".join(f"xs[{i}]" for i in range(arity(row)))
        out.append(f"    case {row.code}: return {c_name(row)}({spread or 'xs, n'});")
    out += ["    }", "    return NAN;", "}", ""]
    out += ["static inline double fold_partial(int code, long i, const double *xs, double z) {", "    switch (code) {"]
    for row in rows:
        if isinstance(row, Variadic):
            tree = trace(row.partial, _Index(), _Operands(), Symbol("z"))
            out.append(case(f"case {row.code}: /* {row.name} */", list(statements(tree, "    "))))
        else:
            out.append(f"    case {row.code}: /* {row.name} */ switch (i) {{")
            for i, partial in enumerate(row.partials):
                xs = [Symbol(f"xs[{k}]") for k in range(arity(row))]
                out.append("    " + case(f"case {i}:", list(statements(trace(partial, *xs, Symbol("z")), "    "))))
            out.append("    }")
    return [*out, "    }", "    (void)z; (void)i;", "    return NAN;", "}", ""]


class _Index:
    """The running index of a variadic row, as C."""

    def __init__(self, text: str = "i") -> None:
        self.text = text

    def __xor__(self, other: int) -> _Index:
        return _Index(f"{self.text} ^ {other}")


class _Operands:
    """The operands of a variadic row, as C."""

    def __getitem__(self, index: _Index) -> Symbol:
        return Symbol(f"xs[{index.text}]")


def value_call(row: Primitive, symbols: list[Symbol]) -> str:
    return to_c(Symbol(row, *symbols), {}) if row.symbol != "**" else "pow(x, y)"


# --- methods and functions in Python ---------------------------------------------------------------------------------


def derivative_text(row: Primitive) -> str:
    """`∂z/∂x = ...` for the docstring."""
    names = operand_names(row)
    letter = "d" if len(names) == 1 else "∂"
    symbols = [*map(Symbol, names), Symbol("z")]
    parts = []
    for name, partial in zip(names, row.partials, strict=True):
        tree = trace(partial, *symbols)
        assert isinstance(tree, Symbol)
        parts.append(f"{letter}z/{letter}{name} = {formula(tree)}")
    return "; ".join(parts)


def named_rows() -> list[Primitive]:
    """Rows that have a name of their own rather than an operator."""
    return [row for row in TABLE if not row.symbol]


def methods_source() -> str:
    """`_elementary.py`: the named functions as methods, in a class that Value builds on."""
    out = [f'"""The named rows of the table as methods. {NOTICE}"""', "",
           "from __future__ import annotations", "", "from typing import Self", "", "import cython", "",
           '__all__ = ["TABLE_WAS", "Elementary"]', "",
           f"TABLE_WAS = {fingerprint()}  # of the table that this was generated from", "", "", "@cython.no_gc", "@cython.cclass", "class Elementary:",
           '    """Methods common to what a row can be applied to; `_unary` and `_binary` record it."""', "",
           "    if not cython.compiled:", "        __slots__ = ()", "",
           "    def _unary(self, code: cython.int) -> Self:", "        raise NotImplementedError", "",
           "    def _binary(self, code: cython.int, other: object) -> Self:",
           "        raise NotImplementedError", ""]  # fmt: skip
    for row in named_rows():
        if arity(row) not in (1, 2):
            continue
        names = operand_names(row)
        about = f" ({row.about})" if row.about else ""
        z = f"{row.name}({', '.join(names)})"
        doc = f'"""z = {z}{about}; {derivative_text(row)}. Dimensionless."""'
        if len(names) == 1:
            out += [f"    def {row.name}(self) -> Self:", f"        {doc}", f"        return self._unary({row.code})", ""]
        else:
            doc = doc.replace(f"z = {z}", f"z = {z}, {names[0]} being self")
            out += [f"    def {row.name}(self, other: object) -> Self:", f"        {doc}",
                    f"        return self._binary({row.code}, other)", ""]  # fmt: skip
        for alias in row.alias:
            if alias.isidentifier():
                out += [f"    {alias} = {row.name}", ""]
    return "\n".join(out).rstrip() + "\n"


def functions_source() -> str:
    """`functions.py`: the named functions of anything: numbers, Values, arrays of either."""
    out = [f'"""The named rows of the table as functions. {NOTICE}', "",
           "Each takes a float, a Value, a NumPy scalar, or arrays of these (element by element, with broadcasting), and",
           "gives back a float, a Value or an array. All are dimensionless. Not a real number: TypeError.", '"""', "",
           "from typing import Any", "", "from autograd import primitives", "from autograd.application import apply, apply1, apply2", ""]  # fmt: skip
    rows = [row for row in named_rows() if not isinstance(row, Variadic)]
    out += ["__all__ = [", *(f'    "{name}",' for name in sorted(row.name for row in rows)), "]", ""]
    for row in rows:
        names = operand_names(row)
        call = f"{row.name}({', '.join(names)})"
        parameters = ", ".join(f"{name}: Any" for name in names)
        first = f"{row.about[0].upper()}{row.about[1:]}." if row.about else f"`{call}`, as in C's math.h."
        example = EXAMPLES.get(arity(row), "")
        sample = example.format(name=row.name)
        out += ["", f"def {row.name}({parameters}) -> Any:", f'    """{first}', "", f"    Rule: {derivative_text(row)}.", "",
                f"    >>> {sample}", f"    {doctest_result(row)}", '    """',
                f"    return {application(row, names)}", ""]  # fmt: skip
    return "\n".join(out).rstrip() + "\n"


def application(row: Primitive, names: list[str]) -> str:
    """The call that applies the row to its operands."""
    operands = ", ".join(names)
    code = f"primitives.{row.name}.code"
    return f"apply{len(names)}({code}, {operands})" if len(names) < 3 else f"apply({code}, ({operands}))"


EXAMPLES = {1: "round({name}(1.0), 12)", 2: "round({name}(1.0, 2.0), 12)", 3: "{name}(1.0 > 0.0, 2.0, 3.0)"}


def doctest_result(row: Primitive) -> str:
    """What the example in the docstring prints."""
    sample = {1: (1.0,), 2: (1.0, 2.0), 3: (True, 2.0, 3.0)}[arity(row)]
    return repr(round(row.value(*sample), 12))


FILES = {"_kernel.h": kernel_header, "_elementary.py": methods_source, "functions.py": functions_source}


def main(arguments: list[str]) -> int:
    """Write the files, or with `--check` say which are stale."""
    stale = [name for name, text in FILES.items() if not (HERE / name).exists() or (HERE / name).read_text() != text()]
    for name in stale:
        if "--check" in arguments:
            print(f"autograd/{name} is stale: run python autograd/_generate.py")
        else:
            (HERE / name).write_text(FILES[name]())
            print(f"wrote autograd/{name}")
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
