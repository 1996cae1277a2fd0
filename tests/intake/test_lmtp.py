"""The door as a mail server meets it: real sockets, a real database."""

from __future__ import annotations

import resource
import smtplib
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack

import pytest
from django.db import connection

from sportello.intake import lmtp
from sportello.mail.actions import take_waiting
from sportello.mail.enums import Door, InboundState
from sportello.mail.models import InboundMail, RawMail
from sportello.mail.queries import mailbox_for
from tests.factories import make_mailbox
from tests.intake.open_door import MAX_BYTES, OpenDoor
from tests.servers.until import until

pytestmark = pytest.mark.django_db(transaction=True)
Mails = Callable[[str], bytes]
SENDER = "laura@ceramichedoria.example"
ADDRESS = "assistenza@provider.example"


def test_250_means_that_the_bytes_and_the_row_are_in_the_database_and_wait_to_be_read(
    door: OpenDoor, mail: Mails
) -> None:
    make_mailbox(ADDRESS)
    raw = mail("sito_giu")
    with door.lmtp() as client:
        assert client.sendmail(SENDER, [ADDRESS], raw) == {}
    stored = InboundMail.objects.get()
    assert bytes(stored.raw.content) == raw
    assert (stored.state, stored.door, stored.envelope_from, stored.envelope_to) == (
        InboundState.RECEIVED,
        Door.LMTP,
        SENDER,
        ADDRESS,
    )
    assert (stored.sender, stored.sender_name, stored.subject) == (SENDER, "Laura Doria", "Il sito non si apre più")
    assert stored.message_id == "<a1b2c3@ceramichedoria.example>"
    assert [*take_waiting(most=9)] == [stored.pk]


def test_an_unknown_recipient_is_refused_at_rcpt(door: OpenDoor) -> None:
    make_mailbox(ADDRESS)
    with door.lmtp() as client:
        client.lhlo() if hasattr(client, "lhlo") else client.ehlo()
        client.mail(SENDER)
        assert client.rcpt("nobody@provider.example") == (550, b"5.1.1 No such mailbox here")
        assert client.rcpt(ADDRESS.upper())[0] == 250
        assert client.rcpt("assistenza+anything@provider.example")[0] == 250


def test_the_same_mail_again_is_answered_250_and_kept_once(door: OpenDoor, mail: Mails) -> None:
    make_mailbox(ADDRESS)
    traced = b"Received: from mx2 by mx1 with LMTP id 77\r\nDelivered-To: x@y\r\n" + mail("sito_giu")
    with door.lmtp() as client:
        client.sendmail(SENDER, [ADDRESS], mail("sito_giu"))
        client.sendmail(SENDER, [ADDRESS], traced)
    assert InboundMail.objects.count() == 1


def test_another_text_under_the_same_message_id_is_another_mail(door: OpenDoor, mail: Mails) -> None:
    make_mailbox(ADDRESS)
    with door.lmtp() as client:
        client.sendmail(SENDER, [ADDRESS], mail("sito_giu"))
        client.sendmail(SENDER, [ADDRESS], mail("sito_giu") + b"PS: urgente\r\n")
    assert InboundMail.objects.filter(message_id="<a1b2c3@ceramichedoria.example>").count() == 2


def test_two_mailboxes_get_a_row_each_and_lmtp_answers_for_each(door: OpenDoor, mail: Mails) -> None:
    make_mailbox(ADDRESS)
    make_mailbox("info@provider.example")
    conversation = talk(
        door.lmtp_port,
        b"LHLO mx\r\n",
        b"MAIL FROM:<%s>\r\nRCPT TO:<%s>\r\nRCPT TO:<info@provider.example>\r\nDATA\r\n"
        % (SENDER.encode(), ADDRESS.encode()),
        mail("sito_giu") + b".\r\nQUIT\r\n",
    )
    assert conversation.count(b"250 2.0.0 Stored\r\n") == 2
    assert sorted(InboundMail.objects.values_list("mailbox__address", flat=True)) == [ADDRESS, "info@provider.example"]
    assert RawMail.objects.count() == 1


