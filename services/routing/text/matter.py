"""What there is to learn from, by organisation."""

from pathlib import Path
from typing import NamedTuple

from services.routing.text.corpus import Corpus, load_common_corpus, load_corpus
from services.routing.text.lexicon import Lexicon, load_common_lexicon, load_lexicon
from shared.profiles import Profiles

_ROUTING = Path(__file__).resolve().parent.parent
COMMON = "common.yaml"


class Matter(NamedTuple):
    """What an organisation's model learns from."""

    corpus: Corpus
    lexicon: Lexicon

    @property
    def content(self) -> tuple[str, str]:
        """Tells matters apart: those of the same content make the same model."""
        return self.corpus.content_hash, self.lexicon.content_hash


def matter_of(profiles: Profiles, folder: Path = _ROUTING) -> dict[str, Matter]:
    """What there is to learn, by organisation: ``corpus/<id>/*.jsonl`` with ``lexicon/<id>.yaml``. An organisation
    without these learns what is common to all: how a complaint sounds, and an approach before it.

    Raises ``BrokenCorpus`` or ``BrokenLexicon``, naming the place.
    """
    words, messages = folder / "lexicon", folder / "corpus"
    if not (words / COMMON).is_file():
        return {}
    common = Matter(load_common_corpus(messages), load_common_lexicon(words / COMMON))
    found = dict.fromkeys(sorted(profiles), common)
    for organisation in found:
        lexicon, corpus = words / f"{organisation}.yaml", messages / organisation
        if lexicon.is_file() and corpus.is_dir():
            version = profiles[organisation].versions[-1]
            own = load_lexicon(lexicon, version, common.lexicon)
            found[organisation] = Matter(load_corpus(corpus, version), own)
    return found
