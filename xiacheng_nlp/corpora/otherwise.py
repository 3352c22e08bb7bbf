"""What the next report tells of a target under another name."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from xiacheng_nlp.numbers.units import NO_UNIT, unit_table
from xiacheng_nlp.observations.comparison import pairs_of, told_apart

LIKE, LIKE_IN_KIND, LIKE_IN_SIZE = 0.3, 0.12, 0.05
"""How like two names must be for the one to be perhaps the other's: of any kinds of quantity, of
the same kind, and of nearly the same number. Of pairs of the reference panel that were read eight
of ten name one thing from 0.43, half from 0.25 to 0.33, two from 0.18 on, one below it, and half
from 0.05 on where the numbers are near."""

NEAR = Decimal("0.8")
"""Numbers are near where the smaller is so much of the greater, or more."""

Row = dict[Any, Any]
_Kind = tuple[str, str]
_Likeness = Callable[[str, str], float]


def in_other_words(
    targets: Sequence[Row], outcomes: Sequence[Row], others: Sequence[Row], like: _Likeness
) -> Iterator[Row]:
    """The targets, those without an outcome with what is likest to it in the next report.

    Where an outcome's name is made of the same characters (老旧小区改造任务, 改造老旧小区) it is
    theirs, whatever it is counted in (项, 件). Of any other that is like it, and of the `others`,
    which tell of other years too, the words, name and place alone are told: the less alike kind
    (a level where growth was promised) and number are, the more alike the names must be.
    """
    told = [(_kind(one), one) for one in [*outcomes, *others]]
    holding = defaultdict(list)
    for number, (_, one) in enumerate(told):
        for pair in pairs_of(one["indicator"]):
            holding[one["place"], one["period"], pair].append(number)
    for row in targets:
        if row["outcome"] is None:
            near = _nearest(row, [(n, *told[n]) for n in _all_holding(row, holding)], like)
            if near:
                number, alike = near
                one = told[number][1]
                same = alike and number < len(outcomes) and row["measure"] == one["measure"]
                same = same and _made_of(row) == _made_of(one)
                row |= {key: one[key] for key in one if key.startswith(_ALL if same else _TEXT)}
        yield row


_ALL, _TEXT = "outcome", ("outcome_text", "outcome_name", "outcome_report", "outcome_id")


def _nearest(
    row: Row, told: Sequence[tuple[int, _Kind, Row]], like: _Likeness
) -> tuple[int, bool] | None:
    """The number of the likest of what is told, one of the same kind before any other, and whether
    it is of the same kind."""
    own, near = _kind(row), []
    for number, kind, one in told:
        alike, how_like = kind == own, like(row["indicator"], one["indicator"])
        if how_like >= (LIKE_IN_KIND if alike else LIKE) or (
            how_like >= LIKE_IN_SIZE and _are_near(row, one)
        ):
            near.append((alike, how_like, -number))
    if not near:
        return None
    alike, _, number = max(near)
    return -number, alike


def _are_near(row: Row, one: Row) -> bool:
    of_one_unit = row["measure"] == one["measure"] and row["unit_base"] == one["unit_base"]
    # Of rates there are so many that some are always near.
    if not of_one_unit or row["unit_base"] == "%":
        return False
    less, more = sorted((row["target"], one["outcome"]))
    return bool(0 < NEAR * more <= less)


def _all_holding(row: Row, holding: Mapping[tuple[str, str, str], list[int]]) -> set[int]:
    pairs = pairs_of(row["indicator"])
    return {n for pair in pairs for n in holding.get((row["place"], row["period"], pair), ())}


def _made_of(row: Row) -> list[str]:
    return sorted(told_apart(row["indicator"]))


def _kind(row: Row) -> _Kind:
    """What two statements must share to be about the same kind of quantity."""
    measure = "level" if row["measure"] == "share" else row["measure"]
    unit = unit_table().get(row["unit_base"], NO_UNIT)
    # What the table of units does not know counts too: 套（间）.
    counted = "" if unit.dimension in ("count", "") else row["unit_base"]
    return measure, counted
