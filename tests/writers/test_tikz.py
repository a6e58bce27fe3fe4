"""TikZ: the same picture at the same places, alone and in a paper, whatever names there are."""

import re
import shutil
import subprocess

import pytest

from autograd.writers.tex import formula, mathematics_of, symbol_of, text
from autograd.writers.tikz import to_tikz
from tests.writers.scenes import HOSTILE, every_shape, hostile, network, neuron

pytestmark = pytest.mark.any_build

with_tex = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed: nothing is compiled")


def numbers(found):
    return [tuple(map(float, point.split(","))) for point in re.findall(r"\((-?[\d.]+,-?[\d.]+)\)", found)]


@pytest.mark.parametrize("direction", ["LR", "RL", "TB", "BT"])
def test_boxes_and_edges_are_where_the_scene_has_them(direction):
    scene = neuron(direction=direction, partials=True).scene
    lines = to_tikz(scene).decode("ascii").splitlines()
    nodes = [line for line in lines if line.startswith(r"\node[minimum")]
    ways = [line for line in lines if line.startswith(r"\draw[line")]
    assert len(nodes) == len(scene["boxes"])
    assert len(ways) == len(scene["edges"])
    for line, box in zip(nodes, scene["boxes"], strict=True):
        assert numbers(line[: line.index(r"\fitted")])[-1] == pytest.approx(box["position"], abs=1e-3)
        assert line.count(r"\fitted") == len(box["lines"])
    for line, edge in zip(ways, scene["edges"], strict=True):
        curve, _, head = line.partition(r"\fill")
        assert numbers(curve) == [pytest.approx(place, abs=1e-3) for place in edge["path"]]
        assert numbers(head)[0] == pytest.approx(edge["entry"], abs=1e-3)
    for edge in scene["edges"]:
        assert any(numbers(line) == [pytest.approx(edge["label"], abs=1e-3)] for line in lines if r"\times" in line)


def test_the_legend_and_dashes_are_there():
    scene = neuron().scene
    found = to_tikz(scene).decode()
    assert found.count("dashed") == sum(b["border"]["dashed"] for b in scene["boxes"]) + sum(
        entry["dashed"] for entry in scene["legend"]
    )
    assert len(re.findall(r"\(legend[\d-]+\) at", found)) == sum(entry["kind"] == "sample" for entry in scene["legend"])
    for word in ("rounded: leaf", "thick border: root", "fill: grad"):
        assert word in found


def test_lines_of_a_network_have_their_widths_and_no_arrows():
    scene = network().scene
    ways = [line for line in to_tikz(scene).decode().splitlines() if line.startswith(r"\draw[line")]
    for line, edge in zip(ways, scene["edges"], strict=True):
        assert float(re.search(r"line width=([\d.]+)bp", line)[1]) == pytest.approx(edge["width"], abs=1e-3)
        assert ("dashed" in line) == edge["dashed"]
        assert r"\fill" not in line


def test_names_are_mathematics_unless_two_would_look_alike():
    found = mathematics_of(["w1", "w[1]", "w_2", "loss", "model.layers.0.b", "a b", "θ", "x'", "_x", "1x"])
    assert found == {
        "w_2": "w_{2}", "loss": r"\mathrm{loss}", "model.layers.0.b": r"\mathrm{model}.\mathrm{layers}_{0}.b",
        "θ": r"\theta", "x'": "x'",
    }  # fmt: skip
    assert symbol_of('params["w"]') == r"\mathrm{params}_{w}"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("e - 1", "$e-1$"), ("w·x + b", r"$w\cdot x+b$"), ("(e - 1) ** 2 / w", "$(e-1)^{2}/w$"),
        ("-x ** -e", "$-x^{-e}$"), ("sqrt(x) * abs(e)", r"$\sqrt{x}\cdot |e|$"), ("x >= 1e-09 and x < 2", None),
        ("relu(x)", r"$\mathop{\mbox{relu}}\nolimits(x)$"), ("x * 1.23456…e6", r"$x\cdot 1.23456\ldots \times10^{6}$"),
        ("sum of 12: x, …, e", r"sum of $12$: x,{} \ldots{},{} e"), ("x + (e", "x + (e"), ("x x", "x x"), ("", ""),
        ("x\\", r"x\textbackslash{}"), ("x ** ", "x ** "), ("f(", "f("), (")", ")"),
    ],
)  # fmt: skip
def test_a_formula_is_mathematics_or_else_text(words, expected):
    known = mathematics_of(["e", "w", "x", "b"])
    expected = r"$x\ge 1\times10^{-9}\wedge x<2$" if expected is None else expected
    assert formula(words, known) == expected


def test_no_character_of_a_label_is_read_by_tex():
    for label in HOSTILE:
        found = text(label)
        assert found.isascii()
        assert found.isprintable()
        assert re.sub(r"\\(?:[a-z]+|.)|[{}]", "", found).count("%") == 0
    assert text("中文 \u202e") == "[U+4E2D 6587] [U+202E]"
    picture = [line for line in to_tikz(hostile().scene).decode().splitlines() if not line.startswith("% ")]
    assert r"\textbackslash{}input" in "".join(picture)
    assert r"\input" not in "".join(picture)


def test_a_label_that_is_cut_is_whole_in_a_comment():
    found = to_tikz(hostile().scene).decode()
    assert found.count("a") > 10_000
    assert max(map(len, found.splitlines())) < 5_000, "TeX reads no longer lines than its buffer"


def compiled(folder, name="graph", passes=1):
    for _ in range(passes):
        command = ["pdflatex", "-no-shell-escape", "-interaction=nonstopmode", "-halt-on-error", f"{name}.tex"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, errors="replace", timeout=120)
        assert done.returncode == 0, done.stdout[-2000:]
    assert not re.search("Overfull|Warning", done.stdout), done.stdout
    return (folder / f"{name}.pdf").read_bytes()


def pages(log):
    return int(re.search(r"\((\d+) pages?", log)[1])


@with_tex
@pytest.mark.parametrize("scene", [hostile, every_shape, network])
def test_it_compiles_alone_to_one_page(tmp_path, scene):
    scene = scene() if scene is every_shape else scene().scene
    (tmp_path / "graph.tex").write_bytes(to_tikz(scene))
    assert compiled(tmp_path).startswith(b"%PDF-")
    assert pages((tmp_path / "graph.log").read_text("latin-1")) == 1


@with_tex
def test_it_compiles_in_a_paper(tmp_path):
    neuron().save(tmp_path / "graph.tex")
    (tmp_path / "paper.tex").write_text(
        r"""\documentclass{article}\usepackage{tikz}\begin{document}
        \noindent\resizebox{\linewidth}{!}{\input{graph.tex}}

        \begin{figure}\centering\resizebox{0.5\linewidth}{!}{\input{graph}}\caption{Its nodes}\end{figure}
        \end{document}"""
    )
    assert compiled(tmp_path, "paper").startswith(b"%PDF-")
