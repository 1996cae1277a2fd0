"""Mails put together at random, the same ones each time: each part of them as some mail program writes it, or somebody who means harm."""

# ruff: noqa: E501 - a table has its row on one line, a part of a mail its bytes
from __future__ import annotations

import base64
import binascii
import gzip
import quopri
import random
import struct
from collections.abc import Callable, Iterator, Sequence

Chance = random.Random
Bytes = Callable[[Chance], bytes]

NAMES: Sequence[bytes] = (
    b"Anna Rossi", b'"Rossi, Anna"', b"=?utf-8?q?Anna_R=C3=B2ssi?=", b"=?utf-8?b?4oCu0LDQv9C90LA=?=", "Аnna Rоssi".encode(), b"\xff\xfeAnna", b"A\0nna",
    b"=?utf-7?q?+2AA-?=", b"=?x?q?=?=", b"=?utf-8?q?=00=0D=0ABcc:_x@evil.example?=", b'"support@provider.example" via', b"=?utf-8?q?support=40provider.example?=",
    b"(comment (nested (deep)))", b'"' + b"\\" * 600 + b'"', b"=?utf-16?b?2ADcAA==?=", b"=?iso-2022-jp?b?GyRC?=", b"\xe2\x80\xaemoc.elpmaxe@troppus", b"<b>Anna</b>",
    b"&#" + b"9" * 5_000 + b";", b"=?utf-8?b?" + b"8J+YgA" * 40 + b"?=", b"=?utf-8*it?q?Anna?=", b"'", b",", b";", b"@", b"undisclosed-recipients:;",
)  # fmt: skip
ADDRESSES: Sequence[bytes] = (
    b"anna@%d.example", b"Anna.%d@Example.EXAMPLE", b'"a b %d"@x.example', b"anna%d@[127.0.0.1]", b"anna%d@[IPv6:::1]", b"anna%d@localhost", b"anna%d@xn--80ak6aa92e.example",
    "ànna%d@bücher.example".encode(), b"anna%d@-x-.example", b"anna%d@x..example", b"@a,@b:anna%d@x.example", b"anna%d", b"%d@", b"<>%d", b"a" * 300 + b"%d@x.example",
    b"anna%d@" + b"x." * 200 + b"example", b"anna\0%d@x.example", b"mailer-daemon%d@x.example", b"MAILER-DAEMON@%d.example", b"postmaster@%d.example", b"noreply%d@x.example",
    b"support%d@provider.example", b"anna%d@x.example>,<b@y.example", b"anna%%00%d@x.example", b"anna+tag=x@%d.example", b"SRS0=ab=cd=x.example=anna%d@y.example",
    b"prvs=1234=anna%d@x.example", b"bounces+%d-anna=x.example@y.example", b"anna%d@\xd1\x80\xd0\xb0\xd1\x83\xd1\x80\xd0\xb0l.example",
)  # fmt: skip
SUBJECTS: Sequence[bytes] = (
    b"Il sito non va", b"", b"Re: " * 400 + b"x", b"=?utf-8?q?" + b"=F0=9F=98=80" * 20 + b"?=", b"[#1] Re: Prova", b"[#99999999999999999999] x", b"\xff\xfe\xfd", b"a\0b",
    b"=?utf-8?b?////?=", b"=?utf-8?q?a=0D=0ABcc:_x@evil.example?=", b"Out of office", b"Undelivered Mail Returned to Sender", b"\xe2\x80\xae\xe2\x81\xa6abc", b"x" * 50_000,
    b"=?utf-8?q?x?=" * 900, b"\r\n folded\r\n\t again", b"Automatic reply: x", b"=?big5?q?=A4=40?=", b"POSTA CERTIFICATA: x", b"ANOMALIA MESSAGGIO: x", b"ACCETTAZIONE: x",
    b"&#" + b"1" * 5_000 + b";", b"{{7*7}} {% debug %} %(x)s {0}", b"<script>alert(1)</script>", b"\xe2\x80\xa8line\xe2\x80\xa9", "e\u0301".encode() * 3_000,
)  # fmt: skip
DATES: Sequence[bytes] = (
    b"Sun, 29 Nov 2026 10:00:00 +0100", b"", b"Fri, 31 Dec 9999 23:59:59 -2359", b"Mon, 01 Jan 0001 00:00:00 +2359", b"29 Nov 26 10:00", b"0", b"-1", b"1e9", b"x" * 3_000,
    b"Sun, 29 Nov 2026 10:00:00 +99999999999", b"Sun, 29 Nov 2026 24:00:60 +0000", b"Thu, 30 Feb 2026 10:00:00 GMT", b"Sun, 29 Nov 99999999999999 10:00:00 +0000", b"\xff",
    b"Sun, 29 Nov 2026 10:00:00 (" + b"(" * 300, b"2026-11-29T10:00:00Z", b"1" * 5_000, "٢٩ Nov 2026 10:00:00".encode(), b"Sun, 29 Nov 2026 10:00:00 +0100\r\nDate: x",
)  # fmt: skip
IDS: Sequence[bytes] = (
    b"<%d@x.example>", b"", b"%d", b"<%d>", b"<a b %d@x>", b"<%d@x.example> <second@x.example>", b"<\0%d@x>", b"<\xff%d@x>", b"<%d@" + b"x" * 3_000 + b">", b"<<%d@x>>",
    b"<%d@x.example", b"<t1.aaaa.%d@provider.example>", b"(c) <%d@x.example>", b"=?utf-8?q?=3C%d=40x=3E?=", b"<%d@x.example>\r\n\t",
)  # fmt: skip
EXTRA: Sequence[bytes] = (
    b"", b"Auto-Submitted: auto-replied\r\n", b"Auto-Submitted: no\r\n", b"Auto-Submitted: \xff\r\n", b"Precedence: bulk\r\n", b"List-Id: \"x\" <x.example>\r\n", b"X-Loop: x\r\n",
    b"Return-Path: <>\r\n", b"Reply-To: " + b"a@x.example, " * 5_000 + b"\r\n", b"To: " + b"<a@x.example>" * 2_000 + b"\r\n", b"Cc: support@provider.example, " * 30 + b"\r\n",
    b"References: " + b"<a@x> " * 20_000 + b"\r\n", b"In-Reply-To: <" + b"x" * 70_000 + b">\r\n", b"Content-Type: text/html\r\nContent-Type: text/plain\r\n",
    b"Disposition-Notification-To: <a@x.example>\r\n", b"X-Sportello-Loop: x\r\n" * 40, b"DKIM-Signature: v=1; a=rsa-sha256; d=\xff; b=" + b"A" * 9_000 + b"\r\n",
    b"Authentication-Results: provider.example; dmarc=pass header.from=x.example\r\n", b"ARC-Seal: i=1" + b"; x=y" * 5_000 + b"\r\n", b"Received: from x (" + b"(" * 3_000 + b"\r\n",
    b"X-Trasporto: posta-certificata\r\nX-TipoRicevuta: completa\r\n", b"X-Ricevuta: avvenuta-consegna\r\nX-Riferimento-Message-ID: <" + b"\xff" * 100 + b">\r\n",
    b"Content-Language: " + b"it-" * 2_000 + b"\r\n", b"Resent-From: b@y.example\r\nResent-To: \xff\r\n", b"Sender: c@z.example\r\n", b"From: second@y.example\r\n", b"Subject : spaced\r\n",
    b": nameless\r\n", b"No colon here\r\n", b" begins with a blank\r\n", b"X-" + b"n" * 9_000 + b": x\r\n", b"X-A: x\r\n" * 3_000, b"Content-Transfer-Encoding: base64\r\n",
    b"X-Failed-Recipients: " + b"a@x.example, " * 3_000 + b"\r\n", b"Thread-Index: " + b"A" * 9_000 + b"\r\n", b"Importance: high\r\nX-Priority: 99999999999999999999\r\n", b"Feedback-ID: \0\r\n",
)  # fmt: skip
CHARSETS: Sequence[bytes] = (
    b"utf-8", b"us-ascii", b"iso-8859-1", b"windows-1252", b"utf-7", b"utf-16", b"utf-16le", b"utf-32", b"iso-2022-jp", b"iso-2022-kr", b"hz-gb-2312", b"gb18030", b"big5hkscs", b"cp037", b"undefined",
    b"idna", b"punycode", b"rot13", b"zip", b"base64", b"unicode_escape", b"x" * 2_000, b"", b"\xff", b"\0", b"utf-8'it'", b"(comment)utf-8", b"'utf-8'", b"cp65001", b"cp0", b"mbcs", b"oem", b"utf_8_sig",
    b"viscii", b"x-mac-roman", b"ansi_x3.110-1983", b"iso-ir-6", b"utf-8;x=y", b"charmap", b"palmos", b"ptcp154", b"utf-16-surrogatepass", b"quopri", b"uu", b"raw_unicode_escape",
)  # fmt: skip
WORDS: Sequence[bytes] = (
    b"Buongiorno, il sito non si apre.\r\n", "Perch\u00e9 cos\u00ec? \u20ac \U0001f600\r\n".encode(), b"", b"\0" * 300, b"\xff\xfe\xfd" * 200, b"+2AA-+3wA- \xed\xa0\x80 +ADw-script+AD4-\r\n", b"\x1b$B\x1b(J" * 500,
    b"~{" * 3_000, b"> " * 8_000 + b"x\r\n", b"On x wrote:\r\n" * 800, b"-- \r\n" * 800, b"Da: a\r\nInviato: b\r\nA: c\r\nOggetto: d\r\n" * 200, b"-----BEGIN PGP SIGNED MESSAGE-----\r\n" * 100,
    b"-----BEGIN PGP MESSAGE-----\r\n\r\nhQ\r\n", b"begin 644 x.txt\r\n#86)C\r\n`\r\nend\r\n", b"begin 644 ../../etc/passwd\r\n" + b"M" * 50_000, b"begin 999 \xff\r\n" * 300, b"=ybegin line=128 size=9 name=x\r\n",
    b"http://" + b"a" * 20_000 + b"\r\n", b"http://[" * 2_000, b"a@" * 20_000, b"(" * 20_000, b"\r" * 5_000, b"\n" * 5_000, b"\x0b\x0c\x85\xe2\x80\xa8" * 900, b"\t" * 20_000 + b"x", b"\xe2\x80\xae\xe2\x81\xa6" * 500,
    b"x" * 300_000, "\u0301".encode() * 20_000, b"<html>" * 300, b"BEGIN:VCALENDAR\r\n" * 300, b"From a@x Mon Jan 1\r\n" * 300, b".\r\n..\r\n...\r\n", b"Password: hunter2secret\r\n", b"IBAN IT60X0542811101000000123456\r\n",
    b"Reporting-MTA: dns; x\r\n\r\nFinal-Recipient: rfc822; a@x\r\nAction: failed\r\nStatus: 9.9.9\r\n", b"<a@x.example>: 550 5.1.1 unknown\r\n" * 400,
)  # fmt: skip
MARKUP: Sequence[bytes] = (
    b"<p>Buongiorno</p>", b"<div>" * 400 + b"ciao &#" + b"9" * 5_000 + b"; fine", b"<p>&#x" + b"f" * 9_000 + b";</p>", b"<table><tr><td>" * 200, b"<p>" + b"&amp;" * 30_000, b"<svg><style><!--</style><img src=x onerror=alert(1)>",
    b"<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>", b"<![CDATA[" * 2_000, b"<!DOCTYPE x [<!ENTITY a 'b'>" * 300 + b"]>&a;", b"<?xml version='1.0' encoding='utf-7'?>+ADw-script+AD4-", b"<meta charset=utf-16><p>x",
    b"<img src=cid:x>" * 3_000, b"<img src='data:image/png;base64," + b"A" * 90_000 + b"'>", b"<img src=\"data:text/html,<script>\">", b"<a href='java&Tab;script:alert(1)'>x</a>", b"<a " + b"x=y " * 5_000 + b">x</a>", b"<blockquote>" * 240 + b"x",
    b"<div class=gmail_quote>" * 200 + b"x", b"<font color=white size=0>" * 200, b"<o:p>&nbsp;</o:p>" * 3_000, b"<!--[if mso]>" * 800 + b"x<![endif]-->", b"<p style='" + b"a:b;" * 9_000 + b"'>x", b"\xff<p>\0</p>", b"<p>x</p>" * 20_000,
    b"<base href=//evil.example/><a href=x>x</a>", b"<form action=//evil.example><input name=p type=password>", b"<div id=appendonsend></div><hr>" * 200, b"<html amp4email><head><script async src=https://cdn.ampproject.org/v0.js></script>",
    b"<p>&" + b"a" * 50_000 + b";</p>", b"<pre>" + b"x\n" * 20_000, b"<" * 60_000, b"<a" + b"/" * 60_000, b"</" * 30_000, b"<div title='" + b"&quot;" * 9_000 + b"'>", b"<p dir=rtl>\xe2\x80\xae</p>",
)  # fmt: skip
FILE_NAMES: Sequence[bytes] = (
    b'filename="a.txt"', b'filename="../../etc/passwd"', b"filename*=utf-8''%2e%2e%2f%00%0d%0aX", b"filename*0=a; filename*2=c", b"filename*1*=utf-8''x; filename*0*=utf-8''y", b'filename="' + b"x" * 5_000 + b'.pdf"', b"filename=\xff\xfe", b"",
    b'filename="=?utf-8?b?4oCuZ3BqLmV4ZQ==?="', b"filename*=utf-16''%d8%00", b'filename="CON"', b'filename="a\0.txt"', b'filename=";"; filename="b"', b"filename*=''%", b"filename*0*=x''%ff; filename*1=\"", b'filename="a.html\xe2\x80\xae"', b"name",
    b"filename*99999999999999999999=x", b"filename*=idna''x", b"filename*=zip''x", b"filename*=utf-8''" + b"%41" * 4_000,
)  # fmt: skip
KINDS: Sequence[bytes] = (
    b"application/octet-stream", b"text/plain", b"image/png", b"image/svg+xml", b"text/html", b"application/pdf", b"application/ms-tnef", b"text/calendar; method=REQUEST", b"text/x-vcard", b"message/rfc822", b"application/zip", b"x", b"/", b"\xff/\xff",
    b"message/delivery-status", b"message/disposition-notification", b"message/feedback-report", b"text/rfc822-headers", b"application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m", b"application/pgp-encrypted", b"text/amp4email",
    b"message/partial; number=1; total=99999999999999999999; id=x", b"message/external-body; access-type=URL; URL=\"http://evil.example/\"", b"message/global", b"application/xml", b"image/tiff", b"image/x-emf", b"audio/x-wav", b"multipart/x", b"text/" + b"x" * 3_000,
)  # fmt: skip


