"""Erasing a person (GDPR art. 17): what can go goes, in one transaction and for good; what has to stay stays, and is said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from sportello.accounts.actions import record
from sportello.accounts.enums import Act
from sportello.accounts.forgetting import forget_in_audit
from sportello.accounts.models import User
from sportello.accounts.permissions import check_can_administer
from sportello.customers.forgetting import forget_person
from sportello.customers.models import Contact
from sportello.duplicates.forgetting import forget_answers
from sportello.imports.forgetting import forget_in_imports
from sportello.mail.actions.erasing import erase_mails
from sportello.presales.forgetting import forget_enquiries
from sportello.privacy.actions.downloading import drop_downloads
from sportello.privacy.actions.planning import count_anew
from sportello.privacy.enums import DropState, Ground
from sportello.privacy.models import Drop, Erasure, Keeping
from sportello.privacy.person import Person, person
from sportello.telephone.forgetting import forget_calls
from sportello.tickets.actions.concerns import forget_concerns
from sportello.tickets.actions.erasing import empty_tickets, erase_in_others, hold_all
from sportello.tickets.actions.holding import let_go_of
from sportello.tickets.models import Message, Ticket

_FORGET_JOBS = """
    DELETE FROM procrastinate_jobs WHERE status NOT IN ('todo', 'doing') AND lower(args::text) LIKE ANY (%s)
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many of each kind go, and which tickets stay as they are."""

    gone: dict[str, int]
    stays: list[Keeping]


def erase(*, contact: Contact, raws: Collection[str], by: User, now: datetime) -> Outcome:
    """Irreversible, within the caller's transaction. `raws` are the mails as they came that name the person."""
    return _erase(contact, raws, by, now)


def rehearse(*, contact: Contact, raws: Collection[str], by: User, now: datetime) -> Outcome:
    """What `erase` would do: done, counted, and taken back, so that the two cannot differ."""
    with transaction.atomic():
        outcome = _erase(contact, raws, by, now)
        transaction.set_rollback(True)
    return outcome


def keep_ticket(*, ticket: Ticket, ground: Ground | None, by: User, now: datetime, address: str | None) -> None:
    """Says that the words of a ticket have to stay, and why; None takes that back. What would go is counted anew."""
    check_can_administer(by)
    with transaction.atomic():
        count_anew(contact_id=ticket.contact_id, now=now)
        Keeping.objects.filter(ticket=ticket).delete()
        if ground is not None:
            Keeping.objects.create(ticket=ticket, ground=ground, by=by, since=now)
        detail = {"ground": str(ground or "")}
        record(
            act=Act.KEEPING_SET,
            subject=f"#{ticket.number}",
            by=by,
            now=now,
            address=address,
            detail=detail,
            about=ticket,
        )


def _erase(contact: Contact, raws: Collection[str], by: User, now: datetime) -> Outcome:
    Contact.objects.select_for_update(no_key=True).get(pk=contact.pk)
    who, stays = person(contact), list(Keeping.objects.filter(ticket__contact=contact).select_related("ticket"))
    kept = [each.ticket_id for each in stays]
    hold_all(contact=contact, customers=who.customers, blot=who.blot)
    erasure = Erasure.objects.create(by=by, contact=contact)
    gone = Counter({"downloads": drop_downloads(contact)})
    gone += empty_tickets(
        tickets=Ticket.objects.filter(contact=contact).exclude(pk__in=kept).defer("search"), by=by, now=now
    )
    gone += erase_in_others(contact=contact, customers=who.customers, blot=who.blot, kept=kept)
    forget_concerns(contact=contact, customers=who.customers, now=now)
    gone += _mails(who, raws, kept)
    gone["drops"] = Drop.objects.filter(contact=contact, state=DropState.WAITING).update(
        state=DropState.WITHDRAWN, sealed=None, ended_at=now
    )
    Drop.objects.filter(contact=contact).exclude(ticket__in=kept).update(label="")
    gone["files"] += let_go_of(contact)
    gone["answers"] = forget_answers(contact)
    gone["calls"] = forget_calls(contact, who.numbers)
    gone["enquiries"] = forget_enquiries(who.addresses)
    gone["imports"] = forget_in_imports(who.blot, contact.external_id)
    gone["audit"] = forget_in_audit(contact, who.blot)
    gone += forget_person(contact)
    gone["jobs"] = _forget_jobs(who.addresses)
    counts = {kind: number for kind, number in sorted(gone.items()) if number}
    Erasure.objects.filter(pk=erasure.pk).update(counts=counts)
    return Outcome(counts, stays)


def _mails(who: Person, raws: Collection[str], kept: Collection[int]) -> Counter[str]:
    of_kept = Message.objects.filter(ticket__in=kept, inbound__isnull=False).values_list("inbound", flat=True)
    return erase_mails(addresses=who.addresses, blot=who.blot, raws=raws, kept=list(of_kept))


def _forget_jobs(addresses: Collection[str]) -> int:
    """Jobs that are over and name an address."""
    if not addresses:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_FORGET_JOBS, [[f"%{address}%" for address in addresses]])
        return int(cursor.rowcount)
