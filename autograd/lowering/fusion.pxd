cimport cython
from autograd.calculus._codes cimport ADD, EXACT, FROM, FUSION, MINUS, MUL, NEG, PLUS, POW, SUB, TIMES
from autograd.calculus.kernel cimport is_vectorised
from autograd.programs.steps cimport Steps


cdef int fusion_kind(int code) noexcept
@cython.locals(
    codes="int[::1]", begins="int[::1]", operands="int[::1]", written=Steps, k=Py_ssize_t, code=int,
    begin=Py_ssize_t, exponent=int, at=Py_ssize_t,
)
cpdef Steps squares_as_products(Steps steps, Py_ssize_t first)
@cython.locals(codes="int[::1]", begins="int[::1]", operands="int[::1]", written=Steps, k=Py_ssize_t, at=Py_ssize_t)
cpdef Steps exactly(Steps steps)
@cython.locals(
    codes="int[::1]", begins="int[::1]", operands="int[::1]", written=Steps, k=Py_ssize_t, code=int, begin=Py_ssize_t,
    arity=Py_ssize_t, kind=int, side=Py_ssize_t, inner=Py_ssize_t, at=Py_ssize_t,
)
cpdef Steps fused(
    Steps steps, Py_ssize_t first, bytearray varies, bytearray absorbed, int[::1] readers, Py_ssize_t minus_one
)
