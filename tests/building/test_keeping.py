"""Where what was built is kept; and where nothing can be built or kept, lanes do it, and one line says why."""

import os
import re
import shutil
import stat
import subprocess
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor

import pytest

from autograd import compile
from autograd.building import compilers, keeping
from autograd.building.compilers import NotBuilt, compiler
from autograd.building.library import loaded

pytestmark = pytest.mark.any_build

SOURCE = "int answer(void) { return %d; }"
CALL = """
import autograd
f = autograd.compile(lambda x, y: autograd.exp(x) * y + x, backend="c")
print(f.value_and_grad(1.0, 2.0, argnums=(0, 1)))
"""


def square(x):
    return x * x + 1.0


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("CHAINRULE_CACHE", str(tmp_path / "kept"))
    return tmp_path / "kept"


@pytest.fixture
def script(tmp_path):
    """Writes a program that stands for a compiler."""

    def write(text):
        path = tmp_path / "cc"
        path.write_text(f"#!/bin/sh\n{text}\n")
        path.chmod(0o755)
        return str(path)

    return write


def built(source):
    """A library that exports the one function of a source."""
    return loaded(f'__attribute__((visibility("default"))) {source}')


def assert_falls_back(match):
    """It is said once, in one line, and the answers are right."""
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        assert compile(square, backend="c").value_and_grad(3.0) == (10.0, 6.0)
        assert compile(square, backend="c")(3.0) == 10.0
    said = [str(warning.message) for warning in heard]
    assert len(said) == 1
    assert re.search(match, said[0])
    assert "\n" not in said[0]
    assert said[0].endswith("it is run over lanes instead")


def test_what_was_built_is_found_again(folder, monkeypatch):
    assert built(SOURCE % 41).answer() == 41
    (library,) = folder.glob("*.so")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert not list(folder.glob(".building-*"))
    monkeypatch.setattr(keeping, "run", lambda *_: pytest.fail("built again"))
    assert built(SOURCE % 41).answer() == 41
    with pytest.raises(pytest.fail.Exception):
        built(SOURCE % 42)
    assert list(folder.glob("*.so")) == [library]


def test_half_a_library_is_built_anew(folder):
    source = SOURCE % 43
    chosen = compiler()
    key = keeping.key_of(f'__attribute__((visibility("default"))) {source}', chosen)
    (keeping.folder() / f"{key}.so").write_bytes(b"\x7fELF and no more")
    (folder / f"{key}.so").chmod(0o700)
    assert built(source).answer() == 43


@pytest.mark.skipif(sys.platform != "linux", reason="libraries are of other kinds elsewhere")
def test_a_library_of_which_the_end_is_gone_does_not_crash(folder):
    run = [sys.executable, "-W", "error", "-c", CALL]
    expected = subprocess.run(run, capture_output=True, text=True, check=True).stdout
    (library,) = folder.glob("*.so")
    for size in (1000, 9000):
        os.truncate(library, size)
        assert subprocess.run(run, capture_output=True, text=True, check=True).stdout == expected
        assert library.stat().st_size > 9000


def test_a_library_of_something_else_is_built_anew(folder):
    run = [sys.executable, "-W", "error", "-c", CALL]
    expected = subprocess.run(run, capture_output=True, text=True, check=True).stdout
    (library,) = folder.glob("*.so")
    built(SOURCE % 46)
    (other,) = set(folder.glob("*.so")) - {library}
    shutil.copy(other, library)
    assert subprocess.run(run, capture_output=True, text=True, check=True).stdout == expected


def test_a_compiler_by_which_the_process_would_lose_small_numbers(folder):
    program = (
        "import autograd, numpy; f = autograd.compile(lambda x: (x + 1e16) - 1e16, in_axes=0, backend='c'); "
        "print(f(numpy.full(64, 0.3))[0], float.fromhex('0x1p-1060') / 2)"
    )
    run = [sys.executable, "-W", "error", "-c", program]
    done = subprocess.run(run, capture_output=True, text=True, env=os.environ | {"CC": "cc -ffast-math"})
    assert done.stdout.split() == ["0.0", str(2.0**-1061)], done.stderr


