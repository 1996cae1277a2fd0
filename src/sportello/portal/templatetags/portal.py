"""A ticket in the customer's words."""

from __future__ import annotations

from datetime import datetime

from django import template
from django.core.paginator import Page
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext

from sportello.core import clock
from sportello.customers.models import Contact
from sportello.tickets.enums import Author, Status
from sportello.tickets.models import Message, Ticket

register = template.Library()

COLOURS = {Status.WAITING: "warn", Status.SOLVED: "good"}


@register.simple_tag
def standing(ticket: Ticket) -> SafeString:
    """Where the request stands, as its customer sees it: whose turn it is."""
    words = {
        Status.NEW: gettext("received"),
        Status.OPEN: gettext("in progress"),
        Status.IN_ANALYSIS: gettext("in analysis"),
        Status.WAITING: gettext("waiting for you"),
        Status.SOLVED: gettext("solved"),
        Status.CLOSED: gettext("closed"),
    }
    status = Status(ticket.status)
    return format_html('<span class="chip {}">{}</span>', COLOURS.get(status, ""), words[status])


@register.simple_tag
def promise(ticket: Ticket) -> str:
    """What happens next and until when; empty when nothing is promised. A time that has passed is not repeated."""
    if ticket.status == Status.IN_ANALYSIS and _is_ahead(ticket.next_update_at):
        return gettext("We are looking into it. Next news by %(time)s.") % {"time": _moment(ticket.next_update_at)}
    if ticket.first_answered_at is None and _is_ahead(ticket.first_due_at):
        return gettext("A person answers by %(time)s.") % {"time": _moment(ticket.first_due_at)}
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


def _is_ahead(at: datetime | None) -> bool:
    return at is not None and at > clock.now()


def _moment(at: datetime | None) -> str:
    return date_format(timezone.localtime(at), pgettext("date format of Django: day and time", "j F, H:i"))
