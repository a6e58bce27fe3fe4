"""A call like one before, for the compiled modules that answer such calls."""

cimport numpy as np

from autograd.recorded.forks cimport Fork
from autograd.replay.machine cimport Batch, Machine


cdef enum:
    NUMBER = 0, ARRAY, BATCH, FIXED  # kinds of leaves


cdef class Leaf:
    cdef int kind, values
    cdef tuple shape
    cdef Py_ssize_t size
    cdef Py_hash_t hashed
    cdef object fixed, key

    cdef bint admits(self, object x) except -1
    cdef bint is_fixed(self, object x) except -1


cdef class Piece:
    cdef object part
    cdef tuple begins
    cdef Py_ssize_t size, begin
    cdef np.ndarray shape
    cdef bint in_lanes

    cdef object filled(self, const double *numbers, object lanes)


cdef class Repetition:
    cdef object pattern, form, instructions
    cdef list leaves
    cdef readonly list captured
    cdef readonly Fork fork
    cdef public Py_ssize_t hits
    cdef Machine machine, guards
    cdef bint mean, selects
    cdef Py_ssize_t kept, primals, most, least, batches, guarding, shared, before

    cdef object answer(self, list leaves, double *numbers, Batch *batches, Py_ssize_t n)
    cdef object answer_along(self, list leaves, double *numbers, Batch *batches, Py_ssize_t n)
    cdef object put_together(self, double *found, Py_ssize_t count, object lanes, double *first_lane, Py_ssize_t spread,
                             Py_ssize_t n, bint careful)
    cdef list take(self, list leaves, double *numbers, Batch *batches)
    cdef Py_ssize_t take_captured(self, double *numbers, Py_ssize_t at) except -1
    cdef bint on_path(self, const double *inputs, double *numbers, const Batch *batches, Py_ssize_t n) except -1


cdef object filled(object form, const double *numbers, object lanes)
