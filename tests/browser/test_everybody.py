"""The page for everybody: whatever is in it, whoever reads it, whatever keys are pressed."""

import random

import pytest

import autograd
import nn
from autograd import Tape, Value, draw
from autograd.browser.html import html_of, script, style
from tests.browser.axe import violations
from tests.browser.reading import count, folded, load
from tests.sizes import some
from tests.writers.scenes import HOSTILE

pytestmark = pytest.mark.any_build

KEYS = [
    "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Shift+ArrowLeft", "Shift+ArrowRight", "Home", "End", "Space",
    "Enter", "Escape", "Backspace", "Tab", "Shift+Tab", "/", "n", "N", "f", "+", "-", "t", "x", "d", "?", "[", "]", "0",
    ",", ".", "a", "1", "|", "=", "Delete", "PageUp",
]  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2])
def test_random_keys_do_no_harm(tab, seed):
    loss, w, _b = folded()
    loss.backward()
    model = nn.MLP(2, [3, 3, 1], rng=1)
    score = model([Value(1.0, label="a"), w])
    load(tab, html_of(draw([loss, score], max_boxes=12).document()))
    rng = random.Random(seed)
    for _ in range(some(500)):
        tab.keyboard.press(rng.choice(KEYS))
        if rng.random() < 0.05:
            tab.mouse.click(rng.randrange(1200), rng.randrange(700), click_count=rng.randint(1, 2))
    assert tab.said == []
    assert tab.locator(".box").count()


SCRIPTS = ["</script><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "]]>", "\u2028"]


def test_hostile_labels_execute_nothing(tab):
    """All on one page, and in the words of all of its steps."""
    labels, products = [*HOSTILE, *SCRIPTS], []
    for label in labels:
        products.append(Value(2.0, label=label) * 3.0)
        products[-1].label = label[::-1]
    loss = autograd.sum(products)
    loss.label = "".join(SCRIPTS)
    loss.backward()
    page = html_of(draw(loss, fold=None).document())
    _, _, data = page.partition('<script type="application/json"')
    assert "<" not in data.partition(">")[2].partition("</script>")[0]
    load(tab, page)
    for key in ("t", *["ArrowLeft"] * (2 * len(labels) + 3), ".", "Home"):
        tab.keyboard.press(key)
    assert tab.said == []
    assert tab.locator(".box").count() > 2 * len(labels)
    assert tab.locator("#page script, #page img").count() == 0
    assert tab.evaluate("document.querySelectorAll('script').length") == 2


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("opened", [False, True])
def test_axe_has_nothing_to_say_of_the_page(tab, neuron, theme, opened):
    load(tab, html_of(draw(neuron).document()))
    if opened:
        for key in ("ArrowLeft", ".", "t", "?"):
            tab.keyboard.press(key)
    assert violations(tab, theme) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_has_nothing_to_say_of_groups(tab, moons_page, theme):
    load(tab, moons_page[2])
    tab.locator(".box", has_text="layers.1").dblclick()
    tab.keyboard.press("ArrowLeft")
    assert violations(tab, theme) == []


WIDGETS = """([data, jupyter]) => {
    if (jupyter) document.documentElement.style.cssText = jupyter
    for (const id of ["first", "second"]) {
        const model = new Map(Object.entries({ document: data, level: 2, step: -1 })), el = document.getElementById(id)
        window[id] = { model, calls: {} }
        model.on = (name, act) => { window[id].calls[name] = act }
        model.save_changes = () => {}
        page.render({ model, el })
    }
}"""
JUPYTER_DARK = "--jp-layout-color0: #111; --jp-content-font-color0: #eee; color-scheme: dark"


def two_widgets(tab, drawing, jupyter=""):
    """Two widgets of one drawing, as a notebook has them, without Jupyter."""
    tab.set_content(
        f"<!doctype html><html lang=en><title>cells</title><style>{style()}</style><body><main><h1>Cells</h1>"
        "<div id=first></div><div id=second></div></main>"
    )
    tab.add_script_tag(content=f"{{ {script().replace('export default', 'globalThis.page =')} }}")
    tab.evaluate(WIDGETS, [drawing.document(), jupyter])


