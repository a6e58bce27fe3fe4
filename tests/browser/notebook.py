"""A notebook, and a real JupyterLab that shows it, in folders of its own."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager

import nbformat

CELLS = [
    """from autograd import Value, draw
w, x, y = Value(2.0, label="w"), Value(5.0, label="x"), Value(12.0, label="y")
e = w * x - y
loss = e * e
loss.backward()
draw(loss)""",
    """view = draw(loss).widget()
view""",
    """print("step", view.step, "selected", repr(view.selected))""",
]


PROMPTS = ".jp-CodeCell .jp-InputPrompt"
ALL_RAN = rf"[...document.querySelectorAll('{PROMPTS}')].every(x => /\[\d+\]/.test(x.textContent))"


def notebook(path, cells=CELLS):
    """A notebook of some cells, run, so that their outputs are in it; it is not trusted by anybody yet."""
    from nbclient import NotebookClient

    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    NotebookClient(made, timeout=120).execute()
    nbformat.write(made, path)
    return made


@contextmanager
def jupyterlab(folder, settings=None):
    """A JupyterLab that serves a folder; the address. It ends with the block."""
    home = folder / "home"
    for name in ("config", "data", "runtime", "ipython", "settings"):
        (home / name).mkdir(parents=True)
    if settings is not None:
        for name, text in settings.items():
            path = home / "settings" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {
        "JUPYTER_CONFIG_DIR": home / "config",
        "JUPYTER_DATA_DIR": home / "data",
        "JUPYTER_RUNTIME_DIR": home / "runtime",
        "IPYTHONDIR": home / "ipython",
        "JUPYTERLAB_SETTINGS_DIR": home / "settings",
    }
    command = [
        sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}",
        "--ServerApp.ip=127.0.0.1", "--IdentityProvider.token=", f"--ServerApp.root_dir={folder}",
        "--LabApp.news_url=None",
    ]  # fmt: skip
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(command, env=os.environ | {k: str(v) for k, v in own.items()}, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{address}/api", timeout=1)
                break
            except OSError:
                assert server.poll() is None, (folder / "log").read_text()
                time.sleep(0.1)
        yield address
    finally:
        server.terminate()
        server.wait(20)


def trust(folder, path):
    """Sign a notebook, as who has looked at it does."""
    home = folder / "home"
    own = {"JUPYTER_CONFIG_DIR": home / "config", "JUPYTER_DATA_DIR": home / "data"}
    subprocess.run(
        [sys.executable, "-m", "jupyter", "trust", str(path)],
        env=os.environ | {k: str(v) for k, v in own.items()},
        check=True,
        capture_output=True,
    )


def opened(tab, address, name):
    """Open a notebook in JupyterLab, and wait for its first output."""
    tab.goto(f"{address}/lab/tree/{name}?reset")
    tab.wait_for_selector(".jp-Notebook .jp-OutputArea-output", timeout=60_000)
    return tab


def run_all(tab, address):
    """Run all cells, and wait until each has run.

    A request can be lost on its way to a kernel that somebody else has just left: its cell waits for ever, and the
    kernel is idle. Then all are run once more, over a new connection. Where the kernel is busy instead, a cell does
    not end, which is ours.
    """
    from playwright.sync_api import TimeoutError as TooLate

    for _ in range(3):
        tab.wait_for_selector(".jp-Notebook-ExecutionIndicator[data-status=idle]", timeout=60_000)
        tab.get_by_role("menuitem", name="Run", exact=True).click()
        tab.get_by_text("Run All Cells", exact=True).click()
        try:
            return tab.wait_for_function(ALL_RAN, timeout=60_000)
        except TooLate as late:
            states = {kernel["execution_state"] for kernel in asked(address, "kernels")}
            prompts = tab.locator(PROMPTS).all_inner_texts()
            if "busy" in states:
                raise AssertionError(f"kernels are {states}, cells are {prompts}") from late
        tab.get_by_role("menuitem", name="Kernel", exact=True).click()
        tab.get_by_text("Reconnect to Kernel", exact=True).click()
    raise AssertionError(f"cells are {prompts} after they were run three times, and the kernels idle")


def asked(address, what):
    """What the server answers when it is asked for its kernels or sessions."""
    with urllib.request.urlopen(f"{address}/api/{what}", timeout=30) as answer:
        return json.load(answer)
