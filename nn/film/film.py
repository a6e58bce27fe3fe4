"""What was recorded of a training, and all that can be asked of it."""

import os
from math import nan
from pathlib import Path
from typing import Any

import numpy as np

from autograd import write_file
from autograd.border.wording import brief
from nn.checks import as_size
from nn.film.frame import Frame
from nn.film.page import page_of
from nn.film.sheet import SQUARES, evenly, said_of, sheet_of
from nn.film.views import flow_of, ratios_of, shares_of
from nn.plots.boundary import decision_boundary
from nn.plots.histograms import histograms
from nn.plots.network import network

__all__ = ["Film"]

MOST_LOOKED_AT = 16
"""So many frames are measured to say how it has been so far."""


class Film:
    """Frames of a training.

    Attributes:
        frames: What was kept, in the order of its steps.
        losses: Pairs of a step and its loss, of all steps that are known.

    >>> Film().steps
    []
    """

    def __init__(self) -> None:
        self.frames: list[Frame] = []
        self.losses: list[tuple[int, float]] = []

    @property
    def steps(self) -> list[int]:
        """The numbers of the steps that were recorded."""
        return [frame.step for frame in self.frames]

    @property
    def measures(self) -> list[dict[str, Any]]:
        """What `nn.measure` says at each step that was recorded, as plain data: `nn.Diagnosis` shows one as a table.

        Raises:
            ValueError: a step cannot be measured.
        """
        return [frame.measure() for frame in self.frames]

    @property
    def gradients(self) -> Any:
        """The mean of |d loss / d output| over the numbers of each layer: a row for each layer, a column for each step.

        They are those of single samples' outputs, in the loss of the batch; nan where a layer has none.
        """
        rows: dict[str, Any] = {}
        for k, one in enumerate(self.measures):
            for layer in one["layers"]:
                row = rows.setdefault(layer["name"], np.full(len(self.frames), nan))
                row[k] = nan if layer["gradient"] is None else layer["gradient"]
        return np.array(list(rows.values())).reshape(len(rows), len(self.frames))

    def frame(self, step: int = -1) -> Frame:
        """What was kept of a step.

        Args:
            step: Its number; below 0, counted from the last that was recorded.

        Raises:
            TypeError: it is no whole number.
            ValueError: it was not recorded, or nothing was.
        """
        self._require("frame")
        number = as_size(step, "Recorder: step", least=-len(self.frames))
        if number < 0:
            return self.frames[number]
        found = next((frame for frame in self.frames if frame.step == number), None)
        if found is None:
            were = f"{in_short(self.steps)} {'were' if len(self) > 1 else 'was'}"
            raise ValueError(f"Recorder: step {number} was not recorded; {were}, and -1 is the last of them")
        return found

    def _require(self, what: str) -> None:
        """Pass if something was recorded.

        Raises:
            ValueError: nothing was.
        """
        if not self.frames:
            raise ValueError(
                f"Recorder.{what}: nothing was recorded so far: train with fit(callbacks=[recorder]), or call "
                "recorder(model=, batch=, loss=, optimizer=) after each step"
            )

    def diagnose(self, step: int = -1) -> str:
        """What ails the network at a step, and what textbooks advise, as text; and how it was before.

        The verdicts are those of `nn.diagnose`. Where the loss was given with its graph, none is about the rate.

        Args:
            step: As for `frame`.

        Raises:
            ValueError: the step was not recorded, or nothing was.
        """
        self._require("diagnose")
        frame = self.frame(step)
        loss = "" if frame.loss != frame.loss and frame.objective is not None else f", loss {frame.loss:.4g}"
        lines = [f"step {frame.step:,}{loss}", *(f"{kind}: {text}" for kind, text in said_of(frame))]
        if frame.by_squares:
            lines.append(SQUARES)
        looked = evenly(self.frames, MOST_LOOKED_AT)
        kinds = [[kind for kind, _ in said_of(one) if kind != "healthy"] for one in looked]
        counts = {
            kind: sum(kind in found for found in kinds) for kind in dict.fromkeys(k for row in kinds for k in row)
        }
        if len(looked) > 1 and counts:
            steps = f"{len(looked)} steps looked at, from {looked[0].step:,} to {looked[-1].step:,}"
            lines.append(f"In {steps}: {', '.join([f'{kind} in {n}' for kind, n in counts.items()])}.")
        return "\n".join(lines)

    def rewind(self, step: int = -1) -> None:
        """Have the model hold the numbers that it had at a step, buffers among them; the optimiser is left as it is.

        Args:
            step: As for `frame`.

        Raises:
            ValueError: the step was not recorded; the model has another shape now.

        >>> from nn import MLP, Recorder, fit, make_moons
        >>> model, recorder = MLP(2, [1], rng=1), Recorder(every=1)
        >>> history = fit(model, make_moons(8, rng=1), epochs=3, callbacks=[recorder], progress=False)
        >>> recorder.rewind(0)
        >>> [p.data for p in model.parameters()] == recorder.frames[0].weights.tolist()
        True
        """
        frame = self.frame(step)
        try:
            frame.take.put(frame.weights, frame.buffers)
        except ValueError as error:
            raise ValueError(f"Recorder.rewind: step {frame.step}: {error}") from None

    # --- pictures ----------------------------------------------------------------------------------------------------

    def gradient_flow(self, ax: Any = None) -> Any:
        """The size of a sample's gradients as a map: a row for each layer, a column for each step; and what it means.

        Colours are logarithmic and always the same, from 1e-7 to 1. Where a loss is a mean over samples, a sample's
        gradient is that of its own share, and does not depend on how many samples there are.

        Args:
            ax: Matplotlib axes; None makes new ones.

        Returns:
            The axes.

        Raises:
            ImportError: matplotlib is not installed.
            ValueError: nothing was recorded, or none of it can be measured.
        """
        self._require("gradient_flow")
        said = " ".join(f"{kind}: {text}" for kind, text in said_of(self.frames[-1]))
        return flow_of(self.frames, said, ax)

    def update_ratio(self, ax: Any = None) -> Any:
        """How large updates are beside the weights that they move, layer by layer, over the steps; 1e-3 is usual.

        Args, Returns, Raises:
            As for `gradient_flow`.
        """
        self._require("update_ratio")
        return ratios_of(self.frames, ax)

    def shares(self, ax: Any = None) -> Any:
        """The shares of rectifiers that are dead and of numbers that are saturated, layer by layer, over the steps.

        Args, Returns, Raises:
            As for `gradient_flow`.
        """
        self._require("shares")
        return shares_of(self.frames, ax)

    def histograms(self, step: int = -1, ax: Any = None, of: str = "weights") -> Any:
        """Histograms of the weights or gradients at a step, as `nn.histograms` draws them.

        Args:
            step: As for `frame`.
            ax: Matplotlib axes; None makes new ones.
            of: "weights" or "gradients".

        Returns:
            The axes.

        Raises:
            ImportError: matplotlib is not installed.
            TypeError: the model is no module.
            ValueError: the step was not recorded, or `of` is something else.
        """
        self._require("histograms")
        frame = self.frame(step)
        with frame.take.holding(frame.weights, frame.buffers, frame.grads) as (model, _):
            return histograms(model, ax, of)

    def network(self, step: int = -1, ax: Any = None) -> Any:
        """The network at a step as neurons in columns, as `nn.network` draws it.

        Args, Returns, Raises:
            As for `histograms`.
        """
        self._require("network")
        frame = self.frame(step)
        with frame.take.holding(frame.weights, frame.buffers, frame.grads) as (model, _):
            return network(model, ax)

    def boundary(self, step: int = -1, ax: Any = None) -> Any:
        """The plane as the model saw it at a step, with the samples that were kept, as `nn.decision_boundary` draws it.

        Args:
            step: As for `frame`.
            ax: Matplotlib axes; None makes new ones.

        Returns:
            The axes.

        Raises:
            ImportError: matplotlib is not installed.
            ValueError: the step was not recorded; samples are no points of the plane, or labels no classes.
        """
        self._require("boundary")
        frame = self.frame(step)
        points = frame.kept.points()
        if points is None or frame.kept.labels is None:
            raise ValueError(
                "Recorder.boundary: there is none: it is drawn of the plane, for samples of two finite numbers with "
                f"labels, and the first sample is {brief(frame.kept.samples[0])}"
            )
        with frame.take.holding(frame.weights, frame.buffers) as (model, _):
            return decision_boundary(model, points, frame.kept.labels, ax)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write a page to go through the training by: the loss with a cursor, and at the cursor everything else.

        It is one file that needs no network: the network, the boundary where samples are points of the plane, gradients
        by layer with the verdict, and the optimiser's table. Arrow keys move the cursor.

        Args:
            path: Where; it ends in .html.

        Raises:
            OSError: it cannot be written. A file that was there before is there unchanged.
            ValueError: nothing was recorded, or the path ends otherwise.

        Cost: as of `sheet_of`: some 30 ms a frame for a network of a few hundred parameters.
        """
        self._require("save")
        if Path(path).suffix.lower() not in (".html", ".htm"):
            raise ValueError(
                f"Recorder.save: writes a page: give a path that ends in .html, not {brief(Path(path).name)}"
            )
        write_file(path, page_of(sheet_of(self.frames, self.losses)))

    def __len__(self) -> int:
        return len(self.frames)

    def __bool__(self) -> bool:
        return True  # a callback that has recorded nothing is one nevertheless

    def __repr__(self) -> str:
        n = len(self.frames)
        steps = f", {in_short(self.steps)}" if n else ""
        return f"<{type(self).__name__}: {n:,} step{'s' * (n != 1)} recorded{steps}>"


def in_short(steps: list[int]) -> str:
    """Numbers of steps, of many the first and the last.

    >>> in_short([0, 5]), in_short(list(range(0, 100, 5)))
    ('0 and 5', '0, 5, 10, ... and 95')
    """
    *first, last = [f"{step:,}" for step in steps]
    if not first:
        return last
    return f"{', '.join(first if len(first) < 6 else [*first[:3], '...'])} and {last}"
