"""A function's source rewritten so that its decisions can be merged: one text for all ways of deciding them.

    if x < y: m = x                     b1 = at.branch(1, at.compare(0, '<', x, y))
    else: m = y                         if b1.both: kept1 = (m,)
                                        if b1.first: m = x
                                        if b1.both: (first1, (m,)) = ((m,), kept1)
                                        if b1.second: m = y
                                        if b1.both: (m,) = b1.merged(first1, (m,))

Each place where something is decided is a `Site`; `at` decides there, when the function runs, whether one side is run
(then `both` is false) or both. Lines stay what they are, so that messages and tracebacks name the user's.
"""

from __future__ import annotations

import ast
import copy
from functools import lru_cache
from types import CodeType
from typing import Any, NamedTuple

from autograd.sources.definitions import code_of, definition_of
from autograd.sources.expressions import NOT_LATER, Expressions, Site, has_own, over_what
from autograd.sources.flow import Flow, call, load, put
from autograd.sources.safety import bound_names, why_unsafe, why_unsafe_body

__all__ = ["UNDECIDED", "Rewritten", "codes_in", "rewritten"]


SIGNS = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.Pow: "**", ast.FloorDiv: "//", ast.Mod: "%",
    ast.MatMult: "@", ast.LShift: "<<", ast.RShift: ">>", ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^",
}  # fmt: skip
"""How operators are written."""

UNDECIDED = "nothing in it is decided"
"""Why most functions are not rewritten."""


class Rewritten(NamedTuple):
    """A function that was rewritten.

    Attributes:
        code: It needs one free variable more, `tool`.
        tool: The name of the object that decides.
        sites: The places, by number.
        unsafe: Why it may not be called in a merged branch; "" if it may.
        text: Its source.
    """

    code: CodeType
    tool: str
    sites: list[Site]
    unsafe: str
    text: str
    inner: dict[tuple[str, int], str]


def codes_in(found: Rewritten) -> dict[CodeType, Rewritten]:
    """The function, and those that are defined in it, each with why it may not be called in a merged branch."""
    made, stack = {found.code: found}, [found.code]
    while stack:
        for each in stack.pop().co_consts:
            if isinstance(each, CodeType):
                stack.append(each)
                unsafe = "" if each.co_name == "<lambda>" else "it is a generator"
                why = found.inner.get((each.co_name, each.co_firstlineno), unsafe)
                made[each] = found._replace(code=each, unsafe=why)
    return made


def rewritten(code: CodeType) -> Rewritten | str:
    """A function rewritten, by its code; in words why it was not."""
    return rewritten_in(code.co_filename, code)


@lru_cache(2000)
def rewritten_in(file: str, code: CodeType) -> Rewritten | str:
    """The same, kept: two codes are equal also if they are of different files."""
    found = definition_of(code)
    if isinstance(found, str):
        return found
    names = {x.id for x in ast.walk(found.node) if isinstance(x, ast.Name)} | {*code.co_freevars, *code.co_varnames}
    names |= {x.arg for x in ast.walk(found.node) if isinstance(x, ast.arg)}
    tool = next(name for name in ("at", "at_", *(f"at_{k}" for k in range(len(names) + 1))) if name not in names)
    writer = Writer(found.file, tool, names)
    writer.owner = found.owner
    node = writer.function(copy.deepcopy(found.node))
    if isinstance(node, ast.FunctionDef):
        node.decorator_list, node.returns = [], None
    unsafe = writer.inner.get((code.co_name, code.co_firstlineno), "")
    made = code_of(node, found._replace(node=node), code, (tool,))
    if made is None or tool not in made.co_freevars or set(made.co_freevars) - {tool} != set(code.co_freevars):
        return UNDECIDED if made is not None else "its source could not be rewritten"
    text = ast.unparse(Plain(tool).visit(node))
    return Rewritten(made, tool, writer.sites, unsafe, text, writer.inner)


class Plain(ast.NodeTransformer):
    """Leaves out of what is shown where things are only looked at."""

    def __init__(self, tool: str) -> None:
        self.tool = tool

    def visit_Call(self, node: ast.Call) -> Any:
        """A call of the object that decides, perhaps."""
        self.generic_visit(node)
        how = node.func
        if isinstance(how, ast.Attribute) and isinstance(how.value, ast.Name) and how.value.id == self.tool:
            return node.args[0] if how.attr in ("of", "thing", "whole", "owner") else node
        return node