def _noise(chance: Chance) -> bytes:
    return chance.randbytes(chance.randrange(1, 3_000))


def _tnef(chance: Chance) -> bytes:
    count = chance.randrange(1, 40)
    body = b"".join(
        struct.pack("<BIII", chance.choice((1, 2, 9)), chance.choice((0x00069003, 0x0006900C, 0x0002800F, 0x00018010)), chance.choice((0, 4, 0xFFFFFFFF, 60)), chance.randrange(1 << 32)) + chance.randbytes(60)
        for _ in range(count)
    )  # fmt: skip
    return struct.pack("<IH", 0x223E9F78, 1) + body


def _calendar(chance: Chance) -> bytes:
    start = chance.choice((b"20261129T100000Z", b"00000000", b"99991231T235959Z", b"1" * 4_000, b"\xff"))
    rule = chance.choice(
        (b"FREQ=SECONDLY;COUNT=99999999", b"FREQ=YEARLY;BYDAY=99MO", b"x", b"FREQ=DAILY;UNTIL=00000000")
    )
    zone = chance.choice((b"", b";TZID=../../etc/passwd", b";TZID=\xff", b";TZID=Europe/Rome", b";VALUE=DATE"))
    event = b"BEGIN:VEVENT\r\nUID:%s\r\nDTSTART%s:%s\r\nRRULE:%s\r\nSUMMARY:a\\nb\r\nORGANIZER;CN=\"x\":mailto:\r\nEND:VEVENT\r\n" % (b"u" * chance.choice((1, 9_000)), zone, start, rule)  # fmt: skip
    return b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\n" + event * chance.choice((1, 1, 300)) + b"END:VCALENDAR\r\n"


