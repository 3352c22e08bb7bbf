"""What the package gives depends on its input alone: not on locale, time zone, hash seed, home or
temp directory."""

import pytest

from tests.anywhere import differences


@pytest.mark.slow
def test_environments_that_differ_in_all_give_the_same_bytes() -> None:
    assert (
        differences(
            ("plain", "all else", "no home"),
            ("indicators", "themes", "figure", "own", "corpus", "error"),
        )
        == []
    )
