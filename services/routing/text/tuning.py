"""How a model is learnt: numbers chosen by measuring, and what a model is called that is learnt with them."""

import hashlib

from services.routing.domain.deciding import TEXT_MODEL_VERSION
from services.routing.text import glossary
from services.routing.text.corpus import Corpus
from services.routing.text.features import WEIGHT_OF_CUES, WEIGHT_OF_PLACES
from services.routing.text.lexicon import Lexicon
from services.routing.text.vocabulary import LEAST_TEXTS

STRENGTH_OF_PLACES = 0.3
STRENGTH_OF_OTHERS = 10.0
ENOUGH = 1e-3
MOST_STEPS = 400
FOLDS = 3
SEED = 7
SCALES = (2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 12.0, 16.0)
"""What the place scores may be multiplied with before they become probabilities; cross-validation picks one."""
ENTRIES_TOGETHER = 4
"""Entries of a list that make one short message."""


def name_of(corpus: Corpus, lexicon: Lexicon) -> str:
    """What the model is called that these make."""
    weights = (WEIGHT_OF_PLACES, WEIGHT_OF_CUES, LEAST_TEXTS)
    settings = (weights, STRENGTH_OF_PLACES, STRENGTH_OF_OTHERS, ENOUGH, FOLDS, SEED, SCALES, ENTRIES_TOGETHER)
    content = f"{corpus.content_hash} {lexicon.content_hash} {glossary.content_hash()} {settings}"
    return f"text/{TEXT_MODEL_VERSION}#{hashlib.sha256(content.encode()).hexdigest()[:8]}"
