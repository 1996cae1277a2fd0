"""What administrators did and who signed in: for administrators, newest first; the same as a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sportello.accounts import queries
from sportello.accounts.access import allowed
from sportello.accounts.enums import Act, Who
from sportello.accounts.queries import AuditFilter
from sportello.core.paging import Place
from sportello.core.spreadsheets import csv_file
from sportello.desk.forms.entry import DayField

if TYPE_CHECKING:
    from sportello.accounts.models import AuditEntry

MOST_IN_A_FILE = 100_000


class AuditForm(forms.Form):
    """What of it is shown. Whatever cannot be read is left out."""

    act = forms.ChoiceField(label=_("What"), required=False, choices=[("", _("everything")), *Act.choices])
    person = forms.ChoiceField(label=_("Who"), required=False)
    subject = forms.CharField(label=_("Whom or which"), required=False, max_length=200)
    address = forms.GenericIPAddressField(label=_("From the address"), required=False)
    since = DayField(label=_("From the day"), required=False)
    until = DayField(label=_("To the day"), required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        people = [(str(person.public_id), person.name) for person in queries.staff_list()]
        field = self.fields["person"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", str(_("everybody"))), *people]

    def chosen(self) -> AuditFilter:
        self.full_clean()
        found = {name: value for name, value in self.cleaned_data.items() if value}
        since, until = found.pop("since", None), found.pop("until", None)
        return AuditFilter(
            **found,
            since=_begin_of(since) if since else None,
            until=_begin_of(until + timedelta(days=1)) if until else None,
        )


@allowed(get=Who.ADMIN)
def entries(request: HttpRequest) -> HttpResponseBase:
    form = AuditForm(request.GET)
    page = queries.audit_page(form.chosen(), Place.of(request.GET.dict()))
    asked = {name: value for name, value in request.GET.items() if name in form.fields and value}
    context = {
        "page": page,
        "form": form,
        "asked": urlencode(asked),
        "violations": queries.policy_violations(),
    }
    return render(request, "desk/people/audit.html", context)


@allowed(get=Who.ADMIN)
def as_csv(request: HttpRequest) -> HttpResponseBase:
    """The entries that the page shows, all pages, as a file for a spreadsheet: comma, UTF-8, times in UTC."""
    chosen = AuditForm(request.GET).chosen()
    lines = csv_file(_rows(queries.whole_audit(chosen, most=MOST_IN_A_FILE)))
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="audit.csv"'
    return answer


def _rows(entries: Iterator[AuditEntry]) -> Iterator[Sequence[str]]:
    yield ("at", "who", "act", "subject", "detail", "address")
    for entry in entries:
        who = entry.actor.email if entry.actor else ""
        yield (entry.at.isoformat(), who, entry.act, entry.subject, "; ".join(entry.changes), entry.address or "")


def _begin_of(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day))  # noqa: DTZ001 - made aware at once
