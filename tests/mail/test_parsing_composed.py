"""What an agent reads is what the sender wrote: mails put together at random, each with what was put into it (R31, R32)."""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from sportello.mail.parsing.parse import parse
from tests.faults.combined import combined
from tests.faults.composed import Composed, all_composed
from tests.mail.test_parsing_fuzz import check
from tests.walls.hostile.tally import IS_LONG, Tally

Record = Callable[[str, object], None]
HEAD = b"From: Anna <anna@x.example>\r\nSubject: s\r\nMIME-Version: 1.0\r\n"
_NOT_THERE = ("unreadable:calendar", "unreadable:tnef")
"""What claims to be an invitation or a winmail.dat and is none; it is a file all the same."""
MIXED = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def harms(mail: Composed) -> Iterator[str]:
    """Where the reader's answer is not what was put in."""
    found = parse(mail.raw)
    said = _on_one_line("\n".join(mail.texts))
    shown = _on_one_line(found.html_text)
    files = Counter((file.name, file.content) for file in found.attachments)
    pairs = {
        "sender": (mail.address.lower(), found.from_addr.lower()),
        "name": (mail.name, found.from_name),
        "subject": (_on_one_line(mail.subject), found.subject),
        "text": (said, _on_one_line(found.text)),
        "HTML": ([], [word for word in said.split() if found.html and word not in shown]),
        "files": (Counter(mail.files), files),
        "pictures": ([], [each for each in mail.pictures if f"cid:{each}" not in found.html]),
        "kind": (False, found.is_bounce or found.automatic.no_answer),
    }
    yield from (f"{what}: {put!r:.300} became {came!r:.300}" for what, (put, came) in pairs.items() if put != came)


@pytest.mark.timeout(1_800 if IS_LONG else 120)
def test_r31_r32_what_was_put_into_a_mail_is_read_from_it(record_property: Record) -> None:
    tally = Tally("R31/R32 composed mails")
    for name, mail in all_composed(20_000 if IS_LONG else 400):
        tally.add(name, harms(mail))
    record_property("counted", str(tally))
    tally.settle()


@pytest.mark.timeout(3_600 if IS_LONG else 120)
def test_s35_no_combination_of_what_is_odd_is_unreadable(record_property: Record) -> None:
    tally = Tally("S35 combined mails")
    for name, raw in combined(5_000 if IS_LONG else 60):
        check(raw)
        tally.add(
            name, [each for each in parse(raw).problems if each.startswith("unreadable") and each not in _NOT_THERE]
        )
    record_property("counted", str(tally))
    tally.settle()


# -- found by them -----------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "written", ["Nome: Rossi\nTelefono: 123\n\nciao", "From Monday on it fails\nciao", "\nSubject: hello"]
)
def test_the_text_of_a_part_without_headers_is_not_taken_for_headers(written: str) -> None:
    """RFC 2046, 5.1: such a part begins with its blank line."""
    mail = parse(MIXED + b"--b\r\n\r\n" + written.replace("\n", "\r\n").encode() + b"\r\n--b--\r\n")
    assert mail.text == written.strip("\n")


def test_a_mail_without_headers_keeps_lines_that_look_like_some() -> None:
    mail = parse(b"\r\nNome: Rossi\r\nciao\r\n")
    assert mail.text == "Nome: Rossi\nciao"


def test_blank_lines_before_real_headers_are_still_skipped() -> None:
    mail = parse(b"\r\n\r\nX-Odd: x\r\n" + HEAD + b"\r\nciao\r\n")
    assert (mail.from_addr, mail.text) == ("anna@x.example", "ciao")


@pytest.mark.parametrize("label", ["windows-1251", "koi8-r", "gb2312", "iso-8859-7"])
@pytest.mark.parametrize("declared", ["", "; charset=unknown-8bit"])
def test_html_without_a_charset_is_read_in_the_one_it_names_itself(label: str, declared: str) -> None:
    said = {"gb2312": "你好网站打不开", "iso-8859-7": "καλημέρα"}.get(label, "сайт не работает")
    source = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={label}"></head><body>{said}'
    mail = parse(HEAD + f"Content-Type: text/html{declared}\r\n\r\n".encode() + source.encode(label))
    assert mail.text == said


def test_html_that_names_a_charset_it_cannot_be_in_is_read_all_the_same() -> None:
    mail = parse(HEAD + b"Content-Type: text/html\r\n\r\n<meta charset=utf-16><p>perch\xc3\xa9</p>")
    assert mail.text == "perché"


