"""Programs that take too much, that fork, that do not listen, and Ctrl-C: what comes back, and that nothing is left."""

import _thread
import os
import random
import signal
import subprocess
import sys
import threading
import time
import tracemalloc
from pathlib import Path

import pytest

from autograd.rendering import children
from autograd.rendering.children import Caps, run
from tests.rendering.fakes import gone, noted, program, wait_for_notes

pytestmark = [
    pytest.mark.any_build,
    pytest.mark.skipif(sys.platform == "win32", reason="programs are faked by scripts with a shebang"),
]

CAPS = Caps(10.0, 200, 4)
FORK = "note(os.getpid()); pid = os.fork()\nif pid == 0: note(os.getpid()); time.sleep(60)\nwait_for_notes(2)\n"
linux = pytest.mark.skipif(sys.platform != "linux", reason="other systems keep to a cap of memory as they like")


@pytest.fixture
def fake(tmp_path):
    """Runs a program of a line of Python."""

    def make(code, given=b"", caps=CAPS):
        return run([program(tmp_path / "fake", code)], given, caps)

    return make


def test_what_is_given_goes_in_and_comes_out_whole(fake):
    given = os.urandom(3 << 20)
    ending = fake("sys.stdout.buffer.write(sys.stdin.buffer.read()); print('done', file=sys.stderr)", given)
    assert ending == ("", given, "done")


def test_a_program_need_not_read(fake):
    assert fake("print('x')", bytes(3 << 20)) == ("", b"x\n", "")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("sys.exit('no fonts')", "no fonts"),
        ("sys.exit(3)", "exit code 3"),
        ("os.kill(os.getpid(), 11)", f"crashed ({signal.strsignal(11)})"),
    ],
)
def test_a_failure_is_told(fake, code, said):
    assert fake(code) == ("exit", b"", said)


@pytest.mark.parametrize("command", ["/no/such/program", os.devnull, "a\0b"])
def test_what_cannot_start_is_told(command):
    failure, output, said = run([command], b"", CAPS)
    assert (failure, output) == ("start", b"")
    assert said


@pytest.mark.parametrize(
    "sleeps", ["time.sleep(60)", "import signal; signal.signal(15, signal.SIG_IGN); time.sleep(60)"]
)
def test_a_program_that_sleeps_is_ended(fake, tmp_path, sleeps):
    start = time.monotonic()
    assert fake(f"note(os.getpid()); {sleeps}", caps=Caps(0.3, 200)) == ("time", b"", "gave up after 0.3 s")
    assert time.monotonic() - start < 1.5
    assert len(noted(tmp_path)) == 1
    assert gone(noted(tmp_path))


def test_a_program_that_closes_its_pipes_and_stays_is_ended(fake):
    assert fake("os.close(1); os.close(2); time.sleep(60)", caps=Caps(0.3, 200)).failure == "time"


@pytest.mark.parametrize("descriptor", [1, 2])
def test_a_gigabyte_is_not_taken_in(fake, tmp_path, descriptor):
    tracemalloc.start()
    try:
        code = f"note(os.getpid()); piece = bytes(1 << 20)\nfor _ in range(1024): os.write({descriptor}, piece)"
        start = time.monotonic()
        assert fake(code) == ("output", b"", "wrote more than 4 MB")
        assert tracemalloc.get_traced_memory()[1] < 12 << 20
    finally:
        tracemalloc.stop()
    assert time.monotonic() - start < 2
    assert gone(noted(tmp_path))


def test_of_many_complaints_both_ends_are_kept(fake):
    ending = fake(
        "print('first'); print('first', file=sys.stderr); sys.stderr.write('w' * 3_000_000); sys.exit('last')"
    )
    assert ending.failure == "exit"
    assert ending.said.startswith("first")
    assert ending.said.endswith("wwlast")
    assert len(ending.said) < 200_000


@linux
@pytest.mark.parametrize("from_outside", [True, False])
def test_two_gigabytes_are_not_to_be_had(fake, monkeypatch, from_outside):
    monkeypatch.setattr(children, "_FROM_OUTSIDE", from_outside)
    assert fake("sys.stdin.read(); x = bytearray(2 << 30)") == ("memory", b"", "needed more than 200 MB")
    assert fake("sys.stdin.read(); x = bytearray(100 << 20); print(len(x))") == ("", b"104857600\n", "")


@linux
@pytest.mark.parametrize("from_outside", [True, False])
def test_the_caps_that_the_system_keeps(fake, monkeypatch, from_outside):
    monkeypatch.setattr(children, "_FROM_OUTSIDE", from_outside)
    code = "import resource as r; sys.stdin.read()\n"
    code += "print(*[r.getrlimit(what) for what in (r.RLIMIT_DATA, r.RLIMIT_CORE, r.RLIMIT_CPU)])"
    assert fake(code).output == b"(209715200, 209715200) (0, 0) (21, 21)\n"


def test_a_syntax_error_near_the_word_memory_is_one(fake):
    complaint = "syntax error in line 1 near 'out of memory'"
    assert fake(f"sys.exit({complaint!r})") == ("exit", b"", complaint)


