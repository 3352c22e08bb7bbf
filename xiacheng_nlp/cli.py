"""The command `xiacheng-nlp`: each table of the package, and the main job, from a shell."""

import argparse
import codecs
import io
import json
import os
import re
import sys
import tomllib
import traceback
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import xiacheng_nlp as xc
from xiacheng_nlp._version import __version__
from xiacheng_nlp.errors import DataFileError, FigureError, OutputError, XiachengError
from xiacheng_nlp.files import FORMATS, rows_of, table_bytes, why_no_file, write_file
from xiacheng_nlp.resources import LISTS_BESIDE
from xiacheng_nlp.text import escaped, readable

if TYPE_CHECKING:
    from xiacheng_nlp.numbers.scan import Quantity

EXIT_ERROR, EXIT_USAGE = 1, 2
INPUTS = ("report", "gold", "source", "lexicon", "codebook", "metadata", "keywords")
"""The words and options that name a file to be read."""

IDLE_SHOWN = 20
"""Words of a reader's list without effect that are named one by one."""

HOME = Path(__file__).parent


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit status: 0, 1 for a command that failed, 2 for wrong usage.

    What the reader's files or words are wrong in is told in one line. A mistake of the package's
    own is told as such, with its file and line and how it was come to.

    >>> main(["outline", "no-such-file.txt"])
    1
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors=_as_it_came.__name__)
    parser = _parser()
    try:
        options, further = parser.parse_known_args(arguments)
        # argparse leaves a report behind an option that stands behind the id.
        if len(further) == 1 and getattr(options, "report", "") is None and further[0][:1] != "-":
            options.report = further.pop()
        # What follows `lab` is JupyterLab's own, dashes and all.
        if further and options.handler is not _lab:
            parser.error(f"unrecognized arguments: {' '.join(further)}")
    except SystemExit as stop:
        return int(stop.code or 0)
    options.further = further
    return _status(options)


def _handled(options: argparse.Namespace) -> int:
    if why := _no_file(options):
        _failed(why)
        return EXIT_USAGE
    output = getattr(options, "output", None)
    if output is not None and os.pardir in output.parts and not output.parent.exists():
        # new/../r.txt is r.txt, although new is yet to be made.
        options.output = Path(os.path.realpath(output))
    _refuse_an_input(options)
    with warnings.catch_warnings():
        warnings.showwarning = _warned
        status = options.handler(options)
    if sys.stdout is not None:
        sys.stdout.flush()
    return int(status or 0)


def _no_file(options: argparse.Namespace) -> str | None:
    """What is wrong with an input that is no file, or an output that would wait for a reader; an
    input that is missing is told where it is read."""
    for name in (*INPUTS, "output"):
        said = getattr(options, name, None)
        # A path that the system refuses (too long, closed to us) is told there too.
        with suppress(OSError, ValueError):
            why = why_no_file(Path(said)) if said else None
            if why and name == "output" and Path(str(said)).is_fifo():
                return f"{said}: the output would wait for its reader: it is a pipe"
            if why and name != "output" and not (name == "source" and Path(str(said)).is_dir()):
                hint = "; corpus reads the reports in it" if why == "a folder" else ""
                return f"{said}: the {name} cannot be read: it is {why}{hint}"
    return None


def _refuse_an_input(options: argparse.Namespace) -> None:
    """Raises `OutputError` where the output would take the place of a file that is to be read."""
    output = getattr(options, "output", None)
    if output is None or not os.path.isfile(output):
        return
    for name, said in vars(options).items():
        if name == "output" or not isinstance(said, str | Path):
            continue
        if _is_the_same(said, output):
            raise OutputError(f"{output}: this is the {name} itself; name another file with -o")
        if any(_is_the_same(beside, output) for beside in _beside(Path(said))):
            raise OutputError(f"{output}: this is read with the {name}; name another file with -o")


def _beside(path: Path) -> list[Path]:
    """What is read with a report (lists of its own) or a codebook (its phrases)."""
    endings = (*LISTS_BESIDE, f"_phrases{path.suffix}")
    return [path.parent / f"{path.stem}{ending}" for ending in endings]


def _is_the_same(name: str | Path, path: Path) -> bool:
    # A pattern of `corpus` or an id is no name of a file.
    return os.path.exists(name) and path.samefile(name)


