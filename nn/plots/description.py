"""What a plot shows, in words, for those who do not see it; and a picture that carries the words with it.

The words go with the artists that they are about: what is cleared from the axes is not told of, what is added is.
"""

from base64 import b64encode
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any

from autograd import write_file
from nn.checks import import_extra
from nn.plots.axes import figure_of

__all__ = ["Picture", "describe", "tell"]

PLACES = {"png": "Description", "svg": "Description", "pdf": "Subject"}
"""What each format calls the words about a picture, in its metadata."""


def tell(artist: Any, text: str) -> None:
    """Have an artist carry what its plot shows."""
    artist._description = text


def describe(ax: Any) -> str:
    """What the plots on some axes show, in plain sentences: an alt text, or a caption.

    Args:
        ax: Matplotlib axes that functions of this package drew on, or a figure: then of all its axes.

    Returns:
        The sentences; "" where nothing was drawn by this package.

    >>> from nn import confusion_matrix
    >>> describe(confusion_matrix([0, 0, 1], [0, 1, 1]))
    'Confusion matrix of 3 samples in 2 classes: 2 are decided rightly. Most often, 0 is taken for 1 (1 time).'
    """
    panels = ax.axes if isinstance(ax.axes, list) else [ax]
    said = [getattr(artist, "_description", "") for panel in panels for artist in panel.get_children()]
    return " ".join(filter(None, said))


class Picture:
    """A figure with its description: at the end of a cell an image with an alt text, and a file that carries it.

    A notebook that shows the figure by itself gives it no alt text.

    Args:
        ax: What a plot gave back, or the figure.
        description: What it shows; None takes what `describe` says, which knows only of this package's plots.

    Attributes:
        figure: The figure. It is taken from pyplot's list of those to be shown, so that a notebook shows it once.
        description: What it shows, in words.

    >>> from nn import History, loss_curves
    >>> picture = Picture(loss_curves(History(loss=[1.0, 0.1])))
    >>> picture
    <Picture: Training loss by epoch, on a logarithmic scale. From 1 to 0.1 in 2 epochs.>
    """

    def __init__(self, ax: Any, description: str | None = None) -> None:
        self.figure = figure_of(ax)
        self.description = describe(ax) if description is None else description
        import_extra("matplotlib.pyplot").close(self.figure)

    def save(self, path: str | Path, dpi: float = 150) -> None:
        """Write the picture, whole or not at all, in the format of the path's ending.

        PNG, SVG and PDF have the description in their metadata.

        Raises:
            OSError: it cannot be written. A file that was there before is there unchanged.
            ValueError: matplotlib does not know the format.
        """
        form = Path(path).suffix.lower().lstrip(".") or "png"
        write_file(path, lambda place: self._write(place, form, dpi))

    def _write(self, place: Any, form: str, dpi: Any) -> None:
        about = {"metadata": {PLACES[form]: self.description}} if form in PLACES else {}
        self.figure.savefig(place, format=form, dpi=dpi, bbox_inches="tight", **about)

    def __repr__(self) -> str:
        return f"<Picture: {self.description}>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> Any:
        """An image that fits the cell, with the alt text in both places where notebooks look for it."""
        buffer = BytesIO()
        try:
            self._write(buffer, "png", "figure")
        except Exception:  # a repr never raises; drawn by hand, the figure says what is wrong with it
            return {"text/plain": repr(self)}
        image = b64encode(buffer.getvalue()).decode()
        alt = escape(self.description)
        page = f'<img alt="{alt}" style="max-width:100%" src="data:image/png;base64,{image}">'
        data = {"text/plain": repr(self), "text/html": page, "image/png": image}
        return data, {"image/png": {"alt": self.description}}
