"""An authority of the lab's own, and certificates that are good, out of date, of another name, or signed by nobody."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

_BEGINNING = dt.timedelta(days=60)


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


@dataclass
class Authority:
    """`file` is what those trust who trust it."""

    file: Path
    today: dt.datetime

    def __post_init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name("Lab Root")
        made = self._begin(self._name, self._key, days=365).issuer_name(self._name)
        made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
        made = made.add_extension(usage, critical=True)
        made = made.add_extension(x509.SubjectKeyIdentifier.from_public_key(self._key.public_key()), critical=False)
        self.file.write_bytes(made.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM))

    def _begin(self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, days: int) -> x509.CertificateBuilder:
        built = x509.CertificateBuilder().subject_name(subject).public_key(key.public_key())
        built = built.serial_number(x509.random_serial_number())
        return built.not_valid_before(self.today - _BEGINNING).not_valid_after(self.today + dt.timedelta(days=days))

    def issue(self, file: Path, name: str, *, days: int = 60, signed: bool = True) -> None:
        """Key and certificate into one file. `days` from today, before it when negative; unsigned is signed by itself."""
        key = ec.generate_private_key(ec.SECP256R1())
        built = self._begin(_name(name), key, days).issuer_name(self._name if signed else _name(name))
        built = built.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        made = built.sign(self._key if signed else key, hashes.SHA256())
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
