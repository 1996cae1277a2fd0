"""Mails put together at random from what mail programs really do, each with what its sender put in: the reader has to give just that back."""

# ruff: noqa: E501 - a table has its row on one line, a part of a mail its bytes
from __future__ import annotations

import base64
import quopri
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from urllib.parse import quote

Chance = random.Random

WORDS = {
    "ascii": "server mail site error 404 please help ftp backup disk = == =20 =3D a=b .. . -x *y* http://x.example/?a=b&c=d",
    "western": "perché città è già così año señor über groß façade naïve £10 §4",
    "polish": "zażółć gęślą jaźń łódź",
    "greek": "καλημέρα διακομιστής σφάλμα",
    "cyrillic": "сайт не работает ошибка почта",
    "turkish": "ağaç şişe İstanbul ığdır",
    "hebrew": "שלום אתר דואר",
    "arabic": "مرحبا الموقع البريد",
    "japanese": "お世話になります サーバー 日本語",
    "chinese": "你好 网站 打不开 邮件",
    "taiwanese": "您好 網站 郵件",
    "korean": "안녕하세요 사이트 오류",
    "thai": "สวัสดี เว็บไซต์",
    "anything": "perché 日本語 сайт 😀 👩‍💻 ñ שלום €",
}
CHARSETS: Sequence[tuple[str, str, str]] = (
    ("us-ascii", "ascii", "ascii"), ("utf-8", "utf-8", "anything"), ("UTF-8", "utf-8", "cyrillic"), ("utf8", "utf-8", "arabic"), ("iso-8859-1", "cp1252", "western"),
    ("windows-1252", "cp1252", "western"), ("iso-8859-15", "iso8859-15", "western"), ("iso-8859-2", "iso8859-2", "polish"), ("windows-1250", "cp1250", "polish"), ("iso-8859-7", "iso8859-7", "greek"),
    ("windows-1253", "cp1253", "greek"), ("koi8-r", "koi8-r", "cyrillic"), ("koi8-u", "koi8-u", "cyrillic"), ("windows-1251", "cp1251", "cyrillic"), ("iso-8859-5", "iso8859-5", "cyrillic"),
    ("iso-8859-9", "cp1254", "turkish"), ("windows-1254", "cp1254", "turkish"), ("iso-8859-8-i", "iso8859-8", "hebrew"), ("windows-1255", "cp1255", "hebrew"), ("windows-1256", "cp1256", "arabic"),
    ("iso-2022-jp", "iso2022_jp", "japanese"), ("shift_jis", "cp932", "japanese"), ("euc-jp", "euc_jp", "japanese"), ("gb2312", "gb2312", "chinese"), ("gbk", "gbk", "chinese"), ("gb18030", "gb18030", "anything"),
    ("hz-gb-2312", "hz", "chinese"), ("big5", "big5hkscs", "taiwanese"), ("euc-kr", "euc_kr", "korean"), ("ks_c_5601-1987", "cp949", "korean"), ("iso-2022-kr", "iso2022_kr", "korean"), ("tis-620", "cp874", "thai"),
    ("windows-874", "cp874", "thai"), ("utf-7", "utf-7", "anything"), ("utf-16", "utf-16", "anything"), ("utf-16be", "utf-16-be", "anything"), ("utf-16", "utf-16-be", "western"), ("utf-16", "utf-16-le", "western"),
    ("macintosh", "mac_roman", "western"), ("cp850", "cp850", "western"), ("ibm866", "cp866", "cyrillic"),
)  # fmt: skip
IN_WORDS = tuple(each for each in CHARSETS if not each[0].startswith(("utf-16", "hz", "iso-2022-kr", "utf-7")))
"""What programs put into encoded words."""
FILE_KINDS = ("application/pdf", "image/png", "image/svg+xml", "text/plain", "text/html", "text/csv", "application/zip", "audio/ogg", "application/octet-stream", "text/x-vcard")  # fmt: skip


