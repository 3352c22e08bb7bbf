"""Agreement of two codings of the same sentences: precision, recall and F1 of each code, kappa and
alpha, with intervals.

Sentences are matched by their places, not by their text, so that a coding whose sentences end a
little elsewhere still counts. A gold standard may accept several answers: `main` holds every theme
that passes for the main one, `both` the codes that a coding must give, `either` those that it may
give, `instrument` every instrument that passes. A coding by one coder accepts just its own.

All intervals are percentile bootstrap intervals (Efron 1979) over sentences, at 95 %, of so many
`resamples` (2000), the same every time; without any mistake, Wilson's. Sentences of one paragraph
are more alike than sentences drawn at random, so that the true uncertainty is somewhat greater.
"""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from xiacheng_nlp.datafiles import JsonRow, read_json_rows
from xiacheng_nlp.errors import DataFileError, ThemeError, missing
from xiacheng_nlp.files import with_none
from xiacheng_nlp.statistics import RESAMPLES, Ints, share_of, wilson
from xiacheng_nlp.terms.selection import apart
from xiacheng_nlp.themes.codebook import Codebook
from xiacheng_nlp.themes.coefficients import (
    Coefficient,
    cohen_kappa,
    is_missing,
    krippendorff_alpha,
)

GOLD_CODES = ("main", "both", "either", "instrument")
GOLD_COLUMNS = ("id", "start", "end", *GOLD_CODES)


def read_theme_gold(path: str | Path, codebook: Codebook | None = None) -> pd.DataFrame:
    """The gold standard of themes in a JSON Lines file, one row a sentence, in the order of the
    file.

    Columns: `id`, `start`, `end`, and tuples of codes: `main` (each passes for the main theme),
    `both` (must be given), `either` (may be given), `instrument` (each passes).

    Raises `DataFileError` as `file:line: what`; also for what is no code of the `codebook`, where
    one is given.

    >>> from xiacheng_nlp import resources as bundle
    >>> gold = read_theme_gold(bundle.folder("gold") / "xiacheng-2014.themes.gold.jsonl")
    >>> len(gold), gold["main"][2]
    (330, ('investment',))
    """
    rows = []
    seen: dict[tuple[int, int], int] = {}
    for row in read_json_rows(path, required=GOLD_COLUMNS):
        row.check_span(seen, "sentence")
        rows.append(_gold_row(row, codebook))
    if not rows:
        raise DataFileError(f"{Path(path).name}:1: empty; a row a coded sentence was expected")
    return pd.DataFrame(rows, columns=GOLD_COLUMNS)


def is_theme_gold(path: str | Path) -> bool:
    """Whether a JSON Lines file is a gold standard of themes, by its first row; False for a file
    that can't be read.

    >>> from xiacheng_nlp import resources as bundle
    >>> files = sorted(bundle.folder("gold").glob("xiacheng-2014*.gold.jsonl"))
    >>> [is_theme_gold(path) for path in files]
    [False, False, True]
    """
    try:
        rows = read_json_rows(path)
    except DataFileError:
        return False
    return bool(rows) and {"main", "either"} <= rows[0].cells.keys()


def _gold_row(row: JsonRow, codebook: Codebook | None) -> dict[str, Any]:
    codes_of = {key: _codes(row, key) for key in GOLD_CODES}
    if codebook:
        for key, codes in codes_of.items():
            known = codebook.instrument_codes if key == "instrument" else codebook.codes
            if stray := missing(codes, known):
                raise row.error(f"{key}: {stray[0]} is no code of the codebook: {', '.join(known)}")
    for key in ("main", "both"):
        if stray := missing(codes_of[key], codes_of["either"]):
            raise row.error(
                f"{key} holds {', '.join(stray)}, but either does not: a code that a coder gave"
                " stands in either"
            )
    return {key: row[key] for key in ("id", "start", "end")} | codes_of


def _codes(row: JsonRow, key: str) -> tuple[str, ...]:
    codes = row[key]
    if not isinstance(codes, list) or not all(isinstance(code, str) and code for code in codes):
        raise row.error(f"{key} must be a list of codes, not {codes!r:.60}")
    if not codes and key != "both":
        raise row.error(f"{key} must name one code at least")
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

    Raises `ThemeError` where no sentence matches, or the two tables name different reports, or one
    of them several.

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
    said, accepted = _coding(coded).fillna({"instrument": "none"}), accepted_codes(other)
    several = "report" in coded and coded["report"].nunique() > 1
    if several or apart(other).any():
        raise ThemeError(
            "these are codings of several reports, whose places are not told apart: compare those "
            "of one; of several, give both columns of codes to cohen_kappa"
        )
    said = said.sort_values("start", kind="stable", ignore_index=True)
    best = _best(said, accepted)
    taken = set(best[best >= 0].tolist())
    if len(accepted) and not taken:
        raise ThemeError(
            f"none of the {len(accepted)} sentences is among the {len(said)} coded ones; do the "
            "two belong to one report?"
        )
    told = with_none(said.reindex(best)).set_axis(accepted.index)
    pairs = accepted[["start", "end"]].join(told.add_prefix("coded_"))
    pairs = pairs.rename(columns={"coded_themes": "themes"}).join(accepted[list(GOLD_CODES)])
    pairs["agrees"] = [
        themes is not None and themes[0] in main
        for themes, main in zip(pairs["themes"], pairs["main"], strict=True)
    ]
    pairs["instrument_agrees"] = [
        code in passing if passing else None
        for code, passing in zip(pairs["coded_instrument"], pairs["instrument"], strict=True)
    ]
    kinds: dict[str, Any] = {"coded_start": "Int64", "coded_end": "Int64", "agrees": bool}
    pairs = pairs.astype(kinds | {"instrument_agrees": "boolean"})
    unmatched = pairs.loc[best < 0, ["start", "end"]].itertuples(index=False, name=None)
    pairs.attrs = {"unmatched": list(unmatched), "elsewhere": len(said) - len(taken)}
    return pairs


