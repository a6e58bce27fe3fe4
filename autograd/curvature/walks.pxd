cimport cython
from libc.string cimport memset
from autograd.calculus._codes cimport LEAF, LOGSUMEXP, NORM
from autograd.calculus.moving cimport bends, moved1, moved2, moved_fold
from autograd.engine.listening cimport _listening
from autograd.engine.memory cimport Pile, count, free_pile, free_workspace, new_pile, poll, take_block
from autograd.engine.node cimport Fold, Node, is_numbered, node_in, operand_at
from autograd.engine.reading cimport require_alive, require_root
from autograd.engine.sweep cimport carries, number_nodes, one_at_a_time, put_back, slots_to_put_back

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
    cdef double *block  # where all of these lie
    cdef double *dx
    cdef double *dy
    cdef double *z
    cdef double *adjoints
    cdef double *tangents
    cdef double *bendings
    cdef double *pair
    cdef double *slopes
    cdef double *numbers
    cdef double *xs
    cdef double *dxs
    cdef int *left
    cdef int *right
    cdef int *begins
    cdef int *many
    cdef unsigned char *code
    cdef unsigned char *reached

    @cython.locals(i=Py_ssize_t, folds=int, end=int, node=Node, x=Node, y=Node)
    cdef bint read(self, Pile *order) except -1
    @cython.locals(i=Py_ssize_t, f=Fold, x=Node)
    cdef int read_fold(self, Node node, int end) except -1
    @cython.locals(
        i=Py_ssize_t, k=Py_ssize_t, x=int, y=int, at=int, left="int *", right="int *", dx="double *",
        dy="double *", adjoints="double *", reached="unsigned char *")
    cdef void pull(self) noexcept
    @cython.locals(i=Py_ssize_t, place=Py_ssize_t)
    cdef int start(self, list at, object direction, Py_ssize_t k) except -1
    cdef double bending(self, Py_ssize_t at) noexcept
    @cython.locals(
        i=Py_ssize_t, k=Py_ssize_t, x=int, y=int, at=int, left="int *", right="int *", dx="double *", dy="double *",
        tangents="double *")
    cdef void push(self) noexcept
    @cython.locals(
        i=Py_ssize_t, x=int, y=int, left="int *", right="int *", code="unsigned char *", dx="double *", dy="double *",
        z="double *", tangents="double *", bendings="double *", adjoints="double *", pair="double *", moved_x=double,
        moved_y=double, bending=double, a=double, b=double)
    cdef bint bend(self) noexcept
    @cython.locals(
        k=Py_ssize_t, at=int, tangents="double *", bendings="double *", slopes="double *", numbers="double *",
        moving=bint, bending=double, adjoint=double, tangent=double)
    cdef bint bend_fold(self, Py_ssize_t i, Py_ssize_t begin, Py_ssize_t end) noexcept
    @cython.locals(most=Py_ssize_t, k=Py_ssize_t, shift=double, total=double, slopes="double *", xs="double *")
    cdef double apart(self, Py_ssize_t begin, Py_ssize_t end, double tangent, bint ratios) noexcept

cdef bint differs(double now, double before) noexcept

# One block, which the next call is left: so much storage is given back to the system at once, and comes page by page.
cdef inline int lay_out(Edges edges, Py_ssize_t n, Py_ssize_t folds, Py_ssize_t together, Py_ssize_t most) except -1:
    cdef Py_ssize_t doubles = 6 * n + 2 + 2 * together + 2 * most, ints = 2 * n + folds + 1 + together
    edges.block = <double *> take_block(doubles * sizeof(double) + ints * sizeof(int) + 2 * n)
    edges.dx = edges.block
    edges.dy = edges.dx + n
    edges.z = edges.dy + n
    edges.adjoints = edges.z + n
    edges.tangents = edges.adjoints + n
    edges.bendings = edges.tangents + n
    edges.pair = edges.bendings + n
    edges.slopes = edges.pair + 2
    edges.numbers = edges.slopes + together
    edges.xs = edges.numbers + together
    edges.dxs = edges.xs + most
    edges.left = <int *> (edges.dxs + most)
    edges.right = edges.left + n
    edges.begins = edges.right + n
    edges.many = edges.begins + folds + 1
    edges.code = <unsigned char *> (edges.many + together)
    edges.reached = edges.code + n
    edges.begins[0] = 0
    memset(edges.adjoints, 0, n * sizeof(double))
    memset(edges.reached, 0, n)
    return 0
