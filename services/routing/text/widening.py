"""Which words of citizens a model may keep: its file outlives the contacts that it was trained on."""

from collections import Counter
from collections.abc import Iterable, Sequence

from services.routing.text.corpus import Message
from services.routing.text.evidence import everyday_words
from services.routing.text.vocabulary import Vocabulary
from services.routing.text.words import MOST_CHARACTERS, NUMBER, parts_of, phrases, stems_of

FEWEST_CONTACTS = 5
"""A word that fewer contacts use may be about one citizen."""
_SIGNS = frozenset({NUMBER, "?", "!"})


def widened(own: Vocabulary, corrected: Sequence[Message]) -> Vocabulary:
    """The corpus' own vocabulary, and what citizens say besides: phrases that stand in at least
    ``FEWEST_CONTACTS`` contacts, all of whose words everybody writes without a capital. Pieces of words stay those
    of the corpus.
    """
    texts = [_own_words(each) for each in corrected]
    common = everyday_words(texts, FEWEST_CONTACTS) | _SIGNS
    counted: Counter[str] = Counter()
    for text in texts:
        counted.update(_said(stems_of(text), common))
    more = {phrase for phrase, contacts in counted.items() if contacts >= FEWEST_CONTACTS} - {*own.phrases}
    return Vocabulary(sorted({*own.phrases} | more), own.pieces)


def _own_words(message: Message) -> str:
    return f"{message.subject or ''}\n{parts_of(message.text[:MOST_CHARACTERS]).own}"


def _said(stems: list[str], common: set[str]) -> Iterable[str]:
    """Phrases of one text, each once, of common words alone."""
    return {phrase for phrase in phrases(stems) if common.issuperset(phrase.split("_"))}
