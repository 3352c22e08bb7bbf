"""Reports side by side: the same indicator in all of them, what was promised and what came of it,
words and themes by report and year.

Reports of the same place in years that follow one another are what promises are checked by; what a
place and a year are is told by the table `reports` of the panel, and a metadata table given to
`corpus` corrects it.
"""

from collections.abc import Collection, Hashable, Sequence
from dataclasses import replace
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from xiacheng_nlp.corpora.dictionaries import dictionary_share as dictionary_share
from xiacheng_nlp.corpora.ladder import by_level as by_level
from xiacheng_nlp.corpora.ladder import ladder
from xiacheng_nlp.corpora.ladder import peers as peers
from xiacheng_nlp.corpora.loading import Panel
from xiacheng_nlp.corpora.loading import join as join
from xiacheng_nlp.corpora.loading import subset as subset
from xiacheng_nlp.corpora.otherwise import in_other_words
from xiacheng_nlp.corpora.reuse import shared_passages as shared_passages
from xiacheng_nlp.corpora.reuse import text_reuse as text_reuse
from xiacheng_nlp.corpora.scaling import correspondence as correspondence
from xiacheng_nlp.corpora.words import tokens as tokens
from xiacheng_nlp.datafiles import read_table
from xiacheng_nlp.errors import CorpusError, one_of
from xiacheng_nlp.files import with_none
from xiacheng_nlp.observations.comparison import (
    TOLERANCE,
    allowed,
    common_name,
    likeness,
    says_which,
)
from xiacheng_nlp.observations.context import has_other_base
from xiacheng_nlp.observations.headlines import is_ceiling
from xiacheng_nlp.observations.observation import signed_ends
from xiacheng_nlp.observations.periods import is_year
from xiacheng_nlp.statistics import CONFIDENCE, clustered, share_over, wilson
from xiacheng_nlp.terms.frequency import keyness_of_counts
from xiacheng_nlp.terms.selection import WHOSE, arranged, in_order, load_stop_words, tell
from xiacheng_nlp.themes.codebook import load_codebook
from xiacheng_nlp.themes.coded import THEME_COLUMNS, crossed, main_codes, theme_table, weigh
from xiacheng_nlp.themes.correction import untangled

FATES = ("kept", "missed", "undecided", "not reported", "no later report")
"""What came of a target; undecided: the outcome is a range that the target falls into, was told
with a bound of its own, or only looks like the target's; not reported: the next report tells no
number that looks like it, though words may tell what came of it (全部完成)."""

FAR = 5
"""How many times the one a target or an outcome is where the other is likely of another scope: the
firms drawn in and all firms, a site and the city. Of eight that were read seven were."""

FIRM, STRIVING = ("确保", "必须"), ("力争", "争取", "努力")
"""Words before a target: it must be reached, it is striven for."""

PRODUCT = "地区生产总值"
"""The gross product, whose growth every report promises."""


MIN_COUNT = 3
"""Occurrences of a term that keyness is told of."""

RESAMPLES = 200
"""Draws of reports and of the coder's matrix for the interval of a corrected share."""

_KEY = ["place", "indicator", "measure", "unit_base", "period"]
_VALUES = ["value", "value_high"]
_STATED = [
    *("measure", "unit_base", "period", "status", "value", "value_high", "bound", "modal"),
    *("comparison", "text", "name", "id", "start"),
]


