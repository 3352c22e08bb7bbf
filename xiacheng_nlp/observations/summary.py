"""What a report's observations come to, as tidy tables: counts, growth rates, promises beside
outcomes, ranks, commitments."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from xiacheng_nlp.errors import XiachengError
from xiacheng_nlp.observations.comparison import actual_vs_target
from xiacheng_nlp.observations.context import has_other_base
from xiacheng_nlp.observations.observation import COLUMNS, Observation
from xiacheng_nlp.observations.periods import is_year
from xiacheng_nlp.report.nodes import PARTS, section_at
from xiacheng_nlp.report.report import Report

if TYPE_CHECKING:
    import pandas as pd

ORDERS = {
    "part": PARTS,
    "status": ("actual", "target", "definition"),
    "measure": ("level", "growth", "share", "difference", "multiple", "rank"),
    "class": ("quantity", "rank", "duration"),
}


def counts(
    observations: Sequence[Observation], *, by: Sequence[str] = ("part", "status", "measure")
) -> "pd.DataFrame":
    """How many numbers the report states, by columns of the observation table: those of `by`, then
    `count`.

    A row without `status` and `measure` counts the numbers that state no indicator and only qualify
    something (三年行动计划). Rows stand in the order of the report's parts, then actual, target,
    definition, then level, growth and so on. Raises `XiachengError` when `by` names what is no
    column.

    >>> from xiacheng_nlp.observations.observation import indicators
    >>> from xiacheng_nlp.report.report import Report
    >>> text = "一、2013年工作回顾\\n全年实现地区生产总值643.57亿元,同比增长7.80%。"
    >>> observations = indicators(Report.parse(f"各位代表:\\n{text}"))  # "product …, up 7.8 %"
    >>> counts(observations, by=["measure"]).values.tolist()
    [['level', 1], ['growth', 1]]
    """
    import pandas as pd

    unknown = [name for name in by if name not in COLUMNS]
    if unknown:
        raise XiachengError(
            f"no column {', '.join(unknown)} in the observation table; "
            "counts can go by class, part, status, measure, unit …"
        )
    asked = [COLUMNS.index(name) for name in by]
    found = Counter(tuple(o[n] for n in asked) for o in observations)

    def place(key: tuple[object, ...]) -> list[tuple[int, str]]:
        # What has no declared order follows in that of its text, and null comes last.
        order = [ORDERS.get(name, ()) for name in by]
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
    >>> text = "一、2013年工作回顾\\n单位生产总值电耗下降3.60%。"  # "power use fell"
    >>> report = Report.parse(f"各位代表:\\n{text}")
    >>> growth_rates(indicators(report))[["indicator", "growth", "period"]].values.tolist()
    [['单位生产总值电耗', Decimal('-3.60'), '2013']]
    """
    import pandas as pd

    rows: dict[tuple[object, ...], tuple[object, ...]] = {}
    for o in filter(_is_growth_of_a_year, observations):
        high = o.high if o.is_range else None
        bound = _TURNED.get(o.bound, o.bound) if o.sign == -1 else o.bound
        told = (o.status, o.period, o.comparison, o.basis, o.text, o.section, o.start)
        rate = (o.indicator, o.low, o.high, o.status, o.period)
        rows.setdefault(rate, (o.indicator, o.low, high, bound, *told))
    names = "indicator growth growth_high bound status period comparison basis text section start"
    return pd.DataFrame([*rows.values()], columns=names.split())


def _is_growth_of_a_year(o: Observation) -> bool:
    return (
        o.measure == "growth"
        and o.unit_base == "%"
        and o.status != "definition"
        and o.value_base is not None
        and is_year(o.period)
        and not has_other_base(o.comparison, o.period)
    )


def promises(observations: Sequence[Observation]) -> "pd.DataFrame":
    """What the targets of the year ask for beside what was done the year before, one row a target,
    in the order of the text: the table of `actual_vs_target` without the names of the outcomes.

    Columns: indicator, measure, unit_base, actual, target, target_high, bound, ratio, promise
    (less, same, more), ceiling, actual_text, target_text, actual_period, target_period, match,
    target_start.

    >>> from xiacheng_nlp.observations.observation import indicators
    >>> from xiacheng_nlp.report.report import Report
    >>> done = "一、2013年工作回顾\\n新增绿化8万平方米。"
    >>> planned = "二、2014年工作安排\\n新增绿化6万平方米。"
    >>> report = Report.parse(f"2014年政府工作报告\\n各位代表:\\n{done}\\n{planned}")
    >>> table = promises(indicators(report))  # "new green: 80,000, then 60,000 m²"
    >>> table[["indicator", "ratio", "promise"]].values.tolist()
    [['新增绿化', 0.75, 'less']]
    """
    names = (
        "indicator measure unit_base actual target target_high bound ratio promise ceiling"
        " actual_text target_text actual_period target_period match target_start"
    )
    return actual_vs_target(observations)[names.split()]


def ranks(observations: Sequence[Observation]) -> "pd.DataFrame":
    """The places that the report claims among peers, in the order of the text.

    Columns: indicator, rank (1 the first, -1 the last: 倒数第一), among (the group as written; None
    where the text names none), text (as written), status, period, section, start, sentence.

    >>> from xiacheng_nlp.observations.observation import indicators
    >>> from xiacheng_nlp.report.report import Report
    >>> text = "一、2013年工作回顾\\n工业技改投资增幅居主城区第一位。"  # "first …"
    >>> report = Report.parse(f"各位代表:\\n{text}")
    >>> ranks(indicators(report))[["indicator", "rank", "among"]].values.tolist()
    [['工业技改投资增幅', 1, '主城区']]
    """
    import pandas as pd

    rows = [
        (
            *(o.indicator, int(o.value), o.among, o.text, o.status),
            *(o.period, o.section, o.start, o.sentence),
        )
        for o in observations
        if o.indicator is not None and o.measure == "rank" and o.value is not None
    ]
    names = "indicator rank among text status period section start sentence"
    return pd.DataFrame(rows, columns=names.split()).astype({"rank": "int64", "start": "int64"})


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
    >>> text = "一、2014年工作安排\\n新增就业2万人以上。\\n二、政府自身建设\\n转变作风。"
    >>> report = Report.parse(f"各位代表:\\n{text}")
    >>> table = commitments(indicators(report), report)  # "20,000 new jobs and more", "own conduct"
    >>> table[["section", "targets", "limits"]].values.tolist()
    [['1', 1, 1], ['2', 0, 0]]
    """
    import pandas as pd

    found: dict[str | None, Counter[str]] = {}
    parts: dict[str | None, str | None] = {}
    for paragraph in report.paragraphs:
        section = _at(paragraph.section, level)
        found.setdefault(section, Counter())
        parts.setdefault(section, paragraph.part)
    for o in observations:
        if o.indicator is not None and o.status == "target":
            found[_at(o.section, level)][_firmness(o)] += 1
    sections = {section.id: section for section in report.walk()}
    rows = []
    for id, targets in found.items():
        own = sections.get(id or "")
        part = own.part if own else parts[id]
        if targets or part in ("plan", "government"):
            title = own.title if own else None
            rows.append((id, title, part, targets.total(), *(targets[name] for name in _FIRM)))
    return pd.DataFrame(rows, columns=["section", "title", "part", "targets", *_FIRM])


_FIRM = ("exact", "limits", "approximate")


def _firmness(o: Observation) -> str:
    if o.bound == "~" or o.is_range:
        return "approximate"
    return "limits" if o.bound in _TURNED else "exact"


def _at(section: str | None, level: int) -> str | None:
    return None if section is None else section_at(section, level)
