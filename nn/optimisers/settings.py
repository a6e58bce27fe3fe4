"""What a group of parameters is moved with: its learning rate and the other settings, each looked at as it is set."""

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any, Generic, TypeVar, overload
from weakref import WeakKeyDictionary

from autograd import Value
from autograd.border.wording import brief, slips
from nn.checks import as_finite, as_list

__all__ = [
    "Group", "Rate", "Setting", "as_betas", "as_decay", "as_flag", "as_positive", "as_rate", "as_share",
    "meant_by", "refuse_misspelt_setting", "settings_of", "trainable",
]  # fmt: skip

T = TypeVar("T")


def as_rate(x: Any, what: str) -> float:
    """`x` as a learning rate: finite, 0 or more. A rate of 0 moves nothing, which a schedule may want.

    Raises:
        TypeError: `x` is not a real number.
        ValueError: it is negative, nan or infinite.

    >>> as_rate(0, "SGD: lr")
    0.0
    """
    rate = as_finite(x, what)
    if rate < 0.0:
        raise ValueError(f"{what} is {rate}; a learning rate is positive or 0")
    return rate


def as_decay(x: Any, what: str) -> float:
    """`x` as a finite float that is 0 or more.

    Raises:
        TypeError: `x` is not a real number.
        ValueError: it is negative, nan or infinite.

    >>> as_decay(0.01, "SGD: weight_decay")
    0.01
    """
    number = as_finite(x, what)
    if number < 0.0:
        raise ValueError(f"{what} is {number}; it is 0 or more")
    return number


def as_positive(x: Any, what: str) -> float:
    """`x` as a finite float above 0.

    Raises:
        TypeError: `x` is not a real number.
        ValueError: it is 0, negative, nan or infinite.

    >>> as_positive(2, "clip_grad_norm: max_norm")
    2.0
    """
    number = as_finite(x, what)
    if number <= 0.0:
        raise ValueError(f"{what} is {number}; it is above 0")
    return number


def as_share(x: Any, what: str) -> float:
    """`x` as a float from 0 to below 1.

    Raises:
        TypeError: `x` is not a real number.
        ValueError: it is out of range, or nan.

    >>> as_share(0.9, "SGD: momentum")
    0.9
    """
    share = as_finite(x, what)
    if not 0.0 <= share < 1.0:
        raise ValueError(f"{what} is {share}; it is at least 0 and below 1")
    return share


def as_betas(x: Any, what: str) -> tuple[float, float]:
    """`x` as two shares: what is kept of the mean of gradients, and of that of their squares.

    Raises:
        TypeError: `x` is not a pair of real numbers.
        ValueError: there are not two, or one is out of range.

    >>> as_betas([0.9, 0.999], "Adam: betas")
    (0.9, 0.999)
    """
    pair = as_list(x, what)
    if len(pair) != 2:
        raise ValueError(f"{what}: expected two numbers, got {len(pair)}")
    return as_share(pair[0], f"{what}[0]"), as_share(pair[1], f"{what}[1]")


def as_flag(x: Any, what: str) -> bool:
    """`x`, which is True or False.

    Raises:
        TypeError: it is neither.

    >>> as_flag(True, "SGD: nesterov")
    True
    """
    if not isinstance(x, bool):
        raise TypeError(f"{what}: expected True or False, got {type(x).__name__} {brief(x)}")
    return x


class Setting(Generic[T]):
    """A setting of an optimiser, as an attribute of its class: read from its first group, set in all of them.

    Args:
        check: Gives the setting as it is kept, or refuses it; called with what was given and its name for messages.
        default: What it is where nothing is given.

    >>> from nn import SGD
    >>> sgd = SGD([Value(1.0)], lr=0.1)
    >>> sgd.momentum = 0.5
    >>> sgd.momentum, sgd.param_groups[0]["momentum"]
    (0.5, 0.5)
    """

    def __init__(self, check: Callable[[Any, str], T], default: T) -> None:
        self.check, self.default = check, default

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, instance: None, owner: Any = None) -> "Setting[T]": ...
    @overload
    def __get__(self, instance: Any, owner: Any = None) -> T: ...
    def __get__(self, instance: Any, owner: Any = None) -> "Setting[T] | T":
        if instance is None:
            return self
        setting: T = instance.param_groups[0][self.name]
        return setting

    def __set__(self, instance: Any, x: Any) -> None:
        checked = self.check(x, f"{type(instance).__name__}: {self.name}")
        for group in instance.param_groups:
            group[self.name] = checked


