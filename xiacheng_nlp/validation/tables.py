"""How far the package can be trusted: its words, numbers, themes and instruments against the gold
standards that travel with it.

The gold standards are readings by language models from one guideline, and no person has coded a
sample yet; what they say of the seed is in-sample, since rules and lists were made with the seed at
hand. Intervals are of the text alone: percentile bootstrap intervals (Efron & Tibshirani 1993) over
sentences, not over reports, and not of the coding.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from typing import Any

import numpy as np
import pandas as pd

from xiacheng_nlp import resources as bundle
from xiacheng_nlp.datafiles import packaged, read_table
from xiacheng_nlp.observations.observation import indicators
from xiacheng_nlp.observations.summary import ORDERS
from xiacheng_nlp.report.report import load_report
from xiacheng_nlp.statistics import CONFIDENCE, RESAMPLES, Ints, share_of, wilson
from xiacheng_nlp.themes.agreement import (
    agreement_by_code,
    agreement_table,
    matched,
    read_theme_gold,
)
from xiacheng_nlp.themes.codebook import load_codebook
from xiacheng_nlp.themes.coding import code_themes
from xiacheng_nlp.themes.model import calibrated, load_model
from xiacheng_nlp.validation import baselines
from xiacheng_nlp.validation.gold import STEM, Span, WordUnit, read_number_gold, read_word_gold
from xiacheng_nlp.validation.scores import Evaluation, Score, evaluate, names_of
from xiacheng_nlp.words.segmentation import tokenize

OF_NUMBERS = ("spans", "quantities", "indicators", "records")
"""The tasks that `evaluate` scores."""

SCORED_AS: Mapping[str, str] = {
    "words": "f1",
    "terms": "recall",
    **dict.fromkeys(OF_NUMBERS, "f1"),
    "themes": "accuracy",
    "codes": "f1",
    "instrument": "accuracy",
}
"""The score of each task."""

TASKS = tuple(SCORED_AS)
"""What is scored: words, and special terms kept whole; places of numbers, with value and unit and
bound; indicators, with all their fields; the main theme of a sentence, all its themes, its
instrument."""

SYSTEMS = (
    *("package", "package without report lexicon", "package without it and without learning"),
    *("jieba", "pattern", "most frequent code"),
)
"""What is scored beside the package: itself without the word list made for the report, and also
without words learned from it; jieba as it comes; a plain pattern for numbers; and one code for all
sentences."""


DEVELOPMENT_COLUMNS = (
    *("report", "kind", "level", "year", "sha256", "part", "task", "system", "measure"),
    *("right", "predicted", "expected", "version", "date", "command"),
)


Counts = Ints
"""What a task came to: a row each for right, predicted and expected, a column a sentence."""


class Validation:
    """The seed report against its gold standards: what the package says, and what the baselines
    say, each made once.

    >>> Validation().report.name
    '000_ecde2efd3ab0aef1.txt'
    """

    def __init__(self) -> None:
        self.report = load_report(bundle.seed())
        self.folder = bundle.folder("gold")

    @cached_property
    def numbers(self) -> list[dict[str, Any]]:
        """The gold standard of numbers."""
        return read_number_gold(self.folder / f"{STEM}.gold.jsonl")

    @cached_property
    def evaluation(self) -> Evaluation:
        """The package's numbers, scored."""
        rows = [observation.record() for observation in indicators(self.report)]
        return evaluate(self.numbers, rows)

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
    def words(self) -> tuple[WordUnit, ...]:
        """The sentences of the gold standard of words."""
        return read_word_gold(self.folder)

    def tokens(self, *, report_lexicon: bool = True, learning: bool = True) -> pd.DataFrame:
        """The words of the package, the annex's too."""
        return tokenize(
            self.report, glossary=True, report_lexicon=report_lexicon, learning=learning
        )


@cache
def seed_validation() -> Validation:
    """The one `Validation` of the seed: everything in it follows from files of the package.

    >>> seed_validation() is seed_validation()
    True
    """
    return Validation()


