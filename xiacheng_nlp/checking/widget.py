"""The widgets that show records or codes one by one, and save what is said of each as it is said.

A widget works in JupyterLab, Notebook and VS Code without a network: its script travels with the
package.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import anywidget
import pandas as pd
import traitlets

from xiacheng_nlp.datafiles import packaged
from xiacheng_nlp.errors import SheetError, XiachengError, at_least, one_of
from xiacheng_nlp.files import rows_of, write_file
from xiacheng_nlp.report.report import Report
from xiacheng_nlp.themes.hand_coding import lot

ORDERS = ("uncertain", "random", "text")

Item = dict[str, Any]
Save = Callable[[Mapping[str, Any]], pd.DataFrame]


class Checking(anywidget.AnyWidget):
    """Items shown one by one. `answers` has what was said of each, by its id; `accuracy` how often
    the package was right on those that were decided, as `checking.records.accuracy` and
    `checking.codes.accuracy` tell; `file` is where they stand."""

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

    def __init__(self, save: Save, *, report: Report, path: Path, **settings: Any) -> None:
        self._save = save
        self.file = path
        super().__init__(title=f"{report.name} → {path.name}", **settings)
        self._told(self.answers)
        self.observe(lambda change: self._answered(change["new"]), names="answers")

    def _answered(self, answers: Mapping[str, Any]) -> None:
        try:
            self._told(answers)
            self.problem = ""
        except (XiachengError, OSError) as error:
            self.problem = str(error)

    def _told(self, answers: Mapping[str, Any]) -> None:
        self.accuracy = self._save(answers)
        self.summary = rows_of(self.accuracy[self.accuracy["n"] > 0])


def path_of(report: Report, file: str | Path | None, ending: str) -> Path:
    return Path(f"{Path(report.name).stem}.{ending}" if file is None else file)


def write_rows(path: Path, data: bytes, rows: list[Any]) -> None:
    """Nothing is written before anything is said."""
    if rows:
        write_file(path, data)


def drawn(items: list[Item], n: int | None, report: Report, *, order: str, seed: int) -> list[Item]:
    one_of("order", order, ORDERS, SheetError)
    at_least(1, SheetError, n=1 if n is None else n)

    def at_random(item: Item) -> str:
        return lot(seed, report.sha256, item["start"])

    def doubt(item: Item) -> tuple[float, str]:
        return (1.0 if item["confidence"] is None else item["confidence"]), at_random(item)

    keys: dict[str, Callable[[Item], Any]] = {"uncertain": doubt, "random": at_random}
    some = (sorted(items, key=keys[order]) if order in keys else items)[:n]
    # The numbers of a sentence stand together, so that it is read once.
    lead: dict[Any, int] = {}
    for item in some:
        lead.setdefault(item.get("sentence", item["id"]), len(lead))
    return sorted(some, key=lambda item: (lead[item.get("sentence", item["id"])], item["start"]))
