"""Reading reports: import, the outline as a process, characters a second, growth with length.
python benchmarks/bench_report.py [MB]

The long texts are distinct: the seed's body again and again with characters changed by a seeded
generator, so that no copy is found. A last line measures text that does repeat.
"""

import random
import resource
import statistics
import subprocess
import sys
import time

from xiacheng_nlp.report.report import Report, load_report

RUNS = 7


def process(*words: str) -> float:
    """Median seconds of a whole process."""
    seconds = []
    for _ in range(RUNS):
        start = time.perf_counter()
        subprocess.run([sys.executable, *words], check=True, stdout=subprocess.DEVNULL)
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def distinct(chars: int) -> str:
    """At least `chars` characters in the shape of the seed's body without its annex, one character
    in fifty changed."""
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


def parse_seconds(text: str, runs: int = 3) -> float:
    best = float("inf")
    for _ in range(runs):
        start = time.perf_counter()
        Report.parse(text)
        best = min(best, time.perf_counter() - start)
    return best


def main(megabytes: float) -> None:
    bare, with_package = process("-c", "pass"), process("-c", "import xiacheng_nlp")
    print(
        f"import xiacheng_nlp      {1000 * (with_package - bare):7.1f} ms over a bare "
        f"interpreter (median of {RUNS})"
    )
    print(
        f"outline of the seed      {process('-m', 'xiacheng_nlp', 'outline'):7.3f} s as a "
        f"whole process (median of {RUNS})"
    )
    seconds = {}
    for chars in (100_000, 1_000_000, 10_000_000):
        text = distinct(chars)
        seconds[chars] = parse_seconds(text)
        print(
            f"{len(text):>12,} characters {seconds[chars]:7.3f} s  "
            f"{len(text) / seconds[chars] / 1e6:6.2f} M characters/s"
        )
    print(f"ten times as long takes  {seconds[10_000_000] / seconds[1_000_000]:7.1f} times as long")
    report = load_report()
    repeated = report.text[report.start : report.end] * 500
    took = parse_seconds(repeated, 1)
    print(
        f"{len(repeated):>12,} characters {took:7.3f} s  "
        f"{len(repeated) / took / 1e6:6.2f} M characters/s, the same text 500 times"
    )
    if megabytes:
        text = distinct(int(megabytes * 1e6 / 2.9))
        size = len(text.encode()) / 1e6
        took = parse_seconds(text, 1)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
        print(
            f"{size:>9,.0f} MB UTF-8     {took:7.3f} s  {len(text) / took / 1e6:6.2f} M "
            f"characters/s, peak memory {peak:,.0f} MB"
        )


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 100)