@pytest.mark.parametrize("codec", ["utf-16-be", "utf-16-le"])
def test_utf_16_without_its_mark_is_read_in_either_order(codec: str) -> None:
    content = base64.encodebytes("Il sito è giù".encode(codec))
    mail = parse(
        HEAD + b"Content-Type: text/plain; charset=utf-16\r\nContent-Transfer-Encoding: base64\r\n\r\n" + content
    )
    assert mail.text == "Il sito è giù"


@pytest.mark.parametrize("label", ["utf-16", "shift_jis", "gbk", "euc-kr", "big5"])
def test_utf_8_in_headers_is_not_read_in_the_charset_of_the_body(label: str) -> None:
    """RFC 6532. The sender's very address was lost."""
    mail = parse(
        f"From: Zoë Àdri <zoë@bücher.example>\r\nSubject: Perché così\r\nContent-Type: text/plain; charset={label}\r\n\r\n".encode()
        + "x".encode(label)
    )
    assert (mail.from_name, mail.from_addr, mail.subject) == ("Zoë Àdri", "zoë@bücher.example", "Perché così")


@pytest.mark.parametrize(
    ("first", "second"), [("text/html", "text/html"), ("text/html", "text/plain"), ("text/plain", "text/plain")]
)
def test_each_form_in_an_alternative_is_whole(first: str, second: str) -> None:
    """A form may be several parts, as around a picture."""
    inner = b"--c\r\nContent-Type: %s\r\n\r\nuno\r\n--c\r\nContent-Type: image/png\r\n\r\nP\r\n--c\r\nContent-Type: %s\r\n\r\ndue\r\n--c--\r\n"
    form = b"--b\r\nContent-Type: multipart/related; boundary=c\r\n\r\n" + inner % (first.encode(), second.encode())
    other = b"--b\r\nContent-Type: text/html\r\n\r\n<p>uno</p><p>due</p>\r\n" if first == "text/plain" else b""
    mail = parse(HEAD + b"Content-Type: multipart/alternative; boundary=b\r\n\r\n" + form + other + b"--b--\r\n")
    assert mail.text.split() == ["uno", "due"]
    assert mail.html_text.split() == ["uno", "due"]


@pytest.mark.parametrize("kind", ["text/markdown", "text/x-unheard-of; charset=utf-8"])
def test_a_letter_of_an_unheard_of_kind_of_text_is_read_as_text(kind: str) -> None:
    """RFC 2046, 4.1.4. The ticket was empty but for a file."""
    mail = parse(HEAD + f"Content-Type: {kind}\r\n\r\n# Il sito\r\nnon va\r\n".encode())
    assert (mail.text, len(mail.attachments)) == ("# Il sito\nnon va", 1)


@pytest.mark.parametrize("kind", ["text/html (as HTML); charset=utf-8", "(x) text/html"])
def test_a_comment_in_the_type_of_a_letter_says_nothing(kind: str) -> None:
    """RFC 2045, 5.1."""
    assert parse(HEAD + f"Content-Type: {kind}\r\n\r\n<p>ciao</p>\r\n".encode()).text == "ciao"


@pytest.mark.parametrize(
    "unseen", ["\u200b", "\u3164\u3164", "\u2800", "\u00ad\u2060", "\U000e0041", "\ufe0f", "\u200e \u200f"]
)
def test_s44_what_nobody_can_see_is_no_name_and_no_subject(unseen: str) -> None:
    """A ticket with such a subject had no title to click on."""
    part = f'--b\nContent-Type: application/pdf; name="{unseen}"\n\nx\n--b--\n'
    raw = f'From: "{unseen}" <anna@x.example>\nSubject: {unseen}\nContent-Type: multipart/mixed; boundary=b\n\n{part}'
    mail = parse(raw.encode())
    assert (mail.from_name, mail.from_addr, mail.subject) == ("", "anna@x.example", "")
    assert [file.name for file in mail.attachments] == ["attachment-1.pdf"]


def test_what_stands_below_the_end_of_an_html_document_is_text_too() -> None:
    """The foot of a mailing list, or a second document: it was shown and not found, and was missing where only text is sent."""
    page = b"--b\r\nContent-Type: text/html\r\n\r\n<!DOCTYPE html><html><body><p>%s</p></body></html>\r\n"
    mail = parse(MIXED + page % b"uno" + page % b"due" + b"--b--\r\n")
    assert mail.text.split() == ["uno", "due"]
