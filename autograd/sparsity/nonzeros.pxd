cimport cython
from autograd.programs.slots cimport Partial, is_variadic, partial_of
from autograd.programs.steps cimport Ints, Steps

cdef int FEW, MANY, OWN, UNKNOWN, PASSES, STOPS
cdef bytearray _passing

cdef class InputSets

@cython.locals(first=Py_ssize_t, columns=Py_ssize_t, sets=InputSets, begins=Ints, found=Ints, k=Py_ssize_t)
cpdef tuple nonzeros(object program, object wanted, int few=*, Py_ssize_t many=*)
@cython.locals(count=Py_ssize_t, row=int, at=Py_ssize_t, column=Py_ssize_t)
cpdef object put_rows(const int[::1] begins, const int[::1] columns, int[::1] places, int[::1] rows)
@cython.locals(rule=Partial, at=Py_ssize_t, step=Py_ssize_t, number=int)
cpdef bint passes(int code, Py_ssize_t i) except -1

cdef class InputSets:
    cdef Py_ssize_t columns, few
    cdef int turn
    cdef int[::1] sets, seen
    cdef readonly Ints items
    cdef Ints begins, ends, listed, marks, parts, stack

    cdef Py_ssize_t close(self, Py_ssize_t begin, bint listed) except -1
    @cython.locals(
        code=int, begin=Py_ssize_t, parts=Ints, largest=Py_ssize_t, size=Py_ssize_t, listed=bint, at=Py_ssize_t,
        part=Py_ssize_t, start=Py_ssize_t, i=Py_ssize_t,
    )
    cdef Py_ssize_t of_step(self, Steps steps, Py_ssize_t k) except -2
    cdef int put(self, int column, Ints found) except -1
    @cython.locals(stack=Ints, part=Py_ssize_t, at=Py_ssize_t)
    cpdef object collect(self, Py_ssize_t k, Ints found)
    @cython.locals(column=int)
    cpdef object fill(self, Ints found)
