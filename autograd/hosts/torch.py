"""Compiled functions as functions of PyTorch's tensors, which it differentiates through, twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, update_wrapper
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np
import optree

from autograd.hosts.weighing import THIRD, Asked, Weighing

__all__ = ["to_torch"]


def to_torch(fast: Any) -> Callable[..., Any]:
    """A compiled function as a differentiable function of PyTorch's tensors, in the structure of its arguments.

    It computes in doubles, whatever the tensors are: results are of the type that PyTorch promotes theirs to (doubles,
    if none is of floating point), derivatives of the type of their tensor. What is on another device is moved to the
    processor, and results to the device of the first tensor. A batch is what `compile` was told by `in_axes`, and takes
    one call. PyTorch differentiates through it twice, by `backward` with `create_graph`, `torch.autograd.gradcheck` and
    `gradgradcheck`, `torch.func.grad` and `torch.autograd.functional.hvp`; second derivatives are a product with a
    Hessian. Forward mode and `torch.func.vmap` do not pass. Numbers that are no tensors, and what is given by keyword,
    are constants; so are Values that the function captures.

    Args:
        fast: What `autograd.compile` gives.

    Raises:
        ImportError: PyTorch is not installed.
        TypeError: `fast` is no compiled function; in a call, a tensor is of complex numbers or given by keyword.
        NotImplementedError: in a sweep, a third derivative is asked for.

    Cost: a call of `fast`, and of its gradient in a sweep, each with a copy of the tensors where they are no doubles.

    >>> fast = autograd.compile(lambda x: x[0] ** 2 * x[1])  # doctest: +SKIP
    >>> x = torch.tensor([3.0, 5.0], dtype=torch.float64, requires_grad=True)  # doctest: +SKIP
    >>> to_torch(fast)(x).backward(), x.grad  # doctest: +SKIP
    (None, tensor([30., 9.], dtype=torch.float64))
    """
    home = Weighing(fast, "to_torch")
    functions = functions_of_torch()
    torch = functions.torch

    def call(*args: Any, **kwargs: Any) -> Any:
        asked = home.asked(args, kwargs, lambda x: isinstance(x, torch.Tensor))
        tensors = [asked.leaves[place] for place in asked.places]
        for x in tensors:
            if x.is_complex():
                raise TypeError(f"to_torch: {fast._traced.name} takes real numbers, got a tensor of {x.dtype}")
        found = functions.results.apply(asked, *tensors)
        result: Any = optree.tree_unflatten(asked.results, found)
        return result

    update_wrapper(call, fast, updated=())
    return call


class Functions(NamedTuple):
    """PyTorch, and the function that is differentiated."""

    torch: Any
    results: Any


@cache
def functions_of_torch() -> Functions:
    """The classes that PyTorch wants, of which each is what the sweep of the one before calls."""
    try:
        torch = import_module("torch")
    except ImportError as error:
        raise ImportError(f"to_torch: PyTorch is not installed here ({error}): pip install torch") from error

    def arrays(tensors: Sequence[Any]) -> list[Any]:
        """Tensors as arrays of doubles."""
        return [x.detach().to("cpu", torch.float64).numpy() for x in tensors]

    def tensor(x: Any, shape: Sequence[int], device: Any, kind: Any) -> Any:
        """An array as a tensor, with memory of its own. NumPy copies it: PyTorch would ask threads to help."""
        return torch.from_numpy(np.array(x, dtype=float).reshape(tuple(shape))).to(device, kind)

    def tensors(found: Sequence[Any], like: Sequence[Any]) -> tuple[Any, ...]:
        """Arrays as tensors, each like another one."""
        return tuple([tensor(x, y.shape, y.device, y.dtype) for x, y in zip(found, like, strict=True)])

    class Results(torch.autograd.Function):  # type: ignore[misc, name-defined, unused-ignore]
        """The results."""

        @staticmethod
        def forward(asked: Asked, *xs: Any) -> tuple[Any, ...]:
            found = asked.value(arrays(xs))
            kinds = [x.dtype for x in xs if x.dtype.is_floating_point]
            kind = kinds[0] if kinds else torch.float64
            for other in kinds[1:]:
                kind = torch.promote_types(kind, other)
            device = xs[0].device if xs else "cpu"
            return tuple([tensor(y, y.shape, device, kind) for y in found])

        @staticmethod
        def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:
            ctx.asked = inputs[0]
            ctx.save_for_backward(*inputs[1:])

        @staticmethod
        def backward(ctx: Any, *adjoints: Any) -> tuple[Any, ...]:
            wanted, xs = ctx.needs_input_grad[1:], ctx.saved_tensors
            found = iter(Pulled.apply(ctx.asked, wanted, *xs, *adjoints))
            return None, *[next(found) if it_is else None for it_is in wanted]

    class Pulled(torch.autograd.Function):  # type: ignore[misc, name-defined, unused-ignore]
        """The adjoints of those tensors that are wanted."""

        @staticmethod
        def forward(asked: Asked, wanted: Sequence[bool], *given: Any) -> tuple[Any, ...]:
            n = len(wanted)
            found = asked.pulled(arrays(given[:n]), arrays(given[n:]), wanted)
            return tensors(found, [x for x, it_is in zip(given, wanted, strict=False) if it_is])

        @staticmethod
        def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:
            ctx.asked, ctx.wanted = inputs[:2]
            ctx.save_for_backward(*inputs[2:])

        @staticmethod
        def backward(ctx: Any, *directions: Any) -> tuple[Any, ...]:
            fixed = Fixed.apply(ctx.asked.home.what, *ctx.saved_tensors)
            return None, None, *Bent.apply(ctx.asked, ctx.wanted, *fixed, *directions)

    class Bent(torch.autograd.Function):  # type: ignore[misc, name-defined, unused-ignore]
        """The adjoints of tensors, and of the results' adjoints, that those of the adjoints come from."""

        @staticmethod
        def forward(asked: Asked, wanted: Sequence[bool], *given: Any) -> tuple[Any, ...]:
            n, moving = len(wanted), sum(wanted)
            xs, adjoints, moved = given[:n], given[n : len(given) - moving], iter(given[len(given) - moving :])
            directions = [next(moved) if it_is else None for it_is in wanted]
            along = [None if d is None else arrays([d])[0] for d in directions]
            found, back = asked.bent(arrays(xs), arrays(adjoints), along)
            return tensors([*found, *back], [*xs, *adjoints])

        @staticmethod
        def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:
            ctx.asked, ctx.wanted = inputs[:2]
            ctx.save_for_backward(*inputs[2 : len(inputs) - sum(ctx.wanted)])

        @staticmethod
        def backward(ctx: Any, *given: Any) -> tuple[Any, ...]:
            """By the directions, in which it is linear and as its own transpose; the others are fixed."""
            n, asked, wanted = len(ctx.wanted), ctx.asked, ctx.wanted
            xs = ctx.saved_tensors[:n]
            pulled = Pulled.apply(asked, wanted, *xs, *given[n:])
            bent = Bent.apply(asked, (True,) * n, *ctx.saved_tensors, *given[:n])[:n]
            moved = [x for x, it_is in zip(bent, wanted, strict=True) if it_is]
            found = [x + y for x, y in zip(pulled, moved, strict=True)]
            return None, None, *map(torch.zeros_like, ctx.saved_tensors), *found

    class Fixed(torch.autograd.Function):  # type: ignore[misc, name-defined, unused-ignore]
        """The same tensors, by which no further derivative is taken."""

        @staticmethod
        def forward(what: str, *xs: Any) -> tuple[Any, ...]:
            return tuple([x.view_as(x) for x in xs])

        @staticmethod
        def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:
            ctx.what = inputs[0]

        @staticmethod
        def backward(ctx: Any, *given: Any) -> tuple[Any, ...]:
            raise NotImplementedError(THIRD.format(ctx.what, "PyTorch"))

    return Functions(torch, Results)
