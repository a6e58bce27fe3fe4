cimport cython
from autograd.calculus.kernel cimport CONSTANT, CUSTOM
from autograd.engine.node cimport Fold, Value

@cython.locals(i=Py_ssize_t, f=Fold)
cpdef void customise(Value node, object children, object op, object label, object local_grads) except *
@cython.locals(i=Py_ssize_t, f=Fold, shadow=Value)
cpdef void set_rule(Value node, object closure) except *
@cython.locals(node=Value, f=Fold)
cpdef Value join(double data, tuple operands, object rule)
@cython.locals(f=Fold)
cpdef list apply_rule(Value node, double adjoint)
cpdef void pass_on(Value node) except *
