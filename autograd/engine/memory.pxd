from libc.stdlib cimport calloc, free
from libc.string cimport memset
from cpython.exc cimport PyErr_CheckSignals
from cpython.list cimport PyList_New, PyList_SET_ITEM
from cpython.object cimport PyObject
from cpython.ref cimport Py_INCREF
from cpython.tuple cimport PyTuple_New, PyTuple_SET_ITEM

cdef extern from "Python.h":
    void let_go "Py_DECREF" (PyObject *)

cdef inline double *doubles(Py_ssize_t n) except NULL:
    cdef double *numbers = <double *> calloc(n if n else 1, sizeof(double))
    if numbers == NULL:
        raise MemoryError
    return numbers

cdef inline void release(double *numbers) noexcept:
    free(numbers)

# Storage for one sweep: what the last has left, or new.
cdef extern from "autograd/engine/blocks.h":
    void *take_block(size_t size) except NULL
    void *widen_block(void *block, size_t size) except NULL
    void leave_block(void *block)

cdef inline double *workspace(Py_ssize_t n) except NULL:
    cdef double *numbers = <double *> take_block(n * sizeof(double))
    memset(numbers, 0, n * sizeof(double))
    return numbers

cdef inline void free_workspace(void *found) noexcept:
    leave_block(found)

cdef inline char *flags(Py_ssize_t n) except NULL:
    cdef char *found = <char *> take_block(n)
    memset(found, 0, n)
    return found

# Objects one upon another; which of them it keeps alive is up to who uses it.
ctypedef struct Pile:
    PyObject **items
    Py_ssize_t count
    Py_ssize_t room

cdef inline Pile *new_pile() except NULL:
    cdef Pile *pile = <Pile *> calloc(1, sizeof(Pile))
    if pile == NULL:
        raise MemoryError
    return pile

cdef inline void free_pile(Pile *pile, bint kept) noexcept:
    cdef Py_ssize_t i
    if kept:
        for i in range(pile.count):
            let_go(pile.items[i])
    leave_block(pile.items)
    free(pile)

cdef inline Py_ssize_t count(Pile *pile) noexcept:
    return pile.count

cdef inline int push(Pile *pile, object x) except -1:
    if pile.count == pile.room:
        widen(pile)
    pile.items[pile.count] = <PyObject *> x
    pile.count += 1
    return 0

cdef inline int keep(Pile *pile, object x) except -1:
    push(pile, x)
    Py_INCREF(x)
    return 0

cdef inline int widen(Pile *pile) except -1:
    cdef Py_ssize_t room = 2 * pile.room + 64
    pile.items = <PyObject **> widen_block(pile.items, room * sizeof(PyObject *))
    pile.room = room
    return 0

cdef inline list listed(Pile *pile):
    cdef list found = PyList_New(pile.count)
    cdef Py_ssize_t i
    for i in range(pile.count):
        Py_INCREF(<object> pile.items[i])
        PyList_SET_ITEM(found, i, <object> pile.items[i])
    return found

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
