"""Norms: signals brought to one scale, sample by sample or over a batch."""

from math import ulp
from typing import Any

from autograd import Value, dot, sqrt
from autograd import sum as add_up
from nn.chance import update
from nn.checks import as_finite, as_flag, as_size
from nn.layers.signals import as_signal, each_of, in_our_words, is_batch, is_nested
from nn.modules.module import Module
from nn.parts.buffers import buffer

__all__ = ["BatchNorm", "LayerNorm", "RMSNorm"]


class Norm(Module):
    """What norms have in common: as many inputs as outputs, and each scaled and moved at the end.

    Attributes:
        weight: What each is multiplied by, 1 at the start; None for nothing.
        bias: What is added to each, 0 at the start; None for nothing.
    """

    weight: list[Any] | None
    bias: list[Any] | None

    def __init__(self, size: int, eps: float, affine: bool, bias: bool) -> None:
        what = type(self).__name__
        self.size = as_size(size, f"{what}: size")
        self.eps = as_finite(eps, f"{what}: eps")
        if self.eps < 0.0:
            raise ValueError(f"{what}: eps: expected 0 or more, got {self.eps}")
        affine, bias = as_flag(affine, f"{what}: affine"), as_flag(bias, f"{what}: bias")
        self.weight = [Value(1.0) for _ in range(self.size)] if affine else None
        self.bias = [Value(0.0) for _ in range(self.size)] if affine and bias else None

    def __call__(self, x: Any) -> Any:
        """The outputs for one sample, a list; for a batch, a list of such lists."""
        found = as_signal(x, self.size, type(self).__name__)
        if is_batch(found, x):
            return each_of(self, found)
        return self.respond(self.fitting(found))

    def respond(self, x: list[Any]) -> list[Any]:
        """The outputs for a list that is known to fit."""
        raise NotImplementedError

    def fitting(self, x: list[Any]) -> list[Any]:
        """A sample of the right size.

        Raises:
            ValueError: it has another.
        """
        if len(x) != self.size:
            raise ValueError(f"{type(self).__name__} expects {self.size} inputs, got {len(x)}")
        return x

    def moved(self, x: list[Any]) -> list[Any]:
        """Each times its weight, plus its bias."""
        if self.weight is None:
            return x
        if self.bias is None:
            return [u * w for u, w in zip(x, self.weight, strict=True)]
        return [dot([u], [w], b) for u, w, b in zip(x, self.weight, self.bias, strict=True)]

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.size}{'' if self.weight is not None else ', affine=False'})"


class LayerNorm(Norm):
    """(x - mean) / √(variance + eps) * weight + bias, mean and variance being those of the sample's numbers.

    Args:
        size: How many numbers a sample has.
        eps: Added to the variance, which is the mean square.
        affine: Whether there are a weight, 1 at the start, and a bias, 0 at the start, for each.
        bias: Whether there is a bias.

    Raises:
        TypeError, ValueError: `size` is no size, or `eps` below 0.

    Cost: six nodes, and four for each number.

    Source: Ba, Kiros, Hinton, "Layer normalization" (2016).

    >>> [round(x.data, 4) for x in LayerNorm(3)([1.0, 2.0, 3.0])]
    [-1.2247, 0.0, 1.2247]
    """

    @in_our_words
    def __init__(self, size: int, eps: float = 1e-5, *, affine: bool = True, bias: bool = True) -> None:
        super().__init__(size, eps, affine, bias)

    def respond(self, x: list[Any]) -> list[Any]:
        """The outputs for a list that is known to fit.

        >>> [x.data for x in LayerNorm(2, eps=0.0).respond([1.0, 3.0])]
        [-1.0, 1.0]
        """
        mean = add_up(x) / self.size
        parts = [u - mean for u in x]
        scale = 1.0 / sqrt(dot(parts, parts) / self.size + self.eps)
        return self.moved([u * scale for u in parts])


class RMSNorm(Norm):
    """x / √(mean square + eps) * weight.

    Args:
        size: How many numbers a sample has.
        eps: Added to the mean square; None is the distance from 1 to the next float, as in PyTorch.
        affine: Whether there is a weight, 1 at the start, for each.

    Raises:
        TypeError, ValueError: `size` is no size, or `eps` below 0.

    Cost: five nodes, and two for each number.

    Source: Zhang, Sennrich, "Root mean square layer normalization" (2019).

    >>> [round(x.data, 4) for x in RMSNorm(2)([3.0, 4.0])]
    [0.8485, 1.1314]
    """

    @in_our_words
    def __init__(self, size: int, eps: float | None = None, *, affine: bool = True) -> None:
        super().__init__(size, ulp(1.0) if eps is None else eps, affine, False)

    def respond(self, x: list[Any]) -> list[Any]:
        """The outputs for a list that is known to fit.

        >>> [x.data for x in RMSNorm(1, eps=0.0).respond([-3.0])]
        [-1.0]
        """
        scale = 1.0 / sqrt(dot(x, x) / self.size + self.eps)
        return self.moved([u * scale for u in x])


