"""The command `xiacheng-nlp`: each table of the package, and the main job, from a shell."""

import argparse
import codecs
import io
import json
import os
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xiacheng_nlp.errors import OutputError
from xiacheng_nlp.files import FORMATS, rows_of, table_bytes, write_file

if TYPE_CHECKING:
    from xiacheng_nlp.report.report import Report

EXIT_ERROR = 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status: 0, 1 for a command that failed, 2 for wrong usage.

    >>> main(["outline", "no-such-file.txt"])
    1
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors=_as_it_came.__name__)
    words = list(sys.argv[1:] if arguments is None else arguments)
    # What follows `lab` is JupyterLab's own, dashes and all.
    passed_on = words[1:] if words[:1] == ["lab"] and words[1:] not in (["-h"], ["--help"]) else []
    try:
        options = _parser().parse_args(words[:1] if passed_on else words)
    except SystemExit as stop:
        return int(stop.code or 0)
    options.passed_on = passed_on
    try:
        with warnings.catch_warnings():
            warnings.showwarning = _warned
            status = options.handler(options)
        if sys.stdout is not None:
            sys.stdout.flush()
        return int(status or 0)
    except BrokenPipeError:
        # The reader (head, less) has gone; what is left would only raise again while Python shuts
        # down.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_ERROR
    except KeyboardInterrupt:
        print("xiacheng-nlp: stopped", file=sys.stderr)
        return 130
    except OutputError as error:
        return _failed(str(error))
    except ValueError as error:
        # Every other error that the package raises for its reader is one of these, with the place
        # and what to do in its text.
        return _failed(str(error))
    except OSError as error:
        return _failed(f"the output cannot be written: {error.strerror or error}")


def _as_it_came(error: UnicodeError) -> tuple[bytes, int]:
    """Paths go out as the bytes they came in as, and what the locale's encoding lacks as
    escapes."""
    assert isinstance(error, UnicodeEncodeError)
    lacking = error.object[error.start : error.end]
    return b"".join(
        os.fsencode(c) if "\udc80" <= c <= "\udcff" else c.encode("ascii", "backslashreplace")
        for c in lacking
    ), error.end


codecs.register_error(_as_it_came.__name__, _as_it_came)


def _warned(message: Warning | str, *_: object, **__: object) -> None:
    """What the package would have its reader know, without the line of code that says it."""
    _failed(" ".join(str(message).split()))


def _failed(message: str) -> int:
    # A path in it may hold bytes that are no text.
    print(
        f"xiacheng-nlp: {message.encode('utf-8', 'surrogateescape').decode('utf-8', 'backslashreplace')}",
        file=sys.stderr,
    )
    return EXIT_ERROR


