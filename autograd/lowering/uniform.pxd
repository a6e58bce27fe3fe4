cimport cython
from autograd.calculus._codes cimport MUL
from autograd.programs.builder cimport Builder
from autograd.programs.steps cimport Steps

cdef class UniformSteps:
    cdef readonly Py_ssize_t inputs, count, first, sums
    cdef readonly list checks
    cdef readonly Steps steps
    cdef Builder _builder
    cdef dict _known

    cpdef Py_ssize_t constant(self, double number) except -1
    cpdef Py_ssize_t sum(self) except -1
    @cython.locals(key=tuple, o=Py_ssize_t)
    cpdef Py_ssize_t apply(self, int code, object operands) except -1
    @cython.locals(
        codes="int[::1]", begins="int[::1]", operands="int[::1]", k=Py_ssize_t, at=Py_ssize_t, code=int,
    )
    cpdef object take_over(self, Steps steps, Py_ssize_t first, bytearray varies, int[::1] place)
