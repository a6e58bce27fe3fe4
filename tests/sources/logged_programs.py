"""Random programs on things that write down whatever is asked of them, as Python source."""

from random import Random


class Thing:
    """Writes into a log what is asked of it, and gives things and small numbers.

    Args:
        name: What it is called there.
        log: The log.
    """

    __slots__ = ("asked", "log", "name")

    def __init__(self, name, log):
        for slot, x in (("name", name), ("log", log), ("asked", 0)):
            object.__setattr__(self, slot, x)

    def note(self, *what):
        """Write it down; another thing, at most so deep."""
        self.log.append((self.name, *map(written, what)))
        object.__setattr__(self, "asked", self.asked + 1)
        if len(self.log) > 400:
            raise Enough
        return self.asked

    def other(self):
        return Thing(f"{self.name}.{self.asked}"[-12:], self.log)

    def __getattr__(self, name):
        self.note("attribute", name)
        if name.startswith("__"):
            raise AttributeError(name)
        return self.other()

    def __setattr__(self, name, x):
        self.note("set attribute", name, x)

    def __delattr__(self, name):
        self.note("delete attribute", name)

    def __bool__(self):
        return self.note("truth") % 3 > 0

    def __len__(self):
        return self.note("length") % 4

    def __hash__(self):
        return self.note("hash") % 5

    def __index__(self):
        return self.note("index") % 3

    def __contains__(self, x):
        return self.note("contains", x) % 2 > 0

    def __iter__(self):
        self.note("iteration")
        return Things(self, 2)

    def __call__(self, *args, **kwargs):
        self.note("call", *args, *kwargs.items())
        return self.other()

    def __format__(self, how):
        return f"<{self.note('format', how)}>"

    def __repr__(self):
        return f"<{self.note('repr')}>"

    def __enter__(self):
        self.note("enter")
        return self.other()

    def __exit__(self, kind, *_):
        return self.note("exit", str(kind)) % 2 > 0 and kind is not Enough


class Things:
    """An iterator that writes down what is taken from it."""

    def __init__(self, owner, n):
        self.owner, self.n = owner, n

    def __iter__(self):
        self.owner.note("iteration of an iterator")
        return self

    def __next__(self):
        self.owner.note("next")
        self.n -= 1
        if self.n < 0:
            raise StopIteration
        return self.owner.other()


class Enough(Exception):
    """The program has done enough."""


def written(x):
    """A thing in a log."""
    if isinstance(x, Thing):
        return x.name
    if isinstance(x, (list, tuple)):
        return type(x)(map(written, x))
    if isinstance(x, dict):
        return {written(key): written(each) for key, each in x.items()}
    if isinstance(x, slice):
        return "slice", written(x.start), written(x.stop), written(x.step)
    return x if isinstance(x, (int, float, str, type(None))) else type(x).__name__


def method(how, result):
    def asked(self, *args):
        self.note(how, *args)
        return result(self)

    return asked


for how in ("lt", "le", "gt", "ge", "eq", "ne"):
    setattr(Thing, f"__{how}__", method(how, Thing.other))
for how in ("add", "sub", "mul", "truediv", "pow", "floordiv", "mod", "matmul", "lshift", "rshift", "and", "or", "xor"):
    setattr(Thing, f"__{how}__", method(how, Thing.other))
    setattr(Thing, f"__r{how}__", method(f"r{how}", Thing.other))
    if how not in ("pow", "matmul"):
        setattr(Thing, f"__i{how}__", method(f"i{how}", (lambda x: x) if how in ("add", "or", "mul") else Thing.other))
for how in ("getitem", "neg", "pos", "invert"):
    setattr(Thing, f"__{how}__", method(how, Thing.other))
for how in ("setitem", "delitem"):
    setattr(Thing, f"__{how}__", method(how, lambda _: None))


EXPRESSIONS = [
    "{n}", "{n}", "{n}", "{k}", "{n}.p", "{e}.q", "{n}[{e}]", "{e}[{k}]", "{n}[{e}:{e}]", "{n}[{e}, {k}:{e}]",
    "{n}({e})", "{n}({e}, *{s}, key={e}, **{d})", "{n}.m({e}, {e})", "{e} {o} {e}", "{e} {o} {n}", "-{n}", "~{e}",
    "not {e}", "{e} {c} {e}", "{n} {c} {e} {c} {e}", "{e} in {n}", "{e} not in {s}", "{e} in {n} < {e}", "{e} is {n}",
    "({e} and {e})", "({e} or {e} or {e})", "({e} if {e} else {e})", "f'$({n}$)$({n}.p:$({n}$)$)'",
    "[{e}, {e}]", "({e}, *{s})", "[*{s}, {e}]", "$('a': {e}, **{d}$)", "[x for x in {n} if {n} {c} x]",
    "[(x, y) for x in {s} for y in x]", "$(k: {n} for k in 'ab'$)", "list(x {o} {n} for x in {n})", "(w := {e})",
    "(lambda x, y={e}: x {o} y)({e})", "max({e}, {e})", "max({n}, key={n})", "min({s}, key=lambda x: x.p)",
    "sorted({s}, key={n})", "sorted({n})", "any({n})", "all({n})", "any(x {c} {n} for x in {s})", "sum({n}, {n})",
    "len({n})", "bool({e})", "str(len({s}))", "next(it, {e})", "todo.pop()", "seen[{n}]", "list(map({n}, {s}))",
    "dict(zip('ab', {n}))", "getattr({n}, 'g')", "max(it, default={e})",
]  # fmt: skip
TARGETS = [
    "{v}", "{v}", "{n}.p", "{e}.q", "{n}[{e}]", "{e}[{k}]", "{n}[{e}:{e}]", "{n}({e})[{e}]", "todo[{k}:]", "seen[{e}]",
    "{n}[{e}, {e}]", "{n}.p.q", "rows[todo.pop()][{k}]", "rows[next(it)][0]",
]  # fmt: skip
OPERATORS = ["+", "-", "*", "/", "**", "//", "%", "@", "<<", ">>", "&", "|", "^"]
COMPARISONS = ["<", "<=", ">", ">=", "==", "!="]


