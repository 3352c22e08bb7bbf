"""The words of the figures in Chinese and English, all from `data/figures/labels.tsv`.

A row of that file has a group, a key, and what it is called in both languages. The groups of values
(`measure`, `status`, `verdict`) are mappings here, from the value to its names; the group
`figure` has the labels in pictures, which `Page.say` finds by their keys and whose braces it fills.
"""

from collections.abc import Mapping
from functools import cache
from typing import Literal

from xiacheng_nlp.datafiles import packaged, read_table
from xiacheng_nlp.report.nodes import PART_NAMES as PART_NAMES

Lang = Literal["zh", "en"]

Names = Mapping[str, Mapping[str, str]]
"""What each of some values is called, by language."""

COLON, COMMA = {"zh": "：", "en": ": "}, {"zh": "、", "en": ", "}
"""Between a name and what it is, and between the members of a list."""

LABELS = "figures/labels.tsv"


@cache
def named(file: str) -> Mapping[str, Names]:
    """The names of every group of a data file with the columns group, key, zh, en."""
    groups: dict[str, dict[str, Mapping[str, str]]] = {}
    columns, key = ("group", "key", "zh", "en"), ("group", "key")
    for row in read_table(packaged(file), columns=columns, optional=("note",), key=key):
        group = groups.setdefault(row["group"], {})
        group[row["key"]] = {"zh": row["zh"], "en": row["en"]}
    return groups


def names(group: str) -> Names:
    """The names of a group's values, in the order of the file.

    >>> names("measure")["growth"]
    {'zh': '增长', 'en': 'growth'}
    """
    return named(LABELS)[group]


MEASURE_NAMES, STATUS_NAMES = names("measure"), names("status")
SIGN_NAMES = names("sign")
"""A growth below zero, and a difference to something that lies higher."""
