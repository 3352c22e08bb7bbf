"""What the tests share: the seed report, read once, and notebooks whose pictures are compared too."""

import os

import pytest

from xiacheng_nlp.report import REPORT_VARIABLE, Report, load_report

# A report that the caller's shell names would make every golden number fail.
os.environ.pop(REPORT_VARIABLE, None)


@pytest.fixture(scope="session")
def seed() -> Report:
    return load_report()
