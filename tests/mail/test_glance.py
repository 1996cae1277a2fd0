"""The list shows who and what before a mail was read, whatever its bytes are."""

from __future__ import annotations

import os
import time

import pytest

from sportello.mail.glance import Glance, glance


@pytest.mark.parametrize(
    ("raw", "seen"),
    [
        (
            b"From: =?utf-8?q?Niccol=C3=B2_Doria?= <n@doria.example>\r\nSubject: =?iso-8859-1?q?perch=E9?=\r\nMessage-ID: <1@d>\r\n\r\nx",
            Glance("n@doria.example", "Niccolò Doria", "perché", "1@d"),
        ),
        (b"Subject: citt\xe0\n\nx", Glance("", "", "città", "")),
        (b"Reply-To: <r@d.example>\r\nSubject: a\r\n\tb\r\n\r\n", Glance("r@d.example", "", "a b", "")),
        (b"", Glance()),
        (b"\x00\xff\xfe not a mail", Glance()),
    ],
)
def test_glance(raw: bytes, seen: Glance) -> None:
    assert glance(raw) == seen


@pytest.mark.parametrize(
    "raw",
    [
        b"Subject: " + b"=?utf-8?q?a?= " * 100_000,
        b"From: " + b"(" * 60_000,
        b"From: " + b"<" * 60_000,
        b"From: " + b'"' * 60_000,
        b"Subject: x\r\n" * 5_000,
        os.urandom(64 * 1024),
    ],
    ids=["encoded words", "comments", "angles", "quotes", "subjects", "noise"],
)
def test_hostile_headers_take_no_time(raw: bytes) -> None:
    began = time.process_time()
    found = glance(raw)
    assert time.process_time() - began < 0.5
    assert len(found.subject) <= 500
