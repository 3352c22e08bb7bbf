"""The words of many reports as one token table."""

import numpy as np
import pandas as pd

from xiacheng_nlp.corpora.loading import Panel
from xiacheng_nlp.errors import CorpusError
from xiacheng_nlp.terms.selection import TOKEN_COLUMNS, WHOSE
from xiacheng_nlp.words.segmentation import shared_segmenter


def tokens(panel: Panel) -> pd.DataFrame:
    """The words of all sentences that a panel holds, for the measures of `xc.terms`: concordance,
    collocations, keyness of one group of reports against another.

    Columns: `report`, `place`, `level`, `year`, and those of a token table; `start` and `end` count
    in the text of the report and are null in a sentence within which its source breaks a line (a
    panel does not hold where), `paragraph` and `sentence` are numbered through the panel. The words
    are those of `tokenize(report, learning=False)` but for headings, in the order of the panel. The
    reference panel has no sentences: for it alone, `CorpusError` is raised.

    >>> from xiacheng_nlp.corpora.loading import join
    >>> from xiacheng_nlp.report.report import load_report
    >>> from xiacheng_nlp.terms.cooccurrence import concordance
    >>> found = concordance(tokens(join(load_report())), "楼宇经济", width=4)  # "building economy"
    >>> found[["place", "left", "term", "right"]].iloc[0].tolist()
    ['下城区', '37%。', '楼宇经济', '健康发展']
    """
    sentences = panel.themes[panel.themes["text"].notna()]
    if sentences.empty:
        raise CorpusError("the panel has no sentences: load reports of your own")
    sentences = sentences.merge(panel.reports[WHOSE], on="report")
    sentences["paragraph"] = sentences.groupby(["report", "paragraph"], sort=False).ngroup()
    sentences["sentence"] = range(len(sentences))
    segmenter = shared_segmenter()
    made = []
    # A report is cut as a whole, as `tokenize` does: what it says often is then cut alike.
    for _, own in sentences.groupby("report", sort=False):
        (starts, ends), words, tags = segmenter.read("\n".join(own["text"]))
        sizes = own["text"].str.len()
        begins = np.cumsum([0, *(sizes + 1)])
        row = np.searchsorted(begins, starts, "right") - 1
        whole = own["end"] - own["start"] == sizes
        told = own.assign(start=own["start"].astype("Int64").where(whole) - begins[:-1]).iloc[row]
        shift = told["start"]
        made.append(told.assign(start=shift + starts, end=shift + ends, text=words, pos=tags))
    return pd.concat(made, ignore_index=True)[[*WHOSE, *TOKEN_COLUMNS]]
