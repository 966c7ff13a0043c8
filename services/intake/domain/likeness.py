"""How alike two texts are, by the words they have in common: cheap, and the same every time."""

import re
import unicodedata
import zlib
from collections.abc import Collection
from typing import Final

MOST_STEMS: Final = 400
"""Of a longer text those with the lowest hashes are kept: the same ones of every text that has them."""
FEWEST_STEMS: Final = 6
"""Texts of fewer words are taken for so long: one word in common does not make two remarks alike."""
_STEM = 6
_WORD: Final = re.compile(r"[^\W_]{4,}|(?<![^\W_])\d{2,3}(?![^\W_])")
_ACCENTS: Final = re.compile("[\u0300-\u036f]")
_FREQUENT: Final = """
aangezien achter alle alleen allen alles als altijd alvast andere avec because beste bedankt been before bent
bien bonjour bonsoir both bovendien brief cela cette could daar daarom daarvoor dans dear deze dient does doen
door dring echter eens eigenlijk elke enige enkele erop even from gaan gaat geachte geen geweest geworden goed
goede graag groet groeten groetjes haar hadden have heb hebben heeft heel heer hello heren hier hoop however
iedere iemand iets jammer jullie just kan keer kind komen komt kunnen kunt laat laten maar madame mais meer
meneer merci mevrouw mijn moet moeten monsieur more most naar namelijk niemand niet niets noch nogmaals nous
omdat onder ongeveer onze ooit over pour please regards reeds should since sincerely some soms steeds terug
than thank thanks that their them then there these they this toch tous tout tussen uiteraard veel vind vinden
voor vous vraag vragen vriendelijk vriendelijke waar waarom wanneer want waren weer welke were werd werden wel
what when which will willen with word worden wordt would your zeer zelf zich zijn zodat zoals zonder zouden
"""
"""Frequent words of Dutch, French and English that are in every letter."""
_SAY_LITTLE: Final = frozenset(_FREQUENT.split())


def stems_of(*texts: str | None) -> tuple[int, ...]:
    """Hashes of the texts' words, in ascending order: beginnings of words, so that one word's forms are alike.

    Short and frequent words are left out, numbers of two digits and more are kept.
    """
    words = set(_WORD.findall(_plain(" ".join(text for text in texts if text)))) - _SAY_LITTLE
    hashes = {zlib.crc32(word[:_STEM].encode()) for word in words}
    return tuple(sorted(hashes)[:MOST_STEMS])


def likeness(one: Collection[int], other: Collection[int]) -> float:
    """How much of the shorter text is in the other: 0 nothing, 1 all of it. Symmetric."""
    first, second = set(one), set(other)
    if not first or not second:
        return 0.0
    if first == second:
        return 1.0
    return len(first & second) / max(min(len(first), len(second)), FEWEST_STEMS)


def _plain(text: str) -> str:
    lower = text.casefold()
    return lower if lower.isascii() else _ACCENTS.sub("", unicodedata.normalize("NFKD", lower))
