"""`python -m nn`: train two moons and handwritten digits, print how it went, and leave pictures of it."""

import sys

from nn.demo.command import main

__all__ = ["main"]

if __name__ == "__main__":
    sys.exit(main())
