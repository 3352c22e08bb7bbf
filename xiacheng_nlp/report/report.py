"""A government work report: read from a file, with its metadata, sections, paragraphs, sentences
and glossary."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

from xiacheng_nlp import resources as bundle
from xiacheng_nlp.errors import ReportError, told_of
from xiacheng_nlp.files import sha256_of, why_no_file
from xiacheng_nlp.readers.extraction import Extracted, extract
from xiacheng_nlp.readers.rows import ROW
from xiacheng_nlp.report.blocks import LEADING, is_salutation, numbering
from xiacheng_nlp.report.copies import Copy, find_copies
from xiacheng_nlp.report.front import Field, Metadata, is_title, read_metadata
from xiacheng_nlp.report.government import Place, opening_of, place_of, place_told
from xiacheng_nlp.report.mending import Plain, placed, plain
from xiacheng_nlp.report.nodes import GlossaryEntry, Paragraph, Section, Sentence
from xiacheng_nlp.report.places import whole_name
from xiacheng_nlp.report.structure import build
from xiacheng_nlp.report.wording import pattern, says
from xiacheng_nlp.report.year import PUBLISHED, year_told
from xiacheng_nlp.text import LINE, Note, Span, flow, flow_positions, lines, readable, unspaced

REPORT_VARIABLE, CORPUS_VARIABLE = "XIACHENG_REPORT", "XIACHENG_CORPUS"
"""The environment variables that name the report to load where none is named, which lets the
notebooks run on any report, and the reports of a panel: a folder, a zip, a list, or a data set of
`corpus`."""

YEAR_VARIABLE, PLACE_VARIABLE = "XIACHENG_YEAR", "XIACHENG_PLACE"
"""The environment variables that tell the year and the place of that report."""

FOLDERS = 2
"""Folders above a file whose names may tell its place."""

FRONT = 60
"""Lines within which the address to the deputies or the first heading is looked for: what stands
before is front matter."""

LONGEST_FRONT = 60
"""Characters of the longest line of front matter; a longer one is running text."""

LEADER = "0123456789.．…·•—-()（） \t\u3000"
"""What leads to the number of a page in a table of contents, and what that is made of."""

FOOT, BETWEEN = 3_000, 3
"""Characters at the end of a text within which the lines of a site are looked for, and how many
others may stand between two of them."""

SHORTEST_SENTENCE = 16
"""Characters that a sentence has at least which may begin the speech."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report as it was published; every `start` and `end` counts code points of `text`.

    `name` is the file's name, `sha256` that of its bytes, `year` the year of the session (None
    where it can't be told); `paragraphs` cover the text from `start` to `end`, the kept copy behind
    its front matter, but for blanks. `format` is that of the file: text, html, docx or pdf; of the
    last three `text` is what was extracted from it. `encoding` is binary for docx and pdf.
    """

    name: str
    sha256: str
    encoding: str
    format: str = "text"
    text: str = field(repr=False)
    year: int | None
    place_name: str | None = None
    start: int
    end: int
    metadata: Metadata = field(repr=False)
    copies: tuple[Copy, ...] = field(repr=False)
    sections: tuple[Section, ...] = field(repr=False)
    paragraphs: tuple[Paragraph, ...] = field(repr=False)
    glossary: tuple[GlossaryEntry, ...] = field(repr=False)
    notes: tuple[Note, ...] = field(repr=False)
    plain: Plain | None = field(default=None, repr=False, compare=False)
    """The text as it is read, where that is not `text` itself: without invisible characters, with
    whole numbers and simplified characters."""
    folder: Path | None = field(default=None, repr=False, compare=False)
    """Where its file lies, and with it lists of the user's (NAME.lexicon.tsv); None where it was
    read from bytes."""

    @classmethod
    def parse(
        cls,
        text: str,
        *,
        name: str = "report",
        year: int | None = None,
        place: str | None = None,
    ) -> "Report":
        """The report that `text` holds; its SHA-256 is that of the text in UTF-8.

        `year` and `place` go before what the text tells of them.

        Raises `ReportError` where the text is no Unicode text (a lone surrogate), holds nothing
        but blanks or has more than 20 million characters.

        >>> report = Report.parse("各位代表:\\n一、2013年工作回顾\\n投资增势良好。")
        >>> section = report.sections[0]
        >>> section.title, section.part, report.year  # "Review of the work in 2013"
        ('2013年工作回顾', 'review', 2014)
        """
        if not isinstance(text, str):
            raise ReportError(
                f"{name}: a report is parsed from text, not from {type(text).__name__};"
                " load_report reads a file"
            )
        try:
            sha256 = sha256_of(text.encode())
        except UnicodeEncodeError as error:
            raise ReportError(
                f"{name}: character {error.start} is half of a surrogate pair, so this is no"
                " Unicode text; decode the source again"
            ) from None
        source = Extracted(text=text, format="text", encoding="utf-8")
        with told_of(name):
            return _parse(source, name=name, sha256=sha256, year=year, place=place)

    @classmethod
    def read(
        cls,
        data: bytes,
        *,
        name: str = "report",
        year: int | None = None,
        place: str | None = None,
        folders: Sequence[str] = (),
        told: Mapping[str, Any] | None = None,
    ) -> "Report":
        """The report in a file's bytes: plain text, a saved web page, a Word file or a PDF file,
        told by the bytes and not by `name`.

        `year` and `place` go before what the text tells of them; where it tells none, `name` and
        the names of the `folders` that the file lies in, the nearest first, may. `told`: the
        title, date (of publication) and source, which become those of `metadata`.

        What was left out of the text, such as navigation and page numbers, is said in `notes`, and
        so is a text that does not look like a report: one without address to the deputies, without
        a numbered heading and without the words of the genre.

        Raises `ReportError` where there is no text to read.

        >>> Report.read("<html><p>各位代表:".encode()).format  # "Fellow deputies:"
        'html'
        """
        given: dict[str, Any] = {"year": year, "place": place, "folders": folders, "told": told}
        with told_of(name):
            report = _parse(extract(data), name=name, sha256=sha256_of(data), **given)
        if is_report(report):
            return report
        note = Note(NO_REPORT, report.start, report.start)
        return replace(report, notes=_in_order([*report.notes, note]))

    @property
    def place(self) -> Place:
        """The place whose government gives the report, with its level and its code by GB/T 2260."""
        return place_of(self)

    @property
    def extracted(self) -> bool:
        """Whether `text` was taken out of a web page, a Word file or a PDF file, and is not the
        file's own text."""
        return self.format != "text"

    @property
    def unread(self) -> float:
        """The share of the text that stands outside the speech, its copies and its particulars, and
        is not understood, 0 to 1; `notes` say where."""
        spans = [(n.start, n.end) for n in self.notes if n.message.startswith(UNREAD)]
        return sum(end - start for start, end in spans) / len(self.text)

    @property
    def title(self) -> str | None:
        """The title without blanks (政 府 工 作 报 告 has five); None where there is none."""
        found = self.metadata.title
        return unspaced(found.text) if found else None

    @property
    def text_sha256(self) -> str:
        """The SHA-256 of `text` in UTF-8: what the spans rest on, where `sha256` tells the file."""
        return sha256_of(self.text.encode())

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """All sentences in the order of the text, headings and glossary included."""
        return tuple(sentence for paragraph in self.paragraphs for sentence in paragraph.sentences)

    def positions(self, node: Paragraph | Sentence) -> Sequence[int]:
        """Where each character of the text of a paragraph or sentence stands in the source, and
        behind the last one the end."""
        return self.reading(node.start, node.end)[1]

    def reading(self, start: int, end: int) -> tuple[str, Sequence[int]]:
        """What is read of a stretch of the source: its flowing text, and where each character of it
        stands in the source, and behind the last one the end."""
        if self.plain is None:
            surface = self.text[start:end]
            return flow(surface), flow_positions(surface, start)
        surface, places = self.plain.surface(start, end)
        at = self.plain.places
        flowing = flow_positions(surface, places[0])
        if isinstance(flowing, range):
            return surface, at[flowing.start : flowing.stop]
        return flow(surface), [at[place] for place in flowing]

    def walk(self) -> tuple[Section, ...]:
        """All sections, each before those in it, in the order of the text."""
        return tuple(inner for section in self.sections for inner in section.walk())

    def section(self, id: str) -> Section:
        """The section of that id, such as 2.3. Raises `KeyError` where there is none."""
        for section in self.walk():
            if section.id == id:
                return section
        raise KeyError(f"{self.name} has no section {id}")


