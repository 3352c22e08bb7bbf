"""What the package says to its reader when something is wrong: one base, and the kinds that a
caller may want to catch.

Each message says what was wrong, where (file and line, or span) and what to do. The shell prints
these, and errors of files (`OSError`), as one line; anything else is a mistake of the package's
own, and shows where it happened.
"""


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
