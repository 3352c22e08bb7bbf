"""What term analysis counts: stop words, synonyms, and which rows of a token table are words and
which are terms.

A *word* is a token with a letter, a Han character or a digit in it: punctuation is none. Words are
the base of every rate. A *term* is a word that stays after numbers, stop words, short words and
unwanted parts of speech are left out.
"""

import re
import warnings
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from xiacheng_nlp.datafiles import packaged, read_table
from xiacheng_nlp.errors import DataFileError, TermError, TermWarning
from xiacheng_nlp.numbers.numerals import DIGITS
from xiacheng_nlp.report.nodes import section_at

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
StopWords = str | Path | Iterable[str] | None
Synonyms = str | Path | Mapping[str, str] | None

TOKEN_COLUMNS = ("start", "end", "text", "pos", "part", "section", "paragraph", "sentence")
STOP_KINDS = frozenset(
    {
        "adverb",
        "auxiliary",
        "boilerplate",
        "conjunction",
        "light verb",
        "numeral",
        "particle",
        "preposition",
        "pronoun",
        "unit",
    }
)
"""What a stop word is; boilerplate, what every report says, makes a list of its own."""
UNITS = ("part", "section", "paragraph", "sentence", "pos")

_DIGITS = DIGITS + "〇两"
_NUMBER = re.compile(
    r"[+\-−]?[\d.,%‰:/~-]+[十百千万亿]*[余多]?"  # 25.56%, 3000, 1.5万
    rf"|第?(?:[{_DIGITS}]?[十百千]零?)*[{_DIGITS}]?[万亿]*[余多]?"  # 三百, 第二; 十二五 is no well-formed number, but a plan
    rf"|[{_DIGITS}]{{4}}"  # 二〇一四
)


def tell(message: str) -> str:
    """Warn of `message` with `TermWarning`, and hand it back for the table's `attrs["note"]`."""
    warnings.warn(message, TermWarning, stacklevel=3)
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


def load_stop_words(source: StopWords = "general") -> frozenset[str]:
    """The stop words of `source`.

    `"general"`: the package's function words, units and other words of any text; `"boilerplate"`:
    what every report says (各位代表, 进一步); `"all"`: both; None: no words; an iterable: these words; a
    path: a `.tsv` file with a header that names the column `word` (and may name `kind` and `note`),
    or a `.txt` file with one word a line.

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
                f"stop_words={source!r}: give 'general', 'boilerplate', 'all', None, the words themselves, or a .tsv or .txt file"
            )
        return frozenset(
            word
            for word, kind, _ in _stop_rows()
            if source == "all" or (kind == "boilerplate") == (source == "boilerplate")
        )
    if not isinstance(source, str | Path):
        return frozenset(source)
    path = Path(source)
    if path.suffix != ".txt":
        return frozenset(
            row["word"]
            for row in read_table(path, columns=("word",), optional=("kind", "note"), key="word")
        )
    try:
        return frozenset(path.read_bytes().decode("utf-8-sig").split())
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise DataFileError(
            f"{path.name}:{line}: byte {error.start} is not UTF-8; save the list as UTF-8 (it looks like GBK)"
        ) from None
    except OSError as error:
        raise DataFileError(f"{path.name}: cannot be read: {error.strerror or error}") from None


def load_synonyms(source: Synonyms = "general") -> dict[str, str]:
    """Which word counts as which: variant → term.

    `"general"`: the package's own pairs (GDP → 国内生产总值); a mapping; or a `.tsv` file whose header
    names `variant` and `term` (and may name `note`); None: nothing is merged. A token is merged as
    a whole.

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
                f"synonyms={source!r}: give 'general', None, a mapping of variant to term, or a .tsv file"
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
            f"synonyms: {chained[0]} is the term of one pair and the variant of another; name the last term in both"
        )
    return pairs


def token_table(passages: Iterable[tuple[str | None, str | None, str]]) -> pd.DataFrame:
    """A token table of text that was segmented elsewhere: passages of (part, section, words with
    blanks between them).

    Each line of a passage is a paragraph; a sentence ends at 。！？!?；; and at the end of its
    paragraph. `start` and `end` count in the text that the words make without blanks, paragraphs
    parted by one line break; `pos` is empty.

    >>> token_table([("plan", "1", "加快 发展 。")])[["start", "end", "text", "part"]]  # "speed up development."
       start  end text  part
    0      0    2   加快  plan
    1      2    4   发展  plan
    2      4    5    。  plan
    """
    rows: list[tuple[object, ...]] = []
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
    return pd.DataFrame(rows, columns=list(TOKEN_COLUMNS))


