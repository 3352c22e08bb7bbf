"""How far the package can be trusted: its words, numbers, themes and instruments against the gold
standards that travel with it.

The gold standards are readings by language models from one guideline, and no person has coded a
sample yet; what they say of the seed is in-sample, since rules and lists were made with the seed at
hand. Intervals are of the text alone: percentile bootstrap intervals (Efron & Tibshirani 1993) over
sentences, not over reports, and not of the coding.
"""

import json
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Unpack

import numpy as np
import pandas as pd

from xiacheng_nlp import resources as bundle
from xiacheng_nlp.datafiles import read_table
from xiacheng_nlp.errors import DataFileError
from xiacheng_nlp.observations.observation import indicators
from xiacheng_nlp.report.report import Report, load_report
from xiacheng_nlp.statistics import Bootstrap, BootstrapOptions, wilson
from xiacheng_nlp.themes.agreement import (
    agreement_by_code,
    agreement_table,
    matched,
    read_theme_gold,
)
from xiacheng_nlp.themes.codebook import load_codebook
from xiacheng_nlp.themes.coding import code_themes
from xiacheng_nlp.validation import baselines
from xiacheng_nlp.validation.scores import Evaluation, evaluate, read_rows
from xiacheng_nlp.words.segmentation import tokenize

STEM = "xiacheng-2014"
TASKS = (
    "words",
    "terms",
    "spans",
    "quantities",
    "indicators",
    "records",
    "themes",
    "codes",
    "instrument",
)
"""What is scored: words, and special terms kept whole; places of numbers, with value and unit and
bound; indicators, with all their fields; the main theme of a sentence, all its themes, its
instrument."""

MEASURES: Mapping[str, str] = {
    **dict.fromkeys(("words", "spans", "quantities", "indicators", "records", "codes"), "f1"),
    "terms": "recall",
    **dict.fromkeys(("themes", "instrument"), "accuracy"),
}


SYSTEMS = (
    *("package", "package without report lexicon", "package without it and without learning"),
    *("jieba", "pattern", "most frequent code"),
)
"""What is scored beside the package: itself without the word list made for the report, and also
without words learned from it; jieba as it comes; a plain pattern for numbers; and one code for all
sentences."""


DEVELOPMENT_COLUMNS = (
    *(
        "report",
        "kind",
        "sha256",
        "part",
        "task",
        "system",
        "measure",
        "right",
        "predicted",
        "expected",
    ),
    *("version", "date", "command"),
)


@dataclass(frozen=True, slots=True)
class _Counts:
    """What a task came to in each sentence or unit: right, predicted, expected."""

    right: "np.ndarray[Any, Any]"
    predicted: "np.ndarray[Any, Any]"
    expected: "np.ndarray[Any, Any]"


class Validation:
    """The seed report against its gold standards: what the package says, and what the baselines
    say, each made once.

    >>> Validation().report.name
    '000_ecde2efd3ab0aef1.txt'
    """

    def __init__(self) -> None:
        self.report: Report = load_report(bundle.seed())
        self.folder: Path = bundle.folder("gold")

    @cached_property
    def numbers(self) -> list[dict[str, Any]]:
        """The gold standard of numbers."""
        return read_rows(self.folder / f"{STEM}.gold.jsonl")

    @cached_property
    def observations(self) -> list[dict[str, object]]:
        """The rows of the package."""
        return [observation.record() for observation in indicators(self.report)]

    @cached_property
    def evaluation(self) -> Evaluation:
        """The package's numbers, scored."""
        return evaluate(self.numbers, self.observations)

    @cached_property
    def pattern(self) -> Evaluation:
        """Those of the plain pattern."""
        return evaluate(self.numbers, baselines.number_unit_pattern(self.report))

    @cached_property
    def themes(self) -> pd.DataFrame:
        """The gold standard of themes."""
        return read_theme_gold(self.folder / f"{STEM}.themes.gold.jsonl")

    @cached_property
    def coded(self) -> pd.DataFrame:
        """The sentences as the phrases of the package code them: the trained coder learned from
        these very sentences, and its score on them would tell nothing."""
        return code_themes(self.report, model=False)

    @cached_property
    def words(self) -> "tuple[WordUnit, ...]":
        """The sentences of the gold standard of words."""
        return tuple(read_word_gold(self.folder))

    def tokens(self, *, report_lexicon: bool = True, learning: bool = True) -> pd.DataFrame:
        """The words of the package, the annex's too."""
        return tokenize(
            self.report, glossary=True, report_lexicon=report_lexicon, learning=learning
        )


