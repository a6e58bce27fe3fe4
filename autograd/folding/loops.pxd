cimport cython

@cython.locals(
    a="int[::1]", b="int[::1]", waits="int[::1]", starts="int[::1]", users="int[::1]", found="int[::1]",
    ready="int[::1]", depth="int[::1]", count=Py_ssize_t, done=Py_ssize_t, i=Py_ssize_t, j=Py_ssize_t, k=Py_ssize_t,
)
cpdef object layers(Py_ssize_t n, object tails, object heads)
@cython.locals(
    begins="long long[::1]", uses="int[::1]", boxes="int[::1]", first="int[::1]", last="int[::1]", n=Py_ssize_t,
    i=Py_ssize_t, at=Py_ssize_t, x=Py_ssize_t, latest=int,
)
cpdef object stages(object starts, object operands, object labels)
@cython.locals(
    a="int[::1]", b="int[::1]", first="int[::1]", n=Py_ssize_t, i=Py_ssize_t, j=Py_ssize_t, k=Py_ssize_t,
)
cpdef object together(Py_ssize_t n, object tails, object heads)
