"""The support policy, for everybody to read, in force and as it was."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from sportello.accounts.access import allowed
from sportello.accounts.enums import Who
from sportello.policy.queries import policy_in_force, policy_of


@allowed(get=Who.ANYONE)
def in_force(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/policy.html", {"policy": policy_in_force()})


@allowed(get=Who.ANYONE)
def edition(request: HttpRequest, number: int) -> HttpResponse:
    policy = policy_of(number)
    if policy is None:
        raise Http404
    return render(request, "portal/policy.html", {"policy": policy})
