"""What `map` gives: the results of calls, and what is made of them; and what it refuses."""

import importlib
import os
import pickle
import platform
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from threading import Lock

import numpy as np
import pytest

import autograd
from autograd import Draws, RowsOf, Value
from autograd.sweeps import running
from tests.sweeps import functions
from tests.sweeps.test_bits import same

ROOT = Path(__file__).parents[2]
X = [np.linspace(-4.0, 4.0, n) for n in (7, 1, 12)]
CHUNKS = [(x, 0.5 + k) for k, x in enumerate(X)]


def bent(reduce=None):
    return autograd.compile(functions.bent, in_axes=(0, None), reduce=reduce)


@pytest.mark.parametrize("reduce", [None, "sum", "mean"])
@pytest.mark.parametrize("argnums", [0, 1, (1, 0), -1])
def test_results_are_those_of_calls(reduce, argnums, elsewhere):
    fast, alone = bent(reduce), bent(reduce)
    expected = [alone.value_and_grad(*chunk, argnums=argnums) for chunk in CHUNKS]
    for executor in (None, elsewhere()):
        assert same(fast.map(CHUNKS, argnums=argnums, executor=executor), expected)
        assert same(fast.map(CHUNKS, kind="grad", argnums=argnums, executor=executor), [g for _, g in expected])
        assert same(fast.map(CHUNKS, kind="value", executor=executor), [v for v, _ in expected])


def test_sums_and_means_are_over_all_rows():
    values, slopes = zip(*[bent().value_and_grad(*chunk, argnums=(0, 1)) for chunk in CHUNKS], strict=True)
    total = sum(v.sum() for v in values)
    by_x, by_a = (sum(each[k].sum() for each in slopes) for k in (0, 1))
    rows = sum(map(len, X))
    for compiled in (None, "sum"):
        value, grads = bent(compiled).map(CHUNKS, argnums=(0, 1), reduce="sum")
        np.testing.assert_allclose([value, *grads], [total, by_x, by_a], rtol=1e-13)
    for compiled in (None, "mean"):
        value, grads = bent(compiled).map(CHUNKS, argnums=(0, 1), reduce="mean")
        np.testing.assert_allclose([value, *grads], np.array([total, by_x, by_a]) / rows, rtol=1e-13)
    value, grad = bent("sum").map(CHUNKS, argnums=1, reduce="mean")  # a chunk is one number: its sum
    np.testing.assert_allclose([value, grad], np.array([total, by_a]) / len(CHUNKS), rtol=1e-13)
    value, grad = bent("mean").map(CHUNKS, argnums=1, reduce="sum")
    means = [(v.mean(), g[1].mean()) for v, g in zip(values, slopes, strict=True)]
    np.testing.assert_allclose([value, grad], np.sum(means, axis=0), rtol=1e-13)


def test_structures_and_single_points(elsewhere):
    fast = autograd.compile(lambda p: {"cost": p["w"][0] * p["w"][1] + p["b"]})
    points = [({"w": np.array([k, 2.0]), "b": 1.0},) for k in range(20)]
    values = fast.map(points, kind="value", executor=elsewhere())
    assert [v["cost"] for v in values] == [2.0 * k + 1.0 for k in range(20)]
    _, total = autograd.compile(lambda p: p["w"][0] * p["w"][1] + p["b"]).map(points, reduce="mean")
    assert total["b"] == 1.0
    assert total["w"].tolist() == [2.0, 9.5]


def test_a_function_folds_results_in_order():
    seen = autograd.compile(lambda x: x * x).map([(float(k),) for k in range(5)], kind="value", reduce="{}{}".format)
    assert seen == "0.01.04.09.016.0"


def test_static_arguments_may_differ(elsewhere):
    fast = autograd.compile(lambda x, n: x**n, static_argnames="n")
    assert fast.map([(2.0, 3), (2.0, 2), (3.0, 3)], executor=elsewhere()) == [(8.0, 12.0), (4.0, 4.0), (27.0, 27.0)]