def accuracy(*, resamples: int = RESAMPLES) -> pd.DataFrame:
    """The score of each task on the seed, of the package and of the baselines: one row a task and
    system.

    Columns: `task` (one of `TASKS`), `system` (one of `SYSTEMS`), `measure` (f1; recall for terms;
    accuracy), `value`, `low`, `high`, `right`, `predicted`, `expected` (counts), `units` (sentences
    that were drawn for the 95 % interval, `resamples` (2000) times).

    Raises `DataFileError` for gold standards that can't be read.

    >>> table = accuracy(resamples=50).set_index(["task", "system"])["value"].round(2)
    >>> float(table["quantities", "package"]), float(table["quantities", "pattern"])
    (1.0, 0.84)
    """
    made = seed_validation()
    starts = [sentence.start for sentence in made.report.sentences]
    guess = baselines.most_frequent_code(made.coded, made.themes)
    segmented = (
        made.tokens(),
        made.tokens(report_lexicon=False),
        made.tokens(report_lexicon=False, learning=False),
        baselines.plain_words(made.report),
    )
    rows = [
        *(
            _scored(task, system, counts, resamples)
            for system, tokens in zip(SYSTEMS[:4], segmented, strict=True)
            for task, counts in _word_counts(made.words, tokens).items()
        ),
        *(
            _scored(task, system, _number_counts(getattr(said, task), starts), resamples)
            for system, said in (("package", made.evaluation), ("pattern", made.pattern))
            for task in OF_NUMBERS
        ),
        *_theme_scores("package", made.coded, made.themes, resamples),
        *_theme_scores("most frequent code", guess, made.themes, resamples),
    ]
    rows.sort(key=lambda row: TASKS.index(row["task"]))
    table = pd.DataFrame(rows)
    table.attrs.update(report=made.report.name, resamples=resamples)
    return table


def _word_counts(units: Sequence[WordUnit], tokens: pd.DataFrame) -> dict[str, Counts]:
    spans = _spans(tokens)
    words, terms = [], []
    for unit in units:
        inside = set(_inside(unit, spans))
        words.append((len(inside & set(unit.words)), len(inside), len(unit.words)))
        terms.append((len(inside & set(unit.terms)), len(unit.terms), len(unit.terms)))
    return {"words": np.array(words).T, "terms": np.array(terms).T}


def _spans(tokens: pd.DataFrame) -> list[Span]:
    return sorted(zip(tokens["start"].tolist(), tokens["end"].tolist(), strict=True))


def _inside(unit: WordUnit, spans: Sequence[Span]) -> list[Span]:
    """The spans that stand inside a sentence."""
    first, last = bisect_left(spans, (unit.start, 0)), bisect_left(spans, (unit.end, 0))
    return [span for span in spans[first:last] if span[1] <= unit.end]


def _number_counts(score: Score, starts: Sequence[int]) -> Counts:
    counts = np.zeros((3, len(starts)), np.int64)
    for row, places in zip(counts, score.places, strict=True):
        np.add.at(row, [bisect_right(starts, place) - 1 for place in places], 1)
    return counts


def _scored(task: str, system: str, counts: Counts, resamples: int) -> dict[str, Any]:
    right, predicted, expected = counts
    is_f1 = SCORED_AS[task] == "f1"
    over, of = (2 * right, predicted + expected) if is_f1 else (right, expected)
    score = dict(zip(("value", "low", "high"), share_of(over, of, resamples), strict=True))
    return _row(task, system, score, counts.sum(axis=1), int((of > 0).sum()))


def _row(
    task: str, system: str, score: Mapping[Any, Any], counts: Iterable[Any], units: int
) -> dict[str, Any]:
    """A row of `accuracy`: the score with its interval, and what is right, predicted, expected."""
    row: dict[str, Any] = {"task": task, "system": system, "measure": SCORED_AS[task]}
    row |= {column: score[column] for column in ("value", "low", "high")}
    row |= zip(("right", "predicted", "expected"), map(int, counts), strict=True)
    return row | {"units": units}


