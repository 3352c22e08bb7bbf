"""The report's own arithmetic, checked: what one statement says against what follows from
others."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from xiacheng_nlp.observations.comparison import how_names_match
from xiacheng_nlp.observations.observation import Observation

if TYPE_CHECKING:
    import pandas as pd

VERDICTS = ("agrees", "agrees after rounding", "does not agree")

_RATE_END = re.compile("的?(?:增速|增幅|增长)$")
_SHARE = re.compile("^(?P<part>.*)占(?P<whole>.+?)(?:的?比重|的)?$")
_AMONG = re.compile("其中[^；;。]*$")
_NEW = re.compile("^新增")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check: `stated` is what the report says, `computed` what follows from `evidence`, both as
    they are compared."""

    rule: str
    verdict: str
    statement: Observation
    stated: Decimal
    computed: Decimal
    evidence: tuple[Observation, ...]
    note: str


def checks(observations: Sequence[Observation]) -> tuple[Check, ...]:
    """Every check that the observations allow, in the order of the text. Rules:

    difference-of-growth   growth of A minus its lead over B is the growth of B, stated elsewhere
    share-of-levels        a share is the ratio of two stated levels share-of-count         a rate
    of n counted things is a whole number of them parts-of-whole         the parts (其中) do not
    exceed their whole stock-and-share        a stock and its share of a whole fit the flow that was
    added and the earlier share
    """
    stated = [
        o
        for o in observations
        if o.indicator is not None and o.value is not None and o.value_high is None
    ]
    by_start = {o.start: o for o in stated}
    found = [
        *_differences(stated, by_start),
        *_shares(stated, by_start),
        *_counts(stated),
        *_parts(stated),
        *_stocks(stated),
    ]
    return tuple(sorted(found, key=lambda check: (check.statement.start, check.rule)))


def _verdict(stated: Decimal, computed: Decimal) -> str:
    """Equal at the stated decimals; after rounding where the last stated decimals are zeros that
    say nothing (58.70)."""
    exponent = stated.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    if round(computed, places) == stated:
        return "agrees"
    shown = stated.normalize().as_tuple().exponent
    if (
        isinstance(shown, int)
        and max(0, -shown) < places
        and round(computed, max(0, -shown)) == stated
    ):
        return "agrees after rounding"
    return "does not agree"


def _tolerant(stated: Decimal, computed: Decimal, inputs: Sequence[Decimal]) -> str:
    """As `_verdict`, but what follows from rounded numbers may differ by half a unit of the
    coarsest of them."""
    verdict = _verdict(stated, computed)
    if verdict == "agrees":
        return verdict
    exponents = [
        e
        for value in (*inputs, stated)
        if isinstance(e := value.normalize().as_tuple().exponent, int)
    ]
    slack = Decimal(5).scaleb(max(exponents) - 1)
    return "agrees after rounding" if abs(stated - computed) <= slack else "does not agree"


def _differences(
    stated: Sequence[Observation], by_start: dict[int, Observation]
) -> Iterator[Check]:
    for lead in stated:
        base = by_start.get(lead.base_start) if lead.base_start is not None else None
        if (
            lead.measure != "difference"
            or lead.unit_base != "个百分点"
            or base is None
            or base.measure != "growth"
        ):
            continue
        if lead.against is None or lead.value is None or base.value is None:
            continue
        against = _RATE_END.sub("", lead.against)
        other = next(
            (
                o
                for o in stated
                if o.measure == "growth" and o.period == lead.period and _same(o.indicator, against)
            ),
            None,
        )
        if other is None or other.value is None:
            continue
        computed = base.value * (base.sign or 1) - lead.value * (lead.sign or 1)
        value = other.value * (other.sign or 1)
        note = f"{base.text} - {lead.text} = {computed}%"
        yield _check(
            "difference-of-growth",
            _tolerant(value, computed, ()),
            other,
            value,
            computed,
            (base, lead),
            note,
        )


def _shares(stated: Sequence[Observation], by_start: dict[int, Observation]) -> Iterator[Check]:
    for share in stated:
        match = (
            _SHARE.match(share.indicator or "")
            if share.measure == "share" and share.unit_base == "%"
            else None
        )
        part = by_start.get(share.base_start) if share.base_start is not None else None
        if match is None or part is None or part.measure != "level" or share.value is None:
            continue
        whole = next(
            (
                o
                for o in stated
                if o.measure == "level"
                and o.unit_base == part.unit_base
                and o.period == share.period
                and _same(o.indicator, match["whole"])
            ),
            None,
        )
        if whole is None or not whole.value_base or part.value_base is None:
            continue
        computed = round(100 * part.value_base / whole.value_base, 4)
        note = f"{part.text} / {whole.text} = {round(computed, 2)}%"
        yield _check(
            "share-of-levels",
            _rounded(share.value, computed),
            share,
            share.value,
            computed,
            (part, whole),
            note,
        )


def _rounded(stated: Decimal, computed: Decimal) -> str:
    """A share that is told in whole percent agrees after rounding; one with decimals agrees at
    those."""
    shown = stated.normalize().as_tuple().exponent
    places = -shown if isinstance(shown, int) and shown < 0 else 0
    if round(computed, places) != stated:
        return "does not agree"
    return "agrees" if computed == stated or places > 1 else "agrees after rounding"


