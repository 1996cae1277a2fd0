"""What the provider runs: servers, and the services sold on them [cover.hosted]."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
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

    class Meta:
        ordering: ClassVar = ["name"]
        indexes: ClassVar = [GinIndex(Trigrams("name"), name="server_by_part")]

    def __str__(self) -> str:
        return self.name


class Service(models.Model):
    """A hosted account, virtual server, domain or mailbox plan of one customer."""

    public_id = models.UUIDField(default=public_id, unique=True, editable=False)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="services")
    server = models.ForeignKey(Server, models.PROTECT, null=True, blank=True, related_name="services")
    kind = models.CharField(_("kind"), max_length=10, choices=ServiceKind.choices)
    name = models.CharField(_("domain or name"), max_length=253, db_index=True)
    plan = models.CharField(_("plan"), max_length=80, blank=True)
    status = models.CharField(max_length=10, choices=ServiceStatus.choices, default=ServiceStatus.ACTIVE)
    since = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["name"]
        indexes: ClassVar = [GinIndex(Trigrams("name"), name="service_by_part")]

    def __str__(self) -> str:
        return self.name
