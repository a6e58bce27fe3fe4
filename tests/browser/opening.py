"""A real browser, Debian's chromium, for whoever looks at a page. Where there must be one, its absence is a failure."""

import os
import shutil

import pytest

from autograd._build import is_set


@pytest.fixture(scope="module")
def chromium():
    """The browser, one for all tests of a file: while it is there, its event loop is that of the tests' thread."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: no page is opened")
    path = shutil.which("chromium")
    if path is None:
        if is_set("CHAINRULE_BROWSER"):
            pytest.fail("CHAINRULE_BROWSER is set, and there is no chromium")
        pytest.skip("chromium is not installed: no page is opened")
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"] * root)
        yield browser
        browser.close()


@pytest.fixture
def tab(chromium):
    """A tab; what the page says to the console, asks of the network, and throws is kept in `said` and `asked`."""
    context = chromium.new_context(offline=True)
    page = context.new_page()
    listen(page)
    yield page
    assert page.said == []
    context.close()


def listen(page):
    """Keep what a page says and asks for."""
    page.said, page.asked = [], []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.on("dialog", lambda dialog: (page.said.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: page.asked.append(request.url))
