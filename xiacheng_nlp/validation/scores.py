"""Scores of extracted quantities and indicators against a gold file: precision, recall, F1 and the
accuracy of each field."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from xiacheng_nlp.numbers.scan import AMOUNTS
from xiacheng_nlp.validation.gold import Span, scoring_words

Row = Mapping[str, Any]

NEAR_ENOUGH = 0.6
"""The least overlap (F1 of the longest common subsequence) of a predicted name with an accepted
one."""


Places = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """Precision, recall and F1 of what is right among what is predicted, of what is expected;
    `places` has where each of the three starts."""

    places: tuple[Places, Places, Places] = field(repr=False)

    @property
    def hits(self) -> int:
        return len(self.places[0])

    @property
    def predicted(self) -> int:
        return len(self.places[1])

    @property
    def expected(self) -> int:
        return len(self.places[2])

    @property
    def precision(self) -> float:
        return self.hits / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        return self.hits / self.expected if self.expected else 0.0

    @property
    def f1(self) -> float:
        total = self.predicted + self.expected
        return 2 * self.hits / total if total else 0.0


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
    order of the gold."""

    spans: Score
    quantities: Score
    indicators: Score
    records: Score
    fields: Mapping[str, float]
    mistakes: tuple[Mistake, ...]


def evaluate(
    gold: Iterable[Row], predictions: Iterable[Row], *, windows: Sequence[Span] = ()
) -> Evaluation:
    """How well the predicted rows (columns of `observation_table`) meet the gold rows, inside the
    windows if any are given.

    A quantity is right when span, class, value, unit and bound are; an indicator when value and
    unit are right and its name is accepted: it holds the head noun, overlaps an accepted name by
    0.6 or more, is nearer to it than to any other indicator's name, and keeps the verb of change; a
    record when measure, sign, status, period, group and base are right too. Rows that the gold
    marks optional are not scored.

    >>> said = {"start": 0, "end": 2, "class": "quantity", "value": 9, "unit": "个", "bound": "="}
    >>> evaluate([said | {"cand": 1, "role": "qualifier"}], [said]).quantities.f1  # "9 pieces"
    1.0
    """
    every = list(gold)
    amounts = [row for row in every if row["class"] in AMOUNTS and _inside(row, windows)]
    wanted = [row for row in amounts if not row.get("optional")]
    said = _to_be_scored(predictions, amounts, windows)
    pairs = _pair(wanted, said)
    expected = [row for row in wanted if row.get("role") == "indicator"]
    stated = [row for row in said if row.get("indicator")]
    judged = _judged(expected, pairs, {row["cand"]: row.get("start") for row in every})
    named = [row for row, _, checks in judged if checks.get("name") and checks["amount"]]
    right = [row for row, _, checks in judged if checks and all(checks.values())]
    mistakes = [*_mistaken(judged), *_excess(stated, pairs)]
    exact = [(row, prediction) for row, prediction in pairs if _span(row) == _span(prediction)]
    quantities = [row for row, prediction in exact if _quantity_right(row, prediction)]
    return Evaluation(
        spans=_score([row for row, _ in exact], said, wanted),
        quantities=_score(quantities, said, wanted),
        indicators=_score(named, stated, expected),
        records=_score(right, stated, expected),
        fields=_fields(judged),
        mistakes=tuple(mistakes),
    )


def _score(*rows: Iterable[Row]) -> Score:
    right, predicted, expected = (tuple(int(row["start"]) for row in some) for some in rows)
    return Score((right, predicted, expected))


_Judged = tuple[Row, Row | None, Mapping[str, bool]]
"""An indicator of the gold, its prediction, and what that has right; no checks: it was missed."""


def _mistaken(judged: Iterable[_Judged]) -> Iterator[Mistake]:
    for row, prediction, checks in judged:
        wrong = [name for name, right in checks.items() if not right]
        if wrong or not checks:
            yield Mistake(f"wrong {','.join(wrong)}" if wrong else "missed", row, prediction)


