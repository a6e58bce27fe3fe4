"""A model to a file."""

from __future__ import annotations

import os
import re
from hashlib import sha256
from typing import Any

from autograd import Value, __version__
from autograd.border.wording import brief
from nn.files.layout import Layout
from nn.files.payload import write_payload
from nn.files.plain import plain
from nn.parts.walk import Structured, Walk

__all__ = ["CLASS", "KEPT", "MODEL", "architecture_of", "digest_of_names", "kept_by", "numbers_of", "save"]

MODEL = "model"
"""What such a file says it holds; a checkpoint, say, holds something else."""
KEPT = ("preprocessing", "labels")
"""What is kept on a model, beside its numbers."""
CLASS = "__class__"
"""The key under which the class of an object stands in its data."""


def save(
    model: Any, path: str | os.PathLike[str], *, preprocessing: Any = None, labels: Any = None, **extras: Any
) -> None:
    """Write a model's numbers to a file, whole or not at all; `load` sets an equal model to them.

    The file is one of safetensors, which many programs read and which can hold no code; or JSON, for people, where its
    name ends in ".json". The weights of a layer are a matrix, a row per neuron, under the name PyTorch would give it.
    With them go the repr of the model, the version, and a SHA-256 of it all.

    Args:
        model: A Module; or anything with `state_dict` and `load_state_dict` like those of Module.
        path: Where.
        preprocessing: What the samples went through before the model saw them: an object with `to_dict` and
            `from_dict`, as those of `nn.data`, or lists and dicts of them. None takes `model.preprocessing`, if there
            is one. It is kept and comes back, and that is all: neither the model nor `predict` applies it, so that
            samples go through it before, as in the example.
        labels: The labels that the outputs stand for, in their order. None takes `model.labels`, if there are any.
        **extras: More to keep, each under a name of your own, as in `save(model, path, sizes=[2, 3, 1])`: None, bools,
            numbers, text, lists and dicts of these. `notes_of(path)["extras"]` gives them back, in a dict.

    Raises:
        TypeError: `model` is no such thing; or something is to be kept that no file can hold.
        ValueError: two parameters have the same name.
        OSError: the file cannot be written: there is no such folder, the disk is full. One that was there before is
            there unchanged.

    Cost: a walk over all parameters, and waiting for the disk.

    Source: the format is that of github.com/huggingface/safetensors.

    >>> from tempfile import TemporaryDirectory
    >>> from nn import MLP, load
    >>> model = MLP(2, [3, 1], rng=1)
    >>> with TemporaryDirectory() as folder:
    ...     save(model, f"{folder}/model.safetensors")
    ...     twin = load(f"{folder}/model.safetensors", MLP(2, [3, 1]))
    >>> twin([1.0, 2.0]).data == model([1.0, 2.0]).data
    True

    What the samples of a model went through goes with it:

    >>> from nn import Standardiser, predict_scores
    >>> scale, samples = Standardiser(), [[1.0, 20.0], [3.0, 60.0]]
    >>> scores = predict_scores(model, scale.fit(samples).transform(samples))
    >>> with TemporaryDirectory() as folder:
    ...     save(model, f"{folder}/model.safetensors", preprocessing=scale)
    ...     twin = load(f"{folder}/model.safetensors", MLP(2, [3, 1]))
    >>> predict_scores(twin, twin.preprocessing.transform(samples)) == scores
    True
    """
    state = numbers_of(model, "save(model, path)")
    about = {
        "holds": MODEL, "version": __version__, "architecture": architecture_of(model),
        "names": digest_of_names(state), "extras": plain(extras, "save: extras"),
    }  # fmt: skip
    for key, given in zip(KEPT, (preprocessing, labels), strict=True):
        about[key] = as_data(kept_by(model, key) if given is None else given, f"save: {key}")
    write_payload(path, Layout(state).arrays(state.values()), about)


def numbers_of(model: Any, what: str) -> dict[str, float]:
    """The numbers of a model under their names.

    Raises:
        TypeError: it has no `state_dict` and `load_state_dict`, or its state holds something else than numbers.
    """
    if isinstance(model, type) or not (hasattr(model, "state_dict") and hasattr(model, "load_state_dict")):
        hint = "an object of it" if isinstance(model, type) else "a Module, or what has state_dict and load_state_dict"
        raise TypeError(f"{what}: expected a model, got {type(model).__name__} {brief(model)}: give {hint}")
    state = dict(model.state_dict())
    for name, number in state.items():
        if type(name) is not str or type(number) is not float:
            raise TypeError(
                f"{what}: the state of a {type(model).__name__} is of floats under names, but {name!r} is a "
                f"{type(number).__name__}; weights of PyTorch come in by load_torch_state"
            )
    return state


def architecture_of(model: Any) -> str:
    """The repr of a model, without what differs from one object to the next: addresses, and numbers of Values.

    >>> architecture_of([Value(0.5), object()])
    '[Value, <object object>]'
    """
    try:
        text = repr(model)
    except Exception:  # a repr of a user's that fails; the numbers can be kept all the same
        text = type(model).__name__
    text = re.sub(r" at 0x[0-9a-fA-F]+", "", re.sub(r"Value\(data=[^()]*\)", "Value", text))
    return text if len(text) <= 20_000 else f"{text[:20_000]}... {sha256(text.encode(errors='replace')).hexdigest()}"


def digest_of_names(names: Any) -> str:
    """A digest of the names: numbers are put back where they were, or nowhere."""
    return sha256("\n".join(names).encode(errors="surrogatepass")).hexdigest()


def kept_by(model: Any, key: str) -> Any:
    """What a model keeps under a name for its user; None for nothing, and for a part of the model that is called so."""
    found = getattr(model, "__dict__", {}).get(key)
    return None if isinstance(found, (Structured, Value)) or Walk(found).parameters else found


def as_data(x: Any, what: str) -> Any:
    """Plain data; an object with `to_dict` as what that gives, and the name of its class."""
    if isinstance(x, dict):
        if CLASS in x:
            raise ValueError(f"{what}: files use the key {CLASS!r} themselves: give it another name")
        return {key: as_data(part, f"{what}[{key!r}]") for key, part in plain_keys(x, what).items()}
    if isinstance(x, (list, tuple)):
        return [as_data(part, f"{what}[{i}]") for i, part in enumerate(x)]
    if hasattr(x, "to_dict") and not hasattr(x, "tolist") and not isinstance(x, type):  # no column of pandas
        return {CLASS: type(x).__name__, "data": plain(x.to_dict(), f"{what}.to_dict()")}
    return plain(x, what)


def plain_keys(x: dict[Any, Any], what: str) -> dict[str, Any]:
    """The dict, whose keys are text."""
    plain(dict.fromkeys(x), what)
    return x
