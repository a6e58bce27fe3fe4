cimport cython
from autograd._kernel cimport CUSTOM
from autograd.engine cimport Fold, Value, row_of
from autograd.slots cimport Recorder, Slot
from autograd.sweep cimport is_placed

@cython.locals(i=Py_ssize_t, node=Value, f=Fold, x=Value, y=Value)
cdef object collect(list order, dict cuts, list others, list found, set known)
@cython.locals(i=Py_ssize_t, x=Value)
cdef object meet(tuple operands, list order, list found, set known)
@cython.locals(i=Py_ssize_t, k=Py_ssize_t, node=Value, f=Fold, slots=list, xs=list, given=list, slot=Slot)
cpdef object transcribe(list order, Py_ssize_t inputs, dict outside, dict cuts, Recorder recorder)
@cython.locals(v=Value)
cdef Slot slot_of(object x, list order, list slots, dict outside, Recorder recorder)
