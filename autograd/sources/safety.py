"""Whether a branch may be merged: it binds local names and does nothing else that could be noticed.

It is then run for rows that do not take it too. What it calls is looked at when it is called: see `deciding`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence

from autograd.border.wording import shortened

__all__ = ["bound_names", "leaves", "why_unsafe", "why_unsafe_body"]

OTHERS = {
    ast.Raise: "it raises",
    ast.Assert: "it asserts",
    ast.Delete: "it deletes",
    ast.Global: "it sets names outside the function",
    ast.Nonlocal: "it sets names outside the function",
    ast.With: "it has a with",
    ast.Try: "it has a try",
    ast.TryStar: "it has a try",
    ast.Match: "it has a match",
    ast.FunctionDef: "it defines a function",
    ast.ClassDef: "it defines a class",
    ast.Import: "it imports",
    ast.ImportFrom: "it imports",
    ast.Return: "it returns out of what is not followed",
    ast.Continue: "it leaves a round out of what is not followed",
}
"""Statements that a merged branch may not have."""

PLAIN = (ast.Pass, ast.Break)  # a break that is left is that of a loop in the branch


def why_unsafe(statements: Sequence[ast.stmt], outside: Iterable[str] = ()) -> str:
    """Why a branch may not be merged; "" if it may.

    Args:
        statements: Those of the branch.
        outside: Names that are not the function's own, though it sets them.
    """
    for each in statements:
        found = why_unsafe_statement(each, outside)
        if found:
            return found
    return ""


def why_unsafe_statement(node: ast.stmt, outside: Iterable[str]) -> str:
    """The same of one statement."""
    if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            for name in leaves(target):
                if isinstance(name, ast.Attribute):
                    return f"it sets an attribute (line {node.lineno})"
                if not isinstance(name, ast.Name):
                    return f"it sets an item (line {node.lineno})"
                if name.id in outside:
                    return f"it sets {name.id}, a name outside the function (line {node.lineno})"
    elif isinstance(node, (ast.If, ast.While, ast.For)):
        if isinstance(node, ast.For) and not all(isinstance(x, ast.Name) for x in leaves(node.target)):
            return f"its loop sets what is no name (line {node.lineno})"
        return why_unsafe([*node.body, *node.orelse], outside) or why_waiting(node)
    elif isinstance(node, ast.Expr):
        if not isinstance(node.value, ast.Constant) and not getattr(node, "generated", False):
            return f"it does something that gives nothing, as {shortened(ast.unparse(node), 40)} (line {node.lineno})"
    elif not isinstance(node, PLAIN):
        return f"{OTHERS.get(type(node), 'it has a statement of another kind')} (line {node.lineno})"
    return why_waiting(node)


def why_waiting(node: ast.stmt) -> str:
    """Whether an expression in it waits, or binds names on the way."""
    for each in ast.walk(node):
        if isinstance(each, (ast.Yield, ast.YieldFrom, ast.Await)):
            return f"it waits for others (line {node.lineno})"
        if isinstance(each, ast.NamedExpr):
            return f"it binds a name within an expression (line {node.lineno})"
    return ""


def why_unsafe_body(statements: Sequence[ast.stmt], outside: Iterable[str] = ()) -> str:
    """Why a function may not be called in a merged branch; "" if it may, as far as its own statements go."""
    return why_unsafe([x for x in statements if not isinstance(x, ast.Return)], outside)


def leaves(target: ast.expr) -> Iterator[ast.expr]:
    """What a target binds: names, attributes, items."""
    if isinstance(target, (ast.Tuple, ast.List)):
        for each in target.elts:
            yield from leaves(each)
    elif isinstance(target, ast.Starred):
        yield from leaves(target.value)
    else:
        yield target


def bound_names(statements: Iterable[ast.AST]) -> list[str]:
    """The names that statements bind in their own scope, in order."""
    found: dict[str, None] = {}
    stack: list[ast.AST] = list(statements)[::-1]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, (ast.Store, ast.Del)):
            found[node.id] = None
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)):
            found[node.name] = None
            continue
        elif isinstance(node, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            stack += [x.target for x in ast.walk(node) if isinstance(x, ast.NamedExpr)]
            continue
        elif isinstance(node, ast.ExceptHandler) and node.name:
            found[node.name] = None
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            found.update({(alias.asname or alias.name).partition(".")[0]: None for alias in node.names})
        elif isinstance(node, (ast.MatchAs, ast.MatchStar)) and node.name:
            found[node.name] = None
        elif isinstance(node, ast.MatchMapping) and node.rest:
            found[node.rest] = None
        stack += list(ast.iter_child_nodes(node))[::-1]
    return list(found)
