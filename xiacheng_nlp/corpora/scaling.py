"""Reports on a map: which of them share themes or words."""

import numpy as np
import pandas as pd

from xiacheng_nlp.corpora.loading import Panel
from xiacheng_nlp.errors import CorpusError, one_of
from xiacheng_nlp.statistics import Floats
from xiacheng_nlp.terms.selection import WHOSE
from xiacheng_nlp.themes.codebook import load_codebook
from xiacheng_nlp.themes.coded import main_codes, over_sum

AXES = (0, 1)
"""The dimensions that are told, the first two."""
MIN_REPORTS = 10
"""Reports that have a term at least: rarer ones set apart who uses them, and no more."""


def correspondence(panel: Panel, *, of: str = "themes") -> pd.DataFrame:
    """Correspondence analysis of reports × themes, by the characters of the sentences that are
    mainly about each, or of reports × terms that ten reports have, by their counts (Greenacre
    2007): a row a report and a row a theme or term.

    `of`: themes or terms. Columns: `kind` (report, theme, term), `name` (id, theme or term), of
    themes `name_en`; `place`, `level`, `year`, `own` (of reports; whether it is the one at hand);
    `mass` (share of all); `d1`, `d2` (the principal coordinates in two dimensions, in each of which
    the farthest theme or term is positive); `contribution_1`, `contribution_2` (to the inertia of
    the dimension, 0 to 1). `attrs` has the share of all inertia in each, `inertia_1` and
    `inertia_2`. Two reports, or two themes, lie on one line: `d2` is 0 there, and contributions to
    it are null. Raises `CorpusError` for fewer than two reports or themes, and for another `of`.

    >>> from xiacheng_nlp.corpora.loading import load_panel
    >>> table = correspondence(load_panel())
    >>> table["kind"].unique().tolist(), bool(table.attrs["inertia_1"] >= table.attrs["inertia_2"])
    (['report', 'theme'], True)
    """
    one_of("of", of, ("themes", "terms"), CorpusError)
    codebook = load_codebook()
    if of == "themes":
        rows = panel.themes.assign(
            name=main_codes(panel.themes, codebook), size=panel.themes["chars"]
        )
    else:
        spread = panel.terms.groupby("term")["report"].transform("nunique")
        rows = panel.terms.rename(columns={"term": "name", "count": "size"})[spread >= MIN_REPORTS]
    # pandas keeps, and turns, each column that may hold nulls by itself, here thousands.
    plain = rows.astype({"size": float})
    counts = plain.pivot_table(index="name", columns="report", values="size", aggfunc="sum").T
    if min(counts.shape) < len(AXES):
        raise CorpusError(
            f"{counts.shape[0]} reports and {counts.shape[1]} {of} are too few to be set out"
        )
    ends, inertia = principal(counts.fillna(0).to_numpy(float))
    tables = []
    sides = zip(("report", of[:-1]), (counts.index, counts.columns), ends, strict=True)
    for kind, names, (masses, places) in sides:
        made = pd.DataFrame({"kind": kind, "name": names, "mass": masses})
        parts = masses[:, None] * places**2
        made[["d1", "d2"]] = places
        made[["contribution_1", "contribution_2"]] = over_sum(parts.T).T
        tables.append(made)
    # The last digits depend on the processor.
    table = pd.concat(tables, ignore_index=True).round(9)
    told = panel.reports[WHOSE].set_index("report")
    told["own"] = told.index == panel.own
    table = told.merge(table, right_on="name", left_index=True, how="right")
    themes = {theme.code: (theme.zh, theme.en) for theme in codebook.themes}
    both = [themes.get(name, (name, name)) for name in table["name"]]
    table[["name", "name_en"]] = pd.DataFrame(both, index=table.index)
    table = table.reset_index(drop=True)
    table.attrs = {"of": of}
    table.attrs |= {f"inertia_{axis + 1}": round(float(inertia[axis]), 9) for axis in AXES}
    return table


def principal(
    counts: Floats,
) -> tuple[tuple[tuple[Floats, Floats], tuple[Floats, Floats]], Floats]:
    """Masses and principal coordinates of the rows and of the columns of a table of counts, and the
    shares of the inertia (Greenacre 2007, appendix A)."""
    shares = counts / counts.sum()
    r, c = shares.sum(axis=1), shares.sum(axis=0)
    residuals = (shares - np.outer(r, c)) / np.sqrt(np.outer(r, c))
    left, values, right = np.linalg.svd(residuals, full_matrices=False)
    # What is left of a dimension that there is not is noise of the processor.
    values[values < 1e-9] = 0
    rows = left[:, AXES] * values.take(AXES) / np.sqrt(r)[:, None]
    columns = right[AXES, :].T * values.take(AXES) / np.sqrt(c)[:, None]
    # A dimension may be turned round: its farthest column is made positive.
    signs = np.sign(columns[np.abs(columns).argmax(axis=0), AXES])
    # Without the minus before a 0.
    return ((r, rows * signs + 0.0), (c, columns * signs + 0.0)), over_sum(values**2)
