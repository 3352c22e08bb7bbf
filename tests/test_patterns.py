"""Patterns from kept code are those that `re` compiles, and what is kept can't do harm."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from xiacheng_nlp import patterns
from xiacheng_nlp.observations.vocabulary import pattern, pattern_rows
from xiacheng_nlp.patterns import compiled
from xiacheng_nlp.report.wording import wording

ASK = "from xiacheng_nlp.patterns import compiled; compiled('(?P<year>二〇)?[一-十]+')"


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file where code is kept, that of no other process."""
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    patterns._kept.cache_clear()
    path = patterns._file()
    path.parent.mkdir(parents=True)
    yield path
    patterns._kept.cache_clear()


def again() -> None:
    """What the end of a process and the beginning of the next do."""
    patterns._keep()
    patterns._kept.cache_clear()


def test_every_pattern_of_the_data_files_is_that_of_re() -> None:
    made = [getattr(pattern, name) for name in pattern_rows()]
    made += [each for rows in wording().values() for _, each in rows]
    assert len(made) > 300
    assert all(each == re.compile(each.pattern) for each in made)
    assert all(each.groupindex == re.compile(each.pattern).groupindex for each in made)


def test_code_is_kept_for_the_next_process(kept: Path) -> None:
    made = compiled("(?P<year>二〇)?[一-十]+ (?#years)", re.VERBOSE)
    again()
    assert len(json.loads(kept.read_bytes())) == 1
    assert patterns._kept()
    taken = compiled("(?P<year>二〇)?[一-十]+ (?#years)", re.VERBOSE)
    assert taken == made == re.compile("(?P<year>二〇)?[一-十]+ (?#years)", re.VERBOSE)
    assert taken.flags == made.flags
    assert taken.fullmatch("二〇一")["year"] == "二〇"
    assert compiled("(?P<year>二〇)?[一-十]+ (?#years)") != made


def test_a_pattern_that_is_none_is_refused_as_by_re(kept: Path) -> None:
    with pytest.raises(re.error, match="unterminated"):
        compiled("(下城区")
    again()
    assert json.loads(kept.read_bytes()) == {}


@pytest.mark.parametrize(
    "held",
    [
        *("", "{", "[]", "null", "[1, 2]", '{"0 [下城]": null}', '{"0 [下城]": []}', "\udcff"),
        *('{"0 [下城]": [32]}', '{"0 [下城]": [32, [1, 2, 3], 0, {}]}'),
        *('{"0 [下城]": [32, "0", 0, {}]}', '{"0 [下城]": [32, "下城", 0, {}]}'),
        *('{"0 [下城]": [32, "00", 0, {}]}', '{"0 [下城]": [32, "ffffffffffffffff", 0, {}]}'),
        *('{"0 [下城]": [32, "01000000", "x", {}]}', '{"0 [下城]": [32, "01000000", 0, [1]]}'),
    ],
)
def test_what_is_no_code_is_not_taken(kept: Path, held: str) -> None:
    kept.write_bytes(held.encode("utf-8", "surrogateescape"))
    assert compiled("[下城]") == re.compile("[下城]")


def test_more_than_some_versions_of_the_rules_are_not_kept(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patterns, "MOST", 2)
    for text in ("下", "城", "区"):
        compiled(text)
    again()
    assert json.loads(kept.read_bytes()) == {}
    compiled("下")
    again()
    assert len(json.loads(kept.read_bytes())) == 1


def test_nothing_is_written_where_python_keeps_no_code(tmp_path: Path) -> None:
    told = {name: os.environ[name] for name in os.environ if name != "PYTHONDONTWRITEBYTECODE"}
    told["PYTHONPYCACHEPREFIX"] = str(tmp_path)
    for options, files in ((["-B"], 0), ([], 1), ([], 1)):
        subprocess.run([sys.executable, *options, "-c", ASK], env=told, check=True)
        assert len(list(tmp_path.rglob("patterns.*.json*"))) == files


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such bits")
def test_who_may_read_the_module_may_read_its_code(kept: Path) -> None:
    compiled("下城区")
    again()
    assert kept.stat().st_mode == Path(patterns.__file__).stat().st_mode
    assert os.listdir(kept.parent) == [kept.name]


def test_a_folder_that_can_not_be_written_in_is_no_hindrance(kept: Path) -> None:
    kept.parent.rmdir()
    kept.parent.write_text("a file where the folder would be")
    compiled("下城区")
    again()
    assert patterns._kept() == {}
