"""Agreement of two codings of the same sentences: precision, recall and F1 of each code, kappa and
alpha, with intervals.

Sentences are matched by their places, not by their text, so that a coding whose sentences end a
little elsewhere still counts. A gold standard may accept several answers: `main` holds every theme
that passes for the main one, `both` the codes that a coding must give, `either` those that it may
give, `instrument` every instrument that passes. A coding by one coder accepts just its own.

All intervals are percentile bootstrap intervals (Efron 1979) over sentences: `resamples` (2000) of
them, the same for the same `seed` (0), at `confidence` (0.95); without any mistake, Wilson's.
Sentences of one paragraph are more alike than sentences drawn at random, so that the true
uncertainty is somewhat greater.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple, Unpack

import numpy as np
import pandas as pd

from xiacheng_nlp.datafiles import JsonRow, read_json_rows
from xiacheng_nlp.errors import DataFileError, ThemeError
from xiacheng_nlp.statistics import Bootstrap, BootstrapOptions, Ints, wilson
from xiacheng_nlp.themes.coefficients import cohen_kappa, krippendorff_alpha, missing, ratio
from xiacheng_nlp.themes.options import one_of

GOLD_COLUMNS = ("id", "start", "end", "main", "both", "either", "instrument")


def read_theme_gold(path: str | Path) -> pd.DataFrame:
    """The gold standard of themes in a JSON Lines file, one row a sentence, in the order of the
    file.

    Columns: `id`, `start`, `end`, and tuples of codes: `main` (each passes for the main theme),
    `both` (must be given), `either` (may be given), `instrument` (each passes).

    Raises `DataFileError` as `file:line: what`.

    >>> from xiacheng_nlp import resources as bundle
    >>> gold = read_theme_gold(bundle.folder("gold") / "xiacheng-2014.themes.gold.jsonl")
    >>> len(gold), gold["main"][2]
    (330, ('investment',))
    """
    name = Path(path).name
    rows: list[dict[str, Any]] = []
    seen: dict[int, int] = {}
    for row in read_json_rows(path, required=GOLD_COLUMNS):
        rows.append(_gold_row(row))
        first = seen.setdefault(row["start"], row.line)
        if first != row.line:
            raise row.error(f"the sentence at {row['start']} stands already in line {first}")
    if not rows:
        raise DataFileError(f"{name}:1: empty; a row a coded sentence was expected")
    table = pd.DataFrame(rows, columns=list(GOLD_COLUMNS))
    table.attrs = {"file": name, "sentences": len(rows)}
    return table


def is_theme_gold(path: str | Path) -> bool:
    """Whether the first row of a JSON Lines file is that of a gold standard of themes; False for a
    file that can't be read.

    >>> from xiacheng_nlp import resources as bundle
    >>> files = sorted(bundle.folder("gold").glob("xiacheng-2014*.gold.jsonl"))
    >>> [is_theme_gold(path) for path in files]
    [False, False, True]
    """
    try:
        with Path(path).open(encoding="utf-8") as lines:
            row = json.loads(next((line for line in lines if line.strip()), ""))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(row, dict) and "main" in row and "either" in row


def _gold_row(row: JsonRow) -> dict[str, Any]:
    start, end = row["start"], row["end"]
    if not all(type(place) is int for place in (start, end)) or not 0 <= start < end:
        raise row.error(
            f"a span runs forward from 0 on, in whole numbers, not from {start!r} to {end!r}"
        )
    codes_of = {key: _codes(row, key) for key in ("main", "both", "either", "instrument")}
    for key in ("main", "both"):
        if stray := [code for code in codes_of[key] if code not in codes_of["either"]]:
            raise row.error(
                f"{key} holds {', '.join(stray)}, but either does not: a code that a coder gave"
                " stands in either"
            )
    return {"id": row["id"], "start": start, "end": end} | codes_of


def _codes(row: JsonRow, key: str) -> tuple[str, ...]:
    codes = row[key]
    if not isinstance(codes, list) or not all(isinstance(code, str) and code for code in codes):
        raise row.error(f"{key} must be a list of codes, not {codes!r:.60}")
    if not codes and key != "both":
        raise row.error(f"{key} must name one code at least")
    return tuple(codes)


class Accepted(NamedTuple):
    """What passes for the coding of a sentence: as main theme, what must and what may be given, and
    as instrument."""

    start: int
    end: int
    main: tuple[str, ...]
    both: tuple[str, ...]
    either: tuple[str, ...]
    instrument: tuple[str, ...]


class _Said(NamedTuple):
    """What a coding says of a sentence, its main theme first."""

    start: int
    end: int
    themes: tuple[str, ...]
    instrument: str


def matched(coded: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """The sentences of `other` with the coding that `coded` gives each, one row a sentence of
    `other`, in its order.

    `coded` has the columns `start`, `end`, `themes` (main first; none means general) or `theme`,
    and `instrument`. `other` is a table of the same form, a hand-coded sheet, or a gold standard. A
    sentence is matched to the coded one that shares most characters with it, if that is at least
    half of the longer of the two.

    Columns: `start`, `end`, `coded_start`, `coded_end` (null: no match), `themes`,
    `coded_instrument` as coded (null: no match), `main`, `both`, `either`, `instrument` as
    accepted, `agrees` (the main theme is one of `main`), `instrument_agrees` (null where `other`
    has no instrument). `attrs`: `unmatched` (spans of `other` without match) and `elsewhere` (how
    many coded sentences match none of `other`).

    Raises `ThemeError` where no sentence matches, or the two tables name different reports.

    >>> coded = pd.DataFrame(dict(start=[0], end=[9], themes=[("growth",)], instrument=["none"]))
    >>> other = coded.assign(start=[1], themes=[("growth", "law")], instrument=["supply"])
    >>> columns = ["coded_start", "main", "agrees", "instrument_agrees"]
    >>> matched(coded, other)[columns].values.tolist()
    [[0, ('growth',), True, False]]
    """
    if len({table.attrs.get("sha256") for table in (coded, other)} - {None}) > 1:
        raise ThemeError(
            "the two codings are of different reports, by their SHA-256; compare codings of one "
            "report"
        )
    said = sorted(_said(coded), key=lambda row: row.start)
    accepted = list(accepted_codes(other))
    best = _best(said, accepted)
    taken = {place for place in best if place is not None}
    if accepted and not taken:
        raise ThemeError(
            f"none of the {len(accepted)} sentences is among the {len(said)} coded ones; do the "
            "two belong to one report?"
        )
    rows = []
    for answer, place in zip(accepted, best, strict=True):
        told = (None, None, None, None) if place is None else said[place]
        agrees = told[2] is not None and told[2][0] in answer.main
        right = told[3] in answer.instrument if answer.instrument else None
        rows.append((answer.start, answer.end, *told, *answer[2:], agrees, right))
    names = ["start", "end", "coded_start", "coded_end", "themes", "coded_instrument"]
    names += ["main", "both", "either", "instrument", "agrees", "instrument_agrees"]
    kinds: dict[str, Any] = {"coded_start": "Int64", "coded_end": "Int64", "agrees": bool}
    table = pd.DataFrame(rows, columns=names).astype(kinds | {"instrument_agrees": "boolean"})
    unmatched = [row[:2] for row, place in zip(accepted, best, strict=True) if place is None]
    table.attrs = {"unmatched": unmatched, "elsewhere": len(said) - len(taken)}
    return table


def _best(said: list[_Said], accepted: list[Accepted]) -> list[int | None]:
    """Which coded sentence each is matched to; the coded ones are sorted by start."""
    starts = np.array([row.start for row in said], np.int64)
    reach = np.maximum.accumulate(np.array([row.end for row in said], np.int64))
    best: list[int | None] = []
    for row in accepted:
        first, last = np.searchsorted(reach, row.start, "right"), starts.searchsorted(row.end)
        common = [min(s.end, row.end) - max(s.start, row.start) for s in said[first:last]]
        share = max(common, default=0)
        place = int(first) + common.index(share) if share > 0 else None
        if place is not None:
            longer = max(row.end - row.start, said[place].end - said[place].start)
            place = place if share * 2 >= longer else None
        best.append(place)
    return best


def _said(coded: pd.DataFrame) -> Iterator[_Said]:
    instruments = coded["instrument"] if "instrument" in coded else ["none"] * len(coded)
    for start, end, codes, instrument in zip(
        coded["start"], coded["end"], _themes(coded), instruments, strict=True
    ):
        yield _Said(int(start), int(end), codes, "none" if missing(instrument) else str(instrument))


def _themes(table: pd.DataFrame) -> list[tuple[str, ...]]:
    """The themes of each sentence; none means general."""
    if "themes" in table:
        told = [() if missing(codes) else tuple(codes) for codes in table["themes"]]
    elif "theme" in table:
        told = [() if missing(code) else (str(code),) for code in table["theme"]]
    else:
        raise ThemeError(
            "a coding has a column themes or theme; this table has "
            + ", ".join(map(str, table.columns))
        )
    return [codes or ("general",) for codes in told]


def accepted_codes(other: pd.DataFrame) -> Iterator[Accepted]:
    """What passes for the coding of each sentence of a gold standard, or of a coding."""
    sets: list[Iterable[tuple[str, ...]]]
    if "main" in other and "either" in other:
        sets = [other[name].map(tuple) for name in ("main", "both", "either", "instrument")]
    else:
        themes = _themes(other)
        told = other["instrument"] if "instrument" in other else [None] * len(other)
        instruments = [() if missing(code) else (str(code),) for code in told]
        sets = [[codes[:1] for codes in themes], themes, themes, instruments]
    for start, end, *codes in zip(other["start"], other["end"], *sets, strict=True):
        yield Accepted(int(start), int(end), *codes)


MEASURES = (
    *("main_accuracy", "main_kappa", "main_alpha", "codes_precision", "codes_recall", "codes_f1"),
    *("instrument_accuracy", "instrument_kappa"),
)


def agreement_table(
    coded: pd.DataFrame, other: pd.DataFrame, **options: Unpack[BootstrapOptions]
) -> pd.DataFrame:
    """How far `coded` agrees with `other`, over all sentences of `other`: one row a measure, with
    an interval.

    Columns: `measure`, `value`, `low`, `high`, `hits`, `n` (of how many). Measures: `main_accuracy`
    (the main theme is accepted); `main_kappa`, `main_alpha` on the matched sentences with one
    accepted main theme; `codes_precision`, `codes_recall`, `codes_f1` over all codes, where a code
    that `other` only may have is neither right nor wrong; `instrument_accuracy`,
    `instrument_kappa`. A sentence without match counts as wrong, its codes as missed; a value that
    is not defined is null, with a note in `attrs`.

    >>> coded = pd.DataFrame(dict(start=[0, 9], end=[9, 20], themes=[("growth",), ("law",)]))
    >>> other = coded.assign(themes=[("growth",), ("reform", "law")])
    >>> agreement_table(coded, other).set_index("measure")["value"].head(1).to_dict()
    {'main_accuracy': 0.5}
    """
    bootstrap = Bootstrap(**options)
    pairs = matched(coded, other)
    weights = bootstrap.weights(len(pairs))
    right, wrong, missed = (cells.sum(1) for cells in _cells(pairs, "theme")[1])
    judged = pairs["instrument_agrees"]
    shares = {
        "main_accuracy": (pairs["agrees"].to_numpy(np.int64), np.ones(len(pairs), np.int64)),
        "codes_precision": (right, right + wrong),
        "codes_recall": (right, right + missed),
        "codes_f1": (2 * right, 2 * right + wrong + missed),
        "instrument_accuracy": (
            judged.fillna(False).to_numpy(np.int64),
            judged.notna().to_numpy(np.int64),
        ),
    }
    sides = _single(pairs, "theme")
    coefficients = {
        "main_kappa": cohen_kappa(*sides, **options),
        "main_alpha": krippendorff_alpha(*sides, **options),
        "instrument_kappa": cohen_kappa(*_single(pairs, "instrument"), **options),
    }
    rows: dict[str, tuple[float | None, ...]] = {
        name: (*_share(*counts, weights, bootstrap), int(counts[0].sum()), int(counts[1].sum()))
        for name, counts in shares.items()
    }
    rows |= {name: (c.value, c.low, c.high, None, c.n) for name, c in coefficients.items()}
    table = pd.DataFrame(
        [(name, *rows[name]) for name in MEASURES],
        columns=["measure", "value", "low", "high", "hits", "n"],
    )
    notes = [f"{name}: {c.note}" for name, c in coefficients.items() if c.note]
    table = table.astype({"hits": "Int64", "value": float, "low": float, "high": float})
    return _described(table, pairs, asdict(bootstrap), notes)


def _share(
    over: Ints, of: Ints, weights: Ints, bootstrap: Bootstrap
) -> tuple[float | None, float | None, float | None]:
    """A share of counts with its interval, which is Wilson's where no resample differs; None where
    there is nothing to divide by."""
    n = int(of.sum())
    if not n:
        return None, None, None
    value = int(over.sum()) / n
    low, high = bootstrap.interval(ratio(weights @ over, weights @ of))
    if low == high:
        low, high = map(float, wilson(over.sum(), n, confidence=bootstrap.confidence))
    return value, low, high


def agreement_by_code(
    coded: pd.DataFrame,
    other: pd.DataFrame,
    *,
    of: str = "theme",
    **options: Unpack[BootstrapOptions],
) -> pd.DataFrame:
    """Precision, recall and F1 of each code, one row a code, the most frequent in `other` first.

    Columns: `code`, `other` (sentences of `other` that must have it), `coded` (sentences coded with
    it), `right`, `wrong`, `missed`, `open` (coded, where `other` only may have it: neither right
    nor wrong), and `precision`, `recall`, `f1`, each with `_low` and `_high`; null where there is
    nothing to divide by. `of`: theme (all codes of a sentence) or instrument.

    >>> coded = pd.DataFrame(dict(start=[0, 9], end=[9, 20], themes=[("growth",), ("law",)]))
    >>> other = coded.assign(themes=[("growth",), ("reform", "law")])
    >>> agreement_by_code(coded, other)[["code", "right", "missed"]].values.tolist()
    [['growth', 1, 0], ['law', 1, 0], ['reform', 0, 1]]
    """
    bootstrap = Bootstrap(**options)
    pairs = matched(coded, other)
    weights = bootstrap.weights(len(pairs))
    codes, cells, undecided = _cells(pairs, of)
    rows = []
    for code, right, wrong, missed, left_open in zip(
        codes, *(some.T for some in (*cells, undecided)), strict=True
    ):
        r, w, m, o = (int(some.sum()) for some in (right, wrong, missed, left_open))
        row = dict(code=code, other=r + m, coded=r + w + o, right=r, wrong=w, missed=m, open=o)
        for name, over, of_all in (
            ("precision", right, right + wrong),
            ("recall", right, right + missed),
            ("f1", 2 * right, 2 * right + wrong + missed),
        ):
            ends = (name, f"{name}_low", f"{name}_high")
            row |= zip(ends, _share(over, of_all, weights, bootstrap), strict=True)
        rows.append(row)
    rows.sort(key=lambda row: (-row["other"], row["code"]))
    names = ["code", "other", "coded", "right", "wrong", "missed", "open"]
    measures = [f"{m}{end}" for m in ("precision", "recall", "f1") for end in ("", "_low", "_high")]
    table = pd.DataFrame(rows, columns=[*names, *measures]).astype(dict.fromkeys(measures, float))
    return _described(table, pairs, dict(of=of) | asdict(bootstrap), [])


def confusion(coded: pd.DataFrame, other: pd.DataFrame, *, of: str = "theme") -> pd.DataFrame:
    """How often each main theme of `coded` meets each of `other`, one row a pair that occurs, the
    most frequent first.

    Columns: `theme`, `other`, `count` (sentences); with `of="instrument"` the first is
    `instrument`. Where several are accepted, an accepted one meets itself and any other meets the
    first of them. `theme` is null for sentences without match.

    >>> coded = pd.DataFrame(dict(start=[0, 9], end=[9, 20], themes=[("growth",), ("law",)]))
    >>> confusion(coded, coded.assign(themes=[("growth",), ("reform", "law")])).values.tolist()
    [['growth', 'growth', 1], ['law', 'reform', 1]]
    """
    pairs = matched(coded, other)
    counts: Counter[tuple[str | None, str]] = Counter()
    for said, accepted in _mains(pairs, of):
        if accepted:
            counts[said, said if said is not None and said in accepted else accepted[0]] += 1
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0][0] or "", item[0][1]))
    table = pd.DataFrame([(*pair, count) for pair, count in ranked], columns=[of, "other", "count"])
    return _described(table, pairs, dict(of=of), [])


def _mains(pairs: pd.DataFrame, of: str) -> list[tuple[str | None, tuple[str, ...]]]:
    """What is said of each sentence, None where it has no match, and what is accepted."""
    one_of("of", of, ("theme", "instrument"), "codings are compared by")
    if of == "theme":
        said = [None if themes is None else themes[0] for themes in pairs["themes"]]
    else:
        said = [None if missing(code) else code for code in pairs["coded_instrument"]]
    accepted = pairs["main" if of == "theme" else "instrument"]
    return list(zip(said, accepted, strict=True))


def _single(pairs: pd.DataFrame, of: str) -> tuple[list[str | None], list[str | None]]:
    """Both sides of the matched sentences for which just one answer is accepted."""
    both = [
        (said, accepted[0])
        for said, accepted in _mains(pairs, of)
        if said is not None and len(accepted) == 1
    ]
    return [pair[0] for pair in both], [pair[1] for pair in both]


def _cells(pairs: pd.DataFrame, of: str) -> tuple[list[str], tuple[Ints, Ints, Ints], Ints]:
    """The codes that occur; right, wrong and missed, a row a sentence and a column a code; and the
    coded ones left open."""
    if of == "theme":
        said = [themes or () for themes in pairs["themes"]]
        must, may = list(pairs["both"]), list(pairs["either"])
    else:
        mains = _mains(pairs, of)
        said = [(code,) if code is not None and accepted else () for code, accepted in mains]
        may = [accepted for _, accepted in mains]
        must = [accepted if len(accepted) == 1 else () for accepted in may]
    codes = sorted({code for some in (*said, *may) for code in some})
    shape = (len(pairs), len(codes))
    s, m, e = (
        np.array([[code in some for code in codes] for some in sets], np.int64).reshape(shape)
        for sets in (said, must, may)
    )
    return codes, (s * m, s * (1 - e), m * (1 - s)), s * e * (1 - m)


def _described(
    table: pd.DataFrame, pairs: pd.DataFrame, options: Mapping[Any, Any], notes: list[str]
) -> pd.DataFrame:
    unmatched = len(pairs.attrs["unmatched"])
    if unmatched:
        notes += [f"{unmatched} of {len(pairs)} sentences have no match and count as wrong"]
    table.attrs = {"sentences": len(pairs), **pairs.attrs, **options}
    table.attrs["note"] = "; ".join(notes)
    return table
