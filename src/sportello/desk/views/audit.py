"""What administrators did and who signed in: for administrators, newest first."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from sportello.accounts import queries
from sportello.accounts.access import allowed
from sportello.accounts.enums import Act, Who

PAGE = 50


@allowed(get=Who.ADMIN)
def entries(request: HttpRequest) -> HttpResponseBase:
    act = request.GET.get("act", "")
    act = act if act in Act.values else ""
    found = queries.audit(before=_number(request.GET.get("before", "")), act=act, limit=PAGE)
    context = {
        "entries": found[:PAGE],
        "act": act,
        "acts": Act.choices,
        "older": found[PAGE - 1].pk if len(found) > PAGE else None,
        "violations": queries.policy_violations(),
    }
    return render(request, "desk/people/audit.html", context)


def _number(text: str) -> int | None:
    """A primary key; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
