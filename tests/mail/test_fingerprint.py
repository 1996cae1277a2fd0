"""Two deliveries of one mail are one mail; two mails are two, whatever their Message-ID says."""

from __future__ import annotations

import time

import pytest

from sportello.mail.fingerprint import fingerprint

MAIL = (
    b"From: Laura <laura@doria.example>\r\nTo: support@provider.example\r\nSubject: Il sito\r\n non si apre\r\n"
    b"Message-ID: <1@doria.example>\r\n\r\nBuongiorno\r\n.\r\n"
)
SAME = {
    "line ends": MAIL.replace(b"\r\n", b"\n"),
    "last line": MAIL.rstrip(b"\r\n"),
    "trace": b"Received: from a by b\r\n\twith LMTP id 7;\r\n Mon, 1 Jan\r\nDelivered-To: x@y\r\nReturn-Path: <>\r\n"
    + MAIL,
    "mbox": b"From laura@doria.example Mon Nov 23 09:00:00 2026\n" + MAIL,
    "filters": b"X-Spam-Status: No, score=0\r\nX-Rspamd-Server: r1\r\nAuthentication-Results: mx; spf=pass\r\n" + MAIL,
    "seals": b"ARC-Seal: i=1; a=rsa\r\nDKIM-Signature: v=1;\r\n b=abc\r\n" + MAIL,
    "store": MAIL.replace(b"\r\n\r\n", b"\r\nX-UID: 12\r\nStatus: RO\r\nContent-Length: 9\r\n\r\n", 1),
    "case": b"DELIVERED-TO: x@y\r\n" + MAIL,
    "folding": MAIL.replace(b"Il sito\r\n non si apre", b"Il sito non\r\n\tsi apre"),
}
OTHER = {
    "body": MAIL + b"PS\r\n",
    "subject": MAIL.replace(b"non si apre", b"si apre"),
    "unknown header": b"X-Ticket: 2\r\n" + MAIL,
    "trace in the body": MAIL + b"\r\nReceived: x\r\n",
    "order number": MAIL.replace(b"<1@", b"<2@"),
    "empty": b"",
}


@pytest.mark.parametrize("name", SAME)
def test_what_the_way_leaves_behind_does_not_count(name: str) -> None:
    assert fingerprint(SAME[name]) == fingerprint(MAIL)


@pytest.mark.parametrize("name", OTHER)
def test_what_a_person_wrote_counts(name: str) -> None:
    assert fingerprint(OTHER[name]) != fingerprint(MAIL)


@pytest.mark.parametrize(
    "hostile",
    [
        b"A: b\r\n" * 200_000,
        b"Received:" + b"\r\n x" * 300_000,
        b"\r\n" * 1_000_000,
        b"x" * 10_000_000,
        b"Subject: " + b" " * 5_000_000 + b"\r\n\r\n",
    ],
    ids=["headers", "folds", "empty lines", "no header", "spaces"],
)
def test_hostile_mail_takes_no_longer_than_its_bytes(hostile: bytes) -> None:
    began = time.process_time()
    fingerprint(hostile)
    assert time.process_time() - began < 2
