"""Teams: made, renamed and removed by administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from sportello.accounts import actions, queries
from sportello.accounts.access import allowed, staff
from sportello.accounts.address import client_address
from sportello.accounts.enums import Who
from sportello.core import clock
from sportello.core.errors import Refused
from sportello.desk.people_forms import TeamForm
from sportello.ui.twice import gone_is_done

if TYPE_CHECKING:
    from sportello.accounts.models import Team


@allowed(get=Who.ADMIN, post=Who.ADMIN)
def team_list(request: HttpRequest) -> HttpResponseBase:
    form = TeamForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            actions.create_team(name=form.cleaned_data["name"], **_who_when_where(request))
        except Refused as refused:
            form.add_error("name", refused.message)
        else:
            return redirect("desk:teams")
    return render(
        request, "desk/people/teams.html", {"teams": queries.teams(), "form": form}, status=422 if form.errors else 200
    )


@allowed(get=Who.ADMIN, post=Who.ADMIN)
def team(request: HttpRequest, team_id: int) -> HttpResponseBase:
    found = _team(team_id)
    form = TeamForm(request.POST if request.method == "POST" else None, initial={"name": found.name})
    if form.is_bound and form.is_valid():
        try:
            actions.rename_team(team=found, name=form.cleaned_data["name"], **_who_when_where(request))
        except Refused as refused:
            form.add_error("name", refused.message)
        else:
            messages.success(request, gettext("Saved."))
            return redirect("desk:teams")
    return render(
        request, "desk/people/team.html", {"team": _team(team_id), "form": form}, status=422 if form.errors else 200
    )


@allowed(post=Who.ADMIN)
@gone_is_done("desk:teams")
def remove(request: HttpRequest, team_id: int) -> HttpResponseBase:
    actions.remove_team(team=_team(team_id), **_who_when_where(request))
    messages.success(request, gettext("The team is removed; its people and tickets stay."))
    return redirect("desk:teams")


def _team(team_id: int) -> Team:
    found = queries.team_by_id(team_id)
    if found is None:
        raise Http404
    return found


def _who_when_where(request: HttpRequest) -> dict[str, Any]:
    return {"by": staff(request), "now": clock.now(), "address": client_address(request)}
