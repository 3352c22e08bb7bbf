"""What the package says to its reader when something is wrong: one base, and the kinds that a
caller may want to catch.

Each message says what was wrong, where (file and line, or span) and what to do. The shell prints
these, and errors of files (`OSError`), as one line; anything else is a mistake of the package's
own, and shows where it happened.
"""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager


class XiachengError(ValueError):
    """Something that the reader gave or asked for can't be used, and why."""


class ReportError(XiachengError):
    """A file that can't be read as a report."""


class ReportWarning(UserWarning):
    """What was taken for what in a table of reports."""


class DataFileError(XiachengError):
    """What is wrong with a list, a table or a gold file, as `file:line: what`, with the line and a
    mark under the place."""


class CodebookError(DataFileError):
    """What is wrong with a codebook, as `file:line: what`."""


class SheetError(DataFileError):
    """What is wrong with a coding sheet, with file and line."""


class TermError(XiachengError):
    """A table or an option that a measure of words can't use."""


class TermWarning(UserWarning):
    """A word or an option that took no effect on a measure of words."""


class ThemeError(XiachengError):
    """Coded sentences, a coder or an option that an analysis of themes can't use."""


class FigureError(XiachengError):
    """A table or an option that a figure can't be drawn from, or an id that no figure has."""


class ProvenanceError(XiachengError):
    """A figure or table whose provenance is missing or can't be read."""


class CorpusError(XiachengError):
    """A data set or a panel of many reports that can't be made or read."""


class OutputError(OSError, XiachengError):
    """An output that can't be written."""


@contextmanager
def told_of(name: str) -> Iterator[None]:
    """What can't be read in a file is told with the file's name before it.

    >>> with told_of("a.txt"):
    ...     raise ReportError("holds no text")
    Traceback (most recent call last):
    xiacheng_nlp.errors.ReportError: a.txt: holds no text
    """
    try:
        yield
    except ReportError as error:
        raise ReportError(f"{name}: {error}") from None


def one_of(
    option: str, value: object, choices: Collection[str | None], error: type[XiachengError]
) -> None:
    """Raises `error` where the value of an option is none of the choices.

    >>> one_of("by", "page", ("part", "section"), ThemeError)
    Traceback (most recent call last):
    xiacheng_nlp.errors.ThemeError: by='page': give one of part, section
    """
    if value not in choices:
        raise error(f"{option}={value!r}: give one of {', '.join(map(str, choices))}")


def missing(words: Iterable[str], there: Iterable[object]) -> list[str]:
    """Those of the words that are not there."""
    known = set(there)
    return [word for word in words if word not in known]


def at_least(least: float, error: type[XiachengError], **options: float | None) -> None:
    """Raises `error` where one of the options that are given is below `least`.

    >>> at_least(2, ThemeError, top=1)
    Traceback (most recent call last):
    xiacheng_nlp.errors.ThemeError: top=1: give 2 or more
    """
    for option, value in options.items():
        if value is not None and not value >= least:
            raise error(f"{option}={value!r}: give {least} or more")
