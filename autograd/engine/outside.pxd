cimport cython
from autograd.calculus._codes cimport CONSTANT, LEAF
from autograd.engine.listening cimport Listener
from autograd.engine.memory cimport (
    Pile, count, flags, free_pile, free_workspace, keep, listed, new_pile, workspace,
)
from autograd.engine.node cimport Fold, Node, is_numbered, node_at, operand_at
from autograd.engine.reading cimport require_root
from autograd.engine.sweep cimport number_nodes, one_at_a_time, propagate, put_back, slots_to_put_back

cdef class Made(Listener):
    cdef readonly list nodes

    cpdef object made(self, object node)

@cython.locals(i=Py_ssize_t, order="Pile *", displaced=list, node=Node, x=Node, y=Node)
cpdef list outside(list nodes, list roots)
cdef int place(Node node, Pile *order, list displaced) except -1
@cython.locals(i=Py_ssize_t, x=Node)
cdef int place_operands(Fold f, Pile *order, list displaced) except -1
@cython.locals(
    order="Pile *", root=Node, adjoints="double *", reached="char *", displaced=list, i=Py_ssize_t, k=Py_ssize_t)
cpdef list sweep_to(list ends, list roots, list seeds)
