"""Coding: what each sentence of a report is about, and by which instrument it works, told by the
phrases of a codebook.

Three steps, each open to the reader. The phrases found in a sentence speak for their codes with
their weights. What stands around the sentence speaks too: the run-in heading of its paragraph, the
headings above it, its neighbours. The theme with the highest sum is the main one; `evidence` keeps
the phrases with their places.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, chain
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from xiacheng_nlp.errors import ThemeError
from xiacheng_nlp.report.report import Report
from xiacheng_nlp.themes.codebook import GENERAL, NONE, Codebook, Phrase, load_codebook

NESTED = ("longest", "theme", "all")

COLUMNS = (
    *(
        "start",
        "end",
        "text",
        "kind",
        "part",
        "section",
        "paragraph",
        "sentence",
        "themes",
        "instrument",
        "evidence",
    ),
    *("heading_start", "heading_end", "heading"),
)

MOST_THEMES = 3
"""A sentence has at most so many themes: the rule of the codebook's coders."""

# The weights below were set, to halves, on the coded sentences of the Xiacheng report and on 170 of
# three other reports. A step up or down moves the main theme of the first by less than one sentence
# in a hundred.
AGAIN = 0.15
"""What a phrase counts for that stands in the sentence a second time, as a share of its weight."""
OPENS = 12
OPENING = 0.5
"""A phrase that begins within the first twelve characters counts for half as much again: a sentence
tends to begin with its topic."""
ENOUGH = 4.0
"""The sum of weights from which the neighbours' word has its full force: one phrase that is alone
enough."""
RUN_IN = 4.0
HEADING = 2.0
HEADING_ABOVE = 1.0
BEFORE = 2.0
PARAGRAPH = 2.0
"""How loud, at most, speak the run-in heading of the paragraph, the heading, the one above it, the
sentence before, and the mean of the others in the paragraph."""
HUSH = 5.0
"""The weight of a sentence's own theme at which what stands around it is heard half as loud: who
speaks clearly is not told by others."""
LEAST = 1.5
"""A sentence with less than this for its best theme is general."""
FRAME = {"opening": 8.0, "closing": 12.0}
"""What the opening and the closing of a report add for `general`."""
FURTHER_LEAST = 4.0

USUAL = 2.0
"""What the usual instrument of the main theme adds."""
RESULT_RUN_IN = 8.0
"""What a run-in heading of the review adds for no instrument: it tells a result (环境治理积极推进。)."""
RHETORIC = 12.0
"""What opening, difficulties and closing add for no instrument."""
AHEAD = 0.4
"""What words of results count for where the report tells what is to be done: there 达到 is a
target."""

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Index:
    """The phrases of one kind as arrays, by pattern of the automaton: `first[p]` to `first[p + 1]`
    of `phrases` have its text."""

    phrases: tuple[Phrase, ...]
    first: Ints
    code: Ints
    weight: Floats
    bound: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Automaton:
    automaton: Any
    kinds: dict[str, _Index]


@dataclass(frozen=True, slots=True)
class _Found:
    """Phrases found: the row, the place in it, the phrase, and the weight that it has there."""

    row: Ints
    start: Ints
    end: Ints
    phrase: Ints
    weight: Floats


@dataclass(frozen=True, slots=True)
class _Rows:
    """All sentences of a report, headings too, with the rows that stand around each (-1: none)."""

    texts: list[str]
    coded: npt.NDArray[np.bool_]
    paragraph: Ints
    run_in: Ints
    heading: Ints
    above: Ints
    before: Ints


@lru_cache(maxsize=8)
def _automaton(codebook: Codebook) -> _Automaton:
    from ahocorasick_rs import AhoCorasick

    texts = list(dict.fromkeys(phrase.text for phrase in codebook.phrases))
    kinds = {}
    for kind, codes in (("theme", codebook.codes), ("instrument", codebook.instrument_codes)):
        by_text: dict[str, list[Phrase]] = {}
        for phrase in codebook.phrases:
            if phrase.kind == kind:
                by_text.setdefault(phrase.text, []).append(phrase)
        phrases = tuple(chain.from_iterable(by_text.get(text, ()) for text in texts))
        kinds[kind] = _Index(
            phrases=phrases,
            first=np.array(
                [0, *accumulate(len(by_text.get(text, ())) for text in texts)], np.int64
            ),
            code=np.array([codes.index(phrase.code) for phrase in phrases], np.int64),
            weight=np.array([phrase.weight for phrase in phrases], np.float64),
            bound=np.array([bool(phrase.with_ or phrase.without) for phrase in phrases], bool),
        )
    return _Automaton(AhoCorasick(texts), kinds)


