"""The main job: every notebook, figure and table for one report, in one folder, the same bytes on
every run."""

import gc
import io
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, nullcontext
from csv import reader as csv_reader
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any, get_args

from xiacheng_nlp import resources as bundle
from xiacheng_nlp.corpora.locks import locked
from xiacheng_nlp.datafiles import packaged
from xiacheng_nlp.errors import FigureError, OutputError, one_of
from xiacheng_nlp.figures.names import PART_NAMES, Lang
from xiacheng_nlp.figures.provenance import sidecar_bytes
from xiacheng_nlp.figures.saving import file_stem, table_csv
from xiacheng_nlp.figures.style import style
from xiacheng_nlp.figures.subsets import Small, fonts_in_memory, many_pdfs, small_fonts
from xiacheng_nlp.files import table_bytes
from xiacheng_nlp.notebook import CLAIMS_FILE
from xiacheng_nlp.publish.catalogue import (
    FIGURES,
    contents,
    drawing,
    options_of,
    provenance,
    why_not_drawn,
    without_english,
)
from xiacheng_nlp.publish.gallery import FORMS, PAGE, gallery, on_page
from xiacheng_nlp.publish.kernels import Files, Kernels, Work, kernels, taken
from xiacheng_nlp.publish.manifest import CRATE, MANIFEST, RunFolder, crate_bytes, manifest_bytes
from xiacheng_nlp.publish.notebooks import LANG_VARIABLE, language, page, prepared
from xiacheng_nlp.publish.study import Drawing, Study
from xiacheng_nlp.report.report import (
    CORPUS_VARIABLE,
    REPORT_VARIABLE,
    Report,
    known_of,
    load_report,
    named_from_anywhere,
    report_file,
)

if TYPE_CHECKING:
    import pandas as pd

NOTEBOOKS = "*.ipynb"

