"""`python -m autograd`: which engine runs here."""

import platform

import autograd


def main() -> None:
    """Print one line: version, build, Python."""
    build = "compiled" if autograd.native else "interpreted (about ten times slower; a C compiler and a new install mend it)"
    print(f"chainrule {autograd.__version__}: {build} engine, Python {platform.python_version()}")


if __name__ == "__main__":
    main()
