"""A person's own data: to be fetched, and to be erased (GDPR art. 15, 17, 20)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from sportello.accounts.access import allowed
from sportello.accounts.address import client_address
from sportello.accounts.enums import Who
from sportello.core import clock, files
from sportello.core.errors import Refused
from sportello.portal.middleware import signed_in
from sportello.privacy import actions
from sportello.privacy.queries import download_of, own_downloads

NAME = "data.zip"


@allowed(get=Who.CONTACT)
def overview(request: HttpRequest) -> HttpResponseBase:
    mine = own_downloads(signed_in(request))
    return render(request, "portal/privacy.html", {"downloads": mine, "now": clock.now()})


@allowed(post=Who.CONTACT)
def ask(request: HttpRequest) -> HttpResponseBase:
    try:
        actions.ask_for_data(contact=signed_in(request), by=None, now=clock.now(), address=client_address(request))
        messages.success(request, gettext("It is being packed. A mail tells when it is ready."))
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("portal:privacy")


@allowed(post=Who.CONTACT)
def ask_erasure(request: HttpRequest) -> HttpResponseBase:
    try:
        ticket = actions.ask_for_erasure(contact=signed_in(request), now=clock.now())
    except Refused as refused:
        messages.error(request, refused.message)
        return redirect("portal:privacy")
    return redirect("portal:ticket", public_id=ticket.public_id)


@allowed(get=Who.CONTACT)
def fetch(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    download = download_of(signed_in(request), public_id)
    if download is None:
        raise Http404
    try:
        content = files.open_file(download.sha256)
    except files.FileMissing:
        raise Http404 from None
    actions.note_fetched(download=download, by=None, now=clock.now(), address=client_address(request))
    return FileResponse(content, as_attachment=True, filename=NAME, content_type="application/zip")
