"""Codes of rows, and of what is no row: see `codes.py`.

Generated from calculus/table.py by `python autograd/calculus/_generate.py`; do not edit.
"""

OVER = -1
CONSTANT = 0
LEAF = 1
CUSTOM = 2
FIRST_CODE = 3
GUARD = 0
DOTS = 1
OUTER = 2
FUSION = 100
TIMES = 0
PLUS = 1
MINUS = 2
FROM = 3
OUTER_PLUS = 116
STEPS = 100
EXACT = 200
LANES = 64
TAKES = 1073741824
IS_EQ = 0
IS_NE = 1
IS_LT = 2
IS_LE = 3
IS_GT = 4
IS_GE = 5
ADD = 3
SUB = 4
MUL = 5
DIV = 6
POW = 7
NEG = 8
ABS = 9
EXP = 10
EXPM1 = 11
EXP2 = 12
LOG = 13
LOG1P = 14
LOG2 = 15
LOG10 = 16
SQRT = 17
CBRT = 18
SIN = 19
COS = 20
TAN = 21
ASIN = 22
ACOS = 23
ATAN = 24
SINH = 25
COSH = 26
TANH = 27
ASINH = 28
ACOSH = 29
ATANH = 30
ATAN2 = 31
HYPOT = 32
ERF = 33
ERFC = 34
SIGMOID = 35
SOFTPLUS = 36
RELU = 37
MAXIMUM = 38
MINIMUM = 39
WHERE = 40
STEP = 41
SIGN = 42
FLOOR = 43
DETACH = 44
LESS = 45
LESS_EQUAL = 46
EQUAL = 47
BOTH = 48
SUM = 49
DOT = 50
LOGSUMEXP = 51
STEPPING = frozenset((
    3, 4, 5, 6, 8, 9, 37, 41, 49, 50,
))  # fmt: skip
VECTORISED = frozenset((
    7, 10, 11, 12, 13, 14, 15, 16, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 33, 34, 35, 36, 51,
))  # fmt: skip
