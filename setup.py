"""Compiles the engine with Cython; without a C compiler the same files are installed to be interpreted.

Environment:
    CHAINRULE_REQUIRE_NATIVE=1: fail where the engine cannot be compiled.
    CHAINRULE_INTERPRETED=1: compile nothing into a wheel, which then fits every platform.
"""

import os
import runpy
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy
from Cython.Build import cythonize
from setuptools import Command, Extension, setup
from setuptools.command.build import build
from setuptools.command.build_ext import build_ext

# What Cython adds to every module (array views, its type of function) is compiled once, for all of them to import.
SHARED = "autograd._shared"
# What these declare is C already, generated from the table or inline in the .pxd: their .py are for the interpreter.
IN_C = {
    Path("autograd", name)
    for name in ("calculus/kernel.pxd", "calculus/moving.pxd", "calculus/_codes.pxd", "engine/memory.pxd")
}
SOURCES = [path.with_suffix(".py") for path in sorted(Path("autograd").rglob("*.pxd")) if path not in IN_C]
# Those of building/ are read where programs are built, by no module here.
HEADERS = [str(path) for path in sorted(Path("autograd").rglob("*.h")) if path.parent.name != "building"]
WINDOWS = sys.platform == "win32"
# IEEE 754 to the letter: no contraction into fused multiply-adds, which would give other bits than the interpreter.
# No debugging information, though Python may have been built with it: it takes a quarter of the time to compile.
FLAGS = ["/O2", "/fp:precise"] if WINDOWS else ["-O3", "-g0", "-ffp-contract=off", "-fno-math-errno"]
# Loops over lanes; needs no OpenMP library. Nobody asks for IEEE's flags, so both sides of a choice may be computed.
SIMD = [] if WINDOWS else ["-fopenmp-simd", "-fno-trapping-math"]
MATH = [] if WINDOWS else ["m"]  # and with it, on Linux, its vector functions
DIRECTIVES = {
    "annotation_typing": False,  # types are in the .pxd files; annotations are for people and mypy
    "auto_pickle": False,
    "boundscheck": False,
    "cdivision": True,
    "embedsignature": True,  # what help() and Jupyter show
    "embedsignature.format": "clinic",
    "initializedcheck": False,
    "language_level": 3,
    "wraparound": False,
}
# Beside the packages: what checks them, and what is read. Patterns, from the root.
SHIPPED = (
    "*.md", "*.cff", "LICENSE", "Makefile", ".ci/run", ".gitignore", ".pre-commit-config.yaml", "tests/**/*.py",
    "tests/**/*.md", "notebooks/*.ipynb", "notebooks/*.md", "notebooks/pictures/*.png", "notebooks/pictures/*.svg",
)  # fmt: skip


def asked(variable: str) -> bool:
    """Whether the environment variable says yes."""
    return os.environ.get(variable, "") not in ("", "0")


class CompileIfPossible(build_ext):
    """All modules or none: a compiled engine and an interpreted one do not mix."""

    def finalize_options(self) -> None:
        """Compile as many modules at once as there are processors."""
        super().finalize_options()
        self.parallel = self.parallel or os.cpu_count()

    def run(self) -> None:
        """Compile, or say in one line that there is no compiler."""
        inplace = self.inplace
        if asked("CHAINRULE_INTERPRETED") and not inplace:  # in place both are there, and it is chosen at each start
            self.leave_none(inplace)
            return
        self.translate()
        if inplace:
            self.take_over()
        try:
            super().run()
        except Exception as error:
            if asked("CHAINRULE_REQUIRE_NATIVE"):
                raise
            reason = str(error).strip().splitlines()[-1] if str(error).strip() else type(error).__name__
            print(f"chainrule: not compiled ({reason}); the interpreted engine is installed", file=sys.stderr)
            self.leave_none(inplace)

    def translate(self) -> None:
        """Write the C of every module, where it is not there already; what only lists files needs none."""
        for module, translated in zip(self.extensions, in_c(self.extensions), strict=True):
            assert module.name == translated.name
            vars(module).update(vars(translated))

    def take_over(self) -> None:
        """Put what is compiled in place where the build looks for what is newer than its sources."""
        build_py = self.get_finalized_command("build_py")
        for module in self.extensions:
            in_source, in_build = map(Path, self._get_inplace_equivalent(build_py, module))
            if in_source.exists() and not in_build.exists():
                in_build.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(in_source, in_build)

    def leave_none(self, inplace: bool) -> None:
        """Remove what was compiled, now or before, and have a wheel of the rest fit every platform."""
        build_py = self.get_finalized_command("build_py")
        for extension in self.extensions:
            in_source, in_build = self._get_inplace_equivalent(build_py, extension)
            for file in (in_build, in_source) if inplace else (in_build,):
                Path(file).unlink(missing_ok=True)
        self.extensions = self.distribution.ext_modules = []
        wheel = self.distribution.get_command_obj("bdist_wheel", create=False)
        if wheel is not None:  # it decided on its tag before there was anything to see
            wheel.root_is_pure = True

    def get_outputs(self) -> list[str]:
        """Nothing, if nothing was compiled."""
        return super().get_outputs() if self.extensions else []


