"""No mail, however it is made, takes long or raises. The bound is generous: the machine that runs the tests may be busy."""

from __future__ import annotations

import time

import pytest

from sportello.mail.parsing import DEFAULT
from sportello.mail.parsing.parse import parse

MOST_SECONDS = 8.0
HEAD = b"From: anna@example.it\r\nTo: b@example.it\r\nSubject: Prova\r\n"


def _header(name: bytes, value: bytes) -> bytes:
    return b"From: anna@example.it\r\n" + name + b": " + value + b"\r\n\r\nciao"


def _body(body: bytes, headers: bytes = b"Content-Type: text/plain\r\n") -> bytes:
    return HEAD + headers + b"\r\n" + body


def _html(source: bytes) -> bytes:
    return _body(source, b"Content-Type: text/html\r\n")


def _nested(depth: int) -> bytes:
    level = b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n'
    return HEAD + b"".join(level % (n, n) for n in range(depth)) + b"Content-Type: text/plain\r\n\r\nciao\r\n"


KILLERS = {
    "brackets in From": _header(b"From", b"(" * 6144 + b" a@example.it"),
    "brackets closed once": _header(b"To", b"(a" * 30_000 + b") a@example.it"),
    "angles in To": _header(b"To", b"<" * 60_000),
    "angles and commas in To": _header(b"To", b"<," * 30_000),
    "escaped quotes in To": _header(b"To", b'"\\' * 30_000),
    "colons in To": _header(b"To", b":" * 60_000),
    "10,000 in To": _header(b"To", b", ".join(b"u%d@example.it" % n for n in range(10_000))),
    "20,000 encoded words": _header(b"Subject", b"=?utf-8?q?a?= " * 20_000),
    "200,000 encoded words": _header(b"Subject", b"=?utf-8?q?a?=\r\n " * 200_000),
    "encoded words never closed": _header(b"Subject", b"=?utf-8?q?a" * 5_500),
    "100,000 references": _header(b"References", b" ".join(b"<u%d@example.it>" % n for n in range(100_000))),
    "open angles as Message-ID": _header(b"Message-ID", b"<" * 60_000),
    "brackets in Authentication-Results": _header(b"Authentication-Results", b"(" * 30_000 + b")" * 30_000),
    "5,000 continuations": _header(b"Content-Type", b"a/b;" + b"".join(b"\r\n name*%d=x;" % n for n in range(5_000))),
    "quotes in parameters": _header(b"Content-Type", b"text/plain;" + b' "\\' * 15_000),
    "spaces in parameters": _header(b"Content-Type", b"text/plain; a" + b" " * 60_000 + b"b=c"),
    "one header of 20 MB": _header(b"X-A", b"x" * 20_000_000),
    "500,000 headers": HEAD + b"X-A: x\r\n" * 500_000 + b"\r\nciao",
    "1,000 nested multiparts": _nested(1_000),
    "1,000 nested mails": HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 1_000 + b"ciao",
    "100,000 empty parts": _body(b"--b\r\n\r\n" * 100_000, b"Content-Type: multipart/mixed; boundary=b\r\n"),
    "false delimiters": _body(b"--bX\n" * 1_000_000, b"Content-Type: multipart/mixed; boundary=b\r\n"),
    "100,000 nested divs": _html(b"<div>" * 100_000 + b"ciao"),
    "divs that others close": _html(b"<div></b>" * 100_000 + b"ciao"),
    "300 kB of open paragraphs": _html(b"<p>" * 100_000 + b"ciao"),
    "open table cells": _html(b"<table>" + b"<tr><td>" * 50_000 + b"ciao"),
    "open formatting": _html((b"<b>" * 250 + b"<p>x") * 500),
    "one tag of 200,000 attributes": _html(b"<p " + b"a=b " * 200_000 + b">ciao"),
    "open tags": _html(b"<a " * 300_000),
    "open comments": _html(b"<!--" * 250_000),
    "open scripts": _html(b"<script>" * 120_000),
    "a million >": _body(b">" * 1_000_000),
    "500,000 quoted lines": _body(b">\nx\n" * 250_000),
    "a million _": _body(b"_" * 1_000_000),
    "long rules": _body((b"_ " * 245 + b"x\n") * 2_000),
    "40,000 openings": _body(b"On 1/1/2020 10:00 a@example.it\n" * 40_000),
    "100,000 greetings": _body(b"Saluti\n" * 100_000),
    "100,000 header lines": _body(b"Da: a@example.it\n" * 100_000),
    "100,000 phones": _body(b"Sent from my phone\n" * 100_000),
    "padded base64": _body(b"=A" * 2_000_000, b"Content-Transfer-Encoding: base64\r\n"),
    "uuencoded files": _body(b"begin 644 a\nend\n" * 100_000),
    "flowed lines": _body(b"a \n" * 300_000, b"Content-Type: text/plain; format=flowed\r\n"),
    "failed addresses": _body(
        b"<a@example.it>:\n550 user unknown\n" * 50_000, b"Return-Path: <>\r\nFrom: mailer-daemon@x.example\r\n"
    ),
    "950 enclosed mails of 6,000 headers": b"From: mailer-daemon@x.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    + (b"--b\r\nContent-Type: message/rfc822\r\n\r\n" + b"X: y\r\n" * 6_000 + b"\r\n") * 950,
    "bars below openings": _body(b"a@b.example 09:15 13/03/2026 x\n| a\n" * 50_000),
    "closings in two languages": _body((b"Saluti / " * 50 + b"x\n") * 20_000),
    "events": _body(b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 30_000, b"Content-Type: text/calendar\r\n"),
    "two megabytes of NUL": b"\0" * 2_000_000,
    "five megabytes without a line": b"x" * 5_000_000,
}


