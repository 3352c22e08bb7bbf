"""The words of the figures in Chinese and English, all from `data/figures/labels.tsv`.

A row of that file has a group, a key, and what it is called in both languages. The groups of values
(`measure`, `status`, `verdict`) are mappings here, from the value to its names; the group
`figure` has the labels in pictures, which `Page.say` finds by their keys and whose braces it fills.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Literal

from xiacheng_nlp.datafiles import packaged, read_table
from xiacheng_nlp.report.nodes import PART_NAMES as PART_NAMES

Lang = Literal["zh", "en"]

Names = Mapping[str, Mapping[str, str]]
"""What each of some values is called, by language."""

COLON, COMMA = {"zh": "：", "en": ": "}, {"zh": "、", "en": ", "}
"""Between a name and what it is, and between the members of a list."""


def joined(words: Iterable[str], lang: Lang) -> str:
    """The words with commas between, or with semicolons where one of them has a comma itself.

    >>> joined(["reform", "one country, two systems"], "en"), joined(["改革", "开放"], "zh")
    ('reform; one country, two systems', '改革、开放')
    """
    words = list(words)
    return ("; " if any(", " in word for word in words) else COMMA[lang]).join(words)


def by_members(value: str, known: Names, lang: Lang) -> str:
    """A value of several members by the names of those that have one.

    >>> by_members("jieba, lexicon, no stop list", names("setting"), "zh")
    'jieba、有词典、无停用词表'
    """
    members = value.split(", ")
    return COMMA[lang].join(known[one][lang] if one in known else one for one in members)


HAN = re.compile("[\u4e00-\u9fff]")
ORNAMENT = re.compile(r"[※★●■【】]|[\[［〔]\d{1,3}[\]］〕]")
"""What stands around a heading or behind a word in it, ※ or the mark of a note, [18], which leads
nowhere outside the text."""

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
