"""Servers, services and domains as a billing system lists them: a portion of the rows in a fixed number of statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from ipaddress import ip_address
from types import MappingProxyType
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_noop

from sportello.accounts.models import row_name
from sportello.accounts.queries import last_details
from sportello.core.loading import Ending, Entry, Outcome, Pass, Said, Unfit, Verdict, each
from sportello.core.storing import set_values, store
from sportello.customers.importing import customer_of, customers_by_id
from sportello.services import rules
from sportello.services.enums import ServiceKind, ServiceStatus
from sportello.services.models import Server, Service, ServiceDomain
from sportello.services.moving import leave_server

DOMAIN_ID = "domain/"
"""Stands before the ids of domains, which billing systems count apart from those of other services."""
_SERVER = ("name", "hostname", "address", "external_id", "ended_on")
_SERVICE = ("name", "kind", "plan", "status", "server", "since", "ends_on", "is_managed", "external_id")
_ELSEWHERE = gettext_noop("it is on file at another customer, under “%(name)s”: it does not change hands")
_MOVED = gettext_noop("moved from another customer, where it ended")
_NO_SERVER = gettext_noop("its server is not on file")
_KINDS: Mapping[str, ServiceKind] = MappingProxyType(
    {
        "dedic": ServiceKind.DEDICATED,
        "vps": ServiceKind.VPS,
        "cloud": ServiceKind.VPS,
        "server": ServiceKind.VPS,
        "mail": ServiceKind.MAIL,
        "posta": ServiceKind.MAIL,
        "domain": ServiceKind.DOMAIN,
        "dominio": ServiceKind.DOMAIN,
    }
)
_STATUS: Mapping[str, ServiceStatus] = MappingProxyType(
    {
        **dict.fromkeys(
            ("active", "attivo", "pending", "pending transfer", "grace", "completed"), ServiceStatus.ACTIVE
        ),
        **dict.fromkeys(("suspended", "sospeso"), ServiceStatus.SUSPENDED),
        **dict.fromkeys(
            ("terminated", "cancelled", "canceled", "fraud", "expired", "transferred away", "redemption"),
            ServiceStatus.ENDED,
        ),
        **dict.fromkeys(("ended", "cessato", "terminato", "scaduto", "disdetto", "annullato"), ServiceStatus.ENDED),
    }
)


class _Servers:
    def __init__(self, entries: Sequence[Entry], going: Pass) -> None:
        self.going = going
        ids, names = [entry.external_id for entry in entries], [entry.texts["name"] for entry in entries]
        found = list(Server.objects.filter(Q(external_id__in=ids) | Q(name__in=names)))
        self.by_id = {row.external_id: row for row in found if row.external_id}
        self.by_name = {row.name: row for row in found}
        self.rows: list[Server] = []

    def load(self, entry: Entry) -> Verdict:
        values = entry.given(name=80, hostname=253)
        if entry.texts.get("address"):
            values["address"] = _ip_address(entry.texts["address"])
        row, named = self.by_id.get(entry.external_id), self.by_name.get(values["name"])
        if named is not None and named is not row:
            if row is not None or named.external_id is not None:
                raise Unfit(Outcome.CONFLICT, gettext_noop("another server has this name"))
            row = named  # entered by hand before
        row = row or Server()
        outcome, changed = set_values(row, {**values, "external_id": entry.external_id, "ended_on": None}, self.going)
        self.by_name[row.name] = row
        if outcome is not Outcome.SAME:
            self.rows.append(row)
        return entry.verdict(outcome, *changed)


def load_servers(entries: Sequence[Entry], going: Pass) -> list[Verdict]:
    loading = _Servers(entries, going)
    verdicts = each(entries, loading.load)
    if going.is_trial:
        going.servers.update(row.name for row in loading.rows)
    else:
        store(loading.rows, _SERVER)
    return verdicts


class _Services:
    prefix = ""

    def __init__(self, entries: Sequence[Entry], going: Pass) -> None:
        self.going = going
        self.now = going.now
        self.customers = customers_by_id(entries, going)
        ids = [f"{self.prefix}{entry.external_id}" for entry in entries]
        self.by_id = {
            row.external_id: row for row in Service.objects.filter(external_id__in=ids).select_related("server")
        }
        self.before = _before_it_ended(self.by_id.values())
        self.stood_on = {row.pk: row.server_id for row in self.by_id.values()}
        names = {entry.texts["server"] for entry in entries if entry.texts.get("server")}
        ahead = {name: Server(name=name) for name in names & going.servers}
        self.servers = {**ahead, **{row.name: row for row in Server.objects.filter(name__in=names)}}
        running = ServiceDomain.objects.filter(service__in=self.by_id.values(), until=None)
        self.running = set(running.values_list("service", "name"))
        self.rows: list[Service] = []
        self.leaving: list[Service] = []
        self.domains: list[ServiceDomain] = []

    def load(self, entry: Entry) -> Verdict:
        external_id = f"{self.prefix}{entry.external_id}"
        customer = customer_of(entry, self.customers)
        values, notes = self.values(entry)
        row = self.by_id.get(external_id)
        if row is not None and row.customer_id != customer.pk:
            row = self.moved(row)
            notes = [*notes, (_MOVED, {})]
        if row is not None:
            values = {**self.before.get(row_name(row), {}), **values}
        row = row or Service(customer=customer, external_id=external_id)
        outcome, changed = set_values(row, {**values, "external_id": external_id}, self.going)
        if outcome is not Outcome.SAME:
            self.rows.append(row)
        self._name_domain(row)
        return entry.verdict(outcome, *changed, *notes)

    def moved(self, row: Service) -> Service | None:
        raise Unfit(Outcome.CONFLICT, _ELSEWHERE, name=row.name)

    def values(self, entry: Entry) -> tuple[dict[str, Any], list[Said]]:
        values, notes = entry.given(name=253, plan=80), list[Said]()
        values["name"] = values["name"].lower()
        values["kind"] = _kind(entry.texts.get("kind", ""), values["name"])
        values |= {**_days(entry), **entry.truths}
        values |= _status(entry)
        if entry.texts.get("server"):
            server = self.servers.get(entry.texts["server"])
            values |= {"server": server} if server else {}
            notes += [] if server else [(_NO_SERVER, {})]
        return values, notes

    def _name_domain(self, row: Service) -> None:
        try:
            name = rules.domain_name(row.name)
        except ValueError:
            return
        if row.status != ServiceStatus.ENDED and (row.pk, name) not in self.running:
            self.domains.append(ServiceDomain(service=row, name=name, since=row.since or self.now.date()))


class _Domains(_Services):
    prefix = DOMAIN_ID

    def moved(self, row: Service) -> Service | None:
        """A domain that another customer has now: it ends here, and tickets about it stay."""
        ended = {"external_id": None, "status": ServiceStatus.ENDED, "ends_on": self.now.date()}
        set_values(row, ended, self.going)
        self.leaving.append(row)
        return None

    def values(self, entry: Entry) -> tuple[dict[str, Any], list[Said]]:
        try:
            name = rules.domain_name(entry.text("name", 253))
        except ValueError:
            raise Unfit(Outcome.WRONG, gettext_noop("this is not a domain")) from None
        return {"name": name, "kind": ServiceKind.DOMAIN, **_days(entry), **_status(entry)}, []


def load_services(entries: Sequence[Entry], going: Pass) -> list[Verdict]:
    return _load(_Services(entries, going), entries, going)


def load_domains(entries: Sequence[Entry], going: Pass) -> list[Verdict]:
    """One that another customer had is ended there and begun here."""
    return _load(_Domains(entries, going), entries, going)


def _load(loading: _Services, entries: Sequence[Entry], going: Pass) -> list[Verdict]:
    verdicts = each(entries, loading.load)
    if going.is_trial:
        return verdicts
    store(loading.leaving, ("external_id", "status", "ends_on"))
    store(loading.rows, _SERVICE)
    for row in loading.rows:
        left = loading.stood_on.get(row.pk)
        if left is not None and row.server_id != left:
            leave_server(row, left, loading.now)
    ended = [*loading.leaving, *(row for row in loading.rows if row.status == ServiceStatus.ENDED)]
    _free_domains([row.pk for row in ended], loading.now)
    store(loading.domains, ())
    return verdicts


def vanishing_servers() -> QuerySet[Server]:
    return Server.objects.filter(external_id__isnull=False, ended_on=None)


def vanishing_services() -> QuerySet[Service]:
    return _running().exclude(external_id__startswith=DOMAIN_ID)


def vanishing_domains() -> QuerySet[Service]:
    return _running().filter(external_id__startswith=DOMAIN_ID)


def end_servers(keys: Sequence[int], now: datetime) -> Ending:
    Server.objects.filter(pk__in=keys).update(ended_on=now.date())
    return {"ended_on": now.date()}


def end_services(keys: Sequence[int], now: datetime) -> Ending:
    ended = {"status": ServiceStatus.ENDED, "ends_on": now.date()}
    Service.objects.filter(pk__in=keys).update(**ended)
    _free_domains(keys, now)
    return ended


def _before_it_ended(rows: Iterable[Service]) -> dict[str, dict[str, Any]]:
    """Of those that ended because a list had them no more, and that nobody has changed since, what stood there before; by `row_name`."""
    ended = [row for row in rows if row.status == ServiceStatus.ENDED]
    found = {name: detail for name, detail in last_details(ended).items() if "not_listed" in detail}
    return {name: _restored(detail) for name, detail in found.items()}


def _restored(detail: Mapping[str, Any]) -> dict[str, Any]:
    status, day = (detail.get(name, [""])[0] for name in ("status", "ends_on"))
    return {
        "status": ServiceStatus(status) if status in ServiceStatus.values else ServiceStatus.ACTIVE,
        "ends_on": date.fromisoformat(day) if day else None,
    }


def _running() -> QuerySet[Service]:
    return Service.objects.filter(external_id__isnull=False).exclude(status=ServiceStatus.ENDED)


def _free_domains(keys: Sequence[int], now: datetime) -> None:
    ServiceDomain.objects.filter(service__in=keys, until=None).update(until=now.date())


def _kind(written: str, name: str) -> ServiceKind:
    lowered = f"{written} {'' if '.' in name else name}".lower()
    return next((kind for part, kind in _KINDS.items() if part in lowered), ServiceKind.HOSTING)


def _days(entry: Entry) -> dict[str, date]:
    return {field: day for field, day in entry.days.items() if day}


def _status(entry: Entry) -> dict[str, ServiceStatus]:
    written = entry.texts.get("status", "").lower()
    if not written:
        return {}
    if written not in _STATUS:
        raise Unfit(Outcome.WRONG, gettext_noop("the state is not known"))
    return {"status": _STATUS[written]}


def _ip_address(written: str) -> str:
    try:
        return str(ip_address(written))
    except ValueError:
        raise Unfit(Outcome.WRONG, gettext_noop("the IP address cannot be right")) from None
