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
    # from HOME import *
    whole = [words[1] for words in lines if words[3:] == ["*"]]
    homes = {name: (whole, name) for name in more}
    # from HOME import NAME as ALIAS
    homes |= {words[5]: ([words[1]], words[3]) for words in lines if words[4:5] == ["as"]}

    def load(name: str) -> "Any":
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        # Not before: until the command answers Ctrl-C, every module counts.
        from importlib import import_module

        modules, inside = homes[name]
        for there in map(vars, map(import_module, modules)):
            if inside in there:
                return there[inside]
        return import_module(f"{modules[0]}.{inside}")

    return load, lambda: sorted(homes), sorted(homes)