def _best(said: pd.DataFrame, accepted: pd.DataFrame) -> Ints:
    """Which coded sentence each is matched to, the first of several as good; -1 for none."""
    if said.empty:
        return np.full(len(accepted), -1)
    ends = np.minimum.outer(accepted["end"].to_numpy(), said["end"].to_numpy())
    common = ends - np.maximum.outer(accepted["start"].to_numpy(), said["start"].to_numpy())
    best = common.argmax(axis=1)
    own, others = ((some["end"] - some["start"]).to_numpy() for some in (accepted, said))
    return np.where(common.max(axis=1) * 2 >= np.maximum(own, others[best]), best, -1)


def _coding(table: pd.DataFrame) -> pd.DataFrame:
    """Where each sentence stands, its themes, the main one first (none means general), and its
    instrument, None where it is left open."""
    if "themes" in table:
        told = [() if is_missing(codes) else tuple(codes) for codes in table["themes"]]
    elif "theme" in table:
        told = [() if is_missing(code) else (str(code),) for code in table["theme"]]
    else:
        raise ThemeError(
            "a coding has a column themes or theme; this table has "
            + ", ".join(map(str, table.columns))
        )
    means = table["instrument"] if "instrument" in table else [None] * len(table)
    columns = {
        "themes": [codes or ("general",) for codes in told],
        "instrument": [None if is_missing(code) else str(code) for code in means],
    }
    spans = table[["start", "end"]].astype("int64").reset_index(drop=True)
    return spans.join(pd.DataFrame(columns, spans.index, dtype=object))


def accepted_codes(other: pd.DataFrame) -> pd.DataFrame:
    """What passes for the coding of each sentence of a gold standard, or of a coding."""
    if "main" in other and "either" in other:
        return other[["start", "end", *GOLD_CODES]].reset_index(drop=True)
    own = _coding(other)
    themes, means = own["themes"], [(code,) if code else () for code in own["instrument"]]
    passing = (themes.str[:1], themes, themes, pd.Series(means, own.index, dtype=object))
    return own[["start", "end"]].assign(**dict(zip(GOLD_CODES, passing, strict=True)))


