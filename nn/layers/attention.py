"""Attention: each place of a sequence looks at those before it, and takes from them what it looks for."""

from math import sqrt
from typing import Any

from autograd import dot, exp, logsumexp
from nn.chance import as_generator
from nn.checks import as_flag, as_size
from nn.layers.dense import Linear, fitting
from nn.layers.signals import as_signal, each_of, in_our_words, is_nested
from nn.modules.module import Module

__all__ = ["CausalSelfAttention", "KeyValueCache"]


class KeyValueCache:
    """What attention keeps of the places it has seen, so that a sequence can be gone on with.

    Attributes:
        keys: For each head the keys of all places, a list of numbers each.
        values: For each number of a value a list of those of all places.

    >>> attention = CausalSelfAttention(2, 1, rng=1)
    >>> cache, xs = KeyValueCache(), [[1.0, 2.0], [3.0, 4.0]]
    >>> first, second = attention([xs[0]], cache), attention([xs[1]], cache)
    >>> [x.data for x in second[0]] == [x.data for x in attention(xs)[1]], len(cache)
    (True, 2)
    """

    def __init__(self) -> None:
        self.keys: list[list[list[Any]]] = []
        self.values: list[list[Any]] = []

    def add(self, key: list[Any], value: list[Any], heads: int) -> None:
        """Keep a place more.

        >>> cache = KeyValueCache()
        >>> cache.add([1.0, 2.0], [3.0, 4.0], heads=2)
        >>> cache.keys, cache.values
        ([[[1.0]], [[2.0]]], [[3.0], [4.0]])
        """
        if not self.keys:
            self.keys, self.values = [[] for _ in range(heads)], [[] for _ in value]
        d = len(key) // heads
        for head, kept in enumerate(self.keys):
            kept.append(key[head * d : (head + 1) * d])
        for number, column in zip(value, self.values, strict=True):
            column.append(number)

    def __len__(self) -> int:
        return len(self.keys[0]) if self.keys else 0

    def __repr__(self) -> str:
        return f"<KeyValueCache of {len(self)} places>"


class CausalSelfAttention(Module):
    """Σ softmax(q·k/√d) v over the places up to one's own, for each head, and of that a linear function.

    Queries, keys and values are linear functions of the place's numbers; each head has size/heads = d of each.

    Args:
        size: How many numbers a place has, going in and coming out.
        heads: Among how many heads they are divided.
        bias: Whether the linear functions have biases.
        rng: As for Neuron.

    Attributes:
        query, key, value, output: The linear functions. They start uniformly between ±√(3/(2 size)), the output
            between ±1/√size, and all biases at 0, as in PyTorch.

    Raises:
        TypeError: a size is not a whole number.
        ValueError: a size is below 1, or `size` cannot be divided by `heads`.

    Cost: for a sequence of n places, about n²·heads·2 nodes, and n·size·5.

    Source: Vaswani et al., "Attention is all you need" (2017), §3.2.

    >>> attention = CausalSelfAttention(4, 2, rng=1)
    >>> attention
    CausalSelfAttention(4, heads=2)
    >>> [len(place) for place in attention([[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]])]
    [4, 4]
    """

    @in_our_words
    def __init__(self, size: int, heads: int = 1, bias: bool = True, *, rng: Any = None) -> None:
        self.size, self.heads = as_size(size, "CausalSelfAttention: size"), as_size(heads, "CausalSelfAttention: heads")
        if self.size % self.heads:
            raise ValueError(f"CausalSelfAttention: a size of {self.size} cannot be divided by {self.heads} heads")
        bias, source = as_flag(bias, "CausalSelfAttention: bias"), as_generator(rng)
        self.query, self.key, self.value, self.output = (
            Linear(self.size, self.size, bias, rng=source) for _ in range(4)
        )
        bound = sqrt(6.0 / (4.0 * self.size))  # Xavier's, of the three matrices as one
        for linear in (self.query, self.key, self.value, self.output):
            for neuron in linear.neurons:
                if linear is not self.output:
                    for w in neuron.w:
                        w.data = source.uniform(-bound, bound)
                if neuron.b is not None:
                    neuron.b.data = 0.0

    def __call__(self, xs: Any, cache: KeyValueCache | None = None) -> Any:
        """The outputs for a sequence: a list for each place; for a batch of sequences, a list of such lists.

        Args:
            xs: A list of places, each a list of numbers and Values.
            cache: What is kept of places before these; these are added to it.

        Raises:
            TypeError: `xs` is one place, or a batch with a cache.
            ValueError: a place has another size.
        """
        found = as_signal(xs, self.size, "CausalSelfAttention")
        if found and not is_nested(found):
            raise TypeError(
                f"CausalSelfAttention expects a sequence, a list of places of {self.size} numbers, got a list of "
                f"numbers: for one place write [x]"
            )
        if found and is_nested(as_signal(found[0], self.size, "CausalSelfAttention")):
            if cache is not None:
                raise TypeError("CausalSelfAttention: a cache is of one sequence: call it on each, with a cache each")
            return each_of(self, found)
        kept = KeyValueCache() if cache is None else cache
        places = each_of(self.place_of, found)
        return [self.looked(x, kept) for x in places]

    def place_of(self, x: Any) -> list[Any]:
        """A place of the right size.

        >>> CausalSelfAttention(2).place_of((1.0, 2.0))
        [1.0, 2.0]
        """
        return fitting(as_signal(x, self.size, "CausalSelfAttention"), self.size, "CausalSelfAttention")

    def looked(self, x: list[Any], cache: KeyValueCache) -> list[Any]:
        """The outputs for the place after those in a cache, to which it is added.

        >>> len(CausalSelfAttention(2).looked([1.0, 2.0], KeyValueCache()))
        2
        """
        cache.add(self.key.respond(x), self.value.respond(x), self.heads)
        d = self.size // self.heads
        scale = 1.0 / sqrt(d)
        query = [q * scale for q in self.query.respond(x)]
        found = []
        for head, keys in enumerate(cache.keys):
            begin, end = head * d, (head + 1) * d
            mine = query[begin:end]
            scores = [dot(mine, key) for key in keys]
            total = logsumexp(scores)
            shares = [exp(score - total) for score in scores]
            found += [dot(shares, column) for column in cache.values[begin:end]]
        return self.output.respond(found)

    def __repr__(self) -> str:
        bias = "" if self.output.neurons[0].b is not None else ", bias=False"
        return f"CausalSelfAttention({self.size}, heads={self.heads}{bias})"
