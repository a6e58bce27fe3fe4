"""Smaller programs that fail in the same way, for a person to read."""

import ast
import time
from dataclasses import replace

import numpy as np


def shrunk(fault, fault_of, seconds=20.0):
    """A fault of the same kind, of a program from which nothing can be dropped, or as far as the time allows.

    Args:
        fault: With a program, and in words the kind of fault.
        fault_of: Of a program, the fault or None.
        seconds: For the search.
    """
    until, kind = time.perf_counter() + seconds, fault.kind.split()[0]
    searching = True
    while searching:
        searching = False
        for program in smaller(fault.program):
            if time.perf_counter() > until:
                return fault
            found = fault_of(program)
            if found is not None and found.kind.split()[0] == kind:
                fault, searching = found, True
                break
    return fault


def smaller(program):
    """Programs a little smaller than this one: with fewer calls, fewer rows, less code, plainer options."""
    batches = program.batches
    for i in range(len(batches)):
        if len(batches) > 1:
            yield replace(program, batches=batches[:i] + batches[i + 1 :])
    for i, batch in enumerate(batches):
        for kept in fewer(len(batch.rows)):
            less = replace(batch, rows=batch.rows[kept], directions=batch.directions[kept])
            yield replace(program, batches=(*batches[:i], less, *batches[i + 1 :]))
    for tree in smaller_trees(ast.parse(program.source)):
        yield replace(program, source=ast.unparse(ast.fix_missing_locations(tree)))
    for option, plain in (("threads", 1), ("max_paths", 64)):
        if getattr(program, option) != plain:
            yield replace(program, **{option: plain})


def fewer(n):
    """Some rows out of n: halves, then all but one."""
    rows = np.arange(n)
    if n > 3:
        yield from (rows[: n // 2], rows[n // 2 :])
    if 1 < n <= 16:
        yield from (np.delete(rows, k) for k in range(n))


def smaller_trees(tree):
    """The tree itself, changed while it is looked at: without a statement, with one part of it in its place, or with
    part of an expression in place of the whole. What makes a loop end stays, so that every program ends.
    """
    for node in list(ast.walk(tree)):
        for name in ("body", "orelse"):
            yield from without_statements(tree, node, name)
    for node in list(ast.walk(tree)):
        if isinstance(node, ast.FunctionDef) and node.decorator_list:
            decorators, node.decorator_list = node.decorator_list, []
            yield tree
            node.decorator_list = decorators
        if not isinstance(node, (ast.While, ast.AugAssign)):
            yield from with_parts(tree, node)


def without_statements(tree, node, name):
    """The tree, with one statement less in a block, or its branches in its place."""
    block = getattr(node, name, None)
    if not isinstance(block, list):
        return
    for i, statement in reversed(list(enumerate(block))):
        if isinstance(statement, ast.AugAssign):
            continue
        parts = [[]]
        if isinstance(statement, (ast.If, ast.While)):  # a loop over a range may hold a `continue`, which is its own
            parts += [statement.body, statement.orelse]
        for part in parts:
            if block[:i] + part + block[i + 1 :]:
                setattr(node, name, block[:i] + part + block[i + 1 :])
                yield tree
    setattr(node, name, block)


def with_parts(tree, node):
    """The tree, with an expression below the node replaced by a part of it."""
    for name, child in ast.iter_fields(node):
        if isinstance(child, ast.expr):
            for part in parts_of(child):
                setattr(node, name, part)
                yield tree
            setattr(node, name, child)
        elif isinstance(child, list):
            for k, expression in enumerate(child):
                for part in parts_of(expression):
                    child[k] = part
                    yield tree
                child[k] = expression


def parts_of(expression):
    """Expressions within an expression. A constant is none: powers of Python's whole numbers take for ever."""
    if isinstance(expression, ast.expr):
        for part in ast.walk(expression):
            whole = part is expression or isinstance(part, (ast.Attribute, ast.Constant))
            if isinstance(part, ast.expr) and not whole:
                yield part
