"""A function as it is recorded: the same code, in surroundings where Python's max, min and sorted are selects.

No source is read, and nothing is switched that others would see: the code gets a namespace of its own, in which a
name is looked up among the few that are replaced, and then, at that moment, in the function's own. Functions of the
user that it calls by name are found in there as copies of the same kind; what is called in other ways, as a method or
through a module, is run as it is, and compares by guards.
"""

from __future__ import annotations

import builtins
import dis
import operator
import sysconfig
from collections.abc import Callable, Sequence
from functools import lru_cache, partial
from types import BuiltinFunctionType, CellType, CodeType, FunctionType, MethodType, ModuleType
from typing import Any

from autograd.branches.choice import AsItIs
from autograd.branches.conditions import SUSPECTS, Chosen, Condition
from autograd.branches.deciding import At
from autograd.branches.decisions import Decisions, Run
from autograd.branches.ordering import SELECTING
from autograd.engine.listening import recorder
from autograd.engine.refusals import SelectedError
from autograd.sources.rewriting import UNDECIDED, codes_in, rewritten
from autograd.values.folds import dot

__all__ = ["Surroundings"]

BUILTINS = {**vars(builtins), **{f.__name__: mine for f, mine in SELECTING.items() if f.__module__ == "builtins"}}
REPLACED = {f.__name__ for f in SELECTING if f.__module__ == "builtins"}
OURS = ("autograd", "nn")
FOLLOWED = ("statistics", "heapq")  # of Python's own, those whose functions are followed
LIBRARIES = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")})
SETTLED = (FunctionType, BuiltinFunctionType, ModuleType, type)  # what names stand for once and for all, as a rule
WHO_ASK_FOR_NAMES = {"globals", "locals", "vars", "exec", "eval"}  # and would find others than they know
SETTERS = {dis.opmap["STORE_GLOBAL"], dis.opmap["DELETE_GLOBAL"]}
KNOWN_THINGS = {"LOAD_CONST", "LOAD_GLOBAL"}  # with these compared by `is` are None, classes, marks of absence
WHO_ASK_WHICH = {"id", "is_", "is_not"}
WHICH = "which of two numbers it is, is asked for"


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
        decisions: What is merged; with them functions are rewritten.

    Attributes:
        deciding: What was decided in the run, if functions are rewritten.
        relied_on: Names that were looked up once: the namespace, the name, and what it was.
    """

    def __init__(self, function: Callable[..., Any], decisions: Decisions | None = None) -> None:
        self.function = function
        self.deciding = None if decisions is None else Run(decisions, self.instead)
        self.relied_on: list[tuple[dict[str, Any], str, Any]] = []
        self._package = package_of(function)
        self._copies: dict[int, tuple[FunctionType, FunctionType]] = {}
        self._cells: dict[int, tuple[CellType, Any, CellType, Any]] = {}  # what they held, and what stands in for it

    def run(self, args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        """The function's result. It is run once more, as it is, where what it does with copies is not the same.

        That is if meanwhile others have set what copies rely on, if it differentiates by what a select gave, if it
        asks which number that is, or if it raises: what it looked for may be found by identity only, as a nan is.
        """
        if self.deciding is None and not self._asks(self.function, set()):
            return self.function(*args, **kwargs)
        suspects: list[Any] = []
        token = SUSPECTS.set(suspects)
        try:
            result = self.instead(self.function, outermost=True)(*args, **kwargs)
        except AsItIs:
            return self._as_it_is(args, kwargs)
        except SelectedError:
            if self.deciding is not None:
                raise self.deciding.fail(WHICH) from None
            return self.function(*args, **kwargs)
        except Exception:
            if self.deciding is not None:
                raise
            return self.function(*args, **kwargs)
        finally:
            SUSPECTS.reset(token)
        around = recorder()
        asked = around is not None and around.asked  # and what it was told it has caught
        if asked and self.deciding is not None:
            raise self.deciding.fail(WHICH)
        settled = not asked and all(live.get(name) is was for live, name, was in self.relied_on)
        for cell, was, mine, put in self._cells.values():
            if content(mine) is not put:  # the function has set that name: it keeps what it was set to
                cell.cell_contents = mine.cell_contents
            else:
                settled = settled and content(cell) is was
        if not settled:
            return self.function(*args, **kwargs)
        if self.deciding is None:
            return result
        if self.deciding.active:  # an exception has been swallowed on the way, of a side that is not taken, perhaps
            raise self.deciding.fail("it raises an exception, which is caught")
        if self.deciding.failed is not None:
            raise self.deciding.failed
        result = as_result(result)
        self.deciding.settle()
        self.deciding.suspected = bool(suspects)
        if suspects and dot(suspects, [0.0] * len(suspects)) != 0.0:
            pass  # the row is on a path of its own: what Python would have refused was seen as it came about
        return result

    def _as_it_is(self, args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        """The function's result, with nothing in place of anything: what guards there are so far are of this row."""
        if self.deciding is not None:
            self.deciding.abandon()
        return self.function(*args, **kwargs)

    def _asks(self, thing: Any, seen: set[int]) -> bool:
        """Whether a function may ask for something that is replaced: it, or what it calls by name, names it."""
        kind = type(thing)
        if kind is BuiltinFunctionType:
            return thing in SELECTING
        if kind is not FunctionType:
            return kind is not ModuleType or thing.__name__ in FOLLOWED
        if thing in SELECTING:
            return True
        if id(thing) in seen or (seen and not self._is_followed(thing)):
            return False
        seen.add(id(thing))
        around, names = thing.__globals__, names_in(thing.__code__)
        if names is None:
            return True
        given = [*(thing.__defaults__ or ()), *(thing.__kwdefaults__ or {}).values()]
        found = [around[name] for name in names if name in around]
        found += [content(cell) for cell in thing.__closure__ or ()]
        known = (FunctionType, BuiltinFunctionType, ModuleType, partial)
        return any(type(each) in known and self._asks(each, seen) for each in found + given)

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
        if outermost and kind is MethodType and type(thing.__func__) is FunctionType:
            return MethodType(self._copy(thing.__func__), thing.__self__)
        if outermost and hasattr(kind, "__recorded__"):
            return self.instead(thing.__recorded__(), outermost)
        if outermost and type(method := vars(kind).get("__call__")) is FunctionType and self._is_followed(method):
            return MethodType(self._copy(method), thing)
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
            return made[1]
        if not may_be_copied(function.__code__):
            return function
        around = Namespace(__builtins__=BUILTINS, __name__=function.__module__)
        around.live, around.surroundings = function.__globals__, self
        cells, code = function.__closure__ or (), function.__code__
        inside = {name: self._cell(cell) for name, cell in zip(code.co_freevars, cells, strict=True)}
        found = rewritten(code) if self.deciding is not None and code not in self.deciding.known else ""
        if self.deciding is not None and not isinstance(found, str):
            self.deciding.known.update(codes_in(found))
            self.deciding.decisions.texts[function.__qualname__] = found.text
            inside[found.tool] = CellType(At(self.deciding, found.sites))
            code = found.code
        elif self.deciding is not None and found and found != UNDECIDED:
            self.deciding.decisions.unread[function.__qualname__] = str(found)
        if code is function.__code__ and compares_identities(code):
            raise AsItIs if self.deciding is None else self.deciding.fail("it asks which of two things one is")
        closure = tuple([inside[name] for name in code.co_freevars])
        copied = FunctionType(code, around, function.__name__, None, closure)
        self._copies[id(function)] = function, copied
        for cell in cells:
            self._fill(cell)
        copied.__defaults__ = function.__defaults__ and tuple(map(self.instead, function.__defaults__))
        named = function.__kwdefaults__
        copied.__kwdefaults__ = named and {name: self.instead(x) for name, x in named.items()}
        copied.__dict__ = function.__dict__
        copied.__qualname__, copied.__module__ = function.__qualname__, function.__module__
        return copied

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


