"""The settings page: how the house is set up, and whether it works."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from sportello.desk.standing import Trouble, troubles
from sportello.intake import shares
from sportello.mail.enums import ImapMode
from sportello.mail.models import ImapAccount, Mailbox
from sportello.mail.queries import SelfTestState, self_test_state
from sportello.mail.queries.mailboxes import Previewed, every_mailbox, imap_accounts, previewed
from sportello.mail.queries.outbound import PENDING
from sportello.mail.queries.sent import NOT_ARRIVED, sent_counts
from sportello.mail.queries.standing import MailStanding, mail_standing
from sportello.triage import queries as triage
from sportello.triage.models import Calendar, Queue, SlaPolicy
from sportello.watch.beating import latest_problems
from sportello.watch.enums import Cause, Inspection
from sportello.watch.models import LastInspection
from sportello.watch.queries import last_inspection, now_standing
from sportello.watch.rules import Problem


@dataclass(frozen=True, slots=True)
class Restored:
    """The last backup that was restored on trial, `at` an instant, in so many `seconds`; and when and `why` the last trial failed."""

    at: datetime | None
    seconds: int
    failed_at: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class Backup:
    """`at`: the moment that the last good one holds, None before the first. `missing` files were lost before it; `why` the last one failed."""

    at: datetime | None
    files: int
    missing: int
    failed_at: datetime | None
    why: str
    is_good: bool
    restored: Restored | None

    @property
    def is_set_up(self) -> bool:
        return bool(settings.HAS_BACKUP_STORE)

    @property
    def is_of_others(self) -> bool:
        return not settings.BACKUP_MAX_HOURS


@dataclass(frozen=True, slots=True)
class Health:
    """How the house stands. `waiting` and `not_arrived` count mails of the outbox, the latter of the last seven days."""

    standing: MailStanding
    self_test: SelfTestState
    waiting: int
    not_arrived: int
    problems: tuple[Problem, ...]
    backup: Backup

    @property
    def troubles(self) -> list[Trouble]:
        return troubles(self.problems)

    @property
    def tests_every(self) -> int:
        """Minutes; 0 when nothing is tested."""
        return int(settings.SELF_TEST_MINUTES)


@dataclass(frozen=True, slots=True)
class Fetched:
    """An IMAP account and whether its password is set."""

    account: ImapAccount
    has_password: bool

    @property
    def tone(self) -> str:
        if self.account.mode == ImapMode.OFF:
            return ""
        if self.account.failing_since or not self.has_password:
            return "danger"
        return "good" if self.account.connected_at else "warn"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one sender, the people of one customer, and receipts may come to within an hour; 0 for no limit."""

    of_sender: int
    of_customer: int
    receipts: int
    receipts_to_strangers: int


@dataclass(frozen=True, slots=True)
class House:
    health: Health
    mailboxes: Sequence[Mailbox]
    accounts: list[Fetched]
    queues: list[Queue]
    calendars: Sequence[Calendar]
    policies: Sequence[SlaPolicy]
    limits: Limits


@dataclass(frozen=True, slots=True)
class MailboxPage:
    mailbox: Mailbox
    accounts: list[Fetched]
    previewed: Previewed


def house(*, now: datetime) -> House:
    return House(
        health=health(now=now),
        mailboxes=list(every_mailbox()),
        accounts=[_fetched(account) for account in imap_accounts()],
        queues=triage.queues(),
        calendars=list(triage.calendars()),
        policies=list(triage.policies()),
        limits=limits(),
    )


def limits() -> Limits:
    whole, strangers = shares.receipts(), shares.receipts_to_strangers()
    return Limits(shares.of_sender().most, shares.of_customer().most, whole.most, strangers.most)


def health(*, now: datetime) -> Health:
    counts, standing = sent_counts(now=now), mail_standing(now=now)
    problems = now_standing(standing, latest_problems(), now=now)
    return Health(
        standing=standing,
        self_test=self_test_state(now=now),
        waiting=sum(counts.get(state, 0) for state in PENDING),
        not_arrived=sum(counts.get(state, 0) for state in NOT_ARRIVED),
        problems=problems,
        backup=_backup({problem.cause for problem in problems}),
    )


def _backup(causes: set[Cause]) -> Backup:
    backup, restore = last_inspection(Inspection.BACKUP), last_inspection(Inspection.RESTORE)
    found = backup.found if backup else {}
    return Backup(
        at=backup.succeeded_at if backup else None,
        files=found.get("files", 0),
        missing=found.get("missing", 0),
        failed_at=backup.failed_at if backup else None,
        why=found.get("why", ""),
        is_good=Cause.BACKUP not in causes,
        restored=_restored(restore) if restore else None,
    )


def _restored(row: LastInspection) -> Restored:
    return Restored(row.succeeded_at, row.found.get("seconds", 0), row.failed_at, row.found.get("why", ""))


def mailbox_page(mailbox: Mailbox) -> MailboxPage:
    accounts = [_fetched(account) for account in imap_accounts().filter(mailbox=mailbox)]
    return MailboxPage(mailbox, accounts, previewed(mailbox))


def _fetched(account: ImapAccount) -> Fetched:
    return Fetched(account, has_password=account.secret in settings.SECRETS)
