"""What the provider runs: servers, and the services sold on them [cover.hosted]."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from sportello.core.ids import public_id
from sportello.customers.models import Customer
from sportello.customers.names import Trigrams
from sportello.services.enums import ServiceKind, ServiceStatus


class Server(models.Model):
    """A machine of the provider's own."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    hostname = models.CharField(_("host name"), max_length=253, blank=True)
    address = models.GenericIPAddressField(_("IP address"), null=True, blank=True)
    other_names = ArrayField(models.CharField(max_length=253), default=list, blank=True, db_default=[])
    other_addresses = ArrayField(models.GenericIPAddressField(), default=list, blank=True, db_default=[])
    external_id = models.CharField(_("id in the billing system"), max_length=64, null=True, blank=True, unique=True)
    ended_on = models.DateField(_("out of use since"), null=True, blank=True)
    public_name = models.CharField(_("name on the public status page"), max_length=80, blank=True, db_default="")
    """Several servers may share one: a group. Without one a server is not named in public."""

    class Meta:
        ordering: ClassVar = ["name"]
        indexes: ClassVar = [GinIndex(Trigrams("name"), fastupdate=False, name="server_by_part")]

    def __str__(self) -> str:
        return self.name

    @property
    def names(self) -> list[str]:
        return [*filter(None, [self.hostname]), *self.other_names]

    @property
    def addresses(self) -> list[str]:
        return [*filter(None, [self.address]), *self.other_addresses]


class NetworkRange(models.Model):
    """Addresses that are the provider's own [cover.hosted]."""

    network = models.CharField(_("network"), max_length=49, unique=True)
    label = models.CharField(_("what it is for"), max_length=80, blank=True)

    class Meta:
        ordering: ClassVar = ["network"]

    def __str__(self) -> str:
        return self.network


class Service(models.Model):
    """A hosted account, virtual server, domain or mailbox plan of one customer."""

    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="services", db_index=False)
    server = models.ForeignKey(Server, models.PROTECT, null=True, blank=True, related_name="services")
    kind = models.CharField(_("kind"), max_length=10, choices=ServiceKind.choices)
    name = models.CharField(_("domain or name"), max_length=253, db_index=True)
    plan = models.CharField(_("plan"), max_length=80, blank=True)
    status = models.CharField(max_length=10, choices=ServiceStatus.choices, default=ServiceStatus.ACTIVE)
    since = models.DateField(null=True, blank=True)
    ends_on = models.DateField(_("ends or ended on"), null=True, blank=True)
    is_managed = models.BooleanField(_("managed by us"), default=False, db_default=False)
    external_id = models.CharField(_("id in the billing system"), max_length=64, null=True, blank=True, unique=True)
    look_at = models.CharField(_("page that is looked at"), max_length=300, blank=True, default="", db_default="")
    """Its host and path, where that is not the front page of the name."""
    look_for = models.CharField(_("text that must be on it"), max_length=200, blank=True, default="", db_default="")

    class Meta:
        ordering: ClassVar = ["name"]
        indexes: ClassVar = [
            GinIndex(Trigrams("name"), fastupdate=False, name="service_by_part"),
            models.Index(fields=["customer", "name", "id"], name="service_of_customer"),
        ]

    def __str__(self) -> str:
        return self.name


class ServiceDomain(models.Model):
    """A domain that a service answers for, from when until when. Moved, it has rows at both: who had it then stays known."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="domains")
    name = models.CharField(_("domain"), max_length=253, db_index=True)
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    class Meta:
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(name=Lower("name")), name="domain_in_lower_case"),
            models.UniqueConstraint(
                fields=["service", "name"], condition=models.Q(until=None), name="domain_once_at_a_service"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class QuietWindow(models.Model):
    """A server or service is being worked on as planned: what is seen of it meanwhile is no fault, and nobody is called for it.

    Written by whoever plans it, who is known here as `source` alone.
    """

    source = models.UUIDField()
    server = models.ForeignKey(Server, models.CASCADE, null=True, related_name="quiet_windows")
    service = models.ForeignKey(Service, models.CASCADE, null=True, related_name="quiet_windows")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(server=None, service__isnull=False) | models.Q(server__isnull=False, service=None),
                name="quiet_server_or_service",
            ),
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="quiet_for_a_while"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["ends_at"], name="quiet_until"),
            models.Index(fields=["source"], name="quiet_by_source"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%Y-%m-%d %H:%M} to {self.ends_at:%Y-%m-%d %H:%M}"
