"""What a PDF embeds of the font is the same whether many are saved or one."""

import io
from pathlib import Path

import matplotlib.backends._backend_pdf_ps as embedding
import pytest

from xiacheng_nlp.figures.style import ReportFigure
from xiacheng_nlp.figures.subsets import many_pdfs, small_fonts


def pdf(text: str) -> bytes:
    figure = ReportFigure("fig-ranks", lang="zh", width="single", height=20, title=text)
    figure.write(1, 1, text)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="pdf")
    return buffer.getvalue()


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
