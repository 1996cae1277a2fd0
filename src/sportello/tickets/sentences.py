"""What happened, in words: one sentence for each kind of event, in the language of the reader."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from sportello.mail.reasons import said
from sportello.services.enums import ServiceVerdict
from sportello.tickets.enums import EventKind, JoinedFor, OrderKind, Verdict
from sportello.tickets.models import Event
from sportello.tickets.reasons import OVERRULE_WORDS
from sportello.triage.enums import AlarmStep
from sportello.triage.rules import PRESALES, SUPPORT

PLAIN: Mapping[str, Promise] = MappingProxyType(
    {
        EventKind.OPENED: gettext_lazy("opened the ticket"),
        EventKind.CUSTOMER_WROTE: gettext_lazy("wrote"),
        EventKind.MACHINE_WROTE: gettext_lazy("an automatic message came; no clock was touched"),
        EventKind.REPLIED: pgettext_lazy("what somebody did", "answered"),
        EventKind.REPLY_UNDONE: gettext_lazy("took an answer back before it left"),
        EventKind.NOTED: gettext_lazy("added a note"),
        EventKind.TAKEN: gettext_lazy("took the ticket"),
        EventKind.CLOSED: gettext_lazy("closed it"),
        EventKind.SET_ASIDE: gettext_lazy("said that it is not a request: closed, and out of the promise"),
        EventKind.REOPENED: gettext_lazy("opened it again"),
        EventKind.OUTAGE_SET: gettext_lazy("said that a service cannot be used at all"),
        EventKind.CLAIM_ASKED: gettext_lazy("asked the customer what would help to see the outage"),
        EventKind.CLAIM_LAPSED: gettext_lazy("found no outage within ten minutes: it waits among the others again"),
        EventKind.RUNS_THROUGH_WORK: gettext_lazy("let the clock run in spite of the planned work on the service"),
        EventKind.STANDS_STILL_AGAIN: gettext_lazy("let the clock stand still for the planned work again"),
        EventKind.OVERRULE_ENDED: gettext_lazy("let the rule decide the priority again"),
        EventKind.OUTAGE_CLEARED: gettext_lazy("said that the service can be used again"),
        EventKind.SECRET_DROPPED: gettext_lazy("handed over a secret, to be looked at once"),
        EventKind.SECRET_SEEN: gettext_lazy("looked at the secret; it is gone now"),
        EventKind.SECRET_WITHDRAWN: gettext_lazy("withdrew the secret before anybody had looked"),
        EventKind.SECRET_EXPIRED: gettext_lazy("took the secret away: nobody had looked at it in seven days"),
    }
)
NAMED: Mapping[str, Promise] = MappingProxyType(
    {
        EventKind.RELEASED: gettext_lazy("gave it back (%(name)s had it)"),
        EventKind.CUSTOMER_CHANGED: gettext_lazy("said that it is %(name)s's"),
        EventKind.CUSTOMER_TAKEN_BACK: gettext_lazy("took back that it is %(name)s's"),
        EventKind.RENAMED: gettext_lazy("changed the subject; it was “%(before)s”"),
        EventKind.MERGE_UNDONE: gettext_lazy("took it and #%(number)s apart again"),
        EventKind.SPLIT_OFF: gettext_lazy("moved a message into a ticket of its own, #%(number)s"),
        EventKind.LINKED: gettext_lazy("linked it to #%(number)s"),
        EventKind.UNLINKED: gettext_lazy("removed the link to #%(number)s"),
        EventKind.TAGGED: gettext_lazy("added the tag “%(tag)s”"),
        EventKind.INCIDENT_LINKED: gettext_lazy("put it under the incident “%(name)s”"),
        EventKind.INCIDENT_UNLINKED: gettext_lazy("took it out of the incident “%(name)s”"),
        EventKind.INCIDENT_TAKEN_BACK: gettext_lazy(
            "the answer about the incident “%(name)s” was of another problem: no longer counted"
        ),
        EventKind.UNTAGGED: gettext_lazy("removed the tag “%(tag)s”"),
        EventKind.FOLLOWED: gettext_lazy("%(name)s follows it"),
        EventKind.UNFOLLOWED: gettext_lazy("%(name)s no longer follows it"),
        EventKind.COPY_ADDED: gettext_lazy("%(name)s was in copy; not confirmed, sees nothing"),
        EventKind.COPY_ACCEPTED: gettext_lazy("accepted %(name)s, who was in copy"),
        EventKind.BOUNCED: gettext_lazy("the mail to %(address)s came back: %(reason)s"),
        EventKind.DELIVERED: gettext_lazy("the mail to %(address)s was delivered"),
        EventKind.READ: gettext_lazy("the mail to %(address)s was opened"),
        EventKind.BLOTTED: gettext_lazy("blotted something out for good, in %(places)s places"),
        EventKind.ERASED: gettext_lazy("erased words of a person for good, in %(places)s places"),
        EventKind.CERTIFIED: gettext_lazy("receipt of certified mail for %(address)s: %(what)s"),
    }
)
QUEUES: Mapping[str, Promise] = MappingProxyType(
    {SUPPORT: pgettext_lazy("queue", "support"), PRESALES: pgettext_lazy("queue", "pre-sales")}
)
ALARMS: Mapping[str, Promise] = MappingProxyType(
    {
        AlarmStep.FIVE_MINUTES_LEFT: gettext_lazy("alarm: five minutes left"),
        AlarmStep.TWO_MINUTES_LEFT: gettext_lazy("alarm: two minutes left"),
        AlarmStep.MISSED: gettext_lazy("alarm: the promised time has passed"),
    }
)


def actor(event: Event) -> str:
    """Who did it: a member of staff, a contact, or the program itself."""
    if event.user is not None:
        return event.user.name
    return str(event.contact) if event.contact is not None else _("Sportello")


def sentence(event: Event) -> str:
    """What happened, without who and when. An unknown kind, of a later version, speaks for itself."""
    data: dict[str, Any] = event.data
    if event.kind in PLAIN:
        return str(PLAIN[event.kind])
    if event.kind in NAMED:
        return str(NAMED[event.kind]) % data
    told = TOLD.get(event.kind)
    return told(data) if told else str(event.kind)


def _assigned(data: Mapping[str, Any]) -> str:
    if "team" not in data:
        return _("gave it to %(name)s") % data
    return _("gave it to the team %(name)s") % data if data["team"] else _("gave it to no team")


def _overruled(data: Mapping[str, Any]) -> str:
    """What was decided, and why."""
    what = OVERRULE_WORDS.get(data.get("word", "")) or _("otherwise")
    return _("decided instead of the rule: %(what)s. “%(reason)s”") % {"what": what, "reason": data["reason"]}


def _analysis(data: Mapping[str, Any]) -> str:
    if data.get("until"):
        return _("put it in analysis; the next update was promised for %(when)s") % {"when": _when(data["until"])}
    return _("put it in analysis")


def _wait(data: Mapping[str, Any]) -> str:
    if data.get("until"):
        return _("waits for the customer, until %(when)s") % {"when": _when(data["until"])}
    return _("waits for the customer")


def _delay(data: Mapping[str, Any]) -> str:
    return _("told the customer that worse harm comes first, and of the new time: %(when)s") % {
        "when": _when(data["until"])
    }


def _planned_work(data: Mapping[str, Any]) -> str:
    when = {"when": _when(data["until"])}
    if data["is_over"]:
        return _("the planned work on the service ended %(when)s: the clock of the answer goes on from then") % when
    return _("planned work on the service: the clock of the answer stands still until %(when)s") % when


def _merged(data: Mapping[str, Any]) -> str:
    return _by_itself(_("joined it to #%(number)s") % data, data)


def _merged_in(data: Mapping[str, Any]) -> str:
    return _by_itself(_("joined #%(number)s to it") % data, data)


def _by_itself(what: str, data: Mapping[str, Any]) -> str:
    if not data.get("why"):
        return what
    names = dict(JoinedFor.choices)
    because = ", ".join(str(names.get(code, code)) for code in data["why"].split(","))
    return _("%(what)s by itself, because: %(because)s") % {"what": what, "because": because}


def _service(data: Mapping[str, Any]) -> str:
    return _("said that it is about %(name)s") % data if data["name"] else _("said that it is about no service")


def _order(words: Promise) -> Callable[[Mapping[str, Any]], str]:
    def told(data: Mapping[str, Any]) -> str:
        return str(words) % {"what": dict(OrderKind.choices).get(data["what"], data["what"])}

    return told


def _moved(data: Mapping[str, Any]) -> str:
    names = {each: str(QUEUES.get(data[each], data[each])) for each in ("before", "after")}
    return _("moved it from %(before)s to %(after)s; its clocks still count from when it came") % names


def _alarm(data: Mapping[str, Any]) -> str:
    return str(ALARMS.get(data["step"], data["step"]))


def _told_of_incident(data: Mapping[str, Any]) -> str:
    if data.get("first"):
        return _("the customer was told what is known of the incident “%(name)s”: counted as the first answer") % data
    return _("the customer was told what is known of the incident “%(name)s”") % data


def _solved(data: Mapping[str, Any]) -> str:
    if "incident" in data:
        return _("solved with the incident “%(incident)s”") % data
    return _("marked it as solved")


def _looked(data: Mapping[str, Any]) -> str:
    verdict = dict(ServiceVerdict.choices).get(data["verdict"], data["verdict"])
    return _("looked at the service: %(verdict)s") % {"verdict": verdict}


def _undelivered(data: Mapping[str, Any]) -> str:
    why = {"address": data["address"], "reason": said(data["reason"])}
    return _("the mail to %(address)s could not be delivered: %(reason)s") % why


def _rated(data: Mapping[str, Any]) -> str:
    return _("rated the help: %(verdict)s") % {"verdict": Verdict(data["verdict"]).label}


def _when(instant: str) -> str:
    return date_format(timezone.localtime(datetime.fromisoformat(instant)), "SHORT_DATETIME_FORMAT")


TOLD: Mapping[str, Callable[[Mapping[str, Any]], str]] = MappingProxyType(
    {
        EventKind.ASSIGNED: _assigned,
        EventKind.ANALYSIS_STARTED: _analysis,
        EventKind.WAIT_STARTED: _wait,
        EventKind.OVERRULED: _overruled,
        EventKind.SERVICE_CHANGED: _service,
        EventKind.MERGED: _merged,
        EventKind.MERGED_IN: _merged_in,
        EventKind.ALARM_FIRED: _alarm,
        EventKind.ORDER_ASKED: _order(gettext_lazy("asked the customer to confirm what cannot be undone: %(what)s")),
        EventKind.ORDER_CONFIRMED: _order(gettext_lazy("confirmed: %(what)s")),
        EventKind.ORDER_REFUSED: _order(gettext_lazy("refused: %(what)s")),
        EventKind.ORDER_WITHDRAWN: _order(gettext_lazy("took back what was to be confirmed: %(what)s")),
        EventKind.QUEUE_CHANGED: _moved,
        EventKind.DELAY_TOLD: _delay,
        EventKind.PLANNED_WORK: _planned_work,
        EventKind.RATED: _rated,
        EventKind.LOOKED: _looked,
        EventKind.INCIDENT_TOLD: _told_of_incident,
        EventKind.SOLVED: _solved,
        EventKind.UNDELIVERED: _undelivered,
    }
)
