"""What all tables of themes share: the coded sentences checked, weighed by theme, and put in
groups; names of the codes; intervals."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import special

from xiacheng_nlp.errors import ThemeError
from xiacheng_nlp.report.nodes import PARTS, section_at
from xiacheng_nlp.terms.selection import Floats, Ints
from xiacheng_nlp.themes.codebook import Codebook, Instrument, Theme

UNITS = ("chars", "sentences")
MULTIPLE = ("main", "fractional")
THEME_COLUMNS = ("code", "theme", "theme_en", "domain", "domain_en")


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each coded sentence (row) gives to each theme of the codebook (column), in whole
    parts of which `one` make a unit.

    Whole numbers add up to the same sum in every order, so that no table hangs on the order of the
    rows.
    """

    matrix: Floats
    one: int


def need(coded: pd.DataFrame, *columns: str) -> None:
    """Raises `ThemeError` where the table lacks a column of `code_themes`."""
    lacking = [column for column in columns if column not in coded.columns]
    if lacking:
        raise ThemeError(
            f"the table of coded sentences has no column {', '.join(lacking)}; make it with code_themes(report)"
        )


def weigh(coded: pd.DataFrame, codebook: Codebook, *, unit: str, multiple: str) -> Weights:
    """Characters or sentences of each row by theme.

    `multiple` says what a sentence of several themes gives: `main` all to its main theme,
    `fractional` the same share to each. Raises `ThemeError` for an unknown option, a sentence
    without theme and a code that the codebook lacks.
    """
    if unit not in UNITS:
        raise ThemeError(f"unit={unit!r}: attention is counted in {' or '.join(UNITS)}")
    if multiple not in MULTIPLE:
        raise ThemeError(
            f"multiple={multiple!r}: a sentence of several themes counts by {' or '.join(MULTIPLE)}"
        )
    need(coded, "text", "themes")
    column = {code: place for place, code in enumerate(codebook.codes)}
    named = [(themes,) if isinstance(themes, str) else tuple(themes) for themes in coded["themes"]]
    for row, themes in enumerate(named, start=1):
        unknown = [code for code in themes if code not in column]
        if unknown or not themes:
            said = (
                f"has the theme {unknown[0]}, which {codebook.name} lacks"
                if unknown
                else "has no theme"
            )
            raise ThemeError(
                f"row {row} of the coded sentences {said}; the themes are {', '.join(codebook.codes)}"
            )
    if multiple == "main":
        named = [themes[:1] for themes in named]
    one = math.lcm(*(len(themes) for themes in named)) if named else 1
    sizes = [len(text) for text in coded["text"]] if unit == "chars" else [1] * len(coded)
    matrix = np.zeros((len(coded), len(column)))
    for row, (themes, size) in enumerate(zip(named, sizes, strict=True)):
        for code in themes:
            matrix[row, column[code]] += size * one // len(themes)
    return Weights(matrix, one)


def by_paragraph(matrix: Floats, paragraphs: npt.ArrayLike) -> Floats:
    """The rows of one paragraph added up; paragraphs in the order of their numbers."""
    names, places = np.unique(np.asarray(paragraphs), return_inverse=True)
    sums = np.zeros((len(names), matrix.shape[1]))
    np.add.at(sums, places, matrix)
    return sums


def groups(
    coded: pd.DataFrame, by: str | None, level: int | None = None
) -> list[tuple[str | None, Ints]]:
    """The rows of each part, in the order of a report, or of each section, in the order of the
    text; None as `by`: all rows.

    Sentences in no part or section are in no group. Raises `ThemeError` for another `by`.
    """
    if by is None:
        return [(None, np.arange(len(coded)))]
    if by not in ("part", "section"):
        raise ThemeError(
            f"by={by!r}: sentences are grouped by part or section, or not at all (None)"
        )
    need(coded, by)
    names = [None if pd.isna(name) else str(name) for name in coded[by]]
    if by == "section" and level is not None:
        if level < 1:
            raise ThemeError(f"level={level}: sections are counted from level 1 on")
        names = [None if name is None else section_at(name, level) for name in names]
    found = sorted(
        {name for name in names if name is not None}, key=_place if by == "part" else section_key
    )
    column = np.array(names, dtype=object)
    return [(name, np.flatnonzero(column == name)) for name in found]


def _place(part: str) -> tuple[int, str]:
    return PARTS.index(part) if part in PARTS else len(PARTS), part


def section_key(section: str) -> list[tuple[int, str]]:
    """The order of section ids in a text: 2.10 after 2.9."""
    return [(int(piece), "") if piece.isdecimal() else (0, piece) for piece in section.split(".")]


def theme_row(theme: Theme) -> tuple[str, str, str, str, str]:
    """The values of `THEME_COLUMNS`."""
    return theme.code, theme.zh, theme.en, theme.domain, theme.domain_en


def main_codes(coded: pd.DataFrame) -> list[str]:
    """The main theme of each sentence."""
    need(coded, "themes")
    return [themes if isinstance(themes, str) else str(themes[0]) for themes in coded["themes"]]


def instruments_of(
    coded: pd.DataFrame, codebook: Codebook
) -> tuple[list[str], tuple[Instrument, ...]]:
    """The instrument of each sentence, and those of the codebook. Raises `ThemeError` for a code
    that the codebook lacks."""
    need(coded, "instrument")
    codes = [str(code) for code in coded["instrument"]]
    for row, code in enumerate(codes, start=1):
        if code not in codebook.instrument_codes:
            raise ThemeError(
                f"row {row} has the instrument {code}; those of {codebook.name} are {', '.join(codebook.instrument_codes)}"
            )
    return codes, codebook.instruments


def quantiles(draws: Floats, confidence: float) -> tuple[Floats, Floats]:
    """The ends of the percentile interval of each column of draws (Efron & Tibshirani 1993)."""
    if not 0 < confidence < 1:
        raise ThemeError(f"confidence={confidence}: a share between 0 and 1, such as 0.95")
    tail = (1 - confidence) / 2
    low, high = np.quantile(draws, [tail, 1 - tail], axis=0)
    return np.asarray(low), np.asarray(high)


def wilson(
    count: Sequence[int] | Ints, n: Sequence[int] | Ints, *, confidence: float = 0.95
) -> tuple[Floats, Floats]:
    """The score interval of a share count/n (Wilson 1927): it holds no share below 0 and is no
    point where the count is 0.

    Null (NaN) where n is 0.

    >>> low, high = wilson([0, 5], [10, 10])
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.0, 0.2366], [0.2775, 0.7634])
    """
    if not 0 < confidence < 1:
        raise ThemeError(f"confidence={confidence}: a share between 0 and 1, such as 0.95")
    z = float(special.ndtri(0.5 + confidence / 2))
    k, size = np.asarray(count, dtype=np.float64), np.asarray(n, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = k / size
        middle = share + z * z / (2 * size)
        half = z * np.sqrt(share * (1 - share) / size + z * z / (4 * size * size))
        low, high = (middle - half) / (1 + z * z / size), (middle + half) / (1 + z * z / size)
    # The ends of an empty and of a full count are 0 and 1; the sums above miss them by the last
    # bits.
    return np.where(k == 0, np.where(size > 0, 0.0, np.nan), low), np.where(
        k == size, np.where(size > 0, 1.0, np.nan), high
    )
