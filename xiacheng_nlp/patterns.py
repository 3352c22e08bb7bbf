"""Patterns whose compiled code is kept, as Python keeps that of modules.

The patterns of a report's wording and of the grammar hold some thousand words. To compile them
takes a third of a second in each process, twenty times as long as to read a report with them, and
`re` keeps what it has compiled no longer than the process. So their code lies in `__pycache__`, for
this build of Python alone. `re` has no public way to it: where the one taken here is not there, or
what lies there is no such code, a pattern is compiled as ever.
"""

import atexit
import json
import re
import sys
from array import array
from contextlib import suppress
from functools import cache
from importlib import import_module
from importlib.util import cache_from_source
from pathlib import Path
from shutil import copymode
from typing import Any

from xiacheng_nlp.errors import OutputError
from xiacheng_nlp.files import write_file

MOST = 5000
"""So many patterns are kept, those of some versions of the rules: of more, none, and then those
that are asked for again."""

_OTHERWISE = (
    *(ImportError, AttributeError, LookupError, TypeError, ValueError, OverflowError),
    *(RuntimeError, OSError),
)
"""What another Python, or a file that holds something else, may raise."""

_Code = list[Any]
"""What a pattern is made from, as JSON holds it: its flags, its code in hexadecimal digits, how
many groups it has, and the numbers of those that have names."""


def compiled(text: str, flags: int = 0) -> re.Pattern[str]:
    """The pattern that `re.compile` gives. Raises `re.error` as that does.

    >>> compiled("下城区?") == re.compile("下城区?")  # "Xiacheng (district)"
    True
    """
    try:
        said, digits, groups, numbers = _kept().get(f"{flags} {text}") or _added(text, flags)
        code = array("I", bytes.fromhex(digits)).tolist()
        names = {numbers[name]: name for name in numbers}
        each = tuple(map(names.get, range(groups + 1)))
        make = import_module("_sre").compile
        pattern: re.Pattern[str] = make(text, said, code, groups, numbers, each)
    except _OTHERWISE:
        return re.compile(text, flags)
    return pattern


@cache
def _kept() -> dict[str, _Code]:
    """The code of what earlier processes, and this one, compiled."""
    try:
        kept = json.loads(_file().read_bytes())
        return kept if isinstance(kept, dict) else {}
    except _OTHERWISE:
        return {}


def _added(text: str, flags: int) -> _Code:
    tree = import_module("re._parser").parse(text, flags)
    code = array("I", map(int, import_module("re._compiler")._code(tree, flags)))
    state = tree.state
    made = [flags | state.flags, code.tobytes().hex(), state.groups - 1, dict(state.groupdict)]
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
    with suppress(OutputError, *_OTHERWISE):
        path, kept = _file(), _kept() if len(_kept()) <= MOST else {}
        write_file(path, json.dumps(kept, separators=(",", ":")).encode())
        # For all who may read the module, not for its first reader alone.
        copymode(__file__, path)


def _file() -> Path:
    return Path(cache_from_source(__file__)).with_suffix(f".{sys.hexversion:x}.json")
