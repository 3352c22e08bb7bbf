"""Guards of options: what may be asked, said in one way."""

from collections.abc import Sequence

from xiacheng_nlp.errors import ThemeError, XiachengError


def one_of(
    name: str,
    value: object,
    choices: Sequence[str | None],
    what: str,
    error: type[XiachengError] = ThemeError,
) -> None:
    """Raises `error` where `value` is none of the choices; `what` they tell comes before them.

    >>> one_of("unit", "words", ("chars", "sentences"), "attention is counted in")
    Traceback (most recent call last):
    xiacheng_nlp.errors.ThemeError: unit='words': attention is counted in chars or sentences
    """
    if value not in choices:
        *first, last = map(str, choices)
        raise error(f"{name}={value!r}: {what} {', '.join(first)} or {last}")


def at_least(
    least: float, what: str = "", error: type[XiachengError] = ThemeError, **options: float
) -> None:
    """Raises `error` where one of the options is below `least`; `what` says why.

    >>> at_least(2, "a network joins two terms", top=1)
    Traceback (most recent call last):
    xiacheng_nlp.errors.ThemeError: top=1: at least 2; a network joins two terms
    """
    for name, value in options.items():
        if value < least:
            raise error(f"{name}={value}: at least {least}" + (f"; {what}" if what else ""))
