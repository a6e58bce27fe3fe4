cimport cython
from autograd.slots cimport Recorder, Slot

@cython.locals(
    first=Py_ssize_t, k=Py_ssize_t, o=Py_ssize_t, i=Py_ssize_t, received=list, pairs=list, xs=list,
    one=Slot, adjoint=Slot, z=Slot, partial=Slot, condition_here=Slot, condition=Slot, before=Slot,
)
cpdef list adjoints_of(
    tape, Recorder recorder, list slots, Py_ssize_t output, wanted, bytearray depends, bint careful
)
@cython.locals(partial=Slot, ones=list, terms=list)
cdef Slot total(Recorder recorder, list pairs)
cdef Slot joined(Slot condition, Slot other)
@cython.locals(steps=list, first=Py_ssize_t, depends=bytearray, k=Py_ssize_t, o=Py_ssize_t)
cpdef bytearray depending(object tape, object wanted)
