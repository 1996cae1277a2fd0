"""R05: an IMAP server that misbehaves in every way that is known: nothing is lost or doubled, nobody hangs, and the next good mail arrives."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from functools import partial

import pytest
from django.conf import LazySettings
from django.db import connection

from sportello.mail.models import ImapAccount, InboundMail
from tests.faults import counts
from tests.servers.fetching import account_at, fetching
from tests.servers.imap_server import Asked, Conduct, HangUp, ImapServer, Say, good, hang
from tests.servers.line import Line
from tests.servers.until import until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

MAILS = 6
NOTE = "Una mail che il server di posta non consegna"
_LITERAL = re.compile(rb"\{(\d+)\}")


def written(number: int) -> bytes:
    return (
        f"From: Laura Doria <laura@doria.example>\r\nTo: assistenza@provider.example\r\nSubject: Richiesta {number:03}\r\n"
        f"Message-ID: <m{number}@doria.example>\r\nDate: Mon, 23 Nov 2026 09:00:00 +0100\r\n\r\nIl sito {number} non risponde.\r\n"
    ).encode()


def expected(count: int) -> list[str]:
    return [f"Richiesta {number:03}" for number in range(count)]


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same limits, shorter; and with pauses as short as these, more tries until a mail is given up."""
    for name, limit in (
        ("FIRST_PAUSE", 0.01),
        ("LONGEST_PAUSE", 0.02),
        ("OTHER_NODE_SECONDS", 0.1),
        ("POLL_SECONDS", 0.1),
        ("TRIES_REFUSED", 10_000),
        ("TRIES_CUT", 10_000),
    ):
        monkeypatch.setattr(f"sportello.intake.imap.{name}", limit)
    monkeypatch.setattr("sportello.mail.adapters.imap_client.TIMEOUT", 0.4)
    monkeypatch.setattr("sportello.mail.adapters.imap_client.ANSWER_SECONDS", 0.8)


@pytest.fixture
def server() -> Iterator[ImapServer]:
    with ImapServer({number + 1: written(number) for number in range(MAILS)}) as running:
        yield running


@pytest.fixture
def account(server: ImapServer, settings: LazySettings, transactional_db: None) -> ImapAccount:
    settings.SECRETS = {"TEST": "secret"}
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    return account_at(server.port)


def subjects() -> list[str]:
    return sorted(InboundMail.objects.values_list("subject", flat=True))


def failing(account: ImapAccount) -> bool:
    return ImapAccount.objects.filter(pk=account.pk, failing_since__isnull=False).exists()


# -- ways to misbehave ---------------------------------------------------------------------------------------------------
def at(name: str, how: Conduct, *, having: bytes = b"") -> Conduct:
    """`how` when this is asked (for something that has the word), and well otherwise."""

    def conduct(asked: Asked, say: Say) -> None:
        (how if asked.name == name and having in asked.arguments else good)(asked, say)

    return conduct


def saying(words: bytes) -> Conduct:
    """The tag stands for `TAG`."""
    return lambda asked, say: say(words.replace(b"TAG", asked.tag))


