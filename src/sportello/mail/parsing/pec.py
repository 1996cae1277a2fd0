"""Italian certified mail (PEC): an envelope of the provider around the real mail, and receipts that prove sending and delivery.

DPCM 2 November 2005, technical annex: `X-Trasporto` marks envelopes, `X-Ricevuta` receipts, and the mail itself is enclosed as postacert.eml.
"""

from __future__ import annotations

import re

from sportello.mail.parsing import charset
from sportello.mail.parsing.addresses import clean_address
from sportello.mail.parsing.headers import Headers, ids_in
from sportello.mail.parsing.model import Bounce, FailedRecipient, Pec, PecKind
from sportello.mail.parsing.structure import Part, leaves

_ENVELOPES = {"posta-certificata": PecKind.CERTIFIED, "errore": PecKind.ANOMALY}
_RECEIPTS = {kind.value: kind for kind in PecKind if kind is not PecKind.ANOMALY}
_FAILURES = {PecKind.NOT_DELIVERED, PecKind.NOT_ACCEPTED, PecKind.VIRUS}
_MAX_DATA = 64 * 1024
_UNREACHED = re.compile(r"<consegna>\s*([^<>\s]{3,320})\s*</consegna>")
_ERROR = re.compile(r"<errore-esteso>([^<>]{1,2000})</errore-esteso>")
_STATUS = re.compile(r"\b[45]\.\d{1,3}\.\d{1,3}\b")


def read(headers: Headers, *, envelope_from: str, message_id: str) -> Pec | None:
    """None for a mail that is not certified."""
    transport = headers.get("x-trasporto").strip().lower()
    receipt = headers.get("x-ricevuta").strip().lower()
    kind = _RECEIPTS.get(receipt) if receipt else _ENVELOPES.get(transport)
    if kind is None:
        return None
    about = next(iter(ids_in(headers.get("x-riferimento-message-id"))), "")
    return Pec(kind, inner=False, envelope_from=envelope_from, envelope_message_id=message_id, about=about)


def not_delivered(certified: Pec, root: Part) -> Bounce | None:
    """A certified mail of ours that did not arrive, with the addresses that its daticert.xml names."""
    if certified.kind not in _FAILURES:
        return None
    data = next((part.content()[0] for part in leaves(root) if part.filename.lower() == "daticert.xml"), b"")
    text = charset.decode(data[:_MAX_DATA], "utf-8")[0]
    error = next(iter(_ERROR.findall(text)), "")
    status = next(iter(_STATUS.findall(error)), "")
    addresses = dict.fromkeys(clean_address(address) for address in _UNREACHED.findall(text)[:100])
    failed = tuple(FailedRecipient(address, status, "failed", charset.one_line(error, 500)) for address in addresses)
    return Bounce(failed, (certified.about,) if certified.about else (), standard=True)


def enclosed_mail(root: Part) -> bytes | None:
    """The real mail of an envelope: postacert.eml, or the only mail enclosed."""
    mails = [
        part
        for part in leaves(root)
        if part.content_type == "message/rfc822" or part.filename.lower() == "postacert.eml"
    ]
    chosen = next(
        (part for part in mails if part.filename.lower() == "postacert.eml"), mails[0] if len(mails) == 1 else None
    )
    return chosen.content()[0] if chosen else None
