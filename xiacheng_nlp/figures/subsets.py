"""Many figures, fast: fonts are read from memory, and what each PDF embeds of them is cut from
a smaller font that holds what they say, not from all 23,000 characters each time."""

import io
import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from matplotlib import font_manager
from matplotlib.backends import _backend_pdf_ps

from xiacheng_nlp.figures.style import FAMILY, font_file, register_font

LATIN = range(0x250)
SIGNS = (*range(0x2010, 0x2040), *range(0x2190, 0x219A), *range(0x2200, 0x2266))
"""Dashes and quotation marks, arrows, signs of mathematics."""

embedding: Any = _backend_pdf_ps
manager: Any = font_manager
_IS_KNOWN = hasattr(embedding, "SubsetResults")
_FACES = (font_file(), font_file(bold=True))


class _Held(io.BytesIO):
    """A font in memory where matplotlib has the name of a file: the first, and only, face of it."""

    face_index = 0
    path = ""

    def __str__(self) -> str:
        return self.path


@contextmanager
def fonts_in_memory() -> Iterator[None]:
    """While this lasts, matplotlib reads the package's fonts, glyph by glyph, from memory: that
    takes a third of the time that it takes from a file, and a fifth off a figure. Which of them a
    text is in it looks up once for each look, not for each text."""
    opened, module = manager.ft2font.FT2Font, manager.ft2font
    register_font()
    chosen: dict[int, Any] = {}
    choose = manager.fontManager._find_fonts_by_props
    held = {os.path.realpath(path): path.read_bytes() for path in _FACES}

    def quick(path: Any, **options: Any) -> Any:
        if path not in held:
            return opened(path, **options)
        file = _Held(held[path])
        file.path = path
        return opened(file, **options)

    def quickly(properties: Any, *options: Any, **more: Any) -> Any:
        if options or more or properties.get_family() != [FAMILY]:
            return choose(properties, *options, **more)
        # By its hash matplotlib itself tells whether it is the same.
        key = hash(properties)
        if key not in chosen:
            chosen[key] = choose(properties)
        return chosen[key]

    manager.fontManager._find_fonts_by_props = quickly
    # Before 3.11 it takes nothing but the name of a file for a font that it embeds.
    module.FT2Font = quick if _IS_KNOWN else opened
    manager._get_font.cache_clear()
    try:
        yield
    finally:
        manager.fontManager._find_fonts_by_props = choose
        module.FT2Font = opened
        manager._get_font.cache_clear()


Small = dict[str, tuple[bytes, dict[int, int]]]
"""By the name of a font's file the smaller font, and the numbers of its glyphs by what they
were."""


def small_fonts(texts: Iterable[str]) -> Small:
    """The fonts with what stands in the texts, which takes half a second; none where matplotlib
    embeds fonts otherwise (before 3.11)."""
    if not _IS_KNOWN:
        return {}
    characters = {*LATIN, *SIGNS, *map(ord, set().union(*texts))}
    return {str(path): _cut_down(path, characters) for path in _FACES}


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
    charmap = manager.get_font(str(path)).get_charmap()
    glyphs = {glyph for code, glyph in charmap.items() if code in characters}
    with embedding.get_glyphs_subset(manager.FontPath(str(path), 0), glyphs) as made:
        return embedding.font_as_file(made.font).getvalue(), dict(made.glyph_index_map)
