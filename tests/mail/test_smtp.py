"""Talking to mail servers of every kind: encrypted or not, with a login or not, and those that behave badly."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from sportello.mail.adapters import smtp as adapter
from sportello.mail.adapters import transport
from sportello.mail.adapters.patience import Health, Patient
from sportello.mail.adapters.smtp import Kept, Parcel, Smtp
from sportello.mail.rules import Answer, Outcome, Phase, outcome
from tests.mail.certificates import certificate_in
from tests.mail.smtp_server import Conduct, serving

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
PARCEL = Parcel("support+b@provider.example", "laura@customer.example", b"Subject: x\r\n\r\n.\r\n..two\r\nend\r\n")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return certificate_in(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="module")
def server_side(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture(scope="module")
def trusting(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate))


def test_the_mail_arrives_byte_by_byte_also_where_lines_begin_with_a_dot() -> None:
    conduct = Conduct()
    with serving(conduct) as (host, port):
        answer = Smtp(host, port).send(PARCEL)
    assert (answer.phase, answer.code) == (Phase.DATA, 250)
    assert [got.content for got in conduct.got] == [PARCEL.content]


def test_implicit_tls(server_side: ssl.SSLContext, trusting: ssl.SSLContext) -> None:
    conduct = Conduct()
    with serving(conduct, tls=server_side) as (host, port):
        answer = Smtp(host, port, security="tls", context=trusting).send(PARCEL)
    assert outcome(answer) is Outcome.SENT
    assert [got.encrypted for got in conduct.got] == [True]


def test_starttls(server_side: ssl.SSLContext, trusting: ssl.SSLContext) -> None:
    conduct = Conduct()
    with serving(conduct, tls_context=server_side) as (host, port):
        answer = Smtp(host, port, security="starttls", context=trusting).send(PARCEL)
    assert outcome(answer) is Outcome.SENT
    assert [got.encrypted for got in conduct.got] == [True]


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_that_nobody_vouches_for_is_not_spoken_to(server_side: ssl.SSLContext, security: str) -> None:
    conduct = Conduct()
    options = {"tls": server_side} if security == "tls" else {"tls_context": server_side}
    with serving(conduct, **options) as (host, port):
        answer = Smtp(host, port, security=security).send(PARCEL)
    assert (outcome(answer), conduct.got) == (Outcome.RETRY, [])
    assert answer.text.startswith("the mail server's certificate is not trusted: self")


def test_a_server_without_starttls_gets_neither_the_mail_nor_the_password() -> None:
    conduct = Conduct()
    with serving(conduct, with_login=True) as (host, port):
        answer = Smtp(host, port, security="starttls", user="desk", password="secret").send(PARCEL)
    assert (answer.phase, outcome(answer), conduct.got) == (Phase.TLS, Outcome.RETRY, [])


def test_with_a_login() -> None:
    conduct = Conduct()
    with serving(conduct, with_login=True) as (host, port):
        answer = Smtp(host, port, user="desk", password="secret").send(PARCEL)
    assert outcome(answer) is Outcome.SENT


def test_a_wrong_password_loses_no_mail() -> None:
    with serving(Conduct(), with_login=True) as (host, port):
        answer = Smtp(host, port, user="desk", password="old").send(PARCEL)
    assert (answer.phase, answer.code, outcome(answer)) == (Phase.AUTH, 535, Outcome.RETRY)


def test_an_address_outside_ascii_goes_where_the_server_can_carry_it() -> None:
    conduct = Conduct()
    parcel = Parcel(
        "support@provider.example",
        "josé@customer.example",
        "To: josé@customer.example\r\n\r\nx\r\n".encode(),
        utf8=True,
    )
    with serving(conduct, enable_SMTPUTF8=True) as (host, port):
        assert outcome(Smtp(host, port).send(parcel)) is Outcome.SENT
    assert [got.recipients for got in conduct.got] == [["josé@customer.example"]]
    with serving(conduct, enable_SMTPUTF8=False) as (host, port):
        answer = Smtp(host, port).send(parcel)
    assert (outcome(answer), answer.words) == (
        Outcome.FAILED,
        "553 5.6.7 the mail server cannot carry addresses with letters outside ASCII",
    )


def test_a_mail_larger_than_the_server_takes_is_refused_before_it_is_sent() -> None:
    conduct = Conduct()
    with serving(conduct, data_size_limit=10) as (host, port):
        answer = Smtp(host, port).send(PARCEL)
    assert (answer.phase, answer.code, conduct.tries) == (Phase.SENDER, 552, 0)


@contextmanager
def raw_server(*lines: bytes) -> Iterator[int]:
    """Says these lines, one after each line it reads, and hangs up."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        connection, _ = listener.accept()
        with connection, connection.makefile("rb") as reader:
            for line in lines:
                connection.sendall(line)
                reader.readline()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    with listener:
        yield listener.getsockname()[1]


