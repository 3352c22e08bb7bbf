"""Find the commits whose rules and data made a figure or a table, by the version that it states.

    python tools/find_version.py 0.1.0+r3dc9d30a2c1b
    python tools/find_version.py fig-ranks.json
    python tools/find_version.py

The version ends in a hash of rules and data (xiacheng_nlp/_version.py). Each commit's is reckoned
here from what git holds of it, the newest first, without a network and without touching the working
tree; without a version the last ones are listed.
"""

import argparse
import ast
import hashlib
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from xiacheng_nlp._version import hash_of

ROOT = Path(__file__).resolve().parent.parent

LISTED = 10
"""Commits that are listed where no version is named."""

_STAMP = re.compile(r"(?<![\w.])\d[\w.]{0,30}\+r[0-9a-f]{12}")


def git(*words: str) -> bytes:
    return subprocess.run(["git", "-C", str(ROOT), *words], check=True, capture_output=True).stdout


@cache
def digest(blob: str) -> str:
    """The SHA-256 of a file that git holds, as `_version` reckons it."""
    return hashlib.sha256(git("cat-file", "blob", blob).replace(b"\r\n", b"\n")).hexdigest()


def version_at(commit: str) -> str | None:
    """The version that the package of a commit states; None where it has no hash of rules yet."""
    listed = git("ls-tree", "-r", "-z", commit, "xiacheng_nlp").decode().split("\0")
    blobs = {}
    for line in filter(None, listed):
        about, _, path = line.partition("\t")
        blobs[path.removeprefix("xiacheng_nlp/")] = about.split()[2]
    if "_version.py" not in blobs:
        return None
    tree = ast.parse(git("cat-file", "blob", blobs["_version.py"]))
    told = {
        node.targets[0].id: [
            each.value for each in ast.walk(node) if isinstance(each, ast.Constant)
        ]
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    if "RULES" not in told:
        return None
    rules = tuple(place for name in told["RULES"] for place in (name, f"data/{name}"))
    held = {
        path: digest(blob)
        for path, blob in blobs.items()
        if path in rules or path.startswith(tuple(f"{rule}/" for rule in rules))
    }
    return f"{told['__version__'][0]}+r{hash_of(held)}"


def versions() -> Iterator[tuple[str, str]]:
    """Each commit with its version, the newest first, back to the first that has one."""
    for line in git("log", "--format=%h %cs %s").decode().splitlines():
        commit = line.split()[0]
        if (version := version_at(commit)) is None:
            return
        yield version, line


def stamp_in(said: str) -> str:
    """The version that is named, or that stands in a file of that name."""
    text = Path(said).read_bytes().decode("utf-8", "ignore") if Path(said).is_file() else said
    found = _STAMP.search(text)
    if found is None:
        raise SystemExit(f"{said}: no version such as 0.1.0+r3dc9d30a2c1b in it")
    return found[0]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument(
        "version", nargs="?", help="a version, or a JSON, PDF, PNG or SVG file that states one"
    )
    said = parser.parse_args(arguments).version
    wanted = stamp_in(said) if said else None
    found = 0
    for version, line in versions():
        if wanted in (None, version):
            print(version, line)
            found += 1
        if wanted is None and found == LISTED:
            break
    if not found:
        why = "was it made from files that were not committed, or elsewhere?"
        print(f"{wanted}: no commit of this repository has these rules ({why})", file=sys.stderr)
    return not found


if __name__ == "__main__":
    raise SystemExit(main())