CLAIMS = ("id", "text", "stated", "computed", "holds", "report")
"""Columns of claims.csv."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunResult:
    """What a run wrote: the folder, the names of its files in it; `empty`, the figures that are not
    drawn since the report holds nothing for them; `without_english`, how many words of figures
    have no English name."""

    output: Path
    notebooks: tuple[str, ...]
    figures: tuple[str, ...]
    tables: tuple[str, ...]
    empty: tuple[str, ...]
    without_english: int = 0

    def summary(self) -> str:
        """A few lines for the terminal."""
        pictures = sum(name.endswith(".pdf") for name in self.figures)
        lines = [
            f"Wrote {len(self.notebooks)} notebooks, {pictures} figures (each as PDF, SVG and PNG "
            f"with its table) and {len(self.tables)} tables to {self.output}{os.sep}; "
            f"to look at them, open {self.output / PAGE}"
        ]
        lines += [f"Not drawn: {id}: {why_not_drawn(id)}" for id in self.empty]
        if self.without_english:
            lines.append(
                f"{self.without_english} words of the figures have no English name; "
                f"{self.output / 'tables' / 'without-english.csv'} lists them. Give them in "
                "NAME.english.tsv beside the report (zh, kind, en, source), and run again"
            )
        return "\n".join(lines)


def run(
    path: str | Path | None = None,
    *,
    output: str | Path = "output",
    langs: Sequence[Lang] = ("zh", "en"),
    force: bool = False,
    year: int | None = None,
    place: str | None = None,
    progress: Callable[[str], None] = lambda _: None,
    running: Kernels | None = None,
) -> RunResult:
    """Run every notebook on the report; write notebooks, figures, tables, a gallery and a manifest
    into the folder `output`.

    The gallery, index.html, is one page that shows all of it and asks for no network. Figures
    are written in each of `langs`; notebooks, and the pages made of them, in the only one, or
    where there are two in that of XIACHENG_LANG, else in English. The folder also keeps the
    report itself, and its text where that was extracted. Files of an earlier run that this one
    does not make again are removed; other files in the folder are left alone, and so is what
    was changed since it was written. Where one of these stands in the way, nothing is written,
    unless `force` has it replaced; the report itself never is. `progress` is called with a line
    for each notebook that is done, and for tables and figures.
    `year` and `place` as for `load_report`; `running`: the kernels, where they were begun before.

    Raises `ReportError` when the report can't be read, `OutputError` when the folder can't be
    written or holds files in the way, `CorpusError` when another run writes to it, `XiachengError`
    when a notebook fails.
    """
    if not os.fspath(output):
        raise OutputError("the name of the output folder is empty")
    for lang in langs or (None,):
        one_of("langs", lang, get_args(Lang), FigureError)
    lang = language(langs[0] if len(langs) == 1 else None)
    study = Study(load_report(path, year=year, place=place))
    report, folder = study.report, Path(output)
    if os.environ.get(CORPUS_VARIABLE):
        # What is wrong with the reports to compare with is told before anything is made.
        _ = study.panel
    with locked(folder), nullcontext(running) if running else kernels() as running:
        kept = {f"report/{report.name}": report_file(path)}
        # The lists of the user's that hold for another report than the seed.
        for ending in bundle.LISTS_BESIDE if report.sha256 != bundle.seed_sha256() else ():
            beside = bundle.list_beside(report.name, report.sha256, report.folder, ending)
            if beside is not None:
                kept[f"report/{beside.name}"] = beside
        target = RunFolder(folder, inputs=kept.values(), force=force)
        return _write(study, target, kept, langs, lang, progress, running)


def _write(
    study: Study,
    place: RunFolder,
    kept: Mapping[str, Path],
    langs: Sequence[Lang],
    lang: Lang,
    progress: Callable[[str], None],
    running: Kernels,
) -> RunResult:
    # matplotlib asks IPython for its version, and would find it half loaded by the thread of a
    # notebook. Where nbclient is missing, that is known before anything is written.
    import IPython  # noqa: F401
    import nbclient  # noqa: F401

    report = study.report
    copy = f"report/{report.name}"
    notebooks = sorted(bundle.folder("notebooks").glob(NOTEBOOKS))
    jobs = list(_jobs(study))
    pages = {f"notebooks/{path.name}": f"notebooks/{path.stem}.html" for path in notebooks}
    names = {PAGE, MANIFEST, CRATE, "claims.csv", *pages, *pages.values()}
    # A copy that the report is itself is not written.
    unlike = {name for name in kept if not place.is_input(name)}
    names |= {name for some, _ in jobs for name in some}
    place.check(names | unlike | {*_names(langs)})
    for name, file in kept.items():
        place.keep(name, file)
    begun = monotonic()

    def tell(what: str) -> None:
        progress(f"{what} ({monotonic() - begun:.0f} s)")

    progress(
        f"{len(notebooks)} notebooks, {len(FIGURES)} figures and their tables for {report.name}"
    )
    # Where it is left by an error, kernels that still run may write into it.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        runs = {
            path.name: _start(running, path, place.folder / copy, report, Path(scratch), lang)
            # The longest first: at the end no core waits for one.
            for path in sorted(notebooks, key=lambda path: -path.stat().st_size)
        }
        for name, future in runs.items():
            future.add_done_callback(partial(_tell_end, tell, name))
        drawn = _make(study, jobs, langs, place, running)
        tell("tables and figures")
        for name, future in runs.items():
            done, name = future.result(), f"notebooks/{name}"
            place.put(name, done)
            place.put(pages[name], page(done, lang=lang))
        rows = _claims(Path(scratch, path.stem) for path in notebooks)
    place.put("claims.csv", table_bytes(rows, CLAIMS, form="csv"))
    ids = [id for id in FIGURES if f"figures/{id}.csv" in place.written]
    files = {**drawn, **place.written}
    place.put(PAGE, gallery(report, study.observations, files, ids=ids, langs=langs))
    place.put(CRATE, crate_bytes(report, place.written))
    place.finish(manifest_bytes(report, langs, place.written))
    # Pages in Chinese alone lack no English names.
    return _result(place, len(without_english(study)) if "en" in langs else 0)


@contextmanager
def _settled() -> Iterator[None]:
    """While this lasts, the garbage collector does not look at what is there already: libraries and
    tables that stay, and that it would look through for each figure."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _tell_end(tell: Callable[[str], None], name: str, done: Future[bytes]) -> None:
    """That a notebook is done; one that failed or was stopped is told elsewhere."""
    if not done.cancelled() and done.exception() is None:
        tell(name)