def code_themes(
    report: Report,
    codebook: Codebook | None = None,
    *,
    nested: str = "longest",
    context: bool = True,
    further: float = 0.55,
    glossary: bool = False,
) -> pd.DataFrame:
    """The themes and the instrument of each sentence, one row a sentence, in the order of the text;
    headings are not coded.

    Columns: `start`, `end` (code points of `report.text`), `text`, `kind` (text or run_in), `part`,
    `section`, `paragraph` and `sentence` (ordinals as in the token table), `themes` (one to three
    codes, the main one first; `("general",)` where none is told), `instrument`, `evidence` (the
    phrases found, the longest first: start, end, text, kind, code and weight of each),
    `heading_start`, `heading_end`, `heading` (span and text of the nearest heading that it stands
    under, a run-in or one of a section; null where none).

    `nested` says how a phrase inside a longer one counts: `longest`: not at all; `theme`: not
    inside a longer one of the same code; `all`: always. `context`: whether headings and neighbours
    speak too. `further`: a theme is named beside the main one if its own phrases have at least this
    share of the weight of the strongest. `glossary`: with the annex that explains terms.

    `attrs` holds the options, name and SHA-256 of the codebook, and `left_out`: how many sentences
    of which kind were not coded. Raises `ThemeError` for an unknown option.

    >>> from xiacheng_nlp.report.report import Report
    >>> report = Report.parse("各位代表:\\n一、2014年工作\\n新增绿化面积6万平方米。办好购物节。")  # "60,000 m² of green"
    >>> code_themes(report)[["themes", "instrument"]].values.tolist()
    [[('environment',), 'supply'], [('consumption',), 'demand']]
    """
    if nested not in NESTED:
        raise ThemeError(
            f"nested={nested!r}: phrases inside longer ones count by one of {', '.join(NESTED)}"
        )
    if not 0 < further <= 1:
        raise ThemeError(
            f"further={further!r}: a share of the strongest theme's weight, above 0 and at most 1"
        )
    codebook = codebook or load_codebook()
    homes = [
        (sentence, paragraph, n)
        for n, paragraph in enumerate(report.paragraphs)
        for sentence in paragraph.sentences
    ]
    wanted = [
        s.kind in ("text", "run_in")
        and ((p.kind == "text" and p.part != "glossary") or (glossary and p.part == "glossary"))
        for s, p, _ in homes
    ]
    rows = _around(report, homes, wanted)
    index = _automaton(codebook)
    themes_found, instruments_found = _find(rows.texts, index, nested)
    parts = np.array([p.part or "" for _, p, _ in homes] or [""], dtype=object)[: len(homes)]
    own = _sums(
        themes_found, index.kinds["theme"], len(homes), len(codebook.codes), opening=OPENING
    )
    total = _main_scores(own, rows, parts, codebook, context=context)
    main = total.argmax(1) if len(homes) else np.empty(0, np.int64)
    if len(homes):
        main[total[np.arange(len(homes)), main] < LEAST] = codebook.codes.index(GENERAL)
    means = _sums(
        instruments_found, index.kinds["instrument"], len(homes), len(codebook.instrument_codes)
    )
    run_in = np.array([s.kind == "run_in" for s, _, _ in homes], bool)
    instrument = _instrument_scores(means, main, parts, run_in, codebook).argmax(1)
    at = np.flatnonzero(rows.coded)
    over = np.where(rows.run_in >= 0, rows.run_in, rows.heading)[at]
    evidence = _evidence(
        report, homes, index, {"theme": themes_found, "instrument": instruments_found}, rows.coded
    )
    table = pd.DataFrame(
        {
            "start": np.array([homes[i][0].start for i in at], np.int64),
            "end": np.array([homes[i][0].end for i in at], np.int64),
            "text": _objects(rows.texts[i] for i in at),
            "kind": _objects(homes[i][0].kind for i in at),
            "part": _objects(homes[i][1].part for i in at),
            "section": _objects(homes[i][1].section for i in at),
            "paragraph": rows.paragraph[at],
            "sentence": at,
            "themes": _objects(_named(own[at], main[at], codebook, further)),
            "instrument": _objects(codebook.instrument_codes[k] for k in instrument[at]),
            "evidence": _objects(evidence[i] for i in at),
            "heading_start": pd.array(
                [None if i < 0 else homes[i][0].start for i in over], dtype="Int64"
            ),
            "heading_end": pd.array(
                [None if i < 0 else homes[i][0].end for i in over], dtype="Int64"
            ),
            "heading": _objects(None if i < 0 else rows.texts[i] for i in over),
        },
        columns=list(COLUMNS),
    )
    left_out: dict[str, int] = {}
    for (sentence, paragraph, _), coded in zip(homes, rows.coded.tolist(), strict=True):
        if not coded:
            name = (
                "glossary"
                if paragraph.part == "glossary"
                else sentence.kind
                if paragraph.kind == "text"
                else paragraph.kind
            )
            left_out[name] = left_out.get(name, 0) + 1
    table.attrs = {
        "report": report.name,
        "sha256": report.sha256,
        "codebook": codebook.name,
        "codebook_sha256": codebook.sha256,
        "nested": nested,
        "context": context,
        "further": further,
        "glossary": glossary,
        "left_out": left_out,
    }
    return table


