"""Fetching from a real IMAP server: nothing lost, nothing twice, nothing changed on the server, whatever happens to the line."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from django.conf import LazySettings
from django.db import connection

from sportello.core import clock
from sportello.intake.imap import Fetcher
from sportello.mail.enums import Door, ImapMode, ImapTrouble, InboundState
from sportello.mail.models import ImapAccount, InboundMail
from tests.factories import make_mailbox
from tests.faults.composed import all_composed
from tests.mail.test_parsing_composed import harms
from tests.servers.dovecot import PASSWORD, USER, Dovecot, missing
from tests.servers.fetching import fetching
from tests.servers.line import Line
from tests.servers.until import until

pytestmark = [
    pytest.mark.system,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(bool(missing()), reason=missing()),
    pytest.mark.timeout(400),
]

COMPOSED = 200


def written(number: int, *, text: str = "Il sito non risponde.") -> bytes:
    return (
        f"From: Laura Doria <laura@ceramichedoria.example>\r\nTo: assistenza@provider.example\r\nSubject: Richiesta {number}\r\n"
        f"Message-ID: <m{number}@ceramichedoria.example>\r\nDate: Mon, 23 Nov 2026 09:00:00 +0100\r\n\r\n{text}\r\n"
    ).encode()


@pytest.fixture
def dovecot() -> Iterator[Dovecot]:
    with Dovecot() as server:
        yield server


@pytest.fixture
def line(dovecot: Dovecot) -> Iterator[Line]:
    with Line(dovecot.port) as line:
        yield line


@pytest.fixture
def account(line: Line, settings: LazySettings, transactional_db: None) -> ImapAccount:
    settings.SECRETS = {"TEST": PASSWORD}
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    return ImapAccount.objects.create(
        mailbox=make_mailbox("assistenza@provider.example"),
        host="127.0.0.1",
        port=line.port,
        tls=False,
        username=USER,
        secret="TEST",
        mode=ImapMode.LIVE,
        since=date(2020, 1, 1),
    )


@contextlib.contextmanager
def fetching_often(account: ImapAccount, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fetcher]:
    """The account's thread, with short pauses."""
    monkeypatch.setattr("sportello.intake.imap.FIRST_PAUSE", 0.05)
    monkeypatch.setattr("sportello.intake.imap.OTHER_NODE_SECONDS", 0.2)
    with fetching(account) as fetcher:
        yield fetcher


def arrived() -> int:
    return InboundMail.objects.count()


def subjects() -> list[str]:
    return sorted(InboundMail.objects.values_list("subject", flat=True))