def aligned(panel: Panel, *, min_reports: int = 2, names: str | Path | None = None) -> pd.DataFrame:
    """The same indicators in all reports: one row an outcome or a target of an indicator that
    `min_reports` reports state.

    Names are one where they are letter for letter the same but for the scope (全省, 全市 …) and the
    verb of gaining, or where both are wordings of one headline indicator (GDP, 国内生产总值,
    全省生产总值: see data/observations/headline_indicators.tsv); nothing else is guessed.
    `names`: a table of the user's with tabs, headed name and indicator, that tells further wordings
    of an indicator and goes before these rules.

    Columns: `indicator` (the name in common); `reports`, how many state it; `report`, `place`,
    `level`, `year` of the report; `measure`; `unit_base`; `period`; `status` (actual, target);
    `value`, `value_high` (signed exact decimals in that unit; the lower and, for a range, the upper
    end); `bound`; `modal`; `comparison`; `text` (as written); `name` (as the report has it); `id`,
    `start` of the observation. Sorted by (−reports, indicator, measure, unit_base, place, period,
    year, start).

    >>> from xiacheng_nlp.corpora.loading import load_panel
    >>> table = aligned(load_panel())
    >>> table = table[table["indicator"] == "城镇新增就业"]  # "new urban jobs"
    >>> table[["measure", "unit_base"]].value_counts().index[0]
    ('level', '人')
    """
    rows = panel.observations.dropna(subset=["indicator", "value_base"])
    rows = rows[rows["status"].isin(["actual", "target"])]
    told_names = read_table(names, columns=("name", "indicator"), key="name") if names else ()
    common = {name: common_name(name) for name in rows["indicator"].unique()}
    common |= {row["name"]: row["indicator"] for row in told_names}
    told = zip(rows["value_base"], rows["value_base_high"], rows["sign"], strict=True)
    ends = [
        (low, None if high is None else end)
        for value, high, sign in told
        for low, end in [signed_ends(value, high, -1 if sign == -1 else 1)]
    ]
    made = rows.assign(
        name=rows["indicator"],
        indicator=rows["indicator"].map(common),
        **pd.DataFrame(ends, rows.index, _VALUES, dtype=object),
    )
    made = made.merge(panel.reports[WHOSE], on="report")
    made["reports"] = made.groupby("indicator")["report"].transform("nunique").astype("int64")
    made = made[made["reports"] >= min_reports]
    order = ["-reports", "indicator", "measure", "unit_base", "place", "period", "year", "start"]
    table = in_order(made, *order)[["indicator", "reports", *WHOSE, *_STATED]]
    table.attrs = {"min_reports": min_reports, "panel_reports": len(panel.reports)}
    return table


def series(panel: Panel, indicator: str, *, measure: str = "growth") -> pd.DataFrame:
    """How an indicator ran in each place: a row a place and period, the outcome beside the target.

    `indicator` is its name in common (`aligned`) or any of its wordings (GDP); the base unit is
    that of most rows. Averages over several years and growth since an earlier one are left out;
    where a place tells a period twice, the first stands, of targets the first with a bound (左右,
    以上).

    Columns: `indicator`, `measure`, `unit_base`, `place`, `level`, `period`; `outcome`, `target`
    (signed decimals; None where none is stated), `target_high`; `outcome_bound`, `target_bound`;
    `outcome_text`, `target_text`; `outcome_report`, `target_report` (ids). The place of the report
    at hand comes first, then the nation, provinces, and so on down. An indicator that no
    report states with that measure gives an empty table, a `TermWarning` and a note.

    >>> from xiacheng_nlp.corpora.loading import load_panel
    >>> run = series(load_panel(), "地区生产总值")  # "gross regional product"
    >>> run = run[(run["place"] == "中国") & (run["period"] == "2024")]
    >>> run[["outcome_text", "target_text"]].values.tolist()
    [['5%', '5%左右']]
    """
    table = aligned(panel, min_reports=1)
    if not (table["indicator"] == indicator).any():
        indicator = common_name(indicator)
    there = table[table["indicator"] == indicator]
    found = there[there["measure"] == measure]
    note = None
    if found.empty:
        near = get_close_matches(indicator, table["indicator"].unique())
        without = f"nothing (like it: {', '.join(near)})" if near else "nothing"
        note = tell(
            f"series: no report of the panel states a {measure} of {indicator};"
            f" of it there is {', '.join(sorted(set(there['measure']))) or without}"
        )
    unit = None if note else str(found["unit_base"].value_counts().sort_index().idxmax())
    found = _of_one_year(found[found["unit_base"] == unit])
    key, columns = ["place", "period"], ("value_high", "bound", "text", "report")
    both = pd.merge(
        _side("outcome", found[found["status"] == "actual"], key, columns, "level"),
        _side("target", found[found["status"] == "target"], key, columns, "level"),
        on=["place", "level", "period"],
        how="outer",
    )
    own = panel.reports.loc[panel.reports["report"] == panel.own, "place"]
    both = in_order(arranged(by_level(in_order(both, *key)), "place", own))
    pairs = [f"{side}_{of}" for of in columns[1:] for side in ("outcome", "target")]
    both = both[["place", "level", "period", "outcome", "target", "target_high", *pairs]]
    asked = {"indicator": indicator, "measure": measure, "unit_base": unit}
    both = with_none(both).assign(**asked)[[*asked, *both.columns]]
    both.attrs = dict(indicator=indicator, measure=measure, unit=unit)
    both.attrs |= {"panel_reports": len(panel.reports)} | ({"note": note} if note else {})
    return both