def _objects(values: Iterable[Any]) -> "pd.Series[Any]":
    """A column of Python objects: tuples would become rows of an array else."""
    listed = list(values)
    column = np.empty(len(listed), dtype=object)
    column[:] = listed
    return pd.Series(column, dtype=object)


def _around(report: Report, homes: Sequence[tuple[Any, Any, int]], wanted: Sequence[bool]) -> _Rows:
    """The sentences with what stands around each."""
    starts = {sentence.start: i for i, (sentence, _, _) in reversed(list(enumerate(homes)))}
    headings = {section.id: starts.get(section.heading_start, -1) for section in report.walk()}
    n = len(homes)
    run_in, heading, above, before = (np.full(n, -1, np.int64) for _ in range(4))
    run = -1
    for i, (sentence, paragraph, number) in enumerate(homes):
        same = i > 0 and homes[i - 1][2] == number
        if same:
            before[i] = i - 1
        elif not (
            i and homes[i - 1][0].kind == "run_in" and homes[i - 1][1].section == paragraph.section
        ):
            # A run-in that stands as a paragraph of its own heads the next paragraph.
            run = -1
        if paragraph.section is not None:
            own = headings.get(paragraph.section, -1)
            heading[i] = own if own != i else -1
            above[i] = headings.get(paragraph.section.rpartition(".")[0], -1)
        if sentence.kind == "run_in":
            run = i
        elif sentence.kind == "text":
            run_in[i] = run
    return _Rows(
        texts=[sentence.text for sentence, _, _ in homes],
        coded=np.array(wanted, bool),
        paragraph=np.array([number for _, _, number in homes], np.int64),
        run_in=run_in,
        heading=heading,
        above=above,
        before=before,
    )


def _find(texts: Sequence[str], index: _Automaton, nested: str) -> tuple[_Found, _Found]:
    """The phrases in the texts, of themes and of instruments."""
    text = "\n".join(texts)
    offsets = np.array([0, *accumulate(len(t) + 1 for t in texts)], np.int64)
    raw = index.automaton.find_matches_as_indexes(text, overlapping=True)
    matches = np.fromiter(chain.from_iterable(raw), np.int64, 3 * len(raw)).reshape(-1, 3)
    matches = matches[np.lexsort((-matches[:, 2], matches[:, 1]))]
    return tuple(
        _of_kind(texts, matches, offsets, index.kinds[kind], nested)
        for kind in ("theme", "instrument")
    )  # type: ignore[return-value]


def _of_kind(
    texts: Sequence[str], matches: Ints, offsets: Ints, index: _Index, nested: str
) -> _Found:
    counts = np.diff(index.first)[matches[:, 0]]
    matches, counts = matches[counts > 0], counts[counts > 0]
    if nested == "longest" and len(matches):
        outer = np.maximum.accumulate(matches[:, 2])
        alone = np.append(True, matches[1:, 2] > outer[:-1])
        matches, counts = matches[alone], counts[alone]
    which = np.repeat(np.arange(len(matches)), counts)
    step = np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)
    phrase = index.first[matches[which, 0]] + step
    start, end = matches[which, 1], matches[which, 2]
    if nested == "theme" and len(phrase):
        keep = _outermost(index.code[phrase], start, end)
        phrase, start, end = phrase[keep], start[keep], end[keep]
    row = np.searchsorted(offsets, start, "right") - 1
    holds = np.ones(len(phrase), bool)
    for k in np.flatnonzero(index.bound[phrase]).tolist():
        rule, text = index.phrases[phrase[k]], texts[row[k]]
        holds[k] = (not rule.with_ or any(word in text for word in rule.with_)) and not any(
            word in text for word in rule.without
        )
    row, phrase, start, end = row[holds], phrase[holds], start[holds], end[holds]
    place = start - offsets[row]
    _, first = np.unique(row * max(1, len(index.phrases)) + phrase, return_index=True)
    weight = index.weight[phrase] * AGAIN
    weight[first] = index.weight[phrase[first]]
    return _Found(row=row, start=place, end=place + end - start, phrase=phrase, weight=weight)


def _outermost(code: Ints, start: Ints, end: Ints) -> npt.NDArray[np.bool_]:
    """Which spans lie in no longer one of the same code; the spans are sorted by start, the longest
    first."""
    order = np.lexsort((-end, start, code))
    reach = end[order] + code[order] * (int(end.max()) + 1)
    alone = np.append(True, reach[1:] > np.maximum.accumulate(reach)[:-1])
    keep = np.empty(len(code), bool)
    keep[order] = alone
    return keep


