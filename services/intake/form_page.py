"""The web form as a page, and the page that says that it arrived.

Pages that need no script: what does not apply is left out by style alone, where the browser can, and is then not
read either. Labels, hints and errors are tied to their fields; colours keep a contrast of at least 4.5 to 1.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from services.intake.domain.form import ANONYMOUS, FIELDS, Form
from services.intake.domain.promises import Promise, promises
from services.intake.form_errors import MOST_CHARACTERS, told
from services.intake.form_words import (
    ACKNOWLEDGED,
    AIMED,
    ANSWERED,
    IDENTITIES,
    LANGUAGES,
    NATURE_NOT_KNOWN,
    NATURES,
    NATURES_TOLD,
    NOT_COUNTED,
    RESULTS,
    UNITS,
    WORDS,
)
from shared.contracts.rejection import FieldError
from shared.pages import Language, render
from shared.profiles import Profile, ProfileVersion
from shared.profiles.label import Label
from shared.profiles.parts import ContactPoint
from shared.profiles.terms import Term

_TEMPLATES: Final = Path(__file__).parent / "templates"
_NOTHING_TYPED: Final = Form({})
_OTHER: Final[Mapping[Language, Language]] = {"nl": "en", "en": "nl"}


class Choice(NamedTuple):
    """One thing to choose."""

    value: str
    label: Label


class Notice(NamedTuple):
    """Why a form that is right was not taken in: words of the page, and what stands in them."""

    title: str
    text: str
    value: str


@dataclass(frozen=True)
class FormView:
    """What one page shows. ``form`` is what was typed, and nothing for a new one."""

    profile: Profile
    version: ProfileVersion
    language: Language
    form_id: str
    form: Form = _NOTHING_TYPED
    wrong: Sequence[FieldError] = ()
    notice: Notice | None = None
    linked = frozenset(FIELDS) - {"form_id"}
    """What an error can lead to."""
    most_typed = 3 * MOST_CHARACTERS["text"]
    """Where a browser stops: far enough beyond the limit that who wrote too much is told, and loses nothing."""

    @property
    def other(self) -> Language:
        return _OTHER[self.language]

    @property
    def here(self) -> str:
        return f"/form/{self.profile.id}?lang={self.language}"

    @property
    def translated(self) -> str:
        return f"/form/{self.profile.id}?lang={self.other}"

    @property
    def typed(self) -> Mapping[str, str]:
        return {"language": self.language, "identity": "known", "nature": "", "earlier": "", **self.form.typed}

    @property
    def errors(self) -> dict[str, Label]:
        """What is wrong by field, in the order of the page."""
        return {
            error["field"]: told(error, _what(error["field"]), self.form.typed.get(error["field"], ""))
            for error in self.wrong
        }

    @property
    def natures(self) -> list[Choice]:
        return [*(Choice(each.value, label) for each, label in NATURES.items()), Choice("", NATURE_NOT_KNOWN)]

    @property
    def earlier(self) -> list[Choice]:
        """No comes first: its place is where the page's style looks for it."""
        no = Choice("", WORDS["earlier_no"])
        return [no, *(Choice(each.value, label) for each, label in RESULTS.items())]

    @property
    def identities(self) -> list[Choice]:
        return [Choice(*each) for each in IDENTITIES.items()]

    @property
    def languages(self) -> list[Choice]:
        return [Choice(*each) for each in LANGUAGES.items()]

    @property
    def topics(self) -> list[tuple[Label | None, list[Choice]]]:
        """Topics, those with subtopics as groups of their own."""
        groups: list[tuple[Label | None, list[Choice]]] = []
        for topic in self.version.topics:
            general = Choice(topic.id, topic.name)
            if not topic.subtopics:
                groups.append((None, [general]))
                continue
            whole = Choice(topic.id, _filled(WORDS["in_general"], topic.name))
            subtopics = [Choice(f"{topic.id}.{each.id}", each.name) for each in topic.subtopics]
            groups.append((topic.name, [whole, *subtopics]))
        return groups

    @property
    def anonymous_hint(self) -> str:
        """Said beforehand: where the organisation does not deal with complaints of nobody."""
        excluded = any(ground.id == ANONYMOUS for ground in self.version.exclusion_grounds)
        return "anonymous_complaint_hint" if excluded else "anonymous_hint"


def form_page(view: FormView) -> str:
    """The whole document."""
    return render(_TEMPLATES, "form.html", view.language, WORDS, view=view, errors=view.errors, typed=view.typed)


class PromiseTold(NamedTuple):
    nature: Label
    owed: list[Label]


@dataclass(frozen=True)
class ReceivedView:
    """That it arrived: the number and what happens next, and nothing of what was sent or by whom."""

    profile: Profile
    version: ProfileVersion
    language: Language
    reference: str
    form_id: str

    @property
    def other(self) -> Language:
        return _OTHER[self.language]

    @property
    def translated(self) -> str:
        return received_address(self.profile, self.form_id, self.other)

    @property
    def another(self) -> str:
        return f"/form/{self.profile.id}?lang={self.language}"

    @property
    def terms(self) -> list[PromiseTold]:
        return [PromiseTold(NATURES_TOLD[each.nature], _owed(each)) for each in promises(self.version)]

    @property
    def others_without_term(self) -> bool:
        return len(self.terms) < len(NATURES_TOLD)

    @property
    def contact(self) -> ContactPoint:
        return self.version.competence.contact or ContactPoint()


def received_page(view: ReceivedView) -> str:
    """The whole document."""
    words = {**WORDS, "skip": WORDS["skip_received"]}
    return render(_TEMPLATES, "received.html", view.language, words, view=view)


def received_address(profile: Profile, form_id: str, language: Language) -> str:
    """Where that page is: by the form's own id, since numbers can be guessed."""
    return f"/form/{profile.id}?received={form_id}&lang={language}"


def _what(name: str) -> Label | None:
    return WORDS.get(name) if name in FIELDS else None


def _owed(promise: Promise) -> list[Label]:
    told_of = ((ACKNOWLEDGED, promise.acknowledgement), (ANSWERED, promise.answer))
    return [_promised(label, term) for label, term in told_of if term]


def _promised(label: Label, term: Term) -> Label:
    one, several = UNITS[term.length.unit]
    length = _filled(one if term.length.value == 1 else several, _plain(str(term.length.value)))
    if term.not_counted:
        length = _filled(NOT_COUNTED, length)
    within = _filled(label, length)
    return _filled(AIMED, within) if term.assumption else within


def _filled(label: Label, what: Label) -> Label:
    return Label(nl=label.nl.format(what.nl), en=label.en.format(what.en))


def _plain(text: str) -> Label:
    return Label(nl=text, en=text)
