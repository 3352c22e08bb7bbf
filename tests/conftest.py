"""What the tests share: the seed report, read once, and notebooks whose pictures are compared
too."""

import os
from collections.abc import Iterator

import hypothesis
import pytest

from xiacheng_nlp.report.report import REPORT_VARIABLE, Report, load_report

# A report or a corpus that the caller's shell names would make every golden number fail.
os.environ.pop(REPORT_VARIABLE, None)
os.environ.pop("XIACHENG_CORPUS", None)
os.environ.pop("XIACHENG_LANG", None)


# On a build machine the same examples each time: what chance finds elsewhere is mended, not met on
# the way to a release.
hypothesis.settings.register_profile("build", derandomize=True, deadline=None)
hypothesis.settings.register_profile("desk", deadline=None)
hypothesis.settings.load_profile("build" if os.environ.get("CI") else "desk")


@pytest.fixture(scope="session")
def seed() -> Report:
    return load_report()


@pytest.fixture(scope="module", name="quick_pdfs")
def _quick_pdfs() -> Iterator[None]:
    """PDFs of the same bytes in less time, as a run saves them."""
    # Tests that draw nothing do without matplotlib.
    from saved import quick_pdfs

    with quick_pdfs():
        yield