@lru_cache(maxsize=1)
def seed_validation() -> Validation:
    """The one `Validation` of the seed: everything in it follows from files of the package.

    >>> seed_validation() is seed_validation()
    True
    """
    return Validation()


@dataclass(frozen=True, slots=True)
class WordUnit:
    """A sentence of the gold standard of words: its place, its words and those of them that are
    special terms, by their places."""

    start: int
    end: int
    words: tuple[tuple[int, int], ...]
    terms: tuple[tuple[int, int], ...]


def read_word_gold(folder: Path) -> Iterator[WordUnit]:
    """The sentences of the gold standard of words in a folder. Raises `DataFileError` where words
    and text do not fit.

    >>> units = list(read_word_gold(bundle.folder("gold")))
    >>> len(units), sum(len(unit.words) for unit in units)
    (100, 2711)
    """
    try:
        sample = json.loads(
            (folder / f"{STEM}.segmentation.sample.json").read_text(encoding="utf-8")
        )
        lines = (
            (folder / f"{STEM}.segmentation.gold.jsonl").read_text(encoding="utf-8").splitlines()
        )
        terms = frozenset(
            (folder / f"{STEM}.segmentation.terms.txt").read_text(encoding="utf-8").split()
        )
        units = {unit["id"]: unit for unit in sample}
        rows = [json.loads(line) for line in lines if line.strip()]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataFileError(f"the gold standard of words can't be read: {error}") from None
    for row in rows:
        unit = units[row["id"]]
        spans: list[tuple[int, int]] = []
        special: list[tuple[int, int]] = []
        place = 0
        for word in row["words"]:
            place = unit["text"].find(word, place)
            if place < 0:
                raise DataFileError(
                    f"sentence {row['id']} of the gold standard of words: {word} does not stand in its text"
                )
            spans.append((unit["start"] + place, unit["start"] + place + len(word)))
            special += [spans[-1]] * (word in terms)
            place += len(word)
        yield WordUnit(unit["start"], unit["end"], tuple(spans), tuple(special))


def accuracy(**options: Unpack[BootstrapOptions]) -> pd.DataFrame:
    """The score of each task on the seed, of the package and of the baselines: one row a task and
    system.

    Columns: `task` (one of `TASKS`), `system` (one of `SYSTEMS`), `measure` (f1; recall for terms;
    accuracy), `value`, `low`, `high`, `right`, `predicted`, `expected` (counts), `units` (sentences
    that were drawn for the interval: `resamples` (2000), `seed` (0), `confidence` (0.95)). Raises `DataFileError` for gold standards that can't be read.

    >>> table = accuracy(resamples=50).set_index(["task", "system"])["value"].round(2)
    >>> float(table["quantities", "package"]), float(table["quantities", "pattern"])
    (1.0, 0.84)
    """
    made, bootstrap = seed_validation(), Bootstrap(**options)
    rows = [
        _scored(task, system, counts, bootstrap)
        for system, tokens in _segmentations(made).items()
        for task, counts in _word_counts(made.words, tokens).items()
    ]
    starts = [sentence.start for sentence in made.report.sentences]
    for system, evaluation in (("package", made.evaluation), ("pattern", made.pattern)):
        for task in ("spans", "quantities", "indicators", "records"):
            rows.append(_scored(task, system, _number_counts(evaluation, task, starts), bootstrap))
    guess = baselines.most_frequent_code(made.coded, made.themes)
    for system, coded in (("package", made.coded), ("most frequent code", guess)):
        rows += _theme_scores(system, coded, made.themes, options)
    columns = [
        "task",
        "system",
        "measure",
        "value",
        "low",
        "high",
        "right",
        "predicted",
        "expected",
        "units",
    ]
    table = pd.DataFrame(rows, columns=columns)
    order = {task: place for place, task in enumerate(TASKS)}
    table = table.sort_values(
        "task", key=lambda tasks: tasks.map(order), kind="stable"
    ).reset_index(drop=True)
    table.attrs = {"report": made.report.name, "resamples": bootstrap.resamples}
    table.attrs |= {"seed": bootstrap.seed, "confidence": bootstrap.confidence}
    return table


