"""What a report is made of, as data for a program and as a tree for a reader."""

import re
from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from typing import Any

from xiacheng_nlp.report.copies import Copy
from xiacheng_nlp.report.nodes import PART_NAMES, GlossaryEntry, Paragraph, Section
from xiacheng_nlp.report.report import Report
from xiacheng_nlp.text import escaped

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
    >>> text = "一、2013年工作回顾\\n投资增势良好。完成投资152.84亿元。"  # "I. Review of 2013"
    >>> section = outline(Report.parse(text))["sections"][0]
    >>> section["title"], [said["text"] for said in section["paragraphs"][0]["sentences"]]
    ('2013年工作回顾', ['投资增势良好。', '完成投资152.84亿元。'])
    """
    source = _fields(report, "name sha256 encoding") | {"chars": len(report.text)}
    if report.extracted:
        source |= _fields(report, "format text_sha256")
    metadata = report.metadata.items()
    return {
        "source": source,
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
        some = list(group)
        chars = sum(map(chars_of, some))
        found.append({"part": part, "start": some[0].start, "end": some[-1].end, "chars": chars})
    return found


def headings(report: Report) -> dict[str | None, tuple[str | None, str | None]]:
    """Title and part of each section by its id; by None those of the text before the first."""
    before = next((p.part for p in report.paragraphs if p.section is None), None)
    return {None: (None, before), **{s.id: (s.title, s.part) for s in report.walk()}}


def chars_of(paragraph: Paragraph) -> int:
    """The characters of a paragraph without blanks."""
    return len(_BLANK.sub("", paragraph.text))


def _fields(node: Report | Paragraph | Section, names: str) -> dict[str, Any]:
    return {name: getattr(node, name) for name in names.split()}


def _paragraph(paragraph: Paragraph) -> dict[str, Any]:
    sentences = [asdict(sentence) for sentence in paragraph.sentences]
    return _fields(paragraph, "start end kind part") | {"sentences": sentences}


def _section(section: Section) -> dict[str, Any]:
    told = "id level style number title part start end heading_start heading_end"
    return _fields(section, told) | {
        "paragraphs": [_paragraph(paragraph) for paragraph in section.paragraphs],
        "sections": [_section(inner) for inner in section.sections],
    }


def outline_text(report: Report) -> str:
    """The outline as a tree to read: particulars, copies, parts, sections with their sizes,
    glossary and notes."""
    said = f"extracted from {report.format}" if report.extracted else report.encoding
    size, sha256 = f"{len(report.text):,} characters", f"SHA-256 {report.sha256[:12]}…"
    told = {name.replace("_", " "): found.text for name, found in report.metadata.items() if found}
    told |= {"place": report.place.name or "", "session year": str(report.year or "")}
    lines = [
        f"{escaped(report.name)}  {size}, {said}, {sha256}",
        *(f"  {name:16}{' '.join(text.split()) or 'not told'}" for name, text in told.items()),
        *_block(
            "copies: the text stands here more than once",
            [_extent(c.start, c.end, c.end - c.start, _fate(c)) for c in report.copies],
        ),
        *("", "parts"),
        *(_extent(p["start"], p["end"], p["chars"], _called(p["part"])) for p in parts(report)),
        *("", "sections (characters without headings, paragraphs, sentences)"),
        *map(_branch, report.walk()),
        *_glossary(report.glossary),
        *_block(
            f"notes: {len(report.notes)}",
            [f"  {note.start:>7,}  {note.message}" for note in report.notes],
        ),
    ]
    return "\n".join(lines) + "\n"


def _block(head: str, lines: list[str]) -> list[str]:
    """Lines below a blank one and their head; nothing where there are none."""
    return ["", head, *lines] if lines else []


def _glossary(entries: Sequence[GlossaryEntry]) -> list[str]:
    bare = sum(entry.headword is None for entry in entries)
    missing = f", {bare} without headword" if bare else ""
    words = " · ".join(entry.headword or f"[{entry.number or '?'}]" for entry in entries)
    return _block(f"glossary: {len(entries)} entries{missing}", [f"  {words}"] if words else [])


def _extent(start: int, end: int, chars: int, what: str) -> str:
    return f"  {start:>7,}–{end:<7,}{chars:>7,} characters  {what}"


def _called(part: str | None) -> str:
    return f"{part} {PART_NAMES[part]['zh']}" if part else "not told"


def _fate(copy: Copy) -> str:
    if copy.kept:
        return "kept"
    return f"dropped, {'identical' if copy.identical else 'not identical'}"


def _branch(section: Section) -> str:
    """The line of a section: its numbering as such headings are numbered, its title and size."""
    paragraphs = [paragraph for inner in section.walk() for paragraph in inner.paragraphs]
    chars = sum(map(chars_of, paragraphs))
    sentences = sum(len(paragraph.sentences) for paragraph in paragraphs)
    part = f"  [{section.part}]" if section.level == 1 else ""
    label = ""
    if section.number and section.style != "annex":
        label = section.style.replace("一", section.number, 1).replace("1", section.number, 1)
        label += "，" if section.style == "第一" else ""
    size = f"({chars:,}, {len(paragraphs)}, {sentences})"
    return f"{'  ' * section.level}{section.id} {label}{section.title}  {size}{part}"
