cimport cython
from autograd.calculus._codes cimport CONSTANT, CUSTOM, LEAF
from autograd.engine.listening cimport _listening, tell_made
from autograd.engine.node cimport Fold, Node, blank
from autograd.engine.reading cimport attributes, operands_of, partials_of, rule_of

@cython.locals(twin=Node)
cpdef object copied(Node node)
@cython.locals(f=Fold, i=Py_ssize_t)
cpdef tuple dismantle(Node node, object replace)
