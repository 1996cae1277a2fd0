"""The certificate that a name shows: whether browsers take it, and why not."""

from __future__ import annotations

import socket
import ssl
from contextlib import suppress
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from cryptography import x509

from sportello.core import clock
from sportello.diagnostics.adapters.vantage import Deadline, Stopwatch, Vantage
from sportello.diagnostics.adapters.wire import Refusal, connect
from sportello.diagnostics.enums import Probe, Role, Sign
from sportello.diagnostics.rules import HEAD_BYTES, Seen

SOON = timedelta(days=7)
LONGEST_NAME = 253  # RFC 1035, 2.3.4, without the last dot
_UNREADABLE = (ValueError, x509.InvalidVersion, x509.DuplicateExtension, x509.UnsupportedGeneralNameType)
"""What a certificate that is not written as it should be raises; what else stands in it, and whether browsers take it, is told all the same."""
_SIGNS = {
    9: Sign.CERTIFICATE_EXPIRED,  # not valid yet
    10: Sign.CERTIFICATE_EXPIRED,
    18: Sign.CERTIFICATE_SELF_SIGNED,
    62: Sign.CERTIFICATE_OTHER_NAME,
    64: Sign.CERTIFICATE_OTHER_NAME,
}
"""OpenSSL's X509_V_ERR codes; all others are about the chain."""


def look_at_certificate(
    vantage: Vantage, name: str, address: str, deadline: Deadline, *, port: int = 443, role: Role = Role.OWN
) -> Seen:
    watch = Stopwatch()
    sign, said = _verify(vantage, name, address, port, deadline)
    shown = None if sign == Sign.HANDSHAKE_FAILED else _shown(vantage, name, address, port, deadline)
    if sign == Sign.CERTIFICATE_GOOD and shown is not None and shown.not_valid_after_utc - clock.now() < SOON:
        sign = Sign.CERTIFICATE_SOON
    return Seen(
        Probe.TLS,
        f"{name}:{port}",
        sign,
        clock.now(),
        name,
        role,
        address,
        watch.milliseconds,
        "\n".join(filter(None, (said, _described(shown))))[:HEAD_BYTES],
        _params(shown),
    )


def _verify(vantage: Vantage, name: str, address: str, port: int, deadline: Deadline) -> tuple[Sign, str]:
    written = Path(vantage.authority).stat().st_mtime_ns if vantage.authority else 0
    context = _believing(vantage.authority, written, clock.now().date())
    try:
        with _handshake(vantage, context, name, address, port, deadline) as link:
            return Sign.CERTIFICATE_GOOD, f"{link.version()}"
    except ssl.SSLCertVerificationError as error:
        return _SIGNS.get(error.verify_code, Sign.CERTIFICATE_CHAIN), error.verify_message
    except (OSError, Refusal, ValueError) as error:
        return Sign.HANDSHAKE_FAILED, str(error)


@lru_cache(maxsize=2)
def _believing(authority: str, _written: int, _day: date) -> ssl.SSLContext:
    """As browsers do. Reading the hundred authorities takes longer than the rest of a look: once a day is enough."""
    context = ssl.create_default_context()
    if authority:
        context.load_verify_locations(authority)
    return context


def _shown(vantage: Vantage, name: str, address: str, port: int, deadline: Deadline) -> x509.Certificate | None:
    """The certificate itself, whether or not it is to be believed."""
    with suppress(OSError, Refusal, *_UNREADABLE):
        with _handshake(vantage, unbelieving(), name, address, port, deadline) as link:
            shown = link.getpeercert(binary_form=True)
        return x509.load_der_x509_certificate(shown) if shown else None
    return None


def unbelieving() -> ssl.SSLContext:
    """Takes any certificate: what it is worth is judged apart, and the page behind a bad one tells something too. Nothing secret is sent."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # without reading the hundred authorities that it does not ask
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    return context


def _handshake(
    vantage: Vantage, context: ssl.SSLContext, name: str, address: str, port: int, deadline: Deadline
) -> ssl.SSLSocket:
    plain = connect(vantage, address, port, deadline.left)
    return _secured(context, plain, name, deadline)


def _secured(context: ssl.SSLContext, plain: socket.socket, name: str, deadline: Deadline) -> ssl.SSLSocket:
    plain.settimeout(deadline.left)
    try:
        return context.wrap_socket(plain, server_hostname=name)
    except BaseException:
        plain.close()
        raise


def _described(shown: x509.Certificate | None) -> str:
    if shown is None:
        return ""
    parties = ""
    with suppress(*_UNREADABLE):
        parties = f"subject: {shown.subject.rfc4514_string()}\nissuer: {shown.issuer.rfc4514_string()}\n"
    return (
        f"{parties}names: {', '.join(_names(shown))}\n"
        f"valid: {shown.not_valid_before_utc:%Y-%m-%d %H:%M} - {shown.not_valid_after_utc:%Y-%m-%d %H:%M} UTC"
    )


def _params(shown: x509.Certificate | None) -> dict[str, str | int]:
    if shown is None:
        return {}
    days = (shown.not_valid_after_utc - clock.now()).days
    return {"until": shown.not_valid_after_utc.date().isoformat(), "days": days, "names": ", ".join(_names(shown)[:5])}


def _names(shown: x509.Certificate) -> list[str]:
    with suppress(x509.ExtensionNotFound, *_UNREADABLE):
        held = shown.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        return [name[:LONGEST_NAME] for name in held.get_values_for_type(x509.DNSName)[:20]]
    return []
