"""The pages about mail: what came in, where it went, what waits for a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from sportello.accounts.models import User
from sportello.core.paging import Page, Place
from sportello.desk.forms.entry import searched
from sportello.desk.tabs import Tab
from sportello.intake.actions.held import WITHOUT_A_TICKET
from sportello.mail import inspection, problems, reasons, sandbox
from sportello.mail.enums import Door, InboundState
from sportello.mail.inspection import Inspection
from sportello.mail.models import InboundMail, Mailbox
from sportello.mail.queries import received
from sportello.mail.queries.held import held_back_of, refused_as_flood
from sportello.mail.queries.mailboxes import every_mailbox
from sportello.mail.queries.received import ReceivedFilter
from sportello.mail.reasons import MailReason
from sportello.mail.sandbox import Unreadable
from sportello.tickets import queries as tickets
from sportello.tickets.models import Ticket

LONGEST_TEXT = 100_000
STATES: Mapping[str, str | Promise] = {
    "": pgettext_lazy("mails", "All"),
    InboundState.HELD: gettext_lazy("Held"),
    InboundState.FAILED: gettext_lazy("Failed"),
    InboundState.RECEIVED: gettext_lazy("Waiting"),
    InboundState.FILED: gettext_lazy("Filed"),
    InboundState.RECORDED: gettext_lazy("Recorded"),
    InboundState.REFUSED: gettext_lazy("Refused"),
}
BY_THE_TICKET = frozenset(
    {
        MailReason.STRANGER_ON_THREAD,
        MailReason.UNPROVEN_ON_THREAD,
        MailReason.NO_RESULT_ON_THREAD,
        MailReason.DOUBTED_ON_THREAD,
        MailReason.AUTO_REPLY_STRANGER,
    }
)
TONES = {InboundState.HELD: "warn", InboundState.FAILED: "danger", InboundState.FILED: "good"}
GATES: Mapping[str, str | Promise] = {
    "self_test": gettext_lazy("Is it our own test mail?"),
    "own_loop": gettext_lazy("Is it our own mail coming back?"),
    "null_sender": gettext_lazy("Has it a return address?"),
    "bounce": gettext_lazy("Does it say that a mail of ours did not arrive?"),
    "receipts": gettext_lazy("Is it a receipt for a mail of ours?"),
    "pec_receipts": gettext_lazy("Is it a receipt of certified mail?"),
    "auto_reply": gettext_lazy("Is it an absence notice?"),
    "mailing_list": gettext_lazy("Does it come from a mailing list?"),
    "machine": gettext_lazy("Did a program write it?"),
    "unfetched": gettext_lazy("Could the mail server hand it over?"),
    "oversize": gettext_lazy("Was it too big?"),
    "spam": gettext_lazy("Did a filter mark it as spam?"),
    "spoofed": gettext_lazy("Is the sender forged?"),
    "unknown_sender": gettext_lazy("Is the sender a customer?"),
    "share": gettext_lazy("Did its sender write too much within the hour?"),
}


# -- the list ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Line:
    """One mail of the list, with the sentence about it and the ticket it went to."""

    mail: InboundMail
    ticket: Ticket | None

    @property
    def why(self) -> str:
        return reasons.words(self.mail.reason, self.mail.reason_params)

    @property
    def tone(self) -> str:
        return tone_of(self.mail)

    @property
    def is_filed(self) -> bool:
        """Whether the sentence already names the ticket."""
        return self.ticket is not None and self.mail.state == InboundState.FILED


@dataclass(frozen=True, slots=True)
class MailPage:
    chosen: ReceivedFilter
    lines: list[Line]
    page: Page[InboundMail]
    tabs: list[Tab]
    mailboxes: list[Mailbox]
    doors: list[tuple[str, str]]

    @property
    def most_bytes(self) -> int:
        return int(settings.MAIL_MAX_BYTES)

    @property
    def mails_an_hour(self) -> int:
        """Of one sender; where held ones are listed. 0 for no limit."""
        return int(settings.MAILS_PER_HOUR) if self.chosen.state == InboundState.HELD else 0

    @property
    def is_filtered(self) -> bool:
        return replace(self.chosen, tests=False) != ReceivedFilter()


def filter_of(query: Mapping[str, str]) -> ReceivedFilter:
    """From a query string in which anything may stand."""
    state, door = query.get("state", ""), query.get("door", "")
    return ReceivedFilter(
        state=state if state in InboundState.values else "",
        mailbox=searched({"find": query.get("mailbox", "")}),
        door=door if door in Door.values else "",
        search=searched(query),
        tests=query.get("tests") == "1",
    )


def mail_page(user: User, chosen: ReceivedFilter, place: Place) -> MailPage:
    """In five queries."""
    page = received.received_page(chosen, place)
    in_tickets = tickets.tickets_of_inbound(user, page.rows)
    counts = received.received_counts()
    return MailPage(
        chosen=chosen,
        lines=[Line(mail, in_tickets.get(mail.pk)) for mail in page.rows],
        page=page,
        tabs=[_tab(chosen, state, label, counts) for state, label in STATES.items()],
        mailboxes=list(every_mailbox()),
        doors=[(value, str(label)) for value, label in Door.choices],
    )


def tone_of(mail: InboundMail) -> str:
    """The class of the chip that names a mail's state."""
    return TONES.get(InboundState(mail.state), "")


