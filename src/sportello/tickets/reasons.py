"""Why a ticket stands where it stands: stored as [code, figures], told as a sentence with the clause of the policy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Protocol

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from sportello.services.enums import ServiceKind
from sportello.tickets.concerning import concern_words
from sportello.triage.enums import Overrule, ReasonCode
from sportello.triage.rules import Reason

Stored = list[Any]
"""A reason as the column holds it: [code, {figures}]."""


class TicketReason(StrEnum):
    """Reasons that triage does not know: they stay with the ticket whatever its clocks do."""

    SENDER_UNVERIFIED = "sender.unverified"
    ADDRESS_CONFIRMED = "sender.confirmed"
    SENDER_NOT_PARTICIPANT = "sender.not_participant"
    MISSED_CALL = "call.missed"
    CALLER_VERIFIED = "caller.verified"
    CALLER_UNVERIFIED = "caller.unverified"
    SERVICE_MENTIONED = "service.mentioned"
    SERVICE_SENDER_DOMAIN = "service.sender_domain"
    SERVICE_ONLY_ONE = "service.only_one"
    CUSTOMER_OWN = "customer.own"
    FOLLOW_UP = "ticket.follow_up"
    SPLIT = "ticket.split"
    MACHINE = "ticket.machine"
    CLAIM_ALL = "claim.all"
    CLAIM_PART = "claim.part"
    CLAIM_QUESTION = "claim.question"
    SERVICE_CHOSEN = "service.chosen"


OWN_CLAUSES: Mapping[str, str] = MappingProxyType(
    {
        TicketReason.ADDRESS_CONFIRMED: "reach.presales",
        TicketReason.MISSED_CALL: "reach.phone",
        TicketReason.CALLER_VERIFIED: "reach.phone",
        TicketReason.CALLER_UNVERIFIED: "reach.phone",
        TicketReason.SERVICE_MENTIONED: "cover.hosted",
        TicketReason.SERVICE_SENDER_DOMAIN: "cover.hosted",
        TicketReason.SERVICE_ONLY_ONE: "cover.hosted",
        TicketReason.CUSTOMER_OWN: "cover.customers",
        TicketReason.SERVICE_CHOSEN: "cover.hosted",
        TicketReason.FOLLOW_UP: "one.problem",
        TicketReason.SPLIT: "one.problem",
    }
)

WORDS: Mapping[str, Promise] = MappingProxyType(
    {
        ReasonCode.CLOCK_PAUSED: gettext_lazy("The clock stood still while we waited for the customer"),
        ReasonCode.CLOCK_UPDATE_PROMISED: gettext_lazy("The customer was promised an update at this time"),
        ReasonCode.CLOCK_ANALYSIS_UNANSWERED: gettext_lazy("In analysis, but no person has answered the customer yet"),
        ReasonCode.CLOCK_WAITING_CUSTOMER: gettext_lazy("We wait for the customer: no clock runs"),
        ReasonCode.CLOCK_ANSWERED: gettext_lazy("The customer has our answer: no clock runs"),
        ReasonCode.CLOCK_MACHINE: gettext_lazy("No person has asked for anything: no clock runs"),
        ReasonCode.CLOCK_STOPPED: gettext_lazy("Solved or closed: no clock runs"),
        ReasonCode.CLOCK_NO_TARGET: gettext_lazy("No time is promised in this queue"),
        ReasonCode.QUEUE_OUTAGE: gettext_lazy("A service cannot be used at all: before all others"),
        ReasonCode.QUEUE_LEGAL: gettext_lazy("A deadline of the law or of an authority runs: before all others"),
        ReasonCode.QUEUE_CLAIM: gettext_lazy(
            "The customer says that nothing works any more: before all others for ten minutes, while we look"
        ),
        ReasonCode.EVIDENCE_UNUSABLE: gettext_lazy("We looked: the service cannot be used"),
        ReasonCode.EVIDENCE_REPORTER: gettext_lazy(
            "We looked: the service works from here, but not from where the customer is"
        ),
        ReasonCode.EVIDENCE_DEGRADED: gettext_lazy("We looked: the service works in part, or slowly"),
        ReasonCode.EVIDENCE_FINE: gettext_lazy("We looked: the service works"),
        ReasonCode.EVIDENCE_SUSPENDED: gettext_lazy("The service is suspended by us"),
        ReasonCode.EVIDENCE_EXPIRED: gettext_lazy("The service has expired"),
        ReasonCode.EVIDENCE_NOT_OURS: gettext_lazy("What does not work is not on our machines"),
        ReasonCode.EVIDENCE_UNKNOWN: gettext_lazy("We looked, and could not tell whether the service works"),
        ReasonCode.SCOPE_INCIDENT: gettext_lazy("It belongs to an outage that hits several customers"),
        ReasonCode.CLAIM_FRESH: gettext_lazy(
            "The customer says that nothing works any more; nobody has confirmed it yet"
        ),
        ReasonCode.CLAIM_HARM: gettext_lazy("The customer says that something does not work"),
        ReasonCode.OVERRULED_LEGAL: gettext_lazy("A colleague says that a deadline of the law runs"),
        ReasonCode.OVERRULED_OUTAGE: gettext_lazy("A colleague says that the service cannot be used at all"),
        ReasonCode.OVERRULED_NOT_OUTAGE: gettext_lazy("A colleague says that it is no outage"),
        ReasonCode.OVERRULED_BEFORE: gettext_lazy("A colleague put it before others"),
        ReasonCode.OVERRULED_AFTER: gettext_lazy("A colleague put it after others"),
        ReasonCode.QUEUE_PRESALES: gettext_lazy("A question before buying, apart from customer support"),
        ReasonCode.QUEUE_CUSTOMER: gettext_lazy("From a customer"),
        ReasonCode.QUEUE_UNKNOWN_SENDER: gettext_lazy("From somebody who is not known as a customer"),
        ReasonCode.QUEUE_NO_CONTRACT: gettext_lazy(
            "From a customer whose contract has ended: support is for customers only"
        ),
        ReasonCode.QUEUE_ANALYSIS: gettext_lazy("In analysis: after those who wait for an answer"),
        ReasonCode.QUEUE_ANSWERED: gettext_lazy("Answered and still open: nothing is owed until the customer writes"),
        ReasonCode.QUEUE_WAITING_CUSTOMER: gettext_lazy("It is the customer's turn: after all others"),
        ReasonCode.QUEUE_BY_DUE_TIME: gettext_lazy("In the order of the due times"),
        ReasonCode.CHANNEL_PORTAL: gettext_lazy("Asked in the customer area"),
        ReasonCode.CHANNEL_MAIL: gettext_lazy("Asked by mail"),
        ReasonCode.CHANNEL_PHONE: gettext_lazy("Asked by telephone"),
        ReasonCode.CHANNEL_API: gettext_lazy("Asked by a program"),
        TicketReason.SENDER_UNVERIFIED: gettext_lazy("The sender's address was not verified"),
        TicketReason.ADDRESS_CONFIRMED: gettext_lazy("Asked by the public form, and confirmed from the sender's mail"),
        TicketReason.SENDER_NOT_PARTICIPANT: gettext_lazy(
            "Written by somebody who does not take part in the earlier ticket"
        ),
        TicketReason.MISSED_CALL: gettext_lazy("Somebody called and nobody answered: they are called back"),
        TicketReason.CALLER_VERIFIED: gettext_lazy("The caller said the support PIN of this person"),
        TicketReason.CALLER_UNVERIFIED: gettext_lazy(
            "The caller did not prove who they are: they are told nothing of the service, and order nothing that cannot be undone"
        ),
        TicketReason.SERVICE_MENTIONED: gettext_lazy("The service is named in the text"),
        TicketReason.SERVICE_SENDER_DOMAIN: gettext_lazy("The service is the domain that the sender writes from"),
        TicketReason.SERVICE_ONLY_ONE: gettext_lazy("It is the only service of this customer"),
        TicketReason.CUSTOMER_OWN: gettext_lazy(
            "The sender writes for several customers and names no service: their own customer was taken"
        ),
        TicketReason.SERVICE_CHOSEN: gettext_lazy("The customer chose the service"),
        TicketReason.CLAIM_ALL: gettext_lazy("The customer says that nothing opens any more"),
        TicketReason.CLAIM_PART: gettext_lazy("The customer says that one part does not work"),
        TicketReason.CLAIM_QUESTION: gettext_lazy("The customer says that it is a question"),
        TicketReason.MACHINE: gettext_lazy("Written by a program"),
        TicketReason.FOLLOW_UP: gettext_lazy("It goes on from ticket #%(number)s, closed too long ago to reopen"),
        TicketReason.SPLIT: gettext_lazy("It was a message of ticket #%(number)s"),
    }
)


WEIGHING = ("evidence.", "scope.", "claim.", "service.kind", "history.", "overruled.")
"""Beginnings of the codes whose minutes are a weight in the queue."""


OVERRULE_WORDS: Mapping[Overrule, Promise] = MappingProxyType(
    {
        Overrule.OUTAGE: gettext_lazy("the service cannot be used: before all others"),
        Overrule.NOT_OUTAGE: gettext_lazy("it is no outage"),
        Overrule.BEFORE: gettext_lazy("before others that are due"),
        Overrule.AFTER: gettext_lazy("after others that are due"),
        Overrule.LEGAL: gettext_lazy("a deadline of the law or of an authority: before everything"),
    }
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A reason in words; `clause` is an id of the policy such as `promise.first`, or empty; `minutes` is what it weighs, 0 for nothing."""

    code: str
    text: str
    clause: str
    minutes: int = 0

    @property
    def weight(self) -> str:
        """As it stands beside the sentence: minutes earlier with a plus, later with a minus."""
        return f"{self.minutes:+d}′".replace("-", "−") if self.minutes else ""


