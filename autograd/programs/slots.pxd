cimport cython
from autograd.programs.steps cimport Steps

cdef class Partial:
    cdef readonly Steps steps
    cdef readonly Py_ssize_t inputs, result

cdef bytes _VARIADIC
cdef list _partials
cpdef bint is_variadic(int code) except -1
@cython.locals(found=Partial)
cpdef Partial partial_of(int code, Py_ssize_t i)
