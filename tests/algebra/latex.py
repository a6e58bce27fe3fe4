"""What LaTeX asks of mathematics, without LaTeX: braces, environments and brackets that close, no loose sign."""

import re

KNOWN = {
    "backslash", "begin", "cdot", "cos", "cosh", "displaystyle", "end", "frac", "geq", "infty", "ldots", "left", "leq",
    "lfloor", "log", "mathrm", "neq", "operatorname", "partial", "quad", "rfloor", "right", "sim", "sin", "sinh",
    "sqrt", "tan", "tanh", "text", "wedge",
}  # fmt: skip


def assert_mathematics(latex):
    """The text can be typeset as mathematics by MathJax, KaTeX and LaTeX."""
    depth, bare = 0, latex
    for found in re.finditer(r"\\[A-Za-z]+|\\.|[{}$%#]|\n\s*\n", latex.replace("\\\\\n", "\n").replace(r"\\ ", " ")):
        token = found[0]
        depth += (token == "{") - (token == "}")
        assert depth >= 0, latex
        assert token not in ("$", "%", "#"), latex
        assert token.strip(), "no empty line"
        if re.match(r"\\[A-Za-z]", token):
            assert token[1:] in KNOWN, token
    assert depth == 0, latex
    stack = []
    for found in re.finditer(r"\\(begin|end)\{(\w+)\}|\\(left|right)(?![A-Za-z])", bare):
        if found[1] == "begin" or found[3] == "left":
            stack.append(found[2] or "left")
        else:
            assert stack.pop() == (found[2] or "left"), latex
    assert stack == []
    assert not re.search(r"\^\{[^{}]*\}\^", latex), "two powers on one base"
    assert all(c.isprintable() or c == "\n" for c in latex)