def _segmentations(made: Validation) -> dict[str, pd.DataFrame]:
    return {
        SYSTEMS[0]: made.tokens(),
        SYSTEMS[1]: made.tokens(report_lexicon=False),
        SYSTEMS[2]: made.tokens(report_lexicon=False, learning=False),
        "jieba": baselines.plain_words(made.report),
    }


def _word_counts(units: Sequence[WordUnit], tokens: pd.DataFrame) -> dict[str, _Counts]:
    spans = sorted(zip(tokens["start"].tolist(), tokens["end"].tolist(), strict=True))
    begins = [start for start, _ in spans]
    words, terms = [], []
    for unit in units:
        inside = {
            span
            for span in spans[bisect_right(begins, unit.start - 1) : bisect_right(begins, unit.end)]
            if span[1] <= unit.end
        }
        words.append((len(inside & set(unit.words)), len(inside), len(unit.words)))
        whole = sum(span in inside for span in unit.terms)
        terms.append((whole, len(unit.terms), len(unit.terms)))
    return {"words": _Counts(*np.array(words).T), "terms": _Counts(*np.array(terms).T)}


def _number_counts(evaluation: Evaluation, task: str, starts: Sequence[int]) -> _Counts:
    counts = np.zeros((3, len(starts)), np.int64)
    for row, places in zip(counts, evaluation.places[task], strict=True):
        np.add.at(row, [bisect_right(starts, place) - 1 for place in places], 1)
    return _Counts(*counts)


def _scored(task: str, system: str, counts: _Counts, bootstrap: Bootstrap) -> tuple[object, ...]:
    over, of = (
        (2 * counts.right, counts.predicted + counts.expected)
        if MEASURES[task] == "f1"
        else (counts.right, counts.expected)
    )
    weights = bootstrap.weights(len(over))
    with np.errstate(invalid="ignore"):
        low, high = bootstrap.interval((weights @ over) / (weights @ of))
    sums = (int(counts.right.sum()), int(counts.predicted.sum()), int(counts.expected.sum()))
    return (
        task,
        system,
        MEASURES[task],
        float(over.sum() / of.sum()),
        low,
        high,
        *sums,
        int((of > 0).sum()),
    )


def _theme_scores(
    system: str, coded: pd.DataFrame, gold: pd.DataFrame, options: BootstrapOptions
) -> list[tuple[object, ...]]:
    table = agreement_table(coded, gold, **options)
    said = {row["measure"]: row for row in table.to_dict("records")}
    precision, recall = said["codes_precision"], said["codes_recall"]
    rows: list[tuple[object, ...]] = []
    for task, measure in (
        ("themes", "main_accuracy"),
        ("codes", "codes_f1"),
        ("instrument", "instrument_accuracy"),
    ):
        row = said[measure]
        sums = (
            (precision["hits"], precision["n"], recall["n"])
            if task == "codes"
            else (row["hits"], row["n"], row["n"])
        )
        rows.append(
            (
                task,
                system,
                MEASURES[task],
                row["value"],
                row["low"],
                row["high"],
                *map(int, sums),
                len(gold),
            )
        )
    return rows


_CONSTRUCTIONS: Mapping[str, Any] = {
    "level": lambda row: row["measure"] == "level",
    "growth": lambda row: row["measure"] == "growth",
    "share": lambda row: row["measure"] == "share",
    "difference": lambda row: row["measure"] == "difference",
    "multiple": lambda row: row["measure"] == "multiple",
    "rank": lambda row: row["measure"] == "rank",
    "outcome": lambda row: row["status"] == "actual",
    "target": lambda row: row["status"] == "target",
    "definition": lambda row: row["status"] == "definition",
    "with a bound": lambda row: (row.get("bound") or "=") != "=",
    "range": lambda row: isinstance(row["value"], list),
    "decrease": lambda row: row.get("sign") == -1,
    "about another number": lambda row: row.get("base") is not None,
}


