"""PyTorch and JAX as interpreters of the table: what a function does with numbers, done with theirs.

Each row is one function of the other library, found by its name or written here, and differentiated by that library
alone.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from typing import Any

from autograd.calculus.primitive import Primitive
from autograd.foreign.numbers import Interpreter

__all__ = ["Jax", "Peer", "Torch"]

OPERATORS: dict[str, Callable[..., Any]] = {
    "add": operator.add, "sub": operator.sub, "mul": operator.mul, "div": operator.truediv, "pow": operator.pow,
    "neg": operator.neg, "sum": lambda *xs: sum(xs[1:], xs[0]),
    "dot": lambda *xs: sum(x * y for x, y in zip(xs[::2], xs[1::2], strict=True)),
    "share": lambda x, z: (x - z).exp(),
}  # fmt: skip
"""What both write alike; of `share` JAX has another."""


class Peer(Interpreter):
    """A library that differentiates."""

    advice = "give theirs=, the function as that library writes it"

    def __init__(self, library: str, *spaces: str) -> None:
        try:
            self.library = import_module(library)
            self.spaces = [import_module(space) for space in spaces]
        except ImportError as error:
            raise ImportError(
                f"{self.name} is not installed here ({error}): pip install {library}, or compare with differences, "
                "by gradcheck"
            ) from error
        self.own: dict[str, Callable[..., Any]] = {}

    def apply(self, row: Primitive, operands: Sequence[Any]) -> Any:
        """As of Interpreter."""
        function = self.own.get(row.name) or OPERATORS.get(row.name)
        if function is None:
            function = next(self.found(row), None)
        if row.code is None:
            try:
                return self.as_written(row, operands)
            except NotImplementedError:
                if function is None:
                    raise
        if function is None:
            raise NotImplementedError(f"{self.name} has no function {row.name!r}: {self.advice}")
        return function(*operands)

    def found(self, row: Primitive) -> Iterator[Callable[..., Any]]:
        """The functions of that name in the library."""
        for space in self.spaces:
            for name in (row.name, *row.alias):
                if hasattr(space, name):
                    yield getattr(space, name)

    def precision(self) -> AbstractContextManager[Any]:
        """Within it the library computes in doubles."""
        return nullcontext()

    def slopes(self, function: Callable[[list[Any]], list[Any]], at: Sequence[float]) -> tuple[list[Any], list[Any]]:
        """The results of a function of numbers, and of each the derivatives by all of them."""
        raise NotImplementedError

    def bends(self, function: Callable[[list[Any]], list[Any]], at: Sequence[float]) -> list[Any]:
        """Of each result of a function of numbers the second derivatives."""
        raise NotImplementedError


class Torch(Peer):
    """PyTorch, with its autograd."""

    name = "PyTorch"

    def __init__(self) -> None:
        super().__init__("torch", "torch", "torch.special")
        torch = self.library
        self.own = {
            "where": lambda c, x, y: torch.where(c != 0.0, x, y),
            "less": lambda x, y: (x < y).double(),
            "less_equal": lambda x, y: (x <= y).double(),
            "equal": lambda x, y: (x == y).double(),
            "both": lambda x, y: ((x != 0.0) & (y != 0.0)).double(),
            "step": lambda x: (x > 0.0).double(),
            "detach": lambda x: x.detach(),
            "logsumexp": lambda *xs: torch.logsumexp(torch.stack(xs), 0),
            "norm": lambda *xs: torch.linalg.vector_norm(torch.stack(xs)),
            "softplus": lambda x: torch.logaddexp(x, torch.zeros_like(x)),  # its own is x from 20 on
            "rint": torch.round,
            "cbrt": lambda x: torch.sign(x) * torch.abs(x) ** (1.0 / 3.0),
            "polygamma": lambda n, x: torch.polygamma(int(n), x),
            "floor_divide": lambda x, y: torch.floor_divide(x.detach(), y.detach()),
            "norm_pdf": lambda x: torch.exp(-0.5 * x * x) / math.sqrt(math.tau),
            "gamma": lambda x: torch.exp(torch.lgamma(x)) * (1.0 - 2.0 * ((x < 0.0) & (torch.floor(x) % 2.0 == 1.0))),
            "betaln": lambda x, y: torch.lgamma(x) + torch.lgamma(y) - torch.lgamma(x + y),
        }

    def number(self, x: float) -> Any:
        """As of Interpreter."""
        return self.library.tensor(x, dtype=self.library.float64)

    def stacked(self, numbers: Sequence[Any], shape: tuple[int, ...]) -> Any:
        """As of Peer."""
        return self.library.stack(list(numbers)).reshape(shape)

    def slopes(self, function: Callable[[list[Any]], list[Any]], at: Sequence[float]) -> tuple[list[Any], list[Any]]:
        """As of Peer."""
        xs = self.leaves(at)
        results = function(xs)
        return [y.item() for y in results], [self.numbers(self.swept(y, xs, False)) for y in results]

    def bends(self, function: Callable[[list[Any]], list[Any]], at: Sequence[float]) -> list[Any]:
        """As of Peer."""
        xs = self.leaves(at)
        rows = [self.swept(y, xs, True) for y in function(xs)]
        return [[self.numbers(self.swept(d, xs, False)) for d in row] for row in rows]

    def leaves(self, at: Sequence[float]) -> list[Any]:
        """Tensors by which it differentiates."""
        return [self.number(x).requires_grad_() for x in at]

    def swept(self, y: Any, xs: list[Any], again: bool) -> list[Any]:
        """The derivatives of a result; of one that nothing moves they are 0."""
        if not y.requires_grad:
            return [self.number(0.0)] * len(xs)
        found = self.library.autograd.grad(y, xs, retain_graph=True, create_graph=again, allow_unused=True)
        return [self.number(0.0) if d is None else d for d in found]

    def numbers(self, found: list[Any]) -> list[float]:
        """Tensors as numbers."""
        return [d.item() for d in found]


class Jax(Peer):
    """JAX, with its grad, in doubles."""

    name = "JAX"

    def __init__(self) -> None:
        super().__init__("jax", "jax.numpy", "jax.scipy.special", "jax.nn", "jax.scipy.stats.norm")
        np, jax = import_module("jax.numpy"), self.library
        self.own = {
            "where": lambda c, x, y: np.where(c != 0.0, x, y),
            "less": lambda x, y: (x < y) * 1.0,
            "less_equal": lambda x, y: (x <= y) * 1.0,
            "equal": lambda x, y: (x == y) * 1.0,
            "both": lambda x, y: ((x != 0.0) & (y != 0.0)) * 1.0,
            "step": lambda x: (x > 0.0) * 1.0,
            "detach": jax.lax.stop_gradient,
            "share": lambda x, z: np.exp(x - z),
            "logsumexp": lambda *xs: self.spaces[1].logsumexp(np.stack(xs)),
            "norm": lambda *xs: np.linalg.norm(np.stack(xs)),
            "norm_pdf": self.spaces[3].pdf,
            "polygamma": lambda n, x: self.spaces[1].polygamma(int(n), x),
        }

    def precision(self) -> AbstractContextManager[Any]:
        """As of Peer."""
        library = self.library if hasattr(self.library, "enable_x64") else import_module("jax.experimental")
        found: AbstractContextManager[Any] = library.enable_x64(True)
        return found

    def number(self, x: float) -> Any:
        """As of Peer."""
        return self.spaces[0].asarray(x, dtype=float)

    def stacked(self, numbers: Sequence[Any], shape: tuple[int, ...]) -> Any:
        """As of Peer."""
        return self.spaces[0].stack(list(numbers)).reshape(shape)

    def slopes(self, function: Callable[[list[Any]], list[Any]], at: Sequence[float]) -> tuple[list[Any], list[Any]]:
        """As of Peer."""
        results, pull = self.library.vjp(function, [self.number(x) for x in at])
        rows = []
        for k in range(len(results)):
            weights = [self.number(float(j == k)) for j in range(len(results))]
            rows.append([float(d) for d in pull(weights)[0]])
        return [float(y) for y in results], rows

    def bends(self, function: Callable[[list[Any]], list[Any]], at: Sequence[float]) -> list[Any]:
        """As of Peer."""
        xs = [self.number(x) for x in at]
        found = []
        for k in range(len(function(xs))):
            slopes = self.library.grad(lambda xs, k=k: function(xs)[k])
            rows = []  # one after the other, so that a function may branch on numbers
            for j in range(len(xs)):
                direction = [self.number(float(i == j)) for i in range(len(xs))]
                rows.append([float(d) for d in self.library.jvp(slopes, (xs,), (direction,))[1]])
            found.append(rows)
        return found
