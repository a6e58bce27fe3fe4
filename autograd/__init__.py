"""chainrule: scalar reverse-mode automatic differentiation that can be read, seen and run fast.

    >>> from autograd import Value
    >>> x = Value(3.0)
    >>> y = (x * x).tanh()
    >>> y.backward()
    >>> round(x.grad, 12)
    3.7e-07

`Value` records arithmetic; `backward()` fills `grad`; the functions take numbers, Values and arrays alike.
"""

from autograd._build import check_build, choose_build

choose_build()

# ruff: noqa: E402  (the choice of build comes before the imports it is about)
from autograd.application import dot, logsumexp, sum
from autograd.engine import Value, backward, grad, native, no_grad, topological_order
from autograd.functions import *  # noqa: F403  (its __all__ is the table's named rows)
from autograd.functions import __all__ as _functions

check_build(native)

__version__ = "0.1.0"
__all__ = [
    "Value", "backward", "dot", "grad", "logsumexp", "native", "no_grad", "sum", "topological_order", *_functions,
]  # fmt: skip