def test_what_another_machine_left_is_not_taken(folder, monkeypatch):
    chosen = compiler()
    key = keeping.key_of("x", chosen)
    assert keeping.key_of("x", chosen._replace(identity="another version")) != key
    monkeypatch.setattr(keeping, "processor", lambda: "another processor")
    assert keeping.key_of("x", chosen) != key


@pytest.mark.parametrize("through", ["a word before it", "a link in its name"])
def test_a_compiler_behind_another_program_is_known_by_its_own_file(tmp_path, monkeypatch, through):
    launcher, links, programs = (tmp_path / name for name in ("launcher", "links", "programs"))
    for folder in (launcher, links, programs):
        folder.mkdir()
    for path in (launcher / "ccache", programs / "mycc"):
        path.write_text("#!/bin/sh\n")
        path.chmod(0o755)
    (links / "mycc").symlink_to(launcher / "ccache")
    before = [links] if through == "a link in its name" else [launcher]
    monkeypatch.setenv("PATH", os.pathsep.join(map(str, [*before, programs])))
    monkeypatch.setenv("CC", "mycc" if before == [links] else "ccache mycc -O1")
    found = compiler()
    assert found.command[0] == str(before[0] / ("mycc" if before == [links] else "ccache"))
    assert compiler() == found
    (programs / "mycc").write_text("#!/bin/sh\n# another version\n")
    assert compiler().identity != found.identity


def test_what_others_may_write_to_is_not_taken(folder):
    built(SOURCE % 44)
    (library,) = folder.glob("*.so")
    key = library.stem
    assert keeping.library_of(key, folder) == library
    library.chmod(0o722)
    assert keeping.library_of(key, folder) is None
    library.unlink()
    library.symlink_to("/bin/true")
    assert keeping.library_of(key, folder) is None


def test_the_oldest_are_dropped(folder, monkeypatch):
    monkeypatch.setattr(keeping, "MOST_KEPT", 2)
    for k in range(4):
        built(SOURCE % (50 + k))
        for path in folder.glob("*.so"):
            os.utime(path, (path.stat().st_mtime - 10, path.stat().st_mtime - 10))
    assert len(list(folder.glob("*.so"))) == 2


def test_without_a_compiler(folder, monkeypatch):
    monkeypatch.setenv("CC", "no-such-compiler --fast")
    assert_falls_back(r"CC is 'no-such-compiler --fast', and no such program is on the PATH")
    monkeypatch.setenv("CC", "'")
    with pytest.raises(NotBuilt, match="which is no command"):
        compiler()
    monkeypatch.delenv("CC")
    monkeypatch.setenv("PATH", str(folder))
    with pytest.raises(NotBuilt, match="no C compiler is on the PATH"):
        compiler()


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("echo 'program.c:1: error: something is broken' >&2; exit 1", r"did not build it \(.*something is broken\)"),
        ("exit 0", "it left no library"),
        ("exit 3", "it ended with 3"),
        (
            "printf 'ld: final link failed: No space left on device\\ncollect2: error: ld\\n' >&2; exit 1",
            "No space left",
        ),
        ('for last in "$@"; do [ "$before" = -o ] && echo rubbish > "$last"; before="$last"; done', "cannot be loaded"),
    ],
    ids=["complains", "leaves nothing", "just ends", "has no room", "writes rubbish"],
)
def test_with_a_broken_compiler(folder, monkeypatch, script, text, match):
    monkeypatch.setenv("CC", script(text))
    assert_falls_back(match)
    assert not list(folder.glob(".building-*"))


def test_with_a_compiler_that_does_not_end(folder, monkeypatch, script, tmp_path):
    monkeypatch.setattr(compilers, "TIMEOUT", 0.3)
    monkeypatch.setenv("CC", script(f"sleep 60 & echo $! > {tmp_path}/pid; wait"))
    assert_falls_back("took more than 0.3 s")
    child = int((tmp_path / "pid").read_text())
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(child)], capture_output=True, text=True).stdout.strip()
    assert state in ("", "Z")


def test_flags_that_a_compiler_does_not_know_are_left_out(folder, monkeypatch, script):
    real = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    monkeypatch.setenv(
        "CC", script(f'case "$*" in *native*) echo "error: unknown" >&2; exit 1;; esac; exec {real} "$@"')
    )
    assert built(SOURCE % 45).answer() == 45


