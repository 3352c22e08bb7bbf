"""Blocks to the tree of a report: sections, parts, paragraphs, sentences and the glossary."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate, pairwise
from typing import NamedTuple

from xiacheng_nlp.numbers.numerals import whole_number
from xiacheng_nlp.patterns import compiled
from xiacheng_nlp.report.blocks import Block, find_blocks, undecorated
from xiacheng_nlp.report.front import years
from xiacheng_nlp.report.nodes import GlossaryEntry, Paragraph, Section, Sentence
from xiacheng_nlp.report.wording import CUE, named, pattern, says, tells
from xiacheng_nlp.text import BREAKS, Note, Span, flow, unspaced

# Stops, the marks that close on them and the marks of footnotes, unless the sentence goes on:
# it takes 增长。”[3] and refuses the stop of “再造下城！”的口号.
_END_OF_SENTENCE = re.compile(
    r"""[。！？!?][。！？!?]*+
        [”’』」）)】]*+
        (?:[\[［〔]\d{1,3}[\]］〕])*+
        (?! [，,、；;：:》] | (?<=[”’』」）)】\]］〕])[的地得])
        \s*+""",
    re.VERBOSE,
)
# The number of an entry of the glossary: it takes [3] and 3. and ③, and refuses 3个.
_ENTRY = re.compile(
    r"""[\[［【〔(（]? \s* (?P<number>\d{1,3}) \s*
        (?: [\]］】〕)）] \s* [.．、:：]? | [.．、] ) \s*
      | (?P<circled>[①-⑳]) \s*""",
    re.VERBOSE,
)
_SENTENCE_ENDS = "。！？!?；;：:…”’）)】]］"

LONGEST_SENTENCE = 1_000
"""Characters of the longest sentence; those of reports have some 600. Of a longer one each number
would have the whole, which takes memory by the square of its length."""

_UP_TO = rf"(?s: .{{1,{LONGEST_SENTENCE - 1}}} )"
# A piece of a longer one: it ends behind a comma, else among Han characters behind any unit of a
# number, else away from digits, else where no line ends, so that the text of its pieces is its own.
_PIECE = compiled(
    rf"""(?s: .{{1,{LONGEST_SENTENCE}}} ) \Z
      | {_UP_TO} (?<= [，,；;、：:] ) \s*+ (?! \d )
      | {_UP_TO} (?<= [\u4e00-\u9fff]{{6}} ) (?= [\u4e00-\u9fff] )
      | {_UP_TO} (?<= [^\s\d\u4e00-\u9fff] ) (?<! \d . ) (?<! \d .. ) (?<! \d ... )
        (?= [^\s\d.．%％‰] )
      | {_UP_TO} (?<= \S ) [^\S{BREAKS}]*+ (?= \S )
      | (?s: .+ )""",
    re.VERBOSE,
)

LONGEST_RUN_IN = 28
"""Characters of the longest unnumbered run-in; 扛起政治建设之责，坚决做到忠诚为政。 has 18."""

# A short sentence without number, list or address, behind a bullet too: it takes 投资增势良好。 and
# refuses 投资增长8%。
_RUN_IN = re.compile(
    rf"""(?: [—–-]{{2,}}\s* | [•·●▪◆■]\s* )?+
        ( (?= (?s:.{{1,{LONGEST_RUN_IN}}}) \Z )
          [^\d,，；;：:]* [,，；;：:]? [^\d,，；;：:]* 。 )""",
    re.VERBOSE,
)

LONGEST_HEADWORD = 40
"""Characters of the longest headword of a glossary entry; a longer stretch before a colon is a
sentence."""

SPOKEN = 1_000
"""Characters within which the speaker says on whose behalf the report is given."""

OPENING = 12
"""Characters at the start of a paragraph in which it addresses the deputies."""

LONGEST_BEHIND = 400
"""Characters behind the last appeal from which on a note says that they are not understood."""

LAST = 12
"""Paragraphs at the end of a report among which its closing begins (in the report of 1978 it is the
tenth from the end)."""


class Structure(NamedTuple):
    """What `build` returns: the tree, all paragraphs in the order of the text, the glossary, and
    notes on what was odd."""

    sections: tuple[Section, ...]
    paragraphs: tuple[Paragraph, ...]
    glossary: tuple[GlossaryEntry, ...]
    notes: list[Note]


@dataclass(slots=True, kw_only=True)
class _Heading:
    """A heading with its place in the tree: `style` is top for one that stands for a whole part,
    whatever its numbering."""

    block: Block
    id: str
    title: str
    part: str | None
    style: str


@dataclass
class _Node:
    """A block in its place: what it begins with, which tells what it turns to, the innermost open
    heading, which may be its own, and its part."""

    block: Block
    cue: str
    heading: _Heading | None = None
    part: str | None = None

    @cached_property
    def tells_problems(self) -> bool:
        """Whether it turns to the difficulties."""
        return self.turns_to("problems")

    def turns_to(self, role: str) -> bool:
        """Whether it is a paragraph that says at its beginning that it turns to something."""
        return self.block.kind == "text" and says(role, self.cue)

    @property
    def headed(self) -> _Heading | None:
        """The heading that it is or begins with."""
        return self.heading if self.heading and self.heading.block is self.block else None


def build(text: str, start: int, end: int, *, year: int | None) -> Structure:
    """The structure of `text[start:end]`; `year` is the session's, where it is known."""
    blocks, glossary = _merge_entries(find_blocks(text, start, end))
    nodes = _nodes(blocks, year)
    _tell_parts(nodes)
    paragraphs = tuple(map(_paragraph, nodes))
    notes = [
        *_block_notes(blocks),
        *_cut_notes(paragraphs),
        *_glossary_notes(glossary),
        *_heading_notes(nodes),
        *_behind_notes(nodes),
    ]
    for node in nodes:
        if heading := node.headed:
            heading.part = heading.part or node.part
    return Structure(_tree(nodes, paragraphs), paragraphs, glossary, notes)


