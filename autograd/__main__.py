"""`python -m autograd`: which engine runs here, on what, and what is there that it can make use of."""

import platform
import sys
from pathlib import Path

import autograd
from autograd.border.console import program, say
from autograd.border.namesake import require_alone
from autograd.surroundings.report import report

__all__ = ["main"]

require_alone("autograd", Path(__file__).parent)  # `autograd` itself may be HIPS's by now, and not have asked


def main() -> int:
    """Print version, build and Python in a line, then what surrounds it; the exit code.

    >>> main()
    chainrule ...
    processor: ...
    0
    """
    return program("python -m autograd", describe)


def describe() -> int:
    """Print it; 0, as exit codes say that all went well."""
    build = "compiled engine" if autograd.native else "interpreted engine, about ten times slower than the compiled one"
    say(f"chainrule {autograd.__version__}, Python {platform.python_version()}: {build}")
    for line in report():
        say(line)
    pages = [path for path in (Path(__file__).with_name(name) for name in ("llms.txt", "names.md")) if path.exists()]
    if pages:  # in what was installed; a clone has the sources
        say(f"public names: {' and '.join(map(str, pages))}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