@pytest.mark.parametrize(("theme", "jupyter"), [("light", ""), ("dark", ""), ("light", JUPYTER_DARK)])
def test_two_widgets_share_no_id_and_axe_is_content(tab, neuron, theme, jupyter):
    two_widgets(tab, draw(neuron), jupyter)
    ids = tab.evaluate("[...document.querySelectorAll('[id]')].map(x => x.id)")
    assert sorted(ids) == ["first", "second"]
    assert violations(tab, theme) == []
    tab.locator("#first .graph").focus()
    tab.keyboard.press("ArrowLeft")
    assert tab.evaluate("[first.model.get('step'), second.model.get('step')]") == [10, 11]
    tab.evaluate("() => { second.model.set('step', 3); second.calls['change:step']() }")
    assert tab.locator("#second .count").first.text_content() == "4 / 12"
    tab.evaluate("() => { second.model.set('selected', 'tanh9'); second.calls['change:selected']() }")
    assert tab.locator("#second .chosen-box").text_content().startswith("o")


@pytest.mark.parametrize("what", ["network", "tape", "changed", "nan", "constant", "part"])
def test_what_cannot_be_stepped_says_so(tab, what, neuron):
    x = Value(2.0, label="x")
    if what == "network":
        drawing, said = draw(nn.MLP(2, [3, 1], rng=1)), "a network is looked at as a whole"
    elif what == "tape":
        drawing, said = draw(Tape([x * x + x])), "a recorded program has no numbers"
    elif what == "changed":
        loss = x * x
        drawing, said = draw(loss), "numbers have changed since this was drawn (x: 2, now 3)"
        x.data = 3.0
    elif what == "nan":
        drawing, said = draw((x - x) / (x - x)), "this is what it would do"
    elif what == "constant":
        drawing, said = draw((x * 2.0).detach()), "there is no backward pass"
    else:
        drawing, said = draw(neuron, depth=1), "is the one that brought"
    load(tab, html_of(drawing.document()))
    assert said in tab.locator(".notes").text_content()
    for key in ("ArrowLeft", "ArrowRight", "Home", "t", ".", "Enter", "?", "Escape"):
        tab.keyboard.press(key)


def test_a_graph_too_large_to_step_through_shows_its_numbers(tab):
    loss = folded(100)[0]
    loss.backward()
    load(tab, html_of(draw(loss).document(nodes=50)))
    notes = tab.locator(".notes").text_content()
    assert "more than 50 nodes: too many to be stepped through one by one: this page steps over boxes" in notes
    assert count(tab)[1] > tab.locator(".box").count()
    assert tab.locator(".box.root").locator(".number").last.text_content() == "mean |grad| 1"
    loss = folded(100)[0]
    load(tab, html_of(draw(loss).document(nodes=50)))
    assert "after backward() a page steps over boxes" in tab.locator(".notes").text_content()


def test_a_page_that_is_wide_on_a_narrow_screen(tab, neuron):
    tab.set_viewport_size({"width": 320, "height": 640})
    load(tab, html_of(draw(neuron).document()))
    assert tab.evaluate("document.documentElement.scrollWidth") <= 320
    for _ in range(11):
        tab.keyboard.press("ArrowLeft")
        here = tab.locator(".here .shape")
        if here.count():
            box, graph = here.first.bounding_box(), tab.locator(".graph").bounding_box()
            assert graph["x"] <= box["x"] + box["width"] / 2 <= graph["x"] + graph["width"]


def test_forced_colours_and_reduced_motion(tab, neuron):
    tab.emulate_media(forced_colors="active", reduced_motion="reduce")
    load(tab, html_of(draw(neuron).document()))
    assert tab.evaluate("getComputedStyle(document.querySelector('.shape')).transitionDuration") == "0s"
    assert violations(tab, "light") == []


def test_python_opens_a_group_in_a_widget_and_two_views_do_not_disturb_each_other(tab, moons_page):
    _model, loss, _ = moons_page
    two_widgets(tab, draw(loss))
    group = tab.evaluate("first.model.get('document').pictures[1].id")
    tab.evaluate("id => { first.model.set('opened', id); first.calls['change:opened']() }", group)
    assert tab.locator("#first .crumbs [aria-current]").is_visible()
    at = tab.locator("#first .steps .count").text_content()
    tab.evaluate("() => { first.model.set('opened', ''); first.model.set('step', 1); first.calls['change:step']() }")
    assert tab.locator("#first .steps .count").text_content() == at
    heard = """() => {
        window.heard = []
        document.body.addEventListener("keydown", e => heard.push(e.key))
    }"""
    tab.evaluate(heard)
    tab.locator("#first .graph").focus()
    tab.keyboard.press("Shift+Enter")
    tab.keyboard.press("x")
    assert tab.evaluate("heard").count("x") == 0
    assert "Enter" in tab.evaluate("heard")
