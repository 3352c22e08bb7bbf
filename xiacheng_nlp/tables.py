"""Long tables in a notebook: searched and sorted in the browser, without network."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

PAGE = 10
"""Rows that are seen at a time."""

_ID = re.compile(r"[a-z][a-z0-9-]*")


class TableError(ValueError):
    """A name that a table can't have on a page, or a column that it does not have."""


@dataclass(frozen=True, slots=True, eq=False)
class BrowsableTable:
    """A table that a notebook shows with a search field and columns that sort; as text it is what pandas shows.

    Where scripts may not run (a notebook that is not trusted, a preview on a web site), the first rows stand there as a plain
    table that says how many follow.
    """

    table: "pd.DataFrame"
    html: str = field(repr=False)

    def __repr__(self) -> str:
        return repr(self.table)

    def _repr_html_(self) -> str:
        return self.html


def browse(table: "pd.DataFrame", *, id: str, right: Sequence[str] = (), library: bool = True) -> BrowsableTable:
    """The table to be searched and sorted in a notebook or in the HTML made of it, with nothing asked of a network.

    `id` names the table on the page: small letters, digits and hyphens, another one for each table. `right` names columns of text
    that end at their right edge, as the left context of a concordance does. `library` says whether what searches and sorts
    (DataTables, 1 MB) is put into the output too: one table of a notebook must have it, the others need not. All rows are in the
    output, in the order of the table. Raises `TableError` for an id that is none and for a column that is not there.

    >>> import pandas as pd
    >>> browse(pd.DataFrame({"indicator": ["地区生产总值"], "text": ["643.57亿元"]}), id="product")  # "gross product of the district"
      indicator      text
    0    地区生产总值  643.57亿元
    """
    if not _ID.fullmatch(id):
        raise TableError(f"{id!r} can't name a table: small letters, digits and hyphens, with a letter first")
    lacking = [name for name in right if name not in table.columns]
    if lacking:
        raise TableError(f"no column {', '.join(lacking)} in the table; it has {', '.join(map(str, table.columns))}")
    import pandas as pd
    from itables import options, to_html_datatable
    from itables.javascript import generate_init_offline_itables_html

    numbers = [pd.api.types.is_numeric_dtype(dtype) for dtype in table.dtypes]
    texts = [place for place, name in enumerate(table.columns) if not numbers[place] and name not in right]
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
        columnDefs=[{"className": "dt-left", "targets": texts}, {"className": "dt-right", "targets": ends}],
        style="table-layout:auto;width:100%;margin:0",
        pageLength=PAGE,
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
