"""The version of the package, and of the rules and data by which it makes a number."""

from functools import cache

__version__ = "0.1.0"

RULES = (
    *("text.py", "statistics.py", "datafiles.py", "readers", "report", "numbers", "observations"),
    *("words", "terms", "themes", "validation", "corpora", "figures", "publish"),
)
"""What a number or a figure is made by: these modules and rooms, and the data of each room."""


@cache
def version_of_rules() -> str:
    """The version with the beginning of a hash of rules and data, which figures and tables are
    stamped with: two of one number were made by the same rules.

    >>> version_of_rules().startswith(f"{__version__}+r")
    True
    """
    import hashlib
    from pathlib import Path

    home = Path(__file__).resolve().parent
    files = [
        path
        for name in RULES
        for place in (home / name, home / "data" / name)
        for path in ([place] if place.is_file() else place.rglob("*"))
        if path.is_file() and path.suffix != ".pyc"
    ]
    digest = hashlib.sha256()
    for path in sorted(files, key=lambda path: path.relative_to(home).as_posix()):
        # A checkout on Windows may end lines otherwise, and holds the same rules.
        held = hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()
        digest.update(f"{path.relative_to(home).as_posix()} {held}\n".encode())
    return f"{__version__}+r{digest.hexdigest()[:12]}"
