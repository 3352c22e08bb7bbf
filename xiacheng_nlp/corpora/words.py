"""The words of many reports as one token table."""

import numpy as np
import pandas as pd

from xiacheng_nlp.corpora.loading import Panel
from xiacheng_nlp.errors import CorpusError
from xiacheng_nlp.terms.selection import TOKEN_COLUMNS
from xiacheng_nlp.words.segmentation import shared_segmenter


def tokens(panel: Panel) -> pd.DataFrame:
    """The words of all sentences that a panel holds, for the measures of `xc.terms`: concordance,
    collocations, keyness of one group of reports against another.

    Columns: `report`, `place`, `level`, `year`, and those of a token table; `start` and `end` count
    in the text of the report, `paragraph` and `sentence` are numbered through the panel. The words
    are those of the general lexicon, in the order of the panel. The reference panel has no
    sentences: for it alone, `CorpusError` is raised.

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
    segmenter = shared_segmenter()
    cut = [segmenter.spans(text) for text in sentences["text"]]
    home = np.repeat(np.arange(len(cut)), [len(starts) for starts, _ in cut])
    places = [np.concatenate(ends) for ends in zip(*cut, strict=True)]
    texts = sentences["text"].tolist()
    words = [texts[row][a:b] for row, a, b in zip(home, *places, strict=True)]
    of_report = ["report", "place", "level", "year"]
    told = sentences.merge(panel.reports[of_report], on="report").iloc[home]
    return told.assign(
        start=told["start"].to_numpy() + places[0],
        end=told["start"].to_numpy() + places[1],
        text=words,
        pos=segmenter.tags(words),
        paragraph=pd.factorize(pd.MultiIndex.from_frame(told[["report", "paragraph"]]))[0],
        sentence=home,
    ).reset_index(drop=True)[[*of_report, *TOKEN_COLUMNS]]
