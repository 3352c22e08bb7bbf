"""The gold standards of numbers and of words, read and checked; that of themes is read by
`themes.read_theme_gold`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from xiacheng_nlp.datafiles import JsonRow, packaged, read_json_rows, read_table, read_text
from xiacheng_nlp.errors import DataFileError
from xiacheng_nlp.numbers.scan import AMOUNTS
from xiacheng_nlp.report.report import Report

STEM = "xiacheng-2014"

Span = tuple[int, int]

_WORDS = ("flow", "unit", "leading", "trailing", "rise", "fall")

_FIELDS = {
    row["key"]: row
    for row in read_table(
        packaged("validation/gold.tsv"), columns=("key", "types"), optional=["choices"], key="key"
    )
}
CHOICES = {key: row["choices"].split() for key, row in _FIELDS.items()}
"""The words of which a cell holds one, or null; none where it may hold others."""


@cache
def scoring_words(kind: str) -> tuple[str, ...]:
    """The words of a kind of data/validation/words.tsv, in its order.

    >>> scoring_words("fall")  # "sink", "decrease", "lower"
    ('下降', '减少', '降低')
    """
    rows = read_table(
        packaged("validation/words.tsv"), columns=("kind", "word"), key=("kind", "word")
    )
    return tuple(row["word"] for row in rows if row.chosen("kind", _WORDS) == kind)


def read_number_gold(path: str | Path, report: Report | None = None) -> list[dict[str, Any]]:
    """The rows of a gold standard of numbers: every candidate with its class, amounts with place,
    text, value and unit too.

    Raises `DataFileError` as `file:line: what`; also for a row that names another `report`, by its
    SHA-256, or whose text does not stand at its place there.

    >>> from xiacheng_nlp.resources import folder
    >>> read_number_gold(folder("gold") / f"{STEM}.gold.jsonl")[0]["class"]
    'name'
    """
    rows = read_json_rows(path, required=("cand", "class"))
    seen: dict[Span, int] = {}
    for row in rows:
        for key, cell in row.cells.items():
            _check(row, key, cell)
        if row["class"] in AMOUNTS:
            row.lacks(("start", "end", "text", "value", "unit"))
            row.check_span(seen, "number")
        if report is not None:
            _check_report(row, report)
    return [row.cells for row in rows]


def _check_report(row: JsonRow, report: Report) -> None:
    cells = row.cells
    if (cells.get("sha256") or report.sha256) != report.sha256:
        raise row.error(f"checked on another report than {report.name}; name another file")
    if row["class"] in AMOUNTS:
        there = report.text[row["start"] : row["end"]]
        if "".join(there.split()) != "".join(row["text"].split()):
            raise row.error(
                f"{report.name} has {there!r:.60} at {row['start']} to {row['end']}, not "
                f"{row['text']!r:.60}; do the two belong together?"
            )


def _check(row: JsonRow, key: str, cell: Any) -> None:
    if key not in _FIELDS:
        return
    types, choices = _FIELDS[key]["types"].split(), CHOICES[key]
    inner = (int, float) if key == "value" else (str,)
    is_list, kind = isinstance(cell, list), "null" if cell is None else type(cell).__name__
    if kind not in types or (is_list and any(type(one) not in inner for one in cell)):
        raise row.error(f"{key} must be {' or '.join(types)}, not {cell!r:.60}")
    if cell is not None and choices and str(cell) not in choices:
        raise row.error(f"{key} must be one of {', '.join(choices)}, not {cell!r:.60}")
    if key == "value" and is_list and len(cell) < 2:
        # Two ends of a range, or the parts of a proportion.
        raise row.error(f"{key} must have two ends or more, not {cell!r:.60}")


@dataclass(frozen=True, slots=True)
class WordUnit:
    """A sentence of the gold standard of words: its place, its words and those of them that are
    special terms, by their places."""

    start: int
    end: int
    words: tuple[Span, ...]
    terms: tuple[Span, ...]


def read_word_gold(folder: Path) -> tuple[WordUnit, ...]:
    """The sentences of the gold standard of words in a folder. Raises `DataFileError` where words
    and text do not fit.

    >>> from xiacheng_nlp import resources
    >>> units = read_word_gold(resources.folder("gold"))
    >>> len(units), sum(len(unit.words) for unit in units)
    (100, 2711)
    """
    sample = _sample(folder / f"{STEM}.segmentation.sample.json")
    terms = frozenset(read_text(folder / f"{STEM}.segmentation.terms.txt")[1].split())
    rows = read_json_rows(folder / f"{STEM}.segmentation.gold.jsonl", required=("id", "words"))
    return tuple(_word_unit(row, sample, terms) for row in rows)


def _sample(path: Path) -> dict[Any, tuple[int, int, str]]:
    """Start, end and text of each sentence that was drawn, by its id."""
    name, text = read_text(path)
    try:
        return {
            unit["id"]: (int(unit["start"]), int(unit["end"]), str(unit["text"]))
            for unit in json.loads(text)
        }
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise DataFileError(
            f"{name}: a list of sentences with id, start, end and text is wanted: {error}"
        ) from None


def _word_unit(
    row: JsonRow, sample: Mapping[Any, tuple[int, int, str]], terms: frozenset[str]
) -> WordUnit:
    if type(row["id"]) is not int or row["id"] not in sample:
        raise row.error(f"no sentence {row['id']!r:.60} was drawn")
    start, end, text = sample[row["id"]]
    words = row["words"]
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise row.error(f"words must be a list of words, not {words!r:.60}")
    spans = []
    place = 0
    for word in words:
        place = text.find(word, place)
        if place < 0:
            raise row.error(f"{word} does not stand in the text of sentence {row['id']}")
        spans.append((start + place, start + place + len(word)))
        place += len(word)
    special = [span for span, word in zip(spans, words, strict=True) if word in terms]
    return WordUnit(start, end, tuple(spans), tuple(special))
