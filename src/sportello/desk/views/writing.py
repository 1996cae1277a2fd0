"""What staff write: answers, notes, drafts and their files."""

from __future__ import annotations

from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from sportello.accounts.access import allowed, staff
from sportello.accounts.enums import Who
from sportello.core import clock
from sportello.core.errors import Refused
from sportello.desk.asking import way_to_hand_over
from sportello.desk.forms.tickets import DraftForm, ReplyForm, WindowForm
from sportello.desk.queries import draft_files, draft_for
from sportello.desk.ticket import Typed
from sportello.desk.views.pages import back, found, refusals_as_messages
from sportello.desk.views.tickets import shown_page
from sportello.mail import actions as mail
from sportello.mail.queries import outbound_mail
from sportello.tickets import actions
from sportello.tickets import queries as tickets
from sportello.tickets.enums import DraftKind

if TYPE_CHECKING:
    from sportello.accounts.models import User
    from sportello.tickets.models import Draft, Ticket


@allowed(post=Who.WRITER)
def reply(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Sends the answer. When it is refused, the page comes back with every word of it."""
    user, form = staff(request), ReplyForm(request.POST, request.FILES)
    ticket = found(tickets.ticket_for(user, public_id))
    if not form.is_valid():
        return _again(request, ticket, DraftKind.REPLY, _why(form))
    try:
        actions.reply(
            ticket=ticket,
            text=form.cleaned_data["text"],
            by=user,
            now=clock.now(),
            then=form.cleaned_data["then"] or "keep",
            seen_version=form.cleaned_data["seen_version"],
            confirm_unseen=form.cleaned_data["confirm"],
            attachments=actions.new_files(form.cleaned_data["uploads"]),
            tab=form.cleaned_data["tab"],
            began_from=form.cleaned_data["began_from"],
        )
    except Refused as refusal:
        return _again(request, ticket, DraftKind.REPLY, refusal.message, needs_confirming=refusal.code == "new-message")
    return redirect("desk:ticket", public_id)


@allowed(post=Who.WRITER)
def note(request: HttpRequest, public_id: UUID) -> HttpResponse:
    user, form = staff(request), DraftForm(request.POST, request.FILES)
    ticket = found(tickets.ticket_for(user, public_id))
    if not form.is_valid():
        return _again(request, ticket, DraftKind.NOTE, _why(form))
    try:
        actions.add_note(
            ticket=ticket,
            text=form.cleaned_data["text"],
            by=user,
            now=clock.now(),
            attachments=actions.new_files(form.cleaned_data["uploads"]),
            tab=form.cleaned_data["tab"],
            began_from=form.cleaned_data["began_from"],
        )
    except Refused as refusal:
        return _again(request, ticket, DraftKind.NOTE, refusal.message)
    return redirect("desk:ticket", public_id)


@allowed(post=Who.WRITER)
def draft(request: HttpRequest, public_id: UUID, kind: DraftKind) -> HttpResponse:
    """Keeps what was typed so far. Answers 204, or 409 with the words that another window has saved since."""
    user, form = staff(request), DraftForm(request.POST)
    ticket = found(tickets.ticket_for(user, public_id))
    if not form.is_valid():
        return HttpResponse(status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        _keep_draft(ticket, user, kind, form)
    except Refused as refusal:
        return _other_draft(found(draft_for(user, ticket, kind)), refusal)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@allowed(post=Who.WRITER)
def discard(request: HttpRequest, public_id: UUID, kind: DraftKind) -> HttpResponse:
    """Throws away what one was writing; not what another window has saved since."""
    user, form = staff(request), WindowForm(request.POST)
    ticket = found(tickets.ticket_for(user, public_id))
    window = form.cleaned_data if form.is_valid() else {}
    with refusals_as_messages(request):
        actions.discard_draft(ticket=ticket, by=user, kind=kind, **window)
    return redirect("desk:ticket", public_id)


@allowed(post=Who.WRITER)
def ask_secret(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Puts the way to hand over a secret under what is written so far, in the customer's language."""
    user, form = staff(request), DraftForm(request.POST)
    ticket = found(tickets.ticket_for(user, public_id))
    if not form.is_valid():
        return _again(request, ticket, DraftKind.REPLY, _why(form))
    words = f"{form.cleaned_data['text'].rstrip()}\n\n{way_to_hand_over(ticket)}\n".lstrip()
    form.cleaned_data["text"] = words
    with refusals_as_messages(request):
        _keep_draft(ticket, user, DraftKind.REPLY, form)
    return HttpResponseRedirect(f"{_page_of(ticket)}?write=reply#composer")


@allowed(post=Who.WRITER)
def add_files(request: HttpRequest, public_id: UUID, kind: DraftKind) -> HttpResponse:
    """Adds files to the draft, and answers with the list of those it has now."""
    user, form = staff(request), DraftForm(request.POST, request.FILES)
    ticket = found(tickets.ticket_for(user, public_id))
    if not form.is_valid():
        return _files(request, ticket, user, kind, _why(form))
    try:
        begun = draft_for(user, ticket, kind) or _keep_draft(ticket, user, kind, form)
        for file in actions.new_files(form.cleaned_data["uploads"]):
            actions.attach_to_draft(draft=begun, file=file)
    except Refused as refusal:
        return _files(request, ticket, user, kind, refusal.message)
    return _files(request, ticket, user, kind)


@allowed(post=Who.WRITER)
def remove_file(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Takes a file out of one's draft."""
    user = staff(request)
    file = found(tickets.attachment_for(user, public_id))
    with refusals_as_messages(request):
        actions.remove_from_draft(attachment=file, by=user)
    return HttpResponseRedirect(f"{_page_of(file.ticket)}#composer")


@allowed(post=Who.WRITER)
def undo(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Takes one's answer back within ten seconds; its text is in the composer again."""
    user = staff(request)
    message = found(tickets.message_for(user, public_id))
    ticket = message.ticket
    with refusals_as_messages(request):
        actions.undo_reply(message=message, by=user, now=clock.now())
    return HttpResponseRedirect(f"{_page_of(ticket)}?write=reply#composer")


@allowed(post=Who.WRITER)
def send_again(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Tries a mail again that did not arrive."""
    outbound = found(outbound_mail(public_id))
    if not mail.retry_now(outbound=outbound, now=clock.now()):
        messages.info(request, _("This mail is on its way already."))
    return back(request, reverse("desk:queue"))


def _again(
    request: HttpRequest, ticket: Ticket, kind: DraftKind, error: str, *, needs_confirming: bool = False
) -> HttpResponse:
    """The page with what was typed; it is also kept as a draft, so that even closing the window loses nothing."""
    form = DraftForm(request.POST)
    text, seen = request.POST.get("text", ""), ticket.version
    if form.is_valid():
        seen = form.cleaned_data["seen_version"]
        # What another window saved stays; what was typed here stands on the page.
        with suppress(Refused):
            _keep_draft(ticket, staff(request), kind, form)
    return shown_page(request, ticket, typed=Typed(kind, text, seen, error, needs_confirming))


def _keep_draft(ticket: Ticket, user: User, kind: DraftKind, form: DraftForm) -> Draft:
    given = form.cleaned_data
    return actions.save_draft(
        ticket=ticket,
        by=user,
        kind=kind,
        text=given["text"],
        base_version=given["seen_version"],
        tab=given["tab"],
        began_from=given["began_from"],
        now=clock.now(),
    )


def _other_draft(draft: Draft, refusal: Refused) -> HttpResponse:
    other = {"code": refusal.code, "text": draft.text, "updated_at": draft.updated_at.isoformat()}
    return JsonResponse(other, status=HTTPStatus.CONFLICT)


def _files(request: HttpRequest, ticket: Ticket, user: User, kind: DraftKind, error: str = "") -> HttpResponse:
    """The draft's files as a fragment for the script, or the whole page for a browser without it."""
    if request.headers.get("HX-Request") != "true":
        return redirect("desk:ticket", ticket.public_id)
    files = draft_files(user, ticket, kind)
    return render(request, "desk/draft_files.html", {"files": files, "kind": kind, "error": error})


def _why(form: DraftForm) -> str:
    """The first thing wrong with a form."""
    return " ".join(str(error) for errors in form.errors.values() for error in errors)


def _page_of(ticket: Ticket) -> str:
    return reverse("desk:ticket", args=[ticket.public_id])
