"""The notebooks run from top to bottom, show what they promise, and are kept without outputs."""

import base64
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

pytestmark = pytest.mark.any_build  # what they do is tested on both builds

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
DRAWINGS, FIGURES = (
    {
        "01_the_chain_rule": 4, "02_training_the_moons": 3, "03_record_and_replay": 2, "04_optimisers": 0,
        "05_a_gpt_from_scalars": 1, "06_seeing": 9, "07_vanishing_gradients": 2, "08_curvature": 0, "09_error_bars": 0,
        "10_branches": 0,
    },
    {
        "01_the_chain_rule": 0, "02_training_the_moons": 7, "03_record_and_replay": 1, "04_optimisers": 5,
        "05_a_gpt_from_scalars": 2, "06_seeing": 0, "07_vanishing_gradients": 2, "08_curvature": 5, "09_error_bars": 3,
        "10_branches": 3,
    },
)  # fmt: skip


@pytest.mark.filterwarnings("default")  # the client's own; what a cell warns of is seen in its output
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_runs_and_shows_pictures(path, monkeypatch, tmp_path):
    nbclient = pytest.importorskip("nbclient", reason="notebooks are run by it: pip install nbclient ipykernel")
    monkeypatch.setenv("MPLBACKEND", "module://matplotlib_inline.backend_inline")  # figures become outputs
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    notebook = nbformat.read(path, as_version=4)
    client = nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(ROOT)}})
    client.create_kernel_manager().kernel_spec.argv[0] = sys.executable  # this Python, whatever "python3" is elsewhere
    client.execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert not [o for o in outputs if o.output_type == "error" or o.get("name") == "stderr"]
    bundles = [o.data for o in outputs if "data" in o]
    drawings = [bundle for bundle in bundles if '<img alt="Computation graph: ' in bundle.get("text/html", "")]
    frames = [bundle for bundle in drawings if bundle["text/html"].startswith("<iframe")]
    assert len(frames) == (len(drawings) if path.stem != "03_record_and_replay" else 0)  # whose tapes have no numbers
    drawings += [bundle for bundle in bundles if bundle.get("text/html", "").startswith('<img alt="network ')]
    assert len(drawings) == DRAWINGS[path.stem]
    figures = [bundle for bundle in bundles if "image/png" in bundle and bundle not in drawings]
    assert len(figures) == FIGURES[path.stem]
    assert all(base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG") for bundle in figures)
    assert all(re.match(r'<img alt="[^"]{40,}"', bundle["text/html"]) for bundle in figures)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_is_short_and_without_outputs(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert len(notebook.cells) < (30 if path.stem < "04" else 25)
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in notebook.cells)


def test_nothing_that_a_kernel_leaves_is_kept():
    """All in one process: it takes seconds to begin."""
    pytest.importorskip("nbstripout", reason="pip install nbstripout")
    subprocess.run([sys.executable, "-m", "nbstripout", "--verify", *map(str, NOTEBOOKS)], check=True)
