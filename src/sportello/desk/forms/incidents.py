"""What staff enter about an incident, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from sportello.desk.forms.entry import EntryForm, LinesField
from sportello.incidents.actions import Opening, Said
from sportello.incidents.enums import ComponentStatus, IncidentState
from sportello.incidents.models import Incident
from sportello.services.models import Server, Service
from sportello.services.queries import servers, services_called
from sportello.ui.times import for_field

IMPACTS = [
    (each.value, each.label) for each in (ComponentStatus.MAJOR, ComponentStatus.PARTIAL, ComponentStatus.DEGRADED)
]
BEFORE_THE_END = [(each.value, each.label) for each in IncidentState if each != IncidentState.SOLVED]
TEXT_LENGTH = 4000
NEW_ORDER = (
    "title_it",
    "title_en",
    "servers",
    "services",
    "started_at",
    "impact",
    "state",
    "text_it",
    "text_en",
    "next_update_at",
    "is_public",
)


class MinuteField(forms.DateTimeField):
    """A day and time, in the desk's time zone."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
        super().__init__(widget=widget, input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"], **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return for_field(value) if isinstance(value, datetime) else value


def _text(label: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 4}))


class _AboutForm(EntryForm):
    """What is hit, and since when."""

    BESIDE: ClassVar[Mapping[str, str]] = MappingProxyType({"nothing-hit": "servers", "in-the-future": "started_at"})

    title_it = forms.CharField(label=_("Title in Italian"), max_length=160)
    title_en = forms.CharField(label=_("Title in English"), max_length=160)
    servers = forms.ModelMultipleChoiceField(
        label=_("Servers that are hit"),
        queryset=Server.objects.none(),
        required=False,
        help_text=_("All services on them count as hit."),
    )
    services = LinesField(label=_("Single services that are hit"), help_text=_("Domains or names, one a line."))
    started_at = MinuteField(label=_("Since"))
    is_public = forms.BooleanField(label=_("Shown on the public status page"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["servers"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101 - tells the type checker what stands above
        field.queryset = servers()
        field.widget.attrs["size"] = 6

    def clean_services(self) -> list[Service]:
        names: tuple[str, ...] = self.cleaned_data["services"]
        found = services_called(names)
        known = {service.name.lower() for service in found}
        if missing := [name for name in names if name.lower() not in known]:
            raise forms.ValidationError(_("No running service is called %(name)s."), params={"name": missing[0]})
        return found


class NewIncidentForm(_AboutForm):
    impact = forms.ChoiceField(label=_("For its customers it is"), choices=IMPACTS)
    state = forms.ChoiceField(label=_("State"), choices=BEFORE_THE_END)
    text_it = _text(_("What customers are told, in Italian"))
    text_en = _text(_("What customers are told, in English"))
    next_update_at = MinuteField(
        label=_("Next update by"), required=False, help_text=_("Customers are told this time: keep it.")
    )

    field_order = NEW_ORDER

    def entered(self) -> Opening:
        values = dict(self.cleaned_data)
        values["state"], values["impact"] = IncidentState(values["state"]), ComponentStatus(values["impact"])
        values["servers"] = list(values["servers"])
        return Opening(**values)


class IncidentForm(_AboutForm):
    @classmethod
    def of(cls, incident: Incident) -> IncidentForm:
        return cls(
            initial={
                "title_it": incident.title_it,
                "title_en": incident.title_en,
                "servers": list(incident.servers.all()),
                "services": [service.name for service in incident.services.all()],
                "started_at": incident.started_at,
                "is_public": incident.is_public,
            }
        )

    def entered(self) -> dict[str, Any]:
        return {**self.cleaned_data, "servers": list(self.cleaned_data["servers"])}


class UpdateForm(EntryForm):
    """`version` is the incident as its writer saw it."""

    BESIDE: ClassVar[Mapping[str, str]] = MappingProxyType({"in-the-past": "next_update_at"})

    state = forms.ChoiceField(label=_("State"), choices=IncidentState.choices)
    impact = forms.ChoiceField(label=_("For its customers it is"), choices=IMPACTS)
    text_it = _text(_("What customers are told, in Italian"))
    text_en = _text(_("What customers are told, in English"))
    next_update_at = MinuteField(label=_("Next update by"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def entered(self) -> Said:
        values = self.cleaned_data
        return Said(
            state=IncidentState(values["state"]),
            impact=ComponentStatus(values["impact"]),
            text_it=values["text_it"],
            text_en=values["text_en"],
            next_update_at=None if values["state"] == IncidentState.SOLVED else values["next_update_at"],
        )


class IncidentNoteForm(forms.Form):
    text = forms.CharField(max_length=20_000)
