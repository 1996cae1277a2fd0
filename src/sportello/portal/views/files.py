"""Files of messages that a contact may read: always as a download, never shown by the browser."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase

from sportello.accounts.access import allowed
from sportello.accounts.enums import Who
from sportello.core import files
from sportello.portal.middleware import signed_in
from sportello.tickets import queries


@allowed(get=Who.CONTACT)
def download(request: HttpRequest, public_id: UUID) -> HttpResponseBase:
    attachment = queries.attachment_for(signed_in(request), public_id)
    if attachment is None:
        raise Http404
    try:
        content = files.open_file(attachment.sha256)
    except files.FileMissing:
        raise Http404 from None
    response = FileResponse(
        content, as_attachment=True, filename=attachment.name, content_type="application/octet-stream"
    )
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
