"""Mails to staff: alarms, and answers that did not arrive."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from sportello.accounts.enums import Role
from sportello.accounts.models import User
from sportello.mail import actions as mail
from sportello.mail import composition
from sportello.mail.enums import OutboundKind
from sportello.mail.models import Mailbox, OutboundMail
from sportello.mail.reasons import is_ours, said
from sportello.tickets.models import Message, Ticket
from sportello.tickets.notifications.customers import mailbox_of
from sportello.triage.enums import AlarmStep

SINGLY = 3
"""So many alarms come to a person as mails of their own; of more at once, one mail tells all."""


class Ringing(NamedTuple):
    """An alarm of a ticket."""

    ticket: Ticket
    step: AlarmStep


def alarms(rung: Iterable[Ringing], *, now: datetime) -> list[OutboundMail]:
    """Mail alarms to whoever has the ticket, else to its team, else to all who may answer; and to the addresses set for alarms.

    Whoever would get more than three at once gets one mail that lists them: a thousand late tickets are no reason for thousands of mails.
    """
    writers, heard = list(everyone_who_answers()), defaultdict[Reader, list[Ringing]](list)
    for one in rung:
        for reader in alarm_readers(_who_answers(one.ticket, writers)):
            heard[reader].append(one)
    return [sent for reader, theirs in heard.items() for sent in _ring(theirs, reader, now)]


def alarm_readers(staff: Iterable[User]) -> list[Reader]:
    """These people and the addresses set for alarms, each once."""
    readers = [Reader.of(user) for user in staff]
    others = [Reader(address, "", settings.LANGUAGE_CODE) for address in map(str.strip, settings.ALARM_MAIL.split(","))]
    return list(dict.fromkeys([*readers, *(other for other in others if other.address)]))


def _ring(rung: list[Ringing], reader: Reader, now: datetime) -> Iterator[OutboundMail]:
    for some in [rung] if len(rung) > SINGLY else ([one] for one in rung):
        mailbox = next(filter(None, (mailbox_of(one.ticket) for one in some)), None)
        if mailbox is not None:
            subject, text = _alarm_subject(some, reader.language), _alarm_text(some, reader.language)
            yield to_staff(reader, subject, text, kind=OutboundKind.ALARM, mailbox=mailbox, now=now)


def undelivered(*, message: Message, address: str, reason: str, now: datetime) -> OutboundMail | None:
    """Tell the author that an answer did not reach somebody. None where a program wrote it, or its author is no longer here."""
    ticket, author = message.ticket, message.user
    mailbox = mailbox_of(ticket)
    if mailbox is None or author is None or not author.is_active:
        return None
    reader = Reader.of(author)
    with translation.override(reader.language):
        subject = _("Not delivered: #%(number)s %(subject)s") % {"number": ticket.number, "subject": ticket.subject}
        why = said(reason)
    text = composition.write(
        "tickets/undelivered.txt",
        language=reader.language,
        number=ticket.number,
        subject=ticket.subject,
        address=address,
        reason=why,
        is_ours=is_ours(reason),
        link=_link(ticket),
    )
    return to_staff(reader, subject, text, kind=OutboundKind.NOTICE, mailbox=mailbox, now=now)


class Reader(NamedTuple):
    """Somebody of the staff; with the `key` of their account gets mail only as long as that is active."""

    address: str
    name: str
    language: str
    key: int | None = None

    @classmethod
    def of(cls, user: User) -> Reader:
        return cls(user.email, user.name, user.language, user.pk)


def to_staff(
    reader: Reader, subject: str, text: str, *, kind: OutboundKind, mailbox: Mailbox, now: datetime
) -> OutboundMail:
    return mail.enqueue(
        mailbox=mailbox,
        kind=kind,
        to=reader.address,
        to_name=reader.name,
        subject=subject,
        text=text,
        language=reader.language,
        now=now,
        automatic=True,
        reader={} if reader.key is None else {"user": reader.key},
    )


def _alarm_subject(rung: Sequence[Ringing], language: str) -> str:
    with translation.override(language):
        if len(rung) == 1:
            return _alarm_line(*rung[0])
        words = _("%(number)s requests need an answer now, among them #%(first)s")
        return words % {"number": len(rung), "first": rung[0].ticket.number}


def _alarm_line(ticket: Ticket, step: AlarmStep) -> str:
    return f"{_alarm_words(step)}: #{ticket.number} {ticket.subject}"


def _alarm_text(rung: Sequence[Ringing], language: str) -> str:
    with translation.override(language):
        told = [
            {
                "line": _alarm_line(ticket, step),
                "customer": ticket.customer.name if ticket.customer else ticket.contact.name,
                "service": ticket.service.name if ticket.service else "",
                "assignee": ticket.assignee.name if ticket.assignee else "",
                "due": composition.when(ticket.due_at, language=language) if ticket.due_at else "",
                "link": _link(ticket),
            }
            for ticket, step in rung
        ]
    return composition.write("tickets/alarm.txt", language=language, rung=told)


def _link(ticket: Ticket) -> str:
    return f"{settings.PUBLIC_URL}{reverse('desk:ticket', args=[ticket.public_id])}"


def _alarm_words(step: AlarmStep) -> str:
    return {
        AlarmStep.FIVE_MINUTES_LEFT: _("Five minutes left"),
        AlarmStep.TWO_MINUTES_LEFT: _("Two minutes left"),
        AlarmStep.MISSED: _("The answer is late"),
    }[step]


def everyone_who_answers() -> QuerySet[User]:
    return User.objects.filter(is_active=True, role__in=[Role.ADMIN, Role.AGENT]).order_by("pk")


def _who_answers(ticket: Ticket, writers: list[User]) -> list[User]:
    """Of those who may answer."""
    if ticket.assignee_id is not None and (found := [one for one in writers if one.pk == ticket.assignee_id]):
        return found
    if ticket.team_id is not None and (found := [one for one in writers if one.team_id == ticket.team_id]):
        return found
    return writers
