"""The desk's own way from a look to a ticket's place, gone for each state of the lab; the time between two looks is passed in, not waited for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_network

from django.db import connection

from sportello.diagnostics import actions as diagnostics
from sportello.diagnostics.adapters.looking import Subject, look
from sportello.diagnostics.adapters.vantage import PATIENT, Patience, Vantage
from sportello.diagnostics.enums import Occasion
from sportello.diagnostics.models import Examination
from sportello.diagnostics.queries import examination_by_pk, subject_of
from sportello.diagnostics.rules import Seen
from sportello.evidence.actions import conclude
from sportello.services.enums import ServiceKind
from sportello.services.models import NetworkRange, Service
from sportello.tickets.models import Ticket
from tests.factories import make_contact, make_server, make_service, make_ticket
from tests.lab.network import OURS, PROXIES, RESOLVER
from tests.lab.scene import Lab
from tests.lab.sites import Kind, Site
from tests.lab.states import State
from tests.lab.table import Line

MOMENTS = (0, 31, 62, 720)
"""Seconds after the first look. Most are settled after the second; an update that is stuck needs the last."""
REPAIRED = dt.timedelta(hours=2)
MOST_AFTER = 3
UNSETTLED = frozenset(("once", "hanging", "maintenance", "blind", "blind.network"))
"""Rules after which the desk looks again."""


def vantage(lab: Lab, *, resolver: str = RESOLVER, canary: str = "static site") -> Vantage:
    return Vantage(
        resolvers=((resolver, 53),),
        networks=(ip_network("127.0.0.0/8"),),
        proxies=(ip_network(PROXIES),),
        authority=str(lab.authority.file),
        canary=lab.sites[canary].name,
    )


@dataclass
class Register:
    """The lab's sites as the desk knows them: each a customer's service, with a server, two neighbours and a ticket about it."""

    lab: Lab
    begun: dt.datetime
    services: dict[str, Service] = field(default_factory=dict)
    tickets: dict[str, Ticket] = field(default_factory=dict)
    first: dict[str, bool] = field(default_factory=dict)
    """Whether the ticket stood first, before all was put right."""

    def __post_init__(self) -> None:
        NetworkRange.objects.create(network=OURS)
        for state in self.lab.states:
            service = self.enter(state)
            self.services[state.name] = service
            contact = make_contact(customer=service.customer)
            self.tickets[state.name] = make_ticket("Un dubbio", contact=contact, service=service, now=self.begun)

    def enter(self, state: State) -> Service:
        site = self.lab.sites[state.name]
        server = make_server()
        server.address = site.address
        server.save()
        for name in site.neighbours:
            make_service(name, server=server)
        service = make_service(site.name, server=server, kind=_kind(site))
        service.status = state.status
        service.save()
        return service

    def told(self, state: State) -> Line:
        """What the ticket says in the end, and whether it stood first while the service could not be used."""
        ticket = Ticket.objects.get(pk=self.tickets[state.name].pk)
        return {"first": self.first[state.name], "first_after": ticket.is_outage, "ticket": ticket.verdict}


@dataclass(frozen=True)
class Watcher:
    register: Register
    vantage: Vantage

    def watch(self, state: State, moments: Sequence[int] = MOMENTS, *, aside: bool = False) -> list[Examination]:
        """While it is as the state has put it; `aside` as a service of its own, about which nobody has written."""
        with _own_connection():
            service = self.register.enter(state) if aside else self.register.services[state.name]
            done: list[Examination] = []
            ahead: list[tuple[Seen, ...]] = []
            for seconds in moments:
                done.append(self._look(service, self.register.begun + dt.timedelta(seconds=seconds), ahead))
                if seconds and done[-1].rule not in UNSETTLED:
                    break
                if done[-1].rule == "hanging" and not ahead:
                    ahead = self._patiently(service)
            if not aside:
                self.register.first[state.name] = Ticket.objects.get(service=service).is_outage
            return done

    def repaired(self, state: State) -> Examination:
        """After it has been put right, two hours later; what could not be told is looked at again."""
        with _own_connection():
            service, now = self.register.services[state.name], self.register.begun + REPAIRED
            done = self._look(service, now, [])
            for minutes in range(1, MOST_AFTER):
                if done.rule not in UNSETTLED:
                    break
                done = self._look(service, now + dt.timedelta(minutes=minutes), [])
            return done

    def _look(self, service: Service, now: dt.datetime, ahead: list[tuple[Seen, ...]]) -> Examination:
        def looker(subject: Subject, _configured: Vantage, patience: Patience) -> tuple[Seen, ...]:
            return ahead.pop() if ahead else look(subject, self.vantage, patience)

        asked = diagnostics.ask(service=service, occasion=Occasion.OPENING, now=now)
        assert diagnostics.examine(examination=asked, now=now, looker=looker)
        done = examination_by_pk(asked.pk)
        assert done is not None
        conclude(examination=done, now=now)
        return done

    def _patiently(self, service: Service) -> list[tuple[Seen, ...]]:
        """The next two looks, which wait long for a page that hangs, at the same time."""
        subject = subject_of(service)
        with ThreadPoolExecutor(2) as hands:
            return list(hands.map(lambda _again: look(subject, self.vantage, PATIENT), range(2)))


@contextmanager
def _own_connection() -> Iterator[None]:
    """Of this thread, given back at the end."""
    try:
        yield
    finally:
        connection.close()


def _kind(site: Site) -> ServiceKind:
    return ServiceKind.MAIL if site.kind is Kind.MAIL else ServiceKind.HOSTING