def split_sentences(text: str, start: int, end: int) -> list[Span]:
    """The sentences of `text[start:end]`: they end behind a full stop and the marks that close
    there, and cover it without gap.

    A stop inside a quotation that the sentence goes on after (“…！”的口号) ends none; without a
    quotation 地 begins a sentence (地区生产总值). The mark of a footnote ([3]) stays with the
    sentence before it.

    >>> text = "投资增势良好。地方收入152.84亿元!"  # "Investment grew well. Revenue …"
    >>> [text[a:b] for a, b in split_sentences(text, 0, len(text))]
    ['投资增势良好。', '地方收入152.84亿元!']
    """
    bounds = [start]
    bounds += [match.end() for match in _END_OF_SENTENCE.finditer(text, start, end)]
    if bounds[-1] < end:
        bounds.append(end)
    return list(pairwise(bounds))


def _pieces(text: str, start: int, end: int) -> list[Span]:
    """The sentence, in pieces where it is longer than `LONGEST_SENTENCE`."""
    if end - start <= LONGEST_SENTENCE:
        return [(start, end)]
    return [piece.span() for piece in _PIECE.finditer(text, start, end)]


def _paragraph(node: _Node) -> Paragraph:
    block, heading = node.block, node.heading
    spans, kinds = [(block.start, block.end)], ["heading" if block.kind == "heading" else "text"]
    if block.kind not in ("heading", "salutation"):
        spans = split_sentences(block.source, block.start, block.end)
        if block.end - block.start > LONGEST_SENTENCE:
            spans = [piece for span in spans for piece in _pieces(block.source, *span)]
        run_ins = _run_ins(block, spans)
        kinds = ["run_in"] * run_ins + ["text"] * (len(spans) - run_ins)
    read = flow if block.joined or block.style == "annex" else str
    sentences = [
        Sentence(start=start, end=end, text=read(block.source[start:end]), kind=kind)
        for (start, end), kind in zip(spans, kinds, strict=True)
    ]
    return Paragraph(
        start=block.start,
        end=block.end,
        text=read(block.surface),
        kind=block.kind,
        part=node.part,
        section=heading.id if heading else None,
        sentences=tuple(sentences),
    )


