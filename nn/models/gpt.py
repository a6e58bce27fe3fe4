"""A small language model: which token follows those before it."""

import operator
from collections.abc import Sized
from typing import Any

from autograd import Value, no_grad
from autograd.border.wording import brief
from nn.chance import as_generator
from nn.checks import as_size, is_whole, number_of
from nn.layers.attention import CausalSelfAttention, KeyValueCache
from nn.layers.dense import Layer, Linear
from nn.layers.embedding import Embedding
from nn.layers.norm import RMSNorm
from nn.layers.signals import as_signal, each_of, is_batch
from nn.models.generation import as_temperature, drawn
from nn.modules.module import Module

__all__ = ["GPT", "Block"]

SPREAD = 0.08
"""The standard deviation of the weights at the start: microgpt's."""

EPS = 1e-5
"""What is added to the mean square of a norm: microgpt's."""


class Block(Module):
    """What a sequence goes through in each layer of a GPT: attention, then an MLP; each adds to what comes in.

    The MLP has four times as many neurons as a place has numbers, with relu. Each sees the places brought to one scale.

    Args:
        size: How many numbers a place has.
        heads: Of the attention.

    >>> block = Block(4, 2)
    >>> [len(place) for place in block([[1.0, 2.0, 3.0, 4.0]])]
    [4]
    """

    def __init__(self, size: int, heads: int, *, rng: Any = None) -> None:
        source = as_generator(rng)
        self.norm = RMSNorm(size, EPS, affine=False)
        self.attention = CausalSelfAttention(size, heads, bias=False, rng=source)
        self.up = Layer(size, 4 * size, "relu", bias=False, rng=source)
        self.down = Linear(4 * size, size, bias=False, rng=source)

    def __call__(self, xs: list[Any], cache: KeyValueCache | None = None) -> list[Any]:
        """The outputs for a sequence, a list for each place.

        Args:
            xs: A list of places.
            cache: What attention keeps of places before these; these are added to it.
        """
        xs = added(xs, self.attention(self.norm(xs), cache))
        return added(xs, self.down(self.up(self.norm(xs))))


def added(xs: list[Any], ys: list[Any]) -> list[Any]:
    """The sums of places, number by number.

    >>> added([[1.0, 2.0]], [[3.0, 4.0]])
    [[4.0, 6.0]]
    """
    return [[a + b for a, b in zip(x, y, strict=True)] for x, y in zip(xs, ys, strict=True)]


