"""Mail as broken programs send it: still read, with what was wrong said in `problems`."""

from __future__ import annotations

import pytest

from sportello.mail.parsing.parse import parse

HEAD = b"From: Anna <anna@example.it>\r\nTo: assistenza@provider.example\r\nSubject: Prova\r\n"


def _part(body: bytes, headers: bytes = b"") -> bytes:
    return HEAD + headers + b"\r\n" + body


# --- headers


@pytest.mark.parametrize(
    ("value", "name", "addr"),
    [
        (b'"Greco, Anna" <anna@example.it>', "Greco, Anna", "anna@example.it"),
        (b"=?utf-8?Q?Niccol=C3=B2?= =?utf-8?B?IENpdHTDoA==?= <n@example.it>", "Niccolò Città", "n@example.it"),
        (b'"=?iso-8859-1?Q?Niccol=F2?=" <n@example.it>', "Niccolò", "n@example.it"),
        (b"=?utf-8?Q?Anna_=3Canna=40example.it=3E?=", "Anna", "anna@example.it"),
        (b"anna@example.it (Anna Greco)", "Anna Greco", "anna@example.it"),
        (b"Anna <mailto:anna@example.it>", "Anna", "anna@example.it"),
        (b"Anna <<anna@example.it>>", "Anna", "anna@example.it"),
        (b"Anna <anna@example.it", "Anna", "anna@example.it"),
        (b"Anna anna@example.it>", "Anna", "anna@example.it"),
        (b"anna@example.it <anna@example.it>", "", "anna@example.it"),
        (b"Anna <anna @ example.it>", "Anna", "anna@example.it"),
        (b'"anna rossi"@example.it', "", '"anna rossi"@example.it'),
        (b"<@relay.example:anna@example.it>", "", "anna@example.it"),
        (b'Anna "la capa" Greco <anna@example.it>', "Anna la capa Greco", "anna@example.it"),
        (b'"Anna <anna@example.it>', "Anna", "anna@example.it"),
        (b"((((((((Anna <anna@example.it>", "((((((((Anna", "anna@example.it"),
        (b"Team: anna@example.it, bea@example.it;", "", "anna@example.it"),
        (b"Anna\r\n Bcc: x <anna@example.it>", "Anna Bcc: x", "anna@example.it"),
        (b"Greco, Anna <anna@example.it>", "Greco, Anna", "anna@example.it"),
        (b"Studio Greco: Anna <anna@example.it>", "Studio Greco: Anna", "anna@example.it"),
        (b"'Anna Greco' via Vendite <vendite@example.it>", "'Anna Greco' via Vendite", "vendite@example.it"),
        (b"'Anna Greco' <anna@example.it>", "Anna Greco", "anna@example.it"),
        (b"(Anna) <anna@example.it>", "Anna", "anna@example.it"),
        (b"Anna [mailto:anna@example.it]", "Anna", "anna@example.it"),
        (b"Anna <anna@[192.0.2.1]>", "Anna", "anna@[192.0.2.1]"),
        (b"anna@b\xc3\xbccher.example", "", "anna@bücher.example"),
        (b"not an address", "", "notanaddress"),
        (b"", "", ""),
    ],
)
def test_sender(value: bytes, name: str, addr: str) -> None:
    mail = parse(b"From: " + value + b"\r\nSubject: x\r\n\r\ny")
    assert (mail.from_name, mail.from_addr) == (name, addr)


@pytest.mark.parametrize(
    ("value", "addresses"),
    [
        (b"anna@example.it, bea@example.it", ("anna@example.it", "bea@example.it")),
        (b'"anna@example.it", "bea@example.it"', ("anna@example.it", "bea@example.it")),
        (b"Greco, Anna <anna@example.it>; Neri, Bea <bea@example.it>", ("anna@example.it", "bea@example.it")),
        (b"Greco, Anna <anna@example.it>, bea@example.it", ("anna@example.it", "bea@example.it")),
        (b"Team: anna@example.it, bea@example.it;", ("anna@example.it", "bea@example.it")),
        (b"undisclosed-recipients:;", ()),
        (b"qualcuno, nessuno", ()),
    ],
)
def test_every_recipient_is_found(value: bytes, addresses: tuple[str, ...]) -> None:
    assert parse(b"From: a@example.it\r\nTo: " + value + b"\r\n\r\ny").to == addresses


