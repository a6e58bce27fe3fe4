cimport cython
from autograd.calculus._codes cimport CONSTANT, CUSTOM
from autograd.engine.node cimport Fold, Node, has_dict, node_at, operand_at
from autograd.engine.sweep cimport is_placed

@cython.locals(
    n=Py_ssize_t, i=Py_ssize_t, k=Py_ssize_t, at=Py_ssize_t, node=Node, f=Fold, codes="int[::1]",
    starts="long long[::1]", data="double[::1]", grads="double[::1]", operands="int[::1]",
)
cpdef object columns_of(list order, object ends=*)
@cython.locals(f=Fold)
cdef Py_ssize_t arity(Node node) except -1
@cython.locals(i=Py_ssize_t)
cdef Py_ssize_t place(Node node, list order, dict elsewhere) except -1
cpdef Py_ssize_t place_of(Node node, list order) except -2
@cython.locals(i=Py_ssize_t)
cpdef bint is_numbered(list order) except -1
@cython.locals(i=Py_ssize_t)
cpdef list with_attributes(list order)
