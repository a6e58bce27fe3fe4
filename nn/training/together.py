"""A run of training that several ranks make together: each computes a share of every batch, and all make every step.

One frame a step adds up losses and gradients. All else is the same on all ranks by itself (the order of samples, random
numbers, the optimiser's steps), or comes from the first: what callbacks did, metrics, checkpoints.
"""

import random
from collections.abc import Callable, Sequence
from functools import partial
from operator import itemgetter
from typing import Any
from zlib import crc32

import numpy as np

import autograd
from autograd import values_to_vector
from nn.chance import state_of, to_state
from nn.checks import silenced, warn_user
from nn.modules.calls import modules_in
from nn.modules.untouched import Untouched
from nn.ranks.comms import threads_for
from nn.ranks.ranks import ALIKE, BATCH, CHANGED, DUE, HEADER, OUTSIDE, Ranks
from nn.ranks.rows import joined, rows_of_all
from nn.ranks.saying import ShrunkError
from nn.recording.shares import Share, Sharer
from nn.recording.stepper import Outcome
from nn.training.asked import Asked
from nn.training.callbacks import StopTraining
from nn.training.epoch import measured_by, within
from nn.training.kept import kind_of, remembering, sources_of
from nn.training.optimiser import state_of_optimiser
from nn.training.progress import Bar
from nn.training.run import Run
from nn.training.supply import Portion, checksum

__all__ = ["SharedRun", "begin_alike", "everywhere"]


def everywhere(callback: Any) -> bool:
    """Whether a callback is called on every rank, not on the first alone.

    >>> everywhere(print)
    False
    """
    return bool(getattr(callback, "every_rank", False))


def begin_alike(asked: Asked, ranks: Ranks) -> None:
    """Have all ranks draw the same random numbers, call callbacks on the first alone, and share the processors."""
    for source in (random, asked.source):  # where nobody gave a seed, they are the same
        to_state(source, ranks.told(partial(state_of, source)))
    asked.all_callbacks = asked.callbacks
    if not ranks.first:
        asked.callbacks = [c for c in asked.callbacks if everywhere(c)]
    if asked.threads is None:
        asked.threads = threads_for(ranks.size)


