"""What is known of the harm, stored on the ticket and judged anew: what was seen, what a person says instead of the rule [promise.outage]."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from sportello.accounts.models import User
from sportello.core.errors import Refused
from sportello.services.enums import ServiceVerdict
from sportello.services.models import Service
from sportello.tickets.actions.changing import changing, lock, record, tell
from sportello.tickets.actions.claims import UNCONFIRMED, ask_what_helps
from sportello.tickets.actions.clocks import settle
from sportello.tickets.enums import EventKind
from sportello.tickets.models import Ticket
from sportello.tickets.permissions import check_can_write
from sportello.tickets.rules import FINISHED, one_line
from sportello.triage.enums import Claim, Overrule

BELIEVED_FOR = timedelta(minutes=10)
"""So long a total outage is believed on the customer's word, while it is looked for."""
LAPSED_AT_ONCE = 10  # in one transaction, each with a mail
ROUNDS = 50
OF_TOTAL_OUTAGE = frozenset({Claim.NOTHING_OPENS, Claim.WORDS})
CLAIMS_BY_WEIGHT = ("", Claim.QUESTION, Claim.PART, Claim.WORDS, Claim.NOTHING_OPENS)
REASON_LENGTH = 300
SEEN = (
    "public_count",
    "snippet",
    "claim_until",
    "claim_asked_at",
    "verdict",
    "verdict_at",
    "neighbours_down",
    "in_incident",
    "service_kind",
    "is_managed",
    "matters",
)
JUDGED = (
    "is_outage",
    "group",
    "priority",
    "ahead",
    "tie",
    "reasons",
    "first_due_at",
    "due_at",
    "due_kind",
    "told_due_at",
    "alarm_step",
    "alarm_at",
)


def weigh(
    *,
    ticket: Ticket,
    verdict: ServiceVerdict | None = None,
    neighbours_down: int | None = None,
    in_incident: bool | None = None,
    now: datetime,
) -> None:
    """Stores what was seen of the ticket's service and judges the ticket anew; what is None stays as it was.

    Nothing of this is news to the customer: the ticket does not count as changed. A ticket that lives on in another one is left alone.
    """
    with transaction.atomic():
        lock(ticket)
        if ticket.merged_into_id is not None:
            return
        if verdict is not None:
            ticket.verdict, ticket.verdict_at = verdict, now
        if neighbours_down is not None:
            ticket.neighbours_down = neighbours_down
        if in_incident is not None:
            ticket.in_incident = in_incident
        describe_service(ticket, ticket.service)
        if ticket.claim_until is not None and ticket.verdict in UNCONFIRMED:
            ask_what_helps(ticket, now=now)
        judge(ticket, now=now)


def lapse_claims(*, now: datetime) -> int:
    """Ends the trust in a total outage that was claimed ten minutes ago; who was not asked yet what would help is asked now.

    Safe to do in several workers at once. Returns how many ended.
    """
    ended = 0
    for _round in range(ROUNDS):
        some = _lapse_some(now)
        ended += some
        if some < LAPSED_AT_ONCE:
            break
    return ended


def _lapse_some(now: datetime) -> int:
    with transaction.atomic():
        tickets = list(
            Ticket.objects.filter(claim_until__lte=now)
            .select_for_update(skip_locked=True, no_key=True)
            .prefetch_related("queue__calendar", "queue__policy", "mailbox", "contact")
            .defer("search")
            .order_by("claim_until")[:LAPSED_AT_ONCE]
        )
        for ticket in tickets:
            _lapse(ticket, now)
        return len(tickets)


def _lapse(ticket: Ticket, now: datetime) -> None:
    confirmed = ticket.is_outage or ticket.status in FINISHED
    if not confirmed:
        ask_what_helps(ticket, now=now)
        record(ticket, EventKind.CLAIM_LAPSED, now=now)
    ticket.claim_until = None
    judge(ticket, now=now)


def overrule(*, ticket: Ticket, word: Overrule, reason: str, by: User, now: datetime) -> None:
    """A person knows better than the rule, and says why. Raises Refused("empty")."""
    check_can_write(by)
    why = one_line(reason, REASON_LENGTH)
    if not why:
        raise Refused("empty", _("Write why: it is read by whoever looks at this ticket next."))
    with changing(ticket, now=now):
        before = ticket.is_outage
        ticket.overrule, ticket.overrule_reason, ticket.overruled_by, ticket.overruled_at = word, why, by, now
        record(ticket, EventKind.OVERRULED, now=now, by=by, word=word, reason=why)
        settle(ticket)
        record_outage(ticket, before, by=by, now=now)


