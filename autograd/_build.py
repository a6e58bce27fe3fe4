"""Which of the two builds runs: compiled where it was built, interpreted where it was not or where you ask for it.

Environment:
    CHAINRULE_INTERPRETED=1: run the Python sources even if they are compiled too, to step through them.
    CHAINRULE_REQUIRE_NATIVE=1: refuse to run interpreted.

`setup.py` heeds both too, when a wheel is made.
"""

import os
import sys
from collections.abc import Sequence
from importlib.machinery import EXTENSION_SUFFIXES, ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path
from types import ModuleType

__all__ = ["check_build", "choose_build", "native"]

HERE = Path(__file__).parent


def is_set(variable: str) -> bool:
    """Whether the environment variable says yes."""
    return os.environ.get(variable, "") not in ("", "0")


native: bool = not is_set("CHAINRULE_INTERPRETED") and any(
    (HERE / "engine" / f"node{suffix}").exists() for suffix in EXTENSION_SUFFIXES
)
"""Whether the compiled engine runs: all of its modules are compiled, or none."""


class Sources:
    """Finds this package's modules as Python sources, past compiled ones of the same name."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> ModuleSpec | None:
        """The source file of a module of this package; a room, which is a folder, is found as ever."""
        *rooms, module = name.split(".")
        source = HERE.parent.joinpath(*rooms, f"{module}.py")
        return spec_from_file_location(name, source) if rooms[:1] == [__package__] and source.exists() else None


def choose_build() -> None:
    """Heed CHAINRULE_INTERPRETED; to be called before anything else is imported."""
    if is_set("CHAINRULE_INTERPRETED"):
        sys.meta_path.insert(0, Sources)


def check_build() -> None:
    """Heed CHAINRULE_REQUIRE_NATIVE.

    Raises:
        ImportError: the compiled engine is required and this is the other.
    """
    if not native and is_set("CHAINRULE_REQUIRE_NATIVE"):
        raise ImportError(
            "CHAINRULE_REQUIRE_NATIVE is set but the engine is interpreted: install a C compiler and run "
            "`pip install .`, or unset CHAINRULE_INTERPRETED"
        )
