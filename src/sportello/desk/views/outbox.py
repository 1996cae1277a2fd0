"""The outbox, one mail of it, and, in the demonstration only, the customer's side."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from sportello.accounts.access import allowed, staff
from sportello.accounts.enums import Who
from sportello.accounts.permissions import can_write
from sportello.core import clock
from sportello.core.paging import Place
from sportello.customers.queries import known_addresses
from sportello.desk import correspondent
from sportello.desk.forms.outbox import AnswerForm, WriteForm
from sportello.desk.outbox import FRAME_POLICY, filter_of, outbox_page, sent_mail
from sportello.desk.views.pages import found, layout_of
from sportello.mail import actions
from sportello.mail.queries import outbound_mail


@allowed(get=Who.STAFF)
def outbox(request: HttpRequest) -> HttpResponse:
    query = request.GET.dict()
    shown = outbox_page(staff(request), filter_of(query), Place.of(query), now=clock.now())
    return _page(request, "desk/outbox/list.html", {"shown": shown})


@allowed(get=Who.STAFF)
def outbound(request: HttpRequest, public_id: UUID) -> HttpResponse:
    return _detail(request, public_id, AnswerForm())


@allowed(get=Who.STAFF)
@xframe_options_sameorigin
def html(request: HttpRequest, public_id: UUID) -> HttpResponse:  # noqa: ARG001 - what every view is given
    """The mail as its reader's program shows it, for a frame without scripts."""
    mail = found(outbound_mail(public_id))
    response = HttpResponse(mail.html if mail.is_readable else "")
    response.headers["Content-Security-Policy"] = FRAME_POLICY
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@allowed(post=Who.WRITER)
def retry(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    if actions.retry_now(outbound=found(outbound_mail(public_id)), now=clock.now()):
        messages.success(request, _("It is being tried again."))
    else:
        messages.info(request, _("There is nothing to try again: it has gone out, or is on its way."))
    return redirect("desk:outbound", public_id)


@allowed(post=Who.WRITER)
def cancel(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    if actions.cancel(outbound=found(outbound_mail(public_id)), now=clock.now()):
        messages.success(request, _("It will not go out."))
    else:
        messages.error(request, _("Too late: it has gone out, or is on its way."))
    return redirect("desk:outbound", public_id)


@allowed(post=Who.WRITER)
def answer(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """Answer one of our mails as the customer who got it."""
    _check_demo()
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _detail(request, public_id, form)
    stored = correspondent.answer(
        outbound=found(outbound_mail(public_id)), text=form.cleaned_data["text"], now=clock.now()
    )
    messages.success(request, _("The customer's answer has come in."))
    return redirect("desk:mail", stored.public_id)


@allowed(get=Who.WRITER, post=Who.WRITER)
def write(request: HttpRequest) -> HttpResponseBase:
    """Write a first mail as a customer."""
    _check_demo()
    form = WriteForm(request.POST) if request.method == "POST" else WriteForm()
    if form.is_bound and form.is_valid():
        stored = correspondent.write(now=clock.now(), **form.cleaned_data)
        messages.success(request, _("The customer's mail has come in."))
        return redirect("desk:mail", stored.public_id)
    context = {"form": form, "addresses": known_addresses()}
    return _page(request, "desk/outbox/write.html", context, status=422 if form.errors else 200)


def _check_demo() -> None:
    """Elsewhere there are no such pages."""
    if not settings.DEMO:
        raise Http404


def _detail(request: HttpRequest, public_id: UUID, form: AnswerForm) -> HttpResponse:
    shown = sent_mail(staff(request), found(outbound_mail(public_id)))
    return _page(request, "desk/outbox/detail.html", {"shown": shown, "form": form}, status=422 if form.errors else 200)


def _page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    shared = {"layout": layout_of(request), "now": clock.now(), "may_write": can_write(staff(request))}
    return render(request, template, {**shared, **context}, status=status)
