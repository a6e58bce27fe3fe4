"""Functions of floats with loops, translated from Python's syntax to C: the same operations in the same order.

Tracing (`symbols`) runs a function and sees no loops. What is translated is read instead, so it is written in few
words: numbers, which are all doubles; `if`, `while`, `for` over `range` or over a tuple of numbers in the module;
assignments of one or several names; arithmetic and comparisons; calls of `ieee`'s functions and of others written so.
"""

from __future__ import annotations

import ast
import inspect
import types
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from autograd.calculus import ieee
from autograd.calculus.primitive import Primitive
from autograd.calculus.table import TABLE

__all__ = ["called", "is_translated", "row_of_value", "translated"]

READ = tuple([f"autograd.calculus.{file}" for file in ("bessel", "elementary", "gammas", "normals")])
"""Files that are read, function by function."""
OPERATORS: dict[type[ast.AST], str] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.USub: "-", ast.Not: "!", ast.And: "&&", ast.Or: "||",
    ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
}  # fmt: skip
"""What is written alike in both languages."""


def is_translated(function: Callable[..., Any]) -> bool:
    """Whether the value of a row, or what it calls, is read and not traced: it stands in a file of its own."""
    return isinstance(function, types.FunctionType) and function.__module__ in READ


@cache
def values() -> dict[Callable[..., Any], Primitive]:
    """The rows by their values."""
    return {row.value: row for row in TABLE}


def row_of_value(function: Callable[..., Any]) -> Primitive | None:
    """The row that has a function as its value."""
    return values().get(function)


def name_in_c(function: Callable[..., Any]) -> str:
    """What C calls a function: by the row that has it as its value, else by its own name."""
    if function in ieee.MATH_H:
        return function.__name__
    row = row_of_value(function)
    return f"{row.name if row else function.__name__}_value"


@cache
def definition_of(function: Callable[..., Any]) -> ast.FunctionDef:
    """The syntax of a function."""
    found = ast.parse(inspect.getsource(function)).body[0]
    assert isinstance(found, ast.FunctionDef)
    return found


