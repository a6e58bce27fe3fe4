from autograd.calculus._codes cimport CONSTANT
from autograd.engine.listening cimport _listening
from autograd.engine.node cimport Node
from autograd.engine.reading cimport name_of, refuse

cpdef str show(Node v)
cpdef object cut_by(str what)
