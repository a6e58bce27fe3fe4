"""What is seen of a call, and of the same call the long way."""

import struct

import numpy as np

from autograd import Value, compile, no_grad
from autograd.compiled.call import Call
from autograd.compiled.gradients import add_gradient

KINDS = {"value": "__call__", "gradient": "value_and_grad", "jacobian": "jacobian", "hessian": "hessian"}


def seen(x):
    """All that can be told of an answer."""
    if isinstance(x, np.ndarray):
        return type(x), x.dtype.str, x.shape, x.flags.writeable, x.tobytes()
    if isinstance(x, dict):
        return type(x), [(key, seen(part)) for key, part in x.items()]
    if isinstance(x, (list, tuple)):
        return type(x), [seen(part) for part in x]
    if isinstance(x, float):
        return type(x), struct.pack("d", x)
    if hasattr(x, "parameters"):
        return type(x), [seen(p.data) for p in x.parameters()]
    return type(x), x


def outcome(call, *args, **kwargs):
    """What is seen of the answer of a call, or of what it raises."""
    try:
        return seen(call(*args, **kwargs))
    except Exception as error:
        return type(error), str(error), getattr(error, "__notes__", [])


def ask(fast, kind, args, kwargs, argnums):
    method = getattr(fast, KINDS[kind])
    with no_grad():  # for Values a call would give Values
        return (
            outcome(method, *args, **kwargs) if kind == "value" else outcome(method, *args, argnums=argnums, **kwargs)
        )


def ask_the_long_way(fast, kind, args, kwargs, argnums):
    return outcome(lambda: answered(Call(fast._traced, args, kwargs), kind, () if kind == "value" else argnums))


def answered(call, kind, argnums):
    return call.answer(call.question(kind, argnums))


def agree(f, calls, kinds=tuple(KINDS), argnums=0, **options):
    """Require of calls, in this order, what the long way gives for them, in this order."""
    for kind in kinds:
        fast, slow = compile(f, **options), compile(f, **options)
        for args, kwargs in calls:
            expected = ask_the_long_way(slow, kind, args, kwargs, argnums)
            assert ask(fast, kind, args, kwargs, argnums) == expected, (kind, args, kwargs)


def long_way(fast):
    """`backward` of a call that is not a repetition."""
    return lambda *args: add_gradient(Call(fast._traced, args, {}))


def given_(*args, **kwargs):
    return args, kwargs


def leaves_of(x):
    if isinstance(x, dict):
        x = [x[key] for key in sorted(x)]
    if isinstance(x, (list, tuple)):
        return [leaf for part in x for leaf in leaves_of(part)]
    return x.ravel().tolist() if isinstance(x, np.ndarray) else [x]


def mixture(*args, **kwargs):
    """A number in which every leaf takes part in its own way."""
    total = 1.0
    for k, x in enumerate(leaves_of([args, kwargs]), 2):
        if isinstance(x, Value):
            total = (total * 0.5 + x * k).tanh() + x * x * (total + 0.25)
    return total
