"""Customers, the people who write for them, and the addresses they write from."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from sportello.core.ids import public_id
from sportello.customers.enums import CustomerKind, Notice
from sportello.customers.names import Trigrams


class Customer(models.Model):
    """Who has a contract. Support is for customers only [cover.customers]."""

    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=160)
    code = models.CharField(_("customer code"), max_length=40, unique=True)
    since = models.DateField(_("customer since"), null=True, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    ended_on = models.DateField(_("contract ended on"), null=True, blank=True)
    kind = models.CharField(
        _("kind"), max_length=10, choices=CustomerKind.choices, default=CustomerKind.COMPANY, db_default="company"
    )
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="it", db_default="it")
    time_zone = models.CharField(_("time zone"), max_length=60, default="Europe/Rome", db_default="Europe/Rome")
    external_id = models.CharField(_("id in the billing system"), max_length=64, null=True, blank=True, unique=True)
    vat_number = models.CharField(_("VAT number"), max_length=20, blank=True, default="", db_default="")
    tax_code = models.CharField(_("codice fiscale"), max_length=16, blank=True, default="", db_default="")
    sdi_code = models.CharField(_("SDI code"), max_length=7, blank=True, default="", db_default="")
    pec = models.CharField(_("certified mail (PEC)"), max_length=254, blank=True, default="", db_default="")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["name"]
        indexes: ClassVar = [GinIndex(Trigrams("name"), fastupdate=False, name="customer_by_part")]

    def __str__(self) -> str:
        return self.name


class Rights(models.Model):
    """What a person may do at a customer, beyond reading and writing their own tickets."""

    sees_all = models.BooleanField(_("sees all tickets of the customer"), default=False, db_default=False)
    may_open = models.BooleanField(_("may open tickets"), default=True, db_default=True)
    may_approve = models.BooleanField(_("may approve charges"), default=False, db_default=False)
    may_order = models.BooleanField(_("may ask for what cannot be undone"), default=False, db_default=False)

    class Meta:
        abstract = True


class Contact(Rights):
    """A person. Without a customer: somebody who wrote and is not known yet. The rights are those at their own customer."""

    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="contacts")
    name = models.CharField(_("name"), max_length=160, blank=True)
    role = models.CharField(_("role"), max_length=80, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="it")
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    other_phones = ArrayField(models.CharField(max_length=40), default=list, blank=True, db_default=[])
    muted = ArrayField(models.CharField(max_length=8, choices=Notice), default=list, blank=True, db_default=[])
    external_id = models.CharField(_("id in the billing system"), max_length=64, null=True, blank=True, unique=True)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["name"]
        indexes: ClassVar = [GinIndex(Trigrams("name"), fastupdate=False, name="contact_by_part")]

    def __str__(self) -> str:
        return self.name or _("unnamed contact").__str__()

    @property
    def phones(self) -> list[str]:
        return [*filter(None, [self.phone]), *self.other_phones]


class Membership(Rights):
    """One more customer that a person writes for, beside their own: a web agency has many. The rights are those there."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="memberships")
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="memberships")
    since = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["customer__name", "pk"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["contact", "customer"], name="once_at_a_customer")]

    def __str__(self) -> str:
        return f"{self.contact} at {self.customer}"


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
        indexes: ClassVar = [GinIndex(Trigrams("address"), fastupdate=False, name="address_by_part")]

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


class ContactPassword(models.Model):
    """The hash of a contact's password for the customers' area. Without a row they have none, and come in by a link."""

    contact = models.OneToOneField(Contact, models.CASCADE, related_name="+")
    hash = models.CharField(max_length=256)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.contact}"


class ContactSession(models.Model):
    """A session in the customers' area. What is in it stands in Django's own table, under the same key."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="+")
    session_key = models.CharField(max_length=40, unique=True)
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=200, blank=True)
    begun_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.contact} since {self.begun_at:%Y-%m-%d %H:%M}"


class ContactApp(models.Model):
    """A contact's authenticator app: the second step after a password, a link or the sign-in of another house."""

    contact = models.OneToOneField(Contact, models.CASCADE, related_name="app")
    secret = models.TextField()  # encrypted
    last_step = models.BigIntegerField(default=0)
    """The time step of the last code that opened: neither it nor an earlier one opens again (RFC 6238, 5.2)."""
    recovery_sha256 = ArrayField(models.CharField(max_length=64), default=list)
    set_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.contact}"


class ContactPasskey(models.Model):
    """What a contact signs in with by the fingerprint or PIN of a device. The public half only."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="passkeys")
    credential_id = models.CharField(max_length=1400, unique=True)  # base64url of at most 1023 bytes
    credential = models.BinaryField()
    sign_count = models.BigIntegerField(default=0)
    name = models.CharField(_("name"), max_length=80)
    added_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["pk"]

    def __str__(self) -> str:
        return self.name


class ContactIdentity(models.Model):
    """Who a contact is at the provider of identities (OpenID Connect): its name for itself, and its name for them."""

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="identities")
    address = models.ForeignKey(ContactAddress, models.CASCADE, null=True, related_name="+")
    """The verified address by which they were found: when it is taken from them, this way in goes with it."""
    issuer = models.CharField(max_length=300)
    subject = models.CharField(max_length=255)
    since = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["issuer", "subject"], name="one_contact_of_a_subject")]

    def __str__(self) -> str:
        return f"{self.contact} at {self.issuer}"


class Invitation(Rights):
    """A person is asked to come in for a customer, with these rights, by staff or by a contact. Only the hash of its secret is kept."""

    customer = models.ForeignKey(Customer, models.CASCADE, related_name="invitations")
    address = models.CharField(_("mail address"), max_length=254)
    name = models.CharField(_("name"), max_length=160)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default="it")
    by_staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    by_contact = models.ForeignKey(Contact, models.CASCADE, null=True, related_name="+")
    secret_sha256 = models.CharField(max_length=64, unique=True)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-sent_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["customer", "address"],
                condition=models.Q(accepted_at=None),
                name="one_open_invitation",
            ),
            models.CheckConstraint(condition=models.Q(address=Lower("address")), name="invited_in_lower_case"),
        ]

    def __str__(self) -> str:
        return f"{self.address} to {self.customer}"
