"""What term analysis counts: stop words, synonyms, and which rows of a token table are words and
which are terms.

A *word* is a token with a letter, a Han character or a digit in it: punctuation is none. Words are
the base of every rate. A *term* is a word that stays after numbers, stop words, short words and
unwanted parts of speech are left out.
"""

import re
import warnings
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, TypedDict

import numpy as np
import numpy.typing as npt
import pandas as pd

from xiacheng_nlp.datafiles import packaged, read_table
from xiacheng_nlp.errors import TermError, TermWarning, at_least, missing, one_of
from xiacheng_nlp.numbers.numerals import DIGITS, MULTIPLIED
from xiacheng_nlp.numbers.units import unit_table
from xiacheng_nlp.report.nodes import section_at
from xiacheng_nlp.statistics import Bools, Ints
from xiacheng_nlp.words.lexicon import read_words

StopWords = str | Path | Iterable[str] | None
Synonyms = str | Path | Mapping[str, str] | None


class SelectionOptions(TypedDict, total=False):
    """What makes a word a term, the same for every measure (see `mark`): `stop_words` ("all"),
    `synonyms` (None), `min_length` in characters (2), `pos`, beginnings of tags (None: all)."""

    stop_words: StopWords
    synonyms: Synonyms
    min_length: int
    pos: Collection[str] | None


UNITS = ("part", "section", "paragraph", "sentence")
TOKEN_COLUMNS = ("start", "end", "text", "pos", *UNITS)
WHOSE = ["report", "place", "level", "year"]
"""Columns that tell of which report a row is, where a table is of several."""
STOP_KINDS = frozenset(
    {
        *("adverb", "auxiliary", "boilerplate", "conjunction", "light verb", "numeral"),
        *("particle", "preposition", "pronoun"),
    }
)
"""What a stop word is; boilerplate, what every report says, makes a list of its own."""

_DIGITS = DIGITS + "〇两"
_NUMBER = re.compile(
    rf"""
    [+\-−]?[\d.,%‰:/~-]+[十百千万亿]*[余多]?                       # 25.56%, 3000, 1.5万
    |第?(?:[{_DIGITS}]?[十百千]零?)*[{_DIGITS}]?[万亿]*[余多]?      # 三百, 第二, not 十二五
    |[{_DIGITS}]{{4}}                                              # 二〇一四
    """,
    re.VERBOSE,
)


_LARGE = re.compile("[万亿兆]")


@cache
def _measure() -> re.Pattern[str]:
    """A unit with what multiplies it: 万公斤, 亿千瓦时; not 公斤级."""
    return re.compile(f"{MULTIPLIED}(?:{'|'.join(map(re.escape, unit_table()))})")


@lru_cache(maxsize=1 << 16)
def _kinds(token: str) -> tuple[bool, bool, bool, bool]:
    """Whether a token is a word, a number, a measure, and whether it counts in 万 or more."""
    patterns = (_NUMBER.fullmatch, _measure().fullmatch, _LARGE.search)
    is_number, is_measure, is_large = (test(token) is not None for test in patterns)
    return any(map(str.isalnum, token)), is_number, is_measure, is_large


def tell(message: str, stacklevel: int = 3) -> str:
    """Warn of `message` with `TermWarning`, and hand it back for the table's `attrs["note"]`."""
    warnings.warn(message, TermWarning, stacklevel=stacklevel)
    return message


@cache
def _stop_rows() -> tuple[tuple[str, str, str], ...]:
    rows = read_table(
        packaged("terms/stop_words.tsv"), columns=("word", "kind"), optional=("note",), key="word"
    )
    return tuple((row["word"], row.chosen("kind", STOP_KINDS), row["note"]) for row in rows)


def stop_word_table() -> pd.DataFrame:
    """The package's stop words: `word`, `kind` (pronoun, preposition, … or boilerplate), `note`.

    >>> stop_word_table().query("kind == 'boilerplate'").word.iloc[0]  # "fellow deputies"
    '各位代表'
    """
    return pd.DataFrame(_stop_rows(), columns=["word", "kind", "note"])


