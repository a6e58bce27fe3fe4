"""What a page shows of each frame, as plain data: text, numbers, lists and dicts, fit for JSON."""

from collections.abc import Sequence
from itertools import pairwise
from math import isfinite, log10
from typing import Any

import numpy as np

from nn.checks import as_label
from nn.film.frame import Frame
from nn.film.plane import ground_of, margins_on, packed, reach_of, shades
from nn.film.take import Take, optimiser_of
from nn.parts.columns import columns_of
from nn.parts.walk import Structured
from nn.plots.axes import shown
from nn.plots.network import stacks_of
from nn.plots.points import looks_of

__all__ = ["HEALTHY", "SQUARES", "said_of", "sheet_of"]

MOST_FRAMES, MOST_LOSSES = 200, 2000
MOST_ROWS, MOST_LAYERS, MOST_NEURONS = 50, 24, 12

HEALTHY = "healthy: nothing was found that ails it."

SQUARES = (
    "Gradients are those of the sum of the outputs' squares, as the loss was not told, or layers were not found in its "
    "graph: Recorder(loss=...) takes it as a function."
)

HEADS = ("gradient", "of the last's", "dead", "saturated", "update / weights")

FORMULAS = {"exp_avg": "m (exp_avg)", "exp_avg_sq": "v (exp_avg_sq)"}
"""What Adam's paper calls that of which PyTorch's names are kept."""


def sheet_of(frames: Sequence[Frame], losses: Sequence[tuple[int, float]]) -> dict[str, Any]:
    """All that a page shows.

    Args:
        frames: All that were recorded; of more than 200, so many evenly out of them.
        losses: Steps with their losses; of more than 2,000, likewise.

    Cost: each frame is measured, once; and 1,600 calls of the model, recorded, for samples of two numbers.
    """
    chosen = evenly(frames, MOST_FRAMES)
    names = list(dict.fromkeys(layer["name"] for frame in chosen for layer in layers_of(frame)))
    rows = [names[k] if k is not None else None for k in shown(len(names), MOST_LAYERS)]
    takes = list({id(frame.take): frame.take for frame in chosen}.values())
    nets = [network_of(take) for take in takes]
    which = {id(take): k for k, take in enumerate(takes)}
    parameters: dict[str, int] = {}
    states = list(dict.fromkeys(name for frame in chosen for name in state_columns(frame)))
    plane, planes = planes_of(chosen)
    found = []
    for frame, ground in zip(chosen, planes, strict=True):
        net = nets[which[id(frame.take)]]
        by_name = {layer["name"]: layer for layer in layers_of(frame)}
        found.append({
            "step": frame.step, "epoch": frame.epoch, "loss": short(frame.loss, 8),
            "lr": None if frame.lr is None else short(frame.lr), "says": said_of(frame),
            "layers": layer_cells(frame, by_name, rows), "network": which[id(frame.take)],
            "weights": [short(x, 3) for x in frame.weights[net["places"]]], "plane": ground,
            "rows": rows_of(frame, parameters, states),
        })  # fmt: skip
    return {
        "about": about(frames, chosen), "layers": [None if name is None else as_label(name, 40) for name in rows],
        "heads": HEADS, "hidden": len(names) - len(rows) + 1 if None in rows else 0, "frames": found,
        "losses": [[step, short(loss, 8)] for step, loss in evenly(losses, MOST_LOSSES)], "plane": plane,
        "networks": [{key: x for key, x in net.items() if key != "places"} for net in nets],
        "names": [as_label(name, 60) for name in parameters],
        "states": [as_label(FORMULAS.get(name, name), 24) for name in states],
        "some": some_of(chosen),
    }  # fmt: skip


def evenly(things: Sequence[Any], most: int) -> list[Any]:
    """So many of many, evenly, the first and the last among them.

    >>> evenly(range(10), 4), evenly([1, 2], 4)
    ([0, 3, 6, 9], [1, 2])
    """
    if len(things) <= most:
        return list(things)
    return [things[k] for k in np.linspace(0, len(things) - 1, most).round().astype(int)]