class GPT(Module):
    """A language model in the manner of microgpt: for each place of a sequence, a logit for each token to come next.

    A token and its place have a row of numbers each, and their sum, brought to one scale, goes through blocks of causal
    attention and an MLP, then through a linear function to the logits. Nothing has a bias. Weights are drawn from the
    normal distribution of standard deviation 0.08, in microgpt's order: with the same seed they are the same.

    Args:
        vocabulary: How many tokens there are; or what has that many, such as `nn.Vocabulary`.
        embedding: How many numbers a place has.
        heads: Among how many heads of attention they are divided.
        layers: How many blocks.
        block: How long a sequence may be.
        rng: An int seed, a random.Random or a numpy.random.Generator; None takes Python's global generator.

    Attributes:
        tokens, places: The embeddings.
        head: The linear function at the end.
        blocks: The layers in between.

    Raises:
        TypeError: a size is not a whole number.
        ValueError: a size is below 1, or `embedding` cannot be divided by `heads`.

    Cost: for a sequence of n tokens about n·(390 + 6·n) nodes with the sizes that are given here, each place with
    4,000 multiplications.

    Source: Karpathy, "microgpt" (2026); Radford et al., "Language models are unsupervised multitask learners" (2019).

    >>> from nn import Vocabulary, cross_entropy
    >>> vocabulary = Vocabulary(["emma", "ava"])
    >>> model = GPT(vocabulary, embedding=4, heads=2, rng=1)
    >>> model
    GPT(5, embedding=4, heads=2, layers=1, block=16)
    >>> tokens = vocabulary.encode("emma")
    >>> logits = model(tokens[:-1])
    >>> len(logits), len(logits[0])
    (5, 5)
    >>> loss = cross_entropy(logits, tokens[1:])
    >>> loss.backward()
    """

    def __init__(
        self,
        vocabulary: int | Sized,
        embedding: int = 16,
        heads: int = 4,
        layers: int = 1,
        block: int = 16,
        rng: Any = None,
    ) -> None:
        count = len(vocabulary) if isinstance(vocabulary, Sized) and not isinstance(vocabulary, str) else vocabulary
        n, size = as_size(count, "GPT: vocabulary"), as_size(embedding, "GPT: embedding")
        if size % as_size(heads, "GPT: heads"):
            raise ValueError(f"GPT: an embedding of {size} numbers cannot be divided by {heads} heads")
        source = as_generator(rng)
        self.tokens = Embedding(n, size, rng=0)
        self.places = Embedding(as_size(block, "GPT: block"), size, rng=0)
        self.norm = RMSNorm(size, EPS, affine=False)
        self.head = Linear(size, n, bias=False, rng=0)
        self.blocks = [Block(size, heads, rng=0) for _ in range(as_size(layers, "GPT: layers"))]
        for p in self.parameters():  # what the layers drew is drawn anew
            p.data = source.gauss(0.0, SPREAD)

    @property
    def vocabulary(self) -> int:
        """How many tokens there are."""
        return self.tokens.count

    @property
    def block(self) -> int:
        """How long a sequence may be."""
        return self.places.count

    def __call__(self, tokens: Any) -> Any:
        """The logits of what comes next, a list for each place; for a batch of sequences, a list of such lists.

        Args:
            tokens: A list of numbers of tokens; or several such lists.

        Raises:
            TypeError: a token is no whole number.
            ValueError: there is none, there are too many, or one is out of range.
        """
        if isinstance(tokens, (str, bytes)):
            raise TypeError(
                f"GPT expects numbers of tokens, got the text {brief(tokens)}: nn.Vocabulary(texts).encode(text) makes "
                "numbers of it"
            )
        found = as_signal(tokens, self.block, "GPT")
        return each_of(self, found) if is_batch(found, tokens) else self.respond(self.fitting(found))

    def respond(self, tokens: list[Any], caches: list[KeyValueCache] | None = None) -> list[Any]:
        """The logits for tokens that are known to fit.

        Args:
            tokens: Their numbers.
            caches: For each block, what its attention keeps of tokens before these.

        >>> len(GPT(5, 4, 2).respond([1, 2]))
        2
        """
        kept: list[KeyValueCache | None] = [*caches] if caches else [None] * len(self.blocks)
        begin = len(caches[0]) if caches else 0
        # Rows of places are taken as they are: which they are is settled, where those of tokens may come from a feed.
        xs = self.norm(added(self.tokens(tokens), self.places.table[begin : begin + len(tokens)]))
        for block, cache in zip(self.blocks, kept, strict=True):
            xs = block(xs, cache)
        logits: list[Any] = self.head(xs)
        return logits

    def fitting(self, tokens: list[Any]) -> list[Any]:
        """Tokens that fit; of those that are Values (while training is recorded) only how many is looked at.

        Raises:
            TypeError: one is no whole number.
            ValueError: there is none, there are too many, or one is out of range.

        >>> GPT(5, 4, 2).fitting([1, 5])
        Traceback (most recent call last):
        ValueError: GPT: token 1 is 5, out of range for a vocabulary of 5 (0 to 4)
        """
        if not tokens:
            raise ValueError("GPT: no tokens: give at least the one that a text begins with")
        if len(tokens) > self.block:
            raise ValueError(
                f"GPT: {len(tokens)} tokens, but it was made for a block of {self.block} at most: cut them, or make "
                f"it with block={len(tokens)}"
            )
        for k, token in enumerate(tokens):
            self.require_token(token, f"token {k}")
        return tokens

    def require_token(self, token: Any, name: str) -> None:
        """Pass if something is the number of a token, or a Value.

        Raises:
            TypeError: it is no whole number.
            ValueError: it is out of range.

        >>> GPT(5, 4, 2).require_token(4, "token 0")
        """
        if isinstance(token, Value):
            return
        if not is_whole(token):
            raise TypeError(f"GPT: {name} is {type(token).__name__} {brief(token)}; expected a whole number")
        if not 0 <= token < self.vocabulary:
            raise ValueError(
                f"GPT: {name} is {token}, out of range for a vocabulary of {self.vocabulary} (0 to "
                f"{self.vocabulary - 1})"
            )

    def generate(
        self, start: Any, length: int, temperature: float = 1.0, rng: Any = None, stop: int | None = None
    ) -> list[int]:
        """The numbers of tokens: those given, and those that follow, each drawn by the logits of those before it.

        Args:
            start: The tokens that a text begins with; or one.
            length: How many follow at most. The model sees of them the last `block`.
            temperature: 1 draws tokens as likely as they were learnt, less makes likely ones likelier, and 0 always
                takes the most likely.
            rng: An int seed, a random.Random or a numpy.random.Generator; None takes Python's global generator.
            stop: A token at which it ends; it is left out. None goes on to the length.

        Raises:
            TypeError: a token or a length is no whole number.
            ValueError: a token is out of range, there is none to start with, the temperature is negative, or the
                logits are not finite.

        Cost: no graph, and as long as the sequence fits the block a token is looked at once; then each is another
        call on a whole block.

        >>> model = GPT(5, 4, 2, rng=1)
        >>> found = model.generate([4], 6, rng=7)
        >>> len(found), found[0], found == model.generate(4, 6, rng=7)
        (7, 4, True)
        """
        found = [start] if is_whole(start) else list(as_signal(start, 1, "generate"))
        for k, token in enumerate(found):
            self.require_token(token, f"token {k} of start")
            found[k] = operator.index(token)
        if not found:
            raise ValueError("generate: start is empty: give at least the token that a text begins with")
        heat = as_temperature(temperature, "generate")
        if stop is not None:
            self.require_token(stop, "stop")
        source = as_generator(rng)
        caches: list[KeyValueCache] = []
        with no_grad():
            for _ in range(as_size(length, "generate: length", 0)):
                seen = len(caches[0]) if caches else self.block
                if seen == self.block:
                    caches, new = [KeyValueCache() for _ in self.blocks], found[-self.block :]
                else:
                    new = found[-1:]
                token = drawn([number_of(x) for x in self.respond(new, caches)[-1]], heat, source)
                if token == stop:
                    break
                found.append(token)
        return found

    def __repr__(self) -> str:
        heads = self.blocks[0].attention.heads
        return (
            f"GPT({self.vocabulary}, embedding={self.tokens.size}, heads={heads}, layers={len(self.blocks)}, "
            f"block={self.block})"
        )
