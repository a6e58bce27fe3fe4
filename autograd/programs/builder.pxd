cimport cython
from autograd.calculus._codes cimport ADD, BOTH, DIV, MUL, NEG, POW, SUB, WHERE
from autograd.calculus.kernel cimport commutes
from autograd.programs.steps cimport Ints, Steps

cdef int FEW, OWN

cdef class Builder:
    cdef readonly Py_ssize_t inputs
    cdef readonly Steps steps
    cdef bint _folding, _sharing
    cdef dict _constants
    cdef int[::1] _table
    cdef Py_ssize_t _in_table
    cdef Ints _reader, _next_reader

    cpdef Py_ssize_t constant(self, double number) except -1
    cdef bint is_constant(self, Py_ssize_t slot) except -1
    @cython.locals(at=Py_ssize_t, found=bint)
    cdef bint any_constant(self, int[::1] places, int[::1] operands, Py_ssize_t begin, Py_ssize_t end) except -1
    cdef bint is_made_by(self, Py_ssize_t slot, int code) noexcept
    cdef double number(self, Py_ssize_t slot) except? -1.0
    cpdef bint is_number(self, Py_ssize_t slot, double number) except -1
    cpdef int push(self, Py_ssize_t slot) except -1
    cpdef Py_ssize_t apply(self, int code) except -1
    cpdef Py_ssize_t unary(self, int code, Py_ssize_t x) except -1
    cpdef Py_ssize_t binary(self, int code, Py_ssize_t x, Py_ssize_t y) except -1
    cpdef Py_ssize_t ternary(self, int code, Py_ssize_t x, Py_ssize_t y, Py_ssize_t z) except -1
    @cython.locals(places="int[::1]", k=Py_ssize_t)
    cpdef object copied(self, Steps steps, Py_ssize_t inputs)
    @cython.locals(
        codes="int[::1]", begins="int[::1]", operands="int[::1]", k=Py_ssize_t, at=Py_ssize_t, code=int,
    )
    cpdef object transcribe(self, Steps steps, int[::1] places, Py_ssize_t inputs)
    @cython.locals(
        begin=Py_ssize_t, end=Py_ssize_t, operands="int[::1]", constants=Py_ssize_t, at=Py_ssize_t, slot=Py_ssize_t,
    )
    cdef Py_ssize_t simpler(self, int code) except -2
    cdef Py_ssize_t chosen(self, Py_ssize_t condition, Py_ssize_t x, Py_ssize_t y) except -2
    cdef Py_ssize_t unchanged(self, int code, Py_ssize_t x, Py_ssize_t y) except -2
    cdef bint is_zero(self, Py_ssize_t slot, double sign) except -1
    @cython.locals(
        operands="int[::1]", step=Py_ssize_t, latest=Py_ssize_t, i=Py_ssize_t, count=Py_ssize_t, reader=Py_ssize_t,
        at=Py_ssize_t,
    )
    cdef Py_ssize_t equal_step(self, int code, Py_ssize_t begin, Py_ssize_t end) except -2
    @cython.locals(mask=Py_ssize_t, at=Py_ssize_t)
    cdef Py_ssize_t place_in_table(self, int code, Py_ssize_t begin, Py_ssize_t end) except -1
    @cython.locals(start=Py_ssize_t, operands="int[::1]", x=int, y=int, first=int, second=int, same=Py_ssize_t)
    cdef bint is_step(self, Py_ssize_t k, int code, Py_ssize_t begin, Py_ssize_t end) noexcept
    @cython.locals(operands="int[::1]", swapped=bint, found=Py_ssize_t, i=Py_ssize_t)
    cdef Py_ssize_t mixed(self, int code, Py_ssize_t begin, Py_ssize_t end) noexcept
    @cython.locals(old="int[::1]", k=Py_ssize_t, step=Py_ssize_t, begins="int[::1]", codes="int[::1]")
    cdef int enlarge_table(self) except -1
