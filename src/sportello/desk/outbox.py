"""The outbox: what goes out, how often it was tried, and what the server said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, pgettext_lazy

from sportello.accounts.models import User
from sportello.core.paging import Page, Place
from sportello.desk.forms.entry import searched
from sportello.desk.tabs import Tab
from sportello.mail import reasons
from sportello.mail.actions.outbound import UNSENT
from sportello.mail.enums import LEADS_IN, OutboundKind, OutboundState
from sportello.mail.models import OutboundMail
from sportello.mail.parsing.encoded_words import decode_words
from sportello.mail.queries import sent
from sportello.mail.queries.sent import NOT_ARRIVED, SentFilter
from sportello.tickets import queries as tickets
from sportello.tickets.models import Ticket

MOST_WORDS = 20
STATES: Mapping[str, str | Promise] = {
    "": pgettext_lazy("mails", "All"),
    OutboundState.QUEUED: gettext_lazy("Queued"),
    OutboundState.DEFERRED: gettext_lazy("To be tried again"),
    OutboundState.HELD: pgettext_lazy("mails", "Held back"),
    OutboundState.FAILED: gettext_lazy("Failed"),
    OutboundState.BOUNCED: gettext_lazy("Came back"),
    OutboundState.SENT: gettext_lazy("Sent"),
    OutboundState.CANCELLED: gettext_lazy("Cancelled"),
}
TONES = {
    OutboundState.DEFERRED: "warn",
    OutboundState.HELD: "warn",
    OutboundState.FAILED: "danger",
    OutboundState.BOUNCED: "danger",
    OutboundState.SENT: "good",
}
FRAME_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)
"""For a mail of our own making, whose style stands in its elements as mail programs want it; nothing is loaded, nothing runs."""


@dataclass(frozen=True, slots=True)
class Sent:
    """One mail with the ticket it is about."""

    mail: OutboundMail
    ticket: Ticket | None

    @property
    def tone(self) -> str:
        return TONES.get(OutboundState(self.mail.state), "")

    @property
    def sender(self) -> str:
        """The From header as people read it."""
        return decode_words(self.mail.from_header, MOST_WORDS)

    @property
    def said(self) -> str:
        return reasons.said(self.mail.last_answer)

    @property
    def is_said_by_us(self) -> bool:
        return reasons.is_ours(self.mail.last_answer)

    @property
    def next_try(self) -> datetime | None:
        """When it goes out; None once it has gone, failed or was cancelled."""
        if self.mail.state == OutboundState.QUEUED:
            return self.mail.not_before
        return self.mail.next_attempt_at if self.mail.state == OutboundState.DEFERRED else None

    @property
    def may_be_retried(self) -> bool:
        return self.mail.state in (OutboundState.DEFERRED, OutboundState.HELD, *NOT_ARRIVED)

    @property
    def may_be_cancelled(self) -> bool:
        return self.mail.state in UNSENT

    @property
    def may_be_answered(self) -> bool:
        """In the demonstration, by whoever got it; nobody answers a sign-in link or a test."""
        return bool(settings.DEMO) and self.mail.kind not in (
            OutboundKind.SELF_TEST,
            OutboundKind.ALARM,
            *LEADS_IN,
        )


@dataclass(frozen=True, slots=True)
class OutboxPage:
    chosen: SentFilter
    lines: list[Sent]
    page: Page[OutboundMail]
    tabs: list[Tab]
    kinds: list[tuple[str, str]]

    @property
    def is_demo(self) -> bool:
        return bool(settings.DEMO)

    @property
    def is_filtered(self) -> bool:
        return replace(self.chosen, own=False) != SentFilter()


def filter_of(query: Mapping[str, str]) -> SentFilter:
    """From a query string in which anything may stand."""
    state, kind = query.get("state", ""), query.get("kind", "")
    return SentFilter(
        state=state if state in OutboundState.values else "",
        kind=kind if kind in OutboundKind.values else "",
        search=searched(query),
        own=query.get("own") == "1",
    )


def outbox_page(user: User, chosen: SentFilter, place: Place, *, now: datetime) -> OutboxPage:
    """In three queries."""
    page = sent.sent_page(chosen, place)
    about = tickets.tickets_of_outbound(user, page.rows)
    counts = sent.sent_counts(now=now)
    return OutboxPage(
        chosen=chosen,
        lines=[Sent(mail, about.get(mail.pk)) for mail in page.rows],
        page=page,
        tabs=[_tab(chosen, state, label, counts.get(state, 0)) for state, label in STATES.items()],
        kinds=[(value, str(label)) for value, label in OutboundKind.choices],
    )


def sent_mail(user: User, mail: OutboundMail) -> Sent:
    return Sent(mail, tickets.tickets_of_outbound(user, [mail]).get(mail.pk))


def _tab(chosen: SentFilter, state: str, label: str | Promise, count: int) -> Tab:
    there = replace(chosen, state=state)
    asked = {"state": there.state, "kind": there.kind, "find": there.search, "own": "1" if there.own else ""}
    return Tab(
        label, f"?{urlencode({name: value for name, value in asked.items() if value})}", chosen.state == state, count
    )