def _side(
    side: str, rows: pd.DataFrame, key: list[str], columns: Collection[str], *more: str
) -> pd.DataFrame:
    """The first row of each key as one side of a pair, of targets the first with a bound: its value
    is called `side`, its columns `side_bound` and so on; those named in `more` keep their names."""
    if side == "target":
        # An outcome that the plan tells again without a year is read as a target; it has no bound.
        rows = rows.sort_values("bound", key=lambda bound: bound == "=", kind="stable")
    named = {"value": side}
    named |= {column: f"{side}_{column.removeprefix('value_')}" for column in columns}
    return rows.drop_duplicates(key).sort_index()[[*key, *more, *named]].rename(columns=named)


def _of_one_year(table: pd.DataFrame) -> pd.DataFrame:
    told = [*with_none(table[["comparison", "period"]]).itertuples(index=False, name=None)]
    fit = {(said, of): is_year(of) and not has_other_base(said, of) for said, of in set(told)}
    return table.loc[[fit[pair] for pair in told]]


_INDICATOR = ("indicator", "measure", "unit_base")
_BESIDE_ABOVE = [
    *("year", "place", "level", "target", "target_high", "text"),
    *("above", "above_level", "above_target", "above_text", "difference"),
    *("report", "above_report"),
]
_LONG = [
    *("place", "code", "level", "year", "period", "indicator", "measure", "unit_base", "status"),
    *("value", "value_high", "bound", "modal", "comparison", "text", "report", "id"),
]
_KEPT = [
    *("place", "level", "period", "indicator", "measure", "unit_base"),
    *("target", "target_high", "target_bound", "outcome", "outcome_high", "outcome_bound"),
    *("gap", "ceiling", "verdict", "target_text", "outcome_text"),
    *("outcome_name", "target_report", "outcome_report", "target_id", "outcome_id"),
]


