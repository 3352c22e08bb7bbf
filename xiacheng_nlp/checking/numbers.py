"""What the package says of the numbers of a report, checked one by one, and what was said of them
as a gold standard that `evaluate` reads."""

import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from operator import itemgetter
from pathlib import Path

import pandas as pd

from xiacheng_nlp.checking.widget import (
    Answer,
    Answers,
    Checking,
    Item,
    Saved,
    drawn,
    path_of,
    shares_right,
)
from xiacheng_nlp.errors import DataFileError, SheetError
from xiacheng_nlp.files import plain
from xiacheng_nlp.numbers.scan import AMOUNTS
from xiacheng_nlp.observations.observation import Observation, indicators
from xiacheng_nlp.report.nodes import PART_NAMES
from xiacheng_nlp.report.report import Report
from xiacheng_nlp.validation.gold import CHOICES, read_number_gold

CHOSEN = ("measure", "status", "bound", "sign")
"""The fields of which one of few words is chosen."""

FIELDS = ("indicator", "value", "unit", "bound", "measure", "sign", "status", "period")


def items(report: Report) -> list[Item]:
    """Each number of the report once, in its order, with what the package says of it in `said`: the
    fields as text, empty where there is none.

    >>> report = Report.parse("各位代表:\\n一、2013年工作回顾\\n新建小学3所。")  # "3 schools"
    >>> [(item["text"], item["said"]["indicator"]) for item in items(report)]
    [('3所', '新建小学')]
    """
    numbers: dict[tuple[int, int], Observation] = {}
    for one in indicators(report):
        if one.kind in AMOUNTS and one.value is not None:
            numbers.setdefault((one.start, one.end), one)
    return [_item(report, one, number) for number, one in enumerate(numbers.values(), start=1)]


def _item(report: Report, one: Observation, number: int) -> Item:
    said = {name: _text(getattr(one, name)) for name in FIELDS}
    if one.value_high is not None:
        said["value"] += f"~{_text(one.value_high)}"
    return {
        "id": f"{one.start}-{one.end}",
        "number": number,
        "class": one.kind,
        "start": one.start,
        "end": one.end,
        "text": one.text,
        "among": one.among,
        "sentence": one.sentence,
        # Where the number stands in the sentence as it is shown, without the source's line breaks.
        "place": len(report.reading(one.sentence_start, one.start)[0]),
        "part": " ".join(PART_NAMES[one.part].values()) if one.part else "",
        "confidence": one.confidence,
        "said": said,
    }


def _text(value: object) -> str:
    return "" if value is None else str(plain(value))


def gold_row(item: Item, answer: Answer, sha256: str) -> Item:
    """The row of a gold standard: what the package said with what was corrected of it.

    `answer` has `verdict` (right, wrong, or unsure: the row is then not scored) and `corrected`,
    the fields that were. Raises `SheetError` for a value that is no number.

    >>> report = Report.parse("各位代表:\\n一、2013年工作回顾\\n新建小学3所。")
    >>> answer = {"verdict": "wrong", "corrected": {"indicator": "小学"}}
    >>> row = gold_row(items(report)[0], answer, report.sha256)
    >>> row["names"], row["value"], row["unit"]
    (['小学'], 3, '所')
    """
    corrected = {name: str(answer["corrected"][name]) for name in answer.get("corrected", {})}
    fields = {**item["said"], **corrected}
    names = [fields["indicator"]] if fields["indicator"] else []
    row = {
        "cand": item["number"],
        **{name: item[name] for name in ("class", "start", "end", "text")},
        "value": _number(fields["value"]),
        "unit": fields["unit"],
        "bound": fields["bound"] or "=",
        "role": "indicator" if names else "qualifier",
    }
    if names:
        row |= {"names": names, "among": item["among"]}
        row |= {name: fields[name] or None for name in ("measure", "status", "period")}
        row["sign"] = int(fields["sign"]) if fields["sign"] else None
    if answer["verdict"] == "unsure":
        row["optional"] = True
    return row | {"verdict": answer["verdict"], "corrected": corrected, "sha256": sha256}


def _number(text: str) -> int | float | list[int | float]:
    ends = [_one_number(end.strip()) for end in text.split("~")]
    return ends[0] if len(ends) == 1 else ends


def _one_number(text: str) -> int | float:
    try:
        value = Decimal(text)
        if value.is_finite():
            return int(value) if value == value.to_integral_value() else float(value)
    except InvalidOperation:
        pass
    raise SheetError(f"{text!r} is no number: write 7.8, or 2~3 for a range")


def gold_bytes(rows: Iterable[Item]) -> bytes:
    """The rows as a file of JSON lines, in the order of the text."""
    ordered = sorted(rows, key=_span)
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ordered).encode()


