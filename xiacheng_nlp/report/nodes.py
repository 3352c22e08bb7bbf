"""The pieces of a report, each with the span of code points that it takes in the source."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from xiacheng_nlp.datafiles import packaged, read_table

PART_NAMES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        row["part"]: {"zh": row["zh"], "en": row["en"]}
        for row in read_table(packaged("report/parts.tsv"), columns=("part", "zh", "en"))
    }
)
"""The parts of a report by their names, in the order of the text.

opening: address and request · review: the year or term past · problems: difficulties told in the
review · plan: the year or term to come · government: its own improvement · closing: the last appeal
· glossary: the annex that explains terms. None where it can't be told.
"""

PARTS = tuple(PART_NAMES)
"""The ids of the parts, in the order of the text."""


def section_at(section: str, level: int) -> str:
    """The id of the section of that level that a section is, or lies in.

    >>> section_at("2.3.1", 1), section_at("2", 2)
    ('2', '2')
    """
    return ".".join(section.split(".")[:level])


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence of a paragraph; a paragraph's sentences cover it without gap.

    `kind` is text, run_in (a short sentence that heads its paragraph: 投资增势良好。) or heading.
    """

    start: int
    end: int
    text: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A paragraph; `text` is its surface without the line breaks that the source put inside.

    `kind` is text, salutation (各位代表), heading, row (of a table), entry (of the glossary) or
    attachment (lines of a list behind the report); `part` is one of `PARTS` or None; `section` the
    id of the innermost section, None before the first.
    """

    start: int
    end: int
    text: str
    kind: str
    part: str | None
    section: str | None
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading with what stands under it.

    `id` counts within the parent (2.3 is the third section of the second); `style` says how the
    heading is numbered (一、 · （一） · 1. · (1) · 一是 · 第一 · 第一章 · plain · annex), `number`
    is the numbering as written, `title` the heading without it. `paragraphs` are those right under
    the heading, without the heading itself unless it opens its paragraph (a run-in).
    """

    id: str
    style: str
    number: str | None
    title: str
    part: str | None
    start: int
    end: int
    heading_start: int
    heading_end: int
    paragraphs: tuple[Paragraph, ...]
    sections: tuple["Section", ...]

    @property
    def level(self) -> int:
        """1 for a section of the report, 2 for a section of that, and so on."""
        return self.id.count(".") + 1

    def walk(self) -> Iterator["Section"]:
        """The section and all sections in it, in the order of the text."""
        yield self
        for section in self.sections:
            yield from section.walk()


@dataclass(frozen=True, slots=True, kw_only=True)
class GlossaryEntry:
    """An entry of the annex that explains terms (名词解释).

    `headword` is None where the entry states its explanation alone; `number` as counted in the
    annex, None where it is not numbered. The span of the headword is `headword_start` to
    `headword_end`, and the explanation reaches from `explanation_start` to `end`.
    """

    number: int | None
    headword: str | None
    explanation: str
    start: int
    end: int
    headword_start: int | None
    headword_end: int | None
    explanation_start: int
