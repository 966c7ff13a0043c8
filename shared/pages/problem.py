"""What went wrong, as a page for whoever looks at it in a browser."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Final, NamedTuple

from shared.contracts.rejection import FieldError
from shared.pages import Language, render
from shared.profiles.label import Label


class _Told(NamedTuple):
    title: Label
    advice: Label


_WORDS = {
    "skip": Label(nl="Naar de uitleg", en="Skip to the explanation"),
    "again": Label(nl="Opnieuw proberen", en="Try again"),
}
_AGAIN = frozenset((HTTPStatus.UNAUTHORIZED, HTTPStatus.SERVICE_UNAVAILABLE))
_TOLD: Final[Mapping[int, _Told]] = {
    HTTPStatus.UNAUTHORIZED: _Told(
        Label(nl="Hiervoor is een wachtwoord nodig", en="This needs a password"),
        Label(
            nl="Log in met een willekeurige gebruikersnaam en uw token als wachtwoord.",
            en="Log in with any user name and your token as the password.",
        ),
    ),
    HTTPStatus.FORBIDDEN: _Told(
        Label(nl="Geen toegang", en="No access"),
        Label(
            nl="Uw token heeft een andere rol. Vraag de beheerder om een token waarmee dit mag.",
            en="Your token has another role. Ask the administrator for one that may.",
        ),
    ),
    HTTPStatus.NOT_FOUND: _Told(
        Label(nl="Niet gevonden", en="Not found"),
        Label(nl="Dit is hier niet bekend. Kijk het adres na.", en="This is not known here. Check the address."),
    ),
    HTTPStatus.UNPROCESSABLE_ENTITY: _Told(
        Label(nl="Dit kan niet gevraagd worden", en="This cannot be asked"),
        Label(nl="Hieronder staat wat er niet klopt.", en="What is wrong with it stands below."),
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: _Told(
        Label(nl="Even niet beschikbaar", en="Not available now"),
        Label(
            nl="Een onderdeel antwoordt niet. Probeer het straks opnieuw.", en="A part is away. Try again later."
        ),
    ),
}
_OURS: Final = _Told(
    Label(nl="Er ging iets mis", en="Something went wrong"),
    Label(nl="Dit ligt aan ons, en het is vastgelegd.", en="This is our fault, and it was logged."),
)
_YOURS: Final = _Told(
    Label(nl="Dit kan niet", en="This cannot be done"),
    Label(nl="De dienst gaf dit antwoord:", en="The service gave this answer:"),
)


def problem_page(status: int, detail: str, errors: Sequence[FieldError], language: Language) -> str:
    """The whole document. What is wrong in detail is told in English, as in every other answer."""
    ours = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    title, advice = _TOLD.get(status, _OURS if ours else _YOURS)
    values = {"title": title, "advice": advice, "again": status in _AGAIN, "detail": detail, "errors": errors}
    return render(Path(__file__).parent, "problem.html", language, _WORDS, **values)