def mark(
    tokens: pd.DataFrame,
    *,
    stop_words: StopWords = "general",
    synonyms: Synonyms = None,
    min_length: int = 2,
    pos: Collection[str] | None = None,
    numbers: bool = False,
) -> pd.DataFrame:
    """The token table with three columns more, without `attrs`: `term` (text, or what it counts as
    by `synonyms`), `is_word`, `is_term`.

    A term is a word of at least `min_length` characters that is in no stop list, no number unless
    `numbers`, and, with `pos`, of a part of speech that begins with one of these tags ("n" takes
    nr, ns, nt and nz too).

    Raises `TermError` when the table lacks a column of a token table.
    """
    missing = [column for column in TOKEN_COLUMNS if column not in tokens.columns]
    if missing:
        raise TermError(
            f"the token table has no column {', '.join(missing)}; make it with tokenize(report) or token_table(passages)"
        )
    stops, same = load_stop_words(stop_words), load_synonyms(synonyms)
    codes, types = pd.factorize(tokens["text"].to_numpy(dtype=object))
    if (codes < 0).any() or not all(isinstance(word, str) for word in types):
        row = next(n for n, word in enumerate(tokens["text"]) if not isinstance(word, str))
        raise TermError(
            f"row {row} of the token table has no text; a table read from CSV needs keep_default_na=False and text as str"
        )
    terms = [same.get(word, word) for word in types]
    words = np.array([any(map(str.isalnum, word)) for word in types], dtype=bool)
    kept = np.array(
        [
            len(term) >= min_length
            and word not in stops
            and term not in stops
            and (numbers or not _NUMBER.fullmatch(word))
            for word, term in zip(types, terms, strict=True)
        ],
        dtype=bool,
    )
    columns = {name: tokens[name].to_numpy() for name in TOKEN_COLUMNS}
    marked = pd.DataFrame(columns)
    marked["term"] = (
        np.array(terms, dtype=object)[codes] if len(codes) else np.array([], dtype=object)
    )
    marked["is_word"] = words[codes] if len(codes) else np.array([], dtype=bool)
    marked["is_term"] = marked["is_word"].to_numpy() & (
        kept[codes] if len(codes) else np.array([], dtype=bool)
    )
    if pos is not None:
        tags, names = pd.factorize(marked["pos"].to_numpy(dtype=object))
        wanted = np.array(
            [isinstance(name, str) and name.startswith(tuple(listed(pos))) for name in names],
            dtype=bool,
        )
        marked["is_term"] &= wanted[tags] if len(names) else False
    return marked


def listed(words: str | Collection[str]) -> list[str]:
    """The words in their order, each once; a single word is a list of one, not of its
    characters."""
    return [words] if isinstance(words, str) else list(dict.fromkeys(words))


def is_number(word: str) -> bool:
    """Whether the word is a number and nothing else: 25.56%, 三百, 第二; neither 十二五 nor H7N9.

    >>> is_number("25.56%"), is_number("十二五")  # "the Twelfth Five-Year Plan"
    (True, False)
    """
    return bool(_NUMBER.fullmatch(word))


def unit_codes(marked: pd.DataFrame, by: str, level: int | None = None) -> tuple[Ints, list[Any]]:
    """For each row the ordinal of its unit (−1: in none), and the units' names in the order of the
    text.

    `level` cuts section ids: at level 1 both 2.1 and 2.3.1 count as 2.

    Raises `TermError` for a unit that is no column of the token table.
    """
    if by not in UNITS:
        raise TermError(f"by={by!r}: the units are {', '.join(UNITS)}")
    if level is not None and level < 1:
        raise TermError(f"level={level}: sections are counted from level 1 on")
    values = marked[by].to_numpy(dtype=object)
    codes, names = pd.factorize(values)
    if by == "section" and level is not None:
        cut = [section_at(str(name), level) for name in names]
        again, names = (
            pd.factorize(np.array(cut, dtype=object))
            if cut
            else (np.array([], dtype=np.int64), names)
        )
        codes = np.where(codes < 0, -1, again[codes]) if cut else codes
    return codes.astype(np.int64), list(names)


def described(
    table: pd.DataFrame,
    tokens: pd.DataFrame,
    options: Mapping[str, object],
    note: str | None = None,
) -> pd.DataFrame:
    """`table` with `attrs`: how the tokens were made (their plain attributes), the options, and a
    note when there is one."""
    kept = {
        key: value
        for key, value in tokens.attrs.items()
        if isinstance(value, str | int | float | bool)
    }
    table.attrs = kept | {key: _shown(value) for key, value in options.items()}
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
    if isinstance(value, Iterable):
        return list(value)
    return value
