"""The main job: every notebook, figure and table for one report, in one folder, the same bytes on
every run."""

import asyncio
import hashlib
import io
import json
import os
import platform
import re
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from csv import reader as csv_reader
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xiacheng_nlp import resources as bundle
from xiacheng_nlp._version import __version__
from xiacheng_nlp.corpora.loading import CORPUS_VARIABLE
from xiacheng_nlp.errors import XiachengError
from xiacheng_nlp.figures.provenance import as_json
from xiacheng_nlp.files import table_bytes, write_file
from xiacheng_nlp.notebook import CLAIMS_FILE
from xiacheng_nlp.publish.catalogue import (
    FIGURES,
    libraries,
    options_of,
    provenance,
    save,
    segmenter,
    without_english,
)
from xiacheng_nlp.publish.gallery import PAGE, gallery
from xiacheng_nlp.publish.study import Study
from xiacheng_nlp.report.report import REPORT_VARIABLE, Report, load_report, report_file

if TYPE_CHECKING:
    from xiacheng_nlp.figures.style import Lang

MANIFEST = "manifest.json"
CELL_SECONDS = 300
KERNELS = 2

_KERNEL_ENVIRONMENT = {
    # What a cell shows must not depend on the run: not on set order, progress bars or the name of a
    # temporary file.
    "PYTHONHASHSEED": "0",
    "TQDM_DISABLE": "1",
    "IPYKERNEL_CELL_NAME": "cell",
    # A debugger's notice on stderr would stand in the notebook.
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """What a run wrote: the folder, the names of its files in it, and `empty`, the figures for
    which the report holds nothing."""

    output: Path
    notebooks: tuple[str, ...]
    figures: tuple[str, ...]
    tables: tuple[str, ...]
    empty: tuple[str, ...]

    def summary(self) -> str:
        """One line for the terminal."""
        pictures = sum(name.endswith(".pdf") for name in self.figures)
        nothing = (
            f"; the report holds nothing to draw in {', '.join(self.empty)}" if self.empty else ""
        )
        return (
            f"Wrote {len(self.notebooks)} notebooks, {pictures} figures (each as PDF, SVG and PNG with its table) "
            f"and {len(self.tables)} tables to {self.output}{os.sep}{nothing}; to look at them, open {self.output / PAGE}"
        )


def run(
    path: str | Path | None = None,
    *,
    output: str | Path = "output",
    langs: Sequence["Lang"] = ("zh", "en"),
) -> RunResult:
    """Run every notebook on the report; write notebooks, figures, tables, a gallery and a manifest
    into the folder `output`.

    The gallery, index.html, is one page that shows all of it and asks for no network. Figures are
    written in each of `langs`. The folder also keeps the report itself, and its text where that was
    extracted. Files of an earlier run that this one does not make again are removed; other files in
    the folder are left alone. A progress bar is shown on a terminal.

    Raises `ReportError` when the report can't be read, `OutputError` when the folder can't be
    written, `XiachengError` when a notebook fails.
    """
    report = load_report(path)
    source = report_file(path)
    folder = Path(output)
    earlier = _earlier(folder)
    study = Study(report)
    notebooks = sorted(bundle.folder("notebooks").glob("*.ipynb"))
    written: dict[str, bytes] = {}

    def put(name: str, data: bytes) -> None:
        write_file(folder / name, data)
        written[name] = data

    put(f"report/{report.name}", source.read_bytes())
    if report.extracted:
        # What the offsets of every table count in.
        put(f"report/{report.name}.txt", report.text.encode("utf-8"))

    for ending in (".lexicon.tsv", ".english.tsv"):
        beside = bundle.list_beside(report.name, report.sha256, report.folder, ending)
        if beside is not None and report.sha256 != bundle.seed_sha256():
            put(f"report/{beside.name}", beside.read_bytes())

    def keep_table(name: str, make: Callable[[], TableFile]) -> None:
        made = make()
        put(f"tables/{name}.csv", made.data)
        put(f"tables/{name}.json", as_json(table_sidecar(name, report, made)))

    def keep(id: str) -> None:
        for path in save(id, study, folder / "figures", langs=langs):
            written[f"figures/{path.name}"] = path.read_bytes()

    tables = tables_of(study)
    jobs: list[tuple[str, Callable[[], None]]] = []
    for name, make in tables.items():
        jobs.append((name, lambda name=name, make=make: keep_table(name, make)))  # type: ignore[misc]
    for name, write in numbers_of(study).items():
        jobs.append((name, lambda name=name, write=write: put(name, write())))  # type: ignore[misc]
    for id in FIGURES:
        jobs.append((id, lambda id=id: keep(id)))  # type: ignore[misc]
    # matplotlib asks IPython for its version, and would find it half loaded by the thread of a
    # notebook.
    import IPython  # noqa: F401
    from tqdm import tqdm

    with (
        tqdm(
            total=len(notebooks) + len(jobs),
            unit="step",
            disable=not sys.stderr.isatty(),
            leave=False,
        ) as bar,
        ThreadPoolExecutor(KERNELS) as pool,
        tempfile.TemporaryDirectory() as scratch,
    ):
        claims = Path(scratch) / "claims.jsonl"
        done = {
            nb.name: pool.submit(
                _notebook_bytes,
                nb,
                folder / "report" / report.name,
                report,
                claims.with_name(nb.stem),
            )
            for nb in notebooks
        }
        for name, job in jobs:
            bar.set_description(name)
            job()
            bar.update()
        for name, future in done.items():
            bar.set_description(name)
            put(f"notebooks/{name}", future.result())
            bar.update()
        rows = [json.loads(line) for nb in notebooks for line in _lines(claims.with_name(nb.stem))]
        put(
            "claims.csv",
            table_bytes(rows, ["id", "text", "stated", "computed", "holds", "report"], form="csv"),
        )
    put(PAGE, gallery(report, study.observations, written, ids=list(FIGURES), langs=langs))
    put(MANIFEST, _manifest(report, langs, written))
    for name in sorted(set(earlier) - set(written)):
        (folder / name).unlink(missing_ok=True)
    return RunResult(
        output=folder,
        notebooks=tuple(name for name in written if name.startswith("notebooks/")),
        figures=tuple(name for name in written if name.startswith("figures/")),
        tables=tuple(
            name for name in written if name.startswith("tables/") and name.endswith(".csv")
        ),
        empty=tuple(id for id in FIGURES if written[f"figures/{id}.csv"].count(b"\n") < 2),
    )


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def _earlier(folder: Path) -> list[str]:
    """The files that an earlier run wrote here; only names below the folder are believed."""
    try:
        listed = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"]
        names = [str(entry["name"]) for entry in listed]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return [name for name in names if not Path(name).is_absolute() and ".." not in Path(name).parts]


@dataclass(frozen=True, slots=True)
class TableFile:
    """A table as CSV, the options it was made with, and the libraries that it rests on."""

    data: bytes
    options: Mapping[str, str]
    rests_on: frozenset[str] = frozenset()


def tables_of(study: Study) -> dict[str, Callable[[], TableFile]]:
    """What makes each table of a run, by its name: tables/NAME.csv."""
    import pandas as pd

    from xiacheng_nlp import themes
    from xiacheng_nlp.figures.saving import table_csv
    from xiacheng_nlp.observations import summary
    from xiacheng_nlp.observations.audit import audit
    from xiacheng_nlp.observations.observation import observation_table
    from xiacheng_nlp.report import tables as shape

    report = study.report

    def csv(table: pd.DataFrame) -> TableFile:
        return TableFile(table_csv(table), options_of(table))

    makers = {
        "particulars": lambda: csv(shape.particulars(report)),
        "copies": lambda: csv(shape.copies(report)),
        "parts": lambda: csv(shape.parts(report)),
        "sections": lambda: csv(shape.sections(report)),
        "glossary": lambda: csv(shape.glossary(report)),
        "notes": lambda: csv(shape.notes(report)),
        "tokens": lambda: csv(study.tokens),
        "terms": lambda: csv(study.frequency),
        "keyness": lambda: csv(study.keyness),
        "themes": lambda: csv(study.coded),
        "instrument-phrases": lambda: csv(themes.instrument_phrases(study.coded)),
        "theme-commitments": lambda: csv(
            themes.commitments_by_theme(study.coded, study.observations)
        ),
        "topics": lambda: csv(study.topics.topics),
        "observations": lambda: csv(observation_table(study.observations)),
        "growth-rates": lambda: csv(summary.growth_rates(study.observations)),
        "promises": lambda: csv(study.promises),
        "ranks": lambda: csv(summary.ranks(study.observations)),
        "commitments": lambda: csv(summary.commitments(study.observations, report)),
        "audit": lambda: csv(audit(study.observations)),
        "without-english": lambda: csv(without_english(study)),
    }

    def noted(name: str) -> TableFile:
        made, rests_on = study.once(f"tables/{name}", lambda _: makers[name]())
        return replace(made, rests_on=rests_on)  # type: ignore[no-any-return]

    return {name: partial(noted, name) for name in makers}


def table_sidecar(name: str, report: Report, made: TableFile) -> dict[str, Any]:
    """What stands beside a table, as `tables/NAME.json`: the keys of a figure's provenance, and the
    columns."""
    header = next(csv_reader(io.StringIO(made.data.decode("utf-8"))), [])
    said = provenance(report, made.options, made.rests_on).stamp(
        id=name, table=(f"{name}.csv", made.data), kind="table"
    )
    return {**said, "columns": header}


def numbers_of(study: Study) -> dict[str, Callable[[], bytes]]:
    """What makes numbers.tex and numbers.xlsx."""
    from xiacheng_nlp.publish.exports import numbers_tex, numbers_xlsx, study_sheets

    return {
        "numbers.tex": lambda: numbers_tex(study.report, study.observations),
        "numbers.xlsx": lambda: numbers_xlsx(study.report, study_sheets(study)),
    }


def _notebook_bytes(notebook: Path, report_file: Path, report: Report, claims: Path) -> bytes:
    import nbformat

    node = nbformat.read(notebook, as_version=4)  # type: ignore[no-untyped-call]
    # Readings tell facts of the seed, or of the panel that it has where none is named.
    others = (
        {"seed"}
        if report.sha256 != bundle.seed_sha256()
        else {"panel"}
        if os.environ.get(CORPUS_VARIABLE)
        else set()
    )
    node.cells = [cell for cell in node.cells if not others & set(cell.metadata.get("tags", []))]
    environment = {REPORT_VARIABLE: str(report_file.resolve()), CLAIMS_FILE: str(claims)}
    return execute(node, name=notebook.name, environment=environment)


def execute(node: Any, *, name: str, environment: Mapping[str, str]) -> bytes:
    """The notebook run from top to bottom in a kernel of its own, as bytes that are the same on
    every run.

    Raises `XiachengError` when a cell fails.
    """
    import nbformat
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    with tempfile.TemporaryDirectory() as folder:
        client = NotebookClient(
            node,
            timeout=CELL_SECONDS,
            kernel_name="python3",
            resources={"metadata": {"path": folder}},
        )
        # Its own warnings, such as that on a transport within this machine, are none of the
        # report's reader.
        client.extra_arguments = ["--log-level=ERROR"]
        try:
            # A loop of our own is closed when the notebook is done; that of the client would stay
            # open in this thread.
            asyncio.run(
                client.async_execute(env={**os.environ, **_KERNEL_ENVIRONMENT, **environment})
            )
        except CellExecutionError as error:
            number = next((n for n, cell in enumerate(node.cells, 1) if _failed(cell)), 0)
            raise XiachengError(
                f"{name}: cell {number} failed: {error.ename}: {error.evalue}"
            ) from None
        except (CellTimeoutError, DeadKernelError) as error:
            raise XiachengError(f"{name}: {str(error).splitlines()[0]}") from None
    for cell in node.cells:
        cell.metadata.pop("execution", None)
    # The version is that of the Python that happened to run it; the lock says which packages the
    # numbers rest on.
    node.metadata.get("language_info", {}).pop("version", None)
    text: str = nbformat.writes(node)  # type: ignore[no-untyped-call]
    return (text + "\n").encode("utf-8")


def _failed(cell: Any) -> bool:
    return any(output.get("output_type") == "error" for output in cell.get("outputs", []))


def kind_of(name: str) -> tuple[str, str]:
    """What a file of a run is, by its name in the folder: its kind, and the id of what it shows, or
    its name.

    >>> kind_of("figures/fig-ranks-zh-single.pdf"), kind_of("figures/fig-ranks.csv"), kind_of("tables/audit.csv")
    (('figure', 'fig-ranks'), ('figure table', 'fig-ranks'), ('table', 'audit'))
    """
    folder, _, file = name.rpartition("/")
    stem, _, form = file.rpartition(".")
    if folder == "figures":
        if form == "csv":
            return "figure table", stem
        id = re.sub("-(?:zh|en)(?:-single)?(?:-titled)?$", "", stem)
        return ("sidecar" if form == "json" else "figure"), id
    if folder == "tables":
        return ("sidecar" if form == "json" else "table"), stem
    kinds = {"report": "report", "notebooks": "notebook"}
    named = {"claims.csv": "claims", "numbers.tex": "numbers", "numbers.xlsx": "numbers"}
    return kinds.get(folder) or named.get(name) or (
        f"{folder} file" if folder else "page" if form == "html" else "file"
    ), file


def _manifest(report: Report, langs: Sequence["Lang"], written: Mapping[str, bytes]) -> bytes:
    files = []
    for name, data in sorted(written.items()):
        kind, id = kind_of(name)
        files.append(
            {
                "name": name,
                "kind": kind,
                "id": id,
                "bytes": len(data),
                "sha256": hashlib.sha256(data).hexdigest(),
            }
        )
    said = {
        "package": f"xiacheng-nlp {__version__}",
        "report": {
            "name": report.name,
            "sha256": report.sha256,
            **(
                {"format": report.format, "text_sha256": report.text_sha256}
                if report.extracted
                else {}
            ),
        },
        "languages": list(langs),
        "libraries": {**libraries(), "python": platform.python_version()},
        "segmenter": segmenter(report),
        "files": files,
    }
    return as_json(said)
