cimport cython
from autograd.calculus._codes cimport ADD, BOTH, DOT, LOGSUMEXP, MAXIMUM, MUL, NORM, SUM, WHERE
from autograd.calculus.kernel cimport selects
from autograd.programs.ancestors cimport Ancestors
from autograd.programs.builder cimport Builder
from autograd.programs.needs cimport Needs, any_where, needs_of
from autograd.programs.products cimport Products
from autograd.programs.slots cimport Partial, has_together, is_variadic, partial_of
from autograd.programs.steps cimport Ints, Steps

cdef int NOT_YET, ALWAYS, OWN, LARGE

cdef class Differentiation:
    cdef readonly Builder builder
    cdef Steps steps
    cdef Py_ssize_t first
    cdef int[::1] places, given, reached, nodes
    cdef Products received
    cdef Needs needs
    cdef Ints crossed
    cdef bint again, selecting
    cdef dict apart

    cpdef Py_ssize_t place(self, Py_ssize_t k) except -1
    @cython.locals(k=Py_ssize_t)
    cpdef int leave_out(self, list outputs) except -1
    cpdef tuple guards(self, object program)
    @cython.locals(
        builder=Builder, first=Py_ssize_t, received=Products, reached="int[::1]", one=Py_ssize_t, k=Py_ssize_t,
        zero=Py_ssize_t, found=list, last=Py_ssize_t, i=Py_ssize_t, now=int,
    )
    cpdef list adjoints(
        self, list outputs, list seeds, object wanted, bytearray depends, bint careful, bint conditions=*
    )
    @cython.locals(
        builder=Builder, first=Py_ssize_t, received=Products, one=Py_ssize_t, zero=Py_ssize_t, order=list, k=Py_ssize_t,
    )
    cpdef list slopes(self, Py_ssize_t output, list wanted, Ancestors ancestors, bint careful)
    @cython.locals(
        builder=Builder, received=Products, reached="int[::1]", first=Py_ssize_t, begins="int[::1]",
        operands="int[::1]", code=int, here=Py_ssize_t, adjoint=Py_ssize_t, i=Py_ssize_t, o=Py_ssize_t,
        partial=Py_ssize_t, condition=Py_ssize_t, inside=bint, taken=bint,
    )
    cdef int pass_on(self, Py_ssize_t k, Py_ssize_t one, bytearray depends, bint careful) except -1
    @cython.locals(
        builder=Builder, steps=Steps, first=Py_ssize_t, codes="int[::1]", begins="int[::1]", operands="int[::1]",
        received=Products, tangents="int[::1]", moves="int[::1]", one=Py_ssize_t, k=Py_ssize_t, code=int,
        at=Py_ssize_t, i=Py_ssize_t, o=Py_ssize_t, partial=Py_ssize_t, condition=Py_ssize_t, zero=Py_ssize_t,
        taken=Py_ssize_t, inside=bint,
    )
    cpdef list tangents(self, object moving, object outputs, bint careful)
    cdef tuple call_at(self, Py_ssize_t k, int step)
    @cython.locals(received=Products, reached="int[::1]", condition=Py_ssize_t, slot=Py_ssize_t, o=Py_ssize_t)
    cdef object pull_through(self, Py_ssize_t k, bytearray depends, Py_ssize_t one)
    @cython.locals(condition=Py_ssize_t, o=Py_ssize_t, slot=Py_ssize_t)
    cdef object push_through(self, Py_ssize_t k, int[::1] tangents)
    @cython.locals(
        begins="int[::1]", operands="int[::1]", begin=Py_ssize_t, end=Py_ssize_t, code=int, variadic=bint,
        rule=Partial, partner=Py_ssize_t, j=Py_ssize_t,
    )
    cdef Py_ssize_t partial(self, Py_ssize_t k, Py_ssize_t i) except -1
    cdef Py_ssize_t total(self, Products received, Py_ssize_t k, Py_ssize_t one) except -1
    cdef Py_ssize_t unsigned(self, Py_ssize_t slot, Py_ssize_t zero) except -1
    @cython.locals(
        builder=Builder, at=Py_ssize_t, second=Py_ssize_t, count=Py_ssize_t, ones=Py_ssize_t, left=Py_ssize_t,
    )
    cdef Py_ssize_t sum_of(self, Products received, Py_ssize_t first, Py_ssize_t end, Py_ssize_t one) except -1
    @cython.locals(condition=int)
    cdef bint holds(self, Py_ssize_t k) except -1
    @cython.locals(i=Py_ssize_t)
    cdef int settle_all(self, Py_ssize_t one) except -1
    @cython.locals(
        received=Products, needs=Needs, at=Py_ssize_t, node=int, outer=int, end=Py_ssize_t, found=Py_ssize_t,
    )
    cdef int settle(self, Py_ssize_t k, Py_ssize_t one) except -1
    cdef Py_ssize_t joined(self, Py_ssize_t condition, Py_ssize_t other) except -1
    cdef Py_ssize_t holding(self, Py_ssize_t condition, Py_ssize_t zero, Py_ssize_t one) except -1
    cdef Py_ssize_t either(self, Py_ssize_t before, Py_ssize_t condition) except -3
    cdef Py_ssize_t under(self, Py_ssize_t condition, Py_ssize_t slot) except -1
