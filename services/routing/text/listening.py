"""Words that the rules of a profile listen for. No model is needed, so every organisation is heard."""

from datetime import date
from functools import lru_cache

from services.routing.domain import Facts, Signs
from services.routing.text.lexicon import Matcher
from services.routing.text.moments import happened_by
from services.routing.text.words import Writing
from shared.profiles.model import Profile, ProfileVersion


class Listener:
    """Hears the words of one version's rules (``text_has``) in what a citizen writes, quoted mail left out."""

    def __init__(self, version: ProfileVersion) -> None:
        self._matcher = _matcher(version.words_listened_for)

    def hear(self, writing: Writing, received_on: date) -> Signs:
        """``received_on`` is the local day of receipt."""
        heard = frozenset(self._matcher.count(writing.tokens))
        return Signs(heard, happened_by(writing.folded, received_on))


def signs_of(facts: Facts, profile: Profile, writing: Writing) -> Signs:
    """What the rules of the version that holds at the contact's receipt listen for."""
    received_on = profile.local_date(facts.received_at)
    return Listener(profile.version_on(received_on)).hear(writing, received_on)


@lru_cache(maxsize=64)
def _matcher(entries: tuple[str, ...]) -> Matcher:
    return Matcher({entry: (entry,) for entry in entries})
