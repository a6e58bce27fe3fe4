"""What is wrong with a page for somebody, as axe has it."""

from pathlib import Path

import pytest


def violations(tab, theme, roots=("wcag2a", "wcag2aa", "best-practice")):
    """What is wrong with a page for somebody, as axe has it."""
    tab.emulate_media(color_scheme=theme)
    tab.wait_for_timeout(200)  # until colours have changed
    axe = pytest.importorskip("axe_playwright_python", reason="axe is not installed: the page is not judged")
    script = (Path(axe.__file__).parent / "axe.min.js").read_text()
    tab.evaluate("text => window.eval(text)", script)
    found = tab.evaluate("tags => axe.run({runOnly: {type: 'tag', values: tags}})", list(roots))
    return [(x["id"], [node["html"][:120] for node in x["nodes"]]) for x in found["violations"]]
