"""Modules: anything that owns parameters, however nested."""

from collections.abc import Callable, Mapping
from typing import Any, Self

from autograd import Value, register_structure, vector_to_values
from autograd.border.wording import refuse_misspelt
from nn.modules.arguments import put_together, take_apart
from nn.modules.foldable import foldable
from nn.modules.hooks import AFTER, BEFORE, Handle, register
from nn.modules.naming import MEANT, NAMES, as_buffers
from nn.modules.state import StateError, as_number, some_of
from nn.modules.summary import Summary, summary
from nn.parts.columns import columns_of, require_module
from nn.parts.tree import apply_below, children_of, named_below
from nn.parts.walk import Structured, Walk

__all__ = ["Module"]


class Module(Structured):
    """Something with parameters: the leaf Values in its attributes, and in modules, lists, tuples and dicts therein.

    Constants and computed Values (an output kept for later) are not parameters. A Value that is reachable twice is
    one parameter, under the first of its names. Sets are not searched: they have no order.

    A module can be an argument of a compiled function. Derivatives by it come back as a module alike, whose parameters
    hold them. All else in it counts as fixed: where that differs, the function is recorded anew. What objects other
    than modules, lists, tuples and dicts hold is not seen; changed in place, it stays what it was in the recording.
    A compiled function is to give numbers back, or lists and dicts of them: what it computes into a module is not seen.

    A class says in `__call__`, or in PyTorch's `forward`, what a module computes.

    Attributes:
        training: Whether it is being trained: dropout and batch norm ask. See `train` and `eval`.

    >>> class Line(Module):
    ...     def __init__(self):
    ...         self.slope, self.offset = Value(2.0), Value(1.0)
    ...     def __call__(self, x):
    ...         return self.slope * x + self.offset
    >>> line = Line()
    >>> line(3.0).backward()
    >>> [(name, p.data, p.grad) for name, p in line.named_parameters()]
    [('slope', 2.0, 3.0), ('offset', 1.0, 1.0)]
    >>> from autograd import compile
    >>> compile(lambda line, x: line(x) * x).grad(line, 5.0).state_dict()
    {'slope': 25.0, 'offset': 5.0}
    """

    training: bool = True
    whole_batch = False  # whether training is to call it on all samples of a batch at once
    watched = False  # whether the class looks for hooks: see `hooks.py`

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        cls.watched = False
        register_structure(cls, take_apart, put_together)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """What `forward` gives.

        Raises:
            TypeError: the class has neither `__call__` nor `forward`.

        >>> class Double(Module):
        ...     def forward(self, x):
        ...         return 2.0 * x
        >>> Double()(3.0)
        6.0
        """
        forward = getattr(self, "forward", None)
        if forward is None:
            raise TypeError(
                f"{type(self).__name__} cannot be called: define __call__(self, x) or forward(self, x) in its class"
            )
        return forward(*args, **kwargs)

    def __network__(self) -> list[dict[str, Any]]:
        """Its columns of neurons as plain data, for `autograd.draw`.

        Raises:
            ValueError: there are no neurons in it.

        >>> from nn import MLP
        >>> [(column["name"], len(column["weights"])) for column in MLP(2, [3, 1]).__network__()]
        [('layers.0', 3), ('layers.1', 1)]
        """
        require_module(self, "draw")
        return [column._asdict() for column in columns_of(self, "draw")]

    def parameters(self) -> list[Value]:
        """Every parameter once, in the order of definition.

        Cost: a walk over all parameters; keep the list if you need it in a tight loop.

        >>> from nn import Neuron
        >>> len(Neuron(3).parameters())
        4
        """
        return Walk(self).parameters

    def named_parameters(self) -> list[tuple[str, Value]]:
        """Every parameter with its path from here: attributes, places in lists and keys of dicts, joined by dots.

        Raises:
            ValueError: two parameters have the same path, because a key of a dict contains a dot.

        >>> from nn import MLP
        >>> MLP(2, [3, 1]).named_parameters()[4][0]
        'layers.0.neurons.1.w.1'
        """
        walk = Walk(self)
        return list(zip(self._without_twins(walk.names()), walk.parameters, strict=True))

    def _without_twins(self, names: list[str]) -> list[str]:
        seen: set[str] = set()
        for name in names:
            if name in seen:
                raise ValueError(f"{type(self).__name__}: two parameters are named {name!r}: rename a key of a dict")
            seen.add(name)
        return names

    def _named_state(self) -> list[tuple[str, Value]]:
        """Parameters and buffers with their paths."""
        walk = Walk(self)
        names = self._without_twins([*walk.names(), *walk.names(buffers=True)])
        return list(zip(names, [*walk.parameters, *walk.buffers], strict=True))

    def modules(self) -> list["Module"]:
        """Itself and every module in it, each once, in the order of definition.

        >>> from nn import Layer
        >>> [type(x).__name__ for x in Layer(3, 2).modules()]
        ['Layer', 'Neuron', 'Neuron']
        """
        return [x for x in Walk(self).containers if isinstance(x, Module)]

    def named_modules(self) -> list[tuple[str, "Module"]]:
        """`modules()`, each with its path from here; its own is "".

        >>> from nn import MLP
        >>> [name for name, _ in MLP(2, [1]).named_modules()]
        ['', 'layers.0', 'layers.0.neurons.0']
        """
        return named_below(self)

    def children(self) -> list["Module"]:
        """The modules right below it, also those in its lists, tuples, dicts and arrays; each once.

        >>> from nn import MLP
        >>> [type(x).__name__ for x in MLP(2, [3, 1]).children()]
        ['Layer', 'Layer']
        """
        return [x for _, x in children_of(self)]

    def named_children(self) -> list[tuple[str, "Module"]]:
        """`children()`, each with its path from here.

        >>> from nn import MLP
        >>> [name for name, _ in MLP(2, [3, 1]).named_children()]
        ['layers.0', 'layers.1']
        """
        return children_of(self)

    def apply(self, fn: Callable[["Module"], Any]) -> Self:
        """Itself, after a call of `fn` with every module in it and then with itself; each after those in it, and once.

        Raises:
            TypeError: `fn` is no function.

        >>> from nn import Neuron
        >>> Neuron(2, rng=1).apply(lambda module: setattr(module.b, "data", 0.5)).b.data
        0.5
        """
        if not callable(fn):
            raise TypeError(f"apply: expected a function of a module, got {type(fn).__name__}")
        apply_below(self, fn)
        return self

    def register_buffer(self, name: str, tensor: Any) -> None:
        """Keep a number as the buffer `name`, or a list of numbers, however nested, as a list of buffers.

        `nn.update(buffer, x)` sets one in `__call__`, eagerly and compiled.

        Raises:
            TypeError: something is no real number.
            ValueError: the name is none, or taken.

        >>> module = Module()
        >>> module.register_buffer("means", [0.0, 1.0])
        >>> module.state_dict()
        {'means.0': 0.0, 'means.1': 1.0}
        """
        setattr(self, name, as_buffers(self, name, tensor))

    def buffers(self) -> list[Value]:
        """The numbers that it keeps besides its parameters, such as running means; each once.

        >>> Module().buffers()
        []
        """
        return Walk(self).buffers

    def named_buffers(self) -> list[tuple[str, Value]]:
        """Every buffer with its path from here.

        >>> Module().named_buffers()
        []
        """
        walk = Walk(self)
        return list(zip(walk.names(buffers=True), walk.buffers, strict=True))

    # --- what it is at ---

    def train(self, mode: bool = True) -> Self:
        """Itself, with every module in it, being trained; with False as by `eval`.

        >>> model = Module().eval()
        >>> model.training, model.train().training
        (False, True)
        """
        for module in self.modules():
            if mode:
                vars(module).pop("training", None)  # the class has it
            else:
                module.training = False
        return self

    def eval(self) -> Self:
        """Itself, with every module in it, no longer being trained: nothing is dropped, running numbers are used.

        >>> Module().eval().training
        False
        """
        return self.train(False)

    @property
    def requires_grad(self) -> bool:
        """Whether any of its parameters is to be trained. Set, it does what `requires_grad_` does.

        >>> from nn import Neuron
        >>> neuron = Neuron(2)
        >>> neuron.requires_grad = False
        >>> neuron.requires_grad, neuron.b.requires_grad
        (False, False)
        """
        return any(p.requires_grad for p in self.parameters())

    @requires_grad.setter
    def requires_grad(self, wanted: bool) -> None:
        self.requires_grad_(wanted)

    def requires_grad_(self, wanted: bool = True) -> Self:
        """Itself, with all its parameters frozen (False) or to be trained again (True).

        A frozen parameter is listed and saved; it gets no gradient, and no optimiser moves it.

        Raises:
            TypeError: `wanted` is no bool.

        >>> from nn import Neuron
        >>> neuron = Neuron(2).requires_grad_(False)
        >>> [p.requires_grad for p in neuron.parameters()]
        [False, False, False]
        """
        if type(wanted) is not bool:
            raise TypeError(f"requires_grad is True or False, got {type(wanted).__name__}")
        for p in self.parameters():
            p.requires_grad = wanted
        return self

    def freeze(self) -> Self:
        """Itself, with all its parameters frozen: as `requires_grad_(False)`.

        >>> from nn import Neuron
        >>> all(p.is_frozen for p in Neuron(2).freeze().parameters())
        True
        """
        return self.requires_grad_(False)

    def unfreeze(self) -> Self:
        """Itself, with all its parameters to be trained again.

        >>> from nn import Neuron
        >>> any(p.is_frozen for p in Neuron(2).freeze().unfreeze().parameters())
        False
        """
        return self.requires_grad_(True)

    def register_forward_hook(self, hook: Callable[[Any, tuple[Any, ...], Any], Any]) -> Handle:
        """Have it call `hook(module, args, output)` whenever it has been called; what that gives replaces the output.

        Args:
            hook: A function; None is no replacement.

        Returns:
            A handle, to `remove()` it.

        Raises:
            TypeError: `hook` is no function.

        >>> from nn import Neuron
        >>> neuron = Neuron(1, rng=1)
        >>> handle = neuron.register_forward_hook(lambda module, args, output: output * 0.0)
        >>> neuron([1.0]).data
        0.0
        """
        return register(self, AFTER, hook)

    def register_forward_pre_hook(self, hook: Callable[[Any, tuple[Any, ...]], Any]) -> Handle:
        """Have it call `hook(module, args)` whenever it is called; what that gives replaces the arguments.

        >>> from nn import Neuron
        >>> neuron = Neuron(1, "linear", rng=1)
        >>> handle = neuron.register_forward_pre_hook(lambda module, args: [0.0])
        >>> neuron([1.0]).data
        0.0
        """
        return register(self, BEFORE, hook)

    def summary(self, sample: Any = None) -> Summary:
        """Its layers as a table: shapes of what they give, parameters, buffers, nodes of the graph of one sample.

        Args:
            sample: What it is called on; None takes one made up, where the first layer says how large it is.

        Raises:
            ValueError: what a sample looks like cannot be guessed.

        >>> from nn import Neuron
        >>> Neuron(2).summary().total["nodes"]
        2
        """
        return summary(self, sample)

    def zero_grad(self) -> None:
        """Set the `grad` of every parameter to 0, before a `backward` that is not to add to the last one.

        >>> p = Value(1.0)
        >>> m = Module()
        >>> m.p = p
        >>> p.backward()
        >>> m.zero_grad()
        >>> p.grad
        0.0
        """
        vector_to_values(0.0, self.parameters(), "grad")

    def state_dict(self) -> dict[str, float]:
        """The number of every parameter, and of every buffer, under its name; plain floats, ready for JSON.

        >>> from nn import Neuron
        >>> list(Neuron(2, rng=1).state_dict())
        ['w.0', 'w.1', 'b']
        """
        return {name: p.data for name, p in self._named_state()}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Set every parameter and buffer to the number under its name; all of them, or none if anything is wrong.

        Args:
            state: What `state_dict` of a module of the same shape gave.

        Raises:
            ValueError: entries are missing or left over, or one is not a number (a list where one number belongs), or
                `state` is no dict at all. The last two are TypeErrors too: it may be a damaged file, or a mistake.

        >>> from nn import Neuron
        >>> a, b = Neuron(2, rng=1), Neuron(2, rng=2)
        >>> b.load_state_dict(a.state_dict())
        >>> a.state_dict() == b.state_dict()
        True
        """
        if not isinstance(state, Mapping):
            raise StateError(f"load_state_dict: expected a dict of names to numbers, got {type(state).__name__}")
        mine = self._named_state()
        names = {name for name, _ in mine}
        missing = [name for name, _ in mine if name not in state]
        extra = [name for name in state if name not in names]
        if missing or extra:
            found = (("missing", missing), ("unknown", extra))
            complaints = [f"{what} {some_of(ones)}" for what, ones in found if ones]
            raise ValueError(f"load_state_dict: {'; '.join(complaints)}: the state is of a module of another shape")
        numbers = [as_number(name, state[name]) for name, _ in mine]
        vector_to_values(numbers, [p for _, p in mine], "data")

    def __dir__(self) -> list[str]:
        return [name for name in object.__dir__(self) if name not in NAMES or name in vars(self)]

    def _repr_html_(self) -> str | None:
        """The module in a notebook: a tree to unfold, with sizes, mean |w|, mean |grad| and paths."""
        try:
            return foldable(self)
        except Exception:  # a repr never raises: without this one, a notebook takes the other
            return None


register_structure(Module, take_apart, put_together)  # the classes below it see to themselves
refuse_misspelt(Module, "a module", MEANT)