def load_stop_words(source: StopWords = "all") -> frozenset[str]:
    """The stop words of `source`.

    `"general"`: the package's function words and other words of any text; `"boilerplate"`: what
    every report says (各位代表, 推进), the genre's set phrases; `"all"`: both, the default of every
    measure of terms; None: no words; an iterable: these words; a path (.tsv or .txt): a list such
    as `tokenize` takes, a table with the column `word` or one word a line.

    Raises `TermError` for another name, `DataFileError` (`file:line: what`) for a broken file or
    one that is not UTF-8.

    >>> sorted(load_stop_words(["以及", "下城区"]))  # "as well as", "Xiacheng district"
    ['下城区', '以及']
    """
    if source is None:
        return frozenset()
    if isinstance(source, str) and not source.endswith((".tsv", ".txt")):
        if source not in ("general", "boilerplate", "all"):
            raise TermError(
                f"stop_words={source!r}: give 'general', 'boilerplate', 'all', None, "
                "the words themselves, or a .tsv or .txt file"
            )
        return frozenset(
            word
            for word, kind, _ in _stop_rows()
            if source == "all" or (kind == "boilerplate") == (source == "boilerplate")
        )
    if isinstance(source, str | Path):
        return frozenset(word.text for word in read_words(source))
    return frozenset(source)


def load_synonyms(source: Synonyms = "general") -> dict[str, str]:
    """Which word counts as which: variant → term.

    `"general"`: the package's own pairs (GDP → 国内生产总值); a mapping; or a `.tsv` file whose
    header names `variant` and `term` (and may name `note`); None: nothing is merged. A token is
    merged as a whole.

    Raises `TermError` for another name and for a term that is itself a variant, `DataFileError` for
    a broken file.

    >>> load_synonyms({"个体户": "个体工商户"})  # two names of the self-employed
    {'个体户': '个体工商户'}
    """
    if source is None:
        return {}
    if isinstance(source, Mapping):
        pairs = dict(source)
    else:
        if source != "general" and not str(source).endswith(".tsv"):
            raise TermError(
                f"synonyms={source!r}: give 'general', None, "
                "a mapping of variant to term, or a .tsv file"
            )
        table = packaged("terms/synonyms.tsv") if source == "general" else Path(source)
        pairs = {
            row["variant"]: row["term"]
            for row in read_table(
                table, columns=("variant", "term"), optional=("note",), key="variant"
            )
        }
    chained = sorted(term for term in pairs.values() if term in pairs)
    if chained:
        raise TermError(
            f"synonyms: {chained[0]} is the term of one pair and the variant of another; "
            "name the last term in both"
        )
    return pairs


def token_table(passages: Iterable[tuple[str | None, str | None, str]]) -> pd.DataFrame:
    """A token table of text that was segmented elsewhere: passages of (part, section, words with
    blanks between them).

    Each line of a passage is a paragraph; a sentence ends at 。！？!?；; and at the end of its
    paragraph. `start` and `end` count in the text that the words make without blanks, paragraphs
    parted by one line break; `pos` is empty.

    >>> token_table([("plan", "1", "加快 发展 。")])[["start", "end", "text", "part"]]  # "grow"
       start  end text  part
    0      0    2   加快  plan
    1      2    4   发展  plan
    2      4    5    。  plan
    """
    rows = []
    start = paragraph = sentence = 0
    for part, section, text in passages:
        for line in filter(str.strip, text.split("\n")):
            words = line.split()
            for place, word in enumerate(words, start=1):
                rows.append(
                    (start, start + len(word), word, "", part, section, paragraph, sentence)
                )
                start += len(word)
                sentence += word in "。！？!?；;" or place == len(words)
            start += 1
            paragraph += 1
    return pd.DataFrame(rows, columns=TOKEN_COLUMNS)


