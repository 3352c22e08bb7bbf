"""What travels with the package: the seed report, the notebooks and the gold standards.

In a checkout they stand beside the package, in an installed one inside it.
"""

import os
from functools import cache
from pathlib import Path

from xiacheng_nlp.files import sha256_of_file

_HERE = Path(__file__).resolve().parent
_WHEEL = _HERE / "bundle_files"


LISTS_BESIDE = (".lexicon.tsv", ".english.tsv")
"""The endings of lists of the user's that are read with a report."""


def folder(name: str) -> Path:
    """The folder `seeds`, `notebooks` or `gold`.

    >>> folder("seeds").name
    'seeds'
    """
    if name == "gold":
        return _HERE / "data" / name
    inside = _WHEEL / name
    return inside if inside.is_dir() else _HERE.parent / name


def list_beside(name: str, sha256: str, place: Path | None, ending: str) -> Path | None:
    """The list of the user's for a report, such as NAME.lexicon.tsv: beside its file, for the
    Xiacheng report in `seeds` too.

    >>> list_beside("report.txt", "", None, ".lexicon.tsv") is None
    True
    """
    places = [place] if place is not None else []
    if sha256 == seed_sha256():
        places.append(folder("seeds"))
    lists = (each / f"{Path(name).stem}{ending}" for each in places)
    # Beside a name of 251 bytes no list can lie: the system refuses to look for one.
    return next(filter(os.path.isfile, lists), None)


def seed() -> Path:
    """The file of the Xiacheng district report of 2014 (下城区政府工作报告), as it was published.

    >>> seed().name
    '000_ecde2efd3ab0aef1.txt'
    """
    return min(folder("seeds").glob("*.txt"))


@cache
def seed_sha256() -> str:
    """The SHA-256 of that file, by which claims and readings know their report.

    >>> seed_sha256()[:12]
    'cab2e0b85a5b'
    """
    return sha256_of_file(seed())
