"""What a report's observations come to, as tidy tables: counts, growth rates, promises beside
outcomes, ranks, commitments."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from xiacheng_nlp.errors import XiachengError
from xiacheng_nlp.observations.comparison import Comparison, compare
from xiacheng_nlp.observations.context import OTHER_BASES
from xiacheng_nlp.observations.headlines import is_ceiling
from xiacheng_nlp.observations.observation import Observation
from xiacheng_nlp.report.nodes import PARTS, section_at
from xiacheng_nlp.report.report import Report

if TYPE_CHECKING:
    import pandas as pd

_ORDERS = {
    "part": PARTS,
    "status": ("actual", "target", "definition"),
    "measure": ("level", "growth", "share", "difference", "multiple", "rank"),
    "class": ("quantity", "rank", "duration"),
}
_LIMITS = ("<=", "<", ">=", ">")


def counts(
    observations: Sequence[Observation], *, by: Sequence[str] = ("part", "status", "measure")
) -> "pd.DataFrame":
    """How many numbers the report states, by columns of the observation table: those of `by`, then
    `count`.

    A row without `status` and `measure` counts the numbers that state no indicator and only qualify
    something (三年行动计划). Rows stand in the order of the report's parts, then actual, target,
    definition, then level, growth and so on. Raises `XiachengError` when `by` names what is no column.

    >>> from xiacheng_nlp.observations.observation import indicators
    >>> from xiacheng_nlp.report.report import Report
    >>> report = Report.parse("各位代表:\\n一、2013年工作回顾\\n全年实现地区生产总值643.57亿元,同比增长7.80%。")
    >>> counts(indicators(report), by=["measure"]).values.tolist()  # "product of 64.357 billion yuan, up 7.8 %"
    [['level', 1], ['growth', 1]]
    """
    import pandas as pd

    fields = {name: "kind" if name == "class" else name for name in by}
    unknown = [
        name for name, field in fields.items() if field not in Observation.__dataclass_fields__
    ]
    if unknown:
        raise XiachengError(
            f"no column {', '.join(unknown)} in the observation table; counts can go by class, part, status, measure, unit …"
        )
    found = Counter(tuple(getattr(o, field) for field in fields.values()) for o in observations)

    def place(key: tuple[object, ...]) -> list[tuple[int, str]]:
        # What has no declared order follows in that of its text, and null comes last.
        order = [_ORDERS.get(name, ()) for name in by]
        return [
            (o.index(v) if v in o else len(o) + (v is None), str(v))
            for v, o in zip(key, order, strict=True)
        ]

    rows = [(*key, found[key]) for key in sorted(found, key=place)]
    return pd.DataFrame(rows, columns=[*by, "count"])


_TURNED = {">": "<", ">=": "<=", "<": ">", "<=": ">="}


def growth_rates(observations: Sequence[Observation]) -> "pd.DataFrame":
    """The growth over the year before of each indicator, done and planned, one row an indicator,
    status and value, in the text's order.

    Columns: indicator, growth (%, signed, exact decimal; the lower end of a range), growth_high (%,
    the upper end, else None), bound (of the signed growth: a fall by at least 3 % is at most -3),
    status (actual, target), period (a year), comparison, basis, text (as written), section, start.
    Left out are average and cumulative growth over several years, growth in another unit than per
    cent (增长1.3倍), and a rate that is told again.

    >>> from xiacheng_nlp.observations.observation import indicators
    >>> from xiacheng_nlp.report.report import Report
    >>> report = Report.parse("各位代表:\\n一、2013年工作回顾\\n单位生产总值电耗下降3.60%。")  # "power use per product fell by 3.6 %"
    >>> growth_rates(indicators(report))[["indicator", "growth", "period"]].values.tolist()
    [['单位生产总值电耗', Decimal('-3.60'), '2013']]
    """
    import pandas as pd

    rows: list[tuple[object, ...]] = []
    told: set[tuple[object, ...]] = set()
    for o in observations:
        if (
            o.indicator is None
            or o.measure != "growth"
            or o.unit_base != "%"
            or o.status == "definition"
            or o.value_base is None
        ):
            continue
        if o.period is None or len(o.period) != 4 or (o.comparison or "").startswith(OTHER_BASES):
            continue
        low, high = _ends(o)
        rate = (o.indicator, low, high, o.status, o.period)
        if rate not in told:
            told.add(rate)
            top = high if o.value_high is not None else None
            bound = _TURNED.get(o.bound, o.bound) if o.sign == -1 else o.bound
            rows.append(
                (
                    o.indicator,
                    low,
                    top,
                    bound,
                    o.status,
                    o.period,
                    o.comparison,
                    o.basis,
                    o.text,
                    o.section,
                    o.start,
                )
            )
    names = "indicator growth growth_high bound status period comparison basis text section start"
    return pd.DataFrame(rows, columns=names.split())


def promises(observations: Sequence[Observation]) -> "pd.DataFrame":
    """What the targets of the year ask for beside what was done the year before, one row a target,
    in the order of the text.

    Columns: indicator (as the target names it), measure, unit_base, actual, target, target_high
    (signed values in that unit, exact decimals; target_high for a range, whose lower end is target;
    actual is None where no outcome is stated), bound (the target's), ratio (target to actual; None
    for growth and differences, and where there is no outcome above zero), promise (less, same,
    more, by the direction that the target itself has: a ceiling or a decrease asks for more when it
    is lower; a range that holds the outcome is the same; None without outcome), actual_text,
    target_text (as written), match (of the names), target_start.

    The direction is that of the words (控制在4%以内, 下降3%), or of an indicator that is known to be
    better when it is low (unemployment, prices).

    >>> from xiacheng_nlp.observations.observation import indicators
    >>> from xiacheng_nlp.report.report import Report
    >>> report = Report.parse(
    ...     "2014年政府工作报告\\n各位代表:\\n一、2013年工作回顾\\n新增绿化面积8万平方米。\\n二、2014年工作安排\\n新增绿化面积6万平方米。"
    ... )  # "80,000 square metres of new green", "plan: 60,000"
    >>> promises(indicators(report))[["indicator", "ratio", "promise"]].values.tolist()
    [['新增绿化面积', 0.75, 'less']]
    """
    import pandas as pd

    names = "indicator measure unit_base actual target target_high bound ratio promise actual_text target_text match target_start"
    return pd.DataFrame([_promise(pair) for pair in compare(observations)], columns=names.split())


def _promise(pair: Comparison) -> tuple[object, ...]:
    target, outcome = pair.target, pair.actual
    low, high = _ends(target)
    done = (
        None
        if outcome is None or outcome.value_high is not None or outcome.value_base is None
        else _ends(outcome)[0]
    )
    ratio = promise = None
    if low is not None and high is not None and done is not None:
        if (
            target.measure in ("level", "share", "multiple")
            and done > 0
            and target.value_high is None
        ):
            ratio = round(float(low / done), 4)
        downward = is_ceiling(
            target.bound, target.modal, target.indicator or "", falls=target.sign == -1
        )
        # More than a thousand done and a thousand planned is less, though both numbers are the
        # same.
        below = high < done or (
            high == done
            and outcome is not None
            and outcome.bound == ">"
            and target.bound not in (">", ">=")
        )
        promise = (
            "same" if low <= done <= high and not below else "less" if below != downward else "more"
        )
    return (
        target.indicator,
        target.measure,
        target.unit_base,
        done,
        low,
        high if target.value_high is not None else None,
        target.bound,
        ratio,
        promise,
        outcome and outcome.text,
        target.text,
        pair.match,
        target.start,
    )


def _ends(o: Observation) -> tuple[Decimal | None, Decimal | None]:
    """The signed ends of a value, the lower first; both the same where it is no range."""
    if o.value_base is None:
        return None, None
    sign = o.sign or 1
    one, two = (
        o.value_base * sign,
        (o.value_base if o.value_base_high is None else o.value_base_high) * sign,
    )
    return min(one, two), max(one, two)


def ranks(observations: Sequence[Observation]) -> "pd.DataFrame":
    """The places that the report claims among peers, in the order of the text.

    Columns: indicator, rank (1 the first), among (the group as written; None where the text names
    none), text (as written), status, period, section, start, sentence.

    >>> from xiacheng_nlp.observations.observation import indicators
    >>> from xiacheng_nlp.report.report import Report
    >>> report = Report.parse("各位代表:\\n一、2013年工作回顾\\n工业技改投资增幅居主城区第一位。")  # "first among the main urban districts"
    >>> ranks(indicators(report))[["indicator", "rank", "among"]].values.tolist()
    [['工业技改投资增幅', 1, '主城区']]
    """
    import pandas as pd

    rows = [
        (
            o.indicator,
            int(o.value),
            o.among,
            o.text,
            o.status,
            o.period,
            o.section,
            o.start,
            o.sentence,
        )
        for o in observations
        if o.indicator is not None and o.measure == "rank" and o.value is not None
    ]
    table = pd.DataFrame(
        rows,
        columns=[
            "indicator",
            "rank",
            "among",
            "text",
            "status",
            "period",
            "section",
            "start",
            "sentence",
        ],
    )
    return table.astype({"rank": "int64", "start": "int64"})


def commitments(
    observations: Sequence[Observation], report: Report, *, level: int = 2
) -> "pd.DataFrame":
    """How many numeric targets each section sets, in the order of the text.

    Columns: section (id at `level`, deeper ones counted in the one that holds them; None before the
    first heading), title, part, targets, and of these exact, limits (at least, at most, more or
    less than) and approximate (约, 左右, or a range), which add up to targets. Sections of the plan
    and of the government's own conduct stand here even if they set none.

    >>> from xiacheng_nlp.observations.observation import indicators
    >>> from xiacheng_nlp.report.report import Report
    >>> report = Report.parse("各位代表:\\n一、2014年工作安排\\n新增就业2万人以上。\\n二、政府自身建设\\n转变作风。")
    >>> table = commitments(indicators(report), report)  # "20,000 new jobs and more", "the government's own conduct"
    >>> table[["section", "targets", "limits"]].values.tolist()
    [['1', 1, 1], ['2', 0, 0]]
    """
    import pandas as pd

    found: dict[str | None, Counter[str]] = {}
    parts: dict[str | None, str | None] = {}
    for paragraph in report.paragraphs:
        section = _at(paragraph.section, level)
        if section not in found:
            found[section], parts[section] = Counter(), paragraph.part
    for o in observations:
        if o.indicator is not None and o.status == "target":
            kind = (
                "approximate"
                if o.bound == "~" or o.value_high is not None
                else "limits"
                if o.bound in _LIMITS
                else "exact"
            )
            found[_at(o.section, level)][kind] += 1
    titles = {section.id: section for section in report.walk()}
    rows = []
    for id, kinds in found.items():
        part = titles[id].part if id in titles else parts[id]
        if kinds or part in ("plan", "government"):
            title = titles[id].title if id in titles else None
            rows.append(
                (
                    id,
                    title,
                    part,
                    kinds.total(),
                    kinds["exact"],
                    kinds["limits"],
                    kinds["approximate"],
                )
            )
    return pd.DataFrame(
        rows, columns=["section", "title", "part", "targets", "exact", "limits", "approximate"]
    )


def _at(section: str | None, level: int) -> str | None:
    return None if section is None else section_at(section, level)
