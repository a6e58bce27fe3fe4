"""What a page costs, from a neuron to a million nodes: seconds to make it, kilobytes, and in a browser how soon it is
there and how long a step takes.

    python -m tests.benchmarks.pages [--write]

Making is the minimum of three; opening the median of five loads without a network, up to the first box; a step the
median and the 95th percentile of up to 200, with all that is drawn anew. Needs chromium.
"""

import argparse
import os
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from autograd import Value, draw
from tests.benchmarks.drawing import any_order, moons_by_nn, moons_by_operator
from tests.benchmarks.pictures import neuron
from tests.benchmarks.results import RESULTS, put

STEPS = """() => {
    const times = [], key = key => document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }))
    key("Home")
    for (let k = 0; k < 200; k++) {
        const begin = performance.now()
        key("ArrowRight")
        document.body.offsetHeight
        times.push(performance.now() - begin)
    }
    return times
}"""


def of_200():
    """Two hundred nodes, each of which many use."""
    x = [Value(0.1 * k, label=f"x{k}") for k in range(4)]
    while len(x) < 200:
        x.append(x[-1].tanh() if len(x) % 3 == 0 else x[-1] * x[-3] if len(x) % 3 == 1 else x[-1] + x[-2])
    x[-1].backward()
    return draw(x[-1], fold=None)


def folded(make, *arguments):
    """A drawing of a loss, with its model in sight."""
    model, loss = make(*arguments)
    loss.backward()
    return draw({"loss": loss}, labels="auto") if model is None else draw(loss)


CASES = {
    "a neuron": neuron,
    "200 nodes": of_200,
    "moons loss by nn.MLP": lambda: folded(moons_by_nn),
    "moons loss, operator by operator": lambda: folded(moons_by_operator),
    "a million nodes in any order": lambda: folded(any_order, 1_000_000),
}


def measured(browser, name, folder):
    """A row of the table."""
    drawing, path = CASES[name](), Path(folder, "page.html")
    seconds = []
    for _ in range(3):
        begin = time.perf_counter()
        drawing.page(path)
        seconds.append(time.perf_counter() - begin)
    opening = []
    for _ in range(5):
        tab = browser.new_context(offline=True, viewport={"width": 1400, "height": 800}).new_page()
        begin = time.perf_counter()
        tab.goto(path.as_uri())
        tab.wait_for_selector(".box")
        opening.append(time.perf_counter() - begin)
        steps = sorted(tab.evaluate(STEPS))
        boxes = tab.locator(".box").count()
        tab.context.close()
    return (
        f"| {name} | {boxes} | {min(seconds):.2f} s | {path.stat().st_size / 1e3:.0f} kB "
        f"| {statistics.median(opening):.2f} s | {steps[100]:.1f}, {steps[190]:.1f} ms |"
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    write = parser.parse_args().write
    args = ["--no-sandbox"] * (hasattr(os, "geteuid") and os.geteuid() == 0)
    lines = ["| graph | boxes | made in | size | opened in | a step (median, 95 %) |", "|---|---|---|---|---|---|"]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=args)
        for name in CASES:
            lines.append(measured(browser, name, folder))
            print(lines[-1], flush=True)
        browser.close()
    if write:
        put(RESULTS, "pages", "\n".join(lines))


if __name__ == "__main__":
    main()
