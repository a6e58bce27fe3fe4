"""Rows of a batch along the paths they take, for the compiled modules that send them there."""

from autograd.calculus._codes cimport TAKES
from autograd.replay.machine cimport Batch, Machine


cdef struct RowList:
    Py_ssize_t before, last, count  # a list: after each row, and the place before the first, comes `next_row` of it


cdef struct Crowd:
    # the rows of a batch and where they are on their way
    const double *shared  # the numbers of inputs that are no batches, before those that a path captured
    const double *extra  # and after them
    const double *captured  # those of the Values that some path captured
    const Batch *batches
    Py_ssize_t n_shared, n_extra, n_batches
    Py_ssize_t n_guarding  # so many batches are inputs of the guards
    Py_ssize_t n  # rows
    RowList *waiting  # for the guards of each path
    RowList *taken  # those on each path
    int *next_row
    int *gathered  # which rows were gathered
    double *columns  # and their numbers, column by column
    double *results
    Py_ssize_t most  # rows to be gathered at once
    double *memory  # for all these numbers


cdef class Fork:
    cdef object make
    cdef list guards, answers, turns, places
    cdef int[::1] ranked
    cdef bytearray careful
    cdef readonly list captured
    cdef readonly Py_ssize_t paths, lane_outputs, sums
    cdef Py_ssize_t most  # so often may rows turn, in all
    cdef public bint retired

    cdef int load(self, Py_ssize_t p) except -1
    cdef list follow(self, Crowd *crowd, double *lanes, Py_ssize_t stride)
    cdef int sort(self, Py_ssize_t p, Crowd *crowd, bint all_rows) except -1
    cdef bytes answer(self, Py_ssize_t p, Crowd *crowd, double *lanes, Py_ssize_t stride)
    cdef int finish(self, list parts, const Crowd *crowd, double *found) except -1
    cdef bint wants_care(self, list parts) except -1
    cdef int fill(self, Machine machine, Py_ssize_t p, const Crowd *crowd, bint guarding, double *numbers) except -1