class Placed(Protocol):
    """What the words look at: a ticket, or anything with its place."""

    ahead: int
    overrule: str
    due_at: datetime | None


def place_words(ticket: Placed) -> str:
    """What all that is known makes of the due time."""
    minutes = ticket.ahead
    if not minutes or ticket.overrule == Overrule.LEGAL or ticket.due_at is None:
        return ""
    if minutes > 0:
        words = ngettext(
            "In all, it counts as due %d minute earlier.", "In all, it counts as due %d minutes earlier.", minutes
        )
        return words % minutes
    words = ngettext(
        "In all, it counts as due %d minute later.", "In all, it counts as due %d minutes later.", -minutes
    )
    return words % -minutes


def weighing(reasons: Iterable[Stored]) -> list[Sentence]:
    """Those that were weighed, the heaviest first: what a line of the queue says of its place."""
    told = (words(code, params) for code, params in reasons if code.startswith(WEIGHING))
    return [each for each in told if each.minutes or each.code.startswith("evidence.")]


def stored(reason: Reason) -> Stored:
    return [str(reason.code), dict(reason.params)]


def kept_reasons(reasons: Iterable[Stored]) -> list[Stored]:
    """Those that are not triage's: triage gives its own anew whenever something happens."""
    judged = set(ReasonCode)
    return [reason for reason in reasons if reason[0] not in judged]


