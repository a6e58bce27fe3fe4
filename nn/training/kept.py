"""A run of training as plain data, and one that goes on from such data."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np

from nn.chance import state_of, to_state
from nn.modules.module import Module
from nn.training.epoch import Epoch
from nn.training.history import History
from nn.training.run import Run

__all__ = ["resume", "state_of_run"]


def state_of_run(run: Run) -> dict[str, Any]:
    """All that the steps to come depend on, and the history so far."""
    asked = run.asked
    return {
        "kind": kind_of(run), "epoch": run.epoch, "step": run.step, "place": run.place, "order": run.order,
        "split": run.split, "begun": begun_of(run), "theta": run.theta.tolist(), "good": run.good.tolist(),
        "buffers": [b.data for b in buffers_of(run.model)],
        "optimizer": run.optimizer.state_dict() if hasattr(run.optimizer, "state_dict") else None,
        "schedule": asked.schedule.state_dict() if hasattr(asked.schedule, "state_dict") else None,
        "callbacks": [c.state_dict() if hasattr(c, "state_dict") else None for c in asked.callbacks],
        "sources": [state_of(s) for s in sources_of(run)], "so_far": run.so_far.to_dict(),
        "history": {f.name: getattr(run.history, f.name) for f in fields(History)}, "nodes": run.stepper.nodes,
    }  # fmt: skip


def begun_of(run: Run) -> Any:
    """Where the order of batches comes from, as it was or will be at the beginning of the epoch; None for none."""
    if not hasattr(run.batches, "source"):
        return None
    return run.begun if run.place else state_of(run.batches.source)


def kind_of(run: Run) -> dict[str, Any]:
    """What must be the same for a run to go on."""
    return {
        "parameters": len(run.parameters), "batch_size": run.asked.size,
        "samples": None if run.batches is not None else sum(map(len, run.split)) if run.split else len(run.xs),
        "loss": str(getattr(run.loss, "__name__", type(run.loss).__name__)),
        "optimizer": type(getattr(run.optimizer, "own", run.optimizer)).__name__,
    }  # fmt: skip


def sources_of(run: Run) -> list[Any]:
    """Where random numbers come from: that of the run, and those that modules have for themselves."""
    own = [getattr(part, "rng", None) for part in run.model.modules()] if isinstance(run.model, Module) else []
    return list({id(s): s for s in (run.source, *own) if hasattr(s, "getstate")}.values())


def buffers_of(model: Any) -> list[Any]:
    """The buffers of a module; none, of anything else."""
    return model.buffers() if isinstance(model, Module) else []


def resume(run: Run) -> None:
    """Go on from the checkpoint of a run, if there is one.

    Raises:
        OSError, ValueError: it cannot be read, is damaged, or of another run; nothing is changed then.
    """
    checkpoint = run.asked.checkpoint
    state = None if checkpoint is None else checkpoint.read()
    if checkpoint is None or state is None:
        return
    mine = kind_of(run)
    try:
        differing = [key for key in mine if state["kind"][key] != mine[key]]
        if differing:
            said = ", ".join(f"{key} {state['kind'][key]} there, {mine[key]} here" for key in differing)
            raise ValueError(f"{checkpoint.path} is a checkpoint of another run: {said}")
        take_up(run, state)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{checkpoint.path} is no checkpoint that can be gone on from: {error!r}") from error


def take_up(run: Run, state: Mapping[str, Any]) -> None:
    """Have a run stand where another stood."""
    asked = run.asked
    if state["split"] is not None:
        run.part_with(*state["split"])
    if state["optimizer"] is not None:
        run.optimizer.load_state_dict(state["optimizer"])
    if state["schedule"] is not None:
        asked.schedule.load_state_dict(state["schedule"])
    for callback, kept in zip(asked.callbacks, state["callbacks"], strict=True):
        if kept is not None:
            callback.load_state_dict(kept)
    for source, kept in zip(sources_of(run), state["sources"], strict=True):
        to_state(source, kept)
    if state["begun"] is not None:
        run.begun = state["begun"]
        to_state(run.batches.source, run.begun)
    for b, number in zip(buffers_of(run.model), state["buffers"], strict=True):
        b.data = number
    run.theta, run.good = np.array(state["theta"], dtype=float), np.array(state["good"], dtype=float)
    run.epoch, run.step, run.place, run.order = (state[key] for key in ("epoch", "step", "place", "order"))
    run.so_far, run.history = Epoch.from_dict(state["so_far"]), History(**state["history"])
    if run.labels.kind == "classes" and "accuracy" in run.history.metrics:
        run.history.accuracy = run.history.metrics["accuracy"]
    run.stepper.nodes = state["nodes"]
    run.settle()
