"""Losses by name: their own, those of PyTorch's functions and classes, and those that are usual."""

from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

from autograd.border.wording import brief
from nn.losses.classification import cross_entropy, hinge, nll, squared_hinge
from nn.losses.likelihoods import gaussian_nll, poisson_nll
from nn.losses.probabilities import binary_cross_entropy, binary_cross_entropy_with_logits, kl_divergence
from nn.losses.regression import huber, log_cosh, mae, mse, smooth_l1

__all__ = [
    "LOSSES", "gaussian_nll_loss", "huber_loss", "kl_div", "l1_loss", "mse_loss", "named", "nll_loss",
    "poisson_nll_loss", "smooth_l1_loss",
]  # fmt: skip

# The names of PyTorch's functions, where ours are shorter.
l1_loss, mse_loss, huber_loss, smooth_l1_loss = mae, mse, huber, smooth_l1
nll_loss, kl_div, poisson_nll_loss, gaussian_nll_loss = nll, kl_divergence, poisson_nll, gaussian_nll

LOSSES: dict[str, Callable[..., Any]] = {
    loss.__name__: loss
    for loss in (
        mse, mae, huber, smooth_l1, log_cosh, hinge, squared_hinge, cross_entropy, nll, binary_cross_entropy,
        binary_cross_entropy_with_logits, kl_divergence, poisson_nll, gaussian_nll,
    )
}  # fmt: skip
"""All losses, by name; one that is added here is found by `named` too."""

ALSO = {
    "l1": "mae", "mean_absolute_error": "mae", "mean_squared_error": "mse", "l2": "mse", "bce": "binary_cross_entropy",
    "bce_with_logits": "binary_cross_entropy_with_logits",
    "kl": "kl_divergence", "kl_div": "kl_divergence", "negative_log_likelihood": "nll", "ce": "cross_entropy",
}  # fmt: skip
"""Other names of the same."""


def named(name: Any) -> Callable[..., Any]:
    """The loss of a name, in any usual spelling: "mse", "MSELoss", "cross-entropy".

    Raises:
        TypeError: the name is no text.
        ValueError: there is none of this name; the message says which is nearest.

    >>> named("SmoothL1Loss").__name__, named("bce_with_logits").__name__
    ('smooth_l1', 'binary_cross_entropy_with_logits')
    """
    if not isinstance(name, str):
        raise TypeError(f"loss: expected a name, got {type(name).__name__} {brief(name)}")
    known = {_bare(key): key for key in LOSSES} | {_bare(other): key for other, key in ALSO.items()}
    if (found := known.get(_bare(name))) is not None:
        return LOSSES[found]
    near = [known[bare] for bare in get_close_matches(_bare(name), known, 1, 0.5)]
    meant = f": did you mean {near[0]!r}?" if near else "."
    raise ValueError(f"loss: there is none called {brief(name)}{meant} There are {', '.join(LOSSES)}")


def _bare(name: str) -> str:
    """A name without what its spellings differ in."""
    return "".join([c for c in name.lower() if c.isalnum()]).removesuffix("loss")