def report_file(path: str | Path | None = None) -> Path:
    """The file that `load_report` reads: the one named, else that of XIACHENG_REPORT, else the
    Xiacheng report of 2014."""
    if path is None:
        path = os.environ.get(REPORT_VARIABLE) or bundle.seed()
    if not str(path):
        raise ReportError(
            "the name of the report is empty; leave it out for the Xiacheng report of 2014"
        )
    return Path(path)


def load_report(
    path: str | Path | None = None, *, year: int | None = None, place: str | None = None
) -> Report:
    """The report in a file: plain text (UTF-8, UTF-16, GB18030 or Big5), a saved web page, a Word
    file (.docx) or a PDF file with a text layer.

    What the file is, is told by its bytes. The latter three need the packages of `pip install
    'xiacheng-nlp[readers]'`; of them the offsets count in the text that was extracted,
    `report.text`.

    Without `path` it is the file that the environment variable XIACHENG_REPORT names, and without
    that the Xiacheng report of 2014 (2014年下城区政府工作报告), which travels with the package.

    `year`, of the session, and `place`, whose government gives the report, go before what the text
    tells; without `path` those of XIACHENG_YEAR and XIACHENG_PLACE do. Where the text tells none,
    the file's name may, and that of its folder (深圳市南山区/2018.txt); `report.metadata` says what
    told each (`year_from`, `place_from`).

    Raises `ReportError` when the file can't be read, or holds no text.

    >>> load_report(year=2015).metadata.year_from, load_report().metadata.year_from
    ('given', 'title')
    >>> report = load_report()
    >>> report.metadata.title.text  # "Work report of the government of Xiacheng District, 2014"
    '2014年下城区政府工作报告'
    >>> [section.title for section in report.sections]
    ['2013年工作回顾', '2014年政府工作', '在提高政府服务效能上争取更大作为', '名词解释']
    """
    source = report_file(path)
    with reading(source) as name:
        if why := why_no_file(source):
            many = "; corpus makes the tables of the reports in it, xc.load_reports reads them"
            raise ReportError(
                f"{name}: cannot be read: it is {why}{many if source.is_dir() else ''}"
            )
        data = source.read_bytes()
    if path is None:
        year = year if year is not None else _year_set()
        place = place or os.environ.get(PLACE_VARIABLE) or None
    folders = [readable(folder.name) for folder in source.parents][:FOLDERS]
    report = Report.read(data, name=name, year=year, place=place, folders=folders)
    return replace(report, folder=source.parent)


