"""What a page shows, read as its reader does."""

from builtins import sum as total

from autograd import Value
from autograd.browser.html import script

CELLS = "[...row.cells].map(cell => cell.textContent)"
COLUMNS = ("name", "formula", "role", "data", "grad")


def load(tab, html):
    """Put a page into a tab."""
    tab.set_content(html)
    tab.wait_for_selector(".autograd-page .box")
    return tab


def number(text):
    """A number as the table writes it."""
    return float(text) if text != "–" else None


def listed(tab):
    """The table of all boxes: formula, what it is, data and gradient, by id."""
    if tab.locator(".list").is_hidden():
        tab.keyboard.press("t")
    rows = tab.evaluate(f"[...document.querySelectorAll('.list tbody tr')].map(row => [row.dataset.id, ...{CELLS}])")
    return {id: dict(zip(COLUMNS, row, strict=True)) for id, *row in rows}


def step_table(tab):
    """The table of the step that is shown."""
    return tab.evaluate(f"[...document.querySelectorAll('.now tbody tr')].map(row => {CELLS})")


def count(tab):
    """The step that is shown, and how many there are."""
    text = tab.locator(".steps .count").text_content()
    return tuple(map(int, text.split(" / ")))


def with_script(tab):
    """A tab that has the page's script, for `rendered`."""
    tab.set_content("<!doctype html><title>many</title>")
    text = script().replace("export default", "globalThis.page =")
    tab.add_script_tag(content=f"{{ {text}; globalThis.short = short }}")
    return tab


RENDER = """data => {
    const el = document.createElement("div"), model = new Map(Object.entries({ document: data, level: 2 }))
    model.on = model.save_changes = () => {}
    document.body.replaceChildren(el)
    const stop = page.render({ model, el })
    el.querySelector("[aria-keyshortcuts=t]").click()
    stop()
    return [...el.querySelectorAll(".list tbody tr")].map(row => [row.dataset.id, ...CELLS])
}""".replace("CELLS", CELLS)


def rendered(tab, document):
    """The table of all boxes after the last step of a document, by id, in a tab that has the script."""
    return {id: dict(zip(COLUMNS, row, strict=True)) for id, *row in tab.evaluate(RENDER, document)}


def folded(samples=30):
    """A loss of samples, whose graph is folded."""
    w, b = Value(0.5, label="w"), Value(0.1, label="b")
    return total((w * (0.1 * k) + b).tanh() for k in range(samples)), w, b
