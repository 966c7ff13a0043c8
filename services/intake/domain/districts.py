"""In which of the organisation's districts a citizen lives; all that is told of an address."""

import unicodedata

from shared.contracts.submission import Citizen
from shared.profiles import ProfileVersion

ELSEWHERE = "elsewhere"
UNKNOWN = "unknown"


def district_of(citizen: Citizen | None, version: ProfileVersion) -> str:
    """The profile's district by its id, its name in either language or a postal code of its own; ``elsewhere``
    for an address outside them, ``unknown`` without one that says where, be it only the municipality.
    """
    address = citizen.address if citizen else None
    if address is None or not (address.district or address.postal_code or address.municipality):
        return UNKNOWN
    named = _plain(address.district or "")
    postal_code = _plain(address.postal_code or "")
    for district in version.districts:
        if named and named in {_plain(district.id), _plain(district.name.nl), _plain(district.name.en)}:
            return district.id
    for district in version.districts:
        if postal_code and postal_code in {_plain(code) for code in district.postal_codes}:
            return district.id
    if not postal_code and _plain(address.municipality or "") in {_plain(each) for each in version.municipalities}:
        return UNKNOWN
    return ELSEWHERE


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in decomposed if letter.isalnum())
