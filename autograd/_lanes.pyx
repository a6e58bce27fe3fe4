# cython: language_level=3
"""Runs programs over numbers and over blocks of lanes, without the interpreter's lock."""

from libc.stdlib cimport free, malloc
from libc.string cimport memcpy

from autograd.engine cimport Value

cdef extern from "_lanes.h" nogil:
    enum: LANES
    ctypedef struct Instruction:
        int code, target, first, count
    ctypedef struct Group:
        int code, target, first, count, arity
    void run_block(const Instruction *program, long n, const int *operands, double *const *at, const double *numbers,
                   double *sums, int size)
    void run_groups "run_numbers"(const Group *groups, long n, const int *operands, double *numbers)


def run_numbers(const int[:, ::1] groups, const int[::1] operands, double[::1] numbers):
    """Fill the numbers that the groups compute."""
    if groups.shape[0]:
        with nogil:
            run_groups(<const Group *> &groups[0, 0], groups.shape[0], &operands[0] if operands.shape[0] else NULL,
                       &numbers[0])


ctypedef struct Batch:
    const double *first
    Py_ssize_t columns, to_next_row, to_next_column  # steps in doubles


cdef void lay_out(Batch batch, const int *rows, double **place, double *block, Py_ssize_t at, int size) noexcept nogil:
    """Put a block of a batch into its rows; where the array has the block as it should be, point there instead."""
    cdef const double *first = batch.first + at * batch.to_next_row
    cdef const double *given
    cdef double *row
    cdef Py_ssize_t k, upto, begun
    cdef int lane
    if batch.to_next_row == 1 and size == LANES:
        for k in range(batch.columns):
            place[rows[k]] = <double *> (first + k * batch.to_next_column)
        return
    for begun in range(0, batch.columns, 8):  # a line of the cache holds eight numbers
        upto = min(begun + 8, batch.columns)
        for k in range(begun, upto):
            place[rows[k]] = block + rows[k] * LANES
        for lane in range(LANES):
            given = first + min(lane, size - 1) * batch.to_next_row
            for k in range(begun, upto):
                place[rows[k]][lane] = given[k * batch.to_next_column]


def run_lanes(
    const int[:, ::1] program, const int[::1] operands, const double[::1] numbers, Py_ssize_t rows,
    const int[:, ::1] filled, list batches, const int[::1] input_rows, double[:, ::1] lanes, const int[:, ::1] direct,
    const int[:, ::1] copied, double[:, ::1] failed, int guard_row, double[::1] sums,
    Py_ssize_t start, Py_ssize_t stop, Py_ssize_t offset,
):
    """The lanes from `start` to `stop` of a batch.

    Args:
        program: Code, target, first operand and count of operands of every instruction.
        operands: Rows, or ~places in `numbers`.
        numbers: What does not vary over the batch.
        rows: How many rows a block has.
        filled: Pairs of a row and the place in `numbers` of what it holds in every lane.
        batches: Arrays of rows of the batch and inputs, in the order of `input_rows`.
        input_rows: The row of a block that each input goes to.
        lanes: What is computed, an array of outputs and lanes.
        direct: Pairs of an output and its row, which is put there in the array itself.
        copied: Pairs of an output and a row to copy into it.
        failed: One array of lanes to copy `guard_row` into, or none.
        sums: What is summed over the lanes is added to these.
        offset: Which lane the first row of `batches` is.
    """
    cdef Py_ssize_t n_batches = len(batches), n = lanes.shape[1], i, at, k
    cdef int size, lane
    cdef const double[:, :] array
    cdef double *memory = <double *> malloc((rows * LANES + 8) * sizeof(double))
    cdef double **place = <double **> malloc((rows + 1) * sizeof(double *))
    cdef Batch *sources = <Batch *> malloc((n_batches + 1) * sizeof(Batch))
    cdef double *block
    cdef double *first_lane = &lanes[0, 0] if lanes.shape[0] and n else NULL
    cdef double *first_failed = &failed[0, 0] if failed.shape[0] and n else NULL
    cdef const Instruction *first = <const Instruction *> (&program[0, 0] if program.shape[0] else NULL)
    cdef const int *first_operand = &operands[0] if operands.shape[0] else NULL
    cdef const double *first_number = &numbers[0] if numbers.shape[0] else NULL
    cdef double *first_sum = &sums[0] if sums.shape[0] else NULL
    try:
        if memory == NULL or place == NULL or sources == NULL:
            raise MemoryError
        for i in range(n_batches):
            array = batches[i]
            if array.shape[0] and array.shape[1]:
                sources[i].first = &array[0, 0] - offset * (array.strides[0] // <Py_ssize_t> sizeof(double))
            sources[i].columns = array.shape[1]
            sources[i].to_next_row = array.strides[0] // <Py_ssize_t> sizeof(double)
            sources[i].to_next_column = array.strides[1] // <Py_ssize_t> sizeof(double)
        with nogil:
            block = <double *> ((<size_t> memory + 63) & ~<size_t> 63)
            for i in range(rows):
                place[i] = block + i * LANES
            for i in range(filled.shape[0]):
                for lane in range(LANES):
                    place[filled[i, 0]][lane] = first_number[filled[i, 1]]
            at = start
            while at < stop:
                size = <int> min(<Py_ssize_t> LANES, stop - at)
                k = 0
                for i in range(n_batches):
                    if sources[i].columns:
                        lay_out(sources[i], &input_rows[k], place, block, at, size)
                    k += sources[i].columns
                for i in range(direct.shape[0]):
                    place[direct[i, 1]] = (
                        first_lane + direct[i, 0] * n + at if size == LANES else block + direct[i, 1] * LANES
                    )
                run_block(first, program.shape[0], first_operand, place, first_number, first_sum, size)
                if size < LANES:
                    for i in range(direct.shape[0]):
                        memcpy(first_lane + direct[i, 0] * n + at, place[direct[i, 1]], size * sizeof(double))
                for i in range(copied.shape[0]):
                    memcpy(first_lane + copied[i, 0] * n + at, place[copied[i, 1]], size * sizeof(double))
                if first_failed != NULL:
                    memcpy(first_failed + at, place[guard_row], size * sizeof(double))
                at += LANES
    finally:
        free(memory)
        free(place)
        free(sources)


def read_values(list values, double[::1] numbers):
    """Put the data of Values into an array."""
    cdef Py_ssize_t i
    cdef Value v
    for i in range(len(values)):
        v = values[i]
        numbers[i] = v._data


def any_nan(const double[::1] numbers):
    """Whether one of them is nan."""
    cdef Py_ssize_t i
    cdef int found = 0
    for i in range(numbers.shape[0]):
        found |= numbers[i] != numbers[i]
    return found
