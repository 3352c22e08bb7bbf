"""The look of the figures: font, sizes, colours, and a matplotlib Figure that carries them without
touching the session's own."""

import base64
import io
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache, partial
from importlib.resources import files
from pathlib import Path
from typing import IO, Any, Literal

import matplotlib
import matplotlib.style
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager, get_font
from matplotlib.ft2font import LoadFlags

from xiacheng_nlp.errors import FigureError
from xiacheng_nlp.figures.names import Lang

Width = Literal["single", "double"]
Svg = Literal["path", "text"]
"""How an SVG holds its text: drawn, the same everywhere, or as text that an editor can change."""

FAMILY = "Xiacheng Sans SC"
MM = 1 / 25.4
"""Inches in a millimetre: what journals measure in is what the drawing functions measure in."""

WIDTHS: Mapping[str, float] = {"single": 85.0, "double": 175.0}
"""A column and two columns of a journal, in mm (Nature: 89 and 183, Elsevier: 90 and 190, Chinese
core journals: 80 and 170)."""

_DATA = files("xiacheng_nlp") / "data" / "figures"
_STYLE: Any = matplotlib.rc_params_from_file(
    str(_DATA / "figures.mplstyle"), use_default_template=False
)
"""What `data/figures/figures.mplstyle` sets, told once: what is drawn by hand takes its sizes and
colours from here."""

SIZE: float = _STYLE["font.size"]
SMALL: float = _STYLE["xtick.labelsize"]
TITLE = 8.5
"""Points of the text in a figure, of its small text, and of its title."""
EM = SIZE / 72 / MM
"""Width of a Han character of that size, in mm."""

HEAD, TEXT_TOP = 4.2, 0.9
"""Height in mm of a line of small text, and how far below its top the text begins."""

SCREEN_DPI = 100
PRINT_DPI = 300

INK: str = _STYLE["text.color"]
SOFT: str = _STYLE["xtick.labelcolor"]
RULE: str = _STYLE["axes.edgecolor"]
"""Text, secondary text, and lines that bear no value."""
PALE = "#d9d9d9"

BLUE, RED, TEAL, AMBER = "#0b3c6f", "#b23a2e", "#1b9e8a", "#f2b134"
ORANGE = "#c8651b"
"""Amber for what is small: dark enough on white."""
PART_COLOURS: Mapping[str, str] = {
    "opening": PALE,
    "review": BLUE,
    "problems": RED,
    "plan": AMBER,
    "government": TEAL,
    "closing": PALE,
    "glossary": PALE,
}
"""Told apart in grey by lightness (L* 25, 42, 59, 76, 87), and by colour-blind readers: the tests
compute both."""

STAMPS = {"png": "Software", "svg": "Date Creator", "pdf": "CreationDate Producer Creator"}
"""What matplotlib would write of time and version, taken out: a rerun gives the same bytes."""


def below(size: float) -> float:
    """How far in mm the baseline of a line of that size stands below its middle."""
    return 0.36 * size / 72 / MM


@cache
def font_file(*, bold: bool = False) -> Path:
    """The package's own font: regular (all of GBK, Latin, signs) or bold (GB2312, Latin, signs).

    >>> font_file().name
    'XiachengSansSC-Regular.ttf'
    """
    face = "Bold" if bold else "Regular"
    return Path(str(_DATA / "fonts" / f"XiachengSansSC-{face}.ttf"))


@cache
def _characters(bold: bool) -> frozenset[int]:
    return frozenset(get_font(str(font_file(bold=bold))).get_charmap())


def missing_characters(texts: Iterable[str], *, bold: bool = False) -> tuple[str, ...]:
    """The characters that the font lacks, as code points in their order; line breaks and tabs count
    for none.

    >>> missing_characters(["丰田𠮷藏"])  # a name with a rare form of 吉
    ('U+20BB7',)
    """
    known = _characters(bold)
    return tuple(
        f"U+{point:04X}"
        for point in sorted({ord(c) for text in texts for c in text if c not in "\n\t"} - known)
    )


_NARROW = {ord(c) + 0xFEE0: c for c in "0123456789.%+-"}
_STRAIGHT = str.maketrans("“”‘’", "\"\"''")
"""The quotation marks of the font are as wide as a Han character."""


def printable(text: str) -> str:
    """The text on one line, its digits half-width, quotation marks straight where nothing is
    Chinese, and with each character that the font lacks told by its code point: no box ever stands
    for one.

    >>> printable("𠮷藏"), printable("“3+3” industries")
    ('[U+20BB7]藏', '"3+3" industries')
    """
    known = _characters(False)
    if max(text, default="") < "\u2e80":
        text = text.translate(_STRAIGHT)
    return "".join(
        c if ord(c) in known else f"[U+{ord(c):04X}]"
        for c in re.sub(r"\s+", " ", text.translate(_NARROW)).strip()
    )


def weight(text: str) -> str:
    """bold where the bold face has all of the text, else normal."""
    return "normal" if missing_characters([text], bold=True) else "bold"


