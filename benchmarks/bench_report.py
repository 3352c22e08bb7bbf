"""Reading reports: import, the outline as a process, characters a second, growth with length.
python benchmarks/bench_report.py [MB]

The long texts are distinct: the seed's body again and again with characters changed by a seeded
generator, so that no copy is found. A last line measures text that does repeat.
"""

import resource
import sys
from functools import partial

from timing import RUNS, distinct, process, seconds, timed

from xiacheng_nlp.report.report import Report, load_report


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
    took = {}
    for chars in (100_000, 1_000_000, 10_000_000):
        text = distinct(chars)
        took[chars] = seconds(partial(Report.parse, text))
        print(
            f"{len(text):>12,} characters {took[chars]:7.3f} s  "
            f"{len(text) / took[chars] / 1e6:6.2f} M characters/s"
        )
    print(f"ten times as long takes  {took[10_000_000] / took[1_000_000]:7.1f} times as long")
    report = load_report()
    repeated = report.text[report.start : report.end] * 500
    once = timed(partial(Report.parse, repeated))
    print(
        f"{len(repeated):>12,} characters {once:7.3f} s  "
        f"{len(repeated) / once / 1e6:6.2f} M characters/s, the same text 500 times"
    )
    if megabytes:
        text = distinct(int(megabytes * 1e6 / 2.9))
        size = len(text.encode()) / 1e6
        once = timed(partial(Report.parse, text))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
        print(
            f"{size:>9,.0f} MB UTF-8     {once:7.3f} s  {len(text) / once / 1e6:6.2f} M "
            f"characters/s, peak memory {peak:,.0f} MB"
        )


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 100)
