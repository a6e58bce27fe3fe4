"""The samples that a run trains on: in what order, cut into which batches, and which are held out to validate by."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, NamedTuple
from zlib import crc32

from nn.chance import state_of, to_state
from nn.checks import require_as_many, warn_user
from nn.data.splits import split
from nn.prediction.labels import Labels
from nn.recording.samples import Samples
from nn.training.asked import as_batch, cuts

__all__ = ["Portion", "Supply", "checksum", "with_last"]


MOST_LOOKED_AT = 1_000
"""So many batches are looked at for their labels, where nobody says how many there are."""


class Portion(NamedTuple):
    """The samples of a step.

    Attributes:
        samples, given, labels: Those it is of; their labels as they were given, and as the loss takes them.
        places: Which of them.
        after: The number of what comes after it in the epoch.
        batch: The number of the batch, where data are batches; else -1.
    """

    samples: Samples
    given: Samples
    labels: Samples
    places: Sequence[int]
    after: int
    batch: int = -1


class Supply:
    """What a run trains on.

    Args:
        xs, ys: Samples and labels; None where there are batches.
        batches: Gone through anew for each epoch; None where there are samples.
        source: Where the order comes from.
        what: Who asks, for messages.

    Attributes:
        samples, given: All of them, or those of the batch that was taken last.
        all_labels: Every label there is, as given; none, of batches that can be gone through only once.
        place: How far the epoch is.
        order: Of the samples in this epoch; None before it, or where there are batches.
        begun: Where batches that are shuffled have their order from, as it was when the epoch began.
        parts: Which samples are trained on and which are held out, if some are.

    Raises:
        TypeError, ValueError: these are no samples and labels, or not as many.

    >>> import random
    >>> supply = Supply([[1.0], [2.0], [3.0]], [1, 0, 1], None, random.Random(1), "fit")
    >>> [list(portion.places) for portion in supply.portions(2)]
    [[1, 2], [0]]
    """

    def __init__(self, xs: Any, ys: Any, batches: Any, source: Any, what: str) -> None:
        self.batches, self.source, self.what = batches, source, what
        self.place = 0
        self.order: list[int] | None = None
        self.begun: Any = None
        self.parts: tuple[list[int], list[int]] | None = None
        self.known = Labels("other")
        self.all_labels: list[Any] = []
        if batches is not None:
            xs, ys = self._looked_through()
        self.samples, self.given = Samples(xs, "samples"), Samples(ys, "labels")
        if batches is None:
            require_as_many(self.samples, self.given, what, ("samples", "labels"))
            self.all_labels = self.given.some(range(len(self.given)))
        self.labels = self.given
        self.total = None if batches is not None else len(self.samples)

    def _looked_through(self) -> tuple[Any, Any]:
        """The first of the batches, all labels being noted; nothing, where they can be gone through only once."""
        if hasattr(self.batches, "__next__"):
            return [], []
        first, before = None, state_of(self.batches.source) if hasattr(self.batches, "source") else None
        for k, batch in enumerate(self.batches):
            if k == MOST_LOOKED_AT and not hasattr(self.batches, "__len__"):  # it may have no end
                break
            xs, ys = as_batch(batch, k)
            first = first or (xs, ys)
            labels = Samples(ys, f"batch {k}: labels")
            self.all_labels += labels.some(range(len(labels)))
        if before is not None:  # so that the order is that of who goes through them without such a look
            to_state(self.batches.source, before)
        if first is None:
            raise ValueError(f"{self.what}: data: there are no batches")
        return first

    def know(self, known: Labels) -> None:
        """Turn labels into what the loss takes; where all are of one class, warn."""
        self.known = known
        telling = known.kind == "classes" and known.family not in ("", "number") and len(self.all_labels) > 1
        if telling and len({*self.all_labels}) == 1:
            warn_user(
                f"{self.what}: all labels are {self.all_labels[0]!r}: of one class alone there is nothing to learn"
            )
        self.labels = self.encoded(self.given)

    def encoded(self, labels: Samples) -> Samples:
        """Labels as the loss takes them."""
        if self.known.plain:
            return labels
        return Samples(self.known.encoded(labels.some(range(len(labels)))), "labels")

    def hold_out(self, share: float) -> tuple[Any, Any]:
        """A share of the samples and their labels, to validate by; the rest is trained on.

        Raises:
            ValueError: there are too few for it, or there are batches.
        """
        if self.batches is not None:
            raise ValueError("fit: a share for validation is taken of (xs, ys), not of batches: give its samples")
        every = self.all_labels
        stratified = self.known.kind == "classes"
        kept, out, _ = split(
            range(len(every)), every if stratified else range(len(every)), validation=share, test=0,
            stratified=stratified, rng=self.source,
        )  # fmt: skip
        return self.part([*map(int, kept[0])], [*map(int, out[0])])

    def part(self, kept: list[int], held: list[int]) -> tuple[Any, Any]:
        """Train on some samples, by number; gives the others and their labels."""
        if self.parts is None:
            self._whole = self.samples, self.given
        self.parts = kept, held
        xs, ys = self._whole
        self.samples, self.given = (Samples(things.some(kept), things.what) for things in (xs, ys))
        self.labels = self.encoded(self.given)
        return xs.some(held), ys.some(held)

    def names(self, portion: Portion) -> list[str]:
        """What the samples of a step are called: the numbers that they have in the data as it was given."""
        if portion.batch >= 0:
            return [f"{i} of batch {portion.batch}" for i in portion.places]
        return [str(self.number(i)) for i in portion.places]

    def number(self, i: int) -> int:
        """The number that a sample has in the data as it was given."""
        return i if self.parts is None else self.parts[0][i]

    def not_finite(self) -> str:
        """Which number of the data is not finite; "" if all are."""
        for things, what in ((self.samples, "sample"), (self.given, "label")):
            found = things.first_not_finite()
            if found is not None:
                i, place = found
                where = f", number {', '.join(map(str, place))}" if place else ""
                return f"{what} {self.number(i)}{where} is nan or infinite: leave it out, or fill it in"
        return ""

    # --- the order ---------------------------------------------------------------------------------------------------

    def portions(self, size: int | None) -> Iterator[Portion]:
        """What is left of an epoch, cut into batches of a size; None is all at once.

        Raises:
            TypeError, ValueError: a batch is no pair, or its lengths differ; a label is not known.
            UnusableError: a number in a batch is not finite.
        """
        if self.batches is not None:
            yield from self._given_portions()
            return
        n = len(self.samples)
        if size is not None and self.order is None:
            order = list(range(n))
            self.source.shuffle(order)
            self.order = order
        everything: Sequence[int] = range(n) if self.order is None else self.order
        at = self.place
        for cut in cuts(everything[at:] if at else everything, size):
            at += len(cut)
            yield Portion(self.samples, self.given, self.labels, cut, at)

    def _given_portions(self) -> Iterator[Portion]:
        """The same, where data are batches."""
        if self.place == 0 and hasattr(self.batches, "source"):
            self.begun = state_of(self.batches.source)
        for k, batch in enumerate(self.batches):
            if k < self.place:
                continue
            xs, ys = as_batch(batch, k)
            self.samples, self.given = Samples(xs, f"batch {k}: samples"), Samples(ys, f"batch {k}: labels")
            require_as_many(self.samples, self.given, f"{self.what}: batch {k}", ("samples", "labels"))
            bad = self.not_finite()
            if bad:
                raise UnusableError(f"batch {k}: {bad}")
            self.labels = self.encoded(self.given)
            yield Portion(self.samples, self.given, self.labels, range(len(self.samples)), k + 1, k)

    @cached_property
    def fingerprint(self) -> str:
        """What tells these data from others; "" where they are batches."""
        if self.batches is not None:
            return ""
        return f"{checksum(self.samples, self.given) if self.parts is None else checksum(*self._whole):08x}"

    def end_epoch(self) -> None:
        """Begin anew."""
        self.place, self.order = 0, None


def checksum(*several: Samples) -> int:
    """A number of 32 bits that tells things, which are numbers or text, from others.

    >>> checksum(Samples([1.0, 2.0], "samples")) == checksum(Samples([1.0, 2.5], "samples"))
    False
    """
    found = 0
    for things in several:
        if things.numeric:
            every = range(len(things))
            parts = [things.array(every)] if things.uniform else [things.array([i]) for i in every]
        else:
            parts = [str(thing).encode() for thing in things.some(range(len(things))) if type(thing) in (str, bool)]
        for part in parts:
            found = crc32(part, found)
    return found


class UnusableError(Exception):
    """A batch that cannot be trained on, and why."""


def with_last(items: Iterator[Any]) -> Iterator[tuple[bool, Any]]:
    """Items, each with whether it is the last; what is raised is raised when its turn comes.

    >>> list(with_last(iter("ab")))
    [(False, 'a'), (True, 'b')]
    """
    held = next(items, None)
    while held is not None:
        error: Exception | None = None
        try:
            following = next(items, None)
        except Exception as caught:
            following, error = None, caught
        yield following is None and error is None, held
        if error is not None:
            raise error
        held = following
