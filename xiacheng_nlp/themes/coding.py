"""Coding: what each sentence of a report is about, and by which instrument it works, told by the
phrases of a codebook.

Three steps, each open to the reader. The phrases found in a sentence speak for their codes with
their weights. What stands around the sentence speaks too: the run-in heading of its paragraph, the
headings above it, its neighbours. The theme with the highest sum is the main one; `evidence` keeps
the phrases with their places.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from xiacheng_nlp.errors import ThemeError
from xiacheng_nlp.report.nodes import Paragraph, Sentence
from xiacheng_nlp.report.report import Report
from xiacheng_nlp.statistics import Floats, Ints
from xiacheng_nlp.themes.codebook import GENERAL, NONE, Codebook, load_codebook
from xiacheng_nlp.themes.model import (
    Around,
    Model,
    calibrated,
    dense,
    grams,
    load_model,
    of_others,
    reasons,
    smoothed,
    standing,
)
from xiacheng_nlp.themes.phrases import Found, evidence, find_phrases

COLUMNS = (
    *("start", "end", "text", "kind", "part", "section", "paragraph", "sentence"),
    *("themes", "instrument", "evidence", "heading_start", "heading_end", "heading"),
    "probability",
)

PHRASES_FURTHER = 0.55
"""By phrases alone a theme is named beside the main one that has this share of its weight."""

MOST_THEMES = 3
"""A sentence has at most so many themes: the rule of the codebook's coders."""


# What speaks for a code beside its phrases, and how loud. Set, to halves, on the coded sentences of
# the Xiacheng report and on 170 of three other reports: a step up or down moves the main theme of
# the first by less than one sentence in a hundred.

# A phrase that begins within the first twelve characters counts for half as much again: a
# sentence tends to begin with its topic.
_OPENS = 12
_OPENING = 0.5
# The sum of weights from which the neighbours' word has its full force: one phrase that is
# alone enough.
_ENOUGH = 4.0
# How loud, at most, speak the run-in heading of the paragraph, the heading, the one above it,
# the sentence before, and the mean of the others in the paragraph.
_RUN_IN = 4.0
_HEADING = 2.0
_HEADING_ABOVE = 1.0
_SENTENCE_BEFORE = 2.0
_OF_PARAGRAPH = 2.0
# The weight of a sentence's own theme at which what stands around it is heard half as loud: who
# speaks clearly is not told by others.
_HUSH = 5.0
# A sentence with less than this for its best theme is general.
_LEAST_THEME = 1.5
# What the opening and the closing of a report add for `general`.
_OPENS_REPORT = 8.0
_CLOSES_REPORT = 12.0
# A theme is named beside the main one from this weight on: one phrase that is alone enough.
_FURTHER_THEME = 4.0
# What the usual instrument of the main theme adds.
_USUAL_INSTRUMENT = 2.0
# What a run-in heading of the review adds for no instrument: it tells a result, such as
# 环境治理积极推进。 ("the environment is well on its way").
_RESULT_RUN_IN = 8.0
# What opening, difficulties and closing add for no instrument.
_RHETORIC = 12.0
# What words of results count for where the report tells what is to be done: there 达到 is a
# target.
_RESULT_AHEAD = 0.4


@dataclass(frozen=True, slots=True)
class _Rows:
    """All sentences of a report, headings too, with the rows that stand around each; `at`: the rows
    that are coded."""

    sentences: tuple[Sentence, ...]
    homes: tuple[Paragraph, ...]
    parts: npt.NDArray[np.object_]
    around: Around
    at: Ints

    def __len__(self) -> int:
        return len(self.sentences)


