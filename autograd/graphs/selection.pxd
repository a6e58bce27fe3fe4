cimport cython

@cython.locals(
    starts="long long[::1]", operands="int[::1]", n=Py_ssize_t, found="int[::1]", i=Py_ssize_t, at=Py_ssize_t,
    x=Py_ssize_t,
)
cpdef object below(object columns, object nodes)
@cython.locals(
    starts="long long[::1]", operands="int[::1]", n=Py_ssize_t, found="int[::1]", i=Py_ssize_t, at=Py_ssize_t,
    x=Py_ssize_t,
)
cpdef object above(object columns, object nodes)
@cython.locals(found="int[::1]", i=Py_ssize_t)
cdef object distances(Py_ssize_t n, object nodes)
