"""chainrule: scalar reverse-mode automatic differentiation that can be read, seen and run fast.

    >>> from autograd import Value
    >>> x = Value(0.5)
    >>> y = (x * x).tanh()
    >>> y.backward()
    >>> round(y.data, 6), round(x.grad, 6)
    (0.244919, 0.940015)

`Value` remembers its arithmetic; `backward()` fills `grad`; the functions take numbers, Values and arrays alike.
"""

from importlib import import_module
from pathlib import Path as _Path
from typing import TYPE_CHECKING, Any

from autograd._build import check_build, choose_build, native
from autograd.border.namesake import answer_for, answer_imports, require_alone, warn_of_nn

require_alone("autograd", _Path(__file__).parent)
warn_of_nn(_Path(__file__).parent.with_name("nn"))
choose_build()

if TYPE_CHECKING:
    from autograd.algebra.formula import formula
    from autograd.checks.anomaly import AnomalyError, detect_anomaly
    from autograd.checks.gradcheck import gradcheck
    from autograd.checks.report import GradcheckError
    from autograd.comparisons.same import assert_same_as_jax, assert_same_as_torch
    from autograd.drawing.draw import draw, draw_dot
    from autograd.explanations.explain import explain
    from autograd.explanations.statistics import statistics
    from autograd.explanations.steps import steps
    from autograd.hosts.jax import to_jax
    from autograd.hosts.torch import to_torch

# ruff: noqa: E402  (the choice of build comes before the imports it is about)
from autograd import linalg
from autograd.border.files import write_file
from autograd.compiled.compile import Compiled, compile
from autograd.custom.functions import custom_jvp, custom_vjp
from autograd.custom.primitives import primitive
from autograd.derivatives.checkpoint import checkpoint
from autograd.derivatives.grad import grad, value_and_grad
from autograd.derivatives.second import ggn_vp, hessian, hvp, laplacian
from autograd.derivatives.transforms import jacobian, jvp, vjp
from autograd.engine.pausing import no_grad
from autograd.engine.refusals import RecordingError
from autograd.expansions.taylor import taylor
from autograd.expansions.uncertainty import propagate
from autograd.implicit.roots import fixed_point, root
from autograd.structures.trees import register_structure
from autograd.sweeps.chunks import Draws, RowsOf
from autograd.sweeps.errors import SweepError
from autograd.tape.tape import Tape
from autograd.values._functions import (
    abs,
    acos,
    acosh,
    asin,
    asinh,
    atan,
    atan2,
    atan_slope,
    atanh,
    beta,
    betaln,
    both,
    cbrt,
    cbrt_slope,
    ceil,
    copysign,
    cos,
    cosh,
    degrees,
    detach,
    digamma,
    direction,
    equal,
    erf,
    erfc,
    erfcx,
    erfcx_derivative,
    erfinv,
    exp,
    exp2,
    expm1,
    floor,
    floor_divide,
    fmod,
    gamma,
    hypot,
    i0,
    i0e,
    i0e_derivative,
    i1,
    i1e,
    i1e_derivative,
    inversion,
    iv,
    j0,
    j1,
    jv,
    less,
    less_equal,
    lgamma,
    log,
    log1p,
    log2,
    log10,
    log_ndtr,
    logit,
    logsumexp,
    maximum,
    minimum,
    ndtr,
    ndtri,
    norm,
    norm_pdf,
    one_less_square,
    polygamma,
    polygamma_rise,
    pow_curvature,
    pow_log,
    pow_log_squared,
    pow_mixed,
    pow_slope,
    radians,
    relu,
    remainder,
    rint,
    share,
    sigmoid,
    sigmoid_slope,
    sign,
    sin,
    sinc,
    sinc_derivative,
    sinh,
    softplus,
    sqrt,
    step,
    tan,
    tanh,
    trunc,
    where,
    xdivy,
    xlog1py,
    xlogy,
)
from autograd.values.folds import dot, sum
from autograd.values.pointwise import clip, expit, isclose, isfinite, isnan, log_sigmoid, logaddexp, round
from autograd.values.roots import backward, topological_order
from autograd.values.series import cumsum, log_softmax, mean, prod, softmax, std, var
from autograd.values.tables import interp, searchsorted
from autograd.values.value import Value
from autograd.values.vectors import values_to_vector, vector_to_values

