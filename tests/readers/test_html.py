"""Pages as their readers see them: what sheets select, hide and draw, lists that number themselves,
formulas, and what a note tells where it can't be known."""

import pytest

from tests.readers.test_readers import COUNTY, numbered, paragraphs, saved, stated, values
from xiacheng_nlp.readers import stylesheets
from xiacheng_nlp.readers.extraction import extract
from xiacheng_nlp.report.report import Report

SAID = "全区完成投资1.5亿元，经济平稳增长，民生持续改善。"

LAST = "民生改善，就业增加。"


def seen(body: str, sheet: str = "") -> tuple[str, list[str]]:
    """The text of a page before a last line of prose, and its notes."""
    page = f"<html><head><style>{sheet}</style></head><body>{body}<h6>{LAST}</h6></body></html>"
    found = extract(page.encode())
    return found.text.removesuffix(LAST).strip(), [note.message for note in found.notes]


PAIR = "<p>6<b class='x y' title='a-b c'>9</b><i class=z>7</i></p>"


UNSURE = "style sheets hide, show or draw something in a way that is not followed: "


@pytest.mark.parametrize(
    ("selector", "text"),
    [
        *((".x, .y", "67"), ("b.x.y", "67"), ("p.x", "697"), ("p > .z", "69"), ("p>u b", "697")),
        *(("p .z,.q b", "69"), ("body .z", "69"), ("* > .x", "67"), ("B", "67")),
        *(("[title]", "67"), ("p b[title].x", "67"), ("[hidden]", "697")),
        *(("b:hover", "697"), ("b:target i, b:focus-within", "697"), ("b::before", "697")),
        *((r".\x", "67"), ("p >  b", "67"), ("a b:first-line", "697")),
        *(("*.x", "67"), ("p *[title]", "67"), ("p *", "6")),
        # Browsers take nothing of a list with a step too few.
        *(("b >", "697"), ("b,", "697"), ("b, > i", "697"), ("b > > b", "697"), (", b", "697")),
    ],
)
def test_a_sheet_hides_what_its_selectors_name(selector: str, text: str) -> None:
    found, notes = seen(PAIR, selector + " { display: none }")
    assert (found, [note[:8] for note in notes]) == (text, ["left out"] * (text != "697"))


@pytest.mark.parametrize(
    "selector",
    [
        *(".x + i", ".x ~ .z", ".x+i,.y+u", "p>.x~i", "p i:first-child", "i:nth-child(2n+1)"),
        *("b[title='a-b c']", "[title|=a]", "[TITLE$='C' i]", "[title*=',']", ":root b"),
        *("i:not(.x)", "b:not(.q, p > .x)", "i:not(:hover)", ":is(.x, .q)", "p :where(i, u)"),
        *(r".\78", ">b", "b:has(u)", "p > :only-of-type", "b:is(" * 90 + "b" + ")" * 90),
    ],
)
def test_of_a_selector_that_is_not_followed_what_it_hides_is_read_and_told(selector: str) -> None:
    notes = [f"{UNSURE}{selector}"[: len(UNSURE) + 80]]
    assert seen(PAIR, selector + " { display: none }") == ("697", notes)


@pytest.mark.parametrize("selector", ["u + .x", "u:not(.a)", ".q b:empty", "p.a > b:first-child"])
def test_of_a_selector_that_names_nothing_in_the_page_nothing_is_told(selector: str) -> None:
    names = selector.replace("+ .x", "+ .q")
    assert seen(PAIR, names + " { display: none }") == ("697", [])


def test_special_selectors_outrank_plain_ones_wherever_they_stand() -> None:
    sheet = "p .x.y {display: none} #q, p b.x[title] {display: inline} b.y {display: none}"
    assert seen(PAIR, sheet)[0] == "697"
    sheet = "p b.x[title] {display: none} .x.y {display: inline}"
    assert seen(PAIR, sheet)[0] == "67"


@pytest.mark.parametrize(
    "selector", ["b[title^=a]", "[title^=a]", ".x:not(.q)", "p b:nth-child(2)"]
)
def test_what_is_not_followed_shows_what_a_plain_selector_hides(selector: str) -> None:
    sheet = ".x {display: none} " + selector + " {display: inline}"
    assert seen(PAIR, sheet) == ("697", [UNSURE + selector])


