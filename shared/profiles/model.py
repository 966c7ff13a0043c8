"""An organisation as data: its parts, its lists, its terms and its report, in dated versions."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, model_validator

from shared.contracts.identifiers import Channel, HandledBy, Id, Nature
from shared.profiles.calendar import Calendar
from shared.profiles.label import Label, Part
from shared.profiles.parts import (
    AccessChannel,
    Attribute,
    Competence,
    Directorate,
    District,
    EscalationTarget,
    ExternalBody,
    HouseRule,
    Item,
    LinkWindows,
    Service,
    Topic,
)
from shared.profiles.report import ContextFigure, ReportTable, RowGroup
from shared.profiles.rules import RoutingRule
from shared.profiles.terms import Term

__all__ = [
    "AccessChannel",
    "Attribute",
    "Competence",
    "ContextFigure",
    "Directorate",
    "District",
    "EscalationTarget",
    "ExternalBody",
    "HouseRule",
    "Item",
    "Label",
    "LinkWindows",
    "MonthlyReports",
    "Norm",
    "Profile",
    "ProfileVersion",
    "ReportTable",
    "RoutingRule",
    "RowGroup",
    "Service",
    "Topic",
]


_A_DAY = timedelta(days=1)


class MonthlyReports(Part):
    """When the reports of a month are made: on this day of the next month, from this hour on, both local."""

    day: Annotated[int, Field(ge=1, le=28)] = 2
    hour: Annotated[int, Field(ge=0, le=23)] = 6


class Norm(Item):
    """A norm that handling is tested against; ``group`` as in the organisation's own list."""

    group: str | None = None


class ProfileVersion(Part):
    """The organisation as it is from ``valid_from`` (local date) until the next version begins."""

    valid_from: date
    channels: dict[Channel, Label]
    natures: dict[Nature, Label] = {}
    """The natures that the organisation itself tells apart, in its own words; empty where it has no words of its
    own. Contacts of another nature are taken all the same."""
    access_channels: tuple[AccessChannel, ...] = ()
    entities: tuple[Item, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    directorates: tuple[Directorate, ...]
    external_bodies: tuple[ExternalBody, ...]
    competence: Competence = Competence()
    topics: tuple[Topic, ...] = ()
    districts: tuple[District, ...] = ()
    municipalities: tuple[str, ...] = ()
    """Names of the organisation's own territory: an address that says no more lies in a district not known."""
    exclusion_grounds: tuple[Item, ...]
    qualifications: tuple[Item, ...]
    interventions: tuple[Item, ...]
    outcomes: tuple[Item, ...]
    norms: tuple[Norm, ...]
    escalation_targets: tuple[EscalationTarget, ...]
    next_stages: dict[HandledBy, tuple[Id, ...]] = {}
    """Where a citizen who is not content can go next, by who dealt with it: ids of escalation targets."""
    house_rules: tuple[HouseRule, ...] = ()
    routing_rules: tuple[RoutingRule, ...] = ()
    """What decides on a contact, from top to bottom; sets of rules that were named stand here rule by rule."""
    first_line_complaints_by: HandledBy
    """Who deals with a first-line complaint; other first-line contacts are always the service's."""
    review_below: Annotated[float, Field(ge=0, le=1)] = 0.8
    """A decision that rests on a text and is less sure than this is reviewed by a person."""
    links: LinkWindows = LinkWindows()
    facts_excluded_after_years: Annotated[int, Field(gt=0)] | None = None
    """Calendar years after which a complaint about what happened is excluded; ``None`` where time is no ground."""
    terms: tuple[Term, ...]
    counter_tables: tuple[Annotated[tuple[Id, ...], Field(min_length=1, max_length=3)], ...] = ()
    """Dimensions that are counted together by month, so that asking costs the same at any number of contacts."""
    annual_report: tuple[ReportTable, ...] = ()
    context: tuple[ContextFigure, ...] = ()
    """Published figures that are about no contact and are needed to read those that are."""

    def directorate_of(self, service: str) -> str | None:
        """The directorate that a service belongs to, None where the profile does not know the service."""
        return self._directorate_by_service.get(service)

    @cached_property
    def _directorate_by_service(self) -> dict[str, str]:
        return {service.id: unit.id for unit in self.directorates for service in unit.services}

    @cached_property
    def codes(self) -> dict[str, frozenset[str]]:
        """Every list of codes by the name of the field that may hold one of them."""
        directorates = frozenset(unit.id for unit in self.directorates)
        return {
            "channel": frozenset(self.channels),
            "access_channel": _ids(self.access_channels),
            "entity": _ids(self.entities),
            "directorate": directorates,
            "service": frozenset(self._directorate_by_service),
            "external_body": _ids(self.external_bodies),
            "topic": _ids(self.topics),
            "subtopic": frozenset(sub.id for topic in self.topics for sub in topic.subtopics),
            "district": _ids(self.districts),
            "exclusion_ground": _ids(self.exclusion_grounds),
            "qualification": _ids(self.qualifications),
            "intervention": _ids(self.interventions),
            "outcome": _ids(self.outcomes),
            "norm": _ids(self.norms),
            "escalation_target": _ids(self.escalation_targets),
        }

    @cached_property
    def words_listened_for(self) -> tuple[str, ...]:
        """What any of the routing rules looks for in a text, each once."""
        return tuple(dict.fromkeys(entry for rule in self.routing_rules for entry in rule.when.text_has or ()))

    @cached_property
    def attribute_codes(self) -> dict[str, frozenset[str]]:
        """The values of each attribute by its id."""
        return {attribute.id: _ids(attribute.values) for attribute in self.attributes}


def _ids(items: Iterable[Item]) -> frozenset[str]:
    return frozenset(item.id for item in items)


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"{name} is no time zone of the IANA list; give one like Europe/Brussels") from None
    return name


