"""Files that are written whole or not at all, by whatever writes one."""

import errno
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

import autograd
from autograd import Tape, Value, write_file

pytestmark = pytest.mark.any_build

ROOT = Path(__file__).parents[2]
OLD = b"what was there before"


def tape():
    x = Value(2.0, label="x")
    y = x
    for _ in range(300):
        y = y * 1.5 + x
    return Tape(y, x)


WRITERS = {
    "text": lambda path: write_file(path, "é" * 9_999),
    "bytes": lambda path: write_file(path, b"12" * 9_999),
    "function": lambda path: write_file(path, lambda unfinished: Path(unfinished).write_bytes(b"3" * 99_999)),
    "tape": lambda path: tape().save(path),
    "source of a drawing": lambda path: autograd.draw(tape_root()).save(path),
    "picture": lambda path: picture(path),
}


def tape_root():
    x = Value(2.0, label="x")
    y = x
    for _ in range(40):
        y = y * 1.5 + x
    return y


def picture(path):
    drawing = autograd.draw(tape_root(), depth=5)
    drawing.render(path.with_suffix(".gv"), outfile=path, format="svg", cleanup=True)


writers = pytest.mark.parametrize("write", WRITERS.values(), ids=list(WRITERS))


@writers
def test_a_file_is_written_and_written_again(tmp_path, write):
    path = tmp_path / "new.svg"
    write(path)
    first = path.read_bytes()
    assert len(first) > 1_000
    path.write_bytes(OLD)
    write(path)
    assert path.read_bytes() == first
    assert os.listdir(tmp_path) == ["new.svg"]


FULL = """
import resource, sys
from pathlib import Path
import autograd  # its modules are there before the disk is full
from tests.border.test_files import WRITERS
autograd.draw(autograd.Value(1.0))
resource.setrlimit(resource.RLIMIT_FSIZE, (600, 600))
try:
    WRITERS[sys.argv[1]](Path(sys.argv[2]))
except OSError:
    sys.exit(3)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs limits of resources")
@pytest.mark.parametrize("name", WRITERS)
def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path, name):
    """A limit on the size of files is met as the end of a disk is: in the middle of writing."""
    path = tmp_path / "old.svg"
    path.write_bytes(OLD)
    done = subprocess.run([sys.executable, "-c", FULL, name, str(path)], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 3, done.stderr
    assert path.read_bytes() == OLD
    assert os.listdir(tmp_path) == ["old.svg"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError, OSError(errno.ENOSPC, "No space left on device")])
@pytest.mark.parametrize("at", ["contents", "fsync", "chmod", "replace"])
def test_whatever_goes_wrong_the_old_file_stays(tmp_path, monkeypatch, error, at):
    def fail(*args):
        raise error

    def half(unfinished):
        Path(unfinished).write_bytes(b"half")
        if at == "contents":
            raise error

    path = tmp_path / "state.json"
    path.write_bytes(OLD)
    if at != "contents":
        monkeypatch.setattr(os, at, fail)
    with pytest.raises(type(error) if isinstance(error, Exception) else error):
        write_file(path, half)
    assert path.read_bytes() == OLD
    assert os.listdir(tmp_path) == ["state.json"]


def test_permissions_stay_and_new_files_have_the_usual_ones(tmp_path):
    path, usual = tmp_path / "a", tmp_path / "b"
    usual.touch()
    write_file(path, "new")
    assert path.stat().st_mode == usual.stat().st_mode
    path.chmod(0o640)
    write_file(path, "newer")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_file_that_may_not_be_written_is_not_replaced(tmp_path, monkeypatch):
    path = tmp_path / "a"
    path.write_bytes(OLD)
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # nobody refuses root
    with pytest.raises(PermissionError) as caught:
        write_file(path, "new")
    assert caught.value.filename == str(path)
    assert path.read_bytes() == OLD


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs links and devices")
def test_links_stay_links_and_devices_devices(tmp_path):
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    link, dangling = tmp_path / "link", tmp_path / "dangling"
    (folder / "real").write_bytes(OLD)
    link.symlink_to(folder / "real")
    dangling.symlink_to(folder / "later")
    write_file(link, "new")
    write_file(dangling, "newer")
    assert link.is_symlink()
    assert dangling.is_symlink()
    assert ((folder / "real").read_text(), (folder / "later").read_text()) == ("new", "newer")
    assert sorted(os.listdir(folder)) == ["later", "real"]
    write_file("/dev/null", "nothing")
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)
    said = subprocess.run(
        [sys.executable, "-c", "import autograd; autograd.write_file('/dev/stdout', 'said')"],
        cwd=ROOT, capture_output=True, check=True,
    )  # fmt: skip
    assert said.stdout == b"said"
    with pytest.raises(IsADirectoryError):
        write_file(folder, "no")
    with pytest.raises(FileNotFoundError):
        write_file(tmp_path / "no" / "such", "file")


def test_nothing_else_in_the_project_writes_files():
    for folder in ("autograd", "nn"):
        for path in (ROOT / folder).rglob("*.py*"):
            if path.suffix in (".py", ".pyx") and path.stem != "files":
                text = re.sub(
                    r"os\.open\(os\.devnull|\bopen\(os\.devnull, \"w\"\)|os\.open\(folder|\bopen\(path, \"rb\"\)"
                    r"|`\.open\(|drawing\.open\(|(?<=\w)[oO]pen\(|def open\(",
                    "",
                    path.read_text(),
                )
                for way in (".write_text(", ".write_bytes(", "open(", "json.dump(", "np.save", ".tofile("):
                    assert way not in text, f"{path.name} has {way}"
