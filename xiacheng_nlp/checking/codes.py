"""The coded sentences of a report as they are checked by eye, and what was said of them as a
filled-in sheet, which `themes.read_sheet` reads."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from xiacheng_nlp.checking.shares import shares_right
from xiacheng_nlp.files import table_bytes
from xiacheng_nlp.report.report import Report
from xiacheng_nlp.themes.codebook import Codebook
from xiacheng_nlp.themes.coding import code_themes
from xiacheng_nlp.themes.hand_coding import COLUMNS, read_sheet, sheet_rows

Item = dict[str, Any]
Answer = Mapping[str, Any]


def items(report: Report, codebook: Codebook | None = None) -> list[Item]:
    """Each coded sentence of the report in its order, with what the package says of it in `said`:
    `themes` (the main one first) and `instrument`.

    >>> report = Report.parse("各位代表:\\n一、2014年工作\\n新建小学3所。")  # "3 new schools"
    >>> [(item["text"], item["said"]["themes"]) for item in items(report)]
    [('新建小学3所。', ['education'])]
    """
    coded = code_themes(report, codebook).to_dict("records")
    return [
        {name: row[name] for name in ("start", "end", "text", "context_before", "section_title")}
        | {
            "id": f"{row['start']}-{row['end']}",
            "number": row["id"],
            "part": row["part"],
            "confidence": one.get("probability"),
            "said": {"themes": list(one["themes"]), "instrument": one["instrument"]},
        }
        for row, one in zip(sheet_rows(report, coded), coded, strict=True)
    ]


def sheet_bytes(sentences: Iterable[Item], answers: Mapping[str, Answer]) -> bytes:
    """The coding sheet with the codes that were given, a row a sentence."""
    rows = [
        {
            "id": item["number"],
            **{name: item[name] for name in COLUMNS[1:-3]},
            "main": "".join(_themes(item, answers)[:1]),
            "others": "、".join(_themes(item, answers)[1:]),
            "instrument": _given(item, answers).get("instrument", ""),
        }
        for item in sentences
    ]
    return table_bytes(rows, COLUMNS, form="csv-excel")


def _given(item: Item, answers: Mapping[str, Answer]) -> Answer:
    return answers.get(item["id"], {}).get("codes", {})  # type: ignore[no-any-return]


def _themes(item: Item, answers: Mapping[str, Answer]) -> list[str]:
    return list(_given(item, answers).get("themes", ()))


def read_answers(path: Path, report: Report, codebook: Codebook | None) -> dict[str, Answer]:
    """The codes of a saved sheet, by the id of their sentence; none where there is no file. Raises
    `SheetError` with what is wrong in it."""
    if not path.exists():
        return {}
    rows = read_sheet(path, report, codebook)
    columns = (rows[name] for name in ("start", "end", "themes", "instrument"))
    return {
        f"{start}-{end}": {"codes": {"themes": list(themes), "instrument": instrument or ""}}
        for start, end, themes, instrument in zip(*columns, strict=True)
    }


def accuracy(sentences: Iterable[Item], answers: Mapping[str, Answer]) -> pd.DataFrame:
    """In how many of the sentences that were coded the package's code is the one given.

    Rows `main theme`, `all themes` (the same set), `instrument`. Columns: `field`, `n`, `right`,
    `share` (0 to 1), `low`, `high` (95 %, Wilson 1927).

    >>> report = Report.parse("各位代表:\\n一、2014年工作\\n新建小学3所。")
    >>> sentences = items(report)
    >>> given = {sentences[0]["id"]: {"codes": sentences[0]["said"]}}
    >>> accuracy(sentences, given)[["field", "n", "right"]].values.tolist()
    [['main theme', 1, 1], ['all themes', 1, 1], ['instrument', 1, 1]]
    """
    done = [(item["said"], _given(item, answers)) for item in sentences if item["id"] in answers]
    return shares_right(
        {
            "main theme": [said["themes"][:1] == given["themes"][:1] for said, given in done],
            "all themes": [set(said["themes"]) == set(given["themes"]) for said, given in done],
            "instrument": [
                said["instrument"] == given["instrument"]
                for said, given in done
                if given["instrument"]
            ],
        }
    )