def _picture(chance: Chance) -> bytes:
    head = b"\x89PNG\r\n\x1a\n" + struct.pack(
        ">IIIBBBBB", 13, 0x49484452, chance.choice((1, 0, 60_000, 0x7FFFFFFF)), 8, 6, 0, 0, 0
    )
    return head + chance.randbytes(chance.randrange(0, 900))


CONTENTS: Sequence[Bytes] = (
    _noise, _tnef, _calendar, _picture,
    lambda _: b"", lambda _: b"%PDF-1.7\n<script>alert(1)</script>", lambda _: gzip.compress(b"\0" * 5_000_000), lambda _: b"GIF89a<script>alert(1)</script>",
    lambda _: b"\xff\xd8\xff\xe0" + b"\0" * 400, lambda _: b"RIFF\xff\xff\xff\xffWEBPVP8L" + b"\xff" * 90, lambda _: b"PK\x03\x04" + b"\xff" * 300, lambda _: b"II*\0\xff\xff\xff\xff",
    lambda chance: chance.choice(WORDS), lambda chance: chance.choice(MARKUP),
)  # fmt: skip


def _encoded(content: bytes, chance: Chance) -> bytes:
    """With its transfer encoding, which lies one time in three."""
    said = chance.choice(
        (
            b"7bit",
            b"8bit",
            b"base64",
            b"quoted-printable",
            b"binary",
            b"x-uuencode",
            b"x-yenc",
            b"",
            b"BASE64 ",
            b"base64, base64",
            b"\xff",
        )
    )
    kind = said.strip().lower()
    if chance.random() < 0.67 and kind.startswith(b"base64"):
        content = base64.encodebytes(content).replace(b"\n", b"\r\n")
    elif chance.random() < 0.67 and kind == b"quoted-printable":
        content = quopri.encodestring(content[:100_000])
    elif kind == b"x-uuencode":
        lines = (binascii.b2a_uu(content[at : at + 45]) for at in range(0, min(len(content), 20_000), 45))
        content = b"begin 644 x\r\n" + b"".join(lines) + b"`\r\nend\r\n"
    return b"Content-Transfer-Encoding: %s\r\n\r\n%s\r\n" % (said, content)


