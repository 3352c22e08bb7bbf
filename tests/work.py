"""How much work a function or a regular expression does, counted rather than timed: on four times
the input, work that grows with the input is four times as much, and work that grows with its square
sixteen times. And texts that a regular expression takes."""

import random
import re
import sys
from collections.abc import Callable, Iterator
from re import _constants as code
from re import _parser as parser
from types import ModuleType
from typing import Any

from xiacheng_nlp.datafiles import Row

GROWN = 8
"""How many times the work on four times the input may be."""


def grown(work: Callable[[int], int], size: int) -> float:
    """How many times the work on four times the size is, once what it loads is there."""
    work(3 * size)
    return work(4 * size) / work(size)


def calls(work: Callable[[], object]) -> int:
    """How many functions are called, those written in C too."""
    count = 0

    def called(frame: object, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(called)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def patterns_of(module: ModuleType) -> dict[str, re.Pattern[str]]:
    """The regular expressions for texts that a module has by a name."""
    return {
        name: held
        for name, held in vars(module).items()
        if isinstance(held, re.Pattern) and isinstance(held.pattern, str)
    }


def misread(row: Row, alone: re.Pattern[str], whole: re.Pattern[str]) -> list[str]:
    """The examples of a row that its pattern does not take, or takes otherwise than is marked, and
    those that the whole of its alternatives does not refuse, which is to find nothing, or no more
    than in an empty text."""

    def taken(text: str) -> bool:
        before, _, marked = text.partition("‹")
        marked, _, behind = marked.partition("›")
        found = alone.search(before + marked + behind)
        return bool(found) and (not marked or (found.start(), found[0]) == (len(before), marked))

    def refused(text: str) -> bool:
        found = whole.search(text)
        return not found or (not found[0] and bool(whole.match("")))

    wrong = [text for text in row.examples("takes") if not taken(text)]
    return wrong + [text for text in row.examples("refuses") if not refused(text)]


def guards(pattern: str) -> Iterator[tuple[str, str]]:
    """Each look around that a pattern has, with the pattern without it; but for the looks at the
    characters that an alternative can begin with, which spare it the rest."""
    opened: list[int] = []
    for piece in re.finditer(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[()]", pattern):
        if piece[0] == "(":
            opened.append(piece.start())
        elif piece[0] == ")":
            start, end = opened.pop(), piece.end()
            begins = not start or pattern[start - 1] == "|"
            if re.match(r"\(\?<?[=!]", pattern[start:]) and not (
                begins and re.fullmatch(r"\(\?=\[[^\]]+\]\)", pattern[start:end])
            ):
                yield pattern[start:end], pattern[:start] + pattern[end:]


class Unnamed:
    """Stands in a module for `re`, and knows the patterns that are used there without a name."""

    def __init__(self) -> None:
        self.patterns: dict[str, re.Pattern[str]] = {}

    def __getattr__(self, name: str) -> Any:
        held = getattr(re, name)

        def used(pattern: str, *others: Any) -> Any:
            self.patterns[pattern] = re.compile(pattern)
            return held(pattern, *others)

        return used if name in ("finditer", "findall", "search", "split", "sub") else held


def steps(pattern: re.Pattern[str], text: str) -> int:
    """How many places of the pattern are held against the text until all matches are found, as a
    machine that goes back does it which knows no short cut."""
    machine = _Machine(text, pattern.flags)
    tree = list(parser.parse(pattern.pattern, pattern.flags))
    at = 0
    while at <= len(text):
        end = next(machine.ends(tree, at), None)
        at = end if end is not None and end > at else at + 1
    return machine.steps


_CLASSES: dict[Any, Callable[[str], bool]] = {
    code.CATEGORY_DIGIT: str.isdecimal,
    code.CATEGORY_NOT_DIGIT: lambda c: not c.isdecimal(),
    code.CATEGORY_SPACE: str.isspace,
    code.CATEGORY_NOT_SPACE: lambda c: not c.isspace(),
    code.CATEGORY_WORD: lambda c: c.isalnum() or c == "_",
    code.CATEGORY_NOT_WORD: lambda c: not (c.isalnum() or c == "_"),
}


class _Machine:
    def __init__(self, text: str, flags: int) -> None:
        self.text, self.flags, self.steps = text, flags, 0
        self.groups: dict[int, str] = {}

    def ends(self, tree: list[Any], at: int, first: int = 0) -> Iterator[int]:
        """Where a match of the pattern that begins at a place may end, the preferred end first."""
        if first == len(tree):
            yield at
            return
        for end in self.one(*tree[first], at):
            yield from self.ends(tree, end, first + 1)

    def one(self, kind: Any, held: Any, at: int) -> Iterator[int]:
        self.steps += 1
        if kind in (code.LITERAL, code.NOT_LITERAL, code.ANY, code.IN):
            if at < len(self.text) and self.fits(kind, held, self.text[at]):
                yield at + 1
        elif kind is code.BRANCH:
            for branch in held[1]:
                yield from self.ends(list(branch), at)
        elif kind is code.SUBPATTERN:
            for end in self.ends(list(held[3]), at):
                self.groups[held[0]] = self.text[at:end]
                yield end
        elif kind in (code.MAX_REPEAT, code.MIN_REPEAT):
            yield from self.repeated(kind, list(held[2]), held[0], held[1], at)
        elif kind is code.POSSESSIVE_REPEAT:
            found = next(self.repeated(code.MAX_REPEAT, list(held[2]), *held[:2], at), None)
            yield from () if found is None else (found,)
        elif kind is code.ATOMIC_GROUP:
            found = next(self.ends(list(held), at), None)
            yield from () if found is None else (found,)
        elif kind in (code.ASSERT, code.ASSERT_NOT):
            start = at if held[0] > 0 else at - held[1].getwidth()[0]
            found = next(self.ends(list(held[1]), start), None) if start >= 0 else None
            if (found is not None) == (kind is code.ASSERT):
                yield at
        elif kind is code.GROUPREF:
            if self.text.startswith(same := self.groups.get(held, ""), at):
                yield at + len(same)
        elif self.stands(held, at):
            yield at

    def repeated(self, kind: Any, tree: list[Any], low: int, high: int, at: int) -> Iterator[int]:
        """One round after the other; without recursion, since runs are long."""
        is_lazy = kind is code.MIN_REPEAT
        rounds = [(at, self.ends(tree, at))]
        if is_lazy and low == 0:
            yield at
        while rounds:
            place, ways = rounds[-1]
            end = next(ways, None) if len(rounds) <= high else None
            if end is None:
                rounds.pop()
                if not is_lazy and len(rounds) >= low:
                    yield place
            elif end > place:
                rounds.append((end, self.ends(tree, end)))
                if is_lazy and len(rounds) > low:
                    yield end

    def fits(self, kind: Any, held: Any, c: str) -> bool:
        """Whether one character is what stands in the pattern."""
        if kind is code.IN:
            negated = held[0][0] is code.NEGATE
            return any(self.fits(*each, c) for each in held[negated:]) != negated
        if self.flags & re.IGNORECASE and c.lower() != c.upper():
            return any(self._fits(kind, held, each) for each in (c.lower(), c.upper()))
        return self._fits(kind, held, c)

    def _fits(self, kind: Any, held: Any, c: str) -> bool:
        if kind is code.RANGE:
            return bool(held[0] <= ord(c) <= held[1])
        if kind is code.CATEGORY:
            return _CLASSES[held](c)
        if kind is code.ANY:
            return bool(self.flags & re.DOTALL) or c != "\n"
        return (ord(c) == held) == (kind is code.LITERAL)

    def stands(self, held: Any, at: int) -> bool:
        """Whether a place is the beginning, the end or the border of a word that is asked for."""
        text = self.text
        if held in (code.AT_BOUNDARY, code.AT_NON_BOUNDARY):
            sides = (text[at - 1 : at], text[at : at + 1]) if at else ("", text[:1])
            first, second = (bool(re.match(r"\w", side)) for side in sides)
            return (first != second) == (held is code.AT_BOUNDARY)
        of_lines = self.flags & re.MULTILINE
        if held in (code.AT_BEGINNING, code.AT_BEGINNING_STRING):
            return at == 0 or bool(of_lines and held is code.AT_BEGINNING and text[at - 1] == "\n")
        last = at == len(text) or (held is code.AT_END and text[at:] == "\n")
        return last or bool(of_lines and held is code.AT_END and text[at] == "\n")


def taken(pattern: re.Pattern[str], tries: int) -> list[str]:
    """Texts that the pattern finds itself in, of so many made by its parts at random."""
    chance = random.Random(1)
    tree = parser.parse(pattern.pattern, pattern.flags)
    made = (_made(tree, chance) + chance.choice(["", "年", "，茶"]) for _ in range(tries))
    return [text for text in made if pattern.search(text)]


_OTHERS = "的了在全市年来3一二五1920 ，产值茶业比上增长占"


def _made(tree: Any, chance: random.Random) -> str:
    parts = []
    for kind, held in tree:
        if kind is code.LITERAL:
            parts.append(chr(held))
        elif kind in (code.IN, code.ANY, code.NOT_LITERAL):
            parts.append(_one(kind, held, chance))
        elif kind is code.BRANCH:
            parts.append(_made(chance.choice(held[1]), chance))
        elif kind is code.SUBPATTERN:
            parts.append(_made(held[3], chance))
        elif kind in (code.MAX_REPEAT, code.MIN_REPEAT):
            times = chance.randint(held[0], min(held[1], held[0] + 3))
            parts.extend(_made(held[2], chance) for _ in range(times))
        elif kind is code.ASSERT and held[0] > 0 and chance.random() < 0.5:
            parts.append(_made(held[1], chance))
    return "".join(parts)


def _one(kind: Any, held: Any, chance: random.Random) -> str:
    named = [chr(value) for how, value in held if how is code.LITERAL] if kind is code.IN else []
    fits = _Machine("", 0).fits
    return chance.choice([c for c in [*_OTHERS, *named] if fits(kind, held, c)] or ["0"])
