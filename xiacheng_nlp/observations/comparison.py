"""What was promised beside what was done: this year's targets with last year's outcomes of the same
indicator."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from xiacheng_nlp.observations.headlines import headline_of
from xiacheng_nlp.observations.observation import Observation

if TYPE_CHECKING:
    import pandas as pd

MATCHES = ("exact", "normalised", "scope differs", "none")
"""How two names match, the best first: letter for letter; the same words in another order; one adds
a scope to the other."""

_SIGNS = re.compile(r"[\W_]+")
_GAINING = re.compile("^(?:引进|实现|完成|安排|争取|吸引)|的")
_WHOLE = re.compile("^全(?:国|省|自治区|市|区|县|州|盟|旗|镇|乡)")
_SCOPE = re.compile(
    "全社会|全[国省市区县]|地方|地区|城镇|农村|规模以上|规上|限额以上|限上|各类|全部|总|一般|公共"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A target and the outcome that it is compared with; `actual` is None where no outcome of the
    same kind is stated."""

    target: Observation
    actual: Observation | None
    match: str

    @property
    def change(self) -> Decimal | None:
        """Target minus outcome in the base unit, as signed values: for rates and growth rates
        percentage points."""
        if self.actual is None:
            return None
        target, actual = _signed(self.target), _signed(self.actual)
        return None if target is None or actual is None else target - actual


def compare(observations: Sequence[Observation]) -> tuple[Comparison, ...]:
    """Each target of the year that most targets are about, with the outcome of the year before that
    it can be set beside.

    Only the same measure in the same base unit is compared: level with level, growth with growth.
    An outcome serves one target, and the nearest name wins: exact, then normalised (到位杭外资金,
    杭外到位资金), then scope (固定资产投资, 全社会固定资产投资).
    """
    targets = [
        o
        for o in observations
        if o.indicator and o.status == "target" and o.period and len(o.period) == 4
    ]
    if not targets:
        return ()
    years = Counter(o.period for o in targets)
    year = min(years, key=lambda period: (-years[period], period or ""))
    before = str(int(year or 0) - 1)
    targets = [o for o in targets if o.period == year]
    actuals = [
        o for o in observations if o.indicator and o.status == "actual" and o.period == before
    ]
    partners: dict[int, tuple[Observation, str]] = {}
    used: set[str] = set()
    for kind in MATCHES[:-1]:
        for i, target in enumerate(targets):
            if i in partners:
                continue
            for actual in actuals:
                if (
                    actual.id not in used
                    and _comparable(target, actual)
                    and how_names_match(target.indicator, actual.indicator) == kind
                ):
                    partners[i] = actual, kind
                    used.add(actual.id)
                    break
    return tuple(
        Comparison(
            target=target,
            actual=partners[i][0] if i in partners else None,
            match=partners[i][1] if i in partners else "none",
        )
        for i, target in enumerate(targets)
    )


def how_names_match(a: str | None, b: str | None) -> str:
    """How two indicators' names match: one of MATCHES.

    >>> how_names_match("到位杭外资金", "引进杭外到位资金")  # "funds in place from outside Hangzhou", "attract …"
    'normalised'
    >>> how_names_match("固定资产投资", "全社会固定资产投资")  # "investment in fixed assets", "… of the whole society"
    'scope differs'
    """
    a, b = _SIGNS.sub("", a or ""), _SIGNS.sub("", b or "")
    if not a or not b:
        return "none"
    if a == b:
        return "exact"
    a, b = _plain(a), _plain(b)
    if sorted(a) == sorted(b):
        return "normalised"
    wide, narrow = (a, b) if len(a) > len(b) else (b, a)
    if wide.endswith(narrow) and _SCOPE.sub("", wide.removesuffix(narrow)) == "":
        return "scope differs"
    return "scope differs" if _SCOPE.sub("", a) == _SCOPE.sub("", b) else "none"


def _plain(name: str) -> str:
    """The name without the verb of gaining, and with one spelling for what has two: 规上 is 规模以上,
    地区生产总值 生产总值."""
    return _GAINING.sub("", name).replace("规上", "规模以上").replace("地区生产总值", "生产总值")


def common_name(name: str) -> str:
    """The name that an indicator has in common with other reports: that of the headline indicator
    it words, else its plain name.

    >>> common_name("全市生产总值"), common_name("引进到位资金")  # "product of the whole city", "funds attracted and in place"
    ('地区生产总值', '到位资金')
    """
    headline = headline_of(name)
    if headline is not None:
        return headline.indicator
    plain = _WHOLE.sub("", _SIGNS.sub("", name))
    return _GAINING.sub("", plain).replace("规上", "规模以上") or plain


def _comparable(target: Observation, actual: Observation) -> bool:
    return (target.measure, target.unit_base, target.among) == (
        actual.measure,
        actual.unit_base,
        actual.among,
    )


def _signed(observation: Observation) -> Decimal | None:
    if observation.value_base is None or observation.value_high is not None:
        return None
    return observation.value_base * (observation.sign or 1)


def _ends(observation: Observation) -> tuple[Decimal | None, Decimal | None]:
    """The signed value and None; of a range its lower and its upper end."""
    low, high, sign = observation.value_base, observation.value_base_high, observation.sign or 1
    if low is None or high is None:
        return (None if low is None else sign * low), None
    return min(sign * low, sign * high), max(sign * low, sign * high)


def actual_vs_target(observations: Sequence[Observation]) -> "pd.DataFrame":
    """This year's targets beside last year's outcomes, one row a target, in the order of the text.

    Columns: indicator (as the target names it), actual_indicator (as the outcome is named; None
    without a partner), match (exact, normalised, scope differs, none), measure, unit_base, target
    and actual (signed values in that unit, exact decimals; of a range the lower end), target_high
    (the upper end of a target that is a range, else None), change (target minus actual, percentage
    points for rates; None for a range), bound (the target's), target_period, actual_period,
    target_text, actual_text (as written), target_start, actual_start (offsets into the report's
    text).

    >>> from xiacheng_nlp.observations.observation import indicators
    >>> from xiacheng_nlp.report.report import Report
    >>> text = "2014年政府工作报告\\n各位代表:\\n一、2013年工作回顾\\n新增绿化8万平方米。\\n二、2014年工作安排\\n新增绿化6万平方米。"
    >>> table = actual_vs_target(indicators(Report.parse(text)))  # "new green: 80,000, then 60,000 square metres"
    >>> table[["indicator", "actual", "target"]].values.tolist()
    [['新增绿化', Decimal('80000'), Decimal('60000')]]
    """
    import pandas as pd

    columns = (
        "indicator actual_indicator match measure unit_base target target_high actual change bound "
        "target_period actual_period target_text actual_text target_start actual_start"
    )
    table = pd.DataFrame(list(_rows(compare(observations))), columns=columns.split())
    return table.astype({"target_start": "Int64", "actual_start": "Int64"})


def _rows(comparisons: Sequence[Comparison]) -> Iterator[tuple[object, ...]]:
    for comparison in comparisons:
        target, actual = comparison.target, comparison.actual
        yield (
            target.indicator,
            actual and actual.indicator,
            comparison.match,
            target.measure,
            target.unit_base,
            *_ends(target),
            actual and _ends(actual)[0],
            comparison.change,
            target.bound,
            target.period,
            actual and actual.period,
            target.text,
            actual and actual.text,
            target.start,
            actual and actual.start,
        )
