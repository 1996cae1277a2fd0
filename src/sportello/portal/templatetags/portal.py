"""A ticket in the customer's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache, lru_cache
from types import MappingProxyType
from typing import NamedTuple

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, gettext_lazy, ngettext, pgettext, pgettext_lazy

from sportello.customers.models import Contact
from sportello.customers.rules import telephone_to_read
from sportello.portal.navigation import items, rights_of, section_of
from sportello.tickets.enums import Author, Status
from sportello.tickets.queries import PublicMessage, PublicTicket
from sportello.triage.enums import DueKind, ReasonCode
from sportello.triage.rules import Due, Kept
from sportello.triage.rules import Promise as KeptPromise
from sportello.ui.dates import in_words
from sportello.ui.templatetags.ui import compiled

register = template.Library()
register.filter("telephone", telephone_to_read)

SLASHES_OF_FIRST = 3  # in the path of a page that an entry of the menu leads to
COLOURS = {Status.WAITING: "warn", Status.SOLVED: "good"}
STANDING = {
    Status.NEW: pgettext_lazy("a request", "received"),
    Status.OPEN: pgettext_lazy("a request", "in progress"),
    Status.IN_ANALYSIS: pgettext_lazy("a request", "in analysis"),
    Status.WAITING: pgettext_lazy("a request", "waiting for you"),
    Status.SOLVED: pgettext_lazy("a request", "solved"),
    Status.CLOSED: pgettext_lazy("a request", "closed"),
}


class _When(NamedTuple):
    """One sentence, as it is said of a time today and of one on another day."""

    today: Promise
    another_day: Promise


class _Due(NamedTuple):
    """What is said before a due time and once it has passed."""

    ahead: _When
    late: _When


ANSWER_LATE = _When(
    gettext_lazy("The answer was due by %(time)s and is late: we are sorry, it comes next."),
    gettext_lazy("The answer was due by %(day)s, %(time)s and is late: we are sorry, it comes next."),
)
FIRST_ANSWER = _When(
    gettext_lazy("First answer today by %(time)s."), gettext_lazy("First answer by %(day)s, %(time)s.")
)
LATE_BEHIND_OUTAGE = _When(
    gettext_lazy(
        "It was due by %(time)s and is late, because a service that cannot be used at all comes first. It comes right after: we are sorry."
    ),
    gettext_lazy(
        "It was due by %(day)s, %(time)s and is late, because a service that cannot be used at all comes first. It comes right after: we are sorry."
    ),
)
NEW_TIME = _When(
    gettext_lazy(
        "It was due by %(time)s and is late, because a service that cannot be used at all comes first. It comes by %(new)s: we are sorry."
    ),
    gettext_lazy(
        "It was due by %(day)s, %(time)s and is late, because a service that cannot be used at all comes first. It comes by %(new)s: we are sorry."
    ),
)
DUE: Mapping[str, _Due] = MappingProxyType(
    {
        DueKind.FIRST_RESPONSE: _Due(
            _When(
                gettext_lazy("A person answers today by %(time)s."),
                gettext_lazy("A person answers by %(day)s, %(time)s."),
            ),
            ANSWER_LATE,
        ),
        DueKind.NEXT_RESPONSE: _Due(
            _When(
                gettext_lazy("The next answer comes today by %(time)s."),
                gettext_lazy("The next answer comes by %(day)s, %(time)s."),
            ),
            ANSWER_LATE,
        ),
        DueKind.UPDATE: _Due(
            _When(
                gettext_lazy("We are looking into it. Next news today by %(time)s."),
                gettext_lazy("We are looking into it. Next news by %(day)s, %(time)s."),
            ),
            _When(
                gettext_lazy("The news was due by %(time)s and is late: we are sorry, it comes next."),
                gettext_lazy("The news was due by %(day)s, %(time)s and is late: we are sorry, it comes next."),
            ),
        ),
    }
)


@register.simple_tag
def standing(status: str) -> SafeString:
    """Where a request stands, as its customer sees it: whose turn it is."""
    return format_html('<span class="chip {}">{}</span>', colour(status), standing_words(status))


def colour(status: str) -> str:
    """The class of what says where a request stands."""
    return COLOURS.get(Status(status), "")


def standing_words(status: str) -> str:
    return _standing_words(status, get_language())


@cache
def _standing_words(status: str, _language: str | None) -> str:
    return str(STANDING[Status(status)])


def is_late(ticket: PublicTicket, now: datetime) -> bool:
    return (
        Status(ticket.status) not in (Status.SOLVED, Status.CLOSED, Status.WAITING)
        and ticket.due_kind in DUE
        and ticket.due_at is not None
        and ticket.due_at < now
    )


def is_any_late(tickets: Iterable[PublicTicket], now: datetime) -> bool:
    return any(is_late(ticket, now) for ticket in tickets)


def who_is_on(ticket: PublicTicket) -> str:
    """Who of the staff takes care of it, by first name and initial; empty while nobody does, and once it is finished."""
    if not ticket.assignee or Status(ticket.status) in (Status.SOLVED, Status.CLOSED):
        return ""
    first, *others = ticket.assignee.split()
    name = f"{first} {others[-1][0]}." if others else first
    return gettext("%(name)s is taking care of it.") % {"name": name}


def promise(ticket: PublicTicket, now: datetime, *, behind_outage: bool = False) -> str:
    """What happens next and until when, always one sentence: silence is a fault [promise.delay].

    The time is the one that staff count down to, or the later one that the customer was told of. `behind_outage` is whether another's service
    that cannot be used at all is being seen to [promise.outage].
    """
    match Status(ticket.status):
        case Status.SOLVED | Status.CLOSED:
            return gettext("This request is finished: nothing is left to do on either side.")
        case Status.WAITING:
            return gettext("We are waiting for your answer.")
    if ticket.due_at is None or ticket.due_kind not in DUE:
        return _nothing_due(ticket)
    words = DUE[DueKind(ticket.due_kind)]
    chosen = words.late if ticket.due_at < now else words.ahead
    same_day = timezone.localtime(ticket.due_at).date() == timezone.localtime(now).date()
    parts = _parts(ticket.due_at)
    if chosen is words.late and not ticket.is_outage:
        if ticket.told_due_at is not None and ticket.told_due_at > now:
            chosen, parts["new"] = NEW_TIME, _moment(ticket.told_due_at, now)
        elif behind_outage:
            chosen = LATE_BEHIND_OUTAGE
    return str(chosen.today if same_day else chosen.another_day) % parts


def first_answer_words(due: Due, now: datetime) -> str:
    """Until when a person would answer who is asked now; and, outside opening hours, when these begin again."""
    if due.at is None:
        return gettext("A person answers as soon as possible.")
    same_day = timezone.localtime(due.at).date() == timezone.localtime(now).date()
    words = FIRST_ANSWER.today if same_day else FIRST_ANSWER.another_day
    closed = next((reason for reason in due.reasons if reason.code == ReasonCode.CLOCK_OUTSIDE_HOURS), None)
    said = str(words) % _parts(due.at)
    if closed is None:
        return said
    opens = _parts(datetime.fromisoformat(str(closed.params["opens_at"])))
    return gettext("It is outside our opening hours: we are back on %(day)s at %(time)s.") % opens + f" {said}"


def kept_today(kept: Kept) -> str:
    """How the promise was kept today, in one sentence; nothing when no answer was due yet."""
    if kept.percentage is None:
        return ""
    return gettext("Today the promise was kept in %(percentage)d%% of the cases.") % {"percentage": kept.percentage}


@register.simple_tag
def kept_words(kept: Kept) -> str:
    """How many first answers came in time."""
    cases = kept.kept + kept.missed
    if not cases:
        return gettext("no answer was due yet")
    of = ngettext(
        "%(kept)d of %(count)d first answers in time (%(percentage)d%%)",
        "%(kept)d of %(count)d first answers in time (%(percentage)d%%)",
        cases,
    )
    return of % {"kept": kept.kept, "count": cases, "percentage": kept.percentage or 0}


@register.simple_tag(takes_context=True)
def menu(context: Context) -> SafeString:
    """The menu of the customers' area; for whoever is not signed in, none."""
    path, contact = context["request"].path, getattr(context["request"], "contact", None)
    section = section_of(path)
    context["section"] = section
    return _menu(section, path.count("/") == SLASHES_OF_FIRST, rights_of(contact), get_language())


