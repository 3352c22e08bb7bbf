"""The version of the package, and of the rules and data by which it makes a number."""

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__version__ = "0.1.0"

RULES = (
    *("patterns.py", "text.py", "statistics.py", "datafiles.py", "readers", "report", "numbers"),
    *("observations", "words", "terms", "themes", "validation", "corpora", "figures", "publish"),
)
"""What a number or a figure is made by: these modules and rooms, and the data of each room."""


@cache
def version_of_rules() -> str:
    """The version with the beginning of a hash of rules and data, which figures and tables are
    stamped with: two of one number were made by the same rules.

    >>> version_of_rules().startswith(f"{__version__}+r")
    True
    """
    from hashlib import sha256
    from pathlib import Path

    home = Path(__file__).resolve().parent
    files = [
        path
        for name in RULES
        for place in (home / name, home / "data" / name)
        for path in ([place] if place.is_file() else place.rglob("*"))
        if path.is_file() and path.suffix != ".pyc"
    ]
    held = {
        # A checkout on Windows may end lines otherwise, and holds the same rules.
        path.relative_to(home).as_posix(): sha256(
            path.read_bytes().replace(b"\r\n", b"\n")
        ).hexdigest()
        for path in files
    }
    return f"{__version__}+r{hash_of(held)}"


def hash_of(held: "Mapping[str, str]") -> str:
    """The hash of files, by their paths in the package and the SHA-256 of each.

    >>> hash_of({"text.py": "0" * 64})
    '83370a6cfea3'
    """
    from hashlib import sha256

    said = (f"{path} {held[path]}\n" for path in sorted(held))
    return sha256("".join(said).encode()).hexdigest()[:12]
