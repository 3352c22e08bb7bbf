"""Speed and memory of many reports: `python benchmarks/bench_corpus.py [COUNT]`, reports of the
seed's size made by this script.

Each is the seed with the sentences of its paragraphs in another order and other digits in its
numbers, so that no two are the same.
"""

import random
import re
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path

from xiacheng_nlp import load_report
from xiacheng_nlp.corpora.dataset import corpus

TRIES = 5


def write_reports(folder: Path, count: int) -> None:
    """Write `count` reports of the seed's size into a folder."""
    seed = load_report()
    chance = random.Random(0)
    for number in range(count):
        lines = [seed.text[: seed.start].strip()]
        for paragraph in seed.paragraphs:
            texts = [sentence.text for sentence in paragraph.sentences]
            first, rest = (
                (texts[:1], texts[1:]) if paragraph.sentences[0].kind != "text" else ([], texts)
            )
            chance.shuffle(rest)
            lines.append("".join(first + rest))
        text = "\n".join(lines)
        text = re.sub(r"(?<=\d)\d(?=\.\d)", lambda _: str(chance.randrange(10)), text)
        (folder / f"report-{number:05}.txt").write_text(text, encoding="utf-8")


def main(count: int) -> None:
    """Print reports a second for one and two workers, without words, with term counts and with
    tokens; and the largest worker."""
    with tempfile.TemporaryDirectory() as scratch:
        reports = Path(scratch) / "reports"
        reports.mkdir()
        write_reports(reports, count)
        for name, options in (
            ("without words", {"terms": False}),
            ("with term counts", {"terms": True}),
            ("with term counts and tokens", {"terms": True, "tokens": True}),
            ("with both, words learned", {"terms": True, "tokens": True, "learning": True}),
        ):
            speeds = {}
            for workers in (1, 2):
                tries = []
                for turn in range(TRIES):
                    started = time.perf_counter()
                    result = corpus(
                        reports,
                        Path(scratch) / f"{name}-{workers}-{turn}",
                        workers=workers,
                        **options,
                    )  # type: ignore[arg-type]
                    tries.append(count / (time.perf_counter() - started))
                    assert result.made == count
                speeds[workers] = statistics.median(tries)
            told = ", ".join(f"{workers} workers {speed:.1f}" for workers, speed in speeds.items())
            print(
                f"{name}: {told} reports/s (median of {TRIES}); {speeds[2] / speeds[1]:.2f} times",
                flush=True,
            )
        largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"memory: largest worker {largest:.0f} MB, this process {own:.0f} MB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
