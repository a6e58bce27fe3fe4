cimport cython

cdef class Listener:
    cdef public bint over, records, checks
    cdef object __weakref__

    cpdef object made(self, object node)
    cpdef object cut(self, object node, object row, tuple operands)
    cpdef object compared(self, str how, object x, object y, bint outcome)
    cpdef object reading(self, str what)
    cpdef object swept(self, list order, list adjoints)
    cpdef object entered(self, str what)
    cpdef object refused(self, object error)

cdef set _anywhere
cdef int _listening               # how many listen, in any thread
cdef object count()
cpdef list listeners()
cpdef list checkers()
cpdef object recorder()
@cython.locals(here=tuple, i=Py_ssize_t, each=Listener)
cpdef object tell_made(object node)
cpdef object tell_cut(object node, object row, tuple operands)
cpdef object tell_compared(str how, object x, object y, bint outcome)
cpdef object ask_reading(str what)
cpdef object tell_swept(list order, list adjoints)
cpdef object refuse_elsewhere(str what)
cpdef int refuse_selected(str what) except -1
cpdef int refuse_over() except -1
