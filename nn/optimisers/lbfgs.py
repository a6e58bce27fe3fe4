"""A quasi-Newton method: the curvature, learnt from the last steps, says where to go."""

from collections.abc import Callable, Iterable
from math import inf, isnan
from typing import Any

import numpy as np

from autograd import values_to_vector, vector_to_values
from autograd.border.wording import brief
from nn.checks import as_size, number_of
from nn.optimisers.line_search import Point, strong_wolfe
from nn.optimisers.optimiser import Optimiser
from nn.optimisers.settings import Setting, as_decay

__all__ = ["LBFGS"]


def as_search(x: Any, what: str) -> str | None:
    """`x`, which is "strong_wolfe" or None."""
    if x is None or x == "strong_wolfe":
        return x  # type: ignore[no-any-return]
    raise ValueError(f"{what} is {brief(x)}; it is 'strong_wolfe', or None for steps of a fixed length")


def as_count(x: Any, what: str) -> int:
    """`x` as a whole number, 1 or more."""
    return as_size(x, what)


def as_limit(x: Any, what: str) -> int | None:
    """`x` as a whole number, 1 or more, or None."""
    return None if x is None else as_size(x, what)


class LBFGS(Optimiser):
    """L-BFGS: steps along -H·grad, with the inverse Hessian H estimated from the last steps and changes of gradient.

    For smooth losses of all samples at once: noise of mini-batches is taken for curvature. A call of `step` makes up
    to `max_iter` steps and asks for the loss as often as these need.

    Args:
        parameters: What `module.parameters()` gives; one group.
        lr: What a step is tried with first, in units of -H·grad.
        max_iter: Steps in a call of `step`.
        max_eval: How often a call of `step` asks for the loss at most; None is a quarter more than `max_iter`.
        tolerance_grad: Done where no component of the gradient is larger.
        tolerance_change: Done where neither parameters nor loss change by more.
        history_size: How many steps are remembered.
        line_search_fn: "strong_wolfe", or None for steps of a fixed length (PyTorch's default).

    Raises:
        TypeError: something given is not a parameter, or not a number.
        ValueError: a setting is out of range; a parameter cannot be trained; there are several groups.

    Source: Liu and Nocedal, "On the limited memory BFGS method for large scale optimization" (1989); Nocedal and
    Wright, "Numerical optimization" (2006), algorithm 7.4.

    >>> from autograd import Value
    >>> x, y = Value(-1.2), Value(1.0)
    >>> optimiser = LBFGS([x, y], max_iter=100)
    >>> def closure():
    ...     optimiser.zero_grad()
    ...     loss = (1.0 - x) ** 2 + 100.0 * (y - x * x) ** 2
    ...     loss.backward()
    ...     return loss
    >>> loss = optimiser.step(closure)
    >>> round(x.data, 4), round(y.data, 4)
    (1.0, 1.0)
    """

    max_iter = Setting(as_count, 20)
    max_eval: Setting[int | None] = Setting(as_limit, None)
    tolerance_grad = Setting(as_decay, 1e-7)
    tolerance_change = Setting(as_decay, 1e-9)
    history_size = Setting(as_count, 100)
    line_search_fn: Setting[str | None] = Setting(as_search, "strong_wolfe")

    def __init__(
        self,
        parameters: Iterable[Any],
        lr: float = 1.0,
        max_iter: int = 20,
        max_eval: int | None = None,
        tolerance_grad: float = 1e-7,
        tolerance_change: float = 1e-9,
        history_size: int = 100,
        line_search_fn: str | None = "strong_wolfe",
    ) -> None:
        super().__init__(
            parameters, lr, max_iter=max_iter, max_eval=max_eval, tolerance_grad=tolerance_grad,
            tolerance_change=tolerance_change, history_size=history_size, line_search_fn=line_search_fn,
        )  # fmt: skip
        if len(self.param_groups) > 1:
            raise ValueError(f"LBFGS: there are {len(self.param_groups)} groups of parameters; it can have one")
        self._pattern = b""

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Go down, asking for the loss as often as needed; if that raises, the parameters are put back.

        Args:
            closure: Sets gradients to 0, computes the loss, calls its `backward`, and gives it back.

        Returns:
            The loss before the step.

        Raises:
            TypeError: there is no closure.
        """
        if not callable(closure):
            raise TypeError(
                "LBFGS asks for the loss more than once in a step: step(closure), with a function that calls "
                "zero_grad(), computes the loss, calls its backward(), and returns it"
            )
        parameters = self.parameters
        losses: list[Any] = []

        def evaluate(data: Any) -> tuple[float, Any]:
            vector_to_values(data, parameters)
            losses.append(closure())
            return number_of(losses[-1]), values_to_vector(parameters, "grad")

        self.refresh()
        data = values_to_vector(parameters)
        try:
            moved = self.update_with(evaluate, data)
        except BaseException:
            vector_to_values(data, parameters)
            raise
        vector_to_values(moved, parameters)
        return losses[0]

    def update(self, data: Any, grads: Any) -> Any:
        """Not for this optimiser, which asks for losses too: `update_with`.

        Raises:
            TypeError: always.
        """
        raise TypeError("LBFGS asks for the loss more than once in a step: update_with(evaluate, data)")

    def update_with(self, evaluate: Callable[[Any], tuple[float, Any]], data: Any) -> Any:
        """The numbers after a step, from those before it; no Value is read or set.

        Args:
            evaluate: Maps numbers of the parameters to the loss and its gradient, a vector.
            data: The numbers before the step, in the order of `parameters`. They stay as they are.

        >>> from autograd import Value
        >>> optimiser = LBFGS([Value(0.0)])
        >>> optimiser.update_with(lambda x: (float((x[0] - 2.0) ** 2), 2.0 * (x - 2.0)), np.zeros(1))
        array([2.])
        """
        free = np.ones(len(data)) if self._free is None or self._free[0] is None else self._free[0].astype(float)
        if self._pattern not in (b"", free.tobytes()):  # other parameters are frozen: the curvature is another's
            self._states = [{}]
        sign = -1.0 if self.maximize else 1.0

        def signed(x: Any) -> tuple[float, Any]:
            loss, grads = evaluate(x)
            return (inf if isnan(loss) else sign * loss), sign * free * grads

        with np.errstate(all="ignore"):
            moved, state = self._minimise(signed, data, dict(self._states[0]))
        self._states, self._pattern = [state], free.tobytes()
        return moved

    def _minimise(self, evaluate: Any, data: Any, state: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        """Up to `max_iter` steps, and what is remembered after them."""
        lr, tolerance = self.lr, self.tolerance_change
        most = self.max_eval if self.max_eval is not None else self.max_iter * 5 // 4
        memory = Memory(state, self.history_size)
        loss, grads = evaluate(data)
        asked = 1
        memory.asked += 1
        if np.abs(grads).max() <= self.tolerance_grad:
            return data, memory.state()
        for k in range(1, self.max_iter + 1):
            way = memory.direction(grads)
            t = lr if memory.steps > 1 else min(1.0, 1.0 / float(np.abs(grads).sum())) * lr
            slope, loss_before = float(grads @ way), loss
            if not slope <= -tolerance:
                memory.moved(grads, way, t)
                break
            if self.line_search_fn is None:
                data = data + t * way
                memory.moved(grads, way, t)
                if k == self.max_iter:
                    break
                loss, grads = evaluate(data)
                now = 1
            else:
                point, now = searched(evaluate, data, way, t, Point(0.0, loss, grads, slope), tolerance, most - asked)
                memory.moved(grads, way, point.t)
                data, t, loss, grads = data + point.t * way, point.t, point.loss, point.grads
            asked += now
            memory.asked += now
            done = np.abs(grads).max() <= self.tolerance_grad or np.abs(t * way).max() <= tolerance
            if asked >= most or done or abs(loss - loss_before) < tolerance:
                break
        return data, memory.state()


def searched(
    evaluate: Any, data: Any, way: Any, t: float, start: Point, tolerance: float, most: int
) -> tuple[Point, int]:
    """The point along a direction that the strong Wolfe conditions ask for, and how often the loss was asked for."""

    def at(t: float) -> Point:
        loss, grads = evaluate(data + t * way)
        return Point(t, loss, grads, float(grads @ way))

    return strong_wolfe(at, t, start, float(np.abs(way).max()), tolerance, most)


class Memory:
    """The last steps s and changes of gradient y, and what they tell of the inverse Hessian.

    Args:
        state: What `state()` gave, or nothing.
        size: How many are kept.

    >>> memory = Memory({}, 10)
    >>> memory.direction(np.array([2.0]))
    array([-2.])
    """

    def __init__(self, state: dict[str, Any], size: int) -> None:
        self.size = size
        self.steps, self.asked = int(state.get("n_iter", 0)), int(state.get("func_evals", 0))
        self.scale = float(state.get("H_diag", 1.0))
        kept = int(state.get("kept", 0))
        self.pairs = [(state[f"old_stps.{i}"], state[f"old_dirs.{i}"]) for i in range(kept)]
        self.last: tuple[Any, Any] | None = None
        if "prev_flat_grad" in state:
            self.last = state["prev_flat_grad"], state["last_step"]

    def direction(self, grads: Any) -> Any:
        """-H·grads, after the last step was learnt from."""
        self.steps += 1
        if self.last is None:
            return -grads
        y, s = grads - self.last[0], self.last[1]
        product = float(y @ s)
        if product > 1e-10:  # else the loss is not convex along it
            self.pairs = [*self.pairs, (s, y)][-self.size :]
            self.scale = product / float(y @ y)
        q = -grads
        shares = []
        for s, y in reversed(self.pairs):
            rho = 1.0 / float(y @ s)
            share = float(s @ q) * rho
            shares.append((share, rho))
            q -= share * y
        q *= self.scale
        for (s, y), (share, rho) in zip(self.pairs, reversed(shares), strict=True):
            q += (share - float(y @ q) * rho) * s
        return q

    def moved(self, grads: Any, way: Any, t: float) -> None:
        """Note the gradient before a step, and the step."""
        self.last = grads, t * way

    def state(self) -> dict[str, Any]:
        """All of it by name: numbers and vectors."""
        found: dict[str, Any] = {"n_iter": self.steps, "func_evals": self.asked, "H_diag": self.scale}
        found["kept"] = len(self.pairs)
        for i, (s, y) in enumerate(self.pairs):
            found |= {f"old_stps.{i}": s, f"old_dirs.{i}": y}
        if self.last is not None:
            found |= {"prev_flat_grad": self.last[0], "last_step": self.last[1]}
        return found
