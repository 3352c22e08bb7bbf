"""Score the other reports and write gold/development.tsv: python tools/score_development.py FOLDER.

FOLDER holds whole reports, and their places, levels and years in metadata.csv.

The whole texts do not travel with the package; their gold standards and some passages do. Each is
scored as `evaluate` does it.
"""

import csv
import datetime
import hashlib
import json
import sys
from collections.abc import Mapping
from pathlib import Path

from score_reading import in_english

from xiacheng_nlp import __version__
from xiacheng_nlp.observations.observation import indicators
from xiacheng_nlp.report.government import place_of
from xiacheng_nlp.report.report import Report, load_report
from xiacheng_nlp.resources import folder
from xiacheng_nlp.themes.agreement import agreement_table, read_theme_gold
from xiacheng_nlp.themes.coding import code_themes
from xiacheng_nlp.validation import baselines
from xiacheng_nlp.validation.gold import read_number_gold
from xiacheng_nlp.validation.scores import evaluate
from xiacheng_nlp.validation.tables import DEVELOPMENT_COLUMNS, SCORED_AS

GOLD = folder("gold")
KINDS = {
    "development": "development",
    "totals-only": "totals only",
    "held-out": "held out",
}
"""What each folder of gold standards is."""
HEAD = """\
# Scores on other reports than the seed, made by tools/score_development.py. kind: development
# (rules were made with the mistakes on it at hand), totals only (annotated blind; totals were
# watched while rules were made, no mistake was looked at) or held out (annotated blind; once a rule
# was narrowed since the total fell, nothing else of it was watched). part: the offsets that were
# scored. right, predicted, expected: counts; of codes, right over predicted is the precision, right
# over expected the recall.
"""


def text_of(gold: Path, texts: Path) -> Path:
    """The text of a gold standard: NAME.txt beside it, else in the folder."""
    beside = gold.with_name(f"{gold.name.split('.')[0]}.txt")
    return beside if beside.is_file() else texts / beside.name


def number_rows(report: Report, gold: Path, windows: list[list[int]]) -> list[tuple[object, ...]]:
    """Of the package and of the plain pattern."""
    rows: list[tuple[object, ...]] = []
    said = {
        "package": [o.record() for o in indicators(report)],
        "pattern": baselines.number_unit_pattern(report),
    }
    for system, predictions in said.items():
        result = evaluate(read_number_gold(gold), predictions, windows=[(a, b) for a, b in windows])
        for task in ("spans", "quantities", "indicators", "records"):
            score = getattr(result, task)
            rows.append(
                (task, system, SCORED_AS[task], score.hits, score.predicted, score.expected)
            )
    return rows


def theme_rows(report: Report, gold: Path) -> list[tuple[object, ...]]:
    """Of the package and of the most frequent code."""
    other, coded = read_theme_gold(gold), code_themes(report)
    rows: list[tuple[object, ...]] = []
    for system, coding in (
        ("package", coded),
        ("most frequent code", baselines.most_frequent_code(coded, other)),
    ):
        said = {
            row["measure"]: row
            for row in agreement_table(coding, other, resamples=1).to_dict("records")
        }
        for task, measure in (("themes", "main_accuracy"), ("instrument", "instrument_accuracy")):
            hits, n = said[measure]["hits"], said[measure]["n"]
            rows.append((task, system, "accuracy", hits, n, n))
        precision, recall = said["codes_precision"], said["codes_recall"]
        rows.append(("codes", system, "f1", precision["hits"], precision["n"], recall["n"]))
    return rows


def level_and_year(report: Report, told: Mapping[str, str] | None) -> tuple[str, str]:
    """The level of the report's government and the year of its session, as the folder's metadata
    tell them, else as the report does."""
    if told is None:
        return in_english(place_of(report).level), str(report.year)
    return told["level"].replace("national", "nation"), told["year"]


def main(texts: Path) -> None:
    """Write the data file; a text is looked for as NAME.txt beside its gold standard, and then in
    the folder."""
    lines = [HEAD, "\t".join(DEVELOPMENT_COLUMNS) + "\n"]
    windows: dict[str, list[list[int]]] = {}
    for path in GOLD.glob("*/windows.json"):
        windows |= json.loads(path.read_text(encoding="utf-8"))
    with (texts / "metadata.csv").open(encoding="utf-8-sig", newline="") as stream:
        about = {row["file"]: row for row in csv.DictReader(stream)}
    today = datetime.date.today().isoformat()
    for gold in sorted(path for kind in KINDS for path in (GOLD / kind).glob("*.gold.jsonl")):
        name = gold.name.split(".")[0]
        source = text_of(gold, texts)
        report = load_report(source)
        sha256 = hashlib.sha256(source.read_bytes()).hexdigest()
        themes = gold.name.endswith(".themes.gold.jsonl")
        parts = [] if themes else windows.get(name, [])
        part = " ".join(f"{a}:{b}" for a, b in parts) or ("sample" if themes else "all")
        command = f"xiacheng-nlp evaluate {gold.name} {source.name}"
        command += "".join(f" --window {a}:{b}" for a, b in parts)
        for row in theme_rows(report, gold) if themes else number_rows(report, gold, parts):
            told = (name, KINDS[gold.parent.name], *level_and_year(report, about.get(source.name)))
            cells = (*told, sha256, part, *row, __version__, today, command)
            lines.append("\t".join(map(str, cells)) + "\n")
    (GOLD / "development.tsv").write_text("".join(lines), encoding="utf-8")
    print(f"wrote {len(lines) - 2} scores")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
