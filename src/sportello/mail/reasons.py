"""Why a received mail stands where it stands: stored on its row as a code with figures, told as a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from django.utils.translation import gettext_lazy

from sportello.mail.rules import FILE_MISSING, FILES_AWAY, HELD_BACK, KEPT, NO_READER, SENDING_OFF, WITHDRAWN


class MailReason(StrEnum):
    """Stable codes; `docs/mail.md` has each with what to do about it."""

    SELF_TEST_ARRIVED = "self_test.arrived"
    OWN_MAIL = "loop.own_mail"
    OWN_ADDRESS = "loop.own_address"
    NULL_SENDER = "null_sender"
    NULL_SENDER_KNOWN = "null_sender.known"
    BOUNCE = "bounce.ours"
    BOUNCE_DELAYED = "bounce.delayed"
    BOUNCE_UNKNOWN = "bounce.unknown"
    COMPLAINT = "complaint"
    DELIVERY_RECEIPT = "receipt.delivered"
    READ_RECEIPT = "receipt.read"
    RECEIPT_UNKNOWN = "receipt.unknown"
    PEC_RECEIPT = "pec.receipt"
    PEC_FAILURE = "pec.failure"
    AUTO_REPLY = "auto_reply.kept"
    AUTO_REPLY_ALONE = "auto_reply.no_ticket"
    AUTO_REPLY_STRANGER = "auto_reply.stranger"
    AUTO_REPLY_MAYBE = "auto_reply.maybe"
    MACHINE = "machine"
    LIST_POST = "list.post"
    NEWSLETTER = "list.newsletter"
    OVERSIZE = "oversize"
    SPAM = "spam"
    SPOOFED = "spoof.failed"
    UNKNOWN_SENDER = "unknown_sender"
    UNPROVEN = "sender.unproven"
    STRANGER_ON_THREAD = "thread.stranger"
    UNPROVEN_ON_THREAD = "thread.unproven"
    NO_RESULT_ON_THREAD = "thread.no_result"
    DOUBTED_ON_THREAD = "thread.doubted"
    FLOOD = "flood.sender"
    FLOOD_OF_CUSTOMER = "flood.customer"
    FILED_NEW = "filed.new"
    FILED_JOINED = "filed.joined"
    FILED_JOINED_ITSELF = "filed.joined_itself"
    FILED_REOPENED = "filed.reopened"
    FILED_FOLLOW_UP = "filed.follow_up"
    FILED_UNREAD = "filed.unread"
    RELEASED_JOINED = "released.joined"
    RELEASED_NEW = "released.new"
    REFUSED_BY_PERSON = "refused.by_person"
    UNFETCHED = "imap.unfetched"
    FAILED = "failed"
    AGAIN = "again"


FLOODS = frozenset({MailReason.FLOOD, MailReason.FLOOD_OF_CUSTOMER})
"""Held because others came before it; filed by itself in a later hour."""


class AnswerReason(StrEnum):
    """Whether the sender got our receipt, and if not, why."""

    SENT = "answer.sent"
    PREVIEW = "answer.preview"
    NULL_SENDER = "answer.null_sender"
    AUTOMATIC = "answer.automatic"
    UNTRUSTED = "answer.untrusted"
    OWN = "answer.own"
    TOO_SOON = "answer.too_soon"
    TOLD = "answer.told"
    USED_UP = "answer.used_up"
    NO_ADDRESS = "answer.no_address"


WORDS: Mapping[str, Any] = MappingProxyType(
    {
        "": gettext_lazy("Waits to be read"),
        MailReason.SELF_TEST_ARRIVED: gettext_lazy("Our own test mail came back: mail goes out and comes in"),
        MailReason.OWN_MAIL: gettext_lazy("A mail of ours that came back to us; answering it would start a loop"),
        MailReason.OWN_ADDRESS: gettext_lazy("It claims to come from one of our own addresses"),
        MailReason.NULL_SENDER: gettext_lazy(
            "Sent without a return address, as programs do: it gets no automatic answer"
        ),
        MailReason.NULL_SENDER_KNOWN: gettext_lazy(
            "Sent without a return address by a contact of ours: a request like others, without an automatic answer"
        ),
        MailReason.BOUNCE_UNKNOWN: gettext_lazy("Notice about a mail that we did not send"),
        MailReason.COMPLAINT: gettext_lazy("A mail provider reports that its user marked our mail as spam"),
        MailReason.RECEIPT_UNKNOWN: gettext_lazy("Receipt for a mail that we did not send"),
        MailReason.AUTO_REPLY: gettext_lazy(
            "Automatic reply: kept in the ticket; it reopens nothing and stops no clock"
        ),
        MailReason.AUTO_REPLY_ALONE: gettext_lazy("Automatic reply to no ticket of ours"),
        MailReason.AUTO_REPLY_STRANGER: gettext_lazy(
            "Automatic reply from an address that does not take part in the ticket"
        ),
        MailReason.AUTO_REPLY_MAYBE: gettext_lazy(
            "Its subject is like an automatic reply's: it gets no automatic answer"
        ),
        MailReason.MACHINE: gettext_lazy("Written by a program: it gets no automatic answer and starts no clock"),
        MailReason.LIST_POST: gettext_lazy("It came through a mailing list: it gets no automatic answer"),
        MailReason.NEWSLETTER: gettext_lazy("A newsletter, not a request"),
        MailReason.SPAM: gettext_lazy("A spam filter marked it: it gets no automatic answer"),
        MailReason.UNKNOWN_SENDER: gettext_lazy("The sender is not known as a customer; support is for customers only"),
        MailReason.UNPROVEN: gettext_lazy("Nothing proves that it comes from the sender it names"),
        MailReason.REFUSED_BY_PERSON: gettext_lazy("Refused by %(by)s"),
        MailReason.FILED_UNREAD: gettext_lazy("The mail could not be read; the ticket holds it as a file"),
        MailReason.UNFETCHED: gettext_lazy("The mail server could not hand this mail over"),
        MailReason.AGAIN: gettext_lazy("Is read again, as %(by)s asked"),
        MailReason.FAILED: gettext_lazy("Filing it failed; it is kept and can be read again"),
        MailReason.BOUNCE: gettext_lazy("Our mail to %(address)s came back: %(why)s"),
        MailReason.BOUNCE_DELAYED: gettext_lazy(
            "Our mail to %(address)s is late; the mail server goes on trying: %(why)s"
        ),
        MailReason.DELIVERY_RECEIPT: gettext_lazy("Our mail to %(address)s was delivered"),
        MailReason.READ_RECEIPT: gettext_lazy("Our mail to %(address)s was opened"),
        MailReason.PEC_RECEIPT: gettext_lazy("Receipt of certified mail (%(kind)s), kept as proof"),
        MailReason.PEC_FAILURE: gettext_lazy("Certified mail was not delivered (%(kind)s)"),
        MailReason.OVERSIZE: gettext_lazy("Too big to be taken in whole (%(size)s bytes): only its beginning is here"),
        MailReason.SPOOFED: gettext_lazy("The sender may be forged: our mail server's check of %(domain)s failed"),
        MailReason.STRANGER_ON_THREAD: gettext_lazy(
            "It answers ticket #%(number)s, but %(sender)s does not take part in it"
        ),
        MailReason.UNPROVEN_ON_THREAD: gettext_lazy(
            "It answers ticket #%(number)s, but nothing proves that it comes from %(sender)s"
        ),
        MailReason.NO_RESULT_ON_THREAD: gettext_lazy(
            "It answers ticket #%(number)s in the name of %(sender)s, but our mail server wrote no result into it at all"
        ),
        MailReason.DOUBTED_ON_THREAD: gettext_lazy(
            "It answers ticket #%(number)s, but a mail server on its way found %(sender)s forged (DMARC)"
        ),
        MailReason.FLOOD: gettext_lazy(
            "%(sender)s had %(most)s mails filed within the hour: this one is filed in a later hour, unless a person decides before"
        ),
        MailReason.FLOOD_OF_CUSTOMER: gettext_lazy(
            "The customer of %(sender)s had %(most)s mails filed within the hour: this one is filed in a later hour, unless a person decides before"
        ),
        MailReason.FILED_NEW: gettext_lazy("New ticket #%(number)s"),
        MailReason.FILED_JOINED: gettext_lazy("Joined ticket #%(number)s"),
        MailReason.FILED_JOINED_ITSELF: gettext_lazy("Added to ticket #%(number)s by itself: the same problem"),
        MailReason.FILED_REOPENED: gettext_lazy("Joined ticket #%(number)s, which is open again"),
        MailReason.FILED_FOLLOW_UP: gettext_lazy(
            "New ticket #%(number)s, because #%(earlier)s was closed too long ago"
        ),
        MailReason.RELEASED_JOINED: gettext_lazy("Joined to ticket #%(number)s by %(by)s"),
        MailReason.RELEASED_NEW: gettext_lazy("Made into ticket #%(number)s by %(by)s"),
        AnswerReason.SENT: gettext_lazy("The sender got a receipt"),
        AnswerReason.PREVIEW: gettext_lazy("No receipt: this mailbox only receives for now"),
        AnswerReason.NULL_SENDER: gettext_lazy("No receipt: there is no return address"),
        AnswerReason.AUTOMATIC: gettext_lazy("No receipt: automatic mail and lists get none"),
        AnswerReason.UNTRUSTED: gettext_lazy("No receipt: the sender may be forged"),
        AnswerReason.OWN: gettext_lazy("No receipt: the address is our own"),
        AnswerReason.TOO_SOON: gettext_lazy("No receipt: this address had one within the last hour"),
        AnswerReason.TOLD: gettext_lazy("No mail: this person has had what is known of the outage"),
        AnswerReason.USED_UP: gettext_lazy("No receipt: as many went out within this hour as may go out"),
        AnswerReason.NO_ADDRESS: gettext_lazy("No receipt: there is no address to send it to"),
    }
)

_OUR_WORDS: Mapping[str, Any] = MappingProxyType(
    {
        HELD_BACK: gettext_lazy("It waited when a backup was restored, and may have been sent since."),
        f"250 {KEPT}": gettext_lazy("It was kept on this machine: from the demonstration nothing goes out."),
        SENDING_OFF: gettext_lazy("Its time came while sending was switched off."),
        WITHDRAWN: gettext_lazy("Whoever it is for may not read this request any more."),
        NO_READER: gettext_lazy(
            "It is not for whoever it was written to any more: their access, right or task has ended."
        ),
        FILE_MISSING: gettext_lazy(
            "A file that goes with it is missing in the file store, or is not what it was: it leaves once the file is back."
        ),
        FILES_AWAY: gettext_lazy("The file store does not answer: it leaves once it does."),
    }
)


def is_ours(answer: str) -> bool:
    """Whether it is what we say of a mail that no server was asked to take."""
    return answer in _OUR_WORDS


def said(answer: str) -> str:
    """Why a mail did not go out: the server's own words, or ours in the reader's language."""
    return str(_OUR_WORDS.get(answer, answer))


def words(code: str, params: Mapping[str, Any]) -> str:
    """The sentence of a reason in the reader's language. A code of a later version speaks for itself."""
    return str(WORDS.get(code, code.replace("%", "%%"))) % _Figures(params)


class _Figures(dict[str, Any]):
    """Figures of a sentence; one that an older version did not store is a dash."""

    def __missing__(self, key: str) -> str:
        return "–"
