"""What the package is measured against: what one gets without it, in an afternoon and with common
tools.

`number_unit_pattern` is a regular expression of digits and a unit, the name what stands before it
in the clause; `plain_words` jieba with its own dictionary, as it comes; `most_frequent_code` gives
every sentence the code that is most frequent.
"""

import re
from decimal import Decimal
from functools import cache
from typing import Any

import pandas as pd

from xiacheng_nlp.report.report import Report
from xiacheng_nlp.validation.gold import scoring_words
from xiacheng_nlp.words.segmentation import tokenize

_CLAUSE = re.compile("[,，。;；:：、!！?？]")


def _any_of(*kinds: str) -> str:
    """Any of the words of these kinds, the longest first."""
    words = [word for kind in kinds for word in scoring_words(kind)]
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """An amount; what is no part of the name before it; and a word of change right before it."""
    amount = re.compile(rf"(\d+(?:\.\d+)?)({_any_of('unit')})")
    verb = re.compile(rf"(?:{_any_of('trailing')})+$|^(?:{_any_of('leading')})+")
    return amount, verb, re.compile(rf"({_any_of('rise', 'fall')})(?:了|到)?$")


def number_unit_pattern(report: Report) -> list[dict[str, Any]]:
    """The rows of an observation table that a plain pattern gives: digits, one of some fifty units,
    and the clause before as the name.

    A number behind a word of change is a growth; the plan is a target of the report's year, all
    else an outcome of the year before.

    >>> text = "各位代表:\\n一、2013年工作回顾\\n实现地区生产总值643.57亿元,增长7.80%。"
    >>> rows = number_unit_pattern(Report.parse(text))  # "product of 64.357 bn, up 7.80 %"
    >>> [(row["indicator"], row["text"], row["measure"]) for row in rows]
    [('地区生产总值', '643.57亿元', 'level'), ('地区生产总值', '7.80%', 'growth')]
    """
    rows = []
    amount, verb, changing = _patterns()
    for paragraph in report.paragraphs:
        positions = report.positions(paragraph)
        planned = paragraph.part in ("plan", "government")
        last = ""
        for match in amount.finditer(paragraph.text):
            clause = _CLAUSE.split(paragraph.text[: match.start()])[-1]
            change = changing.search(clause)
            # A bare 增长7.80% is about what the clause before named.
            last = verb.sub("", verb.sub("", clause)) or last
            year = None if report.year is None else report.year - (not planned)
            rows.append(
                {
                    "start": positions[match.start()],
                    "end": positions[match.end() - 1] + 1,
                    "text": match[0],
                    "class": "quantity",
                    "value": Decimal(match[1]),
                    "unit": match[2],
                    "bound": "=",
                    "indicator": last or None,
                    "measure": "growth" if change and match[2] in ("%", "％") else "level",
                    "sign": -1 if change and change[1] in scoring_words("fall") else 1,
                    "status": "target" if planned else "actual",
                    "period": None if year is None else str(year),
                    "sentence": paragraph.text,
                }
            )
    return rows


def plain_words(report: Report) -> pd.DataFrame:
    """The words that jieba cuts with its own dictionary, without a list or a rule of ours: `start`,
    `end`, `text`.

    >>> words = plain_words(Report.parse("各位代表:\\n打造武林中央商务区。"))
    >>> words["text"].tolist()[-3:]  # "the Wulin CBD", cut in two
    ['武林', '中央商务区', '。']
    """
    return tokenize(report, engine="jieba", glossary=True)[["start", "end", "text"]]


def most_frequent_code(coded: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """The coded sentences with the theme and the instrument that are most frequent in `other`, for
    all of them.

    >>> coded = pd.DataFrame({"themes": [("law",), ("law",)], "instrument": ["none", "none"]})
    >>> other = coded.assign(themes=[("reform",), ("reform", "law")])
    >>> most_frequent_code(coded, other)["themes"].tolist()
    [('reform',), ('reform',)]
    """
    # Of codes as frequent as each other, mode gives the first by name.
    theme = other["main" if "main" in other else "themes"].str[0].mode()[0]
    told = other["instrument"].map(lambda codes: codes if isinstance(codes, str) else codes[0])
    themes = pd.Series([(theme,)] * len(coded), index=coded.index)
    return coded.assign(themes=themes, instrument=told.mode()[0])
