"""Two pages about the public names, made of signs and docstrings: for programs that read, and for people who look up.

They are written into a wheel as it is built, so there is no copy that could be stale. Sources are read, nothing is
imported: where a wheel is built, neither what the engine needs nor the engine is there yet.
`python autograd/_overview.py` prints both.
"""

from __future__ import annotations

import ast
import io
import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
SHORT, LONG = FILES = ("autograd/llms.txt", "autograd/names.md")
"""Where they are in a wheel: an overview in the manner of llmstxt.org, a line for each name; and all that it says."""

PACKAGES = ("autograd", "nn")
Function = ast.FunctionDef | ast.AsyncFunctionDef
ADVICE = """The package is installed as `chainrule` and imported as `autograd` and `nn`. Gradients are of scalars: a
function is written in plain Python over `autograd`'s functions, not over arrays. `backward()` for one point,
`autograd.grad` and its kin for functions, `autograd.compile` for one function over many rows. `python -m autograd` says
what is on this machine, `python -m nn` trains from the command line."""


class Name(NamedTuple):
    """A public name, as `autograd.sin`, and where it is defined: the file, and what of it; all of it for a module."""

    name: str
    file: Path
    thing: ast.AST

    @property
    def doc(self) -> str:
        """Its docstring; of a constant the text after it."""
        if isinstance(self.thing, ast.Assign | ast.AnnAssign):
            body = tree(self.file).body
            after = body[body.index(self.thing) + 1 :][:1]
            text = ast.get_docstring(ast.Module(list(after), []))
        else:
            assert isinstance(self.thing, ast.Module | ast.ClassDef | Function)
            text = ast.get_docstring(self.thing)
        return text or ""

    @property
    def first(self) -> str:
        """The first sentence or so: all up to the first empty line."""
        return " ".join(self.doc.partition("\n\n")[0].split())


def pages(packages: tuple[str, ...] = PACKAGES) -> dict[str, str]:
    """The text of each file."""
    return {SHORT: overview(packages), LONG: reference(packages)}


def overview(packages: tuple[str, ...]) -> str:
    """What it is, every public name with a line, and the rooms of the sources."""
    about = ast.get_docstring(tree(home(packages[0]))) or ""
    title, _, claim = about.partition("\n")[0].partition(": ")
    lines = [f"# {title}", "", f"> {claim[:1].upper()}{claim[1:]}", "", f"Version {version()}. {ADVICE}", ""]
    for package in packages:
        text = (ast.get_docstring(tree(home(package))) or "").partition("\n\n")[2]
        lines += [f"## {package}", "", text, ""]
        lines += [f"- [{x.name}]({Path(LONG).name}#{x.name}): {x.first}" for x in names(package)] + [""]
    for package in packages:
        lines += [f"## Sources of {package}", ""]
        for sign in sorted((ROOT / package).glob("*/__init__.py")):
            room = sign.parent.name
            first = " ".join((ast.get_docstring(tree(sign)) or "").partition("\n\n")[0].split())
            place = f"{room}/__init__.py" if package == "autograd" else f"../{package}/{room}/__init__.py"
            lines.append(f"- [{package}/{room}]({place}): {first}")
        lines.append("")
    return "\n".join(lines)


def reference(packages: tuple[str, ...]) -> str:
    """Every public name with its signature, its whole docstring, and its methods."""
    listed = {package: list(names(package)) for package in packages}
    known = {name.thing: name.name for of_package in listed.values() for name in of_package}
    lines = [f"# The public names of chainrule {version()}", ""]
    for package in packages:
        lines += [f"## {package}", ""]
        for name in listed[package]:
            # An anchor of its own: Split and split would have the same.
            lines += [
                f'<a id="{name.name}"></a>',
                "",
                f"### {name.name}",
                "",
                *entry(name.name, name.file, name.thing, name.doc),
            ]
            if isinstance(name.thing, ast.ClassDef):
                own, inherited = methods(name.file, name.thing, known)
                if inherited:
                    lines += ["With what these have: " + ", ".join(f"[{x}](#{x})" for x in inherited) + ".", ""]
                for method, (thing, text) in sorted(own.items()):
                    lines += [f"#### {name.name}.{method}", "", *entry(f"{name.name}.{method}", name.file, thing, text)]
    return "\n".join(lines)


def entry(name: str, file: Path, thing: ast.AST, text: str) -> Iterator[str]:
    """Signature and docstring, in a fence that nothing in it closes."""
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    yield from (fence + "text", signature(name, file, thing), *([""] if text else []), text, fence, "")


def signature(name: str, file: Path, thing: ast.AST) -> str:
    """How it is called; the name with its type for what is not called."""
    if isinstance(thing, ast.ClassDef):
        made = maker(file, thing)
        return f"class {name}" if made is None else f"class {name}({made})"
    if isinstance(thing, Function):
        kinds = [ast.unparse(x) for x in thing.decorator_list]
        if "property" in kinds:
            return f"{name}: {ast.unparse(thing.returns) if thing.returns else 'Any'}"
        bound = name.count(".") > 1 and name.split(".")[-2][:1].isupper() and "staticmethod" not in kinds
        returned = f" -> {ast.unparse(thing.returns)}" if thing.returns else ""
        return f"{name}({arguments(thing, bound=bound)}){returned}"
    return f"{name}: {ast.unparse(thing.annotation)}" if isinstance(thing, ast.AnnAssign) else name


