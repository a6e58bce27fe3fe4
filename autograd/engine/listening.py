"""Listeners: objects that hear of every node, comparison and reading of a number while a function runs.

A listener hears of what its function does (`heard_by`), in that thread and task. Recording a function is one kind
(`tape/recording.py`); what finds the first nan, counts or names nodes is another. Nothing here knows what a node is.

As with `no_grad` (`pausing.py`), a context variable says who listens here, and a set whether anybody does anywhere:
while it is empty, operations ask no further.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar, copy_context
from typing import Any
from weakref import ref

import cython

from autograd.border.forking import in_forked_processes
from autograd.calculus.primitive import Primitive
from autograd.engine.pausing import leave_blocks
from autograd.engine.refusals import RecordingError, by_selected, frozen, outlived

__all__ = [
    "Listener", "ask_reading", "checkers", "hear", "heard_by", "listen", "listeners", "recorder", "recorders",
    "refuse_elsewhere", "refuse_over", "refuse_selected", "run_anew", "stop_hearing", "tell_compared", "tell_cut",
    "tell_made", "tell_swept",
]  # fmt: skip


@cython.cclass
class Listener:
    """A listener: its methods are called for what a function does, in its thread and task. By itself it does nothing.

    It is given to `heard_by`, or to `hear` for the length of a block. Listeners nest: one that is heard within
    another's function adds to it, and the outer one hears first. What a listener computes on Values of its own it hears
    of as well, so it goes by numbers (`data_of(node)`). What it raises is raised by the operation that it heard of.

    Attributes:
        over: Whether it hears no more, though its function's tasks may still run.
        records: Whether the nodes that it hears of are to be run again with other numbers: see `Recording`.
        checks: Whether it wants to hear the rows of compiled functions too, which are then run eagerly besides.
    """

    if not cython.compiled:
        over: bool = False
        records: bool = False
        checks: bool = False

    def made(self, node: Any) -> None:
        """A node was made: the result of an operation, a constant, or a leaf. It has its row, operands, partials."""

    def cut(self, node: Any, row: Primitive, operands: tuple[Any, ...]) -> None:
        """A node was made, and is a constant, though it was computed: detached, or under `no_grad`."""

    def compared(self, how: str, x: Any, y: Any, outcome: bool) -> None:
        """A node was compared, with another or with a number: `how` is ==, !=, <, <=, > or >=."""

    def reading(self, what: str) -> None:
        """A number is about to leave the graph, or to be set: `what` says in which way. Raise to refuse."""

    def swept(self, order: list[Any], adjoints: list[float]) -> None:
        """A sweep has been over these nodes, operands first, and is about to write their adjoints. Raise to refuse."""

    def entered(self, what: str) -> None:
        """What it hears from now on is of a row of a compiled function; "" if it is no more."""

    def refused(self, error: RecordingError) -> None:
        """A number was refused that may be one of this listener's. What it heard must not be used."""


class Mark(ref):  # type: ignore[type-arg]
    """A weak reference to who listens, one each time that it does: equal to no other, though they may be equal."""

    __slots__ = ()
    __eq__ = object.__eq__
    __hash__ = object.__hash__


_here: ContextVar[tuple[Listener, ...]] = ContextVar("listeners", default=())  # in this thread and task
_anywhere: set[Any] = set()  # references to those that listen, in any thread

# What every operation looks at: the set itself, or in the compiled engine its size as C's number.
_listening: Any = 0 if cython.compiled else _anywhere


def count() -> None:
    """Take the size of the set anew."""
    global _listening
    if cython.compiled:
        _listening = len(_anywhere)


