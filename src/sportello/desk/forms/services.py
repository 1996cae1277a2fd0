"""What staff enter about services and the servers they run on."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

from django import forms
from django.core.validators import validate_ipv46_address
from django.utils.translation import gettext_lazy as _

from sportello.desk.forms.entry import DayField, EntryForm, LinesField
from sportello.services import queries
from sportello.services.actions import ServerFields, ServiceFields
from sportello.services.enums import ServiceKind, ServiceStatus
from sportello.services.models import Server, Service


class NewServiceForm(EntryForm):
    BESIDE: ClassVar[Mapping[str, str]] = MappingProxyType(
        {"domain-not-valid": "domains", "external-id-taken": "external_id", "page-not-own": "look_at"}
    )

    name = forms.CharField(label=_("Domain or name"), max_length=253)
    kind = forms.ChoiceField(label=_("Kind"), choices=ServiceKind.choices)
    plan = forms.CharField(label=_("Plan"), max_length=80, required=False)
    server = forms.ModelChoiceField(label=_("Server"), queryset=Server.objects.none(), required=False)
    since = DayField(label=_("Since"), required=False)
    ends_on = DayField(label=_("Ends or ended on"), required=False)
    domains = LinesField(label=_("Domains"), help_text=_("One a line. One that is taken away stays in the history."))
    look_at = forms.CharField(
        label=_("Page that is looked at"),
        max_length=300,
        required=False,
        help_text=_("Such as /shop/. Without one it is the front page of its name."),
    )
    look_for = forms.CharField(
        label=_("Text that must be on it"),
        max_length=200,
        required=False,
        help_text=_("As visitors read it. When it is gone, the site works only in part."),
    )
    is_managed = forms.BooleanField(label=_("Managed by us"), required=False)
    external_id = forms.CharField(label=_("Id in the billing system"), max_length=64, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["server"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - tells the type checker what stands above
        field.queryset = queries.servers()
        field.empty_label = _("none, or not ours")

    def entered(self) -> ServiceFields:
        return ServiceFields(**self.cleaned_data)


class ServiceForm(NewServiceForm):
    status = forms.ChoiceField(label=_("State"), choices=ServiceStatus.choices)

    @classmethod
    def of(cls, service: Service) -> ServiceForm:
        initial = {name: getattr(service, name) for name in cls.base_fields if name != "domains"}
        running = [row.name for row in queries.domains_of(service) if row.until is None]
        return cls(initial={**initial, "domains": running})


class ServerForm(EntryForm):
    BESIDE: ClassVar[Mapping[str, str]] = MappingProxyType(
        {"server-name-taken": "name", "external-id-taken": "external_id"}
    )

    name = forms.CharField(label=_("Name"), max_length=80)
    hostname = forms.CharField(label=_("Host name"), max_length=253, required=False)
    address = forms.GenericIPAddressField(label=_("IP address"), required=False)
    other_names = LinesField(label=_("Other host names"), help_text=_("One a line."))
    other_addresses = LinesField(label=_("Other IP addresses"), help_text=_("One a line."))
    public_name = forms.CharField(
        label=_("Name on the public status page"),
        max_length=80,
        required=False,
        help_text=_(
            "Without one the server is never named there. Servers with the same one are a group. It reads the same in all languages: Web 3, System A."
        ),
    )
    ended_on = DayField(label=_("Out of use since"), required=False)
    external_id = forms.CharField(label=_("Id in the billing system"), max_length=64, required=False)

    @classmethod
    def of(cls, server: Server) -> ServerForm:
        return cls(initial={name: getattr(server, name) for name in cls.base_fields})

    def clean_other_addresses(self) -> tuple[str, ...]:
        written: tuple[str, ...] = self.cleaned_data["other_addresses"]
        for address in written:
            validate_ipv46_address(address)
        return written

    def entered(self) -> ServerFields:
        return ServerFields(**self.cleaned_data)


class NetworkForm(EntryForm):
    BESIDE: ClassVar[Mapping[str, str]] = MappingProxyType({"network-not-valid": "network", "network-known": "network"})

    network = forms.CharField(label=_("Network"), max_length=49, help_text=_("Such as 192.0.2.0/24 or 2001:db8::/32."))
    label = forms.CharField(label=_("What it is for"), max_length=80, required=False)
