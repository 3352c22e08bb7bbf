"""What a report is made of, as tidy tables: particulars, copies, parts, sections, glossary and
notes."""

from collections.abc import Iterable
from operator import attrgetter

import pandas as pd

from xiacheng_nlp.report.nodes import section_at
from xiacheng_nlp.report.outline import chars_of, headings
from xiacheng_nlp.report.outline import parts as _parts
from xiacheng_nlp.report.report import Report


def particulars(report: Report) -> pd.DataFrame:
    """What the report and its page say of themselves: `name`, `text` as written, `start`, `end`;
    one row each that was found.

    >>> text = "2014年某区政府工作报告\\n各位代表:\\n增长。"  # "work report of a district"
    >>> particulars(Report.parse(text)).values.tolist()
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
    table = _table(report.copies, "start end identical kept")
    table.insert(2, "chars", table["end"] - table["start"])
    return table


def parts(report: Report) -> pd.DataFrame:
    """The parts in the order of the text: `part`, `start`, `end`, `chars` (without blanks), `share`
    of the report, 0 to 1.

    >>> text = "一、2013年工作回顾\\n增长。\\n二、2014年政府工作\\n提升。"  # "I. Review of 2013"
    >>> parts(Report.parse(text))["part"].tolist()
    ['review', 'plan']
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

    >>> text = "各位代表:\\n一、2013年工作回顾\\n(一)稳增长\\n完成投资1亿元。"  # "Steady growth"
    >>> table = sections(Report.parse(text), level=1)
    >>> table[["section", "title", "chars"]].fillna("–").values.tolist()
    [['–', '–', 5], ['1', '2013年工作回顾', 25]]
    """
    rows: dict[str | None, list[int]] = {}
    for paragraph in report.paragraphs:
        id = paragraph.section
        if id is not None and level is not None:
            id = section_at(id, level)
        row = rows.setdefault(id, [0, 0, 0])
        row[0] += chars_of(paragraph)
        if paragraph.kind != "heading":
            row[1] += 1
            row[2] += len(paragraph.sentences)
    told = headings(report)
    table = pd.DataFrame(
        [(id, *told[id], *row) for id, row in rows.items()],
        columns=["section", "title", "part", "chars", "paragraphs", "sentences"],
    )
    table.insert(4, "share", table["chars"] / max(1, table["chars"].sum()))
    return table


def glossary(report: Report) -> pd.DataFrame:
    """The terms that the annex explains: `number`, `headword` (None where there is none),
    `explanation`, `start`, `end`.

    >>> from xiacheng_nlp.report.report import load_report
    >>> table = glossary(load_report())  # "that a sole trader becomes a company"
    >>> table.loc[3, ["headword", "explanation"]].tolist()
    ['个转企', '指个体工商户转型升级为企业。']
    """
    return _table(report.glossary, "number headword explanation start end")


def notes(report: Report) -> pd.DataFrame:
    """What was left out, mended or not understood: `message`, `start`, `end`.

    >>> text = "首页\\n2014年政府工作报告\\n各位代表:\\n增长。"  # "home page" of a web site
    >>> notes(Report.parse(text))["message"].tolist()
    ['outside the speech, not understood: 首页']
    """
    return _table(report.notes, "message start end")


def _table(nodes: Iterable[object], names: str) -> pd.DataFrame:
    """These attributes of each node."""
    columns = names.split()
    return pd.DataFrame(map(attrgetter(*columns), nodes), columns=columns)
