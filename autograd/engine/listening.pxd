cdef set _anywhere
cdef int _listening               # how many listen, in any thread
cdef object count()
cpdef list listeners()
cpdef object tell_made(object node)
cpdef object tell_cut(object node, object row, tuple operands)
cpdef object tell_compared(str how, object x, object y, bint outcome)
cpdef object ask_reading(str what)
cpdef object refuse_elsewhere(str what)
cpdef int refuse_over() except -1