def _jobs(study: Study) -> Iterator[tuple[Sequence[str], Work]]:
    """What is made beside the notebooks and figures: the names of tables and of numbers, and what
    makes them."""
    if study.report.extracted:
        # What the offsets of every table count in.
        text = f"report/{study.report.name}.txt"
        yield [text], lambda: {text: study.report.text.encode()}
    for name, make in tables_of(study).items():
        names = [f"tables/{name}.csv", f"tables/{name}.json"]
        yield names, partial(_table, study.report, name, make)
    numbers = numbers_of(study)
    yield list(numbers), lambda: {name: make() for name, make in numbers.items()}


def _names(langs: Sequence[Lang]) -> list[str]:
    """The names that the files of figures may have, figure by figure."""
    return [
        f"figures/{name}"
        for id in FIGURES
        for name in (
            f"{id}.csv",
            *(f"{file_stem(id, lang=lang)}.{form}" for lang in langs for form in FORMS),
        )
    ]


def _make(
    study: Study,
    jobs: Iterable[tuple[Sequence[str], Work]],
    langs: Sequence[Lang],
    place: RunFolder,
    running: Kernels,
) -> Files:
    """Make the tables and the figures; the last of these in another process, if there is a core for
    it in time. Returns the files of figures, and their pictures on the page."""
    drawn = Files()
    with _settled(), fonts_in_memory():
        fonts = small_fonts(_texts(study))
        # The tables that the figures show stay too.
        gc.freeze()
        # To another process go the report and what a figure shows of it, and no other tables.
        bare = Study(study.report)
        work: list[Work] = [
            partial(_figure, bare, id, drawing(id, study), langs, fonts) for id in FIGURES
        ]
        shared = running.share(work, drawn.update)
        for _, make in jobs:
            for name, data in make().items():
                place.put(name, data)
            running.check()
        while draw := taken(work, 0):
            drawn |= draw()
            running.check()
        running.done()
        # What has not begun finds nothing left to do.
        if not shared.cancel():
            shared.result()
    for name in filter(drawn.__contains__, _names(langs)):
        place.put(name, drawn[name])
    return drawn


def _texts(study: Study) -> Iterator[str]:
    """What the figures say: the words of the package, and those of the rows that they show."""
    yield packaged("figures/labels.tsv").read_text(encoding="utf-8")
    yield str(PART_NAMES)
    for id in FIGURES:
        made = drawing(id, study)
        yield (made.table if made.shown is None else made.table[made.shown]).to_csv()


def _table(report: Report, name: str, make: Callable[[], "TableFile"]) -> Files:
    made = make()
    said = sidecar_bytes(table_sidecar(name, report, made))
    return {f"tables/{name}.csv": made.data, f"tables/{name}.json": said}


def _figure(study: Study, id: str, made: Drawing, langs: Sequence[Lang], fonts: Small) -> Files:
    """A figure's files, in whatever process: all that they are made of is told."""
    with style(), many_pdfs(fonts):
        files = [contents(id, study, made, also=on_page, lang=lang) for lang in langs]
    return {f"figures/{name}": data for some in files for name, data in some.items()}


