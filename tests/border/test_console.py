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


PROGRAMS = ['"$python" -m autograd', '"$python" -c "import autograd.__main__ as m, sys; sys.exit(m.main())"']


@posix
@pytest.mark.parametrize("program", [*PROGRAMS, '"$python" -m nn --help'])
def test_a_reader_that_has_gone_ends_a_program_quietly(program):
    line = f'{{ sleep 0.2; {program}; echo "code $?" >&2; }} | true'  # the pipe is closed before anything is printed
    assert shell(line) == (0, b"", b"code 141\n")
    assert shell(line, PYTHONUNBUFFERED="1") == (0, b"", b"code 141\n")


@posix
@full
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize("program", [*PROGRAMS, '"$python" -m nn --help'])
def test_a_full_device_is_one_sentence_and_exit_code_1(program, unbuffered):
    code, _, err = shell(f"{program} > /dev/full", PYTHONUNBUFFERED=unbuffered)
    name = b"python -m nn" if "nn" in program else b"python -m autograd"
    assert (code, err) == (1, name + b": cannot write to standard output: No space left on device\n")
    assert shell(f"{program} > /dev/full 2>&1")[0] == 1
    assert shell(f"{program} > /dev/full 2>&-")[0] == 1


@posix
@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_programs_without_standard_streams_are_silent(closed):
    code, out, err = shell(f'"$python" -m autograd {closed}')
    assert (code, err) == (0, b"")
    assert out.startswith(b"chainrule ") == (closed == "2>&-")
    code, out, err = shell(f'"$python" -m nn --epochs 0 {closed}')
    assert (code, out) == (2, b"")
    assert (err == b"") == ("2>&-" in closed)


@posix
@full
def test_a_complaint_that_cannot_be_written_keeps_its_exit_code():
    assert shell('"$python" -m nn --epochs 0 2> /dev/full') == (2, b"", b"")


@posix
@pytest.mark.parametrize("environment", [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C"}, {"PYTHONIOENCODING": "utf-8"}])
def test_names_that_the_terminal_cannot_show_are_shown_as_escapes(environment):
    folder = os.fsdecode(b"/dev/null/\xc3\xbcbung \xff")
    line = f'"$python" -m nn --output "$folder"; "$python" -c \'{SAY_FOLDER}\''
    code, out, err = shell(line, folder=folder, **environment)
    assert code == 0, err
    assert err.startswith(b"python -m nn: cannot write to /dev/null/")
    assert err.count(b"\n") == 1
    assert out.count(b"\n") == 1


SAY_FOLDER = 'from autograd.border.console import say; import os; say(os.environ["folder"])'


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