@pytest.mark.parametrize(
    ("value", "subject"),
    [
        (b"=?utf-8?B?w6g=?=\r\n =?utf-8?B?w6g=?=", "èè"),
        (b"=?utf-8?B?4oI=?= =?utf-8?B?rA==?=", "€"),
        (b"=?utf-8?Q?a?= b =?utf-8?Q?c?=", "a b c"),
        (b"=?utf-8?Q?with space?=", "with space"),
        (b"=?iso-8859-1?Q?perch=E9?=", "perché"),
        (b"=?utf-8*it?Q?s=C3=AC?=", "sì"),
        (b"=?x-unknown?Q?perch=C3=A9?=", "perché"),
        (b"=?utf-8?B?w6g?=", "è"),
        (b"=?utf-8?X?abc?=", "=?utf-8?X?abc?="),
        (b"=?utf-8?Q?never closed", "=?utf-8?Q?never closed"),
        (b"=?utf-8?Q?open =?utf-8?Q?closed?=", "=?utf-8?Q?open closed"),
        (b"=?utf-8?Q?a=0D=0ABcc:_x@example.it?=", "a Bcc: x@example.it"),
        (b"=?utf-8?Q?a=00b?=", "ab"),
        (b"fattura\xe2\x80\xaefdp.exe", "fatturafdp.exe"),
        (b"=?iso-2022-jp?B?GyRCJDMkcyRLJEEkTxsoQg==?=", "こんにちは"),
    ],
)
def test_subject(value: bytes, subject: str) -> None:
    assert parse(b"From: a@example.it\r\nSubject: " + value + b"\r\n\r\ny").subject == subject


@pytest.mark.parametrize(
    ("value", "message_id"),
    [
        (b"<a@example.it>", "a@example.it"),
        (b"a@example.it", "a@example.it"),
        (b"<a@[127.0.0.1]>", "a@[127.0.0.1]"),
        (b"<[x@y>", "[x@y"),
        (b"<a\r\n @example.it>", "a@example.it"),
        (b"<a@example.it> <b@example.it>", "a@example.it"),
    ],
)
def test_message_id(value: bytes, message_id: str) -> None:
    mail = parse(b"From: a@example.it\r\nMessage-ID: " + value + b"\r\n\r\ny")
    assert (mail.message_id, mail.message_id_made) == (message_id, False)


@pytest.mark.parametrize("value", [b"", b"<>", b"  "])
def test_empty_message_id_is_replaced_by_one_of_the_content(value: bytes) -> None:
    one = parse(b"From: a@example.it\r\nMessage-ID: " + value + b"\r\n\r\nuno")
    two = parse(b"From: a@example.it\r\nMessage-ID: " + value + b"\r\n\r\ndue")
    assert one.message_id_made
    assert one.message_id != two.message_id


@pytest.mark.parametrize(
    "value", [b"yesterday", b"", b"Thu, 45 Foo 2026", b"Fri, 1 Jan 1960 00:00:00 +0000", b"1" * 500]
)
def test_date_that_is_none(value: bytes) -> None:
    assert parse(b"From: a@example.it\r\nDate: " + value + b"\r\n\r\ny").date is None


def test_broken_fold_does_not_end_the_headers() -> None:
    mail = parse(
        b"From: a@example.it\r\nX-Long: begins here\r\nand goes on without a space\r\nSubject: Prova\r\n\r\ntesto"
    )
    assert (mail.subject, mail.text, mail.problems) == ("Prova", "testo", ("broken-header",))


def test_missing_blank_line_begins_the_body() -> None:
    mail = parse(b"From: a@example.it\r\nSubject: Prova\r\nBuongiorno, il sito non va.\r\nGrazie\r\n")
    assert (mail.subject, mail.text) == ("Prova", "Buongiorno, il sito non va.\nGrazie")
    assert mail.problems == ("no-blank-line",)


def test_mbox_line_blank_lines_and_byte_order_mark_before_the_headers() -> None:
    for before in (b"From a@example.it Thu Mar 12 10:11:00 2026\r\n", b"\r\n\r\n", b"\xef\xbb\xbf"):
        mail = parse(before + b"From: a@example.it\r\nSubject: Prova\r\n\r\ntesto")
        assert (mail.from_addr, mail.subject, mail.text) == ("a@example.it", "Prova", "testo")


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n", b"\r\r\n"])
def test_any_line_end_will_do(end: bytes) -> None:
    mail = parse(end.join([b"From: a@example.it", b"Subject: Prova", b"", b"uno", b"due"]))
    assert (mail.subject, mail.text) == ("Prova", "uno\ndue")


