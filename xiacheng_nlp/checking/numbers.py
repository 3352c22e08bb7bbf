"""What the package says of the numbers of a report, checked one by one."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from xiacheng_nlp.checking import records
from xiacheng_nlp.checking.widget import Checking, drawn, path_of, write_rows
from xiacheng_nlp.report.report import Report


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
    numbers = records.items(report)
    kept = {row["start"]: row for row in records.read_gold(path, report)}
    by_id = {item["id"]: item for item in numbers}

    def save(answers: Mapping[str, Any]) -> pd.DataFrame:
        said = [
            records.gold_row(by_id[id], answer, report.sha256) for id, answer in answers.items()
        ]
        rows = list((kept | {row["start"]: row for row in said}).values())
        write_rows(path, records.gold_bytes(rows), rows)
        return records.accuracy(numbers, rows)

    answers = {id: answer for id, answer in records.answers(kept.values()).items() if id in by_id}
    return Checking(
        save,
        report=report,
        path=path,
        mode="records",
        items=drawn(numbers, n, report, order=order, seed=seed),
        choices={name: list(some) for name, some in records.CHOICES.items()},
        answers=answers,
    )