def named_from_anywhere() -> dict[str, str]:
    """The variables that name files, as they hold in any folder: a notebook runs in its own.

    >>> named_from_anywhere()
    {}
    """
    named = {name: os.environ.get(name) for name in (REPORT_VARIABLE, CORPUS_VARIABLE)}
    return {name: os.path.abspath(path) for name, path in named.items() if path}


def known_of(report: Report) -> dict[str, str]:
    """The variables by which a copy of the report's file elsewhere is read with the year and the
    place that were given, or that its folder told.

    >>> known_of(load_report(year=2015))
    {'XIACHENG_YEAR': '2015', 'XIACHENG_PLACE': ''}
    """
    year = report.year if report.metadata.year_from == "given" else None
    place = report.place_name if report.metadata.place_from in ("given", "folder") else None
    return {YEAR_VARIABLE: str(year or ""), PLACE_VARIABLE: place or ""}


def _year_set() -> int | None:
    said = os.environ.get(YEAR_VARIABLE)
    if said and not re.fullmatch(r"\d{4}", said):
        raise ReportError(f"{YEAR_VARIABLE}={said}: a year has four digits, such as 2014")
    return int(said) if said else None


@contextmanager
def reading(path: Path) -> Iterator[str]:
    """The name of a file as text, while it is read: what goes wrong on the way is a
    `ReportError`."""
    name = readable(path.name)
    try:
        yield name
    except ReportError:
        raise
    except OSError as error:
        raise ReportError(f"{name}: cannot be read: {error.strerror or error}") from None
    except ValueError as error:
        raise ReportError(f"{str(path)!r} is no file name: {error}") from None


