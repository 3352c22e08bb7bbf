"""How often the year, the place and the level of a report are read rightly, over a folder of
reports with a metadata.csv (file, place, level, year); which share of their text belongs to no
part, and how many of their annexes are found.
python tools/score_reading.py FOLDER [--names] [--faults]

Without --names every file is called report-N, so that the text alone tells. --faults lists what is
wrong, of the files that stand at an even place in the sorted list; of the others only totals are
shown, so that the rules are not made after them.
"""

import csv
import re
import sys
from pathlib import Path

from xiacheng_nlp.report.report import Report, load_report

LEVELS = {
    "national": "国",
    "province": "省",
    "city": "市",
    "district": "区",
    "county-level city": "县级市",
    "county": "县",
}
"""The levels of the metadata by the names that the package gives them."""


def in_english(level: str | None) -> str:
    """What the scores call a level of government: as the metadata, but for the nation."""
    named = (name for name, other in LEVELS.items() if other == level)
    return next(named, "not told").replace("national", "nation")


def same_place(expected: str, found: str | None) -> bool:
    """Whether the place is the one meant, with or without the city that it lies in."""
    named = {"国务院": "中国"}.get(expected, expected)
    return found is not None and (named.endswith(found) or found.endswith(named))


MODERN = 1978
"""The year from which on reports are given each year and in one form."""


ANNEX = re.compile(r"(?:名词|术语|用语)[^。\n]{0,8}(?:解释|注释|说明)|^\W*注释\W*$", re.M)
"""What heads an annex that explains terms, if it stands behind the closing."""
SHORTEST_ANNEX = 200
"""Characters of an annex."""


def has_annex(report: Report) -> bool:
    """Whether the last half of the text has the head of an annex, or a run of numbered notes."""
    last = report.text[len(report.text) // 2 :]
    head = list(ANNEX.finditer(last))
    # A list of attachments names the annex, and has nothing behind it.
    if head and len(last) - head[-1].end() > SHORTEST_ANNEX:
        return True
    return len(re.findall(r"^\s*[\[［【〔]\d+[\]］】〕]", last, re.M)) > 2


def of_no_part(report: Report) -> tuple[int, int]:
    """Characters of the speech that belong to no part, and all of it."""
    outside = sum(p.end - p.start for p in report.paragraphs if p.part is None)
    return outside, report.end - report.start


def is_new_area(expected: str, level: str | None) -> bool:
    """A new area, which the metadata call a district."""
    return level == "新区" and expected.endswith("新区")


def main(folder: Path, names: bool, faults: bool) -> None:
    with (folder / "metadata.csv").open(encoding="utf-8-sig") as stream:
        rows = sorted(csv.DictReader(stream), key=lambda row: row["file"])
    right = {what: [0, 0] for what in ("year", "place", "level")}
    modern = [0, 0]
    annexes, outside, unread = [0, 0, 0], [0, 0], list[float]()
    for number, row in enumerate(rows):
        path = folder / row["file"]
        if names:
            report = load_report(path)
        else:
            report = Report.read(path.read_bytes(), name=f"report-{number}{path.suffix}")
        place = report.place
        verdicts = {
            "year": report.year == int(row["year"]),
            "place": same_place(row["place"], place.name),
            "level": place.level == LEVELS[row["level"]] or is_new_area(row["place"], place.level),
        }
        unread.append(report.unread)
        outside = [a + b for a, b in zip(outside, of_no_part(report), strict=True)]
        if has_annex(report):
            annexes[0] += bool(report.glossary)
            annexes[1] += 1
        else:
            annexes[2] += bool(report.glossary)
        if int(row["year"]) >= MODERN:
            modern[0] += verdicts["year"]
            modern[1] += 1
        for what, verdict in verdicts.items():
            right[what][number % 2] += verdict
            if faults and not verdict and number % 2 == 0:
                said = {"year": report.year, "place": place.name, "level": place.level}[what]
                print(f"{row['file']}: {what} is {row[what]}, not {said}")
    even, odd = (len(rows) + 1) // 2, len(rows) // 2
    for what, (a, b) in right.items():
        share = (a + b) / len(rows)
        print(f"{what:6} {a}/{even} of the even, {b}/{odd} of the odd, {share:.3f} of all")
    print(f"text   {outside[0] / outside[1]:.4f} of the speeches in no part,", end=" ")
    print(f"{sum(unread) / len(unread):.4f} of a text outside the speech and not understood")
    print(f"annex  {annexes[0]}/{annexes[1]} found, {annexes[2]} where there is none")
    print(f"year   {modern[0]}/{modern[1]}, {modern[0] / modern[1]:.3f} from {MODERN} on")


if __name__ == "__main__":
    words = sys.argv[1:]
    main(Path(words[0]), "--names" in words, "--faults" in words)
