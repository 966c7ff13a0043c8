"""What a report says in its own words, in Dutch and English."""

from collections.abc import Mapping
from typing import Final

from services.reporting.domain.report_view import Language
from shared.profiles.label import Label

WORDS: Final[Mapping[str, Label]] = {
    "skip": Label(nl="Naar het verslag", en="Skip to the report"),
    "other": Label(nl="English", en="Nederlands"),
    "links": Label(nl="Taal en bestanden", en="Language and files"),
    "csv": Label(nl="CSV (zip)", en="CSV (zip)"),
    "running": Label(
        nl="Dit jaar loopt nog: de cijfers groeien nog aan.",
        en="This year is still running: the figures still grow.",
    ),
    "public": Label(
        nl="Cijfers voor iedereen: kleine aantallen zijn afgeschermd, zodat niemand te herkennen is.",
        en="Figures for everybody: small numbers are suppressed, so that nobody can be recognised.",
    ),
    "generated": Label(nl="Opgemaakt op", en="Made on"),
    "version": Label(nl="Profielversie", en="Profile version"),
    "contents": Label(nl="Inhoud", en="Contents"),
    "key_figures": Label(nl="Kerncijfers", en="Key figures"),
    "findings": Label(nl="Bevindingen", en="Findings"),
    "computed": Label(
        nl="Deze zinnen zijn berekend uit de tabellen; niemand heeft ze met de hand geschreven.",
        en="These sentences are computed from the tables; nobody wrote them by hand.",
    ),
    "tables": Label(nl="Tabellen", en="Tables"),
    "table": Label(nl="Tabel", en="Table"),
    "chart": Label(nl="Figuur", en="Figure"),
    "section": Label(nl="Paragraaf", en="Section"),
    "contacts": Label(nl="Contacten", en="Contacts"),
    "total": Label(nl="Totaal", en="Total"),
    "number": Label(nl="Aantal", en="Number"),
    "change": Label(nl="Verschil met", en="Change from"),
    "points": Label(nl="Punten", en="Points"),
    "in_percent": Label(nl="In %", en="In %"),
    "published": Label(nl="zoals destijds gepubliceerd", en="as published at the time"),
    "suppressed": Label(nl="afgeschermd", en="suppressed"),
    "notes": Label(nl="Begrippen en verantwoording", en="Definitions and reconciliation"),
    "contact_is": Label(nl="Contact", en="Contact"),
    "contact_means": Label(
        nl="Eén benadering door een burger, hoe vaak er daarna ook over geschreven of gebeld wordt. Een heropend "
        "contact blijft één contact.",
        en="One approach by a citizen, however often there are letters or calls about it afterwards. A contact "
        "that is reopened remains one contact.",
    ),
    "year_is": Label(nl="Jaar en maand", en="Year and month"),
    "year_means": Label(
        nl="Die van de dag van ontvangst, volgens de kalender van de organisatie zelf.",
        en="Those of the day of receipt, by the organisation's own calendar.",
    ),
    "month_is": Label(nl="Maand", en="Month"),
    "month_means": Label(
        nl="Die van de dag van ontvangst, volgens de kalender van de organisatie zelf.",
        en="That of the day of receipt, by the organisation's own calendar.",
    ),
    "kept_is": Label(nl="Bewaard zoals het was", en="Kept as it was"),
    "kept_means": Label(
        nl="Een maandverslag wordt één keer gemaakt en daarna niet meer veranderd. Verandert er later nog iets in "
        "de cijfers, dan staat dat bovenaan.",
        en="A monthly report is made once and not changed afterwards. Where figures have moved since, it says so "
        "at the top.",
    ),
    "change_by_month_is": Label(nl="Verschil", en="Change"),
    "change_by_month_means": Label(
        nl="In aantal, in procent van de maand ervoor, en in procentpunten tussen de aandelen. Dezelfde maand van "
        "het jaar ervoor staat ernaast.",
        en="As a number, in percent of the month before, and in percentage points between the shares. The same "
        "month of the year before stands beside it.",
    ),
    "share_is": Label(nl="Aandeel", en="Share"),
    "share_means": Label(
        nl="Het deel van de contacten in de tabel. Telt een contact bij meer waarden mee, dan komen de aandelen "
        "samen boven 100 %.",
        en="The part of the contacts in the table. Where a contact counts under several values, shares come to "
        "more than 100% together.",
    ),
    "change_is": Label(nl="Verschil", en="Change"),
    "change_means": Label(
        nl="In aantal, in procent van het jaar ervoor, en in procentpunten tussen de aandelen. Zonder contacten "
        "in het jaar ervoor is er geen procent.",
        en="As a number, in percent of the year before, and in percentage points between the shares. Without "
        "contacts in the year before there is no percentage.",
    ),
    "before_is": Label(nl="Eerdere jaren", en="Earlier years"),
    "before_means": Label(
        nl="Geteld zoals dit jaar wanneer de contacten van dat jaar bewaard zijn, en anders zoals destijds "
        "gepubliceerd; de tabel zegt het erbij.",
        en="Counted like this year where that year's contacts are kept, and otherwise as published at the time; "
        "the table tells.",
    ),
    "unknown_is": Label(nl="Onbekend, geen, elders", en="Unknown, none, elsewhere"),
    "unknown_means": Label(
        nl="Onbekend is wat niet of nog niet vaststaat, geen wat er niet is, elders een adres buiten het gebied.",
        en="Unknown is what is not settled or not yet, none is what there is not, elsewhere an address outside "
        "the territory.",
    ),
    "findings_is": Label(nl="Bevindingen", en="Findings"),
    "findings_means": Label(
        nl="Alleen uit volledige cijfers. Bij minder dan {base} contacten staat er geen percentage en geen meest "
        "voorkomende waarde, en een verandering van een waarde telt vanaf {change} contacten.",
        en="From complete figures only. Under {base} contacts no percentage and no most frequent value is told, "
        "and a change of a value counts from {change} contacts on.",
    ),
    "made_of": Label(nl="Verantwoording", en="Reconciliation"),
    "file": Label(nl="Bestand", en="File"),
    "definition": Label(nl="Wat er geteld is", en="What is counted"),
    "period": Label(nl="Periode", en="Period"),
    "until": Label(nl="tot en met", en="up to and including"),
    "seconds": Label(nl="seconden", en="seconds"),
    "stated": Label(nl="opgegeven door de organisatie", en="stated by the organisation"),
    "no_rows": Label(nl="Geen enkel contact valt in deze tabel.", en="No contact is in this table."),
    "no_tables": Label(nl="Dit profiel heeft nog geen tabellen.", en="This profile has no tables yet."),
}
"""Words of the page; ``shared.pages`` reads them."""
_SENTENCES: Final[Mapping[str, Mapping[Language, tuple[str, str]]]] = {
    "in_table": {
        "nl": (
            "{contacts} van de {of} contacten van {of_when} valt in deze tabel",
            "{contacts} van de {of} contacten van {of_when} vallen in deze tabel",
        ),
        "en": (
            "{contacts} of the {of} contacts of {of_when} is in this table",
            "{contacts} of the {of} contacts of {of_when} are in this table",
        ),
    },
    "rows": {
        "nl": ("de rijen tellen op tot {rows}", "de rijen tellen op tot {rows}"),
        "en": ("the rows add up to {rows}", "the rows add up to {rows}"),
    },
    "several": {
        "nl": ("een contact telt mee bij elk van zijn waarden",) * 2,
        "en": ("a contact counts under each of its values",) * 2,
    },
    "overlap": {
        "nl": ("elke rij telt volgens eigen voorwaarden, en rijen kunnen elkaar overlappen",) * 2,
        "en": ("each row counts by conditions of its own, and rows may overlap",) * 2,
    },
    "hidden": {
        "nl": ("{n} cijfer is afgeschermd", "{n} cijfers zijn afgeschermd"),
        "en": ("{n} figure is suppressed", "{n} figures are suppressed"),
    },
    "made_of": {
        "nl": (
            "Dit verslag telt {contacts} contact van {of_when}, gemaakt van {events} gebeurtenissen.",
            "Dit verslag telt {contacts} contacten van {of_when}, gemaakt van {events} gebeurtenissen.",
        ),
        "en": (
            "This report counts {contacts} contact of {of_when}, made of {events} events.",
            "This report counts {contacts} contacts of {of_when}, made of {events} events.",
        ),
    },
}


def say(word: str, language: Language) -> str:
    """A word of the report."""
    return str(getattr(WORDS[word], language))


def told(sentence: str, language: Language, count: int | None, **values: object) -> str:
    """A sentence about so many, in the singular or the plural."""
    one, more = _SENTENCES[sentence][language]
    return (one if count == 1 else more).format(**values)
