"""Names that load what they need when they are first used, as the stub file beside a package lists
them."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any


def names_of(
    package: str, file: str, more: "Iterable[str]" = ()
) -> "tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]":
    """`__getattr__`, `__dir__` and `__all__` of a package whose names `__init__.pyi` imports, a
    line each; `more` are names of modules from which it imports all.

    The list that type checkers read is the list that holds: a name stands once.

    >>> import xiacheng_nlp.terms
    >>> "keyness" in xiacheng_nlp.terms.__all__
    True
    """
    with open(f"{file.removesuffix('.py')}.pyi", encoding="utf-8") as stub:
        lines = [line.split() for line in stub]
    # from HOME import NAME as ALIAS
    homes = {words[5]: (words[1], words[3]) for words in lines if words[4:5] == ["as"]}
    # from HOME import *
    whole = [words[1] for words in lines if words[3:] == ["*"]]
    known = sorted({*homes, *more})

    def load(name: str) -> "Any":
        if name not in known:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        # Not before: until the command answers Ctrl-C, every module counts.
        from importlib import import_module

        if name not in homes:
            return next(
                vars(home)[name] for home in map(import_module, whole) if name in vars(home)
            )
        home, inside = homes[name]
        there = vars(import_module(home))
        return there[inside] if inside in there else import_module(f"{home}.{inside}")

    return load, lambda: known, known
