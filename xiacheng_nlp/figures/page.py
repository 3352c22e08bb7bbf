"""What all figures share: the page that one is drawn for, and the check of what it needs.

A figure is a function of a `Page` and a table, under `@figure`. Its record, the row of its id in
`data/figures/figures.tsv`, says title and caption, why it may be empty, the columns that it needs,
which of them must be finite, and what its n counts. The decorator makes of it the function that
users call, with `lang`, `width` and `titled` instead of the page: it checks the table, sets the
style, and draws a picture that says so where there is nothing to draw.

Words are data too: labels are found by their keys in `data/figures/labels.tsv` (`Page.say`). A new
figure is a function beside its like and a row of `figures.tsv`, and for the run a table in
`publish.catalogue.FIGURES`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import wraps
from inspect import signature
from typing import Any, Protocol, cast

import numpy as np
import pandas as pd

from xiacheng_nlp.errors import FigureError
from xiacheng_nlp.figures.marks import LINE, Legend, square
from xiacheng_nlp.figures.names import COMMA, HAN, ORNAMENT, PART_NAMES, Lang, Names, names
from xiacheng_nlp.figures.style import (
    HEAD,
    PALE,
    PART_COLOURS,
    SIZE,
    SMALL,
    SOFT,
    ReportFigure,
    Width,
    column_width,
    printable,
    style,
    wrap,
)
from xiacheng_nlp.figures.texts import TEXTS, id_of
from xiacheng_nlp.terms.selection import arranged


@dataclass(frozen=True, slots=True)
class Page:
    """What a figure is drawn for: its language, its column of a journal, and whether the title
    stands in it."""

    id: str
    lang: Lang
    width: Width
    titled: bool

    @property
    def total(self) -> float:
        """The width in mm."""
        return column_width(self.lang, self.width)

    @property
    def double(self) -> bool:
        """Whether there is room for what a single column leaves out."""
        return self.width == "double"

    def start(self, height: float, *said: str) -> ReportFigure:
        """An empty figure of that height, with its title if asked for, and below what the picture
        does not show: sentences in up to three small lines, those that say nothing left out."""
        title = TEXTS[self.id].title[self.lang] if self.titled else None
        text = ("" if self.lang == "zh" else " ").join(filter(None, said))
        lines = wrap(text, self.total - 2, lines=3, size=SMALL)
        height += HEAD + LINE * lines.count("\n") if lines else 0.0
        picture = ReportFigure(
            self.id, lang=self.lang, width=self.width, height=height, title=title
        )
        picture.note(1.0, height - 0.8, lines, va="bottom", linespacing=1.2)
        return picture

    def say(self, key: str, **values: object) -> str:
        """A label of `data/figures/labels.tsv` by its key, its braces filled.

        >>> Page("fig-ranks", "en", "double", False).say("rows-left-out", n=3)
        '3 more not shown.'
        """
        plural = "" if values.get("n") == 1 else "s"
        return names("figure")[key][self.lang].format(s=plural, **values)

    def left_out(self, key: str, n: int, **values: object) -> str:
        """What is not drawn, by the label of that key; nothing where all is drawn."""
        return self.say(key, n=n, **values) if n > 0 else ""

    def name(self, known: Names, value: object) -> str:
        """What a value is called; one without a name is a name already."""
        text = str(value)
        return known[text][self.lang] if text in known else printable(text)

    def words(self, table: pd.DataFrame, column: str, *, null: str = "") -> list[str]:
        """A column's words as the figure shows them: in English from the column with `_en` where
        that has one; `null` for what is null or empty."""
        chosen = table[column]
        if self.lang == "en" and f"{column}_en" in table:
            chosen = table[f"{column}_en"].where(table[f"{column}_en"].notna(), chosen)
        return [printable(ORNAMENT.sub("", word)) or null for word in texts(chosen)]

    def headings(
        self, table: pd.DataFrame, *, found_by: Sequence[str] = ("part", "section")
    ) -> list[str]:
        """The title of each section, or the part that it is. In an English figure a Chinese title
        stands behind part and number, by which it is found without reading it (Plan 2.1), or
        behind that of the two which the figure does not show otherwise."""
        told = table.reindex(columns=["part", "section"]).astype(object).fillna("")
        told["part"] = [self.name(PART_NAMES, part) for part in told["part"]]
        told["title"] = self.words(table.reindex(columns=["title", "title_en"]), "title")
        return [
            f"{' '.join(filter(None, (row[name] for name in found_by)))}: {row['title']}"
            if self.lang == "en" and HAN.search(row["title"])
            else row["title"] or row["part"] or row["section"] or "–"
            for row in told.to_dict("records")
        ]

    def label(self, text: str, width: float, *, lines: int = 2, size: float = SIZE) -> str:
        """The text in at most so many lines of `width`; where it may break in one line more, in
        English always: it says in letters what Chinese says in characters; and in a single column
        in one more."""
        lines += (self.lang == "en" or lines > 1) + (not self.double)
        return wrap(text, width, lines=lines, size=size)

    def in_table(self, *keys: str) -> str:
        """What has no room, and where it stands; nothing where all has room."""
        what = COMMA[self.lang].join(map(self.say, keys)).lower()
        return self.say("in-the-table", what=what) if keys else ""

    def elsewhere(self, *keys: str) -> str:
        """What a single column has no room for, and where it stands; nothing in a double one."""
        return "" if self.double else self.in_table(*keys)

    def parts(self, shown: Iterable[str]) -> Legend:
        """The legend of the parts of a report among what is shown, in the order of the text, an
        entry for each colour. What is of no known part is not told."""
        some = set(shown)
        named = [(PART_COLOURS[p], PART_NAMES[p][self.lang]) for p in PART_NAMES if p in some]
        if some - set(PART_NAMES):
            named.append((PALE, self.say("part-not-told")))
        entries: dict[str, list[str]] = {}
        for colour, name in named:
            entries.setdefault(colour, []).append(name)
        return [(square(colour), " / ".join(some)) for colour, some in entries.items()]


Drawn = ReportFigure | None
"""A picture, or none where there is nothing to draw."""


class Draw(Protocol):
    """A figure as users call it."""

    __name__: str

    def __call__(
        self,
        table: pd.DataFrame,
        *,
        lang: Lang = "zh",
        width: Width = "double",
        titled: bool = False,
        **options: Any,
    ) -> ReportFigure: ...


def figure(draw: Callable[..., Drawn]) -> Draw:
    """Make a function of a page and a table the figure whose record has the function's name."""
    record = TEXTS[id_of(draw.__name__)]

    @wraps(draw)
    def drawn(
        table: pd.DataFrame,
        *,
        lang: Lang = "zh",
        width: Width = "double",
        titled: bool = False,
        **options: Any,
    ) -> ReportFigure:
        page = Page(record.id, lang, width, titled)
        need(record.id, table, *record.needs)
        require_finite(record.id, table, *record.finite)
        with style():
            if not table.empty and (made := draw(page, table, **options)):
                return made
            # A run on a report that lacks what the figure shows goes on, and the picture says why
            # it is empty.
            nothing = page.start(12.0)
            nothing.empty = True
            said = page.say("nothing", why=record.empty[page.lang])
            said = page.label(said, page.total - 2)
            nothing.write(1, 6, said, va="center", color=SOFT)
            return nothing

    # Help shows what may be given: the options of the figure, and those that all have.
    _, first, *look, _ = signature(Draw.__call__).parameters.values()
    own = list(signature(draw).parameters.values())[2:]
    cast(Any, drawn).__signature__ = signature(draw).replace(
        parameters=[first, *own, *look], return_annotation=ReportFigure
    )
    return cast(Draw, drawn)


