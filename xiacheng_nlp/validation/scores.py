"""Scores of extracted quantities and indicators against a gold file: precision, recall, F1 and the
accuracy of each field."""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xiacheng_nlp.errors import DataFileError
from xiacheng_nlp.numbers.scan import AMOUNTS

Row = Mapping[str, Any]

FLOWS = tuple(
    [
        "新增",
        "新建",
        "新开工",
        "开工",
        "竣工",
        "续建",
        "引进",
        "改造",
        "建成",
        "清淤",
        "整治",
        "治理",
        "拆迁",
        "修复",
        "取消",
        "淘汰",
        "减少",
        "压减",
        "消除",
        "查处",
        "投入使用",
    ]
)
"""Verbs that make another indicator of the same noun: a predicted name must keep one where every
accepted name has one."""

NEAR_ENOUGH = 0.6
"""The least overlap (F1 of the longest common subsequence) of a predicted name with an accepted
one."""


@dataclass(frozen=True, slots=True)
class Score:
    """Precision, recall and F1 of `hits` right among `predicted`, of `expected`."""

    hits: int
    predicted: int
    expected: int

    @property
    def precision(self) -> float:
        return self.hits / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        return self.hits / self.expected if self.expected else 0.0

    @property
    def f1(self) -> float:
        total = self.predicted + self.expected
        return 2 * self.hits / total if total and self.predicted and self.expected else 0.0