def maker(file: Path, of: ast.ClassDef) -> str | None:
    """What a class is made with; None if that is inherited from nobody of ours."""
    for thing in of.body:
        if isinstance(thing, Function) and thing.name in ("__init__", "__new__"):
            return arguments(thing, bound=True)
    marks = [*map(ast.unparse, of.bases), *map(ast.unparse, of.decorator_list)]
    if any("NamedTuple" in mark or "dataclass" in mark for mark in marks):
        return ", ".join(ast.unparse(x) for x in of.body if isinstance(x, ast.AnnAssign))
    for base in of.bases:
        above = resolved(file, ast.unparse(base))
        if above is not None and isinstance(above[1], ast.ClassDef):
            found = maker(above[0], above[1])
            if found is not None:
                return found
    return None


def arguments(function: Function, bound: bool) -> str:
    """Its parameters; of a method without the first."""
    given = function.args
    if bound:
        left = given.posonlyargs or given.args
        given = ast.arguments(**{key: getattr(given, key) for key in given._fields})
        for key in ("posonlyargs", "args"):
            setattr(given, key, [x for x in getattr(given, key) if x is not left[0]])
    return ast.unparse(given)


Methods = dict[str, tuple[ast.AST, str]]


def methods(file: Path, of: ast.ClassDef, known: Mapping[ast.AST, str]) -> tuple[Methods, list[str]]:
    """The public methods and properties of a class with their docstrings, and those of its bases that are not public.

    With the names of its bases that are.
    """
    found: Methods = {}
    inherited: list[str] = []
    for base in of.bases:
        above = resolved(file, ast.unparse(base))
        if above is not None and isinstance(above[1], ast.ClassDef):
            if above[1] in known:
                inherited.append(known[above[1]])
            else:
                theirs, beyond = methods(above[0], above[1], known)
                found |= theirs
                inherited += beyond
    for thing in of.body:
        if isinstance(thing, Function) and not thing.name.startswith("_"):
            is_setter = any(ast.unparse(x).endswith((".setter", ".deleter")) for x in thing.decorator_list)
            if not is_setter:
                found[thing.name] = thing, ast.get_docstring(thing) or ""
        elif isinstance(thing, ast.Assign) and isinstance(thing.value, ast.Name) and thing.value.id in found:
            found |= dict.fromkeys(bound_by(thing), found[thing.value.id])  # another name of the same
    return found, inherited


def names(package: str, file: Path | None = None) -> Iterator[Name]:
    """What a package exports, and after each module among that what the module does.

    Raises:
        LookupError: a name is in `__all__` and nowhere else.
    """
    file = file or home(package)
    for name in public(file):
        found = resolved(file, name)
        if found is None:
            raise LookupError(f"{package}.{name} is in __all__, but neither defined nor imported there")
        yield Name(f"{package}.{name}", *found)
        if isinstance(found[1], ast.Module):
            yield from names(f"{package}.{name}", found[0])


def resolved(file: Path, name: str) -> tuple[Path, ast.AST] | None:
    """Where a name that a file knows is defined, and what defines it; None if that is not ours."""
    body = tree(file).body
    found: ast.AST | None = None
    for thing in (part for x in body for part in ([*x.body, *x.orelse] if isinstance(x, ast.If) else [x])):
        if isinstance(thing, ast.ImportFrom) and (thing.module or "").split(".")[0] in PACKAGES:
            if not home(str(thing.module)).exists():
                continue  # a .pyx, of which what is defined besides is the twin
            for alias in thing.names:
                if (alias.asname or alias.name) == name:
                    whole = f"{thing.module}.{alias.name}"
                    if home(whole).exists():
                        return home(whole), tree(home(whole))
                    source = home(str(thing.module))  # a .pyx has none that can be read
                    return resolved(source, alias.name) if source.exists() else None
        elif (isinstance(thing, ast.ClassDef | Function) and thing.name == name) or (
            isinstance(thing, ast.Assign | ast.AnnAssign) and name in bound_by(thing)
        ):
            found = thing  # the last: those before are overloads
    if isinstance(found, ast.Assign | ast.AnnAssign):
        other = bound_by(found)[name]
        if isinstance(other, ast.Name):
            return resolved(file, other.id)  # another name of the same
    return None if found is None else (file, found)


def bound_by(thing: ast.Assign | ast.AnnAssign) -> dict[str, ast.expr | None]:
    """The names that an assignment gives, and to what."""
    bound: dict[str, ast.expr | None] = {}
    for target in thing.targets if isinstance(thing, ast.Assign) else [thing.target]:
        if isinstance(target, ast.Name):
            bound[target.id] = thing.value
        elif isinstance(target, ast.Tuple) and isinstance(thing.value, ast.Tuple):
            pairs = zip(target.elts, thing.value.elts, strict=True)
            bound |= {name.id: value for name, value in pairs if isinstance(name, ast.Name)}
    return bound


def public(file: Path) -> list[str]:
    """What `__all__` lists, in its order."""
    listed = resolved(file, "__all__")
    assert listed is not None
    assert isinstance(listed[1], ast.Assign)
    return list(ast.literal_eval(listed[1].value))


def version() -> str:
    """The version that the package says it is of."""
    said = resolved(home("autograd"), "__version__")
    assert said is not None
    assert isinstance(said[1], ast.Assign)
    return str(ast.literal_eval(said[1].value))


def home(module: str) -> Path:
    """The source of a module."""
    path = ROOT.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


@cache
def tree(file: Path) -> ast.Module:
    """The source, parsed."""
    return ast.parse(file.read_text(encoding="utf-8"))


def main(written: Mapping[str, str]) -> None:
    """Print the pages, one after the other, in the encoding that they are written in."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    for text in written.values():
        sys.stdout.write(text)


if __name__ == "__main__":
    main(pages())
