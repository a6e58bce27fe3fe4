cimport cython
from autograd.calculus.kernel cimport LEAF, CONSTANT, CUSTOM
from autograd.engine.node cimport Fold, Value, constant

@cython.locals(f=Fold, i=Py_ssize_t)
cpdef tuple dismantle(Value node, object replace)