def kept_promises(panel: Panel) -> pd.DataFrame:
    """What came of each target: that of the report of year t beside the outcome in the same place's
    report of t + 1.

    The direction is that of the words: at least, unless a bound (以内, 不超过) or 控制 sets a
    ceiling, the target is a fall (下降3.9%以上) or, but for growth, lower than what the plan starts
    from (从3018项压减到1000多项), or less is wanted of the indicator (prices, unemployment:
    `better` in data/observations/headline_indicators.tsv). A target of about (左右) is kept when
    the outcome misses it by no more than a twentieth of its size. Where the outcome is a range,
    about, or has a bound, the verdict is what every value it allows says, else undecided. Where
    nothing is told under the target's name the likest name is taken: made of the same characters,
    it is the outcome. Where one is only like it, or tells another measure (a level, and growth was
    promised) or several years, the verdict is undecided, and `outcome_name`, `outcome_text` and
    `outcome_id` say what stands there. It is undecided too where, but for growth, the one is
    `FAR` times the other. What the next plan starts from (由420元提高到450元) is the least that was
    reached where its review tells none. No promises are the whole investment of projects (总投资),
    a name that does not say which (项目), the number of people who are there (高校毕业生), and
    numbers that are spelled out and have no unit (两大, 千亿级).

    Columns: `place`, `level`, `period` (the target's year), `indicator` (in common), `measure`,
    `unit_base`; `target`, `target_high`, `target_bound`, `outcome`, `outcome_high`, `outcome_bound`
    (signed decimals); `gap` (outcome − target in that unit, for rates percentage points; 0 inside a
    range; None without outcome); `ceiling` (whether less is better); `verdict` (one of `FATES`);
    `target_text`, `outcome_text` (as written), `outcome_name` (as the next report has it);
    `target_report`, `outcome_report`, `target_id`, `outcome_id`. In the order of `aligned`.

    >>> from xiacheng_nlp.corpora.loading import load_panel
    >>> kept = kept_promises(load_panel())
    >>> kept = kept.set_index(["place", "period", "indicator", "measure"])
    >>> row = kept.loc["中国", "2024", "地区生产总值", "growth"]  # "gross product: about 5 %"
    >>> row["target_text"], row["outcome_text"], row["verdict"]
    ('5%左右', '5%', 'kept')
    """
    table = aligned(panel, min_reports=1)
    table = table[table["place"].notna() & table["year"].notna()]
    starts = _starts(table, panel.observations)
    begun = _side("begun", starts, ["report", *_INDICATOR], ())
    found = _of_one_year(pd.concat([table, starts])).merge(begun, how="left")
    year = found["year"].astype("int64")
    targets = found[(found["status"] == "target") & (found["period"] == year.astype(str))]
    outcomes = found[(found["status"] == "actual") & (found["period"] == (year - 1).astype(str))]
    columns = ("value_high", "bound", "text", "report", "id")
    said = _side("outcome", outcomes, _KEY, (*columns, "name"))
    both = pd.merge(
        _side("target", targets[_are_promises(targets)], _KEY, columns, "level", "modal", "begun"),
        said,
        on=_KEY,
        how="left",
    )
    planned = panel.observations.loc[panel.observations["part"] == "plan", "id"]
    others = table[(table["status"] == "actual") & ~table["id"].isin(planned)]
    others = others.assign(period=(others["year"].astype("int64") - 1).astype(str))
    others = _side("outcome", others, _KEY, (*columns, "name"))
    like = likeness(pd.concat([both, said, others])["indicator"])
    wanting = both.loc[both["outcome"].isna(), ["place", "period"]].drop_duplicates()
    others = others[~others["outcome_id"].isin(said["outcome_id"])].merge(wanting)
    rows, beside, elsewhere = (
        with_none(some).to_dict("records") for some in (both, said.merge(wanting), others)
    )
    there = set(panel.reports[["place", "year"]].astype(str).itertuples(index=False, name=None))
    told = in_other_words(rows, beside, elsewhere, like)
    result = pd.DataFrame([row | _judged(row, there) for row in told], columns=_KEPT)
    result.attrs = {"tolerance": float(TOLERANCE), "panel_reports": len(panel.reports)}
    return result


def _starts(found: pd.DataFrame, observations: pd.DataFrame) -> pd.DataFrame:
    """What plans start from (由420元提高到450元) as the least that was reached the year before."""
    planned = observations[(observations["part"] == "plan") & observations["period"].isna()]
    starts = found[(found["status"] == "actual") & found["id"].isin(planned["id"])]
    return starts.assign(period=(starts["year"].astype("int64") - 1).astype(str), bound=">=")


