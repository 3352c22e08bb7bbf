"""What stands in a workbook beside the values of its cells, after another program has saved it.

Each program says the same workbook in words of its own. What these are is listed, and all else is
told: a comment, a picture, a row that is hidden, letters in the colour of the ground.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import product
from xml.etree.ElementTree import Element

from xiacheng_nlp.datafiles import packaged, read_table

PARTS = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/_rels/workbook\.xml\.rels|xl/workbook\.xml"
    r"|xl/(?:styles|sharedStrings|theme/theme1|worksheets/sheet\d+)\.xml"
)
"""The parts that tell of the cells."""

ABOUT = re.compile(r"docProps/(?:app|core|custom)\.xml")
"""The parts that tell of the file alone."""

_KINDS = ("t", "Type", "ContentType")
_ANY, _WITHIN, _TEXT = "*", "**", "#text"


def told_beside(parts: Iterable[tuple[str, bytes]]) -> list[str]:
    """What the parts of a workbook hold that is not listed in data/publish/saved_workbook.tsv,
    each thing once. Raises `ParseError` or `DefusedXmlException` for what is no XML that can be
    read."""
    from defusedxml.ElementTree import fromstring

    told: dict[str, None] = {}
    seen: set[str] = set()
    for name, data in parts:
        is_folder = name.endswith("/") and not data
        if name in seen or not (is_folder or PARTS.fullmatch(name) or ABOUT.fullmatch(name)):
            told[name] = None
        elif PARTS.fullmatch(name):
            root = fromstring(data)
            space = root.tag.rpartition("}")[0] + "}"
            found = [*_within(root, _called(root, space), space), *_out_of_order(root)]
            told |= dict.fromkeys(found)
        seen.add(name)
    return list(told)


@cache
def _rules() -> Mapping[str, Mapping[str, str]]:
    """By element what its attributes may be, and under the empty name by which of them it differs
    from others like it."""
    rules: dict[str, dict[str, str]] = defaultdict(dict)
    columns = ("attributes", "values", "many")
    for row in read_table(
        packaged("publish/saved_workbook.tsv"), columns=("element",), optional=columns
    ):
        for path in map(
            "".join, product(*(p.split("|") for p in re.split("[()]", row["element"])))
        ):
            rules[path] |= dict.fromkeys(row["attributes"].split(), row["values"] or "(?s).*")
            if row["many"]:
                rules[path][""] = row["many"]
    return rules


def _called(element: Element, space: str) -> str:
    # No element listed has two kinds, of which programs would take one or the other.
    kinds = [element.attrib[name] for name in _KINDS if element.get(name)]
    return ":".join([element.tag.removeprefix(space), *kinds])


def _within(element: Element, path: str, space: str) -> Iterator[str]:
    """What an element holds that is not listed."""
    rule = _rules().get(path)
    if rule is None:
        yield path
        return
    # What stands behind an element is text of the one around it.
    texts = [element.text or "", *(inner.tail or "" for inner in element)]
    text = "".join(texts) if _TEXT in rule else "".join(texts).strip()
    for name, value in {**element.attrib, _TEXT: text}.items():
        if not re.fullmatch(_values(rule, name), value, re.ASCII):
            yield f"{path} {name}={value}"
    if _WITHIN not in rule:
        yield from _of_the_inner(element, path, space)


def _values(rule: Mapping[str, str], name: str) -> str:
    """What an attribute or the text of an element may be; a kind is part of the element's name."""
    if name in _KINDS or (_ANY in rule and name != _TEXT):
        return "(?s).*"
    return rule.get(name) or _rules()[_ANY].get(name, "")


def _of_the_inner(element: Element, path: str, space: str) -> Iterator[str]:
    differ = set()
    for inner in element:
        step = f"{path}/{_called(inner, space)}"
        by = _rules().get(step, {}).get("", "")
        # One without the attribute differs from none of its kind.
        which = (inner.tag, id(inner) if by == "-" else inner.get(by))
        if which in differ:
            yield f"{step} twice"
        differ.add(which)
        yield from _within(inner, step, space)


def _out_of_order(root: Element) -> Iterator[str]:
    """The first cell that stands in another place than it says, which readers take in several
    ways."""
    from openpyxl.utils.cell import coordinate_to_tuple

    last = (0, 0)
    for row in root.iterfind("{*}sheetData/{*}row"):
        for cell in row:
            place = coordinate_to_tuple(cell.get("r", "A1"))
            if place <= last or str(place[0]) != row.get("r"):
                yield f"cell {cell.get('r')} out of its place"
                return
            last = place
