"""Constructed reports: of places that do not exist, in files that tools/make_constructed.py made.

They let every comparison of many reports be shown, and be tested against what is known to stand in
them. Nothing in them is a fact.
"""

import hashlib
from collections.abc import Iterable, Mapping
from functools import lru_cache

from xiacheng_nlp.datafiles import packaged
from xiacheng_nlp.report.report import Report
from xiacheng_nlp.resources import seed_sha256

PLACES: Mapping[str, str] = {"甲区": "jia", "乙县": "yi", "丙市": "bing"}
"""Their names say that they are none: the first, the second, the third place; and how their files
are called, in letters that every system's names can hold."""

YEARS = (2013, 2014, 2015, 2016)


def constructed_text(place: str, year: int) -> str:
    """The constructed report of a place and year.

    >>> constructed_text("甲区", 2014).splitlines()[0]  # "Work report of District A (constructed)"
    '甲区人民政府2014年政府工作报告(构造文本)'
    """
    path = packaged(f"corpora/constructed/{PLACES[place]}-{year}.txt")
    return path.read_bytes().decode("utf-8")


def constructed_reports() -> tuple[Report, ...]:
    """All constructed reports, by place and year.

    >>> [(report.name, report.year) for report in constructed_reports()][:2]
    [('甲区-2013.txt', 2013), ('甲区-2014.txt', 2014)]
    """
    return tuple(
        Report.parse(constructed_text(place, year), name=f"{place}-{year}.txt")
        for place in PLACES
        for year in YEARS
    )


@lru_cache(maxsize=1)
def seed_panel_sha256() -> str:
    """The hash of the panel of the Xiacheng report beside the constructed ones, by which claims
    about it know it.

    >>> seed_panel_sha256()[:12]
    '8caa7b823daf'
    """
    texts = [constructed_text(place, year) for place in PLACES for year in YEARS]
    made = [hashlib.sha256(text.encode("utf-8")).hexdigest() for text in texts]
    return panel_sha256([seed_sha256(), *made])


def panel_sha256(hashes: Iterable[str]) -> str:
    """One hash for a panel: that of the hashes of its reports, whatever their order.

    >>> panel_sha256(["b", "a"]) == panel_sha256(["a", "b"])
    True
    """
    return hashlib.sha256("\n".join(sorted(hashes)).encode()).hexdigest()
