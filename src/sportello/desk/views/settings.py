"""The settings that administrators change in the browser, and the state of the house. Every change is in the audit."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from sportello.accounts.access import allowed
from sportello.accounts.actions import record
from sportello.accounts.enums import Act, Who
from sportello.core import clock
from sportello.desk.acting import acting
from sportello.desk.forms.settings import CalendarForm, ImapForm, MailboxForm, PolicyForm, QueueForm, TagForm
from sportello.desk.house import house, mailbox_page
from sportello.desk.views.pages import found, refusals_as_messages, settings_form, settings_page
from sportello.intake.preview import outlook
from sportello.mail import dns
from sportello.mail.actions import mailboxes as mail
from sportello.mail.enums import ImapMode
from sportello.mail.queries.mailboxes import imap_account_by_id, mailbox_by_id
from sportello.tickets.actions import tags as tag_actions
from sportello.tickets.queries.tags import tag_by_id, tags
from sportello.triage import actions as triage
from sportello.triage.queries import calendar_by_id, policy_by_id, queue_named
from sportello.ui.twice import gone_is_done


@allowed(get=Who.ADMIN)
def overview(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    return settings_page(request, "desk/settings/overview.html", {"house": house(now=now), "now": now})


# -- mailboxes -----------------------------------------------------------------------------------------------------------
@allowed(get=Who.ADMIN, post=Who.ADMIN)
def new_mailbox(request: HttpRequest) -> HttpResponseBase:
    form = MailboxForm(request.POST) if request.method == "POST" else MailboxForm(initial={"is_active": True})
    if form.is_bound and form.is_valid():
        with form.refusals():
            row = mail.create_mailbox(fields=form.entered(), **acting(request))
            return _saved(request, "desk:mailbox", row.pk)
    return settings_form(request, form, _("New mailbox"))


@allowed(get=Who.ADMIN)
def mailbox(request: HttpRequest, pk: int) -> HttpResponse:
    about = mailbox_page(found(mailbox_by_id(pk)))
    return settings_page(request, "desk/settings/mailbox.html", {"about": about})


@allowed(get=Who.ADMIN, post=Who.ADMIN)
def edit_mailbox(request: HttpRequest, pk: int) -> HttpResponseBase:
    row = found(mailbox_by_id(pk))
    form = MailboxForm(request.POST) if request.method == "POST" else MailboxForm.of(row)
    if form.is_bound and form.is_valid():
        with form.refusals():
            mail.change_mailbox(mailbox=row, fields=form.entered(), **acting(request))
            return _saved(request, "desk:mailbox", pk)
    return settings_form(request, form, _("Change the mailbox"), mailbox=found(mailbox_by_id(pk)))


@allowed(get=Who.ADMIN, post=Who.ADMIN)
def new_imap(request: HttpRequest, pk: int) -> HttpResponseBase:
    row = found(mailbox_by_id(pk))
    begin = {"port": 993, "tls": True, "folder": "INBOX", "mode": ImapMode.PREVIEW, "since": clock.now().date()}
    form = ImapForm(request.POST) if request.method == "POST" else ImapForm(initial=begin)
    if form.is_bound and form.is_valid():
        with form.refusals():
            mail.create_imap_account(mailbox=row, fields=form.entered(), **acting(request))
            return _saved(request, "desk:mailbox", pk)
    return settings_form(request, form, _("New IMAP account"), mailbox=row)


@allowed(get=Who.ADMIN, post=Who.ADMIN)
def edit_imap(request: HttpRequest, pk: int) -> HttpResponseBase:
    row = found(imap_account_by_id(pk))
    form = ImapForm(request.POST) if request.method == "POST" else ImapForm.of(row)
    if form.is_bound and form.is_valid():
        with form.refusals():
            mail.change_imap_account(account=row, fields=form.entered(), **acting(request))
            return _saved(request, "desk:mailbox", row.mailbox_id)
    return settings_form(
        request, form, _("Change the IMAP account"), mailbox=row.mailbox, remove="desk:remove-imap", pk=pk
    )


@allowed(post=Who.ADMIN)
@gone_is_done("desk:settings")
def remove_imap(request: HttpRequest, pk: int) -> HttpResponseBase:
    row = found(imap_account_by_id(pk))
    mail.remove_imap_account(account=row, **acting(request))
    messages.success(request, _("Removed. What came from it stays."))
    return redirect("desk:mailbox", row.mailbox_id)


@allowed(post=Who.ADMIN)
def look_imap(request: HttpRequest, pk: int) -> HttpResponse:
    """What fetching this account would do: asked of its server now, without taking anything in."""
    account = found(imap_account_by_id(pk))
    record(act=Act.IMAP_LOOKED, subject=str(account), **acting(request))
    found_there = outlook(account)
    about = mailbox_page(found_there.account.mailbox)
    return settings_page(request, "desk/settings/mailbox.html", {"about": about, "outlook": found_there})


# -- what is promised ----------------------------------------------------------------------------------------------------
@allowed(get=Who.ADMIN, post=Who.ADMIN)
def edit_queue(request: HttpRequest, slug: str) -> HttpResponseBase:
    row = found(queue_named(slug))
    form = QueueForm(request.POST) if request.method == "POST" else QueueForm.of(row)
    if form.is_bound and form.is_valid():
        triage.change_queue(queue=row, fields=form.entered(), **acting(request))
        return _saved(request, "desk:settings")
    return settings_form(request, form, _("Change the queue"), hint=_promised_stays())


@allowed(get=Who.ADMIN, post=Who.ADMIN)
def new_calendar(request: HttpRequest) -> HttpResponseBase:
    begin = {"timezone": "Europe/Rome", "holidays_country": "IT"}
    form = CalendarForm(request.POST) if request.method == "POST" else CalendarForm(initial=begin)
    if form.is_bound and form.is_valid():
        with form.refusals():
            triage.create_calendar(fields=form.entered(), **acting(request))
            return _saved(request, "desk:settings")
    return settings_form(request, form, _("New opening hours"), hint=_hours_hint())


@allowed(get=Who.ADMIN, post=Who.ADMIN)
def edit_calendar(request: HttpRequest, pk: int) -> HttpResponseBase:
    row = found(calendar_by_id(pk))
    form = CalendarForm(request.POST) if request.method == "POST" else CalendarForm.of(row)
    if form.is_bound and form.is_valid():
        with form.refusals():
            triage.change_calendar(calendar=row, fields=form.entered(), **acting(request))
            return _saved(request, "desk:settings")
    return settings_form(
        request, form, _("Change the opening hours"), hint=_hours_hint(), remove="desk:remove-calendar", pk=pk
    )


@allowed(post=Who.ADMIN)
@gone_is_done("desk:settings")
def remove_calendar(request: HttpRequest, pk: int) -> HttpResponseBase:
    with refusals_as_messages(request):
        triage.remove_calendar(calendar=found(calendar_by_id(pk)), **acting(request))
        messages.success(request, _("Removed."))
    return redirect("desk:settings")


@allowed(get=Who.ADMIN, post=Who.ADMIN)
def new_policy(request: HttpRequest) -> HttpResponseBase:
    begin = {"first_response": 10, "next_response": 60, "update": 240, "delay": 30}
    form = PolicyForm(request.POST) if request.method == "POST" else PolicyForm(initial=begin)
    if form.is_bound and form.is_valid():
        with form.refusals():
            triage.create_policy(fields=form.entered(), **acting(request))
            return _saved(request, "desk:settings")
    return settings_form(request, form, _("New promised times"), hint=_promised_stays())


@allowed(get=Who.ADMIN, post=Who.ADMIN)
def edit_policy(request: HttpRequest, pk: int) -> HttpResponseBase:
    row = found(policy_by_id(pk))
    form = PolicyForm(request.POST) if request.method == "POST" else PolicyForm.of(row)
    if form.is_bound and form.is_valid():
        with form.refusals():
            triage.change_policy(policy=row, fields=form.entered(), **acting(request))
            return _saved(request, "desk:settings")
    return settings_form(
        request, form, _("Change the promised times"), hint=_promised_stays(), remove="desk:remove-policy", pk=pk
    )


@allowed(post=Who.ADMIN)
@gone_is_done("desk:settings")
def remove_policy(request: HttpRequest, pk: int) -> HttpResponseBase:
    with refusals_as_messages(request):
        triage.remove_policy(policy=found(policy_by_id(pk)), **acting(request))
        messages.success(request, _("Removed."))
    return redirect("desk:settings")


# -- tags ----------------------------------------------------------------------------------------------------------------
@allowed(get=Who.ADMIN)
def tag_list(request: HttpRequest) -> HttpResponse:
    return settings_page(request, "desk/settings/tags.html", {"tags": tags()})


@allowed(get=Who.ADMIN, post=Who.ADMIN)
def edit_tag(request: HttpRequest, pk: int) -> HttpResponseBase:
    row = found(tag_by_id(pk))
    form = TagForm(request.POST) if request.method == "POST" else TagForm.of(row)
    if form.is_bound and form.is_valid():
        with form.refusals():
            tag_actions.rename_tag(tag=row, name=form.cleaned_data["name"], **acting(request))
            return _saved(request, "desk:tags")
    return settings_form(request, form, _("Rename the tag"), remove="desk:remove-tag", pk=pk)


@allowed(post=Who.ADMIN)
@gone_is_done("desk:tags")
def remove_tag(request: HttpRequest, pk: int) -> HttpResponseBase:
    tag_actions.remove_tag_everywhere(tag=found(tag_by_id(pk)), **acting(request))
    messages.success(request, _("Removed from every ticket."))
    return redirect("desk:tags")


# -- sending domains -----------------------------------------------------------------------------------------------------
@allowed(get=Who.ADMIN, post=Who.ADMIN)
def domains(request: HttpRequest) -> HttpResponse:
    """Which domains we write from; a POST asks DNS about one of them, which may take some seconds."""
    known = dns.sending_domains()
    asked = request.POST.get("domain", "")
    report = None
    if request.method == "POST" and asked in known:
        record(act=Act.DOMAIN_CHECKED, subject=asked, **acting(request))
        report = dns.check_domain(asked)
    return settings_page(request, "desk/settings/domains.html", {"domains": known, "report": report})


# -- alike ---------------------------------------------------------------------------------------------------------------
def _promised_stays() -> str:
    return _("What was promised stays: tickets on the desk keep their due time until something happens to them.")


def _hours_hint() -> str:
    said = _("Hours as 9:00-13:00, 14:00-18:00; an empty day is closed; 24:00 is midnight.")
    return f"{said} {_promised_stays()}"


def _saved(request: HttpRequest, name: str, *about: Any) -> HttpResponseBase:
    messages.success(request, _("Saved."))
    return redirect(name, *about)
