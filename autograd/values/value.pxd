cimport cython
from autograd.calculus._codes cimport (
    ABS, ADD, CEIL, CONSTANT, CUSTOM, DIV, FLOOR, FLOOR_DIVIDE, IS_EQ, IS_GE, IS_GT, IS_LE, IS_LT, IS_NE, LEAF, MUL, NEG,
    POW, REMAINDER, RINT, SUB, TRUNC,
)
from autograd.engine.listening cimport _listening, refuse_over, tell_made
from autograd.engine.node cimport constant, made_of, node2, node_of, operand, row_of, unary
from autograd.engine.reading cimport (
    attributes, name_of, operands_of, partials_of, refuse, require_alive, rule_of,
)
from autograd.engine.sweep cimport sweep
from autograd.values._methods cimport Elementary
from autograd.values.comparing cimport compare, identity
from autograd.values.closures cimport customise, pass_on, set_rule
from autograd.values.copying cimport copied
from autograd.values.freezing cimport freeze
from autograd.values.showing cimport cut_by, show

@cython.no_gc
cdef class Value(Elementary):
    pass

cdef object LARGEST_INT, SMALLEST_INT
cdef bint is_plain(object x) noexcept
@cython.locals(y=Value)
cdef object binary(int code, Value x, object other)
cdef object reflected(int code, Value y, object other)
