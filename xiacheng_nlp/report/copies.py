"""Whole copies of a report that a web page repeats, for example as body and as attachment."""

import re
from dataclasses import dataclass

_UNIT = re.compile(r"[^。！？；\n\r\u2028\u2029]+")

MIN_UNIT = 8
"""Characters that a stretch between two stops must have to be compared: shorter ones (各位代表)
recur in any report."""

MIN_SHARE = 0.5
"""The share of the text before it that a copy must repeat: a repeated paragraph or slogan is
none."""

MAX_GAP = 24
"""Stretches that may differ between two alike ones; a copy may have been corrected here and
there."""


LONGEST_TITLE = 40
"""Characters of the longest stretch that is taken for a title of a page, which may stand above each
copy."""


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
    every = map(re.Match.span, _UNIT.finditer(text))
    units = [(start, end) for start, end in every if end - start >= MIN_UNIT]
    keys = [text[start:end].strip() for start, end in units]
    kept: tuple[int, int] | None = None
    spans: list[tuple[int, int]] = []
    dropped = 0
    for pairs in _runs(keys):
        pairs = _trim(pairs, units)
        matched = sum(units[j][1] - units[j][0] for _, j in pairs)
        first = (units[pairs[0][0]][0], _with_stop(text, units[pairs[-1][0]][1]))
        later = (units[pairs[0][1]][0], _with_stop(text, units[pairs[-1][1]][1]))
        if first[1] > later[0] or matched < MIN_SHARE * (later[0] - dropped):
            continue
        first, later = _grow(text, first, later, limit=spans[0][0] if spans else later[0])
        kept = kept or first
        spans.append(later)
        dropped += later[1] - later[0]
    if kept is None:
        return ()
    kept, spans = _level(text, kept, spans)
    surface = text[kept[0] : kept[1]]
    copies = [Copy(start=kept[0], end=kept[1], identical=True, kept=True)]
    copies += [Copy(start=a, end=b, identical=text[a:b] == surface, kept=False) for a, b in spans]
    return tuple(copies)


def _runs(keys: list[str]) -> list[list[tuple[int, int]]]:
    """Stretches that stand in the same order twice, as runs of pairs: the number of the earlier and
    that of the later.

    A stretch that stands out of order (a slogan that the report repeats within itself) ends no run;
    three in another order do.
    """
    first: dict[str, int] = {}
    runs: list[list[tuple[int, int]]] = []
    run: list[tuple[int, int]] = []
    other: list[tuple[int, int]] = []
    for j, key in enumerate(keys):
        i = first.setdefault(key, j)
        if i == j:
            continue
        if run:
            expected = run[-1][0] + j - run[-1][1]
            if expected < (runs[0] if runs else run)[0][1] and keys[expected] == key:
                i = expected
        if run and _follows(run[-1], (i, j)):
            run.append((i, j))
            other = []
        elif other and _follows(other[-1], (i, j)):
            other.append((i, j))
            if len(other) == 3:
                runs.append(run)
                run, other = other, []
        elif run:
            other = [(i, j)]
        else:
            run = [(i, j)]
    runs += [run, other]
    return [found for found in runs if len(found) >= 3]


def _follows(pair: tuple[int, int], later: tuple[int, int]) -> bool:
    return 0 < later[0] - pair[0] <= MAX_GAP and later[1] - pair[1] <= MAX_GAP


def _trim(pairs: list[tuple[int, int]], units: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Without the ends that are less than what stands between them and the rest: a title before the
    particulars of a page."""

    def gap(a: tuple[int, int], b: tuple[int, int]) -> int:
        return max(units[b[k]][0] - units[a[k]][1] for k in (0, 1))

    low, high = 0, len(pairs)
    while low < high - 1 and _is_title(pairs, low, units):
        low += 1
    for k in range(low + 1, min(MAX_GAP, len(pairs))):
        if gap(pairs[k - 1], pairs[k]) > units[pairs[k - 1][1]][1] - units[pairs[low][1]][0]:
            low = k
    for k in range(len(pairs) - 1, max(len(pairs) - MAX_GAP, low), -1):
        if gap(pairs[k - 1], pairs[k]) > units[pairs[high - 1][1]][1] - units[pairs[k][1]][0]:
            high = k
    return pairs[low:high]


def _is_title(pairs: list[tuple[int, int]], low: int, units: list[tuple[int, int]]) -> bool:
    """Whether a short stretch is followed by other things in one place than in the other: a title
    above particulars."""
    (i, j), (next_i, next_j) = pairs[low], pairs[low + 1]
    distances = {units[next_i][0] - units[i][0], units[next_j][0] - units[j][0]}
    return low < 3 and units[i][1] - units[i][0] <= LONGEST_TITLE and len(distances) > 1


def _level(
    text: str, kept: tuple[int, int], spans: list[tuple[int, int]]
) -> tuple[tuple[int, int], list[tuple[int, int]]]:
    """The spans without a tail that only some of them have: the line between two of three copies
    belongs to none."""
    shortest = min(b - a for a, b in [kept, *spans])
    surface = text[kept[0] : kept[0] + shortest]
    if all(text[a : a + shortest] == surface for a, _ in spans):
        return (kept[0], kept[0] + shortest), [(a, a + shortest) for a, _ in spans]
    return kept, spans


def _with_stop(text: str, end: int) -> int:
    """The end behind the stop that closes the last stretch, and behind the quotation mark that
    closes on it."""
    while end < len(text) and text[end] in "。！？；”’）)》":
        end += 1
    return end


def _grow(
    text: str, first: tuple[int, int], later: tuple[int, int], *, limit: int
) -> tuple[tuple[int, int], tuple[int, int]]:
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
