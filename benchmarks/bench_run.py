"""Time of the main job and of one figure from the command: `python benchmarks/bench_run.py
[REPORT]`; each in a process of its own."""

import sys
import tempfile
from pathlib import Path

from timing import process

from xiacheng_nlp.publish.catalogue import FIGURES


def seconds(*words: str) -> float:
    """How long a command takes. Raises `CalledProcessError` where it fails."""
    return process("-m", "xiacheng_nlp", *words, runs=1)


def main(report: list[str]) -> None:
    """Print the seconds of `run --lang both`, and of `figure ID` for every figure."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "output"
        print(
            f"{'run --lang both':28} "
            f"{seconds('run', *report, '-o', str(output), '--lang', 'both'):6.1f} s"
        )
        size = sum(path.stat().st_size for path in output.rglob("*") if path.is_file())
        print(
            f"{'what it writes':28} {size / 1e6:6.1f} MB; index.html "
            f"{(output / 'index.html').stat().st_size / 1e6:.1f} MB"
        )
        for id in FIGURES:
            print(f"{'figure ' + id:28} {seconds('figure', id, *report, '-o', str(output)):6.1f} s")


if __name__ == "__main__":
    main(sys.argv[1:])