def called(function: Callable[..., Any]) -> list[Callable[..., Any]]:
    """The functions that a translated one calls, each once, in order; `div` is an operator, and `range` a loop."""
    assert isinstance(function, types.FunctionType)
    found: dict[Callable[..., Any], None] = {}
    for node in ast.walk(definition_of(function)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id != "range":
            callee = function.__globals__[node.func.id]
            if callee is not ieee.div:
                found[callee] = None
    return list(found)


def translated(function: Callable[..., Any]) -> list[str]:
    """The lines of a function in C, those of its tables of numbers first.

    Raises:
        SyntaxError: it says something that is not translated.
    """
    assert isinstance(function, types.FunctionType)
    return Translator(function).lines()


class Translator:
    """Writes one function."""

    def __init__(self, function: types.FunctionType) -> None:
        self.function, self.definition = function, definition_of(function)
        self.parameters = [argument.arg for argument in self.definition.args.args]
        self.tables: dict[str, tuple[float, ...]] = {}
        assigned = [
            node.id
            for node in ast.walk(self.definition)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and node.id not in self.parameters
        ]
        self.locals = sorted(set(assigned))

    def lines(self) -> list[str]:
        """All of it."""
        name = name_in_c(self.function)
        body = list(self.block(self.definition.body, "    "))
        tables = [
            f"static const double {name}_{table}[] = {{{', '.join(map(number_in_c, numbers))}}};"
            for table, numbers in self.tables.items()
        ]
        parameters = ", ".join([f"double {parameter}" for parameter in self.parameters])
        declared = [f"    double {', '.join([f'{local} = 0.0' for local in self.locals])};"] if self.locals else []
        return [*tables, f"static inline double {name}({parameters}) {{", *declared, *body, "}"]

    def refuse(self, node: ast.AST) -> SyntaxError:
        """The error for what is not translated."""
        return SyntaxError(
            f"{self.function.__name__}, line {getattr(node, 'lineno', '?')} of its source: {type(node).__name__} is "
            f"not translated to C: see calculus/translation.py for what is"
        )

    def block(self, body: list[ast.stmt], indent: str) -> Iterator[str]:
        """Statements, line by line."""
        for node in body:
            yield from self.statement(node, indent)

    def statement(self, node: ast.stmt, indent: str) -> Iterator[str]:
        """The lines of one statement."""
        match node:
            case ast.Expr(value=ast.Constant(value=str())):
                return  # a docstring
            case ast.Return(value=ast.expr() as value):
                yield f"{indent}return {self.expression(value)};"
            case ast.Break():
                yield f"{indent}break;"
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield f"{indent}{name} = {self.expression(value)};"
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)) if len(names) == len(values):
                yield f"{indent}{{"
                for i, value in enumerate(values):
                    yield f"{indent}    const double next{i} = {self.expression(value)};"
                for i, target in enumerate(names):
                    yield f"{indent}    {self.expression(target)} = next{i};"
                yield f"{indent}}}"
            case ast.AugAssign(target=ast.Name(id=name), op=op, value=value) if type(op) in OPERATORS:
                yield f"{indent}{name} = {name} {OPERATORS[type(op)]} {self.expression(value)};"
            case ast.If(test=test, body=body, orelse=others):
                yield f"{indent}if ({self.expression(test)}) {{"
                yield from self.block(body, indent + "    ")
                if others:
                    yield f"{indent}}} else {{"
                    yield from self.block(others, indent + "    ")
                yield f"{indent}}}"
            case ast.While(test=test, body=body, orelse=[]):
                yield f"{indent}while ({self.expression(test)}) {{"
                yield from self.block(body, indent + "    ")
                yield f"{indent}}}"
            case ast.For(target=ast.Name(id=name), iter=source, body=body, orelse=[]):
                yield from self.loop(name, source, body, indent)
            case _:
                raise self.refuse(node)

    def loop(self, name: str, source: ast.expr, body: list[ast.stmt], indent: str) -> Iterator[str]:
        """A loop over a range, forward or backward by one, or over a table of numbers."""
        match source:
            case ast.Call(func=ast.Name(id="range"), args=[stop]):
                yield f"{indent}for ({name} = 0.0; {name} < {self.expression(stop)}; {name} = {name} + 1.0) {{"
            case ast.Call(func=ast.Name(id="range"), args=[start, stop]):
                head = f"{name} = {self.expression(start)}; {name} < {self.expression(stop)}; {name} = {name} + 1.0"
                yield f"{indent}for ({head}) {{"
            case ast.Call(
                func=ast.Name(id="range"),
                args=[start, stop, ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=1))],
            ):
                head = f"{name} = {self.expression(start)}; {name} > {self.expression(stop)}; {name} = {name} - 1.0"
                yield f"{indent}for ({head}) {{"
            case ast.Name(id=table):
                numbers = self.function.__globals__[table]
                self.tables[table] = numbers
                index = f"at_{table}"
                yield f"{indent}for (int {index} = 0; {index} < {len(numbers)}; {index}++) {{"
                yield f"{indent}    {name} = {name_in_c(self.function)}_{table}[{index}];"
            case _:
                raise self.refuse(source)
        yield from self.block(body, indent + "    ")
        yield f"{indent}}}"

    def expression(self, node: ast.expr) -> str:
        """An expression, in parentheses unless it needs none."""
        match node:
            case ast.Constant(value=bool()):
                raise self.refuse(node)
            case ast.Constant(value=int() | float() as number):
                return number_in_c(float(number))
            case ast.Name(id=name):
                if name in self.parameters or name in self.locals:
                    return name
                number = self.function.__globals__[name]
                if type(number) is not float:
                    raise self.refuse(node)
                return number_in_c(number)
            case ast.UnaryOp(op=op, operand=operand) if type(op) in OPERATORS:
                return f"({OPERATORS[type(op)]}{self.expression(operand)})"
            case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
                return f"({self.expression(left)} {OPERATORS[type(op)]} {self.expression(right)})"
            case ast.BoolOp(op=op, values=values):
                return f"({f' {OPERATORS[type(op)]} '.join(map(self.expression, values))})"
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in OPERATORS:
                return f"({self.expression(left)} {OPERATORS[type(op)]} {self.expression(right)})"
            case ast.IfExp(test=test, body=yes, orelse=no):
                return f"({self.expression(test)} ? {self.expression(yes)} : {self.expression(no)})"
            case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
                return self.call(self.function.__globals__[name], [self.expression(x) for x in args])
        raise self.refuse(node)

    def call(self, callee: Callable[..., Any], args: list[str]) -> str:
        """A call; a division that IEEE defines where Python raises is an operator of C."""
        return f"({args[0]} / {args[1]})" if callee is ieee.div else f"{name_in_c(callee)}({', '.join(args)})"


def number_in_c(x: float) -> str:
    """A number as C writes it, in as many digits as it takes to be the same."""
    if x != x:
        return "NAN"
    return repr(x) if abs(x) < float("inf") else "INFINITY" if x > 0.0 else "(-INFINITY)"