# --- bodies


@pytest.mark.parametrize(
    ("body", "label", "text"),
    [
        (b"perch\xe9", b"iso-8859-1", "perché"),
        (b"\x93citato\x94 \x80 10", b"iso-8859-1", "“citato” € 10"),
        (b"perch\xc3\xa9", b"iso-8859-1", "perché"),
        (b"perch\xe9", b"utf-8", "perché"),
        (b"perch\xe9", b"us-ascii", "perché"),
        (b"perch\xc3\xa9", b"x-nobody-knows", "perché"),
        (b"perch\xe9", b"", "perché"),
        (b"perch\xc3\xa9 \xe2\x82\xac 5, citt\xc3\xa0 cos\xc3", b"utf-8", "perché € 5, città cos\ufffd"),
        (b"+AOg-", b"utf-7", "è"),
        (b"\xff\xfea\x00b\x00", b"utf-8", "ab"),
        (b"\xc4\xe3\xba\xc3", b"gb2312", "你好"),
        (b"\x1b$B$3$s\x1b(B", b"", "こん"),
        (b"a\x00b\x01c", b"utf-8", "abc"),
        (b"\xed\xa0\x80x", b"utf-8", None),
        (b"x", b"punycode", "x"),
        (b"x", b"zlib", "x"),
    ],
)
def test_charset(body: bytes, label: bytes, text: str | None) -> None:
    mail = parse(_part(body, b"Content-Type: text/plain; charset=" + label + b"\r\n"))
    assert text is None or mail.text == text
    assert not any("\ud800" <= char <= "\udfff" or char == "\0" for char in mail.text)


@pytest.mark.parametrize(
    ("body", "encoding", "text"),
    [
        (b"Y2lhbw==", b"base64", "ciao"),
        (b"Y2lhbw", b"base64", "ciao"),
        (b"Y2l\r\nhbw==\r\n", b"BASE64 ", "ciao"),
        (b"Y2lhbw==Y2lhbw==", b"base64", "ciaociao"),
        (b"Questo testo non e' affatto codificato.", b"base64", "Questo testo non e' affatto codificato."),
        (b"Y2lhbyBhIHR1dHRpIQ==\r\n\r\n-- \r\nScanned by a virus scanner", b"base64", "ciao a tutti!"),
        (b"Y2lhbyBh\r\n" * 40 + b"\r\nLista degli amici", b"base64", "ciao a" * 40),
        (b"Y2lh\r\n \r\nb29v", b"base64", "ciaooo"),
        (b"perch=C3=A9 =\r\nno=3F", b"quoted-printable", "perché no?"),
        (b"100=% =ZZ", b"quoted-printable ", "100=% =ZZ"),
        (b"begin 644 x\r\n$8VEA;P``\r\n`\r\nend\r\n", b"x-uuencode", "ciao"),
        (b"ciao", b"8-bit", "ciao"),
        (b"ciao", b"x-nobody-knows", "ciao"),
        (b"ciao", b"7bit;", "ciao"),
    ],
)
def test_transfer_encoding(body: bytes, encoding: bytes, text: str) -> None:
    headers = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: " + encoding + b"\r\n"
    assert parse(_part(body, headers)).text == text


def test_file_pasted_into_a_text() -> None:
    mail = parse(_part(b"Ecco:\r\nbegin 644 a.txt\r\n$8VEA;P``\r\n`\r\nend\r\nFine\r\n"))
    assert (mail.text, [(f.name, f.content) for f in mail.attachments]) == ("Ecco:\nFine", [("a.txt", b"ciao")])


# --- structure


def _multipart(body: bytes, boundary: bytes = b"b") -> bytes:
    return _part(body, b"Content-Type: multipart/mixed; boundary=" + boundary + b"\r\n")