def test_what_is_not_followed_shows_what_an_element_around_it_hides() -> None:
    sheet = "p {visibility: hidden} b:not(.q) {visibility: visible}"
    assert seen(PAIR, sheet)[0] == "9"


def test_a_name_holds_a_colon_with_a_backslash() -> None:
    body = "<p>6<b class='md:hidden'>9</b>7</p>"
    assert seen(body, r".md\:hidden {display: none}")[0] == "67"
    assert seen(body, r".md\:hidden:nth-child(1) {display: none}")[0] == "697"


def test_strings_in_a_sheet_hold_no_rules() -> None:
    sheet = (
        "u::before { content: '} b { display: none } \\' {' } [title='}'] { top: 0 } i {opacity: 0}"
    )
    assert seen(PAIR, sheet)[0] == "69"


def test_a_note_tells_what_can_t_be_followed() -> None:
    text, notes = seen(PAIR, "\n b:has(u)\n{ display: none } p:has(.q) { color: red }")
    assert (text, notes) == ("697", [UNSURE + "b:has(u)"])
    text, notes = seen(PAIR, ".x { opacity: 0 } b:lang(zh) { opacity: 1 }")
    assert (text, notes) == ("697", [UNSURE + "b:lang(zh)"])


@pytest.mark.parametrize("steps", [200_000, 1_000])
def test_elements_are_compared_within_the_limit(
    monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    monkeypatch.setattr(stylesheets, "STEPS", steps)
    rules = "".join(f".a{n}[title] {{top:0}} .a{n} ~ .x {{opacity:0}}" for n in range(900))
    body = "".join(f"<b class=a{n} title=v{n}>增长9%。</b>" for n in range(90)) + "<i>草稿</i>"
    text, notes = seen(body, rules + "p + i, h6 i, i {display:none}")
    told = "style sheets too large to be followed: what they hide further on is read"
    assert (told in notes, "草稿" in text) == (steps == 1_000, steps == 1_000)


@pytest.mark.parametrize(
    "sheet",
    [
        *(":not(:is(:not(" * 60_000, "[" * 400_000, "[a=b" + " " * 800_000 + "{}"),
        *(":nth-child(" + " " * 800_000 + "x){top:0}", '"' + '\\"' * 400_000),
        *("b" + ":first-child" * 60_000 + "{top:0}", "@import 'x';" * 60_000),
        *("".join(f"b:has(.a{n}){{opacity:0}}" for n in range(40_000)), "a\\" * 400_000),
        "b:not(" + ",".join(f".a{n}" for n in range(90_000)) + "){top:0}",
    ],
)
def test_any_selector_is_read_in_linear_time(sheet: str) -> None:
    assert SAID in seen(f"<p>{SAID}</p>" * 90 + "<b>9</b>" * 900, sheet)[0]


@pytest.mark.parametrize(
    ("sheet", "told"),
    [
        ("p:after {content: '\\4EBF 元'}", ["content: '\\4EBF 元'"]),
        ("p::before {content: '一、\x01' attr(title)}", ["content: '一、' attr(title)"]),
        ("p {content: '元'} p::after {content: '元'}", ["content: '元'"]),
        ("p:after {content: '.'; visibility: hidden; height: 0}", []),
        ("p:before {content: '■'} p:after {content: '\\e601'}", []),
        ("b:after {content: '元'} p:first-letter {display: none}", []),
    ],
)
def test_words_that_a_sheet_draws_beside_text_are_told(sheet: str, told: list[str]) -> None:
    assert seen("<p>收入9</p>", sheet) == ("收入9", [UNSURE + each for each in told])


@pytest.mark.parametrize(
    ("body", "sheet", "lines"),
    [
        ("<ol><li>工业<li>农业</ol>", "", "1.工业 2.农业"),
        ("<ol><li>工业<li><p>农业</p><p>林业</p></ol>", "", "1.工业 2.农业 林业"),
        ("<ol start=3><li>工业<li value=9>农业<li>林业</ol>", "", "3.工业 9.农业 10.林业"),
        ("<ol start=0 type=a><li>工业</ol>", "", "0.工业"),
        ("<ol><li type=1>工业<li hidden>农业<li>林业</ol>", "", "1.工业 2.林业"),
        ("<ol><li>一是工业<li>（二）农业<li>3、林业</ol>", "", "一是工业 （二）农业 3、林业"),
        ("<ul><li>工业</ul>", "", "工业"),
        ("<ul type=disc><li>工业</ul>", "ul {list-style: decimal inside}", "1.工业"),
        ("<ol><li>工业</ol>", "ol {list-style: none}", "工业"),
        ("<ol><li>工业</ol>", "li {display: block}", "工业"),
        ("<ol><li>工业</ol>", "li {display: list-item}", "1.工业"),
        ("<ol><li>工业</ol>", "ol {list-style: url(a-b.png)}", "工业"),
        ("<ol><li>工业</ol>", "ol {list-style-type: '·'}", "工业"),
        ("<ol><li>回顾<ol><li>工业</ol><li>安排</ol>", "", "1.回顾 1.工业 2.安排"),
        ("<ol><li></li><li>工业</ol>", "", "2.工业"),
        ("<ol><li>1.工业<li>2.农业</ol>", "", "1.工业 2.农业"),
        ("<ol><li>工业<li>农业</ol>", "ol {list-style-type: cjk-ideographic}", "一、工业 二、农业"),
        *(
            (f"<ol style='list-style-type: {kind}' start=11><li>工业</ol>", "", f"{said}工业")
            for kind, said in (
                *(("simp-chinese-informal", "十一、"), ("trad-chinese-informal", "十一、")),
                *(("decimal", "11."), ("lower-roman", "11.")),
            )
        ),
    ],
)
def test_numbers_that_a_page_draws_before_items_are_written_out(
    body: str, sheet: str, lines: str
) -> None:
    text, notes = seen(body, sheet)
    assert text.split("\n") == lines.split()
    drawn = [note for note in notes if note.startswith("written out: the numbers that the page")]
    assert bool(drawn) == (
        text not in ("工业", "1.工业\n2.农业", "一是工业\n（二）农业\n3、林业")
        or body == "<ol><li>工业<li>农业</ol>"
    )


def test_a_list_of_links_has_no_numbers_and_stays_navigation() -> None:
    path = "<ol><li><a href=/>首页</a></li><li><a href=/a>政务公开</a></li></ol>"
    text, notes = seen(f"{path}<p>{SAID}</p><p>{SAID}</p>")
    assert text == f"{SAID}\n{SAID}"
    assert notes == ["left out around the text of the page: 2 lines, 6 characters: 首页 | 政务公开"]


def test_a_form_of_numbers_that_is_not_known_is_told() -> None:
    notes = seen("<ol style='list-style: lower-roman'><li>工业<li>农业</ol>")[1]
    assert "numbered in a way that is written out in Arabic digits here: lower-roman (2)" in notes


def test_the_number_of_an_item_joins_none_of_its_own() -> None:
    lines = seen("<ol><li>12个项目开工，投资5亿元。<li>建成3座公园。</ol>")[0]
    assert lines.split("\n") == ["1. 12个项目开工，投资5亿元。", "2.建成3座公园。"]
    report = Report.parse("各位代表：\n一、2024年工作回顾\n" + lines, year=2025)
    assert [str(row["value"]) for row in stated(report)] == ["12", "5", "3"]


def test_a_report_whose_headings_are_drawn_says_the_same() -> None:
    """Sections, items and hidden digits, by the sheet of the page and by its lists."""
    plain = Report.parse(COUNTY)
    inner, open_lists = "", False
    for line in paragraphs(COUNTY):
        if line[:2] in ("一、", "二、"):
            inner += "</li></ol>" * open_lists
            start = "一二".index(line[0]) + 1
            inner += f"<ol class=big start={start}><li>{line[2:]}"
            open_lists = True
        elif line[:3] in ("（一）", "（二）"):
            inner += f"<p class=sub data-n=''>{line}</p>"
        elif line[:2] in ("1.", "2."):
            inner += f"<ol start={line[0]}><li>{line[2:]}</ol>"
        else:
            inner += f"<p>{line}</p>"
    inner = inner.replace("亿元", "<b class=off>7</b>亿元")
    sheet = (
        ".big {list-style: cjk-ideographic} p.sub[data-n]::before {content: '·'}"
        "p > b.off[id], b.off {position: absolute; left: -9999px}"
    )
    page = f"<html><meta charset=utf-8><style>{sheet}</style><body>{inner}</li></ol></body></html>"
    other = Report.read(page.encode(), name=plain.name)
    assert values(other) == values(plain)
    assert stated(other) == stated(plain)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("投资<math><mfrac><mn>1</mn><mn>2</mn></mfrac></math>", "投资"),
        ("<math><msup><mn>10</mn><mn>4</mn></msup></math>户", "户"),
        ("<math><mmultiscripts><mn>10</mn><none/><mn>4</mn></mmultiscripts></math>户", "户"),
        ("<math><mrow><mn>12</mn><mo>+</mo><mn>3</mn></mrow></math>户", "12+3户"),
        ("10<sup>-3</sup>", "10^(-3)"),
        ("CO<sub>2</sub>，PM<sub>2.5</sub>", "CO2，PM2.5"),
        ("收入6<sub>9</sub>亿元", "收入6_(9)亿元"),
        ("收入6<span style='vertical-align: sub'>9</span>亿元", "收入6_(9)亿元"),
        ("新增20<sup>①</sup>家", "新增20①家"),
        ("收入15<wbr>2亿元", "收入152亿元"),
        ("收入15<b aria-hidden=true>2</b>亿元", "收入152亿元"),
    ],
)
def test_formulas_and_small_figures_make_no_other_number(markup: str, text: str) -> None:
    found, notes = seen(f"<p>{markup}</p>")
    assert found == text
    assert ("left out: 1 formulas" in notes) == ("<math>" in markup and "<mrow>" not in markup)


