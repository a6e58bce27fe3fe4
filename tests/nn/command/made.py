"""Small files and quick runs, for the tests of the command line."""

from random import Random

from nn.command.main import main

QUICK = ("--epochs", "3", "--layers", "4", "--samples", "40")
"""Of points that are made up."""


def run(*arguments):
    """The exit code of a command line, in this process."""
    try:
        return main([str(part) for part in arguments])
    except SystemExit as end:
        return end.code


def flowers(path, n=60, colours=("red", "blue")):
    """A file of three kinds that lie apart, with a column of text and one that says nothing."""
    source = Random(3)
    lines = ["length,colour,width,kind"]
    for i in range(n):
        kind = i % 3
        x, y = 5.0 + kind + source.gauss(0.0, 0.1), 300.0 - 100.0 * kind + source.gauss(0.0, 9.0)
        lines.append(f"{x:.3f},{colours[i % len(colours)]},{y:.2f},{('setosa', 'other', 'wild')[kind]}")
    path.write_text("\n".join(lines) + "\n")
    return path


def houses(path, n=60):
    """A file of numbers: the last column is 3 times the first, and 500 more."""
    source = Random(4)
    rows = [(source.uniform(0.0, 9.0), source.uniform(0.0, 1.0)) for _ in range(n)]
    path.write_text("size,age,price\n" + "".join(f"{x},{y},{3.0 * x + 500.0}\n" for x, y in rows))
    return path


def rows_of(out):
    """The table that was printed, by the first word of each line."""
    block = next(part for part in out.split("\n\n") if part.lstrip().startswith("training"))
    return {line.split()[0]: line.split()[1:] for line in block.splitlines()}
