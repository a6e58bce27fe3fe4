cimport cython
from autograd.calculus._codes cimport CONSTANT, CUSTOM
from autograd.engine.listening cimport _listening, tell_made
from autograd.engine.node cimport Fold, Node, blank
from autograd.engine.pausing cimport grad_enabled
from autograd.engine.reading cimport as_nodes, operands_of, partials_of, refuse, rule_of
from autograd.engine.sweep cimport carries
from autograd.values.copying cimport copied

@cython.locals(i=Py_ssize_t, f=Fold)
cpdef void customise(Node node, object children, object op, object label, object local_grads) except *
@cython.locals(i=Py_ssize_t, f=Fold, shadow=Node)
cpdef void set_rule(Node node, object closure) except *
@cython.locals(node=Node, f=Fold)
cpdef Node join(double data, tuple operands, object rule)
cpdef void pass_on(Node node) except *
