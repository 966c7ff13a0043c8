"""Which words may be told as evidence: evidence travels in events, so it must never be a person's name."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from services.routing.text.corpus import Corpus
from services.routing.text.words import fold, stem, tokens_of

FEWEST_TEXTS = 3
MOSTLY = 0.8
"""Share of a word's occurrences that are written without a capital; names are not."""

MOST_TEXTS = 0.25
"""Words in a larger share of the texts are of the language and not of the matter: nobody learns anything from
"the" and "is"."""

_WORD = re.compile(r"[^\W\d_]+")


def speakable(corpus: Corpus, phrases: list[str]) -> dict[int, str]:
    """Single stems, by their place among the features, that are common words of the corpus, not the commonest."""
    texts = [f"{each.subject or ''} {each.text}" for each in corpus.messages]
    common = everyday_words(texts, FEWEST_TEXTS) - _of_the_language(texts)
    return {at: phrase for at, phrase in enumerate(phrases) if phrase in common}


def _of_the_language(texts: Sequence[str]) -> set[str]:
    counted = Counter(stemmed for text in texts for stemmed in {stem(token) for token in tokens_of(fold(text))})
    return {word for word, times in counted.items() if times > MOST_TEXTS * len(texts)}


def everyday_words(texts: Iterable[str], fewest: int) -> set[str]:
    """Stems that stand without a capital in at least ``fewest`` of the texts, and mostly so where they stand."""
    counted: Counter[str] = Counter()
    small: Counter[str] = Counter()
    all_of_it: Counter[str] = Counter()
    for text in texts:
        seen: set[str] = set()
        for word in _WORD.findall(text):
            for token in tokens_of(fold(word)):
                stemmed = stem(token)
                all_of_it[stemmed] += 1
                if word[0].islower():
                    small[stemmed] += 1
                    seen.add(stemmed)
        counted.update(seen)
    return {word for word, times in counted.items() if times >= fewest and small[word] >= MOSTLY * all_of_it[word]}
