cimport cython
from autograd.calculus._codes cimport CUSTOM, DETACH
from autograd.engine.node cimport Fold, Node, node_at, operand_at
from autograd.engine.sweep cimport is_placed
from autograd.programs.builder cimport Builder

@cython.locals(i=Py_ssize_t, node=Node)
cpdef object number_values(list order)
@cython.locals(i=Py_ssize_t, node=Node, f=Fold, x=Node, y=Node)
cdef object collect(list order, dict cuts, list others, list found, set known)
@cython.locals(i=Py_ssize_t, x=Node)
cdef object meet(tuple operands, list order, list found, set known)
@cython.locals(i=Py_ssize_t, node=Node, f=Fold, places=Places, x=Py_ssize_t)
cpdef object transcribe(list order, Py_ssize_t inputs, dict outside, dict cuts, Builder builder)

cdef class Places:
    cdef list order
    cdef dict outside
    cdef Builder builder
    cdef int[::1] slots

    cdef Py_ssize_t of_value(self, Node x) except -1
    @cython.locals(slot=Py_ssize_t)
    cpdef Py_ssize_t apply(self, int code, object operands) except -1
