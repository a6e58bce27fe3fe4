"""Compiling a function: record it once for each path it takes, replay it over batches at machine speed.

    fast = autograd.compile(f, in_axes=(None, 0), reduce="mean")
    fast(*args)                     value, grads = fast.value_and_grad(*args)

What comes back is what `f` and the eager engine give, row by row. A row that would branch otherwise than the recorded
ones is recorded along its own path, so no gradient is ever that of a branch not taken.
"""

from __future__ import annotations

import functools
import weakref
from collections.abc import Callable, Iterable, Sequence
from types import MethodType
from typing import Any

from autograd.border.wording import brief
from autograd.branches.surroundings import Surroundings
from autograd.compiled.dispatch import answer, backward
from autograd.compiled.gradients import asks_for_a_graph
from autograd.compiled.mapping import Mapped
from autograd.compiled.matrices import Sparse, matrix, pattern
from autograd.compiled.reports import Report, report_of, source_of
from autograd.derivatives.inlining import is_inlined, is_opened
from autograd.engine.listening import recorder
from autograd.engine.refusals import RecordingError
from autograd.recorded.options import Options, names_found, weights_of
from autograd.recorded.repetitions import Hastened, hasten
from autograd.recorded.traced import Traced, WeakMethod
from autograd.sparsity.pattern import Pattern
from autograd.tape.tape import Tape
from autograd.values.value import Value

__all__ = ["Compiled", "compile"]


def compile(
    function: Callable[..., Any] | None = None,
    *,
    in_axes: Any = None,
    reduce: str | None = None,
    static_argnames: str | Sequence[str] = (),
    threads: int | None = None,
    max_paths: int = 64,
    weights: Iterable[Value] = (),
    branches: str = "auto",
    backend: str = "lanes",
) -> Any:
    """The function, recorded and replayed; also a decorator, with or without options.

    Args:
        function: Ordinary Python over numbers: loops, branches, lists, its own functions. It is run on Values.
        in_axes: Which axis of each argument is the batch: None for one shared by the batch, 0 for the leading axis; one
            for all arguments or a tuple with one for each, in which a structure may stand for a structure. As in
            `jax.vmap`, but without a batch by default.
        reduce: "sum" or "mean" makes the compiled function the sum or mean over the batch, a scalar; derivatives are
            then that scalar's.
        static_argnames: Arguments that stay Python objects: sizes, names, flags. Hashable.
        threads: Over how many threads a batch is spread; None takes all processors. Results do not depend on it.
        max_paths: How many paths are recorded for arguments of one shape; rows beyond are run eagerly, with a warning,
            and most are so too once of many rows hardly two have a path in common.
        weights: Values that the function captures, such as `model.parameters()`. Their numbers are then the first
            argument of every call, one array, and derivatives by them come as one too: what SciPy's and other
            optimisers want. The function itself is called without it. The Values may be set to these numbers.
        branches: "auto" records along paths, and merges an `if` once its line has split rows more than eight ways: both
            sides are then computed, and chosen from by `where`, if a row of each path recorded before gets what the
            eager engine gives; what may not be merged stays a guard. "selects" merges all that may be, at once, if the
            row that is recorded and some of the first batch do; "guards" nothing, not even `max` and `min`.
        backend: "c" has the compiler that CC names build each path, once; where it cannot, lanes do it, with a warning.

    Returns:
        A `Compiled`.

    Given numbers it gives numbers, whatever it captures; given a Value or a Module, outside `no_grad`, it gives Values,
    joined to the graph. Values that the function captures (weights in a closure) are read at every call, and get their
    gradient by `backward`; other captured objects are those of the recording. A comparison of Values is a guard;
    reading a number out of one raises `RecordingError`.

    Raises:
        TypeError: `function` cannot be called, or `static_argnames` names no argument of it.
        ValueError: `reduce`, `branches` or `backend` is none of what it may be.

    Warns:
        RuntimeWarning: once, if there are too many paths; if random numbers are drawn from a global state while a path
            is recorded; if a derivative is asked of what only comparisons make depend on the arguments, as a search.

    Cost: the first call records, some microseconds an operation; later ones some nanoseconds an operation. Single calls
    that take ever new paths are answered by the eager engine.

    >>> import numpy as np
    >>> @compile(in_axes=0)
    ... def f(x):
    ...     return x * x if x > 0 else -x
    >>> f(np.array([3.0, -2.0]))
    array([9., 2.])
    >>> f.grad(np.array([3.0, -2.0]))
    array([ 6., -1.])
    """
    given = Options(in_axes, reduce, static_argnames, threads, max_paths, tuple(weights_of(weights)), branches, backend)
    return Compiled(function, given) if function is not None else lambda f: Compiled(f, given)


