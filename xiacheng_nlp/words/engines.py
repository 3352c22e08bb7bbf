"""The engine that cuts by jieba's method, rjieba; and jieba itself, whose words are told as they
come."""

import re
import sys
import warnings
from functools import cache
from importlib import import_module
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from typing import Any

ENGINES = ("rjieba", "jieba")


_SIGN = re.compile(r"[-_&#+.%]")
_SIGNED = re.compile(r"[-_&#+.%A-Za-z0-9][-_&#+.%A-Za-z0-9](?<![A-Za-z0-9]{2})")
"""Where the engine may have left a sign within a word: the words of other texts need no look. Since
it begins with a set, all other characters are passed over fast."""
_ALPHANUMERIC = re.compile(r"([a-zA-Z0-9]+(?:\.[0-9]+)?%?)")

_RARE_STAND_IN = "\ue002"
_RARE = re.compile("[\u3400-\u4dbf\u9fd6-\u9fff\uf900-\ufaff\U00020000-\U0003ffff\ue002]")
"""Han characters that jieba does not take for Han, so that each is a word, while rjieba does."""


@cache
def _rust() -> Any:
    """The compiled module of rjieba. The package around it reads the dictionary for an instance of
    its own when it is imported, which would take as long again as ours."""
    name = "rjieba.rjieba"
    package = find_spec("rjieba")
    places = package.submodule_search_locations if package else None
    found = PathFinder.find_spec(name, places) if places and name not in sys.modules else None
    if found is None or found.loader is None:
        return import_module("rjieba")
    module = module_from_spec(found)
    sys.modules[name] = module
    found.loader.exec_module(module)
    return module


class Engine:
    """An instance of rjieba, the Rust port of jieba, with a dictionary of its own, corrected where
    it keeps together what jieba parts: signs in Latin words, rare Han."""

    def __init__(self) -> None:
        self._jieba = _rust().Jieba()
        # What is told of a word by itself is asked once of each.
        self.pos = cache(self._pos)

    def add(self, word: str, freq: int, pos: str) -> None:
        self._jieba.add_word(word, freq, pos)
        self.pos.cache_clear()

    def cut(self, text: str) -> list[str]:
        rare = _RARE.findall(text)
        words: list[str] = self._jieba.cut(_RARE.sub(_RARE_STAND_IN, text) if rare else text)
        if rare:
            characters = iter(rare)
            words = [next(characters) if word == _RARE_STAND_IN else word for word in words]
        if not _SIGNED.search(text):
            return words
        signed = {word for word in set(words) if len(word) > 1 and _SIGN.search(word)}
        if not signed:
            return words
        return [
            part for word in words for part in (self._parted(word) if word in signed else (word,))
        ]

    def _parted(self, word: str) -> list[str]:
        """The parts that jieba makes of a Latin word with signs in it, such as Wi-Fi."""
        return [word] if self.knows(word) else [part for part in _ALPHANUMERIC.split(word) if part]

    def _pos(self, word: str) -> str | None:
        tagged = self._jieba.tag(word, hmm=False)
        return str(tagged[0][1]) if len(tagged) == 1 and self.knows(word) else None

    def knows(self, word: str) -> bool:
        return bool(self._jieba.has_word(word))


@cache
def jieba_itself() -> Any:
    """jieba's tokenizer with its own dictionary, which is read once, without its cache file, its
    warnings and its log."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    return tokenizer