def words(code: str, params: Mapping[str, Any]) -> Sentence:
    """The sentence of one reason, in the language of the reader. An unknown code, of a later version, speaks for itself."""
    minutes = params.get("minutes", 0) if code.startswith(WEIGHING) else 0
    return Sentence(code, _text(code, params), _clause(code), minutes)


def sentences(reasons: Iterable[Stored]) -> list[Sentence]:
    """The sentences of a ticket's reasons, in their order."""
    return [words(code, params) for code, params in reasons]


def _clause(code: str) -> str:
    if code in set(ReasonCode):
        return Reason(ReasonCode(code)).clause or ""
    return OWN_CLAUSES.get(code, "")


def _text(code: str, params: Mapping[str, Any]) -> str:
    if code in TOLD:
        return TOLD[code](params)
    return str(WORDS[code]) % params if code in WORDS else code


def _first_answer(params: Mapping[str, Any]) -> str:
    minutes: int = params["minutes"]
    return (
        ngettext("First answer promised within %d minute", "First answer promised within %d minutes", minutes) % minutes
    )


def _next_answer(params: Mapping[str, Any]) -> str:
    minutes: int = params["minutes"]
    return (
        ngettext("Next answer promised within %d minute", "Next answer promised within %d minutes", minutes) % minutes
    )


def _regular_update(params: Mapping[str, Any]) -> str:
    minutes: int = params["minutes"]
    return (
        ngettext("In analysis: an update every %d minute", "In analysis: an update every %d minutes", minutes) % minutes
    )


def _outside_hours(params: Mapping[str, Any]) -> str:
    opens_at = timezone.localtime(datetime.fromisoformat(params["opens_at"]))
    when = date_format(opens_at, "SHORT_DATETIME_FORMAT")
    return _("It came outside opening hours: the clock starts %(when)s") % {"when": when}


def _planned_work(params: Mapping[str, Any]) -> str:
    until = timezone.localtime(datetime.fromisoformat(params["until"]))
    when = date_format(until, "SHORT_DATETIME_FORMAT")
    return _("Planned work on the service: the clock stands still until %(when)s") % {"when": when}


def _neighbours(params: Mapping[str, Any]) -> str:
    number: int = params["services"]
    return (
        ngettext(
            "%d other service of the same server fails alike", "%d other services of the same server fail alike", number
        )
        % number
    )


def _kind(params: Mapping[str, Any]) -> str:
    kind = dict(ServiceKind.choices).get(params["kind"], params["kind"])
    return _("What is hurt is of this kind: %(kind)s") % {"kind": kind}


def _matters(params: Mapping[str, Any]) -> str:
    return _("It touches what matters most to this customer: %(what)s") % {
        "what": ", ".join(map(concern_words, params["what"].splitlines()))
    }


TOLD: Mapping[str, Callable[[Mapping[str, Any]], str]] = MappingProxyType(
    {
        ReasonCode.CLOCK_FIRST: _first_answer,
        ReasonCode.CLOCK_NEXT: _next_answer,
        ReasonCode.CLOCK_UPDATE_REGULAR: _regular_update,
        ReasonCode.CLOCK_OUTSIDE_HOURS: _outside_hours,
        ReasonCode.CLOCK_PLANNED_WORK: _planned_work,
        ReasonCode.SCOPE_NEIGHBOURS: _neighbours,
        ReasonCode.KIND_OF_SERVICE: _kind,
        ReasonCode.HISTORY: _matters,
    }
)