@dataclass(frozen=True, slots=True)
class Mistake:
    """What went wrong with one number: `kind` says how (missed, wrong …, spurious, not an
    indicator)."""

    kind: str
    gold: Row | None
    predicted: Row | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The four scores, the accuracy of each field on the indicators found, and the mistakes in the
    order of the gold.

    `places` has by score what it is made of: the starts of what was right, of what was predicted,
    and of what was expected.
    """

    spans: Score
    quantities: Score
    indicators: Score
    records: Score
    fields: Mapping[str, float]
    mistakes: tuple[Mistake, ...]
    places: Mapping[str, tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]] = field(
        repr=False
    )


def read_rows(path: str | Path) -> list[dict[str, Any]]:
    """The rows of a JSON Lines file.

    Raises `DataFileError` where the file can't be read, naming file and line where a line is no JSON
    object.
    """
    rows: list[dict[str, Any]] = []
    try:
        text = Path(path).read_text(encoding="utf-8")
    except OSError as error:
        raise DataFileError(
            f"{Path(path).name}: cannot be read: {error.strerror or error}"
        ) from None
    except UnicodeDecodeError as error:
        raise DataFileError(f"{Path(path).name}: byte {error.start} is not UTF-8") from None
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise DataFileError(f"{Path(path).name}:{number}: no JSON: {error}") from None
        if not isinstance(row, dict):
            raise DataFileError(
                f"{Path(path).name}:{number}: a row must be an object, not {type(row).__name__}"
            )
        lacking = [key for key in ("cand", "class") if key not in row]
        if row.get("class") in AMOUNTS:
            lacking += [key for key in ("start", "end", "text", "value", "unit") if key not in row]
        if lacking:
            raise DataFileError(
                f"{Path(path).name}:{number}: a row of a gold file has {', '.join(lacking)} too"
            )
        rows.append(row)
    return rows


def evaluate(
    gold: Iterable[Row], predictions: Iterable[Row], *, windows: Sequence[tuple[int, int]] = ()
) -> Evaluation:
    """How well the predicted rows (columns of `observation_table`) meet the gold rows, inside the
    windows if any are given.

    A quantity is right when span, class, value, unit and bound are; an indicator when value and
    unit are right and its name is accepted: it holds the head noun, overlaps an accepted name by
    0.6 or more, is nearer to it than to any other indicator's name, and keeps the verb of change; a
    record when measure, sign, status, period, group and base are right too. Rows that the gold
    marks optional are not scored.

    >>> gold = [{"cand": 1, "start": 0, "end": 2, "class": "quantity", "value": 9, "unit": "个", "bound": "=", "role": "qualifier"}]
    >>> evaluate(gold, [{"start": 0, "end": 2, "text": "9个", "class": "quantity", "value": 9, "unit": "个", "bound": "="}]).quantities.f1
    1.0
    """
    every = list(gold)
    starts = {row["cand"]: row.get("start") for row in every}
    amounts = [row for row in every if row["class"] in AMOUNTS and _inside(row, windows)]
    optional = [row for row in amounts if row.get("optional")]
    wanted = [row for row in amounts if not row.get("optional")]
    said = [
        row
        for row in predictions
        if row.get("class", "quantity") in AMOUNTS and _inside(row, windows)
    ]
    said = [row for row in said if not any(_overlap(row, other) for other in optional)]
    said = _one_a_span(said, {_span(row): row for row in wanted})
    pairs = _pair(wanted, said)
    partner = {id(row): prediction for row, prediction in pairs}
    expected = [row for row in wanted if row.get("role") == "indicator"]
    stated = [row for row in said if row.get("indicator")]
    mistakes: list[Mistake] = []
    counts: Counter[str] = Counter()
    overlaps: list[float] = []
    found: list[int] = []
    whole: list[int] = []
    for row in expected:
        prediction = partner.get(id(row))
        if prediction is None or not prediction.get("indicator"):
            mistakes.append(Mistake("missed", row, prediction))
            continue
        overlaps.append(
            max((overlap(name, prediction["indicator"]) for name in _names(row)), default=0.0)
        )
        checks = _checks(row, prediction, expected, starts)
        counts.update(f"{name} of" for name in checks)
        counts.update(name for name, right in checks.items() if right)
        if checks["name"] and checks["amount"]:
            found.append(row["start"])
        if all(checks.values()):
            whole.append(row["start"])
        if not all(checks.values()):
            mistakes.append(
                Mistake(
                    "wrong " + ",".join(name for name, right in checks.items() if not right),
                    row,
                    prediction,
                )
            )
    paired = {id(prediction): row for row, prediction in pairs}
    for prediction in stated:
        partner_row = paired.get(id(prediction))
        if partner_row is None:
            mistakes.append(Mistake("spurious", None, prediction))
        elif partner_row.get("role") != "indicator":
            mistakes.append(Mistake("not an indicator", partner_row, prediction))
    exact = [(row, prediction) for row, prediction in pairs if _span(row) == _span(prediction)]
    fields = {
        name: counts[name] / counts["name of"] if counts["name of"] else 0.0 for name in _FIELDS
    }
    fields["name overlap"] = sum(overlaps) / len(overlaps) if overlaps else 0.0
    fields |= {
        name: counts[name] / counts[f"{name} of"]
        for name in ("among", "base")
        if counts[f"{name} of"]
    }
    amounts_right = [row["start"] for row, prediction in exact if _quantity_right(row, prediction)]
    every_amount = _starts(said), _starts(wanted)
    every_indicator = _starts(stated), _starts(expected)
    places = {
        "spans": (_starts(row for row, _ in exact), *every_amount),
        "quantities": (tuple(amounts_right), *every_amount),
        "indicators": (tuple(found), *every_indicator),
        "records": (tuple(whole), *every_indicator),
    }
    scores = {name: Score(*map(len, starts)) for name, starts in places.items()}
    return Evaluation(**scores, fields=fields, mistakes=tuple(mistakes), places=places)


def _starts(rows: Iterable[Row]) -> tuple[int, ...]:
    return tuple(int(row["start"]) for row in rows)


_FIELDS = ("name", "amount", "bound", "measure", "sign", "status", "period")


def _inside(row: Row, windows: Sequence[tuple[int, int]]) -> bool:
    return not windows or any(first <= row["start"] < last for first, last in windows)


def _span(row: Row) -> tuple[int, int]:
    return row["start"], row["end"]


def _overlap(a: Row, b: Row) -> bool:
    return bool(a["start"] < b["end"] and b["start"] < a["end"])


def _one_a_span(rows: Sequence[Row], wanted: Mapping[tuple[int, int], Row]) -> list[Row]:
    """Of the rows with one span (a number that states two indicators) the one nearest to the gold's
    name."""
    by_span: dict[tuple[int, int], list[Row]] = {}
    for row in rows:
        by_span.setdefault(_span(row), []).append(row)

    def nearness(row: Row) -> float:
        if not row.get("indicator"):
            return -1.0
        return max(
            (overlap(name, row["indicator"]) for name in _names(wanted[_span(row)])), default=0.0
        )

    chosen = [
        max(same, key=nearness) if span in wanted else same[0] for span, same in by_span.items()
    ]
    return sorted(chosen, key=lambda row: int(row["start"]))


def _pair(wanted: Sequence[Row], said: Sequence[Row]) -> list[tuple[Row, Row]]:
    """Each gold row with the prediction of its span, or else the first free one that overlaps it
    and fits no other."""
    exact = {_span(row): row for row in said}
    spans = {_span(row) for row in wanted}
    pairs: list[tuple[Row, Row]] = []
    used: set[int] = set()
    for row in wanted:
        found = exact.get(_span(row)) or next(
            (
                other
                for other in said
                if id(other) not in used and _span(other) not in spans and _overlap(other, row)
            ),
            None,
        )
        if found is not None and id(found) not in used:
            used.add(id(found))
            pairs.append((row, found))
    return pairs


def _checks(
    row: Row, prediction: Row, expected: Sequence[Row], starts: Mapping[Any, int | None]
) -> dict[str, bool]:
    own = {_plain(name) for name in _names(row)}
    rivals = [
        name
        for other in expected
        if other is not row
        for name in _names(other)
        if _plain(name) not in own
    ]
    period = row.get("period")
    checks = {
        "name": name_accepted(row, prediction["indicator"], rivals),
        "amount": _amount_right(row, prediction),
        "bound": (prediction.get("bound") or "=") == (row.get("bound") or "="),
        "measure": prediction.get("measure") == row.get("measure"),
        "sign": int(prediction.get("sign") or 1) == int(row.get("sign") or 1),
        "status": prediction.get("status") == row.get("status"),
        "period": str(prediction.get("period") or "") == str(period or "")
        or (not period and str(prediction.get("period"))[:4] in (prediction.get("sentence") or "")),
    }
    if row.get("measure") == "rank" and row.get("among"):
        checks["among"] = _plain(prediction.get("among")) == _plain(row["among"])
    if row.get("base") is not None:
        checks["base"] = prediction.get("base_start") == starts.get(row["base"])
    return checks


def name_accepted(row: Row, said: str | None, rivals: Iterable[str] = ()) -> bool:
    """Whether a predicted name is right for a gold row; `rivals` are the names of the other
    indicators."""
    names = _names(row)
    plain = _plain(said)
    if not plain:
        return False
    if any(_plain(name) == plain for name in names):
        return True
    if not any(_plain(head) in plain for head in _listed(row, "heads", "head")):
        return False
    own = max((overlap(name, plain) for name in names), default=0.0)
    if own < NEAR_ENOUGH or any(overlap(rival, plain) > own for rival in rivals):
        return False
    verbs = [{verb for verb in FLOWS if verb in _plain(name)} for name in names]
    return not all(verbs) or any(verb in plain for some in verbs for verb in some)


def overlap(a: str | None, b: str | None) -> float:
    """F1 of the longest common subsequence of two names, punctuation aside.

    >>> overlap("城镇居民收入", "居民收入")  # "income of urban residents", "income of residents"
    0.8
    """
    a, b = _plain(a), _plain(b)
    if not a or not b:
        return 0.0
    row = [0] * (len(b) + 1)
    for x in a:
        diagonal = 0
        for j, y in enumerate(b, 1):
            diagonal, row[j] = row[j], diagonal + 1 if x == y else max(row[j], row[j - 1])
    return 2 * row[-1] / (len(a) + len(b))


def _plain(text: str | None) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text or ""))


def _listed(row: Row, plural: str, singular: str) -> list[str]:
    if row.get(plural):
        return list(row[plural])
    value = row.get(singular)
    return list(value) if isinstance(value, list) else [value] if value else []


def _names(row: Row) -> list[str]:
    return _listed(row, "names", "name")


def _amount_right(row: Row, prediction: Row) -> bool:
    high = prediction.get("value_high")
    value = prediction.get("value") if high is None else [prediction.get("value"), high]
    return _same(value, row.get("value"), row.get("unit")) and _unit(prediction) == _unit(row)


def _quantity_right(row: Row, prediction: Row) -> bool:
    same_bound = (prediction.get("bound") or "=") == (row.get("bound") or "=")
    return (
        _amount_right(row, prediction)
        and prediction.get("class", "quantity") == row["class"]
        and same_bound
    )


def _unit(row: Row) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", row.get("unit") or ""))


def _same(a: Any, b: Any, unit: str | None) -> bool:
    """Equal values; a fraction without unit (三分之二) may be rounded to four places."""
    if isinstance(a, list) or isinstance(b, list):
        both = isinstance(a, list) and isinstance(b, list) and len(a) == len(b)
        return both and all(_same(x, y, unit) for x, y in zip(a, b, strict=True))
    try:
        a, b = float(a), float(b)
    except (TypeError, ValueError):
        return False
    return bool(abs(a - b) <= (5e-5 if not unit and abs(b) < 1 else 1e-9 * abs(b)))
