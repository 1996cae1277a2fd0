"""Named reads of mail in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max, Min

from sportello.core.addresses import as_kept
from sportello.core.statements import Reading
from sportello.mail.enums import ImapMode, InboundState
from sportello.mail.models import ImapAccount, InboundMail, Mailbox, SelfTest
from sportello.mail.queries.raw import BIG_MAIL, with_bytes
from sportello.mail.rules import A_TURN, MOST_COUNTED, OUTAGE_FIRST

MOST_TESTED = 20
COMES_BACK_WITHIN = timedelta(minutes=3)


def _turns(which: str) -> str:
    """How many turns' worth of unread mails there are; counted as far as it matters, by the index `inbound_unread`."""
    same_domain = "split_part(unread.sender, '@', 2) = split_part(%(sender)s::varchar, '@', 2)"
    unread = f"SELECT FROM mail_inboundmail unread WHERE unread.state = 'received' AND {same_domain} {which} LIMIT {MOST_COUNTED}"
    return f"(SELECT count(*) / {A_TURN} FROM ({unread}) counted)"  # noqa: S608 - constants


TURN = f"""(- {OUTAGE_FIRST} * {_turns("AND unread.sender = %(sender)s::varchar")} - least({_turns("")}, {OUTAGE_FIRST - 1}))"""
"""SQL for what is taken off the urgency of a new mail of `sender`: senders take turns, so that a flood delays itself.

Whoever has ten unread mails comes after those who have fewer. What else comes from the same domain weighs less, for it may be a public mail
service's. An outage's word is worth one turn, so that a flood cannot buy its way with it.
"""


_ACTIVE = Reading(lambda: Mailbox.objects.filter(is_active=True))
_ALL = Reading(Mailbox.objects.all)
_WAITING = Reading(
    lambda pk: InboundMail.objects.filter(pk=pk, state=InboundState.RECEIVED).select_related("mailbox", "raw")
)


def mailbox_for(recipient: str) -> Mailbox | None:
    """The active mailbox of an address: its own or another of its addresses, with or without a `+tag`, in any case."""
    address = recipient.strip().strip("<>").lower()
    local, at, domain = address.rpartition("@")
    if not at or not local:
        return None
    by_address = {name.lower(): mailbox for mailbox in _ACTIVE() for name in (*mailbox.aliases, mailbox.address)}
    return by_address.get(address) or by_address.get(f"{local.partition('+')[0]}@{domain}")


def mailboxes_to_test() -> list[Mailbox]:
    """Those that the standing self-test writes to."""
    return list(Mailbox.objects.filter(is_active=True)[:MOST_TESTED])


def own_addresses() -> frozenset[str]:
    """Every address that is or was ours, as it is kept."""
    return frozenset(as_kept(name) for mailbox in _ALL() for name in (*mailbox.aliases, mailbox.address))


def inbound_to_process(inbound_id: int, *, size: int = 0) -> InboundMail | None:
    """A mail that waits to be read, of about this size, with its mailbox and its bytes; None when that was done already."""
    if size < BIG_MAIL:
        return _WAITING.first(inbound_id)
    return with_bytes(InboundMail.objects.filter(pk=inbound_id, state=InboundState.RECEIVED))


def filed_mail(inbound_id: int) -> InboundMail | None:
    """A mail that is in a ticket, with its mailbox and its bytes; None when it is not, or no more."""
    return with_bytes(InboundMail.objects.filter(pk=inbound_id, state=InboundState.FILED))


def self_test_of(message_id: str, token: str) -> SelfTest | None:
    """The test whose mail this is: by the Message-ID that we gave it, or by its token where a server on the way gave another."""
    by_id = SelfTest.objects.filter(outbound__message_id=message_id).first() if message_id else None
    return by_id or (SelfTest.objects.filter(token=token).first() if token else None)


def active_imap_accounts() -> list[int]:
    """The ids of the accounts to fetch."""
    switched_on = ImapAccount.objects.exclude(mode=ImapMode.OFF).filter(mailbox__is_active=True)
    return list(switched_on.values_list("pk", flat=True))


def imap_account(account_id: int) -> ImapAccount | None:
    """An account to fetch, with its mailbox; None once it is switched off or gone."""
    found = ImapAccount.objects.select_related("mailbox").filter(pk=account_id, mailbox__is_active=True)
    return found.exclude(mode=ImapMode.OFF).first()


@dataclass(frozen=True, slots=True)
class SelfTestState:
    """`broken`: addresses whose last test did not come back in time; `came_back_at`: the last that did, anywhere."""

    broken: tuple[str, ...]
    came_back_at: datetime | None
    failing_since: datetime | None

    @property
    def is_broken(self) -> bool:
        return bool(self.broken)


def self_test_state(*, now: datetime) -> SelfTestState:
    """Whether mail goes out and comes in. A test has three minutes to come back."""
    newest = (
        SelfTest.objects.filter(mailbox__is_active=True, started_at__lt=now - COMES_BACK_WITHIN)
        .order_by("mailbox_id", "-started_at")
        .distinct("mailbox_id")
        .select_related("mailbox")
    )
    late = [test for test in newest if test.arrived_at is None and not _newer_came_back(test)]
    came_back_at = SelfTest.objects.aggregate(at=Max("arrived_at"))["at"]
    since = min((_first_lost(test) for test in late), default=None)
    return SelfTestState(tuple(test.mailbox.address for test in late), came_back_at, since)


def _newer_came_back(test: SelfTest) -> bool:
    return SelfTest.objects.filter(
        mailbox=test.mailbox, started_at__gt=test.started_at, arrived_at__isnull=False
    ).exists()


def _first_lost(test: SelfTest) -> datetime:
    """When the unbroken row of lost tests began that this one ends."""
    tests = SelfTest.objects.filter(mailbox=test.mailbox)
    last_good = tests.filter(arrived_at__isnull=False).aggregate(at=Max("started_at"))["at"]
    lost = tests.filter(started_at__gt=last_good) if last_good else tests
    return lost.aggregate(at=Min("started_at"))["at"] or test.started_at