def _are_promises(targets: pd.DataFrame) -> "pd.Series[bool]":
    is_bare = (targets["unit_base"] == "") & (targets["measure"] == "level")
    is_spelled = is_bare & ~targets["text"].str.contains(r"\d")
    return targets["indicator"].map(says_which) & ~is_spelled


def _judged(row: dict[Hashable, Any], there: Collection[tuple[Any, str]]) -> dict[str, Any]:
    """The gap, whether the target is a ceiling, and the verdict."""
    low, bound = row["target"], row["target_bound"]
    high = low if row["target_high"] is None else row["target_high"]
    ceiling = is_ceiling(bound, row["modal"], row["indicator"], falls=low < 0)
    # Of a rate of growth that is set lower it is still the more the better.
    ceiling |= row["measure"] != "growth" and row["begun"] is not None and row["begun"] > high
    if row["outcome"] is None:
        later = (row["place"], str(int(row["period"]) + 1)) in there
        verdict = "not reported" if later else "no later report"
        verdict = "undecided" if row["outcome_id"] else verdict
        return {"gap": None, "ceiling": ceiling, "verdict": verdict}
    done = row["outcome"], row["outcome"] if row["outcome_high"] is None else row["outcome_high"]
    slack = TOLERANCE * abs(low) if bound == "~" else Decimal(0)
    need = low - slack
    least, most = allowed(*done, row["outcome_bound"])
    if ceiling:
        # The same as a floor, seen in a mirror.
        need, least, most = -(high + slack), -most, -least
    if bound in ("<", ">"):
        need = need.next_plus()
    verdict = "kept" if least >= need else "missed" if most < need else "undecided"
    verdict = "undecided" if _are_far(row["measure"], low, done[0]) else verdict
    # How far the outcome lies above the target, or below it; 0 where it reaches into its range.
    gap = max(done[0] - high, Decimal(0)) or min(Decimal(0), done[1] - low)
    return {"gap": gap, "ceiling": ceiling, "verdict": verdict}


def _are_far(measure: str, target: Decimal, done: Decimal) -> bool:
    less, more = sorted((abs(target), abs(done)))
    return measure != "growth" and 0 < FAR * less <= more


def kept_by(kept: pd.DataFrame, by: str | Sequence[str] = _INDICATOR) -> pd.DataFrame:
    """How often targets were kept: a row for each group of the table of `kept_promises`.

    `by`: a column of that table or some, such as level, period or ceiling; by default `indicator`,
    `measure` and `unit_base`. Columns: those, `targets`, and of these `kept`, `missed`,
    `undecided`, `not_reported`, `no_later_report`, which add up to it; `share` (kept of kept and
    missed; null where none was decided) with its score interval `low`, `high`
    (Wilson 1927; across indicators over reports, see `statistics.clustered`, and null for one);
    `median_gap` (outcome − target in the unit; null without outcomes and across indicators). Sorted
    by (−decided, −targets, the columns of `by`).

    >>> from xiacheng_nlp.corpora.loading import load_panel
    >>> table = kept_by(kept_promises(load_panel()), "ceiling")
    >>> sorted(table["ceiling"])  # whether less is better
    [False, True]
    """
    columns = [fate.replace(" ", "_") for fate in FATES]
    key = [by] if isinstance(by, str) else [*by]
    for column in key or [""]:
        one_of("by", column, _KEPT, CorpusError)
    of_one = set(_INDICATOR) <= set(key)
    groups = kept.assign(gap=kept["gap"].astype(float)).groupby(key, dropna=False)
    table = groups["verdict"].value_counts().unstack(fill_value=0)
    table = table.reindex(columns=FATES, fill_value=0).set_axis(columns, axis=1)
    table["targets"] = groups.size()
    table["median_gap"] = groups["gap"].median() if of_one else float("nan")
    table = table.reset_index()
    decided = table["kept"] + table["missed"]
    low, high = wilson(*(some.to_numpy(np.int64) for some in (table["kept"], decided)))
    if not of_one:
        # Several targets a report. Of most groups none is decided.
        told = kept.assign(group=groups.ngroup())[kept["verdict"].isin(FATES[:2])].groupby("group")
        across = [share_over(own["target_report"], own["verdict"] == FATES[0]) for _, own in told]
        ends = np.full((3, len(table)), np.nan)
        ends[:, told["group"].first()] = np.reshape(across, (-1, 3)).T
        _, low, high = ends
    share = table["kept"] / decided.where(decided > 0)
    table = table.assign(share=share, low=low, high=high, decided=decided)
    table = in_order(table, "-decided", "-targets", *key)
    table = table[[*key, "targets", *columns, "share", "low", "high", "median_gap"]]
    table.attrs = {**kept.attrs, "confidence": CONFIDENCE}
    return table


