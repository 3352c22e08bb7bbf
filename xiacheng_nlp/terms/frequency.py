"""How often terms occur, where, and in which part of a report more than in another: frequency,
TF-IDF, keyness, strips.

Rates and sizes are counted in words (tokens with a letter, a Han character or a digit; punctuation
is none), stop words and short words included: what is left out of a table stays in its base.
"""

from collections.abc import Collection
from typing import Unpack

import numpy as np
import pandas as pd

from xiacheng_nlp.errors import TermError, missing
from xiacheng_nlp.report.report import Report
from xiacheng_nlp.statistics import Bools, Floats, Ints, permutation_p
from xiacheng_nlp.terms import contingency
from xiacheng_nlp.terms.selection import (
    SelectionOptions,
    described,
    in_order,
    listed,
    mark,
    tell,
    term_counts,
    unit_codes,
)
from xiacheng_nlp.words.segmentation import tokenize

_KEYNESS_COLUMNS = [
    *("term", "side", "target_count", "reference_count", "target_per_10000", "reference_per_10000"),
    *("g2_two_cell", "chi2", "log_ratio", "p", "p_adjusted"),
]
BY_PARAGRAPHS = ("p_paragraphs", "p_paragraphs_adjusted")
_NO_TERM = "no term is left after stop words, short words and numbers"


def term_frequency(
    tokens: pd.DataFrame,
    *,
    by: str | None = None,
    **select: Unpack[SelectionOptions],
) -> pd.DataFrame:
    """How often each term occurs, in the report or in each part or section (`by`): one row a term
    (and unit).

    Columns: the unit when there is one; `term`; `count`; `per_10000`: per 10,000 words (of the
    unit), punctuation not counted, stop words counted; `paragraphs`: document frequency, in how
    many paragraphs (of the unit) it stands; `paragraph_share`: the same of all paragraphs with a
    word. Sorted by (−count, term), units in the order of the text. `attrs` has the options and
    `words`, the base; `words_in_no_unit` are left out.

    `select`: what makes a word a term, see `SelectionOptions`. A unit, or a report, with nothing
    but stop words has no rows, a `TermWarning` and a note in `attrs`.

    >>> from xiacheng_nlp.terms.selection import token_table
    >>> tokens = token_table([("plan", "1", "加快 发展 楼宇 经济 ， 发展 的 质量")])  # "growth"
    >>> term_frequency(tokens).round(1).head(1).to_dict("records")
    [{'term': '发展', 'count': 2, 'per_10000': 2857.1, 'paragraphs': 1, 'paragraph_share': 1.0}]
    """
    marked = mark(tokens, **select)
    units, names = unit_codes(marked, by)
    is_word, is_term = (marked[name].to_numpy() & (units >= 0) for name in ("is_word", "is_term"))
    paragraph = pd.factorize(marked["paragraph"])[0]
    bases, words_of, paragraphs_of = _tally(units[is_word], paragraph[is_word])
    codes, terms = pd.factorize(marked["term"].to_numpy(object)[is_term], sort=True)
    counted = _tally(units[is_term] * len(terms) + codes, paragraph[is_term])
    unit, term = np.divmod(counted[0], max(1, len(terms)))
    order = np.lexsort((term, -counted[1], unit))
    unit, term, count, paragraphs = (column[order] for column in (unit, term, *counted[1:]))
    of = np.searchsorted(bases, unit)
    table = pd.DataFrame(
        {
            "term": terms[term],
            "count": count,
            "per_10000": 1e4 * count / words_of[of],
            "paragraphs": paragraphs,
            "paragraph_share": paragraphs / paragraphs_of[of],
        }
    )
    filled = set(unit.tolist())
    bare = [str(name) for code, name in enumerate(names) if code not in filled]
    if by is not None:
        table.insert(0, by, np.array(names, object)[unit])
    note = None
    if bare and not table.empty:
        note = tell(f"term_frequency: {by} {', '.join(bare)}: {_NO_TERM}")
    words = int(marked["is_word"].sum())
    options = dict(by=by, words=words, words_in_no_unit=words - int(is_word.sum()))
    return described(table, marked, options, note, empty=f"term_frequency: {_NO_TERM}")