@pytest.mark.parametrize("name", KILLERS)
def test_reading_is_quick_whatever_comes(name: str) -> None:
    started = time.process_time()
    mail = parse(KILLERS[name])
    assert time.process_time() - started < MOST_SECONDS
    assert not [
        problem for problem in mail.problems if problem.startswith("unreadable") and problem != "unreadable:calendar"
    ]


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("one header of 20 MB", "headers-cut"),
        ("500,000 headers", "headers-cut"),
        ("200,000 encoded words", "headers-cut"),
        ("20,000 encoded words", "header-cut"),
        ("1,000 nested multiparts", "too-deep"),
        ("100,000 empty parts", "parts-cut"),
        ("100,000 nested divs", "html-too-complex"),
    ],
)
def test_what_was_cut_is_said(name: str, problem: str) -> None:
    assert problem in parse(KILLERS[name]).problems


def test_s35_nothing_of_what_was_found_is_more_than_its_limit() -> None:
    assert len(parse(KILLERS["10,000 in To"]).to) == DEFAULT.addresses
    assert len(parse(KILLERS["100,000 references"]).references) == DEFAULT.references
    assert len(parse(KILLERS["20,000 encoded words"]).subject) <= DEFAULT.subject_chars
    many = b"".join(b"--b\r\nContent-Type: image/png\r\n\r\nx\r\n" for _ in range(900))
    mail = parse(_body(many, b"Content-Type: multipart/mixed; boundary=b\r\n"))
    assert (len(mail.attachments), "attachments-cut" in mail.problems) == (DEFAULT.attachments, True)


def test_references_keep_the_oldest_and_the_newest() -> None:
    references = parse(_header(b"References", b" ".join(b"<u%d@example.it>" % n for n in range(500)))).references
    assert (references[0], references[-1]) == ("u0@example.it", "u499@example.it")


def test_sender_is_found_behind_open_brackets() -> None:
    assert parse(KILLERS["brackets in From"]).from_addr == "anna@example.it"


MARKS = [
    "-",
    "*",
    "_",
    ">",
    "=",
    " ",
    "#",
    ".",
    ":",
    ",",
    "(",
    "<",
    "@",
    "[",
    "|",
    "a",
    "1",
    "1:",
    "On ",
    "a@b ",
    "wrote ",
    "From: ",
    ">*",
    "-*",
]
MARKS += [
    "1/1/20 ",
    "12:00 ",
    "2020 ",
    "Jan ",
    "http://a ",
    "Sent from ",
    "saluti ",
    "il ",
    "1 gen 2020 ",
    "a: ",
    "<a@",
    "ha scritto: ",
    "original message ",
]


@pytest.mark.parametrize("mark", MARKS)
def test_no_line_is_slow_to_judge(mark: str) -> None:
    body = "\n".join(f"{(mark * 500)[:480]}{end}" for end in ("", "x", ":", " wrote:", ">") for _ in range(20))
    started = time.process_time()
    parse(_body(body.encode()))
    assert time.process_time() - started < 2
