"""What somebody sent after their session had ended is shown to them again, and not lost [one.patience]."""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from sportello.accounts.access import rule_of
from sportello.accounts.enums import Who

NOT_WRITTEN = {"csrfmiddlewaretoken", "act"}


def written_while_signed_out(request: HttpRequest, view: object) -> HttpResponseBase | None:
    """A page from which it can be sent once more, when they have signed in again. None for a request that brings no words of a contact's.

    Nothing is stored for somebody who is nobody.
    """
    rule = rule_of(view)
    is_for_contacts = rule is not None and rule.who(request.method) is Who.CONTACT
    if request.method != "POST" or not is_for_contacts or not request.POST.get("text", "").strip():
        return None
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=HTTPStatus.UNAUTHORIZED)
    context = {
        "fields": _fields(request),
        "text": request.POST["text"],
        "had_files": bool(request.FILES),
        "address": request.path,
    }
    return render(request, "portal/ended.html", context, status=HTTPStatus.UNAUTHORIZED)


def _fields(request: HttpRequest) -> list[tuple[str, str]]:
    written = ((name, values) for name, values in request.POST.lists() if name not in NOT_WRITTEN)
    return [(name, str(value)) for name, values in written for value in values]
