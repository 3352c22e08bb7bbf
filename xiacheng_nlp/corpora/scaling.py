"""Reports on a map: which of them share themes or words."""

import numpy as np
import pandas as pd

from xiacheng_nlp.corpora.loading import Panel
from xiacheng_nlp.errors import CorpusError
from xiacheng_nlp.statistics import Floats
from xiacheng_nlp.themes.codebook import Codebook, load_codebook
from xiacheng_nlp.themes.coded import main_codes


def correspondence(
    panel: Panel,
    codebook: Codebook | None = None,
    *,
    of: str = "themes",
    dimensions: int = 2,
    min_reports: int = 10,
) -> pd.DataFrame:
    """Correspondence analysis of reports × themes, or of reports × terms (Greenacre 2007): a row a
    report and a row a theme or term.

    `of`: themes (characters of the sentences that are mainly about each) or terms (counts, of those
    that at least `min_reports` reports have). Columns: `kind` (report, theme, term), `name` (id,
    code or term), `place`, `level`, `year` (of reports); `mass` (share of all); `d1`, `d2` … (the
    principal coordinates in so many `dimensions`), of which each column's largest theme or term is
    positive; `contribution_1` … (share of the inertia of the dimension). `attrs` has the share of
    the inertia of each dimension. Raises `CorpusError` where a table has too few rows or columns.

    >>> from xiacheng_nlp.corpora.loading import load_panel
    >>> table = correspondence(load_panel())
    >>> table["kind"].unique().tolist(), bool(table.attrs["inertia_1"] >= table.attrs["inertia_2"])
    (['report', 'theme'], True)
    """
    if of not in ("themes", "terms"):
        raise CorpusError(f"of={of!r}: reports are set against themes or terms")
    if of == "themes":
        codes = main_codes(panel.themes, codebook or load_codebook())
        rows = panel.themes.assign(name=codes, size=panel.themes["chars"])
    else:
        spread = panel.terms.groupby("term")["report"].transform("nunique")
        rows = panel.terms.rename(columns={"term": "name", "count": "size"})[spread >= min_reports]
    counts = rows.pivot_table(index="report", columns="name", values="size", aggfunc="sum")
    counts = counts.fillna(0).astype("float64")
    if min(counts.shape) <= dimensions:
        raise CorpusError(
            f"correspondence in {dimensions} dimensions: {counts.shape[0]} reports and "
            f"{counts.shape[1]} {of} are too few"
        )
    ends, inertia = principal(counts.to_numpy(), dimensions)
    tables = []
    for kind, names, (masses, places) in zip(
        ("report", of[:-1]), (counts.index, counts.columns), ends, strict=True
    ):
        made = pd.DataFrame({"kind": kind, "name": names, "mass": masses})
        for axis in range(dimensions):
            made[f"d{axis + 1}"] = places[:, axis]
        for axis in range(dimensions):
            part = masses * places[:, axis] ** 2
            made[f"contribution_{axis + 1}"] = part / part.sum()
        tables.append(made)
    table = pd.concat(tables, ignore_index=True)
    told = panel.reports.set_index("report")[["place", "level", "year"]]
    table = table.merge(told, left_on="name", right_index=True, how="left")
    first = ["kind", "name", "place", "level", "year"]
    table = table[first + [column for column in table.columns if column not in first]]
    table.attrs = {"of": of, "min_reports": min_reports}
    table.attrs |= {f"inertia_{axis + 1}": float(inertia[axis]) for axis in range(dimensions)}
    return table


def principal(
    counts: Floats, dimensions: int
) -> tuple[tuple[tuple[Floats, Floats], tuple[Floats, Floats]], Floats]:
    """Masses and principal coordinates of the rows and of the columns of a table of counts, and the
    shares of the inertia (Greenacre 2007, appendix A)."""
    shares = counts / counts.sum()
    r, c = shares.sum(axis=1), shares.sum(axis=0)
    residuals = (shares - np.outer(r, c)) / np.sqrt(np.outer(r, c))
    left, values, right = np.linalg.svd(residuals, full_matrices=False)
    rows = left[:, :dimensions] * values[:dimensions] / np.sqrt(r)[:, None]
    columns = right[:dimensions].T * values[:dimensions] / np.sqrt(c)[:, None]
    # A dimension may be turned round: its farthest column is made positive.
    signs = np.sign(columns[np.abs(columns).argmax(axis=0), np.arange(dimensions)])
    return ((r, rows * signs), (c, columns * signs)), values**2 / (values**2).sum()
