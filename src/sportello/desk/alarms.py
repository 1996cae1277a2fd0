"""An alarm of the ladder, as a browser tells it to the person it concerns."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from sportello.accounts.models import User
from sportello.mail.enums import InboundState
from sportello.mail.models import InboundMail
from sportello.tickets.models import Ticket
from sportello.triage.enums import AlarmStep


@dataclass(frozen=True, slots=True)
class Told:
    """`is_late` once the promise is broken."""

    text: str
    is_late: bool
    subject: str
    address: str


def alarm_for(user: User, ticket: Ticket, step: str) -> Told | None:
    """To whoever has the ticket; to everybody while nobody has it, and once it is late."""
    if step not in set(AlarmStep):
        return None
    is_late = AlarmStep(step) is AlarmStep.MISSED
    concerns = ticket.assignee_id in (None, user.pk) or is_late
    if not concerns:
        return None
    address = reverse("desk:ticket", args=[ticket.public_id])
    return Told(_words(AlarmStep(step)), is_late, f"#{ticket.number} {ticket.subject}", address)


def alarm_for_held(mail: InboundMail) -> Told | None:
    """To everybody: a held mail is nobody's yet. None once somebody has decided."""
    if mail.state != InboundState.HELD:
        return None
    address = reverse("desk:mail", args=[mail.public_id])
    subject = f"{mail.sender} {mail.subject}".strip()
    return Told(_("A held mail waits for a decision"), is_late=True, subject=subject, address=address)


def _words(step: AlarmStep) -> str:
    match step:
        case AlarmStep.FIVE_MINUTES_LEFT:
            return _("Five minutes left to answer")
        case AlarmStep.TWO_MINUTES_LEFT:
            return _("Two minutes left to answer")
        case AlarmStep.MISSED:
            return _("The answer is late")
