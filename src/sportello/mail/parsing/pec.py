"""Italian certified mail (PEC): an envelope of the provider around the real mail, and receipts that prove sending and delivery.

DPCM 2 November 2005, technical annex: `X-Trasporto` marks envelopes, `X-Ricevuta` receipts, and the mail itself is enclosed as postacert.eml.
"""

from __future__ import annotations

from sportello.mail.parsing.headers import Headers, ids_in
from sportello.mail.parsing.model import Pec, PecKind
from sportello.mail.parsing.structure import Part, leaves

_ENVELOPES = {"posta-certificata": PecKind.CERTIFIED, "errore": PecKind.ANOMALY}
_RECEIPTS = {kind.value: kind for kind in PecKind} | {"errore-consegna": PecKind.NOT_DELIVERED}


def read(headers: Headers, *, envelope_from: str, message_id: str) -> Pec | None:
    """None for a mail that is not certified."""
    transport = headers.get("x-trasporto").strip().lower()
    receipt = headers.get("x-ricevuta").strip().lower()
    kind = _RECEIPTS.get(receipt) if receipt else _ENVELOPES.get(transport)
    if kind is None:
        return None
    about = next(iter(ids_in(headers.get("x-riferimento-message-id"))), "")
    return Pec(kind, inner=False, envelope_from=envelope_from, envelope_message_id=message_id, about=about)


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