def test_smtp_answers_once_for_all_recipients(door: OpenDoor, mail: Mails) -> None:
    make_mailbox(ADDRESS)
    make_mailbox("info@provider.example")
    with door.smtp() as client:
        assert client.sendmail(SENDER, [ADDRESS, "info@provider.example"], mail("sito_giu")) == {}
    assert sorted(InboundMail.objects.values_list("door", flat=True)) == [Door.SMTP, Door.SMTP]


def test_dots_long_lines_and_bare_line_feeds_arrive_byte_for_byte(door: OpenDoor, mail: Mails) -> None:
    make_mailbox(ADDRESS)
    body = b".\r\n..\r\n.due punti\r\n" + b"x" * 150_000 + b"\r\nlone\n.\nfeeds\r.\r\nend."
    raw = mail("sito_giu") + body + b"\r\n"
    sent = raw.replace(b"\r\n.", b"\r\n..")
    answer = talk(
        door.lmtp_port,
        b"LHLO mx\r\n",
        b"MAIL FROM:<>\r\nRCPT TO:<%s>\r\nDATA\r\n" % ADDRESS.encode(),
        sent + b".\r\nQUIT\r\n",
    )
    assert b"250 2.0.0 Stored" in answer
    stored = InboundMail.objects.get()
    assert bytes(stored.raw.content) == raw
    assert stored.envelope_from == ""


@pytest.mark.parametrize("ending", [b"\n.\n", b"\n.\r\n", b"\r.\r", b"\r\n.\n", b"\r\n.\r"])
def test_no_second_mail_is_smuggled_in_behind_a_false_end(door: OpenDoor, mail: Mails, ending: bytes) -> None:
    make_mailbox(ADDRESS)
    inner = b"MAIL FROM:<admin@provider.example>\r\nRCPT TO:<%s>\r\nDATA\r\nFrom: admin\r\n\r\nfalse" % ADDRESS.encode()
    talk(
        door.lmtp_port,
        b"LHLO mx\r\n",
        b"MAIL FROM:<a@b.example>\r\nRCPT TO:<%s>\r\nDATA\r\n" % ADDRESS.encode(),
        mail("sito_giu") + ending + inner + b"\r\n.\r\nQUIT\r\n",
    )
    assert InboundMail.objects.count() == 1


def test_an_empty_mail_is_a_mail(door: OpenDoor) -> None:
    make_mailbox(ADDRESS)
    talk(
        door.lmtp_port, b"LHLO mx\r\n", b"MAIL FROM:<>\r\nRCPT TO:<%s>\r\nDATA\r\n" % ADDRESS.encode(), b".\r\nQUIT\r\n"
    )
    assert bytes(InboundMail.objects.get().raw.content) == b""


def test_a_mail_over_the_limit_is_refused_and_the_line_stays_usable(door: OpenDoor, mail: Mails) -> None:
    make_mailbox(ADDRESS)
    too_big = mail("sito_giu") + b"x" * 70 + b"\r\n" * MAX_BYTES
    with door.lmtp() as client:
        with pytest.raises(smtplib.SMTPSenderRefused) as declared:
            client.sendmail(SENDER, [ADDRESS], too_big)
        assert (declared.value.smtp_code, declared.value.smtp_error) == (552, b"5.3.4 Message too big for this system")
        client.mail(SENDER)
        client.rcpt(ADDRESS)
        assert client.data(too_big) == (552, b"5.3.4 Message too big for this system")
        assert client.sendmail(SENDER, [ADDRESS], mail("sito_giu")) == {}
    assert InboundMail.objects.count() == 1


def test_when_the_database_refuses_the_answer_is_451_without_its_reason(door: OpenDoor, mail: Mails) -> None:
    make_mailbox(ADDRESS)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE mail_rawmail RENAME TO mail_rawmail_away")
    try:
        with door.lmtp() as client, pytest.raises(smtplib.SMTPDataError) as answer:
            client.sendmail(SENDER, [ADDRESS], mail("sito_giu"))
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE mail_rawmail_away RENAME TO mail_rawmail")
    assert (answer.value.smtp_code, answer.value.smtp_error) == (451, b"4.3.0 Not stored, try again later")
    with door.lmtp() as client:
        assert client.sendmail(SENDER, [ADDRESS], mail("sito_giu")) == {}
    assert InboundMail.objects.count() == 1


