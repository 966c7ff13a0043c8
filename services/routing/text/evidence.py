"""Which words may be told as evidence: evidence travels in events, so it must never be a person's name."""

import re
from collections import Counter

from services.routing.text.corpus import Corpus
from services.routing.text.words import fold, stem, tokens_of

FEWEST_TEXTS = 3
MOSTLY = 0.8
"""Share of a word's occurrences that are written without a capital; names are not."""

_WORD = re.compile(r"[^\W\d_]+")


def speakable(corpus: Corpus, phrases: list[str]) -> dict[int, str]:
    """Single stems, by their place among the features, that are common words of the corpus."""
    texts: Counter[str] = Counter()
    small: Counter[str] = Counter()
    all_of_it: Counter[str] = Counter()
    for message in corpus.messages:
        seen: set[str] = set()
        for word in _WORD.findall(f"{message.subject or ''} {message.text}"):
            for token in tokens_of(fold(word)):
                stemmed = stem(token)
                all_of_it[stemmed] += 1
                if word[0].islower():
                    small[stemmed] += 1
                    seen.add(stemmed)
        texts.update(seen)
    return {
        at: phrase
        for at, phrase in enumerate(phrases)
        if texts[phrase] >= FEWEST_TEXTS and small[phrase] >= MOSTLY * all_of_it[phrase]
    }
