"""In place of a function that did not come along into another process."""

from __future__ import annotations

from typing import Any

__all__ = ["Absent", "AbsentError"]


class AbsentError(RuntimeError):
    """A function is to be run that did not come along."""


class Absent:
    """What a compiled function without its function has in its place: paths that are known can be run.

    Args:
        name: What the function was called.
    """

    def __init__(self, name: str) -> None:
        self.__name__ = name

    def error(self) -> AbsentError:
        """What to say of a row for which the function would have to be run."""
        return AbsentError(
            f"{self.__name__} came without its function, which cannot be imported here (it is a lambda, or of a "
            "notebook, __main__ or another function): it knows the paths that it had taken, and this row takes another "
            "one. Call it on such rows before it is pickled, or define it in a module"
        )

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Refuse.

        Raises:
            AbsentError: always.
        """
        raise self.error()