def _parser() -> argparse.ArgumentParser:
    from xiacheng_nlp._version import __version__

    parser = argparse.ArgumentParser(
        prog="xiacheng-nlp",
        description="Structure, terms, policy themes and indicators of Chinese government work reports (政府工作报告).",
        epilog=(
            "REPORT is a text file (UTF-8, UTF-16 or GB18030), a saved web page, a Word file (.docx) or a PDF file with a text layer; "
            "without it, the 2014 report of Xiacheng district (杭州市下城区)."
        ),
    )
    parser.add_argument("--version", action="version", version=f"xiacheng-nlp {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    def add(
        name: str, handler: Callable[[argparse.Namespace], int | None], text: str
    ) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        command.set_defaults(handler=handler)
        return command

    def add_table(
        name: str, handler: Callable[[argparse.Namespace], int | None], text: str
    ) -> argparse.ArgumentParser:
        command = add(name, handler, text)
        command.add_argument("report", nargs="?", metavar="REPORT")
        command.add_argument(
            "--format",
            choices=FORMATS,
            help="form of the table (default: that of FILE's name, else jsonl)",
        )
        command.add_argument(
            "-o",
            "--output",
            type=Path,
            metavar="FILE",
            help="write to FILE, not to standard output",
        )
        return command

    run = add(
        "run",
        _run,
        "run every notebook on a report and write figures, tables and a manifest: the main job",
    )
    run.add_argument("report", nargs="?", metavar="REPORT")
    run.add_argument(
        "-o",
        "--output",
        type=Path,
        default=Path("output"),
        metavar="DIR",
        help="the folder to write to (default: output)",
    )
    run.add_argument(
        "--lang",
        choices=("zh", "en", "both"),
        default="both",
        help="language of the figures (default: both)",
    )

    lab = add(
        "lab",
        _lab,
        "open JupyterLab on the notebooks; further words, such as --no-browser, are passed on to it",
    )
    lab.usage = "xiacheng-nlp lab [OPTION of jupyter lab ...]"

    shape = add(
        "outline",
        _outline,
        "show sections, paragraphs and sentences with their spans, copies, parts and glossary",
    )
    shape.add_argument("report", nargs="?", metavar="REPORT")
    shape.add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        help="a tree to read, or everything as JSON (default: text)",
    )
    shape.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="write to FILE, not to standard output"
    )

    tokens = add_table("tokens", _tokens, "list the words of a report, one row a token")
    tokens.add_argument(
        "--engine",
        choices=("rjieba", "jieba"),
        default="rjieba",
        help="the segmenter (default: rjieba)",
    )
    tokens.add_argument(
        "--no-report-lexicon",
        action="store_true",
        help="without the word list beside the report, NAME.lexicon.tsv",
    )
    tokens.add_argument(
        "--no-learning",
        action="store_true",
        help="without the words learned from the report itself",
    )
    tokens.add_argument(
        "--lexicon",
        type=Path,
        metavar="FILE",
        help="a word list of your own (tab-separated, headed: word)",
    )
    tokens.add_argument(
        "--glossary", action="store_true", help="with the annex that explains terms"
    )

    add_table(
        "quantities", _quantities, "list every number of a report with its class, one row a number"
    )
    add_table(
        "indicators",
        _indicators,
        "list what a report states about its indicators, one row an observation",
    )

    themes = add_table(
        "themes",
        _themes,
        "code what each sentence is about and by which instrument it works, one row a sentence",
    )
    themes.add_argument(
        "--codebook",
        type=Path,
        metavar="FILE",
        help="a codebook of your own: NAME.tsv, with NAME_phrases.tsv beside it",
    )
    themes.add_argument(
        "--nested",
        choices=("longest", "theme", "all"),
        default="longest",
        help="how a phrase inside a longer one counts: not at all, not in its own theme, always (default: longest)",
    )
    themes.add_argument(
        "--no-context",
        action="store_true",
        help="by the sentence's own phrases alone, without headings and neighbours",
    )
    themes.add_argument(
        "--glossary", action="store_true", help="with the annex that explains terms"
    )

    many = add(
        "corpus",
        _corpus,
        "make the tables of many reports as a Parquet data set; what an earlier run made is kept",
    )
    many.add_argument(
        "source",
        metavar="DIR|ZIP|LIST",
        help="a folder, a zip, a list of files (NAME.list) or a pattern in quotation marks",
    )
    many.add_argument(
        "-o", "--output", required=True, metavar="OUT", help="the folder of the data set"
    )
    many.add_argument(
        "--metadata",
        type=Path,
        metavar="FILE",
        help="a CSV file with the columns file, place, level, year",
    )
    many.add_argument(
        "--no-terms",
        action="store_true",
        help="without term counts, for which words must be segmented",
    )
    many.add_argument("--tokens", action="store_true", help="with a table of all words")
    many.add_argument(
        "--learning", action="store_true", help="with the words learned from each report itself"
    )
    many.add_argument(
        "--workers",
        type=_count,
        metavar="N",
        help="processes on this machine (default: one a core; 0: none beside this one)",
    )
    many.add_argument(
        "--seconds",
        type=float,
        default=300,
        metavar="N",
        help="what a file may take in its process (default: %(default)s)",
    )
    many.add_argument(
        "--memory",
        type=_count,
        default=4096,
        metavar="MB",
        help="megabytes that a process may take (default: %(default)s)",
    )
    many.add_argument(
        "--scheduler", metavar="ADDRESS", help="a Dask cluster, such as tcp://HOST:8786"
    )

    judge = add("evaluate", _evaluate, "score numbers or themes of a report against a gold file")
    judge.add_argument(
        "gold",
        metavar="GOLD",
        type=Path,
        help="JSON Lines, a row a number, or a row a sentence with its themes",
    )
    judge.add_argument("report", metavar="REPORT")
    judge.add_argument(
        "--window",
        type=_window,
        action="append",
        default=[],
        metavar="START:END",
        help="score this stretch alone; may be repeated",
    )
    judge.add_argument(
        "--errors", type=_count, default=0, metavar="N", help="show the first N mistakes"
    )

    figure = add(
        "figure", _figure, "draw one figure and write it as PDF, SVG and PNG with its table"
    )
    figure.add_argument(
        "id", metavar="ID", help="such as fig-word-cloud; an unknown id lists them all"
    )
    figure.add_argument("report", nargs="?", metavar="REPORT")
    figure.add_argument(
        "-o",
        "--output",
        type=Path,
        default=Path(),
        metavar="DIR",
        help="the folder to write to (default: the current one)",
    )
    figure.add_argument(
        "--lang", choices=("zh", "en"), default="zh", help="language of the labels (default: zh)"
    )
    figure.add_argument(
        "--width",
        choices=("single", "double"),
        default="double",
        help="journal column: 85 or 175 mm (default: double)",
    )
    figure.add_argument("--titled", action="store_true", help="with the title in the picture too")

    quote = add("cite", _cite, "print how to cite a figure, a number, the report or the package")
    quote.add_argument(
        "id",
        metavar="ID",
        help="a figure's id, a number's (column id of indicators), report or package",
    )
    quote.add_argument("report", nargs="?", metavar="REPORT")
    quote.add_argument(
        "--style",
        choices=("bibtex", "gbt7714", "apa", "csl-json"),
        help="default: bibtex and gbt7714",
    )
    quote.add_argument("--url", default="", help="where you read the report, for its reference")
    quote.add_argument(
        "--accessed", default="", metavar="DAY", help="when you read it there, as 2024-05-01"
    )

    check = add(
        "verify",
        _verify,
        "make saved figures and tables again from the report and say what differs",
    )
    check.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="a PDF, SVG, PNG, CSV or JSON that run or figure wrote",
    )
    check.add_argument(
        "--report",
        metavar="R",
        help="the report (default: the copy that the run keeps, or the report of Xiacheng)",
    )
    return parser


