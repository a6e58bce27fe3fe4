cimport cython
from autograd.calculus._codes cimport DOT, SUM
from autograd.calculus.kernel cimport fold_value
from autograd.engine.memory cimport doubles, interleaved, release
from autograd.engine.node cimport fold, node2, unary
from autograd.values.value cimport Value

cpdef object apply1(int code, object x)
cpdef object apply2(int code, object x, object y)
@cython.locals(i=Py_ssize_t, has_value=bint)
cpdef object apply(int code, tuple operands)

@cython.locals(i=Py_ssize_t, has_value=bint, plain=bint)
cdef object fold_any(int code, tuple operands)

@cython.locals(n=Py_ssize_t, i=Py_ssize_t, xs="double *")
cdef double number_of(int code, tuple operands) except? -1

@cython.locals(operands=list)
cpdef object sum(object xs, object start=*, object axis=*)

cpdef object dot(object xs, object ys, object start=*)
cpdef object fold_list(int code, object xs, object axis=*)
@cython.locals(left=list, right=list, n=Py_ssize_t)
cpdef object fold_pairs(int code, object xs, object ys, list started=*)
