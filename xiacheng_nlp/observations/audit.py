"""The report's own arithmetic, checked: what one statement says against what follows from
others."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

from xiacheng_nlp.observations.comparison import allowed, how_names_match
from xiacheng_nlp.observations.observation import Observation
from xiacheng_nlp.observations.vocabulary import pattern, words

if TYPE_CHECKING:
    import pandas as pd

Check = tuple[Observation, str, Decimal, Decimal, str, tuple[Observation, ...]]
"""The statement that is checked, the verdict, what is stated and what follows from the evidence, as
they are compared, the calculation, and the evidence."""


UNDECIDED = "undecided"
"""The verdict where a bound leaves it open: five or more may be part of sixty or more, or not."""


BOUND_WORDS = {">": "超过", ">=": "不少于", "<": "不足", "<=": "不超过", "~": "约"}
"""How a calculation says a bound that stands apart from its number in the text."""


class _Stated:
    """The single values that a report states of its indicators, and those of them by start."""

    def __init__(self, observations: Sequence[Observation]) -> None:
        self.all = [
            o
            for o in observations
            if o.indicator is not None and o.value is not None and not o.is_range
        ]
        self._by_start = {o.start: o for o in self.all}

    def base(self, o: Observation, measure: str) -> Observation | None:
        """What a value is about, if it is told as this measure."""
        base = None if o.base_start is None else self._by_start.get(o.base_start)
        return base if base and base.measure == measure else None

    def first(self, holds: Callable[[Observation], bool]) -> Observation | None:
        """The first value that something holds of."""
        return next(filter(holds, self.all), None)


def _known(checks: Callable[[_Stated], Iterator[Check]]) -> Callable[[_Stated], Iterator[Check]]:
    """The checks with verdicts as far as bounds let them be known: from more than 200 no share
    follows, a statement of 30 % or more holds of 31 %, and one of more than 31 % does not."""

    def known(stated: _Stated) -> Iterator[Check]:
        for statement, verdict, value, computed, note, evidence in checks(stated):
            least, most = allowed(value, value, statement.bound)
            if any(o.bound != "=" for o in evidence):
                verdict = UNDECIDED
            elif statement.bound != "=":
                if not least <= computed <= most:
                    verdict = "does not agree"
                elif verdict == "does not agree":
                    verdict = "agrees"
            yield statement, verdict, value, computed, note, evidence

    return known


def _places(value: Decimal) -> int:
    """How many decimals a number is told with."""
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _verdict(stated: Decimal, computed: Decimal) -> str:
    """Equal at the stated decimals; after rounding where the last stated decimals are zeros that
    say nothing (58.70)."""
    if round(computed, _places(stated)) == stated:
        return "agrees"
    shown = _places(stated.normalize())
    rounded = shown < _places(stated) and round(computed, shown) == stated
    return "agrees after rounding" if rounded else "does not agree"


def _tolerant(stated: Decimal, computed: Decimal, *inputs: Decimal) -> str:
    """As `_verdict`, but what follows from rounded numbers may differ by half a unit of the
    coarsest of them."""
    verdict = _verdict(stated, computed)
    if verdict == "agrees":
        return verdict
    exponents = [value.normalize().as_tuple().exponent for value in (*inputs, stated)]
    coarsest = max(exponent for exponent in exponents if isinstance(exponent, int))
    slack = Decimal(5).scaleb(coarsest - 1)
    return "agrees after rounding" if abs(stated - computed) <= slack else "does not agree"


@_known
def _differences(stated: _Stated) -> Iterator[Check]:
    for lead in stated.all:
        base = stated.base(lead, "growth")
        if not base or lead.measure != "difference" or lead.unit_base != "个百分点":
            continue
        # The growth that the lead is told against, where the report states it too.
        other = stated.first(partial(_is_growth_of, lead))
        if other:
            computed, value = _signed(base) - _signed(lead), _signed(other)
            note = f"{_told(base)} − {_told(lead)} = {computed}%".replace("-", "−")
            yield other, _tolerant(value, computed), value, computed, note, (base, lead)


def _is_growth_of(lead: Observation, o: Observation) -> bool:
    name = pattern.rate_at_end.sub("", lead.against or "")
    return o.measure == "growth" and o.period == lead.period and _same(o.indicator, name)


def _value(o: Observation) -> Decimal:
    """The value as it is written."""
    return o.value or Decimal(0)


def _base(o: Observation) -> Decimal:
    """The value in its base unit."""
    return o.value_base or Decimal(0)


def _signed(o: Observation) -> Decimal:
    """The value as it is written, with its sign."""
    return _value(o) * (o.sign or 1)


def _told(o: Observation) -> str:
    """The value as written, a fall with its sign, and with its bound where that is not in it."""
    bare = o.text.removesuffix(o.unit or "").replace(".", "").isdecimal()
    bound = BOUND_WORDS.get(o.bound, "") if bare else ""
    return ("−" if o.sign == -1 else "") + bound + o.text


@_known
def _shares(stated: _Stated) -> Iterator[Check]:
    for share in stated.all:
        part = stated.base(share, "level")
        match = pattern.share_of.match(share.indicator or "")
        if not match or not part or share.measure != "share" or share.unit_base != "%":
            continue
        # The whole is in the unit of its part and of the share's time.
        whole = stated.first(partial(_is_level, match["whole"], part.unit_base, share.period))
        if whole and whole.value_base:
            value, computed = _value(share), round(100 * _base(part) / whole.value_base, 4)
            note = f"{_told(part)} / {_told(whole)} = {round(computed, 2)}%"
            yield share, _rounded(value, computed), value, computed, note, (part, whole)


def _is_level(name: str, unit: str, period: str | None, o: Observation) -> bool:
    told = (o.measure, o.unit_base, o.period)
    return told == ("level", unit, period) and _same(o.indicator, name)


def _rounded(stated: Decimal, computed: Decimal) -> str:
    """A share that is told in whole percent agrees after rounding; one with decimals agrees at
    those."""
    places = _places(stated.normalize())
    if round(computed, places) != stated:
        return "does not agree"
    return "agrees" if computed == stated or places > 1 else "agrees after rounding"


@_known
def _counts(stated: _Stated) -> Iterator[Check]:
    """58.70% of 254 proposals cannot be: 149 of them are 58.66 %."""
    for rate in stated.all:
        value = _value(rate)
        if rate.measure != "level" or rate.unit != "%" or value == value.to_integral_value():
            continue
        count = stated.first(partial(_is_count_of, rate))
        if count and value == value.quantize(Decimal("0.01")) and 0 < _value(count) < 10_000:
            number = round(_value(count) * value / 100)
            computed = round(Decimal(100) * number / _value(count), 4)
            note = f"{number} / {count.text} = {round(computed, 2)}%"
            yield rate, _verdict(value, computed), value, computed, note, (count,)


def _is_count_of(rate: Observation, o: Observation) -> bool:
    """Whether a rate is of what was counted before it in the sentence: 受理案件254件,
    案件解决率."""
    return (
        o.measure == "level"
        and o.sentence_start == rate.sentence_start
        and o.start < rate.start
        and o.unit in words.case_counter
        and (rate.indicator or "").startswith(pattern.handling.sub("", o.indicator or "-"))
    )


def _parts(stated: _Stated) -> Iterator[Check]:
    sentences = defaultdict(list)
    for o in stated.all:
        if o.measure == "level":
            sentences[o.sentence_start].append(o)
    for said in sentences.values():
        for i, part in enumerate(said):
            if whole := _whole_before(part, said[:i]):
                least, most = allowed(_base(part), _base(part), part.bound)
                low, high = allowed(_base(whole), _base(whole), whole.bound)
                verdict, sign = UNDECIDED, "≤?"
                if most <= low:
                    verdict, sign = "agrees", "≤"
                elif least > high:
                    verdict, sign = "does not agree", ">"
                note = f"{_told(part)} {sign} {_told(whole)}"
                yield part, verdict, _base(part), _base(whole), note, (whole,)


def _whole_before(part: Observation, said: Sequence[Observation]) -> Observation | None:
    """The last level before 其中 in the same unit; what is stated for each thousand people, for
    example, is not the whole of a count."""
    if not said or not pattern.part_of_before.search(_before(part)):
        return None
    place = part.sentence.rfind("其中", 0, part.start - part.sentence_start)
    wholes = [
        o
        for o in said
        if o.start - o.sentence_start < place
        and o.unit_base == part.unit_base
        and not pattern.a_head.search(_before(o))
    ]
    return wholes[-1] if wholes else None


@_known
def _stocks(stated: _Stated) -> Iterator[Check]:
    """新增900人,达到5400人,占6%: the stock before was 4500; with the earlier share it gives the
    whole of that time."""
    for flow, stock in pairwise(stated.all):
        name = flow.indicator or ""
        if not pattern.newly.match(name) or pattern.newly.sub("", name) != stock.indicator:
            continue
        share = stated.first(partial(_is_share_of, stock))
        earlier = share and _earlier_share(share, stated)
        if share and share.value and earlier and earlier.value:
            before = _base(stock) - _base(flow)
            computed = round(before * share.value / _base(stock), 4)
            left = f"{stock.text} − {flow.text} = {before}"
            verdict = _tolerant(earlier.value, computed, share.value)
            note = f"{left}; {before} / ({stock.text} / {share.text}) = {round(computed, 2)}%"
            yield earlier, verdict, earlier.value, computed, note, (flow, stock, share)


def _is_share_of(stock: Observation, o: Observation) -> bool:
    return o.measure == "share" and o.base_start == stock.start


def _earlier_share(share: Observation, stated: _Stated) -> Observation | None:
    return stated.first(
        lambda o: (
            o.measure == "share"
            and o.status == "actual"
            and o is not share
            and _alike(o.indicator, share.indicator)
        )
    )


def _before(observation: Observation) -> str:
    """The sentence up to the number."""
    place = observation.sentence.find(
        observation.text, max(0, observation.start - observation.sentence_start - 8)
    )
    return observation.sentence[:place] if place >= 0 else ""


def _same(a: str | None, b: str | None) -> bool:
    return how_names_match(a, b) != "none"


def _alike(a: str | None, b: str | None) -> bool:
    """Whether two shares are of the same part in the same whole, by most of their characters."""
    first, second = set(a or ""), set(b or "")
    return len(first & second) >= 0.7 * min(len(first), len(second)) > 0


_RULES: Mapping[str, Callable[[_Stated], Iterator[Check]]] = {
    "difference-of-growth": _differences,
    "parts-of-whole": _parts,
    "share-of-count": _counts,
    "share-of-levels": _shares,
    "stock-and-share": _stocks,
}


def audit(observations: Sequence[Observation]) -> "pd.DataFrame":
    """The checks of the report's arithmetic as a table, one row a check, in the order of the text.

    - difference-of-growth: growth of A minus its lead over B is the growth of B, stated elsewhere;
    - share-of-levels: a share is the ratio of two stated levels;
    - share-of-count: a rate of n counted things is a whole number of them;
    - parts-of-whole: the parts (其中) do not exceed their whole;
    - stock-and-share: a stock and its share of a whole fit the flow that was added and the earlier
      share.

    Columns: rule, verdict (agrees, agrees after rounding, does not agree, undecided where a bound
    leaves it open), indicator and text of the statement checked, stated and computed (exact
    decimals, in its unit or base unit), note (the calculation), evidence (the surfaces it rests
    on), start (of the statement), evidence_starts.

    >>> from xiacheng_nlp.observations.observation import indicators
    >>> from xiacheng_nlp.report.report import load_report
    >>> table = audit(indicators(load_report()))  # "investment in the city's infrastructure"
    >>> table[["indicator", "text", "verdict"]].iloc[0].tolist()
    ['城市基础设施投资', '1.66亿元', 'agrees']
    """
    import pandas as pd

    stated = _Stated(observations)
    rows = [
        (
            *(rule, verdict, statement.indicator, statement.text, *reckoned),
            "; ".join(o.text for o in evidence),
            statement.start,
            "; ".join(str(o.start) for o in evidence),
        )
        for rule, checks in _RULES.items()
        for statement, verdict, *reckoned, evidence in checks(stated)
    ]
    names = "rule verdict indicator text stated computed note evidence start evidence_starts"
    return pd.DataFrame(rows, columns=names.split()).sort_values(
        "start", kind="stable", ignore_index=True
    )
