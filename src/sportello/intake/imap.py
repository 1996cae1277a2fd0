"""Mail fetched by IMAP: one thread for each account, which stores, commits, and only then moves its cursor on."""

from __future__ import annotations

import contextlib
import logging
import random
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NoReturn

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.utils import translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import connector_params

from sportello.core import clock
from sportello.core.patience import Connection, within
from sportello.intake.database import WORK_SECONDS, on_living_connection
from sportello.mail.actions import imap_failed, imap_moved_on, imap_works, ring, store_inbound
from sportello.mail.adapters.imap import Folder, ImapCutError, ImapError, Listed, Place, opened, trouble_of
from sportello.mail.enums import Door, ImapMode, ImapTrouble
from sportello.mail.models import ImapAccount
from sportello.mail.queries import active_imap_accounts, imap_account

log = logging.getLogger(__name__)

RENEW_SECONDS = 60.0
"""IDLE is renewed well before the 29 minutes of RFC 2177, so that a line that died in silence is noticed within two."""
POLL_SECONDS = 60.0
"""How often a server without IDLE is asked."""
OTHER_NODE_SECONDS = 30.0
FIRST_PAUSE = 2.0
LONGEST_PAUSE = 40.0
LISTED_AT_ONCE = 500
BATCH_MAILS = 50
BATCH_BYTES = 8 * 1024 * 1024
SECONDS_A_MAIL = 2.0
"""By which a batch may take longer than one: a database that is slow and there shall get on with it."""
BEGINNING = 256 * 1024
TRIES_REFUSED = 3
TRIES_CUT = 10
_OUR_LOCKS = 0x53504F52


# -- all accounts --------------------------------------------------------------------------------------------------------
class Fetchers:
    """A thread for each account that is switched on, begun and ended as accounts come and go."""

    def __init__(self) -> None:
        self._running: dict[int, tuple[threading.Thread, threading.Event]] = {}

    def look_around(self) -> None:
        """Begin those that are missing, end those that are too many. Raises what the database raises."""
        wanted = set(on_living_connection(active_imap_accounts))
        for account_id in wanted - self._alive():
            self._begin(account_id)
        for account_id in set(self._running) - wanted:
            self._running.pop(account_id)[1].set()

    def stop(self, seconds: float) -> None:
        """Ask all to stop, and wait for them together for so long."""
        for _thread, stop in self._running.values():
            stop.set()
        for thread, _stop in self._running.values():
            thread.join(seconds / len(self._running))

    def _alive(self) -> set[int]:
        return {account_id for account_id, (thread, _stop) in self._running.items() if thread.is_alive()}

    def _begin(self, account_id: int) -> None:
        stop = threading.Event()
        fetcher = Fetcher(account_id, stop)
        thread = threading.Thread(target=fetcher.run, name=f"imap-{account_id}", daemon=True)
        self._running[account_id] = (thread, stop)
        thread.start()


