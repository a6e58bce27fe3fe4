"""The source of a function that is there as code: its syntax tree, or why it cannot be had.

What is found is compiled again and compared with the code that runs, so a file that has changed since it was imported
gives nothing, and of several lambdas on a line the right one is found.
"""

from __future__ import annotations

import ast
import linecache
import textwrap
from functools import lru_cache
from types import CodeType
from typing import NamedTuple

__all__ = ["CHANGED", "UNREADABLE", "Definition", "code_of", "definition_of", "text_of"]

FUTURES = 0xFFF00000 & 0x1FF0000  # the bits of co_flags that `from __future__ import` sets
Function = ast.FunctionDef | ast.Lambda
UNREADABLE = "its source cannot be read"
CHANGED = "its source has changed since it was imported"


class Definition(NamedTuple):
    """Where a function is defined: its node, the class around it, the file, and what that imports."""

    node: Function
    owner: str
    file: str
    imported: tuple[str, ...]


def definition_of(code: CodeType) -> Definition | str:
    """The definition of a function; in words why there is none."""
    if code.co_flags & 0x2A0:  # generators, coroutines
        return "it is a generator or a coroutine"
    return sought(code)


def text_of(code: CodeType) -> tuple[str, str]:
    """The source of a function as it is run, its decorators included; or "", and why it cannot be had."""
    found = sought(code)
    if isinstance(found, str):
        return "", found
    first = min([found.node.lineno, *(each.lineno for each in getattr(found.node, "decorator_list", []))])
    return textwrap.dedent("".join(linecache.getlines(found.file)[first - 1 : found.node.end_lineno])), ""


def sought(code: CodeType) -> Definition | str:
    """The definition of a function of any kind; in words why there is none."""
    lines = linecache.getlines(code.co_filename)
    if not lines:
        return UNREADABLE
    try:
        places, imported = functions_in("".join(lines))
    except (SyntaxError, ValueError, RecursionError):
        return CHANGED
    for node, owner in places.get((code.co_name, code.co_firstlineno), []):
        definition = Definition(node, owner, code.co_filename, imported)
        found = code_of(node, definition, code)
        if found is not None and is_same(found, code):
            return definition
    return f"{CHANGED}, or was not what has been compiled"


@lru_cache(64)
def functions_in(text: str) -> tuple[dict[tuple[str, int], list[tuple[Function, str]]], tuple[str, ...]]:
    """The functions of a source by name and first line, each with the name of the class around it; and what it imports.

    Python compiles a call of a method otherwise where the name before the dot is imported in the same file.
    """
    found: dict[tuple[str, int], list[tuple[Function, str]]] = {}
    tree = ast.parse(text)
    stack: list[tuple[ast.AST, str]] = [(tree, "")]
    names: dict[str, None] = {}
    outside: list[ast.AST] = [tree]
    while outside:
        node = outside.pop()
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            names.update({(alias.asname or alias.name).partition(".")[0]: None for alias in node.names})
        elif not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            outside += ast.iter_child_nodes(node)
    while stack:
        node, owner = stack.pop()
        if isinstance(node, ast.FunctionDef):
            first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
            found.setdefault((node.name, first), []).append((node, owner))
        elif isinstance(node, ast.Lambda):
            found.setdefault(("<lambda>", node.lineno), []).append((node, owner))
        inner = node.name if isinstance(node, ast.ClassDef) else owner
        stack += [(child, inner) for child in ast.iter_child_nodes(node)]
    return found, tuple(x for x in names if x != "*")


def code_of(node: Function, definition: Definition, code: CodeType, more: tuple[str, ...] = ()) -> CodeType | None:
    """The code of a function's node, compiled where its free variables (and some more) are free; None if it fails."""
    inner: ast.stmt = node if isinstance(node, ast.FunctionDef) else ast.copy_location(ast.Expr(node), node)
    if definition.owner:  # whose name is in names that begin with two underscores
        inner = ast.copy_location(ast.ClassDef(definition.owner, [], [], [inner], []), node)
    names = [name for name in (*code.co_freevars, *more) if name != "__class__" or not definition.owner]
    arguments = ast.arguments([], [ast.arg(name) for name in names], None, [], [], None, [])
    bound = {getattr(inner, "name", "")} - {"", *names}
    body: list[ast.stmt] = [ast.copy_location(ast.Global([*bound]), node), inner] if bound else [inner]
    outer = ast.copy_location(ast.FunctionDef("factory", arguments, body, []), node)
    imports: list[ast.stmt] = [ast.Import([ast.alias(name)]) for name in definition.imported]
    module = ast.fix_missing_locations(ast.Module([*imports, outer], []))
    try:
        whole = compile(module, definition.file, "exec", flags=code.co_flags & FUTURES, dont_inherit=True)
    except (SyntaxError, ValueError, TypeError, RecursionError):
        return None
    inside = [each for each in whole.co_consts if isinstance(each, CodeType)]
    if definition.owner:
        inside = [each for outer in inside for each in outer.co_consts if isinstance(each, CodeType)]
    found = [each for outer in inside for each in outer.co_consts if isinstance(each, CodeType)]
    return next((each for each in found if each.co_name == code.co_name), None)


def is_same(a: CodeType, b: CodeType) -> bool:
    """Whether two codes do the same at the same places."""
    facts = ("co_code", "co_names", "co_varnames", "co_freevars", "co_cellvars", "co_argcount", "co_kwonlyargcount",
             "co_posonlyargcount")  # fmt: skip
    if any(getattr(a, fact) != getattr(b, fact) for fact in facts) or len(a.co_consts) != len(b.co_consts):
        return False
    if list(a.co_positions()) != list(b.co_positions()):
        return False
    return all(
        is_same(x, y)
        if isinstance(x, CodeType) and isinstance(y, CodeType)
        else type(x) is type(y) and repr(x) == repr(y)
        for x, y in zip(a.co_consts, b.co_consts, strict=True)
    )