def _status(options: argparse.Namespace) -> int:
    """The exit status of the command, with what went wrong told on standard error."""
    try:
        return _handled(options)
    except BrokenPipeError:
        # The reader (head, less) has gone; what is left would only raise again while Python shuts
        # down.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_ERROR
    except KeyboardInterrupt as stopped:
        _failed("stopped")
        return int(stopped.args[0]) if stopped.args else 130
    except XiachengError as error:
        return _failed(str(error))
    except OSError as error:
        place = error.filename or "the output"
        return _failed(f"{place}: cannot be read or written: {error.strerror or error}")
    except ModuleNotFoundError as error:
        lacking = (error.name or HOME.name).partition(".")[0]
        if lacking == HOME.name:
            return _mistaken(error)
        return _failed(
            f"this needs the Python module {lacking}, which is not installed here; "
            "pip install xiacheng-nlp brings it"
        )
    except ImportError as error:
        return _failed(f"a library is broken, or finds no memory: {error}")
    except MemoryError:
        return _failed("there is not enough memory for this")
    except Exception as error:
        return _mistaken(error)


def _mistaken(error: Exception) -> int:
    """A mistake of the package's own: no word of the reader's is to blame, so where it is and how
    it was come to are shown."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(HOME)]
    place = f"{Path(own[-1].filename).relative_to(HOME).as_posix()}:{own[-1].lineno}"
    _failed(f"a mistake of the package, in {place}; please report it with what follows")
    traceback.print_exception(error)
    return EXIT_ERROR


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
    print(f"xiacheng-nlp: {_told(_shown(message))}", file=sys.stderr)
    return EXIT_ERROR


def _told(message: str) -> str:
    """In Chinese where XIACHENG_LANG asks for it, each line that a list has."""
    # What lacks a library, or memory, is told all the same.
    with suppress(ImportError, MemoryError):
        if os.environ.get("XIACHENG_LANG") == "zh":
            from xiacheng_nlp.publish.notebooks import worded

            return "\n".join(worded(line, "zh") for line in message.split("\n"))
    return message


def _shown(message: str) -> str:
    """The message, where a path or an option in it holds bytes that are no text, orders to the
    terminal, an end of the line (the package's own lines are set in) or more than a screen."""
    shown = message.encode("utf-8", _as_it_came.__name__).decode("utf-8", "backslashreplace")
    shown = _NEW_LINE.sub(r"\\n", shown)
    if len(shown) > LONGEST_MESSAGE:
        shown = f"{shown[:LONGEST_MESSAGE]} … ({len(shown):,} characters)"
    return escaped(shown)


LONGEST_MESSAGE = 2000
_NEW_LINE = re.compile("\n(?! {4})")


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        super().error(_told(_shown(message)))


def _emit(data: bytes, path: Path | None) -> None:
    """To the file, or to standard output as bytes: whatever the locale, the output is UTF-8."""
    if path is not None:
        write_file(path, data)
        return
    if sys.stdout is None:
        raise OutputError("there is no standard output; name a file with -o")
    stream = getattr(sys.stdout, "buffer", None)
    if stream is None:
        # A notebook's.
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
            f"{options.output.name}: no form of table is called .{named}; end the name in "
            f".{', .'.join(FORMATS)}, or give --format"
        )
    form = options.format or named or "jsonl"
    if named in FORMATS and not form.startswith(named):
        _failed(f"{options.output.name} is written as {form}, which --format says, not as {named}")
    if (
        form in ("parquet", "xlsx")
        and options.output is None
        and sys.stdout
        and sys.stdout.isatty()
    ):
        raise OutputError(f"{form} is no text for a terminal; name a file with -o")
    _emit(table_bytes(rows, columns, form=form, title=title), options.output)


def _idle(options: argparse.Namespace, names: Iterable[str], why: str) -> None:
    """Tell which of these options were given, and are of no effect."""
    for name in names:
        called, usual = options.usual[name]
        if getattr(options, name) != usual:
            _failed(f"{called} has no effect: {why}")


def _own(options: argparse.Namespace, *but: str) -> dict[str, Any]:
    """The options of the command as the words of its function, but for these."""
    return {name: getattr(options, name) for name in options.own if name not in but}


def _load(options: argparse.Namespace) -> "xc.Report":
    return xc.load_report(options.report, year=options.year, place=options.place)


def _read(options: argparse.Namespace) -> "xc.Report":
    """The report; a file that does not look like one is read all the same, and told."""
    from xiacheng_nlp.report.report import NO_REPORT, YEAR_TOLD, is_report

    report = _load(options)
    if not is_report(report):
        _failed(f"{report.name}: {NO_REPORT}")
    if options.year:
        for note in report.notes:
            if note.message.startswith(YEAR_TOLD):
                _failed(note.message)
    return report


