"""Numbers that a paper may cite: stated in the notebook's text, computed from the report, and checked to be equal."""

import json
import math
import os
import re
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Protocol

from xiacheng_nlp.corpora.constructed import seed_panel_sha256
from xiacheng_nlp.resources import seed_sha256

CLAIMS_FILE = "XIACHENG_CLAIMS"
"""The environment variable that names the file to which a run of the notebooks writes its claims, a line of JSON each."""

Value = int | float | str


class Hashed(Protocol):
    """A report, or a panel of them: what has a SHA-256."""

    @property
    def sha256(self) -> str: ...


class ClaimError(AssertionError):
    """A number in the text is not what the report gives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A statement with its number as stated and as computed; `holds` is None for a report that the claim is not about."""

    id: str
    text: str
    stated: Value
    computed: Value
    holds: bool | None
    report: str

    def __str__(self) -> str:
        if self.holds is None:
            return f"– {self.id}: computed {self.computed}; not claimed for this report"
        return f"✓ {self.id}: {self.text} [{self.computed}]"

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        mark, _, said = str(self).partition(" ")
        return f"<p><b>{mark}</b> {escape(said)}</p>"


def claim(id: str, text: str, *, stated: Value, computed: object, report: "Hashed", about: str | None = None) -> Claim:
    """The claim, checked: `stated` must equal `computed`, rounded to the decimals that `stated` has.

    It is made for one report, whose SHA-256 is `about` (default: the Xiacheng report of 2014, or for a panel that of this report
    beside the constructed ones); for any other it shows the computed value, says that nothing is claimed, and never fails.
    `computed` is the value, or a function that computes it and may fail where another report lacks what it asks for. Raises
    `ClaimError` where the two differ, and where the text does not say the number that is stated.

    >>> from xiacheng_nlp.report.report import load_report
    >>> report = load_report()
    >>> claim("glossary", "The annex explains 36 terms.", stated=36, computed=len(report.glossary), report=report)
    ✓ glossary: The annex explains 36 terms. [36]
    """
    if not isinstance(stated, str) and not _says(text, stated):
        raise ClaimError(f"{id}: the text does not say {stated}: {text}")
    claimed = report.sha256 in ((about,) if about else (seed_sha256(), seed_panel_sha256()))
    try:
        value = _shown(computed() if callable(computed) else computed, stated)
    except (ArithmeticError, LookupError, TypeError, ValueError):
        if claimed:
            raise
        value = "nothing: this report lacks what is asked for"
    if claimed and value != stated:
        raise ClaimError(f"{id}: the text says {stated}, the report gives {value}: {text}")
    result = Claim(id=id, text=text, stated=stated, computed=value, holds=True if claimed else None, report=report.sha256)
    path = os.environ.get(CLAIMS_FILE)
    if path:
        row = {"id": id, "text": text, "stated": stated, "computed": value, "holds": result.holds, "report": report.sha256}
        with Path(path).open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")
    return result


_IN_WORDS = (
    frozenset({"no", "none", "nothing", "zero"}),
    *(frozenset({word}) for word in ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")),
)


def _says(text: str, stated: float) -> bool:
    """Whether the number stands in the text, in digits or, a small one, in words."""
    if any(float(number.replace(",", "")) == stated for number in re.findall(r"[-−]?\d[\d,]*(?:\.\d+)?", text.replace("−", "-"))):
        return True
    return stated in range(len(_IN_WORDS)) and bool(_IN_WORDS[int(stated)] & set(re.findall("[a-z]+", text.lower())))


def _shown(computed: object, stated: Value) -> Value:
    """The computed value in the form of the stated one: a number with as many decimals, or a text."""
    if isinstance(stated, str):
        return str(computed)
    number = float(computed)  # type: ignore[arg-type]
    if math.isnan(number) or math.isinf(number):
        return number
    if isinstance(stated, int):
        return round(number) if number == round(number) else number
    decimals = len(repr(stated).partition(".")[2])
    return round(number, decimals)
