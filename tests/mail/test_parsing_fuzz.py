"""Whatever bytes come, the reader gives back a mail that can be stored and sent between processes."""

from __future__ import annotations

import io
import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sportello.mail.glance import glance
from sportello.mail.parsing import ParsedMail, wire
from sportello.mail.parsing.parse import parse
from tests.mail.mails import FOLDER, OUR_SERVER

FIXTURES = sorted(path.read_bytes() for path in FOLDER.glob("*.eml"))
PIECES = st.sampled_from(
    [
        b"From: ", b"To: ", b"Subject: ", b"Content-Type: multipart/mixed; boundary=b\r\n", b"Content-Type: text/html\r\n", b"\r\n", b"\r\n\r\n",
        b"--b\r\n", b"--b--\r\n", b"=?utf-8?q?", b"?=", b"<", b">", b'"', b"(", b")", b"\\", b"@", b";", b",", b"=", b"*0*=", b"charset=utf-7",
        b"Content-Transfer-Encoding: base64\r\n", b"Content-Type: message/delivery-status\r\n", b"Final-Recipient: rfc822;a@b.it\r\n",
        b"Content-Type: application/ms-tnef\r\n", b"\x78\x9f\x3e\x22", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n", b"\xff", b"\x00", b"\xed\xa0\x80",
        b"X-Trasporto: posta-certificata\r\n", b"Content-Type: message/rfc822\r\n", b"> ", b"ha scritto:", b"begin 644 a\n", b"<div>", b"<img src=",
    ]
)  # fmt: skip


def check(raw: bytes) -> None:
    mail = parse(raw, trusted_authserv=OUR_SERVER)
    assert [
        problem for problem in mail.problems if problem in {"unreadable:ValueError", "unreadable:RecursionError"}
    ] == []
    head = json.dumps(wire.pack(mail)[0], ensure_ascii=False)
    assert "\\u0000" not in head
    head.encode()  # no lone surrogate anywhere
    assert _sent_and_received(mail) == mail
    glance(raw)


def _sent_and_received(mail: ParsedMail) -> ParsedMail:
    pipe = io.BytesIO()
    wire.send(pipe, *wire.pack(mail))
    pipe.seek(0)
    return wire.unpack(*wire.receive(pipe, 1 << 30))


@given(st.binary(max_size=2_000))
@settings(max_examples=150, deadline=None)
def test_any_bytes(raw: bytes) -> None:
    check(raw)


@given(st.lists(st.one_of(PIECES, st.binary(max_size=12)), max_size=60))
@settings(max_examples=300, deadline=None)
def test_pieces_of_mail_in_any_order(pieces: list[bytes]) -> None:
    check(b"".join(pieces))


@given(
    st.sampled_from(FIXTURES),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 30), st.one_of(PIECES, st.binary(max_size=8))), max_size=6),
)
@settings(
    max_examples=200, deadline=None, suppress_health_check=[HealthCheck.large_base_example, HealthCheck.data_too_large]
)
def test_real_mails_with_pieces_cut_out_and_others_put_in(raw: bytes, cuts: list[tuple[float, int, bytes]]) -> None:
    for where, length, piece in cuts:
        position = int(where * len(raw))
        raw = raw[:position] + piece + raw[position + length :]
    check(raw)


@given(st.sampled_from(FIXTURES), st.floats(0, 1))
@settings(max_examples=100, deadline=None)
def test_mail_cut_off_anywhere(raw: bytes, where: float) -> None:
    check(raw[: int(where * len(raw))])