def _outline(options: argparse.Namespace) -> None:
    from xiacheng_nlp.report.outline import outline_text

    report = _load(options)
    if options.format == "json":
        text = json.dumps(xc.outline(report), ensure_ascii=False, indent=1) + "\n"
    else:
        text = outline_text(report)
    _emit(text.encode(), options.output)


def _tokens(options: argparse.Namespace) -> None:
    table = xc.tokenize(_read(options), extra=options.lexicon, **_own(options, "lexicon"))
    own = set(table.attrs["extra"])
    idle = [word for word in table.attrs["without_effect"] if word["word"] in own]
    for word in idle[:IDLE_SHOWN]:
        _failed(f"{word['word']} of {options.lexicon.name} has no effect: {word['reason']}")
    if more := len(idle[IDLE_SHOWN:]):
        _failed(f"{more:,} more words of {options.lexicon.name} have no effect")
    _emit_table(options, rows_of(table), list(table.columns), "tokens")


def _quantities(options: argparse.Namespace) -> None:
    from xiacheng_nlp.observations.numbers_of_report import COLUMNS, quantity_rows

    _emit_table(options, quantity_rows(_numbers_of(_read(options))), COLUMNS, "quantities")


def _numbers_of(report: "xc.Report") -> "tuple[Quantity, ...]":
    """Every number of the report; those that could not be parsed are told."""
    from xiacheng_nlp.observations.numbers_of_report import report_quantities

    found = report_quantities(report)
    unparsed = sum(quantity.kind == "unparsed" for quantity in found)
    if unparsed:
        _failed(f"{unparsed} numbers could not be parsed; they are kept with the class unparsed")
    return found


def _indicators(options: argparse.Namespace) -> None:
    from xiacheng_nlp.observations.observation import COLUMNS

    report = _read(options)
    rows = [observation.record() for observation in xc.indicators(report)]
    _numbers_of(report)
    _emit_table(options, rows, COLUMNS, "indicators")


def _themes(options: argparse.Namespace) -> None:
    book = xc.load_codebook(options.codebook)
    table = xc.code_themes(_read(options), book, **_own(options, "codebook"))
    if table["probability"].isna().all():
        _idle(options, ["threshold"], "phrases alone tell no probability")
    if doubtful := table.attrs["left_out"].get("doubtful"):
        _failed(f"{doubtful} sentences are left out: their theme is less probable")
    _emit_table(options, rows_of(table), list(table.columns), "themes")


def _corpus(options: argparse.Namespace) -> int:
    if options.scheduler or options.workers == 0:
        _idle(options, ["seconds", "memory"], "only processes on this machine are held to it")
    if not (options.terms or options.tokens):
        _idle(options, ["learning"], "without terms and tokens no words are cut")
    result = xc.corpus(output=options.output, **_own(options))
    print(_told(result.summary()))
    return EXIT_ERROR if result.lost else 0


def _evaluate(options: argparse.Namespace) -> None:
    from xiacheng_nlp.themes.agreement import is_theme_gold
    from xiacheng_nlp.validation.gold import read_number_gold
    from xiacheng_nlp.validation.scores import evaluate

    if is_theme_gold(options.gold):
        _evaluate_themes(options)
        return
    report = _read(options)
    gold = read_number_gold(options.gold, report)
    rows = [observation.record() for observation in xc.indicators(report)]
    result = evaluate(gold, rows, windows=options.window)
    if not result.quantities.hits:
        raise DataFileError(
            "nothing in the gold file is found in the report; do the two belong together?"
        )
    for name in ("spans", "quantities", "indicators", "records"):
        score = getattr(result, name)
        print(
            f"{name:11} P {score.precision:.3f}  R {score.recall:.3f}  F1 {score.f1:.3f}   "
            f"({score.hits} right, {score.predicted} extracted, {score.expected} in the gold)"
        )
    print("fields     ", *(f" {name} {share:.3f}" for name, share in result.fields.items()))
    for mistake in result.mistakes[: options.errors]:
        pair = f"gold [{_said(mistake.gold)}]  said [{_said(mistake.predicted)}]"
        print(f"  {mistake.kind}: {_shown(pair)}")


