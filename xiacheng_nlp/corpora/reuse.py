"""Text reuse: how much of a report stands, word for word, in that of the year before or in that of
the level above."""

from collections.abc import Callable, Iterator
from functools import cache
from hashlib import blake2b

import numpy as np
import numpy.typing as npt
import pandas as pd

from xiacheng_nlp.corpora.ladder import ladder
from xiacheng_nlp.corpora.loading import Panel
from xiacheng_nlp.datafiles import packaged
from xiacheng_nlp.errors import CorpusError, one_of
from xiacheng_nlp.statistics import Ints
from xiacheng_nlp.terms.selection import WHOSE, in_order
from xiacheng_nlp.words.segmentation import shared_segmenter

WORDS = 8
"""Words of a passage: shorter ones are the set phrases of the genre."""
TOP = 20
"""Sentences of a pair of reports that are set side by side."""

RELATIONS = ("year before", "level above")
_PAIR = ["report", "relation", "other"]
PLACES = ("part", "section")
"""What text reuse is told of."""
COLUMNS = [*_PAIR, *PLACES, "passages", "shared"]


def text_reuse(panel: Panel, *, by: str = "part") -> pd.DataFrame:
    """How much of each report stands in last year's of the same place, and in this year's of the
    nearest level above: a row a report, relation and part, or section where `by` is "section".

    A passage is a run of eight words within a sentence, numbers among them, signs left out; it
    counts as shared where it stands in the other report, whatever the part.

    Columns: `report`, `place`, `level`, `year`; `relation` (year before, level above), `other` (the
    id of that report); `part`; `section` (its number, such as 2.7.1, empty where it has none) where
    it is by section; `passages`, `shared` (counts), `share` (0 to 1). Reports of the
    reference panel have no sentences: their counts come with it, and beside them no other report
    can be set. Sorted by (place, year, relation), parts and sections in the order
    of the text.

    >>> from xiacheng_nlp.corpora.loading import load_panel
    >>> table = text_reuse(load_panel())
    >>> bool(table["share"].between(0, 1).all()), sorted(set(table["relation"]))
    (True, ['level above', 'year before'])
    """
    one_of("by", by, PLACES, CorpusError)
    stored = _stored()
    known = stored["report"].isin(panel.reference) & stored["other"].isin(panel.reference)
    table = pd.concat([stored[known], *_of_pairs(panel, _Texts.compared)], ignore_index=True)
    keys = [*_PAIR, *PLACES[: PLACES.index(by) + 1]]
    table = table.groupby(keys, sort=False)[["passages", "shared"]].sum().reset_index()
    table = panel.reports[WHOSE].merge(table, on="report")
    table["share"] = table["shared"] / table["passages"]
    table.attrs = {"words": WORDS}
    return table


@cache
def _stored() -> pd.DataFrame:
    with packaged("corpora/panel/reuse.parquet").open("rb") as stream:
        return pd.read_parquet(stream)


def _pairs(reports: pd.DataFrame) -> Iterator[tuple[str, str, str]]:
    """Each report with that of the year before and that of the level above, where they are."""
    above = ladder(reports)
    told = reports.dropna(subset=["place", "year"])[["place", "year", "report"]].values
    ids = {(place, year): id for place, year, id in told}
    for place, year, id in told:
        if (place, year - 1) in ids:
            yield id, RELATIONS[0], ids[place, year - 1]
        if above[id]:
            yield id, RELATIONS[1], above[id][0]


def shared_passages(panel: Panel) -> pd.DataFrame:
    """The sentences that share most passages with one of the year before or of the level above,
    side by side: twenty of each pair of reports whose sentences the panel holds.

    Columns: `report`, `relation`, `other`; `shared` (passages in common); `text`, `other_text`;
    `start`, `other_start` (code points of the two reports' texts). Empty for the reference panel,
    which has no sentences.

    >>> from xiacheng_nlp.corpora.loading import load_panel
    >>> len(shared_passages(load_panel()))
    0
    """
    columns = ["shared", "text", "other_text", "start", "other_start"]
    found = _of_pairs(panel, _Texts.side_by_side)
    table = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=columns)
    return table.reindex(columns=[*_PAIR, *columns])


Hashes = npt.NDArray[np.uint64]


class _Texts:
    """The sentences of a panel's reports, and the passages of each report that is asked for."""

    def __init__(self, panel: Panel) -> None:
        texts = panel.themes[panel.themes["text"].notna()]
        self._texts = dict(iter(texts.groupby("report", sort=False)))
        self._passages = cache(self._hashed)

    def __contains__(self, report: str) -> bool:
        return report in self._texts

    def _hashed(self, report: str) -> tuple[Hashes, Ints]:
        """The hash of each passage of a report, and the number of its sentence."""
        made = list(map(_hashes, self._texts[report]["text"]))
        numbers = np.repeat(np.arange(len(made)), list(map(len, made)))
        return np.concatenate([np.zeros(0, np.uint64), *made]), numbers

    def compared(self, own: str, other: str) -> pd.DataFrame:
        """The passages of each section, and how many of them stand in the other report."""
        hashes, numbers = self._passages(own)
        places = self._texts[own][[*PLACES]].fillna("").iloc[numbers]
        shared = places.assign(shared=np.isin(hashes, self._passages(other)[0]))
        counts = shared.groupby([*PLACES], sort=False)["shared"].agg(passages="size", shared="sum")
        return counts.reset_index()

    def side_by_side(self, own: str, other: str) -> pd.DataFrame:
        """Each sentence with the first of the other report that has a passage of it."""
        columns = ["number", "text", "start"]
        sides = []
        for report in (own, other):
            hashes, numbers = self._passages(report)
            rows = self._texts[report].iloc[numbers].assign(hash=hashes, number=numbers)
            sides.append(rows[["hash", *columns]].drop_duplicates(["hash", "number"]))
        both = sides[0].merge(sides[1], on="hash", suffixes=("", "_other"))
        both["shared"] = both.groupby("number")["hash"].transform("nunique")
        both = in_order(both.drop_duplicates("number"), "-shared")
        both = both.rename(columns={"text_other": "other_text", "start_other": "other_start"})
        return both.head(TOP)


def _of_pairs(
    panel: Panel, compare: Callable[[_Texts, str, str], pd.DataFrame]
) -> list[pd.DataFrame]:
    """Each pair of reports whose sentences the panel holds, compared."""
    texts = _Texts(panel)
    return [
        compare(texts, own, other).assign(report=own, relation=relation, other=other)
        for own, relation, other in _pairs(panel.reports)
        if own in texts and other in texts
    ]


@cache
def _hash(word: str) -> int:
    return int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "little")


def _hashes(text: str) -> Hashes:
    """A hash of each run of `WORDS` words (Karp & Rabin 1987): a polynomial of the words' own, to
    the base of an odd number, modulo 2**64."""
    words = shared_segmenter().plain(text)
    found = [_hash(word) for word in words if word[0].isalnum()]
    if len(found) < WORDS:
        return np.zeros(0, np.uint64)
    powers = np.cumprod(np.full(WORDS, 0x9E3779B97F4A7C15, np.uint64))
    runs = np.lib.stride_tricks.sliding_window_view(np.array(found, np.uint64), WORDS)
    made: Hashes = (runs * powers).sum(axis=1, dtype=np.uint64)
    return made
