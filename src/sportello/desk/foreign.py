"""HTML that somebody else wrote, as the frame shows it: sanitised at intake, and here only given addresses for its enclosed pictures.

The frame has no origin of its own, so a browser sends no session with what it loads. A picture's address therefore carries its own leave: signed,
for one picture, and only for a while.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from urllib.parse import unquote
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString

from sportello.accounts.models import User
from sportello.accounts.queries import is_active_staff
from sportello.core.entities import unescaped
from sportello.tickets.models import Attachment, Message

SALT = "desk.enclosed-picture"
GOOD_FOR = timedelta(minutes=30)
_ENCLOSED = re.compile(r' src="cid:([^"]*)"', re.IGNORECASE)
"""As nh3 writes it: in double quotes, with those inside a value escaped."""


def policy() -> str:
    """No scripts, no forms, nothing from anywhere but us: `'self'` would mean nothing to a document without an origin."""
    return "; ".join(
        [
            "sandbox allow-popups allow-popups-to-escape-sandbox",
            "default-src 'none'",
            f"img-src {settings.PUBLIC_URL}/",
            f"style-src {settings.PUBLIC_URL}/",
            "form-action 'none'",
            "base-uri 'none'",
            "frame-ancestors 'self'",
        ]
    )


def body_of(message: Message, attachments: Sequence[Attachment], *, reader: User) -> SafeString:
    """The stored HTML with `cid:` made into addresses of ours; a picture that is not enclosed loses its address.

    This is the one place where HTML is not escaped: nh3 cleaned it when it came in (`Message.sanitiser_version`).
    """
    pictures = {file.content_id.strip("<>"): file for file in attachments if file.content_id and file.preview_sha256}
    return SafeString(_ENCLOSED.sub(lambda found: _with_address(found, pictures, reader), message.html))


def enclosed_picture(token: str) -> UUID | None:
    """The public id of the picture that a token is for; None when it is forged or too old, or its reader may read no more."""
    try:
        picture, reader = signing.loads(token, salt=SALT, max_age=GOOD_FOR)
        public_id = UUID(picture)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return public_id if is_active_staff(reader) else None


def _with_address(found: re.Match[str], pictures: Mapping[str, Attachment], reader: User) -> str:
    file = pictures.get(unquote(unescaped(found[1])))
    address = reverse("desk:enclosed", args=[token_of(file, reader)]) if file else ""
    return f' src="{escape(address)}"'


def token_of(file: Attachment, reader: User) -> str:
    return signing.dumps([str(file.public_id), reader.pk], salt=SALT)


def document_of(message: Message, attachments: Sequence[Attachment], *, reader: User, style: str) -> SafeString:
    """A whole document; links open outside of the frame."""
    return format_html(
        '<!doctype html><html lang="{}"><meta charset="utf-8"><title>{}</title><base target="_blank">'
        '<link rel="stylesheet" href="{}"><body>{}</body></html>',
        message.ticket.language,
        message.author_name,
        style,
        body_of(message, attachments, reader=reader),
    )
