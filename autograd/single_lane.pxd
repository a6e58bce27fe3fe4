cimport cython

cdef class SingleLane:
    cdef readonly Py_ssize_t inputs, count, sums
    cdef readonly list checks
    cdef Py_ssize_t _handles
    cdef dict _constants, _numbers, _known
    cdef list _sums, _targets, _codes, _arities, _operands

    cdef object _new(self)
    cpdef object constant(self, double number)
    cpdef object sum(self)
    @cython.locals(key=tuple)
    cpdef object apply(self, object row, object operands)
    cdef object _step(self, object row, object operands)
    @cython.locals(k=Py_ssize_t, o=Py_ssize_t)
    cpdef object take_over(self, list steps, Py_ssize_t first, bytearray varies, list place)
