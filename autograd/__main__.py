"""`python -m autograd`: which engine runs here."""

import platform
import sys
from pathlib import Path

import autograd
from autograd.border.console import program, say
from autograd.border.namesake import require_alone

__all__ = ["main"]

require_alone("autograd", Path(__file__).parent)  # `autograd` itself may be HIPS's by now, and not have asked


def main() -> int:
    """Print one line: version, build, Python; the exit code.

    >>> main() - main()
    chainrule ...
    chainrule ...
    0
    """
    return program("python -m autograd", describe_engine)


def describe_engine() -> int:
    """Print it; 0, as exit codes say that all went well."""
    build = "compiled engine" if autograd.native else "interpreted engine, about ten times slower than the compiled one"
    say(f"chainrule {autograd.__version__}, Python {platform.python_version()}: {build}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