@pytest.mark.parametrize(
    ("lines", "phase"),
    [
        ([b"554 no service here\r\n"], Phase.CONNECT),
        ([b"rubbish\r\n"], Phase.CONNECT),
        ([b"220 hello\r\n", b"\xff\xfe\x00\r\n"], Phase.HELLO),
        ([b"220 hello\r\n", b"250 me\r\n", b"250 OK\r\n", b"250 OK\r\n", b"500 no DATA here\r\n"], Phase.DATA),
        ([b"220 hello\r\n", b"250 me\r\n", b"421 closing\r\n"], Phase.SENDER),
        ([b"220 hello\r\n", b"250 me\r\n", b"250 OK\r\n"], Phase.RECIPIENT),
        ([b"220 hello\r\n", b"250 me\r\n", b"250 OK\r\n", b"250 OK\r\n"], Phase.DATA),
    ],
)
def test_whatever_a_server_says_is_an_answer_and_never_an_exception(lines: list[bytes], phase: Phase) -> None:
    with raw_server(*lines) as port:
        answer = Smtp("127.0.0.1", port, timeout=2).send(PARCEL)
    assert answer.phase is phase
    assert outcome(answer) in (Outcome.RETRY, Outcome.FAILED)


def test_a_server_that_answers_letter_by_letter_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(adapter, "LONGEST_TALK", 0.5)
    listener = socket.create_server(("127.0.0.1", 0))
    done = threading.Event()

    def drip() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.sendall(b"220 hello\r\n")
            while not done.wait(0.05):
                try:
                    connection.sendall(b"x")
                except OSError:
                    return

    thread = threading.Thread(target=drip)
    thread.start()
    with listener:
        answer = Smtp("127.0.0.1", listener.getsockname()[1], timeout=10).send(PARCEL)
    done.set()
    thread.join(5)
    assert (answer.phase, outcome(answer)) == (Phase.HELLO, Outcome.RETRY)


def test_a_host_that_does_not_exist_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_args: Any, **_kwargs: Any) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    answer = Smtp("mail.provider.example", 25).send(PARCEL)
    assert (answer.phase, answer.words) == (Phase.CONNECT, "Name or service not known")


def test_the_password_is_not_shown_where_the_server_is() -> None:
    assert "secret" not in repr(Smtp("mail.provider.example", 25, password="secret"))


def test_the_demonstration_sends_nothing(settings: Any) -> None:
    settings.DEMO = True
    assert transport.configured() == Kept()
    assert outcome(Kept().send(PARCEL)) is Outcome.SENT


@pytest.mark.parametrize(
    ("public_url", "hello"),
    [
        ("https://desk.provider.example", "desk.provider.example"),
        ("http://127.0.0.1:8000", "[127.0.0.1]"),
        ("http://[::1]:8000", "[IPv6:::1]"),
    ],
)
def test_it_introduces_itself_by_its_public_name(settings: Any, public_url: str, hello: str) -> None:
    settings.DEMO, settings.PUBLIC_URL, settings.SMTP_HOST = False, public_url, "mail.provider.example"
    out = transport.configured()
    assert isinstance(out, Patient)
    assert isinstance(out.transport, Smtp)
    assert (out.transport.hello, out.transport.host) == (hello, "mail.provider.example")


def test_all_jobs_of_a_process_share_what_they_know_of_a_server(settings: Any) -> None:
    settings.DEMO, settings.SMTP_HOST = False, "mail.provider.example"
    first, second = transport.configured(), transport.configured()
    assert isinstance(first, Patient)
    assert isinstance(second, Patient)
    assert first.health is second.health


class _Silent:
    """Answers nothing until told to; remembers how many waited at once."""

    def __init__(self) -> None:
        self.waiting, self.most, self.go_on, self.answer = 0, 0, threading.Event(), Answer(Phase.HELLO, 0, "timed out")

    def send(self, parcel: Parcel) -> Answer:
        self.waiting += 1
        self.most = max(self.most, self.waiting)
        self.go_on.wait(5)
        self.waiting -= 1
        return self.answer


def test_while_a_server_is_silent_one_mail_at_a_time_waits_for_it() -> None:
    silent = _Silent()
    patient = Patient(silent, Health())
    silent.go_on.set()
    assert [patient.send(PARCEL).text for _ in range(2)] == ["timed out"] * 2
    silent.go_on.clear()
    with ThreadPoolExecutor(4) as pool:
        answers = [pool.submit(patient.send, PARCEL) for _ in range(4)]
        done, waiting = wait(answers, timeout=0.5)
        silent.go_on.set()
    assert (len(done), len(waiting)) == (3, 1)
    assert {answer.result().text for answer in done} == {
        "the mail server does not answer; another mail is waiting for it"
    }
    assert all(outcome(answer.result()) is Outcome.RETRY for answer in answers)


def test_when_it_answers_again_everybody_may_go() -> None:
    silent = _Silent()
    silent.go_on.set()
    patient = Patient(silent, Health())
    for _ in range(3):
        patient.send(PARCEL)
    silent.answer = Answer(Phase.DATA, 250, "kept")
    assert patient.send(PARCEL).code == 250
    silent.go_on.clear()
    silent.most = 0
    with ThreadPoolExecutor(4) as pool:
        answers = [pool.submit(patient.send, PARCEL) for _ in range(4)]
        wait(answers, timeout=0.3)
        silent.go_on.set()
    assert (silent.most, {answer.result().code for answer in answers}) == (4, {250})
