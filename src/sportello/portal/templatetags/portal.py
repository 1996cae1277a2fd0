"""A ticket in the customer's words."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.core.paginator import Page
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext

from sportello.core import clock
from sportello.customers.models import Contact
from sportello.tickets.enums import Author, Status
from sportello.tickets.models import Message, Ticket
from sportello.ui.dates import in_words

register = template.Library()

COLOURS = {Status.WAITING: "warn", Status.SOLVED: "good"}


@register.simple_tag
def standing(ticket: Ticket) -> SafeString:
    """Where the request stands, as its customer sees it: whose turn it is."""
    words = {
        Status.NEW: pgettext("a request", "received"),
        Status.OPEN: pgettext("a request", "in progress"),
        Status.IN_ANALYSIS: pgettext("a request", "in analysis"),
        Status.WAITING: pgettext("a request", "waiting for you"),
        Status.SOLVED: pgettext("a request", "solved"),
        Status.CLOSED: pgettext("a request", "closed"),
    }
    status = Status(ticket.status)
    return format_html('<span class="chip {}">{}</span>', COLOURS.get(status, ""), words[status])


@register.simple_tag
def promise(ticket: Ticket) -> str:
    """What happens next and until when; empty when nothing is promised. A time that has passed is not repeated."""
    now = clock.now()
    if ticket.status == Status.IN_ANALYSIS and ticket.next_update_at and ticket.next_update_at > now:
        return _news_by(ticket.next_update_at, now)
    if ticket.first_answered_at is None and ticket.first_due_at and ticket.first_due_at > now:
        return _answer_by(ticket.first_due_at, now)
    return ""


@register.simple_tag
def author(message: Message, contact: Contact) -> str:
    if message.author == Author.CUSTOMER and message.contact_id == contact.pk:
        return gettext("You")
    return message.author_name or gettext("Automatic message")


@register.simple_tag
def newer_page(page: Page[Ticket]) -> str:
    return f"?page={page.previous_page_number()}"


@register.simple_tag
def older_page(page: Page[Ticket]) -> str:
    return f"?page={page.next_page_number()}"


def _answer_by(at: datetime, now: datetime) -> str:
    if _same_day(at, now):
        return gettext("A person answers today by %(time)s.") % _parts(at)
    return gettext("A person answers by %(day)s, %(time)s.") % _parts(at)


def _news_by(at: datetime, now: datetime) -> str:
    if _same_day(at, now):
        return gettext("We are looking into it. Next news today by %(time)s.") % _parts(at)
    return gettext("We are looking into it. Next news by %(day)s, %(time)s.") % _parts(at)


def _same_day(at: datetime, now: datetime) -> bool:
    return timezone.localtime(at).date() == timezone.localtime(now).date()


def _parts(at: datetime) -> dict[str, str]:
    local = timezone.localtime(at)
    return {
        "day": in_words(local, pgettext("date format of Django: day and month", "j F")),
        "time": f"{local:%H:%M}",
    }
