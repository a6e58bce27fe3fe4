"""`no_grad`: the blocks in which operations leave no nodes. Nothing here knows what a node is.

What runs is switched through context variables, and what a `with` or a call holds on to. Nothing has to be put back at
its end, so an interrupt at any moment leaves nothing switched. A set tells what is switched in any thread: while it is
empty, nobody needs to ask the context. It may hold too much for a while, and never too little.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from functools import partial
from threading import get_ident
from typing import Any
from weakref import ref

import cython

from autograd.border.forking import in_forked_processes

__all__ = ["grad_enabled", "leave_blocks", "no_grad"]

_block: ContextVar[Any] = ContextVar("block", default=None)  # the one entered last in this thread and task
_paused: set[Any] = set()  # the blocks that are open

# What every operation looks at: the set itself, or in the compiled engine its size as C's number.
_pausing: Any = 0 if cython.compiled else _paused


def count() -> None:
    """Take the size of the set anew."""
    global _pausing
    if cython.compiled:
        _pausing = len(_paused)


def innermost() -> Any:
    """The block that this thread and task are in, or None."""
    block = _block.get()
    while block is not None and not block.lasts():
        block = block.outer
    return block


def grad_enabled() -> bool:
    """Whether operations leave nodes here, in this thread and task: not under `no_grad`."""
    return not _pausing or innermost() is None


def leave_blocks() -> None:
    """From now on operations leave nodes in this context, whatever block it was begun in."""
    _block.set(None)


def keep_this_thread() -> None:
    """In a forked process: of the blocks that are open, this thread's are left."""
    for block in list(_paused):
        if block.thread != get_ident():
            _paused.discard(block)
    count()


in_forked_processes(keep_this_thread)


class Block:
    """One time that `no_grad` is entered.

    Attributes:
        leaving: A weak reference to what leaves it, where that is an object of its own.
        outer: The block that was open around it.
        entered, over: How far it has come.
        thread: Where it began.
    """

    __slots__ = ("entered", "leaving", "outer", "over", "thread")

    def __init__(self) -> None:
        self.entered = self.over = False
        self.leaving: Any = None
        self.outer: Any = None
        self.thread = get_ident()

    def lasts(self) -> bool:
        """Whether it has not been left, and still can be."""
        return not self.over and (self.leaving is None or self.leaving() is not None)


_looked_up: ContextVar[Any] = ContextVar("looked_up", default=None)  # the block whose leaving was asked for last


class Leaving:
    """`no_grad.__exit__`: a new function each time that it is looked up.

    A `with` statement does so before it enters, and holds that function until the block has been left, in whatever way.
    So the block lasts as long as the function does: cut short by an interrupt anywhere, even in the midst of entering
    or leaving, it is over.
    """

    def __get__(self, instance: Any, owner: Any = None) -> Callable[..., None]:
        block = Block()
        leaving = partial(leave, block)
        block.leaving = ref(leaving)
        _looked_up.set(block)
        return leaving


def leave(block: Block, *args: object) -> None:
    """End the block of `no_grad`; if it was never entered, that which was entered by hand last."""
    found = block if block.entered else innermost()
    if found is None:
        raise RuntimeError("no_grad: left without having been entered")
    found.over = True
    _paused.discard(found)
    count()


class no_grad:  # noqa: N801  (PyTorch's name)
    """Inside, operations leave no nodes: results are constants. A context manager and a decorator; per thread and task.

    >>> x = Value(2.0)
    >>> with no_grad():
    ...     y = x * x
    >>> y.operands
    ()
    """

    def __init__(self, function: object = None) -> None:
        if function is not None:
            raise TypeError("no_grad is called before it decorates: write @no_grad() with parentheses")

    def __enter__(self) -> None:
        block = _looked_up.get()
        if block is None or block.entered or not block.lasts():  # no `with` is under way: it is entered by hand
            block = Block()
        block.outer, block.entered = innermost(), True
        _paused.add(block)
        count()
        _block.set(block)

    __exit__ = Leaving()

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, whose operations leave no nodes."""
        from functools import wraps
        from inspect import isasyncgenfunction, iscoroutinefunction, isgeneratorfunction

        if isgeneratorfunction(function) or iscoroutinefunction(function) or isasyncgenfunction(function):
            raise TypeError(f"no_grad cannot decorate {function.__name__}: it yields; use `with no_grad():` inside it")

        @wraps(function)
        def quiet(*args: Any, **kwargs: Any) -> Any:
            with no_grad():
                return function(*args, **kwargs)

        return quiet