NO_REPORT = (
    "this does not look like a work report: no address to the deputies (各位代表),"
    " no numbered heading (一、), no 工作报告 in it"
)
"""The note of a text that has nothing of the genre."""

UNREAD, LEFT_OUT = "outside the speech, not understood", "left out behind the text"
"""How the note of a line begins that is neither metadata nor part of the speech, and of one that a
site sets behind it."""


YEAR_TOLD = "the year of the session is"
"""How the note begins that says by what the year is told, and what contradicts it."""


def is_report(report: Report) -> bool:
    """Whether the text has anything of a work report: an address to the deputies, a numbered
    heading, or the words of the genre.

    >>> is_report(Report.parse("今天天气很好。"))  # "The weather is fine today."
    False
    """
    return bool(
        pattern("genre").search(report.text, 0, report.end)
        or any(section.style in LEADING for section in report.walk())
        or any(paragraph.kind == "salutation" for paragraph in report.paragraphs)
    )


TOLD = {"title": "title", "date": "date", "origin": "source"}
"""The particulars that a table may tell of a report, by what it calls them: they stand nowhere in
the text."""

CHARACTERS = 20_000_000
"""Characters of the longest text that is read; a report has some 20,000."""


def _parse(
    source: Extracted,
    *,
    name: str,
    sha256: str,
    year: int | None,
    place: str | None,
    folders: Sequence[str] = (),
    told: Mapping[str, Any] | None = None,
) -> Report:
    if len(source.text) > CHARACTERS:
        raise ReportError(f"{len(source.text):,} characters; at most {CHARACTERS:,} are read")
    if "\x00" in source.text:
        raise ReportError(
            f"character {source.text.index(chr(0))} is NUL: this is no text;"
            " export the report as plain text"
        )
    whole = plain(source.text)
    text = whole.text
    if not text.strip():
        raise ReportError("empty; a report was expected")
    copies = find_copies(text)
    first, last = (copies[0].start, copies[0].end) if copies else (0, len(text))
    body = _body_start(text, first, last)
    end, last = last, _body_end(text, body, last)
    around = sorted([(first, body), *_outside(len(text), copies)])
    metadata, unread = read_metadata(text, around)
    known: Mapping[str, Any] = told or {}
    known = {name: Field(known[role], 0, 0) for name, role in TOLD.items() if known.get(role)}
    metadata = replace(metadata, **known)
    hint = name.partition(ROW)[0]
    years = [(year, "given")] if year else []
    years += year_told(text, body, last, metadata, name=hint)
    year, year_from = years[0] if years else (None, None)
    structure = build(text, body, last, year=year)
    opening = opening_of(structure.paragraphs)
    place_name, place_from = place_told(metadata, opening, text, name=hint, folders=folders)
    if place:
        place_name, place_from = whole_name(plain(readable(place)).text, year=year), "given"
    metadata = replace(metadata, year_from=year_from, place_from=place_from)
    notes = [
        *(
            Note(f"{what}: {flow(text[a:b])[:40]}", a, b)
            for what, spans in ((UNREAD, unread), (LEFT_OUT, lines(text, last, end)))
            for a, b in spans
        ),
        *(
            Note("the dropped copy is not the same as the kept one", copy.start, copy.start)
            for copy in copies
            if not copy.identical
        ),
        *_year_notes(years, body),
        *structure.notes,
    ]
    return Report(
        name=name,
        sha256=sha256,
        encoding=source.encoding,
        format=source.format,
        text=source.text,
        year=year,
        place_name=place_name,
        start=whole.places[body],
        end=whole.places[last],
        metadata=placed(metadata, whole),
        copies=placed(copies, whole),
        sections=placed(structure.sections, whole),
        paragraphs=placed(structure.paragraphs, whole),
        glossary=placed(structure.glossary, whole),
        notes=_in_order([*placed(tuple(notes), whole), *source.notes, *whole.notes]),
        plain=whole if whole.notes else None,
    )


