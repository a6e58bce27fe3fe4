"""Expressions rewritten: comparisons, `and`, `or`, `not`, `a if c else b`, calls, and names that may be unbound.

    x < y                       at.compare(0, '<', x, y)
    a if c else b               at.choose(1, c, lambda: a, lambda: b)
    f(x)                        at.call(2, f, x)

Each place where something is decided is a `Site`; `at` decides there, when the function runs.
"""

from __future__ import annotations

import ast
from typing import Any

from autograd.sources.flow import call, load
from autograd.sources.safety import bound_names

__all__ = ["NOT_LATER", "Expressions", "Site", "has_own", "over_what"]

SYMBOLS = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}
AS_THEY_ARE = {"super", "locals", "globals", "vars", "dir", "eval", "exec"}
"""Functions that look at who calls them."""
NOT_LATER = (ast.NamedExpr, ast.Await, ast.Yield, ast.YieldFrom)
"""What cannot be put off: an expression with one of these stays as it is."""


CERTAIN = (ast.Constant, ast.BinOp, ast.UnaryOp, ast.Compare, ast.JoinedStr, ast.List, ast.Tuple, ast.Dict, ast.Set,
           ast.ListComp, ast.SetComp, ast.DictComp, ast.Lambda, ast.Slice)  # fmt: skip
"""Expressions that give what operators may act on, if what is in them is looked at: a number, or what is made anew."""


class Site:
    """A place in a source where something is decided.

    Attributes:
        kind: "if", "loop", "choice" (an expression), "comparison", "filter" or "flag" (of what was left early).
        file, line, end: Its lines.
        refusal: Why it cannot be merged, as far as its source tells; "" if it may.
        returns: Whether its first side, and whether its second, always returns.
        flags: Of the names that its sides bind, whether each is a flag, or what is returned.
    """

    __slots__ = ("end", "file", "flags", "kind", "line", "refusal", "returns", "text")

    def __init__(self, kind: str, file: str, node: Any, refusal: str = "") -> None:
        self.kind, self.file, self.refusal = kind, file, refusal
        lines = [x.lineno for x in ast.walk(node) if hasattr(x, "lineno")] or [0]
        self.line = getattr(node, "lineno", min(lines))
        self.end = getattr(node, "end_lineno", None) or self.line
        self.returns = (False, False)
        self.text = ""
        self.flags: tuple[bool, ...] = ()

    def __repr__(self) -> str:
        return f"<{self.kind} at line {self.line}>"


