"""The customers' mails as they would arrive: real RFC 5322 bytes, quoted the way mail programs quote. Pure."""

from __future__ import annotations

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from sportello.demo.stories import Person


def letter(
    *,
    sender: Person,
    to: str,
    subject: str,
    text: str,
    at: datetime,
    message_id: str,
    answering: str = "",
    quoted: str = "",
) -> bytes:
    """A plain mail; `answering` is the Message-ID it replies to and `quoted` what it quotes below."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(sender.name, addr_spec=sender.address)
    mail["To"] = to
    mail["Subject"] = f"Re: {subject}" if answering else subject
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = message_id
    mail["User-Agent"] = "Mozilla Thunderbird"
    if answering:
        mail["In-Reply-To"] = answering
        mail["References"] = answering
    mail.set_content(text + (_quote(quoted, sender.language, at) if quoted else ""))
    return mail.as_bytes()


def absence_notice(*, sender: Person, to: str, at: datetime, message_id: str, answering: str) -> bytes:
    """The out-of-office answer of a mail program (RFC 3834)."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(sender.name, addr_spec=sender.address)
    mail["To"] = to
    mail["Subject"] = "Risposta automatica: fuori ufficio"
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = message_id
    mail["In-Reply-To"] = answering
    mail["Auto-Submitted"] = "auto-replied"
    mail.set_content("Sarò fuori ufficio fino a lunedì. Per urgenze telefonare in sede.\n")
    return mail.as_bytes()


def newsletter(*, to: str, at: datetime) -> bytes:
    """What every support address receives sooner or later."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address("Novità dal web", addr_spec="news@novitaweb.example")
    mail["To"] = to
    mail["Subject"] = "Le dieci tendenze dell'hosting di quest'inverno"
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = f"<{at:%Y%m%d%H%M}.news@novitaweb.example>"
    mail["List-Id"] = "<news.novitaweb.example>"
    mail["List-Unsubscribe"] = "<https://novitaweb.example/fine>"
    mail["Precedence"] = "bulk"
    mail.set_content("Dieci tendenze, una per una.\n")
    return mail.as_bytes()


def _quote(text: str, language: str, at: datetime) -> str:
    opening = (
        f"Il {at:%d/%m/%y} alle {at:%H:%M}, Rete Serena ha scritto:"
        if language == "it"
        else f"On {at:%d/%m/%Y} at {at:%H:%M}, Rete Serena wrote:"
    )
    return f"\n\n{opening}\n" + "".join(f"> {line}\n" for line in text.splitlines())