def together(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of a domain together, where the table tells domains, these in their order."""
    if "domain" not in table:
        return table
    return arranged(table, "domain", table["domain"].unique())


def need(id: str, table: pd.DataFrame, *columns: str) -> None:
    """Raises `FigureError` where the table lacks a column that the figure is drawn from."""
    lacking = [column for column in columns if column not in table]
    if lacking:
        raise FigureError(
            f"{id} needs the columns {', '.join(columns)}; the table has "
            f"{', '.join(map(str, table.columns))}, no {', '.join(lacking)}"
        )


def require_finite(id: str, table: pd.DataFrame, *columns: str) -> None:
    """Raises `FigureError` where a column that gives the scale holds a null or an infinite number;
    says in which row."""
    for column in columns:
        for row, value in enumerate(floats(table[column]), start=1):
            if not np.isfinite(value):
                raise FigureError(
                    f"{id} needs numbers in {column}; row {row} has {value}: "
                    "leave the row out of the table"
                )


def floats(column: "pd.Series[Any]") -> list[float]:
    """A column's numbers; null is not a number and is not drawn."""
    made = column.to_numpy(dtype=float, na_value=np.nan).tolist()
    return made


def texts(column: "pd.Series[Any]", *, null: str = "") -> list[str]:
    """A column's values as texts."""
    return [null if pd.isna(value) else str(value) for value in column]


def numbers(table: pd.DataFrame, *columns: str) -> list[list[float]]:
    """The numbers of several columns; those of a column that the table lacks are all null."""
    return [floats(column) for _, column in table.reindex(columns=columns).items()]
