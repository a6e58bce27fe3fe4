"""A run of training as plain data, and one that goes on from such data."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np

from nn.chance import state_of, to_state
from nn.checks import as_size
from nn.modules.module import Module
from nn.training.epoch import Epoch
from nn.training.history import History
from nn.training.optimiser import state_of_optimiser
from nn.training.run import Run
from nn.training.supply import Supply

__all__ = ["resume", "state_of_run"]


def state_of_run(run: Run) -> dict[str, Any]:
    """All that the steps to come depend on, and the history so far."""
    asked, supply, stepper = run.asked, run.supply, run.stepper
    return {
        "kind": kind_of(run), "epoch": run.epoch, "step": run.step, "place": supply.place, "order": supply.order,
        "parts": supply.parts, "begun": begun_of(supply), "theta": run.theta.tolist(), "good": run.good.tolist(),
        "buffers": [b.data for b in run.buffers], "good_buffers": run.good_buffers,
        "optimizer": state_of_optimiser(run.optimizer), "rate": run.optimizer.lr,
        "schedule": asked.schedule.state_dict() if hasattr(asked.schedule, "state_dict") else None,
        "callbacks": [c.state_dict() for c in remembering(run)],
        "sources": [state_of(s) for s in sources_of(run)], "so_far": run.so_far.to_dict(),
        "history": {f.name: getattr(run.history, f.name) for f in fields(History)}, "nodes": stepper.nodes,
        "way": stepper.way, "why": stepper.why, "family": run.labels.family,
    }  # fmt: skip


def begun_of(supply: Supply) -> Any:
    """Where the order of batches comes from, as it was or will be at the beginning of the epoch; None for none."""
    if not hasattr(supply.batches, "source"):
        return None
    return supply.begun if supply.place else state_of(supply.batches.source)


def kind_of(run: Run) -> dict[str, Any]:
    """What must be the same for a run to go on: numbers and text."""
    asked, supply = run.asked, run.supply
    held = "none" if run.judge is None else "samples" if supply.parts is None else f"a share of {run.share}"
    return {
        "parameters": len(run.parameters), "samples": supply.total, "data": supply.fingerprint, "validation": held,
        "batch_size": asked.size, "accumulate": asked.accumulate, "loss": name_of(run.loss),
        "optimizer": type(getattr(run.optimizer, "own", run.optimizer)).__name__,
        "schedule": "none" if asked.schedule is None else name_of(asked.schedule), "per": asked.per,
        "callbacks": ", ".join(name_of(c) for c in remembering(run)) or "none",
        "clip_norm": asked.limits.norm, "clip_value": asked.limits.value,
    }  # fmt: skip


def name_of(x: Any) -> str:
    """The name of a function, or of the class of something else."""
    return str(getattr(x, "__name__", type(x).__name__))


def remembering(run: Run) -> list[Any]:
    """The callbacks that have a state."""
    return [c for c in run.asked.callbacks if hasattr(c, "state_dict") and hasattr(c, "load_state_dict")]


def sources_of(run: Run) -> list[Any]:
    """Where random numbers come from: that of the run, and those that modules have for themselves."""
    own = [getattr(part, "rng", None) for part in run.model.modules()] if isinstance(run.model, Module) else []
    return list({id(s): s for s in (run.source, *own) if hasattr(s, "getstate")}.values())


def resume(run: Run) -> None:
    """Go on from the checkpoint of a run, if there is one.

    Raises:
        OSError, ValueError: it cannot be read, is damaged, or of another run; nothing is changed then.
    """
    checkpoint = run.asked.checkpoint
    state = run.read()
    if checkpoint is None or state is None:
        return
    mine, theirs = kind_of(run), state.get("kind", {})
    differing = [key for key in mine if theirs.get(key) != mine[key]]
    if differing:
        said = ", ".join(f"{key} {theirs.get(key)} there, {mine[key]} here" for key in differing)
        raise ValueError(f"{checkpoint.path} is a checkpoint of another run: {said}")
    before = state_of_run(run)
    try:
        take_up(run, state)
    except (KeyError, TypeError, AttributeError, ValueError, IndexError) as error:
        take_up(run, before)
        raise ValueError(f"{checkpoint.path} is no checkpoint that can be gone on from: {error!r}") from error


def take_up(run: Run, state: Mapping[str, Any]) -> None:
    """Have a run stand where another stood."""
    asked = run.asked
    supply = run.supply
    if state["parts"] is not None:
        run.judge_by(*supply.part(*state["parts"]))
        run.stepper.turn_to(supply.samples, supply.labels)
    if state["optimizer"] is not None:
        run.optimizer.load_state_dict(state["optimizer"])
    elif state["rate"] == state["rate"]:  # not nan
        run.optimizer.lr = state["rate"]
    if state["schedule"] is not None:
        asked.schedule.load_state_dict(state["schedule"])
    for callback, kept in zip(remembering(run), state["callbacks"], strict=True):
        callback.load_state_dict(kept)
    for source, kept in zip(sources_of(run), state["sources"], strict=True):
        to_state(source, kept)
    if state["begun"] is not None:
        supply.begun = state["begun"]
        to_state(supply.batches.source, supply.begun)
    for b, number in zip(run.buffers, state["buffers"], strict=True):
        b.data = number
    run.good_buffers = state["good_buffers"]
    run.theta, run.good = (as_numbers(state[key], len(run.parameters)) for key in ("theta", "good"))
    run.epoch, run.step, supply.place = (as_size(state[key], key, least=0) for key in ("epoch", "step", "place"))
    supply.order = state["order"]
    if supply.order is not None and sorted(supply.order) != list(range(len(supply.samples))):
        raise ValueError(f"the order is not one of {len(supply.samples)} samples")
    run.so_far = Epoch.from_dict(state["so_far"])
    run.history = History(**{f.name: state["history"][f.name] for f in fields(History)})
    if run.labels.kind == "classes" and "accuracy" in run.history.metrics:
        run.history.accuracy = run.history.metrics["accuracy"]
    run.labels = run.labels.read_as(state["family"])
    run.stepper.nodes = state["nodes"]
    run.stepper.go_on(state["way"], state["why"])
    run.sure = run.theta, [b.data for b in run.buffers], run.step
    run.settle()


def as_numbers(x: Any, n: int) -> Any:
    """So many numbers, in an array.

    Raises:
        ValueError: there are others.
    """
    found = np.array(x, dtype=float)
    if found.shape != (n,):
        raise ValueError(f"numbers in a shape of {found.shape}, for {n} parameters")
    return found
