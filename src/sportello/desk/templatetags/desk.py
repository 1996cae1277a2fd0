"""What only pages of the desk need: the frame around them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext

from sportello.accounts.access import staff
from sportello.core import clock
from sportello.core.telltale import Telltale
from sportello.customers.models import Customer
from sportello.customers.rules import telephone_to_read
from sportello.desk.extras import extra_boxes
from sportello.desk.queries import Relation
from sportello.desk.shell import Shell, shell_for
from sportello.mail.reasons import said
from sportello.tickets.enums import Author, Channel, EventKind, LinkKind, Status, Verdict
from sportello.tickets.models import Event, Message
from sportello.tickets.queries import QueueRow, Shown
from sportello.tickets.queries.search import Where
from sportello.tickets.reasons import weighing
from sportello.tickets.sentences import actor, sentence
from sportello.triage.enums import DueKind, QueueGroup
from sportello.triage.rules import PRESALES
from sportello.triage.words import opening_hours

register = template.Library()
register.filter("telephone", telephone_to_read)
register.filter("opening_hours", opening_hours)
register.filter("said", said)

LOW = 80
"""Below this percentage the promise is not kept well."""
DUE_WORDS = {
    DueKind.FIRST_RESPONSE: gettext_lazy("first answer"),
    DueKind.NEXT_RESPONSE: gettext_lazy("answer"),
    DueKind.UPDATE: gettext_lazy("update"),
    DueKind.REMINDER: gettext_lazy("reminder"),
}
TELLTALE_WORDS = {
    Telltale.PASSWORD: gettext_lazy("password"),
    Telltale.PRIVATE_KEY: gettext_lazy("private key"),
    Telltale.ACCESS_KEY: gettext_lazy("access key"),
    Telltale.ADDRESS: gettext_lazy("password in an address"),
    Telltale.TOKEN: gettext_lazy("long random token"),
}


@register.simple_tag(takes_context=True)
def desk_shell(context: Context) -> Shell:
    """What the frame shows to this person now: read already by the view, or else here."""
    read = context.get("shell")
    request = context["request"]
    return (
        read
        if isinstance(read, Shell)
        else shell_for(staff(request), path=request.path, now=context.get("now") or clock.now())
    )


@register.simple_tag
def rail_count(shell: Shell, name: str, *, is_oob: bool = False) -> SafeString:
    """A figure beside an entry of the rail; empty when it is nought. `is_oob` sends it along with a fragment."""
    figure = shell.counts.get(name)
    return format_html(
        '<span id="count-{}" class="count{}"{}{}>{}</span>',
        name,
        " hot" if figure and figure.warning else "",
        format_html(' title="{}"', figure.warning) if figure and figure.warning else "",
        SafeString(' hx-swap-oob="true"') if is_oob else "",
        figure.number if figure and figure.number else "",
    )


@register.simple_tag
def share(part: float | None) -> str:
    """A part of one as a percentage; a dash where there is nothing to take a part of."""
    return "–" if part is None else f"{number_format(100 * part, 1)} %"


@register.simple_tag
def meter(percentage: int) -> SafeString:
    """A percentage as a bar; it only repeats the figure beside it."""
    return format_html(
        '<svg class="meter{}" aria-hidden="true" preserveAspectRatio="none" viewBox="0 0 100 6"><rect width="{}" height="6"/></svg>',
        " low" if percentage < LOW else "",
        percentage,
    )


@register.simple_tag
def due_words(kind: str, status: str) -> str:
    """What is owed at a due time; what is the case when nothing is."""
    return _due_words(kind, status, get_language())


@cache
def _due_words(kind: str, status: str, _language: str | None) -> str:
    if kind in DUE_WORDS:
        return str(DUE_WORDS[DueKind(kind)])
    return "" if status == Status.WAITING else gettext("answered")


def row_chips(row: QueueRow) -> Iterator[tuple[str, str]]:
    """What sets a request apart from its neighbours: the class of the chip and its words."""
    if row.is_outage:
        yield "danger", gettext("service down")
    elif row.group == QueueGroup.OUTAGE and not row.overrule:
        yield "warn", gettext("said to be down, being checked")
    if row.in_incident:
        yield "danger", gettext("incident")
    if not row.sender_verified:
        yield "warn", gettext("sender not verified")
    if row.status == Status.IN_ANALYSIS and row.group != QueueGroup.IN_ANALYSIS:
        yield "accent", gettext("in analysis")
    if row.queue_slug == PRESALES:
        yield "", gettext("pre-sales")
    for name in row.tag_names:
        yield "", name


def row_why(row: QueueRow) -> list[str]:
    """What was weighed of it, the heaviest first, each with its minutes."""
    return [" ".join(filter(None, (each.text, each.weight))) for each in weighing(json.loads(row.reasons))]


# -- the ticket --------------------------------------------------------------------------------------------------------------------------
STATUS_CLASSES = {
    Status.NEW: "accent",
    Status.OPEN: "accent",
    Status.IN_ANALYSIS: "accent",
    Status.WAITING: "",
    Status.SOLVED: "good",
}
VERDICT_CLASSES = {Verdict.GOOD: "good", Verdict.PARTLY: "warn", Verdict.BAD: "danger"}
TELLS_WHO = frozenset(
    {
        EventKind.ALARM_FIRED,
        EventKind.BOUNCED,
        EventKind.COPY_ADDED,
        EventKind.FOLLOWED,
        EventKind.INCIDENT_TAKEN_BACK,
        EventKind.INCIDENT_TOLD,
        EventKind.MACHINE_WROTE,
        EventKind.UNFOLLOWED,
    }
)
WHERE_WORDS = {
    Where.NUMBER: gettext_lazy("number"),
    Where.ADDRESS: gettext_lazy("mail address"),
    Where.SERVICE: gettext_lazy("service"),
    Where.CUSTOMER: gettext_lazy("customer"),
    Where.CONTACT: gettext_lazy("person"),
    Where.SUBJECT: gettext_lazy("subject"),
    Where.MESSAGE: gettext_lazy("message"),
    Where.NOTE: gettext_lazy("internal note"),
}


@register.simple_tag
def status_chip(status: str) -> SafeString:
    return _status_chip(status, get_language())


@cache
def _status_chip(status: str, _language: str | None) -> SafeString:
    return format_html('<span class="chip {}">{}</span>', STATUS_CLASSES.get(Status(status), ""), Status(status).label)


@register.simple_tag
def verdict_colour(verdict: str) -> str:
    """The class of what a customer says of the help."""
    return VERDICT_CLASSES[Verdict(verdict)]


@register.simple_tag
def concern_told(shown: Shown) -> str:
    """What says that something matters: requests, and what hurt in them."""
    row = shown.concern
    parts = [ngettext("%d request", "%d requests", shown.number) % shown.number]
    if row.outage_minutes:
        parts.append(gettext("%d min without service") % row.outage_minutes)
    if row.waited_minutes:
        parts.append(gettext("%d min waited too long") % row.waited_minutes)
    if row.times_said:
        parts.append(ngettext("called important %d time", "called important %d times", row.times_said) % row.times_said)
    return ", ".join(parts)


@register.simple_tag
def where_words(where: Where) -> str:
    """Where a search found its words."""
    return str(WHERE_WORDS[where])


def author_words(author: str) -> str:
    return str(Author(author).label)


def channel_words(channel: str) -> str:
    return str(Channel(channel).label)


def event_words(event: Event) -> str:
    """Who did what; only what happened where nobody did it, or the sentence names them."""
    told = sentence(event)
    return f"{told[:1].upper()}{told[1:]}" if event.kind in TELLS_WHO else f"{actor(event)} {told}"


def relation_words(relation: Relation) -> Any:
    """What another ticket is to this one."""
    match LinkKind(relation.link.kind), relation.is_source:
        case LinkKind.FOLLOW_UP, True:
            return gettext("goes on from")
        case LinkKind.FOLLOW_UP, False:
            return gettext("goes on in")
        case LinkKind.SPLIT, True:
            return gettext("was part of")
        case LinkKind.SPLIT, False:
            return gettext("moved out of it:")
        case _:
            return gettext("has to do with")


def customer_link(customer: Customer) -> SafeString | str:
    return format_html('<a href="{}">{}</a>', reverse("desk:customer", args=[customer.public_id]), customer.name)


def extras(message: Message) -> str:
    """What a mail brought besides its text: an invitation, the seal of a certified mail, what could not be read."""
    if not message.extra:
        return ""
    boxes = format_html_join("", '<p class="extra {}"><b>{}</b> {}</p>', extra_boxes(message.extra))
    return boxes + format_html_join("", '<p class="extra {}"><b>{}</b> <a href="{}">{}</a></p>', _ways_from(message))


def _ways_from(message: Message) -> Iterator[tuple[str, str, str, str]]:
    """What there is to do about a secret: handed over as it should be, or written into the message."""
    extra = message.extra
    if "drop" in extra:
        yield (
            "",
            gettext("Secret handed over."),
            reverse("desk:drop", args=[extra["drop"]]),
            gettext("Look at it, once"),
        )
    if extra.get("secrets"):
        found = ", ".join(str(TELLTALE_WORDS.get(kind, kind)) for kind in extra["secrets"])
        heading = gettext("Seems to hold a secret (%(what)s).") % {"what": found}
        yield "warn", heading, reverse("desk:blot", args=[message.public_id]), gettext("Blot it out for good…")