def mark(
    tokens: pd.DataFrame,
    *,
    stop_words: StopWords = "all",
    synonyms: Synonyms = None,
    min_length: int = 2,
    pos: Collection[str] | None = None,
) -> pd.DataFrame:
    """The token table with three columns more: `term` (text, or what it counts as by `synonyms`),
    `is_word`, `is_term`. `attrs` tells how the tokens were made, and these options.

    A term is a word of at least `min_length` characters that is in no stop list, no number, no
    measure behind a number (亿千瓦时 of 3亿千瓦时) unless `stop_words` is None, and, with `pos`, of
    a part of speech that begins with one of these tags ("n" takes nr, ns, nt and nz too).

    Paragraphs and sentences of several reports in one table are told apart (`apart`). Raises
    `TermError` when the table lacks a column of a token table, or a token its text.
    """
    # Without the attributes, which pandas would copy, lists and all, for each column that is taken.
    plain = pd.DataFrame(tokens)
    _check(plain)
    at_least(1, TermError, min_length=min_length)
    marked = plain[list(TOKEN_COLUMNS)].reset_index(drop=True)
    if (further := apart(plain)).any():
        marked[["paragraph", "sentence"]] += further[:, None]
    stops, same = load_stop_words(stop_words), load_synonyms(synonyms)
    codes, types = pd.factorize(marked["text"].to_numpy(object))
    terms = np.array([same.get(word, word) for word in types], object)

    kept = [
        len(term) >= min_length and term not in stops and word not in stops
        for word, term in zip(types, terms, strict=True)
    ]
    kinds = np.array(list(map(_kinds, types)), bool).reshape(-1, 4)[codes]
    is_word, is_number, is_measure, is_large = kinds.T
    is_term = is_word & np.array(kept, bool)[codes] & ~is_number
    if stop_words is not None:
        # Dictionaries tag units as they please: 亿元 is m to jieba. 亿元 alone is a number too.
        is_measure = is_measure | (marked["pos"] == "q").to_numpy(bool)
        is_number = is_number | (is_measure & is_large)
        is_term &= ~_counting(is_number, is_measure, marked["sentence"].to_numpy())
    marked["term"], marked["is_word"], marked["is_term"] = terms[codes], is_word, is_term
    if pos is not None:
        wanted = tuple(listed(pos))
        marked["is_term"] &= marked["pos"].map(lambda tag: str(tag).startswith(wanted)).astype(bool)
    options = dict(stop_words=stop_words, synonyms=synonyms, min_length=min_length, pos=pos)
    return described(marked, tokens, options)


def _check(tokens: pd.DataFrame) -> None:
    if lacking := missing(TOKEN_COLUMNS, tokens.columns):
        raise TermError(
            f"the token table has no column {', '.join(lacking)}; "
            "make it with tokenize(report) or token_table(passages)"
        )
    bare = [row for row, word in enumerate(tokens["text"].tolist()) if not isinstance(word, str)]
    if bare:
        raise TermError(
            f"row {bare[0]} of the token table has no text; "
            "a table read from CSV needs keep_default_na=False and text as str"
        )


def apart(table: pd.DataFrame) -> Ints:
    """What to add to the numbers of paragraphs and sentences, which each report counts from 0, so
    that those of several reports in one table are not taken for one: 0 in the first report.

    The column `report` tells the reports, in the order of their names; without one the next begins
    where `start` falls, if any `start` stands there twice.

    >>> apart(pd.DataFrame({"start": [0, 9, 0]})).tolist()
    [0, 0, 1000000]
    """
    of: pd.Series[Any] = pd.Series(0, table.index)
    if "report" in table:
        of = table["report"]
    elif "start" in table and table["start"].duplicated().any():
        of = (table["start"].diff() < 0).cumsum()
    # In one order, since tables of tokens and of sentences need not have them in the same.
    return pd.factorize(of, sort=True, use_na_sentinel=False)[0] * 1_000_000