def escalation(panel: Panel) -> pd.DataFrame:
    """How targets for the growth of the gross product rise from level to level in the same year
    (层层加码): a row a report with a target of its year and, above it, a level with one.

    Columns: `year`, `place`, `level`, `target`, `target_high` (percent; the upper end of a range),
    `text` (as written); `above` (the place of the nearest level above that has a target),
    `above_level`, `above_target`, `above_text`; `difference` (percentage points: the lower ends);
    `report`, `above_report` (ids). The order is that of year, level and place.

    >>> from xiacheng_nlp.corpora.loading import load_panel
    >>> steps = escalation(load_panel())
    >>> bool((steps["difference"] == steps["target"] - steps["above_target"]).all())
    True
    """
    run = series(panel, PRODUCT)
    targets = run[run["target"].notna()].drop_duplicates("target_report", keep="last")
    targets = targets.rename(columns={"target_report": "report", "target_text": "text"})
    told = set(targets["report"])
    nearest = {
        own: next((id for id in ids if id in told), None)
        for own, ids in ladder(panel.reports).items()
    }
    above = targets[["report", "place", "level", "target", "text"]].add_prefix("above_")
    table = targets.assign(above_report=targets["report"].map(nearest), year=targets["period"])
    table = table.merge(above.rename(columns={"above_place": "above"}), on="above_report")
    table["difference"] = table["target"] - table["above_target"]
    table = in_order(by_level(in_order(table, "place")), "year")
    table = table[_BESIDE_ABOVE].infer_objects()
    table.attrs = {"indicator": PRODUCT, "panel_reports": len(panel.reports)}
    return table


def firmness(panel: Panel, *, by: str = "part") -> pd.DataFrame:
    """How firmly targets are set: a row for each level of government and part of its reports, or,
    `by` theme, main theme of the sentences.

    Columns: `level` (from the nation down), `part`, or `theme` and `theme_en` (null for what is not
    coded, such as annexes), `targets`; of these `exact` (a number alone), `at_least`, `at_most`,
    `about` (左右), which add up to it; the words before them: `firm` (确保, 必须 …) and `striving`
    (力争, 争取 …). Raises `CorpusError` for another `by`.

    >>> from xiacheng_nlp.corpora.loading import load_panel
    >>> table = firmness(load_panel())
    >>> parts = table[["exact", "at_least", "at_most", "about"]].sum(axis=1)
    >>> bool((parts == table["targets"]).all())
    True
    """
    one_of("by", by, ("part", "theme"), CorpusError)
    rows, groups = panel.observations[panel.observations["status"] == "target"], ["part"]
    if by == "theme":
        codebook, groups = load_codebook(), ["theme", "theme_en"]
        coded = panel.themes.assign(code=main_codes(panel.themes, codebook))
        coded = coded.rename(columns={"start": "sentence_start"})[
            ["report", "sentence_start", "code"]
        ]
        rows = rows.merge(coded.merge(theme_table(codebook)), "left", ["report", "sentence_start"])
    levels = rows["report"].map(panel.reports.set_index("report")["level"])
    bound, modal = rows["bound"], rows["modal"].fillna("")
    made = pd.DataFrame(
        {
            "level": levels,
            **rows[groups],
            "targets": 1,
            "exact": bound == "=",
            "at_least": bound.isin([">", ">="]),
            "at_most": bound.isin(["<", "<="]),
            "about": bound == "~",
            "firm": modal.isin(FIRM),
            "striving": modal.isin(STRIVING),
        }
    )
    return by_level(
        made.groupby(["level", *groups], dropna=False).sum().astype("int64").reset_index()
    )


