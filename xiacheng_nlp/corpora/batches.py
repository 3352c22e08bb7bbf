"""Few files for many reports: a data set of more than FEW keeps their tables side by side, some
hundred reports a file, in a row group each."""

import hashlib
from collections.abc import Collection, Sequence
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from typing import Any

from xiacheng_nlp.corpora.tables import id_of

FEW = 50
"""So many reports have files of their own: each can be looked at alone, and a run that adds one
writes no other."""

MOST = 250
"""Reports a file on average, at most: sixteen times as many files where there are more."""

_NAMES = b"reports"
"""The key of a file's metadata that has the names of its reports."""


def groups_of(names: Collection[str]) -> dict[str, list[str]]:
    """The names of reports by the stem of the files that are to hold them. It depends on the names
    alone, which begin with the SHA-256 of the report: so do its first digits say where it stands.

    >>> groups_of(["ab12-1", "0f34-2"])
    {'0f34-2': ['0f34-2'], 'ab12-1': ['ab12-1']}
    """
    digits = 0
    while len(names) > MOST * 16**digits:
        digits += 1
    groups: dict[str, list[str]] = {}
    for name in sorted(names):
        groups.setdefault(name if len(names) <= FEW else name[:digits], []).append(name)
    return {_stem(group): group for group in groups.values()}


def _stem(names: Sequence[str]) -> str:
    if len(names) == 1:
        return names[0]
    return f"{id_of(names[0])}-{hashlib.sha256(' '.join(names).encode()).hexdigest()[:8]}"


def names_in(path: Path) -> list[str]:
    """The names of the reports in a file; none where it cannot be read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        told = pq.read_metadata(path).metadata or {}
    except (OSError, pa.ArrowException):
        return []
    return told[_NAMES].decode("ascii", "replace").split() if _NAMES in told else [path.stem]


def plain_rows(source: Path | BytesIO, columns: Sequence[str]) -> list[dict[str, Any]]:
    """Rows of a Parquet file, read by this thread alone.

    A thread of Arrow's that lets go of Python's bytes while the process ends aborts it.
    """
    import pyarrow.parquet as pq

    with pq.ParquetFile(source, pre_buffer=False) as file:
        rows: list[dict[str, Any]] = file.read(columns, use_threads=False).to_pylist()
        return rows


def gathered(paths: Sequence[Path], names: Sequence[str], schema: Any) -> bytes:
    """A table of these reports as one Parquet file, out of the files that hold them."""
    import pyarrow.parquet as pq

    told = schema.with_metadata({_NAMES: " ".join(names)}) if len(names) > 1 else schema
    sink = BytesIO()
    with ExitStack() as stack:
        parts = {}
        for path in paths:
            file = stack.enter_context(pq.ParquetFile(path, pre_buffer=False))
            for number in range(file.num_row_groups):
                # A table without a row has a group all the same.
                for report in file.read_row_group(number, ["report"], use_threads=False)[0][:1]:
                    parts[report.as_py()] = file, number
        writer = stack.enter_context(pq.ParquetWriter(sink, told, compression="zstd"))
        for file, number in (parts[id_of(name)] for name in names if id_of(name) in parts):
            writer.write_table(file.read_row_group(number, use_threads=False))
    return sink.getvalue()
