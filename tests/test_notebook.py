"""Tables to browse in a notebook: all rows, the same again, nothing of the report that a browser
would run."""

import re
from decimal import Decimal

import pandas as pd
import pytest
from hostile import ATTACK

from xiacheng_nlp.errors import FigureError
from xiacheng_nlp.notebook import PAGE, browse
from xiacheng_nlp.observations.observation import indicators, observation_table
from xiacheng_nlp.report.report import Report

TABLE = pd.DataFrame({"left": [ATTACK, "=1+1"], "value": [Decimal("7.80"), None], "count": [1, 2]})


def test_as_text_it_is_what_pandas_shows(seed: Report) -> None:
    table = observation_table(indicators(seed))
    assert repr(browse(table, id="observations")) == repr(table)


def test_every_row_is_in_the_output_however_long(seed: Report) -> None:
    table = observation_table(indicators(seed))
    long = pd.concat([table] * 20, ignore_index=True)
    html = browse(long, id="observations", library=False)._repr_html_()
    assert html.count(seed.sha256[:12] + "-") == len(long) + PAGE


def test_it_is_the_same_again_and_says_nothing_of_the_day() -> None:
    assert browse(TABLE, id="a")._repr_html_() == browse(TABLE, id="a")._repr_html_()


def test_a_cell_is_text() -> None:
    html = browse(TABLE, id="a", library=False)._repr_html_()
    assert "<img" not in html
    assert "</script>\"'" not in html
    assert html.count("<script") == html.count("</script>") == 2


def test_decimals_keep_their_digits_and_nothing_is_shown_as_nothing() -> None:
    html = browse(TABLE, id="a", library=False)._repr_html_()
    assert '\\"7.80\\"' in html
    assert "None" not in html


def test_nothing_is_fetched() -> None:
    html = browse(TABLE, id="a")._repr_html_()
    assert "https://www.unpkg.com" not in html
    assert not re.search(r"(?:from|import\(?) *[\"']http", html)
    assert not re.search(r"<(?:link|img|iframe)\b|<script[^>]* src", html)


@pytest.mark.parametrize("id", ["", "1a", "a b", "A", '"><b>'])
def test_an_id_that_is_none_is_refused(id: str) -> None:
    with pytest.raises(FigureError, match="can't name a table"):
        browse(TABLE, id=id)


def test_a_column_that_is_not_there_is_named() -> None:
    with pytest.raises(FigureError, match="no column lft in the table; it has left, value, count"):
        browse(TABLE, id="a", right=["lft"])