def test_captured_values_and_weights(elsewhere):
    w = Value(3.0)
    fast = autograd.compile(lambda x: w * x if x > 0.0 else -w, in_axes=0)
    weighted = autograd.compile(lambda x: w * x if x > 0.0 else -w, in_axes=(0,), weights=[w], reduce="sum")
    for number in (3.0, 5.0):
        w.data = number
        chunks = [(np.array([1.0, 2.0]),), (np.array([-1.0, 2.0]),)]
        for executor in (None, elsewhere()):
            values = fast.map(chunks, kind="value", executor=executor)
            assert [v.tolist() for v in values] == [[number, 2.0 * number], [-number, 2.0 * number]]
            with_weights = [(np.array([number]), *chunk) for chunk in chunks]
            found = weighted.map(with_weights, executor=executor)
            assert [(value, grad.tolist()) for value, grad in found] == [(3.0 * number, [3.0]), (number, [1.0])]


def test_rules_of_ones_own_stay_in_this_process():
    @autograd.custom_vjp
    def steep(x):
        return x.relu()

    steep.defvjp(lambda x: (steep(x), x), lambda x, g: (g * 7.0,))
    fast = autograd.compile(lambda x: steep(x) * 2.0, in_axes=0)
    chunks = [(np.array([1.0, 3.0]),), (np.array([-1.0]),)]
    assert [g.tolist() for _, g in fast.map(chunks)] == [[14.0, 14.0], [14.0]]
    with ProcessPoolExecutor(1) as executor, pytest.raises(TypeError, match=r"rule of its own .* executor=None"):
        fast.map(chunks, executor=executor)


def test_chunks_are_read_as_tasks_are_sent(elsewhere):
    executor, sent = elsewhere(count=2), 0

    def chunks():
        nonlocal sent
        for k in range(300):
            assert k - sent <= 300
            sent += 1
            yield (np.full(50, float(k)), 1.0)

    found = bent("mean").map(chunks(), executor=executor, kind="value")
    assert len(found) == 300
    assert executor.tasks < 300  # small ones are put together


def test_a_large_parcel_is_sent_once_for_each_worker(elsewhere, monkeypatch):
    monkeypatch.setattr(running, "LIGHT", 0)
    monkeypatch.setattr(running, "SECONDS", 1e-9)
    executor = elsewhere(count=2)
    fast = autograd.compile(lambda x: x * x, in_axes=0)
    assert len(fast.map([(np.ones(3),)] * 50, executor=executor)) == 50
    assert executor.parcels <= 8 < 50 <= executor.tasks


# --- what is refused ---


def test_chunks_of_another_structure(elsewhere):
    for executor in (None, elsewhere()):
        with pytest.raises(ValueError, match=r"another structure than the first: its arguments are x: array of \(2,\)"):
            bent().map([*CHUNKS, (np.ones((3, 2)), 1.0)], executor=executor)
        with pytest.raises(Exception, match="in_axes has 2 entries, but there are 1") as said:
            bent().map([*CHUNKS, (X[0],)], executor=executor)
        assert said.value.__notes__[-1].startswith("in chunk 3 of a sweep of bent: (array(")


def test_what_is_no_chunk(elsewhere):
    for executor in (None, elsewhere()):
        for bad in (X[0], [X[0], 1.0], 3.0):
            with pytest.raises(TypeError, match="a chunk is a tuple of arguments, or an object with a method"):
                bent().map([CHUNKS[0], bad], executor=executor)
        with pytest.raises(TypeError, match="a chunk is a tuple"):
            bent().map([X[0]], executor=executor)


def test_bad_options():
    fast = bent()
    with pytest.raises(ValueError, match="kind is 'hessian'; it is"):
        fast.map(CHUNKS, kind="hessian")
    with pytest.raises(ValueError, match="reduce is 'max'; it is None"):
        fast.map(CHUNKS, reduce="max")
    with pytest.raises(ValueError, match=r"argnums has 2; there are 2 positional"):
        fast.map(CHUNKS, argnums=2)
    with pytest.raises(TypeError, match="wants a function of one number"):
        autograd.compile(lambda x: [x, x]).map([(1.0,)])
    with pytest.raises(ValueError, match="mean over an empty batch"):
        fast.map([(np.empty(0), 1.0)], reduce="mean")
    with pytest.raises(TypeError, match=r"executor is a .* got <class .*ProcessPoolExecutor"):
        fast.map(CHUNKS, executor=ProcessPoolExecutor)
    with pytest.raises(TypeError, match="seed is a whole number, got None"):
        Draws(functions.normal, 10, seed=None)
    assert fast.map([]) == []
    with pytest.raises(TypeError, match="map: chunks is 3; it is a list, or whatever gives one chunk after the other"):
        autograd.compile(lambda x: x * x, in_axes=0).map(3)
    with pytest.raises(ValueError, match="there are no chunks"):
        fast.map(iter(()), reduce="sum")