class BatchNorm(Norm):
    """(x - mean) / √(variance + eps) * weight + bias, mean and variance being those of each number over the batch.

    In training it is called on a batch, and keeps running numbers; after `eval()` these take the place of the batch's,
    and it can be called on one sample.

    Args:
        size: How many numbers a sample has.
        eps: Added to the variance, which is the mean square.
        momentum: The share of a batch in the running numbers. The variance enters divided by n - 1, as in PyTorch.
        affine: Whether there are a weight, 1 at the start, and a bias, 0 at the start, for each.

    Attributes:
        running_mean, running_var: The running numbers: buffers, which are saved and not trained.

    Raises:
        TypeError, ValueError: `size` is no size, `eps` below 0, or `momentum` not between 0 and 1.

    Cost: for each number of a sample six nodes, and for each sample four of each.

    Source: Ioffe, Szegedy, "Batch normalization" (2015).

    >>> norm = BatchNorm(1)
    >>> [[round(x.data, 4) for x in row] for row in norm([[1.0], [3.0]])]
    [[-1.0], [1.0]]
    >>> [round(x.data, 4) for x in (norm.running_mean[0], norm.running_var[0])]
    [0.2, 1.1]
    >>> norm([1.0])
    Traceback (most recent call last):
    ValueError: BatchNorm in training takes a batch of 2 samples or more, got one sample: call it on all samples of ...
    """

    whole_batch = True  # a model with one in it is trained on batches as a whole

    @in_our_words
    def __init__(self, size: int, eps: float = 1e-5, momentum: float = 0.1, *, affine: bool = True) -> None:
        super().__init__(size, eps, affine, True)
        self.momentum = as_finite(momentum, "BatchNorm: momentum")
        if not 0.0 <= self.momentum <= 1.0:
            raise ValueError(f"BatchNorm: momentum: expected a share from 0 to 1, got {self.momentum}")
        self.running_mean = [buffer(0.0) for _ in range(self.size)]
        self.running_var = [buffer(1.0) for _ in range(self.size)]

    def __call__(self, x: Any) -> Any:
        """The outputs for a batch, a list of lists; after `eval()`, those for one sample too.

        Raises:
            ValueError: in training, it is not a batch of two samples or more.
        """
        if not self.training:
            return super().__call__(x)
        found = as_signal(x, self.size, "BatchNorm")
        if not is_nested(found) or len(found) < 2:
            raise ValueError(
                "BatchNorm in training takes a batch of 2 samples or more, got one sample: call it on all samples of "
                "a batch at once, or after eval()"
            )
        rows = each_of(self.fitting, [as_signal(row, self.size, "BatchNorm") for row in found])
        columns = [self.standardised(column, j) for j, column in enumerate(map(list, zip(*rows, strict=True)))]
        return [self.moved(list(row)) for row in zip(*columns, strict=True)]

    def standardised(self, column: list[Any], j: int) -> list[Any]:
        """The j-th numbers of a batch, with mean 0 and variance 1; the running numbers take part of theirs.

        >>> [round(x, 4) for x in BatchNorm(1).standardised([1.0, 3.0], 0)]
        [-1.0, 1.0]
        """
        n, share = len(column), self.momentum
        mean = add_up(column) / n
        parts = [x - mean for x in column]
        squares = dot(parts, parts)
        scale = 1.0 / sqrt(squares / n + self.eps)
        for running, found in ((self.running_mean[j], mean), (self.running_var[j], squares / (n - 1))):
            update(running, (1.0 - share) * running + share * found)
        return [x * scale for x in parts]

    def respond(self, x: list[Any]) -> list[Any]:
        """The outputs for a list that is known to fit, by the running numbers.

        >>> [x.data for x in BatchNorm(1, eps=0.0).respond([2.0])]
        [2.0]
        """
        means, variances = self.running_mean, self.running_var
        return self.moved([(u - m) * (1.0 / sqrt(v + self.eps)) for u, m, v in zip(x, means, variances, strict=True)])
