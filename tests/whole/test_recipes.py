"""The page of recipes: each runs as it is printed, prints what the page says, and finds what was published."""

import functools
import io
import os
import re
from contextlib import redirect_stdout
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("scipy", reason="the recipes are for it: pip install scipy")

pytestmark = pytest.mark.any_build

PAGE = (Path(__file__).parents[2] / "notebooks" / "recipes.md").read_text(encoding="utf-8")
RECIPES = {
    title: (code, printed)
    for title, code, printed in re.findall(
        r"^## ([^\n]+)\n(?:(?!^## ).)*?^```python\n(.*?)^```\n\n```text\n(.*?)^```", PAGE, re.M | re.S
    )
}


@functools.cache
def run(title):
    """What a recipe printed, and the names that it leaves."""
    code, _ = RECIPES[title]
    names, printed = {"__name__": "recipe"}, io.StringIO()
    with redirect_stdout(printed):
        exec(compile(code, f"{title} of recipes.md", "exec"), names)
    return printed.getvalue(), names


@pytest.mark.parametrize("title", RECIPES)
def test_it_prints_what_the_page_says(title):
    assert run(title)[0] == RECIPES[title][1]


MISRA1A = [238.94212918, 5.5015643181e-04], [2.7070075241, 7.2668688436e-06]
THURBER = (
    [1288.1396800, 1491.0792535, 583.23836877, 75.416644291, 0.96629502864, 0.39797285797, 0.049727297349],
    [4.6647963344, 39.571156086, 28.698696102, 5.5675370270, 0.031333340687, 0.014984928198, 0.0065842344623],
)
MGH09 = (
    [0.19280693458, 0.19128232873, 0.12305650693, 0.13606233068],
    [0.011435312227, 0.19633220911, 0.080842031232, 0.090025542308],
)
PUBLISHED = [  # of each: the recipe, what it found there, what was published, to how much of it
    ("A curve with error bars", lambda names: (names["found"], names["errors"]), MISRA1A, 1e-6),
    *[("Hard least squares", lambda names, k=k: [*names["fits"].values()][k], THURBER, 1e-7) for k in (0, 1)],
    *[("Hard least squares", lambda names, k=k: [*names["fits"].values()][k], MGH09, 1e-7) for k in (2, 3)],
    (
        "Logistic regression",
        lambda names: (names["fit"].x, names["errors"]),
        ([15.0429, -0.2322], [7.3786, 0.1082]),
        5e-4,
    ),
    ("Survival times", lambda names: names["fits"]["Breslow"], (1.509, 0.410), 2e-3),
    ("Survival times", lambda names: names["fits"]["Efron"], (1.572, 0.412), 2e-3),
    ("Implied volatility", lambda names: names["sigma"][1], 0.235, 3e-3),
    ("A system of equations", lambda names: names["found"].x, [1.098e-5, 9.106], 2e-4),
    ("Constraints", lambda names: names["fit"].x, [1.0, 4.7429994, 3.8211503, 1.3794082], 1e-6),
    ("Constraints", lambda names: names["fit"].fun, 17.0140173, 1e-8),
    (
        "A stiff equation",
        lambda names: names["solution"].y[:, -1],
        [0.2083340149701255e-07, 0.8333360770334713e-13, 0.9999999791665050],
        1e-6,
    ),
    ("Two ends", lambda names: names["solution"].sol(0.5)[0], 0.140539214400, 1e-9),
    ("Many variables", lambda names: names["fit"].x, [1.0] * 100, 1e-6),
    (
        "A thousand unknowns, each beside two",
        lambda names: np.append(names["u"] - names["closed"][1:-1], names["found"] - names["decayed"]),
        [0.0] * 2000,
        0.0,
    ),
    ("The weights of a model", lambda names: names["fit"].fun, 0.0, 0.0),
]


@pytest.mark.parametrize(("title", "found", "published", "within"), PUBLISHED)
def test_it_finds_what_was_published(title, found, published, within):
    np.testing.assert_allclose(found(run(title)[1]), published, rtol=within, atol=0.0 if within else 1e-6)


def test_the_slope_of_a_volatility_is_one_over_vega():
    names = run("Implied volatility")[1]
    assert names["by_price"] == pytest.approx(1.0 / names["vega"], rel=1e-9)
    again = [names["call"](21.0, k, 0.10, 0.25, s) for k, s in zip(names["strikes"], names["sigma"], strict=True)]
    assert again == pytest.approx(names["prices"], rel=1e-12)


def test_volatility_that_changes():
    names = run("Volatility that changes")[1]
    loss, closed, found, true = (names[name] for name in ("loss", "closed", "found", "true"))
    rng = np.random.default_rng(0)
    for theta in (true, found, true * rng.uniform(0.7, 1.2, 4)):
        by_formula = closed(theta, names["returns"])
        assert loss.grad(theta, names["returns"]) == pytest.approx(by_formula, rel=1e-10, abs=1e-8)
        steps = [
            closed(theta + 1e-6 * e, names["returns"]) - closed(theta - 1e-6 * e, names["returns"]) for e in np.eye(4)
        ]
        assert loss.hessian(theta, names["returns"]) == pytest.approx(np.array(steps) / 2e-6, rel=1e-4, abs=1e-2)
    away = found - true
    assert away @ loss.hessian(found, names["returns"]) @ away < 18.5  # which one in a thousand of such series exceeds


@pytest.mark.skipif("CHAINRULE_DEM2GBP" not in os.environ, reason="no file of the 1,974 returns is named")
def test_volatility_as_the_benchmark_has_it():
    """The figures of Fiorentini, Calzolari and Panattoni (1996)."""
    series = np.loadtxt(os.environ["CHAINRULE_DEM2GBP"], skiprows=1)
    assert len(series) == 1974
    loss = run("Volatility that changes")[1]["loss"]
    found = np.array([-0.006, 0.01, 0.15, 0.8])
    for _ in range(8):
        found -= np.linalg.solve(loss.hessian(found, series), loss.grad(found, series))
    assert found == pytest.approx([-0.00619041, 0.0107613, 0.153134, 0.805974], rel=1e-5)
    errors = np.sqrt(np.diag(np.linalg.inv(loss.hessian(found, series))))
    assert errors == pytest.approx([0.00846212, 0.00285271, 0.0265228, 0.0335527], rel=1e-5)


def test_the_page_has_contents_and_recipes_that_stand_alone():
    listed = re.findall(r"^\d+\. \[([^]]+)\]\(#([\w-]+)\)", PAGE, re.M)
    assert [title for title, _ in listed] == list(RECIPES) == re.findall(r"^## (.*)$", PAGE, re.M)
    assert [anchor for _, anchor in listed] == [title.lower().replace(" ", "-").replace(",", "") for title in RECIPES]
    assert PAGE.count("```python") == PAGE.count("```text") == len(RECIPES)
    assert max(map(len, PAGE.splitlines())) <= 120
    for code, _ in RECIPES.values():
        assert code.startswith(("import numpy", "from "))
        assert "import autograd\n" in code
