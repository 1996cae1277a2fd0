"""What every view of the desk does the same way: find or 404, with or without the frame, refusals as messages, back to where one was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from sportello.core.errors import Refused
from sportello.desk.forms.entry import EntryForm

Row = TypeVar("Row")


def found(row: Row | None) -> Row:
    """The row, or 404: the same answer for what is not there and for what is not to be seen."""
    if row is None:
        raise Http404
    return row


def layout_of(request: HttpRequest) -> str:
    """htmx picks parts out of a page and needs no frame around it."""
    return "desk/bare.html" if request.headers.get("HX-Request") == "true" else "desk/base.html"


def settings_page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return render(request, template, {"layout": layout_of(request), **context}, status=status)


def settings_form(request: HttpRequest, form: EntryForm, title: str, **about: Any) -> HttpResponse:
    """What is wrong with what was entered stands beside it; the status says so to programs."""
    context = {"form": form, "title": title, **about}
    return settings_page(request, "desk/settings/form.html", context, status=422 if form.errors else 200)


@contextmanager
def refusals_as_messages(request: HttpRequest) -> Iterator[None]:
    """A refusal in the body becomes a sentence on the next page."""
    try:
        yield
    except Refused as refusal:
        messages.error(request, refusal.message)


def back(request: HttpRequest, otherwise: str) -> HttpResponseRedirect:
    """To the page named by the form's `next`, if it is one of the desk's; else to `otherwise`."""
    wanted = request.POST.get("next", "")
    ours = wanted.startswith("/desk/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return HttpResponseRedirect(wanted if ours else otherwise)
