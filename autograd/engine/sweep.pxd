cimport cython
from autograd.calculus._codes cimport CONSTANT, CUSTOM, LEAF
from autograd.calculus.kernel cimport selects
from autograd.engine.memory cimport doubles, poll, release
from autograd.engine.node cimport Fold, Node, node_at, operand_at, pop_node
from autograd.engine.reading cimport refuse_childless, require_root

@cython.locals(i=Py_ssize_t, node=Node, x=Node, y=Node, shares=dict, loose=bint)
cdef void propagate(list order, double *adjoints, char *reached) except *
@cython.locals(i=Py_ssize_t, x=Node)
cdef void propagate_fold(
    Fold f, Node node, double adjoint, list order, double *adjoints, char *reached, bint loose,
) except *
@cython.locals(i=Py_ssize_t, x=Node)
cdef void propagate_rule(
    Fold f, Node node, Py_ssize_t at, list order, double *adjoints, char *reached, dict shares,
) except *
cpdef bint carries(Node node, Node operand, double partial) noexcept

@cython.locals(stack=list, node=Node, x=Node, y=Node)
cdef void number_nodes(list roots, list order, list displaced, bint carrying) except *
@cython.locals(i=Py_ssize_t, x=Node)
cdef void push_operands(Fold f, Node node, list order, list stack, bint carrying) except *
cdef bint is_placed(Node node, list order) noexcept
@cython.locals(order=list, displaced=list)
cpdef list in_order(list roots)

@cython.locals(i=Py_ssize_t, node=Node)
cdef bint has_leaf(list order) noexcept
@cython.locals(i=Py_ssize_t, node=Node, cut=bint)
cdef bint is_cut_off(list order) noexcept
@cython.locals(order=list, root=Node, node=Node, adjoints="double *", reached=bytearray, displaced=list)
cpdef list sweep(list roots, list seeds, list wanted=*)
@cython.locals(i=Py_ssize_t, node=Node)
cdef void write_grads(list order, double *adjoints) except *
cdef list slots_to_put_back()
@cython.locals(i=Py_ssize_t, node=Node)
cdef object put_back(list order, list displaced)
