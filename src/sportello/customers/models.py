"""Customers, the people who write for them, and the addresses they write from."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from sportello.core.ids import public_id
from sportello.customers.names import Trigrams


class Customer(models.Model):
    """Who has a contract. Support is for customers only [cover.customers]."""

    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=160)
    code = models.CharField(_("customer code"), max_length=40, unique=True)
    since = models.DateField(_("customer since"), null=True, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["name"]
        indexes: ClassVar = [GinIndex(Trigrams("name"), name="customer_by_part")]

    def __str__(self) -> str:
        return self.name


class Contact(models.Model):
    """A person. Without a customer: somebody who wrote and is not known yet."""

    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="contacts")
    name = models.CharField(_("name"), max_length=160, blank=True)
    role = models.CharField(_("role"), max_length=80, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="it")
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["name"]
        indexes: ClassVar = [GinIndex(Trigrams("name"), name="contact_by_part")]

    def __str__(self) -> str:
        return self.name or _("unnamed contact").__str__()


class ContactAddress(models.Model):
    """A mail address of a contact. Stored in lower case; one owner each."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="addresses")
    address = models.CharField(_("mail address"), max_length=254, unique=True)
    is_primary = models.BooleanField(default=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    bounced_at = models.DateTimeField(null=True, blank=True)
    bounce_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(address=Lower("address")), name="address_in_lower_case"),
        ]
        indexes: ClassVar = [GinIndex(Trigrams("address"), name="address_by_part")]

    def __str__(self) -> str:
        return self.address


class SignInLink(models.Model):
    """A single-use link that lets a contact into the portal. Only the hash of its secret is kept."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="sign_in_links")
    address = models.ForeignKey(
        ContactAddress, models.CASCADE, null=True, related_name="+"
    )  # null: made by an earlier version
    secret_sha256 = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.contact} until {self.expires_at:%Y-%m-%d %H:%M}"
