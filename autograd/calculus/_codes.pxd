# Generated from calculus/table.py by `python autograd/calculus/_generate.py`; do not edit.
cdef extern from "autograd/calculus/_codes.h" nogil:
    enum:
        OVER, CONSTANT, LEAF, CUSTOM, FIRST_CODE, GUARD, DOTS, OUTER, FUSION, TIMES, PLUS, MINUS, FROM, \
        OUTER_PLUS, STEPS, EXACT, LANES, TAKES, IS_EQ, IS_NE, IS_LT, IS_LE, IS_GT, IS_GE, ADD, SUB, MUL, DIV, \
        POW, NEG, ABS, EXP, EXPM1, EXP2, LOG, LOG1P, LOG2, LOG10, SQRT, CBRT, SIN, COS, TAN, ASIN, ACOS, ATAN, \
        SINH, COSH, TANH, ASINH, ACOSH, ATANH, ATAN2, HYPOT, ERF, ERFC, SIGMOID, SOFTPLUS, RELU, MAXIMUM, \
        MINIMUM, WHERE, STEP, SIGN, FLOOR, DETACH, LESS, LESS_EQUAL, EQUAL, BOTH, SUM, DOT, LOGSUMEXP
