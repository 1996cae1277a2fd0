"""What customers send is what the desk shows: a thousand files to the last byte (R31), and two hundred mails in thirty charsets (R32)."""

from __future__ import annotations

import base64
import quopri
import random
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from itertools import product
from types import MappingProxyType
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from sportello.core import clock
from sportello.intake import actions
from sportello.mail.actions import store_inbound
from sportello.mail.enums import Door
from sportello.mail.parsing.parse import parse
from sportello.mail.queries import inbound_to_process
from sportello.tickets.models import Attachment
from tests.factories import make_mailbox, make_user
from tests.walls.hostile.files import NAMES

Record = Callable[[str, object], None]
MAILS, FILES_OF_ONE = 40, 25
TYPES = (
    "application/octet-stream",
    "image/png",
    "image/svg+xml",
    "text/plain",
    "text/html",
    "application/pdf",
    "application/zip",
    "x-odd/x-odd",
)
BEGINNINGS = (
    b"",
    b"\r\n.\r\n",
    b"From nobody\n",
    b"--b--\r\n",
    b"\x89PNG\r\n\x1a\n",
    b"\xef\xbb\xbf",
    b"\x00\x00",
    b"\n\n\n",
    b"begin 644 a\n",
    b"%PDF-1.7\n",
)


def _file_name(chance: random.Random, number: int) -> str:
    letters = "abèßñ€漢字кирعربي😀 .-_'()[]{}&;,=%+#@!~"
    return (
        NAMES[number % len(NAMES)]
        if number % 3 == 0
        else "".join(chance.choices(letters, k=chance.randint(1, 60))) + ".bin"
    )


def _with_files(chance: random.Random, number: int, contents: list[bytes]) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "anna@customer.example", "support@provider.example", f"Files {number}"
    mail["Message-ID"] = f"<r31-{number}@customer.example>"
    mail.set_content("Here they are.")
    for place, content in enumerate(contents):
        kind, _, minor = TYPES[chance.randrange(len(TYPES))].partition("/")
        name = _file_name(chance, number * FILES_OF_ONE + place)
        mail.add_attachment(content, maintype=kind, subtype=minor, cte="base64")
        part = list(mail.iter_attachments())[-1]
        part.replace_header("Content-Disposition", f"attachment; filename*=utf-8''{quote(name, safe='')}")
    return mail.as_bytes()


@pytest.mark.slow(25)
@pytest.mark.django_db
def test_r31_a_thousand_files_are_given_back_to_the_last_byte(client: Client, record_property: Record) -> None:
    chance, mailbox = random.Random(31), make_mailbox()  # noqa: S311 - nothing secret, and the same files each time
    sent: list[bytes] = []
    for number in range(MAILS):
        contents = [
            BEGINNINGS[place % len(BEGINNINGS)] + chance.randbytes(chance.choice((1, 7, 76, 998, 4_096, 20_000)))
            for place in range(FILES_OF_ONE)
        ]
        sent += contents
        stored = store_inbound(
            raw=_with_files(chance, number, contents), mailbox=mailbox, door=Door.LMTP, envelope_from="anna@customer.example",
            envelope_to=mailbox.address, now=clock.now(),
        )  # fmt: skip
        waiting = inbound_to_process(stored.inbound.pk)
        assert waiting is not None
        actions.receive_mail(inbound=waiting, now=clock.now())
    client.force_login(make_user())
    given = [
        client.get(reverse("desk:file", args=[file.public_id])).getvalue() for file in Attachment.objects.order_by("pk")
    ]
    different = sum(one != other for one, other in zip(sent, given, strict=False))
    record_property("counted", f"files: sent {len(sent)}, given back {len(given)}, different {different}")
    assert sorted(given) == sorted(sent)


WORDS: Mapping[str, str] = MappingProxyType(
    {
        "utf-8 utf-16 utf-16le utf-32 utf-7 gb18030": "Perché la città è “già” così? Größe, señor, Привет, 你好, こんにちは, € 10 😀",
        "iso-8859-1 windows-1252 cp850 mac-roman iso-8859-15": "Perché la città è già così: più o meno, Größe, señor",
        "iso-8859-2 windows-1250": "Zażółć gęślą jaźń, příliš žluťoučký kůň",
        "iso-8859-3": "Ĉu vi ŝatas ĝin? Ħobż",
        "iso-8859-4 iso-8859-13 windows-1257": "Ėjau į mokyklą, šūdas žąsis",
        "iso-8859-5 windows-1251 koi8-r koi8-u cp866": "Почта не работает с утра, помогите пожалуйста",
        "iso-8859-7 windows-1253": "Το ταχυδρομείο δεν λειτουργεί",
        "iso-8859-8 windows-1255": "הדואר לא עובד מהבוקר",
        "windows-1256 iso-8859-6": "البريد لا يعمل منذ الصباح",
        "iso-8859-9 windows-1254": "Öğleden sonra çalışmıyor, şifre değişti",
        "windows-1258": "Đăng ki tên mi\u00ean, đư\u01a1ng dây, thư đi\u00ean",
        "iso-8859-16": "Știu că nu merge, îți mulțumesc",
        "tis-620": "อีเมลใช้งานไม่ได้",
        "iso-2022-jp shift_jis euc-jp": "メールが届きません。サーバーを確認してください。",
        "gb2312 gbk": "邮件无法发送，请检查服务器。",
        "big5": "郵件無法發送，請檢查伺服器。",
        "euc-kr iso-2022-kr": "메일이 도착하지 않습니다",
    }
)
"""By the charsets that can write them."""
CODECS = {"windows-1258": "cp1258", "tis-620": "tis_620"}
TRANSFERS = ("base64", "quoted-printable", "8bit")


def _encoded(body: bytes, transfer: str) -> bytes:
    if transfer == "base64":
        return base64.encodebytes(body)
    return quopri.encodestring(body) if transfer == "quoted-printable" else body


def _in(charset: str, transfer: str, words: str, *, html: bool) -> bytes:
    codec = CODECS.get(charset, charset)
    text = f"<p>{words}</p><p>{words}</p>" if html else f"{words}\r\n{words}\r\n"
    subject = f"=?{charset}?b?{base64.b64encode(words[:30].encode(codec)).decode()}?="
    head = (
        f"From: anna@customer.example\r\nSubject: {subject}\r\nMIME-Version: 1.0\r\n"
        f"Content-Type: text/{'html' if html else 'plain'}; charset={charset}\r\nContent-Transfer-Encoding: {transfer}\r\n\r\n"
    )
    return head.encode() + _encoded(text.encode(codec), transfer)


def test_r32_mails_in_thirty_charsets_read_as_they_were_written(record_property: Record) -> None:
    written = [(charset, words) for charsets, words in WORDS.items() for charset in charsets.split()]
    assert len(written) >= 30
    wrong, tried = [], 0
    for (charset, words), transfer, html in product(written, TRANSFERS, (False, True)):
        if transfer == "8bit" and charset in {"utf-16", "utf-16le", "utf-32"}:
            continue  # holds line ends and zeros that are none: never sent so
        tried += 1
        mail = parse(_in(charset, transfer, words, html=html))
        lines = [line for line in mail.text.splitlines() if line]
        if lines != [words, words] or mail.subject != words[:30].strip():
            wrong.append((charset, transfer, html, mail.subject, lines))
    record_property("counted", f"charsets: {len(written)}, mails {tried}, read otherwise than written {len(wrong)}")
    assert tried >= 200
    assert wrong == []