# -- one account ---------------------------------------------------------------------------------------------------------
@dataclass(slots=True)
class Fetcher:
    """Fetches one account until `stop`; after an error, again with a growing pause."""

    account_id: int
    stop: threading.Event
    failures: int = 0
    trouble: dict[int, int] = field(default_factory=dict)
    """UIDs that could not be had, and how often that was tried."""

    def run(self) -> None:
        while not self.stop.is_set():
            try:
                pause = self._session()
            except Exception as error:  # noqa: BLE001 - whatever it was, the next try may do better
                self.failures += 1
                pause = pause_after(self.failures)
                log.warning("IMAP account %s failed, again in %.0f s: %s", self.account_id, pause, error)
                self._note(error)
            self.stop.wait(pause)

    def _session(self) -> float:
        """One connection, until it breaks, the account changes or `stop`. The seconds to wait before the next."""
        account = on_living_connection(partial(imap_account, self.account_id))
        if account is None:
            return OTHER_NODE_SECONDS
        with alone(self.account_id) as turn:
            if turn is None:
                return OTHER_NODE_SECONDS
            with opened(place_of(account), password_of(account)) as folder:
                self._stay(folder, account, turn)
        return 0.0

    def _stay(self, folder: Folder, account: ImapAccount | None, turn: Turn) -> None:
        place = place_of(account) if account else None
        while account is not None and place_of(account) == place and not self.stop.is_set():
            self.fetch(folder, account)
            if account.connected_at is None or account.failing_since is not None or self.failures:
                on_living_connection(partial(imap_works, account=account, now=clock.now()))
            self.failures = 0
            turn.check()
            folder.wait(RENEW_SECONDS if folder.can_idle else POLL_SECONDS, self.stop)
            folder.open_again()
            account = on_living_connection(partial(imap_account, self.account_id))

    def fetch(self, folder: Folder, account: ImapAccount) -> None:
        """Everything above the cursor.

        A new UIDVALIDITY makes all UIDs new, and so does a server that counts from below the cursor again; mails that are here already are
        known by what they say.
        """
        if folder.uidvalidity != account.uidvalidity or _counts_anew(folder, account):
            self.trouble.clear()
            on_living_connection(partial(imap_moved_on, account=account, uidvalidity=folder.uidvalidity, last_uid=0))
        while uids := folder.uids(after=account.last_uid, since=account.since)[:LISTED_AT_ONCE]:
            listed = folder.listed(uids)
            kept_back = undescribed(folder, account, self._missing(folder, uids, listed))
            for batch in self._batches([mail for mail in listed if kept_back is None or mail.uid < kept_back]):
                self._take(folder, account, batch)
                if self.stop.is_set():
                    return
            if kept_back is not None:
                self._failed(
                    account, [Listed(kept_back, 0, None)], ImapError(f"the server does not describe UID {kept_back}")
                )
            if not listed:
                return  # all of them were deleted in between

    def _missing(self, folder: Folder, uids: Sequence[int], listed: Sequence[Listed]) -> set[int]:
        """What was found and is not described, but for numbers that no mail has yet, which are left alone.

        Such a one stands behind all that is described, was found on an earlier connection, too, and is still to come by what the server said
        when this one was opened (UIDNEXT). The cursor does not pass it: should it be a mail after all, it is found again.
        """
        last = max((mail.uid for mail in listed), default=0)
        known = {mail.uid for mail in listed}
        to_come = {uid for uid in self.trouble if uid > last and folder.uidnext is not None and uid >= folder.uidnext}
        return set(uids) - known - to_come

    def _batches(self, mails: Sequence[Listed]) -> Iterator[list[Listed]]:
        """A few at once; one at a time where something went wrong before."""
        batch: list[Listed] = []
        for mail in mails:
            room = BATCH_BYTES - sum(one.size for one in batch)
            if batch and (len(batch) >= BATCH_MAILS or mail.size > room or mail.uid in self.trouble):
                yield batch
                batch = []
            batch.append(mail)
            if mail.uid in self.trouble or mail.size > settings.MAIL_MAX_BYTES:
                yield batch
                batch = []
        if batch:
            yield batch

    def _take(self, folder: Folder, account: ImapAccount, batch: list[Listed]) -> None:
        """Fetch, store and move the cursor on."""
        is_last_try = self.trouble.get(batch[0].uid, 0) >= TRIES_REFUSED - 1
        try:
            self._keep(account, contents_of(folder, batch, even_if_short=is_last_try), up_to=batch[-1].uid)
        except (OperationalError, InterfaceError):
            raise  # the database, not the mail
        except Exception as error:  # noqa: BLE001 - raised again
            self._failed(account, batch, error)

    def _failed(self, account: ImapAccount, batch: list[Listed], error: Exception) -> NoReturn:
        """What fails again and again is replaced by a note, for the mails behind it to pass. Raises `error`."""
        for mail in batch:
            self.trouble[mail.uid] = self.trouble.get(mail.uid, 0) + 1
        first, limit = batch[0], TRIES_CUT if isinstance(error, OSError | ImapCutError) else TRIES_REFUSED
        if self.trouble[first.uid] >= limit:
            note = Fetched(first, unfetched(account, first, error), "unfetched")
            self._keep(account, [note], up_to=first.uid)
        raise error  # on a new connection it goes on behind the cursor

    def _keep(self, account: ImapAccount, mails: list[Fetched], *, up_to: int) -> None:
        """The mails and the cursor in one transaction."""
        on_living_connection(partial(keep, account, mails, up_to), seconds=WORK_SECONDS + len(mails) * SECONDS_A_MAIL)
        self.failures = 0  # a bad line that brings a mail each time needs no longer pauses

    def _note(self, error: Exception) -> None:
        """On the account, for people to see; not possible while the database is the reason."""
        with contextlib.suppress(Exception):
            account = on_living_connection(partial(imap_account, self.account_id))
            if account is not None:
                failed = partial(imap_failed, account=account, trouble=trouble_of(error), now=clock.now())
                on_living_connection(failed)


def pause_after(failures: int) -> float:
    """2, 4, 8, ... up to LONGEST_PAUSE seconds, each spread by a quarter, so that many accounts do not come back at once."""
    pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(failures - 1, 10))
    return pause * random.uniform(0.75, 1.25)  # noqa: S311 - no secret


