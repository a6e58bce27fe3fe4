cimport cython
from autograd.calculus._codes cimport ADD, DOT, MUL
from autograd.programs.builder cimport Builder
from autograd.programs.pruning cimport count_readers, pruned, rewrite
from autograd.programs.steps cimport Ints, Steps

cdef int FROM_SLOT, FROM_PRODUCT, FROM_CHAIN

@cython.locals(first=Py_ssize_t, builder=Builder, places="int[::1]")
cpdef object simplified(object program)
@cython.locals(
    steps=Steps, first=Py_ssize_t, readers="int[::1]", begun="int[::1]", length="int[::1]", absorbed=bytearray,
    k=Py_ssize_t, places="int[::1]", written=Steps, factors=Ints, one=Py_ssize_t, start=Py_ssize_t, i=Py_ssize_t,
)
cpdef object chained(object program)
@cython.locals(
    codes="int[::1]", begins="int[::1]", operands="int[::1]", begun="int[::1]", length="int[::1]", k=Py_ssize_t,
    left=Py_ssize_t, right=Py_ssize_t,
)
cdef tuple find_chains(Steps steps, Py_ssize_t first, int[::1] readers)
@cython.locals(begins="int[::1]", operands="int[::1]", absorbed=bytearray, k=Py_ssize_t, left=Py_ssize_t)
cdef bytearray absorb(Steps steps, Py_ssize_t first, int[::1] begun, int[::1] length)
@cython.locals(begins="int[::1]", operands="int[::1]", at=Py_ssize_t, product=Py_ssize_t, left=Py_ssize_t)
cdef Py_ssize_t collect_factors(Steps steps, Py_ssize_t first, int[::1] begun, Py_ssize_t k, Ints factors) except -2
