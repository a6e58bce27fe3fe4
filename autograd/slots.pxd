cimport cython

cdef class Slot

cdef class Recorder:
    cdef readonly Py_ssize_t inputs
    cdef readonly bint simplifying, sharing
    cdef public list steps
    cdef dict _constants, _known

    cpdef Slot constant(self, double number)
    cpdef Slot lift(self, object x)
    cpdef Slot apply(self, object row, object operands)
    @cython.locals(step=tuple, key=tuple, x=Slot, y=Slot, same=Slot, constants=Py_ssize_t)
    cdef Slot apply_to(self, object row, list xs)
    @cython.locals(slots=list, k=Py_ssize_t)
    cpdef list transcribe(self, object steps, object inputs)
    cdef object _add(self, tuple step)

@cython.final
cdef class Slot:
    cdef readonly Recorder recorder
    cdef readonly object index, number

@cython.locals(x=Slot, y=Slot)
cdef tuple places_of(list xs)
@cython.locals(x=Slot, y=Slot, condition=object)
cdef Slot unchanged(object row, list xs)
cdef bint is_zero(Slot x, double sign) except -1
@cython.locals(slot=Slot)
cdef Slot slot_at(Recorder recorder, object index, object number)
