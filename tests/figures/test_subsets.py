"""What is drawn is the same whether fonts are read from memory or from files, and what a PDF embeds
of the font whether many are saved or one."""

import io
from pathlib import Path
from typing import Any

import matplotlib.backends._backend_pdf_ps as embedding
import pytest
from matplotlib import font_manager, ft2font

from xiacheng_nlp.figures.style import ReportFigure, font_file
from xiacheng_nlp.figures.subsets import fonts_in_memory, many_pdfs, small_fonts


def saved(text: str, form: str) -> bytes:
    figure = ReportFigure("fig-ranks", lang="zh", width="single", height=20, title=text)
    figure.write(1, 1, text)
    buffer = io.BytesIO()
    figure.savefig(buffer, format=form)
    return buffer.getvalue()


def pdf(text: str) -> bytes:
    return saved(text, "pdf")


@pytest.mark.parametrize("form", ["pdf", "svg", "png"])
def test_what_is_drawn_is_the_same_with_fonts_in_memory(form: str) -> None:
    before = ft2font.FT2Font
    with fonts_in_memory():
        held = saved("投资增长8.1%", form)
    assert held == saved("投资增长8.1%", form)
    assert ft2font.FT2Font is before


@pytest.mark.skipif(not hasattr(embedding, "SubsetResults"), reason="matplotlib before 3.11")
def test_fonts_are_in_memory_as_long_as_that_lasts() -> None:
    paths = [str(font_file(bold=bold)) for bold in (False, True)]
    with fonts_in_memory():
        held = [font_manager.get_font(path).fname for path in paths]
        other = font_manager.get_font(font_manager.findfont("DejaVu Sans")).fname
    assert [type(name) for name in held] != [str, str]
    assert [str(name) for name in held] == [str(Path(path).resolve()) for path in paths]
    assert isinstance(other, str)
    assert [font_manager.get_font(path).fname for path in paths] == list(map(str, held))


@pytest.mark.parametrize("text", ["投资增长8.1%", "衢州 Quzhou"])
def test_the_bytes_of_a_pdf_are_the_same(text: str) -> None:
    before = embedding.get_glyphs_subset
    with many_pdfs(small_fonts(["投资增长", "州"])):
        many = pdf(text)
    assert many == pdf(text)
    assert embedding.get_glyphs_subset is before


@pytest.mark.skipif(not hasattr(embedding, "SubsetResults"), reason="matplotlib before 3.11")
def test_what_is_known_is_cut_from_the_small_font(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    cut = embedding.get_glyphs_subset

    def noted(font: object, glyphs: object) -> object:
        asked.append(font)
        return cut(font, glyphs)  # type: ignore[arg-type]

    monkeypatch.setattr(embedding, "get_glyphs_subset", noted)
    with many_pdfs(small_fonts(["投资增长", "州"])):
        del asked[:]
        pdf("投资增长8.1%")
        assert asked
        assert not any(isinstance(font, str) for font in asked)
        pdf("衢州")
        assert {Path(font).suffix for font in asked if isinstance(font, str)} == {".ttf"}


def test_a_font_is_looked_up_once_for_each_look(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    manager: Any = font_manager.fontManager
    find, choose = manager.findfont, manager._find_fonts_by_props

    def counted(properties: Any, *options: Any, **more: Any) -> Any:
        asked.append(properties.get_family())
        return find(properties, *options, **more)

    monkeypatch.setattr(manager, "findfont", counted)
    with fonts_in_memory():
        saved("投资增长8.1%", "svg")
        assert asked
        asked.clear()
        saved("财政收入增长5.2%", "svg")
        assert not asked
        other = font_manager.FontProperties(family=["DejaVu Sans"])
        found = [manager._find_fonts_by_props(other) for _ in range(2)]
    assert len(asked) == 2
    assert found[0] == choose(other)
    assert manager._find_fonts_by_props == choose