def _year_notes(told: Sequence[tuple[int, str]], place: int) -> Iterator[Note]:
    """That no source tells the year, or that one of those that name it outright contradicts."""
    if not told:
        yield Note("the year of the session can't be told", place, place)
    elif told[0][1] == PUBLISHED:
        said = f"{YEAR_TOLD} {told[0][0]} by a day alone"
        yield Note(f"{said}, which may be that of publication", place, place)
    for year, source in told:
        if source in SURE and year != told[0][0]:
            said = f"{YEAR_TOLD} {told[0][0]} by {SAID[told[0][1]]}"
            yield Note(f"{said}, but {year} by {SAID[source]}", place, place)
            return


SAID = {
    "given": "what was given",
    "date": "its date",
    "title": "the title",
    "heading": "the headings",
    "body": "what the speaker says",
    "file name": "the name of the file",
}
SURE = ("given", "title", "heading", "file name")
"""The sources of a year that may contradict each other in earnest."""


def _in_order(notes: Iterable[Note]) -> tuple[Note, ...]:
    return tuple(sorted(notes, key=lambda note: (note.start, note.end)))


def _body_start(text: str, first: int, last: int) -> int:
    """Where the speech begins: at the address to the deputies, else at the first heading or long
    line.

    An address that stands behind a heading with sentences under it is one within the speech.
    """
    front = [line.span() for line in islice(LINE.finditer(text, first, last), FRONT)]
    texts = [text[start:end] for start, end in front]
    address = next((n for n, line in enumerate(texts) if is_salutation(line)), None)
    title = max((n for n, line in enumerate(texts[:address]) if is_title(line)), default=-1)
    if address is not None:
        spoken = _speaks_from(texts[title + 1 : address])
        return front[address if spoken is None else title + 1 + spoken][0]
    listed = _contents_end(texts, text[first:last])
    openings = (start for start, end in front[listed:] if _opens(text[start:end]))
    return next(openings, front[listed][0] if front[listed:] else first)


def _contents_end(front: Sequence[str], text: str) -> int:
    """Which line stands behind the table of contents, whose lines come again as headings; the first
    where there is none."""
    start = next((n + 1 for n, line in enumerate(front) if unspaced(line) == "目录"), 0)
    listed = set[str]()
    for line in front[start:] if start else ():
        said = line.rstrip(LEADER)
        if said in listed or text.count(said) < 2:
            break
        listed.add(said)
    return start + len(listed)


def _body_end(text: str, body: int, last: int) -> int:
    """Where the text ends: before the lines that a site sets behind it, with no more than a few
    short ones of another kind between them."""
    end, others = last, 0
    for start, stop in reversed(lines(text, max(body, last - FOOT), last)[1:]):
        line = unspaced(text[start:stop])
        if says("site", line):
            end, others = start, 0
        elif others == BETWEEN or len(line) > LONGEST_FRONT or line[-1] in "。！":
            break
        else:
            others += 1
    return end


def _speaks_from(front: Sequence[str]) -> int | None:
    """Which of the lines before an address begins the speech, None where they are front matter: a
    greeting, a heading with a sentence under it, or the first of several long lines."""
    sentences = [n for n, line in enumerate(front) if line.endswith(("。", "！"))]
    for n, line in enumerate(front):
        if says("greeting", line):
            return n
        if _heads_speech(line) and any(later > n for later in sentences):
            return n
    long = [n for n in sentences if len(front[n]) > SHORTEST_SENTENCE]
    return long[0] if len(long) > 2 else None


def _heads_speech(line: str) -> bool:
    numbered = numbering(line)
    return numbered is not None and numbered.style in ("一、", "（一）")


def _opens(line: str) -> bool:
    """Whether a line may be the first of a speech: a heading, a greeting, a sentence."""
    return (
        _heads_speech(line)
        or says("greeting", line)
        or len(line) > LONGEST_FRONT
        or (line.endswith("。") and len(line) > SHORTEST_SENTENCE)
    )


def _outside(length: int, copies: tuple[Copy, ...]) -> list[Span]:
    """The stretches of the source that stand in no copy."""
    if not copies:
        return []
    spans = sorted((copy.start, copy.end) for copy in copies)
    edges = pairwise([(0, 0), *spans, (length, length)])
    return [(end, start) for (_, end), (start, _) in edges if end < start]