def give_back(*, ticket: Ticket, by: User, now: datetime) -> None:
    """The rule judges again. Giving back twice changes nothing."""
    check_can_write(by)
    with changing(ticket, now=now):
        if not ticket.overrule:
            return
        before = ticket.is_outage
        forget_overrule(ticket)
        record(ticket, EventKind.OVERRULE_ENDED, now=now, by=by)
        settle(ticket)
        record_outage(ticket, before, by=by, now=now)


def set_outage(*, ticket: Ticket, on: bool, by: User | None, now: datetime, reason: str = "") -> None:
    """Says, instead of the rule, whether the use of a service is gone altogether [promise.outage]."""
    check_can_write(by)
    with changing(ticket, now=now):
        if ticket.is_outage == on:
            return
        forget_overrule(ticket)
        settle(ticket)
        if ticket.is_outage != on:
            ticket.overrule = Overrule.OUTAGE if on else Overrule.NOT_OUTAGE
            ticket.overrule_reason = one_line(reason, REASON_LENGTH)
            ticket.overruled_by, ticket.overruled_at = by, now
            settle(ticket)
        record_outage(ticket, not on, by=by, now=now)


def believe(ticket: Ticket, claim: Claim | None, now: datetime) -> None:
    """What the customer says when a request is opened; a total outage is believed for a while."""
    ticket.claim = claim or ""
    ticket.claim_until = now + BELIEVED_FOR if claim in OF_TOTAL_OUTAGE else None


def describe_service(ticket: Ticket, service: Service | None) -> None:
    """What the rule wants to know of the service, kept beside it: it is asked for whenever anything happens."""
    ticket.service_kind = service.kind if service else ""
    ticket.is_managed = service.is_managed if service else False


def about(ticket: Ticket, service: Service | None) -> None:
    """Another service: what was seen of the one before says nothing of it."""
    ticket.service = service
    ticket.verdict, ticket.verdict_at, ticket.neighbours_down, ticket.in_incident = "", None, 0, False
    ticket.planned_pauses, ticket.runs_through_work = [], False
    describe_service(ticket, service)


def take_over_harm(source: Ticket, target: Ticket) -> None:
    """Of two that are joined: the word of a person that there is, the heavier claim, and what was last seen of the same service."""
    if source.overrule and not target.overrule:
        target.overrule, target.overrule_reason = source.overrule, source.overrule_reason
        target.overruled_by, target.overruled_at = source.overruled_by, source.overruled_at
    if weight_of_claim(source.claim) > weight_of_claim(target.claim):
        target.claim, target.claim_until, target.claim_asked_at = (
            source.claim,
            source.claim_until,
            source.claim_asked_at,
        )
    if source.verdict_at and source.service_id == target.service_id:
        if target.verdict_at is None or target.verdict_at < source.verdict_at:
            target.verdict, target.verdict_at = source.verdict, source.verdict_at
            target.neighbours_down = source.neighbours_down
        target.in_incident = target.in_incident or source.in_incident


def weight_of_claim(claim: str) -> int:
    return CLAIMS_BY_WEIGHT.index(claim)


def forget_overrule(ticket: Ticket) -> None:
    ticket.overrule = ticket.overrule_reason = ""
    ticket.overruled_by = ticket.overruled_at = None


def judge(ticket: Ticket, *, now: datetime) -> None:
    """Settles a locked ticket and keeps what follows, without counting it as changed."""
    before = ticket.is_outage
    settle(ticket)
    record_outage(ticket, before, by=None, now=now)
    ticket.save(update_fields=[*SEEN, *JUDGED])
    tell(ticket)


def record_outage(ticket: Ticket, before: bool, *, by: User | None, now: datetime) -> None:  # noqa: FBT001 - what it was
    if ticket.is_outage != before:
        kind = EventKind.OUTAGE_SET if ticket.is_outage else EventKind.OUTAGE_CLEARED
        record(ticket, kind, now=now, by=by, verdict=ticket.verdict)
