"""Notebooks are compared with their pictures: nbval passes over them unless told."""

import gc
import math
import os
from collections import Counter
from collections.abc import Generator

import pytest

# What a cell prints must not depend on progress bars or on the order of sets.
os.environ["TQDM_DISABLE"] = "1"
os.environ["PYTHONHASHSEED"] = "0"
os.environ["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Libraries and tests stay: garbage is looked for in what the tests make, and there alone."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collectstart(collector: pytest.Collector) -> None:
    if hasattr(collector, "skip_compare"):
        collector.skip_compare = tuple(
            kind for kind in collector.skip_compare if kind not in ("image/png", "image/jpeg")
        )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.suffix == ".ipynb":
            item.add_marker("slow")
    if hasattr(config, "workerinput"):
        # Among workers: the files that take long first, then those of many tests, so that none is
        # waited for at the end.
        tests = Counter(item.path for item in items)
        slow = {item for item in items if item.get_closest_marker("slow")}
        items.sort(key=lambda item: -math.inf if item in slow else -tests[item.path])
