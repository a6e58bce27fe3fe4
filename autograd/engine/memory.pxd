from libc.stdlib cimport calloc, free
from cpython.exc cimport PyErr_CheckSignals
from cpython.ref cimport Py_INCREF
from cpython.tuple cimport PyTuple_New, PyTuple_SET_ITEM

cdef inline double *doubles(Py_ssize_t n) except NULL:
    cdef double *numbers = <double *> calloc(n if n else 1, sizeof(double))
    if numbers == NULL:
        raise MemoryError
    return numbers

cdef inline void release(double *numbers) noexcept:
    free(numbers)

cdef inline int poll() except -1:
    return PyErr_CheckSignals()

cdef inline tuple interleaved(list left, list right, list started):
    cdef Py_ssize_t first = len(started), n = len(left), i
    cdef tuple found = PyTuple_New(first + 2 * n)
    for i in range(first):
        put(found, i, started[i])
    for i in range(n):
        put(found, first + 2 * i, left[i])
        put(found, first + 2 * i + 1, right[i])
    return found

cdef inline void put(tuple found, Py_ssize_t i, object x):
    Py_INCREF(x)  # SET_ITEM keeps the reference it is given
    PyTuple_SET_ITEM(found, i, x)
