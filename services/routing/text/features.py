"""A text as numbers: phrases of stems, pieces of words, and how much it speaks the language of each list."""

from collections.abc import Sequence
from math import log1p
from typing import NamedTuple

import numpy as np

from services.routing.text.lexicon import Lexicon, Matcher
from services.routing.text.vocabulary import (
    NO_VOCABULARY,
    Places,
    Terms,
    Vocabulary,
    Weights,
    learnt,
    weighed,
)
from services.routing.text.words import Writing, phrases, stem

WEIGHT_OF_PLACES = 0.1
WEIGHT_OF_CUES = 0.15
_SHORTEST_PIECE, _LONGEST_PIECE = 3, 5
_SHOUTED_SHARE = 0.3
_LONG_TEXT = 100
_MANNERS = 6


class Prepared(NamedTuple):
    """One text, read once: its words, as stems, and with the counts of the lists."""

    words: list[str]
    stems: list[str]
    signs: list[float]


class Row(NamedTuple):
    """One text as numbers: its features, ascending, and how much it has of each."""

    features: Places
    values: Weights


class Features:
    """Phrases first, then pieces of words, then signs. Knows no words before it ``knows`` a vocabulary; then the
    same text always gives the same row.
    """

    def __init__(self, lexicon: Lexicon, vocabulary: Vocabulary = NO_VOCABULARY) -> None:
        """Raises ``ValueError`` where the vocabulary has not as many weights as words."""
        self._lexicon = lexicon
        self._lists = [
            *((f"place:{name}", WEIGHT_OF_PLACES) for name in lexicon.places),
            *((f"cue:{name}", WEIGHT_OF_CUES) for name in lexicon.cues),
        ]
        self._matcher = Matcher(
            {f"place:{name}": words for name, words in lexicon.places.items()}
            | {f"cue:{name}": words for name, words in lexicon.cues.items()}
        )
        self.vocabulary = vocabulary
        self._phrases = Terms(vocabulary.phrases, vocabulary.weights_of_phrases)
        self._pieces = Terms(vocabulary.pieces, vocabulary.weights_of_pieces)

    def __len__(self) -> int:
        return len(self._phrases) + len(self._pieces) + len(self._lists) + _MANNERS

    def having_learnt(self, texts: Sequence[Prepared]) -> "Features":
        """With the vocabulary of these texts."""
        known = learnt([phrases(text.stems) for text in texts], [text.words for text in texts])
        return Features(self._lexicon, known)

    def knowing(self, vocabulary: Vocabulary, texts: Sequence[Prepared]) -> "Features":
        """With this vocabulary, as these texts weigh it."""
        stems, words = [phrases(text.stems) for text in texts], [text.words for text in texts]
        return Features(self._lexicon, weighed(vocabulary, stems, words))

    def prepare(self, writing: Writing) -> Prepared:
        """The subject counts twice: it is what the citizen says in three words."""
        tokens = writing.tokens[: writing.subject_tokens] + writing.tokens
        counts = self._matcher.count(tokens)
        signs = [weight * log1p(counts[name]) if name in counts else 0.0 for name, weight in self._lists]
        signs += [WEIGHT_OF_CUES * each for each in _manner(writing.own, writing.quoted, tokens)]
        return Prepared(tokens, list(map(stem, tokens)), signs)

    def row(self, text: Prepared) -> Row:
        said, of_phrases = self._phrases.told(self._phrases.of_phrases(text.stems))
        pieces, of_pieces = self._pieces.told(self._pieces.of_words(text.words))
        signs = np.array(text.signs, dtype=np.float32)
        (shown,) = np.nonzero(signs)
        before = len(self._phrases)
        features = (said, pieces + before, (shown + before + len(self._pieces)).astype(np.int32))
        return Row(np.concatenate(features), np.concatenate((of_phrases, of_pieces, signs[shown])))


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
