"""What services do, and how citizens tell of what came before, as lists of words: data of the organisation."""

import hashlib
from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import yaml
from pydantic import BaseModel, ConfigDict

from services.routing.text.words import NUMBER, fold, in_dutch
from shared.profiles.model import ProfileVersion

WHOLE = 3
"""Words up to this length stand for themselves alone; longer ones for every word that begins with them."""
GAP = "~"
_FURTHEST = 3
_KEY = WHOLE + 1


class BrokenLexicon(ValueError):  # noqa: N818  it is told to the operator as a fact
    """The lexicon cannot be used; the message says where and what would be right."""


class Lexicon(BaseModel):
    """Lists of entries by what they speak for: places (services, bodies) and cues (of nature, line, grounds)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    places: dict[str, tuple[str, ...]]
    cues: dict[str, tuple[str, ...]]
    content_hash: str = ""


NO_WORDS = Lexicon(places={}, cues={})

OTHER_BODY, DIRECTORATE = "x:", "d:"
"""Before the id of a place that is another body, or a directorate without services; else it is a service's."""


def load_common_lexicon(path: Path) -> Lexicon:
    """What every organisation's citizens say alike. Raises ``BrokenLexicon`` naming the file."""
    raw = path.read_bytes()
    try:
        lexicon = Lexicon.model_validate(yaml.safe_load(raw))
    except (ValueError, yaml.YAMLError) as error:
        raise BrokenLexicon(f"{path}: {error}") from None
    return lexicon.model_copy(update={"content_hash": hashlib.sha256(raw).hexdigest()})


def load_lexicon(path: Path, version: ProfileVersion, common: Lexicon = NO_WORDS) -> Lexicon:
    """The organisation's own lists with the ``common`` ones. Raises ``BrokenLexicon`` naming the file, and the
    place that the profile does not know.
    """
    lexicon = load_common_lexicon(path)
    for place in lexicon.places:
        if not _is_known(place, version):
            raise BrokenLexicon(
                f"{path}: places.{place} is not in the profile; give a service, x:<body> or d:<directorate>"
            )
    together = f"{lexicon.content_hash} {common.content_hash}"
    return Lexicon(
        places=lexicon.places,
        cues={**common.cues, **{name: (*common.cues.get(name, ()), *own) for name, own in lexicon.cues.items()}},
        content_hash=hashlib.sha256(together.encode()).hexdigest(),
    )


def _is_known(place: str, version: ProfileVersion) -> bool:
    for prefix, list_name in ((OTHER_BODY, "external_body"), (DIRECTORATE, "directorate")):
        if place.startswith(prefix):
            return place.removeprefix(prefix) in version.codes[list_name]
    return place in version.codes["service"]


Entry = tuple[tuple[str, ...], str]
"""The words of an entry, and the list that it is on."""


class _Sought(NamedTuple):
    """An entry. ``beginnings`` are those of the words behind its first: without a word of each beginning in the
    text it is not there.
    """

    beginnings: frozenset[str]
    entry: Entry


class Matcher:
    """Finds the entries of several lists in the tokens of a text, in one pass."""

    def __init__(self, lists: dict[str, tuple[str, ...]]) -> None:
        self._by_start: dict[str, list[_Sought]] = {}
        for name, entries in lists.items():
            for entry in entries:
                words = tuple(_words(entry))
                self._by_start.setdefault(words[0][:_KEY], []).append(_sought((words, name)))
        # The same few thousand words make up most of what is written.
        self._begun_with = lru_cache(maxsize=20_000)(self._find_begun_with)

    def count(self, tokens: list[str]) -> Counter[str]:
        """How many different entries of each list are in the text."""
        found: set[Entry] = set()
        different = set(tokens)
        beginnings = {token[:_KEY] for token in different}
        begun: dict[str, list[Entry]] = {}
        for token in different:
            whole, longer = self._begun_with(token)
            if whole:
                found.update(whole)
            # Nearly all longer ones end here.
            if longer and (possible := [each.entry for each in longer if each.beginnings <= beginnings]):
                begun[token] = possible
        for at, token in enumerate(tokens) if begun else ():
            for entry in begun.get(token, ()):
                if _goes_on(entry[0][1:], tokens, at + 1):
                    found.add(entry)
        return Counter(name for _, name in found)

    def _find_begun_with(self, token: str) -> tuple[tuple[Entry, ...], tuple[_Sought, ...]]:
        """The entries whose first word the token is: those of one word, and those that go on."""
        begun = [each for each in self._by_start.get(token[:_KEY], ()) if same_word(each.entry[0][0], token)]
        whole = tuple(each.entry for each in begun if len(each.entry[0]) == 1)
        return whole, tuple(each for each in begun if len(each.entry[0]) > 1)


def _sought(entry: Entry) -> _Sought:
    return _Sought(frozenset(word[:_KEY] for word in entry[0][1:] if word != GAP), entry)


def _words(entry: str) -> list[str]:
    return [in_dutch(word) for word in fold(entry).split()]


def entry_words(entry: str) -> list[str]:
    """The words of an entry up to its first gap."""
    words = _words(entry)
    return words[: words.index(GAP)] if GAP in words else words


def _goes_on(words: tuple[str, ...], tokens: list[str], at: int) -> bool:
    """Whether these words of an entry, gaps among them, stand in the text from there on."""
    for place, word in enumerate(words):
        if word == GAP:
            rest = words[place + 1 :]
            return any(_goes_on(rest, tokens, at + skipped) for skipped in range(_FURTHEST + 1))
        if at >= len(tokens) or not same_word(word, tokens[at]):
            return False
        at += 1
    return True


def same_word(word: str, token: str) -> bool:
    """Whether a word of an entry stands for this folded word of a text."""
    return token == word if stands_alone(word) else token.startswith(word)


def stands_alone(word: str) -> bool:
    """Whether a word of an entry stands for itself alone."""
    return len(word) <= WHOLE or word == NUMBER
