"""S/MIME signatures that hold the letter they sign: what an agent reads is the letter, and the signature is kept as a file."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID

from sportello.mail.parsing import ParsedMail, sealed
from sportello.mail.parsing.parse import parse

FILE = bytes(range(256))
LETTER = (
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nIl sito \xc3\xa8 gi\xc3\xb9\r\n"
    b"--b\r\nContent-Type: application/octet-stream; name=a.bin\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    + base64.encodebytes(FILE).replace(b"\n", b"\r\n")
    + b"--b--\r\n"
)


@pytest.fixture(scope="module")
def signature() -> pkcs7.PKCS7SignatureBuilder:
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Anna")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(1)
    )
    return pkcs7.PKCS7SignatureBuilder().add_signer(builder.sign(key, hashes.SHA256()), key, hashes.SHA256())


def sealed_in(signature: pkcs7.PKCS7SignatureBuilder, content: bytes, *options: pkcs7.PKCS7Options) -> bytes:
    return signature.set_data(content).sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary, *options])


def of_no_length(size: int = 100) -> bytes:
    """As programs write it that do not know the length beforehand: BER, with the content in pieces of an indefinite string."""
    pieces = [LETTER[at : at + size] for at in range(0, len(LETTER), size)] if size else [b""] * 300_000
    octets = b"".join(bytes([0x04, len(piece)]) + piece for piece in pieces)
    data, signed = bytes.fromhex("06092a864886f70d010701"), bytes.fromhex("06092a864886f70d010702")
    inner = b"\x30\x80" + data + b"\xa0\x80\x24\x80" + octets + b"\0\0" * 3
    return b"\x30\x80" + signed + b"\xa0\x80\x30\x80\x02\x01\x01\x31\0" + inner + b"\x31\0" + b"\0\0" * 3


def mail(content: bytes, kind: str = "application/pkcs7-mime; smime-type=signed-data; name=smime.p7m") -> ParsedMail:
    head = f"From: anna@x.example\r\nSubject: s\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    return parse(head.encode() + base64.encodebytes(content))


@pytest.mark.parametrize(
    "kind",
    [
        "application/pkcs7-mime; smime-type=signed-data; name=smime.p7m",
        "application/x-pkcs7-mime; name=smime.p7m",
        "application/pkcs7-mime",
        "application/octet-stream; name=smime.p7m",
    ],
)
def test_the_letter_inside_a_signature_is_read(signature: pkcs7.PKCS7SignatureBuilder, kind: str) -> None:
    content = sealed_in(signature, LETTER)
    found = mail(content, kind)
    assert found.text == "Il sito è giù"
    assert [(file.name, file.content) for file in found.attachments] == [("a.bin", FILE), ("smime.p7m", content)]
    assert (found.is_smime_signed, found.is_encrypted) == (True, False)


def test_so_is_one_in_pieces_of_no_stated_length() -> None:
    assert sealed.content(of_no_length()) == LETTER
    assert mail(of_no_length()).text == "Il sito è giù"


def test_a_signed_document_is_a_file_and_no_letter(signature: pkcs7.PKCS7SignatureBuilder) -> None:
    content = sealed_in(signature, b"%PDF-1.7\nSubject: no header\n" + FILE)
    found = mail(content, 'application/pkcs7-mime; name="contratto.pdf.p7m"')
    assert (found.text, [(file.name, file.content) for file in found.attachments]) == (
        "",
        [("contratto.pdf.p7m", content)],
    )


@pytest.mark.parametrize("kind", ["application/pkcs7-mime", "application/x-pkcs7-mime; smime-type=signed-data"])
def test_a_signed_document_locks_and_signs_no_letter(signature: pkcs7.PKCS7SignatureBuilder, kind: str) -> None:
    """An electronic invoice made the whole mail look encrypted."""
    document = base64.encodebytes(sealed_in(signature, b"<Fattura/>")).decode()
    head = "From: anna@x.example\nSubject: s\nContent-Type: multipart/mixed; boundary=c\n\n--c\n\nVedi.\n--c\n"
    part = f"Content-Type: {kind}; name=fattura.xml.p7m\nContent-Transfer-Encoding: base64\n\n{document}\n--c--\n"
    found = parse((head + part).encode())
    assert (found.text, [file.name for file in found.attachments]) == ("Vedi.", ["fattura.xml.p7m"])
    assert (found.is_smime_signed, found.is_encrypted) == (False, False)


@pytest.mark.parametrize("kind", ["application/pkcs7-mime; name=smime.p7m", "application/octet-stream; name=smime.p7m"])
def test_what_cannot_be_opened_is_told_as_locked(kind: str) -> None:
    found = mail(b"\x30\x03\x02\x01\x00", kind)
    assert (found.is_smime_signed, found.is_encrypted) == (False, True)


def test_a_signature_apart_from_its_letter_holds_none(signature: pkcs7.PKCS7SignatureBuilder) -> None:
    assert sealed.content(sealed_in(signature, LETTER, pkcs7.PKCS7Options.DetachedSignature)) is None


def test_s35_a_signature_in_countless_pieces_is_left_alone() -> None:
    assert sealed.content(of_no_length(1)) == LETTER
    assert sealed.content(of_no_length(0)) is None


def test_no_broken_signature_breaks_the_reader(signature: pkcs7.PKCS7SignatureBuilder) -> None:
    whole = sealed_in(signature, LETTER)
    for broken in [
        *(whole[:end] for end in range(0, len(whole), 7)),
        *(whole[:at] + b"\x80" + whole[at + 1 :] for at in range(60)),
        b"\x30\x80" * 50_000,
        b"\x30\x84\xff\xff\xff\xff",
        b"\x24\x80" * 50_000 + b"\0\0" * 50_000,
    ]:
        sealed.content(broken)
