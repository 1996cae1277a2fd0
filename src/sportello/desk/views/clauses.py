"""The support policy, as administrators change it: clause by clause, each change a new edition."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from sportello.accounts.access import allowed
from sportello.accounts.enums import Who
from sportello.desk.acting import acting
from sportello.desk.forms.clauses import ClauseForm, NewClauseForm
from sportello.desk.views.pages import found, refusals_as_messages, settings_form, settings_page
from sportello.policy import actions
from sportello.policy.queries import clause_in_force, policy_in_force
from sportello.ui.twice import gone_is_done


@allowed(get=Who.ADMIN)
def overview(request: HttpRequest) -> HttpResponse:
    return settings_page(request, "desk/settings/policy.html", {"policy": policy_in_force()})


@allowed(get=Who.ADMIN, post=Who.ADMIN)
def new(request: HttpRequest) -> HttpResponseBase:
    form = NewClauseForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with form.refusals():
            actions.add_clause(code=form.cleaned_data["code"], wording=form.wording(), **acting(request))
            return _published(request)
    return _form(request, form, _("New clause"))


@allowed(get=Who.ADMIN, post=Who.ADMIN)
def change(request: HttpRequest, code: str) -> HttpResponseBase:
    clause = found(clause_in_force(code))
    form = ClauseForm(request.POST) if request.method == "POST" else ClauseForm.of(clause)
    if form.is_bound and form.is_valid():
        with form.refusals():
            actions.change_clause(code=code, wording=form.wording(), **acting(request))
            return _published(request)
    title = _("Change the clause %(id)s") % {"id": code}
    return _form(request, form, title, remove="desk:withdraw-clause", pk=code, withdrawing=True)


@allowed(post=Who.ADMIN)
@gone_is_done("desk:support-policy")
def withdraw(request: HttpRequest, code: str) -> HttpResponseBase:
    found(clause_in_force(code))
    with refusals_as_messages(request):
        actions.withdraw_clause(code=code, **acting(request))
        messages.success(request, _("Withdrawn. It stays readable in the editions that had it."))
    return redirect("desk:support-policy")


def _published(request: HttpRequest) -> HttpResponseBase:
    messages.success(request, _("Published. What stood there before stays readable as an earlier edition."))
    return redirect("desk:support-policy")


def _form(request: HttpRequest, form: ClauseForm, title: str, **about: Any) -> HttpResponse:
    hint = _("Customers read it as soon as it is saved, each in their own language.")
    return settings_form(request, form, title, hint=hint, **about)
