"""Runs that are killed at random moments, each in a process of its own: what `test_kills` starts.

`python -m tests.nn.training.killed FOLDER KILLS SEED` prints, as JSON, what the runs gave.
"""

import contextlib
import json
import os
import random
import signal
import sys
import time
import traceback

import nn
from nn.training.checkpoint import Checkpoint
from tests.nn.training.kept import result, trained


def model():
    return nn.Sequential(nn.Linear(2, 5, rng=1), "tanh", nn.Dropout(0.3), nn.Linear(5, 1, rng=2))


def options(compiled):
    return {
        "model": model, "compiled": compiled, "every": 1, "epochs": 15, "validation": 0.25, "threads": 1,
        "schedule": lambda: lambda epoch: 0.1 / (epoch + 1),
        "callbacks": lambda: [nn.EarlyStopping(patience=50)],
    }  # fmt: skip


def in_a_process(work):
    """The number of a process that does some work and ends."""
    pid = os.fork()
    if pid:
        return pid
    try:
        work()
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def compare(end, want, told):
    """Note an end, and what of it is not as it should be."""
    with open(end) as file:
        found, want = json.load(file), json.loads(json.dumps(want))
    told["ends"].append(found["steps"])
    told["differ"] += [[key, found[key], want[key]] for key in want if found[key] != want[key]]


def main(folder, kills, seed):
    rng = random.Random(seed)
    told = {"kills": 0, "resumed": 0, "ends": [], "differ": [], "steps": []}
    for compiled in (False, True):
        path, end = f"{folder}/run {compiled}", f"{folder}/end {compiled}"

        def work(path=path, end=end, compiled=compiled):
            found = result(*trained(path, resume=True, **options(compiled)))
            with open(f"{end}.part", "w") as file:
                json.dump(found, file)
            os.replace(f"{end}.part", end)

        want = result(*trained(None, **options(compiled)))
        began = time.perf_counter()
        assert os.WEXITSTATUS(os.waitpid(in_a_process(work), 0)[1]) == 0
        spent = time.perf_counter() - began
        os.unlink(path)
        os.unlink(end)
        killed = 0
        while killed < kills // 2:
            pid = in_a_process(work)
            time.sleep(rng.uniform(0.0, 0.5) * spent)
            os.kill(pid, signal.SIGKILL)
            _, status = os.waitpid(pid, 0)
            if os.WIFEXITED(status):  # it had ended before
                assert os.WEXITSTATUS(status) == 0
            else:
                killed += 1
                state = Checkpoint(path).read()  # whole, or not there
                told["steps"].append(0 if state is None else state["step"])
                told["resumed"] += state is not None
            if os.path.exists(end):
                compare(end, want, told)
                os.unlink(end)
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(path)
        told["kills"] += killed
        pid = in_a_process(work)
        assert os.WEXITSTATUS(os.waitpid(pid, 0)[1]) == 0
        compare(end, want, told)
    print(json.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
