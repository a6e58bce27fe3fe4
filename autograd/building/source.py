"""A lowered program in C: its uniform steps as straight lines, its instructions as loops over lanes with few breaks.

Over lanes a run of instructions is one loop, in which what they give stays in registers. Between two loops it goes
through the rows that the instructions name. A loop ends where it is long enough, at what is done by tiles of registers
(layers of neurons, sums over lanes: replay/tiles.h), and around a row of the table that compilers make no vector code
of, which would keep all others from it.

A loop does each of its steps for some registers of lanes, one after the other, before it does the next. Most steps wait
for the one before, an exponential takes some fifty cycles, and a processor does not look far enough ahead to find other
work by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cache
from pathlib import Path

from autograd.building.spelling import added_up, flows, functions, fused, literal, once_a_loop, spelt
from autograd.calculus._codes import DOT, DOTS, FUSION, LANES, OUTER, OUTER_PLUS, STEPS, SUM
from autograd.lowering.instructions import Instruction, instructions
from autograd.lowering.lowered import Lowered

__all__ = ["MOST_STEPS", "count_steps", "source_of"]

LONGEST = 500
"""So many steps are in a function at the most: a compiler takes far longer over one that is twice as long."""
LONGEST_LOOP = 60
"""So many steps are in a loop: in longer ones more waits in memory than there is to gain."""
CHAINS = 2
"""So many registers of lanes go through a loop side by side: four put more on the stack than a cache has room for."""
MOST_STEPS = 20_000
"""Longer programs are not built: that would take a compiler some ten seconds."""
FETCHED_FROM = 20
"""So many lines are in a loop that fetches what comes next; in a shorter one a processor sees that by itself."""
LANES_OF_ONE_LOOP = 512
"""So many lanes are in a block where nothing waits in rows between two loops: memory then comes in longer stretches."""
SMALL = 32
"""A layer of so many weights is written out in its loop; larger ones are done by tiles."""
WHOLE = "const long lanes = (size + TOGETHER - 1) & -(long) TOGETHER;"
OF_A_LANE = re.compile(r"\b[vr]\d\w*|\[i\]")
"""Names of what is found in a lane, and which lane it is."""
ROOMS = Path(__file__).parent.parent


def is_tiled(step: Instruction) -> bool:
    """Whether an instruction is done by tiles of registers."""
    if step.code == DOTS:
        return step.operands[0] * step.arity > SMALL
    return step.code in (OUTER, OUTER_PLUS) or (step.code in (SUM, DOT) and step.arity > LONGEST)


def steps_of(step: Instruction) -> int:
    """How many steps an instruction is, as a compiler sees it."""
    if is_tiled(step):
        return 1
    return step.operands[0] * step.arity if step.code == DOTS else max(step.arity // 2, 1)


def count_steps(lowered: Lowered) -> int:
    """How many steps a compiler would see."""
    numbers = lowered.numbers
    groups = [*numbers.before.tolist(), *numbers.after.tolist()]
    uniform: int = sum([count * max(arity // 2, 1) for _, _, _, count, arity in groups])
    return uniform + sum([steps_of(step) for step in instructions(lowered)])


def source_of(lowered: Lowered) -> str:
    r"""The source of a library that runs a program without guards.

    It has three functions: `before` and `after` for the numbers, and `work` for the lanes; see building/driver.h.

    >>> from autograd.calculus import table
    >>> from autograd.lowering.lowering import lower
    >>> from autograd.programs.program import Program
    >>> from autograd.programs.steps import packed
    >>> lowered = lower(Program(("x", "r"), packed([(table.exp, (0,)), (table.mul, (2, 1))]), (3,)), (True, False))
    >>> print(source_of(lowered).partition("    EACH_OF_CHAINS {\n")[2].partition("\n    }")[0])
            const double r0 = at0[i];
            const double r0_of_1 = at0[i + 1 * WIDTH];
            const double v0 = exp(r0);
            const double v0_of_1 = exp(r0_of_1);
            const double v1 = (v0 * n0);
            const double v1_of_1 = (v0_of_1 * n0);
            at2[i] = v1;
            at2[i + 1 * WIDTH] = v1_of_1;
    """
    return "\n".join(Source(lowered).text())


class Source:
    """The source of a program, being written."""

    def __init__(self, lowered: Lowered) -> None:
        self.lowered, self.numbers = lowered, lowered.numbers
        self.steps = list(instructions(lowered))
        self.filled: dict[int, int] = dict(lowered.filled.tolist())
        first = self.numbers.inputs + 1
        template = self.numbers.template[first : self.numbers.first_sum].tolist()
        self.constants = {first + i: literal(x) for i, x in enumerate(template)}

    def text(self) -> Iterator[str]:
        """Its lines, or several at once."""
        numbers = self.numbers
        alone = len(list(self.loops())) == 1 and not any(is_tiled(step) for step in self.steps)
        yield f"enum {{ LANES = {LANES_OF_ONE_LOOP if alone else LANES} }};"
        yield f"#define CHAINS {CHAINS}"
        yield "#define _GNU_SOURCE"
        yield text_of("replay/vectors.h")
        yield text_of("building/prelude.h")
        if any(is_tiled(step) for step in self.steps):
            yield text_of("replay/tiles.h")
        yield text_of("replay/columns.h")
        codes = [code - STEPS * (code >= STEPS) for code in [*numbers.before[:, 0], *numbers.after[:, 0]]]
        yield from functions([*codes, *[step.code for step in self.steps]])
        yield from self.uniform("before", numbers.before.tolist())
        yield from self.uniform("after", numbers.after.tolist())
        yield from self.block()
        yield from self.tables()
        yield text_of("building/driver.h")

    # --- uniform ---

    def uniform(self, name: str, groups: list[list[int]]) -> Iterator[str]:
        """Functions that compute the numbers of some groups, and one that calls them."""
        parts: list[list[str]] = []
        size, known = LONGEST, dict(self.constants)
        for code, place, operands in members(groups, self.numbers.operands.tolist()):
            if size >= LONGEST:
                parts.append([])
                size, known = 0, dict(self.constants)
            size += max(len(operands) // 2, 1)
            given = [known.get(o, f"n[{o}]") for o in operands]
            known[place] = f"m{place}"
            parts[-1] += [*value_of(known[place], code, given, False), f"n[{place}] = {known[place]};"]
        for k, lines in enumerate(parts):
            yield function(f"PART void {name}_{k}(double *n)", lines)
        yield function(
            f"EXPORTED void {name}(double *n)", ["(void) n;", *[f"{name}_{k}(n);" for k in range(len(parts))]]
        )

    # --- over lanes ---

    def block(self) -> Iterator[str]:
        """Functions for the lanes of a block, and the one that calls them."""
        outputs = [row for _, row in [*self.lowered.direct.tolist(), *self.lowered.copied.tolist()]]
        after = live_after(self.steps, outputs)
        outside = {*self.lowered.input_rows.tolist(), *self.lowered.direct[:, 1].tolist()}
        calls = [WHOLE, "const int eights = (size + 7) & -8;"]
        calls.append("(void) lanes, (void) eights, (void) at, (void) n, (void) sums;")
        for k, (start, stop) in enumerate(self.loops()):
            if is_tiled(self.steps[start]):
                yield f"static const int OPERANDS_{k}[] = {{{', '.join(map(str, self.steps[start].operands))}}};"
                calls += tiled(self.steps[start], f"OPERANDS_{k}")
            else:
                loop = Loop(self.constants, self.filled)
                for i, step in enumerate(self.steps[start:stop]):
                    loop.write(f"v{i}", step)
                head = f"PART void part_{k}(double *const *at, const double *n, int size)"
                chains = 1 if is_alone(self.steps[start]) else CHAINS
                yield function(head, loop.text(after[stop - 1], outside, chains))
                calls.append(f"part_{k}(at, n, size);")
        yield function("static void block(double *const *at, const double *n, double *sums, int size)", calls)

    def loops(self) -> Iterator[tuple[int, int]]:
        """From which instruction to which each loop goes; one that is done by tiles is alone."""
        start, size, before = 0, 0, frozenset[str]()
        for k, step in enumerate(self.steps):
            alone = is_alone(step)
            once = frozenset[str]() if step.row is None else once_a_loop(step.row)
            if k > start and (alone or once & before or size + steps_of(step) > LONGEST_LOOP):
                yield start, k
                start, size, before = k, 0, frozenset()
            size, before = size + steps_of(step), before | once
            if alone:
                yield k, k + 1
                start, size, before = k + 1, 0, frozenset()
        if start < len(self.steps):
            yield start, len(self.steps)

    def tables(self) -> Iterator[str]:
        """What the driver asks for; tables end with a line that does not count, as C has no empty ones."""
        lowered = self.lowered
        tiled_rows = {row for step in self.steps if is_tiled(step) for row in step.reads}
        tables = {
            "FILLED": [pair for pair in lowered.filled.tolist() if pair[0] in tiled_rows],
            "DIRECT": lowered.direct.tolist(),
            "COPIED": lowered.copied.tolist(),
        }
        has_sums = any(step.code in (OUTER, OUTER_PLUS) for step in self.steps)
        yield f"enum {{ ROWS = {lowered.rows}, HAS_SUMS = {int(has_sums)} }};"
        yield f"static const int INPUT_ROWS[] = {{{', '.join(map(str, [*lowered.input_rows.tolist(), 0]))}}};"
        for name, pairs in tables.items():
            body = ", ".join([f"{{{a}, {b}}}" for a, b in [*pairs, (0, 0)]])
            yield f"static const int {name}[][2] = {{{body}}};"


class Loop:
    """A loop over lanes, being written.

    Args:
        constants: Of places their numbers, where these are known.
        filled: Of rows that hold a number in every lane its place.
    """

    def __init__(self, constants: Mapping[int, str], filled: Mapping[int, int]) -> None:
        self.constants, self.filled = constants, filled
        self.lines: list[str] = []
        self.names: dict[int, str] = {}  # of what a row holds
        self.uniform: dict[int, str] = {}  # of what a place holds
        self.read: set[int] = set()
        self.written: set[int] = set()

    def operand(self, o: int) -> str:
        """The name of a row's lane, or of the number at ~o; or that number."""
        place = ~o if o < 0 else self.filled.get(o)
        if place is not None:
            return self.constants.get(place) or self.uniform.setdefault(place, f"n{place}")
        if o not in self.names:
            self.names[o] = f"r{o}"
            self.read.add(o)
            self.lines.append(f"const double r{o} = at{o}[i];")
        return self.names[o]

    def write(self, name: str, step: Instruction) -> None:
        """What an instruction does, in each lane."""
        if step.code == DOTS:
            self.write_dots(name, step)
            return
        self.lines += value_of(name, step.code, [self.operand(o) for o in step.operands], True)
        self.fill(step.target, name)

    def write_dots(self, name: str, step: Instruction) -> None:
        """Dot products of rows with numbers; -0.0 in front of a sum is left out, it changes nothing."""
        m, arity, operands = step.operands[0], step.arity, step.operands
        rows = [self.operand(o) for o in step.reads]
        for j in range(m):
            weights = operands[1 + 2 * m + arity + j * arity :][:arity]
            terms = [f"{self.operand(w)} * {x}" for w, x in zip(weights, rows, strict=True)]
            start = self.operand(operands[1 + m + j])
            self.lines += added_up(f"{name}_{j}", terms if start == "(-0.0)" else [start, *terms])
        for j, target in enumerate(step.fills):
            self.fill(target, f"{name}_{j}")

    def fill(self, row: int, name: str) -> None:
        """A row holds what has this name."""
        self.names[row] = name
        self.written.add(row)

    def text(self, live: Set[int], outside: Set[int], chains: int) -> Iterator[str]:
        """The lines of its function; the rows that are read afterwards are filled, last in each lane.

        Args:
            live: The rows that are read afterwards.
            outside: The rows that may be in arrays, which no cache has yet.
            chains: How many registers of lanes it takes at once.
        """
        kept = sorted(self.written & live)
        yield WHOLE
        yield from (f"double *const at{row} = at[{row}];" for row in sorted({*self.read, *kept}))
        yield from (f"const double {name} = n[{place}];" for place, name in self.uniform.items())
        yield "EACH_LANE {" if chains == 1 else "EACH_STRETCH {"
        if chains > 1 and len(self.lines) >= FETCHED_FROM:
            yield from (f"TO_BE_READ(at{row})" for row in sorted(self.read & outside))
            yield from (f"TO_BE_WRITTEN(at{row})" for row in sorted({*kept} & outside))
        if chains > 1:
            yield "EACH_OF_CHAINS {"
        for line in [*self.lines, *[f"at{row}[i] = {self.names[row]};" for row in kept]]:
            yield f"    {line}"
            yield from (f"    {in_chain(line, k)}" for k in range(1, chains))
        yield "}" if chains == 1 else "}}"


