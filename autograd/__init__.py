"""chainrule: scalar reverse-mode automatic differentiation that can be read, seen and run fast.

    >>> from autograd import Value
    >>> x = Value(0.5)
    >>> y = (x * x).tanh()
    >>> y.backward()
    >>> round(y.data, 6), round(x.grad, 6)
    (0.244919, 0.940015)

`Value` records arithmetic; `backward()` fills `grad`; the functions take numbers, Values and arrays alike.
"""

from pathlib import Path as _Path
from typing import TYPE_CHECKING, Any

from autograd._build import check_build, choose_build
from autograd.namesake import answer_for, answer_imports, require_alone, warn_of_nn

require_alone("autograd", _Path(__file__).parent)
warn_of_nn(_Path(__file__).parent.with_name("nn"))
choose_build()

if TYPE_CHECKING:
    from autograd.drawing import draw

# ruff: noqa: E402  (the choice of build comes before the imports it is about)
from autograd.application import dot, logsumexp, sum
from autograd.compile import Compiled, compile
from autograd.engine import Value, native, no_grad
from autograd.files import write_file
from autograd.functional import grad
from autograd.functions import *  # noqa: F403  (its __all__ is the table's named rows)
from autograd.functions import __all__ as _functions
from autograd.recording import RecordingError
from autograd.structure import register_structure
from autograd.sweep import backward, topological_order
from autograd.tape import Tape
from autograd.vectors import values_to_vector, vector_to_values

check_build(native)
answer_imports()

__version__ = "0.1.0"
__all__ = [
    "Compiled", "RecordingError", "Tape", "Value", "backward", "compile", "dot", "draw", "grad", "logsumexp", "native",
    "no_grad", "register_structure", "sum", "topological_order", "values_to_vector", "vector_to_values",
    "write_file", *_functions,
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """`draw`, imported when first asked for: importing graphviz takes as long as all the rest.

    Raises:
        AttributeError: there is no such name; of one that HIPS autograd has, with what to write instead.
    """
    if name == "draw":
        from autograd.drawing import draw

        return draw
    raise AttributeError(answer_for(name) or f"module 'autograd' has no attribute {name!r}")