def _counting(is_number: Bools, is_measure: Bools, sentence: "npt.NDArray[Any]") -> Bools:
    """The measures behind a number of the same sentence, and those behind them: 2/个/百分点."""
    counting = is_number.copy()
    for _ in range(2):
        counting[1:] |= is_measure[1:] & counting[:-1] & (sentence[1:] == sentence[:-1])
    return counting & is_measure


def listed(words: str | Collection[str]) -> list[str]:
    """The words in their order, each once; a single word is a list of one, not of its
    characters."""
    return [words] if isinstance(words, str) else list(dict.fromkeys(words))


def unit_codes(
    marked: pd.DataFrame, by: str | None, level: int | None = None
) -> tuple[Ints, list[Any]]:
    """For each row the ordinal of its unit (−1: in none), and the units' names in the order of the
    text. With `by=None` the whole table is the unit `all`.

    `level` cuts section ids: at level 1 both 2.1 and 2.3.1 count as 2.

    Raises `TermError` for a unit that is no column of the token table.
    """
    at_least(1, TermError, level=level)
    if by is None:
        return np.zeros(len(marked), np.int64), ["all"]
    one_of("by", by, UNITS, TermError)
    values = cut_sections(marked[by], level) if by == "section" and level else marked[by]
    codes, names = pd.factorize(values.to_numpy(object))
    return codes.astype(np.int64), list(names)


def term_counts(marked: pd.DataFrame) -> "pd.Series[int]":
    """How often each term occurs among the rows."""
    counts: pd.Series[int] = marked.loc[marked["is_term"], "term"].value_counts()
    return counts


def cut_sections(ids: "pd.Series[str]", level: int) -> "pd.Series[str]":
    """The ids of sections, at most so deep: at level 1 both 2.1 and 2.3.1 are 2; null stays."""
    return ids.map(lambda id: section_at(str(id), level), na_action="ignore")


def in_order(table: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """The rows sorted by these columns, falling where a minus stands before the name; numbers that
    differ behind the twelfth decimal are equal, and equal rows stay in their order.

    >>> table = pd.DataFrame({"term": ["发展", "改革", "创新"], "count": [1, 2, 1]})
    >>> in_order(table, "-count", "term")["term"].tolist()  # "reform", "innovation", "growth"
    ['改革', '创新', '发展']
    """
    names = [column.removeprefix("-") for column in columns]
    rising = [column in names for column in columns]
    rows = table[names].round(12).reset_index(drop=True)
    rows = rows.sort_values(names, ascending=rising, kind="stable")
    return table.iloc[rows.index].reset_index(drop=True)


def arranged(table: pd.DataFrame, column: str, order: Iterable[object]) -> pd.DataFrame:
    """The rows by the place of their values in that order, those of other values last."""
    places = {value: place for place, value in enumerate(order)}
    return table.sort_values(column, key=lambda some: some.map(places), kind="stable")


def described(
    table: pd.DataFrame,
    tokens: pd.DataFrame,
    options: Mapping[str, object] | None = None,
    note: str | None = None,
    *,
    empty: str | None = None,
) -> pd.DataFrame:
    """`table` with `attrs`: how the tokens were made (their plain attributes), the options, and a
    note when there is one. Where the table has no row and no note, `empty` is told, and its
    note."""
    if empty and not note and table.empty:
        note = tell(empty, stacklevel=4)
    kept = {
        key: value
        for key, value in tokens.attrs.items()
        if isinstance(value, str | int | float | bool) or key in SelectionOptions.__annotations__
    }
    table.attrs = kept | {key: _shown(value) for key, value in (options or {}).items()}
    if note:
        table.attrs["note"] = note
    return table


def _shown(value: object) -> object:
    """An option as a caption can state it: a list of words by its size, a file by its name."""
    if isinstance(value, Path):
        return value.name
    if isinstance(value, str):
        return Path(value).name if value.endswith((".tsv", ".txt")) else value
    if isinstance(value, Mapping):
        return f"{len(value)} pairs"
    if isinstance(value, set | frozenset) or (isinstance(value, Sequence) and len(value) > 12):
        return f"{len(value)} words"
    return list(value) if isinstance(value, Iterable) else value
