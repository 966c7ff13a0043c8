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

_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_TOKEN = re.compile(r"[a-z]+|\d+|[?!]")
_QUOTED_LINE = re.compile(r"^\s*>")
_QUOTE_BEGINS = re.compile(
    r"^\s*(?:-{2,}\s*(?:oorspronkelijk|original|doorgestuurd|forwarded|message d).*"
    r"|(?:van|from|de)\s*:\s.+"
    r"|(?:op|on|le)\s.{5,80}(?:schreef|wrote|a ecrit|a écrit).*:?\s*)$",
    re.IGNORECASE,
)
_STEMMER = snowballstemmer.stemmer("dutch")
_IN_DUTCH = dict(load_glossary())
MOST_CHARACTERS = 5_000
"""Whoever has not told the matter by then does not tell it; it keeps the longest text quick to read."""


class Writing(NamedTuple):
    """What a citizen writes, taken apart once for all who read it.

    ``own`` is the text without the ``quoted`` mail, ``folded`` the subject and that, lower case without accents;
    ``tokens`` are those of both, and the first ``subject_tokens`` of them are the subject's.
    """

    own: str
    quoted: str
    folded: str
    tokens: list[str]
    subject_tokens: int


def writing_of(subject: str | None, text: str) -> Writing:
    """Takes a submission's subject and text apart."""
    own, quoted = parts_of(text[:MOST_CHARACTERS])
    subject_folded = fold(f"{subject or ''}\n")
    folded = f"{subject_folded}{fold(own)}"
    return Writing(own, quoted, folded, tokens_of(folded), len(tokens_of(subject_folded)))


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
    return _NOT_ASCII.sub(_unaccented, unicodedata.normalize("NFKD", text.casefold()))


def _unaccented(found: re.Match[str]) -> str:
    return "" if unicodedata.combining(found[0]) else found[0]


def tokens_of(folded: str) -> list[str]:
    """Words, numbers as ``NUMBER``, question and exclamation marks, of a folded text. What a dialect, English or
    French say comes out as the Dutch word for it, where the glossary has one.
    """
    dutch = _IN_DUTCH.get
    return [NUMBER if each[0].isdigit() else dutch(each, each) for each in _TOKEN.findall(folded)]


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
