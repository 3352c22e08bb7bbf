"""Few files for many reports: a data set of more than FEW keeps their tables side by side, some
hundred reports a file."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import compute

from xiacheng_nlp.corpora.tables import id_of
from xiacheng_nlp.files import parquet_bytes, sha256_of, why_no_file

FEW = 50
"""So many reports have files of their own: each can be looked at alone, and a run that adds one
writes no other."""

HELD, LARGE = 128, 1 << 25
"""A run that makes more holds the tables of so many, or of so many bytes, and writes those first
that begin alike, which are to stand in one file: a tenth of what it takes to write and to gather
those of each report alone. A run that is killed has lost no more."""

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
    some = groupby(sorted(names), lambda name: name if len(names) <= FEW else name[:digits])
    return {stem_of(group): group for group in (list(alike) for _, alike in some)}


def stem_of(names: Sequence[str]) -> str:
    """What the files are called that hold these reports, whose names are sorted."""
    if len(names) == 1:
        return names[0]
    return f"{id_of(names[0])}-{sha256_of(' '.join(names).encode())[:8]}"


def names_in(path: Path) -> list[str]:
    """The names of the reports in a file; none where it cannot be read."""
    if why_no_file(path):
        return []
    try:
        with path.open("rb") as file:
            told = pq.read_metadata(file).metadata or {}
    except (OSError, pa.ArrowException):
        return []
    return told[_NAMES].decode("ascii", "replace").split() if _NAMES in told else [path.stem]


def plain_table(source: Path | BytesIO, columns: Sequence[str] | None = None) -> pa.Table:
    """A Parquet file, read by this thread alone.

    A thread of Arrow's that lets go of Python's bytes while the process ends aborts it; and the
    names of files are Python's to tell, since Arrow takes them for UTF-8 in every locale.
    """
    stream = source.open("rb") if isinstance(source, Path) else source
    with stream, pq.ParquetFile(stream, pre_buffer=False) as file:
        return file.read(columns, use_threads=False)


def gathered(
    files: Mapping[Path, Sequence[str]], names: Sequence[str], schema: Any, hands: int
) -> bytes:
    """A table of these reports, whose names are sorted, as one Parquet file, out of the files that
    hold them: each with the names of those that are to be taken from it. So many `hands` read at a
    time."""
    with ThreadPoolExecutor(hands) as threads:
        return as_file(threads.map(_part, files, files.values()), names, schema)


def as_file(parts: Iterable[pa.Table], names: Sequence[str], schema: Any) -> bytes:
    """The parts of a table of these reports, whose names are sorted, as one Parquet file."""
    whole = pa.concat_tables(parts).combine_chunks()
    place = compute.index_in(whole["report"], value_set=_ids(names)).to_numpy()
    if (np.diff(place) < 0).any():
        whole = whole.take(np.argsort(place, kind="stable"))
    told = schema.with_metadata({_NAMES: " ".join(names)}) if len(names) > 1 else schema
    return parquet_bytes(whole.cast(told), compression="zstd")


def _part(path: Path, names: Sequence[str]) -> pa.Table:
    """What a file holds of these reports."""
    table = plain_table(path)
    if names == [path.stem]:
        return table  # A file of its own holds no other report.
    return table.filter(compute.is_in(table["report"], value_set=_ids(names)))


def _ids(names: Sequence[str]) -> pa.Array:
    return pa.array(list(map(id_of, names)))
