cimport cython
from autograd.programs.steps cimport Steps

@cython.locals(
    steps=Steps, first=Py_ssize_t, begins="int[::1]", operands="int[::1]", depends=bytearray, k=Py_ssize_t, at=Py_ssize_t,
)
cpdef bytearray dependents(object program, object wanted)
@cython.locals(
    steps=Steps, first=Py_ssize_t, begins="int[::1]", operands="int[::1]", found=bytearray, k=Py_ssize_t, at=Py_ssize_t,
)
cpdef bytearray live(object program)
@cython.locals(steps=Steps, first=Py_ssize_t, found=bytearray, places="int[::1]", kept=Steps, k=Py_ssize_t)
cpdef object pruned(object program)
@cython.locals(code=int, operands="int[::1]", at=Py_ssize_t)
cpdef Py_ssize_t rewrite(Steps steps, Py_ssize_t k, int[::1] places, Steps written) except -1
@cython.locals(begins="int[::1]", operands="int[::1]", readers="int[::1]", k=Py_ssize_t, at=Py_ssize_t, o=Py_ssize_t)
cpdef object count_readers(Steps steps, Py_ssize_t first, bytearray reading, object ends)
