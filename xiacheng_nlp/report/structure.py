"""Blocks to the tree of a report: sections, parts, paragraphs, sentences and the glossary."""

import re
from dataclasses import dataclass, field, replace

from xiacheng_nlp.numbers.numerals import whole_number
from xiacheng_nlp.report.blocks import Block, find_blocks, part_by, title
from xiacheng_nlp.report.front import years
from xiacheng_nlp.report.nodes import GlossaryEntry, Paragraph, Section, Sentence
from xiacheng_nlp.text import Note, flow

_END_OF_SENTENCE = re.compile(
    r"[。！？!?]++[”’』」）)】]*+(?:[\[［〔]\d{1,3}[\]］〕])*+(?![，,、；;：:的地得》])\s*+"
)
_BULLET = re.compile(r"[—–-]{2,}\s*|[•·●▪◆■]\s*")
_DIGIT = re.compile(r"\d")
_ENTRY = re.compile(
    r"[\[［【〔(（]?\s*(?P<number>\d{1,3})\s*(?:[\]］】〕)）]\s*[.．、:：]?|[.．、])\s*|(?P<circled>[①-⑳])\s*"
)
_MEANS = re.compile(r"[,，]?\s*(?:是指|系指|指的是|即指|指)")

LONGEST_RUN_IN = 28
"""Characters of the longest unnumbered run-in heading (扛起政治建设之责，坚决做到忠诚为政。 has 18)."""

LONGEST_HEADWORD = 40
"""Characters of the longest headword of a glossary entry; a longer stretch before a colon is a
sentence."""

CUE = 120
"""Characters at the start of a paragraph in which it says that it turns to difficulties."""

LAST = 12
"""Paragraphs at the end of a report among which its closing begins (in the report of 1978 it is the
tenth from the end)."""


