"""What every optimiser has: groups of parameters, a learning rate, and a step."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from autograd import Value, values_to_vector, vector_to_values
from nn.optimisers.remembering import checked_state, merged, plain
from nn.optimisers.settings import (
    Group,
    Rate,
    Setting,
    as_flag,
    as_rate,
    refuse_misspelt_setting,
    settings_of,
)  # fmt: skip

__all__ = ["Optimiser", "asked_for"]


class Optimiser:
    """How parameters follow their gradients; what a step is, a class below says.

    An optimiser of your own writes one of three methods:

    - `rule(data, grads, group, state)`: where a group of parameters goes, in NumPy vectors. Groups, frozen parameters,
      weight decay, `state_dict` and compiled training come with it.
    - `update(data, grads)`: the same for all parameters at once, in the order of `parameters`.
    - `step()`: anything, parameter by parameter. Compiled training then goes through the Values.

    What training asks of one: `parameters`, a list of Values; `lr`, which a schedule sets; `zero_grad()` and `step()`,
    or in their place `update(data, grads)`, which gives new numbers and touches no Value; `refresh()` before it, where
    parameters may have been frozen; `state_dict()` and `load_state_dict(state)`, for checkpoints.

    Args:
        parameters: What `module.parameters()` gives; or groups, as in PyTorch: dicts with "params" and settings of
            their own, such as `{"params": layer.parameters(), "lr": 0.01}`.
        lr: Learning rate, 0 or more. Set the attribute for a schedule: groups with a rate of their own keep its ratio
            to that of the first.
        settings: What else the class has a `Setting` for.

    Attributes:
        param_groups: The groups, each a dict: "params" and the settings, which can be read and set.

    Raises:
        TypeError: something given is not a parameter, or not a number; none of the three methods is written.
        ValueError: a setting is out of range; there are no parameters; one is listed twice, or is a constant or a
            computed Value, which training cannot move.

    >>> class Signs(Optimiser):
    ...     def rule(self, data, grads, group, state):
    ...         return data - group["lr"] * np.sign(grads)
    >>> p = Value(1.0)
    >>> optimiser = Signs([p], lr=0.25)
    >>> (p * p).backward()
    >>> optimiser.step()
    >>> p.data
    0.75
    """

    lr = Rate(as_rate, 0.001)
    maximize = Setting(as_flag, False)
    _shown: tuple[str, ...] = ("lr",)

    def __init__(self, parameters: Iterable[Any], lr: float = 0.001, **settings: Any) -> None:
        kind = type(self)
        written = (kind.rule, kind.update, kind.step)
        if all(f is g for f, g in zip(written, (Optimiser.rule, Optimiser.update, Optimiser.step), strict=True)):
            raise TypeError(f"{kind.__name__} is abstract: write rule(data, grads, group, state), or step()")
        known = settings_of(kind)
        for name in settings:
            if name not in known:
                raise TypeError(f"{kind.__name__}: no setting {name!r}: there are {', '.join(known)}")
        self._others = {name: known[name].check(x, f"{kind.__name__}: {name}") for name, x in settings.items()}
        self._others["lr"] = known["lr"].check(lr, f"{kind.__name__}: lr")
        given = [{"params": parameters}] if not is_grouped(parameters) else list(parameters)
        self._groups: tuple[Group, ...] = ()
        self._free: list[Any] | None = None
        self._states: list[dict[str, Any]] = []
        self._listed: list[Value] = []
        for group in given:
            self.add_param_group(group)

    # --- groups ------------------------------------------------------------------------------------------------------

    @property
    def param_groups(self) -> tuple[Group, ...]:
        """The groups of parameters: dicts with "params" and settings. Settings can be set; `add_param_group` adds one.

        >>> from nn import SGD
        >>> SGD([Value(1.0)], lr=0.1).param_groups[0]["lr"]
        0.1
        """
        return self._groups

    def add_param_group(self, group: Mapping[str, Any]) -> None:
        """Move more parameters too: `{"params": ...}` with settings of their own, else those of the optimiser.

        Raises:
            TypeError: it is no dict, or something in it is not a parameter, or no number.
            ValueError: a setting is unknown or out of range; a parameter is in another group.

        >>> from nn import SGD
        >>> sgd = SGD([Value(1.0)], lr=0.1)
        >>> sgd.add_param_group({"params": [Value(2.0)], "lr": 0.01})
        >>> len(sgd.parameters), sgd.lr
        (2, 0.1)
        """
        name = type(self).__name__
        if not isinstance(group, Mapping):
            raise TypeError(f'{name}: a group of parameters is a dict with "params", got a {type(group).__name__}')
        new = Group(type(self), group, self._others)
        mine = {id(p) for p in self._listed}
        for i, p in enumerate(new["params"]):
            if id(p) in mine:
                raise ValueError(f"{name}: parameter {i} of a group, {p!r}, is in another too: it would move twice")
        new.ratio = new["lr"] / self._groups[0]["lr"] if self._groups and self._groups[0]["lr"] else 1.0
        state = self.start(len(new["params"]), new)
        self._groups, self._states = (*self._groups, new), [*self._states, state]
        self._list()
        self.refresh()

    @property
    def parameters(self) -> list[Value]:
        """All parameters, group by group. Setting it, where there is one group, forgets what was kept of the old ones.

        Raises:
            TypeError: something given is not a parameter.
            ValueError: one given cannot be trained; there are several groups.

        >>> from nn import SGD
        >>> p = Value(1.0)
        >>> SGD([p]).parameters == [p]
        True
        """
        return self._listed

    @parameters.setter
    def parameters(self, parameters: Iterable[Value]) -> None:
        if len(self._groups) > 1:
            raise ValueError(f"{type(self).__name__}: there are {len(self._groups)} groups: make a new optimiser")
        old = self._groups[0]
        new = Group(type(self), {**old, "params": parameters}, {})
        self._groups, self._states = (new,), [self.start(len(new["params"]), new)]
        self._list()
        self.refresh()

    def _list(self) -> None:
        """Note the parameters in order, and where each group begins."""
        self._listed = [p for group in self._groups for p in group["params"]]
        ends = np.cumsum([len(group["params"]) for group in self._groups]).tolist()
        self._ranges = [slice(a, b) for a, b in zip([0, *ends], ends, strict=False)]

    def refresh(self) -> None:
        """Look which parameters are frozen (`p.requires_grad = False`): these neither move nor decay. `step` looks too.

        Cost: a few nanoseconds per parameter.

        >>> from nn import SGD
        >>> p, q = Value(1.0), Value(1.0)
        >>> sgd = SGD([p, q], lr=0.5)
        >>> p.requires_grad = False
        >>> sgd.refresh()
        >>> sgd.update(np.ones(2), np.ones(2))
        array([1. , 0.5])
        """
        free = values_to_vector(self._listed, "requires_grad") != 0.0
        self._free = None if free.all() else [None if free[part].all() else free[part] for part in self._ranges]

    # --- steps -------------------------------------------------------------------------------------------------------

    def zero_grad(self) -> None:
        """Set the `grad` of every parameter to 0.

        >>> from nn import SGD
        >>> p = Value(1.0)
        >>> p.grad = 2.0
        >>> SGD([p], lr=0.1).zero_grad()
        >>> p.grad
        0.0
        """
        vector_to_values(0.0, self.parameters, "grad")

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Move every parameter once, as its `grad` says: all, or with an interrupt in the compiled build perhaps none.

        Args:
            closure: Called first: a function that calls `zero_grad()`, computes the loss, calls its `backward()`, and
                gives it back; None, where gradients are there.

        Returns:
            What `closure` gave, the loss before the step.

        Raises:
            TypeError: `closure` is no function.

        >>> from nn import SGD
        >>> p = Value(1.0)
        >>> p.grad = 2.0
        >>> SGD([p], lr=0.25).step()
        >>> p.data
        0.5
        """
        loss = None if closure is None else asked_for(closure, type(self).__name__)
        parameters = self.parameters
        grads, data = values_to_vector(parameters, "grad"), values_to_vector(parameters, "data")
        self.refresh()
        vector_to_values(self.update(data, grads), parameters, "data")
        return loss

    def update(self, data: Any, grads: Any) -> Any:
        """The numbers after a step, from those before it and their gradients; no Value is read or set.

        What the optimiser remembers is replaced at once at the end: an interrupt leaves it as it was, or moved on.

        Args:
            data: The numbers of the parameters, a vector in the order of `parameters`. It stays as it is.
            grads: As many gradients. They stay as they are.

        Raises:
            ValueError: there are not as many numbers as parameters.

        >>> from nn import SGD
        >>> SGD([Value(1.0), Value(2.0)], lr=0.5).update(np.array([1.0, 2.0]), np.array([1.0, -1.0]))
        array([0.5, 2.5])
        """
        if type(self).rule is Optimiser.rule:
            return self._update_by_steps(data, grads)
        data, grads = np.asarray(data, dtype=float), np.asarray(grads, dtype=float)
        n = self._ranges[-1].stop
        if data.shape != (n,) or grads.shape != (n,):
            raise ValueError(
                f"{type(self).__name__}: update: shapes {data.shape} and {grads.shape}, but there are {n} parameters"
            )
        with np.errstate(all="ignore"):  # nan and infinity go through, as they do in Values
            if len(self._groups) == 1 and self._free is None:
                moved, state = self._move(self._groups[0], self._states[0], data, grads)
                states = [state]
            else:
                moved, states = np.empty(n), []
                free = self._free or [None] * len(self._groups)
                for group, old, part, mask in zip(self._groups, self._states, self._ranges, free, strict=True):
                    move = self._move if mask is None else self._move_some(mask)
                    moved[part], state = move(group, old, data[part], grads[part])
                    states.append(state)
        self._states = states
        return moved

    def _move(self, group: Group, old: dict[str, Any], data: Any, grads: Any) -> tuple[Any, dict[str, Any]]:
        """A group's numbers after a step, and what is remembered of it then."""
        state = dict(old)
        if group["maximize"]:
            grads = -grads
        decay = group.get("weight_decay", 0.0)
        if decay:
            if group.get("decoupled_weight_decay", False):
                data = data * (1.0 - group["lr"] * decay)
            else:
                grads = grads + decay * data
        return self.rule(data, grads, group, state), state

    def _move_some(self, free: Any) -> Callable[[Group, dict[str, Any], Any, Any], tuple[Any, dict[str, Any]]]:
        """`_move` for a group of which some are frozen."""

        def move(group: Group, old: dict[str, Any], data: Any, grads: Any) -> tuple[Any, dict[str, Any]]:
            if not free.any():
                return data, old
            picked = {key: x[free] if isinstance(x, np.ndarray) else x for key, x in old.items()}
            some, new = self._move(group, picked, data[free], grads[free])
            moved = data.copy()
            moved[free] = some
            return moved, {key: merged(old.get(key, 0.0), x, free) for key, x in new.items()}

        return move

    def _update_by_steps(self, data: Any, grads: Any) -> Any:
        """`update` for a class that says how to step and no more: through the Values."""
        vector_to_values(data, self.parameters, "data")
        vector_to_values(grads, self.parameters, "grad")
        self.step()
        return values_to_vector(self.parameters, "data")

    def rule(self, data: Any, grads: Any, group: Group, state: dict[str, Any]) -> Any:
        """A group's numbers after a step; to be written.

        Args:
            data: The numbers of its parameters, with decoupled weight decay done. Not to be changed: give a new array.
            grads: Their gradients, those of what is made small, with L2 weight decay added. Not to be changed.
            group: The settings, by name.
            state: What is remembered from step to step, by name: numbers, and arrays with an element per parameter.
                New ones are put in place of the old, which are not to be changed. While some parameters are frozen
                it is called with the others, and after that a number may have become an array.

        >>> from nn import SGD
        >>> sgd = SGD([Value(1.0)], lr=0.25)
        >>> sgd.rule(np.array([1.0]), np.array([2.0]), sgd.param_groups[0], {})
        array([0.5])
        """
        raise NotImplementedError(f"{type(self).__name__} has no rule")

    def start(self, size: int, group: Group) -> dict[str, Any]:
        """What `rule` finds in `state` at the first step; nothing, where a class says nothing else.

        >>> from nn import Adam
        >>> adam = Adam([Value(1.0)])
        >>> adam.start(2, adam.param_groups[0])["exp_avg"]
        array([0., 0.])
        """
        return {}

    # --- what is remembered ------------------------------------------------------------------------------------------

    def state_dict(self) -> dict[str, Any]:
        """All that the next steps depend on, but for parameters and gradients, as plain data, fit for JSON.

        >>> from nn import SGD
        >>> sgd = SGD([Value(1.0)], lr=0.1, momentum=0.9)
        >>> sgd.param_groups[0]["params"][0].grad = 2.0
        >>> sgd.step()
        >>> sgd.state_dict()["state"]
        [{'momentum_buffer': [2.0]}]
        """
        return {
            "optimiser": type(self).__name__,
            "param_groups": [
                {key: plain(x) for key, x in group.items() if key != "params"} | {"size": len(group["params"])}
                for group in self._groups
            ],
            "state": [{key: plain(x) for key, x in state.items()} for state in self._states],
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on where another optimiser of this class stood, over as many parameters: settings and all it remembered.

        Raises:
            TypeError: it is no dict.
            ValueError: it is not of this class, or of other sizes, or damaged; nothing is changed then.

        >>> from nn import Adam
        >>> p = Value(1.0)
        >>> adam, other = Adam([p]), Adam([p], lr=0.5)
        >>> adam.load_state_dict(other.state_dict())
        >>> adam.lr
        0.5
        """
        groups, states = checked_state(state, type(self).__name__, self._groups)
        for group, given in zip(self._groups, groups, strict=True):
            dict.update(group, given)
        self._states = states

    def __setattr__(self, name: str, x: Any) -> None:
        if name[0] != "_" and not hasattr(type(self), name) and name not in vars(self):
            refuse_misspelt_setting(name, type(self))
        object.__setattr__(self, name, x)

    def __repr__(self) -> str:
        first = self._groups[0]
        unusual = [name for name, x in settings_of(type(self)).items() if first[name] != x.default]
        shown = [*self._shown, *[name for name in unusual if name not in self._shown]]
        groups = f" in {len(self._groups)} groups" if len(self._groups) > 1 else ""
        said = "".join([f", {name}={first[name]}" for name in shown])
        return f"{type(self).__name__}({len(self.parameters)} parameters{groups}{said})"


def is_grouped(parameters: Any) -> bool:
    """Whether these are groups of parameters: a list that holds a dict."""
    return isinstance(parameters, (list, tuple)) and any(isinstance(x, Mapping) for x in parameters)


def asked_for(closure: Callable[[], Any], what: str) -> Any:
    """What a closure gives.

    Raises:
        TypeError: it is no function.
    """
    if not callable(closure):
        raise TypeError(
            f"{what}: step(closure) takes a function that computes the loss, calls its backward(), and returns it; got "
            f"{type(closure).__name__}: call step() where gradients are there"
        )
    return closure()
