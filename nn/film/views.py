"""Pictures of many frames: gradients, updates, and shares that are dead or saturated, over the steps of a training."""

from collections.abc import Sequence
from math import isfinite, nan
from typing import Any

from nn.checks import as_label
from nn.film.frame import Frame
from nn.plots.axes import GREY, LETTERS, PALETTE, STROKES, as_axes, without_formulas
from nn.plots.description import tell
from nn.plots.gradients import gradient_flow

__all__ = ["flow_of", "ratios_of", "shares_of", "sized"]

LIMITS = 1e-7, 1.0
"""The colours of the map, the same in each: who knows one reads them all."""

USUAL = 1e-3
"""A step that is a thousandth of the weights is one of the usual size."""

MOST_LINES = 8


def sized(frames: Sequence[Frame]) -> tuple[list[Frame], list[dict[str, Any]]]:
    """Those frames that can be measured, and their measures with the gradients of single samples.

    Raises:
        ValueError: none can be, and why.
    """
    good, found, why = [], [], ""
    for frame in frames:
        try:
            one, scale = frame.measure(), frame.gradient_scale()
        except ValueError as error:
            why = str(error)
            continue
        good.append(frame)
        found.append({"layers": [{
            **layer, "gradient": None if layer["gradient"] is None else layer["gradient"] * scale,
        } for layer in one["layers"]]})  # fmt: skip
    if not found:
        raise ValueError(f"Recorder: {why}")
    return good, found


def flow_of(frames: Sequence[Frame], said: str, ax: Any = None) -> Any:
    """A map of gradients: layers by steps, with what is said of the last one as its title."""
    good, measures = sized(frames)
    steps = [frame.step for frame in good]
    ax = gradient_flow(measures, ax, per="step", at=steps, limits=LIMITS)
    ax.set_title(said, fontsize=LETTERS, loc="left", wrap=True, parse_math=False)
    mesh = ax.collections[-1]
    tell(mesh, f"{mesh._description} {said}")
    return ax


def ratios_of(frames: Sequence[Frame], ax: Any = None) -> Any:
    """How large updates are beside the weights they move: a line for each layer, and one at a thousandth."""
    ax = as_axes(ax)
    names = named([list(frame.ratios()) for frame in frames])
    lines = {name: [frame.ratios().get(name, nan) for frame in frames] for name in names}
    draw_lines(ax, frames, lines)
    ax.axhline(USUAL, color=GREY, linewidth=0.8, linestyle=(0, (4, 3)), label=f"{USUAL:g}, a usual size")
    if any(isfinite(x) and x > 0.0 for row in lines.values() for x in row):
        ax.set_yscale("log")
    finish(ax, "update / weights", "How large updates are beside the weights that they move", lines)
    return ax


def shares_of(frames: Sequence[Frame], ax: Any = None) -> Any:
    """The shares of rectifiers that are dead, and of numbers that are saturated, a line for each layer that has any."""
    good, measures = sized(frames)
    ax = as_axes(ax)
    lines: dict[str, list[float]] = {}
    for kind in ("dead", "saturated"):
        for name in named([[layer["name"] for layer in one["layers"]] for one in measures]):
            row = [share_of(one, name, kind) for one in measures]
            if any(x == x for x in row):
                lines[f"{name}, {kind}"] = row
    draw_lines(ax, good, lines)
    ax.set(ylim=(-0.02, 1.02))
    finish(ax, "share", "Shares of rectifiers that are dead and of numbers that are saturated", lines)
    return ax


def share_of(one: dict[str, Any], name: str, kind: str) -> float:
    """A share of a layer in one measure; nan where it has none."""
    found = next((layer[kind] for layer in one["layers"] if layer["name"] == name), None)
    return nan if found is None else float(found)


def named(names: list[list[str]]) -> list[str]:
    """Every name, once, in the order of their coming."""
    return list(dict.fromkeys(name for row in names for name in row))


def draw_lines(ax: Any, frames: Sequence[Frame], lines: dict[str, list[float]]) -> None:
    """Draw a line for each row: colours, strokes and marks tell them apart; of many the first ones."""
    steps = [frame.step for frame in frames]
    for k, (name, row) in enumerate(list(lines.items())[:MOST_LINES]):
        ax.plot(
            steps, row, color=PALETTE[k % len(PALETTE)], linestyle=STROKES[k % len(STROKES)], label=as_label(name, 32),
            marker="." if len(steps) < 30 else "",
        )  # fmt: skip


def finish(ax: Any, label: str, what: str, lines: dict[str, list[float]]) -> None:
    """Name the axes and the lines, and have them told in words."""
    ax.set(xlabel="step", ylabel=label)
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.spines[["top", "right"]].set_visible(False)
    more = len(lines) - MOST_LINES
    if ax.get_legend_handles_labels()[0]:
        legend = ax.legend(
            loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, frameon=False, fontsize=LETTERS,
            title=f"and {more:,} layers more" if more > 0 else None,
        )  # fmt: skip
        without_formulas(legend.get_texts())
    rows = [f"{as_label(name, 40)}: {ends_of(row)}" for name, row in list(lines.items())[:MOST_LINES]]
    tell(ax.patch, f"{what}, by step. {'; '.join(rows) or 'There are none'}{f'; and {more:,} more' * (more > 0)}.")


def ends_of(row: Sequence[float]) -> str:
    """The first and the last number of a row that are known.

    >>> ends_of([nan, 0.5, 0.25]), ends_of([nan])
    ('0.5 to 0.25', 'not known')
    """
    known = [x for x in row if x == x]
    return f"{known[0]:.3g} to {known[-1]:.3g}" if known else "not known"
