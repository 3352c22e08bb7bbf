"""The codes of the sentences of a report, checked or given one by one."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from xiacheng_nlp.checking import codes
from xiacheng_nlp.checking.widget import Checking, drawn, path_of, write_rows
from xiacheng_nlp.report.report import Report
from xiacheng_nlp.themes.codebook import Codebook, load_codebook


def review(
    report: Report,
    *,
    codebook: Codebook | None = None,
    n: int | None = 100,
    order: str = "uncertain",
    seed: int = 0,
    blind: bool = False,
    file: str | Path | None = None,
) -> Checking:
    """A widget to check, or to give, the codes of a report's sentences.

    One key a theme, in the order of the codebook: a to z; a letter with Shift adds a second theme
    or takes it away; 1 to 9 are the instruments, Enter takes what the package says, arrows go back
    and forth. `n`, `order`, `seed` and `accuracy` are as in `review`. `blind` shows nothing of what
    the package says, to measure agreement.

    What is said is saved at once in `file` (by default REPORT.themes.csv in the current folder), a
    sheet that `themes.read_sheet` and `themes.agreement_table` read; a file that is there is gone
    on with. Raises `SheetError` for an option out of range and for a sheet of another report.

    >>> import tempfile
    >>> report = Report.parse("各位代表:\\n一、2014年工作\\n新建小学3所。")  # "3 new schools"
    >>> with tempfile.TemporaryDirectory() as folder:  # Enter: the code is right
    ...     sheet = review(report, file=Path(folder) / "codes.csv")
    ...     sheet.answers = {sheet.items[0]["id"]: {"codes": sheet.items[0]["said"]}}
    >>> sheet.accuracy[["field", "right"]].values.tolist()
    [['main theme', 1], ['all themes', 1], ['instrument', 1]]
    """
    path = path_of(report, file, "themes.csv")
    book = codebook or load_codebook()
    sentences = codes.items(report, codebook)

    def save(answers: Mapping[str, Any]) -> pd.DataFrame:
        done = [item for item in sentences if item["id"] in answers]
        write_rows(path, codes.sheet_bytes(done, answers), done)
        return codes.accuracy(done, answers)

    shown = drawn(sentences, n, report, order=order, seed=seed)
    return Checking(
        save,
        report=report,
        path=path,
        mode="themes",
        items=[item | {"said": {}, "confidence": None} for item in shown] if blind else shown,
        choices={
            "themes": [[code.code, code.zh, code.en] for code in book.themes],
            "instruments": [[code.code, code.zh, code.en] for code in book.instruments],
        },
        answers=codes.read_answers(path, report, codebook),
    )
