"""What matters to a customer, kept beside their name and worked out anew as their tickets change [promise.history]."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Left
from django.utils import timezone

from sportello.accounts.models import User
from sportello.customers.models import Contact
from sportello.services.models import Service
from sportello.tickets.actions.changing import lock
from sportello.tickets.actions.weighing import judge
from sportello.tickets.enums import Author, EventKind
from sportello.tickets.mattering import LOOKED_BACK, MOST_STORIES, Found, Story, touched, what_matters
from sportello.tickets.models import ON_THE_DESK, Attention, Concern, Event, Message, Ticket
from sportello.tickets.permissions import check_can_write
from sportello.tickets.topics import READ
from sportello.triage.enums import Claim

LOOKED_AT_ONCE = 50  # customers in one run
NEWEST = 2_000  # tickets among which those that changed are looked for
MOST_MESSAGES = 300
MOST_JUDGED = 50
KEY_LENGTH = 300
MOST_WEIGHT = 30_000
# What is written while we look may become visible later: a change is looked at again until a minute has passed.
_CHANGED = """
    SELECT customer_id FROM tickets_attention WHERE is_stale
     UNION
    SELECT newest.customer_id
      FROM (SELECT customer_id, updated_at FROM tickets_ticket ORDER BY updated_at DESC, id DESC LIMIT %(newest)s) newest
      LEFT JOIN tickets_attention seen ON seen.customer_id = newest.customer_id
     WHERE newest.customer_id IS NOT NULL
       AND (seen.looked_at IS NULL OR seen.looked_at < newest.updated_at + interval '1 minute')
     LIMIT %(limit)s