def _emit(data: bytes, path: Path | None) -> None:
    """To the file, or to standard output as bytes: whatever the locale, the output is UTF-8."""
    if path is not None:
        write_file(path, data)
        return
    if sys.stdout is None:
        raise OutputError("there is no standard output; name a file with -o")
    stream = getattr(sys.stdout, "buffer", None)
    if stream is None:
        sys.stdout.write(data.decode("utf-8", "replace"))
    else:
        sys.stdout.flush()
        stream.write(data)
        stream.flush()


def _emit_table(
    options: argparse.Namespace,
    rows: Sequence[Mapping[str, Any]],
    columns: Sequence[str],
    title: str,
) -> None:
    named = options.output.suffix.lower().lstrip(".") if options.output else ""
    if named and named not in FORMATS and options.format is None:
        raise OutputError(
            f"{options.output.name}: no form of table is called .{named}; end the name in .{', .'.join(FORMATS)}, or give --format"
        )
    form = options.format or named or "jsonl"
    if form in ("parquet", "xlsx") and options.output is None and sys.stdout.isatty():
        raise OutputError(f"{form} is no text for a terminal; name a file with -o")
    _emit(table_bytes(rows, columns, form=form, title=title), options.output)


def _read(path: str | None) -> "Report":
    """The report; a file that does not look like one is read all the same, and told."""
    from xiacheng_nlp.report.report import NO_REPORT, is_report, load_report

    report = load_report(path)
    if not is_report(report):
        _failed(f"{report.name}: {NO_REPORT}")
    return report


