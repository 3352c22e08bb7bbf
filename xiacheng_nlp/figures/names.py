"""The words of the figures in Chinese and English, all from `data/figures/labels.tsv`.

A row of that file has a group, a key, and what it is called in both languages. The groups of values
(`measure`, `status`, `verdict`) are mappings here, from the value to its names; the group
`figure` has the labels in pictures, which `Page.say` finds by their keys and whose braces it fills.
"""

from collections.abc import Mapping
from functools import cache

from xiacheng_nlp.datafiles import packaged, read_table
from xiacheng_nlp.report.nodes import PART_NAMES as PART_NAMES

Names = Mapping[str, Mapping[str, str]]
"""What each of some values is called, by language."""

COLON, COMMA = {"zh": "：", "en": ": "}, {"zh": "、", "en": ", "}
"""Between a name and what it is, and between the members of a list."""

GROUPS = {
    "construction",
    "empty",
    "figure",
    "measure",
    "setting",
    "sign",
    "status",
    "system",
    "task",
    "unit",
    "verdict",
}


@cache
def _groups() -> Mapping[str, dict[str, Mapping[str, str]]]:
    """The names of every group; raises `DataFileError` for a group that no figure asks for."""
    groups: dict[str, dict[str, Mapping[str, str]]] = {group: {} for group in GROUPS}
    path = packaged("figures/labels.tsv")
    columns, key = ("group", "key", "zh", "en"), ("group", "key")
    for row in read_table(path, columns=columns, optional=("note",), key=key):
        group = groups[row.chosen("group", GROUPS)]
        group[row["key"]] = {"zh": row["zh"], "en": row["en"]}
    return groups


def names(group: str) -> Names:
    """The names of a group's values, in the order of the file.

    >>> names("measure")["growth"]
    {'zh': '增长', 'en': 'growth'}
    """
    return _groups()[group]


MEASURE_NAMES, STATUS_NAMES = names("measure"), names("status")
SIGN_NAMES = names("sign")
"""A growth below zero, and a difference to something that lies higher."""
