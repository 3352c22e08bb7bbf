"""Patterns whose compiled code is kept, as Python keeps that of modules.

The patterns of a report's wording and of the grammar hold some thousand words. To compile them
takes a third of a second in each process, twenty times as long as to read a report with them, and
`re` keeps what it has compiled no longer than the process. So their code lies in `__pycache__`, for
this build of Python alone. `re` has no public way to it: where the one taken here is not there, or
what lies there is no such code, a pattern is compiled as ever.
"""

import atexit
import json
import os
import re
import sys
from contextlib import suppress
from functools import cache
from importlib import import_module
from importlib.util import cache_from_source
from pathlib import Path
from tempfile import mkstemp

MOST = 5000
"""So many patterns are kept, those of some versions of the rules: of more, none, and then those
that are asked for again."""

_OTHERWISE = (
    *(ImportError, AttributeError, LookupError, TypeError, ValueError, OverflowError),
    *(RuntimeError, OSError, NotImplementedError),
)
"""What another Python, or a file that holds something else, may raise."""

_Code = tuple[int, list[int], int, dict[str, int], tuple[str | None, ...]]
"""What a pattern is made from: its flags, its code, how many groups it has, these by their names
and their names by number."""


def compiled(text: str, flags: int = 0) -> re.Pattern[str]:
    """The pattern that `re.compile` gives. Raises `re.error` as that does.

    >>> compiled("下城区?") == re.compile("下城区?")  # "Xiacheng (district)"
    True
    """
    try:
        code = _kept().get(f"{flags} {text}") or _added(text, flags)
        pattern: re.Pattern[str] = import_module("_sre").compile(text, *code)
    except _OTHERWISE:
        return re.compile(text, flags)
    return pattern


@cache
def _kept() -> dict[str, _Code]:
    """The code of what earlier processes, and this one, compiled."""
    try:
        kept = json.loads(_file().read_bytes())
        return {key: (*code, tuple(names)) for key, (*code, names) in kept.items()}
    except _OTHERWISE:
        return {}


def _added(text: str, flags: int) -> _Code:
    tree = import_module("re._parser").parse(text, flags)
    code = list(map(int, import_module("re._compiler")._code(tree, flags)))
    groups = dict(tree.state.groupdict)
    named = {number: name for name, number in groups.items()}
    names = tuple(map(named.get, range(tree.state.groups)))
    made = flags | tree.state.flags, code, len(names) - 1, groups, names
    _kept()[f"{flags} {text}"] = made
    _keep_at_exit()
    return made


@cache
def _keep_at_exit() -> None:
    atexit.register(_keep)


def _keep() -> None:
    """Keep the code for the next process, which compiles again where this can't be done."""
    if sys.dont_write_bytecode:
        return
    with suppress(*_OTHERWISE):
        path = _file()
        path.parent.mkdir(exist_ok=True)
        handle, part = mkstemp(dir=path.parent, prefix=path.name)
        try:
            with open(handle, "w", encoding="ascii") as file:
                json.dump(_kept() if len(_kept()) <= MOST else {}, file, separators=(",", ":"))
            os.replace(part, path)
        except OSError:
            os.unlink(part)


def _file() -> Path:
    return Path(cache_from_source(__file__)).with_suffix(f".{sys.hexversion:x}.json")
