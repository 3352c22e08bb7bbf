"""Lists of words: the lexicon of the genre, lists of a report or a reader, and the words that rules
ask for."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources.abc import Traversable
from pathlib import Path

from xiacheng_nlp import resources as bundle
from xiacheng_nlp.datafiles import Row, packaged, read_table, read_text
from xiacheng_nlp.errors import DataFileError
from xiacheng_nlp.report.report import Report

RULES = frozenset(
    {
        *("act_end", "common_first", "determiner", "generic_end"),
        *("institution_end", "institution_verb"),
        *("line_end", "listed_end", "listed_way", "loose_first", "loose_last", "loose_word"),
        *("no_part_of_names", "organ", "paper_end", "parent_end", "park_end"),
        *("phrase", "phrase_first", "place_end", "plain_end"),
        *("praise", "sentence_word", "split_unit", "suffix", "title_end", "verb_before_object"),
        *("weak_place_end", "whole_numeral"),
    }
)
"""The rules that take their words from data/words/segmentation_words.tsv."""


def rule_words(rule: str) -> tuple[str, ...]:
    """The words that `segmentation_words.tsv` lists for a rule, in its order.

    >>> rule_words("act_end")[:2]  # "law", "regulations"
    ('法', '条例')
    """
    return _words_by_rule().get(rule, ())


@cache
def _words_by_rule() -> Mapping[str, tuple[str, ...]]:
    found = defaultdict(list)
    columns, path = ("class", "word", "source"), packaged("words/segmentation_words.tsv")
    for row in read_table(path, columns=columns, optional=("note",)):
        found[row.chosen("class", RULES)].append(row["word"])
    return {rule: tuple(words) for rule, words in found.items()}


@dataclass(frozen=True, slots=True)
class Word:
    """A word that the segmenter must know, with its part of speech (jieba's tag set) and where it
    comes from."""

    text: str
    pos: str = "n"
    kind: str = "word"
    source: str = "extra"
    freq: int | None = None
    """The frequency that the engine needs to cut it whole, 0 where it does so by itself; None: to
    be tried out."""


MOST_FREQUENT = 2500
"""A larger frequency of a reader's list counts as this one: all added words share one reserve."""


def read_lexicon(source: str | Path | Traversable) -> list[Word]:
    """The words of a lexicon file: columns word, pos, kind, source and, if there are any, freq,
    reports, places (in how many it was seen) and note.

    Raises `DataFileError` (file:line: what is wrong) for a broken line, a word twice, or a word
    with blanks.

    >>> words = read_lexicon(packaged("words/lexicon.tsv"))
    >>> next(word.kind for word in words if word.text == "河长制")  # "river-chief system"
    'policy'
    """
    rows = read_table(
        source,
        columns=("word", "pos", "kind", "source"),
        optional=("freq", "reports", "places", "note"),
        key="word",
    )
    return [_word(row) for row in rows]


_POS = re.compile(r"[a-z]+[0-9]?")


def _word(row: Row) -> Word:
    cells = row.cells
    word, pos, freq = cells["word"], cells["pos"], cells["freq"]
    if len(word.split()) != 1:
        raise row.error("a word holds no blanks", "word")
    if not _POS.fullmatch(pos):
        raise row.error(
            f"{pos} is no part of speech of jieba's tag set, such as n, v, vn, ns, l", "pos"
        )
    if freq and not freq.isdecimal():
        raise row.error("freq is a whole number", "freq")
    return Word(word, pos, cells["kind"], cells["source"], int(freq) if freq else None)


_JIEBA = re.compile(r"(\S+)(?:[ \t]+(\d+))?(?:[ \t]+([a-z]+[0-9]?))?")


def read_words(source: str | Path) -> list[Word]:
    """The words of a reader's own list: a table whose first column is `word`, any of pos, kind,
    source, note behind it; or without a header a word a line, as jieba's dictionaries with a
    frequency and a tag behind it if they are known (云计算 5 n)."""
    name, text = read_text(source)
    lines = [(n, line.strip()) for n, line in enumerate(text.split("\n"), start=1)]
    lines = [(n, line) for n, line in lines if line and not line.startswith("#")]
    head = lines[0][1] if lines else ""
    if head.startswith("word,"):
        raise DataFileError(f"{name}:{lines[0][0]}: tabs stand between the cells, not commas")
    if lines and head.split("\t")[0] != "word":
        return _plain_words(name, lines)
    rows = read_table(
        source, columns=("word",), optional=("pos", "kind", "source", "note"), key="word"
    )
    if not rows:
        raise DataFileError(f"{name}: there is no word in it")
    return [
        Word(row["word"], row["pos"] or "n", row["kind"] or "word", row["source"] or "extra")
        for row in rows
    ]


def _plain_words(name: str, lines: Iterable[tuple[int, str]]) -> list[Word]:
    """The words of a list without a header, as jieba's dictionaries have them."""
    words = {}
    for number, line in lines:
        match = _JIEBA.fullmatch(line)
        if match is None:
            raise DataFileError(
                f"{name}:{number}: give a word, and with blanks between them its frequency and its "
                f"tag if they are known; a table begins with a line that names the column word\n"
                f"    {line}"
            )
        freq = min(int(match[2] or 0), MOST_FREQUENT) or None
        words[match[1]] = Word(match[1], match[3] or "n", freq=freq)
    return list(words.values())


def words_of(extra: str | Path | Iterable[str | Word] | None) -> Iterator[Word]:
    """The words that a reader gives: by themselves, or the file of a list. Raises `DataFileError`
    for what is no word."""
    if isinstance(extra, (str, Path)):
        yield from read_words(extra)
        return
    for given in extra or ():
        word = Word(given) if isinstance(given, str) else given
        if not isinstance(word, Word) or not word.text.strip():
            raise DataFileError(
                f"extra: {given!r} is no word; give words, or the name of a file that lists them"
            )
        yield word


def lexicon_beside(report: Report) -> Path | None:
    """The list of words beside the report's file, NAME.lexicon.tsv, if there is one."""
    return bundle.list_beside(report.name, report.sha256, report.folder, ".lexicon.tsv")
