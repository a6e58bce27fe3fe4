"""Random programs of statements, as Python source: branches, loops, break, continue, returns, flags, functions."""

import math
from random import Random

import autograd
from autograd import Value

NUMBERS = ["0.0", "1.0", "-1.0", "0.5", "2.0", "-0.5", "1.5", "-0.0", "0", "1", "2"]
BINARY = ["{a} + {b}", "{a} - {b}", "{a} * {b}", "{a} * {k}", "{a} + {k}", "{k} - {a}", "0.5 * {a} - {b}", "{a} / {c}"]
UNARY = [
    "-{a}", "abs({a})", "max({a}, {b})", "min({a}, {k})", "max({a}, {b}, {k})", "({a}) ** 2", "sin({a})", "tanh({a})",
    "exp(-abs({a}))", "where({a} < {b}, {a}, {b})", "{a} if {t} else {b}", "sorted([{a}, {b}])[0]", "({a} and {b})",
    "({a} or {b})", "sum([{a}, {b}, {k}])", "{f}({a}, {b})", "-{a} / {k}", "({t}) * {a}", "maximum({a}, {b})",
]  # fmt: skip
TESTS = [
    "{a} < {b}", "{a} <= {k}", "{a} > {k}", "{a} >= {b}", "{a} == {b}", "{a} != {k}", "not {a} < {b}",
    "{k} < {a} < {b}",
    "{a} < {b} and {a} > {k}", "{a} < {k} or {b} < {k}", "{g}", "not {g}", "{g} and {a} < {b}", "{a}",
    "any(x > {k} for x in [{a}, {b}])", "all([{a} < {k}, {b} < {k}])", "{f}({a}, {b}) > {k}", "{a} is not None",
    "{n} < 2", "{a} in ({b}, {k})", "[{a}, {b}, {k}].index({a}) > 0", "({a}, {k}) == ({b}, {k})", "{a} is {b}",
    "max(({a}, {k}), ({b}, 1))[1] > 0.5", "{{{a}: 1}}.get({b}, 0) > 0",
]  # fmt: skip


