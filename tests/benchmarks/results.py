"""Where the measured tables stand: RESULTS.md has all of them, the README a table made from those.

`python -m tests.benchmarks.results` writes the README's table anew from RESULTS.md; it measures nothing.
"""

import re
import statistics
import textwrap
from pathlib import Path

from autograd import write_file

ROOT = Path(__file__).parents[2]
RESULTS = Path(__file__).with_name("RESULTS.md")
README = ROOT / "README.md"
OURS = "chainrule"
NOBODY = (
    "by hand",
    "control",
    "`Tape.to_c`",
)  # what is no engine: derivatives by hand, loops over floats, C of our own


def put(path, block, text):
    """Replace what stands between the markers of a block.

    Raises:
        ValueError: the file has no such block.
    """
    before, begin, rest = path.read_text().partition(f"<!-- make bench: {block} -->\n")
    _, end, after = rest.partition(f"<!-- /make bench: {block} -->")
    if not begin or not end:
        raise ValueError(f"{path.name} has no block {block!r}")
    write_file(path, f"{before}{begin}{text.strip()}\n{end}{after}")


def block_of(path, block):
    """What stands between the markers."""
    return re.search(rf"<!-- make bench: {block} -->\n(.*?)<!-- /make bench: {block} -->", path.read_text(), re.S)[1]


def tables_of(text):
    """`{title: (header, rows)}` of Markdown tables, each under a title in bold."""
    found = {}
    for title, table in re.findall(r"\*\*([^*\n]+)\*\*\n\n((?:\|.*\n)+)", text):
        found[title] = cells_of(table)
    return found


def cells_of(text):
    """The header and the rows of a Markdown table, and nothing around it."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    header, _, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return header, rows


def summary():
    """The README's table: each workload, our time, and how much longer others take."""
    out = ["| value and gradient of | chainrule | the fastest other engine | JAX | PyTorch |", "|---|---|---|---|---|"]
    for title, (header, rows) in tables_of(block_of(RESULTS, "compiled")).items():
        if header[0] != "engine":  # the scaling has a table of another form, and a picture
            continue
        unit = header[1].partition(" (")[0]
        times = {cells[0]: cells[1].partition(" (")[0] for cells in rows}
        ratios = {cells[0]: cells[3] for cells in rows if cells[3]}
        engines = {name: ratio for name, ratio in ratios.items() if not any(word in name for word in NOBODY)}
        first = min(engines, key=lambda name: number(engines[name]), default=None)
        others = [f"{first} {engines[first]}" if first else "none can"]
        for peer in ("JAX", "PyTorch"):
            others.append(next((ratio for name, ratio in engines.items() if name.startswith(peer)), ""))
        out.append(f"| {title} | {times[OURS]} {unit} | " + " | ".join(others) + " |")
    return "\n".join([*out[:2], eager_row(), *out[2:]])


def eager_row():
    """The same of the eager engine, from its own table."""
    header, rows = cells_of(block_of(RESULTS, "eager"))
    found = {cells[0]: cells for cells in rows}
    ratios = {name: cells[3] for name, cells in found.items() if cells[3] and "`MLP`" not in name}
    first, micrograd, torch = (
        next(name for name in sorted(ratios, key=lambda name: number(ratios[name])) if name.startswith(start))
        for start in ("", "micrograd", "PyTorch")
    )
    ours, unit = found["chainrule, operator by operator"][1].partition(" (")[0], header[1].split()[1]
    return (
        f"| one eager training step of the 2-16-16-1 network, not compiled | {ours} {unit} | {first} {ratios[first]}, "
        f"micrograd {ratios[micrograd]} |  | scalars {ratios[torch]} |"
    )


def training():
    """The README's table of training: what an epoch takes, and how much longer it takes PyTorch."""
    out = ["| an epoch of | chainrule | PyTorch, float64 | PyTorch, float32 |", "|---|---|---|---|"]
    for title, (header, rows) in tables_of(block_of(RESULTS, "training")).items():
        if header[0] == "engine":
            (_, ours, _), *others = rows
            out.append(f"| {title} | {ours.partition(' (')[0]} ms | " + " | ".join(row[2] for row in others) + " |")
    return "\n".join(out)


def branches():
    """The README's sentence about programs in which each row decides for itself."""
    _, rows = cells_of(block_of(RESULTS, "branches"))
    guards = [number(row[5]) for row in rows]
    by_hand = [number(row[8]) for row in rows if row[8]]
    text = (
        f"Of {len(rows)} programs with Python's own `if`, `max` and `while`, from finance, statistics and physics, "
        f"{sum(x >= 100.0 for x in guards)} run at least 100 times as fast over many rows as by guards alone; the "
        f"median is {statistics.median(guards):.0f} times. Of {len(by_hand)} that were written by hand for JAX, with "
        f"`scan` and `where`, {sum(x >= 1.0 for x in by_hand)} are at least as fast as there. "
        "(`python -m tests.benchmarks.branches`)"
    )
    return textwrap.fill(text, 120, break_on_hyphens=False)


def number(ratio):
    """`3,208x` as a number."""
    return float(ratio.rstrip("x").replace(",", ""))


if __name__ == "__main__":
    put(README, "summary", summary())
    put(README, "training summary", training())
    put(README, "branches summary", branches())
