"""A second opinion on themes and instruments: a linear model that learned from coded sentences and
knows none of the phrases.

Ridge regression (Hoerl & Kennard 1970) on codes as zeros and ones, solved in its dual form, which
is exact and quick where sentences are few and features many. Features are n-grams of characters,
weighted by tf-idf, of the sentence, its paragraph, the run-in heading and the heading above, each
in a space of its own. What the model was trained on it never judges: such a sentence is judged by a
model that saw neither it nor its paragraph.
"""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from xiacheng_nlp import resources as bundle
from xiacheng_nlp.errors import ThemeError
from xiacheng_nlp.report.report import Report, load_report
from xiacheng_nlp.statistics import RESAMPLES
from xiacheng_nlp.terms.selection import in_order
from xiacheng_nlp.themes.agreement import agreement_table, matched, read_theme_gold
from xiacheng_nlp.themes.codebook import Codebook
from xiacheng_nlp.themes.coding import code_themes
from xiacheng_nlp.themes.hand_coding import read_sheet
from xiacheng_nlp.themes.model import PARTS, dual, grams, vocabulary

# Set by cross-validation on 330 sentences, to steps of a third or a half; a step up or down moves
# accuracy by about 0.02 at most.
LONGEST = {"text": 3, "paragraph": 3, "run_in": 2, "heading": 2, "place": 1}
"""The longest n-gram of each feature space; four characters gave no more. Each place is one
character."""
WEIGHTS = {
    "theme": {"text": 1.0, "paragraph": 1.0, "run_in": 0.3, "heading": 0.2},
    "instrument": {"text": 1.0, "paragraph": 0.7, "run_in": 0.3, "place": 0.4},
}
FOLDS = 10
RIDGE = {"theme": 2.0, "instrument": 1.0}
_TOGETHER = ("text", "home", "head")
BALANCE = {"theme": 1.0, "instrument": 0.5}
"""A sentence counts for 1/n of its code's sentences to this power: 1 gives rare themes the same say
as frequent ones."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Coder:
    """A trained coder: the sentences that it learned from, with the codes that pass for each
    (`theme`, `instrument`) and the `fold` that keeps it apart from others. Two that learned the
    same are equal, and judge by the same models.

    `unmatched` are the spans of the gold that are no sentences of the report and taught nothing.
    """

    report: str
    unmatched: tuple[tuple[int, int], ...]
    sentences: pd.DataFrame = field(repr=False)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Coder) and self._learned() == other._learned()

    def __hash__(self) -> int:
        return hash(self._learned())

    def _learned(self) -> tuple[object, ...]:
        return self.report, *self.sentences.itertuples(index=False, name=None)


def train_coder(report: Report, gold: pd.DataFrame) -> Coder:
    """A coder that learns from the coded sentences `gold` of `report`: a gold standard, or a
    hand-coded sheet.

    Its sentences are dealt to ten folds by whole paragraphs; those that share a sentence word by
    word stay together. Where a sentence has no instrument, or several accepted ones, it teaches
    that much.

    Raises `ThemeError` where fewer than two groups or two themes are coded, and where no coded
    sentence is in the report.

    >>> text = "各位代表:\\n一、2014年工作\\n新建小学3所。\\n整治河道5条。"  # "schools", "rivers"
    >>> report = Report.parse(text)
    >>> themes = [("education",), ("environment",)]
    >>> sheet = code_themes(report)[["start", "end"]].assign(themes=themes, instrument="supply")
    >>> coder = train_coder(report, sheet)
    >>> coder.sentences[["text", "fold"]].values.tolist()
    [['新建小学3所。', 0], ['整治河道5条。', 1]]
    """
    table = code_themes(report, model=False)
    pairs = matched(table, gold)
    right = pairs.dropna(subset="coded_start").drop_duplicates("coded_start")
    right = right.set_index("coded_start").sort_index()
    sentences = _sentences(report, table.set_index("start", drop=False).loc[right.index])
    groups = _groups(sentences)
    if len(set(groups)) < 2:
        raise ThemeError(
            "the coded sentences stand in one paragraph; a coder learns from two at least"
        )
    if right["main"].str[0].nunique() < 2:
        raise ThemeError("all coded sentences have one theme; a coder learns from two at least")
    sentences["theme"], sentences["instrument"] = right["main"].array, right["instrument"].array
    return Coder(
        report=report.name,
        unmatched=tuple(pairs.attrs["unmatched"]),
        sentences=sentences.assign(fold=_deal(groups, f"0 {report.sha256}")),
    )


def train(
    sheet: pd.DataFrame | str | Path, report: Report, codebook: Codebook | None = None
) -> Coder:
    """A coder that learned from your own coded sheet of `report` (`coding_sheet`: its file, or the
    table of `read_sheet`), by your own codebook; how well it codes paragraphs that it was not
    trained on is printed first. `second_opinion(other_report, coder=coder)` codes with it.

    Raises what `read_sheet` and `train_coder` raise.

    >>> text = "各位代表:\\n一、2014年工作\\n新建小学3所。\\n整治河道5条。"  # "schools", "rivers"
    >>> report = Report.parse(text)
    >>> sheet = code_themes(report)[["start", "end", "themes"]].assign(instrument="supply")
    >>> coder = train(sheet, report)  # two sentences teach nothing of each other's theme
    2 sentences coded, 2 folds: main theme 0.0 % right, instrument 100.0 %
    """
    gold = sheet if isinstance(sheet, pd.DataFrame) else read_sheet(sheet, report, codebook)
    coder = train_coder(report, gold)
    told = agreement_table(second_opinion(report, coder=coder), gold, resamples=1)
    share = told.set_index("measure")["value"] * 100
    folds = coder.sentences["fold"].nunique()
    instrument = share["instrument_accuracy"]
    print(
        f"{len(coder.sentences)} sentences coded, {folds} folds: main theme "
        f"{share['main_accuracy']:.1f} % right, "
        + (f"instrument {instrument:.1f} %" if instrument == instrument else "no instrument coded")
    )
    return coder


def _sentences(report: Report, coded: pd.DataFrame) -> pd.DataFrame:
    """What the model sees of each sentence, and what must stay together with it: the other
    sentences of its paragraph (`home`), and those under its run-in heading (`head`)."""
    titles = {section.id: section.title for section in report.walk()}
    titled = [section.heading_start for section in report.walk()]
    over = coded["heading_start"]
    under = over.notna() & ~over.isin(titled)
    heads = coded["kind"] == "run_in"
    places = [
        chr(0xE000 + 2 * PARTS.index(part or "") + is_head)
        for part, is_head in zip(coded["part"], heads, strict=True)
    ]
    return pd.DataFrame(
        {
            "text": coded["text"],
            "paragraph": [report.paragraphs[k].text for k in coded["paragraph"]],
            "run_in": coded["heading"].where(under, ""),
            "heading": coded["section"].map(titles).fillna(""),
            "place": places,
            "home": coded["paragraph"],
            "head": over.where(under, coded["start"]),
        }
    ).reset_index(drop=True)


def _groups(sentences: pd.DataFrame) -> list[int]:
    """A number for each sentence, the same for those that must not be parted: of one paragraph,
    under one run-in heading, or alike word by word."""
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(range(len(sentences)))
    for name in _TOGETHER:
        for alike in sentences.groupby(name).indices.values():
            nx.add_path(graph, map(int, alike))
    found = enumerate(nx.connected_components(graph))
    home = {place: number for number, some in found for place in some}
    return [home[place] for place in range(len(sentences))]


def _deal(groups: Sequence[int], seed: str) -> list[int]:
    """A fold for each sentence: whole groups, in an order drawn by hash, each to the fold that has
    fewest sentences."""
    size, filled = Counter(groups), [0] * FOLDS
    where = {}
    for group in sorted(size, key=lambda g: hashlib.sha256(f"{seed} {g}".encode()).hexdigest()):
        where[group] = fold = filled.index(min(filled))
        filled[fold] += size[group]
    return [where[group] for group in groups]


@lru_cache(maxsize=64)
def _space(texts: tuple[str, ...], longest: int) -> tuple["pd.Index[int]", Any]:
    """The n-grams of a space, which themes and instruments mostly share."""
    return vocabulary(list(texts), longest=longest)


_Model = tuple[dict[str, Any], list[str], Any]


@lru_cache(maxsize=96)
def _model(coder: Coder, target: str, without: int | None) -> _Model | None:
    """The model for themes or instruments that learned from all folds but one: the n-grams that are
    known in each space, the codes, and what each n-gram adds for each; None where nothing is left
    to learn from."""
    taught = coder.sentences[coder.sentences["fold"] != without]
    sentences = taught[taught[target].str.len() > 0]
    if sentences.empty:
        return None
    known = list(sentences[target])
    spaces = {name: _space(tuple(sentences[name]), LONGEST[name]) for name in WEIGHTS[target]}
    names = sorted({code for codes in known for code in codes})
    answers = np.array([[name in codes for name in names] for codes in known])
    first = np.array([names.index(codes[0]) for codes in known])
    weight = (1 / np.bincount(first)[first]) ** BALANCE[target]
    features = _features(sentences, spaces, target)
    products = (features @ features.T).toarray().astype(float)
    told = dual(products, answers, RIDGE[target] * weight.mean() / weight)
    return spaces, names, features.T @ told


def _features(sentences: pd.DataFrame, known: dict[str, Any], target: str) -> Any:
    """The n-grams of the sentences, space by space, each with the weight that it has there."""
    from scipy.sparse import hstack

    blocks = []
    for name, (keys, idf) in known.items():
        places, texts = sentences[name].factorize()
        blocks.append(
            WEIGHTS[target][name] * grams(list(texts), keys, idf).matrix(len(keys))[places]
        )
    return hstack(blocks, format="csr")


@lru_cache(maxsize=1)
def _own_coder() -> Coder:
    return train_coder(
        load_report(bundle.seed()),
        read_theme_gold(bundle.folder("gold") / "xiacheng-2014.themes.gold.jsonl"),
    )


def second_opinion(
    report: Report, coded: pd.DataFrame | None = None, coder: Coder | None = None
) -> pd.DataFrame:
    """What the coder says of each sentence, one row a sentence of `coded` (by default those of
    `code_themes`), in its order.

    Columns: `start`, `end`, `text`, `part`, `section`, `theme`, `theme_score`, `instrument`,
    `instrument_score`, `seen`. A score is how far the answer is ahead of the runner-up on the scale
    of the model, where 0 is a tie and 1 as sure as a coded sentence; it is no probability. Without
    `coder` it is the one that learned from the coders' gold of the Xiacheng report of 2014.

    A sentence that the coder learned from, be it in another report, is `seen`, and is judged by a
    model trained without the fold that holds it.

    >>> report = Report.parse("各位代表:\\n一、2024年工作\\n新建小学3所。")  # "primary schools"
    >>> opinion = second_opinion(report)
    >>> opinion[["theme", "instrument", "seen"]].values.tolist()
    [['education', 'supply', False]]
    """
    coder = coder or _own_coder()
    table = code_themes(report, model=False) if coded is None else coded
    sentences = _sentences(report, table)
    folds = coder.sentences.set_index("text")["fold"].to_dict()
    judges = [folds.get(text) for text in sentences["text"]]
    opinion = table[["start", "end", "text", "part", "section"]].reset_index(drop=True)
    for target in WEIGHTS:
        opinion = opinion.join(_judged(coder, sentences, judges, target))
    opinion["seen"] = [judge is not None for judge in judges]
    opinion.attrs = {
        "report": report.name,
        "sha256": report.sha256,
        "trained_on": coder.report,
    }
    return opinion


def _judged(
    coder: Coder, sentences: pd.DataFrame, judges: Sequence[int | None], target: str
) -> pd.DataFrame:
    """What the model says of each sentence that has not seen it, and how far that is ahead of the
    runner-up."""
    answers = [(None, np.nan)] * len(sentences)
    for fold in set(judges):
        at = [k for k, judge in enumerate(judges) if judge == fold]
        if model := _model(coder, target, fold):
            spaces, names, weights = model
            scores = _features(sentences.iloc[at], spaces, target) @ weights
            for k, row in zip(at, scores.round(9), strict=True):
                runner_up = np.sort(row)[-2] if len(row) > 1 else 0.0
                answers[k] = (names[row.argmax()], row.max() - runner_up)
    return pd.DataFrame(answers, columns=[target, f"{target}_score"]).astype({target: object})


def cross_validate_coder(
    report: Report, gold: pd.DataFrame, *, resamples: int = RESAMPLES
) -> pd.DataFrame:
    """How far the coder agrees with `gold` on sentences that it was not trained on: the table of
    `agreement_table`.

    Each of ten folds, of whole paragraphs, is judged by a model trained on the others. The coder
    gives one theme a sentence, which bounds `codes_recall`. The weights of the model were set on
    the Xiacheng report of 2014: its figures are slightly better than those of a report never seen.

    Raises what `train_coder` raises.

    >>> from xiacheng_nlp import resources as bundle
    >>> gold = read_theme_gold(bundle.folder("gold") / "xiacheng-2014.themes.gold.jsonl")
    >>> table = cross_validate_coder(load_report(), gold, resamples=10)
    >>> bool(0.3 < table["value"][0] < 0.9)  # far below the codebook's
    True
    """
    opinion = second_opinion(report, coder=train_coder(report, gold))
    return agreement_table(opinion, gold, resamples=resamples)


def disagreements(coded: pd.DataFrame, opinion: pd.DataFrame) -> pd.DataFrame:
    """The sentences on whose main theme or instrument the rules and the second opinion differ, the
    surest opinions first.

    Columns: `start`, `end`, `text`, `part`, `section`, `differs` (theme, instrument or both),
    `themes` and `instrument` as coded, `theme`, `theme_score`, `other_instrument`,
    `instrument_score` of the opinion. `attrs`: how many sentences are `compared`, and how many are
    `without_opinion`.

    >>> from xiacheng_nlp.themes.coding import code_themes
    >>> report = load_report()
    >>> table = disagreements(code_themes(report), second_opinion(report))
    >>> table[["themes", "theme"]].iloc[0].tolist()  # "…, to help build urban infrastructure"
    [('cityman', 'urban'), 'urban']
    """
    of_opinion = ["start", "end", "theme", "theme_score", "other_instrument", "instrument_score"]
    opinion = opinion.rename(columns={"instrument": "other_instrument"})[of_opinion]
    answered = coded.merge(opinion, on=["start", "end"])
    themes = [tuple(codes) or ("general",) for codes in answered["themes"]]
    answered = answered.assign(themes=pd.Series(themes, dtype=object))
    of_theme = answered["theme"] != answered["themes"].str[0]
    other = answered["other_instrument"]
    # A coder that learned no instruments has no opinion of them.
    of_instrument = other.notna() & (other != answered["instrument"])
    kinds = ([of_theme & of_instrument, of_theme], ["both", "theme"], "instrument")
    told = answered.assign(
        differs=np.select(*kinds),
        # By theme first, the surest first.
        last=~of_theme,
        score=answered["theme_score"].where(of_theme, answered["instrument_score"]),
    )
    names = ["start", "end", "text", "part", "section", "differs", "themes", "theme", "theme_score"]
    names += ["instrument", "other_instrument", "instrument_score"]
    table = in_order(told[of_theme | of_instrument], "last", "-score", "start")[names]
    table.attrs = {"compared": len(answered), "without_opinion": len(coded) - len(answered)}
    return table
