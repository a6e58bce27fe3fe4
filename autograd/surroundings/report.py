"""What is here and what is not, in lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from autograd.surroundings.parts import PARTS, Part
from autograd.surroundings.processor import processor

__all__ = ["listed", "report"]


def report() -> Iterator[str]:
    """The processor, what is here, and what is not with how to get it.

    >>> next(report())
    'processor: ...'
    """
    yield f"processor: {processor()}"
    yield from listed(PARTS)


def listed(parts: Sequence[Part]) -> Iterator[str]:
    """A line for each part, in columns: first of those that are here, then of the others.

    >>> for line in listed([Part("cc", "compiles", "apt", lambda: "/bin/cc"), Part("tqdm", "bars", "pip", str)]):
    ...     print(line)
    here:
      cc    /bin/cc  compiles
    not here, nor required:
      tqdm  bars: pip
    """
    found = [(part, part.found()) for part in parts]
    wide = max(len(part.name) for part in parts)
    far = max(len(where) for _, where in found)
    here = [f"  {part.name:{wide}}  {where:{far}}  {part.use}" for part, where in found if where]
    missing = [f"  {part.name:{wide}}  {part.use}: {part.way}" for part, where in found if not where]
    if here:
        yield from ("here:", *here)
    if missing:
        yield from ("not here, nor required:", *missing)