def agreement_table(
    coded: pd.DataFrame, other: pd.DataFrame, *, resamples: int = RESAMPLES
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
    pairs = matched(coded, other)
    _, *codes, _ = _cells(pairs)
    judged = pairs["instrument_agrees"]
    measures = _ratios(*(cells.sum(1) for cells in codes))
    themes = _single([some and some[0] for some in pairs["themes"]], pairs["main"])
    instruments = _single(pairs["coded_instrument"], pairs["instrument"])
    told: dict[str, Any] = {
        "main_accuracy": (pairs["agrees"], np.ones(len(pairs))),
        "main_kappa": cohen_kappa(*themes, resamples=resamples),
        "main_alpha": krippendorff_alpha(*themes, resamples=resamples),
        **{f"codes_{name}": counts for name, counts in measures.items()},
        "instrument_accuracy": (judged.fillna(False), judged.notna()),
        "instrument_kappa": cohen_kappa(*instruments, resamples=resamples),
    }
    rows: list[tuple[Any, ...]] = []
    notes = []
    for name, one in told.items():
        if isinstance(one, Coefficient):
            rows.append((name, one.value, one.low, one.high, None, one.n))
            notes += [f"{name}: {one.note}"] if one.note else []
        else:
            over, of = one
            rows.append((name, *_share(over, of, resamples)))
    table = pd.DataFrame(rows, columns=["measure", "value", "low", "high", "hits", "n"])
    table = table.astype({"hits": "Int64", "value": float, "low": float, "high": float})
    return _described(table, pairs, notes, resamples=resamples)


def _ratios(right: Ints, wrong: Ints, missed: Ints) -> dict[str, tuple[Ints, Ints]]:
    """What each measure of codes divides by what."""
    return {
        "precision": (right, right + wrong),
        "recall": (right, right + missed),
        "f1": (2 * right, 2 * right + wrong + missed),
    }


def _share(over: Any, of: Any, resamples: int) -> tuple[float | None, ...]:
    """A share of counts with its interval, which is Wilson's where no resample differs, and both
    counts; None where there is nothing to divide by."""
    over, of = np.asarray(over, np.int64), np.asarray(of, np.int64)
    hits, n = int(over.sum()), int(of.sum())
    if not n:
        return None, None, None, hits, n
    value, low, high = share_of(over, of, resamples)
    if low == high:
        low, high = map(float, wilson(hits, n))
    return value, low, high, hits, n


def agreement_by_code(
    coded: pd.DataFrame, other: pd.DataFrame, *, resamples: int = RESAMPLES
) -> pd.DataFrame:
    """Precision, recall and F1 of each theme, one row a code, the most frequent in `other` first.

    Columns: `code`, `other` (sentences of `other` that must have it), `coded` (sentences coded with
    it), `right`, `wrong`, `missed`, `open` (coded, where `other` only may have it: neither right
    nor wrong), and `precision`, `recall`, `f1`, each with `_low` and `_high`; null where there is
    nothing to divide by.

    >>> coded = pd.DataFrame(dict(start=[0, 9], end=[9, 20], themes=[("growth",), ("law",)]))
    >>> other = coded.assign(themes=[("growth",), ("reform", "law")])
    >>> agreement_by_code(coded, other)[["code", "right", "missed"]].values.tolist()
    [['growth', 1, 0], ['law', 1, 0], ['reform', 0, 1]]
    """
    pairs = matched(coded, other)
    rows = []
    for code, *cells in zip(*(some.T for some in _cells(pairs)), strict=True):
        right, wrong, missed, left_open = (int(some.sum()) for some in cells)
        row = dict(
            code=code,
            other=right + missed,
            coded=right + wrong + left_open,
            right=right,
            wrong=wrong,
            missed=missed,
            open=left_open,
        )
        for name, counts in _ratios(*cells[:3]).items():
            ends = (name, f"{name}_low", f"{name}_high")
            row |= zip(ends, _share(*counts, resamples)[:3], strict=True)
        rows.append(row)
    rows.sort(key=lambda row: (-row["other"], row["code"]))
    names = ["code", "other", "coded", "right", "wrong", "missed", "open"]
    measures = [f"{m}{end}" for m in ("precision", "recall", "f1") for end in ("", "_low", "_high")]
    table = pd.DataFrame(rows, columns=[*names, *measures]).astype(dict.fromkeys(measures, float))
    return _described(table, pairs, [], resamples=resamples)


def confusion(coded: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """How often each main theme of `coded` meets each of `other`, one row a pair that occurs, the
    most frequent first.

    Columns: `theme`, `other`, `count` (sentences). Where several are accepted, an accepted one
    meets itself and any other meets the first of them. `theme` is null for sentences without match.

    >>> coded = pd.DataFrame(dict(start=[0, 9], end=[9, 20], themes=[("growth",), ("law",)]))
    >>> confusion(coded, coded.assign(themes=[("growth",), ("reform", "law")])).values.tolist()
    [['growth', 'growth', 1], ['law', 'reform', 1]]
    """
    pairs = matched(coded, other)
    counts = Counter(
        (themes and themes[0], themes[0] if agrees else main[0])
        for themes, main, agrees in zip(
            pairs["themes"], pairs["main"], pairs["agrees"], strict=True
        )
    )
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0][0] or "", item[0][1]))
    rows = [(*pair, count) for pair, count in ranked]
    return _described(pd.DataFrame(rows, columns=["theme", "other", "count"]), pairs, [])


def _single(said: Iterable[str | None], accepted: Iterable[tuple[str, ...]]) -> list[Any]:
    """Both sides of the matched sentences for which just one answer is accepted."""
    pairs = zip(said, accepted, strict=True)
    both = [(own, some[0]) for own, some in pairs if own is not None and len(some) == 1]
    return [[pair[side] for pair in both] for side in (0, 1)]


def _cells(pairs: pd.DataFrame) -> tuple[Any, ...]:
    """Right, wrong, missed and left open, a row a sentence and a column a code; before them the
    codes."""
    said = [themes or () for themes in pairs["themes"]]
    codes = sorted({code for some in (*said, *pairs["either"]) for code in some})
    given, must, may = (
        np.array([[code in some for code in codes] for some in sets], np.int64).reshape(
            len(pairs), len(codes)
        )
        for sets in (said, pairs["both"], pairs["either"])
    )
    right, wrong, missed = given * must, given * (1 - may), must * (1 - given)
    return np.array(codes), right, wrong, missed, given * may * (1 - must)


def _described(
    table: pd.DataFrame, pairs: pd.DataFrame, notes: list[str], **options: Any
) -> pd.DataFrame:
    if unmatched := len(pairs.attrs["unmatched"]):
        notes += [f"{unmatched} of {len(pairs)} sentences have no match and count as wrong"]
    table.attrs = pairs.attrs | {"sentences": len(pairs), "note": "; ".join(notes), **options}
    return table
