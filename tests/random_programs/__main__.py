"""Random programs, compiled and asked for everything, against the eager engine.

`python -m tests.random_programs 20000` runs so many.

A program that differs is printed as something to run, as small as dropping its statements and rows makes it.
"""

import argparse
import sys
import time
from collections import Counter
from dataclasses import replace
from zlib import crc32

from tests.random_programs.shrinking import shrunk
from tests.random_programs.trial import FailsByItself, Trial, bits, fault_of
from tests.random_programs.writer import write


def eager_bits(seeds):
    """A number that any bit of what the eager engine gives for these programs changes."""
    found = 0
    for seed in seeds:
        program = write(seed)
        trial = Trial(program)
        try:
            trial.take(
                replace(
                    program.batches[0], rows=program.batches[0].rows[:4], directions=program.batches[0].directions[:4]
                )
            )
        except FailsByItself:
            continue
        for row in trial.rows:
            result = row.results(2)
            for x in (result.values, result.slopes, result.second):
                found = crc32(repr(bits([x])).encode(), found)
    return found


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.random_programs", description=__doc__)
    parser.add_argument("count", type=int, nargs="?", default=300, help="of programs")
    parser.add_argument("--seed", type=int, default=0, help="of the first")
    parser.add_argument("--most", type=int, default=10, help="stop after so many faults")
    parser.add_argument("--whole", action="store_true", help="print failing programs as they are, not shrunk")
    parser.add_argument("--bits", action="store_true", help="print only what the eager engine's bits come to")
    asked = parser.parse_args()
    seeds = range(asked.seed, asked.seed + asked.count)
    if asked.bits:
        print(eager_bits(seeds))
        return
    counts, faults, begun = Counter(programs=0), 0, time.perf_counter()
    for seed in seeds:
        fault = fault_of(write(seed), counts=counts)
        counts["programs"] += 1
        if fault is not None:
            faults += 1
            print(f"{'=' * 120}\n{fault if asked.whole else shrunk(fault, fault_of)}\n", flush=True)
            if faults == asked.most:
                break
    for what, count in counts.items():
        print(f"{count:12,} {what}")
    print(f"{faults:12,} faults, in {time.perf_counter() - begun:.0f} s")
    sys.exit(faults > 0)


if __name__ == "__main__":
    main()
