cimport cython
from autograd.programs.needs cimport Needs, any_where
from autograd.programs.steps cimport Ints, Steps

cdef int LONG

@cython.locals(needs=Needs, nodes="int[::1]", places="int[::1]", at=Py_ssize_t, made=Py_ssize_t, found=Ints)
cpdef Ints with_skips(Steps steps, Py_ssize_t first, bytearray varies, list ends, Ints order, list others)
@cython.locals(needs=Needs, nodes="int[::1]", at=Py_ssize_t, made=Py_ssize_t, node=int, its=int)
cdef tuple nodes_of(Steps steps, Py_ssize_t first, bytearray varies, list ends, Ints order, list others)
@cython.locals(at=Py_ssize_t, node=int, end=Py_ssize_t, i=Py_ssize_t, begun=Py_ssize_t)
cdef int write(
    Ints found, Needs needs, int[::1] nodes, int[::1] places, Ints order, list others, Py_ssize_t start,
    Py_ssize_t stop, int depth
) except -1
