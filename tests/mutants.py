"""Small changes to numbers, observations and terms that no test notices.

    python tests/mutants.py [COUNT] [SEED]

Each mutant is one change at one place of one module (a comparison turned, a condition negated, a
number one higher, the first character of a string gone, a value not returned ...) in a copy of the
project. The doctests of the module and the tests that are about it run on the copy until one fails.
What no test notices is printed, as MODULE:LINE: OLD -> NEW, to be read: it is a gap in the tests,
code that nothing needs, or a change that changes nothing.
"""

import argparse
import ast
import os
import queue
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

ROOT = Path(__file__).resolve().parent.parent
PARTS = (
    "xiacheng_nlp",
    "tests",
    "seeds",
    "notebooks",
    "pyproject.toml",
    "conftest.py",
    "README.md",
)
SECONDS = 300
"""A mutant that never ends is noticed."""

ROOMS: Mapping[str, Sequence[str]] = {
    "numbers": ("tests/numbers", "tests/observations"),
    "observations": ("tests/observations", "tests/numbers", "tests/corpora/test_panel.py"),
    "terms": ("tests/terms", "tests/test_hash_seed.py"),
}
"""The rooms whose modules are changed, and the tests of each, those that notice most first."""

TESTS: Mapping[str, Sequence[str]] = {
    path.relative_to(ROOT).as_posix(): tests
    for room, tests in ROOMS.items()
    for path in sorted((ROOT / "xiacheng_nlp" / room).rglob("*.py"))
    if path.name != "__init__.py"
}

COMPARISONS: Mapping[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
OPERATORS: Mapping[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
}


@dataclass(frozen=True)
class Mutant:
    """A module's source with one change."""

    module: str
    line: int
    old: str
    new: str
    source: str


def places(tree: ast.Module) -> Iterator[tuple[ast.AST, int]]:
    """What can be changed, each with the number of the comparison in it: no docstring, annotation
    or message of an error."""
    left_out: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            left_out.add(id(node.value))
        parts: list[ast.AST | None] = []
        if isinstance(node, ast.Raise | ast.Assert):
            parts = [node]
        elif isinstance(node, ast.AnnAssign | ast.arg):
            parts = [node.annotation]
        elif isinstance(node, ast.FunctionDef):
            parts = [node.returns, *node.decorator_list]
        elif isinstance(node, ast.ClassDef):
            parts = [*node.decorator_list]
        left_out.update(id(inner) for part in parts if part is not None for inner in ast.walk(part))
    for node in ast.walk(tree):
        if id(node) in left_out:
            continue
        if isinstance(node, ast.Compare):
            yield from (
                (node, n) for n, operator in enumerate(node.ops) if type(operator) in COMPARISONS
            )
        elif (
            isinstance(node, ast.BoolOp | ast.IfExp | ast.If | ast.Break | ast.Continue)
            or (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not))
            or (isinstance(node, ast.BinOp) and type(node.op) in OPERATORS)
            or (
                isinstance(node, ast.Constant)
                and (isinstance(node.value, int) or (isinstance(node.value, str) and node.value))
            )
            or (isinstance(node, ast.Return) and ast.unparse(node) not in ("return", "return None"))
        ):
            yield node, 0


def changed(node: ast.AST, number: int) -> ast.AST:
    """The node as the mutant has it; the tree that it is in is changed too, where the node stays
    the same."""
    match node:
        case ast.Compare():
            node.ops[number] = COMPARISONS[type(node.ops[number])]()
        case ast.BoolOp():
            node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        case ast.IfExp():
            node.body, node.orelse = node.orelse, node.body
        case ast.If():
            node.test = ast.UnaryOp(ast.Not(), node.test)
        case ast.Break():
            return ast.Continue()
        case ast.Continue():
            return ast.Break()
        case ast.UnaryOp():
            return node.operand
        case ast.BinOp():
            node.op = OPERATORS[type(node.op)]()
        case ast.Constant(value=bool(value)):
            node.value = not value
        case ast.Constant(value=int(value)):
            node.value = value + 1
        case ast.Constant(value=str(value)):
            node.value = value[1:] or "X"
        case ast.Return():
            node.value = ast.Constant(None)
    return node


