"""Sources of random numbers: an int, Python's, NumPy's; and the draws that a model makes while it computes.

A model draws masks when it is called (dropout), and looks up rows of a table by numbers (an embedding). Both come
through here, so that who compiles a model can hand out Values in their place: inputs of the recording.
"""

import operator
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import numpy as np

from autograd import Value

__all__ = ["Feed", "NumPySource", "as_generator", "fed_by", "masks", "rows", "state_of", "to_state", "update"]


class NumPySource(random.Random):
    """A `numpy.random.Generator` with the methods of `random.Random`: what is drawn comes from the generator.

    Args:
        generator: Where bits come from.

    >>> source = NumPySource(np.random.default_rng(7))
    >>> source.random() == np.random.default_rng(7).random()
    True
    """

    def __new__(cls, generator: Any) -> "NumPySource":  # noqa: D102  (Random's own would take the argument for a seed)
        return super().__new__(cls)

    def __init__(self, generator: Any) -> None:
        self.generator = generator
        self.gauss_next = None

    def random(self) -> float:
        """A float from 0 to below 1."""
        return float(self.generator.random())

    def getrandbits(self, k: int) -> int:
        """A whole number of so many bits.

        >>> NumPySource(np.random.default_rng(1)).getrandbits(8) < 256
        True
        """
        if k < 0:
            raise ValueError("number of bits must be non-negative")
        return int.from_bytes(self.generator.bytes((k + 7) // 8), "little") >> (-k % 8)

    def seed(self, *args: Any, **kwargs: Any) -> None:
        """Refused: a generator has a seed from its beginning."""
        raise NotImplementedError("a numpy.random.Generator is seeded when it is made: numpy.random.default_rng(seed)")

    def getstate(self) -> Any:
        """The state of the generator."""
        return self.generator.bit_generator.state, self.gauss_next

    def setstate(self, state: Any) -> None:
        """Go on from such a state."""
        self.generator.bit_generator.state, self.gauss_next = state

    def __reduce__(self) -> Any:
        return NumPySource, (self.generator,)


def as_generator(rng: Any) -> random.Random:
    """The source of random numbers: one that is given, a fresh one of an int, or Python's global one for None.

    Args:
        rng: None, an int, a `random.Random` or a `numpy.random.Generator`.

    Raises:
        TypeError: `rng` is none of these.

    >>> as_generator(7).random() == random.Random(7).random()
    True
    """
    if rng is None or rng is random:
        return random  # type: ignore[return-value]  # the module offers the methods of its hidden Random
    if isinstance(rng, random.Random):
        return rng
    if isinstance(rng, np.random.Generator):
        return NumPySource(rng)
    if not hasattr(rng, "__index__") or isinstance(rng, (bool, Value)) or getattr(rng, "shape", ()) != ():
        raise TypeError(
            f"rng: expected None, an int seed, a random.Random or a numpy.random.Generator, got {type(rng).__name__}"
        )
    return random.Random(operator.index(rng))


def state_of(source: Any) -> Any:
    """The state of a source as plain data: numbers, text, lists and dicts.

    >>> source = random.Random(1)
    >>> state = state_of(source)
    >>> first = source.random()
    >>> to_state(source, state)
    >>> source.random() == first
    True
    """
    return plain(source.getstate())


def to_state(source: Any, state: Any) -> None:
    """Set a source to a state that `state_of` gave.

    Raises:
        ValueError: it is no state of such a source.
    """
    try:
        if isinstance(source, NumPySource):
            source.setstate(state)
        else:
            version, numbers, gauss = state
            source.setstate((version, tuple(numbers), gauss))
    except Exception as error:
        raise ValueError(f"this is no state of a {type(source).__name__}: {error}") from None


def plain(x: Any) -> Any:
    """Data without tuples, arrays and NumPy's numbers."""
    if isinstance(x, dict):
        return {key: plain(part) for key, part in x.items()}
    if isinstance(x, (list, tuple)):
        return [plain(part) for part in x]
    return x.tolist() if hasattr(x, "tolist") else x


# --- what a model draws while it computes ----------------------------------------------------------------------------


class Feed:
    """What a model is handed while it computes: masks for its dropout, rows of its embeddings.

    This one draws masks from a source of its own for modules that have none, and counts what is asked for; rows are
    those of the table. A recording has another, which hands out Values.

    Args:
        source: Where masks come from; None takes Python's global generator.

    Attributes:
        drawn: The masks that were handed out, in order, each as (how many, share that is dropped, the source).
        looked_up: The tables that were looked into, and by what.
        updated: The buffers that were set, and to what.

    >>> feed = Feed(random.Random(1))
    >>> with fed_by(feed):
    ...     found = masks(4, 0.5)
    >>> found, [n for n, p, source in feed.drawn]
    ([0.0, 2.0, 2.0, 0.0], [4])
    """

    def __init__(self, source: Any = None) -> None:
        self.source = random if source is None else source
        self.drawn: list[tuple[int, float, Any]] = []
        self.looked_up: list[tuple[Any, Any]] = []
        self.updated: list[tuple[Value, Any]] = []

    def masks(self, n: int, p: float, own: Any) -> list[Any]:
        """As many masks: 0 with a chance of p, else 1/(1 - p)."""
        source = self.source if own is None else own
        self.drawn.append((n, p, source))
        return draw_masks(source, n, p)

    def rows(self, table: Sequence[Any], place: Any) -> Any:
        """A row of a table by its number, or None where the table is to see to it itself."""
        self.looked_up.append((table, place))
        return None

    def update(self, buffer: Value, x: Any) -> None:
        """Set a buffer to a number."""
        self.updated.append((buffer, x))
        buffer.data = x.data if isinstance(x, Value) else x


_feed: ContextVar[Feed | None] = ContextVar("feed", default=None)


@contextmanager
def fed_by(feed: Feed) -> Iterator[Feed]:
    """Meanwhile models are handed what they draw and look up by this one."""
    token = _feed.set(feed)
    try:
        yield feed
    finally:
        _feed.reset(token)


def draw_masks(source: Any, n: int, p: float) -> list[float]:
    """Masks that are 0 with a chance of p, else 1/(1 - p), so that their mean is 1.

    >>> draw_masks(random.Random(1), 4, 0.5)
    [0.0, 2.0, 2.0, 0.0]
    """
    if p >= 1.0:
        return [0.0] * n
    kept = 1.0 / (1.0 - p)
    if isinstance(source, NumPySource):  # in one call, the numbers that as many calls would give
        return np.where(source.generator.random(n) >= p, kept, 0.0).tolist()  # type: ignore[no-any-return]
    draw = source.random
    return [kept if draw() >= p else 0.0 for _ in range(n)]


def masks(n: int, p: float, own: Any = None) -> list[Any]:
    """As many masks for a dropout: 0 with a chance of p, else 1/(1 - p); numbers, or Values while a model is recorded.

    Args:
        n: How many.
        p: The share that is dropped.
        own: The source that the module has for itself; None takes that of the training, or Python's global one.

    >>> masks(3, 0.0)
    [1.0, 1.0, 1.0]
    """
    feed = _feed.get()
    return draw_masks(random if own is None else own, n, p) if feed is None else feed.masks(n, p, own)


def rows(table: Sequence[Any], place: Any) -> Any:
    """What stands for a row of a table while a model is recorded: Values, as many as a row has; else None.

    Args:
        table: Rows of Values.
        place: The number of a row, as the model was given it.

    >>> rows([[Value(1.0)]], 0) is None
    True
    """
    feed = _feed.get()
    return None if feed is None else feed.rows(table, place)


def update(buffer: Value, x: Any) -> Any:
    """Set a buffer of a module to a number, or to that of a Value; while a model is recorded, at every replay.

    A buffer that a recording has set is still what it was, there: compute on with what this gives back.

    Args:
        buffer: What `nn.buffer` made. Several, which `register_buffer` made, are set one by one.
        x: A number or a Value.

    Returns:
        x.

    Raises:
        TypeError: it is no buffer.

    >>> from nn import buffer
    >>> mean = buffer(0.0)
    >>> now = update(mean, 0.5 * mean + 1.0)
    >>> now.data, mean.data
    (1.0, 1.0)
    """
    if not isinstance(buffer, Value):
        raise TypeError(f"update: expected a buffer, which nn.buffer(number) makes, got a {type(buffer).__name__}")
    feed = _feed.get()
    if feed is not None:
        feed.update(buffer, x)
    else:
        buffer.data = x.data if isinstance(x, Value) else x
    return x
