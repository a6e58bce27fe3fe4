cimport cython
from autograd.calculus._codes cimport BOTH, WHERE
from autograd.programs.steps cimport Ints, Steps

cdef class Needs:
    cdef readonly int[::1] of
    cdef readonly Ints condition, parent, depth
    cdef dict _children

    @cython.locals(known=int)
    cpdef int need(self, Py_ssize_t slot, int node) except -1
    @cython.locals(depth="int[::1]", parent="int[::1]")
    cpdef int common(self, int a, int b) except -1
    cpdef int under(self, int node, int condition) except -1
    @cython.locals(operands="int[::1]", begin=Py_ssize_t, end=Py_ssize_t, code=int, first=int, second=int, at=Py_ssize_t)
    cpdef int read(self, Steps steps, Py_ssize_t k, int node, const unsigned char[::1] varies) except -1
    cpdef bint has(self, int node, int condition) except -1
    cpdef bint is_inside(self, int node, int other) except -1
    @cython.locals(
        count=Py_ssize_t, slots=Py_ssize_t, sizes="int[::1]", nearest="int[::1]", k=Py_ssize_t, node=Py_ssize_t,
        most=int, found="int[::1]",
    )
    cpdef object of_many(self, int large)
    cpdef int ancestor(self, int node, int depth) except -1

@cython.locals(k=Py_ssize_t, found=int)
cpdef bint any_where(Steps steps) except -1
@cython.locals(found=Needs, k=Py_ssize_t)
cpdef Needs needs_of(Steps steps, Py_ssize_t first, list ends, const unsigned char[::1] varies)
