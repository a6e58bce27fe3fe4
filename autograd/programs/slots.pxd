cimport cython
from autograd.programs.steps cimport Steps

cdef class Partial:
    cdef readonly Steps steps
    cdef readonly Py_ssize_t inputs, result

cdef bytes _VARIADIC, _TOGETHER
cdef list _partials
cpdef bint is_variadic(int code) except -1
cpdef bint has_together(int code) except -1
@cython.locals(found=Partial, at=Py_ssize_t)
cpdef Partial partial_of(int code, Py_ssize_t i, bint together=*)
