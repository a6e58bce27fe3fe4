cimport cython
from autograd.calculus.kernel cimport LEAF, CONSTANT, doubles, poll, release, selects
from autograd.engine.node cimport Fold, Value, refuse, require_alive, rule_of

@cython.locals(order=list, root=Value, node=Value, adjoints="double *", displaced=list)
cdef list sweep(list roots, list seeds, list wanted)
@cython.locals(node=Value, inner=list, seeds=list, i=Py_ssize_t, share=double)
cpdef object add_to_grads(list targets, const double[::1] shares)
cdef bint _several
cpdef object expect_several()
@cython.locals(i=Py_ssize_t, node=Value)
cdef bint has_joint(list order) except -1
@cython.locals(root=Value)
cpdef object require_result(Value root)
cpdef bint carries(Value node, Value operand, double partial) noexcept
@cython.locals(i=Py_ssize_t, adjoint=double, node=Value, x=Value, y=Value, closures=bint)
cdef void propagate(list order, double *adjoints) except *
@cython.locals(
    i=Py_ssize_t, adjoint=double, root=Value, node=Value, x=Value, whole=Value, shares=dict, reached=bytearray,
    partials=tuple, k=Py_ssize_t,
)
cdef void propagate_where_reached(list roots, list order, double *adjoints) except *
@cython.locals(i=Py_ssize_t, f=Fold, operands=tuple, x=Value)
cdef void propagate_fold(Value node, double adjoint, list order, double *adjoints, bint closures) except *
@cython.locals(i=Py_ssize_t, node=Value)
cdef void write_grads(list order, double *adjoints) except *
cdef list slots_to_put_back()
@cython.locals(i=Py_ssize_t, node=Value)
cdef object put_back(list order, list displaced)
@cython.locals(stack=list, node=Value, x=Value, y=Value)
cdef void number_nodes(list roots, list order, list displaced, bint carrying) except *
@cython.locals(i=Py_ssize_t, x=Value)
cdef void push_operands(Fold f, Value node, list order, list stack, bint carrying) except *
cdef bint is_placed(Value node, list order) noexcept
