"""The page in a real browser: by keys alone, in any theme, and whatever names are on it."""

import random

import pytest

import nn
from autograd import Value
from nn.film.plane import packed
from tests.browser.axe import violations
from tests.nn.film.runs import fitted, looped, network

pytestmark = pytest.mark.any_build

HOSTILE = '<img src=x onerror="alert(1)"></script><script>alert(2)</script>&amp;'


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Pages of trainings of several kinds, by name."""
    folder = tmp_path_factory.mktemp("pages")
    model = network([6, 6, 1], "relu")
    recorders = {"moons": fitted(model, 30, every=3, optimizer=nn.Adam(model.parameters(), lr=0.05))[0]}
    xs, ys = nn.make_spirals(60, rng=1)
    recorders["classes"] = fitted(network([6, 3]), 6, every=2, data=(xs, [y % 3 for y in ys]), loss="cross_entropy")[0]
    recorders["plain"] = fitted(network([3, 1], nin=4), 4, every=1, data=([[1.0, 2.0, 3.0, 4.0]] * 6, [0.5] * 6),
                                loss="mse")[0]  # fmt: skip
    recorders["strange"] = looped(network([2, 1]), 3, every=1, given=lambda value: value * float("nan"), lr=1e300)[0]
    w = Value(0.5, label=HOSTILE)
    named = nn.Recorder(every=1)
    named(model=lambda x: w * x[0], batch=([[1.0, 2.0], [2.0, 0.0]], [HOSTILE, "b"]), loss=0.5, optimizer=nn.SGD([w]))
    recorders["hostile"] = named
    for name, recorder in recorders.items():
        recorder.save(folder / f"{name}.html")
    return {name: (f"file://{folder / name}.html", recorder) for name, recorder in recorders.items()}


def opened(chromium, url, **context):
    """A page, with what it said aloud in `said`."""
    page = chromium.new_context(viewport={"width": context.pop("width", 1200), "height": 800}, **context).new_page()
    page.said = []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("dialog", lambda dialog: (page.said.append(dialog.message), dialog.dismiss()))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on(
        "request",
        lambda request: page.said.append(request.url) if not request.url.startswith(("file:", "data:")) else 0,
    )
    page.goto(url)
    return page


def told(page):
    return page.locator("#told").inner_text()


def test_keys_alone_go_through_the_steps(chromium, pages):
    url, recorder = pages["moons"]
    page = opened(chromium, url)
    assert told(page).startswith("Step 27, epoch 28, loss ")
    for key, step in (
        ("ArrowLeft", 24),
        ("Home", 0),
        ("ArrowLeft", 0),
        ("ArrowRight", 3),
        ("End", 27),
        ("ArrowRight", 27),
    ):
        page.keyboard.press(key)
        assert told(page).startswith(f"Step {step},")
        frame = recorder.frame(step)
        assert page.locator("#now").inner_text().startswith(f"{step}, epoch {step + 1}, loss ")
        first = page.locator("#table tbody tr").first.locator("td").first.inner_text().replace("−", "-")
        assert float(first) == pytest.approx(frame.weights[0], rel=2e-3)
        assert page.locator("#layers tbody tr").count() == 3
        assert frame.verdicts() or page.locator("#verdict").inner_text() == "healthy: nothing was found that ails it."
    assert page.said == []


def test_the_slider_is_a_slider_and_play_plays(chromium, pages):
    page = opened(chromium, pages["moons"][0])
    page.get_by_role("slider", name="Step").focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    assert told(page).startswith("Step 3,")
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.get_by_role("button", name="Play").click()
    assert page.get_by_role("button", name="Pause").get_attribute("aria-pressed") == "true"
    page.get_by_role("button", name="Play").wait_for()  # it came to the end
    assert told(page).startswith("Step 27,")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press(" ")
    assert page.get_by_role("button", name="Pause").count() == 1
    page.keyboard.press(" ")
    assert page.get_by_role("button", name="Play").count() == 1
    assert page.said == []


def test_300_random_keys(chromium, pages):
    source = random.Random(1)
    keys = [f"Arrow{way}" for way in ("Left", "Right", "Up", "Down")]
    keys += ["Home", "End", " ", "Tab", "Shift+Tab", "Enter", "Escape", "PageUp", "PageDown", "a", "Backspace"]
    for name in ("moons", "strange"):
        page = opened(chromium, pages[name][0])
        for _ in range(150):
            page.keyboard.press(source.choice(keys))
        assert page.said == []
        assert "loss" in page.locator("#now").inner_text()


@pytest.mark.parametrize("name", ["moons", "classes", "plain", "strange", "hostile"])
def test_every_page_fits_and_says_nothing_aloud(chromium, pages, name):
    dark, forced = {"color_scheme": "dark"}, {"forced_colors": "active", "reduced_motion": "reduce"}
    for width, look in ((320, dark), (1400, forced)):
        page = opened(chromium, pages[name][0], width=width, **look)
        page.keyboard.press("Home")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.said == []
        for svg in page.locator("svg[role=img]").all():
            assert svg.get_attribute("aria-label")
        ids = page.evaluate("[...document.querySelectorAll('[id]')].map(x => x.id)")
        assert len(ids) == len(set(ids))
        for part in page.locator("[role=region]").all():
            assert part.get_attribute("tabindex") == "0"
        page.context.close()


def test_a_window_of_another_size_is_drawn_anew(chromium, pages):
    page = opened(chromium, pages["moons"][0])
    page.keyboard.press("Home")
    page.set_viewport_size({"width": 400, "height": 700})
    page.wait_for_function("document.documentElement.scrollWidth <= innerWidth")
    assert told(page).startswith("Step 0,")
    assert page.locator("#loss svg").count() == 1
    assert page.said == []


def test_what_is_not_there_is_said(chromium, pages):
    page = opened(chromium, pages["plain"][0])
    assert "There is no boundary: samples have 4 numbers" in page.locator("#plane").inner_text()
    page = opened(chromium, pages["hostile"][0])
    assert "is a function, and not a module" in page.locator("#network").inner_text()
    page = opened(chromium, pages["strange"][0])
    assert "No loss was given as a number." in page.locator("#loss").inner_text()
    assert "exploding" in page.locator("#verdict").inner_text()


def test_hostile_names_are_text(chromium, pages):
    page = opened(chromium, pages["hostile"][0])
    page.keyboard.press("Home")
    assert page.said == []
    assert page.locator("main img, main script").count() == 0
    assert page.locator("#table tbody th").first.inner_text().startswith("<img src=x")
    assert "<img" in page.locator("#plane .key").inner_text()


def test_bytes_are_unpacked_as_they_were_packed(chromium, pages):
    numbers = random.Random(1).randbytes(1600)
    page = opened(chromium, pages["moons"][0])
    assert page.evaluate("text => [...unpacked(text)]", packed(numbers)) == list(numbers)


def test_colours_of_the_map_are_cividis(chromium, pages):
    matplotlib = pytest.importorskip("matplotlib")
    page = opened(chromium, pages["moons"][0])
    for share in (0.0, 0.2, 0.5, 0.75, 1.0):
        found = [int(x) for x in page.evaluate("share => cividis(share)", share)[4:-1].split()]
        wanted = [255 * x for x in matplotlib.colormaps["cividis"](share)[:3]]
        assert max(abs(a - b) for a, b in zip(found, wanted, strict=True)) < 6


def test_the_cursor_stands_on_the_curve(chromium, pages):
    page = opened(chromium, pages["moons"][0])
    page.keyboard.press("Home")
    start, dot = page.evaluate(
        "[document.querySelector('.curve').getAttribute('d').slice(1).split('L')[0],"
        " document.querySelector('.here').getAttribute('transform').match(/[\\d.]+/g).join(' ')]"
    )
    assert [float(x) for x in start.split()] == pytest.approx([float(x) for x in dot.split()], abs=0.11)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", ["moons", "classes", "strange"])
def test_axe_has_nothing_to_say(chromium, pages, name, theme):
    page = opened(chromium, pages[name][0], bypass_csp=True)
    assert violations(page, theme) == []