def _outline(options: argparse.Namespace) -> None:
    from xiacheng_nlp.report.outline import outline, outline_text
    from xiacheng_nlp.report.report import load_report

    report = load_report(options.report)
    as_json = options.format == "json"
    text = (
        json.dumps(outline(report), ensure_ascii=False, indent=1) + "\n"
        if as_json
        else outline_text(report)
    )
    _emit(text.encode("utf-8"), options.output)


def _tokens(options: argparse.Namespace) -> None:
    from xiacheng_nlp.words.segmentation import tokenize

    table = tokenize(
        _read(options.report),
        engine=options.engine,
        report_lexicon=not options.no_report_lexicon,
        learning=not options.no_learning,
        extra=options.lexicon,
        glossary=options.glossary,
    )
    own = set(table.attrs["extra"])
    for word in table.attrs["without_effect"]:
        if word["word"] in own:
            _failed(f"{word['word']} of {options.lexicon.name} has no effect: {word['reason']}")
    _emit_table(options, rows_of(table), list(table.columns), "tokens")


def _quantities(options: argparse.Namespace) -> None:
    from xiacheng_nlp.observations.numbers_of_report import (
        COLUMNS,
        quantity_rows,
        report_quantities,
    )

    found = report_quantities(_read(options.report))
    _warn_unparsed(sum(quantity.kind == "unparsed" for quantity in found))
    _emit_table(options, quantity_rows(found), COLUMNS, "quantities")


def _indicators(options: argparse.Namespace) -> None:
    from xiacheng_nlp.observations.numbers_of_report import report_quantities
    from xiacheng_nlp.observations.observation import COLUMNS, indicators

    report = _read(options.report)
    observations = indicators(report)
    _warn_unparsed(sum(quantity.kind == "unparsed" for quantity in report_quantities(report)))
    _emit_table(options, [o.record() for o in observations], [*COLUMNS], "indicators")


def _themes(options: argparse.Namespace) -> None:
    from xiacheng_nlp.themes.codebook import load_codebook
    from xiacheng_nlp.themes.coding import code_themes

    table = code_themes(
        _read(options.report),
        load_codebook(options.codebook),
        nested=options.nested,
        context=not options.no_context,
        glossary=options.glossary,
    )
    _emit_table(options, rows_of(table), list(table.columns), "themes")


def _corpus(options: argparse.Namespace) -> int:
    from xiacheng_nlp.corpora.dataset import corpus

    result = corpus(
        options.source,
        options.output,
        metadata=options.metadata,
        terms=not options.no_terms,
        tokens=options.tokens,
        learning=options.learning,
        workers=options.workers,
        scheduler=options.scheduler,
        seconds=options.seconds,
        memory=options.memory,
    )
    print(result.summary())
    return EXIT_ERROR if result.lost else 0


def _warn_unparsed(count: int) -> None:
    if count:
        print(
            f"xiacheng-nlp: {count} numbers could not be parsed; they are kept with the class unparsed",
            file=sys.stderr,
        )


def _evaluate(options: argparse.Namespace) -> None:
    from xiacheng_nlp.observations.observation import indicators
    from xiacheng_nlp.themes.agreement import is_theme_gold
    from xiacheng_nlp.validation.gold import read_number_gold
    from xiacheng_nlp.validation.scores import evaluate

    if is_theme_gold(options.gold):
        _evaluate_themes(options)
        return
    observations = indicators(_read(options.report))
    rows = [observation.record() for observation in observations]
    result = evaluate(read_number_gold(options.gold), rows, windows=options.window)
    if not result.quantities.hits:
        raise ValueError(
            "nothing in the gold file is found in the report; do the two belong together?"
        )
    for name in ("spans", "quantities", "indicators", "records"):
        score = getattr(result, name)
        counts = f"({score.hits} right, {score.predicted} extracted, {score.expected} in the gold)"
        print(
            f"{name:11} P {score.precision:.3f}  R {score.recall:.3f}  F1 {score.f1:.3f}   {counts}"
        )
    print(
        "fields      " + "  ".join(f"{name} {share:.3f}" for name, share in result.fields.items())
    )
    for mistake in result.mistakes[: options.errors]:
        print(f"  {mistake.kind}: gold [{_said(mistake.gold)}]  said [{_said(mistake.predicted)}]")


