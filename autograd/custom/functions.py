"""custom_vjp and custom_jvp: functions whose derivatives their author writes, in JAX's form."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Sequence
from contextvars import ContextVar
from types import MethodType
from typing import Any

from autograd.border.wording import brief
from autograd.custom.arguments import Given, changed_values
from autograd.custom.calls import Called, apart, as_node, constants, joined, numbers_of
from autograd.custom.naming import name_or, place_of, taken
from autograd.derivatives.calls import as_function
from autograd.engine.listening import recorder
from autograd.engine.node import constant
from autograd.engine.pausing import grad_enabled
from autograd.engine.reading import data_of
from autograd.structures.results import Results

__all__ = ["custom_jvp", "custom_vjp"]


_forward: ContextVar[tuple[Any, ...]] = ContextVar("the functions whose forward rules are being run", default=())


class Custom:
    """A function with a rule of its own: what `custom_vjp` and `custom_jvp` have in common."""

    what = ""
    missing = ""

    def __new__(cls, function: Any = None, nondiff_argnums: Any = ()) -> Any:
        if function is None:  # a decorator with arguments
            return functools.partial(cls, nondiff_argnums=nondiff_argnums)
        return super().__new__(cls)

    def __init__(self, function: Callable[..., Any], nondiff_argnums: int | Sequence[int] = ()) -> None:
        self.function = as_function(function, self.what)
        given: list[Any] = list(nondiff_argnums) if isinstance(nondiff_argnums, (tuple, list)) else [nondiff_argnums]
        for k in given:
            if isinstance(k, bool) or not isinstance(k, int) or k < 0:
                raise TypeError(f"{self.what}: nondiff_argnums {brief(nondiff_argnums)}: whole numbers from 0 on")
        self.nondiff: list[int] = sorted(set(given))
        functools.update_wrapper(self, function, updated=())
        self.name = name_or(function, self.what)
        self.count = taken(function)
        try:
            self.signature: inspect.Signature | None = inspect.signature(function)
        except (TypeError, ValueError):
            self.signature = None

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        return self if instance is None else MethodType(self, instance)

    def __reduce__(self) -> Any:
        return str(vars(self)["__qualname__"])  # as a function is kept: by its name

    def __repr__(self) -> str:
        return f"<{self.what} of {self.name}>"

    @property
    def has_rule(self) -> bool:
        """Whether its rule was given."""
        raise NotImplementedError

    def called(self, given: Given, others: tuple[Any, ...]) -> Called:
        """A call with Values among its arguments."""
        raise NotImplementedError

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """The function; with a Value among its arguments, its result has the rule.

        Raises:
            TypeError, ValueError: the rule is missing, or does not give what it is to give.
        """
        if not self.has_rule:
            raise TypeError(f"{self.name}: {self.missing}")
        whole = self.by_position(args, kwargs)
        others = tuple([whole[k] for k in self.nondiff])
        for k, x in zip(self.nondiff, others, strict=True):
            if Given([x]).items:
                raise TypeError(
                    f"{self.name}: argument {k} is of nondiff_argnums and holds a Value: no derivative would go to it; "
                    "take it out of nondiff_argnums, or give its number (.data)"
                )
        given = Given([x for k, x in enumerate(whole) if k not in self.nondiff])
        if not grad_enabled() or not given.items:
            return self.function(*whole)
        if self in _forward.get() if recorder() is not None else all(x.is_constant for x in given.items):
            return self.function(*whole)
        return joined(self.called(given, others))

    def by_position(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...]:
        """All arguments by position, also those by name and those that have defaults.

        Raises:
            TypeError: they do not fit the function, or one of them can be given by name alone.
        """
        if self.signature is not None and (kwargs or len(args) != self.count):
            bound = self.signature.bind(*args, **kwargs)
            bound.apply_defaults()
            args, kwargs = bound.args, bound.kwargs
        if kwargs:
            raise TypeError(
                f"{self.name}: {', '.join(kwargs)} by name alone: its rule is given arguments by position, so let it "
                "take them so"
            )
        if self.nondiff and self.nondiff[-1] >= len(args):
            raise TypeError(f"{self.name}: nondiff_argnums has {self.nondiff[-1]}, and there are {len(args)} arguments")
        return args

    def merged(self, args: Sequence[Any], others: Sequence[Any]) -> list[Any]:
        """All arguments in their order, of those that it is differentiated by and the others."""
        found = list(args)
        for k, x in zip(self.nondiff, others, strict=True):
            found.insert(k, x)
        return found


class custom_vjp(Custom):  # noqa: N801  (JAX's name)
    """A function whose reverse rule its author writes, by JAX's conventions; also a decorator.

    `f.defvjp(forward, backward)` says the rule. `forward`, of the arguments of the function, gives a pair: what the
    function gives, and residuals, whatever `backward` will need. `backward`, of the residuals and of an adjoint for
    each result, in the structure of the results, gives a tuple: for each argument what goes to it, in its structure, or
    None for nothing. Both are written over anything that does arithmetic, so derivatives of any order follow, forward
    mode too, and the function can be recorded and compiled.

    Args:
        function: Ordinary Python over numbers, of any structure; it is called as it is where no derivative is wanted.
        nondiff_argnums: Positions of arguments that no derivative goes to; `backward` is given them first.

    Raises:
        TypeError, ValueError: it is no function; when called, its rule is missing, or does not give what it is to give.

    A residual that is a result (the same object) has the rule's derivatives when it is differentiated again; any other
    those of its arithmetic. What `forward` and `backward` use without being given it counts as a constant.

    Cost: in a sweep one call of `backward`; to be differentiated again, of `forward` too.

    >>> import autograd
    >>> @custom_vjp
    ... def clipped(x):
    ...     return x
    >>> clipped.defvjp(lambda x: (x, None), lambda _, g: (autograd.clip(g, -1.0, 1.0),))
    >>> autograd.grad(lambda x: 5.0 * clipped(x))(2.0)
    1.0
    """

    what = "custom_vjp"
    missing = "f.defvjp(forward, backward) was never called, so that nobody knows its derivatives"

    def __init__(self, function: Callable[..., Any], nondiff_argnums: int | Sequence[int] = ()) -> None:
        super().__init__(function, nondiff_argnums)
        self.forward: Any = None
        self.backward: Any = None
        self.told = ""

    def defvjp(self, forward: Callable[..., Any], backward: Callable[..., Any]) -> None:
        """Say the rule: see the class.

        Raises:
            TypeError: one of them cannot be called.
        """
        self.forward = as_function(forward, f"{self.name}.defvjp: forward")
        self.backward = as_function(backward, f"{self.name}.defvjp: backward")
        self.told = f"backward of {self.name} ({place_of(backward)})"

    @property
    def has_rule(self) -> bool:
        """Whether its rule was given."""
        return self.backward is not None

    def called(self, given: Given, others: tuple[Any, ...]) -> Called:
        """As of Custom."""
        return Pulled(self, given, others)


class Pulled(Called):
    """A call of a function with a reverse rule. In a graph it keeps the residuals as numbers."""

    def __init__(self, spec: custom_vjp, given: Given, others: tuple[Any, ...]) -> None:
        super().__init__(spec.name, given, others, spec)
        self.residuals: Any = None
        self.forward, self.backward = spec.forward, spec.backward
        if recorder() is not None:
            self.form, residuals = self.run_forward(given.args)
            self.kept = Given([residuals]).plain_key()
        else:
            self.form, residuals = apart(self.run_forward, given.filled(constants(given.items)))
            self.residuals = changed_values(residuals, lambda x: constant(data_of(x)))

    def run_forward(self, args: Sequence[Any]) -> tuple[Results, Any]:
        """What `forward` gives: results and residuals. Where it calls the function itself, that has no rule."""
        token = _forward.set((*_forward.get(), self.spec))
        try:
            found = self.forward(*self.spec.merged(args, self.others))
        finally:
            _forward.reset(token)
        if not isinstance(found, (tuple, list)) or len(found) != 2:
            raise TypeError(
                f"{self.name}: forward gives a pair, the result and the residuals, got {brief(found)} "
                f"({place_of(self.forward)})"
            )
        return Results(found[0], f"forward of {self.name}"), found[1]

    def run_backward(self, residuals: Any, adjoints: Sequence[Any]) -> list[Any]:
        """What `backward` gives to each item."""
        found = self.backward(*self.others, residuals, self.form.filled(list(adjoints)))
        return self.given.shares(found, self.spec.told)

    def pulled_numbers(self, adjoints: Sequence[float]) -> list[Any]:
        """As of Called, from the residuals that were kept."""
        return numbers_of(apart(self.run_backward, self.residuals, list(map(constant, adjoints))))

    def pulled(self, items: Sequence[Any], results: Sequence[Any], adjoints: Sequence[Any]) -> list[Any]:
        """As of Called: forward once more, and backward."""
        found, residuals = self.run_forward(self.given.filled(items))
        if found.key() != self.form.key():
            raise ValueError(f"{self.name}: forward gives another structure when it is called again")
        changed = bits(found.numbers()) != bits(map(data_of, results))
        if changed or (self.kept is not None and Given([residuals]).plain_key() != self.kept):
            raise ValueError(
                f"{self.name}: forward gives other numbers when it is called again: was data changed since, or what it "
                "uses without being given it, or does it draw random numbers?"
            )
        live = dict(zip(map(id, found.values), results, strict=True))
        for x in items:  # one that is given back as it is, is itself
            live[id(x)] = x
        return self.run_backward(changed_values(residuals, lambda x: live.get(id(x), x)), adjoints)

    def again(self, items: Sequence[Any]) -> Called:
        """As of Called."""
        return Pulled(self.spec, Given(self.given.filled(items)), self.others)

    def where(self) -> str:
        """As of Called."""
        return place_of(self.backward)


def bits(numbers: Iterable[float]) -> list[str]:
    """Numbers to be compared to the bit, nan too."""
    return [x.hex() for x in numbers]


class custom_jvp(Custom):  # noqa: N801  (JAX's name)
    """A function whose forward rule its author writes, by JAX's conventions; also a decorator.

    `f.defjvp(rule)` says it, and is a decorator too. The rule, of a tuple of the arguments and a tuple of a tangent for
    each, gives a pair: what the function gives, and its tangent in the same structure, linear in the tangents. It is
    written over anything that does arithmetic, so derivatives of any order follow, reverse mode too, and the function
    can be recorded and compiled.

    Args:
        function: Ordinary Python over numbers, of any structure; it is called as it is where no derivative is wanted.
        nondiff_argnums: Positions of arguments that no derivative goes to; the rule is given them first.

    Raises:
        TypeError, ValueError: it is no function; when called, its rule is missing, or does not give what it is to give.

    What the function gives is taken for the value; the first of the pair is there since JAX has it. What the rule uses
    without being given it counts as a constant.

    Cost: in a sweep one call of the rule, and a sweep over what it computes.

    >>> import autograd
    >>> @custom_jvp
    ... def log1pexp(x):
    ...     return autograd.log(1.0 + autograd.exp(x))
    >>> @log1pexp.defjvp
    ... def rule(primals, tangents):
    ...     (x,), (x_dot,) = primals, tangents
    ...     return log1pexp(x), autograd.sigmoid(x) * x_dot
    >>> autograd.grad(log1pexp)(1000.0), autograd.grad(log1pexp.function)(1000.0)
    (1.0, nan)
    """

    what = "custom_jvp"
    missing = "f.defjvp(rule) was never called, so that nobody knows its derivatives"

    def __init__(self, function: Callable[..., Any], nondiff_argnums: int | Sequence[int] = ()) -> None:
        super().__init__(function, nondiff_argnums)
        self.rule: Any = None

    def defjvp(self, rule: Callable[..., Any]) -> Callable[..., Any]:
        """Say the rule, and give it back: see the class.

        Raises:
            TypeError: it cannot be called.
        """
        self.rule = as_function(rule, f"{self.name}.defjvp")
        return rule

    def defjvps(self, *rules: Callable[..., Any] | None) -> None:
        """Say the rule argument by argument: of a tangent, the result and the arguments the tangent of one result.

        None for an argument that the result does not depend on.

        >>> import autograd
        >>> product = custom_jvp(lambda x, y: x * y)
        >>> product.defjvps(lambda d, z, x, y: d * y, lambda d, z, x, y: x * d)
        >>> autograd.grad(product, (0, 1))(2.0, 3.0)
        (3.0, 2.0)
        """
        for each in rules:
            if each is not None:
                as_function(each, f"{self.name}.defjvps")

        def rule(*given: Any) -> tuple[Any, Any]:
            *others, primals, tangents = given
            if len(rules) != len(primals):
                raise ValueError(
                    f"{self.name}: defjvps was given {len(rules)} rules, and there are {len(primals)} arguments to "
                    "differentiate by: one for each, None for one that the result does not depend on"
                )
            z = self(*self.merged(primals, others))
            terms = [each(d, z, *primals) for each, d in zip(rules, tangents, strict=True) if each is not None]
            return z, sum(terms[1:], terms[0]) if terms else 0.0

        self.rule = rule

    @property
    def has_rule(self) -> bool:
        """Whether its rule was given."""
        return self.rule is not None

    def called(self, given: Given, others: tuple[Any, ...]) -> Called:
        """As of Custom."""
        return Pushed(self, given, others)


class Pushed(Called):
    """A call of a function with a forward rule."""

    pushes = True

    def __init__(self, spec: custom_jvp, given: Given, others: tuple[Any, ...]) -> None:
        super().__init__(spec.name, given, others, spec)
        self.rule = spec.rule
        if recorder() is not None:
            self.form = self.run(given.args)
        else:
            self.form = apart(self.run, given.filled(constants(given.items)))

    def run(self, args: Sequence[Any]) -> Results:
        """What the function gives."""
        return Results(self.spec.function(*self.spec.merged(args, self.others)), self.name)

    def pushed(self, items: Sequence[Any], results: Sequence[Any], tangents: Sequence[Any]) -> list[Any]:
        """As of Called."""
        directions = self.given.directions([constant(0.0) if t is None else as_node(t) for t in tangents])
        found = self.rule(*self.others, self.given.filled(items), directions)
        if not isinstance(found, (tuple, list)) or len(found) != 2:
            raise TypeError(
                f"{self.name}: its rule gives a pair, the result and its tangent, got {brief(found)} ({self.where()})"
            )
        moved = Results(found[1], f"the rule of {self.name}: the tangent")
        if moved.key() != self.form.key():
            raise ValueError(
                f"{self.name}: its rule gives a tangent of {moved}, and the function gives {self.form} ({self.where()})"
            )
        return moved.values

    def again(self, items: Sequence[Any]) -> Called:
        """As of Called."""
        return Pushed(self.spec, Given(self.given.filled(items)), self.others)

    def where(self) -> str:
        """As of Called."""
        return place_of(self.rule)
