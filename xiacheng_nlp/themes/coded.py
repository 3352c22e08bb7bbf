"""What all tables of themes share: the coded sentences checked, counted by theme and put in groups,
and the names of the codes."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from xiacheng_nlp.errors import ThemeError, missing, one_of
from xiacheng_nlp.report.nodes import PARTS
from xiacheng_nlp.statistics import Ends, Floats, Ints, clustered
from xiacheng_nlp.terms.selection import apart
from xiacheng_nlp.themes.codebook import Codebook

THEME_COLUMNS = ("code", "theme", "theme_en", "domain", "domain_en")
INSTRUMENT_COLUMNS = ("instrument", "instrument_zh", "instrument_en")


def need(coded: pd.DataFrame, *columns: str) -> None:
    """Raises `ThemeError` where the table lacks a column of `code_themes`."""
    if lacking := missing(columns, coded.columns):
        raise ThemeError(
            f"the table of coded sentences has no column {', '.join(lacking)}; make it with "
            "code_themes(report)"
        )


def main_codes(coded: pd.DataFrame, codebook: Codebook) -> list[str]:
    """The main theme of each sentence. Raises `ThemeError` for a sentence without theme, and for a
    code that the codebook lacks."""
    need(coded, "themes")
    named = [(themes,) if isinstance(themes, str) else tuple(themes) for themes in coded["themes"]]
    _check(named, codebook.codes, codebook)
    return [str(themes[0]) for themes in named]


def _check(rows: Iterable[Sequence[str]], known: Sequence[str], codebook: Codebook) -> None:
    """Raises `ThemeError` for a sentence without a code, and for a code that is not known."""
    for row, codes in enumerate(rows, start=1):
        unknown = missing(codes, known)
        if unknown or not codes:
            has = f"has the code {unknown[0]}" if unknown else "has no code"
            raise ThemeError(
                f"row {row} of the coded sentences {has}; those of {codebook.name} are "
                + ", ".join(known)
                + "; give the codebook that they were coded by"
            )


def weigh(coded: pd.DataFrame, codebook: Codebook) -> Ints:
    """How many characters each sentence (row) gives to each theme of the codebook (column): all to
    its main one. Raises `ThemeError` as `main_codes`."""
    # Of reports of the reference panel there are lengths, but no sentences.
    if "chars" not in coded:
        need(coded, "text")
        coded = coded.assign(chars=coded["text"].map(len))
    matrix = np.zeros((len(coded), len(codebook.codes)), np.int64)
    places = pd.Index(codebook.codes).get_indexer(pd.Index(main_codes(coded, codebook)))
    matrix[np.arange(len(coded)), places] = coded["chars"]
    return matrix


def paragraphs_of(coded: pd.DataFrame) -> Ints:
    """The number of the paragraph of each sentence, of several reports each its own."""
    need(coded, "paragraph")
    return np.asarray(coded["paragraph"], np.int64) + apart(coded)


def by_paragraph(matrix: Any, paragraphs: npt.ArrayLike) -> Floats:
    """The rows of one paragraph added up; paragraphs in the order of their numbers."""
    names, places = np.unique(np.asarray(paragraphs), return_inverse=True)
    sums = np.zeros((len(names), matrix.shape[1]))
    np.add.at(sums, places, matrix)
    return sums


Groups = list[tuple[str | None, Ints]]
"""Rows with a name in common."""


def groups(coded: pd.DataFrame, by: str | None) -> Groups:
    """The rows of each part, in the order of a report, or of each section, in the order of the
    text; None as `by`: all rows.

    Sentences in no part or section are in no group. Raises `ThemeError` for another `by`.
    """
    if by is None:
        return [(None, np.arange(len(coded)))]
    one_of("by", by, ("part", "section"), ThemeError)
    need(coded, by)
    return grouped(coded[by], PARTS.index if by == "part" else section_key)


def grouped(names: "pd.Series[str]", key: Any) -> Groups:
    """The rows of each name that is not null, sorted by `key`."""
    found: Any = names.groupby(names).indices
    return sorted(found.items(), key=lambda item: key(item[0]))


def totals(cells: Any, found: Groups) -> Ints:
    """The rows of each group added up."""
    sums = [cells[places].sum(axis=0) for _, places in found]
    return np.array(sums, np.int64).reshape(len(found), cells.shape[1])


def intervals(over: Any, of: Any, coded: pd.DataFrame, found: Groups) -> Ends:
    """The intervals of the shares `over` / `of` of each group, a row a group, paragraphs being what
    was drawn."""
    cells, paragraphs = np.column_stack([over, of]), paragraphs_of(coded)
    sums = [by_paragraph(cells[places], paragraphs[places]) for _, places in found]
    ends = [clustered(some[:, :-1], some[:, -1]) for some in sums]
    low, high = np.reshape(ends, (len(found), 2, cells.shape[1] - 1)).swapaxes(0, 1)
    return low, high


def section_key(section: str) -> list[int]:
    """The order of section ids in a text: 2.10 after 2.9."""
    return [int(piece) for piece in section.split(".")]


def theme_table(codebook: Codebook) -> pd.DataFrame:
    """`THEME_COLUMNS` of each theme."""
    rows = [(each.code, each.zh, each.en, each.domain, each.domain_en) for each in codebook.themes]
    return pd.DataFrame(rows, columns=THEME_COLUMNS)


def instrument_table(codebook: Codebook) -> pd.DataFrame:
    """`INSTRUMENT_COLUMNS` of each instrument."""
    rows = [(each.code, each.zh, each.en) for each in codebook.instruments]
    return pd.DataFrame(rows, columns=INSTRUMENT_COLUMNS)


def grouping(by: str, codebook: Codebook) -> tuple[pd.DataFrame, Floats]:
    """`THEME_COLUMNS` of each theme or each domain, which names itself in all of them, and the
    matrix that adds up its themes (rows)."""
    themes = theme_table(codebook)
    if by == "theme":
        return themes, np.eye(len(themes))
    heads = themes.drop_duplicates("domain", ignore_index=True)
    member = themes["domain"].to_numpy()[:, None] == heads["domain"].to_numpy()
    own = dict(code=heads["domain_en"].str.lower(), theme=heads["domain"])
    return heads.assign(**own, theme_en=heads["domain_en"]), member.astype(float)


def crossed(rows: pd.DataFrame, columns: pd.DataFrame, **cells: Any) -> pd.DataFrame:
    """Each of the rows with each of the columns, and what stands in these cells of rows × columns.

    >>> crossed(pd.DataFrame({"part": ["plan"]}), pd.DataFrame({"code": ["law"]}), count=[[3]])
       part code  count
    0  plan  law      3
    """
    table = rows.merge(columns, how="cross")
    return table.assign(**{name: np.ravel(values) for name, values in cells.items()})


def instrument_codes(coded: pd.DataFrame, codebook: Codebook) -> list[str]:
    """The instrument of each sentence. Raises `ThemeError` for a code that the codebook lacks."""
    need(coded, "instrument")
    codes = [str(code) for code in coded["instrument"]]
    _check([(code,) for code in codes], codebook.instrument_codes, codebook)
    return codes


def over_sum(sums: Any) -> Floats:
    """Each row over its sum; of nothing, null (NaN)."""
    with np.errstate(invalid="ignore"):
        return np.asarray(sums / sums.sum(axis=-1, keepdims=True))
