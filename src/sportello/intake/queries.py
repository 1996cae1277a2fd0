"""Everything that the gates need to know of a mail, read once."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sportello.core.lately import lately
from sportello.customers.models import ContactAddress
from sportello.customers.queries import have_contract, owned_address
from sportello.intake.rules import Arrival, Ours, Thread, Trust, sender_of, trust_in
from sportello.mail import inspection, tokens
from sportello.mail.enums import Door, Purpose
from sportello.mail.models import InboundMail, OutboundMail
from sportello.mail.parsing import ParsedMail
from sportello.mail.queries import outbound_by_message_id, outbound_mail, own_addresses, self_test_of
from sportello.tickets.models import Ticket
from sportello.tickets.queries import is_rightful_sender, thread_for

ALWAYS_TELL_ENVELOPE = (Door.LMTP, Door.SMTP)
"""With these an empty sender is the null sender; with the others it may also mean that nobody said."""
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")


def arrival_of(inbound: InboundMail, mail: ParsedMail) -> Arrival:
    """The facts of one mail for one mailbox."""
    return arrival_from(inbound, mail)[0]


def arrival_from(inbound: InboundMail, mail: ParsedMail) -> tuple[Arrival, ContactAddress | None]:
    """The same, and the sender's address where somebody has it."""
    ours = lately("own addresses", own_addresses)
    envelope_from = _envelope_from(inbound)
    sender, claimed = sender_of(mail, envelope_from, ours)
    trust = _trust(inbound, mail, sender) if claimed else Trust.UNPROVEN
    known = owned_address(sender) if sender else None
    contact = known.contact if known else None
    returned = _outbound_of_envelope(inbound, mail)
    about = returned or next(filter(None, map(outbound_by_message_id, _reported(mail))), None)
    is_ours = tokens.is_our_message_id(_bracketed(mail))
    test = self_test_of(_bracketed(mail) if is_ours else "", _token_in(mail.subject))
    arrival = Arrival(
        mail=mail,
        sender=sender,
        envelope_from=envelope_from,
        trust=trust,
        is_support=inbound.mailbox.purpose == Purpose.SUPPORT,
        is_customer=contact is not None and contact.customer is not None and contact.is_active,
        own_addresses=ours,
        problems=tuple(inbound.problems),
        thread=_thread(inbound, mail, sender, about),
        about=Ours(about.pk, about.to, at_its_envelope=about is returned) if about else None,
        self_test_id=test.pk if test else None,
        customer_id=contact.customer_id if contact else None,
        has_contract=contact is None or have_contract(contact),
        carries_our_mark=any(map(tokens.is_loop_mark, mail.loop)) or is_ours,
    )
    return arrival, known


def _trust(inbound: InboundMail, mail: ParsedMail, sender: str) -> Trust:
    mailbox = inbound.mailbox
    if mailbox.authserv_id:
        return trust_in(mail, sender, checked=True, accepts_without_result=mailbox.accepts_without_result)
    seen = inspection.inspect(bytes(inbound.raw.content), trusted_authserv="")
    return trust_in(mail, sender, checked=False, topmost=seen.topmost)


def _envelope_from(inbound: InboundMail) -> str | None:
    """Empty for the null sender, which Postfix's pipe calls MAILER-DAEMON; None when the door was not told."""
    if inbound.envelope_from.upper() == "MAILER-DAEMON":
        return ""
    return inbound.envelope_from if inbound.envelope_from or inbound.door in ALWAYS_TELL_ENVELOPE else None


def ticket_answered(inbound: InboundMail, mail: ParsedMail, about: OutboundMail | None) -> Ticket | None:
    """The ticket that a mail answers, by reply token or by one of our Message-IDs."""
    reference = next(filter(None, map(tokens.reference_in, _recipients(inbound, mail))), None)
    quoted = [f"<{message_id}>" for message_id in (*mail.references, *mail.in_reply_to)]
    return thread_for(reference=reference, message_ids=[*([about.message_id] if about else []), *quoted])


def _thread(inbound: InboundMail, mail: ParsedMail, sender: str, about: OutboundMail | None) -> Thread | None:
    ticket = ticket_answered(inbound, mail, about)
    if ticket is None:
        return None
    return Thread(ticket.pk, ticket.number, bool(sender) and is_rightful_sender(ticket, sender), ticket.subject)


def _outbound_of_envelope(inbound: InboundMail, mail: ParsedMail) -> OutboundMail | None:
    """The mail of ours at whose envelope sender a report, or a program's answer, came in."""
    public_ids = filter(None, map(tokens.outbound_of_envelope, _recipients(inbound, mail)))
    return next(filter(None, map(outbound_mail, public_ids)), None)


def _reported(mail: ParsedMail) -> Iterator[str]:
    named = [*(mail.bounce.bounce_of if mail.bounce else ()), *mail.receipt_of, *([mail.pec.about] if mail.pec else [])]
    return (f"<{message_id}>" for message_id in named if message_id)


def _recipients(inbound: InboundMail, mail: ParsedMail) -> Iterator[str]:
    yield inbound.envelope_to
    yield from mail.recipients


def _bracketed(mail: ParsedMail) -> str:
    return f"<{mail.message_id}>" if mail.message_id and not mail.message_id_made else ""


def _token_in(subject: str) -> str:
    found = _UUID.search(subject)
    return found.group() if found else ""