def _start(
    running: Kernels, path: Path, copy: Path, report: Report, claims: Path, lang: Lang
) -> Future[bytes]:
    """The notebook, begun for the report; its claims go to a file of its name in `claims`."""
    # Claims are made of the seed, or of the panel that it has where none is named.
    of_others = "panel" if os.environ.get(CORPUS_VARIABLE) else None
    if report.sha256 != bundle.seed_sha256():
        of_others = "seed"
    environment = {
        **named_from_anywhere(),
        REPORT_VARIABLE: str(copy.resolve()),
        CLAIMS_FILE: str(claims / path.stem),
        LANG_VARIABLE: lang,
        **known_of(report),
    }
    node = prepared(path, lang=lang, leave=of_others)
    return running.submit(node, name=path.name, environment=environment)


def _claims(paths: Iterable[Path]) -> list[dict[str, Any]]:
    """What the notebooks claimed, from the files that they wrote it to."""
    return [
        json.loads(line)
        for path in paths
        if path.exists()
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


def _result(place: RunFolder, lacking: int) -> RunResult:
    def of(folder: str, ending: str = "") -> tuple[str, ...]:
        return tuple(n for n in place.written if n.startswith(folder) and n.endswith(ending))

    return RunResult(
        output=place.folder,
        notebooks=of("notebooks/", ".ipynb"),
        figures=of("figures/"),
        tables=of("tables/", ".csv"),
        empty=tuple(id for id in FIGURES if f"figures/{id}.csv" not in place.written),
        without_english=lacking,
    )


@dataclass(frozen=True, slots=True)
class TableFile:
    """A table as CSV, the options it was made with, and the libraries that it rests on."""

    data: bytes
    options: Mapping[str, str]
    rests_on: frozenset[str] = frozenset()


def tables_of(study: Study) -> dict[str, Callable[[], TableFile]]:
    """What makes each table of a run, by its name: tables/NAME.csv."""
    from xiacheng_nlp import themes
    from xiacheng_nlp.observations import summary
    from xiacheng_nlp.observations.audit import audit
    from xiacheng_nlp.report import tables as shape

    report = study.report

    of_the_report = ("particulars", "copies", "parts", "sections", "glossary", "notes")
    made: dict[str, Callable[[], pd.DataFrame]] = {
        **{name: partial(getattr(shape, name), report) for name in of_the_report},
        "tokens": lambda: study.tokens,
        "terms": lambda: study.frequency,
        "keyness": lambda: study.keyness,
        "themes": lambda: study.coded,
        "instrument-phrases": lambda: themes.instrument_phrases(study.coded),
        "theme-commitments": lambda: themes.commitments_by_theme(study.coded, study.observations),
        "topics": lambda: study.topics.topics,
        "observations": lambda: study.observation_table,
        "growth-rates": lambda: summary.growth_rates(study.observations),
        "promises": lambda: study.promises,
        "ranks": lambda: summary.ranks(study.observations),
        "commitments": lambda: summary.commitments(study.observations, report),
        "audit": lambda: audit(study.observations),
        "without-english": lambda: without_english(study),
    }
    return {name: partial(_table_file, study, name, make) for name, make in made.items()}


def _table_file(study: Study, name: str, make: Callable[[], "pd.DataFrame"]) -> TableFile:
    table, rests_on = study.once(f"tables/{name}", lambda _: make())
    return TableFile(table_csv(table), options_of(table), rests_on=rests_on)


def table_sidecar(name: str, report: Report, made: TableFile) -> dict[str, Any]:
    """What stands beside a table, as `tables/NAME.json`: the keys of a figure's provenance, and the
    columns."""
    said = provenance(report, made.options, made.rests_on).stamp(
        id=name, table=(f"{name}.csv", made.data), kind="table"
    )
    return {**said, "columns": next(csv_reader(io.StringIO(made.data.decode())), [])}


def numbers_of(study: Study, *, version: str | None = None) -> dict[str, Callable[[], bytes]]:
    """What makes numbers.tex and numbers.xlsx, with the version that is to stand in them."""
    from xiacheng_nlp.publish.exports import numbers_tex, numbers_xlsx, study_sheets

    return {
        "numbers.tex": lambda: numbers_tex(study.report, study.observations, version=version),
        "numbers.xlsx": lambda: numbers_xlsx(study.report, study_sheets(study), version=version),
    }