class WriteOverview(Command):
    """Two pages in the wheel that list what is public, and all files of an sdist that are in no package."""

    user_options = ()
    editable_mode = False  # what is edited has no pages: they would be stale

    def initialize_options(self) -> None:
        """Know nothing yet."""
        self.build_lib = None

    def finalize_options(self) -> None:
        """Learn where the packages are put together."""
        self.set_undefined_options("build", ("build_lib", "build_lib"))

    def run(self) -> None:
        """Write the pages beside the package."""
        if not self.editable_mode:
            for file, text in runpy.run_path("autograd/_overview.py")["pages"]().items():
                Path(self.build_lib, file).write_text(text, encoding="utf-8", newline="\n")

    def get_source_files(self) -> list[str]:
        """What belongs into an sdist beside the packages."""
        return sorted(path.as_posix() for pattern in SHIPPED for path in Path().glob(pattern))

    def get_outputs(self) -> list[str]:
        """The pages."""
        files = () if self.editable_mode else runpy.run_path("autograd/_overview.py")["FILES"]
        return [str(Path(self.build_lib, file)) for file in files]


class BuildAll(build):
    """Modules, what is compiled, and the pages."""

    sub_commands = [*build.sub_commands, ("write_overview", None)]  # noqa: RUF012  (so setuptools has it)


def extension(source: str, flags: Sequence[str] = (), include_dirs: Sequence[str] = (), **options: Any) -> Extension:
    """The module of a source file; headers are found from the root, by paths that name their room."""
    name = ".".join(Path(source).with_suffix("").parts)
    return Extension(
        name,
        [source],
        depends=[*HEADERS, "setup.py"],  # its flags
        extra_compile_args=[*FLAGS, *flags],
        include_dirs=[".", *include_dirs],
        **options,
    )


def extensions() -> list[Extension]:
    """All modules; those that take longest to compile come first, so that no processor waits for them."""
    return [
        extension("autograd/replay/machine.pyx", flags=SIMD, libraries=MATH),
        extension(SHARED.replace(".", "/") + ".c"),  # written by Cython, in `build`
        extension("autograd/recorded/repetition.pyx", include_dirs=[numpy.get_include()],
                  define_macros=[("NPY_NO_DEPRECATED_API", "NPY_2_0_API_VERSION")]),
        extension("autograd/recorded/shortcut.pyx", include_dirs=[numpy.get_include()],
                  define_macros=[("NPY_NO_DEPRECATED_API", "NPY_2_0_API_VERSION")]),
        extension("autograd/recorded/forks.pyx"),
        *(extension(str(source)) for source in SOURCES if source.exists()),
    ]  # fmt: skip


def in_c(modules: list[Extension]) -> list[Extension]:
    """The modules with their C as sources."""
    return cythonize(
        modules,
        compiler_directives=DIRECTIVES,
        shared_utility_qualified_name=SHARED,
        build_dir="build",
        nthreads=os.cpu_count(),
    )


if __name__ == "__main__":  # not in the processes that cythonize starts
    setup(
        ext_modules=extensions(),
        cmdclass={"build": BuildAll, "build_ext": CompileIfPossible, "write_overview": WriteOverview},
    )