def _text(chance: Chance) -> bytes:
    quote = chance.choice((b'"', b"", b'"', b"'"))
    return b"Content-Type: text/plain; charset=%s%s%s\r\n" % (quote, chance.choice(CHARSETS), quote) + _encoded(
        chance.choice(WORDS), chance
    )


def _html(chance: Chance) -> bytes:
    return b"Content-Type: text/html; charset=%s\r\n" % chance.choice(CHARSETS) + _encoded(
        chance.choice(MARKUP), chance
    )


def _file(chance: Chance) -> bytes:
    how = chance.choice((b"attachment", b"inline", b"ATTACHMENT", b"form-data", b""))
    id_ = chance.choice(
        (
            b"",
            b"Content-ID: <x>\r\n",
            b"Content-ID: " + b"<" * 900 + b"\r\n",
            b"Content-Location: file:///etc/passwd\r\n",
        )
    )
    head = b"Content-Type: %s\r\nContent-Disposition: %s; %s\r\n%s" % (
        chance.choice(KINDS),
        how,
        chance.choice(FILE_NAMES),
        id_,
    )
    return head + _encoded(chance.choice(CONTENTS)(chance), chance)


def _many(chance: Chance, depth: int) -> bytes:
    kind = chance.choice(
        (
            b"mixed",
            b"alternative",
            b"related",
            b"report; report-type=delivery-status",
            b'signed; protocol="application/pkcs7-signature"',
            b"encrypted",
            b"digest",
            b"x",
            b"parallel",
            b"appledouble",
        )
    )
    edge = chance.choice((b"b%d", b"=_%d", b"%d--", b" %d ", b"%d\xff", b"x" * 200 + b"%d", b"(%d)", b"'%d'")) % depth
    parts = [_part(chance, depth - 1) for _ in range(chance.choice((0, 1, 2, 3, 3, 6)))]
    inner = b"".join(b"--%s\r\n%s" % (edge, each) for each in parts)
    end = chance.choice((b"--%s--\r\n", b"--%s--\r\n", b"--%s\r\n", b"%.0s", b"--%s--\r\nepilogue\r\n")) % edge
    return b'Content-Type: multipart/%s; boundary="%s"\r\n\r\npreamble\r\n' % (kind, edge) + inner + end