@pytest.mark.parametrize(
    "mail",
    [
        _multipart(b"--b\r\n\r\nciao\r\n--b--\r\n"),
        _multipart(b"--b\r\n\r\nciao\r\n"),
        _multipart(b"--b\r\n\r\nciao", b'"b" '),
        _multipart(b"--other\r\nContent-Type: text/plain\r\n\r\nciao\r\n--other--", b"b"),
        _multipart(b"ciao"),
        _part(b"--x\r\nContent-Type: text/plain\r\n\r\nciao\r\n--x--\r\n", b"Content-Type: multipart/mixed\r\n"),
        _part(b"ciao", b"Content-Type: multipart/mixed; boundary=\r\n"),
        _part(b"ciao", b"Content-Type: text\r\n"),
        _part(b"ciao", b"Content-Type: ;;;=\r\n"),
        _multipart(b"--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nciao\r\n--b--\r\n--b--\r\n"),
    ],
)
def test_the_text_is_found(mail: bytes) -> None:
    assert parse(mail).text == "ciao"


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        (b'filename="a.pdf"', "a.pdf"),
        (b"filename=a b.pdf", "a b.pdf"),
        (b"filename='a.pdf'", "a.pdf"),
        (b'filename="=?utf-8?Q?perch=C3=A9.pdf?="', "perché.pdf"),
        (b"filename*=UTF-8''perch%C3%A9.pdf", "perché.pdf"),
        (b'filename*0="per"; filename*1="che.pdf"', "perche.pdf"),
        (b"filename*1*=%C3%A9.pdf; filename*0*=utf-8'it'perch", "perché.pdf"),
        (b'filename="perch\xc3\xa9.pdf"', "perché.pdf"),
        (b'filename="C:\\Users\\Anna\\a.pdf"', "a.pdf"),
        (b'filename="../../etc/passwd"', "passwd"),
        (b'filename="a;b.pdf"', "a;b.pdf"),
        (b'filename="a\r\n b.pdf"', "a b.pdf"),
        (b'filename=".."', "attachment-1.pdf"),
        (b'filename="perch%C3%A9%20no.pdf"', "perché no.pdf"),
        (b'filename="..%2F..%2Fa.pdf"', "a.pdf"),
        (b'filename="sconto 20%25.pdf"', "sconto 20%25.pdf"),
        (b'filename="sconto%E8.pdf"', "sconto%E8.pdf"),
        (b'filename="20%.pdf"', "20%.pdf"),
        (b"filename*=utf-8%27%27perch%C3%A9.pdf", "perché.pdf"),
        (b'filename="copia "firmata" 2.pdf"', 'copia "firmata" 2.pdf'),
        (b"", "attachment-1.pdf"),
    ],
)
@pytest.mark.parametrize("before", [b"attachment; ", b"attachment ", b""])
def test_file_name(disposition: bytes, name: str, before: bytes) -> None:
    """Some forget the semicolon, or the word before it."""
    headers = b"Content-Type: application/pdf\r\nContent-Disposition: " + before + disposition + b"\r\n\r\n"
    mail = parse(_multipart(b"--b\r\n" + headers + b"x\r\n--b--\r\n"))
    assert [file.name for file in mail.attachments] == [name]


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (b"text/html charset=utf-8", b"<p>perch\xc3\xa9</p>"),
        (
            b"multipart/mixed boundary=b",
            b"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nperch\xc3\xa9\r\n--b--\r\n",
        ),
        (b'charset="utf-8"', b"perch\xc3\xa9"),
    ],
)
def test_a_forgotten_semicolon_hides_no_letter(content_type: bytes, body: bytes) -> None:
    assert parse(_part(body, b"Content-Type: " + content_type + b"\r\n")).text == "perché"


def test_enclosed_mail_is_a_file_named_by_its_subject() -> None:
    mail = parse(_multipart(b"--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: Re: a/b\r\n\r\nciao\r\n--b--\r\n"))
    assert [(f.name, f.content) for f in mail.attachments] == [("Re a b.eml", b"Subject: Re: a/b\r\n\r\nciao")]


def test_text_before_and_after_a_picture_is_one_text() -> None:
    body = b"--b\r\n\r\nuno\r\n--b\r\nContent-Type: image/png\r\n\r\nx\r\n--b\r\n\r\ndue\r\n--b--"
    assert parse(_multipart(body)).text == "uno\n\ndue"


