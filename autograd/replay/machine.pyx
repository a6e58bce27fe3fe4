# cython: language_level=3
"""The machine that runs lowered programs, over numbers and blocks of lanes, without the interpreter's lock."""

from libc.stdlib cimport free, malloc
from libc.string cimport memcpy

from autograd.calculus._codes cimport LANES

cdef extern from "autograd/replay/lanes.h" nogil:
    ctypedef struct Instruction:
        int code, target, first, count
    ctypedef struct Group:
        int code, target, first, count, arity
    void run_block(const Instruction *program, long n, const int *operands, double *const *at, const double *numbers,
                   double *sums, int size)
    void turn_columns(const double *first, Py_ssize_t to_next_row, Py_ssize_t to_next_column, int columns,
                      const int *rows, double *const *place, int size)
    const double NOTHING[LANES]
    enum: LARGE_RESULT
    bint can_stream(const double *first, Py_ssize_t n)
    void stream_row(double *to, const double *row)
    void end_stream()
    void run_groups "run_numbers"(const Group *groups, long n, const int *operands, double *numbers)

cdef extern from "autograd/replay/pages.h" nogil:
    void *memory_for_rows(size_t bytes)
    void give_back(void *memory)


cdef void lay_out(Batch batch, const int *rows, double **place, double *block, Py_ssize_t at, int size) noexcept nogil:
    """Put a block of a batch into its rows; where the array has the block as it should be, point there instead."""
    cdef const double *first = batch.first + at * batch.to_next_row
    cdef Py_ssize_t k, begun
    if batch.to_next_row == 1 and size == LANES:
        for k in range(batch.columns):
            place[rows[k]] = <double *> (first + k * batch.to_next_column)
        return
    for k in range(batch.columns):
        place[rows[k]] = block + <Py_ssize_t> rows[k] * LANES
    for begun in range(0, batch.columns, 8):  # a line of the cache holds eight numbers
        turn_columns(first + begun * batch.to_next_column, batch.to_next_row, batch.to_next_column,
                     <int> min(<Py_ssize_t> 8, batch.columns - begun), rows + begun, place, size)