class Writer:
    """Writes one program.

    Args:
        seed: Of its random numbers.
    """

    def __init__(self, seed):
        self.random, self.lines, self.count = Random(seed), [], 0
        self.functions = ["mean"]

    def fill(self, template, names):
        """A template with names, numbers and tests put in."""
        pick = self.random.choice
        test = template
        if "{t}" in template:
            test = template.replace("{t}", pick(TESTS[:9]))
        known = [*names["numbers"], *names["read"]]
        recent = known[-4:]
        return test.format(
            a=pick(known), b=pick(recent), c=pick(["2.0", "4.0", "(1.5 + abs(" + pick(recent) + "))", "x"]),
            k=pick(NUMBERS), f=pick(self.functions), g=pick(names["flags"]), n=pick(names["counts"]),
        )  # fmt: skip

    def expression(self, names):
        """An expression that gives a number."""
        return self.fill(self.random.choice(BINARY if self.random.random() < 0.6 else UNARY), names)

    def test(self, names):
        """A condition."""
        return self.fill(self.random.choice(TESTS), names)

    def say(self, depth, text):
        """A line."""
        self.lines.append("    " * depth + text)

    def block(self, depth, names, loop, most, always=False):
        """Some statements; `loop` says whether they are in one."""
        begun = len(self.lines)
        for _ in range(self.random.randint(1, most)):
            kind = self.random.random()
            if kind < 0.34 or depth > 5:
                target = self.random.choice([*names["numbers"][-3:], *names["numbers"], self.new(names, always)])
                if target in ("x", "y", "z") and self.random.random() < 0.5:
                    continue
                how = self.random.choice(["{t} = {e}", "{t} = {e}", "{t} += {e}", "{t} *= 0.5"])
                self.say(depth, how.format(t=target, e=self.expression(names)))
            elif kind < 0.42:
                self.say(
                    depth,
                    f"{self.random.choice(names['flags'])} = {self.random.choice(['True', 'False', self.test(names)])}",
                )
            elif kind < 0.48:
                self.say(depth, f"{self.random.choice(names['counts'])} += 1")
            elif kind < 0.74:
                self.branch(depth, names, loop)
            elif kind < 0.84 and depth < 4:
                self.loop(depth, names)
            elif kind < 0.87 and loop:
                self.say(depth, f"if {self.test(names)}:")
                self.say(depth + 1, self.random.choice(["break", "continue"]))
            elif kind < 0.91:
                self.say(depth, f"if {self.test(names)}:")
                self.say(depth + 1, f"return {self.random.choice(names['numbers'])}")
            elif kind < 0.94:
                a, b = self.random.sample(names["numbers"], 2)
                self.say(depth, f"{a}, {b} = {b}, {a}")
            else:
                self.odd(depth, names)
        if len(self.lines) == begun:
            self.say(depth, "pass")

    def new(self, names, always):
        """The name of a number: a new one, known from now on if what binds it is always run."""
        if not always:
            return self.random.choice(names["numbers"])
        self.count += 1
        name = f"v{self.count}"
        self.say(1, f"{name} = {self.expression(names)}")
        names["numbers"].append(name)
        return name

    def branch(self, depth, names, loop):
        """An if, with elif and else at times."""
        self.say(depth, f"if {self.test(names)}:")
        self.block(depth + 1, names, loop, 2)
        if self.random.random() < 0.3:
            self.say(depth, f"elif {self.test(names)}:")
            self.block(depth + 1, names, loop, 2)
        if self.random.random() < 0.5:
            self.say(depth, "else:")
            self.block(depth + 1, names, loop, 2)

    def loop(self, depth, names):
        """A loop that ends."""
        self.count += 1
        i, kind = f"i{self.count}", self.random.random()
        if kind < 0.5:
            self.say(depth, f"for {i} in range({self.random.randint(1, 4)}):")
        elif kind < 0.65:
            self.say(depth, f"for {i} in [{self.expression(names)}, {self.expression(names)}]:")
        else:
            self.say(depth, f"{i} = 0")
            self.say(depth, f"while {i} < 5 and ({self.test(names)}):" if kind < 0.9 else f"while {i} < 3:")
            self.say(depth + 1, f"{i} += 1")
        inside = {**names, "read": [*names["read"], i]}
        self.block(depth + 1, inside, True, 3)
        if self.random.random() < 0.15:
            self.say(depth, "else:")
            self.block(depth + 1, names, False, 2)

    def odd(self, depth, names):
        """A statement that cannot be merged, or hardly."""
        kind = self.random.randrange(9)
        a = self.random.choice(names["numbers"])
        if kind == 0:
            self.say(depth, f"kept.append({a})")
        elif kind == 1:
            self.say(depth, f"items[{self.random.choice(names['counts'])} % 2] = {self.expression(names)}")
        elif kind == 2:
            self.say(depth, f"{a} = items[{self.random.choice(['0', '1', '-1'])}]")
        elif kind == 3:
            self.say(depth, f"{a} = [{a}, {self.expression(names)}][{self.random.choice(names['counts'])} % 2]")
        elif kind == 4:
            self.say(depth, "try:")
            self.say(depth + 1, f"{a} = 1.0 / ({self.random.choice(names['counts'])} - 1) + {a}")
            self.say(depth, "except ZeroDivisionError:")
            self.say(depth + 1, f"{a} = {self.expression(names)}")
        elif kind == 5:
            self.say(depth, f"{a} = {a} * 0.5 + next(it, 0.25)")
        elif kind == 6:
            self.say(depth, f"items[ends.pop() if ends else 0] {self.random.choice(['=', '+='])} {a}")
        elif kind == 7:
            self.say(depth, "for q in it:")
            self.say(depth + 1, f"if {self.test(names)}:")
            self.say(depth + 2, "break")
            self.say(depth + 1, f"{a} = {a} * 0.5 + q")
        else:
            self.say(depth, f"pair = ({a}, {self.expression(names)})")
            self.say(depth, f"{a} = pair[0] * 0.5 + pair[1]")

    def function(self, name, arguments):
        """One function."""
        self.say(0, f"def {name}({', '.join(arguments)}):")
        names = {"numbers": [*arguments], "read": [], "flags": ["flag", "other"], "counts": ["n", "m"]}
        self.say(1, "flag, other, n, m = False, True, 0, 1")
        self.say(1, "items, kept, total, s = [0.5, y], [], 0.0, 0")
        self.say(1, "it, ends = iter([0.5, 1.0, -1.0, 2.0, 0.25]), [0, 1, 1]")
        names["numbers"] += ["total", "s"]
        self.block(1, names, False, 7 if name == "f" else 3, always=True)
        ends = ["total + {a}", "{a} * 2.0 + {b}", "{a} + {b} + sum(items)", "{a} - s"]
        self.say(1, "return " + self.fill(self.random.choice(ends), names) + " + 0.0 * x + sum(it) + len(ends)")

    def write(self):
        """The source."""
        if self.random.random() < 0.5:
            self.function("inner", ["x", "y"])
            self.functions.append("inner")
        self.function("f", ["x", "y", "z"])
        return "\n".join(self.lines) + "\n"


def function_of(source, name):
    """The function of a source, which can be found under this name of a file."""
    import linecache

    linecache.cache[name] = (len(source), None, source.splitlines(True), name)
    names = {each: getattr(autograd, each) for each in ("sin", "tanh", "exp", "where", "maximum")}
    names["mean"] = lambda a, b: 0.5 * (a + b)
    exec(compile(source, name, "exec"), names)
    return names["f"]


EDGES = [0.0, -0.0, 0.5, 1.0, -1.0, 2.0, -0.5, 1.5, math.nan, math.inf, -math.inf]


def row_of(random, edgy):
    """Three numbers, at edges that often."""
    return [random.choice(EDGES) if random.random() < edgy else round(random.gauss(0.0, 1.5), 2) for _ in range(3)]


def eagerly(f, row):
    """Value and slopes of a row, or the error that it raises."""
    leaves = [Value(x) for x in row]
    try:
        y = f(*leaves)
        if not isinstance(y, Value):
            return [float(y), 0.0, 0.0, 0.0]
        return [y.data, *(autograd.grad(y, leaves, allow_unused=True) if not y.is_constant else [0.0] * 3)]
    except Exception as error:
        return error
