"""What is done to samples before a model sees them, and undone: the base of it, and a chain of several."""

from typing import Any, ClassVar, Self

from autograd.border.wording import brief

__all__ = ["Chain", "Transform"]


class Transform:
    """Something that learns from samples how to change them, changes others the same way, and can undo it.

    A subclass has `fit`, `transform` and `inverse`, and `state`, the names of the attributes that `fit` sets. They hold
    plain data: by `to_dict` and `from_dict` a transform is kept with a model, in a file or elsewhere.

    >>> from nn import Standardiser
    >>> kept = Standardiser().fit([[1.0], [3.0]]).to_dict()
    >>> Transform.from_dict(kept).transform([[5.0]])
    [[3.0]]
    """

    state: ClassVar[tuple[str, ...]] = ()
    kinds: ClassVar[dict[str, type["Transform"]]] = {}

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        Transform.kinds[cls.__name__] = cls

    def fit(self, samples: Any) -> Self:
        """The transform itself, after it has learnt from these samples."""
        raise NotImplementedError(f"{type(self).__name__}.fit(samples) is to be written")

    def transform(self, samples: Any) -> list[Any]:
        """The samples, changed."""
        raise NotImplementedError(f"{type(self).__name__}.transform(samples) is to be written")

    def inverse(self, samples: Any) -> list[Any]:
        """What samples were before they were changed."""
        raise NotImplementedError(f"{type(self).__name__}.inverse(samples) is to be written")

    def fit_transform(self, samples: Any) -> list[Any]:
        """The samples, changed as it was just learnt from them."""
        return self.fit(samples).transform(samples)

    @property
    def fitted(self) -> bool:
        """Whether it has learnt from samples."""
        return all(getattr(self, name) is not None for name in self.state)

    def to_dict(self) -> dict[str, Any]:
        """All that it knows, as plain data: text, numbers, lists and dicts.

        Raises:
            ValueError: it has not learnt from samples yet.
        """
        self.require_fitted("to_dict")
        return {"kind": type(self).__name__, **{name: getattr(self, name) for name in self.state}}

    @classmethod
    def from_dict(cls, data: Any) -> "Transform":
        """The transform that such data is of; called on a subclass, it takes that kind alone.

        Raises:
            ValueError: the data is of none.
        """
        kind = data.get("kind") if isinstance(data, dict) else None
        found = Transform.kinds.get(kind) if isinstance(kind, str) else None
        if found is None or not issubclass(found, cls):
            raise ValueError(f"{cls.__name__}: {brief(data)} is no {cls.__name__.lower()}: expected what to_dict gives")
        if set(data) != {"kind", *found.state}:
            raise ValueError(f"{kind}: expected {', '.join(found.state)}, got {brief(sorted(data))}")
        made = found()
        try:
            made.set_state(**{name: data[name] for name in found.state})
        except (TypeError, ValueError, LookupError, AttributeError) as error:
            raise ValueError(f"{kind}: {brief(data)} does not hold together: {error}") from None
        return made

    def set_state(self, **state: Any) -> None:
        """Take over what `to_dict` gave; a subclass looks at it first, and raises a ValueError or TypeError."""
        for name in self.state:
            setattr(self, name, state[name])

    def require_fitted(self, what: str) -> None:
        """Pass if it has learnt from samples.

        Raises:
            ValueError: it has not.
        """
        if not self.fitted:
            raise ValueError(f"{type(self).__name__}.{what}: nothing was learnt yet: call fit(samples) first")

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in self.state)

    __hash__ = None  # type: ignore[assignment]  # it changes when it learns

    def __repr__(self) -> str:
        return f"{type(self).__name__}({brief(self.to_dict()) if self.fitted else ''})"


class Chain(Transform):
    """Transforms one after the other: each learns from what the one before it gives.

    Args:
        parts: The transforms, the first to be applied first.

    Raises:
        TypeError: one of them is no transform.

    >>> from nn import OneHot, Standardiser
    >>> chain = Chain(OneHot(columns=[1]), Standardiser()).fit([[1.0, "a"], [3.0, "b"]])
    >>> chain.transform([[2.0, "b"]])
    [[0.0, -1.0, 1.0]]
    >>> chain.inverse([[0.0, -1.0, 1.0]])
    [[2.0, 'b']]
    """

    state = ("parts",)

    def __init__(self, *parts: Transform) -> None:
        for part in parts:
            if not isinstance(part, Transform):
                raise TypeError(f"Chain: expected transforms, got {type(part).__name__} {brief(part)}")
        self.parts = list(parts)

    @property
    def fitted(self) -> bool:
        """Whether each of them has learnt from samples."""
        return all(part.fitted for part in self.parts)

    def fit(self, samples: Any) -> Self:
        """The chain itself, after each part has learnt from what the one before gives."""
        for part in self.parts:
            samples = part.fit_transform(samples)
        return self

    def transform(self, samples: Any) -> list[Any]:
        """The samples, changed by each part in turn."""
        for part in self.parts:
            samples = part.transform(samples)
        return list(samples)

    def inverse(self, samples: Any) -> list[Any]:
        """What samples were: each part undoes what it did, the last one first."""
        for part in reversed(self.parts):
            samples = part.inverse(samples)
        return list(samples)

    def to_dict(self) -> dict[str, Any]:
        """What the parts know, as plain data."""
        return {"kind": "Chain", "parts": [part.to_dict() for part in self.parts]}

    def set_state(self, **state: Any) -> None:
        """Take over what the parts' `to_dict` gave."""
        if not isinstance(state["parts"], list):
            raise TypeError(f"parts is a {type(state['parts']).__name__}, no list")
        self.parts = [Transform.from_dict(part) for part in state["parts"]]

    def __repr__(self) -> str:
        return f"Chain({', '.join(map(repr, self.parts))})"
