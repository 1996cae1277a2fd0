"""The first hour: what stands between a new installation and its first answered, saved ticket. How each step stands is read off facts, each time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from sportello.accounts.enums import Act, Decided, SetupStep
from sportello.accounts.queries import decided_steps, staff_at_work, was_ever
from sportello.customers.queries import how_many_customers
from sportello.customers.rules import telephone_to_read
from sportello.mail.queries.beginning import Box, Flow, boxes, flow
from sportello.policy.queries import how_many_editions
from sportello.services.queries import how_many_services
from sportello.telephone.queries import our_numbers
from sportello.triage.models import Calendar, Queue
from sportello.triage.queries import queues
from sportello.triage.words import opening_hours
from sportello.ui.addresses import page
from sportello.watch.enums import Inspection
from sportello.watch.queries import last_inspection

SHIPPED_NAME = "Sportello"
CONFIRMED = frozenset({SetupStep.NUMBERS, SetupStep.HOURS, SetupStep.PROMISE, SetupStep.POLICY, SetupStep.PEOPLE})
"""What may be right as it is: facts alone do not tell. The others are done when they are done."""
HOURS_SET = (Act.CALENDAR_CREATED, Act.CALENDAR_CHANGED)
TIMES_SET = (Act.POLICY_CREATED, Act.POLICY_CHANGED)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a step is done."""

    label: str
    address: str


@dataclass(frozen=True, slots=True)
class Line:
    """One step: what `stands`, one sentence each; what is `missing`, empty when it is done."""

    step: SetupStep
    stands: Sequence[str]
    missing: str
    places: Sequence[Place]
    is_later: bool = False
    is_right: bool = False
    proves: bool = False

    @property
    def is_done(self) -> bool:
        return not self.missing

    @property
    def may_be_right(self) -> bool:
        return self.step in CONFIRMED and not self.is_done

    @property
    def may_be_taken_up(self) -> bool:
        return self.is_later or self.is_right


@dataclass(frozen=True, slots=True)
class FirstHour:
    lines: Sequence[Line]
    is_testing: bool = False
    next: Line | None = field(init=False)

    def __post_init__(self) -> None:
        first = next((line for line in self.lines if not line.is_done and not line.is_later), None)
        object.__setattr__(self, "next", first)

    @property
    def done(self) -> int:
        return sum(line.is_done for line in self.lines)

    @property
    def later(self) -> int:
        return sum(line.is_later and not line.is_done for line in self.lines)


def first_hour(*, now: datetime) -> FirstHour:
    """In a fixed number of queries."""
    decided, mail, ours = decided_steps(), flow(), boxes(now=now)
    found = queues()
    lines = [
        _provider(),
        _numbers(decided),
        _hours(found, decided),
        _promise(found, decided),
        _policy(decided),
        _people(decided),
        _customers(),
        _mailbox(ours, mail),
        _ready(ours),
        _sending(ours, mail),
        _answer(mail),
        _backup(),
    ]
    return FirstHour(
        [_with_what_was_said(line, decided) for line in lines], is_testing=any(box.is_testing for box in ours)
    )


def _with_what_was_said(line: Line, decided: Mapping[str, Decided]) -> Line:
    said = decided.get(line.step)
    return Line(
        line.step,
        line.stands,
        line.missing,
        line.places,
        is_later=said == Decided.LATER and not line.is_done,
        is_right=said == Decided.RIGHT and line.step in CONFIRMED,
        proves=line.proves,
    )


# -- who we are, and what we promise -------------------------------------------------------------------------------------
def _provider() -> Line:
    languages = dict(settings.LANGUAGES)
    stands = [
        f"{settings.PROVIDER_NAME} · {languages[settings.LANGUAGE_CODE]} · {settings.TIME_ZONE}",
        settings.PUBLIC_URL,
    ]
    missing = ""
    if settings.PROVIDER_NAME == SHIPPED_NAME:
        missing = _(
            "Customers read “Sportello” where the provider's name belongs: run `sportello setup`, then start again."
        )
    return Line(SetupStep.PROVIDER, stands, missing, [Place(_("Provider"), page("desk:provider"))])


