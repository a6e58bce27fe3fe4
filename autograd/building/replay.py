"""A replay in machine code, where that can be had; else over lanes, and that is said in a line."""

from __future__ import annotations

import warnings
from typing import Any

from autograd._build import native
from autograd.building.compilers import NotBuilt
from autograd.building.library import machine_of
from autograd.engine.refusals import frames_of_ours
from autograd.lowering.lowered import Lowered
from autograd.replay.replay import Replay

__all__ = ["BACKENDS", "BuiltReplay"]

_said: set[str] = set()
"""Why nothing was built, as far as that was said."""


class BuiltReplay(Replay):
    """A program, ready to run over batches in machine code; guards are checked as they are by any replay.

    >>> import numpy as np
    >>> from autograd.calculus import table
    >>> from autograd.programs.program import Program
    >>> from autograd.programs.steps import packed
    >>> cube = BuiltReplay(Program(("x",), packed([(table.mul, (0, 0)), (table.mul, (1, 0))]), (2,), single=True))
    >>> cube(np.array([1.0, 2.0, 3.0]))
    array([ 1.,  8., 27.])
    """

    def _has_machine(self, guarded: bool) -> bool:
        """Whether there may be something that runs instructions."""
        return native or not guarded

    def _prepare(self, lowered: Lowered, guarded: bool) -> Any:
        """What runs instructions."""
        if not guarded:
            try:
                return machine_of(lowered)
            except NotBuilt as why:
                if str(why) not in _said:
                    _said.add(str(why))
                    message = f'compile(backend="c"): {why}; it is run over lanes instead'
                    warnings.warn(message, RuntimeWarning, stacklevel=1 + frames_of_ours())
        return super()._prepare(lowered, guarded)


BACKENDS: dict[str, type[Replay]] = {"lanes": Replay, "c": BuiltReplay}
"""How a program is run, by the name that `compile` has for it."""
