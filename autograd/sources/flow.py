"""break, continue and return as flags: a function's body with one way through it.

`return e` becomes `result, returned = e, True`, and what comes after it in the block, or after what it is in, goes
under `if not returned`. A loop that may be left early has a flag, and its rounds go under `if not done`; where the flag
is plain True the loop is left as before. Within `try`, `with` and `match` everything stays as it is.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterable, Sequence

__all__ = ["Flow", "call", "load", "put"]

KEPT = (ast.Try, ast.TryStar, ast.With, ast.Match, ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef, ast.AsyncWith,
        ast.AsyncFor)  # fmt: skip
"""Statements that are not looked into."""


def load(name: str) -> ast.expr:
    """A name that is read."""
    return ast.Name(name, ast.Load())


def put(name: str, value: ast.expr) -> ast.stmt:
    """A name set to a value."""
    return ast.Assign([ast.Name(name, ast.Store())], value)


def call(tool: str, how: str, *args: ast.expr) -> ast.expr:
    """A call of a method of what is not the user's."""
    found = ast.Call(ast.Attribute(load(tool), how, ast.Load()), list(args), [])
    found.own = True  # type: ignore[attr-defined]
    return found


class Loop:
    """A loop that is being rewritten: its number, and the names of its flags."""

    def __init__(self, number: int, done: str, skipped: str, broken: str) -> None:
        self.number, self.done, self.skipped, self.broken = number, done, skipped, broken