def code_themes(
    report: Report,
    codebook: Codebook | None = None,
    *,
    glossary: bool = False,
    model: bool = True,
    threshold: float = 0.0,
) -> pd.DataFrame:
    """The themes and the instrument of each sentence, one row a sentence, in the order of the text;
    headings are not coded.

    Columns: `start`, `end` (code points of `report.text`), `text`, `kind` (text or run_in), `part`,
    `section`, `paragraph` and `sentence` (ordinals as in the token table), `themes` (one to three
    codes, the main one first; `("general",)` where none is told), `instrument`, `evidence` (the
    phrases found, the longest first: start, end, text, kind, code and weight of each),
    `heading_start`, `heading_end`, `heading` (span and text of the nearest heading that it stands
    under, a run-in or one of a section; null where none), `probability` of the main theme.

    Where the codebook is that of the package, a model that learned from coded sentences decides
    (see `themes.model`), with the phrases among its features; its `probability` is calibrated, and
    `evidence` names the characters that speak most for its theme too (of kind `model`). With
    `model=False` and with a codebook of the reader's own the phrases decide alone, and
    `probability` is null.

    A phrase inside a longer one does not count. `glossary`: with the annex that explains terms.
    `threshold`: a sentence whose main theme is less probable is left out, as `doubtful` in
    `left_out`; by phrases alone none is.

    `attrs` holds the options, name and SHA-256 of the codebook, and `left_out`: how many sentences
    of which kind were not coded. Raises `ThemeError` for an option out of range.

    >>> from xiacheng_nlp.report.report import Report
    >>> text = "各位代表:\\n一、2014年工作\\n新增绿化6万平方米。办好购物节。"  # "60,000 m² green"
    >>> code_themes(Report.parse(text))[["themes", "instrument"]].values.tolist()
    [[('environment',), 'supply'], [('consumption',), 'demand']]
    """
    if not 0 <= threshold <= 1:
        raise ThemeError(f"threshold={threshold!r}: a probability, from 0 to 1")
    codebook = codebook or load_codebook()
    learned = load_model() if model else None
    if learned and learned.about["codebook_sha256"] != codebook.sha256:
        # It was trained with another codebook.
        learned = None
    rows = _rows(report, glossary)
    found, heard = _hear(rows, codebook)
    if learned and len(rows.at):
        answers = _by_model(learned, rows, heard, codebook)
    else:
        answers = _by_phrases(rows, heard, codebook)
    table = _table(rows, answers, codebook, _evidence(report, rows, found, answers))
    doubtful = answers.probability < threshold
    if doubtful.any():
        table = table[~doubtful].reset_index(drop=True)
    table.attrs = {
        "report": report.name,
        "sha256": report.sha256,
        "codebook": codebook.name,
        "codebook_sha256": codebook.sha256,
        "glossary": glossary,
        "threshold": threshold,
        "model": learned.about["date"] if learned else None,
        "left_out": dict(Counter([*_left_out(rows), *["doubtful"] * int(doubtful.sum())])),
    }
    return table


_Heard = tuple[Floats, Floats, Floats]
"""What the phrases say of each row: the weights of themes, of what stands around, and of
instruments."""


@dataclass(frozen=True, slots=True)
class _Answers:
    """The codes of the sentences that are coded; `reasons`: row, start and end of what speaks for
    the model, and what is told of it."""

    themes: list[tuple[str, ...]]
    instrument: Ints
    probability: Floats
    reasons: tuple[Ints, list[dict[str, Any]]]


def _by_model(model: Model, rows: _Rows, heard: _Heard, codebook: Codebook) -> _Answers:
    texts = [sentence.text for sentence in rows.sentences]
    some = grams(texts, model.keys, model.idf)
    features = dense(*heard, rows.parts, rows.around.heads)
    scores = model.scores(some, rows.around, features).astype(float)
    cut = len(codebook.codes)
    themes = smoothed(scores[:, :cut], rows.around, model.smoothing["theme"])
    means = smoothed(scores[:, cut:], rows.around, model.smoothing["instrument"])
    at, best = rows.at, themes.argmax(1)
    places, adds = reasons(model, some, np.where(rows.around.coded, best, -1), texts)
    told = [
        evidence(texts[row][start:end], "model", codebook.codes[best[row]], added)
        for row, start, end, added in zip(*places.tolist(), adds, strict=True)
    ]
    return _Answers(
        list(named(scores[at, :cut], best[at], codebook.codes, model.about["further"])),
        means[at].argmax(1),
        calibrated(themes[at].max(1), model.about["calibration"]).round(4),
        (places, told),
    )


def _by_phrases(rows: _Rows, heard: _Heard, codebook: Codebook) -> _Answers:
    themes, _, instruments = heard
    main, at = _main(heard, rows, codebook), rows.at
    others = themes[at]
    others[:, codebook.codes.index(GENERAL)] = 0
    least = np.maximum(_FURTHER_THEME, PHRASES_FURTHER * others.max(1, keepdims=True, initial=0))
    codes = list(named(others, main[at], codebook.codes, least))
    means = _instruments(instruments, main, rows, codebook)
    untold = np.empty((3, 0), np.int64), list[dict[str, Any]]()
    return _Answers(codes, means[at], np.full(len(at), np.nan), untold)


def _table(rows: _Rows, answers: _Answers, codebook: Codebook, evidence: list[Any]) -> pd.DataFrame:
    """The sentences that are coded, with what is told of each and the nearest heading that it
    stands under."""
    over = np.where(rows.around.run_in >= 0, rows.around.run_in, rows.around.heading)
    at = rows.at
    own, homes = ([some[i] for i in at.tolist()] for some in (rows.sentences, rows.homes))
    heads = [rows.sentences[i] if i >= 0 else None for i in over[at].tolist()]
    columns = (
        *(np.array(_attributes(own, name), np.int64) for name in COLUMNS[:2]),
        *(_objects(_attributes(own, name)) for name in COLUMNS[2:4]),
        *(_objects(_attributes(homes, name)) for name in COLUMNS[4:6]),
        *(rows.around.paragraph[at], at),
        answers.themes,
        [codebook.instrument_codes[k] for k in answers.instrument.tolist()],
        evidence,
        *(pd.array(_attributes(heads, end), "Int64") for end in COLUMNS[:2]),
        _objects(_attributes(heads, "text")),
        answers.probability,
    )
    return pd.DataFrame(dict(zip(COLUMNS, columns, strict=True)))


