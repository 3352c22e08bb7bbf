"""How often the intervals of `statistics` hold the true share: `coverage.py FOLDER`.

Paragraphs are drawn with replacement from those of the seed, reports from those of FOLDER, so that
the true share is known; a 95 % interval should hold it in 95 of 100 draws. Writes
xiacheng_nlp/data/validation/coverage.tsv.
"""

import sys
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np

from xiacheng_nlp.files import write_file
from xiacheng_nlp.report.report import load_report
from xiacheng_nlp.statistics import Ends, Floats, Rests, difference, effective, score_interval
from xiacheng_nlp.themes.codebook import load_codebook
from xiacheng_nlp.themes.coded import by_paragraph, weigh
from xiacheng_nlp.themes.coding import code_themes

TARGET = Path(__file__).parents[1] / "xiacheng_nlp/data/validation/coverage.tsv"
BANDS = (0.01, 0.02, 0.05, 0.1, 0.5)
DRAWS = 2000
BOOK = load_codebook()


def shares(pool: Floats, of: Floats, n: int, random: np.random.Generator) -> Rests:
    """The shares of n clusters drawn of a pool, and what they rest on."""
    places = random.integers(0, len(pool), n)
    return effective(pool[places], of[places])


def cells(
    what: str, n: str, true: Floats, size: Floats, draw: Callable[[], Ends]
) -> Iterator[tuple[str, ...]]:
    """The rows of one kind and number of clusters, by the size of the share."""
    drawn = np.array([draw() for _ in range(DRAWS)])
    low, high = drawn[:, 0], drawn[:, 1]
    held, above = (low <= true + 1e-9) & (true <= high + 1e-9), true > high
    for least, most in pairwise(BANDS):
        inside = (size >= least) & (size < most)
        if inside.any():
            told = [held[:, inside].mean(), above[:, inside].mean()]
            told.append((high - low)[:, inside].mean())
            yield what, n, f"{least:.2f}", f"{most:.2f}", *(f"{value:.3f}" for value in told)


def every(folder: Path) -> Iterator[tuple[str, ...]]:
    random = np.random.default_rng(0)
    coded = code_themes(load_report())
    chars = weigh(coded, BOOK)
    part = coded["part"].to_numpy()

    def paragraphs(rows: object) -> Floats:
        return by_paragraph(chars[rows], coded["paragraph"].to_numpy()[rows])

    pool = paragraphs(np.ones(len(coded), bool))
    true = pool.sum(axis=0) / pool.sum()
    for n in (10, 20, 40, 78):
        one = lambda n=n: score_interval(*shares(pool, pool.sum(axis=1), n, random))  # noqa: E731
        yield from cells("theme of a report", str(n), true, true, one)
    sides = [paragraphs(part == name) for name in ("plan", "review")]
    each = [side.sum(axis=0) / side.sum() for side in sides]
    for some in ((20, 20), (40, 20), (40, 40)):

        def apart(some: tuple[int, int] = some) -> Ends:
            told = [
                shares(side, side.sum(axis=1), n, random)
                for side, n in zip(sides, some, strict=True)
            ]
            return difference(told[0], told[1])

        label, size = f"{some[0]} + {some[1]}", np.maximum(*each)
        yield from cells("difference of two parts", label, each[0] - each[1], size, apart)
    used = [each.code for each in BOOK.instruments if each.code != "none"]
    by = np.array([coded["instrument"] == code for code in used], float).T
    counts = by_paragraph(by, coded["paragraph"])
    counts = counts[counts.any(axis=1)]
    true = counts.sum(axis=0) / counts.sum()
    for n in (5, 10, 20, 50):
        one = lambda n=n: score_interval(*shares(counts, counts.sum(axis=1), n, random))  # noqa: E731
        yield from cells("instrument of clustered sentences", str(n), true, true, one)
        one = lambda n=n: score_interval(*shares(counts[:, :1], counts.sum(axis=1), n, random))  # noqa: E731
        yield from cells("one share of clustered sentences", str(n), true[:1], true[:1], one)
    sums = np.array([weigh(one, BOOK).sum(axis=0) for one in coded_reports(folder)])
    pool = sums / sums.sum(axis=1, keepdims=True)
    true = pool.mean(axis=0)
    for n in (2, 3, 5, 20):
        one = lambda n=n: score_interval(*shares(pool, np.ones(len(pool)), n, random))  # noqa: E731
        yield from cells("theme of a group of reports", str(n), true, true, one)


def coded_reports(folder: Path) -> Iterator[object]:
    for path in sorted(folder.glob("*.txt")):
        coded = code_themes(load_report(path))
        if len(coded) > 30:
            yield coded


def main() -> None:
    folder = Path(sys.argv[1])
    head = (
        "# Coverage of 95 % intervals, by benchmarks/coverage.py with the seed and, for groups "
        f"of reports,\n# {len(list(folder.glob('*.txt')))} reports. n: paragraphs, or reports, "
        "that were drawn; from, to: true shares; above:\n# the true one lies above the interval.\n"
        "what\tn\tfrom\tto\tcoverage\tabove\twidth\n"
    )
    write_file(TARGET, (head + "".join("\t".join(row) + "\n" for row in every(folder))).encode())


if __name__ == "__main__":
    main()
