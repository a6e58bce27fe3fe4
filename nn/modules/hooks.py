"""Hooks: functions of a user's own that are called whenever a module is called.

A class whose modules have none is called as it stands: its `__call__` is wrapped when the first hook is registered.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from itertools import count
from typing import Any

__all__ = ["AFTER", "BEFORE", "Handle", "quietly", "register"]

BEFORE, AFTER = "_forward_pre_hooks", "_forward_hooks"
"""The attributes of a module that hold them, by number."""

_numbers = count()
_quiet: ContextVar[tuple[int, ...]] = ContextVar("quiet", default=())


@contextmanager
def quietly(module: Any) -> Iterator[None]:
    """Meanwhile calls of a module are part of one that its hooks have been told of: of a batch, sample by sample.

    >>> from nn import Neuron
    >>> neuron, seen = Neuron(1, rng=1), []
    >>> handle = neuron.register_forward_hook(lambda module, args, output: seen.append(output))
    >>> len(neuron([[1.0], [2.0]])), len(seen)
    (2, 1)
    """
    token = _quiet.set((*_quiet.get(), id(module)))
    try:
        yield
    finally:
        _quiet.reset(token)


class Handle:
    """What a hook is removed by.

    >>> from nn import Neuron
    >>> neuron = Neuron(2, rng=1)
    >>> seen = []
    >>> handle = neuron.register_forward_hook(lambda module, args, output: seen.append(output.data))
    >>> len(neuron([1.0, 2.0])._op), len(seen)
    (4, 1)
    >>> handle.remove()
    >>> len(neuron([1.0, 2.0])._op), len(seen)
    (4, 1)
    """

    def __init__(self, module: Any, where: str, number: int) -> None:
        self._module, self._where, self._number = module, where, number

    def remove(self) -> None:
        """Take the hook away; once it is gone, nothing happens."""
        hooks = vars(self._module).get(self._where, {})
        hooks.pop(self._number, None)
        if not hooks:
            vars(self._module).pop(self._where, None)


def register(module: Any, where: str, hook: Callable[..., Any]) -> Handle:
    """Have a module call a hook, before it computes or after.

    Raises:
        TypeError: the hook is no function.
    """
    if not callable(hook):
        raise TypeError(f"a hook is a function, got {type(hook).__name__}")
    watch(type(module))
    number = next(_numbers)
    vars(module).setdefault(where, {})[number] = hook
    return Handle(module, where, number)


def watch(cls: Any) -> None:
    """Have the modules of a class look for hooks when they are called."""
    if cls.watched:
        return
    original = cls.__call__

    @wraps(original)
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        if type(self).__call__ is not call or id(self) in _quiet.get():  # that of a class below sees to it
            return original(self, *args, **kwargs)
        for hook in list(vars(self).get(BEFORE, {}).values()):
            changed = hook(self, args)
            if changed is not None:
                args = changed if isinstance(changed, tuple) else (changed,)
        output = original(self, *args, **kwargs)
        for hook in list(vars(self).get(AFTER, {}).values()):
            changed = hook(self, args, output)
            output = output if changed is None else changed
        return output

    cls.__call__ = call
    cls.watched = True