class LoggedWriter:
    """Writes a program.

    Args:
        seed: Of its random numbers.
    """

    def __init__(self, seed):
        self.random, self.lines, self.count = Random(seed), [], 0

    def fill(self, text, depth):
        """A template with names, numbers and expressions put in."""
        parts, pick = [], self.random.choice
        while "{" in text:
            before, _, rest = text.partition("{")
            what, _, text = rest.partition("}")
            parts.append(before)
            match what:
                case "e":
                    found = self.fill(pick(EXPRESSIONS if depth > 0 else EXPRESSIONS[:5]), depth - 1)
                    parts.append(found if found.isalpha() else f"({found})")
                case "n":
                    parts.append(pick("abcvw"))
                case "v":
                    parts.append(pick("vwu"))
                case "k":
                    parts.append(pick(["0", "1", "2", "-1"]))
                case "o":
                    parts.append(pick(OPERATORS))
                case "c":
                    parts.append(pick(COMPARISONS))
                case "s":
                    parts.append(pick(["a", "b", "todo", "rows", "[a, b]", "(c, 1, a)", "it"]))
                case "d":
                    parts.append(pick(["$($)", "$('x': a$)", "$('z': next(it, 0)$)"]))
        return ("".join(parts) + text).replace("$(", "{").replace("$)", "}")

    def expression(self, depth=2):
        return self.fill("{e}", depth)

    def target(self):
        kind = self.random.random()
        if kind < 0.15:
            return self.fill(f"({self.one()}, {self.one()})", 1)
        if kind < 0.25:
            return self.fill(f"{self.one()}, *{self.one()}", 1)
        return self.fill(self.one(), 1)

    def one(self):
        return self.random.choice(TARGETS)

    def say(self, depth, text):
        self.lines.append("    " * depth + text)

    def block(self, depth, loop, most=3):
        """Some statements."""
        for _ in range(self.random.randint(1, most)):
            kind, pick = self.random.randrange(17 if depth < 4 else 9), self.random.choice
            if kind < 3:
                targets = [self.target() for _ in range(pick([1, 1, 2]))]
                self.say(depth, " = ".join([*targets, self.expression()]))
            elif kind < 6:
                self.say(depth, f"{self.fill(self.one(), 1)} {pick(OPERATORS)}= {self.expression()}")
            elif kind == 6:
                self.say(depth, f"del {self.fill(pick(TARGETS[2:]), 1)}")
            elif kind == 7:
                self.say(depth, self.expression(3))
            elif kind == 8:
                target = self.fill(pick([x for x in TARGETS if "{e}" not in x[:3]]), 1)
                self.say(depth, f"{target}: {self.expression(1)} = {self.expression(1)}")
            elif kind < 12:
                self.say(depth, f"if {self.expression()}:")
                self.block(depth + 1, loop)
                if pick([True, False]):
                    self.say(depth, f"elif {self.expression()}:")
                    self.block(depth + 1, loop)
                    self.say(depth, "else:")
                    self.block(depth + 1, loop)
            elif kind < 14:
                things = pick(["a", "it", "range(2)", "rows[:2]", "[a, b]", "zip(a, it)"])
                self.say(depth, f"for {self.target()} in {things}:")
                self.block(depth + 1, True)
                self.leave(depth + 1, True)
                if pick([True, False]):
                    self.say(depth, "else:")
                    self.block(depth + 1, loop)
            elif kind == 14:
                self.count += 1
                self.say(depth, f"n{self.count} = 0")
                self.say(depth, f"while (n{self.count} := n{self.count} + 1) < 4 and {self.expression()}:")
                self.block(depth + 1, True)
                self.leave(depth + 1, True)
            elif kind == 15:
                self.say(depth, f"with {self.expression(1)} as {self.fill(self.one(), 1)}:")
                self.block(depth + 1, False)
            else:
                self.say(depth, "try:")
                self.block(depth + 1, False)
                self.say(depth, "except (TypeError, IndexError, KeyError, StopIteration, AttributeError):")
                self.block(depth + 1, False)
        self.leave(depth, loop)

    def leave(self, depth, loop):
        """At times leave a loop, or the function."""
        kind = self.random.randrange(8)
        if kind == 0:
            self.say(depth, f"if {self.expression(1)}:")
            self.say(depth + 1, f"return {self.expression(1)}")
        elif kind < 3 and loop:
            self.say(depth, f"if {self.expression(1)}:")
            self.say(depth + 1, self.random.choice(["break", "continue"]))

    def write(self):
        """The source of a function of three things, which makes lists and iterators of its own."""
        self.say(0, "def f(a, b, c, it):")
        self.say(1, "v, w, todo, rows, seen = a, b, [0, 1, 2, 0, 1], [[a], [b], [c]], {}")
        if self.random.random() < 0.5:
            self.say(1, "u = c")
        self.block(1, False, 6)
        self.say(1, "return v, w, todo, rows, seen")
        return "\n".join(self.lines) + "\n"
