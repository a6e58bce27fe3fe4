cimport cython
from autograd.calculus._codes cimport STEPS
from autograd.programs.steps cimport Steps

@cython.locals(
    codes="int[::1]", begins="int[::1]", operands="int[::1]", found="int[::1]", late="int[::1]", k=Py_ssize_t,
    at=Py_ssize_t, operand=Py_ssize_t, depth=int,
)
cpdef tuple depths(Steps steps, Py_ssize_t first)
@cython.locals(
    codes="int[::1]", begins="int[::1]", arities="int[::1]", order="int[::1]", starts="int[::1]", count=Py_ssize_t,
    k=Py_ssize_t, before=Py_ssize_t, i=Py_ssize_t, groups=Py_ssize_t, alike=bint, keys="int[::1]",
)
cpdef tuple grouped(Steps steps, int[::1] depth, int[::1] late)
@cython.locals(largest=int, begins="int[::1]", found="int[::1]", i=Py_ssize_t, key=Py_ssize_t)
cdef int[::1] sorted_by(int[::1] keys, int[::1] order, Py_ssize_t count)
@cython.locals(
    begins="int[::1]", operands="int[::1]", table="int[::1]", first=Py_ssize_t, g=Py_ssize_t, start=Py_ssize_t,
    count=Py_ssize_t, arity=Py_ssize_t, i=Py_ssize_t, begin=Py_ssize_t, j=Py_ssize_t,
)
cdef int[::1] transposed(Steps steps, int[::1] order, int[::1] starts, int[::1] places)
@cython.locals(stop=Py_ssize_t, j=Py_ssize_t, at=Py_ssize_t)
cdef Py_ssize_t same_strides(int[::1] table, Py_ssize_t first, Py_ssize_t arity, Py_ssize_t count, Py_ssize_t i)
@cython.locals(done=Py_ssize_t, i=Py_ssize_t, stop=Py_ssize_t)
cdef list strided_parts(int[::1] table, Py_ssize_t first, Py_ssize_t arity, Py_ssize_t count)
@cython.locals(
    table="int[::1]", operands="int[::1]", headers="int[:, ::1]", at=Py_ssize_t, first=Py_ssize_t, n=Py_ssize_t,
    early=Py_ssize_t, g=Py_ssize_t, k=Py_ssize_t, count=Py_ssize_t, code=int, arity=Py_ssize_t, found=list,
    part=Py_ssize_t, start=Py_ssize_t, stop=Py_ssize_t, strides=bint, j=Py_ssize_t, origin=Py_ssize_t, i=Py_ssize_t,
)
cpdef tuple group_headers(
    Steps steps, int[::1] order, int[::1] starts, int[::1] late, int[::1] places, Py_ssize_t target
)