def _evaluate_themes(options: argparse.Namespace) -> None:
    from xiacheng_nlp.themes.agreement import agreement_table, matched, read_theme_gold
    from xiacheng_nlp.themes.coding import code_themes

    if options.window:
        raise ValueError(
            "a gold standard of themes holds the sentences that are scored: --window is for numbers"
        )
    gold, report = read_theme_gold(options.gold), _read(options.report)
    coded = code_themes(report)
    for row in agreement_table(coded, gold).to_dict("records"):
        value, low, high = (
            f"{row[key]:.3f}" if row[key] == row[key] else "–" for key in ("value", "low", "high")
        )
        print(f"{row['measure']:20} {value}  ({low} to {high}, n = {row['n']})")
    pairs = matched(coded, gold)
    for row in pairs[~pairs["agrees"]].head(options.errors).to_dict("records"):
        text = report.text[row["start"] : row["end"]][:40]
        print(
            f"  wrong theme: gold [{'/'.join(row['main'])}]  said [{'/'.join(row['themes'] or ())}]  {row['start']} {text}"
        )


def _said(row: Mapping[str, Any] | None) -> str:
    """A row of the gold or of the records in a few words."""
    if row is None:
        return "-"
    name = (
        (row.get("names") or [row.get("name")])[0]
        if row.get("names") or row.get("name")
        else row.get("indicator")
    )
    parts = (
        row.get("text"),
        name,
        row.get("measure"),
        row.get("status"),
        row.get("period"),
        row.get("rule"),
    )
    return " ".join(str(part) for part in parts if part)


def _window(text: str) -> tuple[int, int]:
    start, _, end = text.partition(":")
    if not (start.isdecimal() and end.isdecimal() and int(start) < int(end)):
        raise argparse.ArgumentTypeError(
            f"{text}: two offsets with a colon between them are wanted, such as 0:2966"
        )
    return int(start), int(end)


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text}: a number from 0 on is wanted")
    return int(text)


def _figure(options: argparse.Namespace) -> None:
    from xiacheng_nlp.publish.catalogue import save
    from xiacheng_nlp.publish.study import Study

    study = Study(_read(options.report))
    for path in save(
        options.id,
        study,
        options.output,
        langs=(options.lang,),
        width=options.width,
        titled=options.titled,
    ):
        print(path)


def _cite(options: argparse.Namespace) -> None:
    from xiacheng_nlp.publish.citation import cite

    text = cite(
        options.id, options.report, style=options.style, url=options.url, accessed=options.accessed
    )
    _emit((text + "\n").encode("utf-8"), None)


def _verify(options: argparse.Namespace) -> int:
    from xiacheng_nlp.publish.verification import verify

    verdicts = verify(options.files, options.report)
    for verdict in verdicts:
        print(verdict)
    return 0 if all(verdict.ok for verdict in verdicts) else EXIT_ERROR


def _run(options: argparse.Namespace) -> None:
    from xiacheng_nlp.publish.run import run

    result = run(
        options.report,
        output=options.output,
        langs=("zh", "en") if options.lang == "both" else (options.lang,),
    )
    print(result.summary())


def _lab(options: argparse.Namespace) -> int:
    from xiacheng_nlp.notebook import open_lab

    return open_lab(options.passed_on)


if __name__ == "__main__":
    sys.exit(main())
