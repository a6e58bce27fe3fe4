cimport cython
from autograd.calculus._codes cimport CONSTANT, LEAF
from autograd.engine.node cimport Node, node_at
from autograd.engine.reading cimport refuse, refuse_any, require_alive
from autograd.engine.sweep cimport sweep
from autograd.values.value cimport Value

@cython.locals(node=Value, i=Py_ssize_t)
cpdef bint read_values(list values, double[::1] numbers, bint grads=*, bint exact=*) except -1
@cython.locals(node=Value, i=Py_ssize_t)
cdef object read_free(list values, double[::1] numbers)
@cython.locals(node=Value, i=Py_ssize_t)
cdef bint write_values(list values, double[::1] numbers, bint grads) except -1
@cython.locals(node=Node, inner=list, seeds=list, i=Py_ssize_t, share=double)
cpdef object add_to_grads(list targets, const double[::1] shares)
cdef bint are_exact(list values) noexcept