def test_errors_say_in_which_chunk(elsewhere):
    class Odd(Exception):
        def __init__(self, one, two):
            super().__init__(one)

    def draw(rng, rows):
        raise Odd("it broke", 2)

    chunks = [Draws(functions.normal, 10, seed=0), Draws(draw, 10, seed=1)]
    with pytest.raises(Odd, match="it broke") as said:
        bent().map(chunks)
    assert said.value.__notes__[0].startswith("in chunk 1 of a sweep of bent: Draws(draw, 10, seed=(1,)); ")
    with pytest.raises(RuntimeError, match="Odd: it broke"):  # which cannot be pickled
        bent().map(chunks, executor=elsewhere())


def test_within_detect_anomaly_rows_are_looked_through(elsewhere):
    logarithm = autograd.compile(lambda x: x.log(), in_axes=0)
    chunks = [(np.array([1.0, 2.0]),), (np.array([1.0, 0.0]),)]
    for executor in (None, elsewhere()):
        for kind in ("value", "value_and_grad"):
            with autograd.detect_anomaly():
                assert logarithm.map(chunks[:1], executor=executor, kind="value", reduce="sum") == np.log(2.0)
                with pytest.raises(autograd.AnomalyError, match=r"row 1 of <lambda>.*log\(0\) gave -inf") as caught:
                    logarithm.map(chunks, executor=executor, kind=kind)
            assert caught.value.__notes__[0].startswith("in chunk 1 of a sweep")
    assert logarithm.map(chunks, kind="value")[1].tolist() == [0.0, -np.inf]


def test_a_reduction_that_fails():
    def reduce(so_far, found):
        return so_far / 0 if found == 4.0 else found

    with pytest.raises(ZeroDivisionError) as said:
        autograd.compile(lambda x: x * x).map([(float(k),) for k in range(5)], kind="value", reduce=reduce)
    assert said.value.__notes__ == ["when chunk 2 of a sweep of <lambda> was added to those before"]


def test_what_cannot_be_pickled(elsewhere, monkeypatch):
    class Chunk:
        def __init__(self):
            self.lock = Lock()

        def arguments(self):
            return X[0], 1.0

    with pytest.raises(TypeError, match=r"map: chunk 1, .*test_what.* cannot be pickled .* by cloudpickle neither"):
        bent().map([CHUNKS[0], Chunk()], executor=elsewhere())
    drawn = [Draws(lambda rng, rows: (rng.uniform(size=rows), 1.0), 10, seed=0)]
    assert same(bent().map(drawn, executor=elsewhere()), bent().map(drawn))  # by cloudpickle
    monkeypatch.setitem(sys.modules, "cloudpickle", None)
    with pytest.raises(TypeError, match=r"chunk 0, Draws\(<lambda>, .* define what it is made of in a module"):
        bent().map(drawn, executor=elsewhere())


def test_a_second_sweep_knows_how_long_pieces_take(elsewhere, monkeypatch):
    monkeypatch.setattr(Draws, "grain", 64)
    fast = autograd.compile(functions.bent, in_axes=(0, None))
    chunks = [Draws(functions.narrow, 40 * Draws.grain, seed=k) for k in range(2)]
    firsts = []
    for _ in range(2):
        executor = elsewhere()
        submit, sent = executor.submit, []
        executor.submit = lambda *task, sent=sent, submit=submit: (sent.append(task), submit(*task))[1]
        fast.map(chunks, executor=executor, reduce="sum")
        firsts.append(sum(block.end - block.begin for block in pickle.loads(sent[0][3])))
    assert firsts[0] == 1
    assert firsts[1] > 1


