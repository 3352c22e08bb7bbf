"""Reports as web pages, Word files and PDF files, made for the tests: the text with what surrounds
it in real ones."""

import html
import io
import unicodedata
from collections.abc import Sequence

from xiacheng_nlp.resources import folder

NAVIGATION = """<div class="head"><a href="/">首页</a> | <a href="/zw">政务公开</a>
| <a href="/hd">互动交流</a>
<span>今天是2014年2月20日 星期四</span></div>
<ul class="menu"><li><a href="/1">机构职能</a></li>
<li><a href="/2">法规文件</a></li><li><a href="/3">规划计划</a></li></ul>
<script>var title = "各位代表：一、回顾。";</script><style>.content { color: #333 }</style>
<div class="path">您现在的位置：<a href="/">首页</a> &gt;
<a href="/zw">政务公开</a> &gt; 政府工作报告</div>"""
SIDEBAR = '<div class="side"><h3>相关链接</h3><ul>{}</ul></div>'.format(
    "".join(f'<li><a href="/{n}">关于印发第{n}号工作通知的说明。</a></li>' for n in range(1, 9))
)
FOOTER = """<div class="foot"><p>主办：区人民政府办公室　承办：信息中心</p>
<p>&copy; 版权所有　联系电话：0571-85000000</p>
<p><a href="/map">网站地图</a> | <a href="/we">联系我们</a></p></div>"""


def page(
    paragraphs: Sequence[str], *, style: str = "p", charset: str = "utf-8", layout: str = "div"
) -> bytes:
    """A saved page with navigation before the text, a sidebar beside it and a footer below."""
    said = [html.escape(paragraph) for paragraph in paragraphs]
    body = {
        "p": "\n".join(f"<p>&emsp;&emsp;{line}</p>" for line in said),
        "br": "<br/>\n".join(f"&nbsp;&nbsp;&nbsp;&nbsp;{line}" for line in said),
        "word": "".join(
            f"<p><span>{line[:5]}</span><span lang=EN-US>{line[5:]}</span><o:p></o:p></p>"
            for line in said
        ),
    }[style]
    box = {
        "div": (
            "<div><div class='main'><div id='zoom'>{}</div><div><a>打印本页</a> "
            "<a>关闭窗口</a></div></div>{}</div>"
        ),
        # Portals of the years before 2012 are tables within tables.
        "table": "<table><tr><td><table><tr><td>{}</td></tr></table></td><td>{}</td></tr></table>",
    }[layout].format(body, SIDEBAR)
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={charset}">'
    whole = (
        f"<!DOCTYPE "
        f"html><html><head>{meta}<title>区政府门户网站</title></head><body>{NAVIGATION}{box}{FOOTER}</body></html>"
    )
    return whole.encode("gb18030" if charset.startswith("gb") else charset)


def word_file(paragraphs: Sequence[str]) -> bytes:
    """A Word file with a paragraph for each, some of them in several runs, and a page header."""
    import docx

    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "下城区人民政府文件"
    for number, paragraph in enumerate(paragraphs):
        added = document.add_paragraph("　　")
        added.add_run(paragraph[:7]).bold = number % 3 == 0
        added.add_run(paragraph[7:])
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def pdf_file(
    paragraphs: Sequence[str],
    *,
    width: int = 36,
    lines: int = 30,
    columns: int = 1,
    drawn: Sequence[float] = (0,),
    sizes: Sequence[float] = (11,),
    around: Sequence[tuple[str, float, float, float]] = (),
) -> bytes:
    """A PDF file of pages with set-in paragraphs, broken lines and page numbers; columns are
    written row by row, each line is drawn so far aside, and lines take turns in their sizes. What
    stands around the text takes turns by pages, at its place and with its slope."""
    import matplotlib.pyplot as plt
    from matplotlib.backends.backend_pdf import PdfPages
    from matplotlib.font_manager import FontProperties

    font = FontProperties(
        fname=str(
            next(
                iter(
                    sorted(
                        (
                            folder("seeds").parent / "xiacheng_nlp" / "data" / "figures" / "fonts"
                        ).glob("*-Regular.ttf")
                    )
                )
            )
        )
    )
    said = [line for paragraph in paragraphs for line in broken("　　" + paragraph, width)]
    stream = io.BytesIO()
    with plt.rc_context({"pdf.fonttype": 42}), PdfPages(stream) as pdf:
        for number, first in enumerate(range(0, len(said), lines * columns), start=1):
            figure = plt.figure(figsize=(8.27, 11.69))
            shown = said[first : first + lines * columns]
            for place in sorted(range(len(shown)), key=lambda place: place % lines):
                x, y = 0.1 + 0.85 / columns * (place // lines), 0.93 - 0.028 * (place % lines)
                for aside in drawn:
                    size = sizes[place % len(sizes)]
                    figure.text(
                        x + aside, y, shown[place], fontproperties=font, size=size, parse_math=False
                    )
            figure.text(0.5, 0.04, f"— {number} —", fontproperties=font, size=9)
            if around:
                said_too, x, y, slope = around[number % len(around)]
                figure.text(x, y, said_too, fontproperties=font, size=30, rotation=slope)
            pdf.savefig(figure)
            plt.close(figure)
    return stream.getvalue()


def broken(paragraph: str, width: int) -> list[str]:
    """The paragraph in lines as typesetters break them: not inside a number or a word, and with no
    stop at the beginning of a line."""
    lines: list[str] = []
    line = ""
    room = float(width)
    units: list[str] = []
    for character in paragraph:
        glued = units and (
            (
                character.isascii()
                and not character.isspace()
                and units[-1][-1].isascii()
                and not units[-1][-1].isspace()
            )
            or character in "。，、；：！？”’）》%％"
            or units[-1][-1] in "“‘（《"
        )
        if glued:
            units[-1] += character
        else:
            units.append(character)
    for unit in units:
        size = sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.55 for c in unit)
        if size > room and line:
            lines.append(line)
            line, room = "", float(width)
        line += unit
        room -= size
    return [*lines, line]
