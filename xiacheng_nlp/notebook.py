"""What notebooks call: tables that can be searched, claims that are checked, and JupyterLab on the
notebooks."""

import json
import math
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from xiacheng_nlp.errors import FigureError, OutputError, missing
from xiacheng_nlp.files import write_file
from xiacheng_nlp.resources import folder, seed_sha256

if TYPE_CHECKING:
    import pandas as pd

PAGE = 10
"""Rows that are seen at a time."""

_ID = re.compile(r"[a-z][a-z0-9-]*")


@dataclass(frozen=True, slots=True, eq=False)
class BrowsableTable:
    """A table that a notebook shows with a search field and columns that sort; as text it is what
    pandas shows.

    Where scripts may not run (a notebook that is not trusted, a preview on a web site), the first
    rows stand there as a plain table that says how many follow.
    """

    table: "pd.DataFrame"
    html: str = field(repr=False)

    def __repr__(self) -> str:
        return repr(self.table)

    def _repr_html_(self) -> str:
        return self.html


def browse(
    table: "pd.DataFrame",
    *,
    id: str,
    right: Sequence[str] = (),
    library: bool = True,
    words: Mapping[str, str] | None = None,
) -> BrowsableTable:
    """The table to be searched and sorted in a notebook or in the HTML made of it, with nothing
    asked of a network.

    `id` names the table on the page: small letters, digits and hyphens, another one for each table.
    `right` names columns of text that end at their right edge, as the left context of a concordance
    does. `library` says whether what searches and sorts (DataTables, 1 MB) is put into the output
    too: one table of a notebook must have it, the others need not. `words` is what DataTables calls
    `language`: the words around the table. All rows are in the output, in the order of the table.
    Raises `FigureError` for an id that is none and for a column that is not there.

    >>> import pandas as pd
    >>> table = pd.DataFrame({"indicator": ["地区生产总值"], "text": ["643.57亿元"]})
    >>> browse(table, id="product")  # "gross product of the district"
      indicator      text
    0    地区生产总值  643.57亿元
    """
    if not _ID.fullmatch(id):
        raise FigureError(
            f"{id!r} can't name a table: small letters, digits and hyphens, with a letter first"
        )
    if lacking := missing(right, table.columns):
        raise FigureError(
            f"no column {', '.join(lacking)} in the table; "
            f"it has {', '.join(map(str, table.columns))}"
        )
    import pandas as pd
    from itables import options, to_html_datatable
    from itables.javascript import generate_init_offline_itables_html

    numbers = [pd.api.types.is_numeric_dtype(dtype) for dtype in table.dtypes]
    texts = [
        place
        for place, name in enumerate(table.columns)
        if not numbers[place] and name not in right
    ]
    ends = [place for place, name in enumerate(table.columns) if name in right]
    html = to_html_datatable(
        table.map(_plain),
        table_id=id,
        connected=False,
        display_logo_when_loading=False,
        # A table that was cut to a size would lose rows that a search must find.
        maxBytes=0,
        maxRows=0,
        maxColumns=0,
        showIndex=False,
        classes="display compact",
        # JupyterLab sets every cell to the right, which whole sentences are hard to read in.
        columnDefs=[
            {"className": "dt-left", "targets": texts},
            {"className": "dt-right", "targets": ends},
        ],
        style="table-layout:auto;width:100%;margin:0",
        pageLength=PAGE,
        language=dict(words or {}),
        lengthMenu=[PAGE, 50, 500],
    )
    if library:
        html += generate_init_offline_itables_html(options.dt_bundle)
    return BrowsableTable(table, html)


def _plain(value: Any) -> Any:
    """A cell as it is shown: decimals with all their digits, nothing where there is nothing."""
    import pandas as pd

    if isinstance(value, Decimal):
        return format(value, "f")
    return "" if pd.api.types.is_scalar(value) and pd.isna(value) else value


CLAIMS_FILE = "XIACHENG_CLAIMS"
"""The environment variable that names the file to which a run of the notebooks writes its claims, a
line of JSON each."""

Value = int | float | str


class Hashed(Protocol):
    """A report, or a panel of them: what has a SHA-256."""

    @property
    def sha256(self) -> str: ...


class ClaimError(AssertionError):
    """A number in the text is not what the report gives."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A statement with its number as stated and as computed; `holds` is None for a report that the
    claim is not about."""

    id: str
    text: str
    stated: Value
    computed: Value
    holds: bool | None
    report: str

    def __str__(self) -> str:
        if self.holds is None:
            return f"– {self.id}: computed {self.computed}; not claimed for this report"
        return f"✓ {self.id}: {self.text} [{self.computed}]"

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        mark, _, said = str(self).partition(f" {self.id}: ")
        return f'<p title="{escape(self.id)}"><b>{mark}</b> {escape(said)}</p>'


