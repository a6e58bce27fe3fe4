cimport cython
from autograd.calculus._codes cimport ADD, CONSTANT, MUL, POW, SUB, SUM

@cython.locals(
    codes="int[::1]", starts="long long[::1]", operands="int[::1]", found="int[::1]", parts="int[::1]", n=Py_ssize_t,
    i=Py_ssize_t, first=Py_ssize_t, last=Py_ssize_t, at=Py_ssize_t, x=Py_ssize_t, code=int, owner=int,
    of_parameters=int, products=int, others=int, parameters=int, weighted=int, power=bint,
)
cpdef object belonging(object columns, object owners)
