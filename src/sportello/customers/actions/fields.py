"""What is entered about customers and people, and as what it is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from dataclasses import fields as fields_of_class
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, TypedDict

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Model
from django.utils.translation import gettext as _

from sportello.accounts.models import User
from sportello.core.addresses import as_kept
from sportello.core.errors import Refused
from sportello.customers import rules
from sportello.customers.enums import CustomerKind
from sportello.customers.models import Contact


class Noted(TypedDict):
    """Who did it, when, from where, and to what: for an audit entry."""

    by: User | None
    now: datetime
    address: str | None
    about: Model


_READERS: Mapping[str, tuple[Callable[[str], str], Callable[[], Refused]]] = MappingProxyType(
    {
        "vat_number": (
            rules.vat_number,
            lambda: Refused("vat-not-valid", _("This is not a VAT number: a digit may be wrong.")),
        ),
        "tax_code": (
            rules.tax_code,
            lambda: Refused("tax-code-not-valid", _("This is not a codice fiscale: a character may be wrong.")),
        ),
        "sdi_code": (
            rules.sdi_code,
            lambda: Refused("sdi-not-valid", _("An SDI code has 7 letters and digits, that of a public body 6.")),
        ),
        "time_zone": (rules.time_zone, lambda: Refused("zone-not-known", _("This time zone is not known."))),
        "telephone": (
            rules.telephone,
            lambda: Refused("telephone-not-valid", _("This is not a telephone number; a foreign one begins with +.")),
        ),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerFields:
    """What is entered about a customer."""

    name: str
    code: str
    since: date | None = None
    is_active: bool = True
    kind: str = CustomerKind.COMPANY
    language: str = "it"
    time_zone: str = "Europe/Rome"
    external_id: str | None = None
    vat_number: str = ""
    tax_code: str = ""
    sdi_code: str = ""
    pec: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """What a person may do at a customer."""

    sees_all: bool = False
    may_open: bool = True
    may_approve: bool = False
    may_order: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactFields:
    """What is entered about a person; the rights are those at their own customer."""

    name: str
    role: str = ""
    language: str = "it"
    phone: str = ""
    other_phones: tuple[str, ...] = ()
    external_id: str | None = None
    is_active: bool = True
    sees_all: bool = False
    may_open: bool = True
    may_approve: bool = False
    may_order: bool = False


def fields_of(contact: Contact, **changed: Any) -> ContactFields:
    """What stands of a person, with some of it changed."""
    kept = {each.name: getattr(contact, each.name) for each in fields_of_class(ContactFields)}
    return ContactFields(**{**kept, "other_phones": tuple(contact.other_phones), **changed})


def checked_customer(fields: CustomerFields) -> CustomerFields:
    """The fields as they are kept.

    Raises Refused: "vat-not-valid", "tax-code-not-valid", "sdi-not-valid", "pec-not-valid", "zone-not-known".
    """
    return replace(
        fields,
        vat_number=_checked("vat_number", fields.vat_number),
        tax_code=_checked("tax_code", fields.tax_code),
        sdi_code=_checked("sdi_code", fields.sdi_code),
        time_zone=_checked("time_zone", fields.time_zone),
        pec=_pec(fields.pec),
        external_id=fields.external_id or None,
    )


def columns_of(fields: ContactFields) -> dict[str, Any]:
    phones = [_checked("telephone", written) for written in (fields.phone, *fields.other_phones)]
    first, *others = dict.fromkeys(filter(None, phones)) or [""]
    return {
        **asdict(fields),
        "phone": first,
        "other_phones": others,
        "external_id": fields.external_id or None,
    }


def mail_address(mail: str) -> str:
    kept = as_kept(mail)
    try:
        validate_email(kept)
    except ValidationError:
        raise Refused("address-not-valid", _("This is not a mail address.")) from None
    return kept


def _checked(field: str, written: str) -> str:
    read, refused = _READERS[field]
    try:
        return read(written)
    except ValueError:
        raise refused() from None


def _pec(written: str) -> str:
    try:
        return mail_address(written) if written.strip() else ""
    except Refused:
        raise Refused("pec-not-valid", _("This is not a mail address.")) from None