@lru_cache(maxsize=4096)
def text_width(text: str, *, size: float = SMALL, bold: bool = False) -> float:
    """Width of one line in mm, of small text unless its size is told.

    >>> round(text_width("政府", size=SIZE), 1)  # "government": two Han characters of 7.5 points
    5.3
    """
    font = get_font(str(font_file(bold=bold and weight(text) == "bold")))
    font.set_size(size, 72)
    font.set_text(text, 0.0, flags=LoadFlags.NO_HINTING)
    return float(font.get_width_height()[0]) / 64 / 72 / MM


_UNITS = re.compile(r"""[A-Za-z0-9.,%+\-/‰'"$≥≤²³–]*[A-Za-z0-9%+\-/‰'"²³]|.""")
_COMMAS = ",;:、·，；："
_NO_LINE_BEGINS_WITH = _COMMAS + ".!?%*)。！？）》」』】〕”’…—"
_NO_LINE_ENDS_WITH = "(（《「『【〔“‘"


def wrap(text: str, width: float, *, lines: int = 2, size: float = SIZE, bold: bool = False) -> str:
    """The text in at most so many lines of `width` mm, broken after a comma where that fits, and at
    no forbidden place; of several lines none is much shorter than the others.

    What is too long ends in an ellipsis.

    >>> print(wrap("围绕贯彻精神、贯穿发展,开启全面深化改革新征程", 45))  # "…, a journey of reform"
    围绕贯彻精神、贯穿发展,
    开启全面深化改革新征程
    >>> wrap("围绕贯彻精神、贯穿发展", 20, lines=1)
    '围绕贯彻精神…'
    """
    text = printable(text)

    def fits(piece: str, width: float = width) -> bool:
        return text_width(piece, size=size, bold=bold) <= width

    if fits(text):
        return text
    if lines > 1:
        halves = [(text[:at].rstrip(), text[at:].lstrip()) for at in _breaks(text)]
        halves = [(a, b) for a, b in halves if fits(a) and fits(b)]
        if halves:
            return "\n".join(min(halves, key=lambda pair: _roughness(*pair, size=size)))
    *pieces, rest = _filled(text, fits, lines)
    if not fits(rest):
        return "\n".join([*pieces, _cut(rest, fits)])
    # The least width that takes no line more leaves no lone character behind.
    narrow = (partial(fits, width=share * width) for share in (0.6, 0.7, 0.8, 0.9))
    tried = ((some, _filled(text, some, len(pieces) + 1)) for some in narrow)
    return "\n".join(next((made for some, made in tried if some(made[-1])), [*pieces, rest]))


def _filled(text: str, fits: Callable[[str], bool], lines: int) -> list[str]:
    """The text in at most so many lines, each as full as it can be, but for the last, which has the
    rest."""
    pieces: list[str] = []
    while lines - len(pieces) > 1 and not fits(text):
        cuts = [at for at in _breaks(text) if fits(text[:at].rstrip())]
        if not cuts:
            break
        pieces.append(text[: cuts[-1]].rstrip())
        text = text[cuts[-1] :].lstrip()
    return [*pieces, text]


def _breaks(text: str) -> list[int]:
    """Where a line may end: between words of letters, numbers and characters, at no forbidden
    place."""
    return [
        at
        for at in [unit.start() for unit in _UNITS.finditer(text)][1:]
        if text[at] not in _NO_LINE_BEGINS_WITH and text[at - 1] not in _NO_LINE_ENDS_WITH
    ]


def _cut(text: str, fits: Callable[[str], bool]) -> str:
    """The beginning of the text that fits with an ellipsis behind it."""
    rest = text
    while rest and not fits(rest + "…"):
        rest = rest[:-1]
    # A word of letters is not cut, unless it stands alone.
    if re.match("[A-Za-z]{2}", text[len(rest) - 1 :]):
        rest = re.sub(r"(?<=\S) +\S*$", "", rest)
    return rest.rstrip(_COMMAS + " ") + "…"


def _roughness(first: str, second: str, *, size: float) -> float:
    """How unequal two lines are, in mm; a break in mid-phrase counts as much as 8 characters more,
    and so does one behind a comma where the shorter line is less than a third of the longer."""
    short, long = sorted(text_width(line, size=size) for line in (first, second))
    return long - short + (0 if first[-1] in _COMMAS and 3 * short > long else 8 * EM)


@cache
def register_font() -> None:
    """Make the family known by name. The font list of matplotlib is the one thing shared with the
    session; the name is ours alone."""
    for bold in (False, True):
        fontManager.addfont(str(font_file(bold=bold)))


_styled: ContextVar[bool] = ContextVar("styled", default=False)


@contextmanager
def style() -> Iterator[None]:
    """Draw in the package's style, whatever the session has set, and leave the session's settings
    as they were. Inside itself it has nothing to do."""
    if _styled.get():
        yield
        return
    register_font()
    with matplotlib.style.context(["default", _STYLE]):
        inside = _styled.set(True)
        try:
            yield
        finally:
            _styled.reset(inside)


