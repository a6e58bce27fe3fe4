"""`python -m nn draw`: a picture of a trained model, or of the graph of its loss."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import autograd
from autograd.border.console import say
from nn.command.choices import one_of
from nn.command.files import Place
from nn.command.keeping import Trained, kept_in
from nn.command.letters import as_sequences, load_letters
from nn.command.networks import GPTDesign
from nn.command.parsing import Command, checked, in_place, outcome, parsed, refusing
from nn.demo.command import DONE, count
from nn.demo.report import RefusedError, first_line
from nn.losses.naming import named as loss_named
from nn.plots.histograms import histograms
from nn.plots.network import network

__all__ = ["draw_model"]

PROGRAM = "python -m nn draw"
EXAMPLES = [
    ("draw trained", "the network, neurons in columns, in the file network.png"),
    ("draw trained --what loss --output loss.svg", "the graph of the loss of a sample, folded where it is large"),
    ("draw trained --what weights --output weights.pdf", "how large weights are, layer by layer"),
]

WHAT = {
    "network": "neurons in columns, weights as lines", "loss": "the graph of the loss, number by number",
    "weights": "histograms of the weights of each layer",
}  # fmt: skip

PLOTTED = {"network": network, "weights": histograms}


def draw_command() -> Command:
    """The options of `python -m nn draw`.

    >>> draw_command().parse_args(["trained"]).what
    'network'
    """
    command = Command("draw", "Draw a trained model, or the graph of its loss.", EXAMPLES, in_place("MODEL"))
    add = command.add_argument
    add("model", type=Path, metavar="MODEL", help="what train left: a file, or the folder of one")
    told = "; ".join(f"{name}: {what}" for name, what in WHAT.items())
    add("--what", type=checked(one_of(WHAT, "picture")), default="network", metavar="NAME", help=f"{told} (network)")
    add("--output", type=Path, metavar="FILE", help="the ending says the format: .png, .svg, .pdf (network.png, ...)")
    add("--sample", type=count, default=1, metavar="N", help="whose loss: which of those held out, from 1 on (1)")
    return command


def draw_model(arguments: Sequence[str]) -> int:
    """Draw what a command line asks for; the exit code: 0 done, 2 refused, 130 interrupted.

    >>> draw_model(["/dev/null"])
    2
    """
    options = parsed(draw_command(), arguments)
    return outcome(PROGRAM, lambda: drawn(options))


def drawn(options: Any) -> int:
    """Write the picture; the exit code."""
    trained = kept_in(options.model)
    output: Path = options.output or Path(f"{options.what}.{'svg' if options.what == 'loss' else 'png'}")
    if not output.suffix:
        raise RefusedError(f"--output: {output} has no ending that says the format: .png, .svg or .pdf")
    place = Place(output.parent)
    with refusing():
        if options.what == "loss":
            place.write(output.name, graph_of_loss(trained, options.sample, output.suffix.lower().lstrip(".")))
        else:
            plot: Any = PLOTTED[options.what]
            place.draw(output.name, lambda figure: plot(trained.model, figure.subplots()), 8.0, 4.8)
    say(f"{options.what} in {output}")
    return DONE


def graph_of_loss(trained: Trained, number: int, form: str) -> bytes:
    """The picture of a loss, with its gradients.

    Args:
        trained: The model.
        number: Of the sample, from 1 on.
        form: The format.
    """
    if isinstance(trained.design, GPTDesign):
        names = load_letters(trained.notes["data"].get("samples")).xs
        xs, ys = as_sequences(names, trained.model.preprocessing, trained.model.block)
    else:
        _, given, labels = trained.held()
        xs, ys = trained.scaled(given), trained.encoded(labels)
    if number > len(xs):
        raise RefusedError(f"--sample: {number} was asked for; there are {len(xs):,}")
    x, y = xs[number - 1], ys[number - 1]
    trained.model.eval()
    loss = loss_named(trained.notes["loss"])([trained.model(x)], [y])
    loss.label = "loss"
    loss.backward()
    try:
        picture: Any = autograd.draw(loss).pipe(format=form, quiet=True)
    except RuntimeError as error:
        raise RefusedError(first_line(error)) from error
    return bytes(picture)
