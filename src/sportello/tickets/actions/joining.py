"""One problem, one ticket [one.problem]: joining two of one customer's, undoing it, and taking one apart."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, Min
from django.utils.translation import gettext as _

from sportello.accounts.models import User
from sportello.core.errors import Refused
from sportello.core.statements import insert
from sportello.tickets.actions.changing import changing, check_not_merged, keep, lock, record
from sportello.tickets.actions.clocks import happened, put_back, set_status, standing_of
from sportello.tickets.actions.opening import NUMBERED, begin
from sportello.tickets.actions.weighing import take_over_harm
from sportello.tickets.actions.writing import recount
from sportello.tickets.enums import Author, EventKind, FollowerRole, LinkKind, Status
from sportello.tickets.models import Attachment, Follower, Link, Merge, Message, Ticket
from sportello.tickets.permissions import check_can_write
from sportello.tickets.reasons import TicketReason
from sportello.tickets.rules import FINISHED, one_line
from sportello.triage.enums import Happening

MOVED = ("messages", "notes", "attachments", "orders")


def merge(*, source: Ticket, target: Ticket, by: User | None, now: datetime, why: Sequence[str] = ()) -> Merge:
    """Joins `source` into `target`: what was said moves, who asked follows, the customer's longer wait counts.

    `why` is told of a joining that nobody asked for: codes of `enums.JoinedFor`.

    Raises Refused: "itself"; "other-customer", since two customers are never mixed; "merged" when either lives on in
    another ticket already.
    """
    check_can_write(by)
    if source.pk == target.pk:
        raise Refused("itself", _("A ticket cannot be joined to itself."))
    with transaction.atomic():
        _lock_both(source, target)
        _check_joinable(source, target)
        before = {"source": standing_of(source), "target": standing_of(target)}
        moved = _move(source, target)
        moved["followers"], moved["accepted"] = _let_follow(source, target, now)
        moved["newest"] = target.messages.aggregate(pk=Max("pk"))["pk"]
        _take_over(source, target, now)
        _end(source, target, now)
        _show_anew(source)
        _show_anew(target)
        _record_merge(source, target, by, now, why)
        keep(source, now=now)
        keep(target, now=now)
        after = standing_of(target)
        return Merge.objects.create(
            source=source, target=target, by=by, at=now, moved={**moved, **before, "after": after}
        )


def undo_merge(*, merge: Merge, by: User | None, now: datetime) -> None:
    """Takes two joined tickets apart again: what was moved goes back, and both stand where they stood.

    What was added to the target since stays with it; then only its waiting time is counted anew. Raises
    Refused("undone") the second time, and Refused("merged") while the target itself is joined to another one.
    """
    check_can_write(by)
    with transaction.atomic():
        merge.refresh_from_db(from_queryset=Merge.objects.select_for_update(no_key=True))
        if merge.undone_at is not None:
            raise Refused("undone", _("This joining was undone already."))
        source, target = merge.source, merge.target
        _lock_both(source, target)
        check_not_merged(target)
        _move_back(merge)
        _put_source_back(merge, source)
        _put_target_back(merge, target)
        _show_anew(source)
        _show_anew(target)
        merge.undone_at = now
        merge.save(update_fields=["undone_at"])
        record(source, EventKind.MERGE_UNDONE, now=now, by=by, other=str(target.public_id), number=target.number)
        record(target, EventKind.MERGE_UNDONE, now=now, by=by, other=str(source.public_id), number=source.number)
        keep(source, now=now)
        keep(target, now=now)


def split(*, ticket: Ticket, message: Message, subject: str, by: User | None, now: datetime) -> Ticket:
    """Moves one message of the customer's, which is about something else, into a ticket of its own.

    While the message waits for an answer, the new ticket's clock counts from when it came, else from now. Raises
    Refused: "not-customers", "only-message".
    """
    check_can_write(by)
    with changing(ticket, now=now):
        message = _splittable(ticket, message)
        waits = ticket.customer_waits_since is not None and message.created_at >= ticket.customer_waits_since
        new = _split_off(ticket, message, subject, message.created_at if waits else now, now)
        _show_anew(ticket)
        _wait_for_the_rest(ticket)
        record(ticket, EventKind.SPLIT_OFF, now=now, by=by, other=str(new.public_id), number=new.number)
        record(new, EventKind.OPENED, now=now, by=by, channel=new.channel, number=new.number)
        keep(new, now=now)
    return new


# -- joining -----------------------------------------------------------------------------------------------------------
def _lock_both(source: Ticket, target: Ticket) -> None:
    """In one order whoever asks, so that two joinings never wait for each other."""
    for ticket in sorted((source, target), key=_key):
        lock(ticket)


def _key(ticket: Ticket) -> int:
    return ticket.pk


def _check_joinable(source: Ticket, target: Ticket) -> None:
    check_not_merged(source)
    check_not_merged(target)
    same_customer = source.customer_id is not None and source.customer_id == target.customer_id
    same_stranger = source.customer_id is None and target.customer_id is None and source.contact_id == target.contact_id
    if not (same_customer or same_stranger):
        raise Refused("other-customer", _("Only tickets of the same customer can be joined."))


def _move(source: Ticket, target: Ticket) -> dict[str, Any]:
    moved: dict[str, Any] = {}
    for name in MOVED:
        rows = getattr(source, name)
        rows = rows.filter(draft=None) if name == "attachments" else rows
        moved[name] = list(rows.order_by("id").values_list("pk", flat=True))
        rows.model.objects.filter(pk__in=moved[name]).update(ticket=target)
    return moved


def _let_follow(source: Ticket, target: Ticket, now: datetime) -> tuple[list[int], list[int]]:
    """Who could read the source can read the target, also who was only in copy there; returns the rows that were added, and those raised."""
    readers = source.followers.exclude(role=FollowerRole.COPY)
    known = target.followers.exclude(role=FollowerRole.COPY).values("contact")
    new = readers.filter(contact__isnull=False).exclude(contact__in=known).exclude(contact=target.contact_id)
    added: list[int] = []
    raised: list[int] = []
    for contact_id in new.values_list("contact", flat=True):
        row, created = Follower.objects.get_or_create(ticket=target, contact_id=contact_id, defaults={"since": now})
        (added if created else raised).append(row.pk)
    Follower.objects.filter(pk__in=raised).update(role=FollowerRole.FOLLOWER)
    return added, raised


def _take_over(source: Ticket, target: Ticket, now: datetime) -> None:
    """The target waits as long as whichever of the two waited longer, and is an outage if either is."""
    take_over_harm(source, target)
    target.assignee = target.assignee or source.assignee
    since = source.customer_waits_since
    if since is None:
        _go_on(source, target, now)
        return
    if target.status in FINISHED or target.status == Status.WAITING:
        happened(target, Happening.CUSTOMER_WROTE, now)
    target.customer_waits_since = min(since, target.customer_waits_since or since)
    if _promised_before(source, target):
        target.opened_at, target.pauses = source.opened_at, source.pauses


def _go_on(source: Ticket, target: Ticket, now: datetime) -> None:
    """What is finished is taken up again where the other one stands, with the update or the reminder that was promised in it."""
    if source.status in FINISHED or target.status not in FINISHED:
        return
    happened(target, Happening.TAKEN_UP_AGAIN, now)
    set_status(target, Status(source.status), now)
    target.next_update_at, target.waiting_since, target.remind_at = (
        source.next_update_at,
        source.waiting_since,
        source.remind_at,
    )


def _promised_before(source: Ticket, target: Ticket) -> bool:
    """Whether both still owe their first answer, the source the older one: joining must not put it off [promise.first]."""
    unanswered = source.first_answered_at is None and target.first_answered_at is None
    return unanswered and source.opened_at < target.opened_at


def _end(source: Ticket, target: Ticket, now: datetime) -> None:
    happened(source, Happening.STOPPED, now)
    set_status(source, Status.CLOSED, now)
    source.merged_into = target


def _record_merge(source: Ticket, target: Ticket, by: User | None, now: datetime, why: Sequence[str]) -> None:
    for ticket, other, kind in ((source, target, EventKind.MERGED), (target, source, EventKind.MERGED_IN)):
        record(ticket, kind, now=now, by=by, other=str(other.public_id), number=other.number, why=",".join(why))


def _show_anew(ticket: Ticket) -> None:
    """The version grows: whoever is composing an answer should look again."""
    recount(ticket)
    ticket.version += 1


# -- undoing -----------------------------------------------------------------------------------------------------------
def _move_back(merge: Merge) -> None:
    for name in MOVED:
        rows = getattr(merge.target, name).filter(pk__in=merge.moved.get(name, ()))  # joined before orders moved: none
        rows.update(ticket=merge.source)
    Follower.objects.filter(pk__in=merge.moved["followers"], ticket=merge.target).delete()
    accepted = merge.moved.get("accepted", ())  # joined by an earlier version: none
    raised = Follower.objects.filter(pk__in=accepted, ticket=merge.target)
    raised.update(role=FollowerRole.COPY)


def _put_source_back(merge: Merge, source: Ticket) -> None:
    put_back(source, merge.moved["source"])
    source.merged_into = None


def _put_target_back(merge: Merge, target: Ticket) -> None:
    if _changed(merge.moved["after"], standing_of(target)):
        _wait_for_the_rest(target)
        return
    put_back(target, merge.moved["target"])
    since = target.messages.filter(author=Author.CUSTOMER, is_automatic=False, pk__gt=merge.moved["newest"])
    for at in since.order_by("created_at").values_list("created_at", flat=True):
        happened(target, Happening.CUSTOMER_WROTE, at)


def _changed(before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Whether somebody did something; that an alarm rang is nobody's doing."""
    return {**before, "alarm_step": ""} != {**after, "alarm_step": ""}


