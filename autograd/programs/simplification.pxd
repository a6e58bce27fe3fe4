cimport cython
from autograd.calculus._codes cimport ADD, DOT, MUL
from autograd.programs.builder cimport Recorder
from autograd.programs.steps cimport Ints, Steps

cdef int FROM_SLOT, FROM_PRODUCT, FROM_CHAIN

@cython.locals(first=Py_ssize_t, recorder=Recorder, places="int[::1]")
cpdef object simplified(object tape)
@cython.locals(
    begins="int[::1]", operands="int[::1]", wanted=bytearray, k=Py_ssize_t, at=Py_ssize_t,
    places="int[::1]", kept=Steps,
)
cpdef tuple needed(Steps steps, Py_ssize_t first, object ends)
@cython.locals(code=int, operands="int[::1]", at=Py_ssize_t)
cdef Py_ssize_t renumbered(Steps steps, Py_ssize_t k, int[::1] places, Steps written) except -1
@cython.locals(
    steps=Steps, first=Py_ssize_t, readers="int[::1]", begun="int[::1]", length="int[::1]", begins="int[::1]",
    operands="int[::1]", absorbed=bytearray, k=Py_ssize_t, left=Py_ssize_t, places="int[::1]", written=Steps, one=Py_ssize_t, factors=Ints, at=Py_ssize_t, product=Py_ssize_t, i=Py_ssize_t,
)
cpdef object chained(object tape)
@cython.locals(begins="int[::1]", operands="int[::1]", k=Py_ssize_t, at=Py_ssize_t)
cdef int[::1] count_needed_readers(Steps steps, Py_ssize_t first, object ends)
@cython.locals(
    codes="int[::1]", begins="int[::1]", operands="int[::1]", begun="int[::1]", length="int[::1]", k=Py_ssize_t,
    left=Py_ssize_t, right=Py_ssize_t,
)
cdef tuple find_chains(Steps steps, Py_ssize_t first, int[::1] readers)
