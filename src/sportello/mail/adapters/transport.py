"""The way out that the settings ask for."""

from __future__ import annotations

from functools import cache
from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings

from sportello.mail.adapters.patience import Health, Patient
from sportello.mail.adapters.smtp import Kept, Smtp, Transport


def configured() -> Transport:
    """The mail server of the settings; in the demonstration, nothing."""
    if settings.DEMO:
        return Kept()
    server = Smtp(
        host=settings.SMTP_HOST,
        port=settings.SMTP_PORT,
        security=settings.SMTP_SECURITY,
        user=settings.SMTP_USER,
        password=settings.SMTP_PASSWORD,
        timeout=settings.SMTP_TIMEOUT,
        hello=_hello(),
    )
    return Patient(server, _health(server.host, server.port))


@cache
def _health(_host: str, _port: int) -> Health:
    """One for each server, shared by all jobs of this process."""
    return Health()


def _hello() -> str:
    """How we introduce ourselves (RFC 5321, 4.1.3: an address stands in brackets)."""
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    try:
        literal = ip_address(host)
    except ValueError:
        return host
    return f"[IPv6:{literal}]" if literal.version == 6 else f"[{literal}]"
