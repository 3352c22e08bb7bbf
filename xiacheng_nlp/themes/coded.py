"""What all tables of themes share: the coded sentences checked, counted by theme and put in groups,
and the names of the codes."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from xiacheng_nlp.errors import ThemeError, at_least, one_of
from xiacheng_nlp.report.nodes import PARTS, section_at
from xiacheng_nlp.statistics import Floats, Ints
from xiacheng_nlp.themes.codebook import Codebook, Instrument, Theme

UNITS = ("chars", "sentences")
THEME_COLUMNS = ("code", "theme", "theme_en", "domain", "domain_en")
INSTRUMENT_COLUMNS = ("instrument", "instrument_zh", "instrument_en")


def need(coded: pd.DataFrame, *columns: str) -> None:
    """Raises `ThemeError` where the table lacks a column of `code_themes`."""
    lacking = [column for column in columns if column not in coded.columns]
    if lacking:
        raise ThemeError(
            f"the table of coded sentences has no column {', '.join(lacking)}; make it with "
            "code_themes(report)"
        )


def main_codes(coded: pd.DataFrame, codebook: Codebook) -> list[str]:
    """The main theme of each sentence. Raises `ThemeError` for a sentence without theme, and for a
    code that the codebook lacks."""
    need(coded, "themes")
    named = [(themes,) if isinstance(themes, str) else tuple(themes) for themes in coded["themes"]]
    for row, themes in enumerate(named, start=1):
        unknown = [code for code in themes if code not in codebook.codes]
        if unknown or not themes:
            lacks = f"has the theme {unknown[0]}, which {codebook.name} lacks" if unknown else ""
            raise ThemeError(
                f"row {row} of the coded sentences {lacks or 'has no theme'}; the themes are "
                + ", ".join(codebook.codes)
            )
    return [str(themes[0]) for themes in named]


def weigh(coded: pd.DataFrame, codebook: Codebook, unit: str) -> Floats:
    """How much each sentence (row) gives to each theme of the codebook (column): its characters or
    itself, all to its main theme. Raises `ThemeError` for another unit, and as `main_codes`."""
    one_of("unit", unit, UNITS, ThemeError)
    sizes = [1] * len(coded)
    if unit == "chars" and "chars" not in coded.columns:
        need(coded, "text")
        sizes = [len(text) for text in coded["text"]]
    elif unit == "chars":
        # Of reports of the reference panel there are lengths, but no sentences.
        sizes = list(coded["chars"])
    places = [codebook.codes.index(code) for code in main_codes(coded, codebook)]
    matrix = np.zeros((len(coded), len(codebook.codes)))
    matrix[np.arange(len(coded)), np.array(places, np.int64)] = sizes
    return matrix


def amounts(coded: pd.DataFrame, codebook: Codebook) -> Mapping[str, Floats]:
    """`weigh` by each unit."""
    return {name: weigh(coded, codebook, name) for name in UNITS}


def by_paragraph(matrix: Floats, paragraphs: npt.ArrayLike) -> Floats:
    """The rows of one paragraph added up; paragraphs in the order of their numbers."""
    names, places = np.unique(np.asarray(paragraphs), return_inverse=True)
    sums = np.zeros((len(names), matrix.shape[1]))
    np.add.at(sums, places, matrix)
    return sums


def groups(coded: pd.DataFrame, by: str | None) -> list[tuple[str | None, Ints]]:
    """The rows of each part, in the order of a report, or of each section, in the order of the
    text; None as `by`: all rows.

    Sentences in no part or section are in no group. Raises `ThemeError` for another `by`.
    """
    if by is None:
        return [(None, np.arange(len(coded)))]
    one_of("by", by, ("part", "section"), ThemeError)
    need(coded, by)
    names = [None if pd.isna(name) else str(name) for name in coded[by]]
    return grouped(names, PARTS.index if by == "part" else section_key)


def grouped(names: Iterable[str | None], key: Any) -> list[tuple[str | None, Ints]]:
    """The rows of each name that is not None, sorted by `key`."""
    column = np.array(list(names), object)
    found = sorted({name for name in column if name is not None}, key=key)
    return [(name, np.flatnonzero(column == name)) for name in found]


def cut_sections(coded: pd.DataFrame, level: int) -> list[str | None]:
    """The section of each sentence, at most so deep: at level 1 2.3 counts as 2."""
    at_least(1, ThemeError, level=level)
    need(coded, "section")
    return [None if pd.isna(id) else section_at(str(id), level) for id in coded["section"]]


def section_key(section: str) -> list[int]:
    """The order of section ids in a text: 2.10 after 2.9."""
    return [int(piece) for piece in section.split(".")]


def theme_row(theme: Theme) -> tuple[str, str, str, str, str]:
    """The values of `THEME_COLUMNS`."""
    return theme.code, theme.zh, theme.en, theme.domain, theme.domain_en


def grouping(by: str, codebook: Codebook) -> tuple[list[tuple[str, ...]], Floats]:
    """The values of `THEME_COLUMNS` of each theme or each domain, which names itself in all of
    them, and the matrix that adds up its themes (rows)."""
    themes: list[tuple[str, ...]] = [theme_row(theme) for theme in codebook.themes]
    if by == "theme":
        return themes, np.eye(len(themes))
    domains = list(dict.fromkeys(row[3:] for row in themes))
    member = np.array([[row[3:] == domain for domain in domains] for row in themes], float)
    return [(en.lower(), zh, en, zh, en) for zh, en in domains], member


def instrument_row(instrument: Instrument) -> tuple[str, str, str]:
    """The values of `INSTRUMENT_COLUMNS`."""
    return instrument.code, instrument.zh, instrument.en


def instrument_codes(coded: pd.DataFrame, codebook: Codebook) -> list[str]:
    """The instrument of each sentence. Raises `ThemeError` for a code that the codebook lacks."""
    need(coded, "instrument")
    codes = [str(code) for code in coded["instrument"]]
    for row, code in enumerate(codes, start=1):
        if code not in codebook.instrument_codes:
            raise ThemeError(
                f"row {row} has the instrument {code}; those of {codebook.name} are "
                + ", ".join(codebook.instrument_codes)
            )
    return codes


def over_sum(sums: Floats) -> Floats:
    """Each row over its sum; of nothing, null (NaN)."""
    with np.errstate(invalid="ignore"):
        return np.asarray(sums / sums.sum(axis=-1, keepdims=True))
