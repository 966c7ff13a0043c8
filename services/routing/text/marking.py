"""Which words of a text weighed, for a person who has the text before them."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from services.routing.text.lexicon import entry_words, same_word
from services.routing.text.words import fold, stem, tokens_of

_WORD = re.compile(r"[^\W\d_]+|\d+")


class Piece(NamedTuple):
    """A part of the text as it was written; all pieces in a row are the text."""

    text: str
    weighed: bool


def marked(text: str, told: Iterable[str]) -> list[Piece]:
    """The text with the words that were told as evidence: stems of the model, or entries of word lists."""
    stems: set[str] = set()
    entries: list[list[str]] = []
    for each in told:
        stems.add(each)
        entries.append(entry_words(each))
    words = list(_WORD.finditer(text))
    folded = ["".join(tokens_of(fold(word.group()))) for word in words]
    weighed = {at for at, token in enumerate(folded) if stem(token) in stems}
    for entry in entries:
        for at in range(len(folded) - len(entry) + 1):
            if all(same_word(word, folded[at + below]) for below, word in enumerate(entry)):
                weighed |= set(range(at, at + len(entry)))
    return _pieces(text, [words[at].span() for at in sorted(weighed)])


def _pieces(text: str, spans: list[tuple[int, int]]) -> list[Piece]:
    found: list[Piece] = []
    behind = 0
    for start, end in spans:
        if start > behind:
            found.append(Piece(text[behind:start], weighed=False))
        found.append(Piece(text[start:end], weighed=True))
        behind = end
    if behind < len(text):
        found.append(Piece(text[behind:], weighed=False))
    return found
