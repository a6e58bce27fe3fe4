"""`python -m nn`: the demo, two moons and handwritten digits; or train, predict, evaluate, draw."""

import sys

from nn.command.main import main

__all__ = ["main"]

if __name__ == "__main__":
    sys.exit(main())