def _numbers(decided: Mapping[str, Decided]) -> Line:
    numbers = our_numbers()
    right = decided.get(SetupStep.NUMBERS) == Decided.RIGHT
    missing = "" if numbers or right else _("No telephone number is entered: customers are shown none.")
    shown = [telephone_to_read(number) for number in numbers]
    return Line(SetupStep.NUMBERS, shown, missing, [Place(_("Telephone numbers"), page("desk:provider"))])


def _hours(found: Sequence[Queue], decided: Mapping[str, Decided]) -> Line:
    stands = [f"{_name(queue)}: {_opening(queue.calendar)}" for queue in found]
    right = decided.get(SetupStep.HOURS) == Decided.RIGHT or was_ever(HOURS_SET)
    missing = "" if right else _("These are the hours as delivered: change them, or say that they are right.")
    return Line(SetupStep.HOURS, stands, missing, [Place(_("Opening hours"), f"{page('desk:settings')}#hours")])


def _opening(calendar: Calendar) -> str:
    country = calendar.holidays_country
    hours = opening_hours(calendar)
    return f"{hours} · {_('closed on the public holidays of %(country)s') % {'country': country}}" if country else hours


def _promise(found: Sequence[Queue], decided: Mapping[str, Decided]) -> Line:
    stands = [
        _("%(queue)s: first answer within %(first)d minutes, next ones within %(next)d, news every %(update)d")
        % {
            "queue": _name(queue),
            "first": queue.policy.first_response,
            "next": queue.policy.next_response,
            "update": queue.policy.update,
        }
        for queue in found
    ]
    right = decided.get(SetupStep.PROMISE) == Decided.RIGHT or was_ever(TIMES_SET)
    missing = "" if right else _("These are the times as delivered: change them, or say that they are right.")
    return Line(SetupStep.PROMISE, stands, missing, [Place(_("Promised times"), f"{page('desk:settings')}#times")])


def _policy(decided: Mapping[str, Decided]) -> Line:
    editions = how_many_editions()
    stands = [ngettext("%(number)d edition", "%(number)d editions", editions) % {"number": editions}]
    right = editions > 1 or decided.get(SetupStep.POLICY) == Decided.RIGHT
    missing = "" if right else _("Customers read the policy as delivered: read it, change it, or say that it is right.")
    places = [
        Place(_("Support policy"), page("desk:support-policy")),
        Place(_("As customers read it"), page("portal:policy")),
    ]
    return Line(SetupStep.POLICY, stands, missing, places)


# -- people --------------------------------------------------------------------------------------------------------------
def _people(decided: Mapping[str, Decided]) -> Line:
    staff = staff_at_work()
    waiting = [person.name for person in staff if person.last_login is None]
    stands = [", ".join(person.name for person in staff)]
    if waiting:
        stands.append(_("Has not signed in yet: %(names)s") % {"names": ", ".join(waiting)})
    alone = len(staff) < 2 and decided.get(SetupStep.PEOPLE) != Decided.RIGHT
    missing = _("Nobody but you works here yet: invite the first agents, or say that this is right.") if alone else ""
    places = [Place(_("Invite somebody"), page("desk:person-new")), Place(_("Roles"), page("desk:roles"))]
    return Line(SetupStep.PEOPLE, stands, missing, places)


def _customers() -> Line:
    customers, services = how_many_customers(), how_many_services()
    stands = [
        ngettext("%(number)d customer", "%(number)d customers", customers) % {"number": customers},
        ngettext("%(number)d service", "%(number)d services", services) % {"number": services},
    ]
    missing = ""
    if not customers:
        missing = _("Without customers nobody who writes is known, and nothing is promised to them.")
    elif not services:
        missing = _("Without services no request can say what it is about.")
    places = [Place(_("Imports"), page("desk:imports")), Place(_("Customers"), page("desk:customers"))]
    return Line(SetupStep.CUSTOMERS, stands, missing, places)


