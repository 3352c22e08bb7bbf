"""What a report is made of, as data for a program and as a tree for a reader."""

import re
from dataclasses import asdict
from itertools import groupby
from typing import Any

from xiacheng_nlp.report.nodes import Paragraph, Section
from xiacheng_nlp.report.report import Report

_PART_NAMES = {
    "opening": "opening 开场",
    "review": "review 回顾",
    "problems": "problems 问题",
    "plan": "plan 部署",
    "government": "government 政府自身建设",
    "closing": "closing 结语",
    "glossary": "glossary 名词解释",
    None: "not told",
}
_BLANK = re.compile(r"\s")


def outline(report: Report) -> dict[str, Any]:
    """The report's structure as plain data that JSON can hold; every `start` and `end` counts code
    points of the text.

    Keys: source (name, sha256, encoding, chars) · year · metadata (each as written, or None) and
    metadata_spans · copies (start, end, identical, kept) · parts (part, start, end, chars: without
    blanks) · sections, nested (id, number, title, style, level, part, start, end, heading_start,
    heading_end, paragraphs, sections) · paragraphs before the first section · glossary (number,
    headword, explanation, start, end, and the spans of headword and explanation) · notes (message,
    start, end).

    >>> from xiacheng_nlp.report.report import Report
    >>> shape = outline(Report.parse("各位代表:\\n一、2013年工作回顾\\n投资增势良好。完成投资152.84亿元。"))  # "I. Review of 2013"
    >>> shape["sections"][0]["title"], [s["text"] for s in shape["sections"][0]["paragraphs"][0]["sentences"]]
    ('2013年工作回顾', ['投资增势良好。', '完成投资152.84亿元。'])
    """
    metadata = report.metadata.items()
    return {
        "source": {
            "name": report.name,
            "sha256": report.sha256,
            "encoding": report.encoding,
            "chars": len(report.text),
            **(
                {"format": report.format, "text_sha256": report.text_sha256}
                if report.extracted
                else {}
            ),
        },
        "year": report.year,
        "metadata": {name: found.text if found else None for name, found in metadata},
        "metadata_spans": {name: [found.start, found.end] for name, found in metadata if found},
        "copies": [asdict(copy) for copy in report.copies],
        "parts": parts(report),
        "paragraphs": [_paragraph(p) for p in report.paragraphs if p.section is None],
        "sections": [_section(section) for section in report.sections],
        "glossary": [asdict(entry) for entry in report.glossary],
        "notes": [asdict(note) for note in report.notes],
    }


def parts(report: Report) -> list[dict[str, Any]]:
    """The stretches of the report that belong to one part, in the order of the text: part, start,
    end, chars (without blanks)."""
    found = []
    for part, group in groupby(report.paragraphs, key=lambda paragraph: paragraph.part):
        paragraphs = list(group)
        chars = sum(len(_BLANK.sub("", p.text)) for p in paragraphs)
        found.append(
            {"part": part, "start": paragraphs[0].start, "end": paragraphs[-1].end, "chars": chars}
        )
    return found


def _paragraph(paragraph: Paragraph) -> dict[str, Any]:
    return {
        "start": paragraph.start,
        "end": paragraph.end,
        "kind": paragraph.kind,
        "part": paragraph.part,
        "sentences": [asdict(sentence) for sentence in paragraph.sentences],
    }


def _section(section: Section) -> dict[str, Any]:
    return {
        "id": section.id,
        "level": section.level,
        "style": section.style,
        "number": section.number,
        "title": section.title,
        "part": section.part,
        "start": section.start,
        "end": section.end,
        "heading_start": section.heading_start,
        "heading_end": section.heading_end,
        "paragraphs": [_paragraph(paragraph) for paragraph in section.paragraphs],
        "sections": [_section(inner) for inner in section.sections],
    }


def outline_text(report: Report) -> str:
    """The outline as a tree to read: particulars, copies, parts, sections with their sizes,
    glossary and notes."""
    said = f"extracted from {report.format}" if report.extracted else report.encoding
    lines = [
        f"{report.name}  {len(report.text):,} characters, {said}, SHA-256 {report.sha256[:12]}…"
    ]
    for name, found in report.metadata.items():
        if found:
            lines.append(f"  {name.replace('_', ' '):16}{' '.join(found.text.split())}")
    lines.append(f"  {'session year':16}{report.year or 'not told'}")
    lines += _copies(report)
    lines += ["", "parts"]
    for part in parts(report):
        lines.append(
            f"  {part['start']:>7,}–{part['end']:<7,}{part['chars']:>7,} characters  {_PART_NAMES[part['part']]}"
        )
    lines += ["", "sections (characters without headings, paragraphs, sentences)"]
    for section in report.sections:
        lines += _tree(section)
    if report.glossary:
        bare = sum(entry.headword is None for entry in report.glossary)
        missing = f", {bare} without headword" if bare else ""
        lines += ["", f"glossary: {len(report.glossary)} entries{missing}"]
        lines.append(
            "  "
            + " · ".join(entry.headword or f"[{entry.number or '?'}]" for entry in report.glossary)
        )
    if report.notes:
        lines += ["", f"notes: {len(report.notes)}"]
        lines += [f"  {note.start:>7,}  {note.message}" for note in report.notes]
    return "\n".join(lines) + "\n"


def _copies(report: Report) -> list[str]:
    if not report.copies:
        return []
    lines = ["", "copies: the text stands here more than once"]
    for copy in report.copies:
        said = (
            "kept"
            if copy.kept
            else f"dropped, {'identical' if copy.identical else 'not identical'}"
        )
        lines.append(
            f"  {copy.start:>7,}–{copy.end:<7,}{copy.end - copy.start:>7,} characters  {said}"
        )
    return lines


def _tree(section: Section) -> list[str]:
    inner = list(section.walk())
    paragraphs = [paragraph for each in inner for paragraph in each.paragraphs]
    chars = sum(len(_BLANK.sub("", paragraph.text)) for paragraph in paragraphs)
    sentences = sum(len(paragraph.sentences) for paragraph in paragraphs)
    part = f"  [{section.part}]" if section.level == 1 else ""
    number = section.number if section.number and section.style != "annex" else ""
    label = (
        section.style.replace("一", number, 1).replace("1", number, 1)
        + ("，" if section.style == "第一" else "")
        if number
        else ""
    )
    lines = [
        f"  {'  ' * (section.level - 1)}{section.id} {label}{section.title}  ({chars:,}, {len(paragraphs)}, {sentences}){part}"
    ]
    for each in section.sections:
        lines += _tree(each)
    return lines