def claim(
    id: str,
    text: str,
    *,
    stated: Value,
    computed: object,
    report: "Hashed",
    about: str | None = None,
) -> Claim:
    """The claim, checked: `stated` must equal `computed`, rounded to the decimals that `stated`
    has.

    It is made for one report, whose SHA-256 is `about` (default: the Xiacheng report of 2014);
    for any other it shows the computed value, says that nothing is claimed, and never fails.
    `computed` is the value, or a function that computes it and may fail where another report lacks
    what it asks for. Raises `ClaimError` where the two differ, and where the text does not say the
    number that is stated.

    >>> from xiacheng_nlp.report.report import load_report
    >>> report = load_report()
    >>> told = len(report.glossary)
    >>> claim("glossary", "The annex explains 36 terms.", stated=36, computed=told, report=report)
    ✓ glossary: The annex explains 36 terms. [36]
    """
    if not isinstance(stated, str) and not _says(text, stated):
        raise ClaimError(f"{id}: the text does not say {stated}: {text}")
    claimed = report.sha256 == (about or seed_sha256())
    try:
        value = _shown(computed() if callable(computed) else computed, stated)
    except (ArithmeticError, LookupError, TypeError, ValueError):
        if claimed:
            raise
        value = "nothing: this report lacks what is asked for"
    if claimed and value != stated:
        raise ClaimError(f"{id}: the text says {stated}, the report gives {value}: {text}")
    result = Claim(
        id=id,
        text=text,
        stated=stated,
        computed=value,
        holds=claimed or None,
        report=report.sha256,
    )
    path = os.environ.get(CLAIMS_FILE)
    if path:
        with Path(path).open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(asdict(result), ensure_ascii=False) + "\n")
    return result


def _says(text: str, stated: float) -> bool:
    """Whether the number stands in the text, in digits."""
    digits = re.findall(r"[-−]?\d[\d,]*(?:\.\d+)?", text.replace("−", "-"))
    return stated in [float(number.replace(",", "")) for number in digits]


def _shown(computed: object, stated: Value) -> Value:
    """The computed value in the form of the stated one: a number with as many decimals, or a
    text."""
    if isinstance(stated, str):
        return str(computed)
    number = float(computed)  # type: ignore[arg-type]
    if math.isnan(number) or math.isinf(number):
        return number
    if isinstance(stated, int):
        return round(number) if number == round(number) else number
    decimals = len(repr(stated).partition(".")[2])
    return round(number, decimals)


def _can_keep_files() -> None:
    """Raises `OutputError` where JupyterLab can't write what it keeps while it runs."""
    from jupyter_core.paths import jupyter_runtime_dir

    place = jupyter_runtime_dir()
    try:
        os.makedirs(place, exist_ok=True)
        tempfile.TemporaryFile(dir=place).close()
    except OSError as error:
        raise OutputError(
            f"{place}: cannot be written, where JupyterLab keeps its files: {error.strerror}; "
            "set HOME or JUPYTER_RUNTIME_DIR to a folder of yours"
        ) from None


OWN_COPY = "xiacheng-notebooks"
"""The folder, in the current one, that gets a copy of the notebooks where the package is installed
without its repository."""


BEGIN = """
import runpy, signal
signal.signal(signal.SIGINT, signal.SIG_DFL)
runpy.run_module("jupyterlab", run_name="__main__", alter_sys=True)
"""
"""What begins JupyterLab. It takes seconds until it answers Ctrl-C: until then it ends at once,
without Python's traceback."""


def open_lab(options: Sequence[str] = (), notebooks: Path | None = None) -> int:
    """Open JupyterLab on the notebooks and return its exit status when it is closed.

    In a checkout these are the notebooks themselves; an installed package copies them first into
    the current folder, where what is there already stays as it is. `notebooks` is another folder
    of them.

    Raises `ModuleNotFoundError` where JupyterLab is not installed, `OutputError` where it can't
    keep its files.
    """
    if find_spec("jupyterlab") is None:
        raise ModuleNotFoundError(name="jupyterlab")
    from xiacheng_nlp.report.report import named_from_anywhere

    own = folder("notebooks")
    if notebooks is None and not (own.parent / "pyproject.toml").exists():
        notebooks = Path.cwd() / OWN_COPY
        if not notebooks.exists():
            print(f"notebooks are copied to {OWN_COPY}/", file=sys.stderr)
        for path in own.rglob("*"):
            copy = notebooks / path.relative_to(own)
            if path.is_file() and not copy.exists():
                write_file(copy, path.read_bytes())
    _can_keep_files()
    os.environ.update(named_from_anywhere())
    # -P: a module in the folder at hand, such as jupyterlab.py, is not taken for one of Python's.
    command = [sys.executable, "-P", "-c", BEGIN, str(notebooks or own), *options]
    children: list[subprocess.Popen[bytes]] = []
    told = []

    def pass_on(number: int, _: object) -> None:
        told.append(number)
        for child in children:
            # It ends its kernels at this one alone.
            child.terminate()

    # JupyterLab asks whether to stop at Ctrl-C, and stops by itself at the second.
    before = {signal.SIGINT: signal.signal(signal.SIGINT, lambda *_: None)}
    for number in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
        # Under nohup the closing of a terminal is no matter.
        if signal.getsignal(number) != signal.SIG_IGN:
            before.setdefault(number, signal.signal(number, pass_on))
    try:
        children.append(subprocess.Popen(command))
        status = children[0].wait()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return 128 + told[0] if told else status if status >= 0 else 128 - status
