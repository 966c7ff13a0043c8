"""Words that the rules of a profile listen for. No model is needed, so every organisation is heard."""

from services.routing.domain import Signs
from services.routing.text.features import MOST_CHARACTERS
from services.routing.text.lexicon import Matcher
from services.routing.text.words import fold, parts_of, tokens_of
from shared.profiles.model import ProfileVersion


class Listener:
    """Hears the words of one version's rules (``text_has``) in what a citizen writes, quoted mail left out."""

    def __init__(self, version: ProfileVersion) -> None:
        wanted = {entry for rule in version.routing_rules for entry in rule.when.text_has or ()}
        self._matcher = Matcher({entry: (entry,) for entry in sorted(wanted)})

    def hear(self, subject: str | None, text: str) -> Signs:
        own = parts_of(text[:MOST_CHARACTERS]).own
        return Signs(frozenset(self._matcher.count(tokens_of(fold(f"{subject or ''}\n{own}")))))
