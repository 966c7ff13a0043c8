"""The words that a model knows, and what each weighs: learnt from texts, and looked up in one."""

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import chain, pairwise
from math import log
from sys import intern
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

LEAST_TEXTS = 2
"""Phrases in fewer texts of the corpus are left out."""
_SHORTEST_PIECE, _LONGEST_PIECE = 3, 5

Weights = NDArray[np.float32]
Places = NDArray[np.int32]
_NOTHING: Places = np.zeros(0, dtype=np.int32)


class Vocabulary(NamedTuple):
    """Phrases and pieces of words that are features, in their order, and what each weighs once it is learnt: the
    more, the fewer texts have it.
    """

    phrases: list[str]
    pieces: list[str]
    weights_of_phrases: Weights | None = None
    weights_of_pieces: Weights | None = None


NO_VOCABULARY = Vocabulary([], [])


def learnt(phrases: Iterable[Iterable[str]], words: Sequence[Iterable[str]]) -> Vocabulary:
    """The vocabulary of these texts, of each of which there are the phrases and the words."""
    said, spelt = _counted(phrases), _counted(map(pieces_of, words))
    vocabulary = Vocabulary(_in_enough(said, LEAST_TEXTS), _in_enough(spelt, LEAST_TEXTS + 1))
    return _weighed(vocabulary, said, spelt, len(words))


def _in_enough(counted: Counter[str], least: int) -> list[str]:
    return sorted(term for term, texts in counted.items() if texts >= least)


def weighed(
    vocabulary: Vocabulary, phrases: Iterable[Iterable[str]], words: Sequence[Iterable[str]]
) -> Vocabulary:
    """The same phrases and pieces, weighed by these texts."""
    return _weighed(vocabulary, _counted(phrases), _counted(map(pieces_of, words)), len(words))


def _counted(texts: Iterable[Iterable[str]]) -> Counter[str]:
    return Counter(chain.from_iterable(map(set, texts)))


def _weighed(vocabulary: Vocabulary, phrases: Counter[str], pieces: Counter[str], texts: int) -> Vocabulary:
    of_phrases, of_pieces = (
        np.array([log((1 + texts) / (1 + counted[term])) + 1 for term in terms], dtype=np.float32)
        for terms, counted in ((vocabulary.phrases, phrases), (vocabulary.pieces, pieces))
    )
    return vocabulary._replace(weights_of_phrases=of_phrases, weights_of_pieces=of_pieces)


def pieces_of(words: Iterable[str]) -> Iterable[str]:
    """Runs of three to five characters within words, the blanks around them included."""
    return chain.from_iterable(map(_pieces_of_word, words))


def _pieces_of_word(word: str) -> Iterable[str]:
    padded = f" {word} "
    for length in range(_SHORTEST_PIECE, min(_LONGEST_PIECE, len(padded)) + 1):
        for start in range(len(padded) - length + 1):
            yield padded[start : start + length]


class Terms:
    """Phrases or pieces of words, by their places in a vocabulary, and what each weighs."""

    def __init__(self, terms: Sequence[str], weights: Weights | None) -> None:
        # Models of several organisations know the same terms, which then take their memory once.
        self._place_of = {intern(term): place for place, term in enumerate(terms)}
        self._weights = np.zeros(len(terms), dtype=np.float32) if weights is None else weights
        if len(self._weights) != len(terms):
            raise ValueError("another number of weights than of terms")
        # The same few thousand words make up most of what is written.
        self._of_word = lru_cache(maxsize=20_000)(self._find_pieces)

    def __len__(self) -> int:
        return len(self._place_of)

    def places(self, said: Iterable[str]) -> Places:
        """Those of what is said that are known, as often as they are said."""
        place_of = self._place_of
        return np.array([place_of[term] for term in said if term in place_of], dtype=np.int32)

    def of_phrases(self, stems: Sequence[str]) -> Places:
        """The known runs of one to three of these stems, as often as they are said. What is learnt of a text is
        every run in it, so that no longer run is known without the one that it begins with.
        """
        place_of = self._place_of
        found = [place_of[stem] for stem in stems if stem in place_of]
        for at, pair in enumerate(map("_".join, pairwise(stems)), start=2):
            if pair in place_of:
                found.append(place_of[pair])
                if at < len(stems) and (three := f"{pair}_{stems[at]}") in place_of:
                    found.append(place_of[three])
        return np.array(found, dtype=np.int32)

    def of_words(self, words: Iterable[str]) -> Places:
        """The known pieces of all the words."""
        return np.concatenate([_NOTHING, *map(self._of_word, words)])

    def _find_pieces(self, word: str) -> Places:
        return self.places(_pieces_of_word(word))

    def told(self, places: Places) -> tuple[Places, Weights]:
        """Each place once, ascending, and how much a text that has these says with it: the more, the more often,
        by the logarithm; all of it together has length one.
        """
        found, often = _counted_once(places)
        values = (np.log(often) + 1) * self._weights[found]
        length = np.sqrt(values @ values)
        return found, values / length if length else values


def _counted_once(places: Places) -> tuple[Places, Weights]:
    """Each place once, ascending, and how often it came. What ``np.unique`` does, without what else it can do."""
    ordered = np.sort(places)
    is_first = np.ones(len(ordered) + 1, dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=is_first[1:-1])
    (begins,) = is_first.nonzero()
    often: Weights = (begins[1:] - begins[:-1]).astype(np.float32)
    return ordered[begins[:-1]], often
