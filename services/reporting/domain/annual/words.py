"""What a person reads of a table beside its figures: columns, and one sentence that says what is counted."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from services.reporting.domain.annual.figures import Row
from services.reporting.domain.annual.year import ReportingYear
from services.reporting.domain.dimensions import PERIODS, SEVERAL, Vocabulary
from shared.day_names import MONTHS
from shared.profiles import ProfileVersion
from shared.profiles.model import Label, ReportTable
from shared.profiles.report import Where

Text = dict[str, str]
_COLUMNS: Final[Mapping[str, tuple[str, str, str]]] = {
    "count": ("Aantal", "Number", "count"),
    "share": ("Aandeel", "Share", "percent"),
    "mean_per_month": ("Gemiddeld per maand", "Mean per month", "decimal"),
    "mean_days": ("Gemiddeld aantal dagen", "Mean days", "days"),
    "median_days": ("Mediaan in dagen", "Median days", "days"),
    "p90_days": ("90e percentiel in dagen", "90th percentile in days", "days"),
    "within_term": ("Binnen de termijn", "Within the term", "count"),
    "outside_term": ("Buiten de termijn", "Outside the term", "count"),
    "open_overdue": ("Over tijd en nog open", "Overdue and still open", "count"),
    "term_days": ("Termijn in dagen", "Term in days", "days"),
    "score": ("Score", "Score", "decimal"),
    "surveyed": ("Bevraagd", "Surveyed", "count"),
    "surveyed_share": ("Aandeel bevraagd", "Share surveyed", "percent"),
    "rate_of": ("Van", "Of", "count"),
    "closed": ("Afgesloten", "Closed", "count"),
    "open_at_end": ("Open op het einde", "Open at the end", "count"),
    "inhabitants": ("Inwoners", "Inhabitants", "count"),
    "per_1000": ("Per 1.000 inwoners", "Per 1,000 inhabitants", "decimal"),
}
_DIMENSIONS: Final[Mapping[str, tuple[str, str]]] = {
    "year": ("jaar", "year"),
    "half_year": ("halfjaar", "half year"),
    "quarter": ("kwartaal", "quarter"),
    "month": ("maand", "month"),
    "channel": ("kanaal", "channel"),
    "access_channel": ("toegangskanaal", "access channel"),
    "nature": ("aard", "nature"),
    "line": ("lijn", "line"),
    "handled_by": ("behandelaar", "handled by"),
    "directorate": ("directie", "directorate"),
    "service": ("dienst", "service"),
    "topic": ("onderwerp", "topic"),
    "subtopic": ("deelonderwerp", "subtopic"),
    "entity": ("entiteit", "entity"),
    "external_body": ("externe instantie", "external body"),
    "exclusion_ground": ("uitsluitingsgrond", "ground of exclusion"),
    "qualification": ("beoordeling", "qualification"),
    "intervention": ("tussenkomst", "intervention"),
    "outcome": ("resultaat", "outcome"),
    "norm": ("norm", "norm"),
    "district": ("woonplaats", "residence"),
    "repeated": ("herhaald", "repeated"),
    "cross_directorate": ("directieoverschrijdend", "over several directorates"),
    "state": ("stand", "state"),
    "acknowledged_in_term": ("tijdig bevestigd", "acknowledged in term"),
    "answered_in_term": ("tijdig beantwoord", "answered in term"),
    "extended": ("verlengd", "extended"),
}


def columns(table: ReportTable, year: ReportingYear, version: ProfileVersion, words: Vocabulary) -> list[Row]:
    """The figures of each row, in order: id, label, format and, of a share, what it is of."""
    names = {part.id: part.name for part in table.parts}
    speaker = _Speaker(year, version, words)
    shown: list[Row] = []
    for name in table.columns:
        nl, en, format_ = _column(name, table, names)
        column: Row = {"id": name, "label": {"nl": nl, "en": en}, "format": format_}
        if name == "share" and table.share_of is not None:
            column["of"] = speaker.contacts(table.share_of)
        elif name in ("share", "surveyed_share"):
            column["of"] = speaker.contacts(table.where)
        elif name.startswith("within_") and format_ == "percent":
            column["of"] = speaker.contacts(table.where, answered=table.within_days_of == "answered")
        elif name in ("rate", "rate_of") and table.rate is not None:
            column["of"] = speaker.contacts(table.rate.of)
        shown.append(column)
    return shown


def _column(name: str, table: ReportTable, parts: Mapping[str, Label]) -> tuple[str, str, str]:
    if name in parts:
        return parts[name].nl, parts[name].en, "count"
    if name == "rate" and table.rate is not None:
        return table.rate.name.nl, table.rate.name.en, "percent"
    if name in _COLUMNS:
        return _COLUMNS[name]
    days = name.split("_")[-2]
    if name.startswith("within_"):
        return f"Beantwoord binnen {days} dagen", f"Answered within {days} days", "percent"
    return f"Niet opgelost na {days} dagen", f"Not solved after {days} days", "count"


def definition(table: ReportTable, year: ReportingYear, version: ProfileVersion, words: Vocabulary) -> Text:
    """What is counted, from which fields and by which date, in one sentence."""
    return _Speaker(year, version, words).definition(table)


class _Speaker:
    """Puts filters and groups into words."""

    def __init__(self, year: ReportingYear, version: ProfileVersion, words: Vocabulary) -> None:
        self._year = year
        self._words = words
        self._attributes = {attribute.id: attribute.name for attribute in version.attributes}

    def contacts(self, where: Where, *, answered: bool = False) -> Text:
        """The contacts that pass, without their dates."""
        begins = ("beantwoorde contacten", "answered contacts") if answered else ("contacten", "contacts")
        return {
            "nl": begins[0] + self._with(where, "nl", " met ", " of "),
            "en": begins[1] + self._with(where, "en", " with ", " or "),
        }

    def definition(self, table: ReportTable) -> Text:
        contacts = self.contacts(table.where)
        first, last = self._year.first, self._year.last
        nl = f"{_begun(contacts['nl'])}, ontvangen van {_day_nl(first)} tot en met {_day_nl(last)}"
        en = f"{_begun(contacts['en'])}, received from {_day_en(first)} up to and including {_day_en(last)}"
        by = [self._dimension(name) for name in table.by]
        if by:
            nl += f", per {_listed((each.nl for each in by), ' en ')}"
            en += f", by {_listed((each.en for each in by), ' and ')}"
        if table.lines:
            nl += "; elke regel telt volgens zijn eigen voorwaarden, en regels kunnen elkaar overlappen"
            en += "; each line counts by conditions of its own, and lines may overlap"
        elif SEVERAL.intersection(table.by):
            nl += "; een contact met meer waarden telt in elk van die rijen"
            en += "; a contact with several values counts in each of those rows"
        if table.new_and_closed:
            nl += "; afgesloten telt naar de dag van afsluiten"
            en += "; closed is counted by the day of closing"
        return {"nl": nl + ".", "en": en + "."}

    def _with(self, where: Where, language: str, with_: str, or_: str) -> str:
        parts = [
            f"{self._in(self._dimension(name), language)} {self._values(name, values, language, or_)}"
            for name, values in where.items()
        ]
        return with_ + _listed(parts, " en " if language == "nl" else " and ") if parts else ""

    def _values(self, name: str, values: Sequence[str], language: str, or_: str) -> str:
        named = [self._year.period(name, each) if name in PERIODS else each for each in values]
        return _listed([f"'{self._in(self._words.label(name, each), language)}'" for each in named], or_)

    def _dimension(self, name: str) -> Label:
        if name in self._attributes:
            label = self._attributes[name]
            return Label(nl=label.nl[0].lower() + label.nl[1:], en=label.en[0].lower() + label.en[1:])
        nl, en = _DIMENSIONS.get(name, (name, name))
        return Label(nl=nl, en=en)

    def _in(self, label: Label, language: str) -> str:
        return label.nl if language == "nl" else label.en


def _begun(sentence: str) -> str:
    return sentence[0].upper() + sentence[1:]


def _day_nl(day: date) -> str:
    return f"{day.day} {MONTHS['nl'][day.month - 1]} {day.year}"


def _day_en(day: date) -> str:
    return f"{day.day} {MONTHS['en'][day.month - 1]} {day.year}"


def _listed(names: Iterable[str], last: str) -> str:
    *most, final = names
    return ", ".join(most) + last + final if most else final
