cimport cython
from autograd.calculus._codes cimport CONSTANT, LEAF
from autograd.engine.memory cimport Pile, count, flags, free_pile, free_workspace, new_pile, workspace
from autograd.engine.node cimport Fold, Node, is_numbered, node_in, operand_at
from autograd.engine.sweep cimport carries, number_nodes, one_at_a_time, put_back, slots_to_put_back

@cython.locals(
    order="Pile *", tangents="double *", moves="char *", k=Py_ssize_t, displaced=list, nodes=list, found=list)
cpdef list moved(list roots, list inputs, list directions)
cdef bint all_nodes(list roots) noexcept
@cython.locals(i=Py_ssize_t, node=Node)
cdef bint goes_by_partials(Pile *order) noexcept
@cython.locals(i=Py_ssize_t, j=Py_ssize_t, node=Node)
cdef int start(
    list inputs, list direction, Py_ssize_t k, Pile *order, double *tangents, char *moves,
) except -1
@cython.locals(i=Py_ssize_t, node=Node, x=Node, y=Node, tangent=double)
cdef void push_forward(Pile *order, double *tangents, char *moves) noexcept
@cython.locals(k=Py_ssize_t, f=Fold, x=Node, tangent=double)
cdef void push_fold(Node node, Py_ssize_t i, double *tangents, char *moves) noexcept
@cython.locals(node=Node)
cdef double tangent_of(object root, double *tangents, char *moves) except? -1
@cython.locals(i=Py_ssize_t, tangent=double)
cpdef bint all_finite(list tangents) except -1