def in_chain(line: str, k: int) -> str:
    """A line of a loop, for the lane that is k registers further on."""
    return OF_A_LANE.sub(lambda found: f"[i + {k} * WIDTH]" if found[0] == "[i]" else f"{found[0]}_of_{k}", line)


def is_alone(step: Instruction) -> bool:
    """Whether it is in a loop of its own, or is none."""
    return is_tiled(step) or (step.row is not None and not flows(step.row))


def members(groups: Iterable[Sequence[int]], operands: list[int]) -> Iterator[tuple[int, int, list[int]]]:
    """Of each number of some groups its code, its place, and the places of its operands; see replay/lanes.h."""
    for code, target, first, count, arity in groups:
        for i in range(count):
            if code >= STEPS:
                places = [operands[first + 2 * j] + i * operands[first + 2 * j + 1] for j in range(arity)]
            else:
                places = [operands[first + j * count + i] for j in range(arity)]
            yield code - STEPS * (code >= STEPS), target + i, places


def live_after(steps: Sequence[Instruction], outputs: Iterable[int]) -> list[set[int]]:
    """Of each instruction the rows that somebody reads after it, as it left them."""
    live, found = set(outputs), []
    for step in reversed(steps):
        found.append(live)
        live = (live - set(step.fills)) | set(step.reads)
    return found[::-1]