class Rate(Setting[float]):
    """The learning rate: set, the first group has it, and others keep the ratio to it that they had at the start.

    >>> from nn import SGD
    >>> sgd = SGD([{"params": [Value(1.0)]}, {"params": [Value(2.0)], "lr": 0.25}], lr=0.5)
    >>> sgd.lr = 0.25
    >>> [group["lr"] for group in sgd.param_groups]
    [0.25, 0.125]
    """

    def __set__(self, instance: Any, x: Any) -> None:
        rate = self.check(x, f"{type(instance).__name__}: {self.name}")
        for group in instance.param_groups:
            group[self.name] = rate * group.ratio


def settings_of(kind: type) -> dict[str, Setting[Any]]:
    """The settings of a class by name, those of its bases first.

    >>> from nn import SGD
    >>> list(settings_of(SGD))[:2]
    ['lr', 'maximize']
    """
    if kind not in _settings:
        rows = [row for base in reversed(kind.__mro__) for row in vars(base).items()]
        _settings[kind] = {name: x for name, x in rows if isinstance(x, Setting)}
    return _settings[kind]


_settings: WeakKeyDictionary[type, dict[str, Setting[Any]]] = WeakKeyDictionary()


ALIASES = {
    "lr": ("learning_rate", "rate", "lr_rate", "base_lr"),
    "weight_decay": ("decay", "wd", "decay_rate"),
    "betas": ("beta", "beta1", "beta2", "beta_1", "beta_2"),
    "eps": ("epsilon",),
    "momentum": ("mom", "mu"),
    "maximize": ("maximise",),
    "decoupled_weight_decay": ("decoupled",),
    "history_size": ("history",),
    "max_iter": ("iterations",),
}
"""What other libraries and papers call a setting."""


def meant_by(name: str, kind: type) -> str | None:
    """The setting of a class that a name, which is none, was to be: another word for it, or a slip; None for no such.

    >>> from nn import SGD
    >>> meant_by("learning_rate", SGD), meant_by("momentums", SGD), meant_by("velocity", SGD)
    ('lr', 'momentum', None)
    """
    settings = list(settings_of(kind))
    plain = {setting.replace("_", ""): setting for setting in settings}
    bare = name.lower().replace("_", "")
    for setting in settings:
        others = {other.replace("_", "") for other in ALIASES.get(setting, ())}
        if bare in others or (len(name) > 1 and (name in slips(setting) or bare == setting.replace("_", "") + "s")):
            return setting
    near = get_close_matches(bare, plain, 1, 0.85)
    return plain[near[0]] if near else None


def refuse_misspelt_setting(name: str, kind: type, where: str = "") -> None:
    """Pass if an attribute of an optimiser's own may have this name.

    Raises:
        AttributeError: it was to be a setting, and would have no effect.
    """
    meant = meant_by(name, kind)
    if meant is not None:
        raise AttributeError(f"{kind.__name__} has no {name}, setting it would do nothing: write {where}{meant}")


