"""A function as it is recorded: the same code, in surroundings where Python's max, min and sorted are selects.

No source is read, and nothing is switched that others would see: the code gets a namespace of its own, in which a
name is looked up among the few that are replaced, and then, at that moment, in the function's own. Functions of the
user that it calls by name are found in there as copies of the same kind; what is called in other ways, as a method or
through a module, is run as it is, and compares by guards.
"""

from __future__ import annotations

import builtins
import dis
import sysconfig
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from types import BuiltinFunctionType, CellType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any

from autograd.branches.ordering import SELECTING
from autograd.engine.refusals import SelectedError

__all__ = ["Surroundings"]

BUILTINS = {**vars(builtins), **{f.__name__: mine for f, mine in SELECTING.items() if f.__module__ == "builtins"}}
OURS = ("autograd", "nn")
FOLLOWED = ("statistics", "heapq")  # of Python's own, those whose functions are followed
LIBRARIES = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")})
SETTLED = (FunctionType, BuiltinFunctionType, ModuleType, type)  # what names stand for once and for all, as a rule
WHO_ASK_FOR_NAMES = {"globals", "locals", "vars", "exec", "eval"}  # and would find others than they know
SETTERS = {dis.opmap["STORE_GLOBAL"], dis.opmap["DELETE_GLOBAL"]}


class Namespace(dict[str, Any]):
    """The names around a function: those of this dict first, then those of its module as they are at that moment."""

    __slots__ = ("live", "surroundings")
    live: dict[str, Any]
    surroundings: Surroundings

    def __missing__(self, name: str) -> Any:
        thing = self.live[name]
        found = self.surroundings.instead(thing)
        if type(thing) in SETTLED:
            self[name] = found
            self.surroundings.relied_on.append((self.live, name, thing))
        return found


class View:
    """A module of Python's own, of which what stands in for a function is found in its place."""

    def __init__(self, module: ModuleType, surroundings: Surroundings) -> None:
        self.__module, self.__surroundings = module, surroundings

    def __getattr__(self, name: str) -> Any:
        return self.__surroundings.instead(getattr(self.__module, name))


class Surroundings:
    """What stands in for functions during one run.

    Args:
        function: The one that is run; what is of the same package is followed too.

    Attributes:
        relied_on: Names that were looked up once: the namespace, the name, and what it was.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.relied_on: list[tuple[dict[str, Any], str, Any]] = []
        self._package = package_of(function)
        self._copies: dict[int, FunctionType] = {}
        self._cells: dict[int, tuple[CellType, Any, CellType, Any]] = {}  # what they held, and what stands in for it

    def run(self, args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        """The function's result. It is run once more, as it is, where what it does with copies is not the same.

        That is if meanwhile others have set what copies rely on, or if it differentiates by what a select gave.
        """
        try:
            result = self.instead(self.function, outermost=True)(*args, **kwargs)
        except SelectedError:
            return self.function(*args, **kwargs)
        settled = all(live.get(name) is was for live, name, was in self.relied_on)
        for cell, was, mine, put in self._cells.values():
            if content(mine) is not put:  # the function has set that name: it keeps what it was set to
                cell.cell_contents = mine.cell_contents
            else:
                settled = settled and content(cell) is was
        return result if settled else self.function(*args, **kwargs)

    def instead(self, thing: Any, outermost: bool = False) -> Any:
        """What stands in for a thing: a copy of a function, or the thing itself."""
        kind = type(thing)
        if kind in (FunctionType, BuiltinFunctionType) and thing in SELECTING:
            return SELECTING[thing]
        if kind is FunctionType:
            return self._copy(thing) if outermost or self._is_followed(thing) else thing
        if kind is ModuleType:
            return View(thing, self) if thing.__name__ in FOLLOWED else thing
        if kind is partial:
            inner = self.instead(thing.func, outermost)
            return thing if inner is thing.func else partial(inner, *thing.args, **thing.keywords)
        if kind is MethodType and outermost and type(thing.__func__) is FunctionType:
            return MethodType(self._copy(thing.__func__), thing.__self__)
        return thing

    def _is_followed(self, function: FunctionType) -> bool:
        """Whether a function that is called is copied as well: the user's, and a few of Python's own."""
        package = package_of(function)
        if package in OURS:
            return False
        return package in (self._package, *FOLLOWED) or not function.__code__.co_filename.startswith(LIBRARIES)

    def _copy(self, function: FunctionType) -> FunctionType:
        """A function of the same code, whose names are looked up here; itself where that would not be the same."""
        made = self._copies.get(id(function))
        if made is not None:
            return made
        if not may_be_copied(function.__code__):
            return function
        around = Namespace(__builtins__=BUILTINS, __name__=function.__module__)
        around.live, around.surroundings = function.__globals__, self
        cells = function.__closure__ or ()
        mine = [self._cell(cell) for cell in cells]
        made = FunctionType(function.__code__, around, function.__name__, None, tuple(mine))
        self._copies[id(function)] = made
        for cell in cells:
            self._fill(cell)
        made.__defaults__ = function.__defaults__ and tuple(map(self.instead, function.__defaults__))
        named = function.__kwdefaults__
        made.__kwdefaults__ = named and {name: self.instead(x) for name, x in named.items()}
        made.__dict__ = function.__dict__
        made.__qualname__, made.__module__ = function.__qualname__, function.__module__
        return made

    def _cell(self, cell: CellType) -> CellType:
        """The cell that copies have in place of one that holds a function, as yet empty; of another itself."""
        thing = content(cell)
        if type(thing) not in (FunctionType, BuiltinFunctionType, ModuleType):
            return cell
        return self._cells.setdefault(id(cell), (cell, thing, CellType(), None))[2]

    def _fill(self, cell: CellType) -> None:
        """Put into the cell that copies have what stands in for the thing, which may be a copy with that cell."""
        known = self._cells.get(id(cell))
        if known is not None and content(known[2]) is None:
            cell, was, mine, _ = known
            mine.cell_contents = put = self.instead(was)
            self._cells[id(cell)] = cell, was, mine, put


def content(cell: CellType) -> Any:
    """What a cell holds; None of one that holds nothing."""
    try:
        return cell.cell_contents
    except ValueError:
        return None


def package_of(function: Any) -> str:
    """The package that a function is from."""
    return (getattr(function, "__module__", None) or "").partition(".")[0]


@lru_cache(1000)
def may_be_copied(code: CodeType) -> bool:
    """Whether a copy does what the function does: not one that sets global names, or asks for all names there are.

    One that sets names of functions around it keeps to their cells, but where it sets the name of a function.
    """
    if SETTERS.intersection(code.co_code[::2]) or WHO_ASK_FOR_NAMES.intersection(code.co_names):
        return False
    return all(may_be_copied(inner) for inner in code.co_consts if isinstance(inner, CodeType))
