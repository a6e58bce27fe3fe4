"""A model from a file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, TypeVar

import numpy as np

from autograd.border.wording import shortened
from nn.data.names import Vocabulary
from nn.data.transforms import Transform
from nn.files.layout import Layout
from nn.files.payload import Payload, read_payload
from nn.files.plain import listed, shown
from nn.files.save import CLASS, KEPT, MODEL, architecture_of, digest_of_names, kept_by, numbers_of

__all__ = ["keepable", "load", "notes_of"]

Model = TypeVar("Model")
Class = TypeVar("Class", bound=type)

CLASSES: dict[str, Any] = {"Vocabulary": Vocabulary}
"""Classes of which objects are made again, besides transforms and those that `load` finds on the model."""


def keepable(cls: Class) -> Class:
    """Decorate a class so that its objects, kept on a model, come back from a file.

    Args:
        cls: A class with `to_dict`, which gives plain data, and the class method `from_dict`, which raises a ValueError
            for data that are none.

    >>> @keepable
    ... class Halves:
    ...     def to_dict(self):
    ...         return {}
    ...     @classmethod
    ...     def from_dict(cls, data):
    ...         return cls()
    >>> CLASSES.pop("Halves") is Halves
    True
    """
    CLASSES[cls.__name__] = cls
    return cls


def load(path: str | os.PathLike[str], model: Model, *, strict: bool = True) -> Model:
    """Set a model to the numbers in a file that `save` wrote; all of them, or none if anything is wrong.

    What was kept with it becomes `model.preprocessing` and `model.labels`; where nothing was, nothing is there. By
    `labels`, `predict` says what a score means. `preprocessing` is applied by nobody: samples go through
    `model.preprocessing.transform` first, as they did in training.

    Args:
        path: Where.
        model: A model of the same architecture; its numbers do not matter.
        strict: Whether the repr of the model must be that of the one in the file: another activation makes another
            model of the same numbers. With False the names and shapes of the numbers are to agree, no more.

    Returns:
        The model that was given.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is damaged, foreign, of another version, or of a model of another shape or architecture. The
            model is unchanged then.
        TypeError: `model` is no model.

    >>> from tempfile import TemporaryDirectory
    >>> from nn import MLP, save
    >>> with TemporaryDirectory() as folder:
    ...     save(MLP(2, [3, 1]), f"{folder}/model.json")
    ...     load(f"{folder}/model.json", MLP(2, [4, 1]))
    Traceback (most recent call last):
    ValueError: ...model.json is of another model: layers.0.weight is of shape (3, 2), here (4, 2); ...
    """
    names = list(numbers_of(model, "load(path, model)"))
    payload = read_model(path)
    layout = Layout(names)
    differences = differing(payload.arrays, layout.shapes)
    if not differences and payload.about["names"] != digest_of_names(names):
        differences = ["its parameters have other names"]
    if differences:
        raise ValueError(f"{os.fspath(path)} is of another model: {'; '.join(differences)}")
    if strict and (told := payload.about["architecture"]) != (mine := architecture_of(model)):
        raise ValueError(
            f"{os.fspath(path)} is of another architecture: {from_difference(told, mine)}, here "
            f"{from_difference(mine, told)}; with strict=False its numbers are taken all the same"
        )
    kept = {key: from_data(payload.about[key], key, model, path) for key in KEPT}
    state = dict(zip(names, layout.numbers(payload.arrays), strict=True))
    model.load_state_dict(state)  # type: ignore[attr-defined]
    for key, thing in kept.items():
        if thing is not None:
            setattr(model, key, thing)
        elif kept_by(model, key) is not None:
            delattr(model, key)
    return model


def notes_of(path: str | os.PathLike[str]) -> dict[str, Any]:
    """What a file that `save` wrote tells of its model: enough to build one for `load`, if that was kept.

    Args:
        path: Where.

    Returns:
        A dict of `architecture` (the model's repr), `version`, `labels`, `preprocessing` (as plain data), `extras`, and
        `shapes`: of each array under its name.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is damaged or foreign.

    >>> from tempfile import TemporaryDirectory
    >>> from nn import MLP, save
    >>> with TemporaryDirectory() as folder:
    ...     save(MLP(2, [1]), f"{folder}/model.safetensors", sizes=[2, 1])
    ...     notes = notes_of(f"{folder}/model.safetensors")
    >>> notes["architecture"], notes["extras"]["sizes"], notes["shapes"]["layers.0.weight"]
    ('MLP of [Layer of [LinearNeuron(2)]]', [2, 1], (1, 2))
    """
    payload = read_model(path)
    told = {key: payload.about[key] for key in ("architecture", "version", "labels", "preprocessing", "extras")}
    return {**told, "shapes": {name: array.shape for name, array in payload.arrays.items()}}


def read_model(path: str | os.PathLike[str]) -> Payload:
    """What is in a file that `save` wrote."""
    payload = read_payload(path)
    about = payload.about
    expected = {"version": str, "architecture": str, "names": str, "extras": dict}
    if (
        about.get("holds") != MODEL
        or set(about) != {"holds", *expected, *KEPT}
        or not all(type(about[key]) is cls for key, cls in expected.items())
    ):
        raise ValueError(f"{os.fspath(path)} holds no model, but {shown(about.get('holds'))}: save writes one")
    return payload


def differing(arrays: Mapping[str, Any], shapes: Mapping[str, tuple[int, ...]]) -> list[str]:
    """How the arrays of a file differ from those of a model, in few words."""
    found = []
    for name, array in arrays.items():
        if name in shapes and array.shape != shapes[name]:
            found.append(f"{name} is of shape {array.shape}, here {shapes[name]}")
        elif name in shapes and array.dtype != np.float64:
            found.append(f"{name} is of {array.dtype}, where doubles belong")
    for what, ones in (
        ("it lacks", [name for name in shapes if name not in arrays]),
        ("this one lacks", [name for name in arrays if name not in shapes]),
    ):
        if ones:
            found.append(f"{what} {listed(ones)}")
    return [*found[:4], f"and {len(found) - 4} more"] if len(found) > 5 else found


def from_difference(text: str, other: str) -> str:
    """A text from shortly before where it differs from another."""
    at = next((k for k, (a, b) in enumerate(zip(text, other, strict=False)) if a != b), min(len(text), len(other)))
    return shortened(text, 60) if at < 40 else f"...{shortened(text[at - 20 :], 60)}"


def from_data(x: Any, key: str, model: Any, path: Any) -> Any:
    """What `save` wrote as data; an object of a class that is known, by its `from_dict`."""
    if type(x) is list:
        return [from_data(part, key, model, path) for part in x]
    if type(x) is not dict:
        return x
    if CLASS not in x:
        return {name: from_data(part, key, model, path) for name, part in x.items()}
    cls = known_class(x[CLASS], kept_by(model, key))
    if cls is None or set(x) != {CLASS, "data"}:
        raise ValueError(
            f"{os.fspath(path)}: its {key} is of a class {shown(x[CLASS])}, which is not known here: give the model "
            f"one of that class as model.{key} before"
        )
    try:
        return cls.from_dict(x["data"])
    except Exception as error:
        raise ValueError(f"{os.fspath(path)}: its {key} is no data of a {cls.__name__}: {error}") from None


def known_class(name: Any, present: Any) -> Any:
    """The class of a name: one of ours, or that of an object which the model has there, in a list or dict perhaps."""
    things = [present]
    for thing in things:
        if isinstance(thing, (list, tuple)):
            things += thing
        elif isinstance(thing, dict):
            things += thing.values()
        elif type(thing).__name__ == name and hasattr(thing, "from_dict"):
            return type(thing)
    return {**Transform.kinds, **CLASSES}.get(name) if type(name) is str else None
