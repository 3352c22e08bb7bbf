"""Many PDFs, fast: what each embeds of the font is cut from a smaller font that holds what
they say, not from all 23,000 characters each time."""

import io
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from matplotlib.backends import _backend_pdf_ps
from matplotlib.font_manager import get_font

from xiacheng_nlp.figures.style import font_file

LATIN = range(0x250)
SIGNS = (*range(0x2010, 0x2040), *range(0x2190, 0x219A), *range(0x2200, 0x2266))
"""Dashes and quotation marks, arrows, signs of mathematics."""

embedding: Any = _backend_pdf_ps


class _Held(io.BytesIO):
    """A font in memory where matplotlib has the name of a file: the first, and only, face of it."""

    face_index = 0


Small = dict[str, tuple[bytes, dict[int, int]]]
"""By the name of a font's file the smaller font, and the numbers of its glyphs by what they
were."""


def small_fonts(texts: Iterable[str]) -> Small:
    """The fonts with what stands in the texts, which takes half a second; none where matplotlib
    embeds fonts otherwise (before 3.11)."""
    if not hasattr(embedding, "SubsetResults"):
        return {}
    characters = {*LATIN, *SIGNS, *map(ord, set().union(*texts))}
    return {str(path): _cut_down(path, characters) for path in (font_file(), font_file(bold=True))}


@contextmanager
def many_pdfs(small: Small) -> Iterator[None]:
    """While PDFs are saved that mostly hold what stands in the small fonts: their bytes are what
    they would be without. It saves a tenth of a second with each font of each PDF.

    matplotlib has no way to be told, so that its function is replaced as long as this lasts.
    """
    if not small:
        yield
        return
    cut = embedding.get_glyphs_subset

    @contextmanager
    def quick(font: Any, wanted: Iterable[int]) -> Iterator[Any]:
        some = set(wanted)
        data, places = small.get(str(font), (b"", {}))
        if not some <= places.keys():
            with cut(font, some) as made:
                yield made
            return
        with cut(_Held(data), {places[glyph] for glyph in some}) as made:
            numbers = {glyph: made.glyph_index_map[places[glyph]] for glyph in some}
            yield made._replace(glyph_index_map=numbers)

    embedding.get_glyphs_subset = quick
    try:
        yield
    finally:
        embedding.get_glyphs_subset = cut


def _cut_down(path: Path, characters: Collection[int]) -> tuple[bytes, dict[int, int]]:
    """The font with only those characters, and the numbers of its glyphs by what they were."""
    from matplotlib.font_manager import FontPath

    charmap = get_font(str(path)).get_charmap()
    glyphs = {glyph for code, glyph in charmap.items() if code in characters}
    with embedding.get_glyphs_subset(FontPath(str(path), 0), glyphs) as made:
        return embedding.font_as_file(made.font).getvalue(), dict(made.glyph_index_map)