def test_a_formula_that_is_not_closed_takes_no_text_with_it() -> None:
    assert SAID in seen(f"<math><mfrac><mn>1</mn><mn>2</mn></mfrac><p>{SAID}</p>")[0]


@pytest.mark.parametrize(
    ("body", "text", "note"),
    [
        (f"<details><summary>解释</summary>{SAID}</details>", f"解释\n{SAID}", ""),
        ("<b dir=rtl>96</b>", "96", ""),
        (f"<noscript>请启用脚本</noscript>{SAID}", SAID, "left out because the page hides it: 5"),
        (f"<dialog>隐藏</dialog>{SAID}", SAID, "left out because the page hides it: 2"),
        (f"<dialog open>公告</dialog>{SAID}", f"公告\n{SAID}", ""),
        (f"<p hidden=until-found>9</p>{SAID}", SAID, "left out because the page hides it: 1"),
        ("<p style='content-visibility: hidden'>9</p>6", "6", "left out because the page hides it"),
        ("<p style='height: 0; overflow: hidden'>9</p>6", "6", "left out because the page hides"),
        ("<p style='max-height:0px;overflow-y:clip'>9</p>6", "6", "left out because the page hid"),
        ("<p style='height: 0'>9</p>6", "9\n6", ""),
        ("<b style='height: 0; overflow: hidden'>9</b>6", "96", ""),
        ("<p style='transform: scale(0, 0)'>9</p>6", "6", "left out because the page hides it"),
        ("<p style='transform: scale(0.5)'>9</p>6", "9\n6", ""),
        ("<meter value=7>7</meter>6", "6", ""),
    ],
)
def test_a_note_tells_what_is_seen_otherwise_than_it_is_read(
    body: str, text: str, note: str
) -> None:
    found, notes = seen(body)
    assert found == text
    assert [one for one in notes if one.startswith(note)] == notes if note else notes == []
    assert notes or not note


