cimport cython
from autograd.engine.node cimport Node, operate, unary

@cython.no_gc
cdef class Elementary(Node):
    pass
