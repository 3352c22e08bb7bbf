"""Word files as real writers make them: changes, fields, lists and drawings."""

import io
import zipfile

import pytest

from xiacheng_nlp.readers.extraction import Extracted, extract

OFFICE = "http://schemas.openxmlformats.org"
NAMES = " ".join(
    f'xmlns:{prefix}="{name}"'
    for prefix, name in {
        "w": f"{OFFICE}/wordprocessingml/2006/main",
        "m": f"{OFFICE}/officeDocument/2006/math",
        "mc": f"{OFFICE}/markup-compatibility/2006",
        "a": f"{OFFICE}/drawingml/2006/main",
        "c": f"{OFFICE}/drawingml/2006/chart",
        "dgm": f"{OFFICE}/drawingml/2006/diagram",
        "v": "urn:schemas-microsoft-com:vml",
    }.items()
)
WORD_PART = f'ContentType="{OFFICE}/wordprocessingml.document.main+xml"'


def word(body: str, **parts: str) -> Extracted:
    """What is read of a Word file with that body, and with other parts (numbering, styles)."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", f"<Types><Override {WORD_PART}/></Types>")
        archive.writestr("_rels/.rels", "<Relationships/>")
        for name, inner in {"document": f"<w:body>{body}</w:body>", **parts}.items():
            archive.writestr(f"word/{name}.xml", f"<w:{name} {NAMES}>{inner}</w:{name}>")
    return extract(stream.getvalue())


def run(text: str, look: str = "") -> str:
    return f"<w:r><w:rPr>{look}</w:rPr><w:t xml:space='preserve'>{text}</w:t></w:r>"


def paragraph(inner: str, how: str = "", mark: str = "") -> str:
    return f"<w:p><w:pPr>{how}<w:rPr>{mark}</w:rPr></w:pPr>{inner}</w:p>"


def in_list(level: int = 0, list_id: int = 1) -> str:
    return f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>'


def code(text: str) -> str:
    return f"<w:r><w:instrText>{text}</w:instrText></w:r>"


def at(border: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{border}"/></w:r>'


def field(inner: str, result: str | None = None) -> str:
    return at("begin") + inner + (at("separate") + result if result else "") + at("end")


LEVELS = (
    '<w:lvl w:ilvl="0"><w:numFmt w:val="chineseCounting"/><w:pStyle w:val="H1"/>'
    '<w:lvlText w:val="%1、"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:numFmt w:val="chineseCounting"/><w:pStyle w:val="H2"/>'
    '<w:lvlText w:val="（%2）"/>{}</w:lvl>'
)
LIST = '<w:abstractNum w:abstractNumId="0">{}</w:abstractNum>'
NUMBER = '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
NUMBERING = LIST.format(LEVELS.format("")) + NUMBER


def style(name: str, how: str, more: str = "") -> str:
    return f'<w:style w:type="paragraph" {more} w:styleId="{name}"><w:pPr>{how}</w:pPr></w:style>'


DELETED = '<w:del w:id="1"/>'
GONE = '<w:del w:id="2"><w:r><w:delText>删去</w:delText></w:r></w:del>'
MOVED = f'<w:moveFrom w:id="2">{run("移走")}</w:moveFrom>'
HIDDEN = run("藏", "<w:vanish/>")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (
            paragraph(run("投资12亿元，"), "", DELETED) + paragraph(run("增长8%。")),
            "投资12亿元，增长8%。",
        ),
        (
            paragraph(run("（一）扩大投资。"), "", "<w:vanish/>") + paragraph(run("增长。")),
            "（一）扩大投资。增长。",
        ),
        (paragraph(run("增长。") + GONE, "", DELETED), "增长。"),
        *(
            (
                paragraph(run("回顾"), in_list())
                + paragraph(inner, in_list(), mark)
                + paragraph(run("安排"), in_list()),
                "一、回顾\n二、安排",
            )
            for inner, mark in (
                (GONE, DELETED),
                (MOVED, '<w:moveFrom w:id="3"/>'),
                (HIDDEN, "<w:vanish/>"),
            )
        ),
    ],
)
def test_a_paragraph_whose_mark_is_gone_stands_on_the_line_of_the_next(
    body: str, text: str
) -> None:
    assert word(body, numbering=NUMBERING).text == text


def test_a_cell_that_is_deleted_is_left_out() -> None:
    cell = "<w:tc><w:tcPr>{}</w:tcPr>{}</w:tc>"
    old = cell.format('<w:cellDel w:id="1"/>', paragraph(run("投资8%")))
    found = word(f"<w:tbl><w:tr>{old}{cell.format('', paragraph(run('投资9%')))}</w:tr></w:tbl>")
    assert found.text == "投资9%"
    assert [note.message for note in found.notes] == [
        "tracked changes: 1 deletions left out, insertions kept"
    ]


RUBY = code(r" EQ \* jc2 \o\ad(\s\up 9(") + run("lan") + code("),") + run("岚") + code(")")


@pytest.mark.parametrize(
    ("inner", "text"),
    [
        (run("见") + field(code(" REF x "), run("表1")) + run("。"), "见表1。"),
        (field(code(" = ") + run("SUM(A1)"), run("15")) + run("亿元。"), "15亿元。"),
        (
            field(code(" IF ") + field(code(" MERGEFIELD v "), run("8")) + code(" = 8"), run("快")),
            "快",
        ),
        (at("begin") + code(" = ") + run("增长8%。"), "增长8%。"),
        (run("目录") + "<w:r><w:ptab/></w:r>" + run("12"), "目录 12"),
        ("<m:rad><m:e><m:r><m:t>2</m:t></m:r></m:e></m:rad>", "√2"),
    ],
)
def test_a_field_says_its_result(inner: str, text: str) -> None:
    found = word(paragraph(inner))
    assert found.text == text
    assert not found.notes


@pytest.mark.parametrize(
    ("inner", "told"),
    [
        (field(code(" AUTONUM ")) + field(code(" XE 投资 ")), "AUTONUM"),
        (field(code(r" EQ \f(2,3) ")), r"EQ \f(2,3)"),
        (r'<w:fldSimple w:instr=" EQ \o\ac(○,1)"/>', r"EQ \o\ac(○,1)"),
        (field(RUBY), r"EQ \* jc2 \o\ad(\s\up 9(lan),岚)"),
    ],
)
def test_what_a_field_draws_is_told_in_a_note(inner: str, told: str) -> None:
    found = word(paragraph(inner + run("增长。")))
    assert found.text == "增长。"
    assert [note.message for note in found.notes] == [
        f"left out: 1 pieces of text that are fields without a result ({told})"
    ]


@pytest.mark.parametrize(
    "drawn",
    [
        "<w:pict><v:imagedata/></w:pict>",
        "<w:pict><v:textpath string='报告'/></w:pict>",
        "<w:drawing><c:chart/></w:drawing>",
        "<w:drawing><dgm:relIds/></w:drawing>",
        "<w:drawing><a:txBody/></w:drawing>",
        "<w:object><v:imagedata/></w:object>",
        "<mc:AlternateContent><mc:Choice><w:drawing><a:blip/></w:drawing></mc:Choice>"
        "<mc:Fallback><w:pict><v:imagedata/></w:pict></mc:Fallback></mc:AlternateContent>",
    ],
)
def test_whatever_is_drawn_is_noted_once(drawn: str) -> None:
    found = word(paragraph(run("增长。") + f"<w:r>{drawn}</w:r>"))
    assert [note.message for note in found.notes] == [
        "left out: 1 pictures, whose text cannot be read"
    ]


def test_a_document_that_is_set_in_is_noted() -> None:
    assert word("<w:p><w:subDoc/></w:p>" + paragraph(run("增长。"))).notes


OF_LIST = '<w:numPr><w:numId w:val="1"/></w:numPr>'


@pytest.mark.parametrize(
    ("styles", "levels", "text"),
    [
        # Which level a style stands in, the list says, or the style alone.
        (style("H1", OF_LIST) + style("H2", OF_LIST), "", "一、甲\n（一）乙\n二、丙\n（一）丁"),
        (
            style("H1", OF_LIST)
            + style("H3", '<w:numPr><w:ilvl w:val="1"/></w:numPr>').replace(
                "<w:pPr>", '<w:basedOn w:val="H1"/><w:pPr>'
            ),
            "",
            "一、甲\n（一）乙\n二、丙\n（一）丁",
        ),
        (
            style("H1", OF_LIST) + style("H2", OF_LIST),
            '<w:lvlRestart w:val="0"/>',
            "一、甲\n（一）乙\n二、丙\n（二）丁",
        ),
    ],
)
def test_the_level_of_a_style_and_where_its_numbers_begin_anew(
    styles: str, levels: str, text: str
) -> None:
    second = "H3" if "H3" in styles else "H2"
    body = "".join(
        paragraph(run(said), f'<w:pStyle w:val="{name}"/>')
        for said, name in zip("甲乙丙丁", ("H1", second) * 2, strict=True)
    )
    numbering = LIST.format(LEVELS.format(levels)) + NUMBER
    assert word(body, numbering=numbering, styles=styles).text == text


def test_a_list_of_a_style_and_the_style_of_paragraphs_that_name_none() -> None:
    linked = (
        LIST.format('<w:styleLink w:val="L"/>' + LEVELS.format(""))
        + '<w:abstractNum w:abstractNumId="1"><w:numStyleLink w:val="L"/></w:abstractNum>'
        + '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    )
    assert word(paragraph(run("回顾"), in_list(0, 2)), numbering=linked).text == "一、回顾"
    styles = style("N", OF_LIST, 'w:default="1"')
    assert word(paragraph(run("回顾")), numbering=NUMBERING, styles=styles).text == "一、回顾"


def test_numerals_of_documents_are_chinese_ones() -> None:
    numbering = NUMBERING.replace("chineseCounting", "chineseLegalSimplified")
    assert word(paragraph(run("回顾"), in_list()), numbering=numbering).text == "一、回顾"


def test_the_last_paragraph_of_a_cell_goes_on_in_no_other() -> None:
    cells = "".join(
        f"<w:tc>{paragraph(run(text), '', '<w:vanish/>')}</w:tc>" for text in ("投资", "8%")
    )
    found = word(f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>" + paragraph(run("增长。")))
    assert found.text == "投资\t8%\n增长。"


def test_a_paragraph_goes_on_in_no_table() -> None:
    table = f"<w:tbl><w:tr><w:tc>{paragraph(run('投资8%'))}</w:tc></w:tr></w:tbl>"
    found = word(paragraph(run("主要指标"), "", DELETED) + table + paragraph(run("增长。")))
    assert found.text == "主要指标\n投资8%\n增长。"