def test_a_folder_that_cannot_be_used(folder, monkeypatch):
    folder.mkdir(mode=0o700)
    folder.chmod(0o777)
    assert_falls_back("can be written to by others: chmod 700 it, or name another by CHAINRULE_CACHE")
    folder.chmod(0o700)
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    assert_falls_back(r"belongs to user \d+: name another by CHAINRULE_CACHE")
    monkeypatch.undo()


def test_a_folder_that_cannot_be_made_or_written_to(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CHAINRULE_CACHE", str(tmp_path / "file"))
    assert_falls_back("cannot be made|is no folder")
    monkeypatch.setenv("CHAINRULE_CACHE", str(tmp_path / "file" / "below"))
    assert_falls_back(r"cannot be made \(Not a directory\)")
    monkeypatch.setenv("CHAINRULE_CACHE", str(tmp_path / "read only"))
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(NotBuilt, match="cannot be written to: name another by CHAINRULE_CACHE"):
        keeping.folder()


def test_where_it_is(tmp_path, monkeypatch):
    monkeypatch.delenv("CHAINRULE_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert keeping.folder() == tmp_path / "chainrule"
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert keeping.folder() == tmp_path / ".cache" / "chainrule"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")  # of which XDG says that it does not count
    assert keeping.folder() == tmp_path / ".cache" / "chainrule"
    monkeypatch.setenv("CHAINRULE_CACHE", "~/of mine")
    assert keeping.folder() == tmp_path / "of mine"


def test_ten_processes_that_begin_at_once(folder):
    commands = [
        subprocess.Popen([sys.executable, "-W", "error", "-c", CALL], stdout=subprocess.PIPE, text=True)
        for _ in range(10)
    ]
    answers = {command.communicate()[0] for command in commands}
    assert [command.returncode for command in commands] == [0] * 10
    assert len(answers) == 1
    assert len(list(folder.glob("*.so"))) == 1
    assert not list(folder.glob(".building-*"))


def test_nothing_is_said_where_all_is_well(folder):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert compile(square, backend="c").value_and_grad(3.0) == (10.0, 6.0)


def test_a_compiler_that_fails_is_run_once(folder, tmp_path, monkeypatch):
    broken = tmp_path / "broken"
    broken.write_text(f"#!/bin/sh\necho run >> {tmp_path}/runs\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("CC", str(broken))
    runs = []
    for k in range(3):
        with pytest.raises(NotBuilt, match="broken did not build it"):
            built(SOURCE % (50 + k))
        runs.append((tmp_path / "runs").read_text().count("run"))
    assert runs == [2, 2, 2], "with the flags for this processor, and without"
    broken.write_text(f'#!/bin/sh\nexec {shutil.which("cc") or "gcc"} "$@"\n')
    assert built(SOURCE % 53).answer() == 53, "another file is another compiler"


def test_one_of_the_threads_that_want_a_library_builds_it(folder, monkeypatch):
    run, runs = keeping.run, []
    monkeypatch.setattr(keeping, "run", lambda *given: runs.append(given) or run(*given))
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(lambda k: built(SOURCE % (60 + k % 2)).answer(), range(12))) == [60, 61] * 6
    assert len(runs) == 2


def test_a_library_under_the_name_of_another_is_built_anew(folder):
    """Both have the same functions."""
    run = [sys.executable, "-W", "error", "-c", CALL]
    expected = subprocess.run(run, capture_output=True, text=True, check=True).stdout
    (library,) = folder.glob("*.so")
    other = [*run[:-1], CALL.replace("exp", "cosh")]
    assert subprocess.run(other, capture_output=True, text=True, check=True).stdout != expected
    (second,) = set(folder.glob("*.so")) - {library}
    shutil.copy(second, library)
    assert subprocess.run(run, capture_output=True, text=True, check=True).stdout == expected


def test_what_killed_processes_left_is_removed(folder):
    built(SOURCE % 70)
    old, new = folder / ".building-old", folder / ".building-new"
    for left in (old, new):
        left.mkdir()
        (left / "program.c").write_text("")
    os.utime(old, (1.0, 1.0))
    built(SOURCE % 71)
    assert not old.exists()
    assert new.exists()
