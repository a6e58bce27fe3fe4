"""Executors as they are: each gives the bits of all others, and a killed worker costs time or says what was done."""

import multiprocessing
import os
import pickle
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import cache
from multiprocessing.pool import Pool, ThreadPool
from pathlib import Path

import numpy as np
import pytest

import autograd
import nn
from autograd import SweepError
from tests.sweeps import functions
from tests.sweeps.engines import engine, missing
from tests.sweeps.functions import Slow
from tests.sweeps.real import CASES, swept
from tests.sweeps.test_bits import same

ROOT = Path(__file__).parents[2]
expected = cache(lambda name: swept(name, None))


def require_all_cases(executor):
    """Pass if an executor gives the bits of threads."""
    for name in CASES:
        assert same(swept(name, executor), expected(name)), name


@pytest.mark.parametrize("threads", [1, 3])
def test_threads(threads):
    with ThreadPoolExecutor(threads) as executor:
        require_all_cases(executor)


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_processes(method):
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context(method)) as executor:
        require_all_cases(executor)


@pytest.mark.any_build
def test_modules_are_arguments_elsewhere_too():
    model = nn.MLP(2, [3, 1], activation="tanh", rng=1)
    fast = autograd.compile(functions.squared, in_axes=(None, 0), reduce="mean")
    chunks = [(model, np.full((50, 2), 0.1 * k)) for k in range(4)]
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as executor:
        value, grad = fast.map(chunks, executor=executor, reduce="mean")
    expected, slopes = fast.map(chunks, reduce="mean")
    assert value == expected
    assert [p.data for p in grad.parameters()] == [p.data for p in slopes.parameters()]


def test_a_pool_with_apply_async():
    with ThreadPool(2) as pool:
        require_all_cases(pool)


@pytest.mark.any_build
def test_loky():
    loky = engine("loky")
    executor = loky.ProcessPoolExecutor(2)
    try:
        require_all_cases(executor)
    finally:
        executor.shutdown(wait=True, kill_workers=True)


@pytest.mark.any_build
def test_mpi(tmp_path):
    engine("mpi4py")
    mpiexec = Path(sys.executable).with_name("mpiexec")
    if not mpiexec.exists():
        missing("mpiexec")
    settings = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
    spread = {"PRTE_MCA_rmaps_default_mapping_policy": ":oversubscribe"}
    command = [mpiexec, "-n", "1", sys.executable, "-m", "tests.sweeps.over_mpi", tmp_path / "found"]
    run = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **settings, **spread}, capture_output=True, text=True, timeout=120
    )
    assert run.returncode == 0, run.stderr
    found = pickle.loads((tmp_path / "found").read_bytes())
    for name in CASES:
        assert same(found[name], expected(name)), name


@pytest.fixture(scope="module")
def dask():
    """An executor of Dask, of two processes."""
    distributed = engine("distributed")
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0", silence_logs=50) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client.get_executor()


@pytest.mark.any_build
def test_dask(dask):
    require_all_cases(dask)


@pytest.mark.any_build
def test_a_killed_worker_of_dask_costs_time_alone(dask, tmp_path):
    fast = autograd.compile(functions.bent, in_axes=(0, None))
    healthy = fast.map([Slow(k) for k in range(30)], argnums=(0, 1))
    chunks = [Slow(k, 0.03, tmp_path / "dead" if k == 13 else None) for k in range(30)]
    assert same(fast.map(chunks, argnums=(0, 1), executor=dask), healthy)
    assert (tmp_path / "dead").exists()


def test_a_killed_worker_of_a_process_pool_is_said_with_what_was_done(tmp_path):
    fast = autograd.compile(functions.bent, in_axes=(0, None))
    healthy = fast.map([Slow(k) for k in range(20)])
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("fork")) as executor:
        chunks = [Slow(k, 0.1, tmp_path / "dead" if k == 9 else None) for k in range(20)]
        with pytest.raises(
            SweepError, match=r"the ProcessPoolExecutor gave up \(BrokenProcessPool.* chunks from"
        ) as said:
            fast.map(chunks, executor=executor)
        error = said.value
        assert 0 < error.done <= 9
        assert same(error.result, healthy[: error.done])
        assert all(same(x, healthy[k]) for k, x in error.further.items())
        with pytest.raises(SweepError, match=r"takes no task \(BrokenProcessPool"):  # it stays broken
            fast.map(chunks, executor=executor)
    rest = fast.map(chunks[error.done :])
    assert same([*error.result, *rest], healthy)


@pytest.mark.any_build
def test_an_executor_that_was_shut_down():
    fast = autograd.compile(functions.bent, in_axes=(0, None))
    for kind in (ThreadPoolExecutor, ProcessPoolExecutor):
        executor = kind(1)
        executor.shutdown()
        with pytest.raises(SweepError, match=r"takes no task .*after shutdown.*0 chunks from the first on are done"):
            fast.map([Slow(0)], executor=executor)


@pytest.mark.any_build
def test_whatever_an_engine_raises_is_said():
    class Closed:
        def submit(self, *_):
            raise KeyError("of its own")

    fast = autograd.compile(functions.bent, in_axes=(0, None))
    with pytest.raises(SweepError, match=r"the Closed takes no task \(KeyError: .*of its own"):
        fast.map([Slow(0)], executor=Closed())


@pytest.mark.any_build
def test_a_pool_that_never_answers_is_refused():
    fast = autograd.compile(functions.bent, in_axes=(0, None))
    with Pool(1) as pool, pytest.raises(TypeError, match="never answers for a worker that was killed"):
        fast.map([Slow(0)], executor=pool)
    with pytest.raises(TypeError, match=r"executor is a concurrent.futures.Executor .* got 4"):
        fast.map([Slow(0)], executor=4)