def short(x: Any, digits: int = 4) -> float | str | None:
    """A number of a few digits; text, where JSON has none.

    >>> short(0.123456), short(float("nan")), short(None)
    (0.1235, 'nan', None)
    """
    if x is None:
        return None
    return float(f"{x:.{digits}g}") if isfinite(x) else str(float(x))


def about(frames: Sequence[Frame], chosen: Sequence[Frame]) -> list[str]:
    """What was recorded, in a few lines."""
    last, n = frames[-1], len(frames)
    optimizer = optimiser_of(last.take.optimizer)
    steps = f"{n:,} step{'s' * (n != 1)} recorded, from {frames[0].step:,} to {last.step:,}"
    more = f"; {len(chosen)} of them, evenly chosen, are on this page" if len(chosen) < n else ""
    kind = f"{type(last.take.model).__name__} of {len(last.weights):,} parameters"
    lines = [f"{steps}{more}.", f"Model: {as_label(kind, 100)}."]
    if any(frame.by_squares for frame in chosen):
        lines.append(SQUARES)
    return lines if optimizer is None else [*lines, f"Optimiser: {as_label(type(optimizer).__name__, 60)}."]


def layers_of(frame: Frame) -> list[dict[str, Any]]:
    """The layers in the measure of a frame; none if it cannot be measured."""
    try:
        found: list[dict[str, Any]] = frame.measure()["layers"]
    except ValueError:
        return []
    return found


def said_of(frame: Frame) -> list[list[str]]:
    """What ails the network at a frame: pairs of a kind and a sentence.

    >>> from nn import MLP, Recorder, hinge
    >>> recorder = Recorder()
    >>> recorder(model=MLP(2, [3, 1], rng=1), batch=([[1.0, 2.0]], [1]), loss=hinge, optimizer=None)
    >>> said_of(recorder.frames[0])
    [['healthy', 'nothing was found that ails it.']]
    """
    try:
        found = [[verdict.kind, f"{verdict.says} {verdict.remedy}"] for verdict in frame.verdicts()]
    except ValueError as error:
        return [["not measured", str(error)]]
    return found or [HEALTHY.split(": ", 1)]


def layer_cells(frame: Frame, by_name: dict[str, Any], rows: Sequence[str | None]) -> list[Any]:
    """Of each layer: log10 of its gradient, and what stands in its row."""
    ratios = frame.ratios()
    found: list[Any] = []
    scale = frame.gradient_scale() if by_name else 1.0
    last = next((x["gradient_norm"] for x in reversed(list(by_name.values())) if x["gradient_norm"]), None)
    for name in rows:
        layer = None if name is None else by_name.get(name)
        if layer is None:
            found.append(None)
            continue
        gradient, norm = layer["gradient"], layer["gradient_norm"]
        size = None if gradient is None else gradient * scale
        share = None if norm is None or not last else norm / last
        ratio = ratios.get(as_label(layer["name"]))
        found.append([
            short(log10(size)) if size is not None and 0.0 < size < float("inf") else None, short(size),
            short(share), layer["dead"], layer["saturated"], None if ratio is None or ratio != ratio else short(ratio),
        ])  # fmt: skip
    return found


def network_of(take: Take) -> dict[str, Any]:
    """A network as columns of neurons with a place for each, and lines between them.

    Returns:
        "columns", each with a name, how many neurons there are, and the heights of those shown, by number; "lines",
        each of a column, of one of its neurons, and of one of the column before; "places", of which parameter each
        line shows the number. "why", where there is none.
    """
    empty: dict[str, Any] = {"columns": [], "lines": [], "places": np.empty(0, dtype=int)}
    if not isinstance(take.model, Structured):
        return {**empty, "why": "The model is a function, and not a module with neurons."}
    numbers = np.arange(len(take.values), dtype=float)
    try:
        with take.holding(numbers, np.zeros(len(take.buffers))) as (model, _):
            stacks = stacks_of(columns_of(model), MOST_NEURONS)
    except (TypeError, ValueError):
        return {**empty, "why": "There are no neurons in columns in this model: no Layer and no Neuron."}
    lines, places = [], []
    for (k, one), (_, other) in pairwise(enumerate(stacks)):
        if other.column is None or other.place != one.place + 1:
            continue
        for i in other.heights:
            row = other.column.weights[i]
            for j in one.heights:
                if j < len(row):
                    lines.append([k + 1, i, j])
                    places.append(int(row[j]))
    columns = [{
        "name": "inputs" if stack.column is None else as_label(stack.column.name, 24), "place": stack.place,
        "kind": "" if stack.column is None else as_label(stack.column.kind, 16), "size": stack.size,
        "heights": [[i, y] for i, y in stack.heights.items()],
    } for stack in stacks]  # fmt: skip
    return {"columns": columns, "lines": lines, "places": np.array(places, dtype=int)}


