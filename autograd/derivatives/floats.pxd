cimport cython
from cpython.contextvars cimport PyContextVar_Reset, PyContextVar_Set, get_value
from autograd.curvature.pushing cimport all_finite, moved
from autograd.engine.leaves cimport are_floats, leaf, leaves
from autograd.engine.listening cimport _listening, recorder
from autograd.engine.reading cimport data_of, is_moving
from autograd.engine.sweep cimport sweep
from autograd.values.value cimport Value

cdef object _within

cdef inline bint is_within() except -1:
    return get_value(_within) is True

cdef inline object enter():
    return PyContextVar_Set(_within, True)

cdef inline int leave(object before) except -1:
    PyContextVar_Reset(_within, before)
    return 0

cpdef bint is_differentiated() except -1
cpdef object called_within(object function, object args, object kwargs)

@cython.freelist(8)
@cython.final
cdef class Called:
    cdef readonly list inputs, counts, items
    cdef readonly bint one, single
    cdef readonly object result

    @cython.locals(whole=list, found=list, single=bint)
    cdef list with_several(self, object by, object args)
    cpdef bint is_moved(self)
    cpdef bint has_plain_results(self) except -1
    cpdef object value(self)
    cpdef object in_results(self, list items)
    @cython.locals(at=Py_ssize_t, count=Py_ssize_t)
    cpdef object by_argument(self, list items)
    @cython.locals(found=list, count=Py_ssize_t)
    cpdef list direction(self, object tangents)
    cpdef object slopes(self)
    cpdef object pulled(self, object cotangent)
    @cython.locals(k=Py_ssize_t, roots=list, seeds=list)
    cdef object pulled_back(self, list items, list weights)
    @cython.locals(k=Py_ssize_t, rows=list, columns=list, column=list)
    cpdef object jacobian(self)
    cpdef list arguments(self)

cpdef bint is_plain(object x) except -1
@cython.locals(called=Called, whole=list)
cpdef Called called_on_floats(object function, object argnums, object args, object kwargs)
@cython.locals(called=Called)
cpdef object gradient_on_floats(object function, object argnums, object args, object kwargs, bint with_value)
@cython.locals(at=Py_ssize_t)
cdef Py_ssize_t place_of(object x, tuple items) except -1
@cython.locals(called=Called, direction=list, rows=list)
cpdef object along_on_floats(object function, object primals, object tangents)
