"""What staff enter about planned maintenance."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sportello.desk.forms.entry import EntryForm, LinesField
from sportello.incidents.models import Maintenance
from sportello.incidents.planned.actions import Plan
from sportello.services import queries
from sportello.services.models import Server, Service

MOST_SERVICES = 200


class MomentField(forms.DateTimeField):
    """Day and hour in the provider's zone, with the browser's calendar."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
        formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
        super().__init__(widget=widget, input_formats=formats, **kwargs)


class MaintenanceForm(EntryForm):
    BESIDE: ClassVar[Mapping[str, str]] = MappingProxyType(
        {
            "nothing-hit": "servers",
            "window-ends-first": "ends_at",
            "window-past": "ends_at",
            "window-too-long": "ends_at",
        }
    )

    title_it = forms.CharField(label=gettext_lazy("Title in Italian"), max_length=160)
    title_en = forms.CharField(label=gettext_lazy("Title in English"), max_length=160)
    text_it = forms.CharField(
        label=gettext_lazy("Text in Italian"),
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("What customers will notice, and what they need to do."),
    )
    text_en = forms.CharField(
        label=gettext_lazy("Text in English"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 4})
    )
    starts_at = MomentField(label=gettext_lazy("Begins"))
    ends_at = MomentField(label=gettext_lazy("Ends"))
    servers = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Servers"),
        queryset=Server.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    services = LinesField(
        label=gettext_lazy("Single services"),
        help_text=gettext_lazy("Domains or names, one a line; all services on the servers above are hit anyway."),
    )
    is_public = forms.BooleanField(label=gettext_lazy("On the public status page"), required=False, initial=True)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["servers"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101 - tells the type checker what stands above
        field.queryset = queries.servers_in_use()
        self.fields["starts_at"].help_text = _("In the zone %(zone)s.") % {"zone": settings.TIME_ZONE}

    @classmethod
    def of(cls, maintenance: Maintenance) -> MaintenanceForm:
        plain = ("title_it", "title_en", "text_it", "text_en", "starts_at", "ends_at", "is_public", "version")
        initial = {name: getattr(maintenance, name) for name in plain}
        servers, services = list(maintenance.servers.all()), [each.name for each in maintenance.services.all()]
        return cls(initial={**initial, "servers": servers, "services": services})

    def clean_services(self) -> list[Service]:
        """Names that are those of several services, as of a site and its mail, mean all of them."""
        names = [name.lower() for name in self.cleaned_data["services"]][:MOST_SERVICES]
        found = queries.services_named(names)
        missing = [name for name in names if name not in {service.name for service in found}]
        if missing:
            raise forms.ValidationError(_("No service is called “%(name)s”.") % {"name": missing[0]})
        return found

    def entered(self) -> Plan:
        given = {name: value for name, value in self.cleaned_data.items() if name != "version"}
        return Plan(**{**given, "servers": list(given["servers"])})

    @property
    def seen_version(self) -> int:
        return self.cleaned_data["version"] or 0
