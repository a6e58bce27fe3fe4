"""A `comm` of threads: ranks in one process, of which one runs at a time until all have come to an `Allreduce`.

`together(size, work)` runs `work(comm)` on each. A rank that waits for another in vain makes a test fail, not hang.
"""

import threading

import numpy as np

PATIENCE = 10.0
"""Seconds that a rank waits for the others."""


class DiedError(BaseException):
    """What ends the thread of a rank that is killed."""


class BrokenError(Exception):
    """What waits is told that it waits in vain."""


class FailedError(Exception):
    """What the others get then, as mpi4py says it."""


class Hub:
    """Where ranks meet: `turn` is a condition, whose lock is with the one that runs."""

    def __init__(self, size, turn):
        self.size, self.turn = size, turn
        self.rounds, self.sent = [], {}
        self.broken, self.dead, self.leaving, self.fewer = False, set(), [], None

    def add_up(self, rank, send):
        """The sum of what all ranks have sent, when they have."""
        if self.broken:
            raise BrokenError
        number = len(self.rounds)
        self.sent[rank] = send.copy()
        if len(self.sent) == self.size:
            assert len({len(x) for x in self.sent.values()}) == 1, "frames of several lengths"
            first, *others = (self.sent[rank] for rank in range(self.size))
            self.rounds.append(sum(others, first))
            self.sent = {}
            self.turn.notify_all()
        else:
            met = self.turn.wait_for(lambda: len(self.rounds) > number or self.broken, PATIENCE)
            assert met, f"rank {rank} waits in vain"
        if len(self.rounds) == number:
            raise BrokenError
        return self.rounds[number]

    def give_up(self):
        """Whoever waits is told that it does so in vain."""
        self.broken = True
        self.turn.notify_all()

    def left(self, rank):
        """Where those meet who are left, when all of them have asked for it."""
        self.leaving.append(rank)
        self.turn.notify_all()
        all_here = self.turn.wait_for(lambda: len(self.leaving) == self.size - len(self.dead), PATIENCE)
        assert all_here, f"rank {rank} waits in vain"
        if self.fewer is None:
            self.fewer = Hub(len(self.leaving), self.turn)
        return self.fewer


class Comm:
    """What a rank has of it; `calls` is how often it was asked."""

    def __init__(self, rank, hub):
        self.rank, self.size, self.hub, self.calls = rank, hub.size, hub, 0

    def Allreduce(self, send, recv):
        self.calls += 1
        assert send.dtype == recv.dtype == np.float64
        assert send.flags.c_contiguous
        recv[:] = self.hub.add_up(self.rank, send)


class LossyComm(Comm):
    """One with what MPI has where failures can be survived; `dying` says which rank dies, and at which call.

    With `lucky` ranks it has said its part before, and these get the result; without, nobody does.
    """

    def __init__(self, rank, hub, dying=(None, None, ())):
        super().__init__(rank, hub)
        self.dying = dying

    def Allreduce(self, send, recv):
        who, when, lucky = self.dying
        last = self.calls + 1 == when
        if self.rank in self.hub.dead or (last and who == self.rank and not lucky):
            self.die()
        try:
            super().Allreduce(send, recv)
        except BrokenError:
            raise FailedError("MPI_ERR_REVOKED: communicator revoked") from None
        if last and who == self.rank:
            self.die()
        if last and lucky and self.rank not in lucky:
            recv[:] = np.nan
            raise FailedError("MPI_ERR_PROC_FAILED: process failure")

    def die(self):
        self.hub.dead.add(self.rank)
        self.hub.give_up()
        raise DiedError

    def Revoke(self):
        self.hub.give_up()

    def Shrink(self):
        fewer = self.hub.left(self.rank)
        ranks = [rank for rank in range(self.size) if rank not in self.hub.dead]
        return LossyComm(ranks.index(self.rank), fewer)


def together(size, work, kind=Comm):
    """What `work(comm)` gave on each rank, or the exception that it raised."""
    hub = Hub(size, threading.Condition())
    found = [None] * size

    def run(rank):
        with hub.turn:
            try:
                found[rank] = work(kind(rank, hub))
            except BaseException as error:
                found[rank] = error

    threads = [threading.Thread(target=run, args=(rank,), daemon=True) for rank in range(size)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(4 * PATIENCE)
        assert not thread.is_alive(), "a rank waits for ever"
    return found
