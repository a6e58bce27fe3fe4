"""What is called while a model computes: which modules, with what, what they gave, and what was called meanwhile."""

from collections.abc import Callable
from functools import partial
from types import FunctionType, MethodType
from typing import Any

from autograd import Value
from autograd.border.wording import brief
from nn.modules.hooks import AFTER, BEFORE, register
from nn.parts.outline import Part, outline
from nn.parts.walk import Structured

__all__ = ["Call", "calls_of", "is_neuron", "modules_in", "vectors_in"]


class Call:
    """A call of a module.

    Attributes:
        part: Where the module is in the model; None stands for the model as a whole, if it is no module.
        args: What it was called with.
        output: What it gave.
        calls: The calls that were made meanwhile.
    """

    __slots__ = ("args", "calls", "output", "part")

    def __init__(self, part: Part | None, args: tuple[Any, ...]) -> None:
        self.part, self.args = part, args
        self.output: Any = None
        self.calls: list[Call] = []

    def all(self) -> list["Call"]:
        """Every call made meanwhile and this one, each after those made meanwhile."""
        found, waiting = [], [self]
        while waiting:
            call = waiting.pop()
            found.append(call)
            waiting += call.calls
        return found[::-1]


def modules_in(model: Any) -> Any:
    """The modules that a model has: itself; or, of a function, those it refers to, by their names.

    Raises:
        TypeError: it cannot be called.

    >>> from nn import Neuron
    >>> neuron = Neuron(2)
    >>> list(modules_in(lambda x: neuron(x).tanh()))
    ['neuron']
    """
    if isinstance(model, Structured):
        return model
    if not callable(model):
        raise TypeError(f"expected a model, which is a module or another function of a sample, got {brief(model)}")
    found: dict[str, Any] = {}
    waiting, met = [model], set()
    while waiting:
        function = waiting.pop()
        if id(function) in met:
            continue
        met.add(id(function))
        for name, thing in referred_to(function):
            if holds_modules(thing):
                found.setdefault(name, thing)
            elif isinstance(thing, (FunctionType, MethodType, partial)):
                waiting.append(thing)
    return found


def referred_to(function: Any) -> list[tuple[str, Any]]:
    """What a function uses by name: variables around it, defaults, what it is bound to; of an object its attributes."""
    if isinstance(function, partial):
        given = [(f"argument {i}", x) for i, x in enumerate(function.args)]
        return [("function", function.func), *given, *function.keywords.items()]
    if isinstance(function, MethodType):
        return [("self", function.__self__), *referred_to(function.__func__), *attributes(function.__self__)]
    if not isinstance(function, FunctionType):
        method = vars(type(function)).get("__call__")
        return [*attributes(function), *([("__call__", method)] if isinstance(method, FunctionType) else [])]
    code = function.__code__
    found = [(name, function.__globals__[name]) for name in code.co_names if name in function.__globals__]
    for name, cell in zip(code.co_freevars, function.__closure__ or (), strict=True):
        try:
            found.append((name, cell.cell_contents))
        except ValueError:  # a cell that is empty so far
            continue
    defaults = function.__defaults__ or ()
    found += zip(code.co_varnames[code.co_argcount - len(defaults) : code.co_argcount], defaults, strict=True)
    return [*found, *(function.__kwdefaults__ or {}).items()]


def attributes(thing: Any) -> list[tuple[str, Any]]:
    """The attributes of an object."""
    return list(vars(thing).items()) if hasattr(thing, "__dict__") and not isinstance(thing, type) else []


def holds_modules(thing: Any) -> bool:
    """Whether a thing is a module, or a list or dict that holds one."""
    if isinstance(thing, dict):
        thing = list(thing.values())
    return isinstance(thing, Structured) or (
        isinstance(thing, (list, tuple)) and any(isinstance(x, Structured) for x in thing)
    )


def calls_of(modules: Any, compute: Callable[[], Any]) -> Call:
    """What is called while something is computed; the call at the top is that of `compute`.

    Args:
        modules: What `modules_in` gave.
        compute: A function without arguments.

    >>> from nn import MLP
    >>> model = MLP(2, [3, 1], rng=1)
    >>> top = calls_of(model, lambda: model([1.0, 2.0]))
    >>> [call.part.path for call in top.all() if call.part]
    ['layers.0', 'layers.1', '']
    """
    parts = [part for part in outline(modules)[0].modules() if isinstance(part.thing, Structured)]
    classes = {type(part.thing) for part in parts}
    before = [(cls, vars(cls).get("__call__"), cls.watched) for cls in classes]
    top = Call(None, ())
    open_calls = [top]

    def begin(part: Part, module: Any, args: tuple[Any, ...]) -> None:
        call = Call(part, args)
        open_calls[-1].calls.append(call)
        open_calls.append(call)

    def end(module: Any, args: tuple[Any, ...], output: Any) -> None:
        while len(open_calls) > 1:
            call = open_calls.pop()  # one that failed, and whose error the model caught, has no end of its own
            if call.part is not None and call.part.thing is module:
                call.output = output
                break

    handles = []
    try:
        for part in parts:
            if part.holder is not None and part.holder.name == "neurons":  # a layer speaks for its neurons
                continue
            handles.append(register(part.thing, BEFORE, partial(begin, part)))
            handles.append(register(part.thing, AFTER, end))
        top.output = compute()
    finally:
        for handle in handles:
            handle.remove()
        for cls, call, watched in before:  # so that a model that is trained afterwards is as fast as before
            if watched:
                continue
            if call is not None:
                cls.__call__ = call
            elif "__call__" in vars(cls):
                del cls.__call__
            cls.watched = False
    return top


def is_neuron(call: Call) -> bool:
    """Whether a call is of one of many modules side by side: in a list, without modules in it, with one output."""
    part = call.part
    if part is None or not isinstance(call.output, Value) or call.calls:
        return False
    return part.name.isdigit() and not part.holds_modules()


def vectors_in(output: Any) -> list[list[Any]]:
    """The innermost lists of an output, of numbers and Values; a number by itself is a list of one.

    >>> vectors_in([[1.0, 2.0], [3.0]]), vectors_in(1.0), vectors_in(([1.0], {"state": [2.0]}))
    ([[1.0, 2.0], [3.0]], [[1.0]], [[1.0], [2.0]])
    """
    found: list[list[Any]] = []
    waiting = [output]
    while waiting:
        x = waiting.pop()
        if hasattr(x, "to_numpy"):
            x = x.to_numpy()
        if hasattr(x, "tolist") and not isinstance(x, Value):
            x = x.tolist()
        if isinstance(x, dict):
            x = list(x.values())
        if not isinstance(x, (list, tuple)):
            if isinstance(x, (Value, float, int)):
                found.append([x])
            continue
        numbers = [u for u in x if isinstance(u, (Value, float, int))]
        if numbers:
            found.append(numbers)
        waiting += reversed([u for u in x if not isinstance(u, (Value, float, int))])
    return found