def _attributes(some: Iterable[Any], name: str) -> list[Any]:
    """What each has by that name; None where there is nothing."""
    return [getattr(one, name, None) for one in some]


def _objects(cells: Iterable[Any]) -> Any:
    """A column in which what is missing is None."""
    return pd.Index(list(cells), dtype=object)


def _left_out(rows: _Rows) -> Iterator[str]:
    """Of what kind each sentence is that is not coded."""
    for i in np.flatnonzero(~rows.around.coded):
        sentence, home = rows.sentences[i], rows.homes[i]
        in_text = sentence.kind if home.kind == "text" else home.kind
        yield "glossary" if home.part == "glossary" else in_text


def _rows(report: Report, glossary: bool) -> _Rows:
    """The sentences with what stands around each."""
    placed = [
        (sentence, paragraph, number)
        for number, paragraph in enumerate(report.paragraphs)
        for sentence in paragraph.sentences
    ]
    sentences, homes, numbers = (
        (tuple(column) for column in zip(*placed, strict=True)) if placed else ((), (), ())
    )
    parts = np.empty(len(placed), object)
    parts[:] = [home.part or "" for home in homes]
    heading, above = _headings(report, sentences, homes)
    run_in, before = _before(sentences, homes, numbers)
    around = Around(
        run_in=run_in,
        heading=heading,
        above=above,
        before=before,
        paragraph=np.array(numbers, np.int64),
        coded=np.array([_is_coded(s, p, glossary) for s, p, _ in placed], bool),
        ahead=np.isin(parts, ["plan", "government"]),
        heads=np.array([sentence.kind == "run_in" for sentence in sentences], bool),
    )
    return _Rows(sentences, homes, parts, around, np.flatnonzero(around.coded))


def _headings(
    report: Report, sentences: Sequence[Sentence], homes: Sequence[Paragraph]
) -> tuple[Ints, Ints]:
    """The rows of the heading and of the one above it."""
    starts = {sentence.start: i for i, sentence in reversed(list(enumerate(sentences)))}
    row = {section.id: starts.get(section.heading_start, -1) for section in report.walk()}
    ids = [home.section or "" for home in homes]
    own = np.array([row.get(id, -1) for id in ids], np.int64)
    above = np.array([row.get(id.rpartition(".")[0], -1) for id in ids], np.int64)
    return np.where(own == np.arange(len(own)), -1, own), above


def _before(
    sentences: Sequence[Sentence], homes: Sequence[Paragraph], numbers: Sequence[int]
) -> tuple[Ints, Ints]:
    """The rows of the run-in heading and of the sentence before, in the same paragraph."""
    run_in, before = (np.full(len(sentences), -1, np.int64) for _ in range(2))
    run = -1
    for i, sentence in enumerate(sentences):
        if i and numbers[i - 1] == numbers[i]:
            before[i] = i - 1
        elif sentences[i - 1].kind != "run_in" or homes[i - 1].section != homes[i].section:
            # A run-in that stands as a paragraph of its own heads the next paragraph.
            run = -1
        if sentence.kind == "run_in":
            run = i
        elif sentence.kind == "text":
            run_in[i] = run
    return run_in, before


def _is_coded(sentence: Sentence, home: Paragraph, glossary: bool) -> bool:
    kept = glossary if home.part == "glossary" else home.kind == "text"
    return kept and sentence.kind in ("text", "run_in")


def _hear(rows: _Rows, codebook: Codebook) -> tuple[dict[str, Found], _Heard]:
    found = find_phrases([sentence.text for sentence in rows.sentences], codebook)
    own = found["theme"].sums(len(rows), 1 + _OPENING * (found["theme"].start < _OPENS))
    around = _around(own, rows, codebook.codes.index(GENERAL)) if len(rows) else own
    return found, (own, around, found["instrument"].sums(len(rows)))


def features_of(report: Report, codebook: Codebook) -> tuple[_Rows, Any, Ints, Ints]:
    """What the trained coder learns from: the rows of a report, the features that are no
    characters, and the main theme and instrument by phrases alone."""
    rows = _rows(report, False)
    _, heard = _hear(rows, codebook)
    main = _main(heard, rows, codebook)
    features = dense(*heard, rows.parts, rows.around.heads)
    return rows, features, main, _instruments(heard[2], main, rows, codebook)


