"""`python -m nn train` on several ranks: how it knows, what one of them says for all, what it refuses."""

import sys
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from nn.command.keeping import kept_in
from nn.command.ranks import rank_told, size_told, world
from tests.nn.command.made import QUICK, rows_of, run
from tests.nn.training.test_mpi import pytestmark as over_mpi
from tests.nn.training.test_mpi import started

pytestmark = pytest.mark.any_build


@pytest.mark.parametrize("launcher", ["OMPI_COMM_WORLD", "PMI"])
def test_a_launcher_is_found_out(launcher, monkeypatch):
    assert (size_told(), rank_told()) == (1, 0)
    monkeypatch.setenv(f"{launcher}_SIZE", "4")
    monkeypatch.setenv(f"{launcher}_RANK", "3")
    assert (size_told(), rank_told()) == (4, 3)
    found = SimpleNamespace(size=4, rank=3)
    module = ModuleType("mpi4py.MPI")
    module.COMM_WORLD = found
    monkeypatch.setitem(sys.modules, "mpi4py", ModuleType("mpi4py"))
    monkeypatch.setitem(sys.modules, "mpi4py.MPI", module)
    assert world(False) is found


@pytest.mark.parametrize("how", ["--mpi", "environment"])
def test_without_mpi4py(how, monkeypatch, tmp_path, capsys):
    monkeypatch.setitem(sys.modules, "mpi4py", None)
    if how == "environment":
        monkeypatch.setenv("OMPI_COMM_WORLD_SIZE", "2")
    more = ["--mpi"] if how == "--mpi" else []
    assert run("train", "--data", "moons", "--output", tmp_path / "m", *QUICK, *more) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "one of these is missing" in err
    assert "pip install chainrule[mpi]" in err
    assert not list(tmp_path.iterdir())


def test_without_a_library_for_mpi4py(monkeypatch, tmp_path, capsys):
    (tmp_path / "mpi4py").mkdir()
    (tmp_path / "mpi4py" / "__init__.py").write_text("")
    (tmp_path / "mpi4py" / "MPI.py").write_text(
        "raise RuntimeError('cannot load MPI library\\nlibmpi.so: no such file')"
    )
    monkeypatch.syspath_prepend(tmp_path)
    for name in [name for name in sys.modules if name.partition(".")[0] == "mpi4py"]:
        monkeypatch.delitem(sys.modules, name)
    assert run("train", "--data", "moons", "--output", tmp_path / "m", "--mpi", *QUICK) == 2
    for name in [name for name in sys.modules if name.partition(".")[0] == "mpi4py"]:
        sys.modules.pop(name)
    assert "(cannot load MPI library): pip install chainrule[mpi]" in capsys.readouterr().err


def test_an_mpiexec_of_another_mpi(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("PMI_SIZE", "2")
    module = ModuleType("mpi4py.MPI")
    module.COMM_WORLD = SimpleNamespace(size=1, rank=0)
    monkeypatch.setitem(sys.modules, "mpi4py", ModuleType("mpi4py"))
    monkeypatch.setitem(sys.modules, "mpi4py.MPI", module)
    assert run("train", "--data", "moons", "--output", tmp_path / "m", *QUICK) == 2
    assert "2 processes were started, and mpi4py knows of 1" in capsys.readouterr().err


@over_mpi[1]
def test_two_ranks_leave_what_one_does(tmp_path, capsys):
    more = ["train", "--data", "moons", "--epochs", "5", "--samples", "80", "--dropout", "0.1", "--threads", "1"]
    assert run(*more, "--output", tmp_path / "one") == 0
    want = rows_of(capsys.readouterr().out)
    done, _ = started("-m", "nn", *more, "--output", tmp_path / "two", "--checkpoint", tmp_path / "run")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert done.stdout.partition("\n")[0].partition(";")[0].endswith(", on 2 ranks")
    found = rows_of(done.stdout)
    del found["seconds"], want["seconds"]
    assert found == want
    assert sorted(p.name for p in (tmp_path / "two").iterdir()) == ["history.csv", "model.safetensors"]
    one, two = (kept_in(tmp_path / name).model for name in ("one", "two"))
    np.testing.assert_allclose([p.data for p in two.parameters()], [p.data for p in one.parameters()], 1e-12, 1e-12)


@over_mpi[1]
def test_one_of_them_says_what_is_refused(tmp_path):
    done, _ = started("-m", "nn", "train", "--data", tmp_path / "none.csv", "--output", tmp_path / "m")
    assert done.returncode == 2
    assert done.stdout.strip() == ""
    assert done.stderr.count("none.csv") == 1
    assert "Traceback" not in done.stderr