def _judged(
    expected: Sequence[Row], pairs: Sequence[tuple[Row, Row]], starts: Mapping[Any, int | None]
) -> list[_Judged]:
    partner = {id(row): prediction for row, prediction in pairs}
    judged: list[_Judged] = []
    for row in expected:
        prediction = partner.get(id(row))
        found = prediction is not None and prediction.get("indicator")
        rivals = _rivals(row, expected) if found else []
        checks = _checks(row, prediction, rivals, starts) if prediction and found else {}
        judged.append((row, prediction, checks))
    return judged


def _excess(stated: Sequence[Row], pairs: Sequence[tuple[Row, Row]]) -> list[Mistake]:
    """Indicators that are stated and that the gold has not."""
    paired = {id(prediction): row for row, prediction in pairs}
    told = [(paired.get(id(prediction)), prediction) for prediction in stated]
    return [
        Mistake("not an indicator" if row else "spurious", row, prediction)
        for row, prediction in told
        if row is None or row.get("role") != "indicator"
    ]


def _fields(judged: Sequence[_Judged]) -> dict[str, float]:
    """The accuracy of each field on the indicators found; group and base where any has one."""
    told = [
        {**checks, "name overlap": _nearest(prediction["indicator"], row)}
        for row, prediction, checks in judged
        if prediction and checks
    ]
    names = (*_FIELDS, "name overlap", *_IF_ANY)
    values = {name: [float(one[name]) for one in told if name in one] for name in names}
    some = {name: own for name, own in values.items() if own or name not in _IF_ANY}
    return {name: sum(own) / max(len(own), 1) for name, own in some.items()}


def _to_be_scored(
    predictions: Iterable[Row], amounts: Sequence[Row], windows: Sequence[Span]
) -> list[Row]:
    """The predicted amounts inside the windows, without what the gold leaves open, one a span."""
    optional = [row for row in amounts if row.get("optional")]
    said = [
        row
        for row in predictions
        if row.get("class", "quantity") in AMOUNTS
        and _inside(row, windows)
        and not any(_overlap(row, other) for other in optional)
    ]
    return _one_a_span(said, {_span(row): row for row in amounts if not row.get("optional")})


_FIELDS = ("name", "amount", "bound", "measure", "sign", "status", "period")
_IF_ANY = ("among", "base")


def _inside(row: Row, windows: Sequence[Span]) -> bool:
    return not windows or any(first <= row["start"] < last for first, last in windows)


def _span(row: Row) -> Span:
    return row["start"], row["end"]


def _overlap(a: Row, b: Row) -> bool:
    return bool(a["start"] < b["end"] and b["start"] < a["end"])


def _one_a_span(rows: Sequence[Row], wanted: Mapping[Span, Row]) -> list[Row]:
    """Of the rows with one span (a number that states two indicators) the one nearest to the gold's
    name."""
    by_span = defaultdict(list)
    for row in rows:
        by_span[_span(row)].append(row)

    def nearness(row: Row) -> float:
        return _nearest(row["indicator"], wanted[_span(row)]) if row.get("indicator") else -1.0

    chosen = [
        max(same, key=nearness) if span in wanted else same[0] for span, same in by_span.items()
    ]
    return sorted(chosen, key=lambda row: int(row["start"]))


def _pair(wanted: Sequence[Row], said: Sequence[Row]) -> list[tuple[Row, Row]]:
    """Each gold row with the prediction of its span, or else the first free one that overlaps it
    and fits no other."""
    exact = {_span(row): row for row in said}
    spans = {_span(row) for row in wanted}
    pairs = []
    used = set()
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


def _nearest(said: str, row: Row) -> float:
    """How much of a name overlaps the accepted name that is nearest to it."""
    return max((overlap(name, said) for name in names_of(row)), default=0.0)


def _rivals(row: Row, expected: Sequence[Row]) -> list[str]:
    """The names of the other indicators."""
    own = {_plain(name) for name in names_of(row)}
    names = [name for other in expected if other is not row for name in names_of(other)]
    return [name for name in names if _plain(name) not in own]