def heard_by(
    listener: Listener | None, function: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any],
    instead: bool = False,
) -> Any:  # fmt: skip
    """The result of the function; the listener hears the run. With None nobody does, those around it neither.

    A function that is listened to, or run to be differentiated, leaves nodes even where its caller wants none of its
    own. With `instead` those around it that are of the listener's class hear nothing of it.
    """
    context = copy_context()
    if listener is None:
        return context.run(listen, (), function, args, kwargs)
    mark = Mark(listener, _anywhere.discard)
    _anywhere.add(mark)
    count()
    around = _here.get()
    if instead:
        around = tuple([each for each in around if type(each) is not type(listener)])
    try:
        return context.run(listen, (*around, listener), function, args, kwargs)
    finally:
        _anywhere.discard(mark)
        count()


def run_anew(function: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
    """The result of the function, which leaves nodes even where its caller wants none; the same hear it."""
    return copy_context().run(listen, _here.get(), function, args, kwargs)


def listen(who: tuple[Listener, ...], function: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
    """The same with all who hear, in a context that is left afterwards."""
    _here.set(who)
    leave_blocks()
    return function(*args, **kwargs)


def hear(listener: Listener) -> None:
    """From now on the listener hears what is done in this thread and task, until `stop_hearing`."""
    _here.set((*listeners(), listener))
    _anywhere.add(Mark(listener, _anywhere.discard))
    count()


def stop_hearing(listener: Listener) -> None:
    """The listener hears no more, in whatever thread or task."""
    listener.over = True
    for mark in list(_anywhere):
        if mark() is listener:
            _anywhere.discard(mark)
    count()
    _here.set(tuple([each for each in _here.get() if each is not listener]))


def listeners() -> list[Listener]:
    """Those who hear of what is done in this thread and task, outermost first."""
    return [each for each in _here.get() if not each.over] if _listening else []


def checkers() -> list[Listener]:
    """Those among them that want to hear compiled functions."""
    return [each for each in listeners() if each.checks]


def recorder() -> Any:
    """The recording that is going on in this thread and task, or None."""
    if _listening:
        for each in _here.get():
            if each.records and not each.over:
                return each
    return None


def recorders() -> list[Listener]:
    """The recordings that are going on, in any thread."""
    found = [mark() for mark in list(_anywhere)]
    return [each for each in found if each is not None and each.records]


def keep_this_thread() -> None:
    """In a forked process: of those who listen, this thread's are left."""
    here = listeners()
    for mark in list(_anywhere):
        if not any(mark() is each for each in here):
            _anywhere.discard(mark)
    count()


in_forked_processes(keep_this_thread)


# --- what they are told ----------------------------------------------------------------------------------------------


def tell_made(node: Any) -> None:
    """Tell of a new node."""
    here = _here.get()
    for i in range(len(here)):
        each: Listener = here[i]
        if not each.over:  # else this is a task that the function began
            each.made(node)


def tell_cut(node: Any, row: Primitive, operands: tuple[Any, ...]) -> None:
    """Tell how a constant was computed."""
    for each in _here.get():
        if not each.over:
            each.cut(node, row, operands)


def tell_compared(how: str, x: Any, y: Any, outcome: bool) -> None:
    """Tell of a comparison."""
    for each in _here.get():
        if not each.over:
            each.compared(how, x, y, outcome)


def ask_reading(what: str) -> None:
    """Ask whether a number may be read or set."""
    for each in _here.get():
        if not each.over:
            each.reading(what)


def tell_swept(order: list[Any], adjoints: list[float]) -> None:
    """Tell of a sweep."""
    for each in _here.get():
        if not each.over:
            each.swept(order, adjoints)


def refuse_elsewhere(what: str) -> None:
    """Raise RecordingError for a number of a recording that goes on in another thread; it may be anyone's."""
    error = frozen(what)
    for each in recorders():
        each.refused(error)
    raise error


def refuse_selected(what: str) -> int:
    """Raise SelectedError for something that is asked of a node that was chosen; the function may catch it, in vain."""
    error = by_selected(what)
    for each in listeners():
        each.refused(error)
    raise error


def refuse_over() -> int:
    """Raise RecordingError for a node of a recording that is over."""
    error = outlived()
    for each in listeners():
        each.refused(error)
    raise error
