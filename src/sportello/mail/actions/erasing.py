"""A person taken out of the mail, in and out: addresses, names, and what they wrote or were written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from django.db.models import Q

from sportello.core.blotting import MARK, Blot
from sportello.core.storing import mentions
from sportello.mail.actions.blotting import blot_outbound, replace_raw
from sportello.mail.enums import InboundState, OutboundState
from sportello.mail.models import InboundMail, OutboundMail
from sportello.mail.queries.words import mails_from, mails_to

PENDING = (OutboundState.QUEUED, OutboundState.DEFERRED, OutboundState.HELD)


def erase_mails(
    *, addresses: Collection[str], blot: Blot, raws: Collection[str], kept: Collection[int]
) -> Counter[str]:
    """`raws` are the mails as they came that hold one of the addresses; `kept` are inbound mails of tickets that have to stay.

    What has not been read yet is left to be read.
    """
    return Counter(
        {
            "mails_in": _erase_inbound(addresses, blot, kept),
            "mails_about": _blot_inbound(addresses, blot, raws, kept),
            "mails_out": _erase_outbound(addresses),
            "mails_out_about": _blot_outbound(addresses, blot),
        }
    )


def _erase_inbound(addresses: Collection[str], blot: Blot, kept: Collection[int]) -> int:
    theirs = mails_from(addresses).exclude(pk__in=kept)
    found = list(theirs.select_related("raw"))
    for mail in found:
        mail.sender = mail.envelope_from = mail.sender_name = mail.message_id = ""
        mail.subject = MARK
        if mail.state in (InboundState.HELD, InboundState.FAILED):
            mail.state, mail.decide_by = InboundState.RECORDED, None
        mail.save(
            update_fields=["sender", "envelope_from", "sender_name", "message_id", "subject", "state", "decide_by"]
        )
    replace_raw(found, text=MARK, blot=blot)
    return len(found)


def _blot_inbound(addresses: Collection[str], blot: Blot, raws: Collection[str], kept: Collection[int]) -> int:
    """Mails of others that name them: in the head of the mail, or in a report about a mail to them."""
    named = InboundMail.objects.filter(
        Q(raw__in=raws) | Q(about__to__in=addresses) | mentions(blot.words, "subject", "sender_name")
    )
    found = list(named.exclude(pk__in=kept).exclude(state=InboundState.RECEIVED).select_related("raw", "message"))
    for mail in found:
        message = getattr(mail, "message", None)
        replace_raw([mail], text=message.text if message else MARK, blot=blot)
    return len(found)


def _erase_outbound(addresses: Collection[str]) -> int:
    theirs = mails_to(addresses)
    theirs.filter(state__in=PENDING).update(state=OutboundState.CANCELLED)
    return theirs.update(to="", to_name="", cc=[], subject=MARK, text=MARK, html="", attachments=[], last_answer="")


def _blot_outbound(addresses: Collection[str], blot: Blot) -> int:
    for mail in OutboundMail.objects.filter(cc__overlap=list(addresses)):
        OutboundMail.objects.filter(pk=mail.pk).update(cc=[one for one in mail.cc if one not in addresses])
    return blot_outbound(OutboundMail.objects.filter(mentions(blot.words, "subject", "text", "last_answer")), blot)
