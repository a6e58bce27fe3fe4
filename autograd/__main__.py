"""`python -m autograd`: which engine runs here."""

import platform

import autograd


def main() -> None:
    """Print one line: version, build, Python."""
    build = "compiled engine" if autograd.native else "interpreted engine, about ten times slower than the compiled one"
    print(f"chainrule {autograd.__version__}, Python {platform.python_version()}: {build}")


if __name__ == "__main__":
    main()
