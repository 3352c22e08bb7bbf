"""Every number of a report, each with exactly one class: what is an amount, and what is only a
date, a name or a list number."""

from collections.abc import Iterator
from typing import Any

from xiacheng_nlp.numbers.scan import Quantity, quantities
from xiacheng_nlp.report.report import Report
from xiacheng_nlp.text import lines

COLUMNS = ("start", "end", "text", "class", "value", "value_high", "unit", "bound")


def report_quantities(report: Report) -> tuple[Quantity, ...]:
    """The numbers of the report and of the front matter above it, with their spans in
    `report.text`, in its order.

    The copies that were dropped are left out. Columns of `quantity_rows`: start, end, text, class
    (quantity, rank, duration, date, name, enumerator, none or unparsed), value and value_high as
    written, unit, bound.

    >>> from xiacheng_nlp.report.report import Report
    >>> text = "一、2013年工作回顾\\n完成投资152.84亿元。"  # "investment of 15.284 billion yuan"
    >>> report = Report.parse(f"各位代表:\\n{text}")
    >>> [(q.text, q.kind) for q in report_quantities(report)]
    [('一', 'enumerator'), ('2013', 'date'), ('152.84亿元', 'quantity')]
    """
    return tuple(_found(report))


def unparsed(report: Report) -> int:
    """How many of these numbers are not understood.

    >>> from xiacheng_nlp.report.report import Report
    >>> unparsed(Report.parse("各位代表:\\n完成投资152.84亿元。"))  # "invested 15.284 billion"
    0
    """
    above = (report.text[start:end] for start, end in _above(report))
    texts = (*above, *(paragraph.text for paragraph in report.paragraphs))
    return sum(quantity.kind == "unparsed" for text in texts for quantity in quantities(text))


def _above(report: Report) -> list[tuple[int, int]]:
    """The lines of the front matter."""
    first = report.copies[0].start if report.copies else 0
    return lines(report.text, 0, first) + lines(report.text, first, report.start)


def _found(report: Report) -> Iterator[Quantity]:
    for start, end in _above(report):
        for quantity in quantities(report.text[start:end]):
            yield quantity.at(start + quantity.start, start + quantity.end)
    for paragraph in report.paragraphs:
        places = report.positions(paragraph)
        for quantity in quantities(paragraph.text):
            yield quantity.at(places[quantity.start], places[quantity.end - 1] + 1)


def quantity_rows(found: tuple[Quantity, ...]) -> list[dict[str, Any]]:
    """The numbers as rows with the columns of `COLUMNS`."""
    return [
        {column: getattr(quantity, "kind" if column == "class" else column) for column in COLUMNS}
        for quantity in found
    ]