@pytest.mark.any_build
@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="what glibc keeps of memory")
@pytest.mark.parametrize("setting", [{}, {"MALLOC_TRIM_THRESHOLD_": "65536"}], ids=["glibc's own", "as Dask sets it"])
def test_pieces_are_made_in_memory_that_is_kept(setting):
    """Arrays of a piece come in pages that earlier ones have touched; a process of its own tells."""
    program = (
        "import numpy as np, resource\n"
        "from autograd import Draws\n"
        "from autograd.sweeps.workers import Block, work_on\n"
        "from tests.sweeps.functions import options\n"
        "class Counts:\n"
        "    def answer(self, arguments): return len(arguments)\n"
        "    def combine(self, left, right): return left + right\n"
        "def faults(): return resource.getrusage(resource.RUSAGE_SELF).ru_minflt\n"
        "for count in (10, 50):\n"
        "    before = faults()\n"
        "    work_on(Counts(), [Block(0, Draws(options, count * Draws.grain, seed=1), 0, count, count)])\n"
        "print((faults() - before) / count)"
    )
    settings = {name: x for name, x in os.environ.items() if not name.startswith("MALLOC_")}
    run = [sys.executable, "-c", program]
    found = subprocess.run(run, env=settings | setting, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert float(found.stdout) < 20.0, found.stderr  # of four arrays of 32 pages each


def test_progress_is_a_bar(monkeypatch, capsys):
    told = []

    class Bar:
        def __init__(self, **options):
            told.append(options)

        def update(self, n):
            told.append(n)

        def close(self):
            told.append("closed")

    monkeypatch.setattr(importlib.import_module("tqdm"), "tqdm", Bar)
    bent().map([Draws(functions.normal, 70_000, seed=k) for k in range(3)], progress=True)
    options, *steps, end = told
    assert (options["total"], options["desc"], end) == (3, "bent", "closed")
    assert sum(steps) == pytest.approx(3.0)
    monkeypatch.setitem(sys.modules, "tqdm", None)
    with pytest.raises(ImportError, match="pip install tqdm"):
        bent().map(CHUNKS, progress="prices")


def test_an_interrupt_ends_it(monkeypatch):
    class Stops:
        def arguments(self):
            return X[0], 1.0

    def interrupted(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(running.Sweep, "_take", interrupted)
    with pytest.raises(KeyboardInterrupt):
        bent().map([Stops() for _ in range(50)])


# --- descriptions ---


def test_rows_of_files_and_arrays(tmp_path, elsewhere):
    x = np.random.default_rng(0).standard_normal((200_000, 2))
    np.save(tmp_path / "x.npy", x)
    fast = autograd.compile(lambda x, y, a: a * x[0] * x[1] + y, in_axes=(0, 0, None), reduce="sum")
    expected = fast(x, x[:, 0], 2.0)
    for source in (tmp_path / "x.npy", str(tmp_path / "x.npy"), x):
        chunks = [RowsOf(source, x[:, 0], 2.0, start=k, stop=k + 50_000) for k in range(0, 200_000, 50_000)]
        for executor in (None, elsewhere()):
            value, (by_y, by_a) = fast.map(chunks, argnums=(1, 2), reduce="sum", executor=executor)
            assert value == pytest.approx(expected, rel=1e-12)
            assert by_y == 200_000
            assert by_a == pytest.approx((x[:, 0] * x[:, 1]).sum(), rel=1e-10)
    whole = RowsOf(x, x, whole=[1])
    assert [len(a) for a in whole.part(10, 20).arguments()] == [10, 200_000]
    with pytest.raises(ValueError, match="different numbers of rows"):
        RowsOf(x, x[1:])
    with pytest.raises(ValueError, match="there are 200000 rows; got start=5, stop=200001"):
        RowsOf(x, start=5, stop=200_001)
    with pytest.raises(TypeError, match="no source has rows"):
        RowsOf(1.0)
    with pytest.raises(FileNotFoundError):
        RowsOf(tmp_path / "y.npy")


def test_draws_depend_on_seed_and_count_alone():
    a, b = (Draws(functions.normal, n, seed=(1, 2)).arguments()[0] for n in (70_000, 200_000))
    assert (a[:16_384] == b[:16_384]).all()
    assert len({*b.tolist()}) == 200_000
    assert Draws(lambda rng, rows: rng.uniform(size=rows), 0, seed=1).arguments()[0].shape == (0,)
    for bad in ((1, 5, 0), (len, 2.5, 0), (len, True, 0), (len, 5, 0.5)):
        with pytest.raises(TypeError, match=r"Draws: |not iterable"):
            Draws(*bad)
    for bad in ((len, -1, 0), (len, 1, -1), (len, 1, (0, -1))):
        with pytest.raises(ValueError, match="a number from 0, got -1"):
            Draws(*bad)