def cutting(asked: Asked, say: Say) -> None:
    say(asked.whole[: len(asked.whole) // 2])
    raise HangUp


def dripping(asked: Asked, say: Say) -> None:
    for byte in asked.whole:
        say(bytes([byte]))
        time.sleep(0.1)


def shouting(asked: Asked, say: Say) -> None:
    for _ in range(2_000):
        say(b"* 5 EXISTS\r\n" * 1_000)
    raise HangUp


def before(words: bytes) -> Conduct:
    return lambda asked, say: say(words + asked.whole)


def changed(change: Callable[[bytes], bytes]) -> Conduct:
    return lambda asked, say: say(change(asked.answer) + asked.done)


def replaced(pattern: bytes, by: bytes) -> Conduct:
    return changed(lambda answer: re.sub(pattern, by, answer, flags=re.DOTALL))


def literals(size: Callable[[int], int]) -> Conduct:
    return changed(lambda answer: _LITERAL.sub(lambda found: b"{%d}" % size(int(found[1])), answer))


BODY = b"BODY.PEEK"
SIZE = b"RFC822.SIZE"
FAILING: dict[str, Conduct] = {
    **{f"hangs at {name}": at(name, hang) for name in ("GREETING", "LOGIN", "EXAMINE", "SEARCH", "FETCH", "IDLE")},
    **{
        f"cuts at {name}": at(name, cutting)
        for name in ("GREETING", "CAPABILITY", "LOGIN", "EXAMINE", "SEARCH", "FETCH")
    },
    **{
        f"says no at {name}": at(name, saying(b"TAG NO not now\r\n"))
        for name in ("LOGIN", "EXAMINE", "SEARCH", "FETCH")
    },
    **{
        f"says bad at {name}": at(name, saying(b"TAG BAD what?\r\n"))
        for name in ("LOGIN", "EXAMINE", "SEARCH", "FETCH")
    },
    **{
        f"says bye at {name}": at(name, saying(b"* BYE going down\r\n"))
        for name in ("GREETING", "LOGIN", "SEARCH", "FETCH")
    },
    **{f"drips at {name}": at(name, dripping) for name in ("GREETING", "EXAMINE", "FETCH")},
    **{f"shouts at {name}": at(name, shouting) for name in ("EXAMINE", "FETCH")},
    **{f"answers another tag at {name}": at(name, saying(b"XX99 OK done\r\n")) for name in ("SEARCH", "FETCH")},
    **{
        f"talks nonsense at {name}": at(name, saying(b"\x00\xff\x1b[31m\r\n"))
        for name in ("GREETING", "SEARCH", "FETCH")
    },
    "no UIDVALIDITY": at("EXAMINE", changed(lambda answer: answer.replace(b"UIDVALIDITY", b"NOTHING"))),
    "UIDs that are no numbers": at("SEARCH", saying(b"* SEARCH one two\r\nTAG OK done\r\n")),
    "UIDs beyond all numbers": at("SEARCH", saying(b"* SEARCH 99999999999999999999999\r\nTAG OK done\r\n")),
    "a literal of a terabyte": at("FETCH", literals(lambda _size: 10**12), having=BODY),
    "literals longer than the mail": at("FETCH", literals(lambda size: size + 5_000), having=BODY),
    "a literal of less than nothing": at("FETCH", changed(lambda answer: _LITERAL.sub(b"{-1}", answer)), having=BODY),
    "a line of megabytes": at("FETCH", before(b"* " + b"x" * 6_000_000 + b"\r\n")),
    "mails without content": at("FETCH", saying(b"TAG OK done\r\n"), having=BODY),
    "empty mails": at("FETCH", replaced(rb"\{\d+\}\r\n.*?\)\r\n(?=\*|\Z)", b"{0}\r\n)\r\n"), having=BODY),
    "half mails": at("FETCH", replaced(rb"\{\d+\}\r\n(.{30}).*?\)\r\n(?=\*|\Z)", rb"{30}\r\n\1)\r\n"), having=BODY),
    "mails not described": at("FETCH", saying(b"TAG OK done\r\n"), having=SIZE),
    "every second mail not described": at(
        "FETCH", changed(lambda answer: b"".join(answer.splitlines(keepends=True)[1::2])), having=SIZE
    ),
}
"""Nothing can be fetched, or not all, for as long as it lasts."""
HARMLESS: dict[str, Conduct] = {
    "every number twice": at("SEARCH", changed(lambda answer: answer.replace(b"SEARCH", b"SEARCH" + answer[8:-2]))),
    "numbers in disorder": at("SEARCH", changed(lambda answer: b" ".join([b"* SEARCH", *reversed(answer[9:-2].split())]) + b"\r\n")),
    "numbers of mails that are not there": at("SEARCH", changed(lambda answer: answer[:-2] + b" 4294967295\r\n")),
    "a new mail in every search": at("SEARCH", before(b"* 7 EXISTS\r\n")),
    "wrong counts": at("EXAMINE", before(b"* 99999 EXISTS\r\n* 5000 RECENT\r\n")),
    "tells of other mails meanwhile": at("FETCH", before(b"* 1 FETCH (UID 900 FLAGS (\\Seen))\r\n* 3 EXPUNGE\r\n")),
    "describes mails nobody asked for": at("FETCH", before(b"* 9 FETCH (UID 900 RFC822.SIZE 50)\r\n"), having=SIZE),
    "every mail twice": at("FETCH", changed(lambda answer: answer + answer)),
    "dates that are none": at("FETCH", replaced(rb"23-Nov", b"99-Foo"), having=SIZE),
    "sizes that are wrong by a little": at("FETCH", replaced(rb"SIZE 1(\d\d)\b", rb"SIZE 2\1"), having=SIZE),
    "no capabilities": at("CAPABILITY", saying(b"* CAPABILITY IMAP4rev1\r\nTAG OK done\r\n")),
    "no number for the next mail": at("EXAMINE", replaced(rb"UIDNEXT", b"NOTHING")),
    "always one as the next number": at("EXAMINE", replaced(rb"UIDNEXT \d+", b"UIDNEXT 1")),
    "the number after the mail": at("FETCH", replaced(rb"\(UID (\d+) (BODY\[\] .*?)\)\r\n(?=\*|\Z)", rb"(\2 UID \1)\r\n"), having=BODY),
}  # fmt: skip


def test_r05_a_server_that_fails_is_named_and_once_it_is_good_everything_is_there_once(
    server: ImapServer, account: ImapAccount, record_property: Callable[[str, object], None]
) -> None:
    worst, survived = 0.0, 0
    with fetching(account):
        until(lambda: len(subjects()) == MAILS)
        for name, conduct in FAILING.items():
            server.behaves(conduct)
            server.deliver(written(len(server.mails)))
            wait_for(lambda: failing(account), f"failing: {name}")
            server.behaves(good)
            server.deliver(written(len(server.mails)))
            begun = time.monotonic()
            wait_for(lambda: set(expected(len(server.mails))) <= set(subjects()), f"everything is there: {name}")
            wait_for(lambda: not failing(account), f"not failing any more: {name}")
            worst = max(worst, time.monotonic() - begun)
            survived += 1
    assert subjects() == expected(len(server.mails))
    figures: counts.Figures = {
        "faults": len(FAILING),
        "survived": survived,
        "acknowledged": len(server.mails),
        "found": len(set(expected(len(server.mails))) & set(subjects())),
        "lost": 0,
        "doubled": 0,
        "worst recovery s": worst,
    }
    counts.tell(record_property, "IMAP server that fails", figures)


def test_r05_oddities_change_nothing(
    server: ImapServer, account: ImapAccount, record_property: Callable[[str, object], None]
) -> None:
    survived = 0
    with fetching(account):
        for name, conduct in HARMLESS.items():
            server.behaves(conduct)
            for _ in range(2):
                server.deliver(written(len(server.mails)))
                wait_for(lambda: set(expected(len(server.mails))) <= set(subjects()), name)
            survived += 1
    assert subjects() == expected(len(server.mails))
    mails, ways = len(server.mails), len(HARMLESS)
    told: counts.Figures = {
        "faults": ways,
        "survived": survived,
        "acknowledged": mails,
        "found": mails,
        "lost": 0,
        "doubled": 0,
    }
    counts.tell(record_property, "IMAP server that is odd", told)


def test_r05_numbers_that_begin_anew_hide_no_mail(server: ImapServer, account: ImapAccount) -> None:
    """A mailbox that was restored: the UIDVALIDITY is the old one, and new mails get numbers that others had."""
    with fetching(account):
        until(lambda: len(subjects()) == MAILS)
        server.mails = {1: written(0), 2: written(MAILS)}
        server.behaves(good)
        until(lambda: len(subjects()) > MAILS)
    assert subjects() == expected(MAILS + 1)


def test_r05_a_mail_that_is_never_handed_over_is_noted_and_stops_no_other(
    server: ImapServer, account: ImapAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sportello.intake.imap.TRIES_REFUSED", 3)

    def refusing(asked: Asked, say: Say) -> None:
        (saying(b"TAG NO broken\r\n") if b"UID 3 BODY" in asked.answer else good)(asked, say)

    server.conduct = refusing
    with fetching(account):
        until(lambda: len(subjects()) == MAILS)
    without_third = [subject for subject in expected(MAILS) if subject != "Richiesta 002"]
    assert subjects() == sorted([*without_third, NOTE])


def test_r05_a_number_that_no_mail_has_yet_is_no_mail_to_be_noted(
    server: ImapServer, account: ImapAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SEARCH finds it for ever and FETCH never; the server's own UIDNEXT says that it is still to come."""
    monkeypatch.setattr("sportello.intake.imap.TRIES_REFUSED", 2)
    searched: list[Asked] = []

    def finding(asked: Asked, say: Say) -> None:
        searched.extend([asked] if asked.name == "SEARCH" else [])
        at("SEARCH", changed(lambda answer: answer[:-2] + b" 4294967295\r\n"))(asked, say)

    server.behaves(finding)
    with fetching(account):
        until(lambda: len(subjects()) == MAILS)
        until(lambda: len(searched) > 2)
        server.deliver(written(MAILS))
        until(lambda: len(subjects()) > MAILS)
        until(lambda: not failing(account))
    assert subjects() == expected(MAILS + 1)
    account.refresh_from_db()
    assert account.last_uid == MAILS + 1


def test_r05_a_line_cut_at_any_byte_loses_and_doubles_nothing(server: ImapServer, account: ImapAccount) -> None:
    """Each connection carries a few bytes more than the one before."""
    with Line(server.port) as line, fetching(moved_to(account, line.port)):
        for cut_after in range(30, 2_400, 12):
            line.cut_after = cut_after
            line.cut()
            wait_for(partial(is_further, line, line.connections), f"cut after {cut_after}")
            if len(subjects()) == MAILS:
                break
        line.cut_after = None
        line.cut()
        server.deliver(written(MAILS))
        until(lambda: len(subjects()) > MAILS)
    assert subjects() == expected(MAILS + 1)


def is_further(line: Line, than: int) -> bool:
    return line.connections > than + 1 or len(subjects()) == MAILS


def moved_to(account: ImapAccount, port: int) -> ImapAccount:
    ImapAccount.objects.filter(pk=account.pk).update(port=port)
    return account


def wait_for(condition: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, f"not in time: {what}"
        time.sleep(0.05)


def test_r05_a_folder_in_whose_place_another_was_put_while_it_was_open_hides_no_mail(
    server: ImapServer, account: ImapAccount
) -> None:
    """A fault found: a folder was opened once a connection, which may last for days, and what came into the new one was seen after its end."""
    with fetching(account):
        until(lambda: len(subjects()) == MAILS)
        sessions = server.sessions
        server.uidvalidity, server.mails = 8, {1: written(0)}
        server.deliver(written(MAILS))
        until(lambda: len(subjects()) > MAILS)
        assert server.sessions == sessions, "on the connection that it had"
    assert subjects() == expected(MAILS + 1)
