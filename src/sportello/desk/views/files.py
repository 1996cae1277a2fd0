"""Files of tickets and HTML of mails: downloads, previews of our own drawing, and documents in a sandbox."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.templatetags.static import static
from django.views.decorators.clickjacking import xframe_options_sameorigin

from sportello.accounts.access import allowed, staff
from sportello.accounts.enums import Who
from sportello.core import files
from sportello.desk import foreign
from sportello.desk.queries import files_of, picture_of
from sportello.desk.views.pages import found
from sportello.tickets import queries as tickets

if TYPE_CHECKING:
    from sportello.tickets.models import Attachment

SANDBOX = "sandbox; default-src 'none'"
AS_IT_IS = "identity"
"""Files are compressed already, or not worth it; and their length is told to whoever saves them."""
HARMLESS = frozenset(
    {
        "application/pdf",
        "application/zip",
        "image/gif",
        "image/jpeg",
        "image/png",
        "image/webp",
        "text/csv",
        "text/plain",
    }
)
"""Types told as they are to whoever saves the file. All others are plain bytes; none is ever shown in place."""


@allowed(get=Who.STAFF)
def download(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """The file as it came, always to be saved, under its own name (RFC 6266)."""
    file = found(tickets.attachment_for(staff(request), public_id))
    kind = file.content_type if file.content_type in HARMLESS else "application/octet-stream"
    response = FileResponse(_opened(file.sha256), as_attachment=True, filename=file.name, content_type=kind)
    response["Content-Security-Policy"] = SANDBOX
    response["Content-Encoding"] = AS_IT_IS
    return response


@allowed(get=Who.STAFF)
def preview(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    """The picture as we drew it anew."""
    return _picture(found(tickets.attachment_for(staff(request), public_id)))


@allowed(get=Who.ANYONE)
def enclosed(_request: HttpRequest, token: str) -> HttpResponseBase:
    """A picture inside a mail's HTML. The signed address is the leave to see it: the frame has no session to show."""
    public_id = found(foreign.enclosed_picture(token))
    response = _picture(found(picture_of(public_id)))
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@allowed(get=Who.STAFF)
@xframe_options_sameorigin
def message_html(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """What somebody else formatted, for the frame made by `foreign_html`."""
    reader = staff(request)
    message = found(tickets.message_for(reader, public_id))
    style = f"{settings.PUBLIC_URL}{static('ui/foreign.css')}"
    response = HttpResponse(foreign.document_of(message, files_of(message), reader=reader, style=style))
    response["Content-Security-Policy"] = foreign.policy()
    response["Referrer-Policy"] = "no-referrer"
    return response


def _picture(file: Attachment) -> HttpResponseBase:
    if not file.preview_sha256:
        raise Http404
    response = FileResponse(_opened(file.preview_sha256), content_type="image/webp")
    response["Content-Security-Policy"] = SANDBOX
    response["Content-Encoding"] = AS_IT_IS
    return response


def _opened(sha256: str) -> object:
    try:
        return files.open_file(sha256)
    except files.FileMissing as missing:
        raise Http404 from missing
