"""What the next report tells of a target under another name."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Any

from xiacheng_nlp.numbers.units import NO_UNIT, unit_table
from xiacheng_nlp.observations.comparison import likeness, told_apart

LIKE = 0.18
"""How like two names must be for the one to be perhaps the other's. Of pairs of the reference panel
that were read eight of ten name one thing from 0.43, half from 0.25 to 0.33, two from 0.18 on, and
one below it."""

Row = dict[Any, Any]


def in_other_words(targets: Sequence[Row], outcomes: Sequence[Row]) -> Iterator[Row]:
    """The targets, those without an outcome with that of the likest name.

    Where both names are made of the same characters (老旧小区改造任务, 改造老旧小区) it is their
    outcome, whatever it is counted in (项, 件); where they are only like each other, its words and
    place alone are told.
    """
    told = defaultdict(list)
    for one in outcomes:
        told[_kind(one)].append(one)
    like = likeness(row["indicator"] for row in [*targets, *outcomes])
    for row in targets:
        if row["outcome"] is None:
            near = [(like(row["indicator"], one["indicator"]), one) for one in told[_kind(row)]]
            best, one = max(near, key=itemgetter(0), default=(0, row))
            if best >= LIKE:
                same = row["measure"] == one["measure"] and _made_of(row) == _made_of(one)
                row |= {key: one[key] for key in one if key.startswith(_ALL if same else _TEXT)}
        yield row


_ALL, _TEXT = "outcome", ("outcome_text", "outcome_report", "outcome_id")


def _made_of(row: Row) -> list[str]:
    return sorted(told_apart(row["indicator"]))


def _kind(row: Row) -> tuple[str, ...]:
    """What two statements must share to be about the same: place, year and kind of quantity."""
    measure = "level" if row["measure"] == "share" else row["measure"]
    unit = unit_table().get(row["unit_base"], NO_UNIT)
    # What the table of units does not know counts too: 套（间）.
    counted = "" if unit.dimension in ("count", "") else row["unit_base"]
    return row["place"], row["period"], measure, counted
