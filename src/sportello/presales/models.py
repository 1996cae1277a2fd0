"""Questions from the public form, kept until their sender has shown that the address is theirs [reach.presales]."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from sportello.core.ids import public_id


class Enquiry(models.Model):
    """A question whose address is not confirmed: nobody has been told of it. Confirmed, it is a ticket, and this row is gone."""

    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    address = models.CharField(max_length=254, db_index=True)  # in lower case
    name = models.CharField(max_length=160)
    company = models.CharField(max_length=160, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    text = models.TextField()
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    asked_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering: ClassVar = ["asked_at", "pk"]

    def __str__(self) -> str:
        return f"{self.address} {self.asked_at:%Y-%m-%d %H:%M}"


class AddressLink(models.Model):
    """A link that was sent to an address, for every question asked from it. Only the hash of its secret is kept."""

    address = models.CharField(max_length=254, db_index=True)
    secret_sha256 = models.CharField(max_length=64, unique=True)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.address} until {self.expires_at:%Y-%m-%d %H:%M}"
