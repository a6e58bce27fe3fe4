"""Runs that are kept in a file, cut off, and gone on with."""

import os
import random

import nn

POINTS, SIGNS = nn.make_moons(20, rng=3)
BITS = [(y + 1) // 2 for y in SIGNS]


class Cut(Exception):
    """The end of a process, as far as the file is concerned."""


def trained(path=None, *, cut=None, resume=False, model=None, data=None, epochs=4, **options):
    """A model that was trained, and its history; cut off before so many steps more, if asked."""
    model = nn.MLP(2, [4, 1], "tanh", rng=1) if model is None else model()
    data = (POINTS, BITS) if data is None else data() if callable(data) else data
    made = {key: x() if callable(x) and key in ("callbacks", "schedule", "seed") else x for key, x in options.items()}
    callbacks = list(made.pop("callbacks", []))
    optimizer = made.pop("optimizer", nn.Adam)(model.parameters())
    if "attached" in made:
        made["schedule"] = made.pop("attached")(optimizer)
    steps = 0

    def cutting(record):
        nonlocal steps
        steps += 1
        if steps == cut:
            raise Cut

    if cut is not None:
        callbacks.append(cutting)
    else:
        callbacks.append(len_of_history)
    if path is not None:
        made |= {"checkpoint": path, "resume": resume}
    else:
        made.pop("every", None)
    made = {"batch_size": 6, "seed": 5, "loss": nn.binary_cross_entropy_with_logits, **made}
    if not isinstance(data, tuple):
        made.pop("batch_size")
    history = nn.fit(model, data, optimizer=optimizer, epochs=epochs, callbacks=callbacks, progress=False, **made)
    return model, history


def len_of_history(record):
    """Nothing: it stands in the place of the callback that cuts off."""


def result(model, history):
    """All bits that must be the same."""
    return {
        "weights": [p.data.hex() for p in model.parameters()],
        "buffers": [b.data.hex() for b in model.buffers()],
        "losses": [x.hex() for x in history.loss],
        "validation": [x.hex() for x in history.validation_losses],
        "metrics": {name: list(map(repr, xs)) for name, xs in history.metrics.items()},
        "accuracy": history.accuracy,
        "rates": history.learning_rates,
        "norms": [x.hex() for x in history.gradient_norms],
        "steps": history.steps,
        "stopped": history.stopped,
        "way": history.way,
        "nodes": history.nodes,
    }


def again_and_again(path, cuts, **options):
    """A run that is cut off after so many steps, again and again, and gone on with until it ends."""
    rng = random.Random(8)
    for n in cuts:
        try:
            return trained(path, cut=n, resume=os.path.exists(path), **options)
        except Cut:
            random.seed(rng.random() if os.path.exists(path) else 11)
    return trained(path, resume=True, **options)
