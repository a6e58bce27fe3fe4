"""The others of our names: HIPS autograd (`pip install autograd`) and PyPI's `nn`; told from us, and answered for.

Installed into one environment, each overwrites files of the other, and uninstalling one takes some of both away. So a
folder that holds files of two packages is refused, whoever came last: what still works there does so by chance. What
is merely found elsewhere on `sys.path` does no harm, and is not looked for.
"""

import sys
import warnings
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType

__all__ = ["answer_for", "answer_imports", "require_alone", "warn_of_nn"]

FOREIGN = {"autograd": ("core.py", "numpy/__init__.py"), "nn": ("core.py", "ops.py")}
"""Of each package's name, files that the other has and we have not."""

COMPILED = "`autograd.compile(f)"
OWN_RULE = "`autograd.primitive(f, partials=[...])` or `autograd.custom_vjp(f)` for a rule of your own"
MODULES = {
    "numpy": "`import numpy as np`, whose functions take Values and arrays of them",
    "scipy": "autograd's functions (autograd.erf, ...): of SciPy's there are no others here",
    "misc": f"`nn.SGD` to optimise; {COMPILED}` takes arguments of any structure, without flattening",
    "test_util": "`autograd.gradcheck(f, x)`",
    **dict.fromkeys(("core", "extend", "tracer", "util", "wrap_util"), OWN_RULE),
    **dict.fromkeys(("builtins", "differential_operators"), f"{COMPILED}` and its methods for derivatives"),
}
"""HIPS's modules, and what to write here instead."""

FUNCTIONS = {
    "deriv": "`autograd.grad(f)`",
    "elementwise_grad": "`autograd.compile(f, in_axes=0).grad`, for an f of one number",
    "grad_and_aux": "`autograd.grad(f, has_aux=True)`",
    "grad_named": "`autograd.grad(f, argnums=...)`",
    "hessian_tensor_product": "`autograd.hvp(f, (x,), (v,))`",
    "hessian_vector_product": "`autograd.hvp(f, (x,), (v,))`",
    "holomorphic_grad": "`autograd.grad(f)`, for real numbers alone",
    "make_ggnvp": "`autograd.ggn_vp(f, loss, (x,), (v,))`",
    "make_hvp": "`autograd.hvp(f, (x,), (v,))`",
    "make_jvp": "`autograd.jvp(f, (x,), (v,))`",
    "make_vjp": "`autograd.vjp(f, x)`",
    "multigrad_dict": "`autograd.grad(f, argnums=(0, 1))`",
    "tensor_jacobian_product": "`autograd.vjp(f, x)`",
    "vector_jacobian_product": "`autograd.vjp(f, x)`",
}
"""What its `autograd` exports besides, and what to write here instead."""


def answer_for(name: str) -> str:
    """What to tell who asks for a name of HIPS autograd; nothing for any other.

    >>> print(answer_for("make_hvp"))
    autograd.make_hvp belongs to HIPS autograd. This is chainrule, which has the same import name: write
    `autograd.hvp(f, (x,), (v,))`. The two cannot live in one environment
    """
    instead = MODULES.get(name) or FUNCTIONS.get(name)
    if instead is None:
        return ""
    return (
        f"autograd.{name} belongs to HIPS autograd. This is chainrule, which has the same import name: write "
        f"{instead}. The two cannot live in one environment"
    )


class Namesake:
    """Answers imports of what is HIPS's. It is asked last, of what was found nowhere."""

    @staticmethod
    def find_spec(name: str, path: Sequence[str] | None = None, target: ModuleType | None = None) -> ModuleSpec | None:
        """Nothing.

        Raises:
            ModuleNotFoundError: HIPS has it. Python asks for a module also where `from autograd import x` finds no x.
        """
        package, _, rest = name.partition(".")
        answer = answer_for(rest) if package == "autograd" else ""
        if answer:
            raise ModuleNotFoundError(answer)
        return None


def answer_imports() -> None:
    """Have imports of HIPS's modules and functions answered."""
    sys.meta_path.append(Namesake)


def require_alone(package: str, folder: Path) -> None:
    """Pass if the folder of one of our packages holds no file of the other package of its name.

    Raises:
        ImportError: it does.
    """
    found = mixed(package, folder)
    if found:
        raise ImportError(found)


def warn_of_nn(folder: Path) -> None:
    """Warn if our `nn` beside this package is mixed with the other: if that came last, it is what will be imported."""
    found = mixed("nn", folder) if (folder / "_installed.py").exists() else ""
    if found:
        warnings.warn(found, RuntimeWarning, stacklevel=2)


def mixed(package: str, folder: Path) -> str:
    """What to tell whose folder holds files of two packages; nothing if it does not."""
    for name in FOREIGN[package]:
        if (folder / name).exists():
            return (
                f"{folder} holds files of two packages that have overwritten each other: chainrule and, as {name} "
                f"shows, PyPI's `{package}`. Run `pip uninstall {package} chainrule`, delete what is left of that "
                "folder, and install the one you want; the other belongs into an environment of its own"
            )
    return ""