def _checks(
    row: Row, prediction: Row, rivals: Sequence[str], starts: Mapping[Any, int | None]
) -> dict[str, bool]:
    checks = {
        "name": name_accepted(row, prediction["indicator"], rivals),
        "amount": _amount_right(row, prediction),
        "bound": _bound(prediction) == _bound(row),
        "measure": prediction.get("measure") == row.get("measure"),
        "sign": int(prediction.get("sign") or 1) == int(row.get("sign") or 1),
        "status": prediction.get("status") == row.get("status"),
        "period": _period_right(row, prediction),
    }
    if row.get("measure") == "rank" and row.get("among"):
        checks["among"] = _plain(prediction.get("among")) == _plain(row["among"])
    if row.get("base") is not None:
        checks["base"] = prediction.get("base_start") == starts.get(row["base"])
    return checks


def _period_right(row: Row, prediction: Row) -> bool:
    """Where the gold has no period, the year may be one that stands in the sentence."""
    said, period = prediction.get("period"), row.get("period")
    if str(said or "") == str(period or ""):
        return True
    return not period and str(said)[:4] in (prediction.get("sentence") or "")


def _bound(row: Row) -> str:
    return row.get("bound") or "="


def name_accepted(row: Row, said: str | None, rivals: Iterable[str] = ()) -> bool:
    """Whether a predicted name is right for a gold row; `rivals` are the names of the other
    indicators."""
    names = names_of(row)
    plain = _plain(said)
    if not plain:
        return False
    if any(_plain(name) == plain for name in names):
        return True
    if not any(_plain(head) in plain for head in _listed(row, "heads", "head")):
        return False
    own = _nearest(plain, row)
    if own < NEAR_ENOUGH or any(overlap(rival, plain) > own for rival in rivals):
        return False
    verbs = [{verb for verb in scoring_words("flow") if verb in _plain(name)} for name in names]
    return not all(verbs) or any(verb in plain for some in verbs for verb in some)


def overlap(a: str | None, b: str | None) -> float:
    """F1 of the longest common subsequence of two names, punctuation aside.

    >>> overlap("城镇居民收入", "居民收入")  # "income of urban residents", "income of residents"
    0.8
    """
    a, b = _plain(a), _plain(b)
    return 2 * _common(a, b) / (len(a) + len(b)) if a and b else 0.0


def _common(a: str, b: str) -> int:
    """The length of the longest common subsequence: a row of the table of prefixes is the bits of
    one integer, where a step up is a zero (Hyyrö 2004)."""
    places: dict[str, int] = defaultdict(int)
    for k, character in enumerate(a):
        places[character] |= 1 << k
    every = row = (1 << len(a)) - 1
    for character in b:
        met = row & places[character]
        row = (row + met | row - met) & every
    return len(a) - row.bit_count()


@lru_cache(maxsize=1 << 14)
def _plain(text: str | None) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text or ""))


def _listed(row: Row, plural: str, singular: str) -> list[str]:
    if row.get(plural):
        return list(row[plural])
    value = row.get(singular)
    return list(value) if isinstance(value, list) else [value] if value else []


def names_of(row: Row) -> list[str]:
    """The names of an indicator that the gold accepts."""
    return _listed(row, "names", "name")


def _amount_right(row: Row, prediction: Row) -> bool:
    high = prediction.get("value_high")
    value = prediction.get("value") if high is None else [prediction.get("value"), high]
    return _same(value, row.get("value"), row.get("unit")) and _unit(prediction) == _unit(row)


def _quantity_right(row: Row, prediction: Row) -> bool:
    return (
        _amount_right(row, prediction)
        and prediction.get("class", "quantity") == row["class"]
        and _bound(prediction) == _bound(row)
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
    except (TypeError, ValueError, OverflowError):
        return False
    return bool(abs(a - b) <= (5e-5 if not unit and abs(b) < 1 else 1e-9 * abs(b)))