class Writer(Expressions):
    """Rewrites one function, and those that are defined in it."""

    # --- functions ---

    def function(self, node: Any) -> Any:
        """A function's node."""
        if isinstance(node, ast.Lambda):
            if has_own(node, NOT_LATER):
                self.inner["<lambda>", node.lineno] = "it binds a name within an expression, or waits"
            node.body = self.apart(node.body)
            return ast.fix_missing_locations(node)
        kept = self._local, self._outside
        parameters = {x.arg for x in ast.walk(node.args) if isinstance(x, ast.arg)}
        self._outside = {x for n in ast.walk(node) if isinstance(n, (ast.Global, ast.Nonlocal)) for x in n.names}
        flow = Flow(self.tool, self.flag, self.own, lambda at: self.site("loop", getattr(at, "test", at)))
        documented = ast.get_docstring(node, clean=False) is not None
        body = flow.body(node.body[documented:]) if len(node.body) > documented else []
        first = min([node.lineno, *(x.lineno for x in node.decorator_list)])
        self.inner[node.name, first] = why_unsafe_body(body, self._outside)
        names = [x for x in bound_names(body) if x not in parameters | self._outside | self._own]
        sure = surely_bound(body)
        loose = [x for x in names if x not in sure]
        self._local = (kept[0] - {*names, *parameters}) | set(loose)
        mark_bound(body, sure | parameters)
        inner = self.block(body)
        if loose:
            start: ast.stmt = ast.Assign(
                [ast.Name(x, ast.Store()) for x in loose], ast.Attribute(load(self.tool), "missing", ast.Load())
            )
            inner = [ast.copy_location(start, node.body[0]), *inner]
        node.body = [*node.body[:documented], *inner]
        self._local, self._outside = kept
        for each in node.body:
            if not hasattr(each, "lineno"):
                ast.copy_location(each, node)
        return ast.fix_missing_locations(node)

    def statement(self, node: ast.stmt) -> list[ast.stmt]:
        """What a statement becomes."""
        found = self.visit(node)
        return [
            ast.copy_location(x, node) if not hasattr(x, "lineno") else x
            for x in (found if isinstance(found, list) else [found])
        ]

    def block(self, statements: list[ast.stmt]) -> list[ast.stmt]:
        """What statements become."""
        self._looked_at = set()
        found = []
        for each in statements:
            if not isinstance(each, SIMPLE):
                self._looked_at = set()
            found += self.statement(each)
            for name in bound_names([each]):
                self._looked_at = {x for x in self._looked_at if x.partition(".")[0] != name}
        self._looked_at = set()
        return found

    def visit_FunctionDef(self, node: ast.FunctionDef) -> Any:
        """A function within: its defaults and decorators are of the one around it."""
        node.decorator_list = [self.visit(x) for x in node.decorator_list]
        node.args.defaults = [self.visit(x) for x in node.args.defaults]
        node.args.kw_defaults = [x and self.visit(x) for x in node.args.kw_defaults]
        if has_own(node, (ast.Yield, ast.YieldFrom)):
            return node
        return self.function(node)

    def visit_Lambda(self, node: ast.Lambda) -> Any:
        """A lambda within."""
        kept = self._local
        if has_own(node, NOT_LATER):
            self.inner["<lambda>", node.lineno] = "it binds a name within an expression, or waits"
        node.args.defaults = [self.visit(x) for x in node.args.defaults]
        self._local = kept - {x.arg for x in ast.walk(node.args) if isinstance(x, ast.arg)}
        node.body = self.apart(node.body)
        self._local = kept
        return node

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> Any:
        """Not looked into."""
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> Any:
        """Not looked into."""
        return node

    # --- statements ---

    def visit_If(self, node: ast.If) -> Any:
        """A branch: of which both sides may be run."""
        if getattr(node, "own", False):
            return node
        flag = getattr(node, "flag", "")
        refusal = why_unsafe([*node.body, *node.orelse], self._outside)
        if not refusal and not flag and not hasattr(node, "flowed"):
            refusal = f"it is in a with, a try or a match (line {node.lineno})"
        number = self.site("flag" if flag else "if", node.test, refusal)
        self.sites[number].text = ast.unparse(node.test)
        names = [x for x in bound_names([*node.body, *node.orelse]) if x not in self._own]
        self.sites[number].returns = getattr(node, "returns", (False, False))
        self.sites[number].flags = tuple([x in self._flags for x in names])
        test = self.test(node.test)
        body, orelse = self.block(node.body), self.block(node.orelse)
        if refusal:
            return ast.copy_location(ast.If(self.decide("test", number, test), body, orelse), node)
        b, kept, first = self.own(f"b{number}"), self.own(f"kept{number}"), self.own(f"first{number}")

        def tuple_of(context: ast.expr_context) -> ast.expr:
            return ast.Tuple([ast.Name(x, context) for x in names], context)

        both, load_ = ast.Attribute(load(b), "both", ast.Load()), ast.Load()
        found: list[ast.stmt] = [put(b, self.decide("branch", number, test))]
        if names:
            begun = [put(kept, tuple_of(load_))]
            if hasattr(node, "loop"):  # a round: rows that are done with go through the first one again
                found.insert(0, ast.Expr(call(node.loop, "begins", tuple_of(load_))))
                again = call(node.loop, "again", load(b), load(kept))
                begun.append(ast.Assign([tuple_of(ast.Store())], again))
            found.append(ast.If(both, begun, []))
        found.append(ast.If(ast.Attribute(load(b), "first", load_), body, []))
        if orelse or names:
            if names:
                pair = ast.Tuple([ast.Name(first, ast.Store()), tuple_of(ast.Store())], ast.Store())
                swap = ast.Assign([pair], ast.Tuple([tuple_of(load_), load(kept)], load_))
                found.append(ast.If(both, [swap], []))
            if orelse:
                found.append(ast.If(ast.Attribute(load(b), "second", load_), orelse, []))
        merged = (
            call(b, "merged", load(first), tuple_of(load_))
            if names
            else call(b, "merged", ast.Tuple([], load_), ast.Tuple([], load_))
        )
        found.append(ast.If(both, [ast.Assign([tuple_of(ast.Store())], merged) if names else ast.Expr(merged)], []))
        for each in found:
            for x in (each, *ast.iter_child_nodes(each)):
                if not hasattr(x, "lineno"):
                    ast.copy_location(x, node.test)
                if isinstance(each, ast.If) and each.body is not body and each.body is not orelse:
                    for y in ast.walk(each):
                        if "lineno" in y._attributes and not hasattr(y, "lineno"):
                            ast.copy_location(y, node.test)
        return found

    def visit_For(self, node: ast.For) -> Any:
        """A loop over what is not an iterator of somebody else's."""
        over = self.decide(over_what(node.target), self.site("rounds", node.iter), self.visit(node.iter))
        node.iter = call(node.loop, "over", over) if hasattr(node, "loop") else over
        node.target = self.visit(node.target)
        node.body, node.orelse = self.block(node.body), self.block(node.orelse)
        return node

    def visit_While(self, node: ast.While) -> Any:
        """A loop that goes on until a flag ends it."""
        node.test = self.test(node.test)
        node.body, node.orelse = self.block(node.body), self.block(node.orelse)
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> Any:
        """`x += e`, which may change in place what x is: what stands before the item or attribute is looked up once."""
        target, how = node.target, ast.Constant(SIGNS[type(node.op)])
        if isinstance(target, ast.Name):
            thing = ast.copy_location(ast.Name(target.id, ast.Load()), target)
            if hasattr(target, "sure"):
                thing.sure = True  # type: ignore[attr-defined]
            check = ast.Expr(self.decide("changes", self.site("change", node), self.visit(thing)))
            check.generated = True  # type: ignore[attr-defined]
            node.value = self.operand(node.value)
            return [check, node]
        number = self.site("change", node)
        owner, place = self.own("owner"), self.own("place")
        first: list[ast.stmt] = [put(owner, self.visit(target.value))]
        if isinstance(target, ast.Subscript):
            first.append(put(place, self.as_value(self.visit(target.slice))))

        def item(context: ast.expr_context) -> Any:
            if isinstance(target, ast.Subscript):
                return ast.Subscript(load(owner), load(place), context)
            return ast.Attribute(load(owner), target.attr, context)

        if isinstance(target, ast.Subscript):
            first[0] = put(owner, self.decide("changes", number, first[0].value))  # type: ignore[attr-defined]
        changed = self.decide("augmented", number, how, item(ast.Load()), self.operand(node.value))
        last = ast.Assign([ast.Name(x, ast.Store()) for x in (owner, place)], ast.Constant(None))
        return [*first, ast.Assign([item(ast.Store())], changed), last]

    def as_value(self, node: ast.expr) -> ast.expr:
        """What is in the brackets of an item, as something that a name may stand for."""
        if isinstance(node, ast.Slice):
            parts = [x or ast.Constant(None) for x in (node.lower, node.upper, node.step)]
            return ast.copy_location(call(self.tool, "between", *parts), node)
        if isinstance(node, ast.Tuple):
            node.elts = [self.as_value(x) for x in node.elts]
        return node

    def visit_Assign(self, node: ast.Assign) -> Any:
        """An assignment: Python looks up the value first, and then each target."""
        parts = isinstance(node.value, (ast.Tuple, ast.List))
        node.value = self.visit(node.value)
        if not parts and any(isinstance(x, (ast.Tuple, ast.List)) for x in node.targets):
            node.value = self.decide("rounds", self.site("rounds", node.value), node.value)
        node.targets = [self.visit(x) for x in node.targets]
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> Any:
        """The same with an annotation, which a function does not look up."""
        node.value = node.value and self.visit(node.value)
        node.target = self.visit(node.target)
        return node

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> Any:
        """Where an exception is caught, it must not be one that merging has brought about."""
        node.body = [ast.copy_location(ast.Expr(call(self.tool, "caught")), node.body[0]), *self.block(node.body)]
        return node

    def visit_Try(self, node: ast.Try) -> Any:
        """A try, in which everything is a guard."""
        node.body, node.orelse, node.finalbody = (
            self.block(node.body),
            self.block(node.orelse),
            self.block(node.finalbody),
        )
        node.handlers = [self.visit(x) for x in node.handlers]
        return node

    def visit_Match(self, node: ast.Match) -> Any:
        """A match, in which everything is a guard."""
        looked_at = self.decide("matched", self.site("match", node.subject), self.visit(node.subject))
        node.subject = ast.copy_location(looked_at, node.subject)
        for case in node.cases:
            case.guard = case.guard and self.test(case.guard)
            case.body = self.block(case.body)
        return node

    def visit_With(self, node: ast.With) -> Any:
        """A with, in which everything is a guard."""
        node.items = [self.visit(x) for x in node.items]
        node.body = self.block(node.body)
        return node