LINK = "<link rel=stylesheet href='{}'>"


def test_sheets_in_files_of_their_own_are_not_read_and_told() -> None:
    links = [LINK.format("page_files/\na.css?v=2"), "<link rel=stylesheet media=print href=p.css>"]
    links += ["<link rel='alternate stylesheet' href=q.css>", "<link rel=icon href=i.ico>"]
    text, notes = seen("".join(links) + "<p>收入9</p>", "@import url('../../secret.css');")
    told = "not read: 2 style sheets in files of their own (../../secret.css, page_files/ a.css), "
    assert (text, len(notes), notes[0].startswith(told)) == ("收入9", 1, True)


@pytest.mark.parametrize(
    ("link", "named", "imported"),
    [
        ("cid:css-1@b", "Content-ID: <css-1@b>", "@import 'c.css'; @import 'c.css' print;"),
        ("http://a.cn/x/a.css", "Content-Location: http://a.cn/x/a.css", ""),
        ("../x/a.css", "Content-Location: http://a.cn/x/a.css", "@import url(http://a.cn/d.css);"),
        ("a.css", "Content-Location: a.css", "@import 'a.css';"),
        ("other.css", "Content-Location: http://a.cn/x/a.css", ""),
    ],
)
def test_sheets_saved_with_a_page_in_one_file_are_followed(
    link: str, named: str, imported: str
) -> None:
    """By the addresses that they are called by; what is not there is told."""
    data = (
        "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\n"
        "Content-Type: text/html\nContent-Location: http://a.cn/x/p.html\n\n"
        f"<html>{LINK.format(link)}<body>收入<b>6</b>9</body></html>\n--b\n"
        f"Content-Type: text/css\n{named}\n\n{imported}b {{ display: none }}\n"
        "--b\nContent-Type: text/css\nContent-Location: http://a.cn/d.css\n\n"
        "b { display: inline }\n--b--\n"
    )
    found = extract(data.encode())
    notes = [note.message for note in found.notes]
    lacking = [
        name for name in ("c.css", "other.css") if name in (imported, link) or name in imported
    ]
    told = [f"not read: 1 style sheets in files of their own ({name}), " for name in lacking]
    assert found.text == ("收入69" if link == "other.css" else "收入9")
    assert [note for note in notes if "not read" in note] == [
        note for note in notes if any(map(note.startswith, told))
    ]
    assert len([note for note in notes if "not read" in note]) == len(lacking)


