"""Random programs, as each tool takes them: the tape is the judge."""

import ctypes
import subprocess

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from autograd import Tape, Value
from autograd.exits import c
from tests.exits.test_c import FLAGS, called, has_compiler
from tests.random_graphs import on_values, programs
from tests.sizes import some

pytestmark = pytest.mark.any_build
few = settings(max_examples=some(25), deadline=None, suppress_health_check=list(HealthCheck))


def taped(program):
    leaves = [Value(x) for x in program.leaves]
    return Tape(program.run(on_values, leaves), leaves)


@few
@given(programs())
def test_onnx(program):
    onnx, runtime = pytest.importorskip("onnx"), pytest.importorskip("onnxruntime")
    tape = taped(program)
    model = tape.to_onnx(stacked=True)
    onnx.checker.check_model(model, full_check=True)
    rows = np.array([program.leaves, [0.9 * x + 0.01 for x in program.leaves]])
    session = runtime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    found = session.run(None, {"x": rows})[0][:, 0]
    assert found == pytest.approx([tape(*row.tolist()) for row in rows], rel=1e-10, abs=1e-10, nan_ok=True)


@few
@given(programs(max_steps=15))
def test_sympy(program):
    sympy = pytest.importorskip("sympy")
    tape = taped(program)
    definitions, found = tape.to_sympy(shared=True)
    at = {sympy.Symbol(name, real=True): x for name, x in zip(tape.names(), program.leaves, strict=False)}
    for symbol, expression in definitions:
        at[symbol] = sympy.N(expression.subs(at), 17)
    assert float(found.subs(at)) == pytest.approx(tape(*program.leaves), rel=1e-10, abs=1e-10)


@has_compiler
@settings(few, max_examples=some(6))
@given(programs())
def test_c_in_short_functions(tmp_path_factory, program):
    tape, folder = taped(program), tmp_path_factory.mktemp("c")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(c, "MOST_STEPS", 3)
        (folder / "f.c").write_text(tape.to_c())
    subprocess.run(["cc", *FLAGS, "-shared", "-fPIC", "-o", "f.so", "f.c", "-lm"], cwd=folder, check=True)
    code, found = called(ctypes.CDLL(str(folder / "f.so")).f, program.leaves)
    assert code == 0
    assert found == pytest.approx(list(tape.with_gradient()(*program.leaves)), rel=1e-12, abs=1e-12)
