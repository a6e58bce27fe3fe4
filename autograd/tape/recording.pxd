from autograd.engine.listening cimport Listener
from autograd.engine.reading cimport data_of, finish, is_selected, is_stamped, require_alive, stamp

cdef class Recording(Listener):
    cdef public list inputs, nodes, guards, places
    cdef public dict cuts
    cdef public dict seen, here
    cdef public object error, decisions, deciding, code
    cdef public bint asked, selects