def test_the_number_that_word_draws_joins_none_of_the_paragraph() -> None:
    import docx

    document = docx.Document()
    root = document.part.numbering_part.element
    word = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    for one in (
        f'<w:abstractNum {word} w:abstractNumId="90"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
        '<w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl></w:abstractNum>',
        f'<w:num {word} w:numId="90"><w:abstractNumId w:val="90"/></w:num>',
    ):
        element = docx.oxml.parse_xml(one)
        root.insert(0, element) if "abstractNum " in one else root.append(element)
    for text in ("12个项目开工。", "工业"):
        numbered(document, text, 0)
    assert extract(saved(document)).text == "1. 12个项目开工。\n2.工业"


@pytest.mark.parametrize(
    ("row", "cell", "text"),
    [
        ("table-row", "table-cell", "产量\t15\t20\n就业\t30\t40"),
        ("block", "inline", "产量1520\n就业3040"),
        ("table", "table-cell", "产量\n15\n20\n就业\n30\n40"),
    ],
)
def test_cells_that_a_style_makes_stand_apart(row: str, cell: str, text: str) -> None:
    rows = [["产量", "15", "20"], ["就业", "30", "40"]]
    body = "".join("<i>" + "".join(f"<b>{each}</b>" for each in one) + "</i>" for one in rows)
    assert seen(body, f"i {{ display: {row} }} b {{ display: {cell} }}")[0] == text


def test_a_table_whose_head_stands_over_several_columns_gives_no_figures() -> None:
    head = "<tr><th rowspan=2>指标<th colspan=2>2023年<th>2024年<tr><th>数值<th>增长<th>目标"
    rows = "<tr><td>粮食产量(万吨)<td>12.5<td>3%<td>13<tr><td>就业(人)<td>4500<td>2%<td>4600"
    body = f"<p>二、2024年工作安排</p><p>投资增长8%。</p><table>{head}{rows}</table>"
    report = Report.read(f"<html><body>{body}<p>{SAID}</p></body></html>".encode(), year=2024)
    assert [str(row["value"]) for row in stated(report)] == ["8", "1.5"]
