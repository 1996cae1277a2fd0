"""What waits for its sender's confirmation."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sportello.presales.models import AddressLink, Enquiry


def link_of(secret: str, *, now: datetime) -> AddressLink | None:
    """The link, used or not, as long as it lasts."""
    return AddressLink.objects.filter(secret_sha256=digest(secret), expires_at__gt=now).first()


def waiting_of(address: str) -> list[Enquiry]:
    """The questions asked from this address that are not confirmed, oldest first."""
    return list(Enquiry.objects.filter(address=address))


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="replace")).hexdigest()