@lru_cache(maxsize=256)
def _menu(section: str, is_first: bool, rights: frozenset[str], _language: str | None) -> SafeString:  # noqa: FBT001 - a key of the cache
    return compiled("portal/menu.html", items=items(section, rights, is_first=is_first))


@register.simple_tag
def kept_line(kept: KeptPromise) -> SafeString:
    """How the promise was kept today and in thirty days."""
    return _kept_line(kept, get_language())


@lru_cache(maxsize=16)
def _kept_line(kept: KeptPromise, _language: str | None) -> SafeString:
    return render_to_string("portal/kept.html", {"kept": kept})


def author(message: PublicMessage, contact: Contact) -> str:
    if message.author == Author.CUSTOMER and message.contact_id == contact.pk:
        return gettext("You")
    return message.author_name or gettext("Automatic message")


def _nothing_due(ticket: PublicTicket) -> str:
    if ticket.status == Status.IN_ANALYSIS:
        return gettext("We are looking into it, and write as soon as we know more.")
    if ticket.first_answered_at is None or ticket.customer_waits_since is not None:
        return gettext("We have your message, and a person answers as soon as possible.")
    return gettext("You have our answer: write here if anything is left.")


def _moment(at: datetime, now: datetime) -> str:
    """The time, with the day when it is another one."""
    parts = _parts(at)
    same_day = timezone.localtime(at).date() == timezone.localtime(now).date()
    return parts["time"] if same_day else f"{parts['day']}, {parts['time']}"


def _parts(at: datetime) -> dict[str, str]:
    local = timezone.localtime(at)
    return {
        "day": in_words(local, pgettext("date format of Django: day and month", "j F")),
        "time": f"{local:%H:%M}",
    }
