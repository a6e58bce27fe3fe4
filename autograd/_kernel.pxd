from libc.stdlib cimport calloc, free
from cpython.exc cimport PyErr_CheckSignals

cdef extern from "_kernel.h" nogil:
    enum:
        LEAF, CONSTANT, CUSTOM, ADD, SUB, MUL, DIV, POW, NEG, ABS, FLOOR, SUM, DOT, LOGSUMEXP
    double value1(int code, double x)
    double value2(int code, double x, double y)
    double partial1(int code, double x, double z)
    double partial2(int code, int i, double x, double y, double z)
    double fold_value(int code, const double *xs, Py_ssize_t n)
    double fold_partial(int code, Py_ssize_t i, const double *xs, double z)
    bint selects(int code)

cdef inline double *doubles(Py_ssize_t n) except NULL:
    cdef double *numbers = <double *> calloc(n if n else 1, sizeof(double))
    if numbers == NULL:
        raise MemoryError
    return numbers

cdef inline void release(double *numbers) noexcept:
    free(numbers)

cdef inline int poll() except -1:
    return PyErr_CheckSignals()