@hasten
class Compiled(Mapped, Hastened):
    """A function that is recorded once and replayed; made by `compile`, which see.

    >>> f = compile(lambda x, y: x * y + x)
    >>> f(2.0, 3.0), f.grad(2.0, 3.0), f.grad(2.0, 3.0, argnums=(0, 1))
    (8.0, 4.0, (4.0, 2.0))
    >>> print(f.tapes[0])
    inputs x, y
    s2 = x * y
    s3 = s2 + x
    output s3
    """

    def __init__(self, function: Callable[..., Any], options: Options) -> None:
        if not callable(function):
            raise TypeError(f"compile: expected a function, got {type(function).__name__}")
        functools.update_wrapper(self, function, updated=())
        self.function, self._options = function, options
        self._bound: dict[int, tuple[Any, Traced]] = {}
        self._traced = Traced(function, options, names_found(function, options.static_argnames))
        self._hasten(self._traced.repetitions)

    # --- what a user calls ---

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Numbers for numbers, Values for Values: what the function gives, in its own structure.

        With nothing but numbers among the arguments it gives floats, or with a batch NumPy arrays, also where it
        captures Values. These have no `backward` of their own: for `f(x).backward()`, and so for the gradient by
        captured weights, write `f.backward(x)`. With a Value or a Module among them, outside `no_grad`, it gives
        Values, or with a batch object arrays of them, joined to the graph of the arguments and of what is captured.

        >>> f = compile(lambda x: x**3)
        >>> w = Value(3.0)
        >>> (f(w) + w).backward()
        >>> f(3.0), w.grad
        (27.0, 28.0)

        Raises:
            RecordingError: the function reads a number out of a Value.
            TypeError: an argument is no number, array or structure of them, or the function gives no Value.
            ValueError: a batch axis does not fit, or batches differ in length.
        """
        if is_inlined() or recorder() is not None:  # inside a function that is being recorded, or run for one
            if not is_opened() or recorder() is not None:
                if self._traced.in_axes is not None:
                    raise RecordingError(
                        f"{self._traced.name} is compiled for batches: in a function that is recorded, call the "
                        "function itself on each row"
                    )
                if recorder() is not None:
                    return Surroundings(self.function).run(args, kwargs)
                return self.function(*args, **kwargs)
            if self._traced.in_axes is None and not self._options.weights and asks_for_a_graph(args, kwargs):
                return self.function(*args, **kwargs)
        return answer(self._traced, "value", args, kwargs)

    def value_and_grad(
        self, *args: Any, argnums: int | Sequence[int] = 0, has_aux: bool = False, **kwargs: Any
    ) -> tuple[Any, Any]:
        """The value, and its derivatives by the arguments `argnums`, each in the structure of its argument.

        With a batch and no `reduce`, a derivative by a batch has the shape of that batch, one by a shared argument the
        batch as its leading axis. In place of a Value stands a float; in place of an `nn.Module` a Module whose
        parameters hold the derivatives. With `has_aux` the function gives a pair: the number that is differentiated,
        and whatever else is wanted of it, which is neither differentiated nor reduced; that pair is the value.

        >>> compile(lambda x: x * x).value_and_grad(3.0)
        (9.0, 6.0)
        >>> compile(lambda x: (x * x, [x + 1.0])).value_and_grad(3.0, has_aux=True)
        ((9.0, [4.0]), 6.0)
        """
        kind = "gradient and aux" if has_aux else "gradient"
        found: tuple[Any, Any] = answer(self._traced, kind, args, kwargs, argnums)
        return found

    def grad(self, *args: Any, argnums: int | Sequence[int] = 0, **kwargs: Any) -> Any:
        """The derivatives by the arguments `argnums`: see `value_and_grad`.

        >>> compile(lambda x, w: x * w[0] + w[1]).grad(3.0, [1.0, 2.0], argnums=1)
        [3.0, 1.0]
        """
        return self.value_and_grad(*args, argnums=argnums, **kwargs)[1]

    def backward(self, *args: Any, **kwargs: Any) -> Any:
        """The value, as `__call__` gives it, after adding its gradient to the `grad` of the Values that took part.

        These are the Values (and Modules' parameters) among the arguments, and those that the function captures.

        >>> w = Value(2.0)
        >>> compile(lambda x: w * x * x).backward(3.0), w.grad
        (18.0, 9.0)
        """
        return backward(self._traced, args, kwargs)

    def jacobian(self, *args: Any, argnums: int | Sequence[int] = 0, sparse: Sparse = False, **kwargs: Any) -> Any:
        """The derivatives of each output: in the structure of the results, and in each leaf that of the arguments.

        An array of results of shape `s` by an array of shape `t` gives one of shape `s + t`, the batch leading. With
        `sparse=True` it is one matrix in all, as of `hessian`: a row for each number of the results.

        >>> compile(lambda x, y: [x * y, x + y]).jacobian(2.0, 3.0, argnums=(0, 1))
        [(3.0, 2.0), (1.0, 1.0)]
        """
        return matrix(self._traced, "jacobian", args, kwargs, argnums, sparse)

    def hessian(self, *args: Any, argnums: int | Sequence[int] = 0, sparse: Sparse = False, **kwargs: Any) -> Any:
        """The second derivatives: an array of shape `(n, n)` over all numbers of the arguments `argnums`, in order.

        That is so whatever structure the arguments have, which `autograd.hessian` of the function keeps. With a batch,
        shape `(rows, n, n)`, a matrix for each row; with `reduce`, and where no batch is among `argnums`, the matrix of
        the reduced scalar.

        Args:
            sparse: True for a `scipy.sparse.csr_array`, "values" for its numbers alone, where `pattern` says: on each
                path of the function it has entries where a second derivative can be other than 0. Without a batch.

        Raises:
            ImportError: `sparse=True`, and SciPy is not installed.
            ValueError: `sparse` is something else; it is asked for with a batch, or by one argument twice.

        Cost: the first call finds the pattern, in a time linear in the tape and the entries where these depend on a
        little of the tape each, as in sums of local terms; else as many directions as `pattern` has colours are run at
        once, which takes as long as so many `hvp`. Nothing is made that grows with n squared but a dense result.

        >>> f = compile(lambda x: x[0] ** 2 * x[1] + x[2] ** 3)
        >>> f.hessian([3.0, 5.0, 1.0])
        array([[10.,  6.,  0.],
               [ 6.,  0.,  0.],
               [ 0.,  0.,  6.]])
        >>> f.hessian([3.0, 5.0, 1.0], sparse="values")
        array([10.,  6.,  6.,  6.])
        """
        return matrix(self._traced, "hessian", args, kwargs, argnums, sparse)

    def pattern(self, *args: Any, of: str = "hessian", argnums: int | Sequence[int] = 0, **kwargs: Any) -> Pattern:
        """Where the sparse Hessian or Jacobian has entries, on the path that these arguments take; and its colours.

        Values asked for by `sparse="values"` come in the order of its `rows` and `columns`. It is the same object for
        all arguments on a path. `print` and notebooks show it as a picture.

        Args:
            of: "hessian" or "jacobian".

        Raises:
            ValueError: as of `hessian`.

        >>> f = compile(lambda x: x[0] ** 2 * x[1] + x[2] ** 3)
        >>> f.pattern([3.0, 5.0, 1.0])
        <pattern of 3 x 3: 4 entries, 0.44 of all; 2 colours of columns>
        """
        return pattern(self._traced, of, args, kwargs, argnums)

    def jvp(self, primals: Sequence[Any], tangents: Sequence[Any]) -> tuple[Any, Any]:
        """The value at `primals`, and its derivative along `tangents`, both in the structure of the results.

        Args:
            primals: The positional arguments.
            tangents: A direction for each, in its structure; None for an argument that stays where it is.

        >>> compile(lambda x, y: x * y).jvp((2.0, 3.0), (1.0, 0.0))
        (6.0, 3.0)
        """
        found: tuple[Any, Any] = self._answer_along("jvp", primals, tangents)
        return found

    def hvp(self, primals: Sequence[Any], tangents: Sequence[Any], argnums: int | Sequence[int] = 0) -> Any:
        """The Hessian times `tangents`, in the structure of the arguments `argnums`; in one sweep, without the matrix.

        >>> compile(lambda x: x[0] ** 2 * x[1]).hvp(([3.0, 5.0],), ([1.0, 0.0],))
        [10.0, 6.0]
        """
        return self._answer_along("hvp", primals, tangents, argnums)

    def hessp(self, x: Any, p: Any, *args: Any) -> Any:
        """The Hessian by `x` times `p`, an array: `hvp` in the order in which SciPy's `minimize` calls its `hessp`.

        Args:
            x: The first argument, an array or a list of numbers.
            p: A direction, of the shape of `x`.
            args: The further arguments, which stay where they are.

        >>> import numpy as np
        >>> compile(lambda x, k: k * x[0] ** 2 * x[1]).hessp(np.array([3.0, 5.0]), np.array([1.0, 0.0]), 2.0)
        array([20., 12.])

        Raises:
            TypeError: the function does not give one number.
            ValueError: `p` is not of the shape of `x`.

        Cost: about that of `value_and_grad`; no matrix is made.
        """
        import numpy as np

        return answer(self._traced, "hvp", (np.asarray(x), *args), {}, 0, (np.asarray(p), *[None] * len(args)))

    def _answer_along(self, kind: str, primals: Sequence[Any], tangents: Sequence[Any], argnums: Any = ()) -> Any:
        for name, given in (("primals", primals), ("tangents", tangents)):
            if not isinstance(given, (tuple, list)):
                raise TypeError(
                    f"{self._traced.name}: {name} are a tuple with one for each positional argument, got {brief(given)}"
                )
        return answer(self._traced, kind, tuple(primals), {}, argnums, tuple(tangents))

    @property
    def tapes(self) -> list[Tape]:
        """The tapes recorded so far, one for each path and shape of arguments.

        >>> f = compile(lambda x: abs(x))
        >>> f(2.0), len(f.tapes)
        (2.0, 1)
        """
        return [path.tape for path in self._traced.all_paths()]

    def report(self) -> Report:
        """What became of its branches: the paths, and which lines of the source are guards, selects and loops, and why.

        It shows itself as a text, and in a notebook as a table; its attributes are the facts.

        >>> f = compile(lambda x: abs(x) if x < 0 else x, in_axes=0)
        >>> f.report().paths
        0
        """
        return report_of(self._traced)

    def source(self) -> str:
        """The source of the function as it is run; where branches are merged, what they were rewritten to.

        Where it cannot be read, or its file has changed since, a comment says so.

        >>> print(compile(compile).source().splitlines()[0])
        def compile(
        """
        return source_of(self._traced)

    __numbers__ = False
    """Whoever draws it shows no numbers: a path is for any that take it."""

    def __graph__(self) -> dict[str, Any]:
        """What each path computes, and the conditions under which it is taken; for `autograd.draw`.

        Raises:
            ValueError: it has not been called yet, so nothing is recorded.

        >>> f = compile(lambda x: x * x if x > 0 else -x)
        >>> f(2.0), list(f.__graph__())
        (4.0, ['output', 'only if true'])
        """
        tapes = self.tapes
        if not tapes:
            raise ValueError(
                f"draw: the compiled function {self._traced.name} has recorded no path yet: call it once, or write "
                f"draw({self._traced.name}, args=...)"
            )
        if len(tapes) == 1:
            return tapes[0].__graph__()
        return {f"path {k}: {name}": x for k, tape in enumerate(tapes, 1) for name, x in tape.__graph__().items()}

    def __repr__(self) -> str:
        return f"<compiled {self._traced.name}: {len(self.tapes)} tapes>"

    def __copy__(self) -> Compiled:
        return self  # as a function is copied

    def __deepcopy__(self, memo: dict[int, Any]) -> Compiled:
        return self

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        """As a method: the function with its first argument given, and tapes of its own while the object lives."""
        if instance is None or isinstance(self.function, MethodType) or not hasattr(self.function, "__get__"):
            return self
        bound = Compiled.__new__(Compiled)
        functools.update_wrapper(bound, self.function, updated=())
        bound.function, bound._options, bound._bound = MethodType(self.function, instance), self._options, {}
        bound._traced = self._traced_for(instance)
        bound._hasten(bound._traced.repetitions)
        return bound

    def _traced_for(self, instance: Any) -> Traced:
        """The Traced of this method of an object, by the object's identity."""
        options = self._options
        first, *parameters = self._traced.parameters[bool(options.weights) :]
        names = tuple(name for name in self._traced.statics if name != first)
        try:
            ref = weakref.ref(instance)
        except TypeError:  # an object that cannot be watched: its tapes live as long as this attribute of it
            return Traced(MethodType(self.function, instance), options, names)
        known = self._bound.get(id(instance))
        if known is None or known[0]() is not instance:
            method = functools.update_wrapper(WeakMethod(self.function, ref), self.function, updated=())
            traced = Traced(method, options, names, parameters)
            key = id(instance)
            known = self._bound[key] = (weakref.ref(instance, lambda _: self._bound.pop(key, None)), traced)
        return known[1]
