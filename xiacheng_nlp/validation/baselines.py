"""What the package is measured against: what one gets without it, in an afternoon and with common
tools.

- `number_unit_pattern`: a regular expression of digits and a unit, the name what stands before it
in the clause. - `plain_words`: jieba with its own dictionary, as it comes. - `most_frequent_code`:
every sentence coded with the code that is most frequent.
"""

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pandas as pd

from xiacheng_nlp.report.report import Report
from xiacheng_nlp.words.segmentation import Segmenter

_UNIT = (
    "万亿元|亿美元|万美元|亿元|万元|美元|元|万平方米|平方米|公里|万吨|吨|万亩|亩|个百分点|%|％|‰|"
    "万人次|人次|万人|人|万户|户|[个家项件套条所名幢座处场台次起辆]"
)
_AMOUNT = re.compile(rf"(\d+(?:\.\d+)?)({_UNIT})")
_CLAUSE = re.compile("[,，。;；:：、!！?？]")
_VERB = re.compile(
    "(?:累计|同比|全年|实现|完成|达到|增长|下降|上升|提高|减少|为|了)+$|^(?:累计|全年|实现|完成|达到)+"
)
_CHANGE = re.compile("(增长|上升|提高|下降|减少|降低)(?:了|到)?$")


def number_unit_pattern(report: Report) -> list[dict[str, Any]]:
    """The rows of an observation table that a plain pattern gives: digits, one of some fifty units,
    and the clause before as the name.

    A number behind a word of change is a growth; the plan is a target of the report's year, all
    else an outcome of the year before.

    >>> rows = number_unit_pattern(Report.parse("各位代表:\\n一、2013年工作回顾\\n实现地区生产总值643.57亿元,增长7.80%。"))
    >>> [(row["indicator"], row["text"], row["measure"]) for row in rows]  # "gross product of 64.357 billion yuan, up 7.80 %"
    [('地区生产总值', '643.57亿元', 'level'), ('地区生产总值', '7.80%', 'growth')]
    """
    return list(_matches(report))


def _matches(report: Report) -> Iterator[dict[str, Any]]:
    for paragraph in report.paragraphs:
        positions = report.positions(paragraph)
        planned = paragraph.part in ("plan", "government")
        last = ""
        for match in _AMOUNT.finditer(paragraph.text):
            clause = _CLAUSE.split(paragraph.text[: match.start()])[-1]
            change = _CHANGE.search(clause)
            # A bare 增长7.80% is about what the clause before named.
            last = _VERB.sub("", _VERB.sub("", clause)) or last
            year = None if report.year is None else report.year - (not planned)
            yield {
                "start": positions[match.start()],
                "end": positions[match.end() - 1] + 1,
                "text": match[0],
                "class": "quantity",
                "value": Decimal(match[1]),
                "value_high": None,
                "unit": match[2],
                "bound": "=",
                "indicator": last or None,
                "measure": "growth" if change and match[2] in ("%", "％") else "level",
                "sign": -1 if change and change[1] in ("下降", "减少", "降低") else 1,
                "status": "target" if planned else "actual",
                "period": None if year is None else str(year),
                "among": None,
                "base_start": None,
                "sentence": paragraph.text,
            }


def plain_words(report: Report) -> pd.DataFrame:
    """The words that jieba cuts with its own dictionary, without a list or a rule of ours: `start`,
    `end`, `text`.

    >>> plain_words(Report.parse("各位代表:\\n打造武林中央商务区。"))["text"].tolist()[-3:]  # "the Wulin CBD", cut in two
    ['武林', '中央商务区', '。']
    """
    segmenter = Segmenter(engine="jieba", lexicon=False)
    rows: list[tuple[int, int, str]] = []
    for paragraph in report.paragraphs:
        positions = report.positions(paragraph)
        place = 0
        for word in segmenter.plain(paragraph.text):
            if word.strip():
                rows.append((positions[place], positions[place + len(word) - 1] + 1, word))
            place += len(word)
    return pd.DataFrame(rows, columns=["start", "end", "text"])


def most_frequent_code(coded: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    """The coded sentences with the theme and the instrument that are most frequent in `other`, for
    all of them.

    >>> coded = pd.DataFrame({"start": [0, 9], "end": [9, 20], "themes": [("law",), ("law",)], "instrument": ["none", "none"]})
    >>> most_frequent_code(coded, coded.assign(themes=[("reform",), ("reform", "law")]))["themes"].tolist()
    [('reform',), ('reform',)]
    """
    mains = Counter(str(codes[0]) for codes in other["main" if "main" in other else "themes"])
    instruments = Counter(
        codes if isinstance(codes, str) else str(codes[0]) for codes in other["instrument"]
    )
    theme, instrument = (
        min(counts, key=lambda code: (-counts[code], code)) for counts in (mains, instruments)
    )
    return coded.assign(
        themes=pd.Series([(theme,)] * len(coded), index=coded.index), instrument=instrument
    )
