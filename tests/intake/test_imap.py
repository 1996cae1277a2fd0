"""The cursor of a fetched mailbox, against a server that misbehaves in ways a good one cannot be brought to."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest
from django.conf import LazySettings

from sportello.intake import imap
from sportello.intake.imap import Fetcher, contents_of, password_of, pause_after
from sportello.mail.adapters.imap import Folder, ImapCutError, ImapError, Listed
from sportello.mail.enums import ImapMode
from sportello.mail.models import ImapAccount, InboundMail
from tests.factories import make_mailbox

pytestmark = pytest.mark.django_db
ARRIVED = datetime(2026, 1, 23, 9, 0, tzinfo=UTC)


def written(uid: int) -> bytes:
    return f"From: Laura <laura@doria.example>\r\nSubject: Richiesta {uid}\r\nMessage-ID: <{uid}@d>\r\n\r\n{uid}\r\n".encode()


@dataclass
class Server:
    """A folder with the mails `uids`. `refuses` are not handed over, `cuts` end the connection, `hides` are listed and come without content."""

    uid_numbers: list[int]
    uidvalidity: int = 7
    uidnext: int | None = None
    can_idle: bool = False
    refuses: set[int] = field(default_factory=set)
    cuts: set[int] = field(default_factory=set)
    hides: set[int] = field(default_factory=set)
    vanish: set[int] = field(default_factory=set)
    size: int = 100
    asked: list[list[int]] = field(default_factory=list)

    def open_again(self) -> None:
        raise AssertionError("one look at an open folder opens none")

    def uids(self, *, after: int, since: date) -> list[int]:
        return [uid for uid in self.uid_numbers if uid > after]

    def listed(self, uids: Sequence[int]) -> list[Listed]:
        self.uid_numbers = [uid for uid in self.uid_numbers if uid not in self.vanish]
        return [Listed(uid, self.size, ARRIVED) for uid in uids if uid in self.uid_numbers]

    def contents(self, uids: Sequence[int], *, size: int) -> dict[int, bytes]:
        self.asked.append(list(uids))
        if self.refuses.intersection(uids):
            raise ImapError("NO [SERVERBUG] Internal error")
        if self.cuts.intersection(uids):
            raise ImapCutError("socket error: EOF")
        there = [uid for uid in uids if uid in self.uid_numbers and uid not in self.hides]
        return {uid: written(uid).ljust(self.size) for uid in there}

    def beginning(self, uid: int, size: int) -> bytes:
        return written(uid)[:size]

    def wait(self, seconds: float, stop: threading.Event) -> None:
        raise AssertionError("one look waits for no mail")


@pytest.fixture
def account() -> ImapAccount:
    return ImapAccount.objects.create(
        mailbox=make_mailbox(),
        host="imap.example",
        username="u",
        secret="MISSING",
        mode=ImapMode.LIVE,
        since=date(2026, 1, 1),
    )


def fetch(server: Folder, account: ImapAccount, fetcher: Fetcher | None = None) -> Fetcher:
    fetcher = fetcher or Fetcher(account.pk, threading.Event())
    fetcher.fetch(server, ImapAccount.objects.select_related("mailbox").get(pk=account.pk))
    account.refresh_from_db()
    return fetcher


def fetch_again_and_again(server: Server, account: ImapAccount, times: int, fetcher: Fetcher) -> None:
    for _ in range(times):
        try:
            fetch(server, account, fetcher)
        except ImapError:
            account.refresh_from_db()


def subjects() -> list[str]:
    return list(InboundMail.objects.order_by("imap_uid").values_list("subject", flat=True))


def test_mails_and_cursor_are_committed_together_in_batches(
    account: ImapAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap, "BATCH_MAILS", 3)
    server = Server([1, 2, 3, 5, 8, 13, 21])
    fetch(server, account)
    assert server.asked == [[1, 2, 3], [5, 8, 13], [21]]
    assert (account.uidvalidity, account.last_uid, InboundMail.objects.count()) == (7, 21, 7)
    assert InboundMail.objects.get(imap_uid=5).received_at == ARRIVED


def test_big_mails_are_fetched_a_few_at_once(account: ImapAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imap, "BATCH_BYTES", 250)
    server = Server([1, 2, 3, 4, 5])
    fetch(server, account)
    assert server.asked == [[1, 2], [3, 4], [5]]


@pytest.mark.parametrize(
    ("fault", "tries"), [("refuses", imap.TRIES_REFUSED), ("cuts", imap.TRIES_CUT), ("hides", imap.TRIES_REFUSED)]
)
def test_one_mail_that_cannot_be_had_is_replaced_by_a_note_and_stops_no_other(
    account: ImapAccount, fault: str, tries: int
) -> None:
    server = Server([1, 2, 3, 4, 5])
    setattr(server, fault, {3})
    fetcher = Fetcher(account.pk, threading.Event())
    fetch_again_and_again(server, account, tries - 1, fetcher)
    assert account.last_uid == 2
    assert subjects() == ["Richiesta 1", "Richiesta 2"]
    fetch_again_and_again(server, account, 2, fetcher)
    note = InboundMail.objects.get(problems=["unfetched"])
    assert note.imap_uid == 3
    assert all(word in bytes(note.raw.content) for word in (b"3", b"INBOX", b"imap.example"))
    assert [subject for subject in subjects() if subject != note.subject] == [f"Richiesta {n}" for n in (1, 2, 4, 5)]
    assert account.last_uid == 5


def test_a_mail_deleted_while_it_is_fetched_is_passed_over(account: ImapAccount) -> None:
    fetch(Server([1, 2, 3], vanish={3}), account)
    assert (subjects(), account.last_uid) == (["Richiesta 1", "Richiesta 2"], 2)


def test_a_server_that_finds_a_mail_and_does_not_describe_it_is_not_believed(account: ImapAccount) -> None:
    class Forgetful(Server):
        def listed(self, uids: Sequence[int]) -> list[Listed]:
            return [mail for mail in super().listed(uids) if mail.uid != 2]

    with pytest.raises(ImapError, match="does not describe UID 2"):
        fetch(Forgetful([1, 2, 3]), account)
    account.refresh_from_db()
    assert (subjects(), account.last_uid) == (["Richiesta 1"], 1), "the one behind must not move the cursor past it"


def test_the_same_uids_under_a_new_uidvalidity_are_looked_at_again_and_known(account: ImapAccount) -> None:
    fetch(Server([10, 11]), account)
    fetch(Server([1, 2, 10, 11], uidvalidity=8), account)
    assert (account.uidvalidity, account.last_uid) == (8, 11)
    assert sorted(subjects()) == ["Richiesta 1", "Richiesta 10", "Richiesta 11", "Richiesta 2"]


def test_a_mail_that_arrived_in_the_future_arrived_now(account: ImapAccount) -> None:
    class Ahead(Server):
        def listed(self, uids: Sequence[int]) -> list[Listed]:
            return [Listed(uid, 10, datetime.now(UTC) + timedelta(days=2)) for uid in uids]

    fetch(Ahead([1]), account)
    assert InboundMail.objects.get().received_at <= datetime.now(UTC)


def test_a_missing_password_is_named_by_its_setting(account: ImapAccount, settings: LazySettings) -> None:
    settings.SECRETS = {}
    with pytest.raises(ImapError, match="SPORTELLO_SECRET_MISSING"):
        password_of(account)


def test_pauses_grow_to_less_than_a_minute_and_are_spread() -> None:
    assert [1.5 <= pause_after(1) <= 2.5, 3 <= pause_after(2) <= 5, 30 <= pause_after(100) <= 50] == [True] * 3
    assert len({pause_after(5) for _ in range(10)}) > 1


def test_of_a_mail_that_is_too_big_the_beginning_is_taken(settings: LazySettings) -> None:
    settings.MAIL_MAX_BYTES = 50
    (fetched,) = contents_of(Server([1]), [Listed(1, 100, None)])
    assert (fetched.problem, fetched.raw) == ("oversize:100", written(1))