def surely_bound(statements: list[ast.stmt]) -> set[str]:
    """Names that are bound before any branch or loop is come to: those are never unbound."""
    found: set[str] = set()
    for each in statements:
        if isinstance(each, SIMPLE):
            found |= set(bound_names([each])) if getattr(each, "value", each) is not None else set()
        elif not isinstance(each, (ast.Expr, ast.Pass, ast.Assert)):
            break
    return found


def mark_bound(statements: list[ast.stmt], sure: set[str]) -> set[str]:
    """Mark the names that are read where they are bound for sure; those that are bound afterwards.

    Only what runs in one go counts: of a branch what both of its sides bind, of a loop nothing.
    """
    sure = set(sure)
    for each in statements:
        if isinstance(each, ast.If):
            mark_in(each.test, sure)
            sure |= mark_bound(each.body, sure) & mark_bound(each.orelse, sure)
        elif isinstance(each, (ast.For, ast.While)):
            mark_in(each.iter if isinstance(each, ast.For) else each.test, sure)
            inside = sure | set(bound_names([each.target])) if isinstance(each, ast.For) else sure
            mark_bound(each.body, inside)
            mark_bound(each.orelse, sure)
        elif isinstance(each, (*SIMPLE, ast.Expr, ast.Return)):
            mark_in(each, sure)
            if not isinstance(each, ast.AnnAssign) or each.value is not None:
                sure |= set(bound_names([each]))
    return sure


def mark_in(node: ast.AST, sure: set[str]) -> None:
    """Mark the names that an expression reads, but for those that others of the same name may hide."""
    stack = [node]
    while stack:
        each = stack.pop()
        if isinstance(each, ast.Name) and each.id in sure:
            each.sure = True  # type: ignore[attr-defined]
        elif not isinstance(each, (ast.FunctionDef, ast.Lambda, ast.ClassDef)):
            stack += ast.iter_child_nodes(each)


SIMPLE = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.FunctionDef, ast.Import, ast.ImportFrom, ast.ClassDef)
"""Statements that bind names and are done with."""