# -- mail ----------------------------------------------------------------------------------------------------------------
def _mailbox(ours: Sequence[Box], mail: Flow) -> Line:
    stands = [box.address for box in ours]
    if mail.received:
        stands.append(
            ngettext("%(number)d mail came in", "%(number)d mails came in", mail.received) % {"number": mail.received}
            + ", "
            + ngettext("%(number)d became tickets", "%(number)d became tickets", mail.filed) % {"number": mail.filed}
            + ", "
            + ngettext("%(number)d mail is held back", "%(number)d mails are held back", mail.held)
            % {"number": mail.held}
        )
    missing = ""
    if not ours:
        missing = _("There is no mailbox: enter the address that customers write to.")
    elif not mail.received:
        missing = _("No mail has come in yet: have your mail server hand it over, or fetch it by IMAP, receive only.")
    places = [Place(box.address, reverse("desk:mailbox", args=[box.pk])) for box in ours[:3]] or [
        Place(_("New mailbox"), page("desk:new-mailbox"))
    ]
    if mail.received:
        places += [Place(_("What came in"), page("desk:mails")), Place(_("What would go out"), page("desk:sending"))]
    return Line(SetupStep.MAILBOX, stands, missing, places)


def _ready(ours: Sequence[Box]) -> Line:
    stands = [f"{box.address}: {_standing(box)}" for box in ours]
    missing = ""
    if not ours:
        missing = _("There is no mailbox to try.")
    elif not all(box.is_proven for box in ours):
        missing = _("Not ready: send a test mail from each mailbox to itself, and wait until it is back.")
    return Line(SetupStep.READY, stands, missing, [], proves=bool(ours))


def _standing(box: Box) -> str:
    if box.is_proven:
        return _("ready, its test mail came back")
    if box.is_testing:
        return _("its test mail is on its way")
    if not box.was_tried:
        return _("not tried yet")
    return _("its test mail did not come back: %(why)s") % {"why": box.why or _("it went out and never came in")}


def _sending(ours: Sequence[Box], mail: Flow) -> Line:
    stands = [_("Mail goes out.") if mail.sends else _("Nothing is sent to anyone.")]
    missing = ""
    if not mail.sends:
        proven = ours and all(box.is_proven for box in ours)
        missing = (
            _("All is ready: switch sending on when customers may hear from you.")
            if proven
            else _("Sending stays off until you switch it on; prove first that mail goes out and comes in.")
        )
    return Line(SetupStep.SENDING, stands, missing, [Place(_("Sending"), page("desk:sending"))])


def _answer(mail: Flow) -> Line:
    missing = "" if mail.has_answered else _("No customer has had an answer yet.")
    return Line(SetupStep.ANSWER, [], missing, [Place(_("Queue"), page("desk:queue"))])


# -- what stays ----------------------------------------------------------------------------------------------------------
def _backup() -> Line:
    """Done by something else where no age of it is minded (SPORTELLO_BACKUP_MAX_HOURS)."""
    places = [Place(_("Does it work?"), page("desk:settings"))]
    if not settings.BACKUP_MAX_HOURS:
        return Line(SetupStep.BACKUP, [_("left to others (SPORTELLO_BACKUP_MAX_HOURS is 0)")], "", places)
    taken, restored = last_inspection(Inspection.BACKUP), last_inspection(Inspection.RESTORE)
    stands, missing = [], ""
    if taken and taken.succeeded_at:
        stands.append(_("There is a good one."))
        stands.append(
            _("One was restored on trial.")
            if restored and restored.succeeded_at
            else _("Whether it can be restored is shown by sportello restore --test.")
        )
    elif settings.HAS_BACKUP_STORE:
        missing = _("Run sportello backup, and enable its timer.")
    else:
        missing = _(
            "Set SPORTELLO_BACKUP_REPOSITORY and SPORTELLO_BACKUP_PASSWORD_FILE, run sportello backup, and enable its timer."
        )
    return Line(SetupStep.BACKUP, stands, missing, places)


def _name(queue: Queue) -> str:

    return queue.name_it if get_language() == "it" else queue.name_en
