"""The bytes of a mail, fetched so that a big one is in memory once and not five times."""

from __future__ import annotations

import io

from django.db import connection
from django.db.models import QuerySet

from sportello.mail.models import InboundMail

BIG_MAIL = 4 * 1024 * 1024
"""From this size on bytes come in pieces: one answer that holds all of them is kept by the driver as it came, in hexadecimal, and again unpacked."""
_PIECE = 512 * 1024
_PART = "SELECT substring(content FROM %s FOR %s) FROM mail_rawmail WHERE sha256 = %s"


def with_bytes(rows: QuerySet[InboundMail]) -> InboundMail | None:
    """The first of these mails, with its mailbox and its bytes."""
    found = rows.select_related("mailbox", "raw").defer("raw__content").first()
    if found is not None:
        found.raw.content = _in_pieces(found.raw_id, found.raw.size)
    return found


def _in_pieces(sha256: str, size: int) -> bytes:
    whole = io.BytesIO()
    with connection.cursor() as cursor:
        for begin in range(0, size, _PIECE):
            cursor.execute(_PART, [begin + 1, _PIECE, sha256])
            for (piece,) in cursor.fetchall():
                whole.write(piece)
    return whole.getvalue()