def _main(heard: _Heard, rows: _Rows, codebook: Codebook) -> Ints:
    """The main theme of each row, by phrases alone."""
    general = codebook.codes.index(GENERAL)
    total = heard[0] + heard[1]
    for part, weight in (("opening", _OPENS_REPORT), ("closing", _CLOSES_REPORT)):
        total[rows.parts == part, general] += weight
    return np.where(total.max(1) < _LEAST_THEME, general, total.argmax(1))


def _around(own: Floats, rows: _Rows, general: int) -> Floats:
    """What headings and neighbours say for each theme."""
    voice = own / np.maximum(own.sum(1, keepdims=True), _ENOUGH)
    around = sum(
        loudness * standing(voice, place)
        for loudness, place in (
            (_RUN_IN, rows.around.run_in),
            (_HEADING, rows.around.heading),
            (_HEADING_ABOVE, rows.around.above),
            (_SENTENCE_BEFORE, rows.around.before),
        )
    )
    sums, number = of_others(voice, rows.around)
    mean = sums / np.maximum(number, 1)
    mean[:, general] = 0
    around += _OF_PARAGRAPH * mean
    return np.asarray(around * (_HUSH / (_HUSH + own.max(1, keepdims=True))))


def _instruments(means: Floats, main: Ints, rows: _Rows, codebook: Codebook) -> Ints:
    """The instrument of each row, by phrases alone."""
    means = means.copy()
    none = codebook.instrument_codes.index(NONE)
    usual = [codebook.instrument_codes.index(theme.instrument) for theme in codebook.themes]
    means[np.isin(rows.parts, ["plan", "government", "opening", "closing"]), none] *= _RESULT_AHEAD
    means[np.arange(len(rows)), np.array(usual)[main]] += _USUAL_INSTRUMENT
    means[np.isin(rows.parts, ["opening", "problems", "closing"]), none] += _RHETORIC
    means[rows.around.heads & (rows.parts == "review"), none] += _RESULT_RUN_IN
    return np.asarray(means.argmax(1))


def named(scores: Any, main: Ints, codes: Sequence[str], least: Any) -> Iterator[tuple[str, ...]]:
    """The themes of each row: the main one first, beside it those whose score is `least` or more;
    `general` stands alone.

    >>> list(named(np.array([[0.3, 0.6, 0.3]]), np.array([1]), ["growth", "law", "general"], 0.25))
    [('law', 'growth')]
    """
    general = codes.index(GENERAL)
    counts = (scores >= least).sum(1).tolist()
    # The main theme and `general` may be among the first.
    ranked = np.argsort(-scores, axis=1, kind="stable")[:, : MOST_THEMES + 1].tolist()
    for first, count, order in zip(main.tolist(), counts, ranked, strict=True):
        beside = [codes[k] for k in order[:count] if k not in (first, general)]
        yield (GENERAL,) if first == general else (codes[first], *beside[: MOST_THEMES - 1])


def _evidence(
    report: Report, rows: _Rows, found: dict[str, Found], answers: _Answers
) -> list[tuple[dict[str, Any], ...]]:
    """The phrases of each coded row, and what speaks for the model, with their places in the
    source, the longest first."""
    places, told = answers.reasons
    spans = np.hstack([*([some.row, some.start, some.end] for some in found.values()), places])
    phrases = [some.index.told[which] for some in found.values() for which in some.phrase.tolist()]
    row, start, end = spans
    order = np.lexsort((start, start - end, row))
    order = order[rows.around.coded[row[order]]]
    begins = np.array([0, *accumulate(len(sentence.text) for sentence in rows.sentences)])
    source = _places(report, rows.sentences, begins)
    start, end = (begins[row[order]] + some[order] for some in (start, end))
    columns = (column.tolist() for column in (source[start], source[end - 1] + 1))
    # A copy takes half the time of a dictionary made anew.
    pieces = [one.copy() for one in map([*phrases, *told].__getitem__, order.tolist())]
    for piece, first, last in zip(pieces, *columns, strict=True):
        piece["start"], piece["end"] = first, last
    cuts = np.searchsorted(row[order], np.arange(len(rows) + 1)).tolist()
    return [tuple(pieces[cuts[i] : cuts[i + 1]]) for i in rows.at.tolist()]


def _places(report: Report, sentences: Sequence[Sentence], begins: Ints) -> Ints:
    """The place in the source of each character of the sentences, which begin so far from the first
    of them."""
    starts, ends = (np.array(_attributes(sentences, name), np.int64) for name in COLUMNS[:2])
    sizes = np.diff(begins)
    places = np.arange(begins[-1]) + np.repeat(starts - begins[:-1], sizes)
    # Where the source breaks a line inside a sentence, its places are told one by one.
    for i in np.flatnonzero(ends - starts != sizes).tolist():
        places[begins[i] : begins[i + 1]] = report.positions(sentences[i])[:-1]
    return places
