"""What a report is made of, as tidy tables: particulars, copies, parts, sections, glossary and
notes."""

import re

import pandas as pd

from xiacheng_nlp.report.nodes import Paragraph
from xiacheng_nlp.report.outline import parts as _parts
from xiacheng_nlp.report.report import Report

_BLANK = re.compile(r"\s")


def particulars(report: Report) -> pd.DataFrame:
    """What the report and its page say of themselves: `name`, `text` as written, `start`, `end`;
    one row each that was found.

    >>> report = Report.parse("2014年某区政府工作报告\\n各位代表:\\n完成投资152.84亿元。")  # "work report of a district, 2014"
    >>> particulars(report).values.tolist()
    [['title', '2014年某区政府工作报告', 0, 13]]
    """
    rows = [
        (name, found.text, found.start, found.end)
        for name, found in report.metadata.items()
        if found
    ]
    return pd.DataFrame(rows, columns=["name", "text", "start", "end"])


def copies(report: Report) -> pd.DataFrame:
    """The copies of the report in its source: `start`, `end`, `chars`, `identical` to the kept one,
    `kept`; no rows where it stands once.

    >>> from xiacheng_nlp.report.report import load_report
    >>> copies(load_report())["kept"].tolist()
    [True, False]
    """
    rows = [(c.start, c.end, c.end - c.start, c.identical, c.kept) for c in report.copies]
    return pd.DataFrame(rows, columns=["start", "end", "chars", "identical", "kept"])


def parts(report: Report) -> pd.DataFrame:
    """The parts in the order of the text: `part`, `start`, `end`, `chars` (without blanks), `share`
    of the report, 0 to 1.

    >>> report = Report.parse("各位代表:\\n一、2013年工作回顾\\n增长。\\n二、2014年政府工作\\n提升。")  # review of 2013, work of 2014
    >>> parts(report)["part"].tolist()
    ['opening', 'review', 'plan']
    """
    table = pd.DataFrame(_parts(report), columns=["part", "start", "end", "chars"])
    return table.assign(share=table["chars"] / max(1, table["chars"].sum()))


def sections(report: Report, *, level: int | None = None) -> pd.DataFrame:
    """How much of the report stands right under each heading, in the order of the text: one row a
    section.

    Columns: `section` (id; missing for what stands before the first heading), `title`, `part`,
    `chars` (characters without blanks, heading included, without those of the sections in it),
    `share` (of the report, 0 to 1), `paragraphs`, `sentences`. With `level` deeper sections are
    counted in the one of that level that holds them.

    >>> table = sections(Report.parse("各位代表:\\n一、2013年工作回顾\\n(一)稳增长\\n完成投资152.84亿元。"), level=1)  # "steady growth"
    >>> table[["section", "title", "chars"]].fillna("–").values.tolist()
    [['–', '–', 5], ['1', '2013年工作回顾', 30]]
    """
    titles = {section.id: section for section in report.walk()}
    rows: dict[str | None, list[int]] = {}
    for paragraph in report.paragraphs:
        id = paragraph.section
        if id is not None and level is not None:
            id = ".".join(id.split(".")[:level])
        row = rows.setdefault(id, [0, 0, 0])
        row[0] += len(_BLANK.sub("", paragraph.text))
        row[1] += paragraph.kind != "heading"
        row[2] += len(paragraph.sentences) if paragraph.kind != "heading" else 0
    table = pd.DataFrame(
        [
            (
                id,
                titles[id].title if id else None,
                titles[id].part if id else _first_part(report.paragraphs),
                *row,
            )
            for id, row in rows.items()
        ],
        columns=["section", "title", "part", "chars", "paragraphs", "sentences"],
    )
    table.insert(4, "share", table["chars"] / max(1, table["chars"].sum()))
    return table


def _first_part(paragraphs: tuple[Paragraph, ...]) -> str | None:
    return next((paragraph.part for paragraph in paragraphs if paragraph.section is None), None)


def glossary(report: Report) -> pd.DataFrame:
    """The terms that the annex explains: `number`, `headword` (None where there is none),
    `explanation`, `start`, `end`.

    >>> from xiacheng_nlp.report.report import load_report
    >>> glossary(load_report()).loc[3, ["headword", "explanation"]].tolist()  # "individual to enterprise: a sole trader becomes a company"
    ['个转企', '指个体工商户转型升级为企业。']
    """
    rows = [(e.number, e.headword, e.explanation, e.start, e.end) for e in report.glossary]
    return pd.DataFrame(rows, columns=["number", "headword", "explanation", "start", "end"])


def notes(report: Report) -> pd.DataFrame:
    """What was left out, mended or not understood: `message`, `start`, `end`.

    >>> notes(Report.parse("首页\\n2014年政府工作报告\\n各位代表:\\n增长。"))["message"].tolist()  # "home page" of a web site
    ['outside the speech, not understood: 首页']
    """
    return pd.DataFrame(
        [(n.message, n.start, n.end) for n in report.notes], columns=["message", "start", "end"]
    )