@dataclass
class Composed:
    """A mail and what it says."""

    raw: bytes = b""
    address: str = ""
    name: str = ""
    subject: str = ""
    texts: list[str] = field(default_factory=list)
    """What is written in it, piece by piece, each as lines."""
    files: list[tuple[str, bytes]] = field(default_factory=list)
    """By name."""
    pictures: list[str] = field(default_factory=list)
    """Content ids of what is shown between the lines."""


def words(chance: Chance, script: str, most: int) -> str:
    pool = WORDS[script].split() + (WORDS["ascii"].split() if chance.random() < 0.5 else [])
    return " ".join(chance.choice(pool) for _ in range(chance.randint(1, most)))


def lines(chance: Chance, script: str) -> list[str]:
    """One of them has a number, so that no two texts are alike."""
    written = [words(chance, script, chance.choice((3, 9, 40))) for _ in range(chance.randint(1, 6))]
    odd = [
        "",
        "From Monday on it fails",
        ".",
        "..",
        "Nome: Rossi",
        "Subject: x",
        "--",
        "x" * 1_200,
        "begin with me",
        "--b0",
        "Content-Type: text/html",
        "a\tb",
    ]
    return [f"Text {chance.randrange(10**9)}", *written, *chance.sample(odd, chance.randint(0, 3)), "Fine"]


# -- headers -----------------------------------------------------------------------------------------------------------------------------
def in_words(chance: Chance, text: str, label: str, codec: str) -> bytes:
    """As encoded words of 45 bytes at most, folded; some senders cut characters in two or put several charsets into one line."""
    pieces, piece = [], ""
    for char in text:
        if len((piece + char).encode(codec)) > 40:
            pieces.append(piece.encode(codec))
            piece = ""
        piece += char
    encoded = [*pieces, piece.encode(codec)]
    if codec == "utf-8" and chance.random() < 0.3:  # cut without regard to characters
        whole = text.encode(codec)
        encoded = [whole[at : at + 37] for at in range(0, len(whole), 37)]
    between = chance.choice((b"\r\n ", b" ", b"\r\n\t"))
    return between.join(_word(chance, each, label) for each in encoded)


def _word(chance: Chance, data: bytes, label: str) -> bytes:
    if chance.random() < 0.5:
        return b"=?%s?%s?%s?=" % (label.encode(), chance.choice((b"B", b"b")), base64.b64encode(data))
    safe = b"".join(
        bytes([byte]) if chr(byte).isalnum() and byte < 128 else b"_" if byte == 32 else b"=%02X" % byte
        for byte in data
    )
    return b"=?%s?%s?%s?=" % (label.encode(), chance.choice((b"Q", b"q")), safe)


def phrase(chance: Chance, text: str, label: str, codec: str) -> bytes:
    if text.isascii() and chance.random() < 0.7 and "=?" not in text:
        return text.encode()
    return text.encode() if chance.random() < 0.2 else in_words(chance, text, label, codec)


def person(chance: Chance, mail: Composed) -> bytes:
    label, codec, script = chance.choice(IN_WORDS)
    mail.name = " ".join(word for word in WORDS[script].split()[:3] if not set(word) & set("=.*-/:&?\u200d"))
    local = chance.choice(("anna", "Anna.Rossi", "a+b", "o'neil", "_x-", '"anna rossi"', "ànna", "a=b", "{x}", "1"))
    domain = chance.choice(
        ("x.example", "Mail.X.example", "xn--bcher-kva.example", "bücher.example", "a-b.c.d.example")
    )
    mail.address = f"{local}@{domain}"
    name = phrase(chance, mail.name, label, codec)
    quoted = b'"%s"' % name if chance.random() < 0.5 or not name.startswith(b"=?") else name
    forms = (b"%s <%s>", b"%s\r\n <%s>", b"%s (at work) <%s>", b"%s<%s>")
    if chance.random() < 0.1:
        mail.name = ""
        return chance.choice((b"%s", b"<%s>", b" <%s> ")) % mail.address.encode()
    return chance.choice(forms) % (quoted, mail.address.encode())


