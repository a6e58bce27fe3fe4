"""What programs print, wherever it goes: no traceback, an exit code that tells, and nothing that depends on it."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from autograd.border.console import OutputError, complain, program, say, showable

pytestmark = pytest.mark.any_build

ROOT = Path(__file__).parents[2]
posix = pytest.mark.skipif(sys.platform == "win32", reason="a shell of POSIX is needed")
full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")


def shell(line, **environment):
    """A line of the shell, with `$python` to start; its exit code, and what it printed on both streams."""
    done = subprocess.run(
        ["/bin/sh", "-c", line], cwd=ROOT, env={**os.environ, "python": sys.executable, **environment},
        capture_output=True, check=False, timeout=300,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


# A start of Python, which finds its streams as they are; each program then runs in a copy of it up to Python's own end.
COPIES = """
import os, runpy, sys
import autograd, nn.demo.command
nn.demo.command.EXTRAS = ()  # they are not what is asked about, and take seconds
main = "import autograd.__main__ as m, sys; sys.exit(m.main())"
for arguments in os.environ["programs"].splitlines():
    child = os.fork()
    if not child:
        name, *rest = arguments.split()
        sys.argv = [name, *rest]
        exec(main) if name == "main" else runpy.run_module(name, run_name="__main__", alter_sys=True)
        raise AssertionError("programs end by sys.exit")
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    with open(os.environ["codes"], "a") as codes:  # only now: it may take the number of a stream that is closed
        print(code, file=codes)
"""


def run_each(programs, streams, folder, **environment):
    """Exit codes of programs whose standard streams the shell has redirected, and what they printed, all together."""
    codes = folder / "codes"
    codes.write_text("")
    names = {"codes": str(codes), "programs": "\n".join(programs), "copies": COPIES}
    # With threads of its own for BLAS, Python warns of a fork.
    done = shell(f'"$python" -c "$copies" {streams}', OPENBLAS_NUM_THREADS="1", **names, **environment)
    assert done[0] == 0, done
    return [int(line) for line in codes.read_text().split()], *done[1:]


PROGRAMS = ["autograd", "main", "nn --help"]


@posix
def test_a_reader_that_has_gone_ends_a_program_quietly(tmp_path):
    line = '{ sleep 0.2; "$python" -m autograd; echo "code $?" >&2; } | true'  # closed before anything is printed
    assert shell(line) == (0, b"", b"code 141\n")
    for unbuffered in ("", "1"):
        found = run_each(PROGRAMS, "| true", tmp_path, PYTHONUNBUFFERED=unbuffered)
        assert found == ([141] * 3, b"", b"")


@posix
@full
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_full_device_is_one_sentence_and_exit_code_1(unbuffered, tmp_path):
    sentence = b"%s: cannot write to standard output: No space left on device\n"
    wanted = b"".join([sentence % name for name in (b"python -m autograd", b"python -m autograd", b"python -m nn")])
    found = run_each(PROGRAMS, "> /dev/full", tmp_path, PYTHONUNBUFFERED=unbuffered)
    assert found == ([1] * 3, b"", wanted)
    assert run_each(PROGRAMS, "> /dev/full 2>&1", tmp_path, PYTHONUNBUFFERED=unbuffered)[0] == [1] * 3
    assert run_each(PROGRAMS, "> /dev/full 2>&-", tmp_path, PYTHONUNBUFFERED=unbuffered)[0] == [1] * 3


@posix
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_programs_without_standard_streams_are_silent(closed, tmp_path):
    codes, out, err = run_each(["autograd", "nn --epochs 0"], closed, tmp_path)
    assert codes == [0, 2]
    assert out.startswith(b"chainrule ") == (closed == "2>&-")
    assert (b"\n" in out) == (closed == "2>&-")
    assert (err == b"") == ("2>&-" in closed)
    assert err.count(b"\n") == ("2>&-" not in closed)


@posix
@full
def test_a_complaint_that_cannot_be_written_keeps_its_exit_code():
    assert shell('"$python" -m nn --epochs 0 2> /dev/full') == (2, b"", b"")


@posix
@pytest.mark.parametrize("environment", [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C"}, {"PYTHONIOENCODING": "utf-8"}])
def test_names_that_the_terminal_cannot_show_are_shown_as_escapes(environment):
    folder = os.fsdecode(b"/dev/null/\xc3\xbcbung \xff")
    code, out, err = shell('"$python" -c "$both"', both=REFUSE_AND_SAY_FOLDER, folder=folder, **environment)
    assert code == 2, err
    assert err.startswith(b"python -m nn: cannot write to /dev/null/")
    assert err.count(b"\n") == 1
    assert out.count(b"\n") == 1


REFUSE_AND_SAY_FOLDER = """
import os, sys
from autograd.border.console import say
from nn.demo import command
command.EXTRAS = ()  # they are not what is asked about, and take seconds
say(os.environ["folder"])
sys.exit(command.main(["--output", os.environ["folder"]]))
"""


def test_text_stays_what_it_is_where_it_can_be_shown():
    for encoding, errors, wanted in (
        ("utf-8", "strict", "ü \\udcff"), ("ascii", "strict", "\\xfc \\udcff"), ("ascii", "replace", "ü \udcff"),
        ("utf-8", "surrogateescape", "ü \udcff"), ("latin-1", "strict", "ü \\udcff"),
    ):  # fmt: skip
        assert showable("ü \udcff", io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors=errors)) == wanted
    assert showable("ü", io.StringIO()) == showable("ü", None) == "ü"


class Broken(io.StringIO):
    def write(self, text):
        raise OSError(28, "No space left on device")


def test_what_a_program_raises_itself_is_not_taken_for_its_output(monkeypatch):
    def missing():
        raise FileNotFoundError(2, "No such file")

    with pytest.raises(FileNotFoundError):
        program("p", missing)
    assert program("p", lambda: 7) == 7
    monkeypatch.setattr(sys, "stdout", Broken())
    with pytest.raises(OutputError):
        say("x")
    monkeypatch.setattr(sys, "stderr", Broken())
    complain("x")
    monkeypatch.setattr(sys, "stderr", None)
    monkeypatch.setattr(sys, "stdout", None)
    complain("x")
    say("x")
