"""What was promised beside what was done: this year's targets with last year's outcomes of the same
indicator."""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from functools import cache, lru_cache
from itertools import pairwise
from operator import attrgetter
from typing import TYPE_CHECKING

from xiacheng_nlp.datafiles import packaged, read_table
from xiacheng_nlp.observations.headlines import headline_of, is_ceiling
from xiacheng_nlp.observations.observation import Observation
from xiacheng_nlp.observations.periods import Period, is_year
from xiacheng_nlp.observations.vocabulary import pattern

if TYPE_CHECKING:
    import pandas as pd

MATCHES = ("exact", "normalised", "scope differs", "none")
"""How two names match, the best first: letter for letter; the same words in another order; one adds
a scope to the other."""

_SIGNS = re.compile(r"[\W_]+")


Pair = tuple[Observation, Observation | None, str]
"""A target, the outcome that it is compared with (None where no outcome of the same kind is
stated), and how their names match."""


def _pairs(observations: Sequence[Observation]) -> list[Pair]:
    """Each target of the year that most targets are about, with the outcome of the year before that
    it can be set beside."""
    stated = [o for o in observations if o.indicator and is_year(o.period)]
    targets = [o for o in stated if o.status == "target"]
    if not targets:
        return []
    years = Counter(Period.parse(o.period or "").first for o in targets)
    year = min(years, key=lambda year: (-years[year], year))
    targets = [o for o in targets if o.period == str(year)]
    actuals = [o for o in stated if o.status == "actual" and o.period == str(year - 1)]
    partners = _partners(targets, actuals)
    return [partners.get(target.id, (target, None, MATCHES[-1])) for target in targets]


def _partners(targets: Sequence[Observation], actuals: list[Observation]) -> dict[str, Pair]:
    """By a target's id the pair with the first outcome whose name matches best; an outcome serves
    one target."""
    found: dict[str, Pair] = {}
    for match in MATCHES[:-1]:
        for target in targets:
            alike = (o for o in actuals if _match(target, o) == match)
            if target.id not in found and (actual := next(alike, None)):
                actuals.remove(actual)
                found[target.id] = target, actual, match
    return found


def _match(target: Observation, actual: Observation) -> str | None:
    """How the names match, of what is told as the same measure; None of any other."""
    alike = _KIND(target) == _KIND(actual)
    return how_names_match(target.indicator, actual.indicator) if alike else None


_KIND = attrgetter("measure", "unit_base", "among")