def _sums(found: _Found, index: _Index, rows: int, codes: int, *, opening: float = 0.0) -> Floats:
    weight = found.weight * (1 + opening * (found.start < OPENS))
    flat = np.bincount(
        found.row * codes + index.code[found.phrase], weights=weight, minlength=rows * codes
    )
    return np.asarray(flat, np.float64).reshape(rows, codes)


def _main_scores(
    own: Floats, rows: _Rows, parts: npt.NDArray[np.object_], codebook: Codebook, *, context: bool
) -> Floats:
    total = own.copy()
    general = codebook.codes.index(GENERAL)
    if context and len(own):
        around = np.zeros_like(own)
        voice = own / np.maximum(own.sum(1, keepdims=True), ENOUGH)
        for loudness, place in (
            (RUN_IN, rows.run_in),
            (HEADING, rows.heading),
            (HEADING_ABOVE, rows.above),
            (BEFORE, rows.before),
        ):
            there = place >= 0
            around[there] += loudness * voice[place[there]]
        sums = np.zeros((int(rows.paragraph.max()) + 1, own.shape[1]))
        np.add.at(sums, rows.paragraph, voice * rows.coded[:, None])
        others = (
            np.bincount(rows.paragraph, weights=rows.coded, minlength=len(sums))[rows.paragraph]
            - rows.coded
        )
        mean = (sums[rows.paragraph] - voice * rows.coded[:, None]) / np.maximum(others, 1)[:, None]
        mean[:, general] = 0
        around += PARAGRAPH * mean
        total += around * (HUSH / (HUSH + own.max(1, keepdims=True)))
    for part, weight in FRAME.items():
        total[parts == part, general] += weight
    return total


def _instrument_scores(
    means: Floats,
    main: Ints,
    parts: npt.NDArray[np.object_],
    run_in: npt.NDArray[np.bool_],
    codebook: Codebook,
) -> Floats:
    total = means.copy()
    none = codebook.instrument_codes.index(NONE)
    ahead = np.isin(parts, ["plan", "government", "opening", "closing"])
    total[ahead, none] *= AHEAD
    usual = np.array(
        [codebook.instrument_codes.index(theme.instrument) for theme in codebook.themes], np.int64
    )
    total[np.arange(len(total)), usual[main]] += USUAL
    total[np.isin(parts, ["opening", "problems", "closing"]), none] += RHETORIC
    total[run_in & (parts == "review"), none] += RESULT_RUN_IN
    return total


def _named(
    own: Floats, main: Ints, codebook: Codebook, further: float
) -> Iterable[tuple[str, ...]]:
    """The themes of each row, the main one first; `general` stands alone."""
    general = codebook.codes.index(GENERAL)
    others = own.copy()
    others[:, general] = 0
    strong = others >= np.maximum(FURTHER_LEAST, further * others.max(1, keepdims=True, initial=0))
    ranked = np.argsort(-others, axis=1, kind="stable").tolist()
    for first, count, order in zip(main.tolist(), strong.sum(1).tolist(), ranked, strict=True):
        beside = [codebook.codes[k] for k in order[:count] if k != first][: MOST_THEMES - 1]
        yield (GENERAL,) if first == general else (codebook.codes[first], *beside)


def _evidence(
    report: Report,
    homes: Sequence[tuple[Any, Any, int]],
    index: _Automaton,
    found: dict[str, _Found],
    coded: npt.NDArray[np.bool_],
) -> list[tuple[dict[str, Any], ...]]:
    """The phrases of each coded row with their places in the source."""
    lists: list[list[dict[str, Any]]] = [[] for _ in homes]
    bases = [sentence.start for sentence, _, _ in homes]
    broken = {i: None for i, (s, _, _) in enumerate(homes) if s.end - s.start != len(s.text)}
    positions = {i: report.positions(homes[i][0]) for i in broken}
    for kind, some in found.items():
        phrases = [
            (phrase.text, phrase.code, phrase.weight) for phrase in index.kinds[kind].phrases
        ]
        keep = coded[some.row]
        columns = (some.row[keep], some.start[keep], some.end[keep], some.phrase[keep])
        for row, start, end, number in zip(*(column.tolist() for column in columns), strict=True):
            text, code, weight = phrases[number]
            if row in positions:
                places = positions[row]
                start, end = places[start], places[end - 1] + 1
            else:
                start, end = bases[row] + start, bases[row] + end
            lists[row].append(
                {
                    "start": start,
                    "end": end,
                    "text": text,
                    "kind": kind,
                    "code": code,
                    "weight": weight,
                }
            )
    return [
        tuple(sorted(some, key=lambda found: (-len(found["text"]), found["start"])))
        for some in lists
    ]