def by_construction() -> pd.DataFrame:
    """How many of the indicators of the seed's gold standard are found, by what they are: one row a
    construction that occurs.

    Columns: `construction` (a measure, a status, or a property that rows of several measures have),
    `n`, `indicator` (share with the right amount and an accepted name) with its score interval
    `indicator_low`, `indicator_high` (Wilson 1927), `record` (share with every field right) with
    `record_low`, `record_high`; and of the plain pattern `pattern_indicator`, `pattern_record`.

    >>> by_construction().set_index("construction").loc["growth", ["n", "record"]].tolist()
    [24.0, 1.0]
    """
    made = seed_validation()
    expected = [
        row for row in made.numbers if row.get("role") == "indicator" and not row.get("optional")
    ]
    rows = []
    for name, belongs in _CONSTRUCTIONS.items():
        starts = [int(row["start"]) for row in expected if belongs(row)]
        if not starts:
            continue
        row: dict[str, Any] = {"construction": name, "n": len(starts)}
        for prefix, evaluation in (("", made.evaluation), ("pattern_", made.pattern)):
            for score in ("indicators", "records"):
                right = set(evaluation.places[score][0])
                hits = sum(start in right for start in starts)
                key = prefix + score.removesuffix("s")
                row[key] = hits / len(starts)
                if not prefix:
                    low, high = wilson(hits, len(starts))
                    row |= {f"{key}_low": float(low), f"{key}_high": float(high)}
        rows.append(row)
    table = pd.DataFrame(rows)
    table.attrs = {"confidence": 0.95, "report": made.report.name}
    return table


def by_theme(**options: Unpack[BootstrapOptions]) -> pd.DataFrame:
    """Precision, recall and F1 of each theme on the seed: the table of `themes.agreement_by_code`
    with the names of the themes.

    >>> table = by_theme(resamples=50)
    >>> table.loc[0, ["code", "theme"]].tolist()
    ['reform', '改革与政务']
    """
    made = seed_validation()
    table = agreement_by_code(made.coded, made.themes, **options)
    names = {theme.code: theme for theme in load_codebook().themes}
    attrs = table.attrs
    table.insert(1, "theme", [names[code].zh for code in table["code"]])
    table.insert(2, "theme_en", [names[code].en for code in table["code"]])
    table.attrs = attrs
    return table


def mistakes() -> pd.DataFrame:
    """Every mistake that remains on the seed, with its reason: one row a mistake, by task, in the
    order of the text.

    Columns: `task` (words, quantities, indicators, themes, instrument), `start`, `text` (the
    stretch of the report; of a sentence its beginning), `gold`, `package` (what each says),
    `reason` (null where none is known). Words: a row a stretch that is cut otherwise.

    >>> mistakes()["task"].value_counts().to_dict()["indicators"]
    2
    """
    made = seed_validation()
    reasons = _reasons()
    found = [*_word_mistakes(made), *_number_mistakes(made), *_theme_mistakes(made)]
    rows = [(task, *row, reasons.get((task, key))) for task, key, *row in found]
    return pd.DataFrame(rows, columns=["task", "start", "text", "gold", "package", "reason"])


def unexplained() -> list[str]:
    """Mistakes without a reason, and reasons without their mistake; nothing where the list is true.

    >>> unexplained()
    []
    """
    made = seed_validation()
    found = {
        (task, key)
        for task, key, *_ in [
            *_word_mistakes(made),
            *_number_mistakes(made),
            *_theme_mistakes(made),
        ]
    }
    reasons = set(_reasons())
    lacking = [f"no reason for {task} {key}" for task, key in sorted(found - reasons)]
    return lacking + [f"no mistake {task} {key}" for task, key in sorted(reasons - found)]


def _reasons() -> dict[tuple[str, str], str]:
    rows = read_table(
        bundle.folder("gold") / f"{STEM}.mistakes.tsv", columns=("task", "where", "reason")
    )
    return {(row["task"], row["where"]): row["reason"] for row in rows}


