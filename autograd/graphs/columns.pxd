cimport cython
from autograd.calculus._codes cimport CONSTANT, CUSTOM
from autograd.engine.node cimport Fold, Node, node_at, operand_at
from autograd.engine.sweep cimport is_placed

@cython.locals(
    n=Py_ssize_t, i=Py_ssize_t, k=Py_ssize_t, at=Py_ssize_t, node=Node, f=Fold, codes="int[::1]",
    starts="long long[::1]", data="double[::1]", grads="double[::1]", operands="int[::1]",
)
cpdef object columns_of(list order)
@cython.locals(
    i=Py_ssize_t, at=Py_ssize_t, starts="long long[::1]", operands="int[::1]", found="int[::1]", given="int[::1]",
)
cpdef object below(object columns, object marks)
@cython.locals(f=Fold)
cdef Py_ssize_t arity(Node node) except -1
@cython.locals(i=Py_ssize_t)
cdef Py_ssize_t place(Node node, list order, dict elsewhere) except -1