def _evaluate_themes(options: argparse.Namespace) -> None:
    from xiacheng_nlp.themes.agreement import matched

    if options.window:
        raise DataFileError(
            "a gold standard of themes holds the sentences that are scored: --window is for numbers"
        )
    gold = xc.themes.read_theme_gold(options.gold, xc.load_codebook())
    report = _read(options)
    coded = xc.code_themes(report)
    for row in xc.themes.agreement_table(coded, gold).to_dict("records"):
        value, low, high = (
            f"{row[key]:.3f}" if row[key] == row[key] else "–" for key in ("value", "low", "high")
        )
        print(f"{row['measure']:20} {value}  ({low} to {high}, n = {row['n']})")
    pairs = matched(coded, gold)
    for row in pairs[~pairs["agrees"]].head(options.errors).to_dict("records"):
        stated, said = "/".join(row["main"]), "/".join(row["themes"] or ())
        text = report.text[row["start"] : row["end"]][:40]
        print(f"  wrong theme: gold [{stated}]  said [{said}]  {row['start']} {_shown(text)}")


def _said(row: Mapping[str, Any] | None) -> str:
    """A row of the gold or of the records in a few words."""
    if row is None:
        return "-"
    names = row.get("names") or [row.get("name") or row.get("indicator")]
    rest = (row.get(key) for key in ("measure", "status", "period", "rule"))
    return " ".join(str(part) for part in (row.get("text"), names[0], *rest) if part)


def _figure(options: argparse.Namespace) -> None:
    from xiacheng_nlp.figures.texts import TEXTS
    from xiacheng_nlp.publish.catalogue import contents, drawing, why_not_drawn
    from xiacheng_nlp.publish.manifest import write_figure
    from xiacheng_nlp.publish.study import Choice, Study
    from xiacheng_nlp.report.report import report_file

    if options.list or options.id is None:
        options.list = False
        _idle(options, options.usual, "figures are listed, and none is drawn")
        listed = (f"{id:28} {text.title['en']} {text.title['zh']}\n" for id, text in TEXTS.items())
        _emit("".join(listed).encode(), None)
        return
    study = Study(_read(options), Choice(options.top, options.terms or (), options.themes or ()))
    look = _own(options, "id", "list", "top", "terms", "themes", "force")
    files = contents(options.id, study, drawing(options.id, study), **look)
    if not files:
        asked = ", ".join((*study.choice.terms, *study.choice.themes))
        why = f"it would show nothing of {asked}" if asked else why_not_drawn(options.id)
        raise FigureError(f"{options.id} is not drawn: {why}")
    source = report_file(options.report)
    paths = write_figure(files, options.output, id=options.id, source=source, force=options.force)
    print(*paths, sep="\n")


def _cite(options: argparse.Namespace) -> None:
    report = None
    if options.id == "package":
        names = (name for name in options.usual if name not in ("id", "style"))
        _idle(options, names, "the package is cited alone")
    else:
        report = _load(options)
    _emit((xc.cite(report=report, **_own(options)) + "\n").encode(), None)


def _verify(options: argparse.Namespace) -> int:
    from xiacheng_nlp.corpora.inventory import data_set_of

    if options.source is None:
        _idle(options, ["metadata", "keywords"], "it goes with --source")
    if all(data_set_of(Path(file)) for file in options.files):
        _idle(options, ["report", "year", "place"], "a data set is made again of its --source")
    told = _own(options, "files", "report")
    verdicts = xc.verify(options.files, options.report, **told)
    for verdict in verdicts:
        print(verdict)
    return 0 if all(verdict.ok for verdict in verdicts) else EXIT_ERROR


def _run(options: argparse.Namespace) -> None:
    from xiacheng_nlp.corpora.workers import ONE_THREAD
    from xiacheng_nlp.publish.kernels import kernels

    # Before numpy is loaded: the kernels and what draws have the cores.
    os.environ.update(ONE_THREAD)
    # The process that they come from imports what it needs while this one does.
    with kernels() as running:
        from xiacheng_nlp.publish.run import run

        result = run(
            options.report,
            output=options.output,
            langs=("zh", "en") if options.lang == "both" else (options.lang,),
            force=options.force,
            year=options.year,
            place=options.place,
            progress=lambda line: print(f"xiacheng-nlp: {line}", file=sys.stderr),
            running=running,
        )
    print(_told(result.summary()))