def _run_ins(block: Block, spans: Sequence[Span]) -> int:
    """How many of the first sentences are headings: the numbered one, and a short one behind it."""
    count = 0
    if block.style is not None:
        count = sum(start < block.heading_end for start, _ in spans)
    if block.kind == "text" and count < len(spans):
        start, end = spans[count]
        alone = 0 < count == len(spans) - 1
        count += not alone and _heads(block.source[start:end])
    return count


def _heads(sentence: str) -> bool:
    """Whether a sentence heads its paragraph."""
    found = _RUN_IN.fullmatch(sentence.rstrip())
    return found is not None and not says("plain", found[1])


def _nodes(blocks: list[Block], year: int | None) -> list[_Node]:
    """The blocks, each with the innermost open heading; a heading opens below the last one of a
    style not open yet."""
    nodes: list[_Node] = []
    path: list[_Heading] = []
    counts = [0]
    # The parts that were opened before.
    tops: set[str | None] = set()
    opening = blocks[0].source[blocks[0].start :][:SPOKEN] if blocks else ""
    is_national = named("speaks", unspaced(opening)) == "国务院"
    for block in blocks:
        node = _Node(block, unspaced(block.surface[:CUE]))
        if block.style is not None:
            name = block.title()
            depth, style, part = _opened(block, block.style, unspaced(name), path, tops, year)
            del path[depth:], counts[depth + 1 :]
            counts[depth] += 1
            if depth:
                part = path[-1].part
                part = (tells("sub", name) if part == "plan" else None) or part
            id = ".".join(map(str, counts))
            counts.append(0)
            path.append(_Heading(block=block, id=id, title=name, part=part, style=style))
        elif path and _leaves(node, path[0].part, is_national):
            del path[1:]
        node.heading = path[-1] if path else None
        nodes.append(node)
    return nodes


def _opened(
    block: Block,
    style: str,
    bare: str,
    path: list[_Heading],
    tops: set[str | None],
    year: int | None,
) -> tuple[int, str, str | None]:
    """How many open headings a heading stands below, its style, and the part that it opens, which
    is added to `tops`."""
    part = tells("top", bare) if style == "plain" else None
    style = "top" if part else style
    styles = [heading.style for heading in path]
    if style not in ("top", "annex") and path and style != styles[0]:
        return styles.index(style) if style in styles else len(path), style, None
    part = part or _part_of_heading(block, bare, year, tops)
    if part is None and style == "plain" and path and path[0].part:
        # A line that looks like a heading, in the midst of a part.
        return 1, style, None
    tops.add(part)
    return 0, style, part


def _leaves(node: _Node, part: str | None, is_national: bool) -> bool:
    """Whether the paragraph leaves the subsections: it speaks of all that was achieved, or of the
    difficulties."""
    return (
        node.turns_to("turn")
        or (part == "review" and node.tells_problems)
        or (is_national and node.turns_to("apart"))
    )


def _part_of_heading(
    block: Block, bare: str, year: int | None, before: set[str | None]
) -> str | None:
    """The part that a heading of the first level opens, by its wording, the years that it names and
    the parts before it."""
    if block.style == "annex":
        head = undecorated(block.source[block.title_start : block.heading_end])
        if says("glossary", head):
            return "glossary"
    part = tells("heading", bare)
    if part in ("review", "government"):
        return part
    named = years(bare)
    if named and year is not None:
        if max(named) < year:
            return "review"
        if min(named) >= year:
            return "plan"
    if block.style == "annex" or says("heading", bare):
        return part
    after_review = "review" in before and says("imperative", bare)
    return "plan" if after_review or "plan" in before else None


def _tell_parts(nodes: list[_Node]) -> None:
    """The part of each block: its section's, but for the opening, the difficulties within the
    review, and the closing."""
    _tell_by_words(nodes)
    for node in nodes:
        node.part = "glossary" if node.block.kind == "entry" else node.part
    annexes = (
        n for n, e in enumerate(nodes) if e.block.style == "annex" or e.block.kind == "entry"
    )
    body = nodes[: next(annexes, len(nodes))]
    _tell_by_tense(body)
    _turn_untold(body)
    for node in body[_closing(body) :]:
        node.part = "closing"


