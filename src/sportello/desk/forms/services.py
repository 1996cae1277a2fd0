"""What staff enter about services and the servers they run on."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from sportello.desk.forms.entry import DayField, EntryForm
from sportello.services import queries
from sportello.services.enums import ServiceKind, ServiceStatus
from sportello.services.models import Server, Service


class NewServiceForm(EntryForm):
    name = forms.CharField(label=_("Domain or name"), max_length=253)
    kind = forms.ChoiceField(label=_("Kind"), choices=ServiceKind.choices)
    plan = forms.CharField(label=_("Plan"), max_length=80, required=False)
    server = forms.ModelChoiceField(label=_("Server"), queryset=Server.objects.none(), required=False)
    since = DayField(label=_("Since"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["server"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - tells the type checker what stands above
        field.queryset = queries.servers()
        field.empty_label = _("none, or not ours")


class ServiceForm(NewServiceForm):
    status = forms.ChoiceField(label=_("State"), choices=ServiceStatus.choices)

    @classmethod
    def of(cls, service: Service) -> ServiceForm:
        return cls(initial={name: getattr(service, name) for name in cls.base_fields})


class ServerForm(EntryForm):
    BESIDE: ClassVar[Mapping[str, str]] = MappingProxyType({"server-name-taken": "name"})

    name = forms.CharField(label=_("Name"), max_length=80)
    hostname = forms.CharField(label=_("Host name"), max_length=253, required=False)
    address = forms.GenericIPAddressField(label=_("IP address"), required=False)

    @classmethod
    def of(cls, server: Server) -> ServerForm:
        return cls(initial={name: getattr(server, name) for name in cls.base_fields})