_Found = tuple[str, str, int, str, str, str]


def _word_mistakes(made: Validation) -> Iterator[_Found]:
    tokens = made.tokens()
    spans = sorted(zip(tokens["start"].tolist(), tokens["end"].tolist(), strict=True))
    for unit in made.words:
        ours = [span for span in spans if unit.start <= span[0] and span[1] <= unit.end]
        for start, end in _stretches({*unit.words} ^ {*ours}):
            cut = [
                "/".join(made.report.text[a:b] for a, b in some if start <= a and b <= end)
                for some in (unit.words, ours)
            ]
            yield "words", str(start), start, made.report.text[start:end], cut[0], cut[1]


def _stretches(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Spans that overlap, put together."""
    begin = stop = -1
    for start, end in sorted(spans):
        if start >= stop:
            if begin >= 0:
                yield begin, stop
            begin, stop = start, end
        stop = max(stop, end)
    if begin >= 0:
        yield begin, stop


def _number_mistakes(made: Validation) -> Iterator[_Found]:
    right = set(made.evaluation.places["quantities"][0])
    by_start = {int(row["start"]): row for row in made.numbers if row.get("start") is not None}
    for start in sorted(set(made.evaluation.places["quantities"][2]) - right):
        row = by_start[start]
        yield (
            "quantities",
            str(start),
            start,
            str(row["text"]),
            f"{row['value']} {row['unit']}",
            "none",
        )
    for mistake in made.evaluation.mistakes:
        gold, said = mistake.gold or {}, mistake.predicted or {}
        start = int((mistake.gold or mistake.predicted or {})["start"])
        named = gold.get("names") or gold.get("name") or "none"
        names = named if isinstance(named, str) else " or ".join(named)
        yield (
            "indicators",
            str(start),
            start,
            str(gold.get("text") or said.get("text")),
            names,
            str(said.get("indicator") or "none"),
        )


def _theme_mistakes(made: Validation) -> Iterator[_Found]:
    pairs = matched(made.coded, made.themes)
    for row in pairs.to_dict("records"):
        start, text = int(row["start"]), made.report.text[int(row["start"]) : int(row["end"])][:40]
        if not row["agrees"]:
            yield (
                "themes",
                str(start),
                start,
                text,
                " or ".join(row["main"]),
                ", ".join(row["themes"] or ("none",)),
            )
        if row["instrument_agrees"] is not None and not row["instrument_agrees"]:
            gold, said = " or ".join(row["instrument"]), str(row["coded_instrument"])
            yield "instrument", f"{gold}>{said}", start, text, gold, said


def development() -> pd.DataFrame:
    """Scores on other reports than the seed, from a data file: one row a report, task and system.

    Columns: `report`, `kind` (development: rules were made with the mistakes on it at hand; held
    out: annotated blind, and no mistake on it was looked at), `sha256` (of the file), `part` (the
    offsets that were scored, or all), `task`, `system`, `measure`, `value`, `right`, `predicted`,
    `expected` (counts), `version` (of the package), `date`, `command` (what repeats it, for whoever
    has the text). The gold standards themselves travel in gold/development and gold/held-out, and
    some passages with them.

    >>> table = development()
    >>> table[table["task"] == "records"].groupby("kind")["report"].unique().map(list).to_dict()  # doctest: +NORMALIZE_WHITESPACE
    {'development': ['hebei-2009', 'national-2014', 'national-2023', 'zhejiang-2026'],
     'held out': ['beijing-2024', 'jinhua-2017', 'taizhou-2018']}
    """
    rows = read_table(bundle.folder("gold") / "development.tsv", columns=DEVELOPMENT_COLUMNS)
    table = pd.DataFrame([row.cells for row in rows], columns=list(DEVELOPMENT_COLUMNS))
    for column in ("right", "predicted", "expected"):
        table[column] = table[column].astype("int64")
    f1 = 2 * table["right"] / (table["predicted"] + table["expected"])
    table.insert(7, "value", f1.where(table["measure"] == "f1", table["right"] / table["expected"]))
    return table
