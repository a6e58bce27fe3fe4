cimport cython

@cython.locals(i=Py_ssize_t, found="int[::1]")
cpdef object as_ints(list numbers)
@cython.locals(
    found="int[::1]", level="int[::1]", at=Py_ssize_t, i=Py_ssize_t, k=Py_ssize_t, target=Py_ssize_t, depth=int,
)
cpdef object depths(const int[::1] arities, const int[::1] operands, const int[::1] targets, int[::1] late)
@cython.locals(
    begins="const Py_ssize_t[::1]", table="int[::1]", first=Py_ssize_t, g=Py_ssize_t, start=Py_ssize_t,
    count=Py_ssize_t, arity=Py_ssize_t, i=Py_ssize_t, begin=Py_ssize_t, j=Py_ssize_t,
)
cpdef object transposed(
    const Py_ssize_t[::1] order, const Py_ssize_t[::1] starts, const int[::1] arities, const int[::1] operands
)
@cython.locals(stop=Py_ssize_t, j=Py_ssize_t, at=Py_ssize_t)
cdef Py_ssize_t same_strides(const int[::1] table, Py_ssize_t first, Py_ssize_t arity, Py_ssize_t count, Py_ssize_t i)
@cython.locals(done=Py_ssize_t, i=Py_ssize_t, stop=Py_ssize_t)
cdef list parts(const int[::1] table, Py_ssize_t first, Py_ssize_t arity, Py_ssize_t count)
@cython.locals(
    operands="int[::1]", headers="int[:, ::1]", at=Py_ssize_t, first=Py_ssize_t, n=Py_ssize_t, early=Py_ssize_t,
    g=Py_ssize_t, code=int, arity=Py_ssize_t, count=Py_ssize_t, start=Py_ssize_t, stop=Py_ssize_t, steps=bint,
    j=Py_ssize_t, k=Py_ssize_t, i=Py_ssize_t,
)
cpdef tuple written(const int[:, ::1] kinds, const Py_ssize_t[::1] starts, const int[::1] table, Py_ssize_t target)
