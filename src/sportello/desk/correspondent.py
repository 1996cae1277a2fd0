"""The demonstration's other side: writes to the desk as a customer would, with a real mail through the real front door."""

from __future__ import annotations

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from sportello.mail.actions import ring, store_inbound
from sportello.mail.enums import Door
from sportello.mail.headers import clean
from sportello.mail.models import InboundMail, Mailbox, OutboundMail

MAIL_SERVER_SAYS = "dmarc=pass header.from={domain}; spf=pass smtp.mailfrom={domain}"


def answer(*, outbound: OutboundMail, text: str, now: datetime) -> InboundMail:
    """The reply of whoever got this mail, as their mail program would write it: In-Reply-To, References, the quoted text."""
    message = _begun(outbound.mailbox, outbound.to_name, outbound.to, f"Re: {_without_re(outbound.subject)}", now)
    message["To"] = outbound.reply_to or outbound.mailbox.address
    message["In-Reply-To"] = outbound.message_id
    message["References"] = " ".join([*outbound.references, outbound.message_id])
    message.set_content(f"{text}\n\n{_quoted(outbound)}\n")
    return _hand_over(message, outbound.mailbox, outbound.to, str(message["To"]), now)


def write(*, mailbox: Mailbox, name: str, address: str, subject: str, text: str, now: datetime) -> InboundMail:
    """A first mail to one of our addresses."""
    message = _begun(mailbox, name, address, subject, now)
    message["To"] = mailbox.address
    message.set_content(f"{text}\n")
    return _hand_over(message, mailbox, address, mailbox.address, now)


def _begun(mailbox: Mailbox, name: str, address: str, subject: str, now: datetime) -> EmailMessage:
    """The headers that both have; where the mailbox believes a mail server, that server vouches for the sender."""
    domain = address.rpartition("@")[2]
    message = EmailMessage(policy=SMTP)
    if mailbox.authserv_id:
        message["Authentication-Results"] = f"{mailbox.authserv_id}; {MAIL_SERVER_SAYS.format(domain=domain)}"
    message["From"] = Address(clean(name, 120), addr_spec=address)
    message["Subject"] = clean(subject, 300)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid(domain=domain)
    return message


def _hand_over(message: EmailMessage, mailbox: Mailbox, sender: str, recipient: str, now: datetime) -> InboundMail:
    raw = message.as_bytes(policy=SMTP)
    stored = store_inbound(
        raw=raw, mailbox=mailbox, door=Door.PIPE, envelope_from=sender, envelope_to=recipient, now=now
    )
    ring()
    return stored.inbound


def _quoted(outbound: OutboundMail) -> str:
    """The mail that is answered, as Italian and English mail programs quote it, the newest text only."""
    lines = outbound.text.split("\n-- \n")[0].rstrip().splitlines()
    when = f"{outbound.created_at:%d/%m/%Y %H:%M}"
    return "\n".join(
        [
            f"Il giorno {when} {outbound.mailbox.display_name} <{outbound.mailbox.address}> ha scritto:",
            *(f"> {line}" for line in lines),
        ]
    )


def _without_re(subject: str) -> str:
    return subject[3:].lstrip() if subject[:3].lower() == "re:" else subject
