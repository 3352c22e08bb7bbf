"""The widgets that show records or codes one by one, and save what is said of each as it is said.

A widget works in JupyterLab, Notebook and VS Code without a network: its script travels with the
package.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import anywidget
import pandas as pd
import traitlets

from xiacheng_nlp.datafiles import packaged
from xiacheng_nlp.errors import SheetError, XiachengError, at_least, one_of
from xiacheng_nlp.files import rows_of, write_file
from xiacheng_nlp.report.report import Report
from xiacheng_nlp.statistics import wilson
from xiacheng_nlp.themes.hand_coding import lot

ORDERS = ("uncertain", "random", "text")

Item = dict[str, Any]
Answer = Mapping[str, Any]
Answers = Mapping[str, Answer]
Saved = tuple[bytes, pd.DataFrame]
"""What is to stand in the file, nothing where nothing was said, and what was right."""


class Checking(anywidget.AnyWidget):
    """Items shown one by one. `answers` has what was said of each, by its id; `accuracy` how often
    the package was right on those that were decided, as `checking.numbers.accuracy` and
    `checking.themes.accuracy` tell; `file` is where they stand."""

    _esm = packaged("checking/checking.js")
    _css = packaged("checking/checking.css")

    mode = traitlets.Unicode().tag(sync=True)
    items: "traitlets.List[Item]" = traitlets.List().tag(sync=True)
    choices = traitlets.Dict().tag(sync=True)
    answers = traitlets.Dict().tag(sync=True)
    summary: "traitlets.List[Item]" = traitlets.List().tag(sync=True)
    problem = traitlets.Unicode().tag(sync=True)
    title = traitlets.Unicode().tag(sync=True)
    accuracy: pd.DataFrame
    """What was right so far; columns `field`, `n`, `right`, `share`, `low`, `high`."""

    def __init__(
        self, save: Callable[[Answers, Answers], Saved], *, report: Report, path: Path, **told: Any
    ) -> None:
        """`save` takes what has been said of all, and what of it was said here."""
        self._save = save
        self.file = path
        super().__init__(title=f"{report.name} → {path.name}", **told)
        self._before, self._here = self.answers, set[str]()
        self._told(save(self.answers, {})[1])
        self.observe(lambda change: self._answered(change["new"]), names="answers")

    def _answered(self, answers: Answers) -> None:
        # What another sheet on the same file has saved meanwhile stays.
        self._here |= {id for id, answer in answers.items() if answer != self._before.get(id)}
        try:
            data, accuracy = self._save(
                answers, {id: answer for id, answer in answers.items() if id in self._here}
            )
            if data:
                write_file(self.file, data)
            self._told(accuracy)
            self.problem = ""
        except (XiachengError, OSError) as error:
            self.problem = str(error)

    def _told(self, accuracy: pd.DataFrame) -> None:
        self.accuracy = accuracy
        self.summary = rows_of(accuracy[accuracy["n"] > 0])


def path_of(report: Report, file: str | Path | None, ending: str) -> Path:
    return Path(f"{Path(report.name).stem}.{ending}" if file is None else file)


def drawn(items: list[Item], n: int | None, report: Report, *, order: str, seed: int) -> list[Item]:
    one_of("order", order, ORDERS, SheetError)
    at_least(1, SheetError, n=n)

    def turn(item: Item) -> tuple[float, str]:
        sure = item["confidence"] if order == "uncertain" else None
        return (1.0 if sure is None else sure), lot(seed, report.sha256, item["start"])

    some = (items if order == "text" else sorted(items, key=turn))[:n]
    # The numbers of a sentence stand together, so that it is read once.
    lead: dict[Any, int] = {}
    for item in some:
        lead.setdefault(item.get("sentence", item["id"]), len(lead))
    return sorted(some, key=lambda item: (lead[item.get("sentence", item["id"])], item["start"]))


def shares_right(judged: Mapping[str, Sequence[bool]]) -> pd.DataFrame:
    """A row a field: `field`, `n`, `right`, `share` (0 to 1, null where n is 0), and `low`, `high`,
    its 95 % interval (Wilson 1927).

    >>> shares_right({"period": [True, True, False]})[["field", "n", "right"]].values.tolist()
    [['period', 3, 2]]
    """
    rows = []
    for field, hits in judged.items():
        low, high = wilson(sum(hits), len(hits))
        share = sum(hits) / len(hits) if hits else None
        rows.append((field, len(hits), sum(hits), share, float(low), float(high)))
    return pd.DataFrame(rows, columns=["field", "n", "right", "share", "low", "high"])
