"""Certificates that are not written as they should be (S08): what is wrong with them is still told, whatever cannot be read of them."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from sportello.core import clock
from sportello.diagnostics.adapters.certificates import look_at_certificate
from sportello.diagnostics.adapters.vantage import Deadline, Vantage
from sportello.diagnostics.enums import Sign
from tests.conftest import Tried

KEY = ec.generate_private_key(ec.SECP256R1())


def expired(*extensions: x509.ExtensionType) -> bytes:
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x.example")]), clock.now()
    builder = x509.CertificateBuilder(name, name, KEY.public_key(), 7, now - timedelta(days=9), now - timedelta(days=1))
    for each in extensions:
        builder = builder.add_extension(each, critical=False)
    return builder.sign(KEY, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def odd(*, last: int) -> x509.UnrecognizedExtension:
    return x509.UnrecognizedExtension(x509.ObjectIdentifier(f"1.2.3.{last}"), b"\x05\x00")


def names(*given: str) -> x509.SubjectAlternativeName:
    return x509.SubjectAlternativeName([x509.DNSName(each) for each in given])


# Written over afterwards: a builder writes only what is right.
CERTIFICATES = {
    "an extension twice": expired(odd(last=4), odd(last=5)).replace(b"\x06\x03\x2a\x03\x05", b"\x06\x03\x2a\x03\x04"),
    "names that are no text": expired(names("yyyyyyyy.example")).replace(b"yyyyyyyy", b"yy\xff\x00\xfeyyy"),
    "names without end": expired(names(*(f"{number}{'a' * 9000}.example" for number in range(5)))),
}


@contextmanager
def site(der: bytes, folder: Path) -> Iterator[int]:
    """The port of a server that shows this certificate to whoever comes."""
    place = folder / "shown.pem"
    key = KEY.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    place.write_bytes(ssl.DER_cert_to_PEM_cert(der).encode() + key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(place)
    with socket.create_server(("127.0.0.1", 0)) as door:
        Thread(target=_show, args=(door, context), daemon=True).start()
        yield door.getsockname()[1]


def _show(door: socket.socket, context: ssl.SSLContext) -> None:
    with suppress(OSError):
        while True:
            link, _ = door.accept()
            with suppress(OSError), context.wrap_socket(link, server_side=True) as secured:
                secured.recv(1)


@pytest.mark.parametrize("what", CERTIFICATES)
def test_s08_what_cannot_be_read_of_a_certificate_hides_nothing_else(what: str, tmp_path: Path, tried: Tried) -> None:
    """A fault found: the look at the certificate broke off, and nobody was told that browsers do not take it; or tens of kilobytes were kept."""
    vantage = Vantage(networks=(ip_network("127.0.0.0/8"),))
    with site(CERTIFICATES[what], tmp_path) as port:
        seen = look_at_certificate(vantage, "x.example", "127.0.0.1", Deadline(30), port=port)
    tried("S08")
    assert seen.sign in {Sign.CERTIFICATE_EXPIRED, Sign.CERTIFICATE_SELF_SIGNED}
    assert (seen.params["days"], "valid: " in seen.head) == (-2, True)
    assert len(str(seen.params)) < 2_000
