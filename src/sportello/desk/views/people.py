"""Members of staff: who they are, what they may do, and shutting them out. For administrators, who prove themselves again first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sportello.accounts import actions, queries
from sportello.accounts.access import allowed, proven, staff
from sportello.accounts.address import client_address
from sportello.accounts.enums import Who
from sportello.core import clock
from sportello.core.errors import Refused
from sportello.desk import staff_mail
from sportello.desk.people_forms import PersonForm
from sportello.mail.queries.outbound import sending_is_on

if TYPE_CHECKING:
    from sportello.accounts.models import User


@allowed(get=Who.ADMIN)
def staff_list(request: HttpRequest) -> HttpResponseBase:
    return render(request, "desk/people/list.html", {"people": queries.staff_list()})


@allowed(get=Who.ADMIN, post=Who.ADMIN)
@proven
def invite(request: HttpRequest) -> HttpResponseBase:
    """A new account; its owner gets the way in by mail."""
    form = PersonForm(request.POST) if request.method == "POST" else PersonForm()
    if form.is_bound and form.is_valid():
        try:
            user = staff_mail.invite(**form.cleaned_data, **_who_when_where(request))
        except Refused as refused:
            form.add_error(None, refused.message)
        else:
            if not sending_is_on():
                return _link(request, user)
            messages.success(request, gettext("The invitation is on its way to %(address)s.") % {"address": user.email})
            return redirect("desk:people")
    context = {"form": form, "sends": sending_is_on()}
    return render(request, "desk/people/new.html", context, status=422 if form.errors else 200)


@allowed(get=Who.ADMIN, post=Who.ADMIN)
@proven
def person(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    user = _person(public_id)
    form = PersonForm(request.POST if request.method == "POST" else None, user=user)
    if form.is_bound and form.is_valid():
        try:
            actions.change_user(user=user, **form.cleaned_data, **_who_when_where(request))
        except Refused as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, gettext("Saved."))
            return redirect("desk:person", public_id=public_id)
    context = {
        "person": user,
        "form": form,
        "sessions": queries.session_count(user),
        "entries": queries.lately_of(user, limit=10),
    }
    return render(request, "desk/people/person.html", context, status=422 if form.errors else 200)


@allowed(post=Who.ADMIN)
@proven
def deactivate(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    return _do(
        request, public_id, actions.deactivate, _("The account is deactivated, and all its sessions have ended.")
    )


@allowed(post=Who.ADMIN)
@proven
def activate(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    return _do(request, public_id, actions.activate, _("The account is active again."))


@allowed(post=Who.ADMIN)
@proven
def end_sessions(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    return _do(request, public_id, actions.end_sessions, _("All sessions have ended."))


@allowed(post=Who.ADMIN)
@proven
def reset_second_factor(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    return _do(
        request,
        public_id,
        actions.reset_second_factors,
        _("All second factors are removed, and all sessions have ended."),
    )


@allowed(post=Who.ADMIN)
@proven
def invite_again(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    user = _person(public_id)
    if user.is_active and not sending_is_on():
        return _link(request, user)
    if user.is_active and staff_mail.invite_again(user=user, **_who_when_where(request)):
        messages.success(request, gettext("The invitation is on its way to %(address)s.") % {"address": user.email})
    else:
        messages.error(
            request,
            gettext("No invitation was sent: the account is deactivated, or there is no mailbox to write from."),
        )
    return redirect("desk:person", public_id=public_id)


def _link(request: HttpRequest, user: User) -> HttpResponseBase:
    """Shown in this answer and nowhere else."""
    link = staff_mail.link_to_hand_over(user=user, **_who_when_where(request))
    return render(request, "desk/people/link.html", {"person": user, "link": link})


def _person(public_id: UUID) -> User:
    user = queries.staff_by_id(public_id)
    if user is None:
        raise Http404
    return user


def _do(request: HttpRequest, public_id: UUID, act: Callable[..., object], done: object) -> HttpResponseBase:
    """One act on one person, and what came of it."""
    user = _person(public_id)
    try:
        act(user=user, **_who_when_where(request))
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, str(done))
    return redirect("desk:person", public_id=public_id)


def _who_when_where(request: HttpRequest) -> dict[str, Any]:
    return {"by": staff(request), "now": clock.now(), "address": client_address(request)}