class Flow:
    """Rewrites the body of one function.

    Args:
        tool: The name of the object that decides.
        fresh: Makes names that the function does not have, for flags.
        own: Makes others, that no branch is about.
        loop: Numbers a loop.

    Attributes:
        result, returned: The names of what is returned, and of whether it has been; "" without early returns.
    """

    def __init__(
        self, tool: str, fresh: Callable[[str], str], own: Callable[[str], str], loop: Callable[[ast.stmt], int]
    ) -> None:
        self.tool, self._fresh, self._own, self._number = tool, fresh, own, loop
        self.result = self.returned = ""

    def body(self, statements: Sequence[ast.stmt]) -> list[ast.stmt]:
        """The statements of a function."""
        *first, last = statements
        early = [x for x in returns_in(statements) if x is not last]
        if not early:
            found, _ = self._block(first, [])
            return [*found, *([last] if isinstance(last, ast.Return) else self._block([last], [])[0])]
        self.result, self.returned = self._fresh("result"), self._fresh("returned")
        end = [] if always_returns(last) else [ast.copy_location(ast.Return(ast.Constant(None)), last)]
        found, _ = self._block([*statements, *end], [])
        before = [put(self.returned, ast.Constant(False)), put(self.result, self._nothing())]
        return [*before, *found, ast.Return(load(self.result))]

    def _nothing(self) -> ast.expr:
        return ast.Attribute(load(self.tool), "nothing", ast.Load())

    def _block(self, statements: Sequence[ast.stmt], loops: list[Loop]) -> tuple[list[ast.stmt], set[str]]:
        """Statements in a row, and the flags that they may set."""
        found: list[ast.stmt] = []
        for i, node in enumerate(statements):
            new, flags = self._statement(node, loops)
            found += [ast.copy_location(each, node) if not hasattr(each, "lineno") else each for each in new]
            if isinstance(node, (ast.Return, ast.Break, ast.Continue)):
                return found, flags
            flag = loops[-1].skipped if loops else self.returned
            rest = statements[i + 1 :]
            if flag in flags and rest:
                inner, more = self._block(rest, loops)
                found.append(self.unless(flag, inner, rest[0]))
                return found, flags | more
            if flags:
                inner, more = self._block(rest, loops)
                return [*found, *inner], flags | more
        return found, set()

    def unless(self, flag: str, body: list[ast.stmt], at: ast.stmt) -> ast.stmt:
        """Statements for where a flag is not set: in there it is False."""
        within = [put(flag, ast.Constant(False))]
        if flag == self.returned:
            within.append(put(self.result, self._nothing()))
        unset = ast.UnaryOp(ast.Not(), load(flag))
        unset.flag = flag  # type: ignore[attr-defined]
        node = ast.If(unset, [*within, *body], [put(flag, ast.Constant(True))])
        node.flag = flag  # type: ignore[attr-defined]
        node.returns = False, flag == self.returned  # type: ignore[attr-defined]
        return placed(node, at)

    def _statement(self, node: ast.stmt, loops: list[Loop]) -> tuple[list[ast.stmt], set[str]]:
        if isinstance(node, ast.Return) and self.returned:
            value = node.value or ast.Constant(None)
            flags = {
                self.returned,
                *(flag for loop in loops for flag in (loop.done, loop.skipped, loop.broken) if flag),
            }
            return [put(self.result, value), *set_flags(flags)], flags
        if isinstance(node, ast.Break) and loops:
            flags = {flag for flag in (loops[-1].done, loops[-1].skipped, loops[-1].broken) if flag}
            flags.discard(self.returned)
            return set_flags(flags), flags
        if isinstance(node, ast.Continue) and loops:
            return set_flags({loops[-1].skipped}), {loops[-1].skipped}
        if isinstance(node, ast.If):
            body, one = self._block(node.body, loops)
            orelse, other = self._block(node.orelse, loops)
            made = ast.If(node.test, body or [ast.Pass()], orelse)
            made.flowed = True  # type: ignore[attr-defined]
            made.returns = surely_returns(node.body), surely_returns(node.orelse)  # type: ignore[attr-defined]
            return [placed(made, node, deep=False)], one | other
        if isinstance(node, (ast.For, ast.While)) and not leaves_out_of_kept(node):
            return self._loop(node, loops)
        return [node], set()

    def _loop(self, node: ast.For | ast.While, loops: list[Loop]) -> tuple[list[ast.stmt], set[str]]:
        """A loop, its flags before it, and what comes after it."""
        returns = bool(self.returned) and bool(returns_in(node.body))
        breaks, continues = own_exits(node.body, ast.Break), own_exits(node.body, ast.Continue)
        is_while = isinstance(node, ast.While)
        if isinstance(node, ast.For) and not (returns or breaks or continues):
            body, _ = self._block(node.body, [*loops, Loop(0, "", "", "")])
            orelse, flags = self._block(node.orelse, loops)
            plain = ast.For(node.target, node.iter, body, orelse)
            return [placed(plain, node, deep=False)], flags
        number = self._number(node)
        done = self.returned if returns and not breaks and not is_while else ""
        stops = is_while or returns or breaks
        done = done or (self._fresh("done") if stops else "")
        skipped = self._fresh("skipped") if continues else done
        broken = self._fresh("broken") if is_while and node.orelse and (breaks or returns) else ""
        name = self._own(f"loop{number}")
        inside = Loop(number, done, skipped, broken)
        before = [put(name, call(self.tool, "loop", ast.Constant(number)))] if stops else []
        before += [
            put(flag, ast.Constant(False)) for flag in dict.fromkeys((done, broken)) if flag not in ("", self.returned)
        ]
        body, _ = self._block(node.body, [*loops, inside])
        first: list[ast.stmt] = []
        if isinstance(node, ast.For):
            target: ast.expr = node.target
            if stops:
                new = self._own("item")
                body = [placed(ast.Assign([target], load(new)), node), *body]
                target = ast.Name(new, ast.Store())
        elif not (isinstance(node.test, ast.Constant) and node.test.value):
            over = ast.UnaryOp(ast.Not(), node.test)
            over.tests, over.flag = True, done  # type: ignore[attr-defined]
            test = placed(put(done, over), node)
            first = [self.unless(done, [test], node)]
        rounds = [*first]
        if continues:
            rounds.append(put(skipped, load(done) if done else ast.Constant(False)))
        rounds += [self.unless(skipped, body, node)] if stops else body
        if stops:
            rounds[-1].loop = name  # type: ignore[attr-defined]
        if stops:
            rounds.append(put(done, call(name, "ended", load(done))))
            rounds.append(ast.If(ast.Compare(load(done), [ast.Is()], [ast.Constant(True)]), [ast.Break()], []))
            rounds[-1].own = True  # type: ignore[attr-defined]
        made: ast.stmt
        if isinstance(node, ast.For):
            made = ast.For(target, node.iter, rounds, [])
            if stops:
                made.loop = name  # type: ignore[attr-defined]
        else:
            made = ast.While(ast.Constant(True), rounds, [])
        found = [*before, made]
        flags = {self.returned, *(f for x in loops for f in (x.done, x.skipped, x.broken) if f)} if returns else set()
        if node.orelse:
            orelse, more = self._block(node.orelse, loops)
            unless = (broken if is_while else done) if breaks or returns else ""
            found += [self.unless(unless, orelse, node)] if unless else orelse
            flags |= more
        return [placed(each, node, deep=False) for each in found], flags


