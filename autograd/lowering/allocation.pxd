cimport cython
from autograd.calculus._codes cimport DOTS, FUSION, GUARD, OUTER, OUTER_PLUS, SKIP
from autograd.calculus.kernel cimport wants_lanes
from autograd.programs.steps cimport Ints, Steps

cdef class Allocation:
    cdef Steps steps
    cdef Py_ssize_t first
    cdef bytearray varies, kept
    cdef int[::1] place, last_read
    cdef Ints free
    cdef readonly int[::1] row
    cdef readonly Py_ssize_t rows
    cdef readonly Ints instructions, operands
    cdef readonly set owned
    cdef readonly dict filled

    cdef Py_ssize_t new_row(self) except -1
    cdef Py_ssize_t home(self, Py_ssize_t slot) except -1
    cpdef object hold(self, Py_ssize_t slot, Py_ssize_t number)
    @cython.locals(row=object)
    cdef Py_ssize_t holding(self, Py_ssize_t number) except -1
    cdef int release(self, Py_ssize_t slot, Py_ssize_t at) except -1
    @cython.locals(
        begins="int[::1]", operands="int[::1]", at=Py_ssize_t, k=Py_ssize_t, o=Py_ssize_t, i=Py_ssize_t,
        slot=Py_ssize_t, begin=Py_ssize_t,
    )
    cpdef object write(self, Ints order, list others)
    cdef int write_instruction(self, int code, Py_ssize_t row, Py_ssize_t begin, Py_ssize_t count) except -1
    @cython.locals(code=int, operands="int[::1]", spread=bint, i=Py_ssize_t, o=Py_ssize_t)
    cdef int write_operands(self, Py_ssize_t k) except -1
    @cython.locals(begin=Py_ssize_t)
    cdef object write_other(self, object other)
    @cython.locals(number=int)
    cdef int push_all(self, list numbers) except -1
