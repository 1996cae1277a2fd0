"""A server with customers on it, and an outage."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sportello.accounts.models import User
from sportello.customers.models import Contact
from sportello.incidents import actions
from sportello.incidents.enums import IncidentState
from sportello.incidents.models import Incident, Update
from sportello.mail.models import Mailbox
from sportello.services.models import Server, Service
from sportello.tickets.models import Ticket
from tests.factories import NOW, make_contact, make_mailbox, make_server, make_service, make_ticket, make_user

MINUTE = timedelta(minutes=1)


@dataclass
class Scene:
    server: Server = field(default_factory=lambda: make_server("web-7"))
    mailbox: Mailbox = field(default_factory=make_mailbox)
    agent: User = field(default_factory=make_user)

    def customer(self, name: str = "Laura Doria", *, language: str = "it") -> tuple[Contact, Service]:
        contact = make_contact(name, language=language)
        assert contact.customer is not None
        return contact, make_service(customer=contact.customer, server=self.server)

    def ticket(
        self,
        *,
        now: datetime = NOW,
        language: str = "it",
        subject: str = "Il sito non si apre",
        text: str = "Buongiorno, da stamattina non va.",
    ) -> Ticket:
        contact, service = self.customer(language=language)
        return make_ticket(
            subject, text=text, contact=contact, service=service, mailbox=self.mailbox, language=language, now=now
        )

    def incident(self, *, now: datetime = NOW, by: User | None = None, go_on: bool = True) -> Incident:
        opening = actions.Opening(
            title_it="Guasto di web-7",
            title_en="Outage of web-7",
            text_it="Il server non risponde: lo riavviamo.",
            text_en="The server does not answer: we are restarting it.",
            started_at=now,
            servers=[self.server],
            next_update_at=now + 30 * MINUTE,
        )
        incident = actions.open_incident(opening=opening, by=by or self.agent, now=now)
        if go_on:
            self.go_on(incident, now=now)
        return incident

    def go_on(self, incident: Incident, *, now: datetime) -> None:
        for _round in range(50):
            incident.refresh_from_db()
            if not actions.go_on_once(incident=incident, now=now):
                return
        raise AssertionError("it never ends")

    def say(
        self, incident: Incident, *, now: datetime, state: IncidentState = IncidentState.IDENTIFIED, text: str = "Disco"
    ) -> Update:
        incident.refresh_from_db()
        said = actions.Said(state=state, text_it=f"{text} it", text_en=f"{text} en", next_update_at=None)
        update = actions.post_update(
            incident=incident, said=said, by=self.agent, now=now, seen_version=incident.version
        )
        self.go_on(incident, now=now)
        return update
