"""Whole copies of a report that a web page repeats, for example as body and as attachment."""

import re
from dataclasses import dataclass

Span = tuple[int, int]
Pair = Span
"""The number of a stretch, and that of one that is the same."""
_UNIT = re.compile(r"[^。！？；\n\r\u2028\u2029]{8,}")
"""A stretch between two stops that is compared: shorter ones (各位代表) recur in any report."""

MIN_SHARE = 0.5
"""The share of the text before it that a copy must repeat: a repeated paragraph or slogan is
none."""

FEWEST = 3
"""Stretches that a copy has at least."""

MAX_GAP = 24
"""Stretches that may differ between two alike ones; a copy may have been corrected here and
there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One of several copies of the report's text in its source; the first is kept.

    `identical` says whether it equals the kept copy letter for letter.
    """

    start: int
    end: int
    identical: bool
    kept: bool


def find_copies(text: str) -> tuple[Copy, ...]:
    """The copies of the report in `text`, the kept one first; empty where the text stands once.

    Takes time linear in the length of the text: each stretch between two stops is looked up once.

    >>> # "Task n has visibly succeeded, n hundred million were invested."
    >>> body = "".join(f"第{n}项工作取得明显成效，完成投资{n}亿元。" for n in range(9))
    >>> [(c.start, c.end, c.identical, c.kept) for c in find_copies(body + "附件" + body)]
    [(0, 180, True, True), (182, 362, True, False)]
    >>> find_copies(body)
    ()
    """
    keys = [unit.strip() for unit in _UNIT.findall(text)]
    if len(keys) - len(set(keys)) < FEWEST:
        return ()
    units = [unit.span() for unit in _UNIT.finditer(text)]
    # The kept one first.
    spans: list[Span] = []
    for pairs in _runs(keys):
        pairs = _weightiest(pairs, units)
        first, later = (
            (units[told[0]][0], _with_stop(text, units[told[-1]][1]))
            for told in zip(*pairs, strict=True)
        )
        matched = sum(units[j][1] - units[j][0] for _, j in pairs)
        before = later[0] - sum(end - start for start, end in spans[1:])
        if first[1] <= later[0] and matched >= MIN_SHARE * before:
            limit = spans[1][0] if spans else later[0]
            first, later = _grow(text, first, later, limit=limit)
            spans += [later] if spans else [first, later]
    return _told(text, spans)


def _told(text: str, spans: list[Span]) -> tuple[Copy, ...]:
    """The copies at these places, the kept one first."""
    # Without a tail that only some of them have: the line between two of three copies belongs to
    # none.
    shortest = min((end - start for start, end in spans), default=0)
    if len({text[start : start + shortest] for start, _ in spans}) == 1:
        spans = [(start, start + shortest) for start, _ in spans]
    surfaces = [text[start:end] for start, end in spans]
    return tuple(
        Copy(start=start, end=end, identical=said == surfaces[0], kept=not number)
        for number, ((start, end), said) in enumerate(zip(spans, surfaces, strict=True))
    )


def _runs(keys: list[str]) -> list[list[Pair]]:
    """Stretches that stand in the same order twice, as runs of pairs: the number of the earlier and
    that of the later.

    A stretch that stands out of order (a slogan that the report repeats within itself) ends no run.
    """
    first: dict[str, int] = {}
    # Where anything stands for the second time.
    begins = 0
    # The one that goes on is the last, or the one before it.
    runs: list[list[Pair]] = []
    for j, key in enumerate(keys):
        i = first.setdefault(key, j)
        if i == j:
            continue
        begins = begins or j
        if runs:
            beside = runs[-1][-1][0] + j - runs[-1][-1][1]
            i = beside if beside < begins and keys[beside] == key else i
        last_two = ((run, *run[-1]) for run in reversed(runs[-2:]))
        near = (run for run, a, b in last_two if 0 < i - a <= MAX_GAP and j - b <= MAX_GAP)
        run = next(near, None)
        if run is None:
            runs.append([(i, j)])
            continue
        run.append((i, j))
        if run is not runs[-1]:
            # The one that goes on was the last but one.
            runs[-2], runs[-1] = runs[-1], runs[-2]
    return sorted((run for run in runs if len(run) >= FEWEST), key=lambda run: run[0][1])


def _weightiest(pairs: list[Pair], units: list[Span]) -> list[Pair]:
    """Those of a run that follow one another and outweigh most what stands between them in both
    places (Kadane's sum): a title above the particulars of a page weighs less than these."""
    score = low = 0
    best = (0, 0, 0)
    for number, (i, j) in enumerate(pairs):
        if number:
            before = pairs[number - 1]
            gaps = [units[k][0] - units[b][1] for k, b in zip((i, j), before, strict=True)]
            # Where it differs in length it is another thing more likely than a corrected one.
            score -= 2 * max(gaps) - min(gaps)
        if score <= 0:
            score, low = 0, number
        score += units[j][1] - units[j][0]
        # Of stretches that weigh the same the one that begins first, and the longest of these.
        best = max(best, (score, -low, number + 1))
    _, minus_first, end = best
    return pairs[-minus_first:end]


def _with_stop(text: str, end: int) -> int:
    """The end behind the stop that closes the last stretch, and behind the quotation mark that
    closes on it."""
    while end < len(text) and text[end] in "。！？；”’）)》":
        end += 1
    return end


def _grow(text: str, first: Span, later: Span, *, limit: int) -> tuple[Span, Span]:
    """Both spans with the short stretches and signs around them that are the same too; the earlier
    one ends before `limit`."""
    a, b = first[0], later[0]
    while a > 0 and b > first[1] and text[a - 1] == text[b - 1]:
        a, b = a - 1, b - 1
    c, d = first[1], later[1]
    while d < len(text) and c < min(b, limit) and text[c] == text[d]:
        c, d = c + 1, d + 1
    lead = len(text[a:c]) - len(text[a:c].lstrip())
    tail = len(text[a:c]) - len(text[a:c].rstrip())
    lead = min(lead, first[0] - a)
    return (a + lead, c - tail), (b + lead, d - tail)
