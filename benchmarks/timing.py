"""What the benchmarks share: how long a call or a process takes, and long text without copies."""

import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from xiacheng_nlp.report.report import load_report

RUNS = 7


def timed(action: Callable[[], object]) -> float:
    """Seconds of one call."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def seconds(action: Callable[[], object], runs: int = 3) -> float:
    """Seconds of the fastest of some calls."""
    return min(timed(action) for _ in range(runs))


def process(*words: str, runs: int = RUNS) -> float:
    """Median seconds of a whole process of Python."""
    command = [sys.executable, *words]
    return statistics.median(
        timed(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL))
        for _ in range(runs)
    )


def distinct(chars: int) -> str:
    """At least `chars` characters in the shape of the seed's body without its annex, one character
    in fifty changed by a seeded generator, so that no copy is found."""
    chooser = random.Random(2014)
    report = load_report()
    body = [
        line
        for line in report.text[report.start : report.sections[-1].start].split("\n")
        if line.strip()
    ]
    lines: list[str] = []
    size = 0
    while size < chars:
        for line in body:
            changed = [
                chr(chooser.randrange(0x4E00, 0x9FA6)) if chooser.random() < 0.02 else c
                for c in line
            ]
            lines.append("".join(changed))
            size += len(line) + 1
    return "\n".join(lines)
