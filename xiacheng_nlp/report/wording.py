"""How a report words what its parts and particulars are told by: patterns, by role, from
data/report/wording.tsv."""

import re
from functools import cache

from xiacheng_nlp.datafiles import Row, packaged, read_patterns
from xiacheng_nlp.numbers.numerals import COUNTED, YEAR
from xiacheng_nlp.patterns import compiled

CUE = 120
"""Characters at the start of a paragraph, or of a sentence, that tell what it turns to."""

_PIECE = re.compile("[A-Z]{3,}")


@cache
def wording_rows() -> tuple[tuple[Row, re.Pattern[str]], ...]:
    """The rows of the file with their patterns, in which the pieces above them are put in."""
    pieces = {"COUNTED": COUNTED, "YEAR": YEAR}
    found = []
    columns, optional = ("role", "tells", "pattern", "source"), ("takes", "refuses", "note")
    for row in read_patterns(packaged("report/wording.tsv"), columns=columns, optional=optional):
        try:
            text = _PIECE.sub(lambda piece: pieces[piece[0]], row["pattern"])
            found.append((row, compiled(text)))
        except KeyError as error:
            raise row.error(f"no piece above is called {error}", "pattern") from None
        except re.error as error:
            raise row.error(f"not a regular expression: {error}", "pattern") from None
        if row["role"].isupper():
            pieces[row["role"]] = text
    return tuple(found)


@cache
def wording() -> dict[str, list[tuple[str | None, re.Pattern[str]]]]:
    """What each pattern tells (a part, a level, a style; None for nothing of these) and the
    pattern, by role, in the order of the file."""
    found: dict[str, list[tuple[str | None, re.Pattern[str]]]] = {}
    for row, each in wording_rows():
        if not row["role"].isupper():
            tells = None if row["tells"] == "-" else row["tells"]
            found.setdefault(row["role"], []).append((tells, each))
    return found


@cache
def pattern(role: str) -> re.Pattern[str]:
    """All patterns of a role as one.

    >>> bool(pattern("attachment").search("附件1"))  # "Attachment 1"
    True
    """
    return compiled("|".join(f"(?:{each.pattern})" for _, each in wording()[role]))


def says(role: str, text: str) -> bool:
    """Whether a pattern of the role is found in the text.

    >>> says("bare", "县"), says("bare", "青溪县")  # "county", and one by its name
    (True, False)
    """
    return bool(pattern(role).search(text))


def tells(role: str, text: str) -> str | None:
    """What the first pattern of the role tells that is found in the text; None where it tells
    nothing or none is found.

    >>> tells("heading", "2013年工作回顾"), tells("level", "下城区")  # "review of 2013", a district
    ('review', '区')
    """
    # Nearly every paragraph matches none, and is asked once.
    if not says(role, text):
        return None
    return next(told for told, each in wording()[role] if each.search(text))


def named(role: str, text: str) -> str | None:
    """What stands in the group of the role's pattern that is found in the text.

    >>> named("speaks", "现在，我代表下城区人民政府")  # "for the government of Xiacheng"
    '下城区'
    """
    found = pattern(role).search(text)
    return next(filter(None, found.groups()), "") if found else None