def set_flags(flags: Iterable[str]) -> list[ast.stmt]:
    """Flags set to True."""
    return [put(flag, ast.Constant(True)) for flag in sorted(flags) if flag]


def placed(node: ast.stmt, at: ast.stmt, deep: bool = True) -> ast.stmt:
    """A new statement, said to be where another begins: with all in it that has no place of its own.

    Only there: of a call over several lines Python says that it is on the last.
    """
    start = copy.copy(getattr(at, "test", at))
    start.end_lineno, start.end_col_offset = start.lineno, start.col_offset
    for each in ast.walk(node) if deep else (node,):
        if "lineno" in each._attributes and not hasattr(each, "lineno"):
            ast.copy_location(each, start)
    if not hasattr(node, "lineno"):
        ast.copy_location(node, start)
    for each in ast.iter_child_nodes(node):
        if isinstance(each, ast.stmt) and not hasattr(each, "lineno"):
            placed(each, at)
    return node


def returns_in(statements: Iterable[ast.AST]) -> list[ast.Return]:
    """The returns that are followed: not those in what is kept."""
    found: list[ast.Return] = []
    for node in statements:
        if isinstance(node, ast.Return):
            found.append(node)
        elif isinstance(node, (ast.If, ast.For, ast.While)) and not leaves_out_of_kept(node):
            found += returns_in([*node.body, *node.orelse])
    return found


def own_exits(statements: Iterable[ast.stmt], kind: type) -> bool:
    """Whether a loop has a break, or a continue, of its own in these."""
    for node in statements:
        if isinstance(node, kind) or (isinstance(node, ast.If) and own_exits([*node.body, *node.orelse], kind)):
            return True
        if isinstance(node, (ast.For, ast.While)) and own_exits(node.orelse, kind):
            return True
    return False


def leaves_out_of_kept(node: ast.AST) -> bool:
    """Whether a loop is left, or a round of it, out of what is not looked into."""
    if not isinstance(node, (ast.For, ast.While)):
        return False
    stack: list[tuple[ast.AST, bool]] = [(each, False) for each in node.body]
    while stack:
        each, kept = stack.pop()
        if isinstance(each, (ast.Break, ast.Continue)) and kept:
            return True
        if isinstance(each, (ast.For, ast.While)):
            stack += [(x, kept) for x in each.orelse]
        elif isinstance(each, (ast.stmt, ast.ExceptHandler, ast.match_case)):
            stack += [(x, kept or isinstance(each, KEPT)) for x in ast.iter_child_nodes(each)]
    return False


def surely_returns(statements: Sequence[ast.stmt]) -> bool:
    """Whether a block ends by a return in every case, and the function with it."""
    if own_exits(statements, ast.Break) or own_exits(statements, ast.Continue):
        return False
    return always_returns_all(statements)


def always_returns(node: ast.stmt) -> bool:
    """Whether nothing goes on after a statement."""
    if isinstance(node, ast.If):
        return always_returns_all(node.body) and always_returns_all(node.orelse)
    return isinstance(node, (ast.Return, ast.Raise))


def always_returns_all(statements: Sequence[ast.stmt]) -> bool:
    """The same of a block."""
    return bool(statements) and always_returns(statements[-1])
