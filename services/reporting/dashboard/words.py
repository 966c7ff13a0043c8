"""What the dashboard says, in Dutch and English, and how it spells numbers and days."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from services.reporting.domain.timespan import Timespan
from services.reporting.domain.wording import MINUS, number
from shared.contracts.identifiers import DeadlineKind
from shared.day_names import MONTHS
from shared.pages import Language
from shared.profiles.label import Label

WORDS: Final[Mapping[str, Label]] = {
    "title": Label(nl="Overzicht", en="Dashboard"),
    "skip": Label(nl="Naar de cijfers", en="Skip to the figures"),
    "choose": Label(nl="Kies organisatie en periode", en="Choose organisation and period"),
    "organisation": Label(nl="Organisatie", en="Organisation"),
    "period": Label(nl="Periode", en="Period"),
    "years": Label(nl="Jaren", en="Years"),
    "halves": Label(nl="Halve jaren", en="Half-years"),
    "quarters": Label(nl="Kwartalen", en="Quarters"),
    "months": Label(nl="Maanden", en="Months"),
    "show": Label(nl="Tonen", en="Show"),
    "other_days": Label(nl="Andere dagen", en="Other days"),
    "from": Label(nl="Van", en="From"),
    "to": Label(nl="Tot en met", en="Up to and including"),
    "filters": Label(nl="Gefilterd op", en="Filtered by"),
    "remove": Label(nl="verwijder dit filter", en="remove this filter"),
    "clear": Label(nl="Alle filters wissen", en="Clear all filters"),
    "key_figures": Label(nl="Kerncijfers", en="Key figures"),
    "contacts": Label(nl="Contacten", en="Contacts"),
    "second_line": Label(nl="Tweedelijn", en="Second line"),
    "complaints": Label(nl="Klachten", en="Complaints"),
    "founded": Label(nl="(Deels) gegrond", en="(Partly) founded"),
    "founded_of": Label(nl="van {n} met een oordeel", en="of {n} with a verdict"),
    "on_time": Label(nl="Op tijd beantwoord", en="Answered on time"),
    "on_time_of": Label(nl="van {n} die een antwoord moesten hebben", en="of {n} that were due an answer"),
    "median": Label(nl="Mediaan tot antwoord", en="Median until answered"),
    "overdue": Label(nl="Open en over tijd", en="Open and overdue"),
    "days": Label(nl="dagen", en="days"),
    "points": Label(nl="procentpunt", en="percentage points"),
    "as_before": Label(nl="gelijk aan {period}", en="the same as in {period}"),
    "against": Label(nl="{change} tegenover {period} ({before})", en="{change} against {period} ({before})"),
    "no_before": Label(nl="geen cijfers van {period}", en="no figures for {period}"),
    "trend": Label(nl="Per maand", en="By month"),
    "month": Label(nl="Maand", en="Month"),
    "directorate": Label(nl="Per directie", en="By directorate"),
    "line": Label(nl="Per lijn", en="By line"),
    "nature": Label(nl="Per aard", en="By nature"),
    "channel": Label(nl="Per kanaal", en="By channel"),
    "qualification": Label(nl="Per oordeel", en="By verdict"),
    "deadlines": Label(nl="Termijnen", en="Deadlines"),
    "kept_by_directorate": Label(nl="Op tijd beantwoord per directie", en="Answered on time by directorate"),
    "kind": Label(nl="Termijn", en="Deadline"),
    "received": Label(nl="Met termijn", en="With deadline"),
    "met": Label(nl="Op tijd", en="On time"),
    "met_late": Label(nl="Te laat", en="Late"),
    "missed_open": Label(nl="Over tijd, open", en="Overdue, open"),
    "open_in_term": Label(nl="Lopend", en="Running"),
    "cancelled": Label(nl="Vervallen", en="Cancelled"),
    "share": Label(nl="Aandeel", en="Share"),
    "count": Label(nl="Aantal", en="Number"),
    "change": Label(nl="Verschil", en="Change"),
    "on_time_share": Label(nl="Aandeel op tijd", en="Share on time"),
    "total": Label(nl="Totaal", en="Total"),
    "as_table": Label(nl="Als tabel", en="As a table"),
    "as_json": Label(nl="Cijfers als JSON", en="Figures as JSON"),
    "only": Label(nl="toon alleen dit", en="show this alone"),
    "chosen": Label(nl="gekozen", en="chosen"),
    "running": Label(
        nl="Deze periode is nog niet voorbij: de cijfers groeien nog.",
        en="This period is not over: its figures still grow.",
    ),
    "running_against": Label(
        nl="Ze staan naast de hele periode van een jaar eerder.",
        en="They stand beside the whole period of the year before.",
    ),
    "nothing": Label(nl="Geen contacten gevonden", en="No contacts found"),
    "nothing_filtered": Label(
        nl="In {period} zijn er {n} contacten, maar geen enkel past bij alle filters samen. Verwijder er een.",
        en="There are {n} contacts in {period}, but none passes all filters together. Remove one.",
    ),
    "nothing_at_all": Label(
        nl="Van {period} zijn er geen contacten opgeslagen. Kies een andere periode of organisatie, of importeer "
        "de contacten van toen.",
        en="No contacts of {period} are stored. Choose another period or organisation, or import the contacts of "
        "that time.",
    ),
    "reconciled": Label(
        nl="Alle tabellen tellen op tot {total} contacten. De feiten tellen er ook {contacts}, gemaakt van "
        "{events} gebeurtenissen.",
        en="All tables add up to {total} contacts. The facts are {contacts} as well, made of {events} events.",
    ),
    "not_reconciled": Label(
        nl="De tabellen tellen op tot {total} contacten, de feiten tellen er {contacts}, gemaakt van "
        "{events} gebeurtenissen. Er kwam net iets bij, of de tellers moeten opnieuw gemaakt worden.",
        en="The tables add up to {total} contacts; the facts are {contacts}, made of {events} events. Something "
        "has just come in, or the counters have to be made anew.",
    ),
    "reconciliation": Label(nl="Waar de cijfers vandaan komen", en="Where the figures come from"),
    "annual": Label(nl="Jaarverslag", en="Annual report"),
    "annual_of": Label(nl="Jaarverslag {year}", en="Annual report {year}"),
    "monthly": Label(nl="Maandverslagen", en="Monthly reports"),
    "monthly_of": Label(nl="Maandverslagen {month}", en="Monthly reports {month}"),
    "other": Label(nl="English", en="Nederlands"),
    "links": Label(nl="Taal en verslagen", en="Language and reports"),
    "bars": Label(
        nl="Kies een balk om te filteren. Het streepje is {period}.",
        en="Choose a bar to filter. The mark is {period}.",
    ),
    "bars_alone": Label(nl="Kies een balk om te filteren.", en="Choose a bar to filter."),
    "columns_alone": Label(nl="Kies een maand om die te bekijken.", en="Choose a month to look at it."),
    "before_short": Label(nl="een jaar eerder", en="the year before"),
    "columns": Label(
        nl="Kies een maand om die te bekijken. Het streepje is een jaar eerder.",
        en="Choose a month to look at it. The mark is the year before.",
    ),
}
KINDS: Final[Mapping[DeadlineKind, Label]] = {
    DeadlineKind.ACKNOWLEDGEMENT: Label(nl="Ontvangstmelding", en="Acknowledgement"),
    DeadlineKind.ANSWER: Label(nl="Antwoord", en="Answer"),
}
DIMENSIONS: Final[Mapping[str, Label]] = {
    "channel": Label(nl="Kanaal", en="Channel"),
    "access_channel": Label(nl="Ingang", en="Way in"),
    "nature": Label(nl="Aard", en="Nature"),
    "line": Label(nl="Lijn", en="Line"),
    "handled_by": Label(nl="Behandeld door", en="Dealt with by"),
    "directorate": Label(nl="Directie", en="Directorate"),
    "service": Label(nl="Dienst", en="Service"),
    "topic": Label(nl="Onderwerp", en="Topic"),
    "subtopic": Label(nl="Deelonderwerp", en="Subtopic"),
    "entity": Label(nl="Entiteit", en="Entity"),
    "external_body": Label(nl="Externe instantie", en="External body"),
    "exclusion_ground": Label(nl="Uitsluitingsgrond", en="Ground of exclusion"),
    "qualification": Label(nl="Oordeel", en="Verdict"),
    "intervention": Label(nl="Interventie", en="Intervention"),
    "outcome": Label(nl="Resultaat", en="Outcome"),
    "norm": Label(nl="Norm", en="Norm"),
    "district": Label(nl="Woonplaats", en="Residence"),
    "repeated": Label(nl="Herhaald", en="Repeated"),
    "cross_directorate": Label(nl="Over directies heen", en="Across directorates"),
    "state": Label(nl="Stand", en="State"),
    "acknowledged_in_term": Label(nl="Ontvangst op tijd gemeld", en="Acknowledged in time"),
    "answered_in_term": Label(nl="Op tijd beantwoord", en="Answered in time"),
    "extended": Label(nl="Verlengd", en="Extended"),
}
_SHORT: Final[Mapping[Language, str]] = {
    "nl": "jan feb mrt apr mei jun jul aug sep okt nov dec",
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
}
_PARTS: Final[Mapping[str, Label]] = {
    "H1": Label(nl="eerste helft van {year}", en="first half of {year}"),
    "H2": Label(nl="tweede helft van {year}", en="second half of {year}"),
    "Q1": Label(nl="eerste kwartaal van {year}", en="first quarter of {year}"),
    "Q2": Label(nl="tweede kwartaal van {year}", en="second quarter of {year}"),
    "Q3": Label(nl="derde kwartaal van {year}", en="third quarter of {year}"),
    "Q4": Label(nl="vierde kwartaal van {year}", en="fourth quarter of {year}"),
}


def signed(value: float, language: Language, decimals: int = 0) -> str:
    """With a plus or a real minus in front."""
    return f"{'+' if value > 0 else MINUS if value < 0 else ''}{number(abs(value), language, decimals)}"


def month_name(month: int, language: Language, *, short: bool = False) -> str:
    return _SHORT[language].split()[month - 1] if short else MONTHS[language][month - 1]


def span_name(span: Timespan, language: Language) -> str:
    """How a person calls it: 2021, eerste kwartaal van 2021, maart 2021, 1 maart 2021 tot en met 5 april 2021."""
    year, _, part = span.name.partition("-") if "/" not in span.name else ("", "", "")
    if not year:
        between = {"nl": "tot en met", "en": "to"}[language]
        return f"{_day(span.first, language)} {between} {_day(span.last, language)}"
    if part in _PARTS:
        return str(getattr(_PARTS[part], language)).format(year=year)
    return f"{month_name(int(part), language)} {year}" if part else year


def _day(day: date, language: Language) -> str:
    return f"{day.day} {month_name(day.month, language)} {day.year}"