def _tell_by_words(nodes: list[_Node]) -> None:
    """What the heading of a block and its own words tell."""
    told = {node.heading.part for node in nodes if node.heading}
    # Whether the difficulties or the government are being told, up to the next heading.
    telling = before = None
    for number, node in enumerate(nodes):
        block, heading = node.block, node.heading
        afresh = block.style is not None or heading is not before
        if afresh or (block.kind == "salutation" and telling == "problems"):
            telling = None
        part = "opening" if told or number < 2 else None
        if heading:
            late = number > LATE * len(nodes)
            part, telling = _told(node, heading.part, telling, late=late)
        elif "review" not in told and not (_greets(node) if told else number < 2):
            part = "problems" if node.tells_problems else None
        node.part = telling or part
        before = heading


def _told(
    node: _Node, part: str | None, telling: str | None, *, late: bool
) -> tuple[str | None, str | None]:
    """The part of a block below a heading, and what is being told from it on: the difficulties
    within the review, the government at the end of the plan."""
    if part in ("review", None) and node.tells_problems:
        return "problems", telling or ("problems" if part == "review" else None)
    if part != "plan" or not late:
        return part, telling
    if node.turns_to("governing"):
        return part, "government"
    return part, None if says("closing", node.cue) else telling


LATE = 0.75
"""The share of a report behind which the plan may turn to the government without a heading."""


def _greets(node: _Node) -> bool:
    return node.block.kind == "salutation" or says("speaks", node.cue)


def _tell_by_tense(body: list[_Node]) -> None:
    """What no heading tells is the review up to where what is to be done outweighs what was done,
    and the plan from there on; behind a told plan each section by its own tenses."""
    units: dict[str, list[int]] = {}
    for n, node in enumerate(body):
        if node.part is None:
            top = node.heading.id.partition(".")[0] if node.heading else f"-{n}"
            units.setdefault(top, []).append(n)
    told = next((n for n, node in enumerate(body) if node.part == "plan"), len(body))
    weights = [sum(_tense(body[n]) for n in some) for some in units.values()]
    sums = list(accumulate(weights, initial=0))
    # The turn that leaves most of the past before it and most of the future behind it; of several,
    # the one before a section that looks ahead.
    turn = max(range(len(sums)), key=lambda n: (sums[n], [*weights, 0][n] < 0, -n))
    for number, some in enumerate(units.values()):
        for n in some:
            before = body[n].heading is None and told < len(body)
            ahead = weights[number] <= 0 if n > told else number >= turn and not before
            body[n].part = "plan" if ahead else "review"


def _turn_untold(body: list[_Node]) -> None:
    """A report whose headings tell a review alone goes on to its plan where the tenses turn, if
    much is to be done behind that."""
    if any(node.part == "plan" for node in body):
        return
    told = [node for node in body if node.part in ("review", "problems")]
    sums = list(accumulate(map(_tense, told), initial=0))
    turn = sums.index(max(sums))
    if turn and sums[turn] - sums[-1] >= MUCH_AHEAD:
        for node in told[turn:]:
            node.part = "plan" if node.part == "review" else node.part


MUCH_AHEAD = 20
"""Words by which what is to be done must outweigh what was done where no heading tells the plan."""


def _tense(node: _Node) -> int:
    """How much more a block tells of what was done than of what is to be done."""
    said = node.block.surface
    return len(pattern("past").findall(said)) - len(pattern("future").findall(said))


def _closing(body: list[_Node]) -> int:
    """The block that opens the closing: the last address to the deputies among the last ones, else
    the last appeal, which may be no more than the last paragraph; else none, behind all."""
    last = len(body) - 1
    for role in ("closing", "appeal"):
        for n in range(last, max(1, last - LAST), -1):
            block, heading = body[n].block, body[n].heading
            reviews = heading and heading.part == body[n].part == "review"
            fits = heading and not reviews and block.style is None
            if fits and says(role, block.surface[:OPENING]):
                return n
    ends = last > 0 and body[last].part != "review" and body[last].block.kind == "text"
    return last if ends and says("final", body[last].block.surface) else last + 1