class Group(dict[str, Any]):
    """Parameters that are moved alike, and how: "params" and a setting per name, as in PyTorch's `param_groups`.

    What is set is looked at: a name that is none, or a rate below 0, is refused and changes nothing.

    Args:
        kind: The class of the optimiser.
        given: "params", and the settings that are not those of the others.
        others: Settings of the optimiser where the group has none of its own.

    Attributes:
        ratio: Of its learning rate to that of the first group.

    Raises:
        TypeError: something given is not a parameter, or no number.
        ValueError: a setting is unknown or out of range; a parameter cannot be trained.

    >>> from nn import SGD
    >>> sgd = SGD([{"params": [Value(1.0)]}, {"params": [Value(2.0)], "lr": 0.01}], lr=0.1)
    >>> [group["lr"] for group in sgd.param_groups]
    [0.1, 0.01]
    >>> sgd.param_groups[1]["lr"] = -1.0
    Traceback (most recent call last):
    ValueError: SGD: lr is -1.0; a learning rate is positive or 0
    """

    def __init__(self, kind: type, given: Mapping[str, Any], others: Mapping[str, Any]) -> None:
        super().__init__()
        self.kind, self.what, self.ratio = kind, kind.__name__, 1.0
        for name in given:
            self.require(name)
        if "params" not in given:
            raise ValueError(f'{self.what}: a group of parameters has no "params"')
        super().__setitem__("params", trainable(given["params"], self.what))
        for name, setting in settings_of(kind).items():
            self[name] = given.get(name, others.get(name, setting.default))
        for name in FREE & given.keys() - {"params"}:
            self[name] = given[name]

    def require(self, name: str) -> None:
        """Pass if there is such a setting.

        Raises:
            ValueError: there is none; the nearest is named.
        """
        settings = settings_of(self.kind)
        if name in settings or name in FREE:
            return
        known = ["params", *settings]
        near = get_close_matches(str(name), known, 1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(known)}"
        raise ValueError(f"{self.what}: no setting {name!r}: {hint}")

    def checked(self, name: str, x: Any) -> Any:
        """A setting as it is kept."""
        self.require(name)
        settings = settings_of(self.kind)
        return settings[name].check(x, f"{self.what}: {name}") if name in settings else x

    def __setitem__(self, name: str, x: Any) -> None:
        if name == "params":
            raise ValueError(f"{self.what}: the parameters of a group stay: set optimiser.parameters, or add a group")
        super().__setitem__(name, self.checked(name, x))

    def __reduce__(self) -> Any:
        return regrouped, (self.kind, dict(self), self.ratio)

    def update(self, *args: Any, **kwargs: Any) -> None:
        """Set several settings, each looked at; all of them, or none."""
        given = dict(*args, **kwargs)
        for name, x in {name: self.checked(name, x) for name, x in given.items()}.items():
            self[name] = x


def regrouped(kind: type, items: dict[str, Any], ratio: float) -> Group:
    """A copied or unpickled group."""
    group = Group(kind, items, {})
    group.ratio = ratio
    return group


FREE = frozenset({"params", "name", "initial_lr"})
"""What a group may say beside settings: PyTorch's name of a group, and what schedules note."""


def trainable(parameters: Any, what: str) -> list[Value]:
    """The parameters as a list, each of them one that a step can move, or frozen.

    Raises:
        TypeError: something is not a parameter.
        ValueError: there are none, or one cannot be moved, or would be twice.

    >>> trainable(iter([Value(1.0)]), "SGD")
    [Value(data=1.0, grad=0.0)]
    """
    if isinstance(parameters, Value) or hasattr(parameters, "parameters"):
        hint = "put it in a list" if isinstance(parameters, Value) else "pass its .parameters()"
        raise TypeError(f"{what}: expected a list of parameters, got a {type(parameters).__name__}: {hint}")
    found = as_list(parameters, f"{what}: parameters")
    if not found:
        raise ValueError(f"{what}: no parameters: there is nothing to train")
    seen: set[int] = set()
    for i, p in enumerate(found):
        if not isinstance(p, Value):
            raise TypeError(f"{what}: parameter {i} is a {type(p).__name__}; expected a Value")
        if p.operands or (p.is_constant and not p.is_frozen):
            kind = "computed from other Values" if p.operands else "a constant"
            raise ValueError(
                f"{what}: parameter {i}, {p!r}, is {kind}: only a leaf made by Value(number) can be trained"
            )
        if id(p) in seen:
            raise ValueError(f"{what}: parameter {i}, {p!r}, is listed twice: it would move twice in a step")
        seen.add(id(p))
    return list(found)