def test_mail_that_lies_there_and_mail_that_comes_are_fetched_and_left_untouched(
    dovecot: Dovecot, account: ImapAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    dovecot.append(written(1), written(2))
    with fetching_often(account, monkeypatch):
        until(lambda: arrived() == 2)
        began = time.monotonic()
        dovecot.append(written(3))
        until(lambda: arrived() == 3)
        assert time.monotonic() - began < 5, "IDLE tells of new mail at once"
    stored = InboundMail.objects.get(subject="Richiesta 3")
    assert (stored.door, stored.state, bytes(stored.raw.content)) == (Door.IMAP, InboundState.RECEIVED, written(3))
    assert [b"\\Seen" in line for line in dovecot.flags()] == [False, False, False]
    account.refresh_from_db()
    assert (account.last_uid, account.failing_since, account.connected_at is not None) == (3, None, True)


def test_r05_r31_r32_mails_put_together_at_random_are_read_by_imap_as_they_were_written(
    dovecot: Dovecot, account: ImapAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    mails = [mail for _name, mail in all_composed(COMPOSED)]
    dovecot.append(*(mail.raw for mail in mails))
    with fetching_often(account, monkeypatch):
        until(lambda: arrived() == COMPOSED)
    fetched = InboundMail.objects.order_by("imap_uid").values_list("raw__content", flat=True)
    read = zip(mails, fetched, strict=True)
    assert [harm for mail, raw in read for harm in harms(replace(mail, raw=bytes(raw)))] == []


def test_mail_that_somebody_has_read_or_deleted_around_it_is_fetched_all_the_same(
    dovecot: Dovecot, account: ImapAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    dovecot.append(*(written(number) for number in range(1, 6)))
    client = dovecot.client()
    client.store("1:3", "+FLAGS", "(\\Seen)")
    client.store("2", "+FLAGS", "(\\Deleted)")
    client.expunge()
    client.logout()
    with fetching_often(account, monkeypatch):
        until(lambda: arrived() == 4)
    assert subjects() == ["Richiesta 1", "Richiesta 3", "Richiesta 4", "Richiesta 5"]


def test_a_line_that_is_cut_again_and_again_loses_and_doubles_nothing(
    dovecot: Dovecot, line: Line, account: ImapAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    dovecot.append(*(written(number, text="x" * 3000) for number in range(30)))
    line.cut_after = 9_000  # the greeting, the list and about two mails
    monkeypatch.setattr("sportello.intake.imap.BATCH_BYTES", 7_000)
    with fetching_often(account, monkeypatch):
        until(lambda: arrived() == 30, 60)
    assert line.connections > 5
    assert len(set(subjects())) == 30


def test_a_line_cut_while_it_waits_is_taken_up_again(
    dovecot: Dovecot, line: Line, account: ImapAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    dovecot.append(written(1))
    with fetching_often(account, monkeypatch):
        until(lambda: arrived() == 1)
        line.cut()
        dovecot.append(written(2))
        until(lambda: arrived() == 2)


def test_new_uids_for_old_mails_make_no_second_rows(
    dovecot: Dovecot, account: ImapAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    dovecot.append(written(1), written(2))
    with fetching_often(account, monkeypatch):
        until(lambda: arrived() == 2)
        before = ImapAccount.objects.get().uidvalidity
        dovecot.change_uidvalidity()
        dovecot.append(written(3))
        until(lambda: arrived() == 3)
        until(lambda: ImapAccount.objects.get().uidvalidity != before)
    assert subjects() == ["Richiesta 1", "Richiesta 2", "Richiesta 3"]


def test_five_thousand_mails_are_fetched_once_each(
    dovecot: Dovecot, account: ImapAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    dovecot.fill([written(number) for number in range(5000)])
    with fetching_often(account, monkeypatch):
        until(lambda: arrived() == 5000, 150)
    assert len(set(subjects())) == 5000
    account.refresh_from_db()
    assert account.last_uid == 5000


def test_receive_only_takes_mail_from_its_day_on_and_allows_no_answer(
    dovecot: Dovecot, account: ImapAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = dovecot.client()
    client.append("INBOX", "", '" 1-Oct-2020 10:00:00 +0000"', written(1))
    client.append("INBOX", "", "", written(2))
    client.logout()
    account.mode, account.since = ImapMode.PREVIEW, date(2021, 1, 1)
    account.save()
    with fetching_often(account, monkeypatch):
        until(lambda: arrived() == 1)
        dovecot.append(written(3))
        until(lambda: arrived() == 2)
    assert list(InboundMail.objects.order_by("imap_uid").values_list("subject", "answers_allowed")) == [
        ("Richiesta 2", False),
        ("Richiesta 3", False),
    ]


def test_a_wrong_password_is_shown_on_the_account_and_forgotten_once_it_works(
    account: ImapAccount, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SECRETS = {"TEST": "wrong"}
    with fetching_often(account, monkeypatch):
        until(lambda: ImapAccount.objects.get().failing_since is not None)
        assert ImapAccount.objects.get().trouble == ImapTrouble.SIGN_IN
        settings.SECRETS = {"TEST": PASSWORD}
        until(lambda: ImapAccount.objects.get().failing_since is None, 40)
        assert ImapAccount.objects.get().trouble is None


def test_two_nodes_do_not_fetch_the_same_account_at_once(
    dovecot: Dovecot, line: Line, account: ImapAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    dovecot.append(written(1))
    with fetching_often(account, monkeypatch):
        until(lambda: arrived() == 1)
        with fetching_often(account, monkeypatch):
            time.sleep(1)
            assert line.connections == 1


def test_a_mail_that_is_too_big_is_here_with_its_beginning_and_its_size(
    dovecot: Dovecot, account: ImapAccount, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MAIL_MAX_BYTES = 400_000
    dovecot.append(written(1, text="x" * 70 + "\r\n" * 300_000), written(2))
    with fetching_often(account, monkeypatch):
        until(lambda: arrived() == 2)
    big = InboundMail.objects.get(subject="Richiesta 1")
    assert big.raw.size == 256 * 1024
    assert [problem.partition(":")[0] for problem in big.problems] == ["oversize"]
    assert int(big.problems[0].partition(":")[2]) > 600_000


def test_a_server_without_idle_is_asked_again_and_again(account: ImapAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sportello.intake.imap.POLL_SECONDS", 0.3)
    with Dovecot("imap_capability = IMAP4rev1 LITERAL+") as server, Line(server.port) as line:
        ImapAccount.objects.update(port=line.port)
        server.append(written(1))
        with fetching_often(account, monkeypatch):
            until(lambda: arrived() == 1)
            server.append(written(2))
            until(lambda: arrived() == 2)
    assert line.connections == 1


def test_fetching_goes_on_after_the_database_cut_every_connection(
    dovecot: Dovecot, account: ImapAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    dovecot.append(written(1))
    with fetching_often(account, monkeypatch):
        until(lambda: arrived() == 1)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        dovecot.append(written(2))
        until(lambda: arrived() == 2)
        started = clock.now()
        until(lambda: ImapAccount.objects.get().failing_since is None, 30)
        assert ImapAccount.objects.get().connected_at is not None
        assert clock.now() >= started