"""


def look_at_customers(*, now: datetime) -> int:
    """Works out anew what matters to customers whose tickets changed. Safe to do twice; returns to how many it was done."""
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED, {"newest": NEWEST, "limit": LOOKED_AT_ONCE})
        changed = [key for (key,) in cursor.fetchall()]
    for customer_id in changed:
        look_at_customer(customer_id=customer_id, now=now)
    return len(changed)


def look_at_customer(*, customer_id: int, now: datetime) -> None:
    """What matters to this customer, by the tickets that are theirs now; their open tickets are judged by it."""
    with transaction.atomic():
        Attention.objects.get_or_create(customer_id=customer_id, defaults={"looked_at": now})
        seen = Attention.objects.select_for_update(no_key=True).get(customer_id=customer_id)
        stories = _stories(customer_id, now)
        domains = _domains(customer_id)
        found = what_matters(stories, domains, now)
        _keep(customer_id, found)
        seen.looked_at, seen.is_stale = now, False
        seen.save(update_fields=["looked_at", "is_stale"])
    let_go = Concern.objects.filter(customer_id=customer_id, dismissed_at__isnull=False).values_list("key", flat=True)
    _judge_open(stories, domains, [each for each in found if each.key not in set(let_go)], now)


def dismiss_concern(*, concern: Concern, by: User, now: datetime) -> None:
    """A person says that this does not matter: the rule keeps to it. Doing it twice changes nothing."""
    check_can_write(by)
    with transaction.atomic():
        Concern.objects.filter(pk=concern.pk, dismissed_at=None).update(dismissed_at=now, dismissed_by=by)
    look_at_customer(customer_id=concern.customer_id, now=now)


def restore_concern(*, concern: Concern, by: User, now: datetime) -> None:
    """It matters after all."""
    check_can_write(by)
    with transaction.atomic():
        Concern.objects.filter(pk=concern.pk).update(dismissed_at=None, dismissed_by=None)
    look_at_customer(customer_id=concern.customer_id, now=now)


def forget_concerns(*, contact: Contact, customers: Collection[int], now: datetime) -> None:
    """Words of an erased person go from what was drawn from them, at once: at their customers, and at all others in whose tickets they wrote."""
    wrote = Message.objects.filter(contact=contact).values("ticket")
    where = Ticket.objects.filter(Q(pk__in=wrote) | Q(contact=contact)).exclude(customer=None)
    customers = {*customers, *where.order_by().values_list("customer", flat=True).distinct()}
    Concern.objects.filter(customer__in=customers, key__startswith="address:").delete()
    for customer_id in sorted(Attention.objects.filter(customer__in=customers).values_list("customer_id", flat=True)):
        look_at_customer(customer_id=customer_id, now=now)


def mark_stale(*customers: int | None) -> None:
    """These gained or lost a ticket: they are looked at again soon."""
    Attention.objects.filter(customer__in=[key for key in customers if key is not None]).update(is_stale=True)


def _keep(customer_id: int, found: Sequence[Found]) -> None:
    """What is found no more goes, but for what a person let go, which would otherwise come back."""
    rows = [
        Concern(
            customer_id=customer_id,
            key=each.key[:KEY_LENGTH],
            weight=min(each.weight, MOST_WEIGHT),
            tickets=list(each.tickets),
            outage_minutes=each.outage_minutes,
            waited_minutes=each.waited_minutes,
            times_said=each.times_said,
        )
        for each in found
    ]
    written = ["weight", "tickets", "outage_minutes", "waited_minutes", "times_said"]
    Concern.objects.bulk_create(rows, update_conflicts=True, unique_fields=["customer", "key"], update_fields=written)
    gone = Concern.objects.filter(customer_id=customer_id).exclude(key__in=[row.key for row in rows])
    gone.filter(dismissed_at=None).delete()
    gone.update(weight=0, tickets=[], outage_minutes=0, waited_minutes=0, times_said=0)


def _domains(customer_id: int) -> frozenset[str]:
    names = Service.objects.filter(customer=customer_id).values_list("name", flat=True)
    return frozenset(name.lower() for name in names)


def _stories(customer_id: int, now: datetime) -> list[Story]:
    """The newest tickets of the customer, in five queries however many there are. What lives on in another one is told there."""
    tickets = list(
        Ticket.objects.filter(customer=customer_id, merged_into=None, is_request=True, opened_at__gt=now - LOOKED_BACK)
        .select_related("service")
        .defer("search")
        .order_by("-updated_at")[:MOST_STORIES]
    )
    keys = [ticket.pk for ticket in tickets]
    texts, outages = _texts(keys), _outages(tickets, now)
    return [
        Story(
            ticket=ticket.pk,
            at=timezone.localtime(ticket.opened_at),
            text=f"{ticket.subject}\n{texts[ticket.pk]}",
            service=ticket.service.name if ticket.service else "",
            is_claimed=ticket.claim == Claim.NOTHING_OPENS,
            outage_minutes=outages[ticket.pk],
            waited_minutes=_waited(ticket, now),
        )
        for ticket in tickets
    ]


def _texts(tickets: Sequence[int]) -> defaultdict[int, str]:
    said = Message.objects.filter(ticket__in=tickets, author=Author.CUSTOMER, is_automatic=False)
    rows = said.annotate(begun=Left("text", READ), fresh=Left("fresh_text", READ)).order_by("-created_at")
    texts: defaultdict[int, str] = defaultdict(str)
    for ticket, begun, fresh in rows.values_list("ticket", "begun", "fresh")[:MOST_MESSAGES]:
        texts[ticket] = f"{fresh or begun}\n{texts[ticket]}"
    return texts


def _outages(tickets: Sequence[Ticket], now: datetime) -> defaultdict[int, int]:
    """Minutes in which each, or one joined to it, was an outage: from what was recorded, until it was over, solved, or now."""
    ends = {ticket.pk: ticket.solved_at or now for ticket in tickets}
    since: dict[int, datetime] = {}
    minutes: defaultdict[int, int] = defaultdict(int)
    down: defaultdict[int, set[int]] = defaultdict(set)
    kinds = (EventKind.OUTAGE_SET, EventKind.OUTAGE_CLEARED)
    joined = dict(Ticket.objects.filter(merged_into__in=ends).values_list("pk", "merged_into"))
    events = Event.objects.filter(ticket__in=[*ends, *joined], kind__in=kinds).order_by("at", "id")
    for ticket, kind, at in events.values_list("ticket", "kind", "at"):
        key = joined.get(ticket) or ticket
        if kind == EventKind.OUTAGE_SET:
            since.setdefault(key, at)
            down[key].add(ticket)
            continue
        down[key].discard(ticket)
        if key in since and not down[key]:
            minutes[key] += _minutes(at - since.pop(key))
    for key, at in since.items():
        minutes[key] += _minutes(ends[key] - at)
    return minutes


def _waited(ticket: Ticket, now: datetime) -> int:
    """Minutes by which the first answer was late."""
    if ticket.first_due_at is None:
        return 0
    return _minutes((ticket.first_answered_at or ticket.solved_at or now) - ticket.first_due_at)


def _minutes(span: timedelta) -> int:
    return max(0, int(span.total_seconds() // 60))


def _judge_open(stories: Sequence[Story], domains: frozenset[str], found: Sequence[Found], now: datetime) -> None:
    told = {story.ticket: touched(story, domains, found) for story in stories}
    is_open = Ticket.objects.filter(pk__in=told, status__in=ON_THE_DESK)
    for key, matters in list(is_open.values_list("pk", "matters"))[:MOST_JUDGED]:
        if matters != told[key]:
            _judge(key, told[key], now)


def _judge(key: int, matters: list[str], now: datetime) -> None:
    with transaction.atomic():
        ticket = Ticket.objects.select_related("queue__calendar", "queue__policy").defer("search").get(pk=key)
        lock(ticket)
        if ticket.merged_into_id is None:
            ticket.matters = matters
            judge(ticket, now=now)
