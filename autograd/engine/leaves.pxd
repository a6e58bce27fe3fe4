cimport cython
from autograd.calculus._codes cimport LEAF
from autograd.engine.listening cimport _listening, tell_made
from autograd.engine.node cimport Node, blank

cpdef bint are_floats(object items) except -1
@cython.locals(z=Node)
cpdef Node leaf(double number)
@cython.locals(i=Py_ssize_t)
cpdef list leaves(list numbers)
