"""Who a contact is from, as marks: keyed hashes that tell whether two contacts are of one citizen, and no more."""

import hmac
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from shared.contracts.submission import Address, Citizen

MARK_BYTES: Final = 16
"""So much of a HMAC-SHA256 is kept: enough that no two citizens share a mark by chance."""
_CALLING_CODES: Final = {"BE": "32", "NL": "31", "LU": "352", "FR": "33", "DE": "49"}
_FEWEST_DIGITS, _MOST_DIGITS = 8, 15
_BETWEEN_NUMBERS = re.compile(r"\s/\s|[,;|]|[^\W\d_]+")
_TITLES: Final = """
aan and de den der dhr dr drs en familie heer het ing ir la le madame mej meneer mevr mevrouw mijnheer mme mr mrs
ms mvr mw prof te ten ter van vande vanden vander
"""
"""Words of a name that say nothing of whose it is."""
_SAY_NOTHING: Final = frozenset(_TITLES.split())


@dataclass(frozen=True, slots=True)
class Marks:
    """Keyed hashes. ``strong`` ones are of an address or a number that few share, ``weak`` ones of a name with a
    street or a postal code; ``name`` has the words of the name one by one.
    """

    strong: frozenset[bytes] = field(default=frozenset(), repr=False)
    weak: frozenset[bytes] = field(default=frozenset(), repr=False)
    name: frozenset[bytes] = field(default=frozenset(), repr=False)

    @property
    def all(self) -> frozenset[bytes]:
        """Those that contacts are looked for by; without any the citizen cannot be known again."""
        return self.strong | self.weak


def marks_of(citizen: Citizen | None, *, organisation: str, country: str, keys: Sequence[bytes]) -> Marks:
    """The citizen's marks under each of the keys.

    A mark is of one organisation: the same citizen has others elsewhere. ``country`` is the organisation's, two
    letters, for phone numbers that do not say theirs.
    """
    if citizen is None:
        return Marks()
    address = citizen.address or Address()
    words = name_words(citizen.name or "")
    strong = [("email", normal_email(citizen.email))] if citizen.email else []
    strong += [("phone", each) for each in normal_phones(citizen.phone or "", address.country or "", country)]
    weak = list(_with_name(words, address))
    return Marks(
        strong=_hashed(strong, organisation, keys),
        weak=_hashed(weak, organisation, keys),
        name=_hashed([("name", word) for word in words], organisation, keys),
    )


def normal_email(email: str) -> str:
    """One spelling of a mailbox: without capitals, and without what stands behind a plus, which its owner adds."""
    local, _, domain = unicodedata.normalize("NFKC", email).casefold().rpartition("@")
    return f"{local.partition('+')[0] or local}@{domain.rstrip('.')}"


def normal_phones(phone: str, *countries: str) -> tuple[str, ...]:
    """The numbers that were given, each with its country's code and digits alone (E.164 without the plus).

    A number without a country's code is of the first of the countries (two letters) whose code is known here.
    """
    codes = [_CALLING_CODES[country.upper()] for country in countries if country.upper() in _CALLING_CODES]
    given = _BETWEEN_NUMBERS.split(unicodedata.normalize("NFKC", phone).replace("(0)", ""))
    numbers = (_international(each.strip(), codes[0] if codes else "") for each in given)
    return tuple(dict.fromkeys(number for number in numbers if number))


def name_words(name: str) -> tuple[str, ...]:
    """The words that tell whose name it is, in one spelling, each once and in the order of the alphabet."""
    words = re.split(r"[^a-z]+", _plain(name))
    return tuple(sorted({word for word in words if len(word) > 1 and word not in _SAY_NOTHING}))


def _international(given: str, code: str) -> str | None:
    digits = "".join(letter for letter in given if letter.isascii() and letter.isdigit())
    if given.startswith("+") or digits.startswith("00"):
        number = digits.removeprefix("00")
        for known in _CALLING_CODES.values():
            # +32 0470 …: the zero is for calls within the country.
            if number.startswith(f"{known}0"):
                number = known + number[len(known) + 1 :]
    elif digits.startswith("0"):
        number = code + digits[1:]
    else:
        number = digits if code and digits.startswith(code) and len(digits) > _FEWEST_DIGITS + 1 else code + digits
    return number if _FEWEST_DIGITS <= len(number) <= _MOST_DIGITS else None


def _with_name(words: Sequence[str], address: Address) -> Iterator[tuple[str, str]]:
    # One word is a family's name at most: too many share it.
    if len(words) < 2:  # noqa: PLR2004  a first name and a last name
        return
    name = " ".join(words)
    street, postal_code = _letters(address.street or ""), _letters(address.postal_code or "")
    if street:
        yield "name_street", f"{name}\x1f{street}"
    if postal_code:
        yield "name_postal_code", f"{name}\x1f{postal_code}"


def _hashed(values: Sequence[tuple[str, str]], organisation: str, keys: Sequence[bytes]) -> frozenset[bytes]:
    return frozenset(
        hmac.digest(key, f"{organisation}\x1f{kind}\x1f{value}".encode(), "sha256")[:MARK_BYTES]
        for kind, value in values
        for key in keys
    )


def _letters(text: str) -> str:
    return "".join(letter for letter in _plain(text) if letter.isalnum())


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
