"""A citizen's text as stems: without accents and capitals, in one language, without what somebody else wrote."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import snowballstemmer

from services.routing.text.glossary import load_glossary

NUMBER = "0"
"""Stands for every number: which one it is tells nothing of the matter, and may tell who it is."""

_TOKEN = re.compile(r"[a-z]+|\d+|[?!]")
_QUOTED_LINE = re.compile(r"^\s*>")
_QUOTE_BEGINS = re.compile(
    r"^\s*(?:-{2,}\s*(?:oorspronkelijk|original|doorgestuurd|forwarded|message d).*"
    r"|(?:van|from|de)\s*:\s.+"
    r"|(?:op|on|le)\s.{5,80}(?:schreef|wrote|a ecrit|a écrit).*:?\s*)$",
    re.IGNORECASE,
)
_STEMMER = snowballstemmer.stemmer("dutch")
_IN_DUTCH = load_glossary()


class Parts(NamedTuple):
    """What the citizen writes now, and the older mail that is quoted below it."""

    own: str
    quoted: str


def parts_of(text: str) -> Parts:
    """Splits off quoted mail. A text that is nothing but a quotation is taken as the citizen's own."""
    own: list[str] = []
    quoted: list[str] = []
    below = False
    for line in text.splitlines():
        below = below or bool(own and _QUOTE_BEGINS.match(line))
        (quoted if below or _QUOTED_LINE.match(line) else own).append(line)
    if not any(line.strip() for line in own):
        return Parts(text, "")
    return Parts("\n".join(own), "\n".join(quoted))


def fold(text: str) -> str:
    """Lower case without accents."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(each for each in decomposed if not unicodedata.combining(each))


def tokens_of(folded: str) -> list[str]:
    """Words, numbers as ``NUMBER``, question and exclamation marks, of a folded text. What a dialect, English or
    French say comes out as the Dutch word for it, where the glossary has one.
    """
    return [NUMBER if each[0].isdigit() else in_dutch(each) for each in _TOKEN.findall(folded)]


def in_dutch(word: str) -> str:
    return _IN_DUTCH.get(word, word)


@lru_cache(maxsize=50_000)
def stem(token: str) -> str:
    """The Dutch stem; words of other languages come out shortened alike each time, which is all that is needed."""
    return str(_STEMMER.stemWord(token))


def stems_of(text: str) -> list[str]:
    return [stem(token) for token in tokens_of(fold(text))]


def phrases(stems: list[str], longest: int = 3) -> Iterable[str]:
    """Runs of one to ``longest`` stems, so that a negation stays with what it negates."""
    for size in range(1, longest + 1):
        for start in range(len(stems) - size + 1):
            yield "_".join(stems[start : start + size])