def value_of(name: str, code: int, given: list[str], in_lanes: bool) -> Iterator[str]:
    """Statements after which the name has the value of a step."""
    if FUSION <= code < OUTER_PLUS:
        yield f"const double {name} = {fused(code, given)};"
    elif code == SUM:
        yield from added_up(name, given)
    elif code == DOT:
        yield from added_up(name, [f"{x} * {y}" for x, y in zip(given[::2], given[1::2], strict=True)])
    else:
        yield from spelt(name, code, given, in_lanes)


def tiled(step: Instruction, operands: str) -> Iterator[str]:
    """Statements that run an instruction by tiles; a sum over lanes first clears those that the batch does not fill."""
    if step.code == DOTS:
        yield f"dots((int) lanes, {step.arity}, {operands}, at, n);"
    elif step.code in (SUM, DOT):
        yield f"sum_all({1 + (step.code == DOT)}, (int) lanes, {step.arity}, {operands}, at, n, at[{step.target}]);"
    else:
        name, numbers = ("outer_products", "") if step.code == OUTER else ("outer_products_plus", "n, ")
        yield f"for (int k = 1; k <= {step.operands[0] + step.arity} && size < eights; k++)"
        yield f"    for (long i = size; i < eights; i++) at[{operands}[k]][i] = 0.0;"
        yield f"{name}(eights, size, {step.arity}, {operands}, at, {numbers}sums);"


def function(head: str, lines: Iterable[str]) -> str:
    """A function in C."""
    return "\n".join([f"{head} {{", *[f"    {line}" for line in lines], "}"])


@cache
def text_of(header: str) -> str:
    """The text of a header, from the room that it is in."""
    return (ROOMS / header).read_text(encoding="utf-8")