def test_children_of_a_program_end_with_it(fake, tmp_path):
    start = time.monotonic()
    assert fake(FORK + "print('drawn'); sys.stdout.flush(); os._exit(0)") == ("", b"drawn\n", "")
    assert time.monotonic() - start < 1, "the grandchild holds the pipes"
    assert len(noted(tmp_path)) == 2
    assert gone(noted(tmp_path))


def test_children_of_a_program_end_at_its_timeout(fake, tmp_path):
    assert fake(FORK + "time.sleep(60)", caps=Caps(0.4, 200)).failure == "time"
    assert len(noted(tmp_path)) == 2
    assert gone(noted(tmp_path))


def test_who_leaves_the_session_with_the_pipes_does_not_keep_us(fake, tmp_path, monkeypatch):
    monkeypatch.setattr(children, "_GRACE", 0.2)
    code = "pid = os.fork()\nif pid == 0: os.setsid(); note(os.getpid()); time.sleep(60)\n"
    code += "wait_for_notes(1); print('drawn')"
    start = time.monotonic()
    assert fake(code) == ("", b"drawn\n", "")
    assert time.monotonic() - start < 1.5
    os.kill(noted(tmp_path)[0], signal.SIGKILL)


def running_threads():
    """The threads of this process; those that `threading` has met, where the system does not tell."""
    tasks = Path("/proc/self/task")
    return {task.name for task in tasks.iterdir()} if tasks.exists() else {x.ident for x in threading.enumerate()}


@pytest.mark.parametrize("interrupt", [lambda: os.kill(os.getpid(), signal.SIGINT), _thread.interrupt_main])
def test_ctrl_c_ends_a_program_and_its_children(fake, tmp_path, monkeypatch, interrupt):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.chdir(scratch)
    monkeypatch.setenv("TMPDIR", str(scratch))
    before = running_threads()

    def strike():
        wait_for_notes(tmp_path, 2)
        interrupt()

    striker = threading.Thread(target=strike)
    striker.start()
    with pytest.raises(KeyboardInterrupt):
        fake(FORK + "time.sleep(60)")
    pids = noted(tmp_path)
    assert len(pids) == 2
    assert gone(pids)
    striker.join()
    deadline = time.monotonic() + 5.0
    while running_threads() - before and time.monotonic() < deadline:  # who read is at its end, or nearly so
        time.sleep(0.01)
    assert running_threads() - before == set()  # others, of a library that an earlier test used, may have ended
    assert list(scratch.iterdir()) == []


@pytest.mark.usefixtures("no_collector_callbacks")
def test_ctrl_c_at_any_moment_leaves_no_program(monkeypatch):
    """From before the start to after the end, which 100 moments of 4 ms meet."""
    started = []

    class Noted(subprocess.Popen):
        def __init__(self, *args, **kwargs):
            started.append(self)
            super().__init__(*args, **kwargs)

    def strike(number, frame):
        raise KeyboardInterrupt

    monkeypatch.setattr(subprocess, "Popen", Noted)
    before = signal.signal(signal.SIGALRM, strike)
    moments, hit = random.Random(0), 0
    try:
        for _ in range(100):
            try:
                signal.setitimer(signal.ITIMER_REAL, moments.uniform(1e-5, 4e-3))
                run(["/bin/sleep", "30"], b"", CAPS)
            except KeyboardInterrupt:
                hit += 1
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert hit == 100
    assert len(started) > 30
    assert all(process.returncode is not None for process in started if process._child_created)


def test_ctrl_c_before_the_start_lets_nothing_start(fake, monkeypatch):
    late, started = [], []

    def start(function, arguments):
        late.append(function)
        raise KeyboardInterrupt

    monkeypatch.setattr(_thread, "start_new_thread", start)
    monkeypatch.setattr(subprocess, "Popen", lambda *args, **options: started.append(args) or 1 / 0)
    with pytest.raises(KeyboardInterrupt):
        fake("print()")
    late[0]()
    assert started == []


def test_threads_run_programs_at_once(tmp_path):
    path = program(tmp_path / "fake", "print(sys.stdin.read() * 1000)")
    endings = {}

    def work(i):
        endings[i] = run([path], b"%d" % i, CAPS)

    threads = [threading.Thread(target=work, args=(i,)) for i in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert endings == {i: ("", b"%d" % i * 1000 + b"\n", "") for i in range(12)}


def test_descriptors_are_given_back(fake):
    folder = "/proc/self/fd" if sys.platform == "linux" else "/dev/fd"
    before = len(os.listdir(folder))
    for code in ("print()", "sys.exit(1)", "os.write(1, bytes(5 << 20))"):
        fake(code)
    assert len(os.listdir(folder)) == before


@pytest.mark.parametrize("starts", [(_thread, "start_new_thread"), (threading.Thread, "start")])
def test_where_no_thread_can_start_that_is_told(fake, monkeypatch, starts):
    def start(*args):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(*starts, start)
    assert fake("time.sleep(60)") == ("start", b"", "can't start new thread")
