"""Pictures of a trained network: its losses, what it decides, itself."""

from collections.abc import Callable
from functools import partial
from typing import Any

from nn.command.files import PICTURES, Place
from nn.command.keeping import Trained
from nn.command.parsing import refusing
from nn.demo.report import RefusedError
from nn.plots.boundary import decision_boundary
from nn.plots.confusion import confusion_matrix
from nn.plots.curves import loss_curves
from nn.plots.network import network

__all__ = ["draw_pictures", "fitting_pictures"]


def fitting_pictures(wanted: list[str], trained: Trained) -> list[str]:
    """The pictures of those wanted that can be drawn; one that was asked for alone must be.

    Raises:
        RefusedError: it cannot.
    """
    classes = trained.labels.kind == "classes"
    plane = classes and trained.design.inputs == 2 and trained.transform("encoder") is None  # type: ignore[union-attr]
    cannot = {"boundary": not plane, "confusion": not classes}
    if wanted != list(PICTURES):
        for name in wanted:
            if cannot.get(name):
                raise RefusedError(f"--plot: {name} is {PICTURES[name]}; this is another task")
    return [name for name in wanted if not cannot.get(name)]


def draw_pictures(
    names: list[str], place: Place, trained: Trained, history: Any, held: tuple[list[Any], list[Any]]
) -> None:
    """Draw pictures and write them.

    Args:
        names: Of the pictures, keys of `PICTURES`.
        place: Where they go.
        trained: The model.
        history: Of its training.
        held: Samples and labels to show.
    """
    xs, ys = held
    drawing: dict[str, tuple[Any, float, float]] = {
        "curves": (lambda ax: loss_curves(history, ax), 6.0, 4.2),
        "boundary": (lambda ax: draw_boundary(trained, xs, ys, ax), 6.0, 4.2),
        "confusion": (lambda ax: confusion_matrix(ys, trained.decided(trained.scores(xs)), ax), 5.2, 5.0),
        "network": (lambda ax: network(trained.model, ax), 8.0, 4.8),
    }
    for name in names:
        if name == "curves" and not history.epochs:
            continue
        draw, width, height = drawing[name]
        with refusing():
            place.draw(f"{name}.png", partial(on_axes, draw), width, height)


def on_axes(draw: Callable[[Any], object], figure: Any) -> None:
    """Draw on the only axes of a figure."""
    draw(figure.subplots())


def draw_boundary(trained: Trained, xs: list[Any], ys: list[Any], ax: Any) -> None:
    """Draw the plane as the model sees it, in the units that samples were given in."""
    labels, model = trained.labels, trained.model
    one = trained.design.outputs == 1  # type: ignore[union-attr]
    places = labels.places(ys).tolist()
    turned = labels.family in ("probability", "number")
    middle = 0.5 if labels.family == "probability" else (sum(labels.codes) / 2 if turned else 0.0)

    def asked(point: Any) -> Any:
        score = model(trained.scaled([list(point)])[0])
        return score - middle if turned and one else score

    decision_boundary(asked, xs, [2 * k - 1 for k in places] if one else places, ax)