def how_names_match(a: str | None, b: str | None) -> str:
    """How two indicators' names match: one of MATCHES.

    >>> how_names_match("到位杭外资金", "引进杭外到位资金")  # "funds from outside", "attract …"
    'normalised'
    >>> how_names_match("固定资产投资", "全社会固定资产投资")  # "fixed assets", "… of the society"
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
    scope = pattern.scope
    wide, narrow = (a, b) if len(a) > len(b) else (b, a)
    if wide.endswith(narrow) and scope.sub("", wide.removesuffix(narrow)) == "":
        return "scope differs"
    return "scope differs" if scope.sub("", a) == scope.sub("", b) else "none"


# Every target is held against every value, so that the same names come again and again.
@lru_cache(maxsize=1 << 14)
def _plain(name: str) -> str:
    """The name without the verb of gaining, and with one wording for what has two: 地区生产总值 is
    生产总值."""
    return _spelled(pattern.gaining.sub("", name)).replace("地区生产总值", "生产总值")


@cache
def _same_words() -> Sequence[tuple[str, str]]:
    table = packaged("observations/same_words.tsv")
    rows = read_table(table, columns=("word", "stands_for"), optional=("note",), key="word")
    return [(row["word"], row["stands_for"]) for row in rows]


def _spelled(name: str) -> str:
    """The name in the words that `same_words.tsv` has for it: 规上 is 规模以上."""
    for word, stands_for in _same_words():
        name = name.replace(word, stands_for)
    return name


# The reference panel has 20,000 names, asked for again and again.
@lru_cache(maxsize=1 << 16)
def common_name(name: str) -> str:
    """The name that an indicator has in common with other reports: that of the headline indicator
    it words, else its plain name.

    >>> common_name("全市生产总值"), common_name("引进到位资金")  # "product", "funds"
    ('地区生产总值', '到位资金')
    >>> common_name("竣工保障房")  # "subsidised flats completed"
    '竣工保障性住房'
    """
    headline = headline_of(name)
    if headline is not None:
        return headline.indicator
    plain = pattern.whole_place.sub("", _SIGNS.sub("", name))
    return _spelled(pattern.gaining.sub("", plain)) or plain


def says_which(name: str) -> bool:
    """Whether a name says what is promised: 项目 does not, nor does 总投资, which is of many years.

    >>> says_which("新开工项目"), says_which("新开工公园")  # "projects begun", "parks begun"
    (False, True)
    """
    return pattern.no_promise.search(name) is None


def told_apart(name: str) -> str:
    """What tells a name from others: the name without its generic end (项目, 工程).

    >>> told_apart("老旧小区改造任务")  # "the task of renewing old estates"
    '老旧小区改造'
    """
    return pattern.generic_end.sub("", name) or name


def likeness(names: Iterable[str]) -> Callable[[str, str], float]:
    """How like any two of the names are, from 0 to 1: of the pairs of characters that either holds
    the share that both hold (Jaccard 1912), where a pair counts the more the fewer of the names
    hold it (Spärck Jones 1972). Generic ends (项目, 工程) count for nothing.

    >>> like = likeness(["新建公园", "建成公园", "新建学校"])  # "parks, parks, schools built"
    >>> like("新建公园", "建成公园") < like("新建公园", "新建公园")
    True
    """
    pairs = {name: pairs_of(name) for name in dict.fromkeys(names)}
    held = Counter(pair for some in pairs.values() for pair in some)
    weights = {pair: math.log(1 + len(pairs) / count) for pair, count in held.items()}

    def weight(some: Iterable[str]) -> float:
        return sum(map(weights.__getitem__, some))

    def like(a: str, b: str) -> float:
        # Most names have nothing in common.
        shared = pairs[a] & pairs[b]
        return weight(shared) / weight(pairs[a] | pairs[b]) if shared else 0.0

    return like


def pairs_of(name: str) -> set[str]:
    """The pairs of neighbouring characters of a name, but for its generic end.

    >>> sorted(pairs_of("新建公园"))  # "new parks"
    ['公园', '建公', '新建']
    """
    name = told_apart(name)
    return {a + b for a, b in pairwise(name)} or {name}


TOLERANCE = Decimal("0.05")
"""By what share of its size a number of about (左右) may be missed."""

_ENDLESS = Decimal("Infinity")


def allowed(low: Decimal, high: Decimal, bound: str) -> tuple[Decimal, Decimal]:
    """The least and the greatest value that a number with a bound allows.

    >>> allowed(Decimal(60), Decimal(60), ">=")  # 60个以上, "sixty or more"
    (Decimal('60'), Decimal('Infinity'))
    """
    if bound == "~":
        return low - TOLERANCE * abs(low), high + TOLERANCE * abs(high)
    if bound == "=":
        return low, high
    if bound in (">", "<"):
        low, high = low.next_plus(), high.next_minus()
    # Bounds are said of the size: a fall of more than 4 % is below −4.
    upward = (bound in (">=", ">")) != (low < 0)
    return (low, _ENDLESS) if upward else (-_ENDLESS, high)


def actual_vs_target(observations: Sequence[Observation]) -> "pd.DataFrame":
    """This year's targets beside last year's outcomes, one row a target, in the order of the text.

    The year is the one that most targets are about. Only the same measure in the same base unit is
    compared: level with level, growth with growth. An outcome serves one target, and the nearest
    name wins: exact, then normalised (到位杭外资金, 杭外到位资金), then scope (固定资产投资,
    全社会固定资产投资).

    Columns: indicator (as the target names it), actual_indicator (as the outcome is named; None
    without a partner), match (exact, normalised, scope differs, none), measure, unit_base, target
    and actual (signed values in that unit, exact decimals; of a target that is a range the lower
    end; None of an outcome that is one), target_high (the upper end of a target that is a range,
    else None), change (target minus actual, percentage points for rates; None for a range), ratio
    (target to actual; None for growth and differences, and where there is no outcome above zero),
    promise (less, same, more, by the direction that the target itself has: a ceiling or a decrease
    asks for more when it is lower; a range that holds the outcome is the same; None without
    outcome, and where the outcome's own bound leaves it open: over 1,000 done, 2,000 planned),
    ceiling (whether the target is one to stay below), bound (the target's), target_period,
    actual_period, target_text, actual_text (as written), target_start, actual_start (offsets into
    the report's text).

    The direction is that of the words (控制在4%以内, 下降3%), or of an indicator that is known to
    be better when it is low (unemployment, prices).

    >>> from xiacheng_nlp.observations.observation import indicators
    >>> from xiacheng_nlp.report.report import Report
    >>> done = "一、2013年工作回顾\\n新增绿化8万平方米。"
    >>> planned = "二、2014年工作安排\\n新增绿化6万平方米。"
    >>> report = Report.parse(f"2014年政府工作报告\\n各位代表:\\n{done}\\n{planned}")
    >>> table = actual_vs_target(indicators(report))  # "new green: 80,000, then 60,000 m²"
    >>> table[["indicator", "actual", "target", "promise"]].values.tolist()
    [['新增绿化', Decimal('80000'), Decimal('60000'), 'less']]
    """
    import pandas as pd

    names = (
        "indicator actual_indicator match measure unit_base target target_high actual change ratio"
        " promise ceiling bound target_period actual_period target_text actual_text target_start"
        " actual_start"
    )
    table = pd.DataFrame([_row(*pair) for pair in _pairs(observations)], columns=names.split())
    return table.astype({"target_start": "Int64", "actual_start": "Int64"})


def _row(target: Observation, actual: Observation | None, match: str) -> tuple[object, ...]:
    low, high = target.low, target.high
    done = None if actual is None or actual.is_range else actual.low
    ceiling = is_ceiling(target.bound, target.modal, str(target.indicator), falls=target.sign == -1)
    named, period, text, start = _TOLD(actual) if actual else (None,) * 4
    change, ratio, promise = None, None, None
    if actual and done is not None and low is not None and high is not None:
        alike = high == done and actual.bound[:1] == target.bound[:1]
        promise = _promise(low, high, done, "=" if alike else actual.bound, ceiling=ceiling)
        if not target.is_range:
            change = low - done
            amount = done > 0 and target.measure in ("level", "share", "multiple")
            ratio = round(float(low / done), 4) if amount else None
    return (
        *(target.indicator, named, match, target.measure, target.unit_base),
        *(low, high if target.is_range else None, done, change, ratio, promise, ceiling),
        *(target.bound, target.period, period, target.text, text, target.start, start),
    )


_TOLD = attrgetter("indicator", "period", "text", "start")


def _promise(
    low: Decimal, high: Decimal, done: Decimal, bound: str, *, ceiling: bool
) -> str | None:
    """less, same or more than was done, by the direction that the target itself has; None where
    what was done could be either: of more than a thousand it is not told how much more."""
    told = {
        "same" if low <= value <= high else "less" if (high < value) != ceiling else "more"
        for value in (done, *allowed(done, done, bound))
    }
    return told.pop() if len(told) == 1 else None