class Expressions(ast.NodeTransformer):
    """Rewrites expressions.

    Args:
        file: Where they are.
        tool: The name of the object that decides.
        names: Those that the function has; new ones are added.

    Attributes:
        sites: The places found.
        inner: Of each function that was rewritten, by name and line, why it may not be called in a merged branch.
    """

    def __init__(self, file: str, tool: str, names: set[str]) -> None:
        self.file, self.tool, self.names = file, tool, names
        self.sites: list[Site] = []
        self.inner: dict[tuple[str, int], str] = {}  # of functions defined in it, why they are unsafe
        self._flags: set[str] = set()
        self._own: set[str] = set()  # names of what a rewritten loop needs: no side of a branch is asked for them
        self._local: set[str] = set()  # names of the function that may be unbound
        self._outside: set[str] = set()
        self._looked_at: set[str] = set()  # names, and attributes of names, that were looked at before, in one go
        self.owner = ""  # the class around the function

    def site(self, kind: str, node: ast.AST, refusal: str = "") -> int:
        """The number of a new place."""
        self.sites.append(Site(kind, self.file, node, refusal))
        return len(self.sites) - 1

    def fresh(self, name: str) -> str:
        """A name like this that the function does not have."""
        k = 0
        while (found := f"{name}{k or ''}") in self.names:
            k += 1
        self.names.add(found)
        return found

    def flag(self, name: str) -> str:
        """The same, for a flag."""
        found = self.fresh(name)
        self._flags.add(found)
        return found

    def own(self, name: str) -> str:
        """The same, for what is no business of branches."""
        found = self.fresh(name)
        self._own.add(found)
        return found

    def decide(self, how: str, number: int, *args: ast.expr) -> ast.expr:
        """What the deciding object is asked."""
        return call(self.tool, how, ast.Constant(number), *args)

    def operand(self, node: ast.expr, how: str = "of") -> ast.expr:
        """What an operator, brackets or the like act on: looked at, unless it is a number for sure or was before."""
        found: ast.expr = self.visit(node)
        if isinstance(node, CERTAIN if how != "whole" else ast.Constant):
            return found
        if isinstance(node, ast.Name):
            if node.id in self._looked_at:
                return found
            if how == "of":
                self._looked_at.add(node.id)
        return ast.copy_location(call(self.tool, how, found), node)

    def apart(self, node: ast.expr, how: str = "") -> Any:
        """What is run at another time, or under another condition."""
        kept, self._looked_at = self._looked_at, set()
        found = self.operand(node, how) if how else self.visit(node)
        self._looked_at = kept
        return found

    def visit_BinOp(self, node: ast.BinOp) -> Any:
        """An operator."""
        node.left = self.operand(node.left)
        node.right = self.operand(node.right, "whole" if isinstance(node.op, ast.Mod) else "of")
        return node

    def visit_Subscript(self, node: ast.Subscript) -> Any:
        """An item: if it is set or deleted, a thing is changed in place."""
        if isinstance(node.ctx, ast.Load):
            node.value = self.operand(node.value, "thing")
        else:
            inner = self.visit(node.value)
            node.value = ast.copy_location(self.decide("changes", self.site("change", node), inner), node.value)
        node.slice = self.operand(node.slice)
        return node

    def visit_Slice(self, node: ast.Slice) -> Any:
        """A slice."""
        node.lower, node.upper, node.step = [x and self.operand(x) for x in (node.lower, node.upper, node.step)]
        return node

    def visit_Attribute(self, node: ast.Attribute) -> Any:
        """An attribute."""
        inner = self.visit(node.value)
        if not isinstance(node.ctx, ast.Load):
            node.value = inner
            return node
        if isinstance(node.value, ast.Name):
            known = f"{node.value.id}.{node.attr}"
            if known in self._looked_at:
                return node
            self._looked_at.add(known)
        private = node.attr.startswith("__") and not node.attr.endswith("__") and self.owner
        name = f"_{self.owner.lstrip('_')}{node.attr}" if private else node.attr
        node.value = ast.copy_location(call(self.tool, "owner", inner, ast.Constant(name)), node.value)
        return node

    def visit_Starred(self, node: ast.Starred) -> Any:
        """What is put in one by one."""
        node.value = self.visit(node.value)
        if isinstance(node.ctx, ast.Load):
            node.value = self.decide("rounds", self.site("rounds", node.value), node.value)
        return node

    def visit_Dict(self, node: ast.Dict) -> Any:
        """A dict, into which others may be put."""
        keys = [x and self.operand(x) for x in node.keys]
        node.values = [
            self.visit(x) if key else self.operand(x, "thing") for key, x in zip(keys, node.values, strict=True)
        ]
        node.keys = keys
        return node

    def visit_Set(self, node: ast.Set) -> Any:
        """A set: what is in it is compared."""
        node.elts = [self.visit(x) if isinstance(x, ast.Starred) else self.operand(x, "whole") for x in node.elts]
        return node

    def visit_Name(self, node: ast.Name) -> Any:
        """A name that may be unbound is looked at when it is read."""
        if isinstance(node.ctx, ast.Load) and node.id in self._local and not hasattr(node, "sure"):
            return ast.copy_location(call(self.tool, "bound", ast.Constant(node.id), node), node)
        return node

    def visit_Compare(self, node: ast.Compare) -> Any:
        """A comparison, or a chain of them."""
        if has_own(node, NOT_LATER):
            return as_test(node) if hasattr(node, "tested") and len(node.ops) > 1 else node
        simple = all(type(op) in SYMBOLS for op in node.ops)
        if not simple and (len(node.ops) > 1 or not isinstance(node.ops[0], (ast.Is, ast.IsNot))):
            node.left = self.operand(node.left, "whole")
            node.comparators = [self.operand(x, "whole") for x in node.comparators]
            return node
        left = self.visit(node.left)
        others = [self.visit(node.comparators[0]), *map(self.apart, node.comparators[1:])]
        if simple:
            number = self.site("comparison", node)
            symbols = [SYMBOLS[type(op)] for op in node.ops]
            if len(others) == 1:
                found = self.decide("compare", number, ast.Constant(symbols[0]), left, others[0])
            else:
                found = self.decide(
                    "chain", number, ast.Constant(" ".join(symbols)), left, others[0], *map(thunk, others[1:])
                )
                if hasattr(node, "tested"):
                    found.func.attr = "chain_of_truths"  # type: ignore[attr-defined]
            return ast.copy_location(found, node)
        same = self.decide("same", self.site("identity", node), left, others[0])
        return ast.copy_location(same if isinstance(node.ops[0], ast.Is) else ast.UnaryOp(ast.Not(), same), node)

    def visit_BoolOp(self, node: ast.BoolOp) -> Any:
        """`and`, `or`: each of them is asked for its truth once at most."""
        if has_own(node, NOT_LATER):
            return as_test(node) if hasattr(node, "tested") else node
        number = self.site("choice", node)
        how = "every" if isinstance(node.op, ast.And) else "either"
        if hasattr(node, "tested") or hasattr(node, "nested"):
            how += "_truth" if hasattr(node, "tested") else "_known"
        for each in node.values[:-1]:
            if isinstance(each, ast.BoolOp) and not hasattr(each, "tested"):
                each.nested = True  # type: ignore[attr-defined]
        first, *others = [self.visit(node.values[0]), *map(self.apart, node.values[1:])]
        return ast.copy_location(self.decide(how, number, first, *map(thunk, others)), node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> Any:
        """`not`."""
        if not isinstance(node.op, ast.Not):
            node.operand = self.operand(node.operand)
            return node
        node.operand = self.test(node.operand) if hasattr(node, "tests") else self.visit(node.operand)
        kind = "flag" if hasattr(node, "flag") else "choice"
        return ast.copy_location(self.decide("no", self.site(kind, node), node.operand), node)

    def visit_IfExp(self, node: ast.IfExp) -> Any:
        """`a if c else b`."""
        if has_own(node, NOT_LATER):
            return as_test(node) if hasattr(node, "tested") else node
        number = self.site("choice", node.test)
        test, body, orelse = self.test(node.test), self.apart(node.body), self.apart(node.orelse)
        how = "choose_truth" if hasattr(node, "tested") else "choose"
        return ast.copy_location(self.decide(how, number, test, thunk(body), thunk(orelse)), node)

    def visit_Assert(self, node: ast.Assert) -> Any:
        """What must hold."""
        node.test, node.msg = self.test(node.test), node.msg and self.visit(node.msg)
        return node

    def test(self, node: ast.expr) -> Any:
        """What is only asked for its truth."""
        mark_tested(node)
        return self.visit(node)

    def visit_Call(self, node: ast.Call) -> Any:
        """A call: of a function that is looked at, and rewritten if it is the user's."""
        if getattr(node, "own", False):
            return node
        if isinstance(node.func, ast.Name) and node.func.id in AS_THEY_ARE:
            node.args = [self.visit(x) for x in node.args]
            return node
        function, args = self.visit(node.func), [self.visit(x) for x in node.args]
        keywords = [
            ast.keyword(x.arg, self.visit(x.value) if x.arg else self.operand(x.value, "thing")) for x in node.keywords
        ]
        number = ast.Constant(self.site("call", node))
        made = ast.Call(ast.Attribute(load(self.tool), "call", ast.Load()), [number, function, *args], keywords)
        return ast.copy_location(made, node)

    def visit_FormattedValue(self, node: ast.FormattedValue) -> Any:
        """A number within a text."""
        node.value = self.decide("plain", self.site("text", node), self.visit(node.value))
        node.format_spec = node.format_spec and self.visit(node.format_spec)
        return node

    def _comprehension(self, node: Any) -> Any:
        """A comprehension: its names are its own."""
        if has_own(node, NOT_LATER):
            return node
        kept, seen = self._local, self._looked_at
        for each in node.generators:
            over = self.visit(each.iter)
            each.iter = self.decide(over_what(each.target), self.site("rounds", each.iter), over)
            self._local, self._looked_at = self._local - {*bound_names([each.target])}, set()
            each.target = self.visit(each.target)
            each.ifs = [self.decide("filtered", self.site("filter", x), self.test(x)) for x in each.ifs]
        later = isinstance(node, ast.GeneratorExp)
        for part in ("elt", "key", "value"):
            if hasattr(node, part):
                inner = getattr(node, part)
                compared = later or part == "key" or isinstance(node, ast.SetComp)
                setattr(node, part, self.apart(inner, "whole") if compared else self.apart(inner))
        self._local, self._looked_at = kept, seen
        return node

    def visit(self, node: Any) -> Any:
        """What a node becomes."""
        if isinstance(node, (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            return self._comprehension(node)
        return super().visit(node)


def over_what(target: ast.expr) -> str:
    """What is asked of the things that a loop goes over: rounds, or rounds whose things are taken apart."""
    if not isinstance(target, (ast.Tuple, ast.List)):
        return "rounds"
    deep = any(isinstance(x, (ast.Tuple, ast.List)) for x in target.elts)
    return "nested" if deep else "pairs"


def mark_tested(node: ast.expr) -> None:
    """Mark what is only asked for its truth: of `a and b` that is both, of `x if c else y` it is x and y."""
    inner: list[ast.expr] = []
    if isinstance(node, ast.BoolOp):
        inner = node.values
    elif isinstance(node, ast.IfExp):
        inner = [node.body, node.orelse]
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        inner = [node.operand]
    node.tested = True  # type: ignore[attr-defined]
    for each in inner:
        mark_tested(each)


def as_test(node: ast.expr) -> ast.expr:
    """True or False, for what stays as it is and is only asked for its truth."""
    return ast.copy_location(ast.IfExp(node, ast.Constant(True), ast.Constant(False)), node)


def thunk(node: ast.expr) -> ast.expr:
    """An expression for later."""
    return ast.Lambda(ast.arguments([], [], None, [], [], None, []), node)


def has_own(node: ast.AST, kinds: tuple[type, ...]) -> bool:
    """Whether there is such a thing in a node, functions within it not counted."""
    stack = list(ast.iter_child_nodes(node))
    while stack:
        each = stack.pop()
        if isinstance(each, kinds):
            return True
        if not isinstance(each, (ast.FunctionDef, ast.Lambda, ast.ClassDef)):
            stack += ast.iter_child_nodes(each)
    return False
