"""Every mail that leaves is read again by an ordinary mail program: it says what we meant, whatever was put into it."""

from __future__ import annotations

import base64
import email
import email.policy
import random
import re
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime
from typing import Any

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from sportello.core.addresses import BadAddressError
from sportello.mail import composition, headers, tokens
from sportello.mail.enums import OutboundKind
from sportello.mail.models import Mailbox, OutboundMail
from sportello.mail.parsing.parse import parse

NOW = datetime(2026, 3, 4, 9, 52, tzinfo=UTC)
TICKET = "0a2b4c6d-8e0f-4a2b-8c4d-6e8f0a2b4c6d"
SUPPORT = Mailbox(
    address="support@provider.example",
    display_name="Assistenza Esempio",
    signature_it="Esempio Hosting\nTel. 000 0000000",
    signature_en="Esempio Hosting\nPhone 000 0000000",
)
FILES = {"a" * 64: b"%PDF-1.7 \x00\xff", "b" * 64: "perché\r\n".encode(), "c" * 64: b"From: x@y.example\r\n\r\nhello"}


def row(**changes: Any) -> OutboundMail:
    mailbox = changes.pop("mailbox", SUPPORT)
    letter = composition.letter(
        changes.pop("text", "Buongiorno,\n\ntutto a posto."), mailbox=mailbox, language=changes.pop("language", "it")
    )
    values: dict[str, Any] = {
        "mailbox": mailbox,
        "kind": OutboundKind.REPLY,
        "message_id": tokens.message_id(mailbox, TICKET),
        "from_header": headers.mailbox(mailbox.display_name, headers.address(mailbox.address)),
        "reply_to": tokens.reply_address(mailbox, TICKET),
        "to": "laura@customer.example",
        "to_name": "Laura Doria",
        "subject": "Re: Il negozio non si apre [#1042]",
        "text": letter.text,
        "html": letter.html,
        "created_at": NOW,
    }
    return OutboundMail(**values | changes)


def written(mail: OutboundMail) -> bytes:
    return composition.source(mail, read=FILES.__getitem__)


