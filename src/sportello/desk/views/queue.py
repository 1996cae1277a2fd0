"""The queue: the page, and the parts of it that an open page asks for again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language

from sportello.accounts.access import allowed, staff
from sportello.accounts.enums import Who
from sportello.accounts.permissions import can_write
from sportello.core import clock
from sportello.desk import alarms
from sportello.desk.incidents import banner
from sportello.desk.queue import QueueView, queue_page
from sportello.desk.shell import Shell, shell_for
from sportello.desk.views.pages import found, layout_of
from sportello.intake.actions import HELD
from sportello.mail.queries.received import inbound_mail
from sportello.tickets import queries as tickets


@allowed(get=Who.STAFF)
def queue(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    shell = shell_for(staff(request), path=request.path, now=now)
    return render(
        request,
        "desk/queue.html",
        {"layout": layout_of(request), "now": now, "shell": shell, "brings_figures": True, **_queue(request, shell)},
    )


@allowed(get=Who.STAFF, background=True)
def queue_now(request: HttpRequest) -> HttpResponse:
    """The list alone, with the figures around it."""
    now = clock.now()
    shell = shell_for(staff(request), path=request.path, now=now)
    return render(
        request, "desk/queue_list.html", {"now": now, "shell": shell, "is_oob": True, **_queue(request, shell)}
    )


@allowed(get=Who.STAFF, background=True)
def figures(request: HttpRequest) -> HttpResponse:
    now = clock.now()
    shell = shell_for(staff(request), path=request.path, now=now)
    return render(request, "desk/figures_now.html", {"now": now, "shell": shell})


@allowed(get=Who.STAFF, background=True)
def alarm(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """The alarm as this person should hear it; nothing when it is somebody else's to act on. That of a held mail bears the mail's id."""
    user, step = staff(request), request.GET.get("step", "")
    if step == HELD:
        told = alarms.alarm_for_held(found(inbound_mail(public_id)))
    else:
        told = alarms.alarm_for(user, found(tickets.ticket_for(user, public_id)), step)
    return render(request, "desk/alarm.html", {"alarm": told}) if told else HttpResponse(status=204)


def _queue(request: HttpRequest, shell: Shell) -> dict[str, Any]:
    user, view = staff(request), QueueView.of(request.GET.dict())
    page = queue_page(user, view, whole=shell.tickets)
    return {
        "page": page,
        "banner": banner(user),
        "scopes": page.scopes(shell.tickets),
        "queue_choices": page.queue_choices(get_language() or "en"),
        "may_write": can_write(user),
        "here": f"{reverse('desk:queue')}{view.query()}",
    }
