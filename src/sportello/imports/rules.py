"""Which column is which, what the rows of a file are, and what the values in them mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import TypeVar

from django.utils.translation import gettext_noop

from sportello.core.loading import Entry, Outcome, Unfit
from sportello.imports.enums import Kind

_SECRET = re.compile(
    r"pass(wor[dt])?|pwd|secret|segret|token|api.?key|private.?key|\bpin\b|cvv|card.?num|iban|securityq|two.?fact|otp|hash",
    re.IGNORECASE,
)
T = TypeVar("T")
_DAY = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)(?:[ T].*)?|(\d\d?)[/.-](\d\d?)[/.-](\d{4})(?: .*)?")
_YES, _NO = ("1", "s", "si", "sì", "y", "yes", "true", "vero", "x", "on"), ("", "0", "n", "no", "false", "falso", "off")

_OF_CUSTOMER = (
    "clientid",
    "userid",
    "id cliente",
    "cliente",
    "nr. cliente",
    "numero cliente",
    "client id",
    "customer id",
)
FIELDS: Mapping[Kind, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        Kind.CUSTOMERS: MappingProxyType(
            {
                "external_id": (
                    "id",
                    "clientid",
                    "userid",
                    "id cliente",
                    "nr. cliente",
                    "numero cliente",
                    "client id",
                    "customer id",
                ),
                "name": ("companyname", "ragione sociale", "denominazione", "company", "nome", "cliente"),
                "code": ("codice", "codice cliente", "customer code"),
                "kind": ("tipo",),
                "status": ("stato",),
                "since": ("datecreated", "cliente dal", "dal", "data creazione"),
                "language": ("lingua",),
                "vat_number": ("tax_id", "partita iva", "p.iva", "piva", "vat", "vat number"),
                "tax_code": ("codice fiscale", "cf", "tax code"),
                "sdi_code": ("codice sdi", "sdi", "codice destinatario"),
                "pec": ("indirizzo pec",),
            }
        ),
        Kind.CONTACTS: MappingProxyType(
            {
                "external_id": ("id", "contactid", "id contatto"),
                "customer": _OF_CUSTOMER,
                "name": ("nome", "fullname", "nome e cognome"),
                "address": ("email", "mail", "e-mail", "posta"),
                "phone": ("phonenumber", "telefono", "cellulare", "tel"),
                "role": ("ruolo",),
                "language": ("lingua",),
                "sees_all": ("vede tutto",),
                "may_open": ("supportemails", "apre ticket"),
                "may_approve": ("approva addebiti",),
                "may_order": ("irreversibili",),
            }
        ),
        Kind.SERVERS: MappingProxyType(
            {
                "external_id": ("id", "serverid"),
                "name": ("nome", "server"),
                "hostname": ("host", "nome host"),
                "address": ("ipaddress", "ip", "indirizzo ip"),
            }
        ),
        Kind.SERVICES: MappingProxyType(
            {
                "external_id": ("id", "serviceid", "id servizio"),
                "customer": _OF_CUSTOMER,
                "name": ("domain", "dominio", "nome", "servizio"),
                "kind": ("tipo",),
                "plan": ("product", "piano", "prodotto", "pacchetto"),
                "status": ("stato",),
                "server": ("servername",),
                "since": ("regdate", "attivo dal", "dal"),
                "ends_on": ("nextduedate", "scadenza", "al"),
                "is_managed": ("gestito", "managed"),
            }
        ),
        Kind.DOMAINS: MappingProxyType(
            {
                "external_id": ("id", "domainid", "id dominio"),
                "customer": _OF_CUSTOMER,
                "name": ("domainname", "domain", "dominio", "nome"),
                "status": ("stato",),
                "since": ("regdate", "registrato il", "dal"),
                "ends_on": ("expirydate", "scadenza", "al"),
            }
        ),
    }
)
"""By kind: our columns, and what others call them."""

NEEDED: Mapping[Kind, tuple[str, ...]] = MappingProxyType(
    {
        Kind.CUSTOMERS: ("external_id", "name"),
        Kind.CONTACTS: ("customer", "address"),
        Kind.SERVERS: ("external_id", "name"),
        Kind.SERVICES: ("external_id", "customer", "name"),
        Kind.DOMAINS: ("external_id", "customer", "name"),
    }
)
_TELLING: Mapping[Kind, frozenset[str]] = MappingProxyType(
    {
        Kind.CUSTOMERS: frozenset({"vat_number", "tax_code", "sdi_code", "pec", "code"}),
        Kind.CONTACTS: frozenset({"address", "phone", "role"}),
        Kind.SERVERS: frozenset({"hostname", "address"}),
        Kind.SERVICES: frozenset({"plan", "server", "is_managed"}),
        Kind.DOMAINS: frozenset({"ends_on"}),
    }
)
"""The columns that one kind has and the others have not, or seldom."""
MAY_VANISH = ((10, 0.3), (20, 0.1))
"""What may vanish at once before a list is taken for one cut short: a few, or a part of what is on file; both have to hold."""

DAYS = ("since", "ends_on")
TRUTHS = ("sees_all", "may_open", "may_approve", "may_order", "is_managed")
LONGEST_ID = 57  # what is left of the column behind the mark of a domain
_EMPTY = gettext_noop("%(field)s is empty")
_LONG_ID = gettext_noop("%(field)s has more than %(most)d letters")
_NO_DAY = gettext_noop("%(field)s: “%(written)s” is not a date")
_NO_TRUTH = gettext_noop("%(field)s: “%(written)s” is neither yes nor no")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where our fields stand in a row. What is dropped is never looked at: secrets by their name, the rest because nobody asks."""

    places: Mapping[str, int]
    secrets: tuple[str, ...]
    unused: tuple[str, ...]
    missing: tuple[str, ...]

    def cells(self, row: Sequence[str]) -> dict[str, str]:
        return {field: _plain(row[place]) if place < len(row) else "" for field, place in self.places.items()}