class Profile(Part):
    """One organisation. ``revision`` goes up with every edit: of two decisions the higher revision's holds."""

    id: Id
    name: Label
    revision: Annotated[int, Field(ge=1)]
    reference_prefix: Annotated[str, Field(pattern=r"^[A-Z]{2,5}$")]
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    time_zone: Annotated[str, AfterValidator(_known_zone)]
    language: str
    reporting_year_begins: Annotated[str, Field(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])$")] = "01-01"
    """Month and day on which the organisation's reporting year begins; it is named after the year of that day."""
    monthly_reports: MonthlyReports | None = MonthlyReports()
    """Null where no monthly report is wanted but by hand."""
    calendar: Calendar = Calendar()
    """Public holidays, closing days and other dated days that terms depend on."""
    versions: Annotated[tuple[ProfileVersion, ...], Field(min_length=1)]
    content_hash: str = ""
    """SHA-256 of the profile as it was read; set by the loader."""

    @model_validator(mode="after")
    def _terms_find_their_days(self) -> "Profile":
        for term in (term for version in self.versions for term in version.terms):
            for name in term.not_counted:
                if name not in self.calendar.day_sets:
                    raise ValueError(f"calendar: term {term.id} does not count {name}; put it among day_sets")
            if term.needs_working_days and self.calendar.public_holidays is None:
                raise ValueError(f"calendar: term {term.id} needs working days; name the public_holidays")
        return self

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def local_date(self, moment: datetime) -> date:
        """The organisation's own calendar day of a moment (aware)."""
        return moment.astimezone(self.zone).date()

    def version_on(self, day: date) -> ProfileVersion:
        """The version that holds on a local day; before the first version, the first."""
        held = self.versions[0]
        for version in self.versions:
            if version.valid_from <= day:
                held = version
        return held

    def version_at(self, moment: datetime) -> ProfileVersion:
        """The version that holds at a moment (aware), by the organisation's own calendar."""
        return self.version_on(self.local_date(moment))

    def reporting_year(self, year: int) -> tuple[date, date]:
        """First and last local day of a reporting year, both included."""
        begins = f"-{self.reporting_year_begins}"
        return date.fromisoformat(f"{year:04d}{begins}"), date.fromisoformat(f"{year + 1:04d}{begins}") - _A_DAY

    def version_name(self, version: ProfileVersion) -> str:
        """How a decision names the version that it was taken by: date, revision and content."""
        return f"{version.valid_from.isoformat()}/r{self.revision}#{self.content_hash[:8]}"
