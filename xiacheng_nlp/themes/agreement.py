"""Agreement of two codings of the same sentences: precision, recall and F1 of each code, kappa and
alpha, with intervals.

Sentences are matched by their places, not by their text, so that a coding whose sentences end a
little elsewhere still counts. A gold standard may accept several answers: `main` holds every theme
that passes for the main one, `both` the codes that a coding must give, `either` those that it may
give, `instrument` every instrument that passes. A coding by one coder accepts just its own.

All intervals are percentile bootstrap intervals (Efron 1979) over sentences, the same for the same
`seed`. Sentences of one paragraph are more alike than sentences drawn at random, so that the true
uncertainty is somewhat greater.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from xiacheng_nlp.datafiles import JsonRow, read_json_rows
from xiacheng_nlp.errors import DataFileError, ThemeError
from xiacheng_nlp.themes.coefficients import (
    RESAMPLES,
    Coefficient,
    Floats,
    Ints,
    check,
    cohen_kappa,
    draws,
    interval,
    krippendorff_alpha,
    missing,
)

if TYPE_CHECKING:
    from xiacheng_nlp.themes.codebook import Codebook

GOLD_COLUMNS = ("id", "start", "end", "main", "both", "either", "instrument")


def read_theme_gold(path: str | Path, *, codebook: "Codebook | None" = None) -> pd.DataFrame:
    """The gold standard of themes in a JSON Lines file, one row a sentence, in the order of the
    file.

    Columns: `id`, `start`, `end`, and tuples of codes: `main` (each passes for the main theme),
    `both` (must be given), `either` (may be given), `instrument` (each passes). With `codebook`
    every code must be one of its own.

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
        rows.append(_gold_row(row, codebook))
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
    >>> [is_theme_gold(path) for path in sorted(bundle.folder("gold").glob("xiacheng-2014*.gold.jsonl"))]
    [False, False, True]
    """
    try:
        with Path(path).open(encoding="utf-8") as lines:
            row = json.loads(next((line for line in lines if line.strip()), ""))
    except (OSError, ValueError):
        return False
    return isinstance(row, dict) and "main" in row and "either" in row


def _gold_row(row: JsonRow, codebook: "Codebook | None") -> dict[str, Any]:
    start, end = row["start"], row["end"]
    if not all(type(place) is int for place in (start, end)) or not 0 <= start < end:
        raise row.error(
            f"a span runs forward from 0 on, in whole numbers, not from {start!r} to {end!r}"
        )
    codes_of = {key: _codes(row, key, codebook) for key in ("main", "both", "either", "instrument")}
    for key in ("main", "both"):
        if stray := [code for code in codes_of[key] if code not in codes_of["either"]]:
            raise row.error(
                f"{key} holds {', '.join(stray)}, but either does not: a code that a coder gave"
                " stands in either"
            )
    return {"id": row["id"], "start": start, "end": end} | codes_of


def _codes(row: JsonRow, key: str, codebook: "Codebook | None") -> tuple[str, ...]:
    """The codes of a cell, each of them one of the codebook's."""
    codes = row[key]
    if not isinstance(codes, list) or not all(isinstance(code, str) and code for code in codes):
        raise row.error(f"{key} must be a list of codes, not {codes!r:.60}")
    if not codes and key != "both":
        raise row.error(f"{key} must name one code at least")
    if codebook is not None:
        known = codebook.instrument_codes if key == "instrument" else codebook.codes
        if stray := [code for code in codes if code not in known]:
            has = ", ".join(known)
            raise row.error(f"{key}: {stray[0]} is no code of {codebook.name}; it has {has}")
    return tuple(codes)


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

    >>> coded = pd.DataFrame({"start": [0], "end": [9], "themes": [("growth",)], "instrument": ["none"]})
    >>> other = pd.DataFrame({"start": [1], "end": [9], "themes": [("growth", "law")], "instrument": ["supply"]})
    >>> matched(coded, other)[["coded_start", "main", "agrees", "instrument_agrees"]].values.tolist()
    [[0, ('growth',), True, False]]
    """
    named = {table.attrs.get("sha256") for table in (coded, other)} - {None}
    if len(named) > 1:
        raise ThemeError(
            "the two codings are of different reports, by their SHA-256; compare codings of one report"
        )
    said = _said(coded)
    said.sort(key=lambda row: row[0])
    starts = np.array([row[0] for row in said], np.int64)
    reach = np.maximum.accumulate(np.array([row[1] for row in said], np.int64)) if said else starts
    rows = []
    taken = set()
    for start, end, main, both, either, instrument in accepted_codes(other):
        best, share = None, 0
        for k in range(
            int(np.searchsorted(reach, start, "right")), int(np.searchsorted(starts, end, "left"))
        ):
            common = min(said[k][1], end) - max(said[k][0], start)
            if common > share:
                best, share = k, common
        if best is not None and share * 2 < max(end - start, said[best][1] - said[best][0]):
            best = None
        if best is not None:
            taken.add(best)
        where = said[best] if best is not None else (None, None, None, None)
        agrees = where[2] is not None and where[2][0] in main
        rows.append(
            (
                start,
                end,
                *where,
                main,
                both,
                either,
                instrument,
                agrees,
                (where[3] in instrument) if instrument else None,
            )
        )
    if rows and not taken:
        raise ThemeError(
            f"none of the {len(rows)} sentences is among the {len(said)} coded ones; do the two belong to one report?"
        )
    names = ["start", "end", "coded_start", "coded_end", "themes", "coded_instrument"]
    names += ["main", "both", "either", "instrument", "agrees", "instrument_agrees"]
    table = pd.DataFrame(rows, columns=names).astype(
        {"coded_start": "Int64", "coded_end": "Int64", "agrees": bool}
    )
    table["instrument_agrees"] = table["instrument_agrees"].astype("boolean")
    unmatched = [
        (start, end)
        for start, end, place in zip(
            table["start"], table["end"], table["coded_start"], strict=True
        )
        if place is pd.NA
    ]
    table.attrs = {"unmatched": unmatched, "elsewhere": len(said) - len(taken)}
    return table


def _said(coded: pd.DataFrame) -> list[tuple[int, int, tuple[str, ...], str]]:
    themes = _themes(coded)
    instruments = coded["instrument"] if "instrument" in coded else ["none"] * len(coded)
    return [
        (
            int(start),
            int(end),
            tuple(codes) or ("general",),
            "none" if missing(instrument) else str(instrument),
        )
        for start, end, codes, instrument in zip(
            coded["start"], coded["end"], themes, instruments, strict=True
        )
    ]


def _themes(table: pd.DataFrame) -> list[tuple[str, ...]]:
    if "themes" in table:
        return [() if missing(codes) else tuple(codes) for codes in table["themes"]]
    if "theme" in table:
        return [() if missing(code) else (str(code),) for code in table["theme"]]
    raise ThemeError(
        f"a coding has a column themes or theme; this table has {', '.join(map(str, table.columns))}"
    )


def accepted_codes(
    other: pd.DataFrame,
) -> Iterable[tuple[int, int, tuple[str, ...], tuple[str, ...], tuple[str, ...], tuple[str, ...]]]:
    if "main" in other and "either" in other:
        columns = [other[name] for name in ("start", "end", "main", "both", "either", "instrument")]
        for start, end, *codes in zip(*columns, strict=True):
            yield (
                int(start),
                int(end),
                tuple(codes[0]),
                tuple(codes[1]),
                tuple(codes[2]),
                tuple(codes[3]),
            )
        return
    instruments = other["instrument"] if "instrument" in other else [None] * len(other)
    for start, end, said_themes, said in zip(
        other["start"], other["end"], _themes(other), instruments, strict=True
    ):
        said_codes = said_themes or ("general",)
        yield (
            int(start),
            int(end),
            said_codes[:1],
            said_codes,
            said_codes,
            () if missing(said) else (str(said),),
        )


def agreement_table(
    coded: pd.DataFrame,
    other: pd.DataFrame,
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
    level: float = 0.95,
) -> pd.DataFrame:
    """How far `coded` agrees with `other`, over all sentences of `other`: one row a measure, with
    an interval.

    Columns: `measure`, `value`, `low`, `high`, `hits`, `n` (of how many). Measures: `main_accuracy`
    (the main theme is accepted); `main_kappa`, `main_alpha` on the matched sentences with one
    accepted main theme; `codes_precision`, `codes_recall`, `codes_f1` over all codes, where a code
    that `other` only may have is neither right nor wrong; `instrument_accuracy`,
    `instrument_kappa`. A sentence without match counts as wrong, its codes as missed; a value that
    is not defined is null, with a note in `attrs`.

    >>> coded = pd.DataFrame({"start": [0, 9], "end": [9, 20], "themes": [("growth",), ("law",)], "instrument": ["none", "none"]})
    >>> other = coded.assign(themes=[("growth",), ("reform", "law")])
    >>> agreement_table(coded, other).set_index("measure")["value"].head(1).to_dict()
    {'main_accuracy': 0.5}
    """
    check(resamples, level)
    pairs = matched(coded, other)
    n = len(pairs)
    weights = draws(n, resamples, seed)
    rows: list[dict[str, Any]] = []
    notes: list[str] = []

    def share(name: str, right: npt.NDArray[Any], of: npt.NDArray[Any]) -> None:
        low, high = interval(_ratio(weights @ right, weights @ of), level)
        hits, count = int(right.sum()), int(of.sum())
        rows.append(
            dict(
                measure=name,
                value=hits / count if count else None,
                low=low,
                high=high,
                hits=hits,
                n=count,
            )
        )

    def beyond_chance(name: str, coefficient: Coefficient) -> None:
        said = (coefficient.value, coefficient.low, coefficient.high)
        rows.append(
            dict(
                zip(("value", "low", "high"), said, strict=True),
                measure=name,
                hits=None,
                n=coefficient.n,
            )
        )
        notes.extend([f"{name}: {coefficient.note}"] if coefficient.note else [])

    options = dict(resamples=resamples, seed=seed, level=level)
    share("main_accuracy", pairs["agrees"].to_numpy(np.int64), np.ones(n, np.int64))
    sides = _single(pairs, "theme")
    beyond_chance("main_kappa", cohen_kappa(*sides, **options))  # type: ignore[arg-type]
    beyond_chance("main_alpha", krippendorff_alpha(*sides, **options))  # type: ignore[arg-type]
    right, wrong, missed = (cells.sum(1) for cells in _cells(pairs, "theme")[1])
    share("codes_precision", right, right + wrong)
    share("codes_recall", right, right + missed)
    share("codes_f1", 2 * right, 2 * right + wrong + missed)
    told = pairs["instrument_agrees"].notna().to_numpy(np.int64)
    share("instrument_accuracy", pairs["instrument_agrees"].fillna(False).to_numpy(np.int64), told)
    beyond_chance("instrument_kappa", cohen_kappa(*_single(pairs, "instrument"), **options))  # type: ignore[arg-type]
    table = pd.DataFrame(rows, columns=["measure", "value", "low", "high", "hits", "n"])
    return _described(
        table.astype({"hits": "Int64", "value": float, "low": float, "high": float}),
        pairs,
        options,
        notes,
    )


def agreement_by_code(
    coded: pd.DataFrame,
    other: pd.DataFrame,
    *,
    of: str = "theme",
    resamples: int = RESAMPLES,
    seed: int = 0,
    level: float = 0.95,
) -> pd.DataFrame:
    """Precision, recall and F1 of each code, one row a code, the most frequent in `other` first.

    Columns: `code`, `other` (sentences of `other` that must have it), `coded` (sentences coded with
    it), `right`, `wrong`, `missed`, `open` (coded, where `other` only may have it: neither right
    nor wrong), and `precision`, `recall`, `f1`, each with `_low` and `_high`; null where there is
    nothing to divide by. `of`: theme (all codes of a sentence) or instrument.

    >>> coded = pd.DataFrame({"start": [0, 9], "end": [9, 20], "themes": [("growth",), ("law",)], "instrument": ["none", "none"]})
    >>> agreement_by_code(coded, coded.assign(themes=[("growth",), ("reform", "law")]))[["code", "right", "missed"]].values.tolist()
    [['growth', 1, 0], ['law', 1, 0], ['reform', 0, 1]]
    """
    check(resamples, level)
    pairs = matched(coded, other)
    weights = draws(len(pairs), resamples, seed)
    codes, (right, wrong, missed), undecided = _cells(pairs, of)
    rows = []
    for k, code in enumerate(codes):
        r, w, m, o = (cells[:, k] for cells in (right, wrong, missed, undecided))
        row: dict[str, Any] = {
            "code": code,
            "other": int((r + m).sum()),
            "coded": int((r + w + o).sum()),
        }
        row |= {
            "right": int(r.sum()),
            "wrong": int(w.sum()),
            "missed": int(m.sum()),
            "open": int(o.sum()),
        }
        for name, over, of_all in (
            ("precision", r, r + w),
            ("recall", r, r + m),
            ("f1", 2 * r, 2 * r + w + m),
        ):
            row[name] = float(over.sum() / of_all.sum()) if of_all.sum() else np.nan
            low, high = interval(_ratio(weights @ over, weights @ of_all), level)
            row[f"{name}_low"], row[f"{name}_high"] = low, high
        rows.append(row)
    rows.sort(key=lambda row: (-row["other"], row["code"]))
    names = ["code", "other", "coded", "right", "wrong", "missed", "open"]
    measures = [
        f"{name}{end}" for name in ("precision", "recall", "f1") for end in ("", "_low", "_high")
    ]
    table = pd.DataFrame(rows, columns=[*names, *measures]).astype(dict.fromkeys(measures, float))
    return _described(table, pairs, dict(of=of, resamples=resamples, seed=seed, level=level), [])


def confusion(coded: pd.DataFrame, other: pd.DataFrame, *, of: str = "theme") -> pd.DataFrame:
    """How often each main theme of `coded` meets each of `other`, one row a pair that occurs, the
    most frequent first.

    Columns: `theme`, `other`, `count` (sentences); with `of="instrument"` the first is
    `instrument`. Where several are accepted, an accepted one meets itself and any other meets the
    first of them. `theme` is null for sentences without match.

    >>> coded = pd.DataFrame({"start": [0, 9], "end": [9, 20], "themes": [("growth",), ("law",)], "instrument": ["none", "none"]})
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
    if of == "theme":
        return [
            (None if themes is None else themes[0], main)
            for themes, main in zip(pairs["themes"], pairs["main"], strict=True)
        ]
    if of == "instrument":
        said = [None if missing(code) else str(code) for code in pairs["coded_instrument"]]
        return list(zip(said, pairs["instrument"], strict=True))
    raise ThemeError(f"of={of!r}: codings are compared by theme or by instrument")


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
        said = [set(themes or ()) for themes in pairs["themes"]]
        must, may = (
            [set(codes) for codes in pairs["both"]],
            [set(codes) for codes in pairs["either"]],
        )
    else:
        mains = _mains(pairs, of)
        said = [{code} if code is not None and accepted else set() for code, accepted in mains]
        must, may = (
            [set(accepted) if len(accepted) == 1 else set() for _, accepted in mains],
            [set(accepted) for _, accepted in mains],
        )
    codes = sorted(set().union(*said, *may))

    def indicator(sets: list[set[str]]) -> Ints:
        return np.array([[code in some for code in codes] for some in sets], np.int64).reshape(
            len(sets), len(codes)
        )

    s, m, e = indicator(said), indicator(must), indicator(may)
    return codes, (s * m, s * (1 - e), m * (1 - s)), s * e * (1 - m)


def _ratio(over: npt.NDArray[Any], of: npt.NDArray[Any]) -> Floats:
    out = np.full(np.shape(of), np.nan)
    np.divide(over, of, out=out, where=np.asarray(of) > 0)
    return out


def _described(
    table: pd.DataFrame, pairs: pd.DataFrame, options: Mapping[str, Any], notes: list[str]
) -> pd.DataFrame:
    unmatched = pairs.attrs["unmatched"]
    notes = [
        *notes,
        *(
            [f"{len(unmatched)} of {len(pairs)} sentences have no match and count as wrong"]
            if unmatched
            else []
        ),
    ]
    table.attrs = {"sentences": len(pairs), **pairs.attrs}
    table.attrs.update(options)
    table.attrs["note"] = "; ".join(notes)
    return table