cdef class Machine:
    """A lowered program with its arrays at hand.

    Args:
        lowered: A `lowering.lowered.Lowered`; see there for what its arrays are.
    """

    def __cinit__(self, lowered):
        numbers = lowered.numbers
        self.instructions, self.operands, self.rows = lowered.instructions, lowered.operands, lowered.rows
        self.filled, self.input_rows, self.summed = lowered.filled, lowered.input_rows, lowered.summed
        self.direct, self.copied, self.steady = lowered.direct, lowered.copied, lowered.steady
        self.lane_outputs, self.guard_row = lowered.lane_outputs, lowered.guard_row
        self.before, self.after, self.number_operands = numbers.before, numbers.after, numbers.operands
        self.template, self.guards = numbers.template, numbers.guards
        self.inputs, self.first_sum, self.sums = numbers.inputs, numbers.first_sum, numbers.sums

    def run_in_c(self, size_t before, size_t work, size_t after, library):
        """From now on run the program by functions that were built of it; see building/driver.h.

        Args:
            before, work, after: Their addresses: for the numbers before the lanes, the lanes, the numbers after.
            library: What they are in.
        """
        self.library = library
        self.before_in_c, self.work_in_c, self.after_in_c = <Uniform> before, <Work> work, <Uniform> after

    cdef void start(self, double *numbers, Py_ssize_t n) noexcept nogil:
        """Compute the numbers as far as that can be done before the lanes; the template and the inputs are there."""
        numbers[self.inputs] = n
        if self.before_in_c != NULL:
            self.before_in_c(numbers)
        elif self.before.shape[0]:
            run_groups(<const Group *> &self.before[0, 0], self.before.shape[0], first_int(self.number_operands), numbers)

    cdef void finish(self, double *numbers) noexcept nogil:
        """Compute the rest of the numbers, the sums being there."""
        if self.after_in_c != NULL:
            self.after_in_c(numbers)
        elif self.after.shape[0]:
            run_groups(<const Group *> &self.after[0, 0], self.after.shape[0], first_int(self.number_operands), numbers)

    cdef int failed_guard(self, const double *numbers) noexcept nogil:
        """The number of the first guard, of those that do not vary, that the numbers do not satisfy; 0 if they do."""
        cdef Py_ssize_t i
        for i in range(self.guards.shape[0]):
            if (numbers[self.guards[i, 0]] != 0.0) != self.guards[i, 1]:
                return self.guards[i, 2]
        return 0

    def run_before(self, double[::1] numbers, Py_ssize_t n):
        """`start`, for a batch of n rows."""
        with nogil:
            self.start(&numbers[0], n)

    def run_after(self, double[::1] numbers, const double[::1] sums):
        """Put in the sums over the lanes, and `finish`; the number of the guard that fails, or 0."""
        cdef Py_ssize_t i
        for i in range(self.sums):
            numbers[self.first_sum + i] = sums[i]
        with nogil:
            self.finish(&numbers[0])
        return self.failed_guard(&numbers[0])

    cdef bint work(self, const double *numbers, const Batch *batches, Py_ssize_t n_batches, double *lanes, Py_ssize_t n,
                   double *failed, double *sums, Py_ssize_t start, Py_ssize_t stop) noexcept nogil:
        """The lanes from `start` to `stop` of a batch; False if there is no memory. See `run_lanes`."""
        if not self.instructions.shape[0] and not self.copied.shape[0]:
            return True
        if self.work_in_c != NULL:
            return self.work_in_c(numbers, batches, n_batches, lanes, n, sums, start, stop)
        cdef double *memory = <double *> memory_for_rows((self.rows * LANES + 8) * sizeof(double))
        cdef double **place = <double **> malloc((self.rows + 1) * sizeof(double *))
        cdef double *block
        cdef Py_ssize_t i, k, at
        cdef int size, lane
        cdef bint past_cache = self.lane_outputs * n >= LARGE_RESULT and can_stream(lanes, n)
        if memory == NULL or place == NULL:
            give_back(memory)
            free(place)
            return False
        block = <double *> ((<size_t> memory + 63) & ~<size_t> 63)
        for i in range(self.rows):
            place[i] = block + i * LANES
        for i in range(self.filled.shape[0]):
            for lane in range(LANES):
                place[self.filled[i, 0]][lane] = numbers[self.filled[i, 1]]
        at = start
        while at < stop:
            size = <int> min(<Py_ssize_t> LANES, stop - at)
            k = 0
            for i in range(n_batches):
                if batches[i].columns:
                    lay_out(batches[i], &self.input_rows[k], place, block, at, size)
                k += batches[i].columns
            for i in range(self.direct.shape[0]):
                place[self.direct[i, 1]] = (
                    lanes + self.direct[i, 0] * n + at if size == LANES and not past_cache
                    else block + <Py_ssize_t> self.direct[i, 1] * LANES
                )
            if self.instructions.shape[0]:
                run_block(<const Instruction *> &self.instructions[0, 0], self.instructions.shape[0],
                          first_int(self.operands), place, numbers, sums, size)
            if size == LANES and past_cache:
                for i in range(self.direct.shape[0]):
                    stream_row(lanes + self.direct[i, 0] * n + at, place[self.direct[i, 1]])
            elif size < LANES:
                for i in range(self.direct.shape[0]):
                    memcpy(lanes + self.direct[i, 0] * n + at, place[self.direct[i, 1]], size * sizeof(double))
            for i in range(self.copied.shape[0]):
                memcpy(lanes + self.copied[i, 0] * n + at, place[self.copied[i, 1]], size * sizeof(double))
            if failed != NULL:
                memcpy(failed + at, place[self.guard_row], size * sizeof(double))
            at += LANES
        if past_cache:
            end_stream()
        give_back(memory)
        free(place)
        return True

    def run_lanes(
        self, const double[::1] numbers, list batches, double[:, ::1] lanes, double[:, ::1] failed, double[::1] sums,
        Py_ssize_t start, Py_ssize_t stop, Py_ssize_t offset,
    ):
        """The lanes from `start` to `stop` of a batch.

        Args:
            numbers: What does not vary over the batch.
            batches: Arrays of rows of the batch and inputs, in the order of `input_rows`.
            lanes: What is computed, an array of outputs and lanes.
            failed: One array of lanes for the numbers of the guards that fail, or none.
            sums: What is summed over the lanes is added to these.
            offset: Which lane the first row of `batches` is.
        """
        cdef Py_ssize_t n_batches = len(batches), n = lanes.shape[1]
        cdef Batch *sources = <Batch *> malloc((n_batches + 1) * sizeof(Batch))
        cdef bint done = False
        try:
            if sources != NULL:
                describe(batches, -offset, sources)
                with nogil:
                    done = self.work(
                        &numbers[0] if numbers.shape[0] else NULL, sources, n_batches,
                        &lanes[0, 0] if lanes.shape[0] and n else NULL, n,
                        &failed[0, 0] if failed.shape[0] and n else NULL,
                        &sums[0] if sums.shape[0] else NULL, start, stop,
                    )
        finally:
            free(sources)
        if not done:
            raise MemoryError


cdef int describe(list batches, Py_ssize_t row, Batch *sources) except -1:
    """Where arrays of rows and inputs have their numbers, from a row on, which may lie before or behind the first."""
    cdef const double[:, :] array
    cdef Py_ssize_t i
    for i in range(len(batches)):
        array = batches[i]
        sources[i].columns = array.shape[1]
        sources[i].to_next_row = array.strides[0] // <Py_ssize_t> sizeof(double)
        sources[i].to_next_column = array.strides[1] // <Py_ssize_t> sizeof(double)
        if array.shape[0] and array.shape[1]:
            sources[i].first = &array[0, 0] + row * sources[i].to_next_row
    return 0


cdef inline const int *first_int(const int[::1] array) noexcept nogil:
    return &array[0] if array.shape[0] else NULL


cdef bint any_is_nan(const double *numbers, Py_ssize_t n) noexcept nogil:
    """Whether one of them is nan: its bits but for the sign are then more than those of infinity.

    Differences have their sign bit where that is so, and the compiler has vectors of them.
    """
    cdef Py_ssize_t i
    cdef long long bits, found = 0
    for i in range(n):
        memcpy(&bits, numbers + i, sizeof(double))
        found |= 0x7FF0000000000000LL - (bits & 0x7FFFFFFFFFFFFFFFLL)
    return found < 0


def nothing():
    """A row of zeros that dot products may leave out, where nothing that it is multiplied by is infinite or nan."""
    return <const double[:LANES]> NOTHING


def any_nan(const double[::1] numbers):
    """Whether one of them is nan."""
    return numbers.shape[0] and any_is_nan(&numbers[0], numbers.shape[0])


def any_nan_in(const double[:, ::1] lanes, Py_ssize_t start, Py_ssize_t stop):
    """Whether one of the lanes from `start` to `stop` of some outputs is nan."""
    cdef Py_ssize_t i
    if start < stop:
        for i in range(lanes.shape[0]):
            if any_is_nan(&lanes[i, start], stop - start):
                return True
    return False