def planes_of(frames: Sequence[Frame]) -> tuple[dict[str, Any], list[str | None]]:
    """The plane that all frames share, and of each its shades; why there is none, if there is none."""
    try:
        ground = ground_of([frame.kept for frame in evenly(frames, 20)])
        found, known = [], None
        for frame in frames:
            with frame.take.holding(frame.weights, frame.buffers) as (model, _):
                margins, labels = margins_on(model, ground)
            known = known or labels
            found.append(margins if labels.classes == known.classes else None)
    except (TypeError, ValueError) as error:
        return {"why": f"There is no boundary: {str(error).removeprefix('boundary: ')}."}, [None] * len(frames)
    assert known is not None
    reach = reach_of([margins for margins in found if margins is not None])
    pairs = zip(ground.points, ground.labels, strict=True)
    plane = {
        "low": [short(x) for x in ground.low], "high": [short(x) for x in ground.high],
        "points": [[short(x), short(y), known.place(label)] for (x, y), label in pairs],
        "classes": [side.name for side in looks_of(known.classes)],
    }  # fmt: skip
    return plane, [None if margins is None else packed(shades(margins, reach)) for margins in found]


def state_columns(frame: Frame) -> dict[str, Any]:
    """What the optimiser remembered of each parameter that it moves, by name."""
    groups = frame.state.get("state") if isinstance(frame.state, dict) else None
    if not isinstance(groups, list) or not all(isinstance(group, dict) for group in groups):
        return {}
    found: dict[str, Any] = {}
    for name in dict.fromkeys(name for group in groups for name in group):
        parts = [group.get(name) for group in groups]
        if all(isinstance(part, np.ndarray) and part.ndim == 1 for part in parts):
            column = np.concatenate(parts)
            if len(column) == len(frame.take.moved):
                found[str(name)] = column
    return found


def rows_of(frame: Frame, parameters: dict[str, int], states: Sequence[str]) -> list[list[Any]]:
    """The optimiser's table: those parameters that moved most, in order; a name by its number, then numbers.

    Args:
        frame: Of which.
        parameters: The names so far, by number; those that are met for the first time are added.
        states: What else is remembered.
    """
    n = len(frame.weights)
    by = frame.grads if frame.update is None else frame.update
    largest = np.argsort(-np.abs(np.nan_to_num(by, nan=np.inf)), kind="stable")[:MOST_ROWS]
    columns = state_columns(frame)
    at = np.full(n, -1)
    at[frame.take.moved] = np.arange(len(frame.take.moved))
    found = []
    for k in sorted(largest.tolist()):
        name = parameters.setdefault(frame.names[k], len(parameters))
        kept = [
            short(columns[state][at[k]]) if state in columns and at[k] >= 0 else None for state in states
        ]  # fmt: skip
        moved = None if frame.update is None else short(frame.update[k])
        found.append([name, short(frame.weights[k]), short(frame.grads[k]), *kept, moved])
    return found


def some_of(frames: Sequence[Frame]) -> str:
    """Which parameters stand in the table."""
    n = max(len(frame.weights) for frame in frames)
    return f"The {MOST_ROWS} of {n:,} parameters that moved most in each step." if n > MOST_ROWS else ""
