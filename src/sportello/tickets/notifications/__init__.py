"""The mails of a ticket. All of them are rows of the outbox, in the transaction of what caused them."""

from __future__ import annotations

from sportello.tickets.notifications.customers import (
    analysis_started,
    analysis_text,
    answer,
    claim_text,
    claim_unconfirmed,
    delay_text,
    delayed,
    informed,
    mailbox_of,
    order_asked,
    readers_of_news,
    way_in,
)
from sportello.tickets.notifications.staff import (
    Reader,
    Ringing,
    alarm_readers,
    alarms,
    everyone_who_answers,
    to_staff,
    undelivered,
)

__all__ = [
    "Reader",
    "Ringing",
    "alarm_readers",
    "alarms",
    "analysis_started",
    "analysis_text",
    "answer",
    "claim_text",
    "claim_unconfirmed",
    "delay_text",
    "delayed",
    "everyone_who_answers",
    "informed",
    "mailbox_of",
    "order_asked",
    "readers_of_news",
    "to_staff",
    "undelivered",
    "way_in",
]
