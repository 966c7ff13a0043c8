"""Two ways of deciding side by side over past contacts; nothing is published."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from services.routing.domain import facts_of_request
from services.routing.domain.changes import Change, Changes, Example, by_count
from services.routing.text.model import TextModel
from services.routing.text.readers import decide_with
from shared.contracts.decision import Decision
from shared.contracts.past_contact import PastContact
from shared.profiles import Profile


class Way(NamedTuple):
    """A profile and a model to decide by; without a model no text is read."""

    profile: Profile
    model: TextModel | None

    def decide(self, contact: PastContact) -> Decision:
        asked = contact.asked
        return decide_with(self.model, facts_of_request(asked), self.profile, asked.subject, asked.text).decision

    def __str__(self) -> str:
        model = self.model.name if self.model else "none"
        return f"profile revision {self.profile.revision}#{self.profile.content_hash[:8]}, model {model}"


@dataclass
class Trial:
    """What came of it. ``right`` counts, of the contacts that people decided on, those of which each way has line
    and directorate as they decided.
    """

    changes: Changes
    by_people: int = 0
    right_before: int = 0
    right_now: int = 0
    texts: dict[str, str] = field(default_factory=dict)
    """Of the contacts that are examples."""

    def run(self, contacts: Iterable[PastContact], before: Way, now: Way) -> None:
        """Decides each contact both ways; holds one in memory at a time, and the examples."""
        for contact in contacts:
            was, would_be = before.decide(contact), now.decide(contact)
            examples = self._examples
            self.changes.add(contact.reference, was, would_be)
            if self._examples > examples:
                self.texts[contact.reference] = f"{contact.asked.subject or ''}\n{contact.asked.text}".strip()
            if contact.decided_by_people:
                self.by_people += 1
                self.right_before += _as_decided(was, contact)
                self.right_now += _as_decided(would_be, contact)

    @property
    def _examples(self) -> int:
        return len(self.changes.newly) + sum(map(len, self.changes.examples.values()))

    def as_json(self, *, show_text: bool) -> dict[str, object]:
        """Counts and examples; texts only where asked for."""
        found = self.changes
        return {
            "contacts": found.contacts,
            "same": found.contacts - found.otherwise,
            "otherwise": found.otherwise,
            "newly_to_review": found.newly_to_review,
            "no_longer_to_review": found.no_longer_to_review,
            "decided_by_people": {
                "contacts": self.by_people,
                "line_and_directorate_right_before": self.right_before,
                "line_and_directorate_right_now": self.right_now,
            },
            "changes": [
                change._asdict()
                | {
                    "count": count,
                    "examples": [self._example(each, show_text=show_text) for each in found.examples[change]],
                }
                for change, count in by_count(found.counts)
            ],
            "newly_to_review_examples": [self._example(each, show_text=show_text) for each in found.newly],
        }

    def _example(self, example: Example, *, show_text: bool) -> dict[str, object]:
        told: dict[str, object] = {
            "reference": example.reference,
            "before": example.before.model_dump(mode="json"),
            "now": example.now.model_dump(mode="json"),
        }
        return told | ({"text": self.texts[example.reference]} if show_text else {})

    def as_text(self, *, show_text: bool) -> str:
        """The same for people."""
        found = self.changes
        same = found.contacts - found.otherwise
        share = f" ({same / found.contacts:.1%})" if found.contacts else ""
        lines = [f"{found.contacts} past contacts, {same} of them decided the same{share}"]
        lines += [f"  {change}: {count}" for change, count in by_count(found.counts)]
        lines.append(f"newly to review: {found.newly_to_review}; no longer: {found.no_longer_to_review}")
        if self.by_people:
            lines.append(
                f"of {self.by_people} that people decided on, line and directorate as they did: "
                f"{self.right_before} before, {self.right_now} now"
            )
        for change, _ in by_count(found.counts):
            lines += ["", str(change), *self._shown(change, show_text=show_text)]
        return "\n".join(lines)

    def _shown(self, change: Change, *, show_text: bool) -> Iterable[str]:
        for example in self.changes.examples[change]:
            yield f"  {example.reference}"
            yield f"    before: {_reasons(example.before)}"
            yield f"    now:    {_reasons(example.now)}"
            if show_text:
                yield from (f"    | {line}" for line in self.texts[example.reference].splitlines())


def _as_decided(decision: Decision, contact: PastContact) -> bool:
    stands = contact.stands
    return (decision.line, decision.directorate) == (stands.line, stands.directorate)


def _reasons(decision: Decision) -> str:
    review = ", to review" if decision.needs_review else ""
    told = "; ".join(f"{each.rule} ({each.evidence})" for each in decision.reasons)
    return f"{decision.confidence:.2f}{review}: {told}"