# -- parts -------------------------------------------------------------------------------------------------------------------------------
def sent(chance: Chance, content: bytes, *, is_text: bool, is_lined: bool = True) -> bytes:
    """The transfer encoding's header, a blank line, the encoded content. Only text in lines may go as it is."""
    choices: list[tuple[bytes, Callable[[bytes], bytes]]] = [
        (b"base64", _base64),
        (b"BASE64", _base64_in_one),
        (b"base64", _base64_short),
    ]
    if is_lined:
        choices.append(
            (
                b"Quoted-Printable",
                lambda data: quopri.encodestring(data.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n"),
            )
        )
    if is_text and is_lined:
        choices += [(b"8bit", bytes), (b"7bit", bytes), (b"", bytes)]
    name, encode = chance.choice(choices)
    header = b"Content-Transfer-Encoding: %s\r\n" % name if name else b""
    return header + b"\r\n" + encode(content)


def _base64(data: bytes) -> bytes:
    return base64.encodebytes(data).replace(b"\n", b"\r\n")


def _base64_in_one(data: bytes) -> bytes:
    return base64.b64encode(data)


def _base64_short(data: bytes) -> bytes:
    encoded = base64.b64encode(data)
    return b"\r\n".join(encoded[at : at + 31] for at in range(0, len(encoded), 31)) + b"\r\n\r\n"


def text(chance: Chance, mail: Composed, *, said: list[str] | None = None) -> bytes:
    label, codec, script = chance.choice(CHARSETS)
    written = said or lines(chance, script)
    if said and not _fits(said, codec):
        label, codec = "utf-8", "utf-8"
    if said is None:
        mail.texts.append("\n".join(written))
    content = "\r\n".join(written).encode(codec) + (b"" if codec.startswith("utf-16") else b"\r\n")
    kind = b"Content-Type: text/plain; charset=%s\r\n" % _quoted(chance, label)
    if codec == "utf-8" and chance.random() < 0.3:
        kind, content = _flowed(chance, written)
    elif label == "us-ascii" and chance.random() < 0.5:
        kind = chance.choice((b"", b"Content-Type: text/plain\r\n"))
    return kind + sent(chance, content, is_text=True, is_lined="utf-16" not in codec and not codec.startswith("utf-7"))


def _fits(said: list[str], codec: str) -> bool:
    try:
        return "\n".join(said).encode(codec).decode(codec) == "\n".join(said)
    except UnicodeError:
        return False


def _quoted(chance: Chance, label: str) -> bytes:
    return chance.choice((b"%s", b'"%s"', b" %s", b'"%s" (comment)')) % label.encode()


def _flowed(chance: Chance, written: list[str]) -> tuple[bytes, bytes]:
    """RFC 3676: long lines end in a space and go on below; what begins with a blank, a `>` or From is stuffed."""
    deletes = chance.random() < 0.5
    out: list[str] = []
    for line in written:
        pieces, rest = [], line.rstrip(" ")
        while len(rest) > 60 and (cut := rest.rfind(" ", 0, 60)) > 0:
            pieces.append(rest[: cut + 1] + (" " if deletes else ""))
            rest = rest[cut + 1 :]
        pieces.append(rest)
        out += [f" {piece}" if piece.startswith((" ", ">", "From")) else piece for piece in pieces]
    kind = b'Content-Type: text/plain; charset="utf-8"; format=flowed%s\r\n' % (b"; delsp=yes" if deletes else b"")
    return kind, "\r\n".join(out).encode() + b"\r\n"


def html(chance: Chance, mail: Composed, said: list[str], pictures: Sequence[str] = ()) -> bytes:
    label, codec, _script = chance.choice(CHARSETS)
    if not _fits(said, codec):
        label, codec = "utf-8", "utf-8"
    body = "".join(f"<p>{escape(line)}</p>\r\n" for line in said if line) + "".join(
        f'<img src="cid:{each}">' for each in pictures
    )
    in_meta = codec not in {"hz", "utf-7"} and not codec.startswith(("utf-16", "iso2022")) and chance.random() < 0.2
    head = f'<meta http-equiv="Content-Type" content="text/html; charset={label}">' if in_meta else ""
    source = (
        f"<!DOCTYPE html><html><head>{head}<style>p {{ color: red }}</style></head><body>\r\n{body}</body></html>\r\n"
    )
    kind = (
        b"Content-Type: text/html\r\n"
        if in_meta
        else b"Content-Type: text/html; charset=%s\r\n" % _quoted(chance, label)
    )
    return kind + sent(
        chance, source.encode(codec), is_text=True, is_lined="utf-16" not in codec and not codec.startswith("utf-7")
    )


def file(chance: Chance, mail: Composed) -> bytes:
    content = chance.choice(
        (
            chance.randbytes(chance.randrange(3_000)),
            b"\r\n.\r\n--b0--\r\n" + chance.randbytes(9),
            b"=3D\r\n" * 9,
            b"aGVsbG8=\r\n",
            b"",
            b"\0" * 99,
        )
    )
    script = chance.choice(tuple(WORDS))
    stem = (
        " ".join("".join(char for char in words(chance, script, 4) if char not in '/\\.?*="\u200d:&<>|').split()) or "x"
    )
    name = f"{stem} {chance.randrange(10**6)}.dat"
    mail.files.append((name, content))
    return b"Content-Type: %s\r\n%s" % (chance.choice(FILE_KINDS).encode(), _named(chance, name)) + sent(
        chance, content, is_text=False, is_lined=False
    )


def _named(chance: Chance, name: str) -> bytes:
    encoded = quote(name, safe="")
    thirds = _at_escapes([encoded[at : at + 30] for at in range(0, len(encoded), 30)])
    tagged = ["utf-8''" + thirds[0], *thirds[1:]]
    continued = ";".join(f"\r\n filename*{number}*={piece}" for number, piece in enumerate(tagged))
    how = chance.choice(("attachment", "Attachment"))
    forms: list[bytes] = [
        f"Content-Disposition: {how}; filename*=UTF-8''{encoded}\r\n".encode(),
        f"Content-Disposition: {how};{continued}\r\n".encode(),
        b'Content-Disposition: %s;\r\n filename="%s"\r\n' % (how.encode(), in_words(chance, name, "utf-8", "utf-8")),
        f'Content-Disposition: {how}; filename="{name}"\r\n'.encode(),
        f"Content-Disposition: {how}; filename=\"wrong.dat\"; filename*=utf-8'it'{encoded}\r\n".encode(),
    ]
    return chance.choice(forms)


def _at_escapes(pieces: list[str]) -> list[str]:
    """No percent escape cut in two."""
    out, carried = [], ""
    for each in pieces:
        piece = carried + each
        at = piece.rindex("%") if "%" in piece[-2:] else len(piece)
        carried = piece[at:]
        out.append(piece[:at])
    return [*out[:-1], out[-1] + carried]


def many(chance: Chance, kind: str, parts: Sequence[bytes]) -> bytes:
    number = chance.randrange(10**9)
    edge = chance.choice(
        (f"b{number}", f"----=_Part_{number}", f"=_{number}?=", f"b0-{number}", f"'{number}'", f"{number} x")
    ).encode()
    before = chance.choice((b"", b"This is a multi-part message in MIME format.\r\n", b"--\r\n"))
    inner = b"".join(b"--%s%s\r\n%s\r\n" % (edge, chance.choice((b"", b"", b"  ")), part) for part in parts)
    return b'Content-Type: multipart/%s; boundary="%s"\r\n\r\n%s%s--%s--\r\n%s' % (
        kind.encode(),
        edge,
        before,
        inner,
        edge,
        chance.choice((b"", b"\r\n", b"epilogue\r\n")),
    )


def both(chance: Chance, mail: Composed) -> bytes:
    """The same as text and as HTML, with pictures in it or not, the files where different programs put them."""
    _label, _codec, script = chance.choice(CHARSETS)
    said = lines(chance, script)
    mail.texts.append("\n".join(said))
    pictures = [f"p{chance.randrange(10**9)}@x" for _ in range(chance.choice((0, 0, 1, 2)))]
    mail.pictures += pictures
    shown = [html(chance, mail, said, pictures)]
    for each in pictures:
        content = chance.randbytes(400)
        mail.files.append((f"{each}.png", content))
        shown.append(
            b'Content-Type: image/png; name="%s.png"\r\nContent-ID: <%s>\r\nContent-Disposition: inline\r\n'
            % (each.encode(), each.encode())
            + sent(chance, content, is_text=False, is_lined=False)
        )
    rich = many(chance, "related", shown) if pictures else shown[0]
    if pictures and chance.random() < 0.3:  # as some write it: the pictures belong to both forms
        return many(
            chance, "related", [many(chance, "alternative", [text(chance, mail, said=said), shown[0]]), *shown[1:]]
        )
    if chance.random() < 0.3:
        rich = many(chance, "mixed", [rich, file(chance, mail)])
    return many(chance, "alternative", [text(chance, mail, said=said), rich])


def enclosed(chance: Chance, mail: Composed) -> bytes:
    inner = composed(chance, depth=0)
    mail.files.append(("inner.eml", inner.raw))
    return b'Content-Type: message/rfc822\r\nContent-Disposition: attachment; filename="inner.eml"\r\n\r\n' + inner.raw


def event(chance: Chance, mail: Composed) -> bytes:
    content = (
        b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:%d\r\nDTSTART:20261129T100000Z\r\nSUMMARY:x\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        % chance.randrange(10**9)
    )
    mail.files.append(("invite.ics", content))
    return b'Content-Type: text/calendar; method=REQUEST; name="invite.ics"\r\n' + sent(chance, content, is_text=False)


def body(chance: Chance, mail: Composed, depth: int) -> bytes:
    simple: list[Callable[[Chance, Composed], bytes]] = [text, both]
    if depth <= 0 or chance.random() < 0.3:
        return chance.choice(simple)(chance, mail)
    kind = chance.choice(("mixed", "mixed", "signed", "mixed", "report"))
    first = body(chance, mail, depth - 1)
    if kind == "signed":
        signature = chance.randbytes(300)
        mail.files.append(("smime.p7s", signature))
        seal = (
            b"Content-Type: application/pkcs7-signature; name=smime.p7s\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            + _base64(signature)
        )
        return many(chance, 'signed; micalg=sha-256; protocol="application/pkcs7-signature"', [first, seal])
    more: list[Callable[[Chance, Composed], bytes]] = [file, file, text, enclosed, event]
    return many(chance, "mixed", [first, *[chance.choice(more)(chance, mail) for _ in range(chance.randint(0, 4))]])


def composed(chance: Chance, *, depth: int) -> Composed:
    mail = Composed()
    label, codec, script = chance.choice(IN_WORDS)
    mail.subject = words(chance, script, 12)
    head = [
        b"From: %s\r\n" % person(chance, mail),
        b"To: support@provider.example\r\n",
        b"Subject: %s\r\n" % phrase(chance, mail.subject, label, codec),
        b"Message-ID: <%d@x.example>\r\n" % chance.randrange(10**12),
        b"Date: Sun, 29 Nov 2026 10:00:00 +0100\r\n",
        b"MIME-Version: 1.0\r\n",
    ]
    chance.shuffle(head)
    mail.raw = b"".join(head) + body(chance, mail, depth)
    return mail


def all_composed(count: int, *, seed: int = 5) -> Iterator[tuple[str, Composed]]:
    """So many mails by name: the name makes the same mail again."""
    for number in range(count):
        chance = random.Random(f"{seed}-{number}")  # noqa: S311 - the same mail each time
        yield f"composed {seed}-{number}", composed(chance, depth=chance.randrange(4))