def _tree(nodes: list[_Node], paragraphs: Sequence[Paragraph]) -> tuple[Section, ...]:
    """The sections: each heading with the paragraphs right under it and the sections in it."""
    under: defaultdict[str, list[Paragraph]] = defaultdict(list)
    for node, paragraph in zip(nodes, paragraphs, strict=True):
        if node.heading and node.block.kind != "heading":
            under[node.heading.id].append(paragraph)
    inside: defaultdict[str, list[Section]] = defaultdict(list)
    # What is in a section stands behind its heading.
    for heading in filter(None, (node.headed for node in reversed(nodes))):
        block, own, inner = heading.block, under[heading.id], inside[heading.id][::-1]
        section = Section(
            id=heading.id,
            style=block.style or "plain",
            number=block.number,
            title=heading.title,
            part=heading.part,
            start=block.start,
            end=max([block.end, *(p.end for p in own), *(s.end for s in inner)]),
            heading_start=block.start,
            heading_end=block.heading_end,
            paragraphs=tuple(own),
            sections=tuple(inner),
        )
        inside[heading.id.rpartition(".")[0]].append(section)
    return tuple(inside[""][::-1])


def _entry(block: Block) -> GlossaryEntry:
    text, first = block.source, block.start
    number: int | None = None
    if numbered := _ENTRY.match(text, block.start, block.end):
        first, circled = numbered.end(), numbered["circled"]
        number = ord(circled) - ord("①") + 1 if circled else int(numbered["number"])
    word_end, explanation = _headword(text, first, block.end)
    return GlossaryEntry(
        number=number,
        headword=None if word_end is None else flow(text[first:word_end]),
        explanation=flow(text[explanation : block.end]),
        start=block.start,
        end=block.end,
        headword_start=None if word_end is None else first,
        headword_end=word_end,
        explanation_start=explanation,
    )


def _headword(text: str, start: int, end: int) -> tuple[int | None, int]:
    """Where the headword of an entry ends, None where it has none, and where its explanation
    begins: behind a colon, or at 是指."""
    head = re.split("[。！？]", text[start : min(end, start + LONGEST_HEADWORD + 1)])[0]
    colon = re.search(r"\s*[:：]\s*", head)
    means = pattern("means").search(head)
    if colon and colon.start():
        word_end, explanation = start + colon.start(), start + colon.end()
    elif means and means.start() > 1:
        word_end = explanation = start + means.start()
    else:
        return None, start
    blanks = len(text[explanation:end]) - len(text[explanation:end].lstrip())
    return word_end, explanation + blanks


def _merge_entries(blocks: list[Block]) -> tuple[list[Block], tuple[GlossaryEntry, ...]]:
    """One block an entry of the glossary, and the entries: numbered lines with the unnumbered ones
    that go on; where none is numbered, every line."""
    entries = [block for block in blocks if block.kind == "entry"]
    if not entries:
        return blocks, ()
    starts = {block.start for block in entries if _ENTRY.match(block.surface)}
    # A headword may stand on a line of its own, above its explanation.
    starts = starts or {
        block.start
        for block, above in zip(entries, [None, *entries], strict=False)
        if not (above and above.surface[-1] not in _SENTENCE_ENDS and _explains(block))
    }
    merged: list[Block] = []
    for block in blocks:
        last = merged[-1] if merged and block.kind == "entry" else None
        if last and last.kind == "entry" and block.start not in starts:
            merged[-1] = replace(last, end=block.end, joined=(*last.joined, last.end))
        else:
            merged.append(block)
    return merged, tuple(_entry(block) for block in merged if block.start in starts)


def _explains(block: Block) -> bool:
    return pattern("means").match(block.surface) is not None


