cimport cython
from autograd.calculus._codes cimport CONSTANT, CUSTOM, OVER
from autograd.engine.listening cimport _listening, ask_reading, refuse_elsewhere, refuse_over
from autograd.engine.node cimport Fold, Node, has_dict, node_at, row_of

cpdef double data_of(Node x) except? -1
cpdef tuple operands_of(Node node)
cpdef tuple all_operands(Node node)
@cython.locals(fold=Fold, i=Py_ssize_t)
cpdef tuple partials_of(Node node)
cpdef object rule_of(Node node)
cpdef dict attributes(Node node)
cpdef object hooks_of(Node node)
cpdef bint is_selected(Node node)
cpdef str label_of(Node node)
cdef str text_of(Node node, str key)
cpdef str name_of(Node node)
cpdef str title_of(Node node)
cpdef bint is_moving(Node node) noexcept
cpdef list as_nodes(object values, str what)
cpdef object require_root(Node root, str what=*)
cpdef object refuse_childless(Node root)
cpdef Node require_alive(Node x)

cdef unsigned int STAMP
cpdef object stamp(Node node)
cpdef bint is_stamped(Node node) noexcept
cpdef object refuse(str what, Node node=*)
cpdef object refuse_strangers(str what, Node node)
cpdef object refuse_any(str what, list nodes)
@cython.locals(i=Py_ssize_t, node=Node)
cpdef object finish(list nodes)
