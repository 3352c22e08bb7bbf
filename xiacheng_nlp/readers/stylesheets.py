"""What the style sheets in a page say of its elements, as far as it tells what a reader sees.

Read here rather than by a library: one that matches all selectors (cssselect) would be another
dependency, and takes a minute for a page of half a million tags.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

STEPS = 1_000_000
"""Comparisons with the ancestors of elements in a page at most, a second's worth; then selectors of
one step alone are followed."""

_TOLD = (
    *("display", "visibility", "opacity", "font-size", "white-space", "vertical-align"),
    *("text-decoration", "text-decoration-line"),
)
"""The properties that tell what is hidden, struck out, set high, or a block, and which line ends
are kept."""

_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_PIECE = re.compile(r"([^{}]*)([{}])")
_DECLARATION = re.compile(rf"(?<![\w-])({'|'.join(_TOLD)})\s*:\s*([^;]+)", re.IGNORECASE)
# Sheets for paper and for narrow screens, and steps of a movement.
_ELSEWHERE = re.compile(
    r"@(?:media\b.*(?:print|speech|max-|orientation|prefers|\bnot\b)|[\w-]*keyframes)",
    re.IGNORECASE | re.DOTALL,
)
# It takes p.text#zoom, and refuses a:hover and [hidden].
_COMPOUND = re.compile(r"(?:\*|[a-z][\w-]*)?(?:[.#][^\s.#:\[>+~*()]+)*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Step:
    """One compound of a selector: what an element must have, and whether it must be the parent of
    the one behind."""

    has: frozenset[str]
    parent: bool


@dataclass(frozen=True, slots=True)
class _Rule:
    """A declaration, the steps of its selector from the last to the first, and its rank among
    others of the same property: importance, ids, classes, tags, order."""

    steps: tuple[_Step, ...]
    name: str
    value: str
    rank: tuple[int, ...]


class Sheets:
    """The style sheets of a page."""

    def __init__(self, root: Any) -> None:
        sheets = [
            _COMMENT.sub(" ", sheet.text or "")
            for sheet in root.iter("style")
            if not _ELSEWHERE.match(f"@media {sheet.get('media') or ''}")
        ]
        self._rules: dict[str, list[_Rule]] = {}
        self._fitting: dict[frozenset[str], list[_Rule]] = {}
        self._left = STEPS
        for number, (selector, name, value) in enumerate(_declared("}".join(sheets))):
            if rule := _rule(selector, name, value, number):
                self._rules.setdefault(min(rule.steps[0].has, default="*"), []).append(rule)

    def style(self, element: Any) -> str:
        """What is declared of an element: its own style, and what the sheets say where that says
        nothing."""
        own: str = element.get("style") or ""
        if not self._rules:
            return own
        told = {name: value for name, value, _ in sorted(self._found(element), key=_by_rank)}
        for name, _ in _DECLARATION.findall(own):
            told.pop(name.lower(), None)
        return ";".join([own, *(f"{name}:{value}" for name, value in told.items())])

    def _found(self, element: Any) -> Iterator[tuple[str, str, tuple[int, ...]]]:
        marks = _marks(element)
        if marks not in self._fitting:
            near = [rule for mark in (*marks, "*") for rule in self._rules.get(mark, ())]
            self._fitting[marks] = [rule for rule in near if rule.steps[0].has <= marks]
        for rule in self._fitting[marks]:
            if self._fits(element, rule.steps):
                yield rule.name, rule.value, rule.rank

    def _fits(self, element: Any, steps: tuple[_Step, ...]) -> bool:
        """Whether the ancestors of an element, which is the last step, are the steps before it."""
        if len(steps) == 1:
            return True
        for above in element.iterancestors():
            self._left -= 1
            if self._left < 0:
                return False
            if steps[1].has <= _marks(above) and self._fits(above, steps[1:]):
                return True
            if steps[0].parent:
                return False
        return False


def _by_rank(found: tuple[str, str, tuple[int, ...]]) -> tuple[int, ...]:
    return found[2]


def _marks(element: Any) -> frozenset[str]:
    """What a selector may name an element by: its tag, #id and .classes."""
    return _named(element.tag, element.get("id"), element.get("class"))


@lru_cache(maxsize=4096)
def _named(tag: Any, id: str | None, classes: str | None) -> frozenset[str]:
    said = (f".{name}" for name in (classes or "").split())
    return frozenset((tag if isinstance(tag, str) else "", f"#{id}", *said))


def _declared(sheets: str) -> Iterator[tuple[str, str, str]]:
    """The selectors of all rules that hold on a screen, each with a property and its value."""
    heads: list[str] = []
    for piece in _PIECE.finditer(sheets):
        if piece[2] == "{":
            heads.append(piece[1].rpartition(";")[2].strip())
        elif heads:
            names = heads.pop()
            if not any(map(_ELSEWHERE.match, [*heads, names])):
                for declaration in _DECLARATION.finditer(piece[1]):
                    for selector in names.split(","):
                        yield selector.strip(), declaration[1].lower(), declaration[2].strip()


def _rule(selector: str, name: str, value: str, number: int) -> _Rule | None:
    """The rule of one selector; None for one of a kind that is not read."""
    steps = list[_Step]()
    for word in re.findall(r">|[^\s>]+", selector):
        if word == ">":
            if steps:
                steps[-1] = _Step(steps[-1].has, True)
            continue
        if not _COMPOUND.fullmatch(word):
            return None
        has = re.findall(r"[.#]?[^.#]+", word)
        steps.append(
            _Step(frozenset({n if n[0] in ".#" else n.lower() for n in has} - {"*"}), False)
        )
    if not steps:
        return None
    marks = [mark for step in steps for mark in step.has]
    ids, classes = (sum(mark.startswith(sign) for mark in marks) for sign in "#.")
    rank = ("!important" in value, ids, classes, len(marks) - ids - classes, number)
    # Each step says of the one before it whether that is the parent.
    parents = [False, *(step.parent for step in steps)]
    backwards = [_Step(step.has, parent) for step, parent in zip(steps, parents, strict=False)]
    return _Rule(tuple(reversed(backwards)), name, value, rank)
