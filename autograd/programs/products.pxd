cimport cython

cdef class Products:
    cdef int[::1] head, tail, factor, other, next, inner, outer
    cdef Py_ssize_t pairs

    cdef bint none(self, Py_ssize_t slot) noexcept
    @cython.locals(at=Py_ssize_t)
    cdef int add(self, Py_ssize_t slot, Py_ssize_t factor, Py_ssize_t other) except -1
    cdef int came(self, int inner, int outer) except -1