def as_result(x: Any) -> Any:
    """What a function gives, with nothing undecided in it."""
    kind = type(x)
    if kind is Chosen:
        return x.value
    if kind is Condition:
        return bool(x)
    if kind in (list, tuple):
        made = [as_result(each) for each in x]
        return x if all(map(operator.is_, made, x)) else kind(made)
    if kind is dict:
        made = [as_result(each) for each in x.values()]
        return x if all(map(operator.is_, made, x.values())) else dict(zip(x, made, strict=True))
    return x


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
def names_in(code: CodeType) -> tuple[str, ...] | None:
    """The names that a function may look up, and those within it; None if one of Python's own is replaced."""
    names = set(code.co_names)
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            more = names_in(inner)
            if more is None:
                return None
            names.update(more)
    return None if names & REPLACED else tuple(names)


@lru_cache(1000)
def compares_identities(code: CodeType) -> bool:
    """Whether it has an `x is y` of two things that may be numbers, or a function that asks the like."""
    if WHO_ASK_WHICH.intersection(code.co_names):
        return True
    before = ""
    for each in dis.get_instructions(code):
        if each.opname == "IS_OP" and before not in KNOWN_THINGS:
            return True
        before = each.opname
    return any(compares_identities(inner) for inner in code.co_consts if isinstance(inner, CodeType))


@lru_cache(1000)
def may_be_copied(code: CodeType) -> bool:
    """Whether a copy does what the function does: not one that sets global names, or asks for all names there are.

    One that sets names of functions around it keeps to their cells, but where it sets the name of a function.
    """
    if SETTERS.intersection(code.co_code[::2]) or WHO_ASK_FOR_NAMES.intersection(code.co_names):
        return False
    return all(may_be_copied(inner) for inner in code.co_consts if isinstance(inner, CodeType))