def read(mail: OutboundMail) -> EmailMessage:
    message = email.message_from_bytes(written(mail), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


# -- what is in it -----------------------------------------------------------------------------------------------------------------------
def test_an_answer_reads_as_it_was_meant() -> None:
    mail = row()
    message = read(mail)
    assert message["From"] == "Assistenza Esempio <support@provider.example>"
    assert message["To"] == "Laura Doria <laura@customer.example>"
    assert message["Subject"] == "Re: Il negozio non si apre [#1042]"
    assert message["Message-ID"] == mail.message_id
    assert message["Reply-To"] == mail.reply_to
    assert parsedate_to_datetime(message["Date"]) == NOW
    assert part(message, "plain") == "Buongiorno,\n\ntutto a posto.\n\n-- \nEsempio Hosting\nTel. 000 0000000\n"
    assert "tutto a posto." in part(message, "html")


def test_the_signature_is_in_the_readers_language_under_the_agents_name() -> None:
    letter = composition.letter("Hello.", mailbox=SUPPORT, language="en", signature_name="Giulia Rinaldi")
    assert letter.text == "Hello.\n\n-- \nGiulia Rinaldi\nEsempio Hosting\nPhone 000 0000000\n"


def test_without_a_signature_the_mailbox_signs_with_its_name() -> None:
    letter = composition.letter("Hello.", mailbox=Mailbox(display_name="Help"), language="en")
    assert letter.text == "Hello.\n\n-- \nHelp\n"


def test_only_robots_say_that_they_are_robots() -> None:
    answer, receipt, notice = (
        row(),
        row(kind=OutboundKind.RECEIPT, automatic=True),
        row(kind=OutboundKind.NOTICE, automatic=True),
    )
    assert [read(mail)["Auto-Submitted"] for mail in (answer, receipt, notice)] == [
        None,
        "auto-replied",
        "auto-generated",
    ]
    assert [read(mail)["X-Auto-Response-Suppress"] for mail in (answer, receipt, notice)] == [None, "All", "All"]
    assert all(read(mail)["Precedence"] is None for mail in (answer, receipt, notice))


def test_every_mail_carries_our_mark_against_loops() -> None:
    assert tokens.is_loop_mark(str(read(row())["X-Sportello-Loop"]))


def test_the_thread_is_named_so_that_every_mail_program_joins_it() -> None:
    chain = [f"<{number}.{'x' * 60}@customer.example>" for number in range(30)]
    mail = row(references=headers.references(chain), in_reply_to=chain[-1])
    raw = written(mail)
    assert b"=?" not in raw.split(b"\r\n\r\n")[0]
    assert str(email.message_from_bytes(raw)["References"]).split() == [chain[0], *chain[10:]]
    assert email.message_from_bytes(raw)["In-Reply-To"] == chain[-1]


def test_the_same_row_gives_the_same_bytes_every_time() -> None:
    mail = row(attachments=[attached("a", "a.pdf", "application/pdf")])
    assert written(mail) == written(mail)


def attached(letter: str, name: str, content_type: str) -> dict[str, Any]:
    return {"name": name, "content_type": content_type, "sha256": letter * 64, "size": 3}


@pytest.mark.parametrize(
    ("letter", "name", "declared", "sent_as"),
    [
        ("a", "preventivo 2026.pdf", "application/pdf", "application/pdf"),
        ("b", "perché però città.txt", "text/plain", "text/plain"),
        ("b", "x" * 190 + ".txt", "text/plain", "text/plain"),
        ("c", "mail.eml", "message/rfc822", "application/octet-stream"),
        ("a", 'a"b;c\\d.pdf', "application/pdf", "application/pdf"),
        ("a", "a.pdf", "application/pdf\r\nBcc: other@customer.example", "application/octet-stream"),
        ("a", "a.pdf", "multipart/mixed", "application/octet-stream"),
        ("a", "a.pdf", "", "application/octet-stream"),
    ],
)
def test_attachments_arrive_byte_by_byte_under_their_names(letter: str, name: str, declared: str, sent_as: str) -> None:
    message = read(row(attachments=[attached(letter, name, declared)]))
    (file,) = message.iter_attachments()
    assert (file.get_filename(), file.get_content_type()) == (name, sent_as)
    assert file.get_payload(decode=True) == FILES[letter * 64]
    assert (message["Bcc"], file["Bcc"]) == (None, None)
    assert part(message, "plain").startswith("Buongiorno,")


def test_no_line_is_longer_than_a_mail_server_takes() -> None:
    raw = written(
        row(text="parola " * 500 + "x" * 5000, subject="y" * 500, references=[f"<{'z' * 800}@customer.example>"])
    )
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert raw.replace(b"\r\n", b"").count(b"\n") + raw.replace(b"\r\n", b"").count(b"\r") == 0


@pytest.mark.parametrize("name", ["Müller & Söhne GmbH", "山田太郎" * 10, "Ἀννα Γρέκο", "A" * 60, "Anna Greco"])
@pytest.mark.parametrize("address", ["support@provider.example", f"{'a' * 40}@{'b' * 20}.example"])
def test_no_line_with_a_name_is_longer_than_encoded_words_may_stand_in(name: str, address: str) -> None:
    """RFC 2047, 2: 76 characters."""
    mail = row(to=address, to_name=name, from_header=headers.mailbox(name, "support@provider.example"))
    lines = re.findall(rb"(?m)^(?:From|To):.*(?:\r\n[ \t].*)*", written(mail))
    assert [line for field in lines for line in field.split(b"\r\n") if len(line.rstrip()) > 76] == []
    assert [one.addr_spec for one in read(mail)["To"].addresses] == [address]


def test_long_lines_and_strange_letters_come_through_unchanged() -> None:
    text = "€ è 漢字 👩‍🔧 " * 200 + "x\nFrom me\n.\n..dot\n=3D\ttab"
    assert part(read(row(text=text)), "plain").startswith(text)


def test_a_local_part_outside_ascii_asks_for_smtputf8_and_stands_as_it_is() -> None:
    mail = row(to=headers.address("josé@perché.example"))
    assert mail.to == "josé@xn--perch-fsa.example"
    assert composition.needs_utf8(mail)
    assert not composition.needs_utf8(row())
    assert "To: Laura Doria <josé@xn--perch-fsa.example>\r\n".encode() in written(mail)


# -- nothing can be smuggled in ----------------------------------------------------------------------------------------------------------
BREAKS = [
    "\r\n",
    "\n",
    "\r",
    "\x00",
    "\x0b",
    "\x0c",
    "\x85",
    "\u2028",
    "\u2029",
    "%0d%0a",
    "=0D=0A",
    "\r\n ",
    "\r\n\t",
    "\n\n",
    "=?utf-8?q?=0D=0A?=",
    "=?utf-8?b?DQo=?=",
]
LOADS = [
    "Bcc: victim@other.example",
    "Subject: two",
    "To: victim@other.example",
    "<victim@other.example>",
    ", victim@other.example",
    "MIME-Version: 1.0",
    '" <victim@other.example>, "',
    "\\",
    "(comment",
    ";",
    ":",
    "=?utf-8?q?Bcc?=",
    "\ud800",
    "\u202e",
    "x" * 300,
    "",
    "  ",
    "-- \r\n.\r\n",
    "Content-Type: text/html",
]


def hostile_values(seed: int) -> list[str]:
    """A thousand, the same on every run."""
    chance = random.Random(seed)  # noqa: S311 - for the same thousand every time
    return [
        "".join(chance.choice(BREAKS + LOADS + ["Laura", "è", " "]) for _ in range(chance.randint(1, 6)))
        for _ in range(1000)
    ]


EXPECTED = [
    "Date",
    "Message-ID",
    "From",
    "To",
    "Reply-To",
    "Subject",
    "X-Sportello-Loop",
    "MIME-Version",
    "Content-Type",
]


def test_s23_a_thousand_hostile_subjects_and_names_stay_inside_their_header() -> None:
    for subject, name in zip(hostile_values(1), hostile_values(2), strict=True):
        raw = written(row(subject=headers.clean(subject, 500), to_name=headers.clean(name, 200)))
        message = email.message_from_bytes(raw)
        assert message.keys() == EXPECTED, (subject, name)
        block = raw.split(b"\r\n\r\n")[0]
        assert re.search(rb"(?<!\r)\n|\r(?!\n)|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\xff]", block) is None
        assert [address for _name, address in getaddresses([message["To"]])] == ["laura@customer.example"], name


def test_s23_a_thousand_hostile_names_of_a_mailbox_leave_its_address_alone() -> None:
    for name in hostile_values(3):
        mailbox = Mailbox(address="support@provider.example", display_name=name)
        message = email.message_from_bytes(written(row(mailbox=mailbox)))
        assert message.keys() == EXPECTED
        assert [address for _name, address in getaddresses([message["From"]])] == ["support@provider.example"], name


def test_s23_a_thousand_hostile_addresses_are_refused_or_one_address() -> None:
    for value in [f"{value}@customer.example" for value in hostile_values(4)] + [
        f"laura@{value}" for value in hostile_values(5)
    ]:
        try:
            address = headers.address(value)
        except BadAddressError:
            continue
        assert re.search(r"[\x00-\x1f\x7f\u2028\u2029]", address) is None
        assert [found for _name, found in getaddresses([f"x <{address}>"])] == [address]


def test_s23_a_thousand_hostile_names_of_files_stay_inside_their_header() -> None:
    for name in hostile_values(6):
        message = email.message_from_bytes(written(row(attachments=[attached("a", name, "application/pdf")])))
        file = list(message.walk())[-1]
        assert file.get_filename() == (headers.clean(name, 200) or "file")
        assert sorted(file.keys()) == ["Content-Disposition", "Content-Transfer-Encoding", "Content-Type"], name
        assert file.get_payload(decode=True) == FILES["a" * 64]


def test_a_line_break_hidden_in_an_encoded_word_does_not_end_the_header_of_a_file() -> None:
    """The standard library's own writer makes a Bcc header of this name."""
    raw = written(
        row(attachments=[attached("a", "=?utf-8?q?a=0D=0ABcc:_victim@other.example?=.pdf", "application/pdf")])
    )
    assert b"\nBcc" not in raw
    (file,) = (part for part in email.message_from_bytes(raw).walk() if part.get_content_type() == "application/pdf")
    assert file.get_filename() == "=?utf-8?q?a=0D=0ABcc:_victim@other.example?=.pdf"


def test_a_thousand_hostile_texts_are_one_text_and_no_live_html() -> None:
    for value in hostile_values(7):
        text = f'{value}<script>alert(1)</script><img src=x onerror=alert(1)>https://a.example/"onclick=x'
        message = read(row(text=text))
        assert [kind.get_content_type() for kind in message.walk()] == [
            "multipart/alternative",
            "text/plain",
            "text/html",
        ]
        html = part(message, "html")
        assert set(re.findall(r"<([a-z]+)", html)) <= {
            "html",
            "head",
            "meta",
            "body",
            "div",
            "p",
            "br",
            "a",
            "ul",
            "li",
            "blockquote",
            "pre",
        }
        assert 'onclick=x"' not in html.replace("&quot;", '"') or "&quot;onclick=x" in html


def test_message_ids_from_foreign_mails_are_taken_only_when_they_are_ids() -> None:
    bad = ["", "<>", "<a b@c>", "<a@b>\r\nBcc: x@y.example", "a@b", "<è@b>", "<a@b", f"<{'x' * 901}>"]
    assert headers.message_ids([*bad, "<good@customer.example>"]) == ["<good@customer.example>"]


# -- typesetting -------------------------------------------------------------------------------------------------------------------------
def test_paragraphs_lists_quotes_and_commands_are_typeset() -> None:
    html = composition.typeset("Uno\ndue\n\n- tre\n- quattro\n\n> citato\n> ancora\n\n    ls -l <dir>")
    assert re.sub(r' style="[^"]*"', "", html).split("\n") == [
        "<p>Uno<br>due</p>",
        "<ul><li>tre</li><li>quattro</li></ul>",
        "<blockquote><p>citato<br>ancora</p></blockquote>",
        "<pre>    ls -l &lt;dir&gt;</pre>",
    ]


def test_addresses_of_pages_become_links_and_nothing_else_does() -> None:
    html = composition.typeset(
        "Vedere https://provider.example/a?b=1&c=2. O javascript:alert(1) o mail@provider.example"
    )
    assert re.findall(r'href="([^"]*)"', html) == ["https://provider.example/a?b=1&amp;c=2"]


def test_quotes_nested_without_end_are_typeset_in_time() -> None:
    composition.typeset("\n".join(">" * 3000 + " x" for _ in range(20)))


def test_the_time_is_told_in_the_readers_language_and_the_providers_zone() -> None:
    assert composition.when(NOW, language="it") == "mercoledì 4 marzo 2026 alle 10:52 (CET)"
    assert (
        composition.when(datetime(2026, 7, 1, 8, 5, tzinfo=UTC), language="en")
        == "Wednesday 1 July 2026 at 10:05 (CEST)"
    )


# -- DKIM --------------------------------------------------------------------------------------------------------------------------------
@pytest.fixture
def dkim_record(settings: Any) -> bytes:
    """A key is set for provider.example; what DNS would say of it."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    settings.DKIM_DOMAIN, settings.DKIM_SELECTOR = "provider.example", "desk"
    settings.DKIM_KEY = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)


def test_a_mail_is_signed_so_that_the_receiver_can_check_it(dkim_record: bytes) -> None:
    raw = written(
        row(
            subject="È tutto a posto",
            references=["<a@customer.example>"],
            attachments=[attached("a", "a.pdf", "application/pdf")],
        )
    )
    asked: list[bytes] = []

    def dns(name: bytes, timeout: int = 5) -> bytes:
        asked.append(name)
        return dkim_record

    assert dkim.verify(raw, dnsfunc=dns)
    assert asked == [b"desk._domainkey.provider.example."]
    assert not dkim.verify(raw.replace(b"tutto a posto", b"tutto a pasto"), dnsfunc=dns)


@pytest.mark.parametrize(
    ("address", "signed"),
    [
        ("support@provider.example", True),
        ("support@mail.provider.example", True),
        ("support@other.example", False),
        ("support@notprovider.example", False),
    ],
)
def test_only_mail_of_the_keys_own_domain_is_signed(dkim_record: bytes, address: str, signed: bool) -> None:
    raw = written(row(mailbox=Mailbox(address=address, display_name="Assistenza")))
    assert raw.startswith(b"DKIM-Signature:") is signed


# -- our own reader ----------------------------------------------------------------------------------------------------
def test_our_own_reader_knows_our_mail_when_it_comes_back() -> None:
    text = "È tutto a posto.\n\n- uno\n- due"
    mail = row(text=text, attachments=[attached("a", "però.pdf", "application/pdf")])
    seen = parse(written(mail))
    assert (seen.from_addr, seen.subject, seen.problems) == ("support@provider.example", mail.subject, ())
    assert [line.rstrip() for line in seen.text.strip().split("\n")] == [
        *text.split("\n"),
        "",
        "--",
        "Esempio Hosting",
        "Tel. 000 0000000",
    ]
    assert [(file.name, file.content) for file in seen.attachments] == [("però.pdf", FILES["a" * 64])]
    assert [tokens.is_loop_mark(mark) for mark in seen.loop] == [True]
    assert tokens.reference_of_message_id(f"<{seen.message_id}>") == TICKET


def test_a_customers_reply_under_our_quoted_letter_is_read_without_it() -> None:
    letter = composition.letter("Il negozio è raggiungibile.", mailbox=SUPPORT, language="it", signature_name="Giulia")
    quoted = "\n".join(f"> {line}".rstrip() for line in letter.text.splitlines())
    raw = (
        "From: laura@customer.example\nTo: support@provider.example\nSubject: Re: x\nMessage-ID: <a@customer.example>\n"
        "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
        f"Grazie, ora va.\n\nIl giorno mer 4 mar 2026 alle ore 10:52 Assistenza Esempio <support@provider.example> ha scritto:\n{quoted}\n"
    )
    assert parse(raw.encode()).reply_text == "Grazie, ora va."