def _wait_for_the_rest(ticket: Ticket) -> None:
    """Counts anew since when the customer waits: from the oldest message that no person has answered."""
    if ticket.customer_waits_since is None:
        return
    answered = ticket.messages.filter(author=Author.STAFF).order_by("-created_at", "-id").first()
    asked = ticket.messages.filter(author=Author.CUSTOMER, is_automatic=False)
    if answered is not None:
        asked = asked.filter(created_at__gt=answered.created_at)
    ticket.customer_waits_since = asked.aggregate(since=Min("created_at"))["since"]


# -- taking apart ------------------------------------------------------------------------------------------------------
def _splittable(ticket: Ticket, message: Message) -> Message:
    """The message, held until the transaction ends."""
    row = ticket.messages.select_for_update(no_key=True).defer("search").filter(pk=message.pk).first()
    if row is None or row.author != Author.CUSTOMER:
        raise Refused("not-customers", _("Only a message of the customer can become a ticket of its own."))
    if ticket.messages.count() == 1:
        raise Refused("only-message", _("It is the only message of this ticket."))
    return row


def _split_off(ticket: Ticket, message: Message, subject: str, since: datetime, now: datetime) -> Ticket:
    new = begin(
        subject=one_line(subject, 300) or ticket.subject,
        contact=message.contact or ticket.contact,
        queue=ticket.queue,
        mailbox=ticket.mailbox,
        channel=message.channel,
        service=ticket.service,
        language=ticket.language,
        reasons=[[str(TicketReason.SPLIT), {"number": ticket.number}]],
        now=since,
    )
    new.customer = ticket.customer
    insert(new, given=NUMBERED)
    Message.objects.filter(pk=message.pk).update(ticket=new)
    Attachment.objects.filter(message=message).update(ticket=new)
    Follower.objects.create(ticket=new, contact=new.contact, role=FollowerRole.REQUESTER, since=now)
    Link.objects.create(source=new, target=ticket, kind=LinkKind.SPLIT, created_at=now)
    _show_anew(new)
    return new