def _theme_scores(
    system: str, coded: pd.DataFrame, gold: pd.DataFrame, resamples: int
) -> Iterator[dict[str, Any]]:
    table = agreement_table(coded, gold, resamples=resamples)
    said = {row["measure"]: row for row in table.to_dict("records")}
    precision, recall = said["codes_precision"], said["codes_recall"]
    counts = precision["hits"], precision["n"], recall["n"]
    yield _row("codes", system, said["codes_f1"], counts, len(gold))
    for task, measure in (("themes", "main_accuracy"), ("instrument", "instrument_accuracy")):
        row = said[measure]
        yield _row(task, system, row, (row["hits"], row["n"], row["n"]), len(gold))


_CONSTRUCTIONS = (
    *ORDERS["measure"],
    *("outcome", "target", "definition"),
    *("with a bound", "range", "decrease", "about another number"),
)


def _constructions(row: Mapping[str, Any]) -> set[str]:
    """What a row of the gold standard is: its measure, its status, and what else it has."""
    properties = {
        "with a bound": (row.get("bound") or "=") != "=",
        "range": isinstance(row["value"], list),
        "decrease": row.get("sign") == -1,
        "about another number": row.get("base") is not None,
    }
    status = "outcome" if row["status"] == "actual" else row["status"]
    return {row["measure"], status, *(name for name, has in properties.items() if has)}


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
    scores = [
        set(score.places[0])
        for said in (made.evaluation, made.pattern)
        for score in (said.indicators, said.records)
    ]
    rows = []
    for name in _CONSTRUCTIONS:
        starts = [int(row["start"]) for row in expected if name in _constructions(row)]
        rows.append((name, len(starts), *(len(found & {*starts}) for found in scores)))
    measures = ["indicator", "record", "pattern_indicator", "pattern_record"]
    table = pd.DataFrame(rows, columns=["construction", "n", *measures])
    table = table[table["n"] > 0].reset_index(drop=True)
    for name in measures[:2]:
        table[f"{name}_low"], table[f"{name}_high"] = wilson(table[name], table["n"])
    table[measures] = table[measures].div(table["n"], axis=0)
    columns = [f"{name}{end}" for name in measures[:2] for end in ("", "_low", "_high")]
    table = table[["construction", "n", *columns, *measures[2:]]]
    table.attrs = {"confidence": CONFIDENCE, "report": made.report.name}
    return table


def by_theme(*, resamples: int = RESAMPLES) -> pd.DataFrame:
    """Precision, recall and F1 of each theme on the seed: the table of `themes.agreement_by_code`
    with the names of the themes.

    >>> table = by_theme(resamples=50)
    >>> table.loc[0, ["code", "theme"]].tolist()
    ['reform', '改革与政务']
    """
    made = seed_validation()
    table = agreement_by_code(made.coded, made.themes, resamples=resamples)
    names = {theme.code: theme for theme in load_codebook().themes}
    table.insert(1, "theme", [names[code].zh for code in table["code"]])
    table.insert(2, "theme_en", [names[code].en for code in table["code"]])
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
    told = read_table(
        bundle.folder("gold") / f"{STEM}.mistakes.tsv", columns=("task", "where", "reason")
    )
    reasons = {(row["task"], row["where"]): row["reason"] for row in told}
    rows = []
    for row in (*_word_mistakes(made), *_number_mistakes(made), *_theme_mistakes(made)):
        task, start, _, gold, said = row
        # Of an instrument that is taken for another there is one reason, wherever it stands.
        where = f"{gold}>{said}" if task == "instrument" else str(start)
        rows.append((*row, reasons.get((task, where))))
    return pd.DataFrame(rows, columns=["task", "start", "text", "gold", "package", "reason"])


_Mistake = tuple[str, int, str, str, str]
"""A row of `mistakes` before its reason: the task, place and text, what the gold says and what the
package says."""


def _word_mistakes(made: Validation) -> Iterator[_Mistake]:
    spans = _spans(made.tokens())
    for unit in made.words:
        ours = _inside(unit, spans)
        for start, end in _stretches({*unit.words} ^ {*ours}):
            cut = [
                "/".join(made.report.text[a:b] for a, b in some if start <= a and b <= end)
                for some in (unit.words, ours)
            ]
            yield "words", start, made.report.text[start:end], cut[0], cut[1]


