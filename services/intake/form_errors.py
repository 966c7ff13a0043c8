"""What is wrong with a web form, for the citizen: what it is, and what would be right."""

from collections.abc import Mapping
from typing import Final

from shared.contracts.rejection import FieldError
from shared.profiles.label import Label

MOST_CHARACTERS: Final[Mapping[str, int]] = {
    "text": 20_000,
    "subject": 200,
    "earlier_reference": 100,
    "name": 200,
    "email": 254,
    "phone": 50,
    "street": 200,
    "postal_code": 20,
    "municipality": 200,
}
"""As the contract has them."""
_BY_FIELD: Final = {
    ("text", "missing"): Label(nl="Schrijf uw bericht", en="Write your message"),
    ("email", "wrong_form"): Label(
        nl="Geef een e-mailadres zoals naam@voorbeeld.be, of laat het open",
        en="Give an e-mail address like name@example.org, or leave it out",
    ),
    ("facts_on", "missing"): Label(
        nl="Vul dag, maand en jaar in waarop het gebeurde, of laat alle drie open",
        en="Fill in the day, month and year on which it happened, or leave out all three",
    ),
    ("earlier_on", "missing"): Label(
        nl="Vul in wanneer u contact had met de dienst: dag, maand en jaar; ongeveer mag ook",
        en="Fill in when you were in touch with the service: day, month and year; roughly will do",
    ),
    ("identity", "contradicts"): Label(
        nl="Vul hieronder in wie u bent, of kies dat u anoniem blijft",
        en="Fill in below who you are, or choose to stay anonymous",
    ),
    ("form_id", "wrong_form"): Label(
        nl="Het formulier kwam niet volledig aan; kijk na wat er staat en druk nog eens op Versturen",
        en="The form did not arrive whole; check what stands here and press Send again",
    ),
}
_BY_CODE: Final = {
    "missing": Label(nl="Vul dit in", en="Fill this in"),
    "too_long": Label(
        nl="{what}: dit zijn {now} tekens; maak het korter, tot hoogstens {most}",
        en="{what}: this is {now} characters; make it shorter, at most {most}",
    ),
    "too_short": Label(nl="{what}: vul meer in, of laat het open", en="{what}: fill in more, or leave it out"),
    "wrong_form": Label(
        nl="{what} bestaat niet; geef dag, maand en een jaar van vier cijfers, zoals 27 3 2026",
        en="{what} does not exist; give day, month and a year of four digits, like 27 3 2026",
    ),
    "in_the_future": Label(
        nl="{what} ligt in de toekomst; geef vandaag of een dag ervoor",
        en="{what} lies in the future; give today or a day before",
    ),
    "too_old": Label(
        nl="{what} ligt voor 1900; geef een jaar van vier cijfers",
        en="{what} lies before 1900; give a year of four digits",
    ),
    "not_on_list": Label(
        nl="Kies een van de mogelijkheden bij: {what}", en="Choose one of the options of: {what}"
    ),
    "invalid": Label(
        nl="{what}: hier staat een teken in dat niet gelezen kan worden; neem het weg",
        en="{what}: there is a character in it that cannot be read; take it out",
    ),
}
_DAYS: Final = {
    "facts_on": Label(nl="De dag waarop het gebeurde", en="The day on which it happened"),
    "earlier_on": Label(nl="De dag van uw eerdere contact", en="The day of your earlier contact"),
}
"""What the days are called within a sentence: their labels are questions."""
_OTHERWISE: Final = Label(
    nl="Dit kan niet verwerkt worden; kijk na wat er staat", en="This cannot be dealt with; check what stands here"
)


def told(error: FieldError, what: Label | None, typed: str) -> Label:
    """The error in words; ``what`` is the field's name, where it has one, ``typed`` what stands in it."""
    field, code = error["field"], error["code"]
    label = _BY_FIELD.get((field, code)) or (_BY_CODE.get(code) if what else None) or _OTHERWISE
    name, most, now = _DAYS.get(field) or what or _OTHERWISE, MOST_CHARACTERS.get(field, 0), len(typed)
    # Thousands as each language groups them.
    return Label(
        nl=label.nl.format(what=name.nl, most=_grouped(most, "."), now=_grouped(now, ".")),
        en=label.en.format(what=name.en, most=_grouped(most, ","), now=_grouped(now, ",")),
    )


def _grouped(number: int, sign: str) -> str:
    return f"{number:,}".replace(",", sign)