class _Replace(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self.old, self.new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return self.new if node is self.old else self.generic_visit(node)


def mutant(module: str, place: int) -> Mutant:
    """The module with the change at its place of that number."""
    tree = ast.parse((ROOT / module).read_text(encoding="utf-8"))
    node, number = list(places(tree))[place]
    old = ast.unparse(node).partition("\n")[0]
    new = changed(node, number)
    if new is not node:
        tree = _Replace(node, ast.copy_location(new, node)).visit(tree)
    source = ast.unparse(ast.fix_missing_locations(tree))
    return Mutant(
        module, getattr(node, "lineno", 0), old, ast.unparse(new).partition("\n")[0], source
    )


def fails(copy: Path, files: Sequence[str]) -> bool:
    """Whether a test of these files fails in the copy."""
    words = [
        sys.executable,
        "-m",
        "pytest",
        "-x",
        "-q",
        "-p",
        "no:cacheprovider",
        "-o",
        "addopts=--doctest-modules",
    ]
    env = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1", "CI": "true"}
    try:
        return (
            subprocess.run(
                [*words, *files],
                cwd=copy,
                env=env,
                capture_output=True,
                timeout=SECONDS,
                check=False,
            ).returncode
            != 0
        )
    except subprocess.TimeoutExpired:
        return True


def noticed(one: Mutant, copy: Path) -> bool:
    """Whether a test fails on the mutant."""
    name = one.module
    kept = (copy / name).read_text(encoding="utf-8")
    (copy / name).write_text(one.source, encoding="utf-8")
    try:
        return fails(copy, [name, *TESTS[one.module]])
    finally:
        (copy / name).write_text(kept, encoding="utf-8")


def copied(folder: Path) -> Path:
    """The project's files that the tests need, in a folder of their own."""
    for part in PARTS:
        if (ROOT / part).is_dir():
            shutil.copytree(
                ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__")
            )
        else:
            shutil.copy(ROOT / part, folder / part)
    return folder


def main(words: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("count", type=int, nargs="?", default=300)
    parser.add_argument("seed", type=int, nargs="?", default=2014)
    parser.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, help="how many are tried at a time"
    )
    parser.add_argument(
        "--module", choices=sorted(TESTS), action="append", help="change only this module"
    )
    options = parser.parse_args(words)
    points = []
    for module in options.module or TESTS:
        tree = ast.parse((ROOT / module).read_text(encoding="utf-8"))
        points += [(module, number) for number, _ in enumerate(places(tree))]
    sample = random.Random(options.seed).sample(points, min(options.count, len(points)))
    survived = 0
    with tempfile.TemporaryDirectory() as folder:
        copies: queue.Queue[Path] = queue.Queue()
        for job in range(options.jobs):
            copies.put(copied(Path(folder) / str(job)))
        first = copies.get()
        if fails(
            first,
            sorted({path for module in TESTS for path in (module, *TESTS[module])}),
        ):
            sys.exit(
                "mutants.py: the tests fail without a change; every mutant would be "
                "taken for noticed"
            )
        copies.put(first)

        def tried(point: tuple[str, int]) -> Mutant | None:
            one = mutant(*point)
            copy = copies.get()
            try:
                return None if noticed(one, copy) else one
            finally:
                copies.put(copy)

        with ThreadPoolExecutor(options.jobs) as pool:
            for one in tqdm(pool.map(tried, sample), total=len(sample), unit="mutant"):
                if one is not None:
                    survived += 1
                    print(f"{one.module}.py:{one.line}: {one.old} -> {one.new}", flush=True)
    print(
        f"{len(sample)} mutants of {len(points):,} places, seed {options.seed}: "
        f"{survived} not noticed",
        flush=True,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
