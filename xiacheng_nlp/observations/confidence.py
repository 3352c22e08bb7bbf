"""How sure a record is: the probability that all of it is right, from what makes such records go
wrong on reports that nobody had looked at.

A logistic regression on a few yes-or-no features. Its weights stand in
`data/observations/confidence.tsv`, made by `tools/fit_confidence.py`.
"""

from collections.abc import Mapping
from functools import cache
from itertools import compress
from math import exp

from xiacheng_nlp.datafiles import packaged, read_table
from xiacheng_nlp.observations.reading import Reading

_LONG, _SHORT = 12, 2
_FAR = 120
_OF_OTHERS = ("difference", "multiple")
_DOUBTS = (
    *("in a term", "characters", "long name", "short name", "name from before", "noun behind"),
    *("set against another", "rank", "far on"),
)


def doubts(reading: Reading, place: int, *, in_term: bool) -> tuple[str, ...]:
    """What speaks for or against a record, by the names of the table of weights; `place` is where
    its number stands in the sentence, `in_term` whether the passage tells of several years.

    >>> from xiacheng_nlp.numbers.scan import quantities
    >>> (number,) = quantities("投资三亿元")  # "investment of 300 million yuan"
    >>> doubts(Reading(number, "level", "投资", "level"), 2, in_term=True)
    ('in a term', 'characters', 'short name')
    """
    name, rule = reading.name or "", reading.rule
    holds = (
        in_term,
        not any(map(str.isdecimal, reading.quantity.text)),
        len(name) > _LONG,
        len(name) <= _SHORT,
        rule.endswith(("-carried", "-topic")),
        rule == "count-before-noun",
        reading.measure in _OF_OTHERS,
        reading.measure == "rank",
        place > _FAR,
    )
    return tuple(compress(_DOUBTS, holds))


@cache
def _weights() -> Mapping[str, float]:
    table = packaged("observations/confidence.tsv")
    rows = read_table(
        table, columns=("feature", "weight"), optional=("records", "right", "note"), key="feature"
    )
    return {row["feature"]: float(row["weight"]) for row in rows}


@cache
def confidence(told: tuple[str, ...]) -> float:
    """The probability, to two decimals, that a record with these doubts is wholly right.

    >>> confidence(()) > confidence(("short name",)) > confidence(("in a term", "short name"))
    True
    """
    weights = _weights()
    return round(1 / (1 + exp(-weights["constant"] - sum(map(weights.__getitem__, told)))), 2)
