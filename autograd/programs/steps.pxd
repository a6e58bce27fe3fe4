cimport cython
from autograd.calculus.kernel cimport selects

cdef int OWN

cdef class Ints:
    cdef readonly int[::1] items
    cdef readonly Py_ssize_t size

    cpdef int push(self, int number) except -1
    cdef int pop(self) noexcept
    @cython.locals(larger="int[::1]")
    cdef int grow(self) except -1
    cpdef object as_array(self)

cdef class Steps:
    cdef readonly Py_ssize_t size
    cdef readonly Ints codes, begins, operands
    cdef readonly list numbers, own

    @cython.locals(code=Py_ssize_t)
    cpdef Py_ssize_t constant(self, object number) except -1
    cpdef int push(self, int operand) except -1
    cpdef Py_ssize_t close(self, int code) except -1
    cpdef int drop(self) except -1
    @cython.locals(o=int)
    cpdef Py_ssize_t append(self, object step) except -1
    @cython.locals(k=Py_ssize_t, found=int)
    cpdef bint any_selects(self) except -1
    @cython.locals(code=int, at=Py_ssize_t, items="int[::1]")
    cdef object step(self, Py_ssize_t k)