def _counts(stated: Sequence[Observation]) -> Iterator[Check]:
    """58.70% of 254 proposals cannot be: 149 of them are 58.66 %."""
    for rate in stated:
        if (
            rate.measure != "level"
            or rate.unit != "%"
            or rate.value is None
            or rate.value != rate.value.quantize(Decimal("0.01"))
        ):
            continue
        count = next(
            (
                o
                for o in stated
                if o.measure == "level"
                and o.sentence_start == rate.sentence_start
                and o.start < rate.start
                and o.unit in ("件", "项", "个", "人", "户", "家", "起")
                and (rate.indicator or "").startswith(
                    re.sub("^(?:办理|受理|处理|调处|调解)", "", o.indicator or "-")
                )
            ),
            None,
        )
        if (
            count is None
            or count.value is None
            or not 0 < count.value < 10_000
            or rate.value == rate.value.to_integral_value()
        ):
            continue
        number = round(count.value * rate.value / 100)
        computed = round(Decimal(100) * number / count.value, 4)
        note = f"{number} of {count.text} are {round(computed, 2)}%"
        yield _check(
            "share-of-count",
            _verdict(rate.value, computed),
            rate,
            rate.value,
            computed,
            (count,),
            note,
        )


_A_HEAD = re.compile("每[^，,；;]{0,6}$")
"""A whole that is stated for each thousand people, for example, is not the whole of a count."""


def _parts(stated: Sequence[Observation]) -> Iterator[Check]:
    sentences: dict[int, list[Observation]] = {}
    for o in stated:
        if o.measure == "level":
            sentences.setdefault(o.sentence_start, []).append(o)
    for said in sentences.values():
        for i, part in enumerate(said):
            if i == 0 or not _AMONG.search(_before(part)):
                continue
            place = part.sentence.rfind("其中", 0, part.start - part.sentence_start)
            wholes = [
                o
                for o in said[:i]
                if o.start - o.sentence_start < place
                and o.unit_base == part.unit_base
                and not _A_HEAD.search(_before(o))
            ]
            if not wholes or part.value_base is None or wholes[-1].value_base is None:
                continue
            whole = wholes[-1]
            fits = part.value_base <= (whole.value_base or 0)
            note = f"{part.text} of {whole.text}"
            yield _check(
                "parts-of-whole",
                "agrees" if fits else "does not agree",
                part,
                part.value_base,
                whole.value_base or Decimal(0),
                (whole,),
                note,
            )


def _stocks(stated: Sequence[Observation]) -> Iterator[Check]:
    """新增900人,达到5400人,占6%: the stock before was 4500; with the earlier share it gives the whole of
    that time."""
    for flow, stock in pairwise(stated):
        if (
            not (flow.indicator or "").startswith("新增")
            or _NEW.sub("", flow.indicator or "") != stock.indicator
        ):
            continue
        share = next(
            (o for o in stated if o.measure == "share" and o.base_start == stock.start), None
        )
        earlier = share and next(
            (
                o
                for o in stated
                if o.measure == "share"
                and o.status == "actual"
                and o is not share
                and _alike(o.indicator, share.indicator)
            ),
            None,
        )
        if (
            share is None
            or earlier is None
            or None in (stock.value_base, flow.value_base)
            or not share.value
            or not earlier.value
        ):
            continue
        assert stock.value_base is not None
        assert flow.value_base is not None
        before = stock.value_base - flow.value_base
        whole = 100 * stock.value_base / share.value
        computed = round(100 * before / whole, 4)
        verdict = _tolerant(earlier.value, computed, (share.value,))
        note = f"{stock.text} - {flow.text} = {before}; {share.text} makes the whole {round(whole)}"
        yield _check(
            "stock-and-share", verdict, earlier, earlier.value, computed, (flow, stock, share), note
        )


def _check(
    rule: str,
    verdict: str,
    statement: Observation,
    stated: Decimal,
    computed: Decimal,
    evidence: tuple[Observation, ...],
    note: str,
) -> Check:
    return Check(
        rule=rule,
        verdict=verdict,
        statement=statement,
        stated=stated,
        computed=computed,
        evidence=evidence,
        note=note,
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


def audit(observations: Sequence[Observation]) -> "pd.DataFrame":
    """The checks of the report's arithmetic as a table, one row a check, in the order of the text.

    Columns: rule (see `checks`), verdict (agrees, agrees after rounding, does not agree), indicator
    and text of the statement checked, stated and computed (exact decimals, in its unit or base
    unit), note (the calculation), evidence (the surfaces it rests on), start (of the statement),
    evidence_starts.

    >>> from xiacheng_nlp.observations.observation import indicators
    >>> from xiacheng_nlp.report.report import load_report
    >>> audit(indicators(load_report()))[["indicator", "text", "verdict"]].iloc[0].tolist()  # a share that does not follow from its counts
    ['城市基础设施投资', '1.66亿元', 'agrees']
    """
    import pandas as pd

    rows = [
        (
            check.rule,
            check.verdict,
            check.statement.indicator,
            check.statement.text,
            check.stated,
            check.computed,
            check.note,
            "; ".join(o.text for o in check.evidence),
            check.statement.start,
            "; ".join(str(o.start) for o in check.evidence),
        )
        for check in checks(observations)
    ]
    return pd.DataFrame(
        rows,
        columns=[
            "rule",
            "verdict",
            "indicator",
            "text",
            "stated",
            "computed",
            "note",
            "evidence",
            "start",
            "evidence_starts",
        ],
    )
