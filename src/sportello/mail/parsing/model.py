"""What a mail says, once read: plain frozen values that hold no mail library's objects and can be stored as they are."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class PecKind(StrEnum):
    """What an Italian certified mail (PEC) is, by its `X-Trasporto` or `X-Ricevuta` header (DPCM 2 November 2005, annex)."""

    CERTIFIED = "posta-certificata"
    ANOMALY = "errore"
    ACCEPTED = "accettazione"
    NOT_ACCEPTED = "non-accettazione"
    TAKEN_IN_CHARGE = "presa-in-carico"
    DELIVERED = "avvenuta-consegna"
    NOT_DELIVERED = "errore-consegna"
    LATE_WARNING = "preavviso-errore-consegna"
    VIRUS = "rilevazione-virus"


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    content_type: str
    content: bytes
    content_id: str
    inline: bool
    sha256: str
    size: int
    """Bytes, after the transfer encoding was taken off."""


@dataclass(frozen=True, slots=True)
class FailedRecipient:
    address: str
    status: str = ""
    """RFC 3463 code such as `5.1.1`, or nothing."""
    action: str = ""
    diagnostic: str = ""
    transient: bool = False
    """True when the address may be good all the same: not yet delivered, or given up for a passing reason (status 4.x.x)."""


@dataclass(frozen=True, slots=True)
class Bounce:
    """A mail of ours that did not arrive, or not yet."""

    recipients: tuple[FailedRecipient, ...]
    bounce_of: tuple[str, ...]
    """Message-IDs, without angle brackets, of the mail that came back."""
    standard: bool
    """True when it was an RFC 3464 report, False when it was made out from a text."""

    @property
    def transient(self) -> bool:
        return bool(self.recipients) and all(r.transient for r in self.recipients)

    @property
    def still_trying(self) -> bool:
        """Only a warning: the mail may yet arrive."""
        return bool(self.recipients) and all(r.action == "delayed" for r in self.recipients)

    @property
    def hard(self) -> bool:
        return any(not r.transient for r in self.recipients)


@dataclass(frozen=True, slots=True)
class Automatic:
    """Two notions that must not be mixed up (RFC 3834): a list post is a person's mail that must get no automatic answer."""

    no_answer: bool = False
    """It must get no automatic answer."""
    machine: bool = False
    """No person wrote it: it reopens nothing and stops no clock."""
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """One result of an Authentication-Results header (RFC 8601)."""

    result: str
    domain: str


@dataclass(frozen=True, slots=True)
class Authentication:
    """What our own mail server found, or nothing at all."""

    spf: Check | None = None
    dkim: tuple[Check, ...] = ()
    dmarc: Check | None = None

    @property
    def present(self) -> bool:
        return bool(self.spf or self.dkim or self.dmarc)


@dataclass(frozen=True, slots=True)
class Pec:
    kind: PecKind
    inner: bool
    """True when the mail described is the one found inside the envelope."""
    envelope_from: str
    """Address of the outer From. The outer mail is the one that was authenticated, not the inner one."""
    envelope_message_id: str
    about: str
    """Message-ID of our mail that a receipt is about (`X-Riferimento-Message-ID`)."""

    @property
    def is_receipt(self) -> bool:
        return self.kind not in (PecKind.CERTIFIED, PecKind.ANOMALY)


@dataclass(frozen=True, slots=True)
class Invitation:
    """The first event of a calendar part."""

    method: str
    summary: str
    start: str
    """ISO 8601; a bare date for a whole day, with an offset when the zone is known."""
    end: str
    organiser: str
    location: str


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """Texts hold no NUL, no lone surrogate and no CR; addresses are bare and keep their case; ids have no angle brackets."""

    sha256: str
    size: int
    from_addr: str = ""
    from_name: str = ""
    sender_addr: str = ""
    """Where an answer goes: Reply-To when there is one, else From, Sender or the return path."""
    reply_to: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    """To, Cc and what the delivering server noted (Delivered-To, X-Original-To, Envelope-To, X-Forwarded-To)."""
    return_path: str | None = None
    """None when the header is missing, empty for the null sender `<>`."""
    subject: str = ""
    message_id: str = ""
    message_id_made: bool = False
    """True when the mail had none and this one was made from its content."""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    date: datetime | None = None
    """UTC."""
    text: str = ""
    html_text: str = ""
    """The HTML body as text; empty without one."""
    html: str = ""
    """Sanitised, with `cid:` images and without anything remote; empty without an HTML body or when it was too big."""
    sanitiser_version: int = 0
    reply_text: str = ""
    """The new part alone, signature off."""
    unquoted_text: str = ""
    """Quotes off, signature kept."""
    language: str = ""
    """`it`, `en`, `es` or nothing: a hint."""
    attachments: tuple[Attachment, ...] = ()
    automatic: Automatic = Automatic()
    is_autoreply: bool = False
    is_list: bool = False
    list_id: str = ""
    is_spam: bool = False
    """A filter on the way said so; only ever a hint."""
    bounce: Bounce | None = None
    is_delivery_receipt: bool = False
    is_read_receipt: bool = False
    is_complaint: bool = False
    receipt_of: tuple[str, ...] = ()
    """Message-IDs that a delivery receipt, read receipt or complaint is about."""
    pec: Pec | None = None
    calendar: Invitation | None = None
    is_encrypted: bool = False
    is_smime_signed: bool = False
    is_pgp_signed: bool = False
    forward_from: str = ""
    authentication: Authentication = Authentication()
    loop: tuple[str, ...] = ()
    """Values of X-Sportello-Loop. All other X-Sportello-* headers from outside are ignored."""
    problems: tuple[str, ...] = field(default=())
    """Short codes of what was cut, unreadable or malformed, in the order found."""

    @property
    def is_bounce(self) -> bool:
        return self.bounce is not None
