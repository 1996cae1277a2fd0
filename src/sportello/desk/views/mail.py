"""Every mail ever received: the list, one mail, and what a person decides about it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sportello.accounts.access import allowed, staff
from sportello.accounts.enums import Who
from sportello.accounts.permissions import can_write
from sportello.core import clock
from sportello.core.errors import Refused
from sportello.core.paging import Place
from sportello.desk.forms.mail import JoinForm
from sportello.desk.mail import file_name, filter_of, mail_detail, mail_page, text_of
from sportello.desk.queries import ticket_by_number
from sportello.desk.views.pages import back, found, layout_of, refusals_as_messages
from sportello.intake import actions
from sportello.mail.queries.received import inbound_mail

SANDBOX = "sandbox; default-src 'none'"


@allowed(get=Who.STAFF)
def mails(request: HttpRequest) -> HttpResponse:
    query = request.GET.dict()
    shown = mail_page(staff(request), filter_of(query), Place.of(query))
    return render(request, "desk/mail/list.html", {"layout": layout_of(request), "shown": shown})


@allowed(get=Who.STAFF)
def mail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _detail(request, public_id)


@allowed(get=Who.STAFF)
def text(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What the mail says. Asked for by itself, since reading it takes a moment."""
    row = found(inbound_mail(public_id))
    context = {"layout": layout_of(request), "mail": row, "text": text_of(row)}
    return render(request, "desk/mail/text.html", context)


@allowed(get=Who.STAFF)
def download(request: HttpRequest, public_id: UUID) -> HttpResponse:  # noqa: ARG001 - what every view is given
    """The mail as it came, to the byte; never shown by the browser."""
    row = found(inbound_mail(public_id))
    response = HttpResponse(bytes(row.raw.content), content_type="application/octet-stream")
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name(row)}"'
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


@allowed(post=Who.WRITER)
def read_again(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    with refusals_as_messages(request):
        actions.read_again(inbound=found(inbound_mail(public_id)), by=staff(request), now=clock.now())
        messages.success(request, _("It is being read again; what comes of it appears here."))
    return redirect("desk:mail", public_id)


@allowed(post=Who.WRITER)
def open_new(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    try:
        ticket = actions.release_held(inbound=found(inbound_mail(public_id)), by=staff(request), now=clock.now())
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("desk:mail", public_id)
    messages.success(request, _("The mail is now ticket #%(number)s.") % {"number": ticket.number})
    return redirect("desk:ticket", ticket.public_id)


@allowed(post=Who.WRITER)
def join(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    form, by = JoinForm(request.POST), staff(request)
    row = found(inbound_mail(public_id))
    ticket = ticket_by_number(by, form.cleaned_data["number"]) if form.is_valid() else None
    if form.is_valid() and ticket is None:
        form.add_error("number", _("There is no ticket with this number."))
    if ticket is None:
        return _detail(request, public_id, form)
    try:
        actions.release_held(inbound=row, by=by, now=clock.now(), join=ticket)
    except Refused as refusal:
        form.add_error("number", refusal.message)
        return _detail(request, public_id, form)
    messages.success(request, _("The mail is part of ticket #%(number)s now.") % {"number": ticket.number})
    return redirect("desk:ticket", ticket.public_id)


@allowed(post=Who.WRITER)
def refuse(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    with refusals_as_messages(request):
        actions.refuse_held(inbound=found(inbound_mail(public_id)), by=staff(request), now=clock.now())
        messages.success(request, _("Refused. It stays in the list of mail with its source, and can be read again."))
    return back(request, reverse("desk:mail", args=[public_id]))


@allowed(post=Who.WRITER)
def file_flood(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    row = found(inbound_mail(public_id))
    with refusals_as_messages(request):
        count = actions.file_flood(sender=row.sender, by=staff(request), now=clock.now())
        words = ngettext(
            "%(count)d mail is filed within the next minutes.",
            "%(count)d mails are filed within the next minutes.",
            count,
        )
        messages.success(request, words % {"count": count})
    return redirect("desk:mail", public_id)


@allowed(post=Who.WRITER)
def refuse_flood(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    row = found(inbound_mail(public_id))
    with refusals_as_messages(request):
        count = actions.refuse_flood(inbound=row, by=staff(request), now=clock.now())
        words = ngettext(
            "%(count)d mail refused. It stays in the list, and can be filed after all.",
            "%(count)d mails refused. They stay in the list, and can be filed after all.",
            count,
        )
        messages.success(request, words % {"count": count})
    return redirect("desk:mail", public_id)


def _detail(request: HttpRequest, public_id: UUID, form: JoinForm | None = None) -> HttpResponse:
    row, user = found(inbound_mail(public_id)), staff(request)
    joined = form or JoinForm(initial={"number": row.reason_params.get("number")})
    context = {
        "layout": layout_of(request),
        "may_write": can_write(user),
        "shown": mail_detail(user, row),
        "form": joined,
    }
    return render(request, "desk/mail/detail.html", context, status=422 if joined.errors else 200)