def _tally(cells: Ints, paragraphs: Ints) -> tuple[Ints, Ints, Ints]:
    """Which cells there are, how often each stands there, and in how many paragraphs."""
    found, counts = np.unique(cells, return_counts=True)
    size = paragraphs.max(initial=0) + 1
    pairs = np.unique(cells * size + paragraphs)
    return found, counts, np.unique(pairs // size, return_counts=True)[1]


def tf_idf(
    tokens: pd.DataFrame,
    *,
    by: str = "section",
    level: int | None = None,
    min_count: int = 1,
    **select: Unpack[SelectionOptions],
) -> pd.DataFrame:
    """The terms that tell a section (or part, paragraph) from the others, one row a term and unit.

    tf·idf with tf = count / terms of the unit, idf = ln(units / units that hold the term), as
    tidytext's bind_tf_idf (Silge & Robinson 2016): 0 for a term of every unit.

    Columns: the unit, `term`, `count`, `tf`, `idf`, `tf_idf`. Units in the order of the text, then
    (−tf_idf, term). Units are those with at least one term; `select`: see `SelectionOptions`.
    Raises `TermError` for an unknown unit.

    >>> from xiacheng_nlp.terms.selection import token_table
    >>> tokens = token_table([("plan", "1", "发展 经济"), ("plan", "2", "发展 教育")])
    >>> tf_idf(tokens)[["section", "term", "tf_idf"]].round(3).values.tolist()  # economy, schools
    [['1', '经济', 0.347], ['1', '发展', 0.0], ['2', '教育', 0.347], ['2', '发展', 0.0]]
    """
    marked = mark(tokens, **select)
    units, names = unit_codes(marked, by, level)
    rows = marked.assign(unit=units)[marked["is_term"] & (units >= 0)]
    table = rows.value_counts(["unit", "term"], sort=False).rename("count").reset_index()
    unit = table.groupby("unit")
    documents, held = unit.ngroups, table.groupby("term")["unit"].transform("nunique")
    table["tf"] = table["count"] / unit["count"].transform("sum")
    table["idf"] = np.log(documents / held)
    table["tf_idf"] = table["tf"] * table["idf"]
    table = in_order(table[table["count"] >= min_count], "unit", "-tf_idf", "term")
    table[by] = np.array(names, object)[table["unit"].to_numpy(np.int64)]
    empty = f"tf_idf: no {by} holds a term after stop words and short words"
    options = dict(by=by, level=level, min_count=min_count)
    columns = [by, "term", "count", "tf", "idf", "tf_idf"]
    return described(table[columns], marked, options, empty=empty)


def keyness(
    tokens: pd.DataFrame,
    *,
    target: str | Collection[str],
    reference: str | Collection[str] | None = None,
    min_count: int = 3,
    **select: Unpack[SelectionOptions],
) -> pd.DataFrame:
    """Which terms the target uses more than the reference, and which less: one row a term.

    `target` and `reference` name one or more parts; a target without a reference stands against all
    other words of the table. What else is to be set against each other (two reports, two sections)
    takes the place of the parts: `pd.concat([own.assign(part="own"), other.assign(part="other")])`.

    Columns, a and b the term's counts, c and d the words of target and reference:
    - `term`; `side`: target or reference, where its relative frequency is higher; `target_count` a;
      `reference_count` b; `target_per_10000`; `reference_per_10000`;
    - `g2_two_cell` (log-likelihood, Rayson & Garside 2000), `chi2` (Pearson): is there any;
    - `log_ratio` (bits, 0.5 for a count of 0; Hardie 2014): how large it is;
    - `p`: of G², χ² with one degree of freedom; `p_adjusted`: for the number of terms tested
      (Benjamini & Hochberg 1995);
    - `p_paragraphs`, `p_paragraphs_adjusted`: the same of a test that draws whole paragraphs.

    Terms with a + b below `min_count` are not tested and not shown. Sorted by (−G², term).
    `p` takes words as drawn one by one, which words of a text are not, since they come in bursts:
    read it as a rank, and decide by `p_paragraphs` (Lijffijt et al. 2016). It asks how often the
    count in the target is as far from what its words let expect with the paragraphs shuffled
    between target and reference (`statistics.permutation_p`). It is 0.0001 at least, so that among
    more than 500 terms none passes the correction alone.
    Between groups of several reports it is too bold: the paragraphs of one report share its names.
    A target or reference without words gives an empty table, a `TermWarning` and a note. Raises
    `TermError` where the two share words.

    >>> from xiacheng_nlp.terms.selection import token_table
    >>> review = ("review", "1", "竣工 投资 竣工 任务 竣工 改造")  # 竣工 "completed"
    >>> plan = ("plan", "2", "开工 投资 开工 改造 开工 创新")  # 开工 "started"
    >>> table = keyness(token_table([review, plan]), target="plan", reference="review")
    >>> table[["term", "side", "g2_two_cell", "log_ratio"]].round(2).values.tolist()
    [['开工', 'target', 4.16, 2.58], ['竣工', 'reference', 4.16, -2.58]]
    """
    marked = mark(tokens, **select)
    in_target = marked["part"].isin(listed(target)).to_numpy()
    in_reference = ~in_target
    if reference is not None:
        in_reference = marked["part"].isin(listed(reference)).to_numpy()
    (a, c), (b, d) = (_counts(marked[rows]) for rows in (in_target, in_reference))
    options = dict(target=target, reference=reference, min_count=min_count)
    if void := _void("target", target, c, marked) or _void("reference", reference, d, marked):
        columns = [*_KEYNESS_COLUMNS, *BY_PARAGRAPHS]
        return described(pd.DataFrame(columns=columns), marked, options, tell(void))
    if (in_target & in_reference).any():
        raise TermError(
            f"keyness: target {target} and reference {reference} share words; "
            "name parts that lie apart"
        )
    table = keyness_of_counts(a, b, c, d, min_count=min_count)
    p = _p_by_paragraphs(marked[in_target | in_reference], in_target, table["term"])
    table["p_paragraphs"], table["p_paragraphs_adjusted"] = p, contingency.adjust(p)
    options |= dict(target_words=c, reference_words=d, tested=len(table))
    empty = (
        f"keyness: no term occurs {min_count} times in target and reference together; "
        "lower min_count"
    )
    return described(table, marked, options, empty=empty)


def _p_by_paragraphs(marked: pd.DataFrame, in_target: Bools, terms: "pd.Series[str]") -> Floats:
    """p of each term, with the paragraphs of target and reference shuffled between them."""
    from scipy import sparse  # a fifth of a second to load

    words = marked[marked["is_word"]]
    named = words["term"].where(words["is_term"], "")
    units = words.groupby([~in_target[words.index], words["paragraph"], named])
    held = units.size().unstack(fill_value=0)
    target = ~held.index.get_level_values(0).to_numpy(bool)
    size, counts = held.sum(axis=1).to_numpy(float), held[terms].to_numpy(float)
    # Sums of whole numbers are the same in every order, so that what is as far counts as such.
    usual, there = counts.sum(axis=0) / size.sum(), sparse.csr_array(counts.T)
    return permutation_p(
        lambda orders: (there @ orders.T).T - np.outer(orders @ size, usual), target.astype(float)
    )


def keyword_counts(report: Report, keywords: str | Collection[str]) -> pd.DataFrame:
    """How often each string stands in the report, whatever it is a part of, beside its count as a
    word: one row a keyword, in their order.

    Columns: `keyword`; `strings`: how often the characters stand there, as a spreadsheet or a text
    editor counts them; of these `words` are a word of their own, `in_words` lie inside a longer
    word (改革 in 改革开放), `across` over the border of two words. The annex
    that explains terms is left out.

    >>> report = Report.parse("各位代表:\\n深化改革,扩大改革开放。")  # "deepen reform, open up"
    >>> keyword_counts(report, ["改革", "开放"]).values.tolist()
    [['改革', 2, 1, 1, 0], ['开放', 1, 0, 1, 0]]
    """
    text = "\n".join(p.text for p in report.paragraphs if p.part != "glossary")
    words = tokenize(report)["text"]
    rows = []
    for keyword in listed(keywords):
        if not keyword.strip():
            raise TermError("keyword_counts: a keyword has no character; give words such as 改革")
        whole = int((words == keyword).sum())
        inside = int(words.map(lambda word, key=keyword: word.count(key)).sum()) - whole
        strings = text.count(keyword)
        rows.append((keyword, strings, whole, inside, strings - whole - inside))
    return pd.DataFrame(rows, columns=["keyword", "strings", "words", "in_words", "across"])


def _void(role: str, asked: object, size: int, marked: pd.DataFrame) -> str | None:
    """What to say of a target or a reference without words, and which parts there are."""
    if size:
        return None
    there = ", ".join(marked["part"].dropna().astype(str).unique()) or "none"
    named = f"part {asked}" if asked is not None else "the words outside the target"
    return f"keyness: the {role}, {named}, holds no word; the parts of the text: {there}"


def keyness_of_counts(
    a: "pd.Series[int]", b: "pd.Series[int]", c: int, d: int, *, min_count: int
) -> pd.DataFrame:
    """The table of `keyness` for counts that are known: `a` and `b` by term in target and
    reference, which have `c` and `d` words.

    >>> a, b = pd.Series({"创新": 9}), pd.Series({"创新": 1})  # "innovation"
    >>> table = keyness_of_counts(a, b, 100, 100, min_count=3)
    >>> table[["term", "side", "g2_two_cell"]].round(2).values.tolist()
    [['创新', 'target', 7.36]]
    """
    counts = pd.DataFrame({"a": a, "b": b}).fillna(0).sort_index()
    counts = counts[counts["a"] + counts["b"] >= min_count]
    x, y = (counts[name].to_numpy(float) for name in ("a", "b"))
    table = pd.DataFrame(
        {
            "term": counts.index.to_numpy(object),
            "side": np.select([x / c > y / d, x / c < y / d], ["target", "reference"], "even"),
            "target_count": x.astype(np.int64),
            "reference_count": y.astype(np.int64),
            "target_per_10000": 1e4 * x / c,
            "reference_per_10000": 1e4 * y / d,
            "g2_two_cell": contingency.g2_two_cell(x, y, c, d),
            "chi2": contingency.chi2(x, y, c - x, d - y),
            "log_ratio": contingency.log_ratio(x, y, c, d),
        }
    )
    table["p"] = contingency.p_value(table["g2_two_cell"])
    table["p_adjusted"] = contingency.adjust(table["p"])
    return in_order(table, "-g2_two_cell", "term")


def _counts(marked: pd.DataFrame) -> tuple["pd.Series[int]", int]:
    """The counts of the terms among these rows, and the number of words there."""
    return term_counts(marked), int(marked["is_word"].sum())


def strips(tokens: pd.DataFrame, terms: str | Collection[str]) -> pd.DataFrame:
    """Where each occurrence of the terms stands in the report, for dispersion strips: one row an
    occurrence.

    Columns: `term`, `start`, `end` (span in `report.text`), `position` (share of the report's words
    that come before it, 0 to below 1), `part`, `section`. In the order of `terms`, then of the
    text. A term without an occurrence is named in a `TermWarning` and in `attrs["note"]`.

    >>> from xiacheng_nlp.terms.selection import token_table
    >>> tokens = token_table([("review", "1", "社区 服务 。"), ("plan", "2", "发展 社区")])
    >>> strips(tokens, ["社区"])[["term", "start", "position", "section"]].values.tolist()
    [['社区', 0, 0.0, '1'], ['社区', 8, 0.75, '2']]
    """
    wanted = listed(terms)
    marked = mark(tokens, stop_words=None, min_length=1)
    words = marked[marked["is_word"]]
    words = words.assign(position=np.arange(len(words)) / max(len(words), 1))
    found = words[words["term"].isin(wanted)]
    table = in_order(found.assign(order=found["term"].map(wanted.index)), "order", "start")
    absent = missing(wanted, table["term"])
    note = tell(f"strips: {', '.join(absent)}: no such word in the report") if absent else None
    table = table[["term", "start", "end", "position", "part", "section"]]
    return described(table, marked, {"terms": wanted, "words": len(words)}, note)