def test_mails_are_taken_in_again_after_the_database_cut_every_connection(door: OpenDoor, mail: Mails) -> None:
    make_mailbox(ADDRESS)
    with door.lmtp() as client:
        client.sendmail(SENDER, [ADDRESS], mail("sito_giu"))
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        assert client.sendmail(SENDER, [ADDRESS], mail("sito_giu") + b"again\r\n") == {}
    assert InboundMail.objects.count() == 2


def test_addresses_that_are_no_text_do_not_keep_a_mail_out(door: OpenDoor, mail: Mails) -> None:
    make_mailbox(ADDRESS)
    answer = talk(
        door.lmtp_port,
        b"LHLO mx\r\n",
        b"MAIL FROM:<l\xe0ura@x.example> SMTPUTF8\r\nRCPT TO:<%s>\r\nDATA\r\n" % ADDRESS.encode(),
        mail("sito_giu") + b".\r\nQUIT\r\n",
    )
    assert b"250 2.0.0 Stored" in answer
    assert InboundMail.objects.get().envelope_from == "l\ufffdura@x.example"


def talk(port: int, *sayings: bytes) -> bytes:
    """Says one thing after another, each once something was answered to the one before; all that was answered until the end."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as line:
        heard = line.recv(1000)
        for saying in sayings:
            line.sendall(saying)
            if b"QUIT" not in saying:
                heard += line.recv(10_000)
        while piece := line.recv(10_000):
            heard += piece
    return heard


def test_one_connection_too_many_is_asked_to_come_again(door: OpenDoor, monkeypatch: pytest.MonkeyPatch) -> None:
    make_mailbox(ADDRESS)
    monkeypatch.setattr(lmtp, "MAX_CONNECTIONS", 2)
    with door.lmtp(), door.lmtp(), socket.create_connection(("127.0.0.1", door.lmtp_port), timeout=10) as third:
        assert third.recv(1000) == b"421 4.3.2 Too many connections, try again later\r\n"
        assert third.recv(1000) == b""


def test_s25_idle_connections_keep_nobody_out(door: OpenDoor, mail: Mails, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor do those that stop in the middle of a mail. Who is at work, and who has just come, is not cut off."""
    make_mailbox(ADDRESS)
    monkeypatch.setattr(lmtp, "MAX_CONNECTIONS", 10)
    monkeypatch.setattr(lmtp, "IDLE_SECONDS", 0.3)
    monkeypatch.setattr(lmtp, "STALLED_SECONDS", 0.6)
    begun = (b"", b"LHLO mx\r\n", b"LHLO mx\r\nMAIL FROM:<>\r\nRCPT TO:<%s>\r\nDATA\r\nhalf a" % ADDRESS.encode())
    with ExitStack() as stack:
        for number in range(100):
            idle = stack.enter_context(socket.create_connection(("127.0.0.1", door.lmtp_port), timeout=10))
            idle.sendall(begun[number % 3])
            if number % 10 == 9:
                time.sleep(0.7)
        with door.lmtp() as client:
            assert client.sendmail(SENDER, [ADDRESS], mail("sito_giu")) == {}
    assert InboundMail.objects.count() == 1


def test_s25_a_thousand_silent_connections_keep_nobody_out(door: OpenDoor, mail: Mails) -> None:
    """With the door's own limits: most are sent away, and one of those that stayed gives way to who has a mail."""
    make_mailbox(ADDRESS)
    most, allowed = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(most, min(4096, allowed)), allowed))

    def is_taken() -> bool:
        try:
            with door.lmtp() as client:
                return client.sendmail(SENDER, [ADDRESS], mail("sito_giu")) == {}
        except (OSError, smtplib.SMTPException):
            return False

    with ExitStack() as stack:
        for _ in range(1_000):
            stack.enter_context(socket.create_connection(("127.0.0.1", door.lmtp_port), timeout=60))
        until(is_taken, seconds=60)
    assert InboundMail.objects.count() == 1


