"""Executors of tests: another process that is none, quick to have, and as disorderly as is wanted."""

import pickle
import random
from concurrent.futures import Executor, Future
from queue import SimpleQueue

from autograd.sweeps import workers


class Elsewhere(Executor):
    """Workers that share nothing but bytes; tasks end in any order, some on workers that know nothing yet.

    Args:
        seed: Of the disorder.
        count: How many workers there are.
        forgets: How often one is replaced by a new one.
    """

    def __init__(self, seed=0, count=3, forgets=0.0):
        self._rng, self._max_workers, self._forgets = random.Random(seed), count, forgets
        self._known = [{} for _ in range(count)]
        self.waiting = []
        self.tasks = self.parcels = 0

    def submit(self, function, *args):
        assert function is workers.work
        future = Future()
        self.waiting.append((future, pickle.dumps((function, args))))
        if len(self.waiting) > self._rng.randrange(2 * self._max_workers + 1):
            self.step()
        return future

    def step(self):
        """Run one of the tasks that wait, on one of the workers."""
        future, packed = self.waiting.pop(self._rng.randrange(len(self.waiting)))
        k = self._rng.randrange(self._max_workers)
        if self._rng.random() < self._forgets:
            self._known[k] = {}
        function, args = pickle.loads(packed)
        self.tasks, self.parcels = self.tasks + 1, self.parcels + (args[1] is not None)
        before, workers._kept = workers._kept, self._known[k]
        try:
            found = pickle.loads(pickle.dumps(function(*args)))
        finally:
            workers._kept = before
        if future.set_running_or_notify_cancel():
            future.set_result(found)


class Stepping:
    """A queue of answers that lets an `Elsewhere` go on when nothing is in it."""

    def __init__(self, executor):
        self._executor, self._found = executor, SimpleQueue()
        self.put = self._found.put

    def get(self):
        while self._executor.waiting and self._found.empty():
            self._executor.step()
        return self._found.get()
