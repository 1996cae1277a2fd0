"""What an arrived mail is allowed to do. Pure: decisions over frozen values, each with its reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from sportello.core.addresses import as_kept
from sportello.mail.parsing.model import Authentication, ParsedMail
from sportello.mail.reasons import AnswerReason, MailReason

MOST_COPIES = 10
NO_PROOF = frozenset({"subject", "list", "newsletter", "spam"})
NOTHING_FOUND = Authentication()
MAIL_SYSTEMS = frozenset({"mailer-daemon", "mail-daemon", "mdaemon", "postmaster", ""})
LONGEST_ADDRESS = 254  # RFC 5321, 4.5.3.1.3


class Trust(StrEnum):
    """What our own mail server found out about the sender."""

    PASSED = "passed"
    FAILED = "failed"
    UNPROVEN = "unproven"  # it checked, and nothing speaks for or against
    NO_RESULT = "no_result"  # it wrote nothing at all, as for mail that our own customers submit to it
    DOUBTED = "doubted"  # no mail server of ours is set up to check, but the last on the way found a forgery
    UNCHECKED = "unchecked"  # no mail server of ours is set up to check, or need not have


class Effect(StrEnum):
    """What a stopped mail is good for besides its row."""

    NONE = "none"
    SELF_TEST = "self_test"
    BOUNCE = "bounce"
    RECEIPT = "receipt"


class Fate(StrEnum):
    RECORD = "record"
    HOLD = "hold"


@dataclass(frozen=True, slots=True)
class Stop:
    """The mail becomes no message."""

    fate: Fate
    reason: MailReason
    params: Mapping[str, Any] = field(default_factory=dict)
    effect: Effect = Effect.NONE
    rings: bool = True
    """Whether staff are told when nobody has decided in time, where it is held."""


@dataclass(frozen=True, slots=True)
class Mark:
    """The mail goes on, marked."""

    reason: MailReason
    params: Mapping[str, Any] = field(default_factory=dict)
    is_automatic: bool = False
    """No person wrote it: it reopens nothing and stops no clock."""
    gets_no_answer: bool = False
    is_unverified: bool = False


Verdict = Stop | Mark | None


@dataclass(frozen=True, slots=True)
class Thread:
    """The ticket that a mail answers by our Message-ID or reply token."""

    ticket_id: int
    number: int
    is_rightful: bool
    """Whether the sender takes part in it."""
    subject: str = ""

    @property
    def params(self) -> dict[str, int]:
        """Which ticket it is, for the row of a mail that is held."""
        return {"number": self.number, "ticket": self.ticket_id}


@dataclass(frozen=True, slots=True)
class Ours:
    """A mail of ours that a report speaks of."""

    outbound_id: int
    address: str
    at_its_envelope: bool = False
    """Whether the report came to that mail's own envelope sender, which is signed."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """All that the gates look at."""

    mail: ParsedMail
    sender: str
    """The address the mail claims to come from, in lower case; empty when it names none."""
    envelope_from: str | None
    """Empty for the null sender, None when nobody said."""
    trust: Trust
    is_support: bool
    is_customer: bool
    """Whether the sender is known as a customer's."""
    own_addresses: frozenset[str]
    problems: tuple[str, ...] = ()
    """Noted by the door, such as `oversize:52428800`."""
    thread: Thread | None = None
    about: Ours | None = None
    self_test_id: int | None = None
    carries_our_mark: bool = False
    customer_id: int | None = None
    """Whose contact the sender is."""
    has_contract: bool = True
    """Of a customer's: whether anybody whom they write for has one still."""

    @property
    def only_its_subject_says_so(self) -> bool:
        """Whether nothing but its subject makes it look like an automatic reply: a customer may well write about "Out of office" himself."""
        return "subject" in self.mail.automatic.reasons and NO_PROOF.issuperset(self.mail.automatic.reasons)

    @property
    def is_from_program(self) -> bool:
        """A robot's name alone is no proof of one: customers do write from postmaster@ their domain, and a known contact is a person."""
        has_only_a_name = self._proof == {"robot-sender"} and (
            self.is_customer or self.sender.startswith("postmaster@")
        )
        is_person = self.only_its_subject_says_so or has_only_a_name or self.has_only_no_return_address
        return self.mail.automatic.machine and not is_person

    @property
    def has_no_return_address(self) -> bool:
        return self.envelope_from == "" or self.mail.return_path == ""

    @property
    def has_only_no_return_address(self) -> bool:
        """A contact of a customer's whose mail has the null sender, as some forwarders make it, and no other sign of a program but words."""
        in_words = self.mail.bounce is not None and not self.mail.bounce.standard
        no_proof = {"null-sender", "report"} if in_words else {"null-sender"}
        return self.is_customer and self.has_no_return_address and self._proof <= no_proof

    @property
    def came_back_unworded(self) -> bool:
        """A mail system's letter to the envelope sender of a mail of ours that is neither a report nor an answer: in a language nobody here knows."""
        mail, about = self.mail, self.about
        is_else = mail.is_autoreply or mail.is_delivery_receipt or mail.is_read_receipt or mail.is_complaint or mail.pec
        is_from_system = self.has_no_return_address and self.sender.partition("@")[0] in MAIL_SYSTEMS
        return is_from_system and about is not None and about.at_its_envelope and not is_else

    @property
    def is_newsletter(self) -> bool:
        return "newsletter" in self.mail.automatic.reasons

    @property
    def _proof(self) -> set[str]:
        return set(self.mail.automatic.reasons) - NO_PROOF


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the gates said: who stopped it, or the marks it carries on."""

    stop: Stop | None = None
    gate: str = ""
    """The gate that stopped it, else the last that marked it."""
    marks: tuple[Mark, ...] = field(default=())

    @property
    def is_automatic(self) -> bool:
        return any(mark.is_automatic for mark in self.marks)

    @property
    def gets_no_answer(self) -> bool:
        return any(mark.gets_no_answer or mark.is_automatic for mark in self.marks)

    @property
    def is_unverified(self) -> bool:
        return any(mark.is_unverified for mark in self.marks)


# -- who is it -------------------------------------------------------------------------------------------------------------------------
def sender_of(mail: ParsedMail, envelope_from: str | None, own_addresses: frozenset[str]) -> tuple[str, bool]:
    """The address a mail is from, as it is kept, and whether its From says so.

    Without a From the next best stands in. A form on our own site writes as one of our addresses and names the visitor in Reply-To: then it
    is the visitor's, and nothing proves it.
    """
    named = as_kept(mail.from_addr)
    visitor = next((as_kept(address) for address in mail.reply_to if plain(address) not in own_addresses), "")
    if plain(named) in own_addresses and "@" in visitor:
        return visitor, False
    candidates = (named, as_kept(mail.sender_addr), as_kept(envelope_from or ""))
    sender = next((address for address in candidates if "@" in address and len(address) <= LONGEST_ADDRESS), "")
    return sender, sender == named


def trust_in(
    mail: ParsedMail,
    sender: str,
    *,
    checked: bool,
    topmost: Authentication = NOTHING_FOUND,
    accepts_without_result: bool = False,
) -> Trust:
    """What our mail server's Authentication-Results are worth for this sender.

    Without one of ours, the `topmost` results of whatever server may raise a doubt and prove nothing. No result at all is accepted where the
    mailbox says so.

    DMARC decides where it was looked up, and proves only the domain it was looked up for: in a From that can be read in two ways it may have
    been the other one's. Else SPF or DKIM must have passed for the sender's own domain (RFC 7489, 3.1, relaxed). A certified mail was checked
    as the envelope's sender: that proves the writer inside only when both are of one domain.
    """
    if not checked:
        return Trust.DOUBTED if _dmarc(topmost) == "fail" else Trust.UNCHECKED
    domain, found = _domain(sender), mail.authentication
    if mail.pec is not None and mail.pec.inner and not aligned(_domain(mail.pec.envelope_from), domain):
        return Trust.UNPROVEN
    if not found.present:
        return Trust.UNCHECKED if accepts_without_result else Trust.NO_RESULT
    if _is_proof(found, domain):
        return Trust.PASSED
    failed = _dmarc(found) == "fail" or (found.spf is not None and found.spf.result == "fail")
    return Trust.FAILED if failed else Trust.UNPROVEN


def _is_proof(found: Authentication, domain: str) -> bool:
    if found.dmarc is not None and found.dmarc.result == "pass" and aligned(found.dmarc.domain, domain):
        return True
    return _dmarc(found) != "fail" and _aligned_pass(found, domain)


def _dmarc(found: Authentication) -> str:
    return found.dmarc.result if found.dmarc else ""


def aligned(first: str, second: str) -> bool:
    """Whether one domain is the other or lies under it."""
    short, long = sorted((first, second), key=len)
    return "." in short and (long == short or long.endswith(f".{short}"))


def _aligned_pass(found: Authentication, domain: str) -> bool:
    checks = (*found.dkim, *([found.spf] if found.spf else []))
    return any(check.result == "pass" and aligned(check.domain, domain) for check in checks)


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()


def plain(address: str) -> str:
    """Without the `+tag`, as it is kept."""
    local, at, domain = as_kept(address).rpartition("@")
    return f"{local.partition('+')[0]}{at}{domain}"


def copies_of(mail: ParsedMail, *, sender: str, own_addresses: frozenset[str]) -> list[str]:
    """Who else the sender wrote to: at most ten, none of our own addresses, each once."""
    others = dict.fromkeys(
        as_kept(address) for address in (*mail.to, *mail.cc) if "@" in address and len(address) <= LONGEST_ADDRESS
    )
    return [address for address in others if plain(address) not in own_addresses and address != sender][:MOST_COPIES]


# -- where does it go ------------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Join:
    ticket_id: int


@dataclass(frozen=True, slots=True)
class Open:
    pass


HELD_FOR: Mapping[Trust, MailReason] = MappingProxyType(
    {Trust.NO_RESULT: MailReason.NO_RESULT_ON_THREAD, Trust.DOUBTED: MailReason.DOUBTED_ON_THREAD}
)


def place(arrival: Arrival, judgement: Judgement) -> Stop | Join | Open:
    """Our Message-ID or reply token *and* a rightful, authenticated sender join a ticket; the first without the second waits for a person."""
    thread = arrival.thread
    if thread is None:
        return Open()
    if thread.is_rightful and arrival.trust in (Trust.PASSED, Trust.UNCHECKED):
        return Join(thread.ticket_id)
    params = {**thread.params, "sender": arrival.sender}
    if judgement.is_automatic:
        return Stop(Fate.RECORD, MailReason.AUTO_REPLY_STRANGER, params)
    unproven = HELD_FOR.get(arrival.trust, MailReason.UNPROVEN_ON_THREAD)
    return Stop(Fate.HOLD, unproven if thread.is_rightful else MailReason.STRANGER_ON_THREAD, params)


# -- does it get an answer -------------------------------------------------------------------------------------------------------------
def refusal_to_answer(arrival: Arrival, judgement: Judgement, *, allowed: bool) -> AnswerReason | None:
    """Why this mail gets no automatic answer (RFC 3834, 2); None when it may have one, if it had none within the hour."""
    reasons: Sequence[tuple[bool, AnswerReason]] = (
        (arrival.has_no_return_address, AnswerReason.NULL_SENDER),
        (judgement.gets_no_answer or arrival.mail.automatic.no_answer, AnswerReason.AUTOMATIC),
        (arrival.trust is Trust.FAILED, AnswerReason.UNTRUSTED),
        (not arrival.sender, AnswerReason.NO_ADDRESS),
        (plain(arrival.sender) in arrival.own_addresses, AnswerReason.OWN),
        (not allowed, AnswerReason.PREVIEW),
    )
    return next((reason for applies, reason in reasons if applies), None)