class SharedRun(Run):
    """A run of several ranks.

    Args:
        ranks: They.
        resuming: Whether it is to go on from a checkpoint.
        others: As for `Run`.

    Attributes:
        earlier: What was sure before the last step: a rank may be one step ahead of another when all are to end.
        alone: Why a batch is computed as a whole, by each rank; "" where it is shared; None before that is known.

    Raises:
        ValueError: As of `Run`; the ranks differ in something.
    """

    kind_of_stepper = Sharer
    stepper: Sharer

    def __init__(
        self, model: Any, data: Any, loss: Any, optimizer: Any, validation: Any, metrics: Any, asked: Asked,
        ranks: Ranks, resuming: bool,
    ) -> None:  # fmt: skip
        super().__init__(model, data, loss, optimizer, validation, metrics, asked)
        self.ranks, self.earlier = ranks, self.sure
        ranks.stops = StopTraining
        self.alone: str | None = None
        self._lost = 0
        self._span: tuple[int, int] | None = None
        self._changed = self._outside = self._due = False
        ranks.require_alike(self._facts(resuming))
        for source in self._sources():
            to_state(source, ranks.told(partial(state_of, source)))
        ranks.make_room(len(self.parameters) + len(self.buffers) + 2)

    def _sources(self) -> list[Any]:
        """Where random numbers come from, those for the order of batches too."""
        return [*sources_of(self), *filter(None, [getattr(self.supply.batches, "source", None)])]

    def _facts(self, resuming: bool) -> dict[str, Any]:
        """What must be the same on all ranks."""
        asked, checkpoint, judge = self.asked, self.asked.checkpoint, self.judge
        facts = {"version": autograd.__version__, **kind_of(self)}
        del facts["callbacks"]
        state = repr([state_of_optimiser(self.optimizer), self.optimizer.lr])
        return facts | {
            "weights": self._checksum(), "state of the optimiser": f"{crc32(state.encode()):08x}",
            "epochs": asked.epochs, "metrics": ", ".join(self.metrics), "compiled": asked.compiled,
            "diagnose": asked.diagnose, "resume": resuming, "sources of random numbers": len(self._sources()),
            "checkpoint": None if checkpoint is None else [checkpoint.steps, checkpoint.seconds],
            "samples to validate by": None if judge is None else f"{checksum(judge.samples, judge.given):08x}",
        }  # fmt: skip

    def _checksum(self) -> int:
        """What tells these weights and buffers from others."""
        return crc32(np.array([b.data for b in self.buffers]).tobytes(), crc32(self.theta.tobytes()))

    def read(self) -> Any:
        """The state in the checkpoint, which the first rank reads for all."""
        if self.asked.checkpoint is None:
            return None
        mine = remembering(self)
        called = [i for i, c in enumerate(mine) if everywhere(c)]
        state, called = self.ranks.told(lambda: [super(SharedRun, self).read(), called])
        if state is not None and not self.ranks.first:
            state["callbacks"] = [state["callbacks"][i] for i in called]
            state["kind"]["callbacks"] = kind_of(self)["callbacks"]
        return state

    def _train(self, bar: Bar, took: Callable[[], float]) -> None:
        """Epoch by epoch; what ends a rank in its last callback ends all of them before the end of `fit`."""
        super()._train(bar, took)
        self.ranks.gathered(None)

    # --- a step ------------------------------------------------------------------------------------------------------

    def _outcome(self, theta: Any, portion: Portion) -> Outcome:
        """The loss of some samples and its gradient: what each rank has made of its share, added up."""
        ranks, stepper, n, is_first = self.ranks, self.stepper, len(portion.places), self.alone is None
        if is_first:
            why = stepper.undivided(portion.places)
            self.alone, stepper.draws = ranks.told(lambda: [why, stepper.draws])
            if self.alone:
                warn_user(f"fit: every rank computes every batch as a whole, which is no quicker: {self.alone}")
        whole: Outcome | None = None
        share: Share | None = None
        masks: Any = None
        kept: Untouched | None = None
        while True:
            self._look_around()
            span = None if self.alone else ranks.span(n)
            if not self._changed and whole is None:
                if self.alone or (stepper.draws and stepper.way == "eager"):
                    kept = Untouched([modules_in(self.model), [self.source]])
                if self.alone:
                    whole = stepper(theta, portion.places)
                else:
                    share = stepper.share(theta, portion.places, ranks.span(n), masks)
                    masks = share.masks
            try:
                found = ranks.step(self._numbers(whole, share), self._flags(whole, share, portion))
            except ShrunkError:
                if kept is not None and whole is None:
                    kept.restore()
                    stepper.task.forget()
                continue
            if not found[CHANGED]:
                break
            if kept is not None:
                kept.restore()
            whole = None
            self._adopt()
            theta = self.theta
        self._span, self._outside, self._due = span, bool(found[OUTSIDE]), bool(found[DUE])
        if found[BATCH] != ranks.size * self._batch(portion):
            raise ValueError(
                f"fit: data: batch {portion.batch} of rank {ranks.rank} is another than that of other ranks: all of "
                "them go through the same batches in the same order"
            )
        outcome = self._added_up(found[HEADER:], whole, share)
        if is_first and not self.alone:
            ranks.require_alike({"loss of the first samples": f"{stepper.first_loss(portion.places):.9g}"})
        return outcome

    def _numbers(self, whole: Outcome | None, share: Share | None) -> Any:
        """What this rank adds: loss, weight, gradient; of a batch as a whole only the first rank does, buffers too."""
        if self._changed or (whole is not None and not self.ranks.first):
            return ()
        if whole is not None:
            return np.concatenate([[whole.loss, 1.0], whole.gradient, [b.data for b in self.buffers]])
        return np.concatenate([[share.total, share.weight], share.gradient])  # type: ignore[union-attr]

    def _flags(self, whole: Outcome | None, share: Share | None, portion: Portion) -> dict[int, float]:
        """What there is to be said with it."""
        checkpoint, result = self.asked.checkpoint, whole or share
        outside = self.labels.is_unsure and result is not None and not within(result.scores)
        due = self.ranks.first and checkpoint is not None and checkpoint.seconds and checkpoint.is_due(0, False)
        return {
            CHANGED: float(self._changed), OUTSIDE: float(outside), DUE: float(bool(due)), BATCH: self._batch(portion)
        }  # fmt: skip

    def _batch(self, portion: Portion) -> int:
        """What tells this batch from others, where data are batches."""
        return 0 if portion.batch < 0 else checksum(portion.samples, portion.given)

    def _added_up(self, found: Any, whole: Outcome | None, share: Share | None) -> Outcome:
        """The outcome of a batch, out of the sums."""
        total, weight, gradient = float(found[0]), float(found[1]), found[2 : 2 + len(self.parameters)]
        if whole is not None:
            for b, number in zip(self.buffers, found[2 + len(gradient) :].tolist(), strict=False):
                b.data = number
            return Outcome(total, gradient.copy(), whole.scores)
        scores = share.scores  # type: ignore[union-attr]
        if not self.stepper.is_mean:
            return Outcome(total, gradient.copy(), scores)
        with np.errstate(all="ignore"):
            return Outcome(float(np.divide(total, weight)), gradient / weight, scores)

    def _take_down(self, outcome: Outcome, portion: Portion) -> None:
        truth = portion.given.some(portion.places) if self.metrics else None
        self.so_far.add(outcome.loss, len(portion.places), outcome.scores, truth, self._span)
        if self.labels.is_unsure and self._outside:
            self.read_as("margin")

    def _be(self, theta: Any, step: int) -> None:
        if step != self.sure[2]:
            self.earlier = self.sure
        super()._be(theta, step)

    def _look_around(self) -> None:
        """See whether a rank was lost: the others go on, and the first of them has its files and callbacks now."""
        ranks = self.ranks
        if ranks.lost == self._lost:
            return
        self._lost = ranks.lost
        if ranks.first:
            self.asked.callbacks = self.asked.all_callbacks
            with silenced(False):
                warn_user(f"fit: {ranks.lost} of the ranks were lost; {ranks.size} go on from step {self.step + 1}")

    # --- what the first rank decides ---------------------------------------------------------------------------------

    def _tell(self, record: Any, per: str) -> None:
        self._look_around()
        super()._tell(record, per)

    def _call(self, callbacks: Sequence[Any], record: Any, per: str) -> None:
        """Call callbacks; what those of the first rank changed goes to the others with the next frame."""
        before = self._held()
        self.stepper.other = ""
        try:
            super()._call(callbacks, record, per)
        finally:
            after = self._held()
            self._changed |= self.ranks.first and not all(map(np.array_equal, before, after))
        if self.stepper.other and self.ranks.first and not all(map(everywhere, self.asked.callbacks)):
            raise ValueError(
                f"fit: a callback changed what the model goes by ({self.stepper.other}) on rank 0, and callbacks are "
                "called there alone: give it the attribute every_rank = True, and it is called on all"
            )

    def _held(self) -> list[Any]:
        """What callbacks may change: numbers, which are frozen, and settings of the optimiser."""
        groups = getattr(self.optimizer, "param_groups", ())
        settings = [repr([(k, x) for k, x in group.items() if k != "params"]) for group in groups]
        free = values_to_vector(self.parameters, "requires_grad")
        return [self.theta, [b.data for b in self.buffers], free, settings, self.optimizer.lr]

    def _adopt(self) -> None:
        """Be as the first rank is."""
        first, n = self.ranks.first, len(self.parameters)
        _, buffers, free, _, lr = self._held()
        found = self.ranks.given(lambda: np.concatenate([self.theta, free, buffers]))
        state, lr = self.ranks.told(lambda: [state_of_optimiser(self.optimizer), lr])
        if not first:
            for p, is_free in zip(self.parameters, found[n : 2 * n].tolist(), strict=True):
                if p.requires_grad != bool(is_free):
                    p.requires_grad = bool(is_free)
            for b, number in zip(self.buffers, found[2 * n :].tolist(), strict=True):
                b.data = number
            if state is not None:
                self.optimizer.load_state_dict(state)
            elif lr == lr:  # not nan
                self.optimizer.lr = lr
        self._be(found[:n].copy(), self.step)
        self._look_at_frozen()
        self.settle()
        self._changed = False

    def _alike(self) -> None:
        """Be as the first rank is, if it changed something; else see that all are still the same.

        Raises:
            RuntimeError: they are not.
        """
        numbers = np.zeros(self.ranks.size)
        numbers[self.ranks.rank] = mine = crc32(repr(self.source.getstate()).encode(), self._checksum())
        try:
            found = self.ranks.step(numbers, {CHANGED: float(self._changed)}, ALIKE)
        except ShrunkError:
            self._alike()
            return
        if found[CHANGED]:
            self._adopt()
        elif any(found[HEADER : HEADER + self.ranks.size] != mine):
            raise RuntimeError(
                f"fit: the ranks have drifted apart by the end of epoch {self.epoch + 1}: weights, buffers or random "
                "numbers are others; do the model, the loss and the optimiser compute the same on all of them?"
            )

    def _end_epoch(self, seconds: float) -> None:
        self._alike()
        super()._end_epoch(seconds)

    def _measure(self) -> None:
        """Take down metrics, and what the samples to validate by say: as the first rank finds them of all scores."""
        self._gather()
        scores = None
        if self.judge is not None:
            self.settle()
            scores = self._judged()
        found = self.ranks.told(lambda: self._found(scores)) if self.metrics or self.judge else {}
        for prefix in sorted(found.keys() - {"loss"}):
            self._note(prefix, found[prefix])
        if self.judge is not None:
            self._validated(found["loss"])

    def _found(self, scores: Any) -> dict[str, Any]:
        """Metrics, and what scores of the samples to validate by say."""
        found: dict[str, Any] = {}
        if self.metrics:
            found[""] = measured_by(self.metrics, self.labels, *self.so_far.labels_and_scores())
        if self.judge is not None:
            found["loss"] = self.judge.loss_of(scores)
            if self.metrics:
                found["validation "] = measured_by(self.metrics, self.labels, self.judge.truth, scores)
        return found

    def _judged(self) -> Any:
        """The scores of all samples to validate by."""
        judge: Any = self.judge
        arguments = self.theta, self.parameters, self.stepper.is_compiled, self.asked.threads
        if self.alone:
            return judge.scores(*arguments)
        span = self.ranks.span(len(judge.samples))
        mine = judge.scores(*arguments, span) if span[0] < span[1] else np.empty(0)
        parts = [part for _, (part,) in rows_of_all(self.ranks, [mine])]
        if sum(map(len, parts)) < len(judge.samples):  # a rank was lost meanwhile, with its part
            return self._judged()
        return joined(parts)

    def _gather(self) -> None:
        """Have the epoch so far hold the scores of all samples, not of this rank's alone."""
        so_far = self.so_far
        waiting = [i for i, span in enumerate(so_far.spans) if span is not None]
        if not waiting:
            return
        mine = [so_far.scores[i] for i in waiting], [so_far.spans[i] for i in waiting]
        everyone = rows_of_all(self.ranks, *mine)
        for k, i in enumerate(waiting):
            pieces = [(spans[k], parts[k]) for spans, parts in everyone]
            pieces.sort(key=itemgetter(0))
            truth = so_far.truth[i]
            so_far.scores[i] = joined([part for _, part in pieces])
            so_far.truth[i] = [truth[j] for span, _ in pieces for j in range(*span)]
            so_far.spans[i] = None

    # --- files, and the end ------------------------------------------------------------------------------------------

    def _keep(self, last_of_epoch: bool, ended: bool = False) -> None:
        """Write a checkpoint, if one is due: within an epoch by the clock that went with the last frame."""
        checkpoint = self.asked.checkpoint
        if checkpoint is not None and checkpoint.seconds and not ended:
            if self._due and not last_of_epoch:
                self._write()
        else:
            super()._keep(last_of_epoch, ended)

    def _write(self) -> None:
        if self.asked.checkpoint is not None:
            self._gather()
            self._look_around()
            if self.ranks.first:
                super()._write()

    def _ended_by(self, error: BaseException, late: bool = False) -> None:
        verdict = self.ranks.settle(error, self.sure[2])
        if verdict.step < self.sure[2]:
            self.sure = self.earlier
        super()._ended_by(verdict.error, late)

    def _end(self) -> None:
        """What callbacks do at the end; all ranks have the weights of the first then."""
        self._look_around()
        super()._end()
        if not self.ranks.first:
            self.theta = self.sure[0]
        self._adopt()
