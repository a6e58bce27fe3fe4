cimport cython
from autograd.calculus._codes cimport CUSTOM, DETACH
from autograd.engine.node cimport Fold, Value
from autograd.engine.sweep cimport is_placed
from autograd.programs.builder cimport Builder

@cython.locals(i=Py_ssize_t, node=Value)
cpdef object number_values(list order)
@cython.locals(i=Py_ssize_t, node=Value, f=Fold, x=Value, y=Value)
cdef object collect(list order, dict cuts, list others, list found, set known)
@cython.locals(i=Py_ssize_t, x=Value)
cdef object meet(tuple operands, list order, list found, set known)
@cython.locals(i=Py_ssize_t, node=Value, f=Fold, places=Places, x=Py_ssize_t)
cpdef object transcribe(list order, Py_ssize_t inputs, dict outside, dict cuts, Builder builder)

cdef class Places:
    cdef list order
    cdef dict outside
    cdef Builder builder
    cdef int[::1] slots

    cdef Py_ssize_t of_value(self, Value x) except -1
    @cython.locals(slot=Py_ssize_t)
    cpdef Py_ssize_t apply(self, int code, object operands) except -1
