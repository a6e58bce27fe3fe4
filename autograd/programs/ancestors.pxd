cimport cython
from autograd.programs.steps cimport Ints, Steps

cdef int DENSE

cdef class Ancestors:
    cdef Steps steps
    cdef Py_ssize_t first
    cdef readonly bytearray depends
    cdef int[::1] marks
    cdef int turn
    cdef readonly Ints found

    @cython.locals(
        begins="int[::1]", operands="int[::1]", marks="int[::1]", first=Py_ssize_t, found=Ints, depends=bytearray,
        turn=int, done=Py_ssize_t, step=Py_ssize_t, at=Py_ssize_t, o=Py_ssize_t,
    )
    cpdef Py_ssize_t collect(self, Py_ssize_t k) except -1
    @cython.locals(count=Py_ssize_t, o=Py_ssize_t, at=Py_ssize_t, found=list)
    cpdef list descending(self, Py_ssize_t k)
    @cython.locals(total=Py_ssize_t, k=Py_ssize_t)
    cpdef Py_ssize_t count(self, object slots, Py_ssize_t most) except -1
