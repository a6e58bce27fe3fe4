cimport cython
from autograd._kernel cimport LEAF, CONSTANT, CUSTOM
from autograd.engine cimport Fold, Value, constant

@cython.locals(f=Fold, i=Py_ssize_t)
cpdef tuple dismantle(Value node, object replace)
