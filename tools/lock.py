"""Write the locks anew: python tools/lock.py [--upgrade].

`requirements.lock` is what the main job needs, `requirements-test.lock` what tests, checks and the
documentation need beside it. `run.py` installs from both, and from nothing else.
"""

import re
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
MAIN, TEST = HERE / "requirements.lock", HERE / "requirements-test.lock"
COMPILE = ("uv", "pip", "compile", "pyproject.toml", "--quiet", "--no-header", "--no-annotate")
EVERYWHERE = ("--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url")
LEFT_OUT = ("--no-emit-package=rfc3987-syntax", "--no-emit-package=lark")
"""What jsonschema does without where it is missing, and what that needs: they check addresses in
other scripts, which nothing here has, and take a second and a half of each process that reads a
notebook."""


def compiled(path: Path, extras: tuple[str, ...], *more: str) -> list[str]:
    """The packages that the extras ask for, each with its hashes; what the file at `path` pins
    stays where it can."""
    asked = [word for extra in extras for word in ("--extra", extra)]
    command = [*COMPILE, *EVERYWHERE, *LEFT_OUT, *asked, "--output-file", str(path), *more]
    subprocess.run(command, cwd=HERE, check=True)
    return re.split(r"^(?=\w)", path.read_text(encoding="utf-8"), flags=re.M)[1:]


def main(words: list[str]) -> None:
    needed = compiled(MAIN, ("readers", "tables", "boundaries", "build"), *words)
    if TEST.exists():
        TEST.write_text("".join(needed) + TEST.read_text(encoding="utf-8"), encoding="utf-8")
    beside = compiled(TEST, ("test", "docs"), "--constraint", str(MAIN), *words)
    TEST.write_text("".join(p for p in beside if p not in needed), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