@dataclass(slots=True)
class _Open:
    """A section while it is being filled."""

    block: Block
    id: str
    title: str
    part: str | None
    end: int
    style: str
    paragraphs: list[Paragraph] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)

    def close(self) -> Section:
        return Section(
            id=self.id,
            style=self.block.style or "plain",
            number=self.block.number,
            title=self.title,
            part=self.part,
            start=self.block.start,
            end=self.end,
            heading_start=self.block.start,
            heading_end=self.block.heading_end,
            paragraphs=tuple(self.paragraphs),
            sections=tuple(self.sections),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Structure:
    """What `build` returns: the tree, all paragraphs in the order of the text, the glossary, and
    notes on what was odd."""

    sections: tuple[Section, ...]
    paragraphs: tuple[Paragraph, ...]
    glossary: tuple[GlossaryEntry, ...]
    notes: tuple[Note, ...]


def build(text: str, start: int, end: int, *, year: int | None) -> Structure:
    """The structure of `text[start:end]`; `year` is the session's, where it is known."""
    blocks = find_blocks(text, start, end)
    glossary = _glossary(text, blocks)
    blocks = _merge_entries(blocks, glossary)
    places = _sections(text, blocks, year)
    parts = _parts(text, blocks, places)
    paragraphs = [
        _paragraph(text, b, p, place.id if place else None)
        for b, p, place in zip(blocks, parts, places, strict=True)
    ]
    return Structure(
        sections=_tree(blocks, places, paragraphs),
        paragraphs=tuple(paragraphs),
        glossary=glossary,
        notes=tuple(_notes(text, blocks, glossary, places)),
    )


def split_sentences(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The sentences of `text[start:end]`: they end behind 。！？ and the marks that close there, and
    cover it without gap.

    A stop inside a quotation that the sentence goes on after (“…！”的口号) ends none; the mark of a
    footnote ([3]) stays with the sentence before it.

    >>> text = "投资增势良好。完成152.84亿元!"  # "Investment grew well. 15.284 billion yuan were invested!"
    >>> [text[a:b] for a, b in split_sentences(text, 0, len(text))]
    ['投资增势良好。', '完成152.84亿元!']
    """
    spans = []
    last = start
    for match in _END_OF_SENTENCE.finditer(text, start, end):
        spans.append((last, match.end()))
        last = match.end()
    if last < end:
        spans.append((last, end))
    return spans


def _paragraph(text: str, block: Block, part: str | None, section: str | None) -> Paragraph:
    surface = text[block.start : block.end]
    broken = bool(block.joined) or block.style == "annex"
    whole = flow(surface) if broken else surface
    if block.kind in ("heading", "salutation"):
        kind = "heading" if block.kind == "heading" else "text"
        sentences: tuple[Sentence, ...] = (
            Sentence(start=block.start, end=block.end, text=whole, kind=kind),
        )
    else:
        spans = split_sentences(text, block.start, block.end)
        run_ins = _run_ins(text, block, spans)
        sentences = tuple(
            Sentence(
                start=a,
                end=b,
                text=flow(text[a:b]) if broken else text[a:b],
                kind="run_in" if n < run_ins else "text",
            )
            for n, (a, b) in enumerate(spans)
        )
    return Paragraph(
        start=block.start,
        end=block.end,
        text=whole,
        kind=block.kind,
        part=part,
        section=section,
        sentences=sentences,
    )


def _run_ins(text: str, block: Block, spans: list[tuple[int, int]]) -> int:
    """How many of the first sentences are headings: the numbered one, and a short one without
    number, comma lists or address."""
    count = 0
    if block.style is not None:
        while count < len(spans) and spans[count][0] < block.heading_end:
            count += 1
    if block.kind == "text" and count < len(spans):
        first, last = spans[count]
        if last - first <= LONGEST_RUN_IN + 12:
            line = text[first:last].rstrip()
            bullet = _BULLET.match(line)
            line = line[bullet.end() :] if bullet else line
            alone = count + 1 == len(spans) and (count > 0 or text[last - 1] != "。")
            if (
                len(line) <= LONGEST_RUN_IN
                and line.endswith("。")
                and not alone
                and not _DIGIT.search(line)
                and len(re.findall("[，,；;：:]", line)) <= 1
                and not part_by("plain", line)[0]
            ):
                count += 1
    return count


def _sections(text: str, blocks: list[Block], year: int | None) -> list[_Open | None]:
    """The innermost open section at each block; a heading opens one below the last heading of a
    style not open yet."""
    places: list[_Open | None] = []
    stack: list[_Open] = []
    counters = [0]
    tops: set[str | None] = set()
    for block in blocks:
        if block.style is None:
            if len(stack) > 1 and block.kind == "text" and _turns(text, block, stack[0].part):
                del stack[1:]
            places.append(stack[-1] if stack else None)
            continue
        heading = title(text, block)
        top, top_part = (
            part_by("top", "".join(heading.split())) if block.style == "plain" else (False, None)
        )
        style = "top" if top else block.style
        depth = 0
        if style not in ("top", "annex"):
            styles = [place.style for place in stack]
            depth = styles.index(style) if style in styles else len(stack)
        del stack[depth:]
        del counters[depth + 1 :]
        counters[depth] += 1
        counters.append(0)
        number = ".".join(map(str, counters[: depth + 1]))
        if depth:
            part = stack[-1].part
            if part == "plan":
                part = part_by("sub", heading)[1] or part
        else:
            part = top_part if top else _part_of_heading(text, block, heading, year, tops)
            tops.add(part)
        stack.append(_Open(block, number, heading, part, block.end, style))
        places.append(stack[-1])
    return places


def _cue(text: str, block: Block) -> str:
    return "".join(text[block.start : min(block.end, block.start + CUE)].split())


def _turns(text: str, block: Block, part: str | None) -> bool:
    """Whether the paragraph leaves the subsections: it speaks of all that was achieved, or of the
    difficulties."""
    cue = _cue(text, block)
    return part_by("turn", cue)[0] or (part == "review" and part_by("problems", cue)[0])


def _part_of_heading(
    text: str, block: Block, heading: str, year: int | None, before: set[str | None]
) -> str | None:
    if block.style == "annex":
        squeezed = "".join(text[block.title_start : block.heading_end].split()).strip("*#_")
        return "glossary" if part_by("glossary", squeezed)[0] else None
    squeezed = "".join(heading.split())
    told, part = part_by("heading", squeezed)
    if part in ("review", "government"):
        return part
    named = years(squeezed)
    if named and year is not None and (max(named) < year or min(named) >= year):
        return "review" if max(named) < year else "plan"
    if told:
        return part
    if "review" in before and part_by("imperative", squeezed)[0]:
        return "plan"
    return "plan" if "plan" in before else None


def _parts(text: str, blocks: list[Block], places: list[_Open | None]) -> list[str | None]:
    """The part of each block: its section's, but for the opening, the difficulties within the
    review, and the closing."""
    parts: list[str | None] = []
    headed = any(block.style is not None for block in blocks)
    in_problems: str | None = None
    for number, (block, place) in enumerate(zip(blocks, places, strict=True)):
        part = place.part if place else ("opening" if headed or number < 2 else None)
        if (
            block.style is not None
            or block.kind == "salutation"
            or (place and in_problems != place.id)
        ):
            in_problems = None
        if (
            place
            and part in ("review", None)
            and block.kind == "text"
            and in_problems is None
            and part_by("problems", _cue(text, block))[0]
        ):
            in_problems = place.id if part == "review" else None
            part = "problems"
        if in_problems is not None:
            part = "problems"
        parts.append(part)
    annex = next((n for n, block in enumerate(blocks) if block.style == "annex"), len(blocks))
    first = _closing(text, blocks, places, annex)
    for n in range(first, annex):
        parts[n] = "closing"
    return parts


def _closing(text: str, blocks: list[Block], places: list[_Open | None], end: int) -> int:
    """The block that opens the closing: the last address to the deputies among the last ones, else
    the last appeal; else `end`."""
    for role in ("closing", "appeal"):
        for n in range(end - 1, max(1, end - 1 - LAST), -1):
            place = places[n]
            cue = text[blocks[n].start : min(blocks[n].end, blocks[n].start + 12)]
            if (
                place
                and place.part != "review"
                and blocks[n].style is None
                and part_by(role, cue)[0]
            ):
                return n
    return end


def _tree(
    blocks: list[Block], places: list[_Open | None], paragraphs: list[Paragraph]
) -> tuple[Section, ...]:
    roots: list[Section] = []
    stack: list[_Open] = []

    def close_to(depth: int) -> None:
        while len(stack) > depth:
            done = stack.pop()
            if stack:
                stack[-1].end = max(stack[-1].end, done.end)
            (stack[-1].sections if stack else roots).append(done.close())

    for block, place, paragraph in zip(blocks, places, paragraphs, strict=True):
        if place is None:
            continue
        if block.style is not None:
            close_to(place.id.count("."))
            stack.append(place)
        if block.kind != "heading":
            place.paragraphs.append(paragraph)
        place.end = max(place.end, block.end)
    close_to(0)
    return tuple(roots)


def _glossary(text: str, blocks: list[Block]) -> tuple[GlossaryEntry, ...]:
    """The entries: numbered lines with the unnumbered ones that go on; where none is numbered,
    every line with a headword."""
    spans = [(block.start, block.end) for block in blocks if block.kind == "entry"]
    starts = [_ENTRY.match(text, start, end) for start, end in spans]
    entries: list[GlossaryEntry] = []
    if any(starts):
        opened: re.Match[str] | None = None
        last = 0
        for match, (_, end) in zip(starts, spans, strict=True):
            if match:
                if opened:
                    entries.append(_entry(text, opened.start(), last, opened))
                opened = match
            last = end
        if opened:
            entries.append(_entry(text, opened.start(), last, opened))
    else:
        entries = [_entry(text, start, end, None) for start, end in spans]
    return tuple(entries)


def _entry(text: str, start: int, end: int, match: re.Match[str] | None) -> GlossaryEntry:
    number: int | None = None
    first = start
    if match:
        first = match.end()
        number = int(match["number"]) if match["number"] else ord(match["circled"]) - ord("①") + 1
    head = text[first : min(end, first + LONGEST_HEADWORD + 1)]
    stop = re.search("[。！？]", head)
    head = head[: stop.start()] if stop else head
    colon = re.search(r"\s*[:：]\s*", head)
    means = _MEANS.search(head)
    if colon and colon.start():
        word_end, explanation = first + colon.start(), first + colon.end()
    elif means and means.start() > 1:
        word_end, explanation = first + means.start(), first + means.start()
    else:
        return GlossaryEntry(
            number=number,
            headword=None,
            explanation=flow(text[first:end]),
            start=start,
            end=end,
            headword_start=None,
            headword_end=None,
            explanation_start=first,
        )
    while explanation < end and text[explanation].isspace():
        explanation += 1
    return GlossaryEntry(
        number=number,
        headword=flow(text[first:word_end]),
        explanation=flow(text[explanation:end]),
        start=start,
        end=end,
        headword_start=first,
        headword_end=word_end,
        explanation_start=explanation,
    )


def _merge_entries(blocks: list[Block], glossary: tuple[GlossaryEntry, ...]) -> list[Block]:
    """One block an entry, also where headword and explanation stand on lines of their own."""
    ends = {entry.start: entry.end for entry in glossary}
    if all(ends.get(block.start) == block.end for block in blocks if block.kind == "entry"):
        return blocks
    merged: list[Block] = []
    for block in blocks:
        if block.kind != "entry" or block.start in ends or not merged or merged[-1].kind != "entry":
            merged.append(block)
        else:
            last = merged[-1]
            merged[-1] = replace(last, end=block.end, joined=(*last.joined, last.end))
    return merged


def _notes(
    text: str, blocks: list[Block], glossary: tuple[GlossaryEntry, ...], places: list[_Open | None]
) -> list[Note]:
    notes: list[Note] = []
    for block in blocks:
        if block.joined and block.kind != "entry":
            shown = flow(text[max(block.start, block.joined[0] - 4) : block.joined[0] + 12])[:8]
            notes.append(
                Note(f"broken line joined: …{shown}…", block.joined[0], block.joined[-1] + 1)
            )
        if (
            block.kind == "text"
            and text[block.end - 1] not in "。！？!?；;：:…”’）)】]］"
            and block.end - block.start > 20
        ):
            notes.append(Note("the paragraph ends without a stop", block.end - 1, block.end))
    numbered = [entry for entry in glossary if entry.number is not None]
    for expected, entry in enumerate(numbered, start=1):
        if entry.number != expected:
            notes.append(
                Note(
                    f"the glossary counts {entry.number} where {expected} is expected",
                    entry.start,
                    entry.end,
                )
            )
            break
    notes += [
        Note(
            f"glossary entry {e.number or ''} states no headword".replace("  ", " "), e.start, e.end
        )
        for e in glossary
        if e.headword is None
    ]
    for block, place in zip(blocks, places, strict=True):
        if place and place.block is block and "." not in place.id and place.part is None:
            notes.append(
                Note(
                    f"it can't be told which part of a report “{place.title}” is",
                    block.start,
                    block.heading_end,
                )
            )
    notes += _skipped(blocks, places)
    tables = [
        block for block in blocks if block.kind == "attachment" and block.end - block.start < 30
    ]
    if len(tables) > 1:
        notes.append(
            Note(
                f"{len(tables)} short lines behind the report look like cells of a table; they are kept as lines",
                tables[0].start,
                tables[-1].end,
            )
        )
    return sorted(notes, key=lambda note: (note.start, note.end))


def _skipped(blocks: list[Block], places: list[_Open | None]) -> list[Note]:
    """Headings whose numbering leaves one out: something may be missing in the source, or was not
    seen as a heading."""
    notes: list[Note] = []
    last: dict[str, int] = {}
    for block, place in zip(blocks, places, strict=True):
        if (
            block.style in (None, "plain", "annex")
            or place is None
            or place.block is not block
            or block.number is None
        ):
            continue
        parent = place.id.rpartition(".")[0]
        value, before = whole_number(block.number), last.get(parent, 0)
        if value is not None:
            if value not in (before + 1, 1):
                said = (
                    f"{block.number} follows {before}" if before else f"the first is {block.number}"
                )
                notes.append(
                    Note(f"the numbering of headings skips: {said}", block.start, block.heading_end)
                )
            last[parent] = value
    return notes
