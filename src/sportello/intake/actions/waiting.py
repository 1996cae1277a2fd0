"""A held mail is a request that nobody has seen: its clock runs as a ticket's would, its ticket shows it, and it rings once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from procrastinate.contrib.django import app

from sportello.core import live, webhook
from sportello.intake.notifications import tell_undecided
from sportello.mail.enums import Purpose
from sportello.mail.models import InboundMail
from sportello.mail.parsing import ParsedMail
from sportello.mail.queries.held import undecided
from sportello.tickets.queries import ticket_by_id
from sportello.tickets.rules import snippet_of
from sportello.triage.queries import clock_of, queue_by_slug
from sportello.triage.rules import PRESALES, SUPPORT, opened, respond_by

HELD = "held"
"""The step of the alarm that a browser is told."""
WEBHOOK_TASK = "sportello.intake.post_held"


def decide_by(inbound: InboundMail, since: datetime) -> datetime | None:
    """When its sender should have heard from a person: the first answer of the mailbox's queue, in its opening hours [promise.first]."""
    queue = queue_by_slug(PRESALES if inbound.mailbox.purpose == Purpose.PRESALES else SUPPORT)
    return respond_by(opened(since), *clock_of(queue)).at


def beginning(mail: ParsedMail) -> dict[str, str]:
    """How it begins, for the page of the ticket that it answers."""
    return {"begins": snippet_of(mail.reply_text.strip() or mail.text.strip() or mail.html_text)}


def show_held(params: Mapping[str, Any]) -> None:
    """Has open pages look again: the queue, and the ticket that the mail answers."""
    live.publish("queue")
    ticket = ticket_by_id(params["ticket"]) if "ticket" in params else None
    if ticket is not None:
        live.publish("ticket", ticket=str(ticket.public_id), version=ticket.version)


def ring_for_held(*, now: datetime) -> int:
    """Tells staff of mails that should have been decided by now: each once, in the browser, by webhook, and all in one mail. How many."""
    with transaction.atomic():
        mails = list(undecided(now=now).select_for_update(of=("self",), skip_locked=True, no_key=True))
        InboundMail.objects.filter(pk__in=[mail.pk for mail in mails]).update(alarmed_at=now)
        for mail in mails:
            live.publish("alarm", ticket=str(mail.public_id), step=HELD)
            if settings.ALARM_WEBHOOK_URL:
                app.configure_task(WEBHOOK_TASK).defer(inbound_id=mail.pk)
        if mails:
            tell_undecided(mails=mails, now=now)
            live.publish("queue")
    return len(mails)


def post_held(*, inbound: InboundMail) -> None:
    """Tells the webhook of one held mail. Raises core.http's refusals."""
    webhook.post(
        {
            "alarm": HELD,
            "mail": str(inbound.public_id),
            "sender": inbound.sender,
            "subject": inbound.subject,
            "number": inbound.reason_params.get("number"),
            "due_at": inbound.decide_by.isoformat() if inbound.decide_by else None,
            "address": f"{settings.PUBLIC_URL}/desk/mail/{inbound.public_id}/",
        }
    )