def _enclosed(chance: Chance, depth: int) -> bytes:
    return b"Content-Type: %s\r\n\r\n" % chance.choice(
        (b"message/rfc822", b"message/global", b"message/rfc822; name=x.eml")
    ) + _mail(chance, depth - 1)


def _part(chance: Chance, depth: int) -> bytes:
    simple: Sequence[Bytes] = (_text, _html, _file)
    if depth <= 0 or chance.random() < 0.6:
        return chance.choice(simple)(chance)
    return _enclosed(chance, depth) if chance.random() < 0.3 else _many(chance, depth)


def _mail(chance: Chance, depth: int) -> bytes:
    number = chance.randrange(10**6)
    lines = [
        b"From: %s <%s>\r\n" % (chance.choice(NAMES), chance.choice(ADDRESSES) % number),
        b"To: support@provider.example\r\n",
        b"Subject: %s\r\n" % chance.choice(SUBJECTS),
        b"Date: %s\r\n" % chance.choice(DATES),
        b"Message-ID: %s\r\n" % (chance.choice(IDS).replace(b"%d", b"%d" % number)),
        *(chance.choice(EXTRA) for _ in range(chance.randrange(4))),
    ]
    chance.shuffle(lines)
    return b"".join(lines) + b"MIME-Version: 1.0\r\n" + _part(chance, depth)


def combined(count: int, *, seed: int = 3) -> Iterator[tuple[str, bytes]]:
    """So many mails by name: the name makes the same mail again."""
    for number in range(count):
        chance = random.Random(f"{seed}-{number}")  # noqa: S311 - the same mail each time
        yield f"combined {seed}-{number}", _mail(chance, chance.randrange(5))
