"""The codes of the sentences of a report, checked or given one by one, and what was said of them as
a filled-in sheet, which `themes.read_sheet` reads."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import pandas as pd

from xiacheng_nlp.checking.widget import (
    Answers,
    Checking,
    Item,
    Saved,
    drawn,
    path_of,
    shares_right,
)
from xiacheng_nlp.errors import SheetError
from xiacheng_nlp.files import FOR_EXCEL, table_bytes
from xiacheng_nlp.report.report import Report
from xiacheng_nlp.themes.codebook import Codebook, load_codebook
from xiacheng_nlp.themes.coding import code_themes
from xiacheng_nlp.themes.hand_coding import COLUMNS, read_sheet, sheet_cells, sheet_rows, span_of

ENDINGS = (".csv", ".tsv")
"""Of the files that codes are saved in."""


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


def sheet_bytes(
    sentences: Iterable[Item], answers: Answers, kept: Mapping[str, Item], *, form: str
) -> bytes:
    """The coding sheet with the codes that were given, a row a sentence; `kept` are the rows of the
    sheet as it stood, with columns of the coder's own, by the id of their sentence."""
    rows = dict(kept)
    for item in (item for item in sentences if item["id"] in answers):
        given = answers[item["id"]]["codes"]
        rows[item["id"]] = {
            "id": item["number"],
            **{name: item[name] for name in COLUMNS[1:-3]},
            **kept.get(item["id"], {}),
            "main": "".join(given["themes"][:1]),
            "others": "、".join(given["themes"][1:]),
            "instrument": given["instrument"],
        }
    ordered = [rows[id] for id in sorted(rows, key=lambda id: int(id.partition("-")[0]))]
    columns = list(dict.fromkeys([*COLUMNS, *(name for row in ordered for name in row)]))
    return table_bytes(ordered, columns, form=form + FOR_EXCEL) if rows else b""


def kept_rows(path: Path, report: Report) -> dict[str, Item]:
    """The rows of a sheet that is there, by the id of their sentence. Raises `SheetError` for one
    that is not in the report."""
    rows = [cells for _, cells in sheet_cells(path)] if path.exists() else []
    return {"-".join(map(str, span_of(row, report))): row for row in rows}


def read_answers(path: Path, report: Report, codebook: Codebook | None) -> Answers:
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


def accuracy(sentences: Iterable[Item], answers: Answers) -> pd.DataFrame:
    """In how many of the sentences that were coded the package's code is the one given.

    Rows `main theme`, `all themes` (the same set), `instrument`. Columns: `field`, `n`, `right`,
    `share` (0 to 1), `low`, `high` (95 %, Wilson 1927).

    >>> report = Report.parse("各位代表:\\n一、2014年工作\\n新建小学3所。")
    >>> sentences = items(report)
    >>> given = {sentences[0]["id"]: {"codes": sentences[0]["said"]}}
    >>> accuracy(sentences, given)[["field", "n", "right"]].values.tolist()
    [['main theme', 1, 1], ['all themes', 1, 1], ['instrument', 1, 1]]
    """
    done = [
        (item["said"], answers[item["id"]]["codes"]) for item in sentences if item["id"] in answers
    ]
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
    sheet that `themes.read_sheet` and `themes.agreement_table` read; a file that is there, such as
    one of `themes.coding_sheet`, is gone on with: its other rows and columns stay. Raises
    `SheetError` for an option out of range, for a sheet of another report and for another ending
    than .csv or .tsv.

    >>> import tempfile
    >>> report = Report.parse("各位代表:\\n一、2014年工作\\n新建小学3所。")  # "3 new schools"
    >>> with tempfile.TemporaryDirectory() as folder:  # Enter: the code is right
    ...     sheet = review(report, file=Path(folder) / "codes.csv")
    ...     sheet.answers = {sheet.items[0]["id"]: {"codes": sheet.items[0]["said"]}}
    >>> sheet.accuracy[["field", "right"]].values.tolist()
    [['main theme', 1], ['all themes', 1], ['instrument', 1]]
    """
    path = path_of(report, file, "themes.csv")
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise SheetError(
            f"{path.name}: codes are saved as {' or '.join(ENDINGS)}; give the file one of these "
            "endings"
        )
    book = codebook or load_codebook()
    sentences = items(report, codebook)

    def save(answers: Answers, new: Answers) -> Saved:
        data = sheet_bytes(sentences, new, kept_rows(path, report), form=ending[1:])
        return data, accuracy(sentences, answers)

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
        answers=read_answers(path, report, codebook),
    )
