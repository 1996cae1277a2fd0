"""What administrators enter: mailboxes, IMAP accounts, opening hours, promised times, queues, tags."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sportello.desk.forms.entry import DayField, EntryForm
from sportello.mail.actions.mailboxes import OWN_SETTING, SECRET_NAME, ImapFields, MailboxFields
from sportello.mail.enums import ImapMode, Purpose
from sportello.mail.models import ImapAccount, Mailbox
from sportello.tickets.models import Tag
from sportello.triage import queries as triage
from sportello.triage.actions import CalendarFields, PolicyFields, QueueFields
from sportello.triage.models import Calendar, Queue, SlaPolicy
from sportello.triage.rules import BadCalendar, OpeningHours, week_from
from sportello.triage.rules.calendars import zone

MOST_MINUTES = 60 * 24 * 60
MOST_LINES = 400
_SPAN = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*[-–—]\s*(\d{1,2})(?:[:.](\d{2}))?")
_DAYS = ("%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y")
WEEK = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))

Span = list[str]


class LinesField(forms.CharField):
    """One value a line; gives the lines that hold something."""

    widget = forms.Textarea(attrs={"rows": 3})

    def clean(self, value: Any) -> Any:
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        if len(lines) > MOST_LINES:
            raise ValidationError(gettext("These are too many lines."))
        return tuple(lines)


class DaysField(LinesField):
    """One day a line, as 2026-12-24 or 24/12/2026."""

    def clean(self, value: Any) -> tuple[date, ...]:
        return tuple(sorted({_day(line) for line in super().clean(value)}))


class HoursField(forms.CharField):
    """Opening hours of a day, as 9-13, 14:30-18; gives spans as `triage.rules.week_from` takes them."""

    def clean(self, value: Any) -> list[Span]:
        text = super().clean(value)
        parts = [part for part in re.split(r"[,;]|\s{2,}|\s(?=\d{1,2}[:.]?\d*\s*[-–—])", text) if part and part.strip()]
        spans = [_span(part.strip()) for part in parts]
        try:
            OpeningHours(weekly=week_from({"0": spans}))
        except BadCalendar:
            raise ValidationError(gettext("These hours overlap, or close before they open.")) from None
        return spans


class ZoneField(forms.CharField):
    """The name of a time zone that is known here."""

    def clean(self, value: Any) -> str:
        name: str = super().clean(value)
        try:
            zone(name)
        except BadCalendar:
            raise ValidationError(gettext("There is no such time zone; write it as Europe/Rome.")) from None
        return name


def _day(line: str) -> date:
    for form in _DAYS:
        try:
            return datetime.strptime(line, form).date()  # noqa: DTZ007 - a day, not an instant
        except ValueError:
            continue
    raise ValidationError(gettext("“%(line)s” is not a day. Write it as 2026-12-24.") % {"line": line[:40]})


def _span(part: str) -> Span:
    found = _SPAN.fullmatch(part)
    if found is None:
        raise ValidationError(gettext("“%(part)s” are not hours. Write them as 9:00-13:00.") % {"part": part[:40]})
    opens_hour, opens_minute, closes_hour, closes_minute = found.groups()
    return [f"{int(opens_hour):02}:{opens_minute or '00'}", f"{int(closes_hour):02}:{closes_minute or '00'}"]


def written(spans: list[Span]) -> str:
    """The hours of a day as they are entered: 09:00-13:00, 14:00-18:00."""
    return ", ".join("-".join(span) for span in spans)


# -- mailboxes -----------------------------------------------------------------------------------------------------------
class MailboxForm(EntryForm):
    BESIDE: ClassVar[Mapping[str, str]] = MappingProxyType({"address-not-valid": "address", "address-taken": "address"})

    address = forms.CharField(label=_("Address"), max_length=254, widget=forms.EmailInput)
    display_name = forms.CharField(
        label=_("Sender name"), max_length=120, help_text=_("Customers see it beside the address.")
    )
    purpose = forms.ChoiceField(
        label=_("Purpose"), choices=Purpose.choices, help_text=_("Pre-sales requests have their own queue.")
    )
    aliases = LinesField(
        label=_("Other addresses"), required=False, help_text=_("One a line; their mail goes here too.")
    )
    signature_it = forms.CharField(
        label=_("Signature in Italian"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    signature_en = forms.CharField(
        label=_("Signature in English"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    authserv_id = forms.CharField(
        label=_("Our mail server's name in Authentication-Results"),
        required=False,
        max_length=253,
        help_text=_("Only this server's checks of senders are believed. Without it, no sender is checked."),
    )
    accepts_without_result = forms.BooleanField(
        label=_("Mail without any result is accepted"),
        required=False,
        help_text=_("For customers who send through that server, which may check nothing of theirs."),
    )
    is_active = forms.BooleanField(label=_("Takes mail"), required=False)

    @classmethod
    def of(cls, mailbox: Mailbox) -> MailboxForm:
        initial = {name: getattr(mailbox, name) for name in cls.base_fields}
        return cls(initial={**initial, "aliases": "\n".join(mailbox.aliases)})

    def entered(self) -> MailboxFields:
        return MailboxFields(**{**self.cleaned_data, "purpose": Purpose(self.cleaned_data["purpose"])})


class ImapForm(EntryForm):
    BESIDE: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "secret-not-valid": "secret",
            "imap-taken": "folder",
            "not-yet-live": "mode",
            "port-not-allowed": "port",
            "host-not-valid": "host",
        }
    )

    host = forms.CharField(label=_("Server"), max_length=253)
    port = forms.IntegerField(label=_("Port"), min_value=1, max_value=65535)
    tls = forms.BooleanField(label=_("Encrypted from the start (TLS)"), required=False)
    username = forms.CharField(label=_("User name"), max_length=254)
    secret = forms.CharField(
        label=_("Name of the password setting"),
        max_length=60,
        help_text=_(
            "Not the password: its name. INFO stands for SPORTELLO_SECRET_INFO, or SPORTELLO_SECRET_INFO_FILE, in the environment."
        ),
    )
    folder = forms.CharField(label=_("Folder"), max_length=200)
    since = DayField(label=_("Mails from this day on"), help_text=_("What is older is left where it is."))
    mode = forms.ChoiceField(
        label=_("Mode"),
        choices=ImapMode.choices,
        help_text=_("“Receive only” files mail and sends no automatic answer: begin with it."),
    )

    @classmethod
    def of(cls, account: ImapAccount) -> ImapForm:
        return cls(initial={name: getattr(account, name) for name in cls.base_fields})

    def clean_secret(self) -> str:
        """The name of a setting that exists here. Whoever types the password itself is told so, and nothing of it is kept."""
        name: str = self.cleaned_data["secret"]
        if SECRET_NAME.fullmatch(name) is None:
            raise ValidationError(
                gettext(
                    "A password setting is named with capital letters, digits and underscores, as INFO. The password itself does not belong "
                    "here and was not saved: set SPORTELLO_SECRET_INFO, or SPORTELLO_SECRET_INFO_FILE, and enter INFO."
                )
            )
        if name not in settings.SECRETS and name != OWN_SETTING and not name.endswith("_FILE"):
            raise ValidationError(
                gettext(
                    "SPORTELLO_SECRET_%(name)s is not set. Set it, or SPORTELLO_SECRET_%(name)s_FILE, for all of Sportello's processes and "
                    "restart them. If this was the password itself: it does not belong here and was not saved."
                )
                % {"name": name}
            )
        return name

    def entered(self) -> ImapFields:
        return ImapFields(**{**self.cleaned_data, "mode": ImapMode(self.cleaned_data["mode"])})


# -- what is promised ----------------------------------------------------------------------------------------------------
class CalendarForm(EntryForm):
    BESIDE: ClassVar[Mapping[str, str]] = MappingProxyType(
        {"name-taken": "name", "country-unknown": "holidays_country"}
    )

    name = forms.CharField(label=_("Name"), max_length=80)
    timezone = ZoneField(label=_("Time zone"), max_length=60, help_text=_("As Europe/Rome."))
    always_open = forms.BooleanField(label=_("Open day and night, holidays too"), required=False)
    holidays_country = forms.CharField(
        label=_("Closed on the public holidays of"),
        max_length=2,
        required=False,
        help_text=_("Two letters of a country, as IT; empty for none."),
    )
    closed_on = DaysField(label=_("Closed besides on"), required=False, help_text=_("One day a line, as 2026-12-24."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, day in enumerate(WEEK):
            self.fields[f"day_{number}"] = HoursField(label=day, required=False, max_length=200)
        days = [f"day_{number}" for number in range(len(WEEK))]
        self.order_fields(["name", "timezone", "always_open", *days])

    @classmethod
    def of(cls, calendar: Calendar) -> CalendarForm:
        initial = {name: getattr(calendar, name) for name in cls.base_fields}
        days = {f"day_{day}": written(spans) for day, spans in calendar.weekly.items()}
        closed = "\n".join(day.isoformat() for day in calendar.closed_on)
        return cls(initial={**initial, **days, "closed_on": closed})

    def entered(self) -> CalendarFields:
        entered = self.cleaned_data
        return CalendarFields(
            name=entered["name"],
            timezone=entered["timezone"],
            always_open=entered["always_open"],
            weekly={str(day): entered[f"day_{day}"] for day in range(len(WEEK)) if entered[f"day_{day}"]},
            holidays_country=entered["holidays_country"].upper(),
            closed_on=entered["closed_on"],
        )


class PolicyForm(EntryForm):
    BESIDE: ClassVar[Mapping[str, str]] = MappingProxyType({"name-taken": "name"})

    name = forms.CharField(label=_("Name"), max_length=80)
    first_response = forms.IntegerField(label=_("First answer within (minutes)"), min_value=1, max_value=MOST_MINUTES)
    next_response = forms.IntegerField(label=_("Next answers within (minutes)"), min_value=1, max_value=MOST_MINUTES)
    update = forms.IntegerField(
        label=_("Update while in analysis every (minutes)"), min_value=1, max_value=MOST_MINUTES
    )
    delay = forms.IntegerField(
        label=_("New time when an outage comes first, within (minutes)"),
        help_text=_(
            "Whoever is late because of it is told by mail and in the customer area; when that time passes too, again."
        ),
        min_value=5,
        max_value=MOST_MINUTES,
    )

    @classmethod
    def of(cls, policy: SlaPolicy) -> PolicyForm:
        return cls(initial={name: getattr(policy, name) for name in cls.base_fields})

    def entered(self) -> PolicyFields:
        return PolicyFields(**self.cleaned_data)


class QueueForm(EntryForm):
    name_it = forms.CharField(label=_("Name in Italian"), max_length=80)
    name_en = forms.CharField(label=_("Name in English"), max_length=80)
    calendar = forms.ModelChoiceField(label=_("Opening hours"), queryset=Calendar.objects.none(), empty_label=None)
    policy = forms.ModelChoiceField(label=_("Promised times"), queryset=SlaPolicy.objects.none(), empty_label=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("calendar", triage.calendars()), ("policy", triage.policies())):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - tells the type checker what stands above
            field.queryset = rows

    @classmethod
    def of(cls, queue: Queue) -> QueueForm:
        return cls(initial={name: getattr(queue, name) for name in cls.base_fields})

    def entered(self) -> QueueFields:
        return QueueFields(**self.cleaned_data)


class TagForm(EntryForm):
    BESIDE: ClassVar[Mapping[str, str]] = MappingProxyType({"tag-taken": "name", "empty": "name"})

    name = forms.CharField(label=_("Name"), max_length=40)

    @classmethod
    def of(cls, tag: Tag) -> TagForm:
        return cls(initial={"name": tag.name})
