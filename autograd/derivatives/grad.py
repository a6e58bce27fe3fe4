"""grad: the gradient of what has been computed, or of a function."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from autograd.border.wording import brief
from autograd.derivatives.calls import Call, as_function, unchosen
from autograd.derivatives.floats import Called, gradient_on_floats
from autograd.derivatives.reverse import as_value, gradient_as_values
from autograd.engine.listening import recorder, refuse_selected
from autograd.engine.reading import as_nodes, attributes, data_of, is_selected, require_root
from autograd.engine.sweep import gradient
from autograd.values.roots import as_seeds, topological_order
from autograd.values.value import Value

__all__ = ["grad", "pulled", "value_and_grad"]


def grad(
    outputs: Value | Iterable[Value] | Callable[..., Any],
    inputs: Value | Iterable[Value] | int | Sequence[int] | None = None,
    seeds: Any = None,
    *,
    argnums: int | Sequence[int] | None = None,
    has_aux: bool = False,
    create_graph: bool = False,
    allow_unused: bool = False,
) -> Any:
    """∂(sum of outputs)/∂input, without touching any `.grad`; or of a function, the function that gives its gradient.

    Args:
        outputs: One Value or several; or a function of numbers that gives one number, and then nothing else but
            `argnums` and `has_aux`.
        inputs: One Value or several, leaves or inner nodes.
        seeds: One number per output, to weigh the sum with; 1 if not given.
        argnums: Of a function, by which positional arguments: 0 if not given, a tuple for several. It may be given as
            the second argument too.
        has_aux: A function gives a pair, the number and what else is wanted of it; its gradient then gives a pair too.
        create_graph: The sweep runs on Values, so that the derivatives can be differentiated again.
        allow_unused: An input that no output was made from has derivative 0; else it is an error, but where the outputs
            were made from derivatives, which may have become constant.

    Returns:
        One derivative for one input, a list for several: floats, or Values with `create_graph`. Of a function another
        one, of the same arguments: derivatives in the structure of the argument, numbers for numbers; Values where
        there is a Value among the arguments `argnums`, to be differentiated again; and within a function that is
        differentiated itself, where they depend on what that one is given.

    Raises:
        TypeError: an output or input is not a Value, a function gives more than one number or is given an integer where
            it is differentiated, or a node on the way has a `_backward` closure and Values are asked for: what it
            computes are numbers.
        ValueError: an input is not in the graph of the outputs; an input or output is a constant; Values are asked for
            and the data of a node has been changed since, so that its derivative as a formula is not that of the
            forward pass that ran.

    Cost: one sweep; as Values some tens of times slower, since each of its steps makes a node.

    >>> x = Value(3.0)
    >>> dy = grad(x**3, x, create_graph=True)
    >>> dy.data, grad(dy, x)
    (27.0, 18.0)
    >>> grad(lambda x, y: x * y[0] + y[1] ** 2, argnums=1)(2.0, [3.0, 4.0])
    [2.0, 8.0]
    >>> grad(grad(grad(lambda x: x**4)))(2.0)
    48.0
    """
    if callable(outputs):
        if seeds is not None or create_graph or allow_unused:
            raise TypeError("grad of a function takes argnums and has_aux alone: give it Values to have Values back")
        chosen = argnums if inputs is None else unchosen("grad", argnums, inputs)
        function, by = outputs, 0 if chosen is None else chosen

        @functools.wraps(function, updated=())
        def gradients(*args: Any, **kwargs: Any) -> Any:
            called = None
            if not has_aux:
                called = gradient_on_floats(function, by, args, kwargs, False)
                if called is not None and type(called) is not Called:
                    return called
            call = Call("grad", function, by, args, kwargs, has_aux, called=called)
            call.single()
            slopes = call.by_argument(pulled(call, [1.0]))
            return (slopes, call.aux_value()) if has_aux else slopes

        return gradients
    if argnums is not None or has_aux:
        raise TypeError("grad: argnums and has_aux are of functions, and these are Values: name the inputs")
    if inputs is None:
        if not isinstance(outputs, (Value, list, tuple)):
            raise TypeError(
                f"grad: expected a function, or Values and by which, got {type(outputs).__name__} {brief(outputs)}"
            )
        raise TypeError("grad: by which Values? give them as the second argument, one or a list")
    wanted = as_nodes(inputs, "grad")
    for x in wanted:
        if x.is_constant:
            raise ValueError(f"grad: {x!r} is a constant (detached, or made under no_grad): no derivative towards it")
    roots = as_nodes(outputs, "grad")
    weights = as_seeds(seeds, len(roots))
    for root in roots:
        require_root(root, "grad of")
    if recorder() is not None:  # a function is being recorded: its replays need the derivatives as they come about
        if any(map(is_selected, wanted)):
            refuse_selected("a derivative by")
        found: list[Any] = gradient_as_values(roots, wanted, weights)
        found = found if create_graph else [(0.0 + d).detach() for d in found]  # a sweep of numbers adds to 0.0
    else:
        found = list((gradient_as_values if create_graph else gradient)(roots, wanted, weights))
    if create_graph:
        for d in found:
            vars(d)["derivative"] = True
    if not allow_unused:
        numbers = [data_of(d) if isinstance(d, Value) else d for d in found]
        require_inputs(wanted, [x for x, d in zip(wanted, numbers, strict=True) if d == 0.0], roots)
    return found[0] if isinstance(inputs, Value) else found


def require_inputs(wanted: Sequence[Value], doubtful: Sequence[Value], roots: list[Value]) -> None:
    """Each of some inputs is in the graph of the outputs, or there are derivatives in it.

    Args:
        wanted: All inputs.
        doubtful: Those whose derivative is 0, so that they may be elsewhere.
        roots: The outputs.

    Raises:
        ValueError: one is not.
    """
    if not doubtful:
        return
    graph = topological_order(roots)
    if any("derivative" in attributes(node) for node in graph):
        return
    known = {*map(id, graph)}
    for x in doubtful:
        if id(x) not in known:
            at = next(k for k, y in enumerate(wanted) if y is x)
            raise ValueError(
                f"grad: input {at}, {x!r}, is not in the graph: no output was made from it. Name the Value that was "
                "used, or say allow_unused=True to have 0"
            )


def value_and_grad(
    function: Callable[..., Any], argnums: int | Sequence[int] = 0, *, has_aux: bool = False
) -> Callable[..., tuple[Any, Any]]:
    """Of a function, the function that gives its value and its gradient; see `grad`.

    Args:
        function: Ordinary Python over numbers, that gives one number.
        argnums: By which positional arguments; a tuple for several.
        has_aux: Whether it gives a pair, the number and what else is wanted of it: that pair is the value then.

    Raises:
        TypeError: it is no function; when called, it gives more than one number, or an argument is none.

    Cost: a call of the function on Values, and one sweep.

    >>> value_and_grad(lambda x: x * x)(3.0)
    (9.0, 6.0)
    >>> value_and_grad(lambda x: (x * x, "seen"), has_aux=True)(3.0)
    ((9.0, 'seen'), 6.0)
    """
    as_function(function, "value_and_grad")

    @functools.wraps(function, updated=())
    def both(*args: Any, **kwargs: Any) -> tuple[Any, Any]:
        called = None if has_aux else gradient_on_floats(function, argnums, args, kwargs, True)
        if type(called) is tuple:
            return called
        call = Call("value_and_grad", function, argnums, args, kwargs, has_aux, called=called)
        call.single()
        slopes = call.by_argument(pulled(call, [1.0]))
        value = call.value()
        return ((value, call.aux_value()) if has_aux else value), slopes

    return both


def pulled(call: Call, cotangents: Sequence[Any], as_values: bool = False) -> list[Any]:
    """The derivatives of a call's results, each weighed by a cotangent, summed, by each of its inputs.

    Args:
        call: The call.
        cotangents: One for each result; None for one that does not count.
        as_values: Whether Values are wanted in any case.
    """
    as_values = as_values or call.as_values or any(isinstance(c, Value) for c in cotangents)
    if call.alone is not None and not as_values and not call.alone.is_constant:
        return gradient([call.alone], call.inputs, [*cotangents])
    pairs = [
        (y, c)
        for y, c in zip(call.results.values, cotangents, strict=True)
        if isinstance(y, Value) and not y.is_constant and c is not None
    ]
    if not pairs:
        return [as_value(0.0) if as_values else 0.0 for _ in call.inputs]
    roots, seeds = [y for y, _ in pairs], [c for _, c in pairs]
    return list((gradient_as_values if as_values else gradient)(roots, call.inputs, seeds))
