"""What a customer's tax data and telephone numbers must look like."""

from __future__ import annotations

import re
from functools import lru_cache
from zoneinfo import available_timezones

from stdnum.eu import vat
from stdnum.exceptions import ValidationError
from stdnum.it import codicefiscale, iva

ITALY = "IT"
NO_SDI_CODE, FOREIGN_SDI_CODE = "0000000", "XXXXXXX"
_SDI_CODE = re.compile(r"[A-Z0-9]{6,7}")
_EXTENSION = re.compile(r"\s*(ext|int)\.?\s*\d*$", re.IGNORECASE)


def vat_number(written: str) -> str:
    """The number without what stands between; an Italian one without IT, any other of the EU with its country. Raises ValueError."""
    compact = _compact(written)
    if not compact:
        return ""
    try:
        if compact[:2].isalpha() and not compact.startswith(ITALY):
            return str(vat.validate(compact))
        return str(iva.validate(compact))
    except ValidationError:
        raise ValueError(written) from None


def tax_code(written: str) -> str:
    """A codice fiscale: of a person 16 characters, of a company or body 11 digits. Raises ValueError."""
    compact = _compact(written)
    try:
        return str(codicefiscale.validate(compact)) if compact else ""
    except ValidationError:
        raise ValueError(written) from None


def sdi_code(written: str) -> str:
    """Where an electronic invoice goes: 7 characters for companies, 6 for public bodies. Raises ValueError."""
    compact = _compact(written)
    if compact and not _SDI_CODE.fullmatch(compact):
        raise ValueError(written)
    return compact


@lru_cache(maxsize=1000)
def telephone_to_read(number: str) -> str:
    """A number in E.164 with its parts apart: +39 06 123 4567. What is none stays as it is."""
    import phonenumbers  # noqa: PLC0415 - its tables cost every process that starts, and few read numbers

    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def telephone(written: str, region: str = ITALY) -> str:
    """The number in E.164; one without a country is of `region`. Raises ValueError."""
    import phonenumbers  # noqa: PLC0415 - it takes a fifth of a second: no process that reads mails is to wait for it

    plain = _EXTENSION.sub("", written.strip())
    if not plain:
        return ""
    try:
        number = phonenumbers.parse(plain, region)
    except phonenumbers.NumberParseException:
        raise ValueError(written) from None
    if not phonenumbers.is_possible_number(number):
        raise ValueError(written)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def time_zone(written: str) -> str:
    """Raises ValueError for what is none."""
    if written not in available_timezones():
        raise ValueError(written)
    return written


def _compact(written: str) -> str:
    return re.sub(r"[\s.\-/]", "", written).upper()
