# cython: language_level=3
"""Runs a program over a batch, block by block, without the interpreter's lock."""

from libc.stdlib cimport free, malloc
from libc.string cimport memcpy

cdef extern from "_lanes.h" nogil:
    enum: LANES
    ctypedef struct Instruction:
        int code, target, first, count
    void run_block(const Instruction *program, long n, const int *operands, double *rows, const double *shared)


def run(
    const int[:, ::1] program, const int[::1] operands, const double[::1] shared, const int[:, ::1] filled,
    Py_ssize_t rows, list inputs, const int[::1] input_rows, list outputs, const int[::1] output_rows,
    Py_ssize_t start, Py_ssize_t stop,
):
    """The lanes from `start` to `stop` of a batch.

    Args:
        program: Code, target, first operand and count of operands of every instruction.
        operands: Rows, or ~places in `shared`.
        shared: Numbers of the whole batch.
        filled: Pairs of a row and the place in `shared` that fills it.
        rows: How many rows a block has.
        inputs, input_rows: Arrays of doubles, and the row that each goes to.
        outputs, output_rows: Arrays of doubles, and the row that each comes from.
    """
    cdef Py_ssize_t n_in = len(inputs), n_out = len(outputs), i, at, size
    cdef const double[::1] source
    cdef double[::1] sink
    cdef double *block = <double *> malloc(max(1, rows) * LANES * sizeof(double))
    cdef const double **sources = <const double **> malloc(max(1, n_in) * sizeof(double *))
    cdef double **sinks = <double **> malloc(max(1, n_out) * sizeof(double *))
    cdef int lane
    cdef const Instruction *first = <const Instruction *> (&program[0, 0] if program.shape[0] else NULL)
    cdef const int *first_operand = &operands[0] if operands.shape[0] else NULL
    cdef const double *first_shared = &shared[0] if shared.shape[0] else NULL
    try:
        if block == NULL or sources == NULL or sinks == NULL:
            raise MemoryError
        for i in range(n_in):
            source = inputs[i]
            sources[i] = &source[0]
        for i in range(n_out):
            sink = outputs[i]
            sinks[i] = &sink[0]
        with nogil:
            for i in range(rows * LANES):
                block[i] = 0.0
            for i in range(filled.shape[0]):
                for lane in range(LANES):
                    block[filled[i, 0] * LANES + lane] = shared[filled[i, 1]]
            at = start
            while at < stop:
                size = min(<Py_ssize_t> LANES, stop - at)
                for i in range(n_in):
                    memcpy(block + input_rows[i] * LANES, sources[i] + at, size * sizeof(double))
                run_block(first, program.shape[0], first_operand, block, first_shared)
                for i in range(n_out):
                    memcpy(sinks[i] + at, block + output_rows[i] * LANES, size * sizeof(double))
                at += LANES
    finally:
        free(block)
        free(sources)
        free(sinks)