def _stretches(spans: Iterable[Span]) -> list[Span]:
    """Spans that overlap, put together."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            start, end = merged[-1][0], max(end, merged.pop()[1])
        merged.append((start, end))
    return merged


def _number_mistakes(made: Validation) -> Iterator[_Mistake]:
    right, _, expected = map(set, made.evaluation.quantities.places)
    by_start = {int(row["start"]): row for row in made.numbers if row.get("start") is not None}
    for start in sorted(expected - right):
        row = by_start[start]
        wanted = f"{row['value']} {row['unit']}"
        yield "quantities", start, str(row["text"]), wanted, "none"
    for mistake in made.evaluation.mistakes:
        gold, said = mistake.gold or {}, mistake.predicted or {}
        start, text = int((gold or said)["start"]), str((gold or said)["text"])
        wanted = " / ".join(names_of(gold)) or "none"
        yield "indicators", start, text, wanted, str(said.get("indicator") or "none")


def _theme_mistakes(made: Validation) -> Iterator[_Mistake]:
    for row in matched(made.coded, made.themes).to_dict("records"):
        start = int(row["start"])
        text = made.report.text[start : int(row["end"])][:40]
        if not row["agrees"]:
            main, said = " / ".join(row["main"]), ", ".join(row["themes"] or ("none",))
            yield "themes", start, text, main, said
        if row["instrument_agrees"] is not None and not row["instrument_agrees"]:
            gold, said = " / ".join(row["instrument"]), str(row["coded_instrument"])
            yield "instrument", start, text, gold, said


def development() -> pd.DataFrame:
    """Scores on other reports than the seed, from a data file: one row a report, task and system.

    Columns: `report`, `kind` (development: rules were made with the mistakes on it at hand; totals
    only: annotated blind, and its totals were watched but no mistake looked at; held out: annotated
    blind, and nothing of it watched), `level` and `year` (of the government and the session),
    `sha256` (of the file), `part` (the offsets that were scored, or all), `task`, `system`,
    `measure`, `value`, `right`, `predicted`, `expected` (counts), `version` (of the package),
    `date`, `command` (what repeats it, for whoever has the text). The gold standards themselves
    travel in folders named by their kind, some passages with them.

    >>> table = development()
    >>> table.loc[table["kind"] == "held out", "report"].unique().tolist()[:2]
    ['beijing-2024', 'gaotang-2023']
    """
    table = _measured("gold/development.tsv", text=["year"])
    table.insert(DEVELOPMENT_COLUMNS.index("measure") + 1, "value", values(table))
    return table


def values(counts: pd.DataFrame) -> "pd.Series[float]":
    """The score of each row by its counts: F1 where that is its `measure`, else the share of what
    is expected that is right."""
    f1 = 2 * counts["right"] / (counts["predicted"] + counts["expected"])
    return f1.where(counts["measure"] == "f1", counts["right"] / counts["expected"])


def record_reliability() -> pd.DataFrame:
    """How often records of numbers are right that say how sure they are, on other reports than the
    seed: one row a `kind` of report (as `development` tells them) and stretch of confidence.

    Columns: `kind`, `low` and `high` (ends of the stretch), `records`, `confidence` (their mean),
    `right` (how many are), `share` (of them all).

    >>> table = record_reliability()
    >>> bool(table.loc[table["low"] == table["low"].max(), "share"].min() > 0.9)
    True
    """
    table = _measured("gold/reliability.tsv")
    return table.assign(share=table["right"] / table["records"])


def segmented_reports() -> pd.DataFrame:
    """How well words are told on 1,200 sentences of a hundred other reports, from a data file: one
    row a half (looked at; totals only) and system (package, jieba, rjieba, pkuseg, LAC).

    Columns: `half`, `system`, `right`, `found`, `expected` (words), `terms_whole` and `terms` (the
    special ones), `f1` of the words, `terms_share` of the special terms kept whole.

    >>> segmented_reports()["system"].unique().tolist()
    ['package', 'jieba', 'rjieba', 'pkuseg', 'LAC']
    """
    table = _measured("gold/segmented.tsv")
    f1 = 2 * table["right"] / (table["found"] + table["expected"])
    return table.assign(f1=f1, terms_share=table["terms_whole"] / table["terms"])


def keyness_shuffled() -> pd.DataFrame:
    """How often keyness finds a difference of plan and review where there is none, their paragraphs
    shuffled, from a data file: one row a report and test.

    Columns: `report`, `test` (g2_two_cell, chi2, paragraphs), `shuffles`, `terms` (tested, mean),
    `below_05` (share of the terms with p < 0.05), `any_adjusted` (share of the shuffles in which a
    term stays below 0.05 after Benjamini-Hochberg).

    >>> keyness_shuffled()["test"].unique().tolist()
    ['g2_two_cell', 'chi2', 'paragraphs']
    """
    return _measured("validation/keyness_shuffled.tsv")


def trained_coder() -> pd.DataFrame:
    """How the trained coder of themes does on reports that it was not trained on, beside the
    phrases alone: one row a way of keeping reports out and a level of government.

    Columns: `kept_out` (a fifth of the reports in turn, all reports of the level, this report, or
    those of which totals alone are known), `level` of government, `sentences`, `main`, `codes_f1`,
    `instrument` (of phrases and coder together), `phrases_main`, `phrases_instrument` (of phrases
    alone; null where not told).

    >>> trained_coder()["kept_out"].unique().tolist()
    ['a fifth of the reports', 'this report', 'the level', 'totals only']
    """
    scores = load_model().about["scores"]
    every = {"model": scores["by_report"], "phrases": scores["phrases"]}
    totals = scores["totals"]
    told = [
        ("a fifth of the reports", {"all": every} | scores["levels_by_report"]),
        ("this report", {"district": {"model": scores["seed_out_of_fold"]}}),
        ("the level", scores["levels_left_out"]),
        ("totals only", {"all": totals} | totals["levels"]),
    ]
    rows = []
    for kept_out, levels in told:
        for level, said in levels.items():
            model, phrases = said["model"], said.get("phrases", {})
            row = {"kept_out": kept_out, "level": level, "sentences": model["n"]}
            row |= {column: model[column] for column in ("main", "codes_f1", "instrument")}
            rows.append(row | {f"phrases_{c}": phrases.get(c) for c in ("main", "instrument")})
    return pd.DataFrame(rows)


def coder_reliability() -> pd.DataFrame:
    """How often the trained coder is right where it says how probable its main theme is, on reports
    that it was not trained on: one row a way of keeping reports out and a tenth of the scores.

    Columns: `kept_out` (a fifth of the reports in turn, from which the calibration was fitted, or
    those of which totals alone are known), `sentences`, `probability` (what it says at the mean
    score of the tenth), `right` (of main themes).

    >>> table = coder_reliability()
    >>> table.groupby("kept_out")["sentences"].sum().to_dict()["totals only"]
    1949
    """
    model = load_model()
    scores = model.about["scores"]
    parts = {"a fifth of the reports": scores, "totals only": scores["totals"]}
    rows = [(name, *tenth) for name, told in parts.items() for tenth in told["reliability"]]
    table = pd.DataFrame(rows, columns=["kept_out", "sentences", "probability", "right"])
    said = calibrated(table["probability"].to_numpy(), model.about["calibration"])
    return table.assign(probability=said)


def coverage() -> pd.DataFrame:
    """How often the 95 % intervals of shares hold the true one, by simulation
    (`benchmarks/coverage.py`): one row a kind of share, a number of clusters and a size of share.

    Columns: `what`, `n` (paragraphs, or reports, that were drawn), `from`, `to` (the true share),
    `coverage`, `above` (how often the true share lies above the interval), `width`.

    >>> bool(coverage()["coverage"].min() > 0.9)
    True
    """
    return _measured("validation/coverage.tsv", text=["n"])


def _measured(file: str, *, text: Sequence[str] = ()) -> pd.DataFrame:
    """The table of a data file, whose numbers are such but in the columns `text`."""
    path, kinds = str(packaged(file)), dict.fromkeys(text, str)
    return pd.read_csv(path, sep="\t", comment="#", dtype=kinds, keep_default_na=False)
