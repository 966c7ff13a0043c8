"""The page on which a coordinator tries a message: the form, and the decision with its reasons."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from services.routing.domain import NO_TEXT, Outcome, words_told
from services.routing.domain.draft import Draft
from services.routing.page_words import ERRORS, EVIDENCE, HANDLERS, LINES, NATURES, RESULTS, RULES, WORDS
from services.routing.text.marking import Piece, marked
from services.routing.trial import MOST_CHARACTERS, Trial
from shared.contracts.identifiers import EarlierResult
from shared.pages import Language, render
from shared.profiles import Profile, ProfileVersion
from shared.profiles.label import Label
from shared.profiles.parts import ContactPoint

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Page:
    """What one page shows. ``outcome`` is there once a message was decided on."""

    profile: Profile
    version: ProfileVersion
    organisations: Sequence[Profile]
    language: Language
    trial: Trial
    outcome: Outcome | None = None


class Shown(NamedTuple):
    """A line of the decision: what it is called and how it reads."""

    name: str
    values: tuple[Label | None, ...]


class ShownReason(NamedTuple):
    name: Label
    rule: str
    evidence: str
    source: str


class ShownGuess(NamedTuple):
    field: str
    value: Label
    percent: int


def decision_page(page: Page) -> str:
    """The whole document."""
    errors = {error["field"]: _error(error["field"], error["code"]) for error in page.trial.errors}
    return render(
        _TEMPLATES,
        "routing.html",
        page.language,
        WORDS,
        page=page,
        typed=page.trial.typed,
        errors=errors,
        organisations=sorted(page.organisations, key=lambda each: getattr(each.name, page.language)),
        natures=_natures(page.version),
        results=RESULTS,
        result=_Result(page, page.outcome) if page.outcome else None,
    )


_KINDS = {"other_directorates": "directorate"}
_ORDER = tuple(Draft._fields)


class _Result:
    """A decision in words."""

    def __init__(self, page: Page, outcome: Outcome) -> None:
        self._version, self._outcome, self._page = page.version, outcome, page
        self.decision = outcome.decision
        self.percent = round(outcome.decision.confidence * 100)
        self.read = outcome.model_version != NO_TEXT
        self.model_version = outcome.model_version

    @property
    def lines(self) -> list[Shown]:
        told = self.decision
        places = [Shown("external_body", (self._label("external_body", told.external_body),))]
        if told.external_body is None:
            places = [
                Shown("directorate", (self._label("directorate", told.directorate),)),
                Shown("service", (self._label("service", told.service),)),
            ]
        if told.other_directorates:
            others = tuple(self._label("directorate", each) for each in told.other_directorates)
            places.append(Shown("other_directorates", others))
        return [
            Shown("nature", (self._label("nature", told.nature),)),
            Shown("line", (self._label("line", told.line),)),
            Shown("handled_by", (self._label("handled_by", told.handled_by),)),
            *places,
        ]

    @property
    def grounds(self) -> list[Label]:
        found = (self._label("exclusion_ground", each) for each in self.decision.exclusion_grounds)
        return [each for each in found if each]

    @property
    def contact(self) -> dict[str, str]:
        """How the body is reached that it is referred to."""
        body = next(
            (each for each in self._version.external_bodies if each.id == self.decision.external_body), None
        )
        point = body.contact if body and body.contact else ContactPoint()
        return {name: value for name, value in point.model_dump().items() if value}

    @property
    def undecided(self) -> list[str]:
        return [each for each in self._outcome.undecided if each in WORDS]

    @property
    def guesses(self) -> list[ShownGuess]:
        """By question, the likeliest first."""
        return [
            ShownGuess(
                each.field, self._label(each.field, each.value) or _plain(each.value), round(each.confidence * 100)
            )
            for each in sorted(self._outcome.guesses, key=lambda each: _ORDER.index(each.field))
        ]

    @property
    def reasons(self) -> list[ShownReason]:
        rules = {rule.id: rule for rule in self._version.routing_rules}
        found = []
        for reason in self.decision.reasons:
            rule = rules.get(reason.rule)
            name = rule.name if rule else RULES.get(reason.rule, _plain(reason.rule))
            evidence = "; ".join(self._in_words(part) for part in reason.evidence.split("; "))
            found.append(ShownReason(name, reason.rule, evidence, rule.source if rule else ""))
        return found

    def _in_words(self, part: str) -> str:
        language = self._page.language
        for pattern, label in EVIDENCE:
            told = re.fullmatch(pattern, part)
            if told:
                return str(getattr(label, language)).format(*(self._named(each) for each in told.groups()))
        field, _, value = part.partition("=")
        if field not in WORDS or not value:
            return part
        names = [self._label(_KINDS.get(field, field), each) or _plain(each) for each in value.split(", ")]
        return f"{getattr(WORDS[field], language).lower()}: {', '.join(getattr(each, language) for each in names)}"

    def _named(self, code: str) -> str:
        label = RESULTS[EarlierResult(code)] if code in list(EarlierResult) else _plain(code)
        return str(getattr(label, self._page.language))

    @property
    def pieces(self) -> list[Piece]:
        words = [word for reason in self.decision.reasons for word in words_told(reason.evidence)]
        return marked(self._page.trial.typed.get("text", ""), words)

    @property
    def marks(self) -> bool:
        return any(piece.weighed for piece in self.pieces)

    def _label(self, field: str, value: str | None) -> Label | None:
        return None if value is None else _labels(field, self._version).get(value, _plain(value))


def _labels(field: str, version: ProfileVersion) -> Mapping[Any, Label]:
    closed: dict[str, Mapping[Any, Label]] = {
        "nature": _natures(version),
        "line": LINES,
        "handled_by": HANDLERS,
        "service": {each.id: each.name for unit in version.directorates for each in unit.services},
    }
    listed = {
        "directorate": version.directorates,
        "external_body": version.external_bodies,
        "exclusion_ground": version.exclusion_grounds,
    }
    return closed[field] if field in closed else {each.id: each.name for each in listed.get(field, ())}


def _natures(version: ProfileVersion) -> dict[Any, Label]:
    return {**NATURES, **version.natures}


def _plain(value: str) -> Label:
    return Label(nl=value, en=value)


def _error(field: str, code: str) -> Label:
    told = ERRORS.get(code, ERRORS["invalid"])
    most = str(MOST_CHARACTERS.get(field, ""))
    return Label(nl=told.nl.replace("{most}", most), en=told.en.replace("{most}", most))
