"""The indicators that nearly every report states, and the many wordings of each."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from xiacheng_nlp.datafiles import packaged, read_table
from xiacheng_nlp.observations.vocabulary import pattern, words


@dataclass(frozen=True, slots=True)
class Headline:
    """An indicator that nearly every report states: its LaTeX command, its name, an English gloss
    and the wordings that stand for it.

    `lower` tells that a government wants less of it, though no word of the target need say so:
    prices, unemployment.
    """

    macro: str
    indicator: str
    english: str
    names: frozenset[str]
    lower: bool


def is_ceiling(bound: str, modal: str | None, indicator: str, *, falls: bool) -> bool:
    """Whether less is better than a target asks: 控制在4%以内, a fall by 3 %, or what ought to be
    low (unemployment, prices).

    >>> is_ceiling(">=", None, "地区生产总值", falls=False)  # "gross product"
    False
    >>> is_ceiling("=", "控制在", "涨幅", falls=False)  # "a rise held at"
    True
    """
    if bound not in ("=", "~"):
        return (bound in ("<=", "<")) != falls
    headline = headline_of(indicator)
    return ("控制" in (modal or "")) != falls or (headline is not None and headline.lower)


@lru_cache(maxsize=1)
def headlines() -> tuple[Headline, ...]:
    """The headline indicators of `headline_indicators.tsv`, in its order.

    Raises `DataFileError` where a macro has other characters than letters, a wording stands for two
    indicators, or `better` is unknown.
    """
    rows = read_table(
        packaged("observations/headline_indicators.tsv"),
        columns=("macro", "indicator", "english", "names", "source"),
        optional=("better", "note"),
        key="macro",
    )
    seen: dict[str, str] = {}
    found = []
    for row in rows:
        if not re.fullmatch("xc[A-Z][A-Za-z]*", row["macro"]):
            raise row.error(
                "a command of LaTeX is made of letters: xc and a capital first", "macro"
            )
        if row["better"] not in ("", "lower"):
            raise row.error("better is lower, or empty", "better")
        names = frozenset([row["indicator"], *row["names"].split()])
        for name in sorted(names):
            if seen.setdefault(name, row["macro"]) != row["macro"]:
                raise row.error(f"{name} stands already for {seen[name]}", "names")
        found.append(
            Headline(
                row["macro"], row["indicator"], row["english"], names, row["better"] == "lower"
            )
        )
    return tuple(found)


@lru_cache(maxsize=1)
def _by_name() -> Mapping[str, Headline]:
    return {name: headline for headline in headlines() for name in headline.names}


def headline_of(name: str) -> Headline | None:
    """The headline indicator that a name in a report stands for, None for any other; 全省, 全市 …
    before it is passed over.

    >>> headline_of("全省生产总值").indicator  # "product of the whole province"
    '地区生产总值'
    """
    plain = "".join(name.split())
    return _by_name().get(plain) or _by_name().get(pattern.whole_place.sub("", plain))


def is_loose(name: str) -> bool:
    """Whether a name stands for its headline only where no fuller wording does.

    >>> is_loose("新增就业"), is_loose("城镇新增就业")  # "new jobs", "new urban jobs"
    (True, False)
    """
    return pattern.whole_place.sub("", "".join(name.split())) in words.loose_headline