def read_gold(path: Path, report: Report) -> list[Item]:
    """The rows that were saved, none where there is no file. Raises `SheetError` for those of
    another report, and for a file that is none of a review."""
    try:
        rows = read_number_gold(path, report) if path.exists() else []
    except DataFileError as error:
        raise SheetError(str(error)) from None
    if not all(row.get("sha256") and "end" in row for row in rows):
        raise SheetError(f"{path.name}: not saved by a review; name another file")
    return rows


_span = itemgetter("start", "end")


def accuracy(numbers: Sequence[Item], rows: Iterable[Item]) -> pd.DataFrame:
    """How much of what the package says today is what the checked rows say.

    A row a field, and `record` for all fields together. Columns: `field`, `n` (numbers that were
    checked and decided; of a field but `indicator`, `value`, `unit` and `bound`, those that state
    an indicator), `right`, `share` (0 to 1), `low`, `high` (95 %, Wilson 1927, as if the numbers
    were drawn at random and each by itself).

    >>> report = Report.parse("各位代表:\\n一、2013年工作回顾\\n新建小学3所。")
    >>> numbers = items(report)
    >>> rows = [gold_row(numbers[0], {"verdict": "right"}, report.sha256)]
    >>> table = accuracy(numbers, rows)
    >>> table.loc[table["field"] == "record", ["n", "right"]].values.tolist()
    [[1, 1]]
    """
    gold = {_span(row): row for row in rows if not row.get("optional")}
    pairs = [(item["said"], gold[_span(item)]) for item in numbers if _span(item) in gold]
    judged = [_right(said, row) for said, row in pairs]
    return shares_right(
        {
            field: [right[field] for right in judged if field in right]
            for field in ("record", *FIELDS)
        }
    )


def _right(said: Mapping[str, str], row: Item) -> dict[str, bool]:
    """Which fields are right; what belongs to an indicator alone, where both have one."""
    name = (row.get("names") or [""])[0]
    right = {
        "indicator": said["indicator"] == name,
        "value": _number(said["value"]) == row["value"],
        "unit": said["unit"] == (row["unit"] or ""),
        "bound": (said["bound"] or "=") == (row["bound"] or "="),
    }
    if said["indicator"] and name:
        right |= {
            field: said[field] == _text(row.get(field))
            for field in ("measure", "sign", "status", "period")
        }
    return right | {"record": all(right.values())}


def review(
    report: Report,
    *,
    n: int | None = 100,
    order: str = "uncertain",
    seed: int = 0,
    file: str | Path | None = None,
) -> Checking:
    """A widget to check by eye what the package says of the numbers of a report.

    Each number is marked in its sentence, with its name; the other fields stand below. Keys: Enter
    right, W wrong (a field is corrected in place, or selected in the sentence with the mouse), X no
    indicator, U undecidable, arrows back and forth. `n` numbers (None: all) are shown in the
    `order` uncertain (least certain first; where no confidence is known, as random), random (a
    sample that is the same for the same `seed` on every machine: the one to estimate an accuracy
    from) or text; those of one sentence together.

    What is said is saved at once in `file` (by default REPORT.review.jsonl in the current folder),
    a gold standard that `evaluate` reads; a file that is there is gone on with. The widget's
    `accuracy` is a table: `field`, `n`, `right`, `share`, `low`, `high`. A number that the package
    did not find is not shown, so that recall is not told.

    Raises `SheetError` for an option out of range and for a file of another report.

    >>> report = Report.parse("各位代表:\\n一、2013年工作回顾\\n新建小学3所。", name="report.txt")
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:  # "3 new schools": a key says that it is so
    ...     sheet = review(report, file=Path(folder) / "checked.jsonl")
    ...     sheet.answers = {sheet.items[0]["id"]: {"verdict": "right", "corrected": {}}}
    >>> sheet.accuracy.head(1)[["field", "n", "right"]].values.tolist()
    [['record', 1, 1]]
    """
    path = path_of(report, file, "review.jsonl")
    numbers = items(report)
    by_id = {item["id"]: item for item in numbers}
    said = {f"{row['start']}-{row['end']}": row for row in read_gold(path, report)}

    def save(_: Answers, new: Answers) -> Saved:
        given = [gold_row(by_id[id], answer, report.sha256) for id, answer in new.items()]
        rows = {_span(row): row for row in (*read_gold(path, report), *given)}.values()
        return gold_bytes(rows), accuracy(numbers, rows)

    return Checking(
        save,
        report=report,
        path=path,
        mode="records",
        items=drawn(numbers, n, report, order=order, seed=seed),
        choices={
            # The empty word says that there is none; a number has a bound always.
            name: CHOICES[name] if name == "bound" else ["", *CHOICES[name]]
            for name in CHOSEN
        },
        answers={
            id: {"verdict": row.get("verdict", "right"), "corrected": row.get("corrected", {})}
            for id, row in said.items()
            if id in by_id
        },
    )
