cimport cython
from autograd.calculus._codes cimport CONSTANT
from autograd.engine.listening cimport _listening, refuse_over, refuse_selected, tell_compared
from autograd.engine.node cimport Node
from autograd.engine.reading cimport is_selected, refuse_strangers

cdef long _left
@cython.locals(y=Node)
cpdef object compare(Node x, object other, int how)
cpdef object identity(Node x)
