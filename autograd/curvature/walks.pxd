cimport cython
from autograd.calculus._codes cimport LEAF
from autograd.calculus.moving cimport bends, moved1, moved2, moved_fold
from autograd.engine.listening cimport _listening
from autograd.engine.memory cimport Pile, count, doubles, free_pile, indices, new_pile, poll, release, release_indices
from autograd.engine.node cimport Fold, Node, is_numbered, node_in, operand_at
from autograd.engine.reading cimport require_alive, require_root
from autograd.engine.sweep cimport carries, number_nodes, put_back, slots_to_put_back

cdef int NOWHERE, NOTHING, FOLDED

@cython.locals(order="Pile *", edges=Edges, k=Py_ssize_t, i=Py_ssize_t, place=Py_ssize_t, at=list, displaced=list)
cpdef list bent(object root, list inputs, list directions, bint diagonal=*, double[:, ::1] into=*)
cdef Py_ssize_t place_of(Node node, Pile *order) noexcept
@cython.locals(node=Node, i=Py_ssize_t, n=Py_ssize_t, folds=Py_ssize_t, together=Py_ssize_t, most=Py_ssize_t)
cdef tuple sizes(Pile *order)

@cython.final
@cython.no_gc
cdef class Edges:
    cdef Py_ssize_t count
    cdef int *code
    cdef int *left
    cdef int *right
    cdef int *reached
    cdef int *begins
    cdef int *many
    cdef double *dx
    cdef double *dy
    cdef double *x
    cdef double *y
    cdef double *z
    cdef double *slopes
    cdef double *numbers
    cdef double *xs
    cdef double *dxs
    cdef double *adjoints
    cdef double *tangents
    cdef double *bendings
    cdef double *pair

    @cython.locals(i=Py_ssize_t, folds=int, end=int, node=Node, x=Node, y=Node)
    cdef bint read(self, Pile *order) except -1
    @cython.locals(i=Py_ssize_t, f=Fold, x=Node)
    cdef int read_fold(self, Node node, int end) except -1
    @cython.locals(
        i=Py_ssize_t, k=Py_ssize_t, x=int, y=int, at=int, left="int *", right="int *", reached="int *", dx="double *",
        dy="double *", adjoints="double *")
    cdef void pull(self) noexcept
    @cython.locals(i=Py_ssize_t, place=Py_ssize_t)
    cdef int start(self, list at, object direction, Py_ssize_t k) except -1
    cdef double bending(self, Py_ssize_t at) noexcept
    @cython.locals(
        i=Py_ssize_t, k=Py_ssize_t, x=int, y=int, at=int, left="int *", right="int *", dx="double *", dy="double *",
        tangents="double *")
    cdef void push(self) noexcept
    @cython.locals(
        i=Py_ssize_t, x=int, y=int, left="int *", right="int *", code="int *", dx="double *", dy="double *",
        tangents="double *", bendings="double *", adjoints="double *", pair="double *", moved_x=double, moved_y=double,
        bending=double)
    cdef bint bend(self) noexcept
    @cython.locals(
        k=Py_ssize_t, at=int, tangents="double *", bendings="double *", slopes="double *", numbers="double *",
        moving=bint, bending=double, adjoint=double)
    cdef bint bend_fold(self, Py_ssize_t i, Py_ssize_t begin, Py_ssize_t end) noexcept

cdef bint differs(double now, double before) noexcept
