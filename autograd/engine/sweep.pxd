cimport cython
from autograd.calculus._codes cimport CONSTANT, CUSTOM, LEAF
from autograd.calculus.kernel cimport selects
from autograd.engine.listening cimport _listening, tell_swept
from autograd.engine.memory cimport (
    Pile, count, flags, free_pile, free_workspace, keep, listed, new_pile, poll, push, workspace,
)
from autograd.engine.node cimport Fold, Node, is_numbered, node_at, node_in, operand_at, take, take_kept
from autograd.engine.reading cimport refuse_childless, require_root

@cython.locals(i=Py_ssize_t, node=Node, x=Node, y=Node, shares=dict, loose=bint, hook=Py_ssize_t, stop=Py_ssize_t)
cdef void propagate(Pile *order, double *adjoints, char *reached, list hooks, Py_ssize_t first) except *
@cython.locals(i=Py_ssize_t, x=Node)
cdef void propagate_fold(
    Fold f, Node node, double adjoint, Pile *order, double *adjoints, char *reached, bint loose,
) except *
@cython.locals(i=Py_ssize_t, x=Node)
cdef void propagate_rule(
    Fold f, Node node, Py_ssize_t at, Pile *order, double *adjoints, char *reached, dict shares,
) except *
@cython.locals(i=Py_ssize_t, node=Node)
cdef bint has_leaf(Pile *order) noexcept
@cython.locals(i=Py_ssize_t, node=Node, cut=bint)
cpdef bint is_cut_off(list nodes) noexcept
@cython.locals(
    order="Pile *", root=Node, node=Node, adjoints="double *", reached="char *", displaced=list, k=Py_ssize_t)
cpdef list sweep(list roots, list seeds, list wanted=*)
@cython.locals(node=Node, at=Py_ssize_t)
cdef void write_grads(Pile *order, double *adjoints) except *
cpdef bint carries(Node node, Node operand, double partial) noexcept
@cython.locals(path="Pile *", i=Py_ssize_t, node=Node, x=Node, y=Node)
cdef int number_nodes(list roots, Pile *order, list displaced, bint carrying) except -1
@cython.locals(i=Py_ssize_t, x=Node)
cdef int push_operands(Fold f, Node node, Pile *order, Pile *path, bint carrying) except -1
cdef bint is_placed(Node node, list order) noexcept
@cython.locals(order="Pile *", displaced=list)
cpdef list in_order(list roots, bint carrying=*)
cpdef object one_at_a_time()
cdef list slots_to_put_back()
@cython.locals(i=Py_ssize_t, node=Node)
cdef object put_back(Pile *order, list displaced)
