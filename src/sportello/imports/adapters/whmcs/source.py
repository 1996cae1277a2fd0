"""What WHMCS lists, by our own names. Each value is taken by its name: what is not named here is not taken, passwords first of all."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from sportello.core.reach import Network
from sportello.imports.adapters.source import Needs, Row, always
from sportello.imports.adapters.whmcs.calls import Calls
from sportello.imports.adapters.whmcs.shapes import Record, records, text
from sportello.imports.enums import Kind

CLIENT = "client/"
"""Stands before the id of a client as a person: WHMCS counts clients and their contacts apart."""
_CUSTOM: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "tax_code": ("codice fiscale", "cod. fiscale", "c.f."),
        "sdi_code": ("sdi", "codice destinatario"),
        "pec": ("pec",),
        "vat_number": ("partita iva", "p.iva", "p. iva"),
    }
)
"""Italian tax data stand in custom fields; what their names begin with or contain as a word."""


class Whmcs:
    """Raises SourceError as `BillingSource` says."""

    def __init__(
        self,
        *,
        url: str,
        identifier: str,
        secret: str,
        access_key: str = "",
        allowed: tuple[Network, ...] = (),
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._calls = Calls(
            url=url, identifier=identifier, secret=secret, access_key=access_key, allowed=allowed, pause=pause
        )

    def rows(self, needs: Needs = always) -> Iterator[Row]:
        yield from self._clients(needs)
        for contact in self._calls.pages("GetContacts", "contacts", "contact"):
            if text(contact, "email"):
                yield Kind.CONTACTS, _contact(contact)
        for server in self._calls.all("GetServers", "servers", "server"):
            yield Kind.SERVERS, _server(server)
        for product in self._calls.pages("GetClientsProducts", "products", "product"):
            yield Kind.SERVICES, _service(product)
        for domain in self._calls.pages("GetClientsDomains", "domains", "domain"):
            yield Kind.DOMAINS, _domain(domain)

    def _clients(self, needs: Needs) -> Iterator[Row]:
        for client in self._calls.pages("GetClients", "clients", "client"):
            whole = client
            if needs(text(client, "id"), client):
                whole = {**_inside(self._calls.call("GetClientsDetails", clientid=text(client, "id"))), **client}
            yield Kind.CUSTOMERS, _customer(whole)
            if text(whole, "email"):
                yield Kind.CONTACTS, _client_as_person(whole)


def _inside(details: Record) -> Record:
    """Newer versions put the client into an object of its own, and keep the old flat form beside it."""
    inner = details.get("client")
    return {**details, **inner} if isinstance(inner, Mapping) else details


def _customer(client: Record) -> dict[str, str]:
    company = text(client, "companyname")
    custom = _custom_fields(client)
    return {
        "external_id": text(client, "id"),
        "name": company or _full_name(client) or text(client, "email"),
        "kind": "company" if company else "person",
        "status": text(client, "status").lower(),
        "since": text(client, "datecreated"),
        "language": text(client, "language"),
        "vat_number": text(client, "tax_id") or custom.get("vat_number", ""),
        **{field: custom.get(field, "") for field in ("tax_code", "sdi_code", "pec")},
    }


def _custom_fields(client: Record) -> dict[str, str]:
    found: dict[str, str] = {}
    for given in records(client, "customfields", "customfield") if client.get("customfields") else []:
        name = text(given, "name", "fieldname", "translated_name").lower()
        for field, names in _CUSTOM.items():
            if any(name.startswith(each) or f" {each}" in name for each in names):
                found.setdefault(field, text(given, "value"))
    return found


def _client_as_person(client: Record) -> dict[str, str]:
    """Who holds the account: they see all of it."""
    return {
        "external_id": f"{CLIENT}{text(client, 'id')}",
        "customer": text(client, "id"),
        "name": _full_name(client),
        "address": text(client, "email"),
        "phone": _telephone(client),
        "language": text(client, "language"),
        "sees_all": "1",
        "may_approve": "1",
        "may_order": "1",
    }


def _contact(contact: Record) -> dict[str, str]:
    return {
        "external_id": text(contact, "id", "contactid"),
        "customer": text(contact, "userid", "clientid"),
        "name": _full_name(contact),
        "address": text(contact, "email"),
        "phone": _telephone(contact),
    }


def _server(server: Record) -> dict[str, str]:
    return {
        "external_id": text(server, "id"),
        "name": text(server, "name"),
        "hostname": text(server, "hostname"),
        "address": text(server, "ipaddress"),
    }


def _service(product: Record) -> dict[str, str]:
    plan = text(product, "name", "translated_name")
    return {
        "external_id": text(product, "id"),
        "customer": text(product, "clientid", "userid"),
        "name": text(product, "domain") or plan,
        "kind": f"{text(product, 'groupname')} {plan}".strip(),
        "plan": plan[:80],
        "status": text(product, "status"),
        "server": text(product, "servername"),
        "since": text(product, "regdate"),
        "ends_on": text(product, "nextduedate"),
    }


def _domain(domain: Record) -> dict[str, str]:
    return {
        "external_id": text(domain, "id"),
        "customer": text(domain, "userid", "clientid"),
        "name": text(domain, "domainname", "domain"),
        "status": text(domain, "status"),
        "since": text(domain, "regdate"),
        "ends_on": text(domain, "expirydate"),
    }


def _telephone(record: Record) -> str:
    return text(record, "telephoneNumber", "phonenumberformatted", "phonenumber")


def _full_name(record: Record) -> str:
    return " ".join(filter(None, (text(record, "firstname"), text(record, "lastname"))))