@pytest.mark.parametrize(
    ("content_type", "flag"),
    [
        (b"application/pkcs7-mime; smime-type=enveloped-data", "is_encrypted"),
        (b"application/x-pkcs7-mime; smime-type=signed-data", "is_smime_signed"),
        (b"multipart/encrypted; boundary=b", "is_encrypted"),
    ],
)
def test_locked_or_signed_mail_is_told(content_type: bytes, flag: str) -> None:
    mail = parse(_part(b"--b\r\n\r\nx\r\n--b--", b"Content-Type: " + content_type + b"\r\n"))
    assert [name for name in ("is_encrypted", "is_smime_signed", "is_pgp_signed") if getattr(mail, name)] == [flag]


# --- HTML


@pytest.mark.parametrize("beside", [b"", b"Prima parte.\r\n"])
def test_a_number_of_thousands_of_digits_in_html_too_deep_for_a_tree_hides_no_word(beside: bytes) -> None:
    """The mail was empty; beside a part in plain text all of it was unreadable, its sender too."""
    deep = b"<div>" * 400 + b"Il sito &#" + b"9" * 5_000 + b"; non va"
    parts = [b"Content-Type: text/plain\r\n\r\n" + beside] * bool(beside) + [b"Content-Type: text/html\r\n\r\n" + deep]
    body = b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + b"--b--\r\n"
    mail = parse(_part(body, b"Content-Type: multipart/mixed; boundary=b\r\n"))
    assert (mail.from_addr, "Il sito \ufffd non va" in mail.text) == ("anna@example.it", True)
    assert not [problem for problem in mail.problems if problem.startswith("unreadable")]


def test_blanks_that_a_server_added_behind_a_soft_break_end_no_line() -> None:
    """RFC 2045, 6.7, rule 3."""
    head = "From: a@x.example\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
    assert parse(f"{head}la frase =   \ncontinua=20\nqui\n".encode()).text == "la frase continua\nqui"


def test_html_without_a_charset_is_read_as_its_xml_declaration_says() -> None:
    source = '<?xml version="1.0" encoding="iso-8859-2"?><html><p>Zażółć gęślą jaźń</p></html>'
    head = b"From: a@x.example\nContent-Type: text/html\n\n"
    assert parse(head + source.encode("iso-8859-2")).text == "Zażółć gęślą jaźń"


@pytest.mark.parametrize(
    ("place", "name"),
    [
        ("https://x.example/img/logo.gif?v=2", "logo.gif"),
        ("file:///C:/pagina_files/image001.gif", "image001.gif"),
        ("https://x.example/", "image-1.gif"),
    ],
)
def test_a_picture_of_a_saved_page_is_called_by_its_place(place: str, name: str) -> None:
    """RFC 2557."""
    head = (
        "From: a@x.example\nContent-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>x</p>\n"
    )
    mail = parse(f"{head}--b\nContent-Type: image/gif\nContent-Location: {place}\n\nGIF89a\n--b--\n".encode())
    assert [file.name for file in mail.attachments] == [name]


@pytest.mark.parametrize("added", [b"", b"Received: from a.example by mx.provider.example\r\n"])
def test_a_mail_whose_lines_end_in_cr_is_read_below_the_lines_that_servers_added(added: bytes) -> None:
    """A fault found: the line break that ends every mail at the door was enough to read its whole head as one line, and nothing of its text."""
    mail = parse(added + HEAD.replace(b"\r\n", b"\r") + b"\rLine one\rLine two\r\n")
    assert (mail.subject, mail.text, mail.problems) == ("Prova", "Line one\nLine two", ("cr-only",))


def test_a_cr_inside_a_text_does_not_end_the_head() -> None:
    mail = parse(HEAD + b"X-Odd: a\r\n\r\nLine one\r\rFrom: b@example.it\r\n")
    assert (mail.from_addr, mail.problems) == ("anna@example.it", ())


@pytest.mark.parametrize("label", ["cp-850", "ibm-850", "x-cp850", "CP_850"])
def test_a_code_page_is_known_in_whatever_writing(label: str) -> None:
    headers = f"Content-Type: text/plain; charset={label}\r\n".encode()
    assert parse(_part("Perché è giù".encode("cp850"), headers)).text == "Perché è giù"


def test_a_mail_that_calls_its_only_text_a_file_without_a_name_says_it() -> None:
    """A fault found: nothing of it was shown."""
    assert parse(_part(b"Some words\r\n", b"Content-Disposition: attachment\r\n")).text == "Some words"
    named = parse(_part(b"Some words\r\n", b"Content-Disposition: attachment; filename=a.txt\r\n"))
    assert (named.text, [file.name for file in named.attachments]) == ("", ["a.txt"])
