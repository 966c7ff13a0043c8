"""A text as numbers: phrases of stems, pieces of words, and how much it speaks the language of each list."""

from collections.abc import Callable, Container, Iterable
from functools import lru_cache
from itertools import chain
from math import log1p
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from services.routing.text.lexicon import Lexicon, Matcher
from services.routing.text.words import fold, parts_of, phrases, stem, tokens_of

Rows: TypeAlias = Any
"""A sparse matrix of scipy, which has no types: a row for each text, a column for each feature."""

LEAST_TEXTS = 2
"""Phrases in fewer texts of the corpus are left out."""
MOST_CHARACTERS = 5_000
"""Whoever has not told the matter by then does not tell it; it keeps the longest text quick to read."""
WEIGHT_OF_PLACES = 0.1
WEIGHT_OF_CUES = 0.15
_SHORTEST_PIECE, _LONGEST_PIECE = 3, 5
_SHOUTED_SHARE = 0.3
_LONG_TEXT = 100


class Prepared(NamedTuple):
    """One text, read once: its words, as stems, and with the counts of the lists."""

    words: str
    stems: list[str]
    signs: list[float]


class Vocabulary(NamedTuple):
    """Phrases and pieces of words that are features, in their order, and what each weighs once it is learnt."""

    phrases: list[str]
    pieces: list[str]
    weights_of_phrases: NDArray[np.float32] | None = None
    weights_of_pieces: NDArray[np.float32] | None = None


class Features:
    """Learns its vocabulary from a corpus unless it is given one; afterwards the same text always gives the same
    row.
    """

    def __init__(self, lexicon: Lexicon, vocabulary: Vocabulary | None = None) -> None:
        self._lists = [
            *((f"place:{name}", WEIGHT_OF_PLACES) for name in lexicon.places),
            *((f"cue:{name}", WEIGHT_OF_CUES) for name in lexicon.cues),
        ]
        self._matcher = Matcher(
            {f"place:{name}": words for name, words in lexicon.places.items()}
            | {f"cue:{name}": words for name, words in lexicon.cues.items()}
        )
        self._phrases_of, self._pieces_of = _Told(_phrases), _Told(_pieces)
        self._words = TfidfVectorizer(
            analyzer=self._phrases_of,
            sublinear_tf=True,
            min_df=LEAST_TEXTS,
            vocabulary=vocabulary.phrases if vocabulary else None,
            dtype=np.float32,
        )
        self._pieces = TfidfVectorizer(
            analyzer=self._pieces_of,
            sublinear_tf=True,
            min_df=LEAST_TEXTS + 1,
            vocabulary=vocabulary.pieces if vocabulary else None,
            dtype=np.float32,
        )
        self.phrases: list[str] = vocabulary.phrases if vocabulary else []
        if vocabulary:
            self._phrases_of.known, self._pieces_of.known = (
                frozenset(vocabulary.phrases),
                frozenset(vocabulary.pieces),
            )
        if vocabulary and vocabulary.weights_of_phrases is not None:
            self._words.idf_, self._pieces.idf_ = vocabulary.weights_of_phrases, vocabulary.weights_of_pieces

    @property
    def vocabulary(self) -> Vocabulary:
        """What it has learnt; features made with it give the same rows."""
        pieces = [str(each) for each in self._pieces.get_feature_names_out()]
        return Vocabulary(self.phrases, pieces, self._words.idf_, self._pieces.idf_)

    def prepare(self, subject: str | None, text: str) -> Prepared:
        """The subject counts twice: it is what the citizen says in three words."""
        own, quoted = parts_of(text[:MOST_CHARACTERS])
        head = f"{subject} . {subject}\n" if subject else ""
        tokens = tokens_of(fold(f"{head}{own}"))
        counts = self._matcher.count(tokens)
        signs = [weight * log1p(counts[name]) if name in counts else 0.0 for name, weight in self._lists]
        signs += [WEIGHT_OF_CUES * each for each in _manner(own, quoted, tokens)]
        return Prepared(" ".join(tokens), [stem(token) for token in tokens], signs)

    def fit(self, texts: list[Prepared]) -> Rows:
        rows = self._rows(self._words.fit_transform(texts), self._pieces.fit_transform(texts), texts)
        self.phrases = [str(each) for each in self._words.get_feature_names_out()]
        self._phrases_of.known, self._pieces_of.known = self._words.vocabulary_, self._pieces.vocabulary_
        return rows

    def transform(self, texts: list[Prepared]) -> Rows:
        return self._rows(self._words.transform(texts), self._pieces.transform(texts), texts)

    def _rows(self, words: sparse.csr_matrix, pieces: sparse.csr_matrix, texts: list[Prepared]) -> Rows:
        signs = sparse.csr_matrix(np.array([text.signs for text in texts], dtype=np.float32))
        return sparse.hstack([words, pieces, signs], format="csr", dtype=np.float32)


class _Told:
    """Gives a text's features to a vectorizer; of what is ``known`` alone, since the vectorizer passes over each
    feature that it does not know by way of an exception.
    """

    def __init__(self, all_of: Callable[[Prepared], Iterable[str]]) -> None:
        self._all_of = all_of
        self.known: Container[str] | None = None

    def __call__(self, text: Prepared) -> Iterable[str]:
        told = self._all_of(text)
        return told if self.known is None else filter(self.known.__contains__, told)


def _phrases(text: Prepared) -> Iterable[str]:
    return phrases(text.stems)


def _pieces(text: Prepared) -> Iterable[str]:
    """Runs of three to five characters within words, the blanks around them included."""
    return chain.from_iterable(map(_pieces_of_word, text.words.split()))


@lru_cache(maxsize=20_000)
def _pieces_of_word(word: str) -> tuple[str, ...]:
    padded = f" {word} "
    return tuple(
        padded[start : start + length]
        for length in range(_SHORTEST_PIECE, min(_LONGEST_PIECE, len(padded)) + 1)
        for start in range(len(padded) - length + 1)
    )


def _manner(own: str, quoted: str, tokens: list[str]) -> list[float]:
    """How it is said: questions and exclamations, shouting, length, a quoted mail."""
    capitals = sum(map(str.isupper, own)) / max(sum(map(str.isalpha, own)), 1)
    return [
        min(tokens.count("?"), 4) / 2,
        min(tokens.count("!"), 4) / 2,
        float(own.rstrip().endswith("?")),
        float(capitals > _SHOUTED_SHARE),
        min(len(tokens) / _LONG_TEXT, 2),
        float(bool(quoted.strip())),
    ]
