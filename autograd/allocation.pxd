cimport cython

cdef class Allocation:
    cdef bytearray varies, kept
    cdef list place, free, last_read
    cdef readonly Py_ssize_t rows
    cdef readonly list row, instructions, operands
    cdef readonly set owned
    cdef readonly dict filled

    cdef Py_ssize_t new_row(self) except -1
    cdef Py_ssize_t home(self, Py_ssize_t slot) except -1
    cpdef object hold(self, Py_ssize_t slot, Py_ssize_t number)
    cdef Py_ssize_t holding(self, Py_ssize_t number) except -1
    @cython.locals(o=Py_ssize_t)
    cdef void release(self, object reads, Py_ssize_t at) except *
    @cython.locals(
        at=Py_ssize_t, o=Py_ssize_t, code=int, target=Py_ssize_t, begin=Py_ssize_t, filled=Py_ssize_t, count=Py_ssize_t,
    )
    cpdef object write(self, list order)
    @cython.locals(spread=bint, o=Py_ssize_t)
    cdef void write_row(self, int code, tuple operands) except *
    cdef tuple write_special(self, int code, Py_ssize_t target, object operands)

cdef object read_by(int code, object operands)
