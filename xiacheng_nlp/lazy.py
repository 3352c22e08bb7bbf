"""Names that load what they need when they are first used, as the stub file beside a package lists
them."""

import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

_IMPORT = re.compile(r"^from (\S+) import (\w+)(?: as (\w+))?\b", re.M)


def names_of(
    package: str, file: str
) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """`__getattr__`, `__dir__` and `__all__` of a package whose names `__init__.pyi` imports, a
    line each.

    The list that type checkers read is the list that holds: a name stands once.

    >>> import xiacheng_nlp.terms
    >>> "keyness" in xiacheng_nlp.terms.__all__
    True
    """
    stub = Path(file).with_suffix(".pyi").read_text(encoding="utf-8")
    homes = {alias or name: (home, name) for home, name, alias in _IMPORT.findall(stub)}

    def load(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        home, inside = homes[name]
        there = vars(import_module(home))
        return there[inside] if inside in there else import_module(f"{home}.{inside}")

    return load, lambda: sorted(homes), sorted(homes)