def to_long(panel: Panel, *, names: str | Path | None = None) -> pd.DataFrame:
    """The outcomes and targets of all reports as a plain panel for R, Stata or others: a row a
    report and statement, numbers as numbers.

    Columns: `place`, `code`, `level`, `year` (of the report), `period`, `indicator` (in common),
    `measure`, `unit_base`, `status`, `value`, `value_high` (in that unit), `bound`, `modal`,
    `comparison` (what growth or a difference is against: yoy is the year before, since:2011 an
    earlier one; annual_average and cumulative are of several years; of levels so much a year is
    annual_average, else it is null), `text`,
    `report`, `id`. `names` as in `aligned`.

    Written with `to_parquet`, `to_csv(index=False)` or `to_stata(version=118)` it is read in R by
    `arrow::read_parquet` or `read.csv(fileEncoding = "UTF-8")`, in Stata by `use` or `import
    delimited, encoding(utf-8)`. A report may tell a number more than once: keep one row before
    counting reports.

    >>> from xiacheng_nlp.corpora.loading import load_panel
    >>> str(to_long(load_panel())["value"].dtype)
    'float64'
    """
    table = aligned(panel, min_reports=1, names=names)
    table = table.merge(panel.reports[["report", "code"]], on="report")
    return table[_LONG].astype(dict.fromkeys(_VALUES, "float64"))


def report_keyness(
    panel: Panel, report: str | None = None, *, min_reports: int = 0
) -> pd.DataFrame:
    """Which terms one report uses more, and which less, than all others of the panel together: one
    row a term.

    `report` is the id or the file of the target, by default the report at hand. The columns are
    those of `terms.keyness` but for those of paragraphs, and `reference_reports`, in how many of
    the others the term stands; `min_reports` leaves out terms of fewer, such as the names of the
    place. The counts are those of the table `terms`, whose words of the stop list, set phrases too,
    are left out here. `p` takes words as drawn one by one, and calls more different than is: rank
    by it, and see how many reports have the term.

    Raises `CorpusError` for a report that is not there or stands alone.

    >>> from xiacheng_nlp.corpora.loading import load_panel
    >>> table = report_keyness(load_panel(), "national-1955.txt")
    >>> own = table.loc[table["side"] == "target", "term"].head().tolist()
    >>> "五年计划" in own  # "five-year plan"
    True
    """
    target = panel.report_id(report)
    words = panel.reports.set_index("report")["words"]
    c, d = int(words.get(target, 0)), int(words.drop(target).sum())
    if not c or not d:
        raise CorpusError(f"keyness of {target}: the report or the rest of the panel holds no word")
    counted = panel.terms[~panel.terms["term"].isin(load_stop_words())]
    own = counted["report"] == target
    spread = counted[~own].groupby("term")["report"].nunique()
    sides = (counted[own], counted[~own])
    a, b = (side.groupby("term")["count"].sum().astype("int64") for side in sides)
    if min_reports:
        known = spread.index[spread >= min_reports]
        a, b = a[a.index.isin(known)], b[b.index.isin(known)]
    table = keyness_of_counts(a, b, c, d, min_count=MIN_COUNT)
    table["reference_reports"] = table["term"].map(spread).fillna(0).astype("int64")
    table.attrs = {
        "measure": "g2_two_cell",
        "correction": "bh",
        "min_count": MIN_COUNT,
        "min_reports": min_reports,
        "target_words": c,
        "reference_words": d,
        "reference_reports": len(words) - 1,
        "tested": len(table),
    }
    return table


