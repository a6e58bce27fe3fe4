# cython: language_level=3
"""Rows of a batch along the paths they take: sorted by their comparisons, gathered, run, and put back.

Each row starts on the first path. Where it fails a guard it turns to the path that goes on from there, and so on until
it satisfies all guards of one.
"""

from array import array

from libc.stdlib cimport free, malloc
from libc.string cimport memcpy

from autograd.calculus._codes cimport LANES
from autograd.replay.machine cimport Batch, Machine, describe
cdef enum:
    GATHERED = 32768  # so many numbers are gathered at once, which stay in the cache
    MOST_ROWS = 4096


cdef class Fork:
    """The paths of a function, to be followed by the rows of batches.

    Args:
        make: Of the number of a path: the program of its guards and that of what is asked for, and whether a nan among
            the results asks for more care.
        turns: See `Paths.turns`.
        ranked: The numbers of the paths in the order in which what is summed along them is added up.
        captured: Of each path the Values that it captures.
        lane_outputs, sums: How many outputs there are for each row, and how many are summed over the batch.

    Attributes:
        captured: All these Values, each once. Their numbers are read once for a call and then given to what runs it.
        retired: Whether there is one that knows more paths.
    """

    def __cinit__(self, object make, list turns, object ranked, list captured, Py_ssize_t lane_outputs, Py_ssize_t sums):
        cdef dict known = {}
        self.make, self.turns, self.paths, self.lane_outputs, self.sums = make, turns, len(turns), lane_outputs, sums
        self.guards, self.answers = [None] * self.paths, [None] * self.paths
        self.careful = bytearray(self.paths)
        self.ranked, self.most = ranked, sum(map(len, turns))
        self.captured, self.places = [], []
        for values in captured:
            for x in values:
                if id(x) not in known:
                    known[id(x)] = len(self.captured)
                    self.captured.append(x)
            self.places.append(array("i", [known[id(x)] for x in values]))

    def run(
        self, const double[::1] shared, const double[::1] captured, const double[::1] extra, list batches,
        Py_ssize_t guarding, double[:, ::1] lanes, Py_ssize_t start, Py_ssize_t stop, Py_ssize_t offset,
    ):
        """The rows from `start` to `stop` of a batch.

        Args:
            shared, captured, extra: The numbers of inputs that are no batches: those before what is captured, those of
                all that some path captures, and those after.
            batches: Arrays of rows of the batch and inputs; the first `guarding` of them are what guards are about.
            lanes: What is found for each row, an array of outputs and rows.
            offset: Which row the first of `batches` is.

        Returns:
            Of each path that rows take: its number, how many do, and the sums over them, as bytes. None, if a row takes
            a path that is not known.
        """
        cdef Crowd crowd
        cdef Batch *sources = <Batch *> malloc((len(batches) + 1) * sizeof(Batch))
        if sources == NULL:
            raise MemoryError
        try:
            describe(batches, start - offset, sources)
            hand_over(shared, captured, extra, &crowd)
            crowd.batches, crowd.n_batches, crowd.n_guarding = sources, len(batches), guarding
            crowd.n = stop - start
            return self.follow(&crowd, &lanes[0, start] if lanes.shape[0] else NULL, lanes.shape[1])
        finally:
            free(sources)

    def results(
        self, const double[::1] shared, const double[::1] captured, const double[::1] extra, list parts,
        double[::1] found,
    ):
        """Put what is summed over the batch into `found`; whether a nan among the results would ask for more care.

        Args:
            shared, captured, extra: As of `run`.
            parts: What it gave; the same path may be there several times, and then they are added in that order.
        """
        cdef Crowd crowd
        cdef dict together = {}
        cdef double *to
        cdef const double *more
        cdef Py_ssize_t i
        for p, count, sums in parts:
            if p not in together:
                together[p] = [count, bytearray(sums)]
                continue
            together[p][0] += count
            to, more = <double *> <char *> (<bytearray> together[p][1]), <const double *> <char *> (<bytes> sums)
            for i in range(len(sums) // <Py_ssize_t> sizeof(double)):
                to[i] += more[i]
        merged = [(p, together[p][0], bytes(together[p][1])) for p in self.ranked if p in together]
        hand_over(shared, captured, extra, &crowd)
        self.finish(merged, &crowd, &found[0] if found.shape[0] else NULL)
        return self.wants_care(merged)

    cdef int load(self, Py_ssize_t p) except -1:
        """Have the programs of a path."""
        if self.answers[p] is None:
            self.guards[p], answer, self.careful[p] = self.make(p)
            self.answers[p] = answer  # last: another thread may look
        return 0

    cdef list follow(self, Crowd *crowd, double *lanes, Py_ssize_t stride):
        """See `run`; `lanes` are those of the first row, and it is `stride` numbers to the next output."""
        cdef Py_ssize_t p, i, columns = 0, visits = 0
        for i in range(crowd.n_batches):
            columns += crowd.batches[i].columns
        crowd.most = min(GATHERED // (columns + self.lane_outputs + 1), <Py_ssize_t> MOST_ROWS, crowd.n + LANES - 1)
        crowd.most = max(crowd.most // LANES, <Py_ssize_t> 1) * LANES
        crowd.waiting = <RowList *> malloc(2 * self.paths * sizeof(RowList))
        crowd.taken = crowd.waiting + self.paths
        crowd.next_row = <int *> malloc((crowd.n + 2 * self.paths + crowd.most) * sizeof(int))
        crowd.gathered = crowd.next_row + crowd.n + 2 * self.paths
        crowd.memory = <double *> malloc((crowd.n + crowd.most * (columns + self.lane_outputs + 1) + 8) * sizeof(double))
        crowd.columns = <double *> ((<size_t> crowd.memory + 63) & ~<size_t> 63)
        crowd.results = crowd.columns + crowd.most * columns
        try:
            if crowd.waiting == NULL or crowd.next_row == NULL or crowd.memory == NULL:
                raise MemoryError
            for p in range(2 * self.paths):
                begin(&crowd.waiting[p], crowd.n + p)
            if not self.sort(0, crowd, True):
                return None
            p = 0
            while p < self.paths:  # with every turn a row has more comparisons in common with a path
                if not crowd.waiting[p].count:
                    p += 1
                    continue
                visits += 1
                if visits > self.most or not self.sort(p, crowd, False):
                    return None
                p = 0
            return [(p, crowd.taken[p].count, self.answer(p, crowd, lanes, stride))
                    for p in self.ranked if crowd.taken[p].count]
        finally:
            free(crowd.waiting)
            free(crowd.next_row)
            free(crowd.memory)

    cdef int sort(self, Py_ssize_t p, Crowd *crowd, bint all_rows) except -1:
        """Let the rows that wait for the guards of a path take it or turn to others; 0 if one turns to none known."""
        self.load(p)
        cdef Machine guards = self.guards[p]
        cdef const int[::1] turns = self.turns[p]
        cdef RowList rows = crowd.waiting[p]
        cdef RowList *rows_of
        cdef Py_ssize_t i, row, count, left = crowd.n if all_rows else rows.count
        cdef int failed, fixed, turn
        cdef Batch gathered
        cdef double *numbers = <double *> malloc(guards.template.shape[0] * sizeof(double))
        cdef bint done = True
        try:
            if numbers == NULL:
                raise MemoryError
            self.fill(guards, p, crowd, True, numbers)
            begin(&crowd.waiting[p], crowd.n + p)
            with nogil:
                guards.start(numbers, crowd.n)
                fixed = guards.failed_guard(numbers)
                while left and done:
                    count = left
                    if all_rows:
                        if guards.guard_row >= 0:
                            done = guards.work(numbers, crowd.batches, crowd.n_guarding, NULL, count, crowd.results, NULL,
                                               0, count)
                    else:
                        count = next_rows(crowd, &rows)
                        if guards.guard_row >= 0:
                            gather(crowd, crowd.n_guarding, count, &gathered)
                            done = guards.work(numbers, &gathered, 1, NULL, crowd.most, crowd.results, NULL, 0, count)
                    left -= count
                    for i in range(count):
                        row = i if all_rows else crowd.gathered[i]
                        failed = <int> crowd.results[i] if guards.guard_row >= 0 else 0
                        if fixed and (not failed or failed > fixed):
                            failed = fixed
                        turn = turns[failed]
                        if turn < 0:
                            return 0
                        rows_of = crowd.taken if turn & TAKES else crowd.waiting
                        append(crowd.next_row, &rows_of[turn & ~TAKES], row)
            if not done:
                raise MemoryError
            return 1
        finally:
            free(numbers)

    cdef bytes answer(self, Py_ssize_t p, Crowd *crowd, double *lanes, Py_ssize_t stride):
        """The sums over the rows on a path, as bytes; what is asked for of each of them goes into the lanes."""
        self.load(p)
        cdef Machine machine = self.answers[p]
        cdef RowList rows = crowd.taken[p]
        cdef Py_ssize_t i, k, row, count, left = rows.count
        cdef bint all_rows = left == crowd.n, done = True
        cdef Batch gathered
        cdef double every
        cdef bytes summed = bytes(machine.sums * sizeof(double))
        cdef double *sums = <double *> <char *> summed  # nobody else has it yet
        cdef double *numbers = <double *> malloc(machine.template.shape[0] * sizeof(double))
        try:
            if numbers == NULL:
                raise MemoryError
            self.fill(machine, p, crowd, False, numbers)
            with nogil:
                machine.start(numbers, left)
                if all_rows:
                    done = machine.work(numbers, crowd.batches, crowd.n_batches, lanes, stride, NULL, sums, 0, left)
                while left and done and not all_rows:
                    count = next_rows(crowd, &rows)
                    left -= count
                    gather(crowd, crowd.n_batches, count, &gathered)
                    done = machine.work(numbers, &gathered, 1, crowd.results, crowd.most, NULL, sums, 0, count)
                    for k in range(machine.lane_outputs):
                        for i in range(count):
                            lanes[k * stride + crowd.gathered[i]] = crowd.results[k * crowd.most + i]
                for k in range(machine.steady.shape[0]):
                    every = numbers[machine.steady[k, 1]]
                    row = crowd.taken[p].before
                    for i in range(crowd.taken[p].count):
                        row = crowd.next_row[row]
                        lanes[machine.steady[k, 0] * stride + row] = every
            if not done:
                raise MemoryError
        finally:
            free(numbers)
        return summed

    cdef int finish(self, list parts, const Crowd *crowd, double *found) except -1:
        """Put what is summed over the batch into `found`, from the sums over the rows of each path."""
        cdef Machine machine
        cdef Py_ssize_t k, p, count
        cdef bytes sums
        cdef double *numbers
        for k in range(self.sums):
            found[k] = -0.0  # to which adding anything changes nothing
        for p, count, sums in parts:
            machine = self.answers[p]
            numbers = <double *> malloc(machine.template.shape[0] * sizeof(double))
            if numbers == NULL:
                raise MemoryError
            self.fill(machine, p, crowd, False, numbers)
            machine.start(numbers, count)
            memcpy(numbers + machine.first_sum, <char *> sums, machine.sums * sizeof(double))
            machine.finish(numbers)
            for k in range(self.sums):
                found[k] += numbers[machine.summed[k]]
            free(numbers)
        return 0

    cdef bint wants_care(self, list parts) except -1:
        """True, if a nan among the results asks for more care."""
        for p, _, _ in parts:
            if self.careful[p]:
                return True
        return False

    cdef int fill(self, Machine machine, Py_ssize_t p, const Crowd *crowd, bint guarding, double *numbers) except -1:
        """The numbers of a path's program: its constants, and the shared inputs in their order (see `inputs.py`)."""
        cdef const int[::1] places = self.places[p]
        cdef Py_ssize_t i
        cdef double *to = numbers + crowd.n_shared
        memcpy(numbers, &machine.template[0], machine.template.shape[0] * sizeof(double))
        for i in range(crowd.n_shared):
            numbers[i] = crowd.shared[i]
        for i in range(places.shape[0]):
            to[i] = crowd.captured[places[i]]
        to += places.shape[0]
        for i in range(0 if guarding else crowd.n_extra):
            to[i] = crowd.extra[i]
        return 0


cdef int hand_over(const double[::1] shared, const double[::1] captured, const double[::1] extra, Crowd *crowd) except -1:
    """The numbers that are the same for all rows."""
    crowd.shared, crowd.n_shared = &shared[0] if shared.shape[0] else NULL, shared.shape[0]
    crowd.captured = &captured[0] if captured.shape[0] else NULL
    crowd.extra, crowd.n_extra = &extra[0] if extra.shape[0] else NULL, extra.shape[0]
    return 0


cdef inline void begin(RowList *rows, Py_ssize_t before) noexcept nogil:
    """Make a list empty; before its first row comes a place that is no row."""
    rows.before, rows.last, rows.count = before, before, 0


cdef inline void append(int *next_row, RowList *rows, Py_ssize_t row) noexcept nogil:
    """Put a row at the end of a list, with no branch that a processor would have to guess."""
    next_row[rows.last] = <int> row
    rows.last = row
    rows.count += 1


cdef Py_ssize_t next_rows(Crowd *crowd, RowList *rows) noexcept nogil:
    """Take as many rows from the front of a list as are gathered at once: how many."""
    cdef Py_ssize_t i, count = min(rows.count, crowd.most)
    for i in range(count):
        rows.before = crowd.next_row[rows.before]
        crowd.gathered[i] = <int> rows.before
    rows.count -= count
    return count


cdef void gather(Crowd *crowd, Py_ssize_t n_batches, Py_ssize_t count, Batch *gathered) noexcept nogil:
    """The numbers of some rows, column by column."""
    cdef Py_ssize_t b, k, i, column = 0, step
    cdef const double *source
    cdef double *to
    for b in range(n_batches):
        step = crowd.batches[b].to_next_row
        for k in range(crowd.batches[b].columns):
            source = crowd.batches[b].first + k * crowd.batches[b].to_next_column
            to = crowd.columns + column * crowd.most
            for i in range(count):
                to[i] = source[crowd.gathered[i] * step]
            column += 1
    gathered.first, gathered.columns, gathered.to_next_row, gathered.to_next_column = crowd.columns, column, 1, crowd.most
