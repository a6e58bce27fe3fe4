"""The README's pictures of graphs, drawn anew: `python -m tests.benchmarks.pictures`. One needs chromium."""

import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from autograd import Value, draw
from tests.folding.networks import moons

FOLDER = Path(__file__).parents[2] / "notebooks" / "pictures"


def neuron():
    """The neuron of micrograd's lecture, as the README writes it."""
    x1, x2, w1, w2, b = map(Value, (2.0, 0.0, -3.0, 1.0, 6.8813735870195432))
    n = x1 * w1 + x2 * w2 + b
    o = n.tanh()
    o.backward()
    return draw(o, name="neuron")


def moons_loss():
    """The loss of micrograd's demo before training, a multiplication or an addition at a time."""
    model, loss = moons(by_operator=True)  # noqa: RUF059  (`draw` finds the names of parameters in it)
    loss.backward()
    return draw(loss, wrap=900, name="moons_loss")


def photograph(drawing, keys, path):
    """A picture of a page after some keys, as a browser shows it."""
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        page = drawing.page(Path(folder, "page.html"), theme="light")
        args = ["--no-sandbox"] * (hasattr(os, "geteuid") and os.geteuid() == 0)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=args)
        tab = browser.new_page(viewport={"width": 1000, "height": 560})
        tab.goto(Path(page).as_uri())
        for key in keys:
            tab.keyboard.press(key)
        tab.wait_for_timeout(300)  # until colours have changed
        tab.screenshot(path=path)
        browser.close()
    return str(path)


DRAWINGS = {"neuron.svg": neuron, "moons_loss.svg": moons_loss}

if __name__ == "__main__":
    for name, drawing in DRAWINGS.items():
        print(drawing().save(FOLDER / name))
    print(photograph(neuron(), ["ArrowLeft", "ArrowLeft"], FOLDER / "page.png"))