def attention_by(panel: Panel, *, by: str = "year", corrected: bool = False) -> pd.DataFrame:
    """How much attention the reports of each year give to each theme: one row a year and theme.

    `by`: a column of the table `reports`: year, place, level, or report. Each report counts the
    same, long or short: `share` is the mean of the reports' shares of characters.

    Columns: that of `by`; `code`, `theme`, `theme_en`, `domain`, `domain_en`; `reports`; `share` (0
    to 1); `low`, `high`, its interval, reports being what was drawn (`statistics.clustered`; too
    narrow where a place has many of them), null for a group of one. With `corrected` the three are
    corrected for the mistakes of the package's coder (`themes.corrected_attention`), which coded
    the panel. Reports for which `by` is null are
    in no group and counted in `attrs`. Sorted by group, then the codebook's order.

    >>> from xiacheng_nlp.corpora.loading import load_panel
    >>> table = attention_by(load_panel(), by="level")
    >>> bool(table.groupby("level")["share"].sum().round(9).eq(1).all())
    True
    """
    codebook = load_codebook()
    one_of("by", by, WHOSE, CorpusError)
    weights = weigh(panel.themes, codebook)
    ids = pd.Index(panel.reports["report"])
    places = ids.get_indexer(panel.themes["report"])
    if (places < 0).any():
        stray = panel.themes["report"][places < 0].iloc[0]
        raise CorpusError(f"themes of {stray}, which is no report of the panel: run corpus again")
    sums = np.zeros((len(ids), weights.shape[1]))
    np.add.at(sums, places, weights)
    coded = panel.reports[by].reset_index(drop=True)[sums.sum(axis=1) > 0]
    members = coded.index.to_series().groupby(coded).agg(list)
    told = []
    for own in members:
        shares = sums[own] / sums[own].sum(axis=1, keepdims=True)
        mean = shares.mean(axis=0)
        said = [mean, *clustered(shares, np.ones(len(own)))]
        if corrected:
            _, *said = untangled(shares, np.eye(len(mean)), RESAMPLES)
        told.append(said)
    columns = ["share", "low", "high"]
    numbers = np.reshape(told, (len(members), 3, weights.shape[1])).swapaxes(0, 1)
    rows = pd.DataFrame({by: [*members.index], "reports": members.str.len().to_numpy()})
    table = crossed(rows, theme_table(codebook), **dict(zip(columns, numbers, strict=True)))
    table = by_level(table[[by, *THEME_COLUMNS, "reports", *columns]])
    table.attrs = {
        "by": by,
        "unit": "chars",
        "confidence": CONFIDENCE,
        "corrected": corrected,
        "reports_in_no_group": len(ids) - sum(map(len, members)),
        "panel_reports": len(ids),
    }
    return table


def attention_beside(panel: Panel) -> pd.DataFrame:
    """The attention of the report at hand, and by year that of the others: `attention_by` year with
    the report's own rows first, which are called 本报告 and have no interval.

    >>> from xiacheng_nlp.report.report import load_report
    >>> from xiacheng_nlp.corpora.loading import load_panel
    >>> attention_beside(join(load_report(), load_panel()))["year_en"].unique().tolist()[:2]
    ['This report', '1955']
    """
    own = panel.report_id()
    years = panel.reports["year"].astype(object).map(str, na_action="ignore")
    groups = years.mask(panel.reports["report"] == own, "本报告")
    table = attention_by(replace(panel, reports=panel.reports.assign(year=groups)))
    first = table["year"] == "本报告"
    table = pd.concat([table[first], table[~first]], ignore_index=True)
    return table.assign(year_en=table["year"].replace("本报告", "This report"))