def _lab(options: argparse.Namespace) -> int:
    from xiacheng_nlp.notebook import open_lab
    from xiacheng_nlp.publish.notebooks import LANG_VARIABLE, in_chinese, language

    os.environ[LANG_VARIABLE] = lang = language(options.lang)
    return open_lab(options.further, in_chinese() if lang == "zh" else None)


def _window(text: str) -> tuple[int, int]:
    start, _, end = text.partition(":")
    if not (start.isdecimal() and end.isdecimal() and int(start) < int(end)):
        raise argparse.ArgumentTypeError(
            f"{text}: two offsets with a colon between them are wanted, such as 0:2966"
        )
    return int(start), int(end)


def _named(text: str) -> Path:
    # An empty name, such as that of a variable that is not set, would be the current folder.
    if not text:
        raise argparse.ArgumentTypeError("the name of a file or a folder is empty")
    return Path(text)


def _whole(pattern: str, wanted: str) -> Callable[[str], int]:
    """What reads a whole number of that form, and refuses another word with what is wanted."""

    def read(text: str) -> int:
        if not re.fullmatch(pattern, text):
            raise argparse.ArgumentTypeError(f"{text}: {wanted}")
        return int(text)

    return read


def _columns(text: str) -> dict[str, str]:
    from xiacheng_nlp.readers.rows import ROLES

    # The name of a column may hold a wide comma.
    parted = re.split(f",|，(?=(?:{'|'.join(ROLES)})=)", readable(text))
    pairs = [pair.partition("=") for pair in parted]
    named = {role: column for role, _, column in pairs if role in ROLES and column}
    if len(named) < len(pairs):
        raise argparse.ArgumentTypeError(
            f"{text}: names of columns by what they tell ({', '.join(ROLES)}), each once, are"
            " wanted, such as text=doc,year=when"
        )
    return named


def _names(text: str) -> tuple[str, ...]:
    names = tuple(filter(None, map(str.strip, re.split("[,，、]", readable(text)))))
    if not names:
        raise argparse.ArgumentTypeError(f"{text!r}: names with commas between them are wanted")
    return names


TYPES: Mapping[str, Callable[[str], Any]] = {
    "columns": _columns,
    "count": _whole(r"\d+", "a number from 0 on is wanted"),
    "names": _names,
    "number": float,
    "path": _named,
    "text": readable,
    "window": _window,
    "year": _whole(r"(?!0)\d{4}", "a year such as 2014 is wanted"),
}
"""What the word of an option is read as."""

HANDLERS: Mapping[str, Callable[[argparse.Namespace], int | None]] = {
    "run": _run,
    "lab": _lab,
    "outline": _outline,
    "tokens": _tokens,
    "quantities": _quantities,
    "indicators": _indicators,
    "themes": _themes,
    "corpus": _corpus,
    "evaluate": _evaluate,
    "figure": _figure,
    "cite": _cite,
    "verify": _verify,
}
"""What each command of `data/commands.toml` does."""


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="xiacheng-nlp",
        description="Structure, terms, policy themes and indicators of Chinese government work "
        "reports (政府工作报告).",
        epilog="REPORT is a text file (UTF-8, UTF-16, GB18030 or Big5), a saved web page, a Word "
        "file (.docx) or a PDF file with a text layer; without it, the 2014 report of Xiacheng "
        "district (杭州市下城区).",
    )
    parser.add_argument("--version", action="version", version=f"xiacheng-nlp {__version__}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    told = tomllib.loads((HOME / "data" / "commands.toml").read_text(encoding="utf-8"))
    told["option"]["table-format"]["choices"] = FORMATS
    for name, made in told["command"].items():
        text = made["help"]
        shown = "\n".join(f"  xiacheng-nlp {name} {words}".rstrip() for words in made["examples"])
        command = commands.add_parser(
            name,
            help=text,
            usage=made.get("usage"),
            description=f"{text[0].upper()}{text[1:]}.",
            epilog=f"examples:\n{shown}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        usual = {}
        for key in made["words"]:
            settings = {"names": f"--{key}", **told["option"][key]}
            if "type" in settings:
                settings["type"] = TYPES[settings["type"]]
            added = command.add_argument(*settings.pop("names").split(), **settings)
            # A default that is a text is read as a word of the command is.
            default = (
                Path(added.default) if added.type is _named and added.default else added.default
            )
            usual[added.dest] = (added.option_strings or [f"the {added.dest}"])[-1], default
        own = [w for w in usual if w not in ("report", "year", "place", "format", "output")]
        command.set_defaults(handler=HANDLERS[name], own=own, usual=usual)
    return parser
