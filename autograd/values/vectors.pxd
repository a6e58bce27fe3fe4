cimport cython
from autograd.calculus._codes cimport CONSTANT
from autograd.engine.node cimport Value, refuse, refuse_any, require_alive

@cython.locals(node=Value, i=Py_ssize_t)
cpdef bint read_values(list values, double[::1] numbers, bint grads=*, bint exact=*) except -1
@cython.locals(node=Value, i=Py_ssize_t)
cdef bint write_values(list values, double[::1] numbers, bint grads) except -1
cdef bint are_exact(list values) noexcept