def test_s25_ten_thousand_recipients_are_not_looked_up(door: OpenDoor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither ours nor others'; the mail for those that were taken still comes."""
    make_mailbox(ADDRESS)
    looked_up: list[str] = []

    def counted(recipient: str) -> object:
        looked_up.append(recipient)
        return mailbox_for(recipient)

    monkeypatch.setattr(lmtp, "mailbox_for", counted)
    rcpt = b"".join(b"RCPT TO:<%s>\r\n" % (ADDRESS.encode() if n % 3 else b"n%d@x.example" % n) for n in range(10_000))
    answer = talk(
        door.lmtp_port,
        b"LHLO mx\r\n",
        b"MAIL FROM:<a@b.example>\r\n" + rcpt + b"DATA\r\n",
        b"Subject: x\r\n\r\nx\r\n.\r\nQUIT\r\n",
    )
    assert len(looked_up) <= 150
    assert (answer.count(b"250 2.1.5"), answer.count(b"550 5.1.1"), answer.count(b"452 4.5.3")) == (100, 50, 9_850)
    assert answer.count(b"250 2.0.0 Stored\r\n") == 100
    assert InboundMail.objects.count() == 1


def test_too_many_recipients_are_sent_afterwards(door: OpenDoor, monkeypatch: pytest.MonkeyPatch) -> None:
    make_mailbox(ADDRESS)
    monkeypatch.setattr(lmtp, "MAX_RECIPIENTS", 2)
    with door.lmtp() as client:
        client.ehlo()
        client.mail(SENDER)
        assert [client.rcpt(ADDRESS)[0] for _ in range(3)] == [250, 250, 452]


def test_half_a_mail_is_no_mail(door: OpenDoor, mail: Mails) -> None:
    make_mailbox(ADDRESS)
    with socket.create_connection(("127.0.0.1", door.lmtp_port), timeout=10) as line:
        for saying in (
            b"LHLO mx\r\n",
            b"MAIL FROM:<a@b.example>\r\n",
            f"RCPT TO:<{ADDRESS}>\r\n".encode(),
            b"DATA\r\n",
        ):
            line.recv(1000)
            line.sendall(saying)
        line.recv(1000)
        line.sendall(mail("sito_giu"))
    with door.lmtp() as client:
        client.sendmail(SENDER, [ADDRESS], mail("sito_giu") + b"whole\r\n")
    assert InboundMail.objects.count() == 1


@pytest.mark.parametrize(
    "nonsense",
    [b"DATA\r\n", b"RCPT TO:<x@y>\r\n", b"MAIL FROM\r\n", b"\xff\xfe\r\n", b"\x00\r\n", b"X" * 9000 + b"\r\n"],
)
def test_nonsense_is_answered_and_harms_nobody(door: OpenDoor, mail: Mails, nonsense: bytes) -> None:
    make_mailbox(ADDRESS)
    assert b"\r\n5" in talk(door.lmtp_port, b"LHLO mx\r\n", nonsense, b"QUIT\r\n")
    with door.lmtp() as client:
        assert client.sendmail(SENDER, [ADDRESS], mail("sito_giu")) == {}


def test_a_size_in_figures_that_are_no_digits_is_no_size(door: OpenDoor, caplog: pytest.LogCaptureFixture) -> None:
    """It was a fault of ours in the log, and the mail was put off for ever."""
    heard = talk(door.lmtp_port, b"LHLO mx\r\n", "MAIL FROM:<a@b.example> SIZE=²\r\n".encode(), b"QUIT\r\n")
    assert lmtp.SENDER_OK.encode() in heard
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


def test_an_address_that_is_asked_for_again_and_again_is_looked_up_once_a_second(
    door: OpenDoor, mail: Mails, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And one that nobody had a moment ago may be somebody's now."""
    looked_up: list[str] = []

    def counted(recipient: str) -> object:
        looked_up.append(recipient)
        return mailbox_for(recipient)

    monkeypatch.setattr(lmtp, "mailbox_for", counted)
    monkeypatch.setattr(lmtp, "KNOWN_SECONDS", 600.0)
    with door.lmtp() as client:
        client.ehlo()
        client.mail(SENDER)
        assert client.rcpt(ADDRESS)[0] == 550
        make_mailbox(ADDRESS)
        assert client.rcpt(ADDRESS)[0] == 250
        client.rset()
        for number in range(3):
            client.sendmail(SENDER, [ADDRESS], mail("sito_giu") + b"%d\r\n" % number)
    assert looked_up == [ADDRESS, ADDRESS]
    assert InboundMail.objects.count() == 3