def is_secret(name: str) -> bool:
    """Whether a column of this name may hold what nobody but its owner is to know."""
    return bool(_SECRET.search(name))


def columns_of(kind: Kind, header: Sequence[str], chosen: Mapping[str, str]) -> Columns:
    """By the file's own names, or those `chosen` for our fields; a field chosen to be nowhere ("") is left out."""
    names = [name.strip().lower() for name in header]
    secrets = {place for place, name in enumerate(names) if is_secret(name)}
    places: dict[str, int] = {}
    for field, others in FIELDS[kind].items():
        wanted = (chosen[field].strip().lower(),) if field in chosen else (field, field.replace("_", " "), *others)
        found = (names.index(name) for name in wanted if name and name in names)
        place = next((place for place in found if place not in secrets and place not in places.values()), None)
        if place is not None:
            places[field] = place
    unused = set(range(len(names))) - secrets - set(places.values())
    return Columns(
        places,
        tuple(header[place] for place in sorted(secrets)),
        tuple(header[place] for place in sorted(unused)),
        tuple(field for field in NEEDED[kind] if field not in places),
    )


def guess(header: Sequence[str]) -> Kind | None:
    """What the rows are likely to be: of the kinds whose needed columns are there, the one that knows most of them."""
    fitting = {kind: columns_of(kind, header, {}) for kind in Kind}
    scores = {kind: _score(kind, columns) for kind, columns in fitting.items() if not columns.missing}
    return max(scores, key=lambda kind: scores[kind]) if scores else None


def _score(kind: Kind, columns: Columns) -> int:
    return len(columns.places) + 2 * len(_TELLING[kind] & columns.places.keys())


def day(written: str) -> date | None:
    """Italian or ISO, with or without a time; None when empty or all zeros. Raises ValueError."""
    if not written.strip("0-/. :"):
        return None
    found = _DAY.fullmatch(written)
    if found is None:
        raise ValueError(f"not a date: {written[:20]}")
    year, month, of_month = (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])
    try:
        return date(int(year), int(month), int(of_month))
    except ValueError:
        raise ValueError(f"not a date: {written[:20]}") from None


def truth(written: str) -> bool:
    """Raises ValueError."""
    lowered = written.lower()
    if lowered in _YES:
        return True
    if lowered in _NO:
        return False
    raise ValueError(f"neither yes nor no: {written[:20]}")


def entry_of(number: int, cells: Mapping[str, str], kind: Kind) -> Entry:
    """What a row says. Raises Unfit."""
    for field in NEEDED[kind]:
        if not cells.get(field):
            raise Unfit(Outcome.WRONG, _EMPTY, field=field)
    external_id = cells.get("external_id", "")
    if len(external_id) > LONGEST_ID:
        raise Unfit(Outcome.WRONG, _LONG_ID, field="external_id", most=LONGEST_ID)
    texts: dict[str, str] = {}
    days: dict[str, date | None] = {}
    truths: dict[str, bool] = {}
    for field, cell in cells.items():
        if field in DAYS:
            days[field] = _read(day, field, cell, _NO_DAY)
        elif field in TRUTHS and cell:
            truths[field] = _read(truth, field, cell, _NO_TRUTH)
        elif field not in TRUTHS and field != "external_id":
            texts[field] = cell
    return Entry(number, external_id, texts, days, truths)


def may_vanish(gone: int, known: int) -> bool:
    """Whether so many may end at once, of those on file; else the list may have been cut short."""
    return all(gone <= max(few, part * known) for few, part in MAY_VANISH)


def _read(read: Callable[[str], T], field: str, cell: str, otherwise: str) -> T:
    try:
        return read(cell)
    except ValueError:
        raise Unfit(Outcome.WRONG, otherwise, field=field, written=cell[:40]) from None


def _plain(cell: str) -> str:
    if cell.isprintable():
        return cell.strip()
    return "".join(letter for letter in cell if letter.isprintable()).strip()