def column_width(lang: Lang, width: Width) -> float:
    """The width in mm; raises `FigureError` for a language or a width that no figure has."""
    if lang not in ("zh", "en"):
        raise FigureError(f"lang is zh or en, not {lang!r}")
    if width not in WIDTHS:
        raise FigureError(f"width is single (85 mm) or double (175 mm), not {width!r}")
    return WIDTHS[width]


class ReportFigure(Figure):
    """A matplotlib Figure with an id, a language and a place in a journal's column.

    It belongs to no pyplot state, draws and saves in the package's style whatever the session has
    set, and shows itself in a notebook as the same PNG, whether or not an inline backend is active;
    one that is a table (`grid`) as that. Saved files carry no time. `empty`: it shows nothing.
    """

    def __init__(
        self, id: str, *, lang: Lang, width: Width, height: float, title: str | None = None
    ) -> None:
        self.id, self.lang, self.column, self.titled = id, lang, width, bool(title)
        self.grid: Any = None
        self.empty = False
        self.mm_width = column_width(lang, width)
        heading = wrap(title, self.mm_width - 2, size=TITLE, bold=True) if title else ""
        self.mm_top = (heading.count("\n") + 1) * 4.0 + 2.0 if heading else 0.0
        self.mm_height = height + self.mm_top
        with style():
            super().__init__(figsize=(self.mm_width * MM, self.mm_height * MM), dpi=SCREEN_DPI)
            FigureCanvasAgg(self)
            if heading:
                self.write(1, 1 - self.mm_top, heading, size=TITLE, weight=weight(heading))

    def panel(self, left: float, top: float, width: float, height: float) -> Axes:
        """Axes at a place in mm from the left and from the top, below the title if there is one."""
        corner = self.at(left, top + height)
        return self.add_axes((*corner, width / self.mm_width, height / self.mm_height))

    def at(self, left: float, top: float) -> tuple[float, float]:
        """A place in mm from the left and from the top, in shares of the picture."""
        return left / self.mm_width, 1 - (self.mm_top + top) / self.mm_height

    def write(self, left: float, top: float, text: str, **look: Any) -> None:
        """Text whose upper left corner is at a place in mm (unless `ha`, `va` say otherwise)."""
        fixed: dict[str, Any] = dict(
            ha="left", va="top", size=SIZE, color=INK, family=FAMILY, parse_math=False
        )
        look = fixed | look
        if look["va"] != "center":
            self.text(*self.at(left, top), text, **look)
            return
        # A line of Latin alone is less high than one of Han: on baselines at one distance both look
        # level.
        lines, size = text.split("\n"), look["size"]
        leading = 1.1 * size / 72 / MM
        top += below(size) - (len(lines) - 1) / 2 * leading
        for place, line in enumerate(lines):
            at = self.at(left, top + place * leading)
            self.text(*at, line, **{**look, "va": "baseline"})

    def note(self, left: float, top: float, text: str, **look: Any) -> None:
        """Small secondary text, placed as `write` places it."""
        self.write(left, top, text, **{"size": SMALL, "color": SOFT, **look})

    def head(self, left: float, text: str, *, above: float = HEAD, **look: Any) -> None:
        """Small secondary text in the line above that place."""
        self.note(left, above - HEAD + TEXT_TOP, text, **look)

    def draw(self, renderer: Any) -> None:
        with style():
            super().draw(renderer)

    def savefig(
        self, fname: str | os.PathLike[str] | IO[Any], *, svg: Svg = "path", **options: Any
    ) -> None:
        """Save as `Figure.savefig` does, in the package's style and without time and version in the
        file; an SVG with `svg="text"` keeps text as text, to be edited where the font is there."""
        kind = options.get("format") or (
            Path(fname).suffix[1:] if isinstance(fname, str | os.PathLike) else "png"
        )
        options["metadata"] = {
            **dict.fromkeys(STAMPS.get(str(kind).lower(), "").split()),
            **(options.get("metadata") or {}),
        }
        with style(), matplotlib.rc_context({"svg.fonttype": "none" if svg == "text" else "path"}):
            super().savefig(fname, **options)

    def png(self, dpi: int = SCREEN_DPI) -> bytes:
        """The picture as PNG."""
        buffer = io.BytesIO()
        self.savefig(buffer, format="png", dpi=dpi)
        return buffer.getvalue()

    def __repr__(self) -> str:
        return f"<{self.id} {self.lang} {self.mm_width:g} x {self.mm_height:g} mm>"

    def _ipython_display_(self) -> None:
        """Comes before the printer that an inline backend sets for all Figures, which crops, and
        whose options are the user's."""
        from IPython.display import display

        # Twice as dense as it is shown, for screens of double density.
        picture = base64.b64encode(self.png(2 * SCREEN_DPI)).decode("ascii")
        shown = {"image/png": picture, "text/plain": repr(self)}
        if self.grid is not None:
            shown["text/html"] = self.grid.html("")
        size = {"width": round(self.mm_width * MM * SCREEN_DPI)}
        display(shown, raw=True, metadata={"image/png": size})  # type: ignore[no-untyped-call]