def _tab(chosen: ReceivedFilter, state: str, label: str | Promise, counts: Mapping[str, int]) -> Tab:
    there = replace(chosen, state=state)
    tests = "1" if there.tests else ""
    asked = {"state": there.state, "mailbox": there.mailbox, "door": there.door, "find": there.search, "tests": tests}
    query = urlencode({name: value for name, value in asked.items() if value})
    number, most = counts.get(state, 0), received.MOST_COUNTED
    return Tab(label, f"?{query}", chosen.state == state, min(number, most), has_more=number > most)


# -- one mail ----------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Finding:
    """What one gate said; `question` is what the gate asks."""

    question: str
    words: str
    is_last: bool = False


@dataclass(frozen=True, slots=True)
class Proof:
    """One check of our mail server; `tone` is the class of its chip."""

    method: str
    result: str
    domain: str

    @property
    def tone(self) -> str:
        return {"pass": "good", "fail": "danger"}.get(self.result, "")


@dataclass(frozen=True, slots=True)
class Flood:
    """How many mails of a sender who wrote too many wait, and how many a person refused."""

    held: int
    refused: int


@dataclass(frozen=True, slots=True)
class MailDetail:
    mail: InboundMail
    ticket: Ticket | None
    inspection: Inspection
    source: str
    is_cut: bool
    flood: Flood | None

    @property
    def tone(self) -> str:
        return tone_of(self.mail)

    @property
    def why(self) -> str:
        return reasons.words(self.mail.reason, self.mail.reason_params)

    @property
    def findings(self) -> list[Finding]:
        """What the gates noted on the way, then the one that decided, then whether the sender got a receipt."""
        params, question = self.mail.reason_params, str(GATES.get(self.mail.gate, ""))
        noted = [Finding("", reasons.words(code, given)) for code, given in params.get("marks", ())]
        if noted and not self._a_gate_decided:
            noted[-1] = replace(noted[-1], question=question)
        decided = Finding(question if self._a_gate_decided else "", self.why, is_last=True)
        answer = [Finding("", reasons.words(params["answer"], params))] if "answer" in params else []
        return [*noted, decided, *answer]

    @property
    def _a_gate_decided(self) -> bool:
        """Else the ticket that it answers did, or a person; the row then names the last gate that noted something."""
        by_gates = (InboundState.RECORDED, InboundState.HELD)
        return self.mail.state in by_gates and self.mail.reason not in BY_THE_TICKET

    @property
    def problems(self) -> list[str]:
        return [problems.words(code) for code in self.mail.problems]

    @property
    def proofs(self) -> list[Proof]:
        found = self.inspection.authentication
        checks = [("SPF", found.spf), *(("DKIM", check) for check in found.dkim), ("DMARC", found.dmarc)]
        return [Proof(method, check.result, check.domain) for method, check in checks if check is not None]

    @property
    def is_unchecked(self) -> bool:
        """Nobody of ours checks the senders of this mailbox."""
        return not self.mail.mailbox.authserv_id

    @property
    def proofs_hint(self) -> str:
        """Why there are no results, where there are none."""
        if self.proofs:
            return ""
        if not self.mail.mailbox.authserv_id:
            return _("The settings do not name our mail server, so that nobody's results are believed.")
        return _("Our mail server %(name)s wrote no results into this mail.") % {"name": self.mail.mailbox.authserv_id}

    @property
    def may_be_read_again(self) -> bool:
        """Also one in a ticket: its message then says what is read now."""
        return self.mail.state != InboundState.RECEIVED

    @property
    def may_be_decided(self) -> bool:
        """Whether a person may join it, make a ticket of it, or refuse it."""
        return self.mail.state in WITHOUT_A_TICKET

    @property
    def may_be_refused(self) -> bool:
        return self.mail.state in (InboundState.HELD, InboundState.FAILED)


def mail_detail(user: User, mail: InboundMail) -> MailDetail:
    raw = bytes(mail.raw.content)
    shown, is_cut = inspection.source(raw)
    seen = inspection.inspect(raw, trusted_authserv=mail.mailbox.authserv_id)
    ticket = tickets.tickets_of_inbound(user, [mail]).get(mail.pk)
    return MailDetail(mail, ticket, seen, shown, is_cut, _flood_of(mail))


def _flood_of(mail: InboundMail) -> Flood | None:
    """None where the mail is not part of one, or no longer."""
    if mail.reason not in reasons.FLOODS and not mail.reason_params.get("flood"):
        return None
    return Flood(held_back_of(mail.sender).count(), refused_as_flood(mail.sender).count())


def text_of(mail: InboundMail) -> str | None:
    """What the mail says, read where a hostile one can do no harm; None when it cannot be read. Takes up to half a minute."""
    reading = sandbox.read(bytes(mail.raw.content), trusted_authserv=mail.mailbox.authserv_id)
    if isinstance(reading, Unreadable):
        return None
    return (reading.text if reading.text.strip() else reading.html_text)[:LONGEST_TEXT]


def file_name(mail: InboundMail) -> str:
    """A name of our own making: what the sender wrote has no say in it."""
    return f"mail-{mail.received_at:%Y%m%d-%H%M%S}-{str(mail.public_id)[:8]}.eml"
