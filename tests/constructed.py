"""Constructed reports: of places that do not exist, in files that make_constructed.py made.

What is known to stand in them lets every comparison of many reports be tested. Nothing in them is a
fact.
"""

from pathlib import Path

from xiacheng_nlp.corpora.loading import Panel, load_panel

FOLDER = Path(__file__).parent / "constructed_reports"

PLACES = {"甲区": "jia", "乙县": "yi", "丙市": "bing"}
"""Their names say that they are none: the first, the second, the third place; and how their files
are called, in letters that every system's names can hold."""

YEARS = (2013, 2014, 2015, 2016)


def constructed_text(place: str, year: int) -> str:
    """The constructed report of a place and year."""
    return (FOLDER / f"{PLACES[place]}-{year}.txt").read_bytes().decode("utf-8")


def constructed_panel() -> Panel:
    """The panel of all constructed reports."""
    return load_panel(FOLDER)