check_build()
answer_imports()

__version__ = "0.1.0"
__all__ = [
    "AnomalyError", "Compiled", "GradcheckError", "RecordingError", "Tape", "Value", "backward", "checkpoint",
    "Draws", "RowsOf", "SweepError",  # of many chunks, on many workers
    "compile", "custom_jvp", "custom_vjp", "detect_anomaly", "dot", "draw", "draw_dot", "explain", "fixed_point",
    "formula", "ggn_vp", "grad", "gradcheck", "hessian", "hvp", "jacobian", "jvp", "laplacian", "linalg", "native",
    "no_grad", "primitive", "register_structure", "root", "statistics", "steps", "sum", "topological_order",
    "value_and_grad", "values_to_vector", "vector_to_values", "vjp", "write_file",
    # expansions of functions, and other libraries to compare with
    "assert_same_as_jax", "assert_same_as_torch", "propagate", "taylor",
    # compiled functions inside other libraries
    "to_jax", "to_torch",
    # functions that are made of rows
    "clip", "cumsum", "expit", "interp", "isclose", "isfinite", "isnan", "log_sigmoid", "log_softmax", "logaddexp",
    "mean", "prod", "round", "searchsorted", "softmax", "std", "var",
    # the rows of the table that have names (written by calculus/_generate.py)
    "abs", "acos", "acosh", "asin", "asinh", "atan", "atan2", "atan_slope", "atanh", "beta", "betaln", "both", "cbrt",
    "cbrt_slope", "ceil", "copysign", "cos", "cosh", "degrees", "detach", "digamma", "direction", "equal", "erf",
    "erfc", "erfcx", "erfcx_derivative", "erfinv", "exp", "exp2", "expm1", "floor", "floor_divide", "fmod", "gamma",
    "hypot", "i0", "i0e", "i0e_derivative", "i1", "i1e", "i1e_derivative", "inversion", "iv", "j0", "j1", "jv", "less",
    "less_equal", "lgamma", "log", "log1p", "log2", "log10", "log_ndtr", "logit", "logsumexp", "maximum", "minimum",
    "ndtr", "ndtri", "norm", "norm_pdf", "one_less_square", "polygamma", "polygamma_rise", "pow_curvature", "pow_log",
    "pow_log_squared", "pow_mixed", "pow_slope", "radians", "relu", "remainder", "rint", "share", "sigmoid",
    "sigmoid_slope", "sign", "sin", "sinc", "sinc_derivative", "sinh", "softplus", "sqrt", "step", "tan", "tanh",
    "trunc", "where", "xdivy", "xlog1py", "xlogy",
]  # fmt: skip


LATER = {
    "AnomalyError": "autograd.checks.anomaly", "detect_anomaly": "autograd.checks.anomaly",
    "GradcheckError": "autograd.checks.report", "gradcheck": "autograd.checks.gradcheck",
    "draw": "autograd.drawing.draw", "draw_dot": "autograd.drawing.draw",
    "assert_same_as_jax": "autograd.comparisons.same", "assert_same_as_torch": "autograd.comparisons.same",
    "explain": "autograd.explanations.explain", "formula": "autograd.algebra.formula",
    "statistics": "autograd.explanations.statistics", "steps": "autograd.explanations.steps",
    "to_jax": "autograd.hosts.jax", "to_torch": "autograd.hosts.torch",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """What draws and explains, imported when first asked for: importing graphviz takes as long as all the rest.

    Raises:
        AttributeError: there is no such name; of one that HIPS autograd has, with what to write instead.
    """
    if name in LATER:
        return getattr(import_module(LATER[name]), name)
    raise AttributeError(answer_for(name) or f"module 'autograd' has no attribute {name!r}")