def _block_notes(blocks: list[Block]) -> Iterator[Note]:
    for block in blocks:
        if block.joined and block.kind != "entry":
            first, last = block.joined[0], block.joined[-1]
            shown = flow(block.source[max(block.start, first - 4) : first + 12])[:8]
            yield Note(f"broken line joined: …{shown}…", first, last + 1)
        unended = block.kind == "text" and block.surface[-1] not in _SENTENCE_ENDS
        if unended and block.end - block.start > 20:
            yield Note("the paragraph ends without a stop", block.end - 1, block.end)
    if rows := [block for block in blocks if block.kind == "row"]:
        said = f"{len(rows)} rows of a table are no sentences; no figures are read from them"
        yield Note(said, rows[0].start, rows[-1].end)
    cells = [b for b in blocks if b.kind == "attachment" and b.end - b.start < 30]
    if len(cells) > 1:
        yield Note(
            f"{len(cells)} short lines behind the report look like cells of a table;"
            " they are kept as lines",
            cells[0].start,
            cells[-1].end,
        )


def _cut_notes(paragraphs: Sequence[Paragraph]) -> Iterator[Note]:
    long = (each for each in paragraphs if each.end - each.start > LONGEST_SENTENCE)
    for paragraph in long:
        pieces = [
            sentence
            for sentence, behind in pairwise(paragraph.sentences)
            if behind.end - sentence.start > LONGEST_SENTENCE
            and not _END_OF_SENTENCE.search(sentence.text)
        ]
        if pieces:
            what = f"longer than {LONGEST_SENTENCE:,} characters, and read in pieces"
            yield Note(f"a sentence is {what}", pieces[0].start, paragraph.end)


def _glossary_notes(glossary: tuple[GlossaryEntry, ...]) -> Iterator[Note]:
    numbered = [entry for entry in glossary if entry.number is not None]
    for expected, entry in enumerate(numbered, start=1):
        if entry.number != expected:
            said = f"the glossary counts {entry.number} where {expected} is expected"
            yield Note(said, entry.start, entry.end)
            break
    for entry in glossary:
        if entry.headword is None:
            which = f" {entry.number}" if entry.number else ""
            yield Note(f"glossary entry{which} states no headword", entry.start, entry.end)


def _behind_notes(nodes: list[_Node]) -> Iterator[Note]:
    """That much stands behind the last appeal, which no heading tells the kind of."""
    annexed = (n for n, e in enumerate(nodes) if e.part == "glossary" or e.block.style == "annex")
    end = next(annexed, len(nodes))
    ahead = next((n for n, node in enumerate(nodes) if node.part == "plan"), end)
    appeals = (n for n in reversed(range(ahead, end)) if _appeals(nodes[n].block))
    last = next(appeals, end)
    if end - last < 3:
        return
    start, stop = nodes[last + 1].block.start, nodes[end - 1].block.end
    if stop - start > LONGEST_BEHIND:
        said = f"{stop - start:,} characters behind the closing appeal are not understood"
        yield Note(said, start, stop)


def _appeals(block: Block) -> bool:
    """Whether a paragraph is the last appeal to the deputies."""
    said = unspaced(block.surface)
    return (
        block.kind == "text"
        and any(says(role, said) for role in ("closing", "appeal"))
        and says("appealing", said)
    )


def _heading_notes(nodes: list[_Node]) -> Iterator[Note]:
    """Headings of the first level whose part can't be told, and those whose numbering leaves one
    out: something may be missing in the source, or was not seen as a heading."""
    last: dict[str, int] = {}
    for node in nodes:
        block, heading = node.block, node.headed
        if heading is None:
            continue
        parent = heading.id.rpartition(".")[0]
        if not parent and heading.part is None:
            said = f"it can't be told which part of a report “{heading.title}” is"
            said += f"; {node.part} by its tenses" if node.part else ""
            yield Note(said, block.start, block.heading_end)
        value, before = whole_number(block.number or ""), last.get(parent, 0)
        if block.style in ("plain", "annex") or value is None:
            continue
        if value not in (before + 1, 1):
            said = f"{block.number} follows {before}" if before else f"the first is {block.number}"
            said = f"the numbering of headings skips: {said}"
            yield Note(said, block.start, block.heading_end)
        last[parent] = value