def _counts_anew(folder: Folder, account: ImapAccount) -> bool:
    """The cursor stands where no mail has been yet: what comes now would get numbers below it, and never be seen."""
    return folder.uidnext is not None and folder.uidnext <= account.last_uid


def place_of(account: ImapAccount) -> Place:
    return Place(account.host, account.port, account.tls, account.username, account.folder)


def password_of(account: ImapAccount) -> str:
    """Raises ImapError when the setting that the account names is missing."""
    password: str | None = settings.SECRETS.get(account.secret)
    if password is None:
        raise ImapError(f"the setting SPORTELLO_SECRET_{account.secret} is missing", ImapTrouble.PASSWORD_MISSING)
    return password


@dataclass(frozen=True, slots=True)
class Fetched:
    """A mail with its bytes, and what the door has to say about it."""

    listed: Listed
    raw: bytes
    problem: str = ""


def contents_of(folder: Folder, batch: list[Listed], *, even_if_short: bool = False) -> list[Fetched]:
    """The mails that are still there; of one that is too big, the beginning.

    Raises ImapError for one that is there and has no content, or far less than the server says (which is kept `even_if_short`).
    """
    first = batch[0]
    if first.size > settings.MAIL_MAX_BYTES:
        return [Fetched(first, folder.beginning(first.uid, BEGINNING), f"oversize:{first.size}")]
    found = folder.contents([mail.uid for mail in batch], size=sum(mail.size for mail in batch))
    missing = [mail.uid for mail in batch if mail.uid not in found or (mail.size and not found[mail.uid])]
    if missing and folder.listed(missing):
        raise ImapError(f"the server gives no content for UID {missing[0]}")
    fetched = [Fetched(mail, found[mail.uid], _problem(mail, found[mail.uid])) for mail in batch if mail.uid in found]
    short = next((one.listed for one in fetched if one.problem), None)
    if short is not None and not even_if_short:
        raise ImapError(f"the server gives too little of UID {short.uid}")
    return fetched


def _problem(mail: Listed, raw: bytes) -> str:
    """Servers may be wrong by a little about a size."""
    return f"short:{mail.size}" if len(raw) < mail.size // 2 else ""


def undescribed(folder: Folder, account: ImapAccount, uids: set[int]) -> int | None:
    """The first of the mails that were found and then not described, when it was not simply deleted in between."""
    if not uids:
        return None
    return min(uids.intersection(folder.uids(after=min(uids) - 1, since=account.since)), default=None)


def keep(account: ImapAccount, mails: list[Fetched], up_to: int) -> None:
    now = clock.now()
    with transaction.atomic():
        for mail in mails:
            store_inbound(
                raw=mail.raw,
                mailbox=account.mailbox,
                door=Door.IMAP,
                envelope_from="",
                envelope_to="",
                now=min(mail.listed.arrived_at or now, now),
                imap_uid=mail.listed.uid,
                answers_allowed=account.mode == ImapMode.LIVE,
                problems=[mail.problem] if mail.problem else [],
            )
        imap_moved_on(account=account, uidvalidity=account.uidvalidity or 0, last_uid=up_to)
        ring()


def unfetched(account: ImapAccount, mail: Listed, error: Exception) -> bytes:
    """A mail in the place of one that the server would not hand over, so that somebody looks for it."""
    with translation.override(settings.LANGUAGE_CODE):
        subject = _("A mail that the mail server does not hand over")
        text = _("Mail %(uid)s of the folder %(folder)s on %(host)s (%(size)s bytes) cannot be fetched: %(error)s")
    figures = {"uid": mail.uid, "folder": account.folder, "host": account.host, "size": mail.size, "error": error}
    source = f"Subject: {subject}\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text % figures}\n"
    return source.encode("utf-8", "replace")


# -- one node at a time --------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Turn:
    """The right to fetch an account, for as long as this connection to the database lives."""

    connection: Connection

    def check(self) -> None:
        """Raises psycopg.Error when it was lost: somebody else may be fetching."""
        with within(WORK_SECONDS):
            self.connection.execute("SELECT 1")


@contextlib.contextmanager
def alone(account_id: int) -> Iterator[Turn | None]:
    """An advisory lock of PostgreSQL on a connection of its own; None when another process has it."""
    with Connection.connect(**connector_params(), autocommit=True) as connection:
        with within(WORK_SECONDS):
            row = connection.execute("SELECT pg_try_advisory_lock(%s, %s)", [_OUR_LOCKS, account_id]).fetchone()
        yield Turn(connection) if row and row[0] else None
